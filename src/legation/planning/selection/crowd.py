"""Many choices at once, for linear selections under several limits: islands of good choices over cores of items.

The linear relaxation says which items are almost surely in or out; the others, those with the smallest reduced values,
are the core (Pisinger 1999; Puchinger, Raidl and Pferschy 2010), drawn with some chance. On each *island* a population
over a core is bred with the repair of Chu and Beasley (1998): a child that breaks a limit drops its worst items by
value per price, then takes the best that fit. All children of a generation are repaired together by array operations.
Before the population agrees, choices from all of it climb by exchanges of two items for two
(`legation.planning.selection.exchange`), and so does every child bred from them since. After some islands the best of
each meet on one more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Halt
from legation.planning.selection.exchange import Exchange
from legation.planning.selection.problem import SelectionProblem

__all__ = ["crowd_search"]

_ADULTS = 100
_CHILDREN = 256
_GENERATIONS = 100
"""Generations before choices climb: more make the population alike, fewer leave it poor."""
_STALE = 20
"""Generations without a newcomer after which the population has agreed."""
_CORE, _SPREAD = 100, 0.6
"""Items of a core, and the spread of the logarithm of an item's reduced value by which cores differ."""
_CLIMBERS = 20
_LITTER = 16
"""Children that are bred and repaired together before each climbs."""
_OFFSPRING = 32
"""Climbing children of an island: many short islands find more than few long ones."""
_ISLANDS, _ENVOYS, _MEETING, _BARREN = 12, 6, 1_000, 200
"""Islands before a meeting, the best of each that go there, its children, and how many in a row may be no newcomers."""
_BETTER = 1e-9
_SCARCE = 4
_ROWS = 16


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
        Chance and limits; steps depend on chance alone. A litter of climbing children counts as a generation.
    target
        A value that is good enough.
    told
        Called with every better choice.
    """
    search = _Search(problem, amounts, price, start, rng=rng, told=told)
    search.run(seconds=seconds, generations=generations, target=target, halt=halt or Halt())
    return search.best


class _Search:
    """Islands and meetings, and the best choice known."""

    def __init__(
        self,
        problem: SelectionProblem,
        amounts: NDArray[np.float64],
        price: NDArray[np.float64],
        start: NDArray[np.bool_],
        *,
        rng: np.random.Generator,
        told: Callable[[NDArray[np.bool_], float], None] | None,
    ) -> None:
        self.problem, self.price, self.rng, self.told = problem, price, rng, told
        self.best, self.value = start.copy(), problem.value(start)
        self.reduced = problem.gain - price @ problem.use
        # what brings nothing by itself brings nothing: there are no synergies here
        self.useful = problem.gain > 0
        self.relaxed = (amounts > 0.5) & self.useful

    def run(self, *, seconds: float, generations: int, target: float, halt: Halt) -> None:
        self.deadline, self.left, self.target, self.halt = time.monotonic() + seconds, generations, target, halt
        if not self.useful.any():
            self._take(np.zeros(self.problem.items, bool))
        while self.useful.any() and not self._over():
            envoys: list[NDArray[np.bool_]] = []
            for _ in range(_ISLANDS):
                envoys += self._island()[:_ENVOYS]
            self._meeting(envoys)

    def _island(self) -> list[NDArray[np.bool_]]:
        """Breed a population, let choices of it climb, and breed on from those; give them, best first."""
        core = self._core()
        crowd = _Crowd(self.problem, core, self.relaxed, self.price, self.rng)
        if not crowd.possible:
            crowd = _Crowd(self.problem, core, self.best & self.useful, self.price, self.rng)
        crowd.begin()
        self._take(crowd.whole(crowd.adults[0]))
        stale = 0
        for _ in range(_GENERATIONS):
            if stale >= _STALE or self._over():
                break
            if crowd.generation():
                self._take(crowd.whole(crowd.adults[0]))
            stale = 0 if crowd.newcomers else stale + 1
            self.left -= 1
        founders = [crowd.whole(adult) for adult in crowd.adults[:: -(-len(crowd.adults) // _CLIMBERS)]]
        return self._evolve(founders, crowd, offspring=_OFFSPRING, barren=_OFFSPRING)

    def _meeting(self, envoys: list[NDArray[np.bool_]]) -> None:
        """Breed the best of several islands together, over a core with all items in which they differ."""
        if self._over():
            return
        differ = np.any(envoys, axis=0) & ~np.all(envoys, axis=0)
        differ[self._core()] = True
        crowd = _Crowd(self.problem, np.flatnonzero(differ & self.useful), envoys[0], self.price, self.rng)
        self._evolve(envoys, crowd, offspring=_MEETING, barren=_BARREN)

    def _core(self) -> NDArray[np.int64]:
        """Draw the items that may be decided: those with the smallest reduced values, with some chance."""
        distance = np.abs(self.reduced) * np.exp(_SPREAD * self.rng.standard_normal(len(self.reduced)))
        order = np.argsort(distance, kind="stable")
        return order[self.useful[order]][:_CORE]

    def _evolve(
        self, founders: list[NDArray[np.bool_]], crowd: _Crowd, *, offspring: int, barren: int
    ) -> list[NDArray[np.bool_]]:
        """Let founders climb, breed children that climb too, and keep as many of the best; give them, best first."""
        exchange = Exchange(self.problem, crowd.items, reduced=self.reduced)
        pool: list[_Member] = []
        most, idle = max(2 * _CLIMBERS, len(founders)), 0
        for founder in founders:
            if not self._over():
                self._join(pool, exchange.climb(founder), most)
        while pool and offspring > 0 and idle < barren and not self._over():
            parents = np.array([member.chosen[crowd.items] for member in pool])
            for child in crowd.children(parents, _LITTER):
                if not self._over():
                    idle = 0 if self._join(pool, exchange.climb(crowd.whole(child)), most) else idle + 1
            offspring -= _LITTER
            self.left -= 1
        return [member.chosen for member in pool]

    def _join(self, pool: list[_Member], chosen: NDArray[np.bool_], most: int) -> bool:
        """Take a choice into the pool where it is new and good enough; say whether it was."""
        self._take(chosen)
        member = _Member(self.problem.value(chosen), chosen)
        same = any(other.value == member.value and np.array_equal(other.chosen, chosen) for other in pool)
        if same or (len(pool) >= most and member.value <= pool[-1].value):
            return False
        pool.append(member)
        pool.sort(key=lambda other: -other.value)
        del pool[most:]
        return True

    def _take(self, chosen: NDArray[np.bool_]) -> None:
        worth = self.problem.value(chosen)
        if worth > self.value + _BETTER and self.problem.allowed(chosen):
            self.best, self.value = chosen, worth
            if self.told is not None:
                self.told(chosen, worth)

    def _over(self) -> bool:
        spent = self.left <= 0 or self.value >= self.target - _BETTER
        return spent or time.monotonic() >= self.deadline or self.halt.is_set()


@dataclass(frozen=True, eq=False)
class _Member:
    value: float
    chosen: NDArray[np.bool_]


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
        # equal choices are known by equal sums of random whole numbers, which wrap around
        self.code = rng.integers(-(2**62), 2**62, len(self.items))
        self.marks = np.zeros(0, np.int64)
        self.newcomers = 0
        # the rows that cost most turn most items away, so they are asked first
        self.scarce = np.argsort(-price * problem.ceiling, kind="stable")[:_SCARCE].tolist()

    def begin(self) -> None:
        """Make the first population: likelier in the nearer the front."""
        size = len(self.items)
        chance = np.linspace(0.95, 0.05, size)
        self._keep(self._repair(self.rng.random((_ADULTS, size)) < chance))

    def generation(self) -> bool:
        """Breed one generation; say whether the best one got better."""
        before = self.values[0]
        self._keep(self.children(self.adults, _CHILDREN))
        return bool(self.values[0] > before + _BETTER)

    def children(self, parents: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
        """Breed children of choices that stand in order of value, and bring each within the limits."""
        rng, size = self.rng, len(self.items)
        # the lower number wins a tournament
        mothers = rng.integers(len(parents), size=(2, count)).min(axis=0)
        fathers = rng.integers(len(parents), size=(2, count)).min(axis=0)
        children = np.where(rng.random((count, size)) < 0.5, parents[mothers], parents[fathers])
        row = np.arange(count)
        for _ in range(2):
            children[row, rng.integers(size, size=count)] ^= True
        return self._repair(children)

    def whole(self, choice: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Give a choice over all items."""
        out = self.held.copy()
        out[self.items[choice]] = True
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
        order = different[np.lexsort((different, -values[different]))][:_ADULTS]
        self.newcomers = int(np.count_nonzero(order >= len(self.adults)))
        self.adults, self.values, self.marks = everyone[order], values[order], marks[order]
