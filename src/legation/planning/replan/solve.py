"""Find the plan whose value less its disruption, at a rate of exchange, is greatest; with a bound.

Four steps, each of which starts from the best plan so far: the old plan with what no longer fits left out; the linear
relaxation, which bounds what can be reached; the whole-number problem over the slots that the relaxation uses, beside
the old ones; the same with those slots whose price is nearest to paying. A small desk is then searched to the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.engines.base import Engine, Halt, Request, safe_bound
from legation.planning.model.build import Model, build_model
from legation.planning.model.extend import Extension
from legation.planning.replan.disruption import Columns, Disruption, add_disruption
from legation.planning.replan.staff import Kept, keep_staff
from legation.planning.restriction import without_columns
from legation.planning.result import Progress
from legation.planning.solve import relative_gap, search
from legation.planning.value import value_of

__all__ = ["Found", "Replanner"]

_NEAR = 700
"""Slots beside the relaxation's own that the last restricted step adds: as many as it searches well in seconds."""


@dataclass(frozen=True, eq=False)
class Found:
    """A plan at one rate: what it is worth, how far it disrupts, and what no plan can exceed at this rate.

    `bound` is on value less rate times disruption.
    """

    rate: float
    slots: tuple[int, ...]
    value: float
    disruption: float
    bound: float
    kept: Kept

    @property
    def merit(self) -> float:
        """Value less rate times disruption."""
        return self.value - self.rate * self.disruption

    @property
    def gap(self) -> float:
        """Distance of merit and bound as a share of the value."""
        return 0.0 if self.bound - self.merit <= _EXACT else (self.bound - self.merit) / max(abs(self.value), _EXACT)


_EXACT = 1e-9


class Replanner:
    """One model of value and disruption, solved at one rate after the other, each from the plans before."""

    def __init__(
        self,
        disruption: Disruption,
        engine: Engine,
        *,
        seed: int,
        halt: Halt,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.disruption, self.engine, self.seed, self.halt, self.progress = disruption, engine, seed, halt, progress
        self.data = disruption.standing.data
        self.base = build_model(self.data)
        extension = Extension(self.base)
        self.columns: Columns = add_disruption(extension, disruption)
        self.wide: Model = extension.model()
        self.old = np.isin(self.base.slots, list(disruption.standing.slots.values()))
        self.pool: dict[tuple[int, ...], NDArray[np.float64]] = {}
        self.trace: list[Progress] = []
        self.began = time.monotonic()
        self.mended: Found | None = None
        self._staff: dict[tuple[int, ...], Kept] = {}
        self._near = self.old.copy()

    # -- values

    def at(self, rate: float) -> Model:
        """Give the model whose objective is value less rate times disruption, without the constant."""
        cost = self.wide.problem.cost.copy()
        np.add.at(cost, self.columns.columns, -rate * self.columns.values)
        return replace(self.wide, problem=replace(self.wide.problem, cost=cost))

    def staffed(self, slots: Sequence[int]) -> Kept:
        """Staff slots with the most kept places; asked again, it is remembered."""
        key = tuple(sorted(int(slot) for slot in slots))
        if key not in self._staff:
            self._staff[key] = keep_staff(self.disruption, key, self.engine)
        return self._staff[key]

    def disruption_at(self, slots: Sequence[int]) -> float:
        """Give the disruption of these slots at their best staffing."""
        return self.disruption.of(slots, kept=self.staffed(slots).saved)

    def merit(self, slots: Sequence[int], rate: float) -> float:
        """Give the value of slots less rate times their disruption."""
        return value_of(self.data, list(slots)) - rate * self.disruption_at(slots)

    def found(self, rate: float, slots: Sequence[int], *, bound: float) -> Found:
        """Say what these slots are worth and how far they disrupt."""
        key = tuple(sorted(int(slot) for slot in slots))
        value, disruption = value_of(self.data, list(key)), self.disruption_at(key)
        own = value - rate * disruption
        return Found(rate, key, value, disruption, max(bound, own), self.staffed(key))

    # -- the steps

    def free_bound(self) -> float | None:
        """Give an upper bound on any plan's value; None where the relaxation says that there is no plan."""
        answer = self.engine.solve(self.base.problem, Request(relaxed=True, halt=self.halt))
        if answer.status == "infeasible":
            return None
        duals = np.zeros(len(self.base.rows)) if answer.duals is None else answer.duals
        return safe_bound(self.base.problem, duals)

    def mend(self, rate: float, *, seconds: float) -> Found | None:
        """Keep what still fits of the old plan; what must be in may come in any month where it cannot stay."""
        model = self.at(rate)
        if self._duties_at_hand(model):
            found = self._restricted(model, self.old, rate, gap=1e-3, seconds=seconds)
            if found is not None:
                return found
        allowed = self.old | np.isin(self.data.slot_mission[model.slots], sorted(self.data.duties))
        return self._restricted(model, allowed, rate, gap=1e-3, seconds=seconds)

    def _duties_at_hand(self, model: Model) -> bool:
        """Say whether every mission that must be in has its old slot."""
        kept = set(self.data.slot_mission[model.slots[self.old]].tolist())
        return all(row.mission in kept for row in self.data.requirements)

    def solve(self, rate: float, *, gap: float, seconds: float) -> Found | None:
        """Search at a rate, from the plans found before; None where no plan keeps all rules."""
        end = time.monotonic() + seconds
        model = self.at(rate)
        if not self.pool:
            self.mended = self.mend(rate, seconds=max(1.0, seconds * 0.15))
        relaxed = self.engine.solve(model.problem, Request(relaxed=True, seed=self.seed, halt=self.halt))
        if relaxed.status == "infeasible":
            return None
        duals = np.zeros(len(model.rows)) if relaxed.duals is None else relaxed.duals
        bound = safe_bound(model.problem, duals) - rate * self.disruption.constant
        if relaxed.x is not None:
            self._narrow(model, relaxed.x, duals, rate, gap=gap, end=end, bound=bound)
        best = self.best(rate)
        left = end - time.monotonic()
        enough = best is not None and relative_gap(self.merit(best, rate), bound) <= gap
        if not enough and not self.halt.is_set() and (best is None or left > _WORTHWHILE):
            bound = min(bound, self._to_the_end(model, rate, gap=gap, seconds=max(left, 1.0), start=best or ()))
            best = self.best(rate)
        return None if best is None else self.found(rate, best, bound=bound)

    def _narrow(
        self,
        model: Model,
        x: NDArray[np.float64],
        duals: NDArray[np.float64],
        rate: float,
        *,
        gap: float,
        end: float,
        bound: float,
    ) -> None:
        """Solve over the relaxation's slots, then over those with the nearest price as well."""
        count = len(model.slots)
        price = (model.problem.cost - model.problem.matrix.T @ duals)[:count]
        used = self.old | (x[:count] > _USED)
        near = used.copy()
        near[np.argsort(-price, kind="stable")[:_NEAR]] = True
        self._near |= near
        for allowed, share in ((used, 0.45), (near, 0.9)):
            left = end - time.monotonic()
            best = self.best(rate)
            if self.halt.is_set() or (best is not None and (left < _SHORTEST or self._close(best, rate, bound, gap))):
                return
            self._restricted(model, allowed, rate, gap=gap / 4, seconds=max(_SHORTEST, left * share))

    def lessen(self, found: Found, least: float, *, seconds: float) -> Found:
        """Give the least disruption found with at least this value, beginning with a plan that has it.

        First over the slots of the plans found so far, which takes a second or two; then over those searched before.
        """
        end = time.monotonic() + seconds
        model = self._worth_at_least(least)
        best = found
        known = self.old | np.isin(model.slots, [slot for slots in self.pool for slot in slots])
        for allowed, share in ((known, 0.5), (known | self._near, 1.0)):
            left = end - time.monotonic()
            if self.halt.is_set() or left < _SHORTEST:
                break
            own = self._restricted(model, allowed, found.rate, gap=_LEAST_GAP, seconds=left * share, start=best.slots)
            if own is not None and own.value >= least - _EXACT and own.disruption < best.disruption:
                best = self.found(found.rate, own.slots, bound=found.bound)
        return best

    def _worth_at_least(self, least: float) -> Model:
        """Give the model that asks for this value and disturbs least."""
        given = self.wide.problem
        cost = np.zeros(len(given.cost))
        np.add.at(cost, self.columns.columns, -self.columns.values)
        scale = max(abs(least), _EXACT)
        matrix = sparse.vstack([given.matrix, sparse.csr_matrix(given.cost / scale)], format="csc")
        problem = replace(
            given,
            cost=cost,
            matrix=matrix,
            row_lower=np.append(given.row_lower, least / scale),
            row_upper=np.append(given.row_upper, np.inf),
        )
        return replace(self.wide, problem=problem)

    def _close(self, slots: Sequence[int], rate: float, bound: float, gap: float) -> bool:
        return relative_gap(self.merit(slots, rate), bound) <= gap

    def _restricted(
        self,
        model: Model,
        allowed: NDArray[np.bool_],
        rate: float,
        *,
        gap: float,
        seconds: float,
        start: tuple[int, ...] | None = None,
    ) -> Found | None:
        """Solve over some slots alone, from a plan given or the best one so far."""
        count = len(model.slots)
        keep = np.ones(len(model.problem.cost), bool)
        own = allowed.copy()
        best = self.best(rate) if start is None else start
        if best is not None:
            own |= np.isin(model.slots, best)
        keep[:count] = own
        keep[model.option_columns] = np.isin(model.options, self.data.slots.option[model.slots[own]])
        asked = set(self.data.demand.staff_class[np.isin(self.data.demand.slot, model.slots[own])].tolist())
        for staff_class, flow in model.flows:
            keep[flow] = staff_class in asked
        small, columns = without_columns(model.problem, keep)
        begin = None if best is None else self.pool[best][columns]
        request = Request(gap=gap, seconds=seconds, seed=self.seed, start=begin, halt=self.halt)
        answer = self.engine.solve(small, request)
        if answer.x is None:
            return None
        whole = np.zeros(len(keep))
        whole[columns] = answer.x
        slots = self.adopt(model.chosen(whole).tolist(), whole)
        self._tell(rate, slots)
        return self.found(rate, slots, bound=np.inf)

    def _to_the_end(self, model: Model, rate: float, *, gap: float, seconds: float, start: Sequence[int]) -> float:
        """Search the whole model; give the bound it proves on the merit."""
        constant = rate * self.disruption.constant
        solution = search(
            self.data,
            self.engine,
            gap=gap,
            seconds=seconds,
            seed=self.seed,
            halt=self.halt,
            model=model,
            worth=lambda slots: self.merit(slots, rate) + constant,
            start=start,
        )
        if solution is None:
            return np.inf
        self._tell(rate, self.adopt(solution.slots.tolist(), solution.x))
        return solution.bound - constant

    # -- plans found so far

    def adopt(self, slots: Sequence[int], x: NDArray[np.float64]) -> tuple[int, ...]:
        """Remember a plan that keeps the rules."""
        key = tuple(sorted(int(slot) for slot in slots))
        self.pool.setdefault(key, x)
        return key

    def best(self, rate: float) -> tuple[int, ...] | None:
        """Give the plan found so far that is best at a rate."""
        return max(self.pool, key=lambda slots: self.merit(slots, rate), default=None)

    def _tell(self, rate: float, slots: Sequence[int]) -> None:
        step = Progress(seconds=time.monotonic() - self.began, value=self.merit(slots, rate), bound=None)
        self.trace.append(step)
        if self.progress is not None:
            self.progress(step)


_USED = 1e-6
_LEAST_GAP = 0.02
_SHORTEST = 0.5
_WORTHWHILE = 2.0
"""Seconds that must be left for the search of the whole model to be begun: its relaxation alone takes about that long
on a large desk, and a small one is done in less."""
