"""Looking actors up by id, code and name: what is found, what is refused, and how fast the room opens."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import legation.actors
from legation.actors import (
    Actor,
    _refusals,
    actor,
    administrator,
    all_actors,
    find,
    from_code,
    lookup,
    name,
    names,
    states,
    suggest,
)
from legation.actors.names import english_index, fold
from legation.actors.registry import by_code
from legation.actors.territories import administrators, load_territories, read_territories
from legation.errors import FormatError, InputError, LegationError, UnknownActorError

PUBLIC = [
    "Actor",
    "ActorId",
    "ActorKind",
    "CodeSystem",
    "DatedCode",
    "DefenceTreaty",
    "Membership",
    "Spell",
    "Status",
    "actor",
    "administrator",
    "all_actors",
    "code",
    "crosswalk",
    "find",
    "from_code",
    "members",
    "memberships",
    "name",
    "organisations",
    "share_a_day",
    "states",
    "suggest",
    "treaties_between",
    "treaty_status",
]


def test_public_names_are_pinned_and_there() -> None:
    """A public name appears or goes only on purpose, and each can be fetched."""
    assert legation.actors.__all__ == PUBLIC
    assert all(callable(getattr(legation.actors, one)) or one == "CodeSystem" for one in PUBLIC)
    assert set(PUBLIC) <= set(dir(legation.actors))


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    """The lazy module refuses what it does not have in the usual way."""
    with pytest.raises(AttributeError, match="embassy"):
        _ = legation.actors.embassy


def test_functions_stay_functions_after_their_modules_are_imported() -> None:
    """Importing a module of the same name does not take a function's place."""
    script = (
        "import legation.actors.registry, legation.actors.treaties, legation.actors as a; "
        "print(callable(a.organisations), callable(a.memberships), callable(a.states))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "True", "True"]


def test_opening_the_room_loads_nothing_heavy() -> None:
    """The import stays light: no names of other languages, no frames, no tables read."""
    script = (
        "import sys, legation.actors; heavy = ('babel', 'polars', 'numpy', 'tomllib', 'legation.actors.lookup'); "
        "print([one for one in heavy if one in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", [lookup, names, _refusals], ids=lambda one: one.__name__)
def test_examples_in_docstrings_are_true(module: object) -> None:
    """What the docstrings show is what happens."""
    result = doctest.testmod(module)

    assert result.attempted > 0
    assert result.failed == 0


def test_an_id_finds_its_actor() -> None:
    """Ids are exact: the same letters in lower case are refused with a suggestion."""
    assert actor("ESP").name == "Spain"

    with pytest.raises(UnknownActorError, match="ESP") as caught:
        actor("spain")

    assert caught.value.suggestions[0] == "ESP"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("es", "ESP"),
        ("Esp", "ESP"),
        ("  spain ", "ESP"),
        ("Kingdom of Spain", "ESP"),
        ("Espagne", "ESP"),
        ("Испания", "ESP"),
        ("西班牙", "ESP"),
        ("إسبانيا", "ESP"),
        ("Turkey", "TUR"),
        ("TÜRKİYE", "TUR"),
        ("turkiye", "TUR"),
        ("Cote d'Ivoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("St. Lucia", "LCA"),
        ("Bosnia & Herzegovina", "BIH"),
        ("the Gambia", "GMB"),
        ("Congo-Kinshasa", "COD"),
        ("USSR", "SUN"),
        ("East Germany", "DDR"),
        ("Persia", "IRN"),
        ("Burma", "MMR"),
        ("Kosovo", "XKX"),
        ("XK", "XKX"),
        ("NATO", "NATO"),
        ("Łotwa", "LVA"),
        ("Wuerttemberg", "WUERTTEMBERG"),
        ("Korea, Republic of", "KOR"),
        ("CONGO, DEMOCRATIC REPUBLIC OF THE", "COD"),
        ("Bahamas, The", "BHS"),
        ("Republic of Angola", "AGO"),
        ("Guinea", "GIN"),
        ("VN", "VNM"),
        ("GL", "GRL"),
        ("HKG", "HKG"),
        ("Groenland", "GRL"),
        ("Diego Garcia", "IOT"),
    ],
)
def test_a_common_name_or_code_finds_its_actor(text: str, expected: str) -> None:
    """Names in many languages and spellings, aliases and codes lead to one actor."""
    assert find(text).id == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Congo", {"COD", "COG"}),
        ("Korea", {"KOR", "PRK"}),
        ("CS", {"CSK", "SCG"}),
        ("AU", {"AUS", "AU"}),
    ],
)
def test_an_ambiguous_text_is_refused_with_its_readings(text: str, named: set[str]) -> None:
    """A text with two readings names both; it never picks one in silence."""
    with pytest.raises(UnknownActorError, match="more than one actor") as caught:
        find(text)

    assert set(caught.value.suggestions) == named


def test_a_day_can_settle_an_ambiguous_text() -> None:
    """Korea was one state in 1900, and CS was Czechoslovakia in 1980."""
    assert find("Korea", on=date(1900, 1, 1)).id == "JOSEON"
    assert find("CS", on=date(1980, 1, 1)).id == "CSK"
    assert find("VN", on=date(1970, 1, 1)).id == "RVN"


def test_a_number_needs_its_system() -> None:
    """The number 710 is South Africa for ISO and China for COW."""
    with pytest.raises(UnknownActorError, match=r"ZAF.*CHN"):
        find("710")

    assert find("710", system="ison").id == "ZAF"
    assert find("710", system="cow", on=date(1950, 1, 1)).id == "CHN"


@pytest.mark.parametrize(
    ("text", "on", "said", "kin"),
    [
        ("Soviet Union", "2000-01-01", "1991-12-25", "RUS"),
        ("RUS", "1950-01-01", "1922-12-29", "SUN"),
        ("Kosovo", "1999-01-01", "2008-02-17", "YUG"),
        ("Czechia", "1980-01-01", "1993-01-01", "CSK"),
        ("Taiwan", "1930-01-01", "1949-12-08", "CHN"),
        ("Estonia", "1960-01-01", "1940-08-05", "SUN"),
    ],
)
def test_a_name_out_of_its_time_says_when_and_who_instead(text: str, on: str, said: str, kin: str) -> None:
    """The refusal gives the dates of existence and the predecessor or successor of that day."""
    day = date.fromisoformat(on)

    with pytest.raises(UnknownActorError, match=said) as caught:
        find(text, on=day)

    assert kin in caught.value.suggestions
    assert all(actor(one).exists(day) for one in caught.value.suggestions)


def test_a_misspelt_name_gets_suggestions() -> None:
    """The closest names are offered, with the remedy to use one."""
    with pytest.raises(UnknownActorError, match="did you mean LTU") as caught:
        find("Lithuaina")

    assert caught.value.suggestions == ("LTU",)
    assert suggest("Germny")[0].id == "DEU"
    assert len(suggest("Saint", limit=2)) <= 2
    assert suggest("qqqqqqqq") == ()


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "ES\0P", "Spain\n Portugal", "x" * 100_000, "\u202eniapS", "\ud800", None, 5, b"ESP"]
)
def test_what_cannot_be_a_name_is_refused_at_once(text: object) -> None:
    """Empty, endless and control-laden texts and other types are faults of the input."""
    with pytest.raises(InputError):
        find(text)
    with pytest.raises(InputError):
        actor(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=220))
def test_any_text_is_found_or_refused_in_short(text: str) -> None:
    """Whatever the text, the answer is an actor or a refusal whose message stays short."""
    try:
        found = find(text)
    except LegationError as refusal:
        shown = len(str(refusal))
    else:
        shown = 0
        assert isinstance(found, Actor)

    assert shown < 2_000


@settings(deadline=None)
@given(st.sampled_from(states()), st.sampled_from(("lower", "upper", "title")))
def test_every_state_is_found_by_its_name_in_its_own_time(state: Actor, letters: str) -> None:
    """On the first known day of a state, its English name means it, in any case of letters."""
    spell = state.spells[-1]
    on = spell.start or spell.end or date(2020, 1, 1)

    assert find(getattr(state.name, letters)(), on=on) == state


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([one for one in states(date(2020, 1, 1)) if len(one.id) == 3]),
    st.sampled_from(("fr", "de", "es", "ru", "ar", "zh", "sw", "tr", "el", "hi", "pt-BR", "zh-Hant")),
)
def test_a_name_in_another_language_leads_back(state: Actor, language: str) -> None:
    """A name given out in a language is understood when it comes in, or two bearers of it are named."""
    text = name(state, language=language)

    try:
        found = {find(text, on=date(2020, 1, 1)).id}
    except UnknownActorError as refusal:
        found = set(refusal.suggestions)

    assert state.id in found


def test_names_follow_the_language() -> None:
    """Current states are named by CLDR; organisations and states of the past keep their English name."""
    assert name("DEU", language="fr") == "Allemagne"
    assert name("DEU", language="de_AT") == "Deutschland"
    assert name("SRB", language="sr-Latn") == "Srbija"
    assert name("XKX", language="sr") == "Косово"
    assert name("DDR", language="de") == "German Democratic Republic"
    assert name("NATO", language="fr") == actor("NATO").name
    assert name("TUR", language="en") == "Türkiye"
    assert name(actor("ESP")) == "Spain"


@pytest.mark.parametrize("language", ["", "xx", "klingon", "../../etc", "fr\0", "a" * 500, "en-" + "x" * 50])
def test_an_unknown_language_is_refused(language: str) -> None:
    """A tag that CLDR does not know is named, and never reaches a path."""
    with pytest.raises(InputError, match="language"):
        name("ESP", language=language)


def test_unknown_actors_have_no_name() -> None:
    """A name is asked of an id that exists."""
    with pytest.raises(UnknownActorError):
        name("ESPX", language="fr")


def test_a_moment_counts_as_its_day() -> None:
    """A date with a time of day is read as the day."""
    assert find("Germany", on=datetime(1990, 10, 3, 12, 0)) == actor("DEU")  # noqa: DTZ001 - the day is what counts
    assert from_code("255", system="cow", on=datetime(1990, 10, 3, 0, 0)).id == "DEU"  # noqa: DTZ001


def test_states_of_a_day_follow_existence_or_a_system() -> None:
    """Existence and membership of a system are different questions."""
    wartime = date(1942, 6, 1)

    assert "POL" in {one.id for one in states(wartime)}
    assert "POL" not in {one.id for one in states(wartime, system="cow")}
    assert "POL" in {one.id for one in states(wartime, system="gw")}
    assert states() == tuple(sorted(states(), key=lambda one: one.id))


def test_no_organisation_or_group_has_the_id_of_an_alpha_3_code() -> None:
    """Only states answer to three-letter country codes."""
    taken = {each.code for one in states() for each in one.codes if each.system == "iso3"}

    assert taken.isdisjoint(one.id for one in all_actors() if one.kind != "state")


def test_territories_are_actors_with_an_administering_state() -> None:
    """A territory is found by code and name, is no state, and names the state that administers it."""
    greenland = find("Greenland")

    assert (greenland.id, greenland.kind) == ("GRL", "other")
    assert greenland not in states()
    assert administrator(greenland) == actor("DNK")
    assert administrator("HKG") == actor("CHN")
    assert administrator("ATA") is None
    assert administrator("ESP") is None
    assert from_code("344", system="ison").id == "HKG"


def test_every_administering_state_exists() -> None:
    """Each territory that is administered names a state of today."""
    today = {one.id for one in states(date(2026, 1, 1))}

    assert len(load_territories()) == 50
    assert set(administrators().values()) <= today
    assert set(administrators()) | {"ATA"} == {one.id for one in load_territories()}


def test_a_faulty_table_of_territories_is_refused(tmp_path: Path) -> None:
    """A code that occurs twice, or a column that is missing, is named with the file."""
    header = "alpha2,alpha3,numeric,name,aliases,administered_by\n"
    row = "GL,GRL,304,Greenland,,DNK\n"
    twice, narrow = tmp_path / "twice.csv", tmp_path / "narrow.csv"
    twice.write_text(header + row + row, encoding="utf-8")
    narrow.write_text(header.replace(",aliases", "") + row, encoding="utf-8")

    with pytest.raises(FormatError, match=r"twice\.csv"):
        read_territories(twice)
    with pytest.raises(FormatError, match=r"narrow\.csv"):
        read_territories(narrow)


def _names() -> Iterator[tuple[str, str]]:
    for one in states():
        for text in (one.name, *one.aliases):
            yield one.id, text


def test_names_shared_by_states_are_known() -> None:
    """Only these names belong to more than one state; a new clash is decided on, not slipped in."""
    bearers: dict[str, set[str]] = {}
    for one, text in _names():
        bearers.setdefault(fold(text), set()).add(one)

    assert {key for key, ids in bearers.items() if len(ids) > 1} == {"congo", "korea"}


@pytest.mark.needs_shared
def test_the_common_name_of_every_country_is_known(shared_data: Callable[[str], Path]) -> None:
    """Each common English name of a country reference leads to the actor of its code."""
    table = pl.read_parquet(shared_data("countries_mledoze.parquet"), columns=["name", "cca3"])

    bearers = {text: {one.id for one in english_index().get(fold(text), ())} for text in table["name"]}

    assert table.height == 250
    assert {text for text, ids in bearers.items() if len(ids) != 1} == {"Congo"}
    assert all(code.replace("UNK", "XKX") in bearers[text] for text, code in table.iter_rows())


@pytest.mark.needs_shared
def test_cow_names_are_known_in_their_time(shared_data: Callable[[str], Path]) -> None:
    """Each name in the COW state list means the holder of its number; one is misspelt there."""
    table = pl.read_parquet(shared_data("cow_states.parquet"), columns=["statenme", "ccode"])

    wrong = {
        text
        for text, number in table.iter_rows()
        if not {one.id for one in english_index().get(fold(text), ())}
        & {one.id for _, one in by_code()["cow", str(number)]}
    }

    assert wrong == {"Wuerttemburg"}


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    """The compared form of a name is its own compared form."""
    once = fold(text)

    assert fold(once) == once
