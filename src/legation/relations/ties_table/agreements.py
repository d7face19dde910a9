"""Bilateral agreements on defence cooperation (DCAD)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished, year_end

__all__ = ["agreement_ties"]


def agreement_ties(reader: Reader) -> Iterator[Built]:
    """Yield defence cooperation agreements from the day in force, or of signature where that is not known.

    Only a recorded end closes one: the source's estimated end years are guesses of its authors and stand in none.
    """
    origin, rows = reader.origin("dcad"), reader.tables("dcad")
    in_force = pl.col("EIFYear") > 0
    parts = {
        name: pl.when(in_force).then(pl.col(f"EIF{name}")).otherwise(pl.col(f"sign{name}")).cast(pl.Int64, strict=False)
        for name in ("Year", "Month", "Day")
    }
    dated = rows.select(
        actor_a="ccode1",
        actor_b="ccode2",
        year=parts["Year"],
        month=parts["Month"],
        day=parts["Day"],
        label=pl.concat_str(pl.lit("defence cooperation, "), pl.col("type"), pl.lit(": "), pl.col("category1")),
        strength=pl.when(pl.col("type") == "general").then(0.6).otherwise(0.3),
        final=pl.when(pl.col("terminated") == 1).then(pl.col("endYearEstimate")),
    )
    undated = dated.filter(pl.col("year").is_null() | (pl.col("year") <= 0))
    reader.leave_out(undated, "year", table="dcad", reason="no year of signature or entry into force")
    dated = reader.actors(dated.filter(pl.col("year") > 0), ("actor_a", "actor_b"), table="dcad")
    month = pl.col("month").is_between(1, 12)
    day = month & pl.col("day").is_between(1, 31)
    start = pl.date(
        pl.col("year"), pl.when(month).then(pl.col("month")).otherwise(1), pl.when(day).then(pl.col("day")).otherwise(1)
    )
    frame = dated.with_columns(
        start=start,
        end=pl.when(pl.col("final") >= pl.col("year")).then(year_end(pl.col("final"))),
        precision=pl.when(day).then(pl.lit("day")).when(month).then(pl.lit("month")).otherwise(pl.lit("year")),
    )
    yield Built(frame=finished(frame, kind="agreement", origin=origin), origin=origin)
