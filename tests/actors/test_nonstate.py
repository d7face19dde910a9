"""Non-state actors: how observers treat them on a day, and what the reader refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from legation.actors.nonstate import load_nonstate, read_nonstate, statuses
from legation.actors.registry import load_all
from legation.actors.types import ActorKind
from legation.errors import FormatError, UnknownActorError

HEAD = "id,kind,name,aliases,start,end,reference\n"
STATUS_HEAD = "actor,observer,status,start,end,reference\n"
ACTORS = {one.id: one for one in load_nonstate()}


@pytest.mark.parametrize(
    ("who", "observer", "on", "expected"),
    [
        ("HEZBOLLAH", "USA", date(1997, 10, 7), set()),
        ("HEZBOLLAH", "USA", date(1997, 10, 8), {"listed"}),
        ("HEZBOLLAH", "EU", date(2013, 7, 22), {"listed"}),
        ("TALIBAN", "RUS", date(2025, 4, 16), {"listed"}),
        ("TALIBAN", "RUS", date(2025, 5, 1), set()),
        ("TALIBAN", "RUS", date(2025, 7, 3), {"recognised"}),
        ("ANSAR-ALLAH", "USA", date(2021, 2, 15), {"listed"}),
        ("ANSAR-ALLAH", "USA", date(2021, 2, 16), set()),
        ("HTS", "USA", date(2025, 7, 8), set()),
        ("PLO", "UN", date(1980, 1, 1), {"observer_status"}),
        ("ICRC", "USA", date(2020, 1, 1), set()),
    ],
)
def test_status_of_an_actor_for_an_observer(who: str, observer: str, on: date, expected: set[str]) -> None:
    """A listing or recognition counts from its day to its last, and for its observer alone."""
    assert {one.status for one in statuses(ACTORS[who], observer=observer, on=on)} == expected


def test_statuses_of_all_time_include_those_that_ended() -> None:
    """Without a day both American listings of Ansar Allah are told, with their acts."""
    listed = [one for one in statuses(ACTORS["ANSAR-ALLAH"], observer="USA") if one.status == "listed"]

    assert len(listed) == 2
    assert all(one.reference for one in listed)


def test_the_record_is_as_large_as_promised() -> None:
    """At least twenty-five actors of both kinds, most with a status."""
    assert len(ACTORS) >= 25
    assert {one.kind for one in ACTORS.values()} == {ActorKind.ARMED_GROUP, ActorKind.OTHER}
    assert sum(1 for one in ACTORS.values() if one.statuses) >= 25


def test_every_observer_is_an_actor() -> None:
    """Every observer resolves, every status cites a reference, and no status outlives the actor's start."""
    known = load_all()
    for one in ACTORS.values():
        for status in one.statuses:
            assert status.observer in known
            assert status.reference


def test_an_observer_that_is_no_id_is_refused() -> None:
    """A country's name in the place of an id is refused."""
    with pytest.raises(UnknownActorError, match="Spain"):
        statuses(ACTORS["HAMAS"], observer="Spain")


@pytest.mark.parametrize(
    ("rows", "status_rows", "match"),
    [
        ("A-B,armed_group,A,,,,ref\n" * 2, "", "twice"),
        ("A-B,state,A,,,,ref\n", "", "Invalid enum"),
        ("A-B,armed_group,A,,,,\n", "", "missing required"),
        ("A-B,armed_group,A,,2000-01-01,1999-01-01,ref\n", "", "before its start"),
        ("A-B,armed_group,A,,,,ref\n", "C-D,USA,listed,,,ref\n", "no actor"),
        ("A-B,armed_group,A,,,,ref\n", "A-B,USA,loved,,,ref\n", "Invalid enum"),
        ("A-B,armed_group,A,,,,ref\n", "A-B,USA,listed,2001-01-01,2000-01-01,ref\n", "before its start"),
    ],
)
def test_faulty_tables_are_refused(tmp_path: Path, rows: str, status_rows: str, match: str) -> None:
    """Every fault of the two tables is refused with the rule."""
    path, statuses_path = tmp_path / "nonstate.csv", tmp_path / "nonstate_statuses.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    statuses_path.write_text(STATUS_HEAD + status_rows, encoding="utf-8")

    with pytest.raises(FormatError, match=match):
        read_nonstate(path, statuses_path=statuses_path)


def test_an_id_that_is_none_is_refused(tmp_path: Path) -> None:
    """An id with small letters is refused."""
    path, statuses_path = tmp_path / "nonstate.csv", tmp_path / "nonstate_statuses.csv"
    path.write_text(HEAD + "hamas,armed_group,A,,,,ref\n", encoding="utf-8")
    statuses_path.write_text(STATUS_HEAD, encoding="utf-8")

    with pytest.raises(UnknownActorError, match="hamas"):
        read_nonstate(path, statuses_path=statuses_path)
