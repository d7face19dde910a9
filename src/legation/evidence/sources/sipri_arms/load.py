"""Deliveries of major arms per supplier, recipient and year, as arranged."""

from __future__ import annotations

import polars as pl

from legation.evidence.reading import SourceFiles

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the deliveries."""
    return files.all_declared()
