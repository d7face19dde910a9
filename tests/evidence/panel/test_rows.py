"""The rows of panels against a slow and plain count of days."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import InputError, MissingEvidenceError
from legation.evidence import panel

_DAYS = st.dates(min_value=date(1816, 1, 1), max_value=date(1820, 12, 31))
_SPELLS = st.lists(st.tuples(st.sampled_from([2, 20, 200, 255]), _DAYS, _DAYS), min_size=1, max_size=6)


def _tables(spells):
    frame = pl.DataFrame(spells, schema={"ccode": pl.Int64, "start": pl.Date, "end": pl.Date}, orient="row")

    def read(name: str) -> pl.DataFrame:
        if name != "cow_system":
            raise MissingEvidenceError(name)
        return frame

    return read


def _apart(spells):
    """Keep spells in the right order, and of one state only those that do not overlap."""
    kept = []
    for code, one, two in spells:
        low, high = min(one, two), max(one, two)
        if all(other != code or high < start or end < low for other, start, end in kept):
            kept.append((code, low, high))
    return kept


def _membership(spells):
    """Return each state's days as a member; a spell that ends on the last day of all goes on to the end of 1820."""
    closes = max(end for *_, end in spells)
    days: dict[int, set[date]] = {}
    for code, start, end in spells:
        last = date(1820, 12, 31) if end == closes else end
        days.setdefault(code, set()).update(start + timedelta(days=n) for n in range((last - start).days + 1))
    return days


def _name(day: date, period: str):
    return {"year": (day.year,), "month": (day.year, day.month), "day": (day, day.year)}[period]


@settings(max_examples=40, deadline=None)
@given(spells=_SPELLS, period=st.sampled_from(["year", "month", "day"]), directed=st.booleans())
def test_dyads_are_pairs_that_share_a_day(spells, period, directed) -> None:
    """A dyad has a row for each period in which both were members on the same day, once, in order."""
    spells = _apart(spells)
    days = _membership(spells)
    wanted = sorted(
        {
            (one, two, *_name(day, period))
            for one in days
            for two in days
            if (one != two if directed else one < two)
            for day in days[one] & days[two]
        }
    )

    design = panel.dyads(first=1816, last=1820, period=period, directed=directed)
    made = design.build(_tables(spells))

    assert made.frame.rows() == wanted
    assert made.duplicates().is_empty()


@settings(max_examples=30, deadline=None)
@given(spells=_SPELLS, period=st.sampled_from(["year", "month", "day"]))
def test_states_have_a_row_for_each_period(spells, period) -> None:
    """A state has a row for each period in which it was a member on some day."""
    spells = _apart(spells)
    wanted = sorted({(code, *_name(day, period)) for code, days in _membership(spells).items() for day in days})

    assert panel.states(first=1816, last=1820, period=period).build(_tables(spells)).frame.rows() == wanted


@settings(max_examples=30, deadline=None)
@given(spells=_SPELLS)
def test_a_shared_year_is_enough_where_it_is_asked_for(spells) -> None:
    """With overlap by year, a dyad has a row for each calendar year in which both were members at some time."""
    spells = _apart(spells)
    years = {code: {day.year for day in days} for code, days in _membership(spells).items()}
    wanted = sorted((a, b, year) for a in years for b in years if a != b for year in years[a] & years[b])

    made = panel.dyads(first=1816, last=1820, overlap="year").build(_tables(spells))

    assert made.frame.rows() == wanted


def test_states_that_follow_each_other_in_a_year_make_no_dyad(tables) -> None:
    """A state that ends on 31 May and one that begins on 1 June of a year never met; by year they did."""
    by_day = panel.dyads(first=1993, last=1993).build(tables).frame
    by_year = panel.dyads(first=1993, last=1993, overlap="year").build(tables).frame

    assert by_day.filter((pl.col("ccode1") == 30) & (pl.col("ccode2") == 40)).is_empty()
    assert by_year.filter((pl.col("ccode1") == 30) & (pl.col("ccode2") == 40)).height == 1


def test_the_note_says_where_the_system_comes_from(tables) -> None:
    """A panel on a world without the system's table says that Legation's own dated codes were read."""
    own = panel.states(first=2000, last=2001).build()
    given = panel.states(first=1990, last=1991).build(tables)

    assert "own dated codes" in own.notes[0]
    assert own.column("ccode").table == "actors"
    assert len(own) > 300
    assert "last day of table cow_system" in given.notes[0]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"first": 2000, "last": 1990}, "reversed"),
        ({"first": 1700, "last": 1900}, "lies outside"),
        ({"first": 1990, "last": 2999}, "lies outside"),
        ({"system": "un"}, "no state system"),
        ({"period": "week"}, "no period"),
        ({"overlap": "month"}, "no overlap"),
        ({"overlap": "year", "period": "day"}, "share only a year"),
    ],
)
def test_spans_and_words_that_make_no_panel_are_refused(asked, says, tables) -> None:
    """A reversed span, a year outside the system, and a word that is not known are refused by name."""
    with pytest.raises(InputError, match=says):
        panel.dyads(**asked).build(tables)


def test_a_system_with_a_date_that_is_none_is_refused(tables_with) -> None:
    """A date that is no date names its table and column."""
    broken = pl.DataFrame({"ccode": [1], "start": ["1990-13-40"], "end": ["1991-01-01"]})

    with pytest.raises(InputError, match=r"1990-13-40.*start is no date"):
        panel.states(first=1990, last=1991).build(tables_with(cow_system=broken))
