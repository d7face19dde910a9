"""Tabu search over flips and swaps, with restarts from what good choices share.

One step takes the best allowed flip that adds value, else the best swap, else the least harmful of both. What moved
stays for some steps (Glover 1989). Without progress the walk crosses limits' edge: it empties a part of the choice and
fills it again (strategic oscillation), or it keeps what two of the best choices share and fills the rest by chance.
Steps depend on the seed alone; only a limit on time or a stop flag can make two searches differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Halt
from legation.planning.selection.problem import SelectionProblem
from legation.planning.selection.walk import Walk

__all__ = ["Found", "tabu_search"]

_SIDE = 80
"""Candidates on either side of a swap: those that use the limits worst leave, those that use them best enter."""
_TRIES = 40
"""Swaps that are held against the rules before a step gives up."""
_PATIENCE = 100
"""Steps without a better choice after which the walk leaves the region: many short descents beat few long ones."""
_ELITE = 8
_EPS = 1e-9


@dataclass(frozen=True)
class Found:
    """The best choice of a search, shape (n,), its value and the steps taken."""

    chosen: NDArray[np.bool_]
    value: float
    steps: int


def tabu_search(
    problem: SelectionProblem,
    start: NDArray[np.bool_],
    *,
    rng: np.random.Generator,
    seconds: float = np.inf,
    steps: int = 50_000,
    target: float = np.inf,
    halt: Halt | None = None,
    told: Callable[[NDArray[np.bool_], float], None] | None = None,
) -> Found:
    """Improve an allowed choice until steps or time are over, or the target is met.

    Parameters
    ----------
    problem
        What to choose.
    start
        An allowed choice, shape (n,).
    rng
        Source of chance.
    seconds, steps
        Limits; the first one reached ends the search.
    target
        A value that is good enough, for instance a proven bound.
    halt
        Ends the search when set.
    told
        Called with every better choice.
    """
    return _Tabu(problem, rng, told).run(start, seconds=seconds, steps=steps, target=target, halt=halt or Halt())


class _Tabu:
    def __init__(
        self,
        problem: SelectionProblem,
        rng: np.random.Generator,
        told: Callable[[NDArray[np.bool_], float], None] | None,
    ) -> None:
        self.problem, self.rng, self.told = problem, rng, told
        self.load = problem.load
        self.walk = Walk(problem)
        self.until = np.zeros(problem.items, np.int64)
        self.step = 0
        self.best = np.zeros(problem.items, bool)
        self.value = -np.inf
        self.elite: list[tuple[float, NDArray[np.bool_]]] = []

    def run(self, start: NDArray[np.bool_], *, seconds: float, steps: int, target: float, halt: Halt) -> Found:
        deadline = time.monotonic() + seconds
        walk = self.walk
        walk.reset(start)
        self.fill(greedy=1.0)
        local, idle, calm = walk.value, 0, 0
        best_here = walk.chosen.copy()
        self._keep()
        while self.step < steps and self.value < target - _EPS:
            if self.step % 16 == 0 and (halt.is_set() or time.monotonic() >= deadline):
                break
            moved = self._move()
            if walk.value > local + _EPS:
                local, idle = walk.value, 0
                best_here = walk.chosen.copy()
                if self._keep():
                    calm = 0
            else:
                idle += 1
            if idle >= _PATIENCE or not moved:
                self._remember(local, best_here)
                calm += 1
                self._shake(best_here, calm)
                local, idle = walk.value, 0
                best_here = walk.chosen.copy()
                self._keep()
            self.step += 1
        return Found(self.best, self.value, self.step)

    # -- moves

    def _move(self) -> bool:
        """Take one step; say whether there was one to take."""
        walk = self.walk
        change = walk.changes()
        free = self.until <= self.step
        adds = walk.addable()
        gains = np.where(adds & (free | (walk.value + change > self.value + _EPS)), change, -np.inf)
        enter = int(np.argmax(gains)) if len(gains) else -1
        if enter >= 0 and gains[enter] > _EPS:
            self._flip(enter)
            return True
        drops = np.where(walk.droppable() & free, change, -np.inf)
        leave = int(np.argmax(drops)) if len(drops) else -1
        if leave >= 0 and drops[leave] > _EPS:
            self._flip(leave)
            return True
        swap = self._swap(change, free)
        options = []
        if swap is not None:
            options.append((swap[2], 0))
        if leave >= 0 and np.isfinite(drops[leave]):
            options.append((float(drops[leave]), 1))
        if enter >= 0 and np.isfinite(gains[enter]):
            options.append((float(gains[enter]), 2))
        if not options:
            return False
        kind = max(options)[1]
        if kind == 0 and swap is not None:
            self._flip(swap[0])
            self._flip(swap[1])
        else:
            self._flip(leave if kind == 1 else enter)
        return True

    def _swap(self, change: NDArray[np.float64], free: NDArray[np.bool_]) -> tuple[int, int, float] | None:
        """Find the best swap among candidates: who leaves, who enters, and what it adds."""
        walk, problem = self.walk, self.problem
        inside, outside = np.flatnonzero(walk.chosen & free), np.flatnonzero(~walk.chosen & free)
        if not len(inside) or not len(outside):
            return None
        rate = change / self.load
        if len(inside) > _SIDE:
            inside = inside[np.argpartition(-rate[inside], _SIDE)[:_SIDE]]
        if len(outside) > _SIDE:
            outside = outside[np.argpartition(-rate[outside], _SIDE)[:_SIDE]]
        delta = change[inside][:, None] + change[outside]
        together = walk.pairs(inside, outside)
        if together is not None:
            delta -= together
        for row in range(len(walk.left)):
            spare = walk.left[row] + problem.use[row, inside]
            delta[problem.use[row, outside] > spare[:, None]] = -np.inf
        return self._pick(delta, inside, outside)

    def _pick(
        self, delta: NDArray[np.float64], inside: NDArray[np.int64], outside: NDArray[np.int64]
    ) -> tuple[int, int, float] | None:
        curved = len(self.problem.pieces.begins) > 0
        if not self.walk.ruled and not curved:
            best = int(np.argmax(delta))
            value = float(delta.flat[best])
            row, column = divmod(best, len(outside))
            return (int(inside[row]), int(outside[column]), value) if np.isfinite(value) else None
        top = np.argpartition(-delta, min(_TRIES, delta.size - 1), axis=None)[: _TRIES + 1]
        top = top[np.isfinite(delta.flat[top])]
        leaves, enters = inside[top // len(outside)], outside[top % len(outside)]
        exact = self.walk.curve(leaves, enters) if len(top) else np.empty(0)
        for index in np.argsort(-exact, kind="stable"):
            if self.walk.can_swap(int(leaves[index]), int(enters[index])):
                return int(leaves[index]), int(enters[index]), float(exact[index])
        return None

    def _flip(self, item: int) -> None:
        self.walk.flip(item)
        # what came in may leave again soon, what left stays out longer: there are more items outside
        low, high = (1, 4) if self.walk.chosen[item] else (2, 6)
        self.until[item] = self.step + int(self.rng.integers(low, high))

    # -- starts

    def fill(self, *, greedy: float) -> None:
        """Add what fits, best value per use first; `greedy` below 1 leaves out some of the best by chance."""
        walk = self.walk
        while True:
            change = walk.changes()
            rate = np.where(walk.addable() & (change > _EPS), change / self.load, -np.inf)
            if greedy < 1.0:
                rate = np.where(self.rng.random(len(rate)) < greedy, rate, -np.inf)
            item = int(np.argmax(rate)) if len(rate) else -1
            if item < 0 or not np.isfinite(rate[item]):
                if greedy < 1.0:
                    greedy = 1.0
                    continue
                return
            walk.flip(item)

    def _shake(self, here: NDArray[np.bool_], calm: int) -> None:
        """Leave the region: join two of the best, empty a part and fill it, or go beyond the limits and back."""
        rng, walk = self.rng, self.walk
        self.until[:] = 0
        kind = rng.random()
        base = self.best if rng.random() < 0.5 else here
        if len(self.elite) >= 2 and rng.random() < 0.3:
            base = self.elite[int(rng.integers(len(self.elite)))][1]
        size = min(0.5, 0.04 * float(rng.integers(1, 4 + min(calm, 9))))
        walk.reset(base)
        if kind < 0.25 and len(self.elite) >= 2:
            other = self.elite[int(rng.integers(len(self.elite)))][1]
            self._drop(np.flatnonzero(base & ~other))
        elif kind < 0.6:
            inside = np.flatnonzero(base)
            self._drop(rng.permutation(inside)[: max(2, int(size * len(inside)))])
        else:
            self._overfill(max(2, int(size * base.sum())))
        # for a while some of what was dropped may not come back, so that the fill does not retrace its steps
        banned = base & ~walk.chosen & (rng.random(len(base)) < 0.3)
        self.until[banned] = self.step + int(rng.integers(10, 60))
        self.fill(greedy=0.7)

    def _overfill(self, count: int) -> None:
        """Add items that no rule forbids, whatever they take, then drop the worst ones until the limits hold again."""
        walk = self.walk
        for _ in range(count):
            rate = np.where(~walk.chosen & (walk.blocks == 0), walk.changes() / self.load, -np.inf)
            some = np.where(self.rng.random(len(rate)) < 0.2, rate, -np.inf)
            item = int(np.argmax(some)) if len(some) else -1
            if item >= 0 and np.isfinite(some[item]):
                walk.flip(item)
                self.until[item] = self.step + 1
        while (walk.left < 0).any():
            rate = np.where(walk.droppable() & (self.until <= self.step), walk.changes() / self.load, -np.inf)
            item = int(np.argmax(rate))
            if not np.isfinite(rate[item]):
                rate = np.where(walk.droppable(), walk.changes() / self.load, -np.inf)
                item = int(np.argmax(rate))
            walk.flip(item)

    def _drop(self, items: NDArray[np.int64]) -> None:
        for item in items.tolist():
            if self.walk.chosen[item] and not self.walk.blocks[item]:
                self.walk.flip(item)

    def _keep(self) -> bool:
        if self.walk.value > self.value + _EPS:
            exact = self.problem.value(self.walk.chosen)
            if exact > self.value + _EPS:
                self.best, self.value = self.walk.chosen.copy(), exact
                if self.told is not None:
                    self.told(self.best, self.value)
                return True
        return False

    def _remember(self, value: float, chosen: NDArray[np.bool_]) -> None:
        if any(np.array_equal(chosen, other) for _, other in self.elite):
            return
        self.elite.append((value, chosen.copy()))
        self.elite.sort(key=lambda pair: -pair[0])
        del self.elite[_ELITE:]
