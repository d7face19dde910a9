"""Decide some of the items of a choice anew, all together: dynamic programming over what they use.

The items nearest to changing sides are taken out and decided one after another. Of all partial choices that use about
as much, only the most valuable is kept, judged as if the items still to come stayed as they were (after the dynamic
programme of Fomeni and Letchford 2014, which decides every item and looks at nothing beyond). It finds choices that
differ in many items at once and fill the limits better, where flips and swaps would have to pass through poor ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legation.planning.selection.problem import SelectionProblem

__all__ = ["Repack"]

_CORE = 40
"""Items decided anew."""
_LEVELS = 400
"""Partial choices kept: one for each level of use."""
_NOISE = 0.3
"""Spread of the logarithm of an item's distance to changing sides, so that every pass decides other items."""
_NEAR = 10
"""The worst items inside and the best ones outside, one in so many, set the rate at which items change sides."""


class Repack:
    """Decides items anew that no rule and no larger synergy holds, of problems that suit it."""

    def __init__(self, problem: SelectionProblem) -> None:
        self.problem, self.loose = problem, _loose(problem)
        assert problem.dense_pair is not None
        self.load, self.pair = problem.load, problem.dense_pair

    @staticmethod
    def suits(problem: SelectionProblem) -> bool:
        """Say whether values are pairwise, limits are there, and matrices fit in memory."""
        plain = len(problem.limit) > 0 and not len(problem.pieces.begins)
        return plain and problem.dense_pair is not None and bool(_loose(problem).any())

    def repack(self, chosen: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
        """Give a choice in which items near changing sides are decided anew; it may be worth less than before."""
        core = self._core(chosen, rng)
        base = chosen.copy()
        base[core] = False
        out = base.copy()
        out[core[self._decide(core, base, chosen[core].astype(float))]] = True
        return out

    def _core(self, chosen: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
        """Give the items nearest to changing sides, half of them from either side where there are as many, shuffled."""
        rate = (self.problem.gain + self.pair @ chosen) / self.load
        inside, outside = np.flatnonzero(chosen & self.loose), np.flatnonzero(~chosen & self.loose)
        worst, most = np.sort(rate[inside]), -np.sort(-rate[outside])
        ends = [side[: 1 + len(side) // _NEAR].mean() for side in (worst, most) if len(side)]
        far = np.abs(rate - np.mean(ends)) * self.load * np.exp(_NOISE * rng.standard_normal(len(rate)))
        few = min(_CORE // 2, len(inside))
        core = np.concatenate(
            [
                inside[np.argsort(far[inside], kind="stable")[:few]],
                outside[np.argsort(far[outside], kind="stable")[: _CORE - few]],
            ]
        )
        return rng.permutation(core)

    def _decide(
        self, core: NDArray[np.int64], base: NDArray[np.bool_], before: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Decide the core's items one by one beside a base, and give the best choice of them."""
        problem = self.problem
        pair, load, use = self.pair[np.ix_(core, core)], self.load[core], problem.use[:, core]
        pull = (problem.gain[core] + self.pair[core] @ base)[None]
        left = (problem.ceiling - problem.use @ base)[None]
        taken, value, weight = np.zeros((1, len(core)), bool), np.zeros(1), np.zeros(1)
        grain = max(float(load.sum()), 1e-12) / _LEVELS
        for item in range(len(core)):
            fits = np.flatnonzero((left >= use[:, item]).all(axis=1))
            joined = taken[fits]
            joined[:, item] = True
            value = np.concatenate([value, value[fits] + pull[fits, item]])
            weight = np.concatenate([weight, weight[fits] + load[item]])
            pull = np.concatenate([pull, pull[fits] + pair[item]])
            left = np.concatenate([left, left[fits] - use[:, item]])
            taken = np.concatenate([taken, joined])
            hoped = value + pull[:, item + 1 :] @ before[item + 1 :]
            level = np.floor(weight / grain).astype(np.int64)
            order = np.lexsort((-hoped, level))
            first = np.ones(len(order), bool)
            first[1:] = level[order[1:]] != level[order[:-1]]
            keep = order[first]
            value, weight, pull, left, taken = value[keep], weight[keep], pull[keep], left[keep], taken[keep]
        best: NDArray[np.bool_] = taken[int(np.argmax(value))]
        return best


def _loose(problem: SelectionProblem) -> NDArray[np.bool_]:
    loose = np.ones(problem.items, bool)
    loose[problem.rules.indices] = False
    loose[np.isin(problem.mission, [mission for missions, _ in problem.larger for mission in missions])] = False
    return loose
