"""From a desk to its timeless core and back: one item for each mission and mode that some month allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.data import PlanData
from legation.planning.goals import Node
from legation.planning.selection.problem import Pieces, SelectionProblem

__all__ = ["DeskSelection", "selection_of"]


@dataclass(frozen=True, eq=False)
class DeskSelection:
    """A desk's core and what its items stand for.

    Attributes
    ----------
    problem
        The core: each budget one row over all months together, no people, no months.
    slot
        The slot that stands for each item, its first open one, shape (n,).
    item_of
        The item of each option, or -1, shape (options,).
    exact
        Whether the core is the whole desk: every allowed choice is a plan of the same value, and the other way round.
    """

    problem: SelectionProblem
    slot: NDArray[np.int64]
    item_of: NDArray[np.int64]
    exact: bool

    def slots(self, chosen: NDArray[np.bool_]) -> list[int]:
        """Give the slots of a choice, sorted."""
        return sorted(self.slot[chosen].tolist())


def selection_of(data: PlanData) -> DeskSelection:
    """Take months and people out of a desk.

    Value terms that a selection cannot hold (the best of several objectives, minima of sums) count as their sum; then,
    and wherever months or people matter, the core is not `exact`.
    """
    open_slots = np.flatnonzero(data.open)
    option, first, count = np.unique(data.slots.option[open_slots], return_index=True, return_counts=True)
    slot = open_slots[first]
    item_of = np.full(len(data.modes), -1, np.int64)
    item_of[option] = np.arange(len(option))
    mission = data.mission_of[option]
    gain = -data.desk.info.settings.risk_weight * data.options.risk[option]
    effect = data.contributions[slot]
    spill = data.spill.shift[option]
    lines = _Lines(effect.shape[1])
    for goal in data.goals:
        lines.add(goal, data.desk.info.settings.value_breakpoints)
    folded = _fold_linear(lines, effect, mission)
    gain = gain + folded
    lines.add_spill(data.spill.weight)
    pair, larger, alone = _together(data, mission)
    use, limit = _limits(data, option, slot)
    rules, room = _rules(data, option, mission)
    problem = SelectionProblem(
        gain=gain + alone,
        pair=pair,
        larger=larger,
        mission=mission,
        effect=np.hstack([effect, spill]),
        pieces=lines.pieces(),
        use=use,
        limit=limit,
        rules=rules,
        room=room,
    )
    timeless = data.horizon == 1 and bool((count == 1).all()) and not data.sequels
    # what began before may lie outside a partner's window, and what is owed must end within the month
    timeless &= bool((data.slots.start[slot] == 0).all() and (data.options.months[option] == 1).all())
    unstaffed = not np.isin(data.demand.slot, open_slots).any()
    plain = lines.whole and all((cap.amount >= 0).all() for cap in data.caps)
    return DeskSelection(problem, slot, item_of, timeless and unstaffed and plain)


class _Lines:
    """Concave terms as they are read from goal trees."""

    def __init__(self, objectives: int) -> None:
        self.objectives = objectives
        self.terms: list[list[tuple[int, float, float]]] = []
        self.whole = True

    def add(self, node: Node, breakpoints: tuple[tuple[float, float], ...]) -> None:
        """Add a goal or objective: sums term by term, a minimum of leaves as one term."""
        if node.leaf >= 0:
            self.terms.append(_worth(node.leaf, node.share, breakpoints))
        elif node.combine == "min" and all(child.leaf >= 0 for child in node.children):
            self.terms.append([line for child in node.children for line in _worth(child.leaf, node.share, breakpoints)])
        else:
            self.whole &= node.combine == "sum"
            for child in node.children:
                self.add(child, breakpoints)

    def add_spill(self, weight: NDArray[np.float64]) -> None:
        """Charge the adverse part of each actor's shift."""
        for actor, charge in enumerate(weight.tolist()):
            if charge > 0:
                column = self.objectives + actor
                self.terms.append([(column, charge, 0.0), (column, 0.0, 0.0)])

    def pieces(self) -> Pieces:
        """Give the terms as arrays."""
        rows = [line for term in self.terms for line in term]
        sizes = [len(term) for term in self.terms]
        return Pieces(
            begins=np.cumsum([0, *sizes], dtype=np.int64)[:-1],
            column=np.array([row[0] for row in rows], np.int64),
            slope=np.array([row[1] for row in rows], float),
            offset=np.array([row[2] for row in rows], float),
        )


def _worth(leaf: int, share: float, breakpoints: tuple[tuple[float, float], ...]) -> list[tuple[int, float, float]]:
    """Give the affine pieces of phi, times a share; beyond the last breakpoint it is flat."""
    out, top, begin = [], 0.0, 0.0
    for end, slope in breakpoints:
        out.append((leaf, share * slope, share * (top - slope * begin)))
        top += slope * (end - begin)
        begin = end
    if breakpoints[-1][1] > 0:
        out.append((leaf, 0.0, share * top))
    return out


def _fold_linear(lines: _Lines, effect: NDArray[np.float64], mission: NDArray[np.int64]) -> NDArray[np.float64]:
    """Turn terms whose first piece counts wherever the sums can get into gains of the items, shape (n,)."""
    gain = np.zeros(len(effect))
    most = np.zeros((int(mission.max(initial=-1)) + 1, effect.shape[1]))
    np.maximum.at(most, mission, effect)
    high = most.sum(axis=0)
    kept = []
    for term in lines.terms:
        column, slope, offset = term[0]
        alone = all(line[0] == column for line in term)
        if alone and offset == 0.0 and all(slope * high[column] <= s * high[column] + o for _, s, o in term):
            gain += slope * effect[:, column]
        else:
            kept.append(term)
    lines.terms = kept
    return gain


def _together(
    data: PlanData, mission: NDArray[np.int64]
) -> tuple[sparse.csr_matrix, tuple[tuple[tuple[int, ...], float], ...], NDArray[np.float64]]:
    """Give pairwise values by item, larger synergies by mission, and what missions gain with those already done."""
    items: list[list[int]] = [[] for _ in data.missions]
    for item, number in enumerate(mission.tolist()):
        items[number].append(item)
    alone = np.zeros(len(mission))
    larger: list[tuple[tuple[int, ...], float]] = []
    left: list[int] = []
    right: list[int] = []
    values: list[float] = []
    for bonus in data.bonuses:
        if len(bonus.missions) == 1:
            alone[items[bonus.missions[0]]] += bonus.value
        elif len(bonus.missions) == 2:
            for a in items[bonus.missions[0]]:
                for b in items[bonus.missions[1]]:
                    left.append(a)
                    right.append(b)
                    values.append(bonus.value)
        elif all(items[number] for number in bonus.missions):
            larger.append((bonus.missions, bonus.value))
    n = len(mission)
    half = sparse.csr_matrix((values, (left, right)), shape=(n, n))
    return sparse.csr_matrix(half + half.T), tuple(larger), alone


def _limits(
    data: PlanData, option: NDArray[np.int64], slot: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give budgets, the risk limit, caps and ceilings that can be sums over items."""
    funds = data.funds
    months = np.maximum(0, data.slots.last[slot] - data.slots.first[slot] + 1)
    starts = (data.slots.start[slot] >= 0) & (data.slots.start[slot] < data.horizon)
    cost = funds.once[option] * starts[:, None] + funds.monthly[option] * months[:, None]
    purse = np.bincount(funds.allotment_budget, weights=funds.allotment_amount, minlength=len(funds.budgets))
    used = cost.any(axis=0)
    use, limit = [*cost.T[used]], [*purse[used]]
    risk = data.desk.info.settings.risk_limit
    if risk is not None:
        use.append(data.options.risk[option])
        limit.append(risk)
    for cap in data.caps:
        if (cap.amount >= 0).all():
            use.append(cap.amount[option])
            limit.append(cap.limit)
    if data.horizon == 1:
        for ceiling in data.ceilings:
            spend = funds.within(data.slots, slot, first=ceiling.first, last=ceiling.last)
            use.append(spend * np.isin(option, ceiling.options))
            limit.append(ceiling.limit)
    return np.array(use, float).reshape(len(use), len(option)), np.array(limit, float)


def _rules(
    data: PlanData, option: NDArray[np.int64], mission: NDArray[np.int64]
) -> tuple[sparse.csr_matrix, NDArray[np.int64]]:
    """Give once each, exclusions, prerequisites, duties, promises, and in a plan of one month visits."""
    rows: list[tuple[NDArray[np.int64], NDArray[np.float64], int]] = []

    def add(members: NDArray[np.bool_], value: float, room: int) -> None:
        own = np.flatnonzero(members)
        rows.append((own, np.full(len(own), value), room))

    several = np.flatnonzero(np.bincount(mission, minlength=len(data.missions)) > 1)
    for number in several.tolist():
        add(mission == number, 1.0, 1)
    for _, _, missions in data.exclusions:
        add(np.isin(mission, missions), 1.0, 1)
    for number in sorted({row.mission for row in data.requirements}):
        add(mission == number, -1.0, -1)
    for promise in data.promises:
        add(np.isin(mission, promise.missions), -1.0, -promise.count)
    for row in data.sequels:
        if data.missions[row.mission].status != "executing":
            later, before = np.flatnonzero(mission == row.mission), np.flatnonzero(mission == row.requires)
            signs = np.concatenate([np.ones(len(later)), -np.ones(len(before))])
            rows.append((np.concatenate([later, before]), signs, 0))
    if data.horizon == 1:
        for limit in data.absorption:
            add(np.isin(option, limit.options), 1.0, limit.limit)
    columns = np.concatenate([row[0] for row in rows]) if rows else np.empty(0, np.int64)
    values = np.concatenate([row[1] for row in rows]) if rows else np.empty(0)
    line = np.repeat(np.arange(len(rows)), [len(row[0]) for row in rows])
    matrix = sparse.csr_matrix((values, (line, columns)), shape=(len(rows), len(option)))
    return matrix, np.array([row[2] for row in rows], np.int64)
