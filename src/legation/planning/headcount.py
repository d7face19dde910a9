"""People counted instead of placed: Hall's condition in place of the flows of staff.

Needs that only some people can meet cannot take more of them in a month than there are (Hall 1935). These rows say for
one-month needs all that the flows say, and for longer ones all but that somebody stays; without the flows the problem
is a fraction of its size. Every row is a sum of rows of the whole model, so that bounds and prices hold for that too.
They are written as solutions break them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from legation.planning.data import PlanData
from legation.planning.model.build import Model, Problem

__all__ = ["Headcount"]

_PARTS = 1_000_000
"""Parts of a person that a relaxed solution is counted in: flows are computed in whole numbers."""
_CLOSE = 1e-4
"""People by which a month may be overdrawn in a relaxed solution."""
_MANY = 10**9


class Headcount:
    """The whole model's problem without flows, and the rows that stand for them.

    Parameters
    ----------
    data, model
        The desk and its model, which may be extended.
    """

    def __init__(self, data: PlanData, model: Model) -> None:
        self.data, self.model = data, model
        self.capacity = data.crew.capacity()
        self.flows = np.concatenate([np.empty(0, np.int64), *(own for _, own in model.flows)]).astype(np.int64)
        problem = model.problem
        with_flows = np.zeros(len(model.rows), bool)
        with_flows[problem.matrix[:, self.flows].indices] = True
        self.kept = np.flatnonzero(~with_flows)
        # a flow in no row stands where it earns most: where flows earn something, the bound still holds
        lower, upper = problem.lower.copy(), problem.upper.copy()
        lower[self.flows] = upper[self.flows] = np.where(
            problem.cost[self.flows] > 0, upper[self.flows], lower[self.flows]
        )
        self._problem = replace(
            problem,
            lower=lower,
            upper=upper,
            integer=problem.integer.copy(),
            matrix=problem.matrix.tocsr()[self.kept].tocsc(),
            row_lower=problem.row_lower[self.kept],
            row_upper=problem.row_upper[self.kept],
        )
        self._read()
        self.rows: list[tuple[int, int]] = []
        self._known: set[tuple[int, int]] = set()

    def _read(self) -> None:
        """Read what every slot asks for, by month and by the people who can meet it, as sets in bits."""
        data, table = self.data, self.data.demand.class_table
        column = np.full(len(data.slots.option), -1, np.int64)
        column[self.model.slots] = np.arange(len(self.model.slots))
        asked = np.flatnonzero(column[data.demand.slot] >= 0)
        asked = asked[np.argsort(data.demand.staff_class[asked], kind="stable")]
        self.column, self.count = column[data.demand.slot[asked]], data.demand.count[asked].astype(float)
        self.staff_class = data.demand.staff_class[asked]
        begin = np.searchsorted(self.staff_class, np.arange(len(table.size) + 1))
        self.share = np.ones(len(table.size))
        self.units: dict[tuple[int, int], list[int]] = {}
        groups: list[dict[int, list[NDArray[np.int64]]]] = [{} for _ in range(data.horizon)]
        for number in np.unique(self.staff_class).tolist():
            own = slice(table.offset[number], table.offset[number] + table.size[number])
            if table.by_days[number] and table.size[number]:
                self.share[number] = table.days[own].min() / data.demand.working_days
            rows = np.arange(begin[number], begin[number + 1])
            for month in range(table.first[number], table.last[number] + 1):
                people = sum(1 << unit for unit in set(data.crew.unit[table.position[own], month].tolist()))
                groups[month].setdefault(people, []).append(rows)
        self.groups = [{key: np.concatenate(own) for key, own in month.items()} for month in groups]
        self.amount = self.count * self.share[self.staff_class]

    def problem(self) -> Problem:
        """Give the problem with the rows written so far; its columns are the model's, those of flows held."""
        base = self._problem
        if not self.rows:
            return base
        entries = [self._entries(people, month) for people, month in self.rows]
        line = np.repeat(np.arange(len(entries)), [len(own) for own in entries])
        own = np.concatenate(entries)
        more = sparse.csr_matrix(
            (self.amount[own], (line, self.column[own])), shape=(len(entries), base.matrix.shape[1])
        )
        most = np.array([self._heads(people, month) for people, month in self.rows], float)
        return replace(
            base,
            matrix=sparse.vstack([base.matrix, more]).tocsc(),
            row_lower=np.concatenate([base.row_lower, np.full(len(most), -np.inf)]),
            row_upper=np.concatenate([base.row_upper, most]),
        )

    def duals(self, own: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give row duals of the whole model that say the same as duals of this problem."""
        out = np.zeros(len(self.model.rows))
        out[self.kept] = own[: len(self.kept)]
        classes, people_rows, day_rows = self._places()
        for (people, month), price in zip(self.rows, own[len(self.kept) :], strict=True):
            if price <= 0:
                continue
            for number in np.unique(self.staff_class[self._entries(people, month)]).tolist():
                if number in classes:
                    out[classes[number]] += price * self.share[number]
            for unit in _members(people):
                key = unit * self.data.horizon + month
                if key in people_rows:
                    out[people_rows[key]] += price
                if key in day_rows:
                    out[day_rows[key]] += price / self.data.demand.working_days
        return out

    def _places(self) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
        """Find the model's rows of classes, and those of people and of their days by unit and month."""
        table, horizon = self.data.demand.class_table, self.data.horizon
        used = np.unique(self.staff_class)
        keys: dict[bool, set[int]] = {False: set(), True: set()}
        for number in used.tolist():
            own = table.position[table.offset[number] : table.offset[number] + table.size[number]]
            for month in range(table.first[number], table.last[number] + 1):
                keys[bool(table.by_days[number])].update((self.data.crew.unit[own, month] * horizon + month).tolist())
        found = []
        for kind, wanted in (
            ("staff_class", [number for number, _ in self.model.flows]),
            ("position", sorted(keys[False])),
            ("days", sorted(keys[True])),
        ):
            rows = np.flatnonzero(self.model.rows.of_kinds({kind}))
            found.append(dict(zip(wanted, rows.tolist(), strict=False)))
        return found[0], found[1], found[2]

    def tighten(self, x: NDArray[np.float64]) -> int:
        """Write rows that a solution breaks, for all months at once; give how many months it overdraws."""
        broken = [people for month in range(self.data.horizon) if (people := self._overdrawn(x, month)) is not None]
        for people in dict.fromkeys(broken):
            for month in range(self.data.horizon):
                if (people, month) in self._known:
                    continue
                self._known.add((people, month))
                entries = self._entries(people, month)
                if self.amount[entries].sum() > self._heads(people, month):
                    self.rows.append((people, month))
        return len(broken)

    def _overdrawn(self, x: NDArray[np.float64], month: int) -> int | None:
        """Find the people of whom a month asks too much, by a smallest cut; None where all needs can be met."""
        wanted = {
            people: round(float(self.amount[own] @ x[self.column[own]]) * _PARTS)
            for people, own in self.groups[month].items()
        }
        wanted = {people: amount for people, amount in wanted.items() if amount > 0}
        heads = self.capacity[:, month]
        source, sink = len(wanted) + len(heads), len(wanted) + len(heads) + 1
        arcs = [(source, number, amount) for number, amount in enumerate(wanted.values())]
        arcs += [(number, len(wanted) + unit, _MANY) for number, own in enumerate(wanted) for unit in _members(own)]
        arcs += [(len(wanted) + unit, sink, int(heads[unit]) * _PARTS) for unit in np.flatnonzero(heads).tolist()]
        begin, end, most = np.array(arcs, np.int64).reshape(-1, 3).T
        graph = sparse.csr_matrix((most.astype(np.int32), (begin, end)), shape=(sink + 1, sink + 1))
        flow = maximum_flow(graph, source, sink)
        if sum(wanted.values()) - flow.flow_value <= _CLOSE * _PARTS:
            return None
        left = graph - flow.flow
        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        reached = breadth_first_order(left, source, return_predecessors=False)
        return sum(1 << int(unit - len(wanted)) for unit in reached if len(wanted) <= unit < source)

    def _entries(self, people: int, month: int) -> NDArray[np.int64]:
        """Give what only these people can meet in a month."""
        own = [rows for key, rows in self.groups[month].items() if not key & ~people]
        return np.concatenate(own) if own else np.empty(0, np.int64)

    def _heads(self, people: int, month: int) -> int:
        return sum(int(self.capacity[unit, month]) for unit in _members(people))


def _members(people: int) -> list[int]:
    """Give the numbers of the bits that are set."""
    return [unit for unit in range(people.bit_length()) if people >> unit & 1]
