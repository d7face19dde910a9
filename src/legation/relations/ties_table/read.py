"""Ties of a pair or of one actor, at a date, from a world's table of ties or from the tables that it holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import polars as pl

from legation.errors import InputError
from legation.evidence.known import END, KNOWN, end_known
from legation.relations.succession import with_former
from legation.relations.ties_table.kinds import KINDS, TIES_TABLE

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["begun_by", "ego_ties", "kinds_not_held", "ties_between", "ties_of", "world_ties"]

_BUILT: WeakKeyDictionary[World, pl.DataFrame] = WeakKeyDictionary()


def world_ties(world: World) -> pl.DataFrame:
    """Return all ties of a world: its table, or where it has none what its tables give, made once and kept."""
    if world.holds(TIES_TABLE):
        return world.table(TIES_TABLE)
    if world not in _BUILT:
        from legation.relations.ties_table.build import build_world_ties

        built = build_world_ties(world).frame
        if world.known_on is not None:
            known = pl.col(KNOWN) <= world.known_on
            built = built.filter(known).with_columns(end_known(END, on=world.known_on))
        _BUILT[world] = built
    return _BUILT[world]


def kinds_not_held(world: World) -> tuple[str, ...]:
    """Return the kinds of which a world has no tie at all: there a pair without one is not known to have none."""
    held = set(world_ties(world).get_column("kind").unique())
    return tuple(kind for kind in KINDS if kind not in held)


def begun_by(as_of: date) -> pl.Expr:
    """Return the condition that a tie had surely begun by a day.

    A tie of which the year or month alone is known counts once that is over: it may have begun on its last day. One
    without a known start counts.
    """
    last_year = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
    return (
        pl.when(pl.col("start").is_null())
        .then(pl.lit(value=True))
        .when(pl.col("precision") == "year")
        .then(pl.col("start").dt.year() <= last_year)
        .when(pl.col("precision") == "month")
        .then(pl.col("start").dt.month_end() <= as_of)
        .otherwise(pl.col("start") <= as_of)
    )


def ties_between(
    world: World, a: str, b: str, *, as_of: date, kinds: Iterable[str] = (), since: date | None = None
) -> pl.DataFrame:
    """Return the ties between two actors as of a date.

    Parameters
    ----------
    world
        The world.
    a, b
        Actor ids, in any order.
    as_of
        The day; ties that began later are left out, and those of which only the year or month is known until that
        is over.
    kinds
        Only these kinds; all when left out.
    since
        Leave out ties that had ended before this day.

    Returns
    -------
    pl.DataFrame
        The columns of the table of ties and `current`: whether it holds on the day. Ties of a former state whose seat
        one of the two continues are among them, under the former's id.

    Raises
    ------
    InputError
        When a kind is unknown.
    """
    one, other = with_former((a,), on=as_of), with_former((b,), on=as_of)
    between = (pl.col("actor_a").is_in(one) & pl.col("actor_b").is_in(other)) | (
        pl.col("actor_a").is_in(other) & pl.col("actor_b").is_in(one)
    )
    return ties_of(world, between, as_of=as_of, kinds=kinds, since=since)


def ego_ties(
    world: World, actor: str, *, as_of: date, kinds: Iterable[str] = (), since: date | None = None
) -> pl.DataFrame:
    """Return the ties of one actor with all others as of a date; see `ties_between`."""
    own = with_former((actor,), on=as_of)
    return ties_of(
        world, pl.col("actor_a").is_in(own) | pl.col("actor_b").is_in(own), as_of=as_of, kinds=kinds, since=since
    )


def ties_of(
    world: World, condition: pl.Expr, *, as_of: date, kinds: Iterable[str] = (), since: date | None = None
) -> pl.DataFrame:
    """Return the ties that meet a condition as of a date.

    Raises
    ------
    InputError
        When a kind is unknown.
    """
    wanted = list(dict.fromkeys(kinds))
    unknown = [kind for kind in wanted if kind not in KINDS]
    if unknown:
        raise InputError(f"There is no kind of tie {unknown[0]!r}.", remedy=f"Name one of: {', '.join(KINDS)}.")
    conditions = [condition, pl.col("start").is_null() | (pl.col("start") <= as_of), begun_by(as_of)]
    if wanted:
        conditions.append(pl.col("kind").is_in(wanted))
    if since is not None:
        conditions.append(pl.col("end").is_null() | (pl.col("end") >= since))
    held = world.filter(TIES_TABLE, *conditions) if world.holds(TIES_TABLE) else world_ties(world).filter(*conditions)
    return held.with_columns(current=pl.col("end").is_null() | (pl.col("end") >= as_of)).sort(
        "kind", "start", "label", nulls_last=True
    )
