"""Answers about known pairs are sensible, dated, sourced, symmetric and honest about what is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import NamedTuple

import msgspec
import polars as pl
import pytest

from legation.errors import InputError, UnknownActorError
from legation.evidence import build_world, open_world
from legation.relations import landscape, relation
from legation.relations.actor_state import actor_state
from legation.relations.levels import Level

WORLD = open_world()
IN_2018 = date(2018, 12, 31)
IN_2024 = date(2024, 6, 30)


@pytest.mark.parametrize(
    ("a", "b", "as_of", "expected"),
    [
        ("USA", "GBR", IN_2018, "ally"),
        ("DEU", "FRA", IN_2018, "ally"),
        ("GRC", "TUR", IN_2018, "ally"),
        ("PRK", "USA", IN_2018, "rival"),
        ("IRN", "ISR", IN_2018, "adversary"),
        ("IND", "PAK", IN_2018, "adversary"),
        ("RUS", "UKR", IN_2024, "adversary"),
        ("EST", "RUS", IN_2024, "rival"),
        ("CHN", "IND", IN_2024, "adversary"),
        ("ESP", "MAR", IN_2024, "partner"),
        ("JPN", "KOR", IN_2024, "partner"),
    ],
)
def test_well_known_pairs(a: str, b: str, as_of: date, expected: str) -> None:
    """Pairs whose relation nobody doubts come out in the right class."""
    assert expected == relation(a, b, as_of=as_of, world=WORLD).relation_class


def test_close_allies_stand_higher_than_enemies() -> None:
    """Alignment orders close allies, neighbours at odds and enemies; tension the other way round."""
    pairs = [("DEU", "FRA"), ("ESP", "MAR"), ("EST", "RUS"), ("RUS", "UKR")]
    found = [relation(a, b, as_of=IN_2024, world=WORLD) for a, b in pairs]

    alignment = [one.alignment.value for one in found if one.alignment]
    tension = [one.tension.value for one in found if one.tension]
    assert sorted(alignment, reverse=True) == alignment
    assert sorted(tension) == tension


def test_relations_are_symmetric() -> None:
    """Turning the pair round changes nothing but the directions."""
    one, other = (relation(*pair, as_of=IN_2024, world=WORLD) for pair in (("ESP", "MAR"), ("MAR", "ESP")))

    assert one.alignment == other.alignment
    assert one.tension == other.tension
    assert one.level_probabilities == other.level_probabilities
    assert {tie.text for tie in one.ties} == {tie.text for tie in other.ties}


def test_a_war_is_not_seen_before_it_begins() -> None:
    """The war of February 2022 is not known in January 2022, and counts from its first day."""
    before = relation("RUS", "UKR", as_of=date(2022, 1, 15), world=WORLD)
    after = relation("RUS", "UKR", as_of=date(2022, 2, 24), world=WORLD)

    assert "interstate_conflict" not in {driver.name for driver in before.drivers}
    assert after.drivers[0].name == "interstate_conflict"
    assert after.drivers[0].year == 2022
    assert before.level is Level.LESSER_RIVALRY
    assert after.level is Level.SEVERE_RIVALRY


def test_drivers_add_up_with_dates_and_sources() -> None:
    """The drivers sum to the tension, their shares to one, and each names its year and source."""
    found = relation("RUS", "UKR", as_of=IN_2024, world=WORLD)

    assert found.tension is not None
    assert sum(driver.value for driver in found.drivers) == pytest.approx(found.tension.value, abs=1e-3)
    assert sum(driver.share for driver in found.drivers) == pytest.approx(1, abs=1e-3)
    assert all(driver.year and driver.source for driver in found.drivers)
    assert found.alignment is not None
    assert sum(part.value for part in found.alignment_parts) == pytest.approx(found.alignment.value, abs=1e-3)


def test_dates_after_the_data_are_carried_by_name() -> None:
    """After the last year of a source its figures are carried, marked so, with wider intervals."""
    known = relation("RUS", "USA", as_of=IN_2024, world=WORLD)
    later = relation("RUS", "USA", as_of=date(2026, 11, 1), world=WORLD)

    assert any("carried from" in note for note in later.notes)
    assert any(driver.carried for driver in later.drivers)
    assert not any(driver.carried for driver in known.drivers)
    assert known.alignment is not None
    assert later.alignment is not None
    assert later.alignment.high - later.alignment.low > known.alignment.high - known.alignment.low


def test_dates_before_the_data_give_no_figure() -> None:
    """In 1930 nothing is known of France and Britain: no level, no zero."""
    found = relation("FRA", "GBR", as_of=date(1930, 1, 1), world=WORLD)

    assert found.level is None
    assert found.alignment is None
    assert found.tension is None
    assert found.drivers == ()
    assert found.notes


def test_snapshots_are_shown_as_seen_and_kept_out_of_scores() -> None:
    """Embassies of 2022 are marked seen at other dates, and no tie of a snapshot is in the score."""
    posts = [tie for tie in relation("ESP", "MAR", as_of=IN_2024, world=WORLD).ties if tie.kind == "embassy"]
    then = [tie for tie in relation("ESP", "MAR", as_of=date(2022, 11, 16), world=WORLD).ties if tie.kind == "embassy"]

    assert [tie.dated for tie in posts] == ["2022-11-16", "2022-11-16"]
    assert all(tie.seen and not tie.in_score for tie in posts)
    assert not any(tie.seen for tie in then)


def test_posts_between_the_united_states_and_another_are_counted() -> None:
    """The Factbook's posts are shown both ways, and the lack of an embassy is said."""
    spain = {tie.text for tie in relation("ESP", "USA", as_of=IN_2024, world=WORLD).ties if tie.dated == "2026-05-17"}
    iran = {tie.text for tie in relation("USA", "IRN", as_of=IN_2024, world=WORLD).ties if tie.dated == "2026-05-17"}

    assert spain == {"ESP in USA: an embassy, 8 consulates", "USA in ESP: an embassy, 1 consulate"}
    assert iran == {"IRN in USA: no embassy", "USA in IRN: no embassy"}


def test_organisations_are_dated_by_the_later_accession() -> None:
    """Estonia and Germany share NATO since Estonia's accession."""
    ties = {tie.text: tie.dated for tie in relation("DEU", "EST", as_of=IN_2024, world=WORLD).ties}

    assert ties["NATO"] == "2004-03-29"


@pytest.mark.needs_shared
def test_threat_takes_capability_where_it_is_held(shared_data, tmp_path) -> None:
    """In a world with composite capability the shares are those of the year over, later years are marked as carried."""
    folder = shared_data("cow_nmc_v7.parquet").parent
    world = build_world(folder, tmp_path / "world", only=["cow_nmc", "un_votes", "ucdp_conflicts", "cepii_distance"])
    found = relation("RUS", "UKR", as_of=date(2018, 6, 30), world=world)
    nmc = world.table("cow_nmc").filter(pl.col("year") == 2017)
    cinc = dict(nmc.filter(pl.col("ccode").is_in([365, 369])).select("ccode", "cinc").rows())

    assert found.threat.a_to_b / found.threat.b_to_a == pytest.approx(cinc[365] / cinc[369], rel=1e-2)
    assert found.threat.a_to_b + found.threat.b_to_a == pytest.approx(found.tension.value, abs=1e-3)
    assert "of 2017" in found.threat.note
    later = relation("RUS", "UKR", as_of=date(2024, 6, 30), world=world).threat
    assert "carried from 2022" in later.note


def test_threat_needs_forces_of_its_time() -> None:
    """Directed threat is not known for 2024 unless the snapshot is carried by name; the stronger threatens more."""
    strict = relation("RUS", "UKR", as_of=IN_2024, world=WORLD).threat
    asked = relation("RUS", "UKR", as_of=IN_2024, world=WORLD, carry_snapshots=True).threat

    assert strict.a_to_b is None
    assert "2026-05" in strict.note
    assert asked.a_to_b is not None
    assert asked.b_to_a is not None
    assert asked.a_to_b > asked.b_to_a > 0


def test_ties_with_the_united_states_have_dates() -> None:
    """Troops and training of the years before the date are listed, none of later years."""
    ties = {tie.kind: tie for tie in relation("KOR", "USA", as_of=date(2015, 6, 1), world=WORLD).ties}

    assert ties["troops"].dated == "2014-09"
    assert ties["training"].dated == "fiscal year 2014"
    assert ties["troops"].direction == "b_to_a"


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


def test_a_member_and_its_organisation_have_a_tie_but_no_score() -> None:
    """Between Estonia and NATO there is the membership with its date, and no level."""
    found = relation("EST", "NATO", as_of=IN_2024, world=WORLD)

    assert found.level is None
    assert [(tie.text, tie.dated) for tie in found.ties] == [("EST in NATO: member", "2004-03-29")]


def test_judgements_stand_beside_and_change_nothing() -> None:
    """A desk's judgement is returned as it is, and the computed figures are the same without it."""
    view = Judged("ESP", "MAR", date(2024, 5, 1), "Desk officer", "Talks resumed", level="warm_peace", alignment=0.9)
    plain = relation("ESP", "MAR", as_of=IN_2024, world=WORLD)
    judged = relation("ESP", "MAR", as_of=IN_2024, world=WORLD, judgements=(view,))

    assert judged.judgements[0].alignment == 0.9
    assert msgspec.structs.replace(judged, judgements=()) == plain


def test_answers_encode_to_json() -> None:
    """A relation and a landscape become JSON with plain keys and come back as they were."""
    found = relation("ESP", "MAR", as_of=IN_2024, world=WORLD)
    encoded = msgspec.json.encode(found)

    assert json.loads(encoded)["level"] == "negative_peace"
    assert msgspec.json.decode(encoded, type=type(found)) == found


@pytest.mark.parametrize(("a", "b"), [("ESP", "ATLANTIS"), ("SUN", "USA"), ("esp", "MAR")])
def test_unknown_and_vanished_actors_are_refused(a: str, b: str) -> None:
    """An id that is nobody's, or nobody's on that day, is an error."""
    with pytest.raises(UnknownActorError):
        relation(a, b, as_of=IN_2024, world=WORLD)


def test_vanished_actors_name_their_successors() -> None:
    """Asking for the Soviet Union in 2024 suggests who came after it."""
    with pytest.raises(UnknownActorError) as caught:
        relation("SUN", "USA", as_of=IN_2024, world=WORLD)
    assert "RUS" in caught.value.suggestions


def test_an_actor_has_no_relation_with_itself() -> None:
    """The same actor twice is an error."""
    with pytest.raises(InputError, match="itself"):
        relation("ESP", "ESP", as_of=IN_2024, world=WORLD)


def test_a_landscape_runs_from_friends_to_enemies() -> None:
    """Estonia's closest are its allies, its rival neighbour comes after them, and unknown pairs come last."""
    found = landscape("EST", as_of=IN_2024, world=WORLD)
    order = [row.other for row in found.relations]

    assert found.relations[0].relation_class == "ally"
    assert order.index("LVA") < order.index("BRA") < order.index("RUS")
    assert found.relations[-1].alignment is None
    assert set(found.neighbours) == {"LVA", "RUS"}
    assert "EST" not in order
    assert {figure.name for figure in found.state.capability} == {
        "active personnel",
        "military expenditure",
        "composite: share of all active personnel",
    }


def test_a_landscape_of_some_shows_judgements() -> None:
    """With others named, only they are shown, each with the desk's judgements of it."""
    view = Judged("EST", "RUS", date(2024, 5, 1), "Desk officer", "Border incidents", tension=0.7)
    found = landscape("EST", as_of=IN_2024, world=WORLD, others=("RUS", "LVA"), judgements=(view,))
    rows = {row.other: row for row in found.relations}

    assert set(rows) == {"RUS", "LVA"}
    assert rows["RUS"].judgements[0].tension == 0.7
    assert rows["LVA"].judgements == ()


def test_landscape_and_relation_agree() -> None:
    """A row of a landscape has the figures of the pair alone."""
    row = landscape("EST", as_of=IN_2024, world=WORLD, others=("RUS",)).relations[0]
    alone = relation("EST", "RUS", as_of=IN_2024, world=WORLD)

    assert (row.alignment, row.tension, row.level) == (alone.alignment, alone.tension, alone.level)
    assert alone.level is not None
    assert row.probability == alone.level_probabilities[alone.level.value]


def test_deaths_are_zero_inside_the_data_and_absent_outside() -> None:
    """Estonia's deaths are a known zero in 2024, carried in 2026, and not known in 1980."""
    inside = {figure.name: figure for figure in actor_state("EST", as_of=IN_2024, world=WORLD).stability}
    after = {figure.name: figure for figure in actor_state("EST", as_of=date(2026, 6, 1), world=WORLD).stability}
    before = {figure.name: figure for figure in actor_state("FIN", as_of=date(1980, 6, 1), world=WORLD).stability}
    name = "deaths in organised violence, twelve months"

    assert (inside[name].value, inside[name].carried) == (0, False)
    assert after[name].carried
    assert name not in before


def test_deaths_do_not_look_ahead() -> None:
    """Deaths of Ukraine as of 24 February 2022 do not hold the months after."""
    before = {f.name: f for f in actor_state("UKR", as_of=date(2022, 2, 24), world=WORLD).stability}
    after = {f.name: f for f in actor_state("UKR", as_of=date(2022, 7, 1), world=WORLD).stability}
    name = "deaths in organised violence, twelve months"

    assert before[name].value < 300
    assert after[name].value > 5000
    assert before[name].dated == "to 2022-01"


def test_importing_the_package_brings_in_nothing_heavy() -> None:
    """`import legation.relations` and `legation.evidence` load neither polars nor numpy."""
    code = "import sys, legation.relations, legation.evidence; print({'polars', 'numpy'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "set()"
