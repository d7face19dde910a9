"""Search for the best plan with a proven bound.

The steps, each of which may end the search once the gap is small enough:

1. A first plan: the one that is given, repaired where it breaks rules, or one by ranking.
2. The linear relaxation by interior point, with people counted instead of placed (`legation.planning.headcount`);
   weak duality makes its bound safe. Its missions are placed one by one as they fit, and a small model is solved as a
   whole.
3. Plans are drawn in whole months with people counted, and staffed (`legation.planning.calendar`): first those of the
   missions that the relaxation wants, then all that the prices leave open, which lowers the bound.
4. Large-neighbourhood search in between: a part of the plan at a time is freed and solved again, beside the missions
   outside the plan that the relaxation's prices speak for.
5. The whole model within what the prices leave open, until the time is over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.errors import InfeasibleError
from legation.planning.calendar import Calendar
from legation.planning.data import PlanData
from legation.planning.draft import draft
from legation.planning.engines.base import Answer, Engine, Halt, safe_bound
from legation.planning.headcount import Headcount
from legation.planning.model.build import Model, build_model
from legation.planning.neighbourhood import KINDS, Kind, Neighbourhoods
from legation.planning.opening import Kept, open_by_duties, open_by_ranking, open_from
from legation.planning.progress import State, relative_gap
from legation.planning.result import Progress, SearchEnd
from legation.planning.selection.lead import lead_in
from legation.planning.value import value_of

__all__ = ["Kept", "Solution", "relative_gap", "search"]

_SMALL = 1_500
"""Columns up to which the whole model is solved at once: taking parts of it costs more than it saves."""
_LARGE = 150_000
"""Columns above which parts of the plan are worked on until the time is over."""
_IDLE, _IDLE_BETWEEN = 12, 2
"""Parts in a row without a gain after which something else is tried: at the end, and between drawings."""
_CUT_OFF = 1e-7
_PART_SHARE = 0.15
"""Share of the time after which a part is too large; the limit on nodes is meant to come first."""
_PART_NODES, _PART_NODES_BETWEEN = 200, 20
_PART_COLUMNS = 120_000


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
    ended
        Why the search ended.
    kept
        What became of the plan it was to start from, None without one.
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
    ended: SearchEnd = "exhausted"
    kept: Kept | None = None

    @property
    def gap(self) -> float:
        """Distance to the bound as a share of the value."""
        return relative_gap(self.value, self.bound)


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
    memory: float | None = None,
) -> Solution | None:
    """Find the best plan within the limits; None where no plan keeps all rules.

    With the same desk, gap and seed it takes the same steps; only limits on time and memory make two runs differ.

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
        Slots of a plan to start from. Barred ones are left out, and where the rest breaks a rule, the search starts
        from the best plan that its missions and what must be in allow; `Solution.kept` says what became of it.
    memory
        Limit on the process's memory in megabytes: the search ends with its best plan when the process holds more.
    """
    state = State(
        model or build_model(data),
        engine,
        worth=worth or (lambda slots: value_of(data, slots)),
        gap=gap,
        seconds=seconds,
        memory=memory,
        seed=seed,
        progress=progress,
        halt=halt or Halt(),
    )
    return _Search(data, state, start, plain=model is None and worth is None).run()


class _Search:
    def __init__(self, data: PlanData, state: State, start: Sequence[int], *, plain: bool) -> None:
        self.data, self.state, self.start, self.plain = data, state, start, plain
        self.model, self.problem = state.model, state.problem
        self.rng = np.random.default_rng(state.seed)
        self.near = Neighbourhoods(data, self.model, rng=self.rng)
        self.duals = np.zeros(len(self.model.rows))
        self.priced_bound = np.inf
        self.kept: Kept | None = None
        self.sizes: dict[Kind, float] = dict.fromkeys(KINDS, 20.0)
        self.turn = 0

    def run(self) -> Solution | None:
        try:
            if not self._steps():
                return None
        except KeyboardInterrupt:
            # the engine turns an interrupt into a stop; one between two of its runs arrives here
            self.state.halt.set()
        return self._solution()

    def _steps(self) -> bool:
        """Take the steps; say whether a plan may exist."""
        state = self.state
        self._price(self.duals)
        if self.plain and not len(self.start) and self._lead():
            return True
        self._open()
        calendar = Calendar(state, self.near, Headcount(self.data, self.model)) if self._is_large(_SMALL) else None
        relaxed = state.relax() if calendar is None else calendar.relax()
        if relaxed.status == "infeasible" and state.x is None:
            return False
        if relaxed.duals is not None:
            self._price(relaxed.duals)
        if relaxed.x is not None and not state.done():
            self._draft(relaxed.x)
        if calendar is not None:
            if relaxed.x is not None and not self._by_months(calendar, relaxed.x):
                return False
            self._neighbourhoods(idle_limit=None if self._is_large(_LARGE) else _IDLE)
        return state.done() or self._whole()

    def _is_large(self, columns: int) -> bool:
        return len(self.problem.cost) > columns

    def _by_months(self, calendar: Calendar, relaxed: NDArray[np.float64]) -> bool:
        """Draw plans with people counted, and work on parts of the plan in between; say whether a plan may exist."""

        def between() -> None:
            self._neighbourhoods(idle_limit=_IDLE_BETWEEN, nodes=_PART_NODES_BETWEEN)

        return calendar.search(relaxed, priced_bound=self.priced_bound, between=between)

    def _price(self, duals: NDArray[np.float64]) -> None:
        bound = safe_bound(self.problem, duals)
        if bound < self.priced_bound:
            self.duals, self.priced_bound = duals, bound
            self.near.set_prices(duals)
            self.state.bounded(bound)

    def _lead(self) -> bool:
        """Follow the search of missions alone where these are the whole desk; say whether that was all to do."""
        state = self.state
        lead = lead_in(
            self.data,
            state.engine,
            seconds=state.seconds - state.elapsed(),
            seed=state.seed,
            gap=state.gap,
            halt=state.watch,
        )
        if lead is None:
            return False
        state.bounded(lead.bound)
        # what the lead found is kept even by somebody who stops it: only the money is left to draw
        state.within(*self.near.exactly(lead.slots), gap=1e-9, seconds=max(2.0, state.seconds * 0.2), halt=Halt())
        return lead.whole and state.x is not None

    def _open(self) -> None:
        """Look for a first plan."""
        if len(self.start):
            self.kept = open_from(self.state, self.data, self.near, self.start)
        if self.state.x is None and len(self.problem.cost) > _SMALL and not self.state.halt.is_set():
            open_by_ranking(self.state, self.data, self.near)

    def _draft(self, drawn: NDArray[np.float64]) -> None:
        """Place the missions of a relaxed solution one by one, and keep what comes of it where it is better."""
        slots = draft(self.data, self.model.slots, drawn[: len(self.model.slots)])
        if slots:
            self.state.within(*self.near.exactly(slots), gap=1e-4, seconds=self.state.seconds * 0.2)

    def _neighbourhoods(self, *, idle_limit: int | None, nodes: int = _PART_NODES) -> None:
        """Free a part of the plan at a time and solve for it, until nothing is gained so many times in a row."""
        state, idle = self.state, 0
        while state.x is not None and not state.done() and (idle_limit is None or idle < idle_limit):
            kind = KINDS[self.turn % len(KINDS)]
            self.turn += 1
            before = state.value
            answer = self._neighbourhood(state.x, kind, nodes=nodes)
            idle = 0 if state.value > before + _CUT_OFF else idle + 1
            # the size follows what came back and never the clock, so that a seed gives the same steps
            factor = 1.15 if answer.status == "optimal" else 0.8
            self.sizes[kind] = min(max(4.0, self.sizes[kind] * factor), float(max(4, len(self.data.missions))))

    def _neighbourhood(self, x: NDArray[np.float64], kind: Kind, *, nodes: int) -> Answer:
        state = self.state
        free = self.near.draw(x, kind=kind, size=int(self.sizes[kind]))
        open_slots = self.near.slot_price >= state.value - self.priced_bound
        lower, upper = self.near.bounds(x, free, open_slots=open_slots)
        return state.within(
            lower,
            upper,
            gap=state.gap / 20,
            seconds=min(60.0, max(0.5, _PART_SHARE * state.seconds)),
            nodes=nodes,
            most_columns=_PART_COLUMNS,
        )

    def _whole(self) -> bool:
        """Solve all of the model that may hold a better plan; say whether a plan may exist."""
        state = self.state
        if state.x is None:
            lower, upper = self.problem.lower, self.problem.upper
        else:
            open_slots = self.near.may_improve(state.value, self.priced_bound) | state.chosen()
            lower, upper = self.near.among(open_slots)
        answer = state.within(lower, upper, gap=state.gap, complete=True)
        return answer.status != "infeasible" or state.x is not None

    # -- the end

    def _rescue(self) -> None:
        """Look for any plan where the search ended before the first one."""
        if not np.any(self.problem.row_lower > 0):
            self.state.adopt(np.zeros(len(self.problem.cost)))
            return
        open_by_duties(self.state, self.data, self.near)

    def _solution(self) -> Solution:
        state = self.state
        if state.x is None:
            self._rescue()
        if state.x is None:
            raise InfeasibleError(
                "The search ended before a plan that keeps all rules was found; there may be one.",
                remedy="Give it more seconds, or more memory where that was limited.",
            )
        return Solution(
            model=self.model,
            slots=np.sort(self.model.chosen(state.x)),
            x=state.x,
            value=float(state.value),
            bound=float(max(state.bound, state.value)),
            duals=self.duals,
            seconds=state.elapsed(),
            trace=tuple(state.trace),
            stopped=state.halt.is_set(),
            ended=state.ended(),
            kept=self.kept,
        )
