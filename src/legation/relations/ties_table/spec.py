"""The table of ties as a table of a world: its columns, and how a world's measures make it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from legation.evidence.tables import Column, TableSpec
from legation.relations.ties_table.build import TiesResult, build_world_ties
from legation.relations.ties_table.kinds import KINDS, TIES_TABLE, UNREAD_TABLE

if TYPE_CHECKING:
    from datetime import date

    from legation.evidence.world import World

__all__ = ["ties_measure", "ties_spec", "unread_spec"]

_COLUMNS = (
    Column("actor_a", pl.String, "the actor it goes from; of an undirected tie the first in alphabetical order"),
    Column("actor_b", pl.String, "the actor it goes to; of an undirected tie the second"),
    Column("directed", pl.Boolean, "goes from actor_a to actor_b"),
    Column("kind", pl.String, f"one of {', '.join(KINDS)}"),
    Column("label", pl.String, "what it is in a few words: the treaty, exercise, mission, case or dispute"),
    Column("start", pl.Date, "first day it is known for; missing where not known", nullable=True),
    Column("end", pl.Date, "last day; missing where it has not ended", nullable=True),
    Column("precision", pl.String, "how exactly the start is known: day, month or year"),
    Column("strength", pl.Float64, "in [0, 1], by the rule of its kind"),
    Column("amount", pl.Float64, "the source's own value", nullable=True),
    Column("unit", pl.String, "the unit of the amount"),
    Column("source_table", pl.String, "table of the world that it was read from; facts for the record of acts"),
    Column("source", pl.String, "title of the source"),
    Column("version", pl.String, "its version"),
    Column("use", pl.String, "what its licence allows"),
    Column("known", pl.Date, "day on which the source had said so: its own, else the period of the start plus its lag"),
)
_UNREAD = (
    Column("source_table", pl.String, "table of the world"),
    Column("column", pl.String, "column that could not be read"),
    Column("value", pl.String, "its value"),
    Column("reason", pl.String, "why"),
    Column("rows", pl.Int64, "rows with this value", "rows"),
)
_METHOD = "each kind by its own rule: docs/reference/ties.md"


def ties_measure(world: World) -> Iterator[tuple[TableSpec, pl.DataFrame]]:
    """Yield the world's table of ties, and the values that could not be read if there are any, with specifications."""
    result = build_world_ties(world)
    yield ties_spec(result, world=world), result.frame
    if not result.unread.is_empty():
        yield unread_spec(result, world=world), result.unread


def ties_spec(result: TiesResult, *, world: World) -> TableSpec:
    """Return the specification of a table of ties: its sources are those of the tables that gave rows."""
    first, last = _span(result, world)
    return TableSpec(
        name=TIES_TABLE,
        title="Ties between two actors: treaties, presence, exchanges, aid, quarrels",
        source="",
        sources=_sources(result, world),
        key=(),
        columns=_COLUMNS,
        kind="series",
        first=first,
        last=last,
        time=("start",),
        ship=all(origin.ship for origin in result.sources),
        method=_METHOD,
    )


def unread_spec(result: TiesResult, *, world: World) -> TableSpec:
    """Return the specification of the table of values that gave no tie."""
    first, last = _span(result, world)
    return TableSpec(
        name=UNREAD_TABLE,
        title="Values of sources that gave no tie, with reasons",
        source="",
        sources=_sources(result, world),
        key=("source_table", "column", "value", "reason"),
        columns=_UNREAD,
        kind="static",
        first=first,
        last=last,
        ship=all(origin.ship for origin in result.sources),
        method=_METHOD,
    )


def _sources(result: TiesResult, world: World) -> tuple[str, ...]:
    tables = [origin.table for origin in result.sources if origin.table != "facts"]
    return tuple(dict.fromkeys(name for table in tables for name in world.info(table).sources))


def _span(result: TiesResult, world: World) -> tuple[date, date]:
    """Return the days between which the tables speak; the record of acts has none of its own and takes the world's."""
    infos = [world.info(origin.table) for origin in result.sources if origin.table != "facts"]
    infos = infos or list(world.describe())
    return min(info.first for info in infos), max(info.last for info in infos)
