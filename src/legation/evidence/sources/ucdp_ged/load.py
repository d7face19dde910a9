"""Events of organised violence, as published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import Reader, read_form
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.packed_table import read_packed

__all__ = ["load"]

_TRUTH = {"True": "1", "TRUE": "1", "False": "0", "FALSE": "0"}


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables of which a file is there."""
    return files.all_declared(readers=_READERS)


def _read_events(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read a release; some write whether the dyad was active as a word."""
    read = read_packed if path.suffix == ".zip" else read_form
    frame = read(path, form, description)
    if "active_year" not in frame.columns:
        return frame
    return frame.with_columns(pl.col("active_year").replace(_TRUTH))


_READERS: Mapping[str, Reader] = dict.fromkeys(("GEDEvent_v*.csv", "ged[0-9]*-csv.zip"), _read_events)
