"""Read people back from a solution: who takes which place of which mission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from legation.errors import EngineError
from legation.planning.data import PlanData
from legation.planning.model.build import Model
from legation.planning.roster import Roster

__all__ = ["match_month", "read_places", "read_staff"]


def read_staff(data: PlanData, model: Model, x: NDArray[np.float64]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Give ``(role, position)`` for every place of every chosen slot."""
    return _named(data, model.chosen(x), read_places(data, model, x))


def read_places(data: PlanData, model: Model, x: NDArray[np.float64]) -> dict[int, list[int]]:
    """Give the positions that fill each demand row of the chosen slots.

    Missions of several months and needs by the day take the positions that their class's whole flow gives; whole
    months are matched one by one with what is left, which is possible because a bipartite flow is integral.

    Raises
    ------
    EngineError
        When the solution's flows do not staff its missions.
    """
    slots = model.chosen(x)
    rows = [int(row) for slot in slots for row in data.demands(int(slot))]
    roster = Roster(data)
    chosen: dict[int, list[int]] = {}
    long, short = _split(data, rows)
    supply = _supply(data, model, x)
    for row in long:
        number = int(data.demand.staff_class[row])
        item = data.demand.classes[number]
        if len(item.positions) > 1:
            chosen[row] = [supply[number].pop() for _ in range(int(data.demand.count[row])) if supply[number]]
        else:
            chosen[row] = [item.positions[0]] * int(data.demand.count[row])
        for position in chosen[row]:
            roster.take(row, position)
    by_month: defaultdict[int, list[int]] = defaultdict(list)
    for row in short:
        by_month[data.demand.classes[data.demand.staff_class[row]].first].append(row)
    for month, own in by_month.items():
        found = match_month(data, own, month=month, free=roster.free[:, month])
        if found is None:
            raise EngineError(f"The plan's missions of {data.month(month)} cannot be staffed as solved.")
        chosen.update(found)
    if any(len(chosen[row]) < data.demand.count[row] for row in rows) or not roster.sound:
        raise EngineError("The solution's staff flow does not cover its missions.")
    return chosen


def _split(data: PlanData, rows: Sequence[int]) -> tuple[list[int], list[int]]:
    long = [row for row in rows if not data.demand.classes[data.demand.staff_class[row]].flexible]
    short = [row for row in rows if data.demand.classes[data.demand.staff_class[row]].flexible]
    return long, short


def _supply(data: PlanData, model: Model, x: NDArray[np.float64]) -> dict[int, list[int]]:
    out = {}
    for number, columns in model.flows:
        item = data.demand.classes[number]
        whole = np.round(x[columns]).astype(int)
        out[number] = [position for position, count in zip(item.positions, whole, strict=True) for _ in range(count)]
    return out


def match_month(
    data: PlanData, rows: Sequence[int], *, month: int, free: NDArray[np.int64]
) -> dict[int, list[int]] | None:
    """Match whole-month places of one-month missions with the people free in a month; None where it cannot be done.

    Parameters
    ----------
    data
        The desk.
    rows
        Demand rows of the month.
    month, free
        The month, and the people each unit has left in it, shape (P,).
    """
    places = [row for row in rows for _ in range(int(data.demand.count[row]))]
    heads = np.repeat(np.arange(len(free)), np.maximum(free, 0))
    of_unit = [np.flatnonzero(heads == unit) for unit in range(len(free))]
    line: list[int] = []
    column: list[int] = []
    for place, row in enumerate(places):
        for position in data.demand.classes[data.demand.staff_class[row]].positions:
            own = of_unit[data.crew.unit[position, month]]
            line.extend([place] * len(own))
            column.extend(own.tolist())
    if not places:
        return {}
    graph = csr_matrix((np.ones(len(line), np.int8), (line, column)), shape=(len(places), len(heads)))
    graph.sum_duplicates()
    found = maximum_bipartite_matching(graph, perm_type="column")
    if (found < 0).any():
        return None
    out: defaultdict[int, list[int]] = defaultdict(list)
    for row, head in zip(places, found, strict=True):
        unit = heads[head]
        out[row].append(
            next(
                position
                for position in data.demand.classes[data.demand.staff_class[row]].positions
                if data.crew.unit[position, month] == unit
            )
        )
    return dict(out)


def _named(
    data: PlanData, slots: NDArray[np.int64], chosen: dict[int, list[int]]
) -> dict[int, tuple[tuple[str, str], ...]]:
    out: dict[int, tuple[tuple[str, str], ...]] = {}
    for slot in slots.tolist():
        pairs = [
            (data.demand.needs[data.demand.need[row]].role, data.crew.positions[position].id)
            for row in data.demands(slot).tolist()
            for position in chosen.get(row, [])
        ]
        out[slot] = tuple(pairs)
    return out
