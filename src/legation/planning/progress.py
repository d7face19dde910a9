"""What a search knows at any time: the best plan, the proven bound, its limits, and the trace of both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Answer, Engine, Halt, Request
from legation.planning.memory import used_megabytes
from legation.planning.model.build import Model, Problem
from legation.planning.restriction import restrict
from legation.planning.result import PlanStatus, Progress, SearchEnd

__all__ = ["State", "relative_gap", "status_of"]


def relative_gap(value: float, bound: float) -> float:
    """Give ``(bound - value) / |value|``, and 0 where the bound is met within 1e-9, the precision of the bounds."""
    return 0.0 if bound - value <= 1e-9 else (bound - value) / max(abs(value), 1e-9)


_PROVEN = 1e-6
"""Relative gap below which a plan is called optimal: the engine's own tolerances are of this size."""
_LOOK = 0.1
"""Seconds between looks at the memory while an engine runs."""


class _Watch(Halt):
    """Ends an engine's run when the search is to stop or the memory is full."""

    def __init__(self, halt: Halt, full: Callable[[], bool]) -> None:
        super().__init__()
        self._halt, self._is_full, self._looked = halt, full, 0.0

    def set(self) -> None:
        """Ask the whole search to stop."""
        self._halt.set()

    def is_set(self) -> bool:
        """Say whether the run has to end."""
        if self._halt.is_set():
            return True
        if time.monotonic() - self._looked < _LOOK:
            return False
        self._looked = time.monotonic()
        return self._is_full()


def status_of(gap: float, *, asked: float, stopped: bool) -> PlanStatus:
    """Say how far a plan is proven, by the relative gap found and the one asked for."""
    if gap <= _PROVEN:
        return "optimal"
    if gap <= asked:
        return "within_gap"
    return "stopped" if stopped else "feasible"


class State:
    """The best plan and the bound so far, and every run of the engine.

    Attributes
    ----------
    x, value
        The best plan's whole solution and its worth; None and minus infinity before the first one.
    bound
        Proven upper bound on every plan's worth.
    """

    def __init__(
        self,
        model: Model,
        engine: Engine,
        *,
        worth: Callable[[list[int]], float],
        gap: float,
        seconds: float,
        memory: float | None,
        seed: int,
        progress: Callable[[Progress], None] | None,
        halt: Halt,
    ) -> None:
        self.model, self.problem, self.engine, self.worth = model, model.problem, engine, worth
        self.gap, self.seconds, self.memory, self.seed = gap, seconds, memory, seed
        self.progress, self.halt = progress, halt
        self.watch = _Watch(halt, self._full)
        self.began = time.monotonic()
        self.x: NDArray[np.float64] | None = None
        self.value, self.bound = -np.inf, np.inf
        self.trace: list[Progress] = []
        self.out_of_memory = False

    # -- limits

    def elapsed(self) -> float:
        """Give the seconds since the search began."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Give the seconds left; before the first plan as many again, for without one there is nothing to answer."""
        return (self.seconds if self.x is not None else 2 * self.seconds) - self.elapsed()

    def proven(self) -> bool:
        """Say whether the gap asked for is proven."""
        return self.x is not None and relative_gap(self.value, self.bound) <= self.gap

    def done(self) -> bool:
        """Say whether the search has to end, with a plan or without."""
        return self.halt.is_set() or self.proven() or self.left() <= 0 or self._full()

    def _full(self) -> bool:
        if self.memory is not None and used_megabytes() > self.memory:
            self.out_of_memory = True
        return self.out_of_memory

    def ended(self) -> SearchEnd:
        """Say why the search ended."""
        if self.proven():
            return "gap"
        if self.halt.is_set():
            return "stopped"
        if self.out_of_memory:
            return "memory"
        return "seconds" if self.left() <= 0 else "exhausted"

    # -- runs of the engine

    def relax(self, problem: Problem | None = None) -> Answer:
        """Solve the linear relaxation of the whole problem, or of one with the same columns."""
        return self._ask(problem or self.problem, Request(relaxed=True, seconds=self._most(None), halt=self.watch))

    def drawing(
        self,
        problem: Problem,
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        *,
        gap: float,
        nodes: int,
        most_columns: int,
        complete: bool,
        seconds: float | None = None,
    ) -> Answer:
        """Solve a problem with the same columns that leaves rules out and adds none, within column bounds.

        Parameters
        ----------
        problem, lower, upper
            The problem, and its column bounds, shape (columns,).
        gap, nodes, seconds
            When to stop.
        most_columns
            A problem with more columns left is not tried: its answer is "none".
        complete
            Whether every plan better than the best one lies within these bounds, so that the run's bound holds.

        Returns
        -------
        Answer
            With the solution in all columns; it need not be a plan.
        """
        return self._within(
            problem, lower, upper, gap=gap, seconds=seconds, nodes=nodes, most_columns=most_columns, complete=complete
        )

    def within(
        self,
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        *,
        gap: float,
        seconds: float | None = None,
        nodes: int | None = None,
        most_columns: int | None = None,
        complete: bool = False,
        halt: Halt | None = None,
    ) -> Answer:
        """Solve the problem within column bounds and keep a better plan.

        Parameters
        ----------
        lower, upper
            Column bounds, shape (columns,).
        gap, seconds, nodes
            When to stop.
        most_columns
            A problem with more columns left is not tried: its answer is "none".
        complete
            Whether every plan better than the best one lies within these bounds, so that the run's bound holds.
        halt
            Instead of the search's own.
        """
        return self._within(
            self.problem,
            lower,
            upper,
            gap=gap,
            seconds=seconds,
            nodes=nodes,
            most_columns=most_columns,
            complete=complete,
            halt=halt,
            plans=True,
        )

    def _within(
        self,
        problem: Problem,
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
        *,
        gap: float,
        seconds: float | None,
        nodes: int | None,
        most_columns: int | None,
        complete: bool,
        halt: Halt | None = None,
        plans: bool = False,
    ) -> Answer:
        """Solve within column bounds; where its solutions are plans, begin from the best one and keep a better one."""
        small = restrict(problem, lower=lower, upper=upper)
        if small is None:
            return Answer(status="infeasible", bound=-np.inf)
        if most_columns is not None and len(small.columns) > most_columns:
            return Answer(status="none")

        def report(_: float | None, bound: float | None) -> None:
            if complete and bound is not None:
                self.bounded(max(bound + small.offset, self.value))

        start = None
        # a run whose bound counts gets no start: HiGHS 1.13.1 may prune from one what is better
        if (
            plans
            and not complete
            and self.x is not None
            and np.all((self.x >= lower - 1e-6) & (self.x <= upper + 1e-6))
        ):
            start = self.x[small.columns]
        request = Request(
            gap=gap,
            seconds=self._most(seconds),
            nodes=nodes,
            seed=self.seed,
            start=start,
            progress=report,
            halt=halt or self.watch,
            proof=complete,
        )
        answer = self._ask(small.problem, request)
        if answer.x is not None:
            answer = replace(answer, x=small.whole(answer.x))
        if plans and answer.x is not None:
            self.adopt(answer.x)
        if complete and answer.status != "infeasible" and np.isfinite(answer.bound):
            self.bounded(max(answer.bound + small.offset, self.value))
        return answer

    def _ask(self, problem: Problem, request: Request) -> Answer:
        return self.engine.solve(problem, request)

    def _most(self, seconds: float | None) -> float:
        left = self.left() if seconds is None else min(seconds, self.left())
        return max(left, 0.05)

    # -- what came of it

    def adopt(self, x: NDArray[np.float64]) -> None:
        """Keep a plan that is better than the best one."""
        value = self.worth(self.model.chosen(x).tolist())
        if self.x is None or value > self.value + 1e-12:
            self.x, self.value = x, value
            self._tell()

    def bounded(self, bound: float) -> None:
        """Keep a bound that is lower than the best one."""
        if bound < self.bound - 1e-12:
            self.bound = bound
            self._tell()

    def _tell(self) -> None:
        step = Progress(
            seconds=self.elapsed(),
            value=float(self.value) if np.isfinite(self.value) else None,
            bound=float(self.bound) if np.isfinite(self.bound) else None,
        )
        self.trace.append(step)
        if self.progress is not None:
            self.progress(step)

    # -- reading the best plan

    def best(self) -> NDArray[np.float64]:
        """Give the best plan's whole solution."""
        assert self.x is not None
        return self.x

    def chosen(self) -> NDArray[np.bool_]:
        """Say which slot columns the best plan takes."""
        mask: NDArray[np.bool_] = self.best()[: len(self.model.slots)] > 0.5
        return mask
