"""Write a desk as a desk folder, whole or not at all."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from legation.desk.desk import Desk
from legation.errors import ConflictError
from legation.store.folder.atomic import replace_files, write_new
from legation.store.folder.render import GITATTRIBUTES, Style, render

__all__ = ["write_folder"]


def write_folder(
    desk: Desk, path: str | PathLike[str], *, style: Style = "mixed", overwrite: bool = False
) -> tuple[str, ...]:
    """Write a desk folder; the same desk gives the same bytes.

    Parameters
    ----------
    desk
        What to write; records are sorted by key.
    path
        A folder that does not exist yet or is empty; with `overwrite`, an existing desk folder.
    style
        ``csv`` or ``toml`` for every kind, or ``mixed``: TOML for structure, CSV for long lists.
    overwrite
        Replace the files of the desk that is there. Notes, ``.git`` and column mappings stay; comments in the desk's
        files and their split over subfolders do not.

    Returns
    -------
    tuple of str
        The names of the files written.

    Raises
    ------
    ConflictError
        When something is there and `overwrite` is off.
    FormatError
        When a value cannot be written without loss, such as an infinite number.
    StoreFullError, StorageError
        When the disk is full or refuses; what was there is as it was.
    StoreBusyError
        When another process is writing to the folder.
    """
    root = Path(path)
    files = render(desk, style=style)
    if root.is_dir() and any(root.iterdir()):
        if not overwrite:
            raise _taken(root)
        replace_files(root, files)
    elif root.exists() and not root.is_dir():
        raise _taken(root)
    else:
        files[".gitattributes"] = GITATTRIBUTES.encode()
        write_new(root, files)
    return tuple(files)


def _taken(root: Path) -> ConflictError:
    return ConflictError(
        f"{root} exists already.", remedy="Give a new path, or ask for the desk there to be overwritten."
    )
