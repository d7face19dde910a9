"""Many choices at once, for linear selections under several limits: a steady population over a core of items.

The linear relaxation says which items are almost surely in or out; the others, those with the smallest reduced values,
are the core (Pisinger 1999; Puchinger, Raidl and Pferschy 2010). Over the core a genetic search with the repair of
Chu and Beasley (1998): a child that breaks a limit drops its worst items by value per price, then takes the best that
fit. All children of a generation are repaired together by array operations. A population that takes no newcomer any
more gives way to a larger one over another core.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Halt
from legation.planning.selection.problem import SelectionProblem

__all__ = ["crowd_search"]

_ADULTS, _MOST_ADULTS = 100, 6_400
"""Size of the first population and of the largest: every one is larger than the last, and so slower to agree."""
_GROWTH = 1.5
_CHILDREN = 256
_BETTER = 1e-9
_STALE = 20
"""Generations without a newcomer after which the population has agreed."""
_SCARCE = 4
_ROWS = 16
_CORES = (80, 60, 100, 50, 130, 70, 180)
"""Sizes of the core in turn: small ones are searched deeply, large ones reach what the relaxation misjudges."""


def crowd_search(
    problem: SelectionProblem,
    *,
    amounts: NDArray[np.float64],
    price: NDArray[np.float64],
    start: NDArray[np.bool_],
    rng: np.random.Generator,
    seconds: float = np.inf,
    generations: int = 20_000,
    target: float = np.inf,
    halt: Halt | None = None,
    told: Callable[[NDArray[np.bool_], float], None] | None = None,
    cores: Sequence[int] = _CORES,
) -> NDArray[np.bool_]:
    """Search a linear selection without rules and give the best choice found, shape (n,).

    Parameters
    ----------
    problem
        What to choose.
    amounts, price
        The relaxation's solution, shape (n,), and what a unit of each limit is worth in it, shape (R,).
    start
        An allowed choice to do better than, shape (n,).
    rng, seconds, generations, halt
        Chance and limits; steps depend on chance alone.
    target
        A value that is good enough.
    told
        Called with every better choice.
    cores
        How many items the search decides, in turn.
    """
    deadline = time.monotonic() + seconds
    best, value = start.copy(), problem.value(start)

    def take(found: NDArray[np.bool_]) -> None:
        nonlocal best, value
        worth = problem.value(found)
        if worth > value + _BETTER and problem.allowed(found):
            best, value = found, worth
            if told is not None:
                told(best, value)

    reduced = problem.gain - price @ problem.use
    # what brings nothing by itself brings nothing: there are no synergies here
    useful = problem.gain > 0
    closeness = np.argsort(np.abs(reduced), kind="stable")
    closeness = closeness[useful[closeness]]
    if not len(closeness):
        take(np.zeros(problem.items, bool))
        return best
    spent, turn, adults = 0, 0, _ADULTS
    halt = halt or Halt()
    while spent < generations and time.monotonic() < deadline and value < target - _BETTER and not halt.is_set():
        size = min(len(closeness), cores[turn % len(cores)])
        held = (amounts > 0.5) & useful
        core = closeness[:size]
        # in turn around the relaxation, around the best choice known, and from that choice itself
        if turn % 3:
            held = best & useful
        crowd = _Crowd(problem, core, held, price, rng, adults=adults)
        if not crowd.possible:
            crowd = _Crowd(problem, core, best & useful, price, rng, adults=adults)
        crowd.begin(best[crowd.items] if turn % 3 == 2 else None)
        stale, better = 0, True
        while stale < _STALE and spent < generations and time.monotonic() < deadline and not halt.is_set():
            if better:
                take(crowd.best())
                if value >= target - _BETTER:
                    return best
            better = crowd.generation()
            stale = 0 if crowd.newcomers else stale + 1
            spent += 1
        take(crowd.best())
        turn, adults = turn + 1, min(_MOST_ADULTS, round(_GROWTH * adults))
    return best


class _Crowd:
    """A population over a core, in order of falling value per price."""

    def __init__(
        self,
        problem: SelectionProblem,
        core: NDArray[np.int64],
        held: NDArray[np.bool_],
        price: NDArray[np.float64],
        rng: np.random.Generator,
        *,
        adults: int,
    ) -> None:
        self.adults_most = adults
        load = np.maximum(price @ problem.use[:, core], 1e-12)
        self.items = core[np.argsort(-problem.gain[core] / load, kind="stable")]
        self.held = held.copy()
        self.held[self.items] = False
        self.room = problem.ceiling - problem.use[:, self.held].sum(axis=1)
        self.possible = bool((self.room >= 0).all())
        self.use = np.ascontiguousarray(problem.use[:, self.items].T)
        self.gain = problem.gain[self.items]
        self.rng = rng
        self.adults = np.zeros((0, len(self.items)), bool)
        self.values = np.zeros(0)
        # equal choices are known by equal sums of random whole numbers, which wrap around
        self.code = rng.integers(-(2**62), 2**62, len(self.items))
        self.marks = np.zeros(0, np.int64)
        self.newcomers = 0
        # the rows that cost most turn most items away, so they are asked first
        self.scarce = np.argsort(-price * problem.ceiling, kind="stable")[:_SCARCE].tolist()

    def begin(self, known: NDArray[np.bool_] | None) -> None:
        """Make the first population: likelier in the nearer the front, and the best choice known among them."""
        size = len(self.items)
        chance = np.linspace(0.95, 0.05, size)
        first = self.rng.random((self.adults_most, size)) < chance
        if known is not None:
            first[0] = known
        self._keep(self._repair(first))

    def generation(self) -> bool:
        """Breed one generation; say whether the best one got better."""
        rng, size = self.rng, len(self.items)
        before = self.values[0]
        adults = len(self.adults)
        # adults stand in order of value, so the lower number wins a tournament
        mothers = rng.integers(adults, size=(2, _CHILDREN)).min(axis=0)
        fathers = rng.integers(adults, size=(2, _CHILDREN)).min(axis=0)
        children = np.where(rng.random((_CHILDREN, size)) < 0.5, self.adults[mothers], self.adults[fathers])
        row = np.arange(_CHILDREN)
        for _ in range(2):
            children[row, rng.integers(size, size=_CHILDREN)] ^= True
        self._keep(self._repair(children))
        return bool(self.values[0] > before + _BETTER)

    def best(self) -> NDArray[np.bool_]:
        """Give the best choice over all items."""
        out = self.held.copy()
        out[self.items[self.adults[0]]] = True
        return out

    def _repair(self, choices: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Drop the worst items of each choice until its limits hold, then add the best ones that fit."""
        taken = choices.astype(float)
        # small products stay on one thread; large ones wake others and wait for them longer than they work
        left = self.room - np.concatenate([taken[at : at + _ROWS] @ self.use for at in range(0, len(taken), _ROWS)])
        over = np.flatnonzero((left < 0).any(axis=1))
        last = len(self.items) - 1
        while len(over):
            leaves = last - choices[over, ::-1].argmax(axis=1)
            choices[over, leaves] = False
            after = left[over] + self.use[leaves]
            left[over] = after
            over = over[(after < 0).any(axis=1)]
        self._fill(choices, left)
        return choices

    def _fill(self, choices: NDArray[np.bool_], left: NDArray[np.float64]) -> None:
        fits = ~choices
        for row in self.scarce:
            fits &= left[:, row, None] >= self.use[:, row]
        child, item = np.nonzero(fits)
        while len(child):
            keep = (self.use[item] <= left[child]).all(axis=1)
            child, item = child[keep], item[keep]
            # room only shrinks, so what did not fit once is never asked again: each choice takes its first one left
            first = np.ones(len(child), bool)
            first[1:] = child[1:] != child[:-1]
            choices[child[first], item[first]] = True
            left[child[first]] -= self.use[item[first]]
            child, item = child[~first], item[~first]

    def _keep(self, children: NDArray[np.bool_]) -> None:
        everyone = np.concatenate([self.adults, children])
        values = np.concatenate([self.values, children @ self.gain])
        marks = np.concatenate([self.marks, children @ self.code])
        _, different = np.unique(marks, return_index=True)
        order = different[np.lexsort((different, -values[different]))][: self.adults_most]
        self.newcomers = int(np.count_nonzero(order >= len(self.adults)))
        self.adults, self.values, self.marks = everyone[order], values[order], marks[order]
