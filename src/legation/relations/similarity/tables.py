"""Contingency tables of all pairs of a year at once, from products of 0-1 matrices.

Counts below 2^24 are exact in single precision, so the products run at half the memory and twice the speed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ONE_THREAD", "Pairs", "full_cells", "paired_cells", "weighted_distances", "weighted_values"]

# products of a few hundred rows gain nothing from threads, and threads that wait for a busy core cost ten times as much
ONE_THREAD = {"limits": 1, "user_api": "blas"}

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Pairs:
    """The pairs a < b among so many actors, in the order of a, then b.

    Attributes
    ----------
    a, b
        Places of the actors, shape (pairs,).
    """

    def __init__(self, actors: int) -> None:
        self.actors = actors
        self.a, self.b = np.triu_indices(actors, k=1)
        self._upper = self.a * actors + self.b
        self._lower = self.b * actors + self.a

    def upper(self, matrix: NDArray[np.floating]) -> NDArray[np.floating]:
        """Give matrix[a, b] for all pairs."""
        return np.ascontiguousarray(matrix).reshape(-1).take(self._upper)

    def lower(self, matrix: NDArray[np.floating]) -> NDArray[np.floating]:
        """Give matrix[b, a] for all pairs."""
        return np.ascontiguousarray(matrix).reshape(-1).take(self._lower)


def full_cells(positions: NDArray[np.int8], pairs: Pairs, *, levels: int) -> Floats:
    """Count pairs of levels where every actor has a level at every position.

    Parameters
    ----------
    positions
        Number of the level, shape (actors, positions); level 0 should be the most common one.
    pairs
        The pairs to count for.
    levels
        How many levels there are.

    Returns
    -------
    ndarray
        Shape (levels, levels, pairs).
    """
    n = positions.shape[1]
    cells = np.empty((levels, levels, len(pairs.a)))
    _products(positions, pairs, cells, first=1)
    held = np.stack([(positions == level).sum(axis=1) for level in range(levels)]).astype(float)
    # what the products leave out follows from the margins
    for level in range(1, levels):
        cells[level, 0] = held[level][pairs.a] - cells[level, 1:].sum(axis=0)
        cells[0, level] = held[level][pairs.b] - cells[1:, level].sum(axis=0)
    cells[0, 0] = n - cells[1:, 1:].sum(axis=(0, 1)) - cells[1:, 0].sum(axis=0) - cells[0, 1:].sum(axis=0)
    return cells


def paired_cells(positions: NDArray[np.int8], pairs: Pairs, *, levels: int) -> Floats:
    """Count pairs of levels at the positions where both actors have one; -1 marks a missing level."""
    cells = np.empty((levels, levels, len(pairs.a)))
    _products(positions, pairs, cells, first=0)
    return cells


def _products(positions: NDArray[np.int8], pairs: Pairs, cells: Floats, *, first: int) -> None:
    held = {level: (positions == level).astype(np.float32) for level in range(first, len(cells))}
    for low, left in held.items():
        for high, right in held.items():
            if high >= low:
                product = left @ right.T
                cells[low, high] = pairs.upper(product)
                cells[high, low] = pairs.lower(product)


def weighted_distances(
    values: Floats, weights: Floats, pairs: Pairs, *, levels: Floats
) -> tuple[Floats, Floats, Floats]:
    """Sum weighted distances of all pairs over the positions where both actors have a value.

    Parameters
    ----------
    values
        Shape (actors, positions); nan where missing.
    weights
        Shape (positions,), none of them negative; their scale does not matter.
    pairs
        The pairs to sum for.
    levels
        The levels in rising order.

    Returns
    -------
    tuple
        Sum of w abs(x - y), of w (x - y)^2, and of w, each of shape (pairs,).
    """
    here = (~np.isnan(values)).astype(float)
    value = np.where(here > 0, values - levels[0], 0.0)
    common = pairs.upper((here * weights) @ here.T)
    squares = (value**2 * weights) @ here.T
    squared = pairs.upper(squares) + pairs.lower(squares) - 2.0 * pairs.upper((value * weights) @ value.T)
    absolute: Floats = np.zeros(len(pairs.a))
    for step in range(1, len(levels)):
        above = (value >= levels[step] - levels[0]).astype(float)
        one = (above * weights) @ here.T
        both = pairs.upper((above * weights) @ above.T)
        absolute += (levels[step] - levels[step - 1]) * (pairs.upper(one) + pairs.lower(one) - 2.0 * both)
    # differences of sums can fall below 0 by rounding
    return np.maximum(absolute, 0.0), np.maximum(squared, 0.0), common.astype(float)


def weighted_values(values: Floats, weights: Floats, pairs: Pairs, levels: Floats) -> dict[str, Floats]:
    """Give S with weighted positions, absolute and squared; positions whose weight is nan are left out.

    Returns
    -------
    dict[str, ndarray]
        `s_abs_w` and `s_sq_w`, each of shape (pairs,); nan where the weights in common sum to 0.
    """
    known = ~np.isnan(weights)
    absolute, squared, total = weighted_distances(values[:, known], weights[known], pairs, levels=levels)
    span = float(levels[-1] - levels[0])
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "s_abs_w": np.where(total > 0, 1.0 - 2.0 * absolute / (span * total), np.nan),
            "s_sq_w": np.where(total > 0, 1.0 - 2.0 * squared / (span**2 * total), np.nan),
        }
