"""The ordinal probit likelihood: log density, its slopes and curvatures in the cutpoints, vote by vote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import erfcx, log_ndtr, ndtr

from legation.relations.ideal_points.panel import Floats, Panel, add_up

__all__ = ["Terms", "cut_sums", "item_sums", "log_likelihood", "point_sums", "terms"]

_ROOT_HALF = float(np.sqrt(0.5))
_MILLS = float(np.sqrt(2.0 / np.pi))
_DENSITY = float(1.0 / np.sqrt(2.0 * np.pi))
# Below this an interval's probability is no longer told from zero; its slope is then bounded instead of infinite.
_TINY, _STEEP = 1e-280, 1e3


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Derivatives of each vote's log likelihood in its cutpoints.

    Parameters
    ----------
    outer_slope, outer_curve
        In the only cutpoint that bounds the vote.
    low_slope, high_slope, low_curve, high_curve, cross_curve
        In the two cutpoints around an abstention.
    """

    outer_slope: Floats
    outer_curve: Floats
    low_slope: Floats
    high_slope: Floats
    low_curve: Floats
    high_curve: Floats
    cross_curve: Floats


def _distances(panel: Panel, theta: Floats, beta: Floats, cuts: Floats) -> tuple[Floats, Floats, Floats]:
    outer = panel.outer_sign * (cuts.ravel()[panel.outer_cut] - beta[panel.outer_item] * theta[panel.outer_point])
    middle = beta[panel.inner_item] * theta[panel.inner_point]
    return outer, cuts[panel.inner_item, 0] - middle, cuts[panel.inner_item, 1] - middle


def _between(low: Floats, high: Floats) -> Floats:
    """Return the probability between two points, from the tail that keeps its digits."""
    upper = low + high > 0
    chance: Floats = np.maximum(ndtr(np.where(upper, -low, high)) - ndtr(np.where(upper, -high, low)), _TINY)
    return chance


def terms(panel: Panel, theta: Floats, beta: Floats, cuts: Floats) -> Terms:
    """Return slopes and curvatures of every vote.

    Parameters
    ----------
    theta
        Ideal points, shape (N,).
    beta
        Discriminations, shape (J,).
    cuts
        Both cutpoints, shape (J, 2).
    """
    outer, low, high = _distances(panel, theta, beta, cuts)
    # The Mills ratio by the scaled error function: no overflow, no 0/0, at any distance.
    ratio = _MILLS / erfcx(-outer * _ROOT_HALF)
    chance = _between(low, high)
    low_slope = -np.minimum(_DENSITY * np.exp(-0.5 * low * low) / chance, _STEEP)
    high_slope = np.minimum(_DENSITY * np.exp(-0.5 * high * high) / chance, _STEEP)
    return Terms(
        outer_slope=panel.outer_sign * ratio,
        outer_curve=-ratio * (outer + ratio),
        low_slope=low_slope,
        high_slope=high_slope,
        low_curve=-low * low_slope - low_slope * low_slope,
        high_curve=-high * high_slope - high_slope * high_slope,
        cross_curve=-low_slope * high_slope,
    )


def log_likelihood(panel: Panel, theta: Floats, beta: Floats, cuts: Floats) -> float:
    """Return the log likelihood of all votes."""
    outer, low, high = _distances(panel, theta, beta, cuts)
    return float(log_ndtr(outer).sum() + np.log(_between(low, high)).sum())


def point_sums(panel: Panel, outer: Floats, inner: Floats) -> Floats:
    """Add up values of outer and inner votes by point, shape (N,)."""
    size = panel.points.height
    return add_up(panel.outer_point, outer, size) + add_up(panel.inner_point, inner, size)


def item_sums(panel: Panel, outer: Floats, inner: Floats) -> Floats:
    """Add up values of outer and inner votes by item, shape (J,)."""
    size = len(panel.items)
    return add_up(panel.outer_item, outer, size) + add_up(panel.inner_item, inner, size)


def cut_sums(panel: Panel, outer: Floats, low: Floats, high: Floats) -> Floats:
    """Add up values of outer votes, and of abstentions at both their cutpoints, by cutpoint, shape (J, 2)."""
    size = len(panel.items)
    sums = add_up(panel.outer_cut, outer, 2 * size).reshape(size, 2)
    sums[:, 0] += add_up(panel.inner_item, low, size)
    sums[:, 1] += add_up(panel.inner_item, high, size)
    return sums
