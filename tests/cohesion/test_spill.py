"""Spill-over: its algebra, and its figures on a desk."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from legation.cohesion import assess, spill_over
from legation.cohesion.spill import spill_matrix
from legation.desk.context import Activity
from legation.desk.desk import Settings
from legation.errors import InputError


@st.composite
def networks(draw):
    """Draw signed relations with rows divided by their sums, shifts and alpha."""
    size = draw(st.integers(1, 5))
    raw = draw(arrays(float, (size, size), elements=st.floats(-1, 1)))
    np.fill_diagonal(raw, 0.0)
    total = np.abs(raw).sum(axis=1, keepdims=True)
    W = np.divide(raw, total, out=np.zeros_like(raw), where=total > 1e-6)
    s = draw(arrays(float, size, elements=st.floats(-1, 1)))
    return W, s, draw(st.floats(0, 0.9))


@given(networks())
def test_spill_over_solves_its_equation(case):
    """The equation x = s + alpha W x holds for x = s + spill-over."""
    W, s, alpha = case
    x = s + spill_over(W, s, alpha=alpha)
    assert np.allclose(x, s + alpha * W @ x)


@given(networks(), st.floats(-3, 3))
def test_spill_over_is_linear_and_sign_symmetric(case, factor):
    """Twice the shifts give twice the spill-over; opposite shifts the opposite."""
    W, s, alpha = case
    assert np.allclose(spill_over(W, factor * s, alpha=alpha), factor * spill_over(W, s, alpha=alpha))
    assert np.allclose(spill_over(W, -s, alpha=alpha), -spill_over(W, s, alpha=alpha))


@given(networks())
def test_shifts_are_bounded(case):
    """The largest shift is at most the largest direct one over 1 - alpha."""
    W, s, alpha = case
    x = s + spill_over(W, s, alpha=alpha)
    assert np.abs(x).max() <= np.abs(s).max() / (1 - alpha) + 1e-9


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_two_actors_follow_the_closed_form(sign):
    """With W = sign * [[0, 1], [1, 0]] and s = (1, 0), x = (1, sign alpha) / (1 - alpha^2)."""
    alpha, W = 0.4, sign * np.array([[0.0, 1.0], [1.0, 0.0]])
    expected = np.array([1 / (1 - alpha**2) - 1, sign * alpha / (1 - alpha**2)])
    assert np.allclose(spill_over(W, np.array([1.0, 0.0]), alpha=alpha), expected)


@pytest.mark.parametrize("alpha", [-0.1, 1.0, math.nan])
def test_alpha_outside_its_range_is_refused(alpha):
    """Alpha must lie in [0, 1)."""
    with pytest.raises(InputError, match="alpha"):
        spill_matrix(np.zeros((2, 2)), alpha)


def test_rows_that_sum_to_more_than_1_are_refused():
    """Undivided relations would let shifts grow without bound."""
    with pytest.raises(InputError, match="row of W"):
        spill_matrix(np.array([[0.0, 2.0], [1.0, 0.0]]), 0.5)


def desk_of_two(build, **more):
    """Make a desk with one mission that moves the relation with FIN by one to three points."""
    return build.desk(
        {"m1": {"k1": 1.0, "FIN": (1.0, 2.0, 3.0)}},
        settings=Settings(spill_alpha=0.5, spill_alpha_max=0.5, relation_per_point=0.05),
        **more,
    )


def test_a_third_party_moves_with_its_ties_and_the_mission_is_named(build):
    """Two points on FIN are a shift of .1; RUS, its only and hostile tie, moves by -.1 alpha / (1 - alpha^2)."""
    relations = build.relations({("FIN", "RUS"): -0.7}, actors=["FIN", "RUS"])
    report = assess(desk_of_two(build), relations=relations)
    parties = {party.actor.id: party for party in report.spill_over.parties}

    assert math.isclose(parties["FIN"].direct, 0.1)
    assert math.isclose(parties["RUS"].spill, -0.1 * 0.5 / 0.75)
    assert math.isclose(parties["RUS"].effect_low, -0.15 * 0.5 / 0.75)
    assert math.isclose(parties["RUS"].effect_high, -0.05 * 0.5 / 0.75)
    assert [cause.key for cause in parties["RUS"].causes] == ["m1"]
    assert math.isclose(parties["RUS"].spill_high, 0.0, abs_tol=1e-12)
    assert math.isclose(report.part("spill_over").value, 0.1 * 0.5 / 0.75)
    assert "assumption" in report.spill_over.sentence


def test_the_observer_passes_nothing_on(build):
    """The observer's own row is removed: a tie through it moves nobody."""
    relations = build.relations({("FIN", "EST"): 0.9, ("EST", "RUS"): 0.9}, actors=["FIN", "EST", "RUS"])
    report = assess(desk_of_two(build), relations=relations)
    assert all(party.actor.id == "FIN" for party in report.spill_over.parties)


def test_humanitarian_missions_have_no_spill_over(build):
    """Aid follows need: its effect on a relation is not counted."""
    aid = {"instrument": "medical-aid", "purpose": "humanitarian"}
    relations = build.relations({("FIN", "RUS"): -0.7}, actors=["FIN", "RUS"])
    report = assess(desk_of_two(build, fields={"m1": aid}), relations=relations)
    assert report.spill_over.parties == ()


def test_activities_shift_relations_too(build):
    """A rival's exercise that strains the relation with FIN reaches RUS through FIN."""
    drill = Activity(id="drill", title="Drill", kind="exercise", side="rival", actor="RUS", start=date(2027, 3, 1))
    desk = build.desk(
        {"m1": {"k1": 1.0}}, activities=(drill,), effects=(build.effect(-1.0, activity="drill", actor="FIN"),)
    )
    report = assess(desk, relations=build.relations({("FIN", "RUS"): 1.0}, actors=["FIN", "RUS"]))
    moved = {party.actor.id: party for party in report.spill_over.parties}

    assert moved["RUS"].spill < 0
    assert [(cause.kind, cause.key) for cause in moved["RUS"].causes] == [("activity", "drill")]


@pytest.mark.parametrize("known", [True, False])
def test_without_relations_or_effects_it_is_missing_with_its_reason(build, known):
    """No snapshot, or no judged effect on a relation: the part is missing, not 0."""
    desk = build.desk({"m1": {"k1": 1.0}})
    relations = build.relations({("FIN", "RUS"): 1.0}, actors=["FIN", "RUS"]) if known else None
    part = assess(desk, relations=relations).part("spill_over")

    assert part.value is None
    assert ("judged" if known else "snapshot") in part.missing_reason
