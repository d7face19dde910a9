"""Visits abroad of principals of the United States Department of Defense, with the actor visited and whole dates."""

from __future__ import annotations

import polars as pl

from legation.evidence.naming import unread_rows, with_coded_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_TABLE = "us_defence_visits"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the visits, and the places that gave no actor."""
    visits = files.declared(_TABLE).drop("actor", "start", "end")
    dated = visits.with_columns(_day("Start").alias("start"), _day("End").alias("end"))
    named = with_coded_actors(
        dated, "State Visit", system="iso3", description=files.description, when="start", table=_TABLE, names="codes"
    )
    return {_TABLE: named.frame, f"{_TABLE}_unread": unread_rows(named.unread)}


def _day(side: str) -> pl.Expr:
    """Return the day that three columns name; missing where there is no such day, such as 31 June."""
    parts = [pl.col(f"{side} {part}").cast(pl.String) for part in ("Year", "Month", "Day")]
    return pl.concat_str(parts, separator="-").str.to_date("%Y-%m-%d", strict=False)
