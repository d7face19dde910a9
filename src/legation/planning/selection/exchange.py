"""Exchange up to two items inside a choice for up to two outside, over all combinations at once.

Under many limits hardly any swap of one item for another keeps them all; among the million exchanges of two for two,
some do and are worth more. Every combination of leaving items is held against every one of entering items by array
operations: first by value, then limit by limit, the scarcest first, so that most fall out early.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from legation.planning.selection.problem import SelectionProblem

__all__ = ["Exchange"]

_SIDE = 50
"""Items on either side: those nearest to changing sides by their reduced values."""
_BLOCK = 50_000
"""Combinations held against each other at a time: they fit in the processor's cache."""
_DENSE_ROWS = 5
"""Limits asked of all combinations; the others are asked of those that are left."""


class Exchange:
    """Exchanges over a core of a linear selection without rules.

    Parameters
    ----------
    problem
        What to choose.
    core
        The items that may move, shape (c,).
    reduced
        Gain less the price of what it uses, of every item, shape (n,).
    """

    def __init__(self, problem: SelectionProblem, core: NDArray[np.int64], *, reduced: NDArray[np.float64]) -> None:
        self.problem, self.reduced = problem, reduced
        self.core = core[np.argsort(reduced[core], kind="stable")]
        self.scale = np.maximum(problem.use.mean(axis=1), 1e-12)
        self.need = np.vstack([-problem.gain, problem.use])

    def climb(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Give a choice that no exchange makes better."""
        while True:
            after = self._better(chosen)
            if after is None:
                return chosen
            chosen = after

    def _better(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
        """Give the choice after the best exchange; None where none is better."""
        inside = self.core[chosen[self.core]][:_SIDE]
        outside = self.core[~chosen[self.core]][::-1][:_SIDE]
        left = self.problem.limit - self.problem.use @ chosen
        rows = np.concatenate([[0], 1 + np.argsort(left / self.scale, kind="stable")])
        leaves, freed = self._sums(inside, rows)
        enters, asked = self._sums(outside, rows)
        freed += np.concatenate([[0.0], left])[rows, None]
        found = _best_pair(freed, asked)
        if found is None:
            return None
        after = chosen.copy()
        after[[inside[item] for item in leaves[found[0]] if item < len(inside)]] = False
        after[[outside[item] for item in enters[found[1]] if item < len(outside)]] = True
        worth = self.problem.value(after) - self.problem.value(chosen)
        # the arrays above are of single precision: what they find is asked again
        return after if worth > 1e-9 and self.problem.allowed(after) else None

    def _sums(self, items: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Give all sets of up to two items (the number after the last is nobody) and their needs, best value first."""
        sets = _sets(len(items))
        need = np.zeros((len(rows), len(items) + 1), np.float32)
        need[:, :-1] = self.need[rows[:, None], items]
        total = need[:, sets[:, 0]] + need[:, sets[:, 1]]
        order = np.argsort(total[0], kind="stable")
        return sets[order], total[:, order]


def _best_pair(freed: NDArray[np.float32], asked: NDArray[np.float32]) -> tuple[int, int] | None:
    """Find columns i, j with ``asked[:, j] <= freed[:, i]`` in all rows and the widest margin in the first."""
    best, found = 0.0, None
    # the first row falls in value: only the first so many are worth more than what leaves
    counts = np.searchsorted(asked[0], freed[0], side="left")
    at, columns = 0, freed.shape[1]
    freed, counts = freed[:, ::-1], counts[::-1]
    while at < columns and counts[at]:
        width = int(counts[at])
        end = min(columns, at + max(1, _BLOCK // width))
        fits = asked[1, :width] <= freed[1, at:end, None]
        for row in range(2, min(1 + _DENSE_ROWS, len(asked))):
            fits &= asked[row, :width] <= freed[row, at:end, None]
        leaves, enters = np.divmod(np.flatnonzero(fits), width)
        leaves += at
        for row in (*range(1 + _DENSE_ROWS, len(asked)), 0):
            if not len(leaves):
                break
            keep = asked[row, enters] <= freed[row, leaves]
            leaves, enters = leaves[keep], enters[keep]
        if len(leaves):
            margin = freed[0, leaves] - asked[0, enters]
            top = int(np.argmax(margin))
            if margin[top] > best:
                best, found = float(margin[top]), (columns - 1 - int(leaves[top]), int(enters[top]))
        at = end
    return found


@cache
def _sets(items: int) -> NDArray[np.int64]:
    pairs = [(items, items), *((item, items) for item in range(items)), *combinations(range(items), 2)]
    return np.array(pairs, np.int64)
