"""Which part of a plan is freed next: missions of a span of months, of some people, of a budget, or any.

What is freed are missions of the plan, and beside them missions outside it that the prices of the relaxation speak for.
Whole staff flows of missions that stay are kept with their people, so that what is left to decide is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.model.build import Model

__all__ = ["KINDS", "Kind", "Neighbourhoods"]

Kind = Literal["months", "people", "money", "any"]
_CLOSE = 1e-7
"""How near a price may come to the open gap before it decides: the engines' own tolerances are of this size."""
KINDS: tuple[Kind, ...] = ("months", "people", "money", "any")


class Neighbourhoods:
    """Draws the bounds under which a part of a plan is solved again.

    Parameters
    ----------
    data, model
        The desk and its model; columns beyond the plain model's stay free.
    rng
        Where the drawing comes from.
    """

    def __init__(self, data: PlanData, model: Model, *, rng: np.random.Generator) -> None:
        self.data, self.model, self.rng = data, model, rng
        slots, options = model.slots, model.options
        self.slot_count, self.option_count = len(slots), len(options)
        self.line = np.searchsorted(options, data.slots.option[slots])
        self.mission = data.slot_mission[slots]
        self.option_mission = data.mission_of[options]
        self.first, self.last = data.slots.first[slots], data.slots.last[slots]
        self._read_flows()
        self._read_demand()
        self.set_prices(np.zeros(len(model.rows)))

    def set_prices(self, duals: NDArray[np.float64]) -> None:
        """Take row duals of the relaxation, shape (rows,), as what rows cost.

        A slot's price is what it earns beyond what it costs, with its option; that of a mission is its best slot's.
        """
        problem = self.model.problem
        reduced = problem.cost - problem.matrix.T @ duals
        self.slot_price = reduced[: self.slot_count] + reduced[self.model.option_columns][self.line]
        self.price = np.full(len(self.data.missions), -np.inf)
        np.maximum.at(self.price, self.mission, self.slot_price)

    def _read_flows(self) -> None:
        model, table = self.model, self.data.demand.class_table
        self.flow = np.concatenate([np.empty(0, np.int64), *(columns for _, columns in model.flows)]).astype(np.int64)
        numbers = np.array([number for number, _ in model.flows], np.int64)
        self.flow_class = np.repeat(numbers, [len(columns) for _, columns in model.flows])
        position = [table.position[table.offset[n] : table.offset[n] + table.size[n]] for n in numbers]
        self.flow_position = np.concatenate([np.empty(0, np.int64), *position]).astype(np.int64)

    def _read_demand(self) -> None:
        demand = self.data.demand
        column = np.full(len(self.data.slots.option), -1, np.int64)
        column[self.model.slots] = np.arange(self.slot_count)
        rows = np.flatnonzero(column[demand.slot] >= 0)
        self.asked_column, self.asked_class = column[demand.slot[rows]], demand.staff_class[rows]

    # -- bounds

    def exactly(self, slots: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give column bounds that leave nothing to choose but the people of these slots."""
        lower, upper = self.model.problem.lower.copy(), self.model.problem.upper.copy()
        fixed = np.isin(self.model.slots, slots)
        done = np.isin(self.model.options, self._options(slots))
        bounds = np.concatenate([fixed, done]).astype(float)
        # what the model itself closes or forces stays so: the bounds then cross, and no plan is found
        lower[: len(bounds)] = np.maximum(lower[: len(bounds)], bounds)
        upper[: len(bounds)] = np.minimum(upper[: len(bounds)], bounds)
        self._close_flows(fixed, upper)
        return lower, upper

    def among(self, open_slots: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give column bounds that leave these slots to choose from, shape (slots,), and no others."""
        lower, upper = self.model.problem.lower.copy(), self.model.problem.upper.copy()
        upper[: self.slot_count] = np.where(open_slots, upper[: self.slot_count], 0.0)
        used = np.zeros(self.option_count, bool)
        used[self.line[open_slots]] = True
        upper[self.model.option_columns] = np.where(used, upper[self.model.option_columns], 0.0)
        self._close_flows(open_slots, upper)
        return lower, upper

    def may_improve(self, value: float, bound: float) -> NDArray[np.bool_]:
        """Say which slots a plan of more than `value` may take, shape (slots,): fixing by reduced cost.

        A plan with a slot is worth at most the bound plus the slot's price, where the price is negative.

        Parameters
        ----------
        value, bound
            Worth of the best plan, and the bound that the duals of `set_prices` give.
        """
        forced = np.zeros(self.option_count, bool)
        forced[self.line[self.model.problem.lower[: self.slot_count] > 0]] = True
        forced |= self.model.problem.lower[self.model.option_columns] > 0
        possible: NDArray[np.bool_] = (self.slot_price >= value - bound - _CLOSE) | forced[self.line]
        return possible

    def _options(self, slots: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        return self.data.slots.option[np.asarray(slots, np.int64)]

    def _close_flows(self, open_slots: NDArray[np.bool_], upper: NDArray[np.float64]) -> None:
        """Close the flows of classes that none of these slots asks for."""
        asked = np.zeros(len(self.data.demand.classes), bool)
        asked[self.asked_class[open_slots[self.asked_column]]] = True
        upper[self.flow[~asked[self.flow_class]]] = 0.0

    def bounds(
        self, x: NDArray[np.float64], free: NDArray[np.bool_], *, open_slots: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give column bounds that keep a plan except for some missions.

        Parameters
        ----------
        x
            The plan's whole solution.
        free
            Missions that may come, go, and move, shape (M,).
        open_slots
            Slots that they may use, shape (slots,). The plan's own slots always may.
        """
        problem = self.model.problem
        lower, upper = problem.lower.copy(), problem.upper.copy()
        n, m = self.slot_count, self.option_count
        current = np.round(x[:n])
        moving = free[self.mission]
        allowed = moving & (open_slots | (current > 0))
        lower[:n] = np.where(moving, lower[:n], np.maximum(lower[:n], current))
        upper[:n] = np.where(allowed, upper[:n], np.minimum(upper[:n], current))
        still = ~free[self.option_mission]
        done = np.round(x[n : n + m])
        lower[n : n + m][still], upper[n : n + m][still] = done[still], done[still]
        self._hold_flows(x, upper[:n] > lower[:n], lower, upper)
        return lower, upper

    def _hold_flows(
        self,
        x: NDArray[np.float64],
        moving: NDArray[np.bool_],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
    ) -> None:
        """Keep the people of classes that only missions which stay ask for; one-month ones are matched anew."""
        active = np.zeros(len(self.data.demand.classes), bool)
        active[self.asked_class[moving[self.asked_column]]] = True
        held = ~active[self.flow_class]
        whole = self.model.problem.integer[self.flow]
        fixed = np.flatnonzero(held & whole)
        columns = self.flow[fixed]
        lower[columns] = upper[columns] = np.round(x[columns])
        used = np.zeros(len(active), bool)
        used[self.asked_class[x[: self.slot_count][self.asked_column] > 0.5]] = True
        unused = self.flow[held & ~whole & ~used[self.flow_class]]
        upper[unused] = 0.0

    # -- drawing

    def draw(self, x: NDArray[np.float64], *, kind: Kind, size: int) -> NDArray[np.bool_]:
        """Draw missions to free: about `size` of the plan's, and three times as many from outside."""
        present = np.zeros(len(self.data.missions), bool)
        chosen = np.flatnonzero(x[: self.slot_count] > 0.5)
        present[self.mission[chosen]] = True
        if kind == "people":
            inside = self._by_people(x, chosen)
        else:
            inside = {"months": self._by_months, "money": self._by_money, "any": self._any}[kind](chosen)
        free = np.zeros(len(present), bool)
        free[inside[:size]] = True
        return free | self._outside(present, 3 * size)

    def _shuffled(self, missions: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.rng.permutation(np.unique(missions))

    def _by_months(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Take missions by how near their middle lies to a month drawn."""
        middle = (self.first[chosen] + self.last[chosen]) / 2
        at = self.rng.uniform(-0.5, self.data.horizon - 0.5)
        return self.mission[chosen[np.argsort(np.abs(middle - at) + self.rng.uniform(0, 0.1, len(chosen)))]]

    def _by_people(self, x: NDArray[np.float64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Take missions of one position after the other, beginning with one drawn."""
        table = self.data.demand.class_table
        rows = np.flatnonzero(np.isin(self.asked_column, chosen))
        used = np.flatnonzero(x[self.flow] > 0.5)
        position = np.concatenate([self.flow_position[used], table.position[table.offset[self.asked_class[rows]]]])
        group = np.concatenate([self.flow_class[used], self.asked_class[rows]])
        lone = np.concatenate([np.ones(len(used), bool), (table.size == 1)[self.asked_class[rows]]])
        position, group = position[lone], group[lone]
        missions_of: list[NDArray[np.int64]] = []
        for place in self.rng.permutation(len(self.data.crew.positions)):
            own = np.isin(self.asked_class[rows], group[position == place])
            missions_of.append(self._shuffled(self.mission[self.asked_column[rows[own]]]))
        found = np.concatenate([np.empty(0, np.int64), *missions_of]).astype(np.int64)
        return found[np.sort(np.unique(found, return_index=True)[1])]

    def _by_money(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Take missions that one budget pays for."""
        funds = self.data.funds
        paid = (funds.once + funds.monthly)[self.data.slots.option[self.model.slots[chosen]]] > 0
        for budget in self.rng.permutation(len(funds.budgets)):
            own = self.mission[chosen[paid[:, budget]]]
            if len(own):
                return self._shuffled(own)
        return self._any(chosen)

    def _any(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._shuffled(self.mission[chosen])

    def _outside(self, present: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
        """Draw missions outside the plan, those that the prices speak for more often."""
        out = np.zeros(len(present), bool)
        waiting = np.flatnonzero(~present & np.isfinite(self.price))
        # the best by price plus noise of the prices' own spread: near misses come up, hopeless ones hardly ever
        spread = float(np.std(self.price[waiting])) if len(waiting) else 0.0
        noisy = self.price[waiting] + spread * self.rng.gumbel(size=len(waiting)) * 0.5
        out[waiting[np.argsort(-noisy)[:count]]] = True
        return out
