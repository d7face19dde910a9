"""Contributors side by side in one mission of peacekeeping (Geo-PKO, and the United Nations' month of 2014)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start

__all__ = ["geopko_ties", "mission_month_ties"]


def geopko_ties(reader: Reader) -> Iterator[Built]:
    """Yield stretches of years in which two contributed troops to the same mission."""
    table = "geopko_contributors"
    origin, rows = reader.origin(table), reader.tables(table)
    rows = reader.named(rows, "actor", value="value", table=table)
    there = rows.select("mission", pl.col("year").cast(pl.Int64), "actor").unique()
    pairs = _pairs(there, ["mission", "year"]).sort("mission", "actor", "actor_b", "year")
    run = pl.col("year") - pl.int_range(pl.len()).over("mission", "actor", "actor_b")
    spells = (
        pairs.with_columns(_run=run)
        .group_by("mission", "actor", "actor_b", "_run")
        .agg(pl.col("year").min().alias("first"), pl.col("year").max().alias("final"), pl.col("amount").mean())
    )
    frame = spells.select(
        "amount",
        actor_a="actor",
        actor_b="actor_b",
        start=year_start(pl.col("first")),
        end=year_end(pl.col("final")),
        precision=pl.lit("year"),
        label="mission",
        strength=_strength(),
    )
    yield Built(frame=finished(frame, kind="peacekeeping", origin=origin), origin=origin)


def mission_month_ties(reader: Reader) -> Iterator[Built]:
    """Yield the pairs in one mission in the month that the United Nations' table is of."""
    table = "un_peacekeeping_by_mission"
    origin, rows = reader.origin(table), reader.tables(table)
    rows = reader.named(rows, "actor", value="Contributor", table=table)
    there = rows.filter(pl.col("Total") > 0).select(
        "actor", mission="Mission", month=pl.col("Date").cast(pl.Date).dt.month_start()
    )
    frame = _pairs(there.unique(), ["mission", "month"]).select(
        "amount",
        actor_a="actor",
        actor_b="actor_b",
        start="month",
        end=pl.col("month").dt.month_end(),
        precision=pl.lit("month"),
        label="mission",
        strength=_strength(),
    )
    yield Built(frame=finished(frame, kind="peacekeeping", origin=origin), origin=origin)


def _pairs(there: pl.DataFrame, together: list[str]) -> pl.DataFrame:
    counted = there.with_columns(amount=pl.len().over(together).cast(pl.Float64))
    return counted.join(there, on=together, suffix="_b").filter(pl.col("actor") < pl.col("actor_b"))


def _strength() -> pl.Expr:
    return 1 / (pl.col("amount") - 1).clip(lower_bound=1).sqrt()
