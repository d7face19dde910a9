"""Put a set of files in place as a whole: on any failure the old ones are as they were.

A new folder is written beside its place and renamed. Into an existing folder, which holds others' files too (notes,
``.git``, column mappings), the files are first written to a journal inside it. Renaming the finished journal to
``.legation-write`` is the one moment at which the folder's content changes; from then on a reader takes the files from
there, and the files are moved to their places. A crash before that moment leaves the old desk, one after it the new.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from legation.desk.desk import KINDS
from legation.errors import ConflictError, FormatError, StorageError, StoreBusyError, StoreFullError
from legation.store.folder.layout import JOURNAL, MANIFEST, is_desk_file

__all__ = ["add_files", "folder_lock", "replace_files", "write_file", "write_new", "writing"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn failures of the disk into storage errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFullError(
                f"The disk is full; {path} is as it was.", remedy="Free some space and write again."
            ) from error
        raise StorageError(
            f"{path} could not be written: {error.strerror}; it is as it was.",
            remedy="See that the folder may be written, then write again.",
        ) from error


@contextmanager
def _finishing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path} is written, but its files are not all in their places yet: {error.strerror}.",
            remedy=f"Nothing is lost: readers take them from {JOURNAL}. Write again to finish.",
        ) from error


def write_new(root: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with these files, whole or not at all; an empty folder in its place is replaced."""
    with writing(root):
        root.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{root.name}.", suffix=".tmp", dir=root.parent))
        try:
            _write_all(temporary, files)
            temporary.chmod(0o777 & ~_umask())
            temporary.rename(root)
            _sync(root.parent)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise


def write_file(path: Path, data: bytes) -> None:
    """Write a file beside its place and rename it."""
    with writing(path):
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def replace_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Replace a desk folder's files by these, whole or not at all; others' files stay.

    Raises
    ------
    StoreBusyError
        When another process is writing to the folder.
    """
    with _locked(root):
        with writing(root):
            _move_into_place(root)
            _commit(root, files)
        with _finishing(root):
            _move_into_place(root)


@contextmanager
def folder_lock(root: Path) -> Iterator[None]:
    """Keep other writers out while a desk folder is read and added to; a finished write is moved into place first.

    Raises
    ------
    StoreBusyError
        When another process is writing to the folder.
    StorageError
        When the folder cannot be opened.
    """
    with ExitStack() as held:
        with writing(root):
            held.enter_context(_locked(root))
            _move_into_place(root)
        yield


def add_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Add files to the folders of a desk folder, ``<kind>/<name>``, all or none, inside `folder_lock`.

    Nothing that is there changes.

    Raises
    ------
    ConflictError
        When a file of that name is there.
    StoreFullError, StorageError
        When the disk is full or refuses.
    """
    added: list[Path] = []
    try:
        for name, data in files.items():
            path = root / name
            with writing(path):
                path.parent.mkdir(exist_ok=True)
                _add(path, data)
            added.append(path)
    except BaseException:
        for path in added:
            path.unlink(missing_ok=True)
        raise


def _add(path: Path, data: bytes) -> None:
    try:
        file = path.open("xb")
    except FileExistsError as error:
        raise ConflictError(f"{path} exists already.", remedy="Give another name.") from error
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _sync(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _commit(root: Path, files: Mapping[str, bytes]) -> None:
    for leftover in root.glob(f"{JOURNAL}.*.tmp"):
        shutil.rmtree(leftover)
    temporary = Path(tempfile.mkdtemp(prefix=f"{JOURNAL}.", suffix=".tmp", dir=root))
    try:
        _write_all(temporary, {**files, MANIFEST: msgspec.json.encode(sorted(files))})
        temporary.rename(root / JOURNAL)
        _sync(root)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _move_into_place(root: Path) -> None:
    """Finish a journal: also one that a crash left behind."""
    journal = root / JOURNAL
    if not journal.exists():
        return
    try:
        names = msgspec.json.decode((journal / MANIFEST).read_bytes(), type=list[str])
    except msgspec.DecodeError as error:
        raise FormatError(f"{JOURNAL}/{MANIFEST} is damaged.", remedy=f"Look into {JOURNAL}; remove it.") from error
    for name in names:
        if not is_desk_file(name) or name in KINDS:
            raise FormatError(f"{JOURNAL}/{MANIFEST} names {name!r:.60}, which is no desk file.", remedy="Remove it.")
        if (journal / name).exists():
            (journal / name).replace(root / name)
    for entry in list(root.iterdir()):
        if is_desk_file(entry.name) and entry.name not in names:
            _remove(entry)
    _sync(root)
    # Renamed first: a journal half removed would be one whose list of files is gone.
    finished = root / f"{JOURNAL}.finished.tmp"
    shutil.rmtree(finished, ignore_errors=True)
    journal.rename(finished)
    _sync(root)
    shutil.rmtree(finished)


def _remove(entry: Path) -> None:
    if not entry.is_dir() or entry.is_symlink():
        entry.unlink()
        return
    for inner in entry.iterdir():
        if inner.suffix in {".toml", ".csv"} and not inner.is_dir():
            inner.unlink()
    if not any(entry.iterdir()):
        entry.rmdir()


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        with (folder / name).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    _sync(folder)


def _sync(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # Windows: folders cannot be synchronised
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Keep other writers out of the folder; the lock is the system's and ends with the process."""
    try:
        import fcntl
    except ImportError:  # Windows: the rename of the journal still fails for the second writer
        yield
        return
    descriptor = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusyError(
                f"Another process is writing to {root}.", remedy="Wait until it has finished, then look at its changes."
            ) from error
        yield
    finally:
        os.close(descriptor)
