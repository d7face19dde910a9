"""Solve where the bound counts with a solution already at hand, which the engine is not told of.

HiGHS 1.13 can prune all better solutions away from a start's value. A run whose bound or whose claim of optimality is
used therefore gets no start; what is at hand is set beside what it finds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Answer, Engine, Request
from legation.planning.model.problem import Problem

__all__ = ["solve_beside"]

_SAME = 1e-7
"""Relative difference below which two values of the same objective are one: the engine's tolerance on rows."""


def solve_beside(engine: Engine, problem: Problem, request: Request, *, known: NDArray[np.float64] | None) -> Answer:
    """Solve without a start, and give the better of what comes back and of what is known.

    Parameters
    ----------
    engine, problem, request
        As for `Engine.solve`; a start in the request is left out.
    known
        A solution that keeps every row, shape (columns,).

    Returns
    -------
    Answer
        Its bound and its claim are the run's own; where what is known contradicts them, there is no bound.
    """
    answer = engine.solve(problem, replace(request, start=None))
    if known is None:
        return answer
    value = float(problem.cost @ known)
    room = _SAME * max(1.0, abs(value))
    if answer.value is not None and answer.value >= value - room:
        return answer
    refuted = answer.bound < value - room
    bound = float("inf") if refuted else max(answer.bound, value)
    closed = bound - value <= max(request.gap * abs(value), room)
    return Answer(status="optimal" if closed else "feasible", x=known, value=value, bound=bound)
