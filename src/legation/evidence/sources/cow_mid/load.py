"""Source: the Militarized Interstate Disputes of the Correlates of War project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from legation.evidence.forms import read_form
from legation.evidence.layouts import needs, numbers
from legation.evidence.participants import earliest_day, latest_day, opponents

if TYPE_CHECKING:
    from pathlib import Path

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_DATES = ("styear", "stmon", "stday", "endyear", "endmon", "endday")
_KEPT = ("sidea", "fatality", "fatalpre", "hiact", "hostlev", "orig")
_SECOND_WORLD_WAR = 258


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return disputes, their directed dyad-years, and incidents, as far as their files are there."""
    return files.all_declared(readers={"MIDB 5.0.csv": _dyad_years})


def _dyad_years(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Make directed dyad-years of the publisher's list of participants."""
    columns = ("dispnum", "ccode", *_DATES, *_KEPT)
    parts = numbers(needs(read_form(path, form, description), columns, path), columns, path)
    parts = parts.with_columns(
        earliest_day("styear", "stmon", "stday").alias("start"), latest_day("endyear", "endmon", "endday").alias("end")
    )
    by_days = pl.col("dispnum") == _SECOND_WORLD_WAR
    pairs = opponents(parts, event="dispnum", side="sidea", kept=_KEPT, by_days=by_days, path=path)
    return pairs.rename({"onset": "disponset"}).with_columns(pl.lit(1, dtype=pl.Int64).alias("dispongoing"))
