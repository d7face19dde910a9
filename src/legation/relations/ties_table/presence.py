"""Military presence and help: troops, bases and training of the United States, and troops of other powers."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start
from legation.relations.ties_table.visits import SENDERS

__all__ = ["other_troops", "us_base_ties", "us_training_ties", "us_troop_ties"]

_UNITED_STATES = "USA"


def us_troop_ties(reader: Reader) -> Iterator[Built]:
    """Yield the personnel of the United States in each host, a row for each year; none where there are none."""
    origin, rows = reader.origin("us_troops"), reader.tables("us_troops").filter(pl.col("active") > 0)
    frame = rows.select(
        actor_a=pl.lit(_UNITED_STATES),
        actor_b="actor",
        start=year_start(pl.col("year")),
        end=year_end(pl.col("year")),
        precision=pl.lit("year"),
        label=pl.lit("active-duty personnel"),
        amount=pl.col("active").cast(pl.Float64),
        strength=_logarithm(pl.col("active"), decades=5),
    )
    yield Built(frame=finished(frame, kind="troops", origin=origin, directed=True), origin=origin)


def us_training_ties(reader: Reader) -> Iterator[Built]:
    """Yield the training that the United States gave, a row for each fiscal year, which begins in October before."""
    origin, rows = reader.origin("us_training"), reader.tables("us_training").filter(pl.col("activities") > 0)
    people = pl.max_horizontal("trainees", "activities")
    frame = rows.select(
        actor_a=pl.lit(_UNITED_STATES),
        actor_b="actor",
        start=pl.date(pl.col("year") - 1, 10, 1),
        end=pl.date(pl.col("year"), 9, 30),
        precision=pl.lit("day"),
        known=pl.date(pl.col("year"), 9, 30) + pl.duration(days=origin.lag_days),
        label=pl.concat_str(pl.col("activities"), pl.lit(" activities in the fiscal year")),
        amount=people.cast(pl.Float64),
        strength=_logarithm(people, decades=4),
    )
    yield Built(frame=finished(frame, kind="training", origin=origin, directed=True), origin=origin)


def us_base_ties(reader: Reader) -> Iterator[Built]:
    """Yield the bases of the United States per host, in a snapshot; small and funded sites count half."""
    origin, rows = reader.origin("us_bases"), reader.tables("us_bases")
    rows = reader.named(rows, "actor", value="countryname", table="us_bases")
    sites = rows.group_by("actor").agg(
        pl.len().cast(pl.Float64).alias("amount"),
        pl.when(pl.col("base") == 1).then(1.0).otherwise(0.5).sum().alias("weight"),
    )
    frame = sites.select(
        "amount",
        actor_a=pl.lit(_UNITED_STATES),
        actor_b="actor",
        start=pl.lit(origin.first),
        end=pl.lit(origin.last),
        precision=pl.lit("year"),
        label=pl.lit("sites, as seen"),
        strength=1 - 0.5 ** pl.col("weight"),
    )
    yield Built(frame=finished(frame, kind="base", origin=origin, directed=True), origin=origin)


def other_troops(reader: Reader) -> Iterator[Built]:
    """Yield the troops of the United Kingdom, France, Russia and China in each host and year."""
    origin, rows = reader.origin("signals"), reader.tables("signals")
    for prefix, code in SENDERS.items():
        if prefix == "us":
            continue  # the Pentagon's own tables say more
        column = f"{prefix}_troops"
        there = rows.filter(pl.col(column) > 0).select(
            "year", actor_a=pl.lit(code), actor_b=pl.col("ccode"), amount=pl.col(column).cast(pl.Float64)
        )
        named = reader.actors(there, ("actor_a", "actor_b"), table="signals")
        frame = named.with_columns(
            start=year_start(pl.col("year")),
            end=year_end(pl.col("year")),
            precision=pl.lit("year"),
            strength=_logarithm(pl.col("amount"), decades=5),
        )
        yield Built(frame=finished(frame, kind="troops", origin=origin, directed=True), origin=origin)


def _logarithm(amount: pl.Expr, *, decades: int) -> pl.Expr:
    """Return log10(1 + amount) over so many decades, at most 1."""
    return ((1 + amount).log(10) / decades).clip(0, 1)
