"""Tension and alignment are the sums of their drivers, and name what is not held."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import InputError
from legation.relations.level.drivers import (
    ALIGNMENT_WEIGHTS,
    TENSION_WEIGHTS,
    DyadEvidence,
    alignment_parts,
    directed_threat,
    drivers_of,
    fade,
    tension_parts,
)

TENSION_ITEMS = [name for group in TENSION_WEIGHTS.values() for name in group if name != "votes_apart"]
UNIT = st.one_of(st.floats(0, 1), st.just(float("nan")))


@given(st.dictionaries(st.sampled_from(TENSION_ITEMS), st.lists(UNIT, min_size=4, max_size=4), min_size=1))
def test_tension_adds_up_whatever_is_held(items):
    """Drivers and items sum to tension, tension is in [0, 1] and in its interval, whatever is missing."""
    found = tension_parts(DyadEvidence(**{name: np.array(values) for name, values in items.items()}))

    known = ~np.isnan(found.value)
    for parts in (found.parts, found.items):
        assert np.allclose(np.sum(list(parts.values()), axis=0)[known], found.value[known], atol=1e-14, rtol=0)
    assert ((found.value[known] >= 0) & (found.value[known] < 1)).all()
    assert ((found.low <= found.value) & (found.value <= found.high))[known].all()
    assert set(found.not_held) == {"votes_apart", *TENSION_ITEMS} - set(items)
    assert (np.isnan(found.value) == np.all([np.isnan(values) for values in items.values()], axis=0)).all()


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2), st.floats(0, 1))
def test_more_grievance_is_more_tension(pair, other):
    """Tension grows with each item, and an item's share grows with its value."""
    low, high = sorted(pair)
    evidence = DyadEvidence(rivalry=np.array([low, high]), sanctions=np.array([other, other]))

    found = tension_parts(evidence)

    assert found.value[0] <= found.value[1] + 1e-15
    assert found.items["rivalry"][0] <= found.items["rivalry"][1] + 1e-15


def test_tension_by_hand():
    """Two items of weights .30 and .20 at full value: 1 - .7 x .8, shared by the logarithms."""
    found = tension_parts(DyadEvidence(rivalry=np.array([1.0]), sanctions=np.array([1.0])))
    share = np.log(0.7) / (np.log(0.7) + np.log(0.8))

    assert found.value[0] == pytest.approx(0.44)
    assert found.parts["grievances_and_claims"][0] == pytest.approx(0.44 * share)
    assert found.parts["sanctions"][0] == pytest.approx(0.44 * (1 - share))


def test_what_is_not_known_widens_the_interval_and_is_not_zero():
    """An item that is not held, or not known of the dyad, is named and makes the interval wider."""
    full = {name: np.array([0.0, 0.5]) for name in TENSION_ITEMS} | {"votes": np.array([0.0, -0.5])}
    fewer = {name: values for name, values in full.items() if name not in {"rivalry", "votes"}}
    gap = full | {"rivalry": np.array([np.nan, 0.5])}

    whole, without, patchy = (tension_parts(DyadEvidence(**each)) for each in (full, fewer, gap))

    assert without.not_held == ("votes_apart", "rivalry")
    assert (without.high - without.value)[0] > (whole.high - whole.value)[0]
    assert patchy.unknown["rivalry"].tolist() == [True, False]
    assert (patchy.high - patchy.value)[0] > (whole.high - whole.value)[0]


def test_carried_figures_widen_the_interval():
    """The same figure, ten years old, gives the same tension and a wider interval."""
    fresh = tension_parts(DyadEvidence(rivalry=np.array([0.5])))
    old = tension_parts(DyadEvidence(rivalry=np.array([0.5]), carried={"rivalry": np.array([10.0])}))

    assert fresh.value == old.value
    assert old.high[0] > fresh.high[0]


@given(st.dictionaries(st.sampled_from(sorted(ALIGNMENT_WEIGHTS)), UNIT, min_size=1))
def test_alignment_is_a_mean_of_what_is_known(items):
    """Parts sum to alignment, which lies between the least and the greatest value that is known."""
    found = alignment_parts(DyadEvidence(**{name: np.array([value]) for name, value in items.items()}))
    known = [value for value in items.values() if not np.isnan(value)]

    if not known:
        assert np.isnan(found.value[0])
    else:
        assert found.value[0] == pytest.approx(sum(part[0] for part in found.parts.values()), abs=1e-14)
        assert min(known) - 1e-12 <= found.value[0] <= max(known) + 1e-12


def test_each_driver_carries_source_year_and_age():
    """Drivers come largest first, add up, and say where and when from."""
    evidence = DyadEvidence(
        rivalry=np.array([1.0]),
        sanctions=np.array([0.5]),
        disputes=np.array([0.0]),
        years={"rivalry": np.array([2010.0])},
        carried={"rivalry": np.array([3.0])},
        sources={"rivalry": "Thompson and others 2021"},
    )
    parts = tension_parts(evidence)

    first, second = drivers_of(parts, evidence, row=0)

    assert (first.name, first.year, first.carried) == ("grievances_and_claims.rivalry", 2010, True)
    assert first.source == "Thompson and others 2021"
    assert (second.name, second.year, second.carried) == ("sanctions.sanctions", None, False)
    assert first.value + second.value == pytest.approx(parts.value[0], abs=1e-15)
    assert first.share + second.share == pytest.approx(1)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ({}, "No item"),
        ({"rivalry": np.array([1.5])}, "no value of rivalry"),
        ({"votes": np.array([-1.1])}, "no value of votes"),
        ({"war": np.array([np.inf])}, "no value of war"),
        ({"rivalry": np.array([1.0]), "war": np.array([1.0, 0.0])}, "different lengths"),
        ({"rivalry": np.array([1.0]), "sources": {"war": "x"}}, "no figure"),
    ],
)
def test_evidence_out_of_range_is_refused(items, words):
    """A value out of its range, lengths that differ, a source without a figure."""
    with pytest.raises(InputError, match=words):
        DyadEvidence(**items)


def test_threat_goes_with_strength_and_nearness():
    """The stronger threatens more; a border counts as no distance; unknown strength gives no threat."""
    a_to_b, b_to_a = directed_threat(
        np.array([0.8, 0.8, 0.8, 0.8]),
        strength_a=np.array([3.0, 3.0, np.nan, 0.0]),
        strength_b=np.array([1.0, 1.0, 1.0, 0.0]),
        distance_km=np.array([5000.0, 5000.0, 10.0, 10.0]),
        contiguous=np.array([True, False, True, True]),
    )

    assert a_to_b[0] == pytest.approx(0.6)
    assert b_to_a[0] == pytest.approx(0.2)
    assert a_to_b[1] == pytest.approx(0.6 * np.exp(-1))
    assert np.isnan([a_to_b[2], b_to_a[2], a_to_b[3]]).all()


def test_fading_halves():
    """What ended one half-life ago weighs half; the future counts as now."""
    assert fade(np.array([0.0, 8.0, 16.0, -3.0]), half_life=8.0).tolist() == [1.0, 0.5, 0.25, 1.0]
