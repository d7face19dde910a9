"""Military training given by the United States, one row an activity, with the trained actor."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.evidence.codes import exists_on
from legation.evidence.naming import UNREAD, unread_rows
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_TABLE = "us_training_activities"
_REASON = "the description leaves it out, or it was no actor then"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the activities, and the countries that gave no actor."""
    rows = files.declared(_TABLE).drop("actor")
    pairs = rows.select("country", "fy").unique().sort("country", "fy")
    actors = [_actor(files, country, year) for country, year in pairs.rows()]
    named = rows.join(
        pairs.with_columns(pl.Series("actor", actors, dtype=pl.String)), on=["country", "fy"], maintain_order="left"
    )
    unread = (
        named.filter(pl.col("actor").is_null())
        .group_by(pl.col("country").alias("value"))
        .agg(pl.len().alias("rows"), pl.col("fy").min().alias("first"), pl.col("fy").max().alias("last"))
        .with_columns(pl.lit(_TABLE).alias("table"), pl.lit("country").alias("column"), pl.lit(_REASON).alias("reason"))
        .select(list(UNREAD))
        .cast(UNREAD)  # type: ignore[arg-type]
    )
    return {_TABLE: named, f"{_TABLE}_unread": unread_rows(unread)}


def _actor(files: SourceFiles, country: str, year: int) -> str | None:
    """Return the actor, or None where it did not exist by the end of the fiscal year after the first one named."""
    actor = files.actor_of("countries", country)
    return actor if actor is not None and exists_on(actor, date(year + 1, 9, 30)) else None
