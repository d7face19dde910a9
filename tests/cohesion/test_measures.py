"""The parts of cohesion as functions on arrays."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from legation.cohesion import measures

VALUES = st.integers(-8, 8).map(lambda n: n / 4)


@st.composite
def portfolios(draw, least=0, most=6):
    """Draw contributions in quarters (exact in binary) and weights that sum to 1."""
    m, k = draw(st.integers(least, most)), draw(st.integers(1, 4))
    E = draw(arrays(float, (m, k), elements=VALUES))
    w = draw(arrays(float, k, elements=st.integers(1, 8).map(float)))
    return E, w / w.sum()


@given(portfolios())
def test_coverage_equals_the_sums_written_out(case):
    """Gross and net coverage and the weakest objective equal loops over missions and objectives."""
    E, w = case
    a = [sum(max(0.0, row[k]) for row in E) for k in range(len(w))]
    n = [sum(row[k] for row in E) for k in range(len(w))]

    assert math.isclose(
        measures.coverage_gross(E, w), sum(x * min(1, y) for x, y in zip(w, a, strict=True)), abs_tol=1e-12
    )
    assert math.isclose(
        measures.coverage_net(E, w), sum(x * min(1, max(0, y)) for x, y in zip(w, n, strict=True)), abs_tol=1e-12
    )
    assert math.isclose(measures.weakest(E), min(min(1, max(0, y)) for y in n), abs_tol=1e-12)


@given(portfolios())
def test_every_part_lies_between_0_and_1(case):
    """No part leaves [0, 1]; a part that does not exist is nan."""
    E, w = case
    cost = np.ones(len(E))
    values = [
        measures.coverage_gross(E, w),
        measures.coverage_net(E, w),
        measures.weakest(E),
        measures.congruence(E, w, cost),
        measures.waste(E, w),
        measures.redundancy(E, w),
        measures.conflict(E, w),
        measures.gap_weight(E, w),
    ]

    assert all(math.isnan(value) or -1e-12 <= value <= 1 + 1e-12 for value in values)


@given(portfolios(least=1))
def test_gross_coverage_is_monotone_and_submodular(case):
    """A mission never lowers gross coverage, and adds no more to a larger set than to a smaller one."""
    E, w = case

    def f(members):
        return measures.coverage_gross(E[list(members)], w)

    everyone = range(len(E))
    for size in range(len(E)):
        for small in itertools.combinations(everyone, size):
            for extra in set(everyone) - set(small):
                gain = f([*small, extra]) - f(small)
                assert gain >= -1e-12
                for more in set(everyone) - {*small, extra}:
                    assert f([*small, more, extra]) - f([*small, more]) <= gain + 1e-12


@given(portfolios(least=1))
def test_a_strictly_harmful_mission_never_raises_net_coverage(case):
    """Net coverage falls, or stays where it is already at 0 or above the target, when harm is added."""
    E, w = case
    harmful = np.vstack([E, -0.25 * np.ones(E.shape[1])])
    before, after = measures.net(E), measures.net(harmful)

    assert measures.coverage_net(harmful, w) <= measures.coverage_net(E, w) + 1e-12
    if ((before > 0) & (after < 1) & (before <= 1)).any():
        assert measures.coverage_net(harmful, w) < measures.coverage_net(E, w)


@given(portfolios())
def test_conflict_is_mirrored_with_the_signs(case):
    """With all signs turned, conflict becomes its complement."""
    E, w = case
    value, mirrored = measures.conflict(E, w), measures.conflict(-E, w)

    assert (math.isnan(value) and math.isnan(mirrored)) or math.isclose(value + mirrored, 1.0)


@given(portfolios(least=1), st.randoms())
def test_order_of_missions_and_objectives_does_not_matter(case, random):
    """Every part is the same after missions and objectives are shuffled."""
    E, w = case
    rows, columns = list(range(len(E))), list(range(len(w)))
    random.shuffle(rows)
    random.shuffle(columns)
    cost = np.arange(1.0, len(E) + 1)
    pairs = [
        (function(E, w), function(E[rows][:, columns], w[columns]))
        for function in (measures.coverage_gross, measures.coverage_net, measures.waste, measures.conflict)
    ]
    pairs.append((measures.congruence(E, w, cost), measures.congruence(E[rows][:, columns], w[columns], cost[rows])))
    pairs.append((measures.redundancy(E, w), measures.redundancy(E[rows][:, columns], w[columns])))

    for left, right in pairs:
        assert np.isclose(left, right, equal_nan=True)


@given(portfolios(), st.integers(2, 50))
def test_money_in_another_unit_does_not_matter(case, factor):
    """Congruence is the same in cents as in euros."""
    E, w = case
    cost = np.arange(1.0, len(E) + 1)
    assert np.isclose(measures.congruence(E, w, cost), measures.congruence(E, w, factor * cost), equal_nan=True)


@given(portfolios())
def test_a_null_mission_changes_nothing(case):
    """A mission without effects and cost leaves every part as it was."""
    E, w = case
    more = np.vstack([E, np.zeros(E.shape[1])])
    cost = np.ones(len(E))
    pairs = [
        (function(E, w), function(more, w))
        for function in (
            measures.coverage_gross,
            measures.coverage_net,
            measures.waste,
            measures.redundancy,
            measures.conflict,
            measures.gap_weight,
        )
    ]
    pairs.append((measures.congruence(E, w, cost), measures.congruence(more, w, np.append(cost, 0.0))))

    for left, right in pairs:
        assert np.isclose(left, right, equal_nan=True)


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_clones_of_a_full_mission_are_all_but_one_redundant(n):
    """With n clones of a mission that meets every target, 1 - 1/n of them is waste and redundant."""
    E, w = np.ones((n, 3)), np.array([0.5, 0.3, 0.2])

    assert math.isclose(measures.waste(E, w), 1 - 1 / n)
    assert math.isclose(measures.redundancy(E, w), 1 - 1 / n)


def test_additive_missions_have_no_duplication():
    """Missions on different objectives, or that together stay below the target, waste nothing."""
    E, w = np.array([[0.5, 0.0], [0.5, 0.0], [0.0, 0.7]]), np.array([0.5, 0.5])
    assert measures.waste(E, w) == 0.0
    assert measures.redundancy(E, w) == 0.0


def test_congruence_is_1_only_where_shares_equal_weights():
    """Spend in proportion to the weights gives 1; any shift of money gives less."""
    E, w = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.75, 0.25])
    assert measures.congruence(E, w, np.array([75.0, 25.0])) == 1.0
    assert math.isclose(measures.congruence(E, w, np.array([74.0, 26.0])), 0.99)


def test_nothing_to_compare_is_nan():
    """0/0 is nan in every ratio, never 0."""
    E, w = np.zeros((2, 1)), np.ones(1)
    assert all(math.isnan(f(E, w)) for f in (measures.waste, measures.redundancy, measures.conflict))
    assert math.isnan(measures.congruence(E, w, np.ones(2)))
    assert math.isnan(measures.congruence(np.ones((2, 1)), w, np.zeros(2)))
    assert all(math.isnan(end) for end in measures.waste_interval(np.zeros(1), np.zeros(1), w))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8), st.integers(1, 5)), min_size=1, max_size=4),
)
def test_the_interval_of_waste_holds_and_is_attained(columns):
    """On a grid of gross contributions that includes the kinks, least and greatest waste equal the interval."""
    low = np.array([c[0] / 4 for c in columns])
    high = low + np.array([c[1] / 4 for c in columns])
    w = np.array([float(c[2]) for c in columns])
    w /= w.sum()
    grid = [np.arange(a, b + 0.125, 0.25) for a, b in zip(low, high, strict=True)]
    values = [measures.waste(np.array(point)[None, :], w) for point in itertools.product(*grid)]
    known = [value for value in values if not math.isnan(value)]
    least, greatest = measures.waste_interval(low, high, w)

    if known:
        assert math.isclose(least, min(known), abs_tol=1e-12)
        assert math.isclose(greatest, max(known), abs_tol=1e-12)


@given(portfolios(least=1))
def test_leave_one_out_equals_taking_each_away(case):
    """What a mission adds is net coverage with it less net coverage without it."""
    E, w = case
    whole = measures.coverage_net(E, w)
    expected = [whole - measures.coverage_net(np.delete(E, m, axis=0), w) for m in range(len(E))]
    assert np.allclose(measures.leave_one_out(E, w), expected)


def test_random_portfolios_stay_below_the_best_one():
    """Of all portfolios of a size, none scores above the exhaustive best, and random ones lie below it on average."""
    rng = np.random.default_rng(4)
    E, w = rng.normal(0.2, 0.5, (12, 4)), np.full(4, 0.25)
    scores = {s: measures.coverage_net(E[list(s)], w) for s in itertools.combinations(range(12), 4)}
    best = max(scores.values())
    drawn = [measures.coverage_net(E[rng.choice(12, 4, replace=False)], w) for _ in range(200)]
    greedy: list[int] = []
    for _ in range(4):
        rest = [m for m in range(12) if m not in greedy]
        greedy.append(max(rest, key=lambda m: measures.coverage_net(E[[*greedy, m]], w)))

    assert max(drawn) <= best
    assert np.mean(drawn) < measures.coverage_net(E[greedy], w) <= best
