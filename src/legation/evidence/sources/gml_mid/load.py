"""Source: the Gibler-Miller-Little corrections of the militarized interstate disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from legation.evidence.reading import SourceFiles

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return disputes, participants and directed dyad-years, as far as their files are there."""
    return files.all_declared()
