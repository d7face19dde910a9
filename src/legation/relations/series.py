"""How two actors stood to each other over the years: one answer a year, each from the evidence up to its own day."""

from __future__ import annotations

from datetime import date

import msgspec

from legation.actors.lookup import actor as actor_by_id
from legation.errors import InputError
from legation.evidence.world import World, open_world
from legation.relations.answer import TABLES_READ, relation
from legation.relations.types import Relation

__all__ = ["RelationSeries", "relation_series"]

_MOST_YEARS = 250


class RelationSeries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers of one pair for the same day of each year, oldest first.

    `missing` holds the years in which one of the two did not exist on that day.
    """

    a: str
    b: str
    name_a: str
    name_b: str
    relations: tuple[Relation, ...]
    missing: tuple[int, ...]
    world_hash: str


def relation_series(
    a: str,
    b: str,
    *,
    first: int,
    last: int,
    month: int = 12,
    day: int = 31,
    world: World | None = None,
) -> RelationSeries:
    """Say how two actors stood on the same day of each year.

    Parameters
    ----------
    a, b
        Actor ids.
    first, last
        The first and the last year, both included.
    month, day
        The day of the year; its end when left out.
    world
        The world to read; the baseline when left out.

    Returns
    -------
    RelationSeries
        Each answer uses evidence up to its own day only, so that a later one changes nothing in an earlier one.

    Raises
    ------
    InputError
        When the years are reversed or too many, or the two never existed on that day in any of them.
    UnknownActorError
        When an id is nobody's.
    """
    if not first <= last <= first + _MOST_YEARS:
        raise InputError(
            f"The years {first} to {last} are no span of up to {_MOST_YEARS} years.",
            remedy="Give a first year no later than the last, and fewer years.",
        )
    read = world or open_world()
    for table in TABLES_READ:
        if read.holds(table):
            read.table(table)  # once for all years; single answers read only their own rows
    days = [date(year, month, day) for year in range(first, last + 1)]
    both = actor_by_id(a), actor_by_id(b)
    there = [on for on in days if all(one.exists(on) for one in both)]
    if not there:
        raise InputError(
            f"{both[0].name} and {both[1].name} do not both exist on any {month:02}-{day:02} from {first} to {last}.",
            remedy="Ask for years in which both exist.",
        )
    return RelationSeries(
        a=a,
        b=b,
        name_a=both[0].name,
        name_b=both[1].name,
        relations=tuple(relation(a, b, as_of=on, world=read) for on in there),
        missing=tuple(on.year for on in days if on not in there),
        world_hash=read.content_hash,
    )
