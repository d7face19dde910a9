"""What an engine is asked and what it answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from legation.planning.model.build import Problem

__all__ = ["Answer", "Engine", "Halt", "Request", "safe_bound"]


class Halt:
    """A request to stop, from the caller's event or from the keyboard."""

    def __init__(self, event: threading.Event | None = None) -> None:
        self._outer = event
        self._own = threading.Event()

    def set(self) -> None:
        """Ask to stop."""
        self._own.set()

    def is_set(self) -> bool:
        """Say whether somebody asked to stop."""
        return self._own.is_set() or (self._outer is not None and self._outer.is_set())


@dataclass(frozen=True, kw_only=True)
class Request:
    """How to solve a problem.

    Attributes
    ----------
    relaxed
        Whether to leave integrality out (an LP, by interior point).
    seconds, gap, nodes
        Limits; the first one reached ends the search.
    start
        A whole solution to start from.
    lower, upper
        Column bounds instead of the problem's.
    progress
        Called with value and bound (either may be None) as they improve.
    halt
        Ends the search when set.
    proof
        Whether the bound will be relied on; without it an engine may leave out what only makes its bound sure.
    """

    relaxed: bool = False
    vertex: bool = False
    seconds: float = 60.0
    gap: float = 0.0
    nodes: int | None = None
    seed: int = 1
    start: NDArray[np.float64] | None = None
    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None
    progress: Callable[[float | None, float | None], None] | None = None
    halt: Halt = field(default_factory=Halt)
    proof: bool = True


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back.

    Attributes
    ----------
    status
        optimal (within the gap), feasible (a limit ended it with a solution), infeasible, none (a limit ended it
        without a solution).
    x, value
        The best solution and its objective; None where there is none.
    bound
        Upper bound on the objective that the engine claims; infinite where it has none.
    duals
        Row duals of a relaxed problem, as the change of the maximum per unit of the right side.
    """

    status: Literal["optimal", "feasible", "infeasible", "none"]
    x: NDArray[np.float64] | None = None
    value: float | None = None
    bound: float = float("inf")
    duals: NDArray[np.float64] | None = None


class Engine(Protocol):
    """A solver of linear and mixed-integer problems."""

    name: str

    def version(self) -> str:
        """Give the solver's version."""
        ...

    def solve(self, problem: Problem, request: Request) -> Answer:
        """Solve a problem."""
        ...


def safe_bound(
    problem: Problem,
    duals: NDArray[np.float64],
    *,
    lower: NDArray[np.float64] | None = None,
    upper: NDArray[np.float64] | None = None,
) -> float:
    """Give an upper bound on the maximum that holds for any duals, exact or not (weak duality over the box).

    Parameters
    ----------
    problem
        All its columns must be bounded.
    duals
        Change of the maximum per unit of each right side, shape (rows,); a sign that a row's missing side does not
        allow is set to 0.
    lower, upper
        Column bounds instead of the problem's.
    """
    low = problem.lower if lower is None else lower
    high = problem.upper if upper is None else upper
    y = np.where((duals > 0) & np.isinf(problem.row_upper), 0.0, duals)
    y = np.where((y < 0) & np.isinf(problem.row_lower), 0.0, y)
    side = np.where(y > 0, problem.row_upper, problem.row_lower)
    reduced = problem.cost - problem.matrix.T @ y
    best = np.where(reduced > 0, high, low)
    return float(np.sum(y[y != 0] * side[y != 0]) + reduced @ best)
