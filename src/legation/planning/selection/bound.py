"""Upper bounds on every choice of a selection, by weak duality: valid whatever the multipliers are.

Pairwise values are split between their two items by multipliers. Given them, each item j takes the best of the others
that fit beside it (a continuous knapsack over the surrogate of all limits, less what j takes), and a last continuous
knapsack chooses among the items with what they gather (Caprara, Pisinger and Toth 1999). Subgradient steps move the
multipliers. An item whose flip would push the bound to the best known value or below is settled; settled items leave
the problem, which tightens it.

Relaxed are rules, integrality, and of several limits all but their weighted sum. A concave term is replaced by the
piece that is active at the best known choice, a positive synergy of three or more by a pair of them, and a negative
one of three or more by nothing.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Halt
from legation.planning.selection.problem import SelectionProblem

__all__ = ["Proof", "grain_of", "pair_bound"]

_SAFE = 1e-9
"""Relative allowance for rounding in the bound's sums."""
_QUIET = 10
"""Steps without progress after which multipliers move half as far."""
_MEMORY = 0.8
"""Share of the last direction that the next one keeps: it damps the zigzag of plain subgradients."""


@dataclass(frozen=True)
class Proof:
    """An upper bound on the value, and which items any better choice must leave in or out.

    Attributes
    ----------
    bound
        No allowed choice is worth more.
    settled
        Items on which a better choice would agree with `side`, shape (n,).
    side
        Whether a settled item is in, shape (n,).
    steps
        Subgradient steps taken.
    """

    bound: float
    settled: NDArray[np.bool_]
    side: NDArray[np.bool_]
    steps: int


def grain_of(problem: SelectionProblem) -> float:
    """Give a unit of which every value is a multiple (a power of 2 down to 2**-20), or 0 where there is none."""
    if len(problem.pieces.begins):
        return 0.0
    values = np.concatenate([problem.gain, problem.pair.data, [value for _, value in problem.larger]])
    for power in range(21):
        if np.all(values * 2.0**power == np.round(values * 2.0**power)):
            return float(2.0**-power)
    return 0.0


def pair_bound(
    problem: SelectionProblem,
    best: NDArray[np.bool_],
    *,
    price: NDArray[np.float64] | None = None,
    steps: int = 400,
    seconds: float = np.inf,
    halt: Halt | None = None,
    propose: Callable[[NDArray[np.float64]], float] | None = None,
    dense: int = 1500,
) -> Proof:
    """Bound the value of every choice, starting from the best one known.

    Parameters
    ----------
    problem
        What to choose.
    best
        The best allowed choice known, shape (n,): it sets the step length, and items are settled against its value.
    price
        Weights that make one limit of several, shape (R,); one over the limit when left out.
    steps, seconds, halt
        Limits; the first one reached ends it, with a bound that holds.
    propose
        Called now and then with how much of each item the relaxation takes, shape (n,); gives the best value known.
    dense
        Items up to which the pairwise bound is worked out (memory grows with their square); beyond, every item
        counts with all its positive pairs and no limit, which is valid and loose.
    """
    if problem.items > dense:
        return Proof(_loose(problem, best), np.zeros(problem.items, bool), np.zeros(problem.items, bool), 0)
    return _Bound(problem, best, _surrogate(problem, price)).run(
        steps=steps, seconds=seconds, halt=halt or Halt(), propose=propose
    )


def _linearised(
    problem: SelectionProblem, best: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Give gains and pairwise values that are nowhere below the problem's, and a constant."""
    gain, pair, constant = problem.gain.copy(), problem.pair.toarray(), 0.0
    pieces = problem.pieces
    if len(pieces.begins):
        lines = (best.astype(float) @ problem.effect)[pieces.column] * pieces.slope + pieces.offset
        ends = np.append(pieces.begins[1:], len(lines))
        for begin, end in zip(pieces.begins.tolist(), ends.tolist(), strict=True):
            active = begin + int(np.argmin(lines[begin:end]))
            gain += pieces.slope[active] * problem.effect[:, pieces.column[active]]
            constant += float(pieces.offset[active])
    items: defaultdict[int, list[int]] = defaultdict(list)
    for item, mission in enumerate(problem.mission.tolist()):
        items[mission].append(item)
    for missions, value in problem.larger:
        if value > 0:
            a, b = np.array(items[missions[0]], int), np.array(items[missions[1]], int)
            pair[np.ix_(a, b)] += value
            pair[np.ix_(b, a)] += value
    return gain, pair, constant


def _loose(problem: SelectionProblem, best: NDArray[np.bool_]) -> float:
    gain, pair, constant = _linearised(problem, best)
    alone = gain + np.maximum(pair, 0.0).sum(axis=1) / 2
    bound = float(np.maximum(alone, 0.0).sum()) + constant
    return bound + _SAFE * max(1.0, abs(bound))


def _surrogate(problem: SelectionProblem, price: NDArray[np.float64] | None) -> tuple[NDArray[np.float64], float]:
    if not len(problem.limit):
        return np.zeros(problem.items), 1.0
    weights = 1.0 / np.maximum(problem.limit, 1e-9) if price is None or not price.any() else np.maximum(price, 0.0)
    return weights @ problem.use, float(weights @ problem.ceiling)


def _knapsacks(
    values: NDArray[np.float64], weight: NDArray[np.float64], room: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Solve continuous knapsacks, one per row of ``values`` (k, n): amounts taken, worths, and prices of room."""
    positive = values > 0
    heavy = np.where(positive, weight, 0.0)
    rate = np.where(positive, values / np.maximum(weight, 1e-12), 0.0)
    order = np.argsort(-rate, axis=1, kind="stable")
    sorted_weight = np.take_along_axis(heavy, order, axis=1)
    before = np.cumsum(sorted_weight, axis=1) - sorted_weight
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(sorted_weight > 0, (room[:, None] - before) / sorted_weight, 1.0)
    part = np.clip(part, 0.0, 1.0)
    taken = np.empty_like(values)
    np.put_along_axis(taken, order, part, axis=1)
    taken *= positive
    full = (before + sorted_weight > room[:, None]) & (sorted_weight > 0)
    first = np.argmax(full, axis=1)
    rows = np.arange(len(values))
    price = np.where(full.any(axis=1), rate[rows, order[rows, first]], 0.0)
    # the dual of each knapsack bounds it from above for any price of room, rounding or not
    worth = price * np.maximum(room, 0.0) + np.maximum(values - price[:, None] * weight, 0.0).sum(axis=1)
    return taken, worth, price


class _Bound:
    """The part of the problem that is not settled yet, with its multipliers."""

    def __init__(
        self, problem: SelectionProblem, best: NDArray[np.bool_], surrogate: tuple[NDArray[np.float64], float]
    ) -> None:
        self.problem, self.best = problem, problem.value(best)
        self.grain = grain_of(problem)
        self.settled = np.zeros(problem.items, bool)
        self.side = np.zeros(problem.items, bool)
        self.gain, self.pair, self.constant = _linearised(problem, best)
        self.weight, self.capacity = surrogate
        self.free = np.arange(problem.items)
        self.half = self.pair / 2
        self.last = np.zeros_like(self.half)
        self.bound = np.inf
        self.here = np.inf

    def run(
        self,
        *,
        steps: int,
        seconds: float,
        halt: Halt,
        propose: Callable[[NDArray[np.float64]], float] | None,
    ) -> Proof:
        deadline = time.monotonic() + seconds
        self._settle(self.weight > self.capacity, np.zeros(len(self.free), bool))
        reach, quiet, taken = 1.0, 0, 0
        for taken in range(1, steps + 1):
            if halt.is_set() or time.monotonic() >= deadline or not len(self.free) or self._closed():
                break
            improved, amounts = self._step(reach)
            quiet = 0 if improved else quiet + 1
            if quiet >= _QUIET:
                reach, quiet = reach / 2, 0
            if propose is not None and taken % 10 == 0:
                self.best = max(self.best, propose(self._whole(amounts)))
            if reach < 1e-4:
                break
        if not len(self.free):
            self.bound = self.best
        return Proof(max(self._rounded(self.bound), self.best), self.settled, self.side, taken)

    def _step(self, reach: float) -> tuple[bool, NDArray[np.float64]]:
        room = self.capacity - self.weight
        values = self.half.T
        inner, worth, _ = _knapsacks(values, self.weight, room)
        gathered = self.gain + worth
        outer, total, price = _knapsacks(gathered[None], self.weight, np.array([self.capacity]))
        bound = self._allow(float(total[0]) + self.constant)
        amounts = outer[0]
        improved = bound < self.here - 1e-7 * max(1.0, abs(bound))
        self.here = min(self.here, bound)
        self.bound = min(self.bound, bound)
        reduced = gathered - price[0] * self.weight
        goal = self.best + max(self.grain - _SAFE, 0.0) if self.grain else self.best
        gone = bound - np.abs(reduced) < goal - _SAFE * max(1.0, abs(goal))
        if np.count_nonzero(gone) >= max(1, len(self.free) // 20) or gone.all():
            amounts_now = amounts.copy()
            whole = self._whole(amounts_now)
            self._settle(gone, reduced > 0)
            return True, whole[self.free]
        drawn = inner * amounts[:, None]
        slope = drawn.T - drawn + _MEMORY * self.last
        self.last = slope
        norm = float((slope * slope).sum())
        if norm > 1e-12:
            self.half -= reach * max(bound - self.best, 1e-6 * abs(bound)) / norm * slope
        return improved, amounts

    def _settle(self, gone: NDArray[np.bool_], inside: NDArray[np.bool_]) -> None:
        """Take settled items out: those in use room and give their pairs to the others as gains."""
        if not gone.any():
            return
        stays, come = ~gone, gone & inside
        self.settled[self.free[gone]] = True
        self.side[self.free[come]] = True
        self.constant += float(self.gain[come].sum() + 0.5 * self.pair[np.ix_(come, come)].sum())
        self.capacity -= float(self.weight[come].sum())
        self.gain = self.gain[stays] + self.pair[np.ix_(stays, come)].sum(axis=1)
        self.pair, self.half = self.pair[np.ix_(stays, stays)], self.half[np.ix_(stays, stays)]
        self.weight, self.free = self.weight[stays], self.free[stays]
        self.last = np.zeros_like(self.half)
        self.here = np.inf
        if self.capacity < 0:
            # nothing better is left: what any better choice must hold does not fit
            self.free = self.free[:0]
            return
        heavy = self.weight > self.capacity
        if heavy.any():
            self._settle(heavy, np.zeros(len(heavy), bool))

    def _whole(self, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        out = self.side.astype(float)
        out[self.free] = amounts
        return out

    def _allow(self, bound: float) -> float:
        return bound + _SAFE * max(1.0, abs(bound))

    def _rounded(self, bound: float) -> float:
        return float(np.floor(bound / self.grain + 1e-6) * self.grain) if self.grain and np.isfinite(bound) else bound

    def _closed(self) -> bool:
        return self._rounded(self.bound) <= self.best + _SAFE * max(1.0, abs(self.best))
