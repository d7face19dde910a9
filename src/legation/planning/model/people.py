"""Rows of people: a flow from each class of needs to the positions that can meet it.

Steps, each over all classes at once: what the slots ask of each class, the flow of classes with a choice of positions,
and what every position carries in every month. Somebody either serves whole months or by the day: a whole column
chooses where both are asked for, so that whole months still meet whole people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.model.names import NameBlock, RowName
from legation.planning.model.problem import Builder
from legation.planning.model.view import View, distinct, expand
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
    wide, _ = distinct(asked.staff_class, count=len(table.size))
    # a class that nobody is in has a row too: it asks for nothing
    wide = wide[table.size[wide] != 1]
    flows = _add_flows(b, view, asked, wide)
    carried = _carried(view, asked, wide, flows)
    _add_positions(b, view, carried)
    _add_one_place(b, view, asked, carried)
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
    """Give the members of classes one after the other: the index among `classes`, and the place in the table."""
    return expand(table.offset[classes], table.offset[classes] + table.size[classes] - 1)


def _add_flows(b: Builder, view: View, asked: _Asked, wide: NDArray[np.int64]) -> NDArray[np.int64]:
    """Let what slots ask of a class flow to its positions; a flow over several months or of days stays whole."""
    table = view.data.demand.class_table
    index, place = _members(table, wide)
    several = ((table.last > table.first) | table.by_days)[wide]
    flows = b.add_columns(
        len(index),
        upper=view.data.crew.heads[table.position[place]].astype(float),
        integer=several[index] if len(wide) else False,
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


@dataclass(frozen=True)
class _Carried:
    """What a column takes of a unit in a month, one entry each.

    Attributes
    ----------
    key
        Unit times the horizon plus month.
    column, count
        The column and how many places it stands for.
    days
        Working days of each place, 0 for the whole month.
    staff_class
        The class that the places are of.
    mission
        The mission whose places no person may fill twice, else -1.
    """

    key: NDArray[np.int64]
    column: NDArray[np.int64]
    count: NDArray[np.float64]
    days: NDArray[np.int64]
    by_days: NDArray[np.bool_]
    staff_class: NDArray[np.int64]
    mission: NDArray[np.int64]


def _carried(view: View, asked: _Asked, wide: NDArray[np.int64], flows: NDArray[np.int64]) -> _Carried:
    data, table = view.data, view.data.demand.class_table
    lone = (table.size == 1)[asked.staff_class]
    own_class = asked.staff_class[lone]
    index, place = _members(table, wide)
    # one entry for each span of months in which a column takes a position: slots of lone classes, then flows
    staff_class = np.concatenate([own_class, wide[index]])
    where = np.concatenate([table.offset[own_class], place])
    column = np.concatenate([asked.column[lone], flows])
    count = np.concatenate([asked.count[lone], np.ones(len(flows))])
    span, month = expand(table.first[staff_class], table.last[staff_class])
    staff_class, where = staff_class[span], where[span]
    return _Carried(
        data.crew.unit[table.position[where], month] * data.horizon + month,
        column[span],
        count[span],
        table.days[where],
        table.by_days[staff_class],
        staff_class,
        table.mission[staff_class],
    )


def _add_positions(b: Builder, view: View, carried: _Carried) -> None:
    """Keep every position within its people, and who serves by the day within the days, in every month."""
    crew, horizon = view.data.crew, view.data.horizon
    whole, by_days = ~carried.by_days, carried.by_days
    used, below = distinct(carried.key[whole], count=crew.unit.size)
    rows = below[carried.key[whole]]
    asked, below = distinct(carried.key[by_days], count=crew.unit.size)
    lines = below[carried.key[by_days]]
    unit, when = used // horizon, used % horizon
    # where whole months and days meet, a column says whether somebody serves by the day
    both = np.isin(asked, used)
    serves = b.add_columns(int(both.sum()), integer=True)
    names = NameBlock("position", len(used), lambda n: RowName("position", crew.positions[unit[n]].id, int(when[n])))
    b.add_rows(
        names,
        np.concatenate([rows, np.searchsorted(used, asked[both])]),
        np.concatenate([carried.column[whole], serves]),
        np.concatenate([carried.count[whole], np.ones(len(serves))]),
        upper=crew.capacity()[unit, when].astype(float),
    )
    if not len(asked):
        return
    most = float(view.data.demand.working_days)
    days_names = NameBlock(
        "days",
        len(asked),
        lambda n: RowName("days", crew.positions[asked[n] // horizon].id, int(asked[n] % horizon)),
    )
    b.add_rows(
        days_names,
        np.concatenate([lines, np.flatnonzero(both)]),
        np.concatenate([carried.column[by_days], serves]),
        np.concatenate([(carried.count * carried.days)[by_days], np.full(len(serves), -most)]),
        upper=np.where(both, 0.0, most),
    )


def _add_one_place(b: Builder, view: View, asked: _Asked, carried: _Carried) -> None:
    """Let no person fill two places of one mission."""
    own = np.flatnonzero(carried.mission >= 0)
    if not len(own):
        return
    data, size = view.data, view.data.crew.unit.size
    key = carried.mission[own] * size + carried.key[own]
    used, rows = np.unique(key, return_inverse=True)
    # a person that only one place of the mission asks for cannot fill two
    most = np.zeros(len(data.demand.classes))
    np.maximum.at(most, asked.staff_class, asked.count)
    several = np.bincount(rows, most[carried.staff_class[own]]) > 1
    kept, own = several[rows], own[several[rows]]
    used, rows = used[several], (np.cumsum(several) - 1)[rows[kept]]
    names = NameBlock(
        "place",
        len(used),
        lambda n: RowName("place", data.missions[used[n] // size].id, int(used[n] % size % data.horizon)),
    )
    b.add_rows(names, rows, carried.column[own], carried.count[own], upper=1.0)
