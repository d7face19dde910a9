"""Options: how effects, acceptance, weights and fading become arrays."""

from __future__ import annotations

import itertools
import math
from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.cohesion.options import acceptance, leaf_weights, options_of, phi
from legation.desk.aims import Indicator, Objective
from legation.desk.constraints import Willingness
from legation.desk.missions import Mode
from legation.errors import InputError

JUDGED = date(2026, 11, 1)
CHANCES = st.lists(st.integers(0, 4).map(lambda n: n / 4), min_size=1, max_size=4)


def desk_with(build, chances, **fields):
    """Make a desk with one mission whose partners accept with the given probabilities."""
    partners = tuple(f"P{n}" for n in range(len(chances)))
    desk = build.desk({"m1": {"k1": 1.0}}, fields={"m1": {"partners": partners, **fields}})
    rows = tuple(build.willing(name, 0.0, chance, 1.0) for name, chance in zip(partners, chances, strict=True))
    return msgspec.structs.replace(desk, willingness=rows)


@given(CHANCES, st.data())
def test_the_quorum_is_counted_over_every_outcome(build, chances, data):
    """The chance that enough partners accept equals the sum over all combinations of yes and no."""
    quorum = data.draw(st.integers(1, len(chances)))
    desk = desk_with(build, chances, quorum=quorum)
    expected = sum(
        math.prod(p if yes else 1 - p for p, yes in zip(chances, answers, strict=True))
        for answers in itertools.product((False, True), repeat=len(chances))
        if sum(answers) >= quorum
    )

    low, likely, high = acceptance(desk, desk.missions[0])
    assert (low, high) == (0.0, 1.0)
    assert math.isclose(likely, expected, abs_tol=1e-12)


def test_all_partners_must_accept_without_a_quorum(build):
    """Two partners at .5 each give .25."""
    desk = desk_with(build, [0.5, 0.5])
    assert acceptance(desk, desk.missions[0])[1] == 0.25


@pytest.mark.parametrize("status", ["committed", "executing"])
def test_what_is_agreed_goes_ahead(build, status):
    """A committed mission is no longer a question of willingness."""
    desk = desk_with(build, [0.0], status=status)
    assert acceptance(desk, desk.missions[0]) == (1.0, 1.0, 1.0)


def test_the_nearest_row_of_willingness_counts(build):
    """A row for the mission beats one for its instrument, that beats the branch above, and that beats the partner."""
    desk = build.desk({"m1": {"k1": 1.0}})
    own = build.willing("LVA", 0.1, 0.1, 0.1)
    rows = [
        own,
        Willingness(**{**msgspec.structs.asdict(own), "instrument": "talks", "likely": 0.2}),
        Willingness(**{**msgspec.structs.asdict(own), "instrument": "visit", "likely": 0.3}),
        Willingness(**{**msgspec.structs.asdict(own), "mission": "m1", "likely": 0.4}),
    ]
    found = [
        acceptance(msgspec.structs.replace(desk, willingness=tuple(rows[:count])), desk.missions[0])[1]
        for count in range(5)
    ]
    assert found == [1.0, 0.1, 0.2, 0.3, 0.4]


def test_a_harm_is_worst_when_the_mission_surely_happens(build):
    """An effect from -2 to 1 with acceptance .5 to 1 runs from -2 (surely) to 1 (surely)."""
    desk = build.desk(
        {"m1": {"k1": (-2.0, -1.0, 1.0)}}, objectives=("k1",), willingness=(build.willing("LVA", 0.5, 0.5, 1.0),)
    )
    assert options_of(desk).effect_value[:, 0].tolist() == [-2.0, -0.5, 1.0]


def test_an_indicator_converts_its_change_to_points(build):
    """A change of -10 to -30 incidents at -.1 points each is 1 to 3 points."""
    indicator = Indicator(
        id="incidents",
        objective="k1",
        title="Incidents",
        unit="per year",
        baseline=40,
        baseline_date=JUDGED,
        target=10,
        target_date=JUDGED,
        source="log",
        points_per_unit=-0.1,
    )
    effect = build.effect((-30.0, -20.0, -10.0), mission="m1", objective="k1", indicator="incidents")
    desk = build.desk({"m1": {}}, objectives=("k1",), indicators=(indicator,), effects=(effect,))
    assert np.allclose(options_of(desk).effect_value[:, 0], [1.0, 2.0, 3.0])


def test_modes_share_the_effects_of_their_mission(build):
    """An effect without a mode counts for each mode, one with a mode for that mode alone."""
    desk = build.desk(
        {"m1": {"k1": 1.0}},
        objectives=("k1",),
        effects=(build.effect(0.5, mission="m1", mode="large", objective="k1"),),
    )
    desk = msgspec.structs.replace(desk, modes=(*desk.modes, Mode(mission="m1", id="large", months=3)))
    options = options_of(desk)
    rows = options.contributions(np.array([options.index["m1", "large"], options.index["m1", "std"]]))
    assert rows[:, 0].tolist() == [1.5, 1.0]


def test_fading_counts_what_is_left_on_average(build):
    """With a half-life of 2 months over 12 months, (1 - q^12) / (12 (1 - q)) with q = .5^(1/2) is left."""
    desk = build.desk(
        {"m1": {}},
        objectives=("k1",),
        mode_months=3,
        effects=(build.effect(1.0, mission="m1", objective="k1", fade_months=2.0),),
    )
    rows = options_of(desk).contributions(np.zeros(1, np.int64))
    by_hand = np.mean([0.5 ** (month / 2.0) for month in range(12)])
    assert np.allclose(rows[:, 0], by_hand)


def test_objectives_in_a_loop_carry_no_weight(build):
    """Objectives that lie below each other hang below no goal: nothing is left to weigh, and that is refused."""
    aims = (
        Objective(id="a", title="A", kind="military", parent="b"),
        Objective(id="b", title="B", kind="military", parent="a"),
    )
    with pytest.raises(InputError, match="positive weight"):
        leaf_weights(build.desk({}, aims=aims))


@given(st.floats(-3, 3))
def test_the_value_of_an_objective_is_concave(n):
    """Slope 1 to the target, .2 to one and a half times it, 0 beyond; harm counts in full."""
    value = float(phi(np.array([n]), breakpoints=((1.0, 1.0), (1.5, 0.2)))[0])
    assert math.isclose(value, n if n <= 1 else min(1 + 0.2 * (n - 1), 1.1), abs_tol=1e-12)
