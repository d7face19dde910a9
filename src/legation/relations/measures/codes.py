"""Actors for the publishers' state codes in the tables that measures are computed from."""

from __future__ import annotations

import polars as pl

from legation.actors.types import CodeSystem
from legation.evidence.codes import dated_actor_or_none, days_of_year

__all__ = ["pairs_with_actors", "with_actors"]


def pairs_with_actors(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace the COW codes a and b of undirected pairs by actors, each pair in alphabetical order, once a year.

    In a year in which a code passed from one number to another (Germany in 1990), an actor holds two; the first row of
    the pair counts.
    """
    named = with_actors(frame, ("a", "b")).filter(pl.col("a") != pl.col("b"))
    turned = pl.col("a") > pl.col("b")
    ordered = named.with_columns(
        pl.when(turned).then(pl.col("b")).otherwise(pl.col("a")).alias("a"),
        pl.when(turned).then(pl.col("a")).otherwise(pl.col("b")).alias("b"),
    )
    return ordered.unique(["a", "b", "year"], keep="first", maintain_order=True)


def with_actors(
    frame: pl.DataFrame, codes: tuple[str, ...], *, system: CodeSystem = "cow", year: str = "year"
) -> pl.DataFrame:
    """Replace columns of state codes by the actors that held them in the row's year; rows without one are left out.

    A code counts for the actor that held it at the end of the year, else in its middle, else at its beginning.

    Parameters
    ----------
    frame
        Rows with code columns and a year.
    codes
        The columns of codes.
    system
        The code system, ``cow`` or ``gw``.
    year
        The column of the year.
    """
    for column in codes:
        pairs = frame.select(pl.col(column).alias("code"), pl.col(year).alias("when")).unique().drop_nulls()
        actors = [
            dated_actor_or_none(system, str(int(code)), days=days_of_year(int(when))) for code, when in pairs.rows()
        ]
        named = pairs.with_columns(pl.Series("actor", actors, dtype=pl.String))
        frame = (
            frame.join(named, left_on=[column, year], right_on=["code", "when"], how="left")
            .with_columns(pl.col("actor").alias(column))
            .drop("actor")
        )
    return frame.drop_nulls(list(codes))
