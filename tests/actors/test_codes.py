"""Codes at a date: the traps of the state systems, and the comparison with their tables."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.actors import Actor, all_actors, code, crosswalk, from_code, share_a_day, states
from legation.actors.registry import by_code
from legation.errors import InputError, UnknownActorError

ROOT = Path(__file__).resolve().parents[2]
TABLES = (
    "cow_states",
    "isard_cow_system",
    "gw_states",
    "isard_gw_system",
    "crosswalk_cow_gw_year",
    "crosswalk_gw_cow_year",
    "countries_mledoze",
)
DAYS = st.dates(min_value=date(1816, 1, 1), max_value=date(2026, 12, 31))
STATES = st.sampled_from(states())


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """Return the script that compares the record with the published tables."""
    spec = importlib.util.spec_from_file_location("check_states", ROOT / "scripts" / "check_states.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(shared_data: Callable[[str], Path]) -> Path:
    """Return the folder of the reference tables."""
    paths = [shared_data(f"{name}.parquet") for name in TABLES]
    return paths[0].parent


@pytest.mark.parametrize(
    ("who", "system", "on", "expected"),
    [
        ("DEU", "cow", "1900-01-01", "255"),
        ("DEU", "cow", "1990-10-02", "260"),
        ("DEU", "cow", "1990-10-03", "255"),
        ("DEU", "gw", "2000-01-01", "260"),
        ("DEU", "ison", "1990-10-02", "280"),
        ("DEU", "ison", "1990-10-03", "276"),
        ("PRUSSIA", "cow", "1866-07-03", "255"),
        ("YEM", "cow", "1990-05-21", "678"),
        ("YEM", "cow", "1990-05-22", "679"),
        ("YEM", "gw", "1990-05-22", "678"),
        ("YEM", "ison", "1990-05-22", "887"),
        ("YMD", "iso3", "1989-01-01", "YMD"),
        ("TWN", "cow", "1965-01-01", "713"),
        ("TWN", "cow", "1940-01-01", None),
        ("CHN", "cow", "1965-01-01", "710"),
        ("SUN", "cow", "1962-10-22", "365"),
        ("RUS", "cow", "1914-07-28", "365"),
        ("RUS", "iso3", "2000-01-01", "RUS"),
        ("SUN", "iso3", "1991-12-25", "SUN"),
        ("SRB", "cow", "2010-01-01", "345"),
        ("SRB", "gw", "2010-01-01", "340"),
        ("SRB", "iso2", "2010-01-01", "RS"),
        ("YUG", "cow", "1943-01-01", None),
        ("YUG", "gw", "1943-01-01", "345"),
        ("SCG", "iso2", "2005-01-01", "CS"),
        ("CSK", "iso2", "1980-01-01", "CS"),
        ("SARDINIA", "cow", "1859-06-24", "325"),
        ("ITA", "cow", "1861-03-17", "325"),
        ("AUSTRIA-HUNGARY", "gw", "1914-07-28", "300"),
        ("RVN", "iso3", "1970-01-01", "VNM"),
        ("VNM", "iso3", "1970-01-01", "VDR"),
        ("VNM", "iso3", "1980-01-01", "VNM"),
        ("VNM", "cow", "1980-01-01", "816"),
        ("TIBET", "gw", "1920-01-01", "711"),
        ("TIBET", "cow", "1920-01-01", None),
        ("COD", "iso3", "1997-07-13", "ZAR"),
        ("COD", "iso3", "1997-07-14", "COD"),
        ("BEN", "iso3", "1977-06-01", "BEN"),
        ("BEN", "iso3", "1976-06-01", "DHY"),
        ("MMR", "iso2", "1985-01-01", "BU"),
        ("TLS", "iso3", "2003-01-01", "TLS"),
        ("ROU", "iso3", "2001-01-01", "ROM"),
        ("SDN", "ison", "2011-07-09", "729"),
        ("ETH", "ison", "1990-01-01", "230"),
        ("PAN", "ison", "1979-09-30", "590"),
        ("KIR", "cow", "2005-01-01", "946"),
        ("KIR", "gw", "2005-01-01", "970"),
        ("NRU", "cow", "2005-01-01", "970"),
        ("XKX", "cow", "2010-01-01", "347"),
        ("XKX", "ison", "2010-01-01", None),
        ("BEL", "cow", "1942-01-01", None),
        ("BEL", "gw", "1942-01-01", "211"),
    ],
)
def test_a_code_depends_on_the_day(who: str, system: str, on: str, expected: str | None) -> None:
    """The known traps of changing codes give what each system says on that day."""
    assert expected == code(who, system=system, on=date.fromisoformat(on))


def test_without_a_day_today_or_the_last_code_is_given() -> None:
    """A state of the past answers with the code it had last."""
    assert (code("DEU", system="cow"), code("YEM", system="ison"), code("SUN", system="iso3")) == ("255", "887", "SUN")
    assert code("COD", system="iso3") == "COD"


@given(STATES, DAYS, st.sampled_from(("iso2", "iso3", "ison", "cow", "gw")))
def test_a_code_leads_back_to_its_holder(state: Actor, on: date, system: str) -> None:
    """What a state holds on a day is held by that state alone on that day."""
    held = code(state, system=system, on=on)

    assert held is None or from_code(held, system=system, on=on) == state


def test_no_code_has_two_holders_on_one_day() -> None:
    """Within a system a code means one actor at a time; ISO's overlap only where the holder does not exist."""
    for (system, value), holders in by_code().items():
        for (one, first), (other, second) in combinations(holders, 2):
            start = max(one.start or date.min, other.start or date.min)
            end = min(one.end or date.max, other.end or date.max)
            if first.id != second.id and start <= end:
                shared = [spell for spell in first.spells if any(_meet(spell, each) for each in second.spells)]
                assert system.startswith("iso"), (system, value)
                assert not shared, (system, value)


def _meet(one: object, other: object) -> bool:
    start = max(one.start or date.min, other.start or date.min)
    return start <= min(one.end or date.max, other.end or date.max)


@pytest.mark.parametrize(
    ("value", "source", "target", "on", "expected"),
    [
        (345, "cow", "gw", "2010-06-01", "340"),
        (345, "cow", "gw", "1980-06-01", "345"),
        (255, "cow", "gw", "2000-06-01", "260"),
        (260, "gw", "cow", "2000-06-01", "255"),
        (679, "cow", "gw", "2000-06-01", "678"),
        ("YU", "iso2", "cow", "1999-06-01", "345"),
        ("004", "ison", "iso3", "1999-06-01", "AFG"),
        (711, "gw", "cow", "1920-06-01", None),
    ],
)
def test_crosswalk_goes_through_the_holder(
    value: str | int, source: str, target: str, on: str, expected: str | None
) -> None:
    """A code is carried to another system on the same day."""
    assert expected == crosswalk(value, source=source, target=target, on=date.fromisoformat(on))


def test_a_code_that_is_not_valid_on_the_day_is_refused_with_its_dates() -> None:
    """The refusal says when the code was valid and who is there on the day."""
    with pytest.raises(UnknownActorError, match="1941-04-20") as caught:
        from_code(345, system="cow", on=date(1943, 1, 1))

    assert caught.value.suggestions == ("YUG",)


def test_a_code_of_another_system_is_pointed_out() -> None:
    """ISO's number for Germany is no COW number, and the refusal says whose it is."""
    with pytest.raises(UnknownActorError, match="276 is a code of ison"):
        from_code(276, system="cow")


def test_a_code_with_past_holders_alone_needs_a_day() -> None:
    """The alpha-2 code CS had two holders, and neither has it now."""
    with pytest.raises(UnknownActorError, match=r"CSK.*SCG"):
        from_code("CS", system="iso2")

    assert from_code("CS", system="iso2", on=date(2005, 1, 1)).id == "SCG"


def test_without_a_day_a_code_goes_to_its_present_holder() -> None:
    """Sources that write today's codes at all dates are read without a day."""
    assert [from_code(value, system="cow").id for value in (365, 255, 345)] == ["RUS", "DEU", "SRB"]
    assert from_code("VNM", system="iso3").id == "VNM"


@pytest.mark.parametrize("value", [0, -1, 1000, True, 2.0, None, "", "\0", "9" * 300])
def test_a_value_that_is_no_code_is_refused(value: object) -> None:
    """Numbers out of range, other types and control characters are named as faults of the input."""
    with pytest.raises(InputError):
        from_code(value, system="cow")


@pytest.mark.parametrize("system", ["COW", "iso", "", None, "x" * 1000])
def test_an_unknown_system_is_refused_with_the_allowed_ones(system: object) -> None:
    """The refusal lists the systems there are."""
    with pytest.raises(InputError, match="iso2, iso3, ison, cow, gw"):
        code("ESP", system=system)


def test_a_day_must_be_a_date() -> None:
    """A text in place of a date is refused before anything is compared."""
    with pytest.raises(InputError, match="not a date"):
        code("ESP", system="cow", on="2020-01-01")


@pytest.mark.parametrize(
    ("a", "b", "year", "system", "expected"),
    [
        ("255", "265", 1990, "cow", False),
        ("678", "679", 1990, "cow", False),
        ("817", "910", 1975, "cow", False),
        ("2", "200", 1990, "cow", True),
        ("CSK", "CZE", 1993, None, False),
        ("DEU", "DDR", 1990, None, True),
        ("SUN", "RUS", 1991, None, False),
        ("SUN", "RUS", 1922, None, False),
    ],
)
def test_states_that_never_meet_make_no_dyad(a: str, b: str, year: int, system: str | None, *, expected: bool) -> None:
    """A common year is not enough: there must be a common day."""
    assert expected is share_a_day(a, b, year=year, system=system)
    assert expected is share_a_day(b, a, year=year, system=system)


@pytest.mark.parametrize("year", [0, 10_000, "1990", None, 10**30])
def test_a_year_out_of_the_calendar_is_refused(year: object) -> None:
    """A year that the calendar does not have is named."""
    with pytest.raises(InputError, match="calendar year"):
        share_a_day("ESP", "PRT", year=year)


@pytest.mark.needs_shared
def test_cow_has_sixty_directed_dyads_without_a_common_day(folder: Path, check: ModuleType) -> None:
    """The record finds exactly the pairs that COW's own table has: 30 pairs of states in a year, 60 directed."""
    table = check.table_spells(folder / "cow_states.parquet")
    expected = _never_met(table, last=2016)

    found = _never_met(check.code_spells("cow"), last=2016)

    assert len(expected) == 30
    assert found == expected
    for one, other, year in expected:
        assert not share_a_day(str(one), str(other), year=year, system="cow")


def _never_met(spells: dict[int, list[tuple[date, date]]], *, last: int) -> set[tuple[int, int, int]]:
    found = set()
    for year in range(1816, last + 1):
        first, final = date(year, 1, 1), date(year, 12, 31)
        present = {
            number: clipped
            for number, stretches in spells.items()
            if (clipped := [(max(s, first), min(e, final)) for s, e in stretches if s <= final and e >= first])
        }
        for one, other in combinations(sorted(present), 2):
            if not any(max(a, c) <= min(b, d) for a, b in present[one] for c, d in present[other]):
                found.add((one, other, year))
    return found


@pytest.mark.needs_shared
def test_every_difference_from_the_tables_has_a_reason(folder: Path, check: ModuleType) -> None:
    """What differs from the published tables is meant, and says why."""
    found = check.differences(folder)

    assert [one for one in found if not one.reason] == []
    assert {"cow_states", "gw_states", "isard_gw_system", "crosswalk_gw_cow_year"} <= {one.table for one in found}


@pytest.mark.needs_shared
def test_the_reference_page_lists_exactly_the_differences(folder: Path, check: ModuleType) -> None:
    """The generated tables of the page are those that the script writes today."""
    page = check.PAGE.read_text(encoding="utf-8")

    assert page == check.filled(page, folder), "run scripts/check_states.py ../shared/data --write"


@pytest.mark.needs_shared
def test_a_wrong_date_is_found(folder: Path, check: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison notices one day's change in one spell."""
    altered = check.code_spells("cow")
    start, end = altered[230][0]
    altered[230] = [(start + timedelta(days=1), end)]
    monkeypatch.setattr(check, "code_spells", lambda _: altered)

    found = [one for one in check.differences(folder) if one.subject == "cow 230"]

    assert [one.table for one in found] == ["cow_states", "isard_cow_system"]
    assert not any(one.reason for one in found)


def test_every_reason_of_the_comparison_is_used(check: ModuleType) -> None:
    """The page explains no kind of difference that does not occur."""
    used = " ".join(row[4] for row in check.comparisons())

    assert all(key in used for key in check.COMPARISONS)


def test_every_state_but_those_outside_both_systems_has_a_number() -> None:
    """A state without a COW or Gleditsch-Ward number is one that neither counts."""
    without = {
        one.id
        for one in all_actors()
        if one.kind == "state" and not {"cow", "gw"} & {each.system for each in one.codes}
    }

    assert without == {"COK", "NIU", "VAT", "PSE", "ESH"}
