"""The timeless core of a desk as arrays: which items to choose under budgets, rules, synergies and concave value.

An item is a mission in a mode. With x in {0, 1}^n the value is

    gain x + sum_{i<j} pair[i, j] x_i x_j + sum_h bonus_h [all missions of h chosen]
           + sum_t min_{p in t} (slope_p n_p + offset_p),

where n = effect' x, and p runs over the affine pieces of a term t; each piece reads one column of n. Objectives, goals
that combine by minimum and adverse spill-over are such terms: concave and piecewise linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.errors import InputError

__all__ = ["MOST_DENSE", "Pieces", "SelectionProblem", "plain_problem"]

MOST_DENSE = 3_000
"""Items up to which pairwise values are held as a full matrix (72 MB)."""
FEASIBLE = 1e-9
"""Relative slack within which a limit counts as kept: sums of exact amounts differ by less."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Affine pieces of concave terms, sorted by term.

    Attributes
    ----------
    begins
        First piece of each term, shape (terms,).
    column
        Column of n that a piece reads, shape (P,).
    slope, offset
        Of each piece, shape (P,).
    """

    begins: NDArray[np.int64]
    column: NDArray[np.int64]
    slope: NDArray[np.float64]
    offset: NDArray[np.float64]

    def value(self, n: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the terms' sum for contributions ``n`` of shape (..., K)."""
        if not len(self.begins):
            return np.zeros(n.shape[:-1])
        lines = n[..., self.column] * self.slope + self.offset
        total: NDArray[np.float64] = np.minimum.reduceat(lines, self.begins, axis=-1).sum(axis=-1)
        return total


@dataclass(frozen=True, eq=False)
class SelectionProblem:
    """What to choose; see the module for the value.

    Attributes
    ----------
    gain
        Value of each item by itself, shape (n,).
    pair
        Value of two items together, symmetric with an empty diagonal, shape (n, n).
    larger
        Missions (at least three) and what they bring together; a mission counts when any of its items is chosen.
    mission
        The mission of each item, shape (n,); at most one item of a mission may be chosen, by a row of `rules`.
    effect
        What each item adds to the columns that `pieces` read, shape (n, K).
    use, limit
        Amounts that items take and what there is: ``use @ x <= limit``, shapes (R, n) and (R,); no amount is negative.
    rules, room
        Rules with whole coefficients: ``rules @ x <= room``, shapes (L, n) and (L,): exclusions, prerequisites, duties.
    """

    gain: NDArray[np.float64]
    pair: sparse.csr_matrix
    larger: tuple[tuple[tuple[int, ...], float], ...]
    mission: NDArray[np.int64]
    effect: NDArray[np.float64]
    pieces: Pieces
    use: NDArray[np.float64]
    limit: NDArray[np.float64]
    rules: sparse.csr_matrix
    room: NDArray[np.int64]

    def __post_init__(self) -> None:
        n = len(self.gain)
        shapes = (self.pair.shape == (n, n), self.use.shape == (len(self.limit), n), len(self.mission) == n)
        if not all(shapes) or self.rules.shape != (len(self.room), n) or self.effect.shape[0] != n:
            raise InputError(f"The arrays of a selection of {n} items do not fit together.", remedy="Check the shapes.")
        if len(self.use) and (self.use.min(initial=0.0) < 0 or not np.isfinite(self.use).all()):
            raise InputError("An item takes a negative or unknown amount.", remedy="Give amounts of 0 or more.")

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.gain)

    @cached_property
    def ceiling(self) -> NDArray[np.float64]:
        """Limits with the slack of rounding, shape (R,)."""
        out: NDArray[np.float64] = self.limit + FEASIBLE * np.maximum(1.0, np.abs(self.limit))
        return out

    @cached_property
    def load(self) -> NDArray[np.float64]:
        """What each item takes of all limits together, as shares of them and above 0, shape (n,)."""
        shares = self.use / np.maximum(self.limit, 1e-9)[:, None]
        out: NDArray[np.float64] = np.maximum(shares.sum(axis=0), 1e-12)
        return out

    @cached_property
    def dense_pair(self) -> NDArray[np.float64] | None:
        """Pairwise values as a full matrix, shape (n, n); None without any, or where it would not fit in memory."""
        return self.pair.toarray() if self.pair.nnz and self.items <= MOST_DENSE else None

    @cached_property
    def linear(self) -> bool:
        """Whether the value is the sum of the items' own gains."""
        return not self.pair.nnz and not self.larger and not len(self.pieces.begins)

    def value(self, chosen: NDArray[np.bool_]) -> float:
        """Give the value of a choice, shape (n,), worked out from the definition."""
        x = chosen.astype(float)
        there = set(self.mission[chosen].tolist())
        together = sum(value for missions, value in self.larger if there.issuperset(missions))
        quadratic = 0.5 * float(x @ (self.pair @ x))
        return float(self.gain @ x) + quadratic + together + float(self.pieces.value(x @ self.effect))

    def allowed(self, chosen: NDArray[np.bool_]) -> bool:
        """Say whether a choice keeps every limit and rule."""
        x = chosen.astype(float)
        return bool((self.use @ x <= self.ceiling).all() and (self.rules @ x <= self.room + 0.5).all())


NO_PIECES = Pieces(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


def plain_problem(
    gain: Sequence[float] | NDArray[np.float64],
    *,
    use: NDArray[np.float64],
    limit: Sequence[float] | NDArray[np.float64],
    pair: NDArray[np.float64] | sparse.csr_matrix | None = None,
) -> SelectionProblem:
    """Make a selection of items with limits and pairwise values alone: a knapsack, quadratic or with several limits.

    Parameters
    ----------
    gain
        Value of each item, shape (n,).
    use, limit
        ``use @ x <= limit``, shapes (R, n) and (R,).
    pair
        Value of two items together, symmetric with an empty diagonal, shape (n, n).
    """
    own = np.asarray(gain, float)
    n = len(own)
    together = sparse.csr_matrix((n, n)) if pair is None else sparse.csr_matrix(pair)
    return SelectionProblem(
        gain=own,
        pair=together,
        larger=(),
        mission=np.arange(n),
        effect=np.zeros((n, 0)),
        pieces=NO_PIECES,
        use=np.asarray(use, float),
        limit=np.asarray(limit, float),
        rules=sparse.csr_matrix((0, n)),
        room=np.empty(0, np.int64),
    )
