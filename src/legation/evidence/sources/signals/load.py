"""Signals of support from five major powers, as published."""

from __future__ import annotations

import polars as pl

from legation.evidence.reading import SourceFiles

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the signals per state and year."""
    return files.all_declared()
