"""Militarised disputes (MID, GML), wars, and armed conflict with or against each other (COW, UCDP)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start

__all__ = ["conflict_ties", "cow_disputes", "cow_wars", "gml_disputes"]

_BY_LEVEL: Final = {1: 0.1, 2: 0.3, 3: 0.5, 4: 0.8, 5: 1.0}
_LEVEL_WORDS: Final = {1: "no action", 2: "threat of force", 3: "show of force", 4: "use of force", 5: "war"}
_WAR, _MINOR = 1.0, 0.7
_OPPOSING: Final = 0.6


def cow_disputes(reader: Reader) -> Iterator[Built]:
    """Yield the disputes of the Correlates of War."""
    yield _disputes(reader, "cow_mid_ddydisps", onset="cowmidonset")


def gml_disputes(reader: Reader) -> Iterator[Built]:
    """Yield the disputes of Gibler, Miller and Little, where those of the Correlates of War are not held."""
    yield _disputes(reader, "gml_mid_ddydisps", onset="gmlmidonset")


def _disputes(reader: Reader, table: str, *, onset: str) -> Built:
    """Return one tie for each dispute and pair, from its first month to its last year, at its highest level.

    The month is that in which the dispute began; a pair that came in in a later year has the year alone.
    """
    origin, years = reader.origin(table), reader.tables(table)
    named = reader.actors(
        years.select(
            "dispnum",
            "year",
            "hostlev1",
            "hostlev2",
            actor_a="ccode1",
            actor_b="ccode2",
            month=pl.when((pl.col(onset) == 1) & pl.col("stmon").is_between(1, 12)).then(pl.col("stmon")),
        ),
        ("actor_a", "actor_b"),
        table=table,
    )
    sides = [pl.min_horizontal("actor_a", "actor_b").alias("a"), pl.max_horizontal("actor_a", "actor_b").alias("b")]
    pairs = named.group_by("dispnum", *sides).agg(
        pl.col("year").min().alias("first"),
        pl.col("year").max().alias("final"),
        pl.max_horizontal("hostlev1", "hostlev2").max().alias("level"),
        pl.col("month").sort_by("year").first(),
    )
    unknown = pairs.filter(~pl.col("level").is_in(list(_BY_LEVEL)))
    reader.leave_out(unknown, "level", table=table, reason="no hostility level from 1 to 5")
    frame = pairs.filter(pl.col("level").is_in(list(_BY_LEVEL))).select(
        actor_a="a",
        actor_b="b",
        start=pl.date(pl.col("first"), pl.col("month").fill_null(1), 1),
        end=year_end(pl.col("final")),
        precision=pl.when(pl.col("month").is_null()).then(pl.lit("year")).otherwise(pl.lit("month")),
        amount=pl.col("level").cast(pl.Float64),
        label=pl.concat_str(
            pl.col("level").replace_strict(_LEVEL_WORDS, return_dtype=pl.String),
            pl.lit(", dispute "),
            pl.col("dispnum"),
        ),
        strength=pl.col("level").replace_strict(_BY_LEVEL, return_dtype=pl.Float64),
    )
    return Built(frame=finished(frame, kind="dispute", origin=origin), origin=origin)


def cow_wars(reader: Reader) -> Iterator[Built]:
    """Yield the interstate wars of the Correlates of War between opposing sides."""
    origin, years = reader.origin("cow_war_inter"), reader.tables("cow_war_inter")
    opposed = years.filter(pl.col("sidea1") != pl.col("sidea2"))
    named = reader.actors(
        opposed.select("warnum", "year", actor_a="ccode1", actor_b="ccode2"),
        ("actor_a", "actor_b"),
        table="cow_war_inter",
    )
    sides = [pl.min_horizontal("actor_a", "actor_b").alias("a"), pl.max_horizontal("actor_a", "actor_b").alias("b")]
    pairs = named.group_by("warnum", *sides).agg(
        pl.col("year").min().alias("first"), pl.col("year").max().alias("final")
    )
    frame = pairs.select(
        actor_a="a",
        actor_b="b",
        start=year_start(pl.col("first")),
        end=year_end(pl.col("final")),
        precision=pl.lit("year"),
        label=pl.concat_str(pl.lit("war "), pl.col("warnum")),
        strength=pl.lit(_WAR),
    )
    yield Built(frame=finished(frame, kind="war", origin=origin), origin=origin)


def conflict_ties(reader: Reader) -> Iterator[Built]:
    """Yield fighting between two states, troops against each other's side, and troops side by side, year by year.

    The first row of a stretch begins on the first day of the fighting, where the source gives it.
    """
    origin, rows = reader.origin("conflict_dyads"), reader.tables("conflict_dyads")
    last = year_end(pl.col("year"))
    for kind, column, since, strength, label in (
        ("war", "interstate", "fought_since", _graded("interstate", 1.0), "armed conflict"),
        ("opposition", "opposed", "support_since", _graded("opposed", _OPPOSING), "troops with the other's opponents"),
        ("support", "together", "support_since", 1 - 0.5 ** pl.col("together"), "troops with the other"),
    ):
        begun = pl.col(since).is_not_null() & (pl.col(since).dt.year() == pl.col("year"))
        frame = rows.filter(pl.col(column) > 0).select(
            actor_a="a",
            actor_b="b",
            start=pl.when(begun).then(pl.col(since)).otherwise(year_start(pl.col("year"))),
            end=last,
            precision=pl.lit("year"),
            label=pl.lit(label),
            amount=pl.col(column).cast(pl.Float64),
            strength=strength,
            known=last + pl.duration(days=origin.lag_days),
        )
        yield Built(frame=finished(frame, kind=kind, origin=origin), origin=origin)


def _graded(column: str, weight: float) -> pl.Expr:
    """Return the strength of an intensity: 1 minor, 2 war."""
    return pl.when(pl.col(column) == 2).then(_WAR * weight).otherwise(_MINOR * weight)
