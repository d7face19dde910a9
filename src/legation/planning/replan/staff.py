"""Staff a plan so that as many people as possible keep the missions they were promised."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from legation.errors import EngineError
from legation.planning.engines.base import Engine, Request
from legation.planning.model.build import build_model
from legation.planning.model.extend import Extension
from legation.planning.replan.disruption import Columns, Disruption, add_disruption
from legation.planning.roster import Roster

__all__ = ["Kept", "keep_staff"]

_NEVER = 1e6
"""Cost of a pair that must not be matched: above any sum of weights."""


@dataclass(frozen=True, eq=False)
class Kept:
    """A staffing: the positions of each demand row, and the disruption that its kept places save."""

    places: dict[int, list[int]]
    saved: float


def keep_staff(disruption: Disruption, slots: Sequence[int], engine: Engine) -> Kept:
    """Staff these slots with the most kept places by weight.

    Needs over several months, or by the day, compete with each other and are staffed by a small whole-number problem;
    whole months of one-month missions are matched month by month with what is left.

    Raises
    ------
    EngineError
        When the slots cannot be staffed.
    """
    data = disruption.standing.data
    demand = data.demand
    rows = [row for slot in slots for row in data.demands(int(slot)).tolist()]
    bound = [row for row in rows if not demand.classes[demand.staff_class[row]].flexible]
    places: dict[int, list[int]] = {}
    if any(len(demand.classes[demand.staff_class[row]].positions) > 1 for row in bound):
        places |= _whole(disruption, slots, bound, engine)
    else:
        places |= {
            row: [demand.classes[demand.staff_class[row]].positions[0]] * int(demand.count[row]) for row in bound
        }
    roster = Roster(data)
    for row, own in places.items():
        for position in own:
            roster.take(row, position)
    by_month: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        item = demand.classes[demand.staff_class[row]]
        if item.flexible:
            by_month[item.first].append(row)
    if not roster.sound:
        raise EngineError("The solution's staff flow does not cover its missions.")
    for month, own in by_month.items():
        places |= _month(disruption, own, month=month, free=roster.free[:, month])
    return Kept(places, sum(_saved(disruption, row, own) for row, own in places.items()))


def _saved(disruption: Disruption, row: int, places: Sequence[int]) -> float:
    slot = int(disruption.standing.data.demand.slot[row])
    held = disruption.kept_of.get(slot, {}).get(row, [])
    now = Counter(places)
    count = min(len(places), sum(min(sum(now[one] for one in item.positions), item.count) for item in held))
    return count * max((item.weight for item in held), default=0.0)


def _whole(disruption: Disruption, slots: Sequence[int], rows: Sequence[int], engine: Engine) -> dict[int, list[int]]:
    """Solve for staff that has to be whole, with the rest beside it, then read it."""
    data = disruption.standing.data
    base = build_model(data, slots=np.sort(np.asarray(slots, np.int64)), with_value=False)
    extension = Extension(base)
    columns = add_disruption(extension, disruption)
    wide = extension.model()
    problem = wide.problem
    cost = np.zeros(len(problem.cost))
    cost[columns.columns] = -columns.values
    lower, upper = problem.lower.copy(), problem.upper.copy()
    fixed = len(base.slots) + len(base.options)
    lower[:fixed], cost[:fixed] = 1.0, 0.0
    problem = type(problem)(cost, lower, upper, *(getattr(problem, name) for name in _REST))
    answer = engine.solve(problem, Request(gap=1e-9, seconds=30.0))
    if answer.x is None:
        raise EngineError("The plan's missions cannot be staffed.", remedy="Report the desk that led to it.")
    x = np.rint(answer.x).astype(int)
    supply = {}
    for number, own in base.flows:
        item = data.demand.classes[number]
        supply[number] = Counter(dict(zip(item.positions, x[own].tolist(), strict=True)))
    out: dict[int, list[int]] = {row: [] for row in rows}
    _give_kept(disruption, columns, x, out, supply)
    for row in rows:
        item = data.demand.classes[data.demand.staff_class[row]]
        left = supply.get(int(data.demand.staff_class[row]))
        while len(out[row]) < data.demand.count[row]:
            if left is None:
                out[row].append(item.positions[0])
                continue
            position = next((place for place, count in left.items() if count > 0), None)
            if position is None:
                raise EngineError("The solution's staff flow does not cover its missions.")
            left[position] -= 1
            out[row].append(position)
    return out


_REST = ("integer", "matrix", "row_lower", "row_upper")


def _give_kept(
    disruption: Disruption,
    columns: Columns,
    x: NDArray[np.int64],
    out: dict[int, list[int]],
    supply: dict[int, Counter[int]],
) -> None:
    demand = disruption.standing.data.demand
    for item, column in zip(disruption.kept, columns.kept.tolist(), strict=True):
        if column < 0 or item.row not in out:
            continue
        left = supply[int(demand.staff_class[item.row])]
        for _ in range(int(x[column])):
            position = next((one for one in item.positions if left[one] > 0), None)
            if position is not None:
                out[item.row].append(position)
                left[position] -= 1


def _month(disruption: Disruption, rows: Sequence[int], *, month: int, free: NDArray[np.int64]) -> dict[int, list[int]]:
    """Match one month's places with free people, at the least weight of places that change hands."""
    data = disruption.standing.data
    heads = np.repeat(np.arange(len(free)), np.maximum(free, 0))
    units = data.crew.unit[:, month]
    lines: list[tuple[int, dict[int, float]]] = []
    for row in rows:
        held = disruption.kept_of.get(int(data.demand.slot[row]), {}).get(row, [])
        before = [item for item in held for _ in range(item.count)]
        count = int(data.demand.count[row])
        worth: list[dict[int, float]] = [{} for _ in range(count)]
        for number, item in enumerate(before):
            # places of a row are alike, so each former holder may have a place of its own
            worth[number % count].update(dict.fromkeys(item.positions, item.weight))
        lines += [(row, own) for own in worth]
    cost = np.full((len(lines), len(heads)), _NEVER)
    for line, (row, worth_of) in enumerate(lines):
        for position in data.demand.classes[data.demand.staff_class[row]].positions:
            own = heads == units[position]
            cost[line, own] = np.minimum(cost[line, own], -worth_of.get(position, 0.0))
    if len(lines) > len(heads):
        raise EngineError(f"The plan's missions of {data.month(month)} cannot be staffed as solved.")
    chosen = linear_sum_assignment(cost)[1]
    out: dict[int, list[int]] = {row: [] for row in rows}
    for line, head in enumerate(chosen.tolist()):
        row, worth_of = lines[line]
        if cost[line, head] >= _NEVER:
            raise EngineError(f"The plan's missions of {data.month(month)} cannot be staffed as solved.")
        able = [
            position
            for position in data.demand.classes[data.demand.staff_class[row]].positions
            if units[position] == heads[head]
        ]
        # of two posts that one person holds, the one that was promised
        out[row].append(max(able, key=lambda position: worth_of.get(position, 0.0)))
    return out
