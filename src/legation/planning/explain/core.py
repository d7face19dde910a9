"""A plan's neighbourhood: the part of the model in which questions about the plan are answered by solving again.

On a small desk it is the whole model, and answers are exact. On a large one it is the plan as it stands and the slots
whose price in the linear relaxation is nearest to paying, of its own missions and of others; what is found there is a
real plan, so gains are at least as large as said and losses at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Halt, Request
from legation.planning.model.build import Model, build_model
from legation.planning.restriction import restrict
from legation.planning.value import value_of

__all__ = ["Answered", "Core"]

_WHOLE = 4_000
"""Open slots up to which the whole model is the neighbourhood."""
_NEAR = 400
"""Slots beside the plan's own that belong to a large desk's neighbourhood."""


@dataclass(frozen=True, eq=False)
class Answered:
    """The best plan found for a question, and what no plan of the neighbourhood can exceed."""

    slots: tuple[int, ...]
    value: float
    bound: float

    def missions(self, data: PlanData) -> set[int]:
        """Give its missions by number."""
        return set(data.slot_mission[list(self.slots)].tolist())


class Core:
    """The neighbourhood of a plan.

    Parameters
    ----------
    data
        The desk.
    slots
        The plan.
    engine
        Solver to ask.
    prices
        Row duals of the relaxation of `model`; without them the neighbourhood is the plan's missions and what pays most
        for its cost.
    model
        The model that the prices belong to.
    seconds
        Limit for each question.
    """

    def __init__(
        self,
        data: PlanData,
        slots: Sequence[int],
        engine: Engine,
        *,
        model: Model,
        prices: NDArray[np.float64],
        seconds: float = 3.0,
        halt: Halt | None = None,
    ) -> None:
        self.data, self.engine, self.seconds, self.halt = data, engine, seconds, halt or Halt()
        self.undecided = False
        self.plan = tuple(sorted(int(slot) for slot in slots))
        open_slots = np.flatnonzero(data.open)
        self.whole = len(open_slots) <= _WHOLE
        self.slots = open_slots if self.whole else self._near(model, prices)
        self.base = self._settled()

    def _near(self, model: Model, prices: NDArray[np.float64]) -> NDArray[np.int64]:
        price = (model.problem.cost - model.problem.matrix.T @ prices)[: len(model.slots)]
        price = price + self._mode_price(model, prices)
        near = model.slots[np.argsort(-price, kind="stable")][:_NEAR]
        own = [slot for slot in self.plan if self.data.open[slot]]
        return np.union1d(own, near).astype(np.int64)

    def _mode_price(self, model: Model, prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what each slot's mode adds to its price: most of a mission's worth stands at its mode."""
        reduced = model.problem.cost - model.problem.matrix.T @ prices
        of_option = np.zeros(len(self.data.modes))
        of_option[model.options] = np.minimum(reduced[model.option_columns], 0.0)
        out: NDArray[np.float64] = of_option[self.data.slots.option[model.slots]]
        return out

    def _settled(self) -> Answered:
        found = self.solve()
        if found is None:
            # the plan breaks a rule, or the time was short: it is explained as it stands
            value = value_of(self.data, list(self.plan))
            return Answered(self.plan, value, float("inf"))
        return found

    def solve(
        self,
        *,
        data: PlanData | None = None,
        forced: Iterable[int] = (),
        forbidden: Iterable[int] = (),
        start: Sequence[int] | None = None,
    ) -> Answered | None:
        """Find the best plan of the neighbourhood, on the desk or on a changed one; None where none was found.

        Then `undecided` says whether the time was too short, or else no plan keeps the rules.

        Parameters
        ----------
        data
            A changed desk with the same slots.
        forced, forbidden
            Missions by number that must be in, with what they need first, or out.
        start
            A plan to start from; the neighbourhood's best when left out.
        """
        own_data = data or self.data
        wanted = set(forced)
        model = build_model(own_data, slots=self._slots_for(own_data, wanted))
        lower, upper = model.problem.lower.copy(), model.problem.upper.copy()
        out = np.isin(own_data.mission_of[model.options], list(forbidden))
        upper[model.option_columns][out] = 0.0
        row_lower = model.problem.row_lower.copy()
        names = {own_data.missions[number].id for number in wanted}
        found = set()
        for number in np.flatnonzero(model.rows.of_kinds({"mission"})).tolist():
            if model.rows[number].record in names:
                row_lower[number] = 1.0
                found.add(model.rows[number].record)
        if found != names:
            return None
        problem = replace(model.problem, row_lower=row_lower)
        extra = own_data.with_predecessors(wanted)
        first = self._start(
            own_data, replace(model, problem=problem), start=start, extra=extra, lower=lower, upper=upper
        )
        request = Request(gap=1e-5, seconds=self.seconds, start=first, lower=lower, upper=upper, halt=self.halt)
        answer = self.engine.solve(problem, request)
        self.undecided = answer.x is None and answer.status != "infeasible"
        if answer.x is None:
            return None
        slots = tuple(sorted(int(slot) for slot in model.chosen(answer.x)))
        value = value_of(own_data, list(slots))
        return Answered(slots, value, max(value, answer.bound))

    def unmoved(self, answer: Answered) -> Answered:
        """Give the same missions in the same modes with as few in another month than before as the rules allow.

        What a mission is worth does not depend on its month, so the value stays.
        """
        data = self.data
        options = np.unique(data.slots.option[list(answer.slots)])
        own = np.flatnonzero(data.open & np.isin(data.slots.option, options))
        model = build_model(data, slots=own, with_value=False)
        cost = np.zeros(len(model.problem.cost))
        cost[: len(model.slots)] = np.isin(model.slots, self.base.slots)
        lower = model.problem.lower.copy()
        lower[model.option_columns] = 1.0
        problem = replace(model.problem, cost=cost, lower=lower)
        first = self._start(
            data,
            replace(model, problem=problem),
            start=answer.slots,
            extra=set(),
            lower=lower,
            upper=model.problem.upper,
        )
        found = self.engine.solve(problem, Request(seconds=self.seconds, start=first, halt=self.halt))
        if found.x is None:
            return answer
        return Answered(tuple(sorted(int(slot) for slot in model.chosen(found.x))), answer.value, answer.bound)

    def _slots_for(self, data: PlanData, wanted: set[int]) -> NDArray[np.int64]:
        if self.whole:
            # a changed desk may open months that were closed
            return np.flatnonzero(data.open).astype(np.int64)
        more = np.flatnonzero(np.isin(data.slot_mission, sorted(data.with_predecessors(wanted))))
        # months that the change opens are what it is about
        newly = np.flatnonzero(data.open & ~self.data.open)
        slots = np.union1d(np.union1d(self.slots, more), newly).astype(np.int64)
        return slots[data.open[slots]]

    def _start(
        self,
        data: PlanData,
        model: Model,
        *,
        start: Sequence[int] | None,
        extra: set[int],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
    ) -> NDArray[np.float64] | None:
        """Find a first plan among the slots of one at hand and of the missions asked for: a small problem."""
        plan = start if start is not None else (self.base.slots if hasattr(self, "base") else self.plan)
        own = np.isin(model.slots, plan) | np.isin(data.slot_mission[model.slots], sorted(extra))
        high = upper.copy()
        high[: len(own)][~own] = 0.0
        high[model.option_columns][~np.isin(model.options, np.unique(data.slots.option[model.slots[own]]))] = 0.0
        asked = set(data.demand.staff_class[np.isin(data.demand.slot, model.slots[own])].tolist())
        for number, flow in model.flows:
            if number not in asked:
                high[flow] = 0.0
        small = restrict(model.problem, lower=lower, upper=np.maximum(high, lower))
        if small is None:
            return None
        answer = self.engine.solve(small.problem, Request(gap=1e-4, seconds=self.seconds, halt=self.halt))
        return None if answer.x is None else small.whole(answer.x)
