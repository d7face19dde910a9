"""GDELT 2 events, counted per directed dyad and month."""

from __future__ import annotations

import polars as pl

from legation.evidence.reading import SourceFiles
from legation.evidence.sources.event_months import event_tables

__all__ = ["load"]


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the counts, what each rule removed, and what could not be read as it stands."""
    return event_tables(files, format="gdelt2")
