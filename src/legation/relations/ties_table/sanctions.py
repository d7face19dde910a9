"""Sanctions of one actor on another (GSDB), by case."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start

__all__ = ["sanction_ties"]

_AS_MEMBER_OF_THE_UN = 0.25  # Charter, article 25: all members carry out the Council's decisions, whatever they think
_WORDS = ("trade", "arms", "military", "financial", "travel", "other")


def sanction_ties(reader: Reader) -> Iterator[Built]:
    """Yield each case between a sender and a target; one that went on when the source ended is open."""
    origin, rows = reader.origin("gsdb_dyads"), reader.tables("gsdb_dyads")
    words = [pl.when(pl.col(word) == 1).then(pl.lit(word)) for word in _WORDS]
    has = {word: pl.col(word) == 1 for word in _WORDS}
    frame = rows.select(
        actor_a="sender",
        actor_b="target",
        start=year_start(pl.col("begin")),
        end=pl.when(~pl.col("ongoing")).then(year_end(pl.col("end"))),
        precision=pl.lit("year"),
        label=pl.concat_str(words, separator=", ", ignore_nulls=True),
        strength=pl.when(has["trade"] & has["financial"])
        .then(1.0)
        .when(has["trade"] | has["financial"])
        .then(0.6)
        .when(has["arms"] | has["military"])
        .then(0.4)
        .otherwise(0.2),
    )
    bound = rows.get_column("sender_body") == "UN"
    frame = frame.with_columns(
        strength=pl.col("strength") * pl.when(bound.fill_null(value=False)).then(_AS_MEMBER_OF_THE_UN).otherwise(1.0)
    )
    yield Built(frame=finished(frame, kind="sanction", origin=origin, directed=True), origin=origin)
