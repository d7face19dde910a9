"""Source: the peace scale, five levels of relation between two states, as of 31 December of each year."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from legation.evidence.reading import SourceFiles

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables whose files are there, as published."""
    return files.all_declared()
