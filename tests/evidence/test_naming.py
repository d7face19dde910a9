"""Names and codes of sources mean the actor of their time; what means none is listed with its reason, never dropped."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import SourceError
from legation.evidence.description import Licence, SourceDescription, TimeDomain
from legation.evidence.naming import UNREAD, actor_named, days_of, unread_rows, with_actors, with_coded_actors

NAMES = {"Germany, East": "gw 265", "South Vietnam": "gw 817 or gw 816", "Narnia": "", "Gondor": "XKX"}
SOURCE = SourceDescription(
    name="observations",
    title="Observations",
    publisher="A publisher",
    version="1",
    retrieved="2026",
    schedule="never",
    url="https://example.org",
    licence=Licence(name="Public domain", redistribution=True, attribution="A publisher"),
    time_domain=TimeDomain(kind="series", first=date(1900, 1, 1), last=date(2026, 12, 31)),
    completeness="complete",
    lookups={"names": NAMES},
)


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("Estonia", 2020, "EST"),
        ("ESTONIA", 2020, "EST"),
        ("Côte d'Ivoire", 1999, "CIV"),
        ("Germany, East", 1980, "DDR"),
        ("South Vietnam", 1970, "RVN"),
        ("South Vietnam", 1999, "VNM"),
        ("North Atlantic Treaty Organization", 1999, "NATO"),
        ("Gondor", 2010, "XKX"),
    ],
)
def test_a_name_means_the_actor_of_its_time(name: str, year: int, expected: str) -> None:
    """The description's own names go first, then those that Legation knows, at the time of the row."""
    assert actor_named(name, days=days_of(year), description=SOURCE) == (expected, "")


@pytest.mark.parametrize(
    ("name", "year", "reason"),
    [
        ("Narnia", 2000, "left out: the description says that it means no actor"),
        ("Estonia", 1980, "nobody of that name was an actor then"),
        ("Germany, East", 2000, "nobody of that name was an actor then"),
        ("Gondor", 1999, "nobody of that name was an actor then"),
        ("Congo", 2000, "several actors bear the name"),
        ("Greenland", 2000, "a territory, no actor of its own"),
        ("Ruritania", 2000, "nobody knows the name"),
        ("", 2000, "nobody knows the name"),
        ("NA", 2000, "nobody knows the name"),
    ],
)
def test_what_means_no_actor_says_why(name: str, year: int, reason: str) -> None:
    """Each way of meaning nobody has its own reason; a code is no name, so that NA is not Namibia."""
    assert actor_named(name, days=days_of(year), description=SOURCE) == (None, reason)


def test_a_year_is_read_at_its_end_first() -> None:
    """An actor that ended in the year counts where none of that name is there at its end."""
    assert days_of(1991) == (date(1991, 12, 31), date(1991, 7, 1), date(1991, 1, 1))
    assert days_of(date(1991, 8, 19)) == (date(1991, 8, 19),)
    assert days_of(None) == ()
    assert actor_named("Soviet Union", days=days_of(1991), description=SOURCE) == ("SUN", "")


def test_a_column_of_names_keeps_its_rows() -> None:
    """Rows stay as many and in their order; unread values are counted with their first and last year."""
    frame = pl.DataFrame(
        {"who": ["Cuba", "Narnia", None, "Ruritania", "Narnia"], "year": [1990, 1991, 1992, 1993, 1999]}
    )

    named = with_actors(frame, "who", description=SOURCE, when="year", table="t", unknown="list")

    assert named.frame.drop("actor").equals(frame)
    assert named.frame["actor"].to_list() == ["CUB", None, None, None, None]
    assert named.unread.rows() == [
        ("t", "who", "Narnia", "left out: the description says that it means no actor", 2, 1991, 1999),
        ("t", "who", "Ruritania", "nobody knows the name", 1, 1993, 1993),
    ]


def test_a_name_nobody_knows_stops_the_load() -> None:
    """Unless it is to be listed, an unknown name is an error that says what and how often."""
    frame = pl.DataFrame({"who": ["Ruritania", "Cuba", "Ruritania"], "year": [1990, 1990, 1991]})

    with pytest.raises(SourceError, match=r"'Ruritania' in who of t, in 2 rows; 1 values"):
        with_actors(frame, "who", description=SOURCE, when="year", table="t")


def test_codes_are_read_at_their_time() -> None:
    """COW codes change hands; alpha-3 codes of today are taken at all dates at which the state was there."""
    numbers = pl.DataFrame(
        {"code": [255, 260, 265, 345], "day": [date(2000, 1, 1)] + [date(1980, 1, 1)] * 2 + [date(2010, 1, 1)]}
    )
    letters = pl.DataFrame({"code": ["ROU", "deu", "EST", "RUS"], "day": [date(1980, 1, 1)] * 4})

    cow = with_coded_actors(numbers, "code", system="cow", description=SOURCE, when="day", table="t")
    iso = with_coded_actors(letters, "code", system="iso3", description=SOURCE, when="day", table="t")

    assert cow.frame["actor"].to_list() == ["DEU", "DEU", "DDR", "SRB"]
    assert iso.frame["actor"].to_list() == ["ROU", "DEU", None, None]
    assert iso.unread["value"].to_list() == ["EST", "RUS"]


def test_a_code_nobody_ever_held_stops_the_load() -> None:
    """A code that is in no list is a slip, or a new actor."""
    frame = pl.DataFrame({"code": ["ZZZ"], "year": [2000]})

    with pytest.raises(SourceError, match="'ZZZ'"):
        with_coded_actors(frame, "code", system="iso3", description=SOURCE, when="year", table="t")


def test_rows_without_a_time_take_the_only_holder() -> None:
    """Without a time, a name or code counts where only one actor ever had it."""
    frame = pl.DataFrame({"who": ["Cuba", "Congo"], "code": ["CUB", "DEU"]})

    named = with_actors(frame, "who", description=SOURCE, when=None, table="t")
    coded = with_coded_actors(frame, "code", system="iso3", description=SOURCE, when=None, table="t")

    assert named.frame["actor"].to_list() == ["CUB", None]
    assert coded.frame["actor"].to_list() == ["CUB", "DEU"]


def test_lists_of_several_tables_are_one() -> None:
    """Lists are put together and sorted; none at all is an empty table of the same columns."""
    assert dict(unread_rows().schema) == {name: dtype() for name, dtype in UNREAD.items()}


@given(st.text(max_size=30), st.one_of(st.none(), st.integers(1800, 2100)))
def test_any_text_gives_an_actor_or_a_reason(text: str, year: int | None) -> None:
    """Whatever a hostile file writes for a name, there is an actor or a reason, and never both."""
    actor, reason = actor_named(text, days=days_of(year), description=SOURCE)

    assert (actor is None) == bool(reason)
