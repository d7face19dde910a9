"""Military training given by the United States: counts, people and cost per receiving actor and fiscal year."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.evidence.codes import exists_on
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_FILE = "us_foreign_military_training.parquet"
_TEXT = "free text or a detail of one activity; only counts and sums are kept"
_IGNORED = dict.fromkeys(
    (
        "fiscal_year",
        "region",
        "program",
        "course_title",
        "student_unit",
        "us_unit",
        "start_date_iso",
        "end_date_iso",
        "location",
        "page_number",
    ),
    _TEXT,
)
_EDUCATION = ("IMET", "REGIONAL CENTERS", "SERVICE ACADEMY", "SERVICE ACADEMIES", "ALP", "AVIATION LEADERSHIP")


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return activities, trainees and cost per actor and fiscal year."""
    rows = files.table(
        _FILE,
        {
            "fy": pl.Int64,
            "country": pl.String,
            "programme": pl.String,
            "quantity_n": pl.Float64,
            "total_cost_usd": pl.Float64,
        },
        ignored=_IGNORED,
    )
    pairs = rows.select("country", "fy").unique().sort("country", "fy")
    actors = [_actor(files, country, year) for country, year in pairs.rows()]
    named = rows.join(pairs.with_columns(pl.Series("actor", actors, dtype=pl.String)), on=["country", "fy"])
    table = (
        named.filter(pl.col("actor").is_not_null())
        .group_by("actor", pl.col("fy").cast(pl.Int16).alias("year"))
        .agg(
            pl.len().cast(pl.Int32).alias("activities"),
            pl.col("quantity_n").sum().round(0).cast(pl.Int32).alias("trainees"),
            # Whole cents as integers: their sum is the same in any order.
            ((pl.col("total_cost_usd") * 100).round(0).cast(pl.Int64).sum() / 100).round(0).alias("cost_usd"),
            pl.col("programme").is_in(_EDUCATION).sum().cast(pl.Int32).alias("education"),
        )
    )
    return {"us_training": table}


def _actor(files: SourceFiles, country: str, year: int) -> str | None:
    """Return the actor, or None where it did not exist by the end of the fiscal year after the first one named."""
    actor = files.actor_of("countries", country)
    return actor if actor is not None and exists_on(actor, date(year + 1, 9, 30)) else None
