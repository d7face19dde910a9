"""The level's score: communities, claims and memory do what they say, contact has its grounds, days have limits."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import pytest

from legation.actors import states
from legation.errors import InputError
from legation.evidence import open_world
from legation.relations import landscape, relation
from legation.relations.actor_state import actor_state
from legation.relations.community import DEPTH, community, shared_small_groups
from legation.relations.levels import Level

WORLD = open_world()
NOW = date(2026, 11, 1)


def test_drivers_add_up_as_they_are_shown():
    """Rounded parts add up to the rounded figure, for pairs whose parts rounded one by one do not."""
    for pair in (("IND", "PAK"), ("ISR", "SYR"), ("ETH", "ERI"), ("USA", "GBR"), ("ARM", "AZE")):
        for day in (date(2003, 6, 30), date(2022, 12, 31), date(2024, 6, 30)):
            found = relation(*pair, as_of=day, world=WORLD)

            assert found.alignment is not None
            assert found.tension is not None
            assert sum(part.value for part in found.alignment_parts) == pytest.approx(found.alignment.value, abs=1e-9)
            assert sum(part.value for part in found.drivers) == pytest.approx(found.tension.value, abs=1e-9)


def test_level_parts_add_up():
    """The parts of the level sum to its score, from which the probabilities follow."""
    for pair in (("PRT", "USA"), ("RUS", "UKR"), ("GRC", "TUR")):
        found = relation(*pair, as_of=NOW, world=WORLD)

        assert found.level_score is not None
        assert sum(part.value for part in found.level_parts) == pytest.approx(found.level_score, abs=1e-9)
        assert sum(found.level_probabilities.values()) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("DEU", "FRA", {Level.SECURITY_COMMUNITY}),
        ("PRT", "USA", {Level.SECURITY_COMMUNITY, Level.WARM_PEACE}),
        ("JPN", "USA", {Level.SECURITY_COMMUNITY, Level.WARM_PEACE}),
        ("KOR", "PRK", {Level.LESSER_RIVALRY, Level.SEVERE_RIVALRY}),
        ("RUS", "UKR", {Level.SEVERE_RIVALRY}),
        ("PRT", "BRA", {Level.NEGATIVE_PEACE, Level.WARM_PEACE}),
        ("PRT", "MOZ", {Level.NEGATIVE_PEACE, Level.WARM_PEACE}),
        ("FJI", "PRY", {Level.NEGLIGIBLE_CONTACT}),
    ],
)
def test_levels_nobody_doubts(a, b, expected):
    """Allies of long standing, enemies at war and states far apart come out where they belong."""
    assert relation(a, b, as_of=NOW, world=WORLD).level in expected


def test_communities_grow_with_the_years():
    """Half of an institution's depth counts at accession, nearly all after decades, the next deepest before."""
    actors = ("FIN", "SWE", "DEU")
    before, after, later = (
        community(actors, on=day)[0] for day in (date(1994, 12, 31), date(1995, 1, 1), date(2025, 1, 1))
    )

    assert before[2] == pytest.approx(DEPTH["COE"] * (1 - 0.5 * 0.5**0.57), abs=0.01)
    assert after[2] == pytest.approx(0.5, abs=0.01)
    assert later[2] == pytest.approx(DEPTH["EU"], abs=0.07)


def test_communities_are_symmetric_and_bounded():
    """Depth lies in [0, 1], is the same both ways and 0 with oneself."""
    names = [str(one.id) for one in states(NOW)]
    depth = community(names, on=NOW)

    assert np.array_equal(depth, depth.T)
    assert depth.min() == 0
    assert depth.max() <= 1
    assert not depth.diagonal().any()


def test_small_organisations_are_a_sign_of_contact():
    """Portugal and Brazil meet in the Community of Portuguese Language Countries, Fiji and Paraguay nowhere small."""
    small = shared_small_groups(("PRT", "BRA", "FJI", "PRY"), on=NOW)

    assert small[0, 1]
    assert not small[2, 3]


def test_votes_weigh_less_between_allies():
    """Portugal's and the United States' votes carry less of their alignment than the same gap between strangers."""
    found = relation("PRT", "USA", as_of=date(2018, 12, 31), world=WORLD)
    parts = {part.name: part.share for part in found.alignment_parts}

    assert parts["treaty"] > 5 * parts["votes"]


def test_a_claim_is_a_named_driver():
    """Ceuta and Melilla stand under the drivers of Spain and Morocco with the act, and among their ties."""
    found = relation("ESP", "MAR", as_of=date(2024, 6, 30), world=WORLD)
    driver = next(one for one in found.drivers if one.name == "grievances_and_claims")

    assert "Ceuta and Melilla" in driver.text
    assert "1975" in driver.source
    assert any(tie.kind == "claim" and tie.dated == "1975" for tie in found.ties)


def test_drivers_without_a_table_are_named():
    """The baseline holds no disputes, sanctions and messages, and says so."""
    found = relation("IRN", "USA", as_of=date(2024, 6, 30), world=WORLD)

    assert {word.split()[0] for word in found.not_held} >= {"posturing", "sanctions", "rivalries", "hostile"}


def test_embassies_tell_of_contact_near_their_day_only():
    """Embassies of 2022 make contact surer in 2024 than in 2010, and the answer says what they count for."""
    near = relation("ISL", "THA", as_of=date(2024, 6, 30), world=WORLD)
    far = relation("ISL", "THA", as_of=date(2010, 6, 30), world=WORLD)

    assert any("signs of contact only" in note for note in near.notes)
    assert not any("signs of contact only" in note for note in far.notes)


@pytest.mark.parametrize("day", [date(2999, 1, 1), date(1815, 12, 31)])
def test_far_days_are_refused_in_the_library(day):
    """A day that no evidence reaches is an error in every call, with the limits named."""
    for ask in (
        lambda: relation("ESP", "MAR", as_of=day, world=WORLD),
        lambda: landscape("ESP", as_of=day, world=WORLD),
        lambda: actor_state("ESP", as_of=day, world=WORLD),
    ):
        with pytest.raises(InputError, match="There is no evidence for"):
            ask()


class Judged(NamedTuple):
    """A desk's judgement, as a desk might hold it."""

    subject: str
    object: str
    dated: date
    judge: str
    reason: str
    level: str | None = None
    alignment: float | None = None
    tension: float | None = None


def test_later_judgements_are_left_out_and_old_ones_marked():
    """As of mid 2024 a judgement of 2025 is not there, and one of 2022 is marked old; both are said."""
    views = [
        Judged("ESP", "MAR", date(2022, 1, 1), "Desk", "Crisis", tension=0.5),
        Judged("ESP", "MAR", date(2024, 1, 1), "Desk", "Talks", tension=0.3),
        Judged("ESP", "MAR", date(2025, 1, 1), "Desk", "Later", tension=0.1),
    ]
    found = relation("ESP", "MAR", as_of=date(2024, 6, 30), world=WORLD, judgements=views)
    around = landscape("ESP", as_of=date(2024, 6, 30), world=WORLD, others=("MAR",), judgements=views)

    assert [(one.reason, one.old) for one in found.judgements] == [("Crisis", True), ("Talks", False)]
    assert around.relations[0].judgements == found.judgements
    assert sum("dated after" in note or "more than a year old" in note for note in found.notes) == 2
