"""The parts of cohesion as pure functions on arrays.

``E`` holds one row per chosen mission and one column per leaf objective: the signed expected contribution in units of
the objective's target, shape (m, K). ``w`` holds the weights of the objectives, shape (K,), sum 1. A ratio 0/0 is nan.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "SERVED",
    "conflict",
    "congruence",
    "coverage_gross",
    "coverage_net",
    "gap_weight",
    "gross",
    "harm",
    "leave_one_out",
    "net",
    "ratio",
    "redundancy",
    "served",
    "spend_shares",
    "waste",
    "waste_interval",
    "weakest",
]

Array = NDArray[np.float64]

SERVED = 1.0 - 1e-9
"""An objective is served when its net contribution reaches this; the slack absorbs the rounding of sums."""


def ratio(numerator: float, denominator: float) -> float:
    """Divide; 0/0 is nan."""
    return float("nan") if denominator == 0 else float(numerator) / float(denominator)


def gross(E: Array) -> Array:
    """Give a[k], the sum of the positive contributions, shape (K,)."""
    result: Array = np.maximum(E, 0.0).sum(axis=0)
    return result


def harm(E: Array) -> Array:
    """Give the sum of the negative contributions as a positive number, shape (K,)."""
    result: Array = np.maximum(-E, 0.0).sum(axis=0)
    return result


def net(E: Array) -> Array:
    """Give n[k], gross less harm, shape (K,)."""
    return gross(E) - harm(E)


def served(n: Array) -> NDArray[np.bool_]:
    """Say for each objective whether its net contribution reaches the target."""
    result: NDArray[np.bool_] = n >= SERVED
    return result


def coverage_gross(E: Array, w: Array) -> float:
    """Give sum w min(1, a), in [0, 1]; monotone and submodular in the set of missions.

    >>> coverage_gross(np.array([[0.5, 0.0], [0.8, 0.25]]), np.array([0.6, 0.4]))
    0.7
    """
    return float(w @ np.minimum(1.0, gross(E)))


def coverage_net(E: Array, w: Array) -> float:
    """Give sum w clip(n, 0, 1), in [0, 1].

    >>> coverage_net(np.array([[0.5, 0.0], [-0.25, 1.5]]), np.array([0.6, 0.4]))
    0.55
    """
    return float(w @ np.clip(net(E), 0.0, 1.0))


def weakest(E: Array) -> float:
    """Give the least of clip(n, 0, 1) over the objectives; nan without objectives."""
    return float(np.clip(net(E), 0.0, 1.0).min()) if E.shape[1] else float("nan")


def spend_shares(E: Array, w: Array, cost: Array) -> Array:
    """Give e[k], the share of spend on each objective, shape (K,).

    A mission's cost splits over its objectives in proportion to w E+. Spend without a positive contribution belongs to
    no objective and is left out (it shows among the orphans); nan where nothing is left.
    """
    part = w * np.maximum(E, 0.0)
    total = part.sum(axis=1, keepdims=True)
    split = np.divide(part, total, out=np.zeros_like(part), where=total > 0)
    spent: Array = cost @ split
    whole = spent.sum()
    return spent / whole if whole > 0 else np.full(E.shape[1], np.nan)


def congruence(E: Array, w: Array, cost: Array) -> float:
    """Give 1 - 1/2 sum abs(e[k] - w[k]), in [0, 1]; nan where nothing is spent on an objective."""
    return float(1.0 - 0.5 * np.abs(spend_shares(E, w, cost) - w).sum())


def waste(E: Array, w: Array) -> float:
    """Give sum w max(0, a - 1) / sum w a, in [0, 1); nan where nothing contributes.

    >>> waste(np.array([[1.0], [1.0], [1.0], [1.0]]), np.array([1.0]))
    0.75
    """
    a = gross(E)
    return ratio(float(w @ np.maximum(0.0, a - 1.0)), float(w @ a))


def waste_interval(low: Array, high: Array, w: Array) -> tuple[float, float]:
    """Give the least and greatest waste when each a[k] lies anywhere in [low[k], high[k]].

    Waste is a ratio of two sums over objectives, so Dinkelbach's method reduces each step to a choice per objective:
    of an end of its interval for the maximum (the term is convex), of an end or the kink at 1 for the minimum. Exact.

    Parameters
    ----------
    low, high
        Gross contributions with all effects low and high, shape (K,).
    w
        Weights.
    """
    kink = np.clip(1.0, low, high)
    choices = np.stack([low, high, kink])
    excess = w * np.maximum(0.0, choices - 1.0)
    amount = w * choices
    if amount.max(initial=0.0) == 0.0:
        return float("nan"), float("nan")
    return _best_ratio(excess, amount, largest=False), _best_ratio(excess, amount, largest=True)


def _best_ratio(above: Array, below: Array, *, largest: bool) -> float:
    sign = -1.0 if largest else 1.0
    columns = np.arange(above.shape[1])
    pick = below.argmax(axis=0)
    best = above[pick, columns].sum() / below[pick, columns].sum()
    while True:
        pick = (sign * (above - best * below)).argmin(axis=0)
        total = below[pick, columns].sum()
        # all terms 0: the ratio cannot be improved in this direction without dividing by nothing
        better = best if total == 0 else above[pick, columns].sum() / total
        if sign * (best - better) <= 1e-15:
            return float(best)
        best = better


def redundancy(E: Array, w: Array) -> float:
    """Give 1 - f(S)/sum f({m}) with f = gross coverage, in [0, 1); nan where no mission adds anything alone."""
    alone = float((np.minimum(1.0, np.maximum(E, 0.0)) @ w).sum())
    share = ratio(coverage_gross(E, w), alone)
    # additive missions give 1 up to the order of the sums
    return share if np.isnan(share) else max(0.0, 1.0 - share)


def conflict(E: Array, w: Array) -> float:
    """Give sum w E- / sum w (E+ + E-), in [0, 1]; nan where nothing contributes either way."""
    bad = float(w @ harm(E))
    return ratio(bad, float(w @ gross(E)) + bad)


def gap_weight(E: Array, w: Array) -> float:
    """Give the weight of the objectives to which no mission contributes positively."""
    return float(w[gross(E) <= 0].sum())


def leave_one_out(E: Array, w: Array) -> Array:
    """Give what each mission adds to the net coverage of all others, shape (m,); negative for a harmful one."""
    n = net(E)
    without = np.clip(n[None, :] - E, 0.0, 1.0) @ w
    result: Array = float(w @ np.clip(n, 0.0, 1.0)) - without
    return result
