"""Search for the best plan with a proven bound.

Four steps, each of which may end the search once the gap is small enough:

1. The linear relaxation by interior point; weak duality makes its bound safe.
2. The *outline*: which missions in which modes, with months and staff left continuous and rows that the relaxation does
   not use left out. It is a relaxation too, so its bound holds, and it is small: months are nearly interchangeable.
3. The *schedule*: the whole model over the outline's missions. Where it loses value, the rows that the outline broke
   come back and the outline is drawn again.
4. Large-neighbourhood search around the best plan, then the whole model from there, until the time is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.errors import InfeasibleError
from legation.planning.data import PlanData
from legation.planning.draft import draft
from legation.planning.engines.base import Answer, Engine, Halt, Request, safe_bound
from legation.planning.model.build import Model, Problem, build_model
from legation.planning.result import Progress
from legation.planning.value import value_of

__all__ = ["Solution", "search"]

_LAZY = frozenset({"position", "absorption"})
"""Rows that the outline leaves out while the relaxation does not use them."""
_CUT_OFF = 1e-7


@dataclass(frozen=True, eq=False)
class Solution:
    """What the search found.

    Attributes
    ----------
    slots
        Chosen slots of the best plan, sorted.
    x
        The whole solution in the model's columns.
    value, bound
        The plan's value, and an upper bound on every plan's.
    duals
        Row duals of the linear relaxation, shape (rows,).
    trace
        How value and bound came together.
    stopped
        Whether somebody stopped the search.
    """

    model: Model
    slots: NDArray[np.int64]
    x: NDArray[np.float64]
    value: float
    bound: float
    duals: NDArray[np.float64]
    seconds: float
    trace: tuple[Progress, ...]
    stopped: bool

    @property
    def gap(self) -> float:
        """Distance to the bound as a share of the value."""
        return relative_gap(self.value, self.bound)


def relative_gap(value: float, bound: float) -> float:
    """Give ``(bound - value) / |value|``, and 0 where the bound is met within 1e-9, the precision of the bounds."""
    return 0.0 if bound - value <= 1e-9 else (bound - value) / max(abs(value), 1e-9)


def search(
    data: PlanData,
    engine: Engine,
    *,
    gap: float,
    seconds: float,
    seed: int,
    progress: Callable[[Progress], None] | None = None,
    halt: Halt | None = None,
    model: Model | None = None,
    worth: Callable[[list[int]], float] | None = None,
    start: Sequence[int] = (),
) -> Solution | None:
    """Find the best plan within the limits; None where no plan keeps all rules.

    Parameters
    ----------
    data, engine
        What to plan and with which solver.
    gap
        Proven relative gap at which the search may end.
    seconds
        Limit on time; a desk whose first plan takes longer is given up to the same time again to find one.
    seed
        Seed of the neighbourhoods and the solver.
    progress, halt
        Told of every improvement; ends the search when set.
    model
        A model of this desk built already, as it is or extended; the plain one when left out.
    worth
        What a set of slots is worth under the model's objective; the plan's value when left out. It must equal the
        best objective that the model allows with these slots.
    start
        Slots of a plan to start from; one that breaks a rule is left aside.
    """
    return _Search(
        data,
        engine,
        gap=gap,
        seconds=seconds,
        seed=seed,
        progress=progress,
        halt=halt or Halt(),
        model=model,
        worth=worth,
        start=start,
    ).run()


class _Search:
    def __init__(
        self,
        data: PlanData,
        engine: Engine,
        *,
        gap: float,
        seconds: float,
        seed: int,
        progress: Callable[[Progress], None] | None,
        halt: Halt,
        model: Model | None,
        worth: Callable[[list[int]], float] | None,
        start: Sequence[int],
    ) -> None:
        self.worth = worth or (lambda slots: value_of(data, slots))
        self.start = start
        self.data, self.engine, self.gap, self.limit = data, engine, gap, seconds
        self.progress, self.halt, self.seed = progress, halt, seed
        self.rng = np.random.default_rng(seed)
        self.began = time.monotonic()
        self.model = model or build_model(data)
        self.problem = self.model.problem
        self.x: NDArray[np.float64] | None = None
        self.value = -np.inf
        self.bound = np.inf
        self.trace: list[Progress] = []
        self.wanted = np.zeros(len(data.missions), bool)
        self.slot_mission = data.slot_mission[self.model.slots]

    # -- the steps

    def run(self) -> Solution | None:
        relaxed = self._solve(self.problem, relaxed=True)
        if relaxed.status == "infeasible":
            return None
        duals = np.zeros(len(self.model.rows)) if relaxed.duals is None else relaxed.duals
        try:
            self._bounded(safe_bound(self.problem, duals))
            self._fix(self.start)
            if not self._improve(relaxed.x, duals):
                return None
        except KeyboardInterrupt:
            # the engine turns an interrupt into a stop; one between two of its runs arrives here
            self.halt.set()
        return self._nothing(duals) if self.x is None else self._solution(duals)

    def _improve(self, relaxed: NDArray[np.float64] | None, duals: NDArray[np.float64]) -> bool:
        """Take the steps after the relaxation; say whether a plan may exist."""
        if not self._outline(relaxed, duals):
            return False
        if not self._done():
            self._neighbourhoods(duals, idle_limit=12)
        if not self._done() or (self.x is None and not self.halt.is_set()):
            return self._whole().status != "infeasible" or self.x is not None
        return True

    def _outline(self, relaxed: NDArray[np.float64] | None, duals: NDArray[np.float64]) -> bool:
        """Draw outlines and schedule them; say whether a plan may exist."""
        kept = self._used_rows(relaxed)
        tolerance, months_whole = self.gap / 4, False
        for round_ in range(12):
            if self._done():
                break
            outline = self._master(kept, months_whole=months_whole)
            drawn = self._solve(
                outline,
                gap=tolerance,
                seconds=self._left() * 0.5,
                track_bound=True,
                nodes=None,
            )
            if drawn.status == "infeasible":
                return False
            if np.isfinite(drawn.bound):
                self._bounded(drawn.bound)
            if drawn.x is None:
                break
            if self.x is None:
                self._draft(drawn.x)
            self._schedule(drawn.x)
            self._neighbourhoods(duals, idle_limit=5)
            broken = self._broken(drawn.x) & ~kept
            kept |= broken
            if not broken.any() and months_whole:
                break
            # staff is not what the plan loses to the outline, or not all of it: then it is fractions of months
            months_whole = months_whole or round_ >= 1 or not broken.any()
        return True

    def _draft(self, drawn: NDArray[np.float64]) -> None:
        """Place the outline's missions one by one, so that there is a plan to start from."""
        slots = draft(self.data, self.model.slots, drawn[: len(self.model.slots)])
        if slots is not None:
            self._fix(slots)

    def _fix(self, slots: Sequence[int]) -> None:
        """Solve the model with exactly these slots; a plan that keeps the rules becomes the best one so far."""
        if not len(slots):
            return
        fixed = np.isin(self.model.slots, slots).astype(float)
        done = np.isin(self.model.options, self.data.slots.option[slots]).astype(float)
        bounds = np.concatenate([fixed, done])
        lower, upper = self.problem.lower.copy(), self.problem.upper.copy()
        lower[: len(bounds)], upper[: len(bounds)] = bounds, bounds
        self._solve(self.problem, gap=1e-4, seconds=max(2.0, self._left() * 0.2), lower=lower, upper=upper, adopt=True)

    def _schedule(self, drawn: NDArray[np.float64]) -> None:
        """Find months and staff for the outline's missions, first with all of them, then with any."""
        wanted = drawn[self.model.option_columns] > 0.5
        self.wanted = np.zeros(len(self.data.missions), bool)
        self.wanted[self.data.mission_of[self.model.options[wanted]]] = True
        lower, upper = self.problem.lower.copy(), self.problem.upper.copy()
        upper[self.model.option_columns][~wanted] = 0.0
        if self.x is not None:
            # what the best plan does stays allowed, so that the search can only gain
            upper[: len(self.model.slots)] = np.where(self._chosen_mask(), 1.0, upper[: len(self.model.slots)])
            upper[self.model.option_columns] = np.maximum(
                upper[self.model.option_columns], (self.x[self.model.option_columns] > 0.5).astype(float)
            )
        self._solve(
            self.problem,
            gap=self.gap / 4,
            seconds=self._left() * 0.25,
            lower=lower,
            upper=upper,
            nodes=2000,
            adopt=True,
        )

    def _neighbourhoods(self, duals: NDArray[np.float64], *, idle_limit: int) -> None:
        """Free a part of the plan at a time and solve for it."""
        if self.x is None:
            return
        reduced = (self.problem.cost - self.problem.matrix.T @ duals)[: len(self.model.slots)]
        # as much as a small problem can hold: about a hundred missions
        share, idle = min(0.4, 100 / max(1, len(self.data.missions))), 0
        while not self._done() and idle < idle_limit:
            free = self._neighbourhood(share)
            lower, upper = self.problem.lower.copy(), self.problem.upper.copy()
            current = self._chosen_mask()
            fixed = ~free[self.slot_mission]
            lower[: len(current)][fixed & current] = 1.0
            upper[: len(current)][fixed & ~current] = 0.0
            # a slot whose reduced cost exceeds the open gap is in no better plan
            upper[: len(current)][(reduced < self.value - self.bound) & ~current] = 0.0
            before = self.value
            answer = self._solve(
                self.problem,
                gap=self.gap / 20,
                seconds=min(2.5, self._left()),
                nodes=300,
                lower=lower,
                upper=upper,
                adopt=True,
            )
            idle = 0 if self.value > before + _CUT_OFF else idle + 1
            share = share * 0.7 if answer.status != "optimal" else share if idle == 0 else min(0.85, share * 1.15)

    def _whole(self) -> Answer:
        """Solve the whole model from the best plan; it may end the proof."""
        return self._solve(self.problem, gap=self.gap, seconds=self._left(), track_bound=True, adopt=True)

    # -- parts of steps

    def _used_rows(self, relaxed: NDArray[np.float64] | None) -> NDArray[np.bool_]:
        lazy = self.model.rows.of_kinds(_LAZY)
        if relaxed is None:
            return np.ones(len(lazy), bool)
        slack = self.problem.row_upper - self.problem.matrix @ relaxed
        used: NDArray[np.bool_] = ~lazy | (slack <= 1e-4 * np.maximum(1.0, np.abs(self.problem.row_upper)))
        return used

    def _broken(self, x: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Find the left-out rows that prove an outline impossible: those with a price when staff is let overflow."""
        lazy = np.flatnonzero(self.model.rows.of_kinds(_LAZY))
        columns = len(x)
        overflow = sparse.csc_matrix(
            (-np.ones(len(lazy)), (lazy, np.arange(len(lazy)))), shape=(len(self.model.rows), len(lazy))
        )
        flows = np.concatenate([[0], *(own for _, own in self.model.flows)]).astype(int)[1:]
        lower, upper = x.copy(), x.copy()
        lower[flows], upper[flows] = self.problem.lower[flows], self.problem.upper[flows]
        # money may have been drawn and values rounded by the engine: only staff and visits are asked about
        asked = self.model.rows.of_kinds(_LAZY | {"staff_class"})
        problem = Problem(
            cost=np.concatenate([np.zeros(columns), -np.ones(len(lazy))]),
            lower=np.concatenate([lower, np.zeros(len(lazy))]),
            upper=np.concatenate([upper, np.full(len(lazy), 1e4)]),
            integer=np.zeros(columns + len(lazy), bool),
            matrix=sparse.hstack([self.problem.matrix, overflow]).tocsr()[asked].tocsc(),
            row_lower=self.problem.row_lower[asked],
            row_upper=self.problem.row_upper[asked] + 1e-7,
        )
        answer = self.engine.solve(problem, Request(relaxed=True, vertex=True, seconds=max(1.0, self._left())))
        broken = np.zeros(len(asked), bool)
        if answer.duals is not None and (answer.value or 0.0) < -1e-5:
            broken[np.flatnonzero(asked)[np.abs(answer.duals) > 1e-6]] = True
        return broken & np.isin(np.arange(len(asked)), lazy)

    def _master(self, kept: NDArray[np.bool_], *, months_whole: bool) -> Problem:
        integer = np.zeros(len(self.problem.cost), bool)
        integer[self.model.option_columns] = True
        integer[: len(self.model.slots)] = months_whole
        return replace(
            self.problem,
            integer=integer,
            matrix=self.problem.matrix.tocsr()[kept].tocsc(),
            row_lower=self.problem.row_lower[kept],
            row_upper=self.problem.row_upper[kept],
        )

    def _neighbourhood(self, share: float) -> NDArray[np.bool_]:
        missions = len(self.data.missions)
        free = np.zeros(missions, bool)
        kind = int(self.rng.integers(3))
        if kind == 0:
            free[self.rng.permutation(missions)[: max(1, int(missions * share))]] = True
            return free | self._unplaced()
        chosen = self.model.chosen(self._best())
        if kind == 1:
            width = max(2, int(self.data.horizon * share))
            begin = int(self.rng.integers(0, max(1, self.data.horizon - width + 1)))
            starts = self.data.slots.start[chosen]
            free[:] = self.rng.random(missions) < share
            free[self.data.slot_mission[chosen]] = (starts >= begin) & (starts < begin + width)
            return free | self._unplaced()
        for objective in self.rng.permutation(len(self.data.options.objectives))[:2]:
            serving = np.abs(self.data.contributions[self.model.slots][:, objective]) > 0
            free[np.unique(self.slot_mission[serving])] = True
        return (free & (self.rng.random(missions) < 2 * share)) | self._unplaced()

    def _unplaced(self) -> NDArray[np.bool_]:
        """Find the missions that the last outline wanted and the plan lacks: they are always worth a try."""
        out = self.wanted.copy()
        out[self.data.slot_mission[self.model.chosen(self._best())]] = False
        return out

    # -- bookkeeping

    def _solve(
        self,
        problem: Problem,
        *,
        relaxed: bool = False,
        gap: float = 0.0,
        seconds: float | None = None,
        nodes: int | None = None,
        lower: NDArray[np.float64] | None = None,
        upper: NDArray[np.float64] | None = None,
        track_bound: bool = False,
        adopt: bool = False,
    ) -> Answer:
        def report(_: float | None, bound: float | None) -> None:
            if track_bound and bound is not None:
                self._bounded(bound)

        # the first plan may take as long again as was given: without one there is nothing to answer
        allowed = seconds if seconds is not None else self._left() if self.x is not None else self.limit
        request = Request(
            relaxed=relaxed,
            gap=gap,
            seconds=max(allowed, 1.0),
            nodes=nodes if self.x is not None else None,
            seed=self.seed,
            start=self.x if adopt and self.x is not None else None,
            lower=lower,
            upper=upper,
            progress=report,
            halt=self.halt,
        )
        answer = self.engine.solve(problem, request)
        if adopt and answer.x is not None:
            self._adopt(answer.x)
        if track_bound and adopt and np.isfinite(answer.bound):
            self._bounded(answer.bound)
        return answer

    def _adopt(self, x: NDArray[np.float64]) -> None:
        value = self.worth(self.model.chosen(x).tolist())
        if value > self.value + 1e-12 or self.x is None:
            self.x, self.value = x, value
            self._tell()

    def _bounded(self, bound: float) -> None:
        if bound < self.bound - 1e-12:
            self.bound = bound
            self._tell()

    def _tell(self) -> None:
        step = Progress(
            seconds=time.monotonic() - self.began,
            value=float(self.value) if np.isfinite(self.value) else None,
            bound=float(self.bound) if np.isfinite(self.bound) else None,
        )
        self.trace.append(step)
        if self.progress is not None:
            self.progress(step)

    def _left(self) -> float:
        return self.limit - (time.monotonic() - self.began)

    def _done(self) -> bool:
        if self.halt.is_set():
            return True
        if self.x is None:
            return False
        return relative_gap(self.value, self.bound) <= self.gap or self._left() <= 0

    def _best(self) -> NDArray[np.float64]:
        assert self.x is not None
        return self.x

    def _chosen_mask(self) -> NDArray[np.bool_]:
        mask: NDArray[np.bool_] = self._best()[: len(self.model.slots)] > 0.5
        return mask

    def _nothing(self, duals: NDArray[np.float64]) -> Solution:
        """Answer with the empty plan where the search ended before the first one and nothing is required."""
        if np.any(self.problem.row_lower > 0):
            raise InfeasibleError(
                "The search ended before a plan that keeps all rules was found; there may be one.",
                remedy="Give it more seconds.",
            )
        self._adopt(np.zeros(len(self.problem.cost)))
        return self._solution(duals)

    def _solution(self, duals: NDArray[np.float64]) -> Solution:
        return Solution(
            model=self.model,
            slots=np.sort(self.model.chosen(self._best())),
            x=self._best(),
            value=self.value,
            bound=max(self.bound, self.value),
            duals=duals,
            seconds=time.monotonic() - self.began,
            trace=tuple(self.trace),
            stopped=self.halt.is_set(),
        )
