"""Deaths in organised violence as known at each monthly run: as kept, and per actor with the day of being known."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from legation.errors import SourceError
from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import read_form
from legation.evidence.naming import unread_rows, with_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_KEPT, _DATED = "ucdp_deaths_vintages", "conflict_deaths_vintages"
_RUNS = "Conf_*.csv"
_RUN = re.compile(r"Conf_(\d{4}-\d{2}-\d{2})\Z")
# Later runs are cut short and filled with zeros upstream; a zero there is no statement.
_LAST_RUN = date(2026, 1, 31)
_MONTHS_KEPT = 24


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the runs as kept, the deaths per actor, month and day of being known, and the names that gave no actor."""
    kept = files.declared(_KEPT, readers={_RUNS: _read_run})
    named = with_actors(
        kept.filter(pl.col("vintage") <= _LAST_RUN),
        "country",
        description=files.description,
        when="month",
        table=_KEPT,
        unknown="list",
    )
    lost = named.frame.filter(pl.col("actor").is_null() & (pl.col("fatalities") > 0))
    if lost.height:
        raise SourceError(
            f"Source {files.description.name}: {lost['country'][0]!r} has deaths in {lost['month'][0]:%Y-%m} and "
            "means no actor then; they would count as none.",
            remedy="Add the name to the lookups of the source's description.",
        )
    dated = named.frame.drop_nulls("actor").group_by(
        "actor",
        pl.col("month").dt.year().cast(pl.Int16).alias("year"),
        pl.col("month").dt.month().cast(pl.Int8).alias("month"),
        pl.col("vintage").alias("known"),
    )
    deaths = dated.agg(pl.col("fatalities").sum().cast(pl.Int32).alias("deaths"))
    return {_KEPT: kept, _DATED: deaths, f"{_KEPT}_unread": unread_rows(named.unread)}


def _read_run(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read one run, a column a country and a row a month, and keep the 24 months before it."""
    run = _RUN.match(path.stem)
    if run is None:
        raise SourceError(f"{path} does not say of which run it is.", remedy="Name it like Conf_2024-01-26.csv.")
    wide = read_form(path, form, description)
    month, *countries = wide.columns
    rows = wide.unpivot(countries, index=month, variable_name="country", value_name="fatalities").rename(
        {month: "month"}
    )
    dated = rows.with_columns(pl.col("month").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))
    if dated.get_column("month").null_count():
        raise SourceError(f"{path}: the first column holds {rows['month'][0]!r}, which is no day of a month.")
    first = sorted(dated.get_column("month").unique())[-_MONTHS_KEPT:][0]
    return dated.filter(pl.col("month") >= first).with_columns(pl.lit(run.group(1)).alias("vintage"))
