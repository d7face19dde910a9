"""Search for the best plan with a proven bound.

The steps, each of which may end the search once the gap is small enough:

1. A first plan: the one that is given, repaired where it breaks rules, or one by ranking.
2. The linear relaxation by interior point; weak duality makes its bound safe. Its missions are placed one by one as
   they fit, and a small model is solved as a whole.
3. Large-neighbourhood search: a part of the plan at a time is freed and solved again, beside the missions outside the
   plan that the relaxation's prices speak for.
4. The *outline* (`legation.planning.outline`) lowers the bound, and says which missions to try next.
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
from legation.planning.outline import broken_rows, outline_of, used_rows
from legation.planning.progress import State, relative_gap
from legation.planning.result import Progress, SearchEnd
from legation.planning.selection.lead import lead_in
from legation.planning.value import value_of

__all__ = ["Kept", "Solution", "relative_gap", "search"]

_SMALL = 1_500
"""Columns up to which the whole model is solved at once: taking parts of it costs more than it saves."""
_MEDIUM = 20_000
"""Columns up to which the outline comes first: it takes a moment there, and its bound is the better one."""
_LARGE = 150_000
"""Columns above which outlines are not drawn: their first node would take all the time there is."""
_OUTLINES = 12
_CUT_OFF = 1e-7
_FEW_LONG = 0.1
_PART_SHARE = 0.15
"""Share of the time after which a part is too large; the limit on nodes is meant to come first."""
_PART_NODES = 200
_FIRST_NODES, _NODES = 100, 2000
"""What a schedule may take before parts of the plan are tried, and where an outline asks for it."""
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
        self.wanted = np.zeros(len(data.missions), bool)
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
        calendar = self._calendar()
        relaxed = state.relax() if calendar is None else calendar.relax()
        if relaxed.status == "infeasible" and state.x is None:
            return False
        if relaxed.duals is not None:
            self._price(relaxed.duals)
        if relaxed.x is not None and not state.done():
            self._draft(relaxed.x)
        if calendar is not None and relaxed.x is not None:
            if not calendar.search(
                relaxed.x, priced_bound=self.priced_bound, between=lambda: self._neighbourhoods(idle_limit=2)
            ):
                return False
            self._neighbourhoods(idle_limit=12)
        elif len(self.problem.cost) > _SMALL and not self._by_parts(relaxed.x):
            return False
        return state.done() or self._whole()

    def _calendar(self) -> Calendar | None:
        """Give what draws plans with people counted; None where it is no help."""
        columns = len(self.problem.cost)
        if not _MEDIUM < columns <= _LARGE or not self.model.flows:
            return None
        headcount = Headcount(self.data, self.model)
        return Calendar(self.state, self.near, headcount) if headcount.holds else None

    def _by_parts(self, relaxed: NDArray[np.float64] | None) -> bool:
        """Work on parts of the plan and on the bound; say whether a plan may exist."""
        columns = len(self.problem.cost)
        if columns > _MEDIUM:
            if relaxed is not None and not self.state.done() and self._is_short(relaxed):
                self._schedule(relaxed, nodes=_FIRST_NODES)
            self._neighbourhoods(idle_limit=12 if columns <= _LARGE else None)
        if columns <= _LARGE and not self._outlines(relaxed):
            return False
        self._neighbourhoods(idle_limit=12)
        return True

    def _is_short(self, relaxed: NDArray[np.float64]) -> bool:
        """Say whether nearly all missions that a relaxed solution wants take one month.

        Then months are nearly interchangeable and one schedule of them all comes out well; where many take longer,
        their whole staff flows make it too hard, and parts of the plan gain more in the same time.
        """
        wanted = self.model.options[relaxed[self.model.option_columns] > 0.5]
        return len(wanted) > 0 and float(np.mean(self.data.options.months[wanted] > 1)) <= _FEW_LONG

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

    def _outlines(self, relaxed: NDArray[np.float64] | None) -> bool:
        """Draw outlines and look for plans near them; say whether a plan may exist."""
        state, months_whole = self.state, False
        kept = used_rows(self.model, relaxed)
        for round_ in range(_OUTLINES):
            if state.done():
                break
            drawn = state.bounding(
                outline_of(self.model, kept, months_whole=months_whole), gap=state.gap / 4, seconds=state.left() * 0.5
            )
            if drawn.status == "infeasible":
                return state.x is not None
            if drawn.x is None:
                break
            self._schedule(drawn.x, nodes=_NODES)
            self._neighbourhoods(idle_limit=5)
            broken = ~kept & broken_rows(
                self.model, drawn.x, engine=state.engine, seconds=state.left(), halt=state.watch
            )
            kept |= broken
            if not broken.any() and months_whole:
                break
            # staff is not what the plan loses to the outline, or not all of it: then it is fractions of months
            months_whole = months_whole or round_ >= 1 or not broken.any()
        return True

    def _schedule(self, drawn: NDArray[np.float64], *, nodes: int) -> None:
        """Find months and staff for the missions of a relaxed solution and of the plan."""
        state = self.state
        wanted = drawn[self.model.option_columns] > 0.5
        self.wanted[:] = False
        self.wanted[self.data.mission_of[self.model.options[wanted]]] = True
        if state.x is None:
            self._draft(drawn)
        open_slots = wanted[self.near.line]
        if state.x is not None:
            open_slots |= (state.x[self.model.option_columns] > 0.5)[self.near.line]
        state.within(
            *self.near.among(open_slots),
            gap=state.gap / 4,
            seconds=state.left() * 0.25,
            nodes=nodes if state.x is not None else None,
            most_columns=_PART_COLUMNS,
        )

    def _neighbourhoods(self, *, idle_limit: int | None) -> None:
        """Free a part of the plan at a time and solve for it, until nothing is gained so many times in a row."""
        state, idle = self.state, 0
        while state.x is not None and not state.done() and (idle_limit is None or idle < idle_limit):
            kind = KINDS[self.turn % len(KINDS)]
            self.turn += 1
            before = state.value
            answer = self._neighbourhood(state.x, kind)
            idle = 0 if state.value > before + _CUT_OFF else idle + 1
            # the size follows what came back and never the clock, so that a seed gives the same steps
            factor = 1.15 if answer.status == "optimal" else 0.8
            self.sizes[kind] = min(max(4.0, self.sizes[kind] * factor), float(max(4, len(self.data.missions))))

    def _neighbourhood(self, x: NDArray[np.float64], kind: Kind) -> Answer:
        state = self.state
        free = self.near.draw(x, kind=kind, size=int(self.sizes[kind]))
        # what the last outline wanted and the plan lacks is always worth a try
        missing = self.wanted.copy()
        missing[self.near.mission[state.chosen()]] = False
        lacking = self.rng.permutation(np.flatnonzero(missing))
        missing[lacking[int(self.sizes[kind]) :]] = False
        open_slots = self.near.slot_price >= state.value - self.priced_bound
        lower, upper = self.near.bounds(x, free | missing, open_slots=open_slots)
        return state.within(
            lower,
            upper,
            gap=state.gap / 20,
            seconds=min(60.0, max(0.5, _PART_SHARE * state.seconds)),
            nodes=_PART_NODES,
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
