"""Source: alliances and their obligations, of the ATOP project."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from legation.evidence.reading import SourceFiles

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables whose files are there, as published."""
    return files.all_declared()
