"""Deliveries of major conventional arms (SIPRI)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start

__all__ = ["arms_ties"]


def arms_ties(reader: Reader) -> Iterator[Built]:
    """Yield each year in which one delivered major arms to the other; a value of zero is no delivery."""
    origin = reader.origin("sipri_dyad_year")
    rows = reader.tables("sipri_dyad_year").filter(pl.col("value") > 0)
    dated = rows.select(
        pl.col("year").cast(pl.Int64), actor_a="ccode1", actor_b="ccode2", amount=pl.col("value").cast(pl.Float64)
    )
    named = reader.actors(dated, ("actor_a", "actor_b"), table="sipri_dyad_year")
    frame = named.with_columns(
        start=year_start(pl.col("year")),
        end=year_end(pl.col("year")),
        precision=pl.lit("year"),
        strength=((1 + pl.col("amount")).log(10) / 4).clip(0, 1),
    )
    yield Built(frame=finished(frame, kind="arms", origin=origin, directed=True), origin=origin)
