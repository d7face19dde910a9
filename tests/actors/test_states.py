"""The record of states: what its files may hold, and what must be true of every state in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.actors import Actor, ActorId, ActorKind, Spell, actor, all_actors, states
from legation.actors.registry import collect
from legation.actors.statehood import load_states, read_states
from legation.errors import FormatError

ESTONIA = b"""
[EST]
name = "Estonia"
exists = ["1918-02-24..1940-08-05 | Manifesto", "1991-08-20.. | Resolution"]
iso = ["EE EST 233"]
cow = ["366"]
gw = ["366 1918-11-11..1940-06-01", "366 1991-09-06.."]
"""


def test_a_state_is_read_with_its_spells_acts_and_codes() -> None:
    """A table becomes one actor; a number without a span follows existence."""
    (state,) = read_states(ESTONIA, source="states.toml")

    assert state.spells[0] == Spell(start=date(1918, 2, 24), end=date(1940, 8, 5), reference="Manifesto")
    assert [(one.system, one.code) for one in state.codes[:3]] == [("iso2", "EE"), ("iso3", "EST"), ("ison", "233")]
    cow = [(one.start, one.end) for one in state.codes if one.system == "cow"]
    assert cow == [(date(1918, 2, 24), date(1940, 8, 5)), (date(1991, 8, 20), None)]


def test_a_number_of_an_old_state_starts_with_1816() -> None:
    """COW and Gleditsch-Ward count from 1816, so an open start becomes its first day, and ISO's stays open."""
    codes = {one.system: one for one in actor("ESP").codes}

    assert codes["cow"].start == date(1816, 1, 1)
    assert codes["iso3"].start is None


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"[EST]", b"[est]", "not an actor id"),
        (b"name =", b"title =", "title"),
        (b"1991-08-20..", b"1991-08-20", "span of days"),
        (b"1991-08-20..", b"1991-13-20..", "span of days"),
        (b"1918-02-24..1940-08-05", b"1940-08-05..1918-02-24", "ends before it starts"),
        (b" | Manifesto", b"", "names no act"),
        (b"1991-08-20..", b"1930-01-01..", "out of order"),
        (b"EE EST 233", b"EE EST", "not a dated code"),
        (b"EE EST 233", b"E1 EST 233", "not a code of iso2"),
        (b"EE EST 233", b"EE EST 23", "not a code of ison"),
        (b'cow = ["366"]', b'cow = ["0"]', "not a code of cow"),
        (b'cow = ["366"]', b'predecessors = ["rus"]', "not an actor id"),
        (b'exists = ["1918-02-24..1940-08-05 | Manifesto", "1991-08-20.. | Resolution"]', b"exists = []", "no spell"),
        (b"[EST]", b"[EST", "correct the table"),
        (b"Estonia", b"\xff\xfe", "states.toml"),
        (b"[EST]", b"[EST]\0", "states.toml"),
    ],
)
def test_a_faulty_table_is_refused_with_its_place(old: bytes, new: bytes, rule: str) -> None:
    """Every fault names the file and the rule, and says what to do."""
    assert old in ESTONIA

    with pytest.raises(FormatError, match=r"states\.toml") as caught:
        read_states(ESTONIA.replace(old, new), source="states.toml")

    assert rule in str(caught.value)
    assert caught.value.remedy


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=400), st.binary(max_size=40).map(lambda junk: ESTONIA.replace(b"366", junk, 1))))
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    """No content makes the reader fail in any other way than with its own error."""
    with suppress(FormatError):
        found = read_states(content, source="states.toml")

        assert all(state.kind is ActorKind.STATE for state in found)


def test_deep_nesting_is_refused() -> None:
    """Brackets without end are a fault of the file, not a crash."""
    with pytest.raises(FormatError, match=r"states\.toml"):
        read_states(b"[EST]\nname = " + b"[" * 20_000, source="states.toml")


def test_two_actors_never_share_an_id() -> None:
    """A second actor of the same id is refused."""
    spain = actor("ESP")

    with pytest.raises(FormatError, match="occurs twice"):
        collect([spain, spain])


def test_a_successor_must_be_an_actor() -> None:
    """A successor that is not in the record is refused."""
    orphan = Actor(id=ActorId("URARTU"), kind=ActorKind.STATE, name="Urartu", successors=(ActorId("MEDIA"),))

    with pytest.raises(FormatError, match="MEDIA"):
        collect([orphan])


def test_the_record_spans_two_centuries() -> None:
    """There are 193 members of the United Nations today, and states of the past beside them."""
    today = {one.id for one in states(date(2026, 1, 1))}

    assert len(load_states()) == 233
    assert {"ESP", "SSD", "XKX", "TWN", "PSE", "VAT"} <= today
    assert not today & {"SUN", "YUG", "SCG", "CSK", "DDR", "YMD", "RVN", "PRUSSIA", "TIBET"}
    # 193 members and two observers of the United Nations, and seven that are disputed or in free association.
    assert len(today - {"XKX", "TWN", "ESH", "ABKHAZIA", "SOUTH-OSSETIA", "COK", "NIU"}) == 193 + 2


def test_every_ended_state_hands_over_to_one_that_exists_next_day() -> None:
    """A successor stands on the day after the end, so that a refusal can always point to it."""
    for state in states():
        end = state.spells[-1].end
        if end is not None:
            heirs = [actor(one) for one in state.successors]
            assert any(heir.exists(end + timedelta(days=1)) for heir in heirs), state.id


def test_every_interruption_names_who_ruled() -> None:
    """A gap in existence has a successor for its first day; only Germany under Allied authority has none."""
    without = set()
    for state in states():
        for earlier, later in zip(state.spells, state.spells[1:], strict=False):
            next_day = earlier.end + timedelta(days=1)
            if later.start != next_day and not any(actor(one).exists(next_day) for one in state.successors):
                without.add(state.id)

    assert without == {"DEU"}


def test_only_a_state_that_ended_has_successors() -> None:
    """A parent that lives on does not list the states that left it."""
    assert [one.id for one in states() if one.successors and one.spells[-1].end is None and len(one.spells) == 1] == []


def test_every_spell_names_its_act() -> None:
    """No date of existence stands without its reference."""
    assert all(spell.reference for state in states() for spell in state.spells)


def test_ids_are_alpha_3_codes_wherever_one_was_given() -> None:
    """A state with an ISO code has it as its id, except South Vietnam, whose code passed on."""
    other = {
        one.id
        for one in states()
        if (codes := [code.code for code in one.codes if code.system == "iso3"]) and one.id not in codes
    }

    assert other == {"RVN"}


def test_organisations_and_others_are_in_the_registry() -> None:
    """The registry holds every kind of actor that the project records."""
    kinds = {one.kind for one in all_actors()}

    assert {ActorKind.STATE, ActorKind.ORGANISATION, ActorKind.ARMED_GROUP} <= kinds
