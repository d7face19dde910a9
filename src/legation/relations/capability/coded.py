"""Read yearly tables that are kept under a source's own codes, for a set of actors at a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from legation.actors.lookup import actor as actor_by_id
from legation.actors.lookup import code
from legation.actors.types import CodeSystem
from legation.relations.succession import continuations

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["OLDEST", "coded_years", "latest_of", "number"]

OLDEST: Final = 10
"""Years that a yearly figure may be carried, by name, before it says nothing."""


def coded_years(
    world: World, table: str, actors: Iterable[str], *, as_of: date, system: CodeSystem = "cow", column: str = "ccode"
) -> pl.DataFrame:
    """Return the rows of actors in the eleven years up to a date, with `actor`, by the code each held in the year.

    A former state whose seat an actor continues stands for it before the day on which it did.
    """
    years = range(as_of.year - OLDEST, as_of.year + 1)
    former = {one.state: one for one in continuations(actors, on=as_of)}
    keys = []
    for actor in actors:
        for year in years:
            who, last = actor, date(year, 12, 31)
            if actor in former and last < former[actor].from_day:
                who = former[actor].former
            held = code(actor_by_id(who), system=system, on=last)
            if held is not None:
                keys.append((actor, int(held), year))
    wanted = pl.DataFrame(keys, schema={"actor": pl.String, column: pl.Int64, "year": pl.Int64}, orient="row")
    rows = world.filter(table, pl.col("year").is_between(years.start, as_of.year))
    named = rows.with_columns(pl.col(column).cast(pl.Int64), pl.col("year").cast(pl.Int64))
    return wanted.join(named, on=[column, "year"], how="inner", maintain_order="left")


def latest_of(rows: pl.DataFrame, value: str) -> pl.DataFrame:
    """Return each actor's last row in which a value is known; the publishers' negative codes are not values."""
    known = rows.filter(pl.col(value).is_not_null(), pl.col(value) >= 0)
    return known.sort("actor", "year").group_by("actor", maintain_order=True).last()


def number(value: float, digits: int = 3) -> float:
    """Return a figure with so many significant digits, so that it does not look more exact than its source."""
    return float(f"{value:.{digits}g}") + 0.0
