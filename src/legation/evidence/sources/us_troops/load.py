"""United States troops abroad: one figure per host and year, from the reports that can be trusted."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.evidence.codes import state_of_that_time
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_FILE = "us_troops_quarterly.parquet"
_BRANCHES = "branches are not kept apart"
_IGNORED = {
    "iso3c": "missing for states that are gone; the COW code is always there",
    "countryname": "the COW code names the host",
    "month": "repeats the quarter",
    "region": "not needed",
    "year_quarter": "repeats year and quarter",
    "troops_all": "adds reserves in some quarters only",
    **dict.fromkeys(
        (
            "army_ad",
            "navy_ad",
            "air_force_ad",
            "marine_corps_ad",
            "coast_guard_ad",
            "space_force_ad",
            "army_national_guard",
            "air_national_guard",
            "army_reserve",
            "navy_reserve",
            "marine_corps_reserve",
            "air_force_reserve",
            "coast_guard_reserve",
            "total_selected_reserve",
            "army_civilian",
            "navy_civilian",
            "marine_corps_civilian",
            "air_force_civilian",
            "dod_civilian",
            "total_civilian",
        ),
        _BRANCHES,
    ),
}
_LAST_COMPILED = 2007
_COMPILED = "Kane 2006"
# From here on the collection's own codes begin: territories, seas and groups of islands.
_FIRST_PSEUDO_CODE = 1000


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return active-duty personnel per host and year."""
    rows = files.table(
        _FILE,
        {"ccode": pl.Int64, "year": pl.Int64, "quarter": pl.Int64, "source": pl.String, "troops_ad": pl.Int64},
        ignored=_IGNORED,
    )
    compiled = (pl.col("year") <= _LAST_COMPILED) & (pl.col("source") == _COMPILED)
    reported = (pl.col("year") > _LAST_COMPILED) & (pl.col("source") == pl.format("September {}", pl.col("year")))
    rows = rows.filter((compiled | reported) & (pl.col("ccode") < _FIRST_PSEUDO_CODE))
    pairs = rows.select("ccode", "year").unique().sort("ccode", "year")
    hosts = [_host(files, code, year) for code, year in pairs.rows()]
    named = rows.join(pairs.with_columns(pl.Series("actor", hosts, dtype=pl.String)), on=["ccode", "year"])
    return {
        "us_troops": named.filter(pl.col("actor").is_not_null()).select(
            "actor",
            pl.col("year").cast(pl.Int16),
            pl.col("troops_ad").cast(pl.Int32).alias("active"),
            pl.when(pl.col("source") == _COMPILED).then(pl.lit("compiled")).otherwise(pl.lit("report")).alias("basis"),
        )
    }


def _host(files: SourceFiles, code: int, year: int) -> str | None:
    """Return the host, or None for the United States themselves, territories, and states not there that year."""
    days = (date(year, 9, 30), date(year, 6, 30), date(year, 12, 31))
    return state_of_that_time(files, "cow", str(code), days=days)
