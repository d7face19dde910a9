"""Peace agreements with their provisions, as published."""

from __future__ import annotations

import polars as pl

from legation.evidence.reading import SourceFiles

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the agreements."""
    return files.all_declared()
