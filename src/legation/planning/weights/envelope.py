"""Every plan that is best for some weights: refine the upper envelope of plans until each of its corners is proven.

A plan's value is linear in the weights, so the best value is convex in them. With the plans known so far it is bounded
from below by their maximum; where that maximum has a corner, the best plan is asked for. Once no corner of it can be
raised, it is the best value everywhere (the outer approximation of Benson 1998, turned to weights).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import HalfspaceIntersection, QhullError

from legation.planning.weights.polytope import WeightSet

__all__ = ["Envelope", "best_everywhere"]

_NEAR = 1e-7
_SMALL = 2e-6


@dataclass(frozen=True, eq=False)
class Envelope:
    """Plans that are best somewhere.

    Attributes
    ----------
    values
        Each plan's value at weight 1 on each goal in turn, extended linearly, shape (P, G).
    keys
        What the solver called each plan.
    complete
        Whether every corner was proven.
    slack
        By how much any weights' best value may exceed the best known plan's, where complete.
    tops
        Proven bound on the best value at each corner of the set, shape (V,).
    """

    values: NDArray[np.float64]
    keys: tuple[tuple[int, ...], ...]
    complete: bool
    slack: float
    tops: NDArray[np.float64]


def best_everywhere(
    weights: WeightSet,
    solve: Callable[[NDArray[np.float64]], tuple[tuple[int, ...], NDArray[np.float64], float] | None],
    *,
    over: Callable[[], bool],
) -> Envelope:
    """Find every plan that is best for some weights of a set.

    Parameters
    ----------
    weights
        The set.
    solve
        Gives for weights (G,) the best plan found, its values by goal (G,), and a proven bound on the best value;
        None where nothing was found.
    over
        Says when to stop.
    """
    keys: list[tuple[int, ...]] = []
    values = np.empty((0, len(weights.goals)))
    tops = np.full(len(weights.corners), np.inf)
    slack, done = 0.0, np.empty((0, len(weights.goals)))
    waiting = [(w, index) for index, w in enumerate(weights.corners)]
    while waiting and not over():
        w, corner = waiting.pop(0)
        answer = solve(w)
        if answer is None:
            return Envelope(values, tuple(keys), complete=False, slack=slack, tops=tops)
        key, own, bound = answer
        if corner >= 0:
            tops[corner] = bound
        known = float((values @ w).max()) if len(values) else -np.inf
        slack = max(slack, bound - max(known, float(own @ w)))
        new = float(own @ w) > known + _SMALL
        if new:
            keys.append(key)
            values = np.concatenate([values, own[None, :]])
        done = np.concatenate([done, w[None, :]])
        if not any(index >= 0 for _, index in waiting):
            tried = [item for item in _envelope_corners(weights, values) if not _known(item, done)]
            waiting = [(item, -1) for item in tried]
    return Envelope(values, tuple(keys), complete=not waiting, slack=slack, tops=tops)


def _known(w: NDArray[np.float64], done: NDArray[np.float64]) -> bool:
    return bool(np.any(np.all(np.abs(done - w) < 1e-6, axis=1)))


def _envelope_corners(weights: WeightSet, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the weights at which the plans' maximum has a corner, shape (c, G)."""
    centre = weights.centre
    spread = weights.corners - centre
    _, sizes, directions = np.linalg.svd(spread)
    axes = directions[: int(np.sum(sizes > _NEAR))]
    if not len(axes):
        return weights.corners[:1]
    rows = weights.rows @ axes.T
    moving = np.abs(rows).max(axis=1) > _NEAR
    walls = np.column_stack([rows, np.zeros(len(rows)), weights.rows @ centre - weights.sides])[moving]
    # each plan lies below the envelope: values . (centre + axes y) - t <= 0
    plans = np.column_stack([values @ axes.T, -np.ones(len(values)), values @ centre])
    top = float((values @ weights.corners.T).max()) + 1.0
    lid = np.append(np.zeros(len(axes) + 1), -top)
    lid[len(axes)] = 1.0
    inside = np.append(np.zeros(len(axes)), top - 0.5)
    try:
        cells = HalfspaceIntersection(np.vstack([walls, plans, lid]), inside)
    except QhullError:
        # too flat to divide: its own corners are all there is
        return weights.corners
    found = cells.intersections[np.isfinite(cells.intersections).all(axis=1)]
    below = found[found[:, -1] < top - 1e-6]
    out: NDArray[np.float64] = np.clip(centre + below[:, :-1] @ axes, 0.0, 1.0)
    return np.unique(np.round(out, 9), axis=0)
