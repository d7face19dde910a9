"""Many choices at once, for linear selections under several limits: a steady population over a core of items.

The linear relaxation says which items are almost surely in or out; the others, those with the smallest reduced values,
are the core (Pisinger 1999; Puchinger, Raidl and Pferschy 2010). Over the core a genetic search with the repair of
Chu and Beasley (1998): a child that breaks a limit drops its worst items by value per price, then takes the best that
fit. All children of a generation are repaired together, item by item, as one array operation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Halt
from legation.planning.selection.problem import SelectionProblem

__all__ = ["crowd_search"]

_ADULTS = 100
_CHILDREN = 256
_BETTER = 1e-9
_STALE = 100
"""Generations without a better choice after which the population starts anew, and more for every limit."""
_STALE_PER_LIMIT = 6
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
    spent, turn = 0, 0
    halt = halt or Halt()
    while spent < generations and time.monotonic() < deadline and value < target - _BETTER and not halt.is_set():
        size = min(len(closeness), cores[turn % len(cores)])
        held = (amounts > 0.5) & useful
        core = closeness[:size]
        # in turn around the relaxation, around the best choice known, and from that choice itself
        if turn % 3:
            held = best & useful
        crowd = _Crowd(problem, core, held, price, rng)
        if not crowd.possible:
            crowd = _Crowd(problem, core, best & useful, price, rng)
        crowd.begin(best[crowd.items] if turn % 3 == 2 else None)
        stale, patience = 0, _STALE + _STALE_PER_LIMIT * len(problem.limit)
        better = True
        while stale < patience and spent < generations and time.monotonic() < deadline and not halt.is_set():
            if better:
                take(crowd.best())
                if value >= target - _BETTER:
                    return best
            better = crowd.generation()
            stale = 0 if better else stale + 1
            spent += 1
        take(crowd.best())
        turn += 1
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
    ) -> None:
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

    def begin(self, known: NDArray[np.bool_] | None) -> None:
        """Make the first population: likelier in the nearer the front, and the best choice known among them."""
        size = len(self.items)
        chance = np.linspace(0.95, 0.05, size)
        first = self.rng.random((_ADULTS, size)) < chance
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
        left = self.room[:, None] - self.use.T @ choices.T.astype(float)
        over = (left < 0).any(axis=0)
        columns = choices.T.copy()
        for item in range(len(self.items) - 1, -1, -1):
            if not over.any():
                break
            drops = np.flatnonzero(columns[item] & over)
            if len(drops):
                columns[item, drops] = False
                after = left[:, drops] + self.use[item][:, None]
                left[:, drops] = after
                over[drops] = (after < 0).any(axis=0)
        for item in range(len(self.items)):
            adds = (left >= self.use[item][:, None]).all(axis=0)
            adds &= ~columns[item]
            chosen = np.flatnonzero(adds)
            if len(chosen):
                columns[item, chosen] = True
                left[:, chosen] -= self.use[item][:, None]
        return np.ascontiguousarray(columns.T)

    def _keep(self, children: NDArray[np.bool_]) -> None:
        everyone = np.concatenate([self.adults, children])
        values = np.concatenate([self.values, children @ self.gain])
        _, different = np.unique(np.packbits(everyone, axis=1), axis=0, return_index=True)
        order = different[np.lexsort((different, -values[different]))][:_ADULTS]
        self.adults, self.values = everyone[order], values[order]
