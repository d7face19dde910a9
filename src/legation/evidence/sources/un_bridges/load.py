"""Numbers and matches of roll calls of the UN General Assembly, as published."""

from __future__ import annotations

import polars as pl

from legation.evidence.reading import SourceFiles

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables of which a file is there."""
    return files.all_declared()
