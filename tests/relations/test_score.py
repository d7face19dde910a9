"""The score is bounded, adds up, moves the right way with each piece of evidence, and knows what it does not know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.relations.levels import Level
from legation.relations.score import (
    ALIGNMENT_WEIGHTS,
    TENSION_WEIGHTS,
    PairEvidence,
    centre_agreement,
    classify,
    recency,
    score_pairs,
)

UNIT = st.floats(0, 1)
HELD = ("community", "neighbours", "enmity", "claims", "grievances", "posturing", "sanctions", "messages")


@st.composite
def evidence(draw: st.DrawFn) -> PairEvidence:
    """Draw the evidence on one pair."""
    votes = draw(st.floats(-1, 1) | st.just(float("nan")))
    units = {name: np.array([draw(UNIT)]) for name in ("organisations", "side_by_side", "fought", "opposed", "contact")}
    held = {name: np.array([draw(UNIT)]) for name in draw(st.sets(st.sampled_from(HELD)))}
    agendas = draw(st.none() | UNIT | st.just(float("nan")))
    return PairEvidence(
        **held,
        agendas=None if agendas is None else np.array([agendas]),
        votes=np.array([votes]),
        votes_se=np.array([draw(st.floats(0, 0.5))]),
        votes_carried=np.array([float(draw(st.integers(0, 5)))]),
        treaty=np.array([draw(st.integers(0, 2))], dtype=np.int8),
        ally_fights=np.array([draw(UNIT)]),
        violence=np.array([draw(UNIT)]),
        conflict_carried=np.array([float(draw(st.integers(0, 20)))]),
        **units,
    )


@given(evidence())
def test_figures_keep_their_bounds_and_intervals(given_evidence: PairEvidence) -> None:
    """Alignment lies in [-1, 1], tension in [0, 1], each inside its interval; probabilities sum to 1."""
    score = score_pairs(given_evidence)

    if np.isnan(score.alignment[0]):
        assert score.level[0] == -1
        assert np.isnan(score.tension[0])
        return
    assert -1 <= score.alignment_low[0] <= score.alignment[0] <= score.alignment_high[0] <= 1
    assert 0 <= score.tension_low[0] <= score.tension[0] <= score.tension_high[0] <= 1
    assert score.probabilities[0].sum() == pytest.approx(1)
    assert (score.probabilities[0] >= 0).all()
    assert score.level[0] == np.argmax(score.probabilities[0])


@given(evidence(), st.sampled_from(["claims", "grievances", "posturing", "sanctions", "messages", "enmity"]), UNIT)
def test_more_quarrels_never_bring_peace(given_evidence: PairEvidence, name: str, more: float) -> None:
    """Raising a standing quarrel never lowers tension, and never raises alignment or the level's score."""
    raised = replace(given_evidence, **{name: np.maximum(given_evidence.more(name), more)})
    before, after = score_pairs(given_evidence), score_pairs(raised)

    if not np.isnan(before.alignment[0]):
        assert after.tension[0] >= before.tension[0] - 1e-12
        assert after.alignment[0] <= before.alignment[0] + 1e-12
        assert after.level_score[0] <= before.level_score[0] + 1e-12


@given(evidence(), UNIT)
def test_a_deeper_community_never_lowers_the_level(given_evidence: PairEvidence, more: float) -> None:
    """A deeper community raises the level's score and leaves alignment and tension as they are."""
    deeper = replace(given_evidence, community=np.maximum(given_evidence.more("community"), more))
    before, after = score_pairs(given_evidence), score_pairs(deeper)

    if not np.isnan(before.alignment[0]):
        assert after.level_score[0] >= before.level_score[0] - 1e-12
        assert (after.alignment[0], after.tension[0]) == (before.alignment[0], before.tension[0])


def test_ideal_points_stand_in_for_votes_apart() -> None:
    """Where agendas are known they are the driver, and votes apart are none; where not, votes are."""
    apart = score_pairs(nothing(votes=-0.5, agendas=float("nan")))
    known = score_pairs(nothing(votes=-0.5, agendas=0.4))

    assert (apart.tension_parts["votes_apart"][0], apart.tension_parts["divergent_agendas"][0]) == (0.15, 0)
    assert (known.tension_parts["votes_apart"][0], known.tension_parts["divergent_agendas"][0]) == (0, 0.12)
    assert known.beyond_votes[0] == pytest.approx(0)


def test_tension_beyond_one_is_scaled() -> None:
    """Everything at once adds up to 1, each driver by its share."""
    score = score_pairs(
        nothing(
            votes=-1.0,
            agendas=float("nan"),
            **dict.fromkeys(
                ("fought", "opposed", "ally_fights", "violence", "grievances", "posturing", "sanctions", "messages"),
                1.0,
            ),
        )
    )

    assert score.tension[0] == pytest.approx(1)
    assert score.tension_parts["interstate_conflict"][0] == pytest.approx(0.4 / 1.55)


@given(evidence())
def test_parts_add_up(given_evidence: PairEvidence) -> None:
    """The named parts sum to the figure they explain."""
    score = score_pairs(given_evidence)

    if not np.isnan(score.alignment[0]):
        assert sum(part[0] for part in score.alignment_parts.values()) == pytest.approx(score.alignment[0], abs=1e-9)
        assert sum(part[0] for part in score.tension_parts.values()) == pytest.approx(score.tension[0], abs=1e-9)
        assert sum(part[0] for part in score.level_parts.values()) == pytest.approx(score.level_score[0], abs=1e-9)


@given(evidence(), st.sampled_from(["fought", "opposed", "ally_fights", "violence"]), UNIT)
def test_more_hostility_never_lowers_tension(given_evidence: PairEvidence, name: str, more: float) -> None:
    """Raising a sign of hostility never lowers tension and never raises alignment."""
    raised = replace(given_evidence, **{name: np.maximum(getattr(given_evidence, name), more)})
    before, after = score_pairs(given_evidence), score_pairs(raised)

    if not np.isnan(before.alignment[0]):
        assert after.tension[0] >= before.tension[0] - 1e-12
        assert after.alignment[0] <= before.alignment[0] + 1e-12


@given(evidence(), st.sampled_from(["organisations", "side_by_side"]), UNIT)
def test_more_ties_never_lower_alignment(given_evidence: PairEvidence, name: str, more: float) -> None:
    """Raising a sign of friendship never lowers alignment and leaves tension as it is."""
    raised = replace(given_evidence, **{name: np.maximum(getattr(given_evidence, name), more)})
    before, after = score_pairs(given_evidence), score_pairs(raised)

    if not np.isnan(before.alignment[0]):
        assert after.alignment[0] >= before.alignment[0] - 1e-12
        assert after.tension[0] == before.tension[0]


@given(evidence())
def test_carrying_widens_and_never_moves(given_evidence: PairEvidence) -> None:
    """Years without data change no value and never narrow an interval."""
    later = replace(
        given_evidence,
        conflict_carried=given_evidence.conflict_carried + 3,
        votes_carried=given_evidence.votes_carried + 2,
    )
    before, after = score_pairs(given_evidence), score_pairs(later)

    if not np.isnan(before.alignment[0]):
        assert after.alignment[0] == before.alignment[0]
        assert after.alignment_low[0] <= before.alignment_low[0]
        assert after.tension_high[0] >= before.tension_high[0]


@given(st.floats(0.05, 0.95), st.floats(0, 1))
def test_centred_agreement_is_bounded(expected: float, agreement: float) -> None:
    """Usual agreement is 0, full agreement 1, full opposition -1, and order is kept."""
    low, usual, value, high = centre_agreement(np.array([0, expected, agreement, 1.0]), expected=np.full(4, expected))

    assert (low, usual, high) == (-1, 0, 1)
    assert -1 <= value <= 1
    assert (value > 0) == (agreement > expected)


def test_missing_agreement_stays_missing() -> None:
    """No votes are not votes as usual."""
    assert np.isnan(centre_agreement(np.array([float("nan")]), expected=np.array([0.8]))[0])


def nothing(**known: float) -> PairEvidence:
    """Return evidence on a pair of which nothing is known but what is given."""
    zeros = {name: np.zeros(1) for name in PairEvidence.__dataclass_fields__}
    fields = {**zeros, "votes": np.array([np.nan]), "treaty": np.zeros(1, dtype=np.int8), "contact": np.ones(1)}
    return PairEvidence(**{**fields, **{name: np.array([value]) for name, value in known.items()}})


def test_no_evidence_gives_no_figure() -> None:
    """A pair without votes, treaties, organisations and conflict has no alignment, tension or level."""
    score = score_pairs(nothing())

    assert np.isnan(score.alignment[0])
    assert np.isnan(score.tension[0])
    assert np.isnan(score.probabilities[0]).all()


def test_by_hand() -> None:
    """Votes .5 at half weight, a pact, organisations .4; a war brings alignment to -1 and tension to .4."""
    friends = score_pairs(nothing(votes=0.5, treaty=2, organisations=0.4))
    war = score_pairs(nothing(votes=0.5, treaty=2, organisations=0.4, fought=1.0))

    assert friends.alignment[0] == pytest.approx((0.2 * 0.5 + 0.35 + 0.15 * 0.4) / 0.8)
    assert friends.tension[0] == 0
    assert war.alignment[0] == -1
    assert war.tension[0] == pytest.approx(0.4)
    assert war.level[0] == Level.SEVERE_RIVALRY.code


def test_weights_sum_to_one_and_recency_halves() -> None:
    """Each set of weights sums to 1, and eight years halve a past conflict."""
    assert sum(ALIGNMENT_WEIGHTS.values()) == pytest.approx(1)
    assert sum(TENSION_WEIGHTS.values()) == pytest.approx(1)
    assert recency(np.array([0.0, 8.0, 16.0])).tolist() == [1, 0.5, 0.25]


@pytest.mark.parametrize(
    ("alignment", "tension", "treaty", "expected"),
    [
        (0.8, 0.0, 2, "ally"),
        (-0.9, 0.5, 2, "rival"),
        (-0.9, 0.5, 0, "adversary"),
        (-0.25, 0.21, 0, "adversary"),
        (0.1, 0.13, 0, "rival"),
        (-0.31, 0.0, 1, "rival"),
        (0.1, 0.0, 1, "partner"),
        (0.35, 0.0, 0, "partner"),
        (0.1, 0.05, 0, "neutral"),
        (float("nan"), float("nan"), 0, None),
    ],
)
def test_classes_follow_their_definition(alignment: float, tension: float, treaty: int, expected: str | None) -> None:
    """Each class has the limits that its documentation gives."""
    found = classify(alignment=alignment, tension=tension, treaty=treaty, level=Level.WARM_PEACE, beyond_votes=tension)

    assert expected == found


@pytest.mark.parametrize("quarrel", ["grievances", "posturing", "sanctions", "messages"])
def test_a_quarrel_alone_is_evidence(quarrel: str) -> None:
    """A pair of which only a rivalry, dispute, sanction or message is known has tension, and alignment around 0."""
    score = score_pairs(nothing(**{quarrel: 0.8}))

    assert score.tension[0] > 0
    assert score.alignment[0] == 0
    assert score.alignment_low[0] < -0.3 < 0.3 < score.alignment_high[0]
    assert np.isnan(score_pairs(nothing()).alignment[0])


def test_votes_count_half_in_the_level() -> None:
    """A part of tension from votes moves the level half as far as the same part from a quarrel, and makes no foe."""
    votes = score_pairs(nothing(votes=0.0, agendas=1.0))
    quarrel = score_pairs(nothing(votes=0.0, agendas=0.0, fought=0.75))
    foe = classify(alignment=-0.25, tension=0.3, treaty=0, level=Level.NEGATIVE_PEACE, beyond_votes=0.0)

    assert votes.tension[0] == pytest.approx(quarrel.tension[0])
    assert 2 * votes.level_parts["tension"][0] == pytest.approx(quarrel.level_parts["tension"][0])
    assert foe == "neutral"


def test_votes_alone_make_no_rival() -> None:
    """Tension that comes from votes alone, as between Mexico and the United States, is no rivalry."""
    apart = classify(alignment=-0.1, tension=0.16, treaty=0, level=Level.NEGATIVE_PEACE, beyond_votes=0.0)
    fought = classify(alignment=-0.1, tension=0.16, treaty=0, level=Level.NEGATIVE_PEACE, beyond_votes=0.06)
    level = classify(alignment=0.0, tension=0.0, treaty=0, level=Level.LESSER_RIVALRY, beyond_votes=0.0)

    assert (apart, fought, level) == ("neutral", "rival", "rival")
