"""Embassies and consulates, in the snapshot of their source: dated by it, and of no other day."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished

__all__ = ["post_ties"]


def post_ties(reader: Reader) -> Iterator[Built]:
    """Yield embassies as `embassy` and career consulates as `consulate`, both of the snapshot's day only."""
    origin, rows = reader.origin("embassies"), reader.tables("embassies")
    seen = {"start": pl.lit(origin.last), "end": pl.lit(origin.last), "precision": pl.lit("day")}
    sides = {"actor_a": pl.col("sender"), "actor_b": pl.col("host"), "label": pl.lit("as seen")}
    embassies = rows.filter(pl.col("embassies") > 0).select(
        **sides, **seen, strength=pl.lit(0.5), amount=pl.col("embassies").cast(pl.Float64)
    )
    consulates = rows.filter(pl.col("consulates") > 0).select(
        **sides,
        **seen,
        strength=1 - 0.5 ** (pl.col("consulates") / 4),
        amount=pl.col("consulates").cast(pl.Float64),
    )
    yield Built(frame=finished(embassies, kind="embassy", origin=origin, directed=True), origin=origin)
    yield Built(frame=finished(consulates, kind="consulate", origin=origin, directed=True), origin=origin)
