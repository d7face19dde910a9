"""Estimate points and items by turns: expectation of the latent votes, then the best points, then the best items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import svd

from legation.errors import InputError
from legation.relations.ideal_points.likelihood import Terms, cut_sums, item_sums, point_sums, terms
from legation.relations.ideal_points.panel import Floats, Panel, add_up

__all__ = ["Estimate", "fit_items", "lean", "run_sweeps", "starting_values"]

# The prior of an item's discrimination is standard normal (published with the model).
BETA_PRECISION = 1.0
# The prior of a cutpoint is flat in effect: this keeps a cutpoint finite that all votes lie on one side of.
CUT_PRECISION = 0.01
# Published bound of a cutpoint.
_FARTHEST_CUT = 7.0
_LONGEST_STEP = 0.5
# An actor that votes in one session only, and once or twice, would run away: the prior of a first point without a
# second is the scale's own spread.
_ALONE_PRECISION = 1.0
# With fewer items than this share on which both sides of anchors vote differently, the first axis starts the items.
_FEWEST_SIDED = 0.2


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Points and items: theta (N,), beta (J,), cuts (J, 2); how it went."""

    theta: Floats
    beta: Floats
    cuts: Floats
    sweeps: int
    change: float
    converged: bool


def starting_values(panel: Panel, sides: Floats) -> tuple[Floats, Floats, Floats]:
    """Return where the estimate starts: points, discriminations, cutpoints.

    A cutpoint starts at -1 + 2 * share of the votes below it. An item starts at 1 when the positive anchors are less in
    favour than the negative ones, at -1 when more; where too few items tell them apart, at the sign of the first axis
    of all votes.

    Parameters
    ----------
    sides
        1 for points of positive anchors, -1 for negative ones, 0 for all others, shape (N,).
    """
    shares = panel.counts / panel.counts.sum(axis=1, keepdims=True)
    cuts = np.stack([-1 + 2 * shares[:, 0], -1 + 2 * (shares[:, 0] + shares[:, 1])], axis=1)
    value = _votes_as_numbers(panel)
    means = []
    for side in (1, -1):
        weights = [(sides[point] == side).astype(float) for point in (panel.outer_point, panel.inner_point)]
        total = item_sums(panel, value[0] * weights[0], value[1] * weights[1])
        number = item_sums(panel, *weights)
        means.append(np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0))
    sided = np.nan_to_num(np.sign(means[0] - means[1]))
    beta = sided if np.count_nonzero(sided) >= _FEWEST_SIDED * len(sided) else _first_axis(panel, value, sides)
    return np.zeros(panel.points.height), beta, cuts


def _votes_as_numbers(panel: Panel) -> tuple[Floats, Floats]:
    return -panel.outer_sign, np.zeros(len(panel.inner_item))


def _first_axis(panel: Panel, value: tuple[Floats, Floats], sides: Floats) -> Floats:
    """Return the sign of each item on the first axis of the votes, the positive anchors on its positive side."""
    actors = panel.points["actor"].rank("dense").to_numpy().astype(np.int64) - 1
    table = np.zeros((int(actors.max()) + 1, len(panel.items)))
    cast = np.zeros_like(table)
    for point, item, number in (
        (panel.outer_point, panel.outer_item, value[0]),
        (panel.inner_point, panel.inner_item, value[1]),
    ):
        np.add.at(table, (actors[point], item), number)
        np.add.at(cast, (actors[point], item), 1.0)
    mean = table.sum(axis=0) / cast.sum(axis=0)
    centred = np.where(cast > 0, table / np.maximum(cast, 1.0) - mean, 0.0)
    left, _, right = svd(centred, full_matrices=False)
    score = np.zeros(len(table))
    np.add.at(score, actors, sides)
    direction = float(left[:, 0] @ score)
    signs: Floats = np.sign(right[0]) * (1.0 if direction >= 0 else -1.0)
    return signs


def lean(panel: Panel, means: Floats) -> tuple[Floats, Floats]:
    """Return what each point leans on and how strongly: its actor's point before; the first on the second.

    Information flows forward only, so that a later vote never changes what an earlier session said.
    """
    prior = np.zeros(len(means))
    prior[1:] = np.where(panel.lag[1:] > 0, means[:-1], 0.0)
    first = np.flatnonzero(panel.lead > 0)
    prior[first] = means[first + 1]
    precision = panel.lag + panel.lead
    return prior, np.where(precision > 0, precision, _ALONE_PRECISION)


def run_sweeps(
    panel: Panel, start: tuple[Floats, Floats, Floats], *, sides: Floats, tolerance: float, most: int
) -> Estimate:
    """Repeat points, standardisation and items until no point moves by more than the tolerance.

    Raises
    ------
    InputError
        When all points come out the same, so that there is no scale.
    """
    theta, beta, cuts = start
    means = _first_means(sides)
    change, sweep = np.inf, 0
    # The first latent votes are drawn with every point at zero.
    found = terms(panel, theta, np.zeros_like(beta), cuts)
    for sweep in range(1, most + 1):
        means, spread = _points(panel, found, theta, beta, means, first=sweep == 1)
        theta, before = _standard(means, spread), theta
        beta, cuts = fit_items(panel, theta, beta, cuts)
        found = terms(panel, theta, beta, cuts)
        change = float(np.abs(theta - before).max())
        if change < tolerance:
            break
    return Estimate(theta=theta, beta=beta, cuts=cuts, sweeps=sweep, change=change, converged=change < tolerance)


def _first_means(sides: Floats) -> Floats:
    """Put anchors where the published sampler starts them: 3 and -2 on a scale of about those lengths."""
    return np.where(sides > 0, 3.0, np.where(sides < 0, -2.0, 0.0))


def _points(
    panel: Panel, found: Terms, theta: Floats, beta: Floats, means: Floats, *, first: bool
) -> tuple[Floats, Floats]:
    """Return the means of all points given latent votes and items, and their variances."""
    slopes = (-found.outer_slope, -(found.low_slope + found.high_slope))
    outer, inner = beta[panel.outer_item], beta[panel.inner_item]
    # A latent vote is beta * theta minus the slope; in the first sweep beta * theta counts as zero.
    pull = point_sums(panel, outer * slopes[0], inner * slopes[1])
    information = point_sums(panel, outer * outer, inner * inner)
    total = pull if first else pull + information * theta
    prior, precision = lean(panel, means)
    return (total + precision * prior) / (information + precision), 1.0 / (information + precision)


def _standard(means: Floats, variance: Floats) -> Floats:
    spread = float(np.sqrt(means.var() + variance.mean()))
    if not spread > 0 or float(means.var()) < np.finfo(float).eps:
        raise InputError(
            "All ideal points come out the same, so the scale has no length.",
            remedy="Bring votes on which at least two actors differ.",
        )
    standard: Floats = (means - means.mean()) / spread
    return standard


def fit_items(panel: Panel, theta: Floats, beta: Floats, cuts: Floats) -> tuple[Floats, Floats]:
    """Return items one step better: a Newton step in the cutpoints, then the regression of latent votes on points."""
    cuts = _better_cuts(panel, terms(panel, theta, beta, cuts), cuts)
    found = terms(panel, theta, beta, cuts)
    outer, inner = theta[panel.outer_point], theta[panel.inner_point]
    squares = item_sums(panel, outer * outer, inner * inner)
    slope = item_sums(panel, -outer * found.outer_slope, -inner * (found.low_slope + found.high_slope))
    return (squares * beta + slope) / (squares + BETA_PRECISION), cuts


def _better_cuts(panel: Panel, found: Terms, cuts: Floats) -> Floats:
    slope = cut_sums(panel, found.outer_slope, found.low_slope, found.high_slope) - CUT_PRECISION * cuts
    curve = cut_sums(panel, -found.outer_curve, -found.low_curve, -found.high_curve) + CUT_PRECISION
    cross = add_up(panel.inner_item, -found.cross_curve, len(panel.items))
    determinant = curve[:, 0] * curve[:, 1] - cross * cross
    low = (curve[:, 1] * slope[:, 0] - cross * slope[:, 1]) / determinant
    high = (curve[:, 0] * slope[:, 1] - cross * slope[:, 0]) / determinant
    both = slope.sum(axis=1) / (curve.sum(axis=1) + 2 * cross)
    step = np.stack([np.where(panel.single, both, low), np.where(panel.single, both, high)], axis=1)
    step = np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
    gap = cuts[:, 1] - cuts[:, 0]
    closing = step[:, 0] - step[:, 1]
    # The cutpoints stay in order: a step takes at most four fifths of the gap.
    shorten = np.where(~panel.single & (closing > 0.8 * gap), 0.8 * gap / np.maximum(closing, _TINIEST), 1.0)
    better: Floats = np.clip(cuts + step * shorten[:, None], -_FARTHEST_CUT, _FARTHEST_CUT)
    return better


_TINIEST = 1e-12
