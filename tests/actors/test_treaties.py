"""Defence treaties and treaty status: what the record says, on which day, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.actors import states
from legation.actors.registry import load_all
from legation.actors.treaties import (
    collective_defence_between,
    collective_ties_between,
    load_clauses,
    load_treaties,
    read_treaties,
    treaties_between,
    treaty_status,
)
from legation.actors.types import DefenceTreaty
from legation.errors import FormatError, InputError, UnknownActorError

SUMMER = date(2024, 6, 30)
HEAD = "id,title,parties,obligation,signed,in_force,ended,reference\n"
IDS = sorted(one.id for one in states(SUMMER))
# Signed on the eve of independence by the governments that became the parties.
BEFORE_STATEHOOD = {"CZE-SVK-1992", "KEN-ETH-1963"}


@pytest.mark.parametrize(
    ("a", "b", "on", "status", "ground"),
    [
        ("EST", "USA", SUMMER, "ally", "NATO-5"),
        ("USA", "JPN", SUMMER, "ally", "USA-JPN-1960"),
        ("USA", "KOR", SUMMER, "ally", "USA-KOR-1953"),
        ("CHN", "PRK", SUMMER, "ally", "CHN-PRK-1961"),
        ("RUS", "PRK", date(2024, 12, 4), "ally", "RUS-PRK-2024"),
        ("RUS", "PRK", date(2024, 12, 3), "partner", "RUS-PRK-2000"),
        ("IRL", "AUT", SUMMER, "ally", "EU-42-7"),
        ("IRL", "AUT", date(2009, 11, 30), "none", None),
        ("FRA", "DEU", date(1956, 1, 1), "ally", "WEU-V"),
        ("AUS", "NZL", SUMMER, "ally", "ANZUS-4"),
        ("USA", "NZL", date(1986, 8, 10), "ally", "ANZUS-4"),
        ("USA", "NZL", date(1986, 8, 11), "partner", "UKUSA"),
        ("SWE", "FIN", date(2024, 3, 6), "ally", "EU-42-7"),
        ("MLI", "BFA", SUMMER, "ally", "AES-6"),
        ("GBR", "SGP", SUMMER, "partner", "FPDA-5"),
        ("ESP", "MAR", SUMMER, "partner", "ESP-MAR-1991"),
        ("POL", "HUN", date(1980, 1, 1), "ally", "WARSAW-4"),
        ("ALB", "HUN", date(1970, 1, 1), "none", None),
        ("PAK", "SAU", date(2025, 9, 17), "ally", "PAK-SAU-2025"),
        ("PAK", "SAU", date(2025, 9, 16), "none", None),
        ("ISR", "EGY", SUMMER, "none", "ISR-EGY-1979"),
        ("SAU", "SYR", date(2015, 1, 1), "none", None),
        ("ARG", "GBR", SUMMER, "none", None),
    ],
)
def test_status_of_a_pair_on_a_day(a: str, b: str, on: date, status: str, ground: str | None) -> None:
    """Known pairs stand as they should, on the ground that makes them so, in either order."""
    found = treaty_status(a, b, on=on)

    assert found.status == status == treaty_status(b, a, on=on).status
    names = {one.id if isinstance(one, DefenceTreaty) else one.clause.id for one in found.grounds}
    assert names == set() if ground is None else ground in names


@given(a=st.sampled_from(IDS), b=st.sampled_from(IDS), on=st.dates(date(1940, 1, 1), date(2030, 1, 1)))
def test_status_follows_from_its_grounds(a: str, b: str, on: date) -> None:
    """The status is symmetric, and is what the strongest obligation among the grounds makes it."""
    if a == b:
        with pytest.raises(InputError, match="twice"):
            treaty_status(a, b, on=on)
        return
    found, mirrored = treaty_status(a, b, on=on), treaty_status(b, a, on=on)

    obligations = {one.obligation for one in found.grounds}
    expected = "ally" if "defence" in obligations else "partner" if obligations - {"non_aggression"} else "none"
    assert found.status == expected
    assert found.grounds == mirrored.grounds
    assert all(one.reference for one in found.grounds)
    ties = collective_ties_between(a, b, on=on)
    assert set(collective_defence_between(a, b, on=on)) == {tie for tie in ties if tie.obligation == "defence"}
    assert set(treaties_between(a, b, on=on)) <= set(treaties_between(a, b))


def test_a_suspended_member_is_not_bound_by_the_clause() -> None:
    """Syria's clause with Saudi Arabia sleeps from its suspension in 2011 to its return in 2023."""
    days = [date(2011, 11, 15), date(2011, 11, 16), date(2023, 5, 6), date(2023, 5, 7)]

    assert [bool(collective_defence_between("SAU", "SYR", on=day)) for day in days] == [True, False, False, True]


def test_a_pact_binds_its_parties_not_every_member() -> None:
    """Mauritania is in the Arab League and never joined its defence treaty; Costa Rica did not ratify the framework."""
    assert collective_defence_between("MRT", "EGY", on=SUMMER) == ()
    assert [tie.clause.id for tie in collective_defence_between("CRI", "HND", on=SUMMER)] == ["TIAR-3"]


def test_an_undated_party_is_bound_only_as_a_member() -> None:
    """Bahrain and Oman joined the League in 1971; before, its defence treaty binds neither."""
    days = [date(1960, 1, 1), date(1971, 9, 28), date(1971, 9, 29)]

    assert [bool(collective_defence_between("BHR", "OMN", on=day)) for day in days] == [False, False, True]


def test_an_actor_that_nobody_knows_is_refused() -> None:
    """A well-written id of nobody has no status: it is refused, with what it may mean."""
    with pytest.raises(UnknownActorError, match="ESO"):
        treaty_status("ESO", "USA", on=SUMMER)


def test_a_treaty_counts_to_its_last_day() -> None:
    """The treaty with Taiwan ends with 1979, and its day of entry into force is its first."""
    assert treaties_between("USA", "TWN", on=date(1979, 12, 31))
    assert treaties_between("TWN", "USA", on=date(1980, 1, 1)) == ()
    assert treaties_between("USA", "TWN", on=date(1955, 3, 2)) == ()
    assert [one.id for one in treaties_between("USA", "JPN")] == ["USA-JPN-1951", "USA-JPN-1960"]


def test_successive_treaties_do_not_overlap_on_a_day() -> None:
    """The security treaty of 1960 replaces that of 1951 without a gap."""
    change = date(1960, 6, 23)

    assert [one.id for one in treaties_between("USA", "JPN", on=change)] == ["USA-JPN-1960"]
    assert [one.id for one in treaties_between("USA", "JPN", on=change - timedelta(days=1))] == ["USA-JPN-1951"]


def test_the_record_is_as_large_as_promised() -> None:
    """At least eighty bilateral treaties of every obligation, and the collective clauses that matter."""
    assert len(load_treaties()) >= 80
    assert {one.obligation for one in load_treaties()} == {"defence", "consultation", "cooperation", "non_aggression"}
    assert {"NATO-5", "CST-4", "TIAR-3", "ANZUS-4", "EU-42-7", "AES-6"} <= {one.id for one in load_clauses()}


def test_every_party_is_an_actor_that_exists() -> None:
    """Every id resolves, and the parties exist when a treaty begins and ends, but for the cases that are named."""
    known = load_all()
    early = set()
    for one in load_treaties():
        first, last = one.in_force or one.signed, one.ended or date(2025, 12, 31)
        assert first is not None
        for party in one.parties:
            # England signed the Treaty of Windsor long before the record of states starts.
            if first.year >= 1816 and not known[party].exists(first):
                early.add(one.id)
            assert known[party].exists(last), one.id

    assert early == BEFORE_STATEHOOD


def test_a_status_is_written_as_json() -> None:
    """A result with grounds of both kinds is encoded without loss of its parts."""
    text = msgspec.json.encode(treaty_status("GBR", "FRA", on=SUMMER))

    read = msgspec.json.decode(text)
    assert (read["status"], read["on"]) == ("ally", "2024-06-30")
    assert {"GBR-FRA-2010"} <= {one.get("id") for one in read["grounds"]}


@pytest.mark.parametrize("value", ["", "Estonia", "usa", "USA ", "USA\n", "U$A", "../USA", "A" * 5_000])
@pytest.mark.parametrize(
    "call",
    [
        lambda value: treaty_status("ESP", value, on=SUMMER),
        lambda value: treaties_between(value, "ESP"),
        lambda value: collective_defence_between(value, "ESP", on=SUMMER),
    ],
)
def test_hostile_ids_are_refused(call: Callable[[str], object], value: str) -> None:
    """Whatever is not written as an id is refused, with a short message."""
    with pytest.raises(UnknownActorError) as caught:
        call(value)

    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ("X,T,ESP;MAR,defence,1991-07-04,,,ref\n" * 2, "twice"),
        ("X,T,ESP,defence,1991-07-04,,,ref\n", "not two"),
        ("X,T,ESP;ESP,defence,1991-07-04,,,ref\n", "not two"),
        ("X,T,ESP;MAR;DZA,defence,1991-07-04,,,ref\n", "not two"),
        ("X,T,ESP;MAR,defence,,,,ref\n", "neither signed nor in force"),
        ("X,T,ESP;MAR,defence,1991-07-04,,,\n", "no reference"),
        ("X,T,ESP;MAR,friendship,1991-07-04,,,ref\n", "Invalid enum"),
        ("X,T,ESP;MAR,defence,1991-07-04,1990-01-01,,ref\n", "before its start"),
        ("X,T,ESP;MAR,defence,1991-07-04,,1990-01-01,ref\n", "before its start"),
        ("X,T,ESP;MAR,defence,1991-02-30,,,ref\n", "Invalid"),
    ],
)
def test_a_faulty_table_is_refused(tmp_path: Path, rows: str, match: str) -> None:
    """Every fault of a table of treaties is refused with the file and the rule."""
    path = tmp_path / "treaties.csv"
    path.write_text(HEAD + rows, encoding="utf-8")

    with pytest.raises(FormatError, match=match) as caught:
        read_treaties(path)
    assert "treaties.csv" in str(caught.value)


def test_a_party_that_is_no_id_is_refused(tmp_path: Path) -> None:
    """A country's name in the place of an id is refused."""
    path = tmp_path / "treaties.csv"
    path.write_text(HEAD + "X,T,ESP;Morocco,defence,1991-07-04,,,ref\n", encoding="utf-8")

    with pytest.raises(UnknownActorError, match="Morocco"):
        read_treaties(path)
