"""Deaths in organised violence: one row for each actor and month with a death."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.errors import SourceError
from legation.evidence.codes import dated_actor_or_none
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_FILE = "ucdp_fatalities_country_month.parquet"
_GW = "gw "


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the deaths per actor and month, months without a death left out."""
    rows = files.table(_FILE, {"month": pl.Datetime("us"), "country": pl.String, "fatalities": pl.Int64})
    rows = rows.with_columns(pl.col("month").cast(pl.Date))
    _check_whole(rows)
    last = files.description.time_domain.last
    rows = rows.filter(pl.col("fatalities") > 0, pl.col("month") <= last)
    pairs = rows.select("country", "month").unique().sort("country", "month")
    actors = [_actor(files, country, day) for country, day in pairs.rows()]
    named = rows.join(pairs.with_columns(pl.Series("actor", actors, dtype=pl.String)), on=["country", "month"])
    table = named.group_by("actor", "month").agg(pl.col("fatalities").sum())
    return {
        "conflict_deaths": table.select(
            "actor",
            pl.col("month").dt.year().cast(pl.Int16).alias("year"),
            pl.col("month").dt.month().cast(pl.Int8).alias("month"),
            pl.col("fatalities").cast(pl.Int32).alias("deaths"),
        )
    }


def _check_whole(rows: pl.DataFrame) -> None:
    """Refuse a table in which a country lacks a month: the hole would read as a month without a death."""
    listed = rows["month"].n_unique()
    short = rows.group_by("country").len().filter(pl.col("len") != listed).sort("country")
    if short.height:
        country, held = short.row(0)
        raise SourceError(
            f"{_FILE}: {country!r} has {held} of the {listed} months that the table lists.",
            remedy="A month that is not there would count as one without a death: fetch the whole file.",
        )


def _actor(files: SourceFiles, country: str, day: date) -> str:
    meaning = files.actor_of("names", country)
    if meaning is None:
        raise SourceError(f"{country!r} is left out in the description, but has deaths in {day:%Y-%m}.")
    if not meaning.startswith(_GW):
        return meaning
    actor = dated_actor_or_none("gw", meaning.removeprefix(_GW), days=(day, day.replace(day=1)))
    if actor is None:
        raise SourceError(f"{meaning} holds no actor in {day:%Y-%m}, but {country!r} has deaths then.")
    return actor
