"""A solver that no clock steers: what it answers is the same on a busy machine as on an idle one."""

from __future__ import annotations

import time
from dataclasses import replace

from legation.planning.engines.base import Answer, Engine, Halt, Request
from legation.planning.model.build import Problem

__all__ = ["Steady"]

_NODES = 5_000
"""Nodes after which a run ends that has no limit of its own but time."""


class Steady:
    """An engine whose runs end by gap or nodes, and by time only when the whole budget of seconds is spent.

    A search gives its runs shares of the time that is left, and looks at value and bound while they run; both depend
    on how busy the machine is. Here a run has all of the time, a limit on nodes, and is not looked at.

    Parameters
    ----------
    engine
        The solver.
    seconds
        The budget of all runs together, from now on.
    halt
        Ends a run when set.

    Attributes
    ----------
    cut
        Whether the time has ended a run: what came of it may come out otherwise another time.
    """

    def __init__(self, engine: Engine, *, seconds: float, halt: Halt | None = None) -> None:
        self.engine, self.halt = engine, halt or Halt()
        self.name = engine.name
        self.end = time.monotonic() + seconds
        self.cut = False

    def version(self) -> str:
        """Give the solver's version."""
        return self.engine.version()

    def solve(self, problem: Problem, request: Request) -> Answer:
        """Solve a problem without an eye on the clock."""
        steady = replace(
            request,
            seconds=max(0.05, self.end - time.monotonic()),
            nodes=request.nodes if request.relaxed or request.nodes is not None else _NODES,
            progress=None,
            halt=self.halt,
        )
        answer = self.engine.solve(problem, steady)
        self.cut |= time.monotonic() >= self.end or self.halt.is_set()
        return answer
