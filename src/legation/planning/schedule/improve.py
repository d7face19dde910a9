"""A genetic search over task lists and modes with double justification, many schedules at a time.

After Debels and Vanhoucke (2007, Operations Research 55) for the lists, and Van Peteghem and Vanhoucke (2010, EJOR
201) for the modes: a child takes the inner stretch of one parent's schedule and the rest of the other's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.schedule.generation import Plain, Stage, justified, order_of, serial

__all__ = ["Found", "improve"]

_PATIENCE = 100
"""Generations without a better schedule after which the search begins anew, with twice the lists."""

_MOST = 1536
"""Lists that are not doubled any more."""


_OFFERS = 3
"""Schedules offered a generation: people have to be found for each of them."""


_REFUSED = 2.0
"""Periods that are added to the length of a schedule for which nobody was found."""


@dataclass(frozen=True, eq=False)
class Found:
    """The best schedule of a search.

    Attributes
    ----------
    starts, modes
        Of each task, length n.
    makespan
        When the last task ends.
    schedules
        How many schedules were generated.
    """

    starts: NDArray[np.int64]
    modes: NDArray[np.int64]
    makespan: int
    schedules: int


@dataclass
class _Pool:
    starts: NDArray[np.int64]
    modes: NDArray[np.int64]
    cost: NDArray[np.float64]


class _Search:
    def __init__(self, plain: Plain, *, size: int, rng: np.random.Generator) -> None:
        self.plain, self.size, self.rng = plain, size, rng
        self.forward, self.backward = Stage(plain), Stage(plain.mirrored())
        self.schedules = 0
        self.tasks = np.arange(plain.count)
        self.many = int(plain.modes.max(initial=1)) > 1
        tails = np.zeros(plain.count)
        for before, after, lag in sorted(plain.lags, reverse=True):
            tails[before] = max(tails[before], tails[after] + plain.duration[after].min() + lag)
        self.tails = tails + plain.duration.min(axis=1)

    def lists(self, count: int) -> NDArray[np.float64]:
        """Give start keys drawn at random, half of them leaning to the longest tails."""
        keys = self.rng.random((count, self.plain.count))
        lean = self.rng.random((count, 1)) * 3.0 * (self.rng.random((count, 1)) < 0.7)
        keys -= lean * self.tails / max(1.0, self.tails.max(initial=1.0))
        return self.settled(keys)

    def settled(self, keys: NDArray[np.float64]) -> NDArray[np.float64]:
        """Raise keys until nobody comes before a predecessor."""
        for before, after, _ in sorted(self.plain.lags, key=lambda row: row[1]):
            np.maximum(keys[:, after], keys[:, before], out=keys[:, after])
        return keys

    def random_modes(self, count: int) -> NDArray[np.int64]:
        """Draw modes and mend them to the stocks."""
        drawn = (self.rng.random((count, self.plain.count)) * self.plain.modes).astype(np.int64)
        return self.mended(drawn)

    def mended(self, modes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Change modes one at a time, the most helpful changes more likely, until the stocks hold or nothing helps."""
        plain = self.plain
        usable = ~self.forward.too_much & (np.arange(plain.duration.shape[1]) < plain.modes[:, None])
        wrong = ~usable[self.tasks, modes]
        if wrong.any():
            modes = np.where(wrong, usable.argmax(axis=1), modes)
        if not len(plain.stock):
            return modes
        for _ in range(2 * plain.count):
            spent = plain.use[self.tasks, modes].sum(axis=1)
            rows = np.flatnonzero((spent > plain.stock).any(axis=1))
            if not rows.size:
                break
            now = np.maximum(0, spent[rows] - plain.stock).sum(axis=1)
            change = plain.use[None] - plain.use[self.tasks, modes[rows]][:, :, None, :]
            then = np.maximum(0, spent[rows][:, None, None, :] + change - plain.stock).sum(axis=3)
            gain = np.where(usable[None], now[:, None, None] - then, 0)
            noisy = gain * self.rng.random(gain.shape)
            best = noisy.reshape(len(rows), -1).argmax(axis=1)
            task, mode = np.divmod(best, plain.duration.shape[1])
            helps = gain.reshape(len(rows), -1)[np.arange(len(rows)), best] > 0
            if not helps.any():
                break
            modes[rows[helps], task[helps]] = mode[helps]
        return modes

    def scheduled(self, keys: NDArray[np.float64], modes: NDArray[np.int64], *, choose: bool) -> _Pool:
        """Decode lists into schedules; a plan above its stocks costs more than any within them."""
        starts, modes = serial(self.forward, order_of(keys), modes, choose=choose and self.many)
        starts, cost = justified(self.forward, self.backward, starts, modes)
        self.schedules += 3 * len(starts)
        excess = np.maximum(0, self.plain.use[self.tasks, modes].sum(axis=1) - self.plain.stock).sum(axis=1)
        return _Pool(starts, modes, cost.astype(float) + np.where(excess > 0, self.forward.horizon + excess, 0.0))

    def child(self, pool: _Pool) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Cross each member with one chosen from it by tournament."""
        rng, count = self.rng, len(pool.starts)
        rivals = rng.integers(0, count, (2, count))
        father = np.where(pool.cost[rivals[0]] <= pool.cost[rivals[1]], rivals[0], rivals[1])
        length = pool.cost.min()
        cut = np.sort(rng.random((count, 2)) * min(length, self.forward.horizon), axis=1)
        wide = rng.random((count, 1)) * 0.5 * length + 0.25 * length
        near = rng.random(count) < 0.5
        cut[near, 1] = (cut[:, :1] + wide)[near, 0]
        mother = pool.starts.astype(float)
        inside = (mother >= cut[:, :1]) & (mother <= cut[:, 1:])
        far = 4.0 * self.forward.horizon
        keys = np.where(inside, pool.starts[father], np.where(mother < cut[:, :1], mother - far, mother + far))
        modes = np.where(inside, pool.modes[father], pool.modes)
        moved = rng.random((count, 1)) < 0.5
        noise = rng.normal(0.0, 1.0, keys.shape) * (rng.random(keys.shape) < 0.08) * 0.08 * length
        keys = self.settled(keys + noise * moved)
        if self.many:
            flip = rng.random(modes.shape) < rng.choice([0.0, 0.02, 0.06], (count, 1))
            modes = np.where(flip, (rng.random(modes.shape) * self.plain.modes).astype(np.int64), modes)
            modes = self.mended(modes)
        return keys, modes


def improve(
    plain: Plain,
    *,
    seconds: float,
    seed: int,
    target: int = 0,
    below: int | None = None,
    generations: int | None = None,
    size: int = 96,
    halt: Callable[[], bool] = lambda: False,
    accept: Callable[[Found], int | None] = lambda found: found.makespan,
    arrivals: Callable[[], Iterable[Found]] = tuple,
) -> Found | None:
    """Search for a short schedule.

    Parameters
    ----------
    plain
        The problem.
    seconds, generations, target
        Limits; an accepted makespan of `target` ends the search.
    below
        Only schedules shorter than that are offered.
    size
        Lists kept at first; more where the search begins anew.
    halt
        Asked once a generation whether to stop.
    accept
        Offered every better schedule; says how long the shortest one known is by now, or None where there is none.
    arrivals
        Asked once a generation for schedules found elsewhere; each takes the place of the longest one kept.

    Returns
    -------
    The last schedule accepted with its own makespan, or None where none was.
    """
    until = time.monotonic() + seconds
    search = _Search(plain, size=size, rng=np.random.default_rng(seed))
    pool = search.scheduled(search.lists(size), search.random_modes(size), choose=True)
    best: Found | None = None
    known, lowest = search.forward.horizon if below is None else below, float("inf")
    offered: set[bytes] = set()
    stale = number = 0
    while True:
        if pool.cost.min() < lowest:
            lowest, stale = float(pool.cost.min()), 0
        for at, found in _offers(search, pool, known, offered):
            answer = accept(found)
            if answer is not None and answer <= found.makespan:
                best = found if answer == found.makespan else best
                known = answer
                break
            # refused schedules make room for others that are nearly as short
            pool.cost[at] += _REFUSED
            known = known if answer is None else min(known, answer)
        for found in arrivals():
            at = int(pool.cost.argmax())
            pool.starts[at], pool.modes[at], pool.cost[at] = found.starts, found.modes, found.makespan
            known = min(known, found.makespan)
        number, stale = number + 1, stale + 1
        over = time.monotonic() >= until or (generations is not None and number >= generations) or halt()
        if over or known <= target:
            return best
        if stale >= _PATIENCE:
            size, lowest = max(size, min(2 * size, _MOST)), float("inf")
            pool = search.scheduled(search.lists(size), search.random_modes(size), choose=True)
            continue
        keys, modes = search.child(pool)
        _replace(pool, search.scheduled(keys, modes, choose=number % 2 == 0))


def _replace(pool: _Pool, young: _Pool) -> None:
    """Put children in the place of parents that are no shorter, but none twice: copies would soon be all there is."""
    kept = {_name(pool, at) for at in range(len(pool.cost))}
    for at in np.flatnonzero(young.cost <= pool.cost).tolist():
        name = _name(young, at)
        if name not in kept:
            kept.add(name)
            pool.starts[at], pool.modes[at], pool.cost[at] = young.starts[at], young.modes[at], young.cost[at]


def _name(pool: _Pool, at: int) -> bytes:
    starts, modes = pool.starts[at], pool.modes[at]
    return bytes(starts) + bytes(modes)


def _offers(search: _Search, pool: _Pool, known: int, offered: set[bytes]) -> list[tuple[int, Found]]:
    """Give the shortest schedules below what is known that were not offered yet, a few at a time."""
    out: list[tuple[int, Found]] = []
    for at in np.argsort(pool.cost, kind="stable"):
        if pool.cost[at] >= known or len(out) >= _OFFERS:
            break
        name = _name(pool, at)
        if name in offered:
            # refused before, and drawn again
            pool.cost[at] += _REFUSED
        else:
            offered.add(name)
            found = Found(pool.starts[at].copy(), pool.modes[at].copy(), int(pool.cost[at]), search.schedules)
            out.append((int(at), found))
    return out
