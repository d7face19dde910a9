"""Operations between folders and stores: import, export, convert, and bringing edits of a folder back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from os import PathLike, fspath
from pathlib import Path
from typing import Literal

import msgspec

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk
from legation.desk.faults import Fault
from legation.errors import ConflictError, CorruptStoreError, FormatError, InputError, StorageError
from legation.service.check import refuse_faults
from legation.service.commands import ConvertDesk, CreateDesk, ExportFolder, ImportFolder, Outcome, SyncFolder
from legation.service.records import store_new_desk
from legation.store.interface import Head, Store, UnitOfWork, Versioned, open_store, store_key

__all__ = ["BASE_FILE", "convert", "export_folder", "import_folder", "sync_folder"]

BASE_FILE = ".legation-base.json"
"""In a folder: the entry of the store's history that the folder was last in step with."""

_STORE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
_LONGEST_BASE = 50_000_000

Key = tuple[str, str]


class Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a folder has seen of a store: everything up to an entry, except records it knows from earlier entries."""

    seq: int
    hash: str
    behind: tuple[tuple[str, str, int], ...] = ()


def _whole(head: Head) -> Base:
    return Base(seq=head.seq, hash=head.hash)


def import_folder(
    folder: str | PathLike[str], place: str | PathLike[str], *, who: str, why: str = "import the folder"
) -> Outcome:
    """Make a store from a desk folder; later edits of the folder come in through `sync_folder`.

    Raises
    ------
    DeskError, PrincipleError
        When the folder has faults; all are given, and no store is made.
    InputError
        When there is a desk at that place already.
    """
    command = ImportFolder(folder=fspath(folder), place=fspath(place), who=who, why=why)
    desk, warnings = _read(command.folder)
    created = CreateDesk(place=command.place, desk=desk, who=command.who, why=command.why)
    outcome = store_new_desk(created, warnings=warnings)
    assert outcome.head is not None
    notices = (*outcome.notices, *_note_base(Path(command.folder), _whole(outcome.head)))
    return msgspec.structs.replace(outcome, notices=notices)


def export_folder(
    store: Store, folder: str | PathLike[str], *, who: str, why: str = "export", overwrite: bool = False
) -> Outcome:
    """Write a store's desk as a folder that can be edited and brought back with `sync_folder`.

    The store is not changed. The folder notes which entry of the history it was made at.

    Parameters
    ----------
    store
        An open store.
    folder
        A new or empty folder; with `overwrite`, a desk folder whose edits may be lost.
    who, why
        Who asks, and why.
    overwrite
        Replace the desk that is there.

    Raises
    ------
    ConflictError
        When something is there and `overwrite` is off.
    """
    command = ExportFolder(place=store.place, folder=fspath(folder), overwrite=overwrite, who=who, why=why)
    from legation.store.folder.writing import write_folder

    desk, head = _snapshot(store)
    write_folder(desk, Path(command.folder), overwrite=command.overwrite)
    return Outcome(place=command.folder, head=head, notices=_note_base(Path(command.folder), _whole(head)))


def _snapshot(store: Store) -> tuple[Desk, Head]:
    """Give the desk and the end of its history at one moment: read again when a writer came in between."""
    head = store.head()
    while True:
        desk, after = store.load(), store.head()
        if after == head:
            return desk, head
        head = after


def sync_folder(
    store: Store, folder: str | PathLike[str], *, who: str, why: str = "edit of the folder", base: int | None = None
) -> Outcome:
    """Bring what was edited in a folder into the store, all or nothing.

    Only what differs between the folder and the state it was made from is applied, so that changes which others made
    in the store meanwhile stay. A record that both changed is refused.

    Parameters
    ----------
    store
        The store that the folder came from.
    folder
        A folder that `export_folder` wrote or `import_folder` read.
    who, why
        For the history.
    base
        The entry of the history that the folder was made at; by default what the folder itself notes.

    Raises
    ------
    StaleWriteError
        When a record was changed both in the folder and in the store; it shows base, theirs and ours.
    ConflictError
        When the folder was made from another store.
    DeskError, PrincipleError
        When the folder has faults, or the desk would have.
    """
    command = SyncFolder(folder=fspath(folder), base=base, who=who, why=why)
    desk, found = _read(command.folder)
    root = Path(command.folder)
    with store.unit_of_work(who=command.who, why=command.why) as work:
        start = _base(work, root, asked=command.base, place=store.place)
        before = _as_seen(work, start)
        _apply_edits(work, desk, before=before)
        warnings = refuse_faults(work.load(), found=found)
        behind = _behind(work, desk, start)
    assert work.summary is not None
    head = work.summary.head
    notices = _note_base(root, Base(seq=head.seq, hash=head.hash, behind=behind))
    if behind:
        lacks = f"{store.place} has changes to {len(behind)} records that {root} lacks"
        notices = (*notices, f"{lacks}; export the desk into the folder to see them.")
    return Outcome.of(work.summary, place=store.place, warnings=warnings, notices=notices)


def _as_seen(work: UnitOfWork, base: Base) -> dict[Key, Versioned]:
    """Give the records as the folder last saw them."""
    state = work.state(known_at=base.seq)
    for seq in sorted({seq for _, _, seq in base.behind}):
        older = work.state(known_at=seq)
        for kind, key, seen in base.behind:
            if seen == seq:
                state.pop((kind, key), None)
                if (kind, key) in older:
                    state[kind, key] = older[kind, key]
    return state


def _behind(work: UnitOfWork, desk: Desk, base: Base) -> tuple[tuple[str, str, int], ...]:
    """Give the records that the folder does not have as the store has them now, each with the entry it knows."""
    seen = {(kind, key): seq for kind, key, seq in base.behind}
    ours = {store_key(record): record for record in _records(desk)}
    theirs = work.state()
    differing = (key for key in sorted(ours.keys() | theirs.keys()) if not _same(theirs.get(key), ours.get(key)))
    return tuple((*key, seen.get(key, base.seq)) for key in differing)


def _records(desk: Desk) -> Iterator[Record]:
    yield desk.info
    for kind in KINDS:
        yield from desk.records(kind)


def _apply_edits(work: UnitOfWork, desk: Desk, *, before: dict[Key, Versioned]) -> None:
    now = work.state()
    wanted = {store_key(record): record for record in _records(desk)}
    for key in sorted(before.keys() | wanted.keys()):
        was, ours, theirs = before.get(key), wanted.get(key), now.get(key)
        if _same(was, ours) or _same(theirs, ours):
            continue
        unchanged = _same(was, None if theirs is None else theirs.record)
        seen = theirs if unchanged else was
        version = 0 if seen is None else seen.version
        if ours is None:
            work.delete(*key, expected_version=version)
        else:
            work.put(ours, expected_version=version)


def _same(held: Versioned | None, record: Record | None) -> bool:
    """Compare to the last digit: 1.0 and 1.00 are equal numbers but different statements."""
    if held is None or record is None:
        return held is None and record is None
    return held.record == record and _amounts(held.record) == _amounts(record)


def _amounts(record: Record) -> list[str]:
    return [str(value) for value in msgspec.structs.astuple(record) if isinstance(value, Decimal)]


def _base(work: UnitOfWork, root: Path, *, asked: int | None, place: str) -> Base:
    if asked is not None:
        found = work.entry_hash(asked)
        if found is None:
            raise InputError(f"{place} has no entry {asked} in its history.", remedy="Look the number up there.")
        return Base(seq=asked, hash=found)
    noted = _noted_base(root)
    if noted is None:
        raise InputError(
            f"{root} does not say which state of {place} it was made from.",
            remedy=(
                f"Make a fresh folder (legation desk convert {place} NEW), repeat the edits there, bring that back; "
                "or from Python give base=, the number of the last entry the folder has seen."
            ),
        )
    if work.entry_hash(noted.seq) != noted.hash:
        raise ConflictError(
            f"{root} was not made from {place}: entry {noted.seq} of its history is another one.",
            remedy="Name the store that the folder came from, or make a fresh folder from this one.",
        )
    return noted


def _noted_base(root: Path) -> Base | None:
    path = root / BASE_FILE
    if path.is_symlink() or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_LONGEST_BASE), type=Base)
    except (OSError, msgspec.MsgspecError) as error:
        raise FormatError(
            f"{path} cannot be read: {error}.", remedy="Remove it and give base= the number of the last entry seen."
        ) from error


def _note_base(root: Path, base: Base) -> tuple[str, ...]:
    path = root / BASE_FILE
    try:
        # Removed first, so that a link is never followed.
        path.unlink(missing_ok=True)
        path.write_bytes(msgspec.json.encode(base) + b"\n")
    except OSError as error:
        # The oldest entry any record is known from: a later one would let the folder undo what it has not seen.
        safe = min([base.seq, *(seq for _, _, seq in base.behind)])
        return (f"{path} could not be written ({error.strerror}); give base={safe} when bringing edits back.",)
    return ()


def _read(folder: str) -> tuple[Desk, tuple[Fault, ...]]:
    from legation.store.folder.reading import read_folder

    result = read_folder(Path(folder), faults="collect")
    warnings = refuse_faults(None, found=result.faults)
    if result.desk is None:
        raise FormatError(f"{folder} holds no desk.", remedy="Give the folder that holds desk.toml.")
    return result.desk, warnings


def convert(
    source: str | PathLike[str], target: str | PathLike[str], *, who: str, why: str = "convert the desk"
) -> Outcome:
    """Copy a desk between folder, SQLite and PostgreSQL, without loss.

    From store to store the history goes along, hash by hash. A folder has no history; one begins with the import.

    Parameters
    ----------
    source, target
        A folder, a path that ends in .db, .sqlite or .sqlite3, ``sqlite:///...`` or ``postgresql://...``.
    who, why
        For the history that an import begins.

    Raises
    ------
    InputError
        When the target holds a desk already.
    CorruptStoreError
        When the source's history does not check out; nothing is copied.
    """
    command = ConvertDesk(source=fspath(source), target=fspath(target), who=who, why=why)
    kinds = (_kind_of(command.source), _kind_of(command.target))
    if kinds == ("folder", "folder"):
        from legation.store.folder.writing import write_folder

        write_folder(_read(command.source)[0], Path(command.target))
        return Outcome(place=command.target)
    if kinds[0] == "folder":
        return import_folder(command.source, command.target, who=command.who, why=command.why)
    with open_store(command.source) as store:
        if kinds[1] == "folder":
            return export_folder(store, command.target, who=command.who, why=command.why)
        return _copy(store, command.target)


def _copy(source: Store, place: str) -> Outcome:
    from legation.store.sql.store import SqlStore

    found = source.verify()
    if not found.is_intact:
        raise CorruptStoreError(
            f"{source.place} does not check out: {found.problems[0]}.", remedy="Restore its last copy, then convert."
        )
    with open_store(place, create=True) as target:
        if not isinstance(source, SqlStore) or not isinstance(target, SqlStore):
            raise StorageError("These stores cannot copy their history.", remedy="Convert through a folder.")
        head = source.copy_into(target)
        added = sum(target.counts().values())
        return Outcome(place=target.place, head=head, first=1, added=added, notices=source.notices)


def _kind_of(place: str) -> Literal["folder", "store"]:
    path = Path(place)
    if "://" in place or path.is_file():
        return "store"
    if path.is_dir():
        return "folder"
    if path.suffix in _STORE_SUFFIXES:
        return "store"
    if not path.suffix:
        return "folder"
    raise InputError(
        f"{place} names neither a folder nor a store.",
        remedy=f"End a database's name in {', '.join(_STORE_SUFFIXES)}, or give a folder's name without a suffix.",
    )
