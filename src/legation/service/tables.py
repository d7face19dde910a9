"""Operations with workbooks and foreign tables: convert to and from XLSX, bring a table into a desk folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from legation.desk.base import Record
from legation.desk.desk import Desk
from legation.desk.faults import Fault
from legation.desk.labels import label_notice
from legation.errors import ConflictError, FormatError, InputError
from legation.service.commands import ConvertDesk, Outcome, os_user
from legation.service.folders import convert
from legation.service.questions import is_folder, is_workbook, read_desk
from legation.service.records import create_desk

if TYPE_CHECKING:
    from legation.store.folder.mapping import TableMapping

__all__ = ["TableImport", "convert_desk", "import_table_into"]


@dataclass(frozen=True, kw_only=True)
class TableImport:
    """What bringing a table into a folder did.

    Attributes
    ----------
    kind
        The kind of the records.
    records
        Sound records that the table holds.
    added
        Those of them that the desk did not hold yet.
    faults
        What is wrong with the table, or would be wrong with the desk; with any error nothing is written.
    written
        The file that was added to the folder, by its name there; None where nothing was written.
    """

    kind: str
    records: tuple[Record, ...]
    added: tuple[Record, ...]
    faults: tuple[Fault, ...]
    written: str | None

    @property
    def is_sound(self) -> bool:
        """Whether no fault is an error."""
        return all(fault.severity != "error" for fault in self.faults)


def convert_desk(
    source: str | PathLike[str],
    target: str | PathLike[str],
    *,
    who: str | None = None,
    why: str = "convert the desk",
) -> Outcome:
    """Copy a desk between a folder, a workbook, SQLite and PostgreSQL, without loss; nothing is overwritten.

    From store to store the history goes along; folders and workbooks keep none.

    Parameters
    ----------
    source, target
        A folder, a path that ends in .xlsx, .db, .sqlite or .sqlite3, or ``postgresql://...``.
    who, why
        For the history that an import into a store begins; the system's user when left out.

    Raises
    ------
    DeskError, PrincipleError
        When the desk has faults; nothing is written.
    ConflictError, InputError
        When the target holds something already.
    StoreFullError, StorageError
        When the disk is full or refuses; nothing is left behind.
    """
    command = ConvertDesk(source=fspath(source), target=fspath(target), who=who or os_user(), why=why)
    if is_workbook(command.target):
        return _to_workbook(command)
    if is_workbook(command.source):
        return _from_workbook(command)
    return convert(command.source, command.target, who=command.who, why=command.why)


def _to_workbook(command: ConvertDesk) -> Outcome:
    from legation.store.folder.xlsxdesk import desk_to_xlsx

    target = Path(command.target)
    if target.exists() or target.is_symlink():
        raise ConflictError(f"{target} exists already.", remedy="Give a new path, or move the workbook away.")
    desk = read_desk(command.source)
    desk_to_xlsx(desk, target)
    notices = [f"The workbook holds: {label_notice(desk)}."]
    if not is_folder(command.source) and not is_workbook(command.source):
        notices.append(f"A workbook keeps no history; it stays in {command.source}.")
    return Outcome(place=command.target, added=_count(desk), notices=tuple(notices))


def _from_workbook(command: ConvertDesk) -> Outcome:
    desk = read_desk(command.source)
    target = Path(command.target)
    if is_folder(command.target) or ("://" not in command.target and not target.suffix and not target.exists()):
        from legation.store.folder.writing import write_folder

        write_folder(desk, target)
        return Outcome(place=command.target, added=_count(desk))
    return create_desk(command.target, desk, who=command.who, why=command.why)


def _count(desk: Desk) -> int:
    from legation.desk.desk import KINDS

    return sum(len(desk.records(kind)) for kind in KINDS)


def import_table_into(folder: str | PathLike[str], table: str | PathLike[str], *, mapping: str) -> TableImport:
    """Bring a CSV or XLSX table into a desk folder through a saved column mapping.

    The records go into a file of their own, ``<kind>/<name of the table>.csv``: no other file changes, and no comment
    is lost. Records that the desk holds already, field by field the same, are left out.

    Parameters
    ----------
    folder
        The desk folder.
    table
        A ``.csv``, ``.tsv``, ``.txt`` or ``.xlsx`` file.
    mapping
        The name of a mapping in the folder's ``mappings/``, or a path that ends in .toml.

    Returns
    -------
    TableImport
        What was read and written; nothing is written when the desk would have an error.

    Raises
    ------
    ConflictError
        When the desk holds a record of the same key with other content.
    DeskError
        When the folder cannot be read, or the mapping has faults.
    FormatError, InputError
        When the table is no table, or there is no such mapping.
    """
    from legation.store.folder.atomic import folder_lock

    root, place = Path(fspath(folder)), Path(fspath(table))
    if not root.is_dir():
        raise InputError(f"{root} is not a desk folder.", remedy="Give a folder that `legation desk new` made.")
    saved = _mapping(root, mapping)
    with folder_lock(root):
        return _import(root, place, saved)


def _import(root: Path, place: Path, mapping: TableMapping) -> TableImport:
    from legation.store.folder.importing import import_table
    from legation.store.folder.reading import read_folder

    # the table may bring what the desk's rules still lack, so that the rules are checked with it and not before
    read = read_folder(root, rules=False)
    if read.desk is None:
        raise FormatError(f"{root} holds no desk.", remedy="Give the folder that holds desk.toml.")
    found = import_table(place, mapping, desk=read.desk)
    if found.replaces:
        raise ConflictError(
            f"{place} holds {found.kind} that the desk holds with other content: {', '.join(found.replaces[:5])}"
            f"{' and more' if len(found.replaces) > 5 else ''}.",
            remedy="Change them in the desk's own files, or take them out of the table.",
        )
    held = {record.key for record in read.desk.records(found.kind)}
    added = tuple(record for record in found.records if record.key not in held)
    faults = found.faults
    if all(fault.severity != "error" for fault in faults):
        faults = (*faults, *_rule_faults(read.desk, found.kind, added))
    outcome = TableImport(kind=found.kind, records=found.records, added=added, faults=faults, written=None)
    if not outcome.is_sound or not added:
        return outcome
    return replace(outcome, written=_write(root, outcome, place))


def _mapping(root: Path, name: str) -> TableMapping:
    from legation.store.folder.mapping import load_mapping

    path = Path(name)
    if path.suffix != ".toml":
        if path.name != name:
            raise InputError(
                f"{name!r} is neither the name of a saved mapping nor a path to one.",
                remedy="Give a name without folders, or a path that ends in .toml.",
            )
        path = root / "mappings" / f"{name}.toml"
    if not path.is_file():
        saved = ", ".join(sorted(one.stem for one in (root / "mappings").glob("*.toml"))) or "none"
        raise InputError(f"There is no mapping at {path}.", remedy=f"Use one that the folder keeps: {saved}.")
    return load_mapping(path)


def _rule_faults(desk: Desk, kind: str, added: Sequence[Record]) -> tuple[Fault, ...]:
    from legation.desk.rules import check_desk

    return check_desk(msgspec.structs.replace(desk, **{kind: (*desk.records(kind), *added)}))


def _write(root: Path, outcome: TableImport, table: Path) -> str:
    from legation.store.folder.atomic import add_files
    from legation.store.folder.problems import slug
    from legation.store.folder.render import render_csv

    stem = slug(table.stem) or "imported"
    taken = {path.name for path in (root / outcome.kind).glob("*")}
    names = (f"{stem}.csv", *(f"{stem}-{number}.csv" for number in range(2, 1_000)))
    free = next((name for name in names if name not in taken), None)
    if free is None:
        raise ConflictError(f"{root / outcome.kind} holds too many imports of {table.name}.", remedy="Merge them.")
    name = f"{outcome.kind}/{free}"
    add_files(root, {name: render_csv(outcome.kind, outcome.added)})
    return name
