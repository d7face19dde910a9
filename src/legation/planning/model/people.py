"""Rows of people: a flow from each class of needs to the positions that can meet it.

Three steps, each over all classes at once: what the slots ask of each class, the flow of classes with a choice of
positions, and what every position carries in every month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.model.names import NameBlock, RowName
from legation.planning.model.problem import Builder
from legation.planning.model.view import View, expand
from legation.planning.staffing import ClassTable

__all__ = ["add_staff"]


@dataclass(frozen=True)
class _Asked:
    """What slots ask of classes, one entry each: class, column and number of people."""

    staff_class: NDArray[np.int64]
    column: NDArray[np.int64]
    count: NDArray[np.float64]


def add_staff(b: Builder, view: View) -> tuple[tuple[int, NDArray[np.int64]], ...]:
    """Staff every slot from positions; give the columns of each class of needs."""
    table = view.data.demand.class_table
    asked = _asked(view)
    wide = np.unique(asked.staff_class)
    # a class that nobody is in has a row too: it asks for nothing
    wide = wide[table.size[wide] != 1]
    flows = _add_flows(b, view, asked, wide)
    _add_positions(b, view, asked, wide, flows)
    offsets = np.concatenate(([0], np.cumsum(table.size[wide])))
    return tuple(
        (int(number), flows[begin:end]) for number, begin, end in zip(wide, offsets[:-1], offsets[1:], strict=True)
    )


def _asked(view: View) -> _Asked:
    demand = view.data.demand
    column = np.full(len(view.data.slots.option), -1, np.int64)
    column[view.slots] = view.x
    rows = np.flatnonzero(column[demand.slot] >= 0)
    return _Asked(demand.staff_class[rows], column[demand.slot[rows]], demand.count[rows].astype(float))


def _members(table: ClassTable, classes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the positions of classes one after the other: the index among `classes`, and the position."""
    index, place = expand(table.offset[classes], table.offset[classes] + table.size[classes] - 1)
    return index, table.position[place]


def _add_flows(b: Builder, view: View, asked: _Asked, wide: NDArray[np.int64]) -> NDArray[np.int64]:
    """Let what slots ask of a class flow to its positions; a flow over several months stays whole."""
    table = view.data.demand.class_table
    index, position = _members(table, wide)
    several = (table.last > table.first)[wide]
    flows = b.add_columns(
        len(index), upper=view.data.crew.heads[position].astype(float), integer=several[index] if len(wide) else False
    )
    row_of = np.full(len(table.size), -1, np.int64)
    row_of[wide] = np.arange(len(wide))
    own = row_of[asked.staff_class] >= 0
    names = NameBlock(
        "staff_class",
        len(wide),
        lambda n: RowName("staff_class", "", int(table.first[wide[n]]), int(wide[n])),
    )
    b.add_rows(
        names,
        np.concatenate([row_of[asked.staff_class[own]], index]),
        np.concatenate([asked.column[own], flows]),
        np.concatenate([asked.count[own], np.full(len(flows), -1.0)]),
        upper=0.0,
    )
    return flows


def _add_positions(b: Builder, view: View, asked: _Asked, wide: NDArray[np.int64], flows: NDArray[np.int64]) -> None:
    """Keep every position within its people in every month."""
    data, table = view.data, view.data.demand.class_table
    crew, horizon = data.crew, data.horizon
    lone = (table.size == 1)[asked.staff_class]
    own_class = asked.staff_class[lone]
    index, position = _members(table, wide)
    # one entry for each span of months in which a column takes a position: slots of lone classes, then flows
    first = np.concatenate([table.first[own_class], table.first[wide][index]])
    last = np.concatenate([table.last[own_class], table.last[wide][index]])
    place = np.concatenate([table.position[table.offset[own_class]], position])
    column = np.concatenate([asked.column[lone], flows])
    count = np.concatenate([asked.count[lone], np.ones(len(flows))])
    span, month = expand(first, last)
    key = crew.unit[place[span], month] * horizon + month
    used, rows = np.unique(key, return_inverse=True)
    unit, when = used // horizon, used % horizon
    names = NameBlock("position", len(used), lambda n: RowName("position", crew.positions[unit[n]].id, int(when[n])))
    b.add_rows(names, rows, column[span], count[span], upper=crew.capacity()[unit, when].astype(float))
