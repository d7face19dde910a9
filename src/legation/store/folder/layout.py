"""Which files make up a desk folder: names from a closed list, regular files, one level of folders, no links."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from legation.desk.desk import KINDS
from legation.desk.faults import Fault
from legation.errors import FormatError
from legation.store.folder.limits import MAX_ENTRIES
from legation.store.folder.problems import shown, suggestion

__all__ = ["DESK_FILE", "JOURNAL", "MANIFEST", "Layout", "SourceFile", "find_layout", "is_desk_file"]

DESK_FILE = "desk.toml"
JOURNAL = ".legation-write"
"""A finished write that has not been moved into place yet; while it is there, it is the folder's content."""

MANIFEST = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file of a desk folder: its kind (``desk`` for desk.toml), its path, its name for people."""

    kind: str
    path: Path
    name: str


@dataclass(kw_only=True)
class Layout:
    """A desk folder's files in the order of their kinds, and what is wrong with the others."""

    files: list[SourceFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def is_desk_file(name: str) -> bool:
    """Say whether a file or folder in a desk folder is part of the desk by its name."""
    stem, dot, suffix = name.rpartition(".")
    return name == DESK_FILE or (stem in KINDS and dot == "." and suffix in {"toml", "csv"}) or name in KINDS


def find_layout(root: Path) -> Layout:
    """Find a desk folder's files.

    Raises
    ------
    FormatError
        When the path is not a folder that can be read, or holds more than ten thousand entries.
    """
    layout = Layout()
    journal = _journal(root)
    entries = _entries(root)
    layout.faults += _collisions([entry.name for entry in entries])
    for entry in entries:
        _place_entry(layout, entry, root=root)
    if journal is not None:
        _apply_journal(layout, journal, root=root)
    order = {kind: number for number, kind in enumerate(("desk", *KINDS))}
    layout.files.sort(key=lambda file: (order[file.kind], file.name))
    return layout


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            entries = []
            for entry in found:
                entries.append(entry)
                if len(entries) > MAX_ENTRIES:
                    raise FormatError(
                        f"{folder.name} holds more than {MAX_ENTRIES:,} entries; this is no desk folder.",
                        remedy="Give the folder that holds desk.toml.",
                    )
    except NotADirectoryError as error:
        raise FormatError(
            f"{folder} is not a folder.", remedy="Give the folder that holds desk.toml, not a file."
        ) from error
    except OSError as error:
        raise FormatError(
            f"{folder} cannot be read: {error.strerror}.", remedy="Give a folder that exists and may be read."
        ) from error
    return sorted(entries, key=lambda entry: entry.name)


def _place_entry(layout: Layout, entry: os.DirEntry[str], *, root: Path) -> None:
    if _is_ignored(entry.name):
        return
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        layout.faults.append(_link(entry.name))
    elif stat.S_ISDIR(mode):
        _place_folder(layout, entry, root=root)
    elif not stat.S_ISREG(mode):
        layout.faults.append(_special(entry.name))
    else:
        _place_file(layout, entry.name, kind=None, root=root)


def _place_folder(layout: Layout, entry: os.DirEntry[str], *, root: Path) -> None:
    if entry.name not in KINDS:
        layout.faults.append(_unknown(entry.name, what="folder", allowed=tuple(KINDS)))
        return
    entries = _entries(root / entry.name)
    layout.faults += _collisions([f"{entry.name}/{inner.name}" for inner in entries])
    for inner in entries:
        name = f"{entry.name}/{inner.name}"
        mode = inner.stat(follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            layout.faults.append(_link(name))
        elif stat.S_ISREG(mode):
            _place_file(layout, name, kind=entry.name, root=root)
        else:
            layout.faults.append(_special(name))


def _place_file(layout: Layout, name: str, *, kind: str | None, root: Path) -> None:
    stem, _, suffix = name.rpartition(".")
    if name == DESK_FILE:
        layout.files.append(SourceFile(kind="desk", path=root / name, name=name))
    elif suffix not in {"toml", "csv"}:
        if not _is_ignored(name.rpartition("/")[2]):
            layout.faults.append(_unknown(name, what="file", allowed=_names(), severity="warning"))
    elif kind is None and stem not in KINDS:
        layout.faults.append(_unknown(name, what="file", allowed=_names()))
    else:
        layout.files.append(SourceFile(kind=kind or stem, path=root / name, name=name))


def _names() -> tuple[str, ...]:
    return (DESK_FILE, *(f"{kind}.{suffix}" for kind in KINDS for suffix in ("toml", "csv")))


def _is_ignored(name: str) -> bool:
    """Say whether a name belongs to others: notes, git, saved column mappings, an unfinished or finished write."""
    fold = name.casefold()
    notes = fold.startswith("readme") and fold.endswith((".md", ".txt", "readme"))
    return notes or name.startswith((".git", ".legation-")) or name in {"mappings", "desk.schema.json"}


def _journal(root: Path) -> set[str] | None:
    path = root / JOURNAL
    try:
        mode = path.lstat().st_mode
    except OSError:
        return None
    if not stat.S_ISDIR(mode):
        raise FormatError(f"{JOURNAL} in {root.name} is not a folder.", remedy="Remove it.")
    try:
        return set(msgspec.json.decode((path / MANIFEST).read_bytes(), type=list[str]))
    except (OSError, msgspec.DecodeError) as error:
        raise FormatError(
            f"{JOURNAL}/{MANIFEST} in {root.name} cannot be read, so an interrupted write cannot be finished.",
            remedy=f"Look at the files in {JOURNAL}, move what is wanted into the folder and remove it.",
        ) from error


def _apply_journal(layout: Layout, names: set[str], *, root: Path) -> None:
    """Take what the finished write holds: its files not yet moved from it, the moved ones from the folder."""
    bad = [name for name in names if not is_desk_file(name) or name in KINDS]
    if bad:
        raise FormatError(f"{JOURNAL}/{MANIFEST} names {shown(bad[0])}, which is no desk file.", remedy="Remove it.")
    layout.files = [
        SourceFile(kind=name.rpartition(".")[0], path=path if path.exists() else root / name, name=name)
        for name in sorted(names)
        for path in (root / JOURNAL / name,)
    ]


def _collisions(names: list[str]) -> Iterator[Fault]:
    """Find names that some file systems take for one, where git would keep only one of the files."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if other != name:
            yield Fault(
                kind="desk",
                key="",
                rule="distinct-names",
                message=f"{shown(other)} and {shown(name)} differ in capitals only; some systems mix them up.",
                remedy="Rename one of them.",
                file=name,
            )


def _unknown(name: str, *, what: str, allowed: tuple[str, ...], severity: str = "error") -> Fault:
    near = suggestion(name, allowed)
    remedy = f"Rename it to {near}, or take it out of the folder." if near else "Take it out of the folder."
    return Fault(
        kind="desk",
        key="",
        rule="known-file",
        message=f"The {what} {shown(name)} is no part of a desk folder.",
        remedy=remedy,
        severity="warning" if severity == "warning" else "error",
        file=name,
    )


def _link(name: str) -> Fault:
    return Fault(
        kind="desk",
        key="",
        rule="no-links",
        message=f"{shown(name)} is a symbolic link; a desk folder holds its files itself.",
        remedy="Replace the link by the file.",
        file=name,
    )


def _special(name: str) -> Fault:
    return Fault(
        kind="desk",
        key="",
        rule="regular-file",
        message=f"{shown(name)} is not a regular file in its place; folders go one level deep.",
        remedy="Take it out of the folder.",
        file=name,
    )
