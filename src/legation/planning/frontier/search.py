"""Find every nondominated point: solve for one aim over floors on the others until no box is left.

The order of boxes is Tamby and Vanderpooten's (2021): the box and the aim whose solve looks over most room come first,
because what it proves closes most other boxes. Every solve starts from the best known solution that its floors admit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Halt
from legation.planning.frontier.zones import Zones

__all__ = ["Found", "Oracle", "Outcome", "Steps", "find_points"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What one solve gave.

    Attributes
    ----------
    x, values
        The solution and its aims, shape (p,); None where none was found.
    bound
        Proven upper bound on the aim that was maximised over the floors; -inf where nothing is feasible.
    closed
        Whether the solution is the best within the gap that was asked, or there is none.
    """

    x: NDArray[np.float64] | None
    values: NDArray[np.float64] | None
    bound: float
    closed: bool


class Oracle(Protocol):
    """Who solves for one aim."""

    def best(
        self, aim: int, *, floors: NDArray[np.float64], start: NDArray[np.float64] | None, seconds: float
    ) -> Outcome:
        """Maximise one aim with every other aim at least a step above its floor, then the sum of the others."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Steps:
    """How finely each aim is told apart.

    Attributes
    ----------
    sizes
        Step of each aim, shape (p,); for an aim on a grid a multiple of the grid's step.
    grid
        Grid that all values of the aim lie on, shape (p,); 0 where it is continuous.
    """

    sizes: NDArray[np.float64]
    grid: NDArray[np.float64]

    @property
    def exact(self) -> NDArray[np.bool_]:
        """Whether the step is the aim's own grid, so that nothing lies between two steps, shape (p,)."""
        out: NDArray[np.bool_] = self.sizes == self.grid
        return out

    @property
    def thin(self) -> NDArray[np.float64]:
        """Depth below which a box holds nothing that counts, shape (p,)."""
        return self.sizes * (1 - 1e-6)


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """The nondominated points that were found, and what was left open.

    Attributes
    ----------
    points
        Shape (N, p), by the first aim from most to least, then by the next ones.
    solutions
        A solution of each.
    gaps
        How much more of the maximised aim a point could have at most, as proven by its own solve, shape (N,).
    complete
        Whether it is proven that nothing more than a step better than all points is missing.
    open_corners, open_tops
        The boxes that were not searched to the end, shape (u, p): whatever is missing lies above a corner and not
        above its top.
    slack
        By how much a solve that counts as closed may have missed the best, shape (p,).
    ideal
        Proven upper bound on each aim, shape (p,).
    payoff
        The point that is best in each aim in turn, shape (p, p); nan where the time did not suffice.
    solves
        Number of solves.
    feasible
        False where nothing is feasible at all; None where that is not known.
    """

    points: NDArray[np.float64]
    solutions: tuple[NDArray[np.float64], ...]
    gaps: NDArray[np.float64]
    complete: bool
    open_corners: NDArray[np.float64]
    open_tops: NDArray[np.float64]
    slack: NDArray[np.float64]
    ideal: NDArray[np.float64]
    payoff: NDArray[np.float64]
    solves: int
    seconds: float
    stopped: bool
    feasible: bool | None


def find_points(
    oracle: Oracle,
    *,
    steps: Steps,
    primary: int | None = None,
    probes: Sequence[NDArray[np.float64]] = (),
    corners: Sequence[Outcome] = (),
    seconds: float,
    progress: Callable[[int, int], None] | None = None,
    halt: Halt | None = None,
) -> Found:
    """Find every nondominated point, told apart by the steps.

    Parameters
    ----------
    oracle
        Who solves.
    steps
        Step of each aim; every feasible point has a found one that is less than a step behind it in every aim.
    primary
        The only aim that is maximised over floors on the others: it needs no step. Any aim when left out.
    probes
        Floors to begin with, each of shape (p,), so that an early end leaves points all over the range.
    corners
        What the oracle answered for each aim in turn without floors, where that is known already.
    seconds
        Limit on time.
    progress
        Called with the number of points and of open boxes after every solve.
    halt
        Ends the search when set.
    """
    return _Search(oracle, steps=steps, primary=primary, seconds=seconds, progress=progress, halt=halt or Halt()).run(
        probes, corners
    )


class _Search:
    def __init__(
        self,
        oracle: Oracle,
        *,
        steps: Steps,
        primary: int | None,
        seconds: float,
        progress: Callable[[int, int], None] | None,
        halt: Halt,
    ) -> None:
        self.oracle, self.steps, self.primary = oracle, steps, primary
        self.progress, self.halt = progress, halt
        self.began, self.limit = time.monotonic(), seconds
        self.aims = len(steps.sizes)
        self.zones = Zones(self.aims, thin=steps.thin)
        self.points: list[NDArray[np.float64]] = []
        self.solutions: list[NDArray[np.float64]] = []
        self.gaps: list[float] = []
        self.table = np.empty((0, self.aims))
        self.ideal, self.slack = np.full(self.aims, np.inf), np.zeros(self.aims)
        self.payoff = np.full((self.aims, self.aims), np.nan)
        self.open: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        self.solves, self.interrupted = 0, False

    def run(self, probes: Sequence[NDArray[np.float64]], corners: Sequence[Outcome]) -> Found:
        feasible: bool | None = None
        try:
            feasible = self._corners(corners)
            if feasible:
                for floors in probes:
                    if self._over():
                        break
                    self._probe(floors)
                while len(self.zones) and not self._over():
                    self._step()
        except KeyboardInterrupt:
            # the engine turns an interrupt into a stop; one between two of its runs arrives here
            self.interrupted = True
        return self._found(feasible=feasible)

    def _corners(self, given: Sequence[Outcome]) -> bool | None:
        """Find the best of each aim in turn; None where it is not known whether anything is feasible."""
        anywhere = np.full(self.aims, -np.inf)
        known: bool | None = None
        for aim in range(self.aims):
            if aim >= len(given) and self._over():
                break
            outcome = self._note(aim, anywhere, given[aim]) if aim < len(given) else self._ask(aim, anywhere)
            if outcome.values is not None:
                self.payoff[aim], known = outcome.values, True
            elif outcome.closed:
                return False
        return known

    def _probe(self, floors: NDArray[np.float64]) -> None:
        assert self.primary is not None
        others = np.arange(self.aims) != self.primary
        # a probe is worth its solve only where boxes remain above it
        if np.any(np.all(self.zones.tops[:, others] > (floors + self.steps.thin)[others], axis=1)):
            self._ask(self.primary, floors)

    def _step(self) -> None:
        index, aim = self._choice()
        corner = self.zones.corners[index]
        before = len(self.points)
        self._ask(aim, corner.copy(), beyond=float(corner[aim]))
        same = np.flatnonzero(np.all(self.zones.corners == corner, axis=1))
        if len(same) and len(self.points) == before:
            # neither a point nor a proof: nothing more is known of this box
            self.open.append(self.zones.take(int(same[0])))

    def _choice(self) -> tuple[int, int]:
        """Choose the box and the aim whose solve looks over most room."""
        low = self.table.min(axis=0) - self.steps.sizes
        high = np.where(np.isfinite(self.ideal), self.ideal, self.table.max(axis=0) + self.steps.sizes)
        depth = (high - np.maximum(self.zones.corners, low)) / np.maximum(high - low, 1e-12)
        aims = range(self.aims) if self.primary is None else (self.primary,)
        rooms = np.stack([np.prod(np.delete(depth, aim, axis=1), axis=1) for aim in aims], axis=1)
        index, column = np.unravel_index(int(np.argmax(rooms)), rooms.shape)
        return int(index), list(aims)[int(column)]

    def _ask(self, aim: int, floors: NDArray[np.float64], *, beyond: float = -np.inf) -> Outcome:
        start = self._start(aim, floors)
        outcome = self.oracle.best(
            aim, floors=floors, start=None if start is None else self.solutions[start], seconds=max(0.05, self._left())
        )
        return self._note(aim, floors, outcome, beyond=beyond)

    def _note(self, aim: int, floors: NDArray[np.float64], outcome: Outcome, *, beyond: float = -np.inf) -> Outcome:
        self.solves += 1
        bound = outcome.bound
        if outcome.values is not None and outcome.x is not None:
            value = float(outcome.values[aim])
            self._add(outcome.x, outcome.values, gap=max(0.0, bound - value), better=value - beyond, aim=aim)
            if outcome.closed:
                self.slack[aim] = max(self.slack[aim], bound - value)
                bound = value
            elif aim == self.primary:
                # asking again would take as long again: what may still lie above stays open, and the search moves on
                self._leave(aim, floors, value=value, bound=bound)
                bound = value
        if not np.isfinite(floors[np.arange(self.aims) != aim]).any():
            self.ideal[aim] = min(self.ideal[aim], outcome.bound)
        if bound < np.inf:
            self.zones.cap(floors, aim=aim, bound=bound)
        if self.progress is not None:
            self.progress(len(self.points), len(self.zones) + len(self.open))
        return outcome

    def _leave(self, aim: int, floors: NDArray[np.float64], *, value: float, bound: float) -> None:
        corner, top = floors.copy(), np.full(self.aims, np.inf)
        corner[aim], top[aim] = value, bound
        self.open.append((corner, top))

    def _add(self, x: NDArray[np.float64], values: NDArray[np.float64], *, gap: float, better: float, aim: int) -> None:
        # a gain within the tolerance is no other point
        small = better <= self.steps.thin[aim]
        if small or (len(self.table) and np.any(np.all(self.table >= values, axis=1))):
            return
        self.points.append(values)
        self.solutions.append(x)
        self.gaps.append(gap)
        self.table = np.concatenate([self.table, values[None, :]])
        self.zones.insert(values)

    def _start(self, aim: int, floors: NDArray[np.float64]) -> int | None:
        """Find the best known solution that the floors admit."""
        if not len(self.table):
            return None
        others = np.arange(self.aims) != aim
        least = (floors + self.steps.sizes)[others] - 1e-9
        fits = np.flatnonzero(np.all(self.table[:, others] >= least, axis=1))
        return int(fits[np.argmax(self.table[fits, aim])]) if len(fits) else None

    def _left(self) -> float:
        return self.limit - (time.monotonic() - self.began)

    def _over(self) -> bool:
        return self.halt.is_set() or self._left() <= 0

    def _found(self, *, feasible: bool | None) -> Found:
        table = self.table
        # a point of a solve that was cut short may have been beaten later
        beaten = np.array([np.any(np.all(table >= row, axis=1) & np.any(table > row, axis=1)) for row in table], bool)
        order = [int(index) for index in np.lexsort(-table.T[::-1]) if not beaten[index]]
        rest = [*self.open, *zip(self.zones.corners, self.zones.tops, strict=True)] if feasible is not False else []
        shape = (len(rest), self.aims)
        return Found(
            points=table[order],
            solutions=tuple(self.solutions[index] for index in order),
            gaps=np.array([self.gaps[index] for index in order], float),
            complete=not rest,
            open_corners=np.array([corner for corner, _ in rest], float).reshape(shape),
            open_tops=np.array([top for _, top in rest], float).reshape(shape),
            slack=self.slack,
            ideal=self.ideal,
            payoff=self.payoff,
            solves=self.solves,
            seconds=time.monotonic() - self.began,
            stopped=self.halt.is_set() or self.interrupted,
            feasible=feasible,
        )
