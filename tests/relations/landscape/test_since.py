"""A landscape over time calls a change only what moved beyond its interval, and dates every shift of alliance."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from legation.briefs.text import landscape_text
from legation.errors import InputError, UnknownActorError
from legation.evidence import open_world
from legation.relations import landscape
from legation.relations.types import Landscape

WORLD = open_world()
FINLAND = landscape("FIN", as_of=date(2024, 6, 30), since=date(2015, 1, 1), world=WORLD)


def test_changes_lie_beyond_their_intervals():
    """Whatever is called a change of alignment or tension has two intervals without a common point."""
    assert FINLAND.changes
    for change in FINLAND.changes:
        for word in ("alignment", "tension"):
            before, after = getattr(change, f"{word}_before"), getattr(change, f"{word}_after")
            apart = before is not None and after is not None and (before.high < after.low or after.high < before.low)
            assert apart == (word in change.changed)
        if "level" in change.changed:
            assert change.level_before != change.level_after


def test_finland_before_and_after_accession():
    """Finland moved closer to the United States, and its relation with Russia is another level."""
    changes = {change.other: change for change in FINLAND.changes}

    assert "alignment" in changes["USA"].changed
    assert changes["USA"].alignment_after.value > changes["USA"].alignment_before.value
    assert "level" in changes["RUS"].changed
    assert [change.size for change in FINLAND.changes] == sorted((c.size for c in FINLAND.changes), reverse=True)


def test_shifts_are_dated_with_their_acts():
    """NATO was joined on 4 April 2023, its clause binds Sweden from March 2024, and each shift names its source."""
    shifts = {(shift.day, shift.kind, shift.what): shift for shift in FINLAND.shifts}

    assert (date(2023, 4, 4), "organisation joined", "NATO") in shifts
    sweden = shifts[date(2024, 3, 7), "treaty entered", "North Atlantic Treaty, art. 5"]
    assert sweden.others == ("SWE",)
    assert [shift.day for shift in FINLAND.shifts] == sorted(shift.day for shift in FINLAND.shifts)
    assert all(date(2015, 1, 1) <= shift.day <= date(2024, 6, 30) for shift in FINLAND.shifts)


def test_leaving_is_a_shift_too():
    """The United Kingdom left the European Union and its defence clause on 31 January 2020."""
    found = landscape("GBR", as_of=date(2021, 1, 1), since=date(2019, 1, 1), world=WORLD, others=("FRA",))
    kinds = {(shift.kind, shift.what) for shift in found.shifts}

    assert ("organisation left", "EU") in kinds
    assert ("treaty left", "Treaty on European Union, art. 42(7)") in kinds


def test_statuses_of_others_are_shifts():
    """The United States' listing of armed groups in a year is among its shifts."""
    found = landscape("USA", as_of=date(2021, 12, 31), since=date(2021, 1, 1), world=WORLD, others=("FRA",))

    assert any(shift.kind == "status given" and "ADF" in shift.others for shift in found.shifts)


def test_similar_actors_are_near():
    """Finland's nearest profiles are its neighbours in Europe, nearest first, and never itself."""
    names = [one.other for one in FINLAND.similar]

    assert "SWE" in names[:3]
    assert "FIN" not in names
    assert [one.distance for one in FINLAND.similar] == sorted(one.distance for one in FINLAND.similar)


def test_actors_of_few_known_relations_are_similar_to_nobody():
    """Who has no votes, as the Sahrawi Republic, is not ranked among the profiles of nearly all third actors."""
    found = landscape("BLR", as_of=date(2024, 12, 31), since=date(2019, 1, 1), world=WORLD)

    assert "ESH" not in {one.other for one in found.similar}
    assert min(one.shared for one in found.similar) > 100
    assert len(found.similar) == 10


def test_ties_that_ended_are_counted():
    """Finland left the Partnership for Peace, whose ties ended, and gained ties of organisations."""
    ended = {(change.other, change.kind) for change in FINLAND.tie_changes if change.ended}

    assert ("AUT", "organisation") in ended
    assert all(change.began or change.ended for change in FINLAND.tie_changes)


def test_what_began_is_not_named_among_what_ended():
    """Belarus joined Russia in the SCO and saw it leave the CFE Treaty: two changes, each with its own name."""
    found = landscape("BLR", as_of=date(2024, 12, 31), since=date(2019, 1, 1), world=WORLD)
    labels = {
        bool(one.began): one.labels for one in found.tie_changes if (one.other, one.kind) == ("RUS", "organisation")
    }

    assert labels == {True: ("SCO",), False: ("CFE",)}


def test_nothing_happens_in_no_time():
    """From one day to the next no relation moves beyond its interval."""
    found = landscape("CHE", as_of=date(2018, 6, 2), since=date(2018, 6, 1), world=WORLD)

    assert found.changes == ()
    assert found.shifts == ()


def test_without_since_nothing_is_compared():
    """A plain landscape has no changes, and the rest is as with them."""
    plain = landscape("FIN", as_of=date(2024, 6, 30), world=WORLD)

    assert plain.since is None
    assert plain.changes == plain.shifts == plain.similar == plain.tie_changes == ()
    assert plain.relations == FINLAND.relations


@pytest.mark.parametrize("since", [date(2024, 6, 30), date(2025, 1, 1)])
def test_since_must_lie_before(since):
    """An earlier day that is not earlier is refused."""
    with pytest.raises(InputError, match="is not before"):
        landscape("FIN", as_of=date(2024, 6, 30), since=since, world=WORLD)


def test_an_actor_that_was_not_there_yet_is_refused():
    """Slovakia did not exist in 1990; the error names who did."""
    with pytest.raises(UnknownActorError) as caught:
        landscape("SVK", as_of=date(2024, 6, 30), since=date(1990, 1, 1), world=WORLD)
    assert "CSK" in caught.value.suggestions


def test_it_encodes_and_reads_well():
    """The answer becomes JSON and comes back, and its text has a section for each part."""
    assert msgspec.json.decode(msgspec.json.encode(FINLAND), type=Landscape) == FINLAND
    text = landscape_text(FINLAND)

    for heading in (
        "Relations that changed since 2015-01-01",
        "Alliances since",
        "Ties that began or ended",
        "similar",
    ):
        assert heading in text
    assert "2023-04-04: organisation joined: NATO" in text
