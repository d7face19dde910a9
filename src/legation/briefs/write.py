"""Write a brief's files: HTML, PDF and text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from legation.briefs.charts.map import Polygons
from legation.briefs.model import Brief
from legation.briefs.page import html_of
from legation.briefs.pdf import pdf_of
from legation.briefs.pictures import pictures_of
from legation.briefs.text import cohesion_text, plan_text
from legation.errors import StorageError, StoreFullError

__all__ = ["write_brief"]


def write_brief(brief: Brief, folder: Path, *, borders: Mapping[str, Polygons]) -> tuple[Path, ...]:
    """Write ``brief.html``, ``brief.pdf`` and ``brief.txt``; each file is there whole or not at all.

    Parameters
    ----------
    brief
        What to write.
    folder
        Where; it is made when it is missing.
    borders
        Simplified borders by actor id, for the map.

    Returns
    -------
    tuple of Path
        The three files.

    Raises
    ------
    StoreFullError, StorageError
        When the folder cannot take the files.
    """
    pictures = pictures_of(brief, borders=borders)
    words = "\n".join((plan_text(brief.plan, label=brief.label), "", cohesion_text(brief.cohesion, label=brief.label)))
    contents = {
        "brief.html": html_of(brief, pictures=pictures).encode(),
        "brief.pdf": pdf_of(brief, pictures=pictures),
        "brief.txt": (words + "\n").encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            part = folder / f".{name}.part"
            part.write_bytes(content)
            part.replace(folder / name)
    except OSError as error:
        kind = StoreFullError if error.errno == 28 else StorageError  # ENOSPC
        raise kind(
            f"The brief could not be written to {folder}: {error.strerror}.",
            remedy="Name a folder that can be written, with --out.",
        ) from error
    return tuple(folder / name for name in contents)
