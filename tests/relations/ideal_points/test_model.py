"""The likelihood against numerical derivatives, and the errors' algebra against a plain inverse."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from legation.relations.ideal_points.bridges import bridge_items
from legation.relations.ideal_points.likelihood import (
    cut_sums,
    item_sums,
    log_likelihood,
    point_sums,
    terms,
)
from legation.relations.ideal_points.panel import make_panel, without_unanimous
from legation.relations.ideal_points.uncertainty import uncertainty

_STEP = 1e-5


def _panel(drawn, *, bridges=True, **sizes):
    found = drawn(3, **sizes)
    names = found.votes["resolution"].unique(maintain_order=True)
    items = pl.DataFrame({"resolution": names, "item": bridge_items(names, pairs=found.bridges if bridges else None)})
    rows = found.votes.join(items, on="resolution").with_columns(
        vote=pl.col("vote").cast(pl.Int8), year=pl.col("session") + 1945
    )
    return make_panel(without_unanimous(rows))


@pytest.fixture
def small(drawn):
    """Return a panel of a few dozen votes with random parameters."""
    panel = _panel(drawn, actors=5, sessions=3, resolutions=6, bridged=2)
    rng = np.random.default_rng(1)
    low = rng.normal(0, 0.5, len(panel.items))
    gap = np.where(panel.single, 0.0, rng.uniform(0.3, 1.0, len(panel.items)))
    theta, beta = rng.normal(0, 1, panel.points.height), rng.normal(0, 1, len(panel.items))
    return panel, theta, beta, np.stack([low, low + gap], axis=1)


def _likelihood_by_hand(panel, theta, beta, cuts):
    from statistics import NormalDist

    below = NormalDist().cdf
    total = 0.0
    for point, item, sign, cut in zip(
        panel.outer_point, panel.outer_item, panel.outer_sign, panel.outer_cut, strict=True
    ):
        total += np.log(below(sign * (cuts[item, cut - 2 * item] - beta[item] * theta[point])))
    for point, item in zip(panel.inner_point, panel.inner_item, strict=True):
        middle = beta[item] * theta[point]
        total += np.log(below(cuts[item, 1] - middle) - below(cuts[item, 0] - middle))
    return total


def test_likelihood_is_the_ordinal_probit_by_hand(small):
    """The log likelihood is the sum of the logs of normal probabilities, vote by vote."""
    assert log_likelihood(*small) == pytest.approx(_likelihood_by_hand(*small), abs=1e-9)


def test_slopes_are_the_numerical_derivatives(small):
    """The slopes in points, discriminations and cutpoints agree with differences of the likelihood."""
    panel, theta, beta, cuts = small
    found = terms(panel, theta, beta, cuts)
    outer, inner = found.outer_slope, found.low_slope + found.high_slope
    by_point = point_sums(panel, -beta[panel.outer_item] * outer, -beta[panel.inner_item] * inner)
    by_item = item_sums(panel, -theta[panel.outer_point] * outer, -theta[panel.inner_point] * inner)
    by_cut = cut_sums(panel, outer, found.low_slope, found.high_slope)

    for values, slope in ((theta, by_point), (beta, by_item), (cuts, by_cut)):
        for place in np.ndindex(values.shape):
            kept = values[place]
            values[place] = kept + _STEP
            above = _likelihood_by_hand(panel, theta, beta, cuts)
            values[place] = kept - _STEP
            under = _likelihood_by_hand(panel, theta, beta, cuts)
            values[place] = kept
            assert slope[place] == pytest.approx((above - under) / (2 * _STEP), abs=1e-4)


def test_curvatures_are_the_derivatives_of_the_slopes(small):
    """Moving all cutpoints by a little changes the slopes by the curvatures."""
    panel, theta, beta, cuts = small
    found = terms(panel, theta, beta, cuts)
    above, under = terms(panel, theta, beta, cuts + _STEP), terms(panel, theta, beta, cuts - _STEP)

    for slope, curve in (
        ("outer_slope", found.outer_curve),
        ("low_slope", found.low_curve + found.cross_curve),
        ("high_slope", found.high_curve + found.cross_curve),
    ):
        numeric = (getattr(above, slope) - getattr(under, slope)) / (2 * _STEP)
        np.testing.assert_allclose(curve, numeric, atol=1e-4)


def test_far_votes_stay_finite(small):
    """A vote thirty standard deviations from where it should be has a large slope, not an infinite one."""
    panel, theta, beta, cuts = small
    found = terms(panel, theta * 30, beta, cuts)

    for name in ("outer_slope", "outer_curve", "low_slope", "high_slope"):
        assert np.isfinite(getattr(found, name)).all()


def _plain_covariance(panel, theta, beta, cuts):
    """Invert the whole information matrix of points, discriminations and cutpoints at once."""
    found = terms(panel, theta, beta, cuts)
    points, items = panel.points.height, len(panel.items)
    size = points + 3 * items
    matrix = np.zeros((size, size))

    def add(point, item, which, curve):
        design = np.zeros((len(which), size))
        for row, cut in enumerate(which):
            held = 0 if panel.single[item] else cut
            design[row, point] = -beta[item]
            design[row, points + 3 * item] = -theta[point]
            design[row, points + 3 * item + 1 + held] = 1.0
        nonlocal matrix
        matrix += design.T @ np.atleast_2d(curve) @ design

    for place, (point, item) in enumerate(zip(panel.outer_point, panel.outer_item, strict=True)):
        add(point, item, [panel.outer_cut[place] - 2 * item], -found.outer_curve[place])
    for place, (point, item) in enumerate(zip(panel.inner_point, panel.inner_item, strict=True)):
        curve = -np.array(
            [
                [found.low_curve[place], found.cross_curve[place]],
                [found.cross_curve[place], found.high_curve[place]],
            ]
        )
        add(point, item, [0, 1], curve)
    for item in range(items):
        row = points + 3 * item
        matrix[row, row] += 1.0
        matrix[row + 1, row + 1] += 0.02 if panel.single[item] else 0.01
        matrix[row + 2, row + 2] += 1.0 if panel.single[item] else 0.01
    for point in np.flatnonzero(panel.lag > 0):
        step = np.zeros(size)
        step[point], step[point - 1] = 1.0, -1.0
        matrix += panel.lag[point] * np.outer(step, step)
    covariance = np.linalg.inv(matrix)
    fixed = np.zeros((2, size))
    fixed[0, :points], fixed[1, :points] = 1.0, theta
    gain = covariance @ fixed.T @ np.linalg.inv(fixed @ covariance @ fixed.T)
    return (covariance - gain @ fixed @ covariance)[:points, :points]


def test_session_by_session_errors_are_those_of_the_whole_inverse(drawn):
    """Eliminating session by session with bridges as a border gives the same variances as inverting everything."""
    panel = _panel(drawn, actors=6, sessions=4, resolutions=8, bridged=3)
    rng = np.random.default_rng(5)
    theta, beta = rng.normal(0, 1, panel.points.height), rng.normal(0, 1, len(panel.items))
    low = rng.normal(0, 0.5, len(panel.items))
    cuts = np.stack([low, low + np.where(panel.single, 0.0, 0.7)], axis=1)
    whole = _plain_covariance(panel, theta, beta, cuts)

    found = uncertainty(panel, theta, beta, cuts)

    past = panel.lag + panel.lead
    future = panel.lag + np.r_[panel.lag[1:], 0.0]
    votes = point_sums(
        panel,
        -terms(panel, theta, beta, cuts).outer_curve * beta[panel.outer_item] ** 2,
        -(
            terms(panel, theta, beta, cuts).low_curve
            + terms(panel, theta, beta, cuts).high_curve
            + 2 * terms(panel, theta, beta, cuts).cross_curve
        )
        * beta[panel.inner_item] ** 2,
    )
    forward = np.maximum(1 / (votes + past) - 1 / (votes + future), 0)
    np.testing.assert_allclose(found.theta**2, np.diag(whole) + forward, rtol=1e-6)
    for session in range(4):
        rows = np.flatnonzero(panel.session == session)
        mean = whole[np.ix_(rows, rows)].mean()
        assert found.drift[session] ** 2 == pytest.approx(mean, rel=1e-6)
