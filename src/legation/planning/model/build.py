"""Build the planning problem: one pass over the data, rows and columns as arrays.

Staff is drawn by class flow, prerequisites stand in cumulative form, and months in which a budget can draw on the same
allotments are one period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.data import PlanData
from legation.planning.model.rows import RowName
from legation.planning.value import minimum_goals

__all__ = ["Model", "Problem", "build_model"]

INF = float("inf")


@dataclass(frozen=True, eq=False)
class Problem:
    """Maximise ``cost @ x`` with ``row_lower <= matrix @ x <= row_upper`` and ``lower <= x <= upper``."""

    cost: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    integer: NDArray[np.bool_]
    matrix: sparse.csc_matrix
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Model:
    """The problem with its names.

    Attributes
    ----------
    problem
        The arrays.
    rows
        A name per row.
    slots
        The slot of each of the first columns.
    options
        The option of each of the next columns, which say whether a mission is done in a mode at all; branching on
        them decides most. The columns after them are flows, money and values.
    flows
        Class of staff and its columns, one for each of the class's positions; classes of one position have none.
    """

    problem: Problem
    rows: tuple[RowName, ...]
    slots: NDArray[np.int64]
    options: NDArray[np.int64]
    flows: tuple[tuple[int, NDArray[np.int64]], ...]

    @property
    def option_columns(self) -> slice:
        """Where the columns of options stand."""
        return slice(len(self.slots), len(self.slots) + len(self.options))

    def chosen(self, x: NDArray[np.float64]) -> NDArray[np.int64]:
        """Read the chosen slots from a whole solution."""
        return self.slots[x[: len(self.slots)] > 0.5]

    def column_of(self) -> dict[int, int]:
        """Give the column of each slot."""
        return {int(slot): column for column, slot in enumerate(self.slots)}


class _Builder:
    def __init__(self) -> None:
        self.cost: list[NDArray[np.float64]] = []
        self.lower: list[NDArray[np.float64]] = []
        self.upper: list[NDArray[np.float64]] = []
        self.integer: list[NDArray[np.bool_]] = []
        self.columns = 0
        self.names: list[RowName] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self.entries: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []

    def add_columns(
        self,
        count: int,
        *,
        cost: float | NDArray[np.float64] = 0.0,
        lower: float | NDArray[np.float64] = 0.0,
        upper: float | NDArray[np.float64] = 1.0,
        integer: bool | NDArray[np.bool_] = False,
    ) -> NDArray[np.int64]:
        self.cost.append(np.broadcast_to(np.asarray(cost, float), count))
        self.lower.append(np.broadcast_to(np.asarray(lower, float), count))
        self.upper.append(np.broadcast_to(np.asarray(upper, float), count))
        self.integer.append(np.broadcast_to(np.asarray(integer, bool), count))
        first = self.columns
        self.columns += count
        return np.arange(first, self.columns)

    def add_row(
        self,
        name: RowName,
        columns: NDArray[np.int64] | Sequence[int],
        values: NDArray[np.float64] | Sequence[float] | float,
        *,
        lower: float = -INF,
        upper: float = INF,
    ) -> None:
        own = np.asarray(columns, np.int64)
        row = np.full(len(own), len(self.names), np.int64)
        self.entries.append((row, own, np.broadcast_to(np.asarray(values, float), len(own))))
        self.names.append(name)
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def problem(self) -> Problem:
        def joined(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
            return np.concatenate(parts) if parts else np.empty(0)

        rows = np.concatenate([entry[0] for entry in self.entries]) if self.entries else np.empty(0, np.int64)
        columns = np.concatenate([entry[1] for entry in self.entries]) if self.entries else np.empty(0, np.int64)
        values = joined([entry[2] for entry in self.entries])
        matrix = sparse.coo_matrix((values, (rows, columns)), shape=(len(self.names), self.columns)).tocsc()
        return Problem(
            cost=joined(self.cost),
            lower=joined(self.lower),
            upper=joined(self.upper),
            integer=np.concatenate(self.integer) if self.integer else np.empty(0, bool),
            matrix=matrix,
            row_lower=np.array(self.row_lower, float),
            row_upper=np.array(self.row_upper, float),
        )


def build_model(
    data: PlanData,
    *,
    slots: NDArray[np.int64] | None = None,
    with_value: bool = True,
    with_bars: bool = False,
) -> Model:
    """Build the model over some slots.

    Parameters
    ----------
    data
        The desk.
    slots
        Sorted slot numbers; all that no rule bars when left out.
    with_value
        Whether to add the value; without it the objective is 0 and the model only asks what is possible.
    with_bars
        Whether barred slots are held at 0 by a row per rule, so that a conflict can name the rule.
    """
    own = np.flatnonzero(data.open) if slots is None else slots
    b = _Builder()
    x = b.add_columns(len(own), integer=True)
    used = np.unique(data.slots.option[own])
    risk = data.desk.info.settings.risk_weight * data.options.risk[used]
    z = b.add_columns(len(used), cost=-risk if with_value else 0.0, integer=True)
    view = _View(data, own, x, used, z)
    _missions(b, view)
    _budgets(b, view)
    flows = _staff(b, view)
    _absorption(b, view)
    _prerequisites(b, view)
    for key, _, missions in data.exclusions:
        columns = view.done(missions)
        if len(columns):
            b.add_row(RowName("exclusion", key), columns, 1.0, upper=1.0)
    _commitments(b, view)
    limit = data.desk.info.settings.risk_limit
    if limit is not None:
        b.add_row(RowName("risk_limit", ""), z, data.options.risk[used], upper=limit)
    if with_value:
        _values(b, view)
        _synergies(b, view)
        _spill(b, view)
    if with_bars:
        _bars(b, view)
    return Model(b.problem(), tuple(b.names), own, used, flows)


class _View:
    """The chosen slots and options, and their columns, by mission."""

    def __init__(
        self,
        data: PlanData,
        slots: NDArray[np.int64],
        x: NDArray[np.int64],
        options: NDArray[np.int64],
        z: NDArray[np.int64],
    ) -> None:
        self.data, self.slots, self.x, self.options, self.z = data, slots, x, options, z
        self.mission = data.slot_mission[slots]
        self.option = data.slots.option[slots]
        self.start = data.slots.start[slots]
        self.end = self.start + data.options.months[self.option]
        order = np.argsort(self.mission, kind="stable")
        offsets = np.searchsorted(self.mission[order], np.arange(len(data.missions) + 1))
        self._by_mission = [order[offsets[n] : offsets[n + 1]] for n in range(len(data.missions))]

    def of(self, mission: int) -> NDArray[np.int64]:
        """Give the columns of a mission."""
        return self._by_mission[mission]

    def done(self, missions: Sequence[int] | int) -> NDArray[np.int64]:
        """Give the columns that say whether one of these missions is done."""
        return self.z[np.isin(self.data.mission_of[self.options], missions)]

    def of_missions(self, missions: Sequence[int]) -> NDArray[np.int64]:
        parts = [self._by_mission[mission] for mission in missions]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _missions(b: _Builder, view: _View) -> None:
    order = np.searchsorted(view.option, view.options)
    ends = np.append(order[1:], len(view.option))[: len(order)]
    for option, column, begin, end in zip(view.options, view.z, order, ends, strict=True):
        name = RowName("option", view.data.missions[view.data.mission_of[option]].id, index=int(option))
        values = np.append(np.ones(end - begin), -1.0)
        b.add_row(name, np.append(view.x[begin:end], column), values, lower=0.0, upper=0.0)
    for number, mission in enumerate(view.data.missions):
        if len(view.of(number)):
            b.add_row(RowName("mission", mission.id), view.done(number), 1.0, upper=1.0)
    for item in view.data.requirements:
        name = RowName(item.kind, view.data.missions[item.mission].id)  # type: ignore[arg-type]
        b.add_row(name, view.done(item.mission), 1.0, lower=1.0)


MONEY_UNIT = 1_000.0
"""Money per unit of a budget's rows: the solver's tolerance of 1e-6 stays below a cent, and prices well above it."""


def _budgets(b: _Builder, view: _View) -> None:
    funds, horizon = view.data.funds, view.data.horizon
    for number, budget in enumerate(funds.budgets):
        once = funds.once[view.option, number] / MONEY_UNIT
        monthly = funds.monthly[view.option, number] / MONEY_UNIT
        if not (once.any() or monthly.any()):
            continue
        own = np.flatnonzero(funds.allotment_budget == number)
        cover = np.array(
            [(funds.allotment_first[own] <= t) & (t <= funds.allotment_last[own]) for t in range(horizon)], bool
        )
        first, last = view.data.slots.first[view.slots], view.data.slots.last[view.slots]
        # months that can draw on the same allotments are interchangeable: one period, one row
        patterns = np.unique(cover, axis=0) if len(own) else cover[:1]
        drawn: defaultdict[int, list[int]] = defaultdict(list)
        for index, pattern in enumerate(patterns):
            inside = (cover == pattern).all(axis=1)
            running = np.concatenate(([0], np.cumsum(inside)))
            months = np.where(last >= first, running[np.maximum(last, -1) + 1] - running[first], 0)
            spend = monthly * months + np.where(
                (view.start >= 0) & inside[np.clip(view.start, 0, horizon - 1)] & (view.start < horizon), once, 0.0
            )
            used = np.flatnonzero(spend)
            if not len(used):
                continue
            sources = own[pattern]
            # bounded for the proof, yet loosely: the allotment's own row shall carry its price
            y = b.add_columns(len(sources), upper=2 * funds.allotment_amount[sources] / MONEY_UNIT + 1)
            for source, column in zip(sources, y, strict=True):
                drawn[int(source)].append(int(column))
            name = RowName("budget", budget, int(np.flatnonzero(inside)[0]), index)
            b.add_row(
                name, np.concatenate([view.x[used], y]), np.concatenate([spend[used], -np.ones(len(y))]), upper=0.0
            )
        for source, columns in drawn.items():
            name = RowName("allotment", funds.allotment_key[source], int(funds.allotment_first[source]), source)
            b.add_row(name, columns, 1.0, upper=float(funds.allotment_amount[source]) / MONEY_UNIT)


def _staff(b: _Builder, view: _View) -> tuple[tuple[int, NDArray[np.int64]], ...]:
    data, demand = view.data, view.data.demand
    column = np.full(len(data.slots.option), -1, np.int64)
    column[view.slots] = view.x
    rows = np.flatnonzero(column[demand.slot] >= 0)
    order = rows[np.argsort(demand.staff_class[rows], kind="stable")]
    classes, begins = np.unique(demand.staff_class[order], return_index=True)
    ends = np.append(begins[1:], len(order))[: len(classes)]
    capacity = data.crew.capacity()
    flows: list[tuple[int, NDArray[np.int64]]] = []
    load: defaultdict[tuple[int, int], list[tuple[NDArray[np.int64], NDArray[np.float64]]]] = defaultdict(list)
    for number, begin, end in zip(classes, begins, ends, strict=True):
        item = demand.classes[number]
        mine = order[begin:end]
        x, count = column[demand.slot[mine]], demand.count[mine].astype(float)
        months = range(item.first, item.last + 1)
        if len(item.positions) == 1:
            for month in months:
                load[int(data.crew.unit[item.positions[0], month]), month].append((x, count))
            continue
        heads = data.crew.heads[list(item.positions)].astype(float)
        flow = b.add_columns(len(item.positions), upper=heads, integer=item.months > 1)
        flows.append((int(number), flow))
        name = RowName("staff_class", "", item.first, int(number))
        b.add_row(name, np.concatenate([x, flow]), np.concatenate([count, -np.ones(len(flow))]), upper=0.0)
        for position, column_of_flow in zip(item.positions, flow, strict=True):
            for month in months:
                load[int(data.crew.unit[position, month]), month].append((np.array([column_of_flow]), np.ones(1)))
    for (unit, month), parts in sorted(load.items()):
        b.add_row(
            RowName("position", data.crew.positions[unit].id, month),
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            upper=float(capacity[unit, month]),
        )
    return tuple(flows)


def _absorption(b: _Builder, view: _View) -> None:
    for limit in view.data.absorption:
        own = np.flatnonzero(np.isin(view.option, limit.options))
        if not len(own):
            continue
        earliest = min(0, int(view.start[own].min()))
        latest = max(earliest, view.data.horizon - limit.window)
        for month in range(earliest, latest + 1):
            inside = own[(view.start[own] >= month) & (view.start[own] < month + limit.window)]
            if len(np.unique(view.mission[inside])) > limit.limit:
                b.add_row(RowName("absorption", limit.record, month), inside, 1.0, upper=float(limit.limit))


def _prerequisites(b: _Builder, view: _View) -> None:
    for row in view.data.sequels:
        if view.data.missions[row.mission].status == "executing":
            continue
        later, earlier = view.of(row.mission), view.of(row.requires)
        for month in np.unique(view.start[later]):
            begun = later[view.start[later] <= month]
            ended = earlier[view.end[earlier] + row.lag <= month]
            values = np.concatenate([np.ones(len(begun)), -np.ones(len(ended))])
            b.add_row(RowName("prerequisite", row.key, int(month)), np.concatenate([begun, ended]), values, upper=0.0)


def _commitments(b: _Builder, view: _View) -> None:
    for promise in view.data.promises:
        columns = view.of_missions(promise.missions)
        intime = columns[view.end[columns] - 1 <= promise.due]
        b.add_row(RowName("commitment", promise.record), intime, 1.0, lower=float(promise.count))


def _values(b: _Builder, view: _View) -> None:
    data = view.data
    E = data.contributions[view.slots]
    n_objectives = E.shape[1]
    low, high = np.minimum(E, 0).sum(axis=0), np.maximum(E, 0).sum(axis=0)
    n = b.add_columns(n_objectives, lower=low, upper=high)
    for k in range(n_objectives):
        peak, rest = _peaks(view, E[:, k])
        used, done = np.flatnonzero(rest), np.flatnonzero(peak)
        columns = np.concatenate([view.x[used], view.z[done], n[[k]]])
        values = np.concatenate([rest[used], peak[done], [-1.0]])
        b.add_row(RowName("objective", data.options.objectives[k]), columns, values, lower=0.0, upper=0.0)
    by_minimum = minimum_goals(data)
    covered = {int(k) for _, own in by_minimum for k in own}
    for k in range(n_objectives):
        weight = float(data.options.weights[k])
        if k not in covered and weight > 0:
            _hypograph(b, data, n=n[[k]], weight=weight, name=RowName("objective", data.options.objectives[k], index=1))
    for goal, own in by_minimum:
        weight = float(data.options.weights[own].sum())
        _hypograph(b, data, n=n[own], weight=weight, name=RowName("goal", data.options.goals[goal], index=1))


def _peaks(view: _View, effect: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Split contributions by slot into each option's largest in size and what a slot lacks to it."""
    begins = np.searchsorted(view.option, view.options)
    peak = np.zeros(len(view.options))
    if len(begins):
        high, low = np.maximum.reduceat(effect, begins), np.minimum.reduceat(effect, begins)
        peak = np.where(high > -low, high, low)
    return peak, effect - peak[np.searchsorted(view.options, view.option)]


def _hypograph(b: _Builder, data: PlanData, *, n: NDArray[np.int64], weight: float, name: RowName) -> None:
    """Add a column that lies below every piece of the concave value of every one of these objectives."""
    breakpoints = data.desk.info.settings.value_breakpoints
    top, begin = 0.0, 0.0
    pieces = []
    for end, slope in breakpoints:
        pieces.append((slope, top - slope * begin))
        top += slope * (end - begin)
        begin = end
    floor = breakpoints[0][1] * float(min(b_low for b_low in np.concatenate(b.lower)[n]))
    value = b.add_columns(1, cost=weight, lower=min(0.0, floor), upper=top)
    for column in n:
        for slope, offset in pieces:
            b.add_row(name, [int(value[0]), int(column)], [1.0, -slope], upper=offset)


def _synergies(b: _Builder, view: _View) -> None:
    for bonus in view.data.bonuses:
        column = b.add_columns(1, cost=bonus.value)
        if bonus.value > 0:
            for mission in bonus.missions:
                own = view.done(mission)
                values = np.append(-np.ones(len(own)), 1.0)
                b.add_row(RowName("synergy", bonus.record), np.append(own, column), values, upper=0.0)
        else:
            own = view.done(bonus.missions)
            values = np.append(np.ones(len(own)), -1.0)
            upper = float(len(bonus.missions) - 1)
            b.add_row(RowName("synergy", bonus.record), np.append(own, column), values, upper=upper)


def _spill(b: _Builder, view: _View) -> None:
    spill = view.data.spill
    for number, actor in enumerate(spill.actors):
        shift = spill.shift[view.options, number]
        used = np.flatnonzero(shift)
        if not len(used) or spill.weight[number] <= 0:
            continue
        worst = float(np.abs(shift).sum())
        column = b.add_columns(1, cost=-float(spill.weight[number]), upper=worst)
        columns, values = np.append(view.z[used], column), np.append(-shift[used], -1.0)
        b.add_row(RowName("spill", actor), columns, values, upper=0.0)


def _bars(b: _Builder, view: _View) -> None:
    for index, bar in enumerate(view.data.bars):
        held = np.flatnonzero(np.isin(view.slots, bar.slots))
        if len(held):
            b.add_row(RowName("bar", f"{bar.kind} {bar.record}", index=index), held, 1.0, upper=0.0)
