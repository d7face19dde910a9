"""Organisations and memberships: what is true of the record, what callers get, and what the reader refuses."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.actors import actor
from legation.actors._facts import DATA
from legation.actors.memberships import (
    is_member,
    load_memberships,
    members,
    memberships,
    read_memberships,
    shared_organisations,
)
from legation.actors.organisations import load_organisations, organisation, organisations, read_organisations
from legation.actors.registry import load_all
from legation.errors import FormatError, InputError, UnknownActorError

SUMMER = date(2024, 6, 30)
HEAD = "organisation,member,start,end,status,act,end_act\n"
ORGANISATION_HEAD = "id,name,aliases,start,end,act,end_act,predecessors,successors\n"
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))

# Memberships that began before the record lets the state begin: colonies, Soviet republics, peoples, and a day's play.
BEFORE_STATEHOOD = {
    *(("CARICOM", who) for who in ("ATG", "BLZ", "DMA", "KNA", "LCA", "VCT")),
    *(("OECS", who) for who in ("ATG", "KNA")),
    *(("UN", who) for who in ("BLR", "IND", "PHL", "PSE", "RUS", "SYR", "UKR")),
    *(("LAS", who) for who in ("JOR", "PSE", "SYR")),
    ("CIS", "RUS"),
    ("OIC", "PSE"),
    ("OSCE", "RUS"),
}

Table = Callable[[str], Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Return a function that writes a table and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "memberships.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("name", "count"),
    [
        *(("UN", 193), ("NATO", 32), ("EU", 27), ("OSCE", 57), ("AU", 55), ("ECOWAS", 15), ("ASEAN", 10)),
        *(("CSTO", 6), ("SCO", 9), ("LAS", 22), ("GCC", 6), ("OAS", 34), ("COE", 46), ("COMMONWEALTH", 56)),
        *(("FIVE-EYES", 5), ("QUAD", 4), ("AUKUS", 3), ("ANZUS", 3), ("NORDEFCO", 5), ("JEF", 10), ("OIC", 57)),
        *(("WASSENAAR", 42), ("MTCR", 35), ("NSG", 48), ("TIAR", 17), ("PESCO", 26), ("PIF", 18), ("APEC", 21)),
    ],
)
def test_an_organisation_has_as_many_members_as_it_says(name: str, count: int) -> None:
    """The number of members in summer 2024 is the one that each organisation publishes."""
    assert len(members(name, on=SUMMER)) == count


@pytest.mark.parametrize(
    ("name", "who", "first"),
    [
        ("NATO", "SWE", date(2024, 3, 7)),
        ("NATO", "DEU", date(1955, 5, 6)),
        ("UN", "CHE", date(2002, 9, 10)),
        ("UN", "SSD", date(2011, 7, 14)),
        ("UN", "NGA", date(1960, 10, 7)),
        ("EU", "HRV", date(2013, 7, 1)),
        ("ASEAN", "TLS", date(2025, 10, 26)),
        ("AU", "MAR", date(2017, 1, 31)),
        ("CSTO", "UZB", date(2006, 8, 16)),
    ],
)
def test_membership_starts_on_the_day_of_accession(name: str, who: str, first: date) -> None:
    """A member is in on the day of its accession, and not the day before."""
    assert is_member(who, name, on=first)
    assert not is_member(who, name, on=first - timedelta(days=1))


@pytest.mark.parametrize(
    ("name", "who", "last"),
    [
        ("EU", "GBR", date(2020, 1, 31)),
        ("ECOWAS", "MLI", date(2025, 1, 28)),
        ("OAS", "NIC", date(2023, 11, 18)),
        ("COE", "RUS", date(2022, 3, 15)),
        ("CSTO", "GEO", date(1999, 4, 20)),
        ("WARSAW-PACT", "ALB", date(1968, 9, 13)),
        ("TIAR", "MEX", date(2004, 9, 5)),
    ],
)
def test_membership_ends_on_its_last_day(name: str, who: str, last: date) -> None:
    """A leaver is in on its last day, and not the day after."""
    assert is_member(who, name, on=last)
    assert not is_member(who, name, on=last + timedelta(days=1))


def test_chinas_seat_passes_on_one_day() -> None:
    """On 24 October 1971 Taiwan sits in the UN, on the 25th the People's Republic, and never both."""
    before, after = date(1971, 10, 24), date(1971, 10, 25)

    assert (is_member("TWN", "UN", on=before), is_member("CHN", "UN", on=before)) == (True, False)
    assert (is_member("TWN", "UN", on=after), is_member("CHN", "UN", on=after)) == (False, True)


def test_suspension_does_not_end_membership() -> None:
    """A suspended member is a member, unless the caller asks for those that take part."""
    assert is_member("SDN", "AU", on=SUMMER)
    assert not is_member("SDN", "AU", on=SUMMER, include_suspended=False)
    assert "SDN" not in members("AU", on=SUMMER, include_suspended=False)


def test_observers_and_associates_are_no_members() -> None:
    """The Holy See observes the UN, Turkmenistan is associated with the CIS: both are rows, neither is a member."""
    assert [row.status for row in memberships("VAT", on=SUMMER) if row.organisation == "UN"] == ["observer"]
    assert "VAT" not in members("UN", on=SUMMER)
    assert not is_member("TKM", "CIS", on=SUMMER)


def test_an_organisation_has_no_members_outside_its_life() -> None:
    """Before its founding and after its end an organisation is empty, whatever its rows say."""
    assert members("WARSAW-PACT", on=date(1991, 7, 2)) == ()
    assert members("OIC", on=date(1969, 9, 24)) == ()
    assert "WARSAW-PACT" not in {one.id for one in organisations(date(1992, 1, 1))}
    assert len(organisations()) == len(load_organisations()) >= 50


def test_shared_organisations_are_those_of_both() -> None:
    """Spain and Morocco meet in the UN, not in NATO; the answer does not depend on the order."""
    shared = shared_organisations("ESP", "MAR", on=SUMMER)

    assert {"UN", "5PLUS5-DEFENCE"} <= set(shared)
    assert "NATO" not in shared
    assert shared == shared_organisations("MAR", "ESP", on=SUMMER) == tuple(sorted(shared))


def test_memberships_of_all_time_and_of_a_day_differ() -> None:
    """Without a day every row of an actor is returned, also those that ended."""
    ever = {row.organisation for row in memberships("MLI")}
    today = {row.organisation for row in memberships("MLI", on=date(2025, 6, 1))}

    assert "ECOWAS" in ever - today
    assert "AES" in today <= ever


@given(on=DAYS, name=st.sampled_from([one.id for one in load_organisations()]))
def test_membership_answers_agree(on: date, name: str) -> None:
    """On every day `members`, `is_member` and `memberships` tell the same story."""
    found = members(name, on=on)

    assert found == tuple(sorted(set(found)))
    assert all(is_member(who, name, on=on) for who in found)
    rows = {row.member for row in load_memberships() if row.organisation == name}
    full = {
        who for who in rows if any(r.organisation == name and r.status == "member" for r in memberships(who, on=on))
    }
    assert set(found) == full


def test_every_member_is_an_actor_that_exists() -> None:
    """Every id resolves, and a state belongs to nothing before it exists, but for the cases that are named."""
    known = load_all()
    early = {
        (row.organisation, row.member)
        for row in load_memberships()
        if row.start is not None and not known[row.member].exists(row.start)
    }

    assert {row.member for row in load_memberships()} <= set(known)
    assert early <= BEFORE_STATEHOOD


def test_no_membership_outlives_its_member_or_organisation() -> None:
    """A row ends no later than the state and the organisation, and starts no earlier than the organisation."""
    known = load_all()
    for row in load_memberships():
        body = known[row.organisation]
        last = row.end or min(date(2025, 12, 31), body.spells[-1].end or date.max)
        assert known[row.member].exists(last), row
        assert body.exists(last), row
        assert row.start is None or body.exists(row.start), row


def test_every_act_of_a_dated_row_is_specific() -> None:
    """A row cites an act; one without a start says what is known instead of a day."""
    for row in load_memberships():
        assert len(row.act) > 10, row
        if row.start is None:
            assert re.search(r"not verified|\d{4}", row.act), row


def test_names_of_organisations_are_unique() -> None:
    """No id, name or alias is shared by two organisations, so a look-up by name has one answer."""
    seen: dict[str, str] = {}
    for one in load_organisations():
        for text in {one.id, one.name, *one.aliases}:
            assert seen.setdefault(text.casefold(), one.id) == one.id


def test_predecessors_and_successors_name_each_other() -> None:
    """The African Union follows the OAU, and the OAU says so."""
    for one in load_organisations():
        assert all(one.id in organisation(other).successors for other in one.predecessors)
        assert all(one.id in organisation(other).predecessors for other in one.successors)
    assert organisation("OAU").successors == ("AU",)


def test_an_undated_membership_waits_for_the_member() -> None:
    """Kazakhstan joined the OIC in 1995 on a day not verified: it counts from its independence, never before."""
    assert not is_member("KAZ", "OIC", on=date(1980, 1, 1))
    assert is_member("KAZ", "OIC", on=SUMMER)


@pytest.mark.parametrize("name", ["XYZ", "SPA", "NATOO"])
def test_an_actor_that_nobody_knows_is_refused(name: str) -> None:
    """A well-written id of nobody is refused; it is not taken for an actor without memberships."""
    with pytest.raises(UnknownActorError, match=name):
        memberships(name)
    with pytest.raises(UnknownActorError, match=name):
        is_member(name, "NATO", on=SUMMER)


@pytest.mark.parametrize("name", ["NATOO", "ZZZ", "EST"])
def test_an_unknown_organisation_is_refused_with_suggestions(name: str) -> None:
    """A wrong id, or a state's, is refused; near misses are suggested."""
    with pytest.raises(UnknownActorError) as caught:
        members(name, on=SUMMER)

    assert name in str(caught.value)
    if name == "NATOO":
        assert caught.value.suggestions[0] == "NATO"


@pytest.mark.parametrize(
    "value", ["", " ", "Spain", "est", "ESP\n", "ESP;DROP", "=1+1", "E\0", "-ES", "A" * 10_000, "\uff25\uff33\uff30"]
)
def test_hostile_ids_are_refused(value: str) -> None:
    """Whatever is not written as an id is refused wherever an id is asked for, with a short message."""
    for call in (
        lambda: members(value, on=SUMMER),
        lambda: memberships(value),
        lambda: is_member(value, "NATO", on=SUMMER),
        lambda: shared_organisations("ESP", value, on=SUMMER),
    ):
        with pytest.raises(UnknownActorError) as caught:
            call()
        assert len(str(caught.value)) < 300


def test_a_pair_needs_two_actors() -> None:
    """An actor shares no organisation with itself."""
    with pytest.raises(InputError, match="twice"):
        shared_organisations("ESP", "ESP", on=SUMMER)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "columns"),
        ("organisation,member\n", "columns"),
        (HEAD + "NATO,ESP,1982-05-30\n", "3 cells"),
        (HEAD + "NATO,ESP,30/05/1982,,member,act,\n", "Invalid RFC3339"),
        (HEAD + "NATO,ESP,1982-05-30,,boss,act,\n", "Invalid enum"),
        (HEAD + "NATO,ESP,1982-05-30,,member,,\n", "no act"),
        (HEAD + "NATO,ESP,1982-05-30,1980-01-01,member,act,left\n", "before its start"),
        (HEAD + "NATO,ESP,1982-05-30,1990-01-01,member,act,\n", "come together"),
        (HEAD + "NATO,ESP,1982-05-30,,member,act,\nNATO,ESP,1999-01-01,,member,act,\n", "twice"),
        (HEAD + "NATO,ESP,,,member,act,\nNATO,ESP,,,member,act,\n", "twice"),
        (HEAD + 'NATO,"ESP,1982-05-30,,member,act,\n', "line"),
        (HEAD + f"NATO,ESP,1982-05-30,,member,{'x' * 2_000},\n", "longer"),
        ("\ufeff" + HEAD, "byte-order"),
        (HEAD + "NATO,ESP\0,1982-05-30,,member,act,\n", "NUL"),
    ],
)
def test_a_faulty_table_is_refused(table: Table, text: str, match: str) -> None:
    """Every fault is refused with the file and what is wrong."""
    with pytest.raises(FormatError, match=match) as caught:
        read_memberships(table(text))

    assert "memberships.csv" in str(caught.value)


def test_a_row_of_an_unknown_organisation_is_refused(table: Table) -> None:
    """A membership in a body that the record lacks is refused."""
    with pytest.raises(UnknownActorError, match="NOBODY"):
        read_memberships(table(HEAD + "NOBODY,ESP,1982-05-30,,member,act,\n"))


def test_a_missing_or_binary_table_is_refused(tmp_path: Path) -> None:
    """A file that is not there, or not text, is refused as a file."""
    binary = tmp_path / "memberships.csv"
    binary.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(FormatError, match="cannot be read"):
        read_memberships(tmp_path / "nothing.csv")
    with pytest.raises(FormatError, match="cannot be read"):
        read_memberships(binary)


def test_an_organisation_is_read_once(tmp_path: Path) -> None:
    """An id that occurs twice, or an end before the start, is refused."""
    path = tmp_path / "organisations.csv"
    path.write_text(ORGANISATION_HEAD + "AAA,A,,2000-01-01,,act,,,\n" * 2, encoding="utf-8")
    with pytest.raises(FormatError, match="twice"):
        read_organisations(path)

    path.write_text(ORGANISATION_HEAD + "AAA,A,,2000-01-01,1999-01-01,act,,,\n", encoding="utf-8")
    with pytest.raises(FormatError, match="before its start"):
        read_organisations(path)


@given(cells=st.lists(st.text(max_size=20), min_size=7, max_size=7))
def test_no_cell_breaks_the_reader(cells: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a row holds, it is read or refused with an error of ours."""
    path = tmp_path_factory.mktemp("facts") / "memberships.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(HEAD)
        csv.writer(file).writerow(cells)

    try:
        (row,) = read_memberships(path)
    except InputError:
        return
    assert row.organisation in {one.id for one in load_organisations()}


def test_the_table_reads_back_as_it_is_written(tmp_path: Path) -> None:
    """The shipped table, written again from what was read, is the shipped table."""
    path = tmp_path / "memberships.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD.strip().split(","))
        for row in load_memberships():
            dates = (day.isoformat() if day else "" for day in (row.start, row.end))
            writer.writerow([row.organisation, row.member, *dates, row.status, row.act, row.end_act])

    assert path.read_text(encoding="utf-8") == (DATA / "memberships.csv").read_text(encoding="utf-8")


def test_an_organisation_is_found_among_all_actors() -> None:
    """The registry of actors holds the organisations too."""
    assert actor("NATO").name == "North Atlantic Treaty Organization"
