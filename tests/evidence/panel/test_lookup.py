"""Dense look-ups against a plain left join, on small random tables."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import InputError, MissingEvidenceError, SourceError
from legation.evidence import panel

_CODES = (2, 20, 200)
_YEARS = (1900, 1904)
_ALWAYS = pl.DataFrame(
    {"ccode": _CODES, "start": [date(1899, 1, 1)] * 3, "end": [date(1904, 12, 31)] * 3},
    schema={"ccode": pl.Int64, "start": pl.Date, "end": pl.Date},
)
_STATE_ROWS = st.dictionaries(
    st.tuples(st.sampled_from((*_CODES, 999)), st.integers(1897, 1907)), st.none() | st.integers(-5, 5), min_size=1
)
_DYAD_ROWS = st.dictionaries(
    st.tuples(st.sampled_from((*_CODES, 999)), st.sampled_from((*_CODES, 999)), st.integers(1897, 1907)),
    st.tuples(st.none() | st.integers(-5, 5), st.none() | st.integers(-5, 5)),
    min_size=1,
)


def _tables(**others):
    held = {"cow_system": _ALWAYS, **others}

    def read(name: str) -> pl.DataFrame:
        if name not in held:
            raise MissingEvidenceError(name)
        return held[name]

    return read


@settings(max_examples=40, deadline=None)
@given(rows=_STATE_ROWS)
def test_states_are_found_as_by_a_join(rows) -> None:
    """Each side of a dyad gets its own state's value of the year, as a left join would give."""
    frame = pl.DataFrame(
        [(code, year, value) for (code, year), value in rows.items()],
        schema={"ccode": pl.Int64, "year": pl.Int64, "x": pl.Int64},
        orient="row",
    )
    made = panel.dyads(first=_YEARS[0], last=_YEARS[1]).add("table:t").build(_tables(t=frame)).frame

    for one, two, year, left, right in made.rows():
        assert left == rows.get((one, year))
        assert right == rows.get((two, year))


@settings(max_examples=40, deadline=None)
@given(rows=_DYAD_ROWS, directed=st.booleans())
def test_dyads_are_found_as_by_a_join(rows, directed) -> None:
    """A table that lists each direction answers for that direction only."""
    frame = _dyad_frame({key: value for key, value in rows.items() if key[0] != key[1]} or {(2, 20, 1900): (1, 2)})
    held = {row[:3]: row[3:] for row in frame.rows()}
    made = panel.dyads(first=_YEARS[0], last=_YEARS[1], directed=directed)
    found = made.add(panel.verb("table:t", direction="as_listed")).build(_tables(t=frame)).frame

    for *key, x1, x2 in found.rows():
        assert (x1, x2) == held.get(tuple(key), (None, None))


@settings(max_examples=40, deadline=None)
@given(rows=_DYAD_ROWS)
def test_a_table_without_direction_answers_both_ways(rows) -> None:
    """In the other direction the columns that end in 1 and 2 change places; the others stay."""
    rows = {key: value for key, value in rows.items() if key[0] < key[1]} or {(2, 20, 1900): (1, 2)}
    frame = _dyad_frame(rows).with_columns(same=pl.col("x1"))
    made = panel.dyads(first=_YEARS[0], last=_YEARS[1]).add("table:t").build(_tables(t=frame)).frame

    for one, two, year, x1, x2, same in made.rows():
        low, high = rows.get((min(one, two), max(one, two), year), (None, None))
        assert (x1, x2) == ((low, high) if one < two else (high, low))
        assert same == low


def _dyad_frame(rows) -> pl.DataFrame:
    return pl.DataFrame(
        [(*key, *value) for key, value in rows.items()],
        schema={"ccode1": pl.Int64, "ccode2": pl.Int64, "year": pl.Int64, "x1": pl.Int64, "x2": pl.Int64},
        orient="row",
    )


def test_no_row_means_zero_only_where_the_source_is_complete() -> None:
    """By default what is not listed is missing; told that the table is complete, it is zero inside its years only."""
    frame = pl.DataFrame({"ccode": [2, 20], "year": [1901, 1903], "x": [5, None]})
    missing = panel.states(first=1900, last=1904).add("table:t").build(_tables(t=frame)).frame
    zero = panel.states(first=1900, last=1904).add(panel.verb("table:t", absent="zero")).build(_tables(t=frame)).frame

    assert missing.get_column("x").null_count() == len(missing) - 1
    assert zero.filter(pl.col("ccode") == 2).get_column("x").to_list() == [None, 5, 0, 0, None]
    assert zero.filter(pl.col("ccode") == 20).get_column("x").to_list() == [None, 0, 0, None, None]


def test_a_source_that_answers_twice_is_refused_with_its_rows() -> None:
    """Two rows for one state and year never multiply the panel's rows: they are named and refused."""
    frame = pl.DataFrame({"ccode": [2, 20, 2], "year": [1901, 1901, 1901], "x": [1, 2, 3]})

    with pytest.raises(SourceError, match=r"Table t answers twice for 1 .*rows 1 and 3 \(2, 1901, 1\)"):
        panel.states(first=1900, last=1904).add("table:t").build(_tables(t=frame))


@pytest.mark.parametrize(("rule", "value"), [("first", 1), ("last", 3), ("largest", 3), ("mean", 2)])
def test_a_named_rule_chooses_among_repeats(rule, value) -> None:
    """With a rule by name, repeated rows of a table become one."""
    frame = pl.DataFrame({"ccode": [2, 20, 2], "year": [1901, 1901, 1901], "x": [1, 2, 3]})
    made = panel.states(first=1901, last=1901).add(panel.verb("table:t", several=rule)).build(_tables(t=frame)).frame

    assert made.get_column("x").to_list() == [value, 2, None]


def test_both_directions_and_one_more_are_refused() -> None:
    """A table taken as without direction that lists a pair both ways answers twice."""
    frame = pl.DataFrame({"ccode1": [2, 20], "ccode2": [20, 2], "year": [1901, 1901], "x": [1, 2]})

    with pytest.raises(SourceError, match="answers twice"):
        panel.dyads(first=1900, last=1904).add(panel.verb("table:t", direction="both")).build(_tables(t=frame))
    assert len(panel.dyads(first=1900, last=1904).add("table:t").build(_tables(t=frame))) == 30


@settings(max_examples=30, deadline=None)
@given(
    spells=st.lists(
        st.tuples(st.sampled_from(_CODES), st.integers(0, 1500), st.integers(0, 400)), min_size=1, max_size=6
    ),
    rule=st.sampled_from(["first", "last"]),
)
def test_dated_rows_are_found_by_day_and_by_year(spells, rule) -> None:
    """By day the spell that covers the day counts; by year the first or last spell that touches the year."""
    kept = []
    for code, start, length in spells:  # of one pair, spells that do not overlap
        low, high = date(1900, 1, 1) + timedelta(start), date(1900, 1, 1) + timedelta(start + length)
        if all(other != code or high < one or two < low for other, one, two, _ in kept):
            kept.append((code, low, high, len(kept) + 1))
    kept = [row for row in kept if row[0] != 2] or [(20, date(1900, 5, 1), date(1901, 5, 1), 3)]
    frame = pl.DataFrame(
        [(2, *row) for row in kept] + [(row[0], 2, *row[1:]) for row in kept],
        schema={"ccode1": pl.Int64, "ccode2": pl.Int64, "stdate": pl.Date, "enddate": pl.Date, "conttype": pl.Int64},
        orient="row",
    )
    read = _tables(cow_contdir=frame)
    wanted = panel.verb("contiguity", changes=rule)

    for one, two, year, found in panel.dyads(first=1900, last=1904).add(wanted).build(read).frame.rows():
        touching = [
            (low, number)
            for code, low, high, number in kept
            if {one, two} == {2, code} and low.year <= year <= high.year
        ]
        assert (found or 0) == (min(touching)[1] if rule == "first" else max(touching)[1]) if touching else not found
    by_day = panel.dyads(first=1901, last=1901, period="day").add(wanted).build(read).frame
    for one, two, day, _, found in by_day.rows():
        covering = [number for code, low, high, number in kept if {one, two} == {2, code} and low <= day <= high]
        assert (found or 0) == (covering[0] if covering else 0)


def test_the_other_systems_numbers_are_read_through_the_crosswalk(tables) -> None:
    """A panel of Gleditsch-Ward states reads a COW table by the COW number of the year, and says so."""
    made = panel.states(system="gw", first=1990, last=1991).add("nmc").build(tables)

    assert made.frame.filter(pl.col("gwcode") == 11).get_column("tpop").to_list() == [1.0, 2.0]
    assert made.column("tpop").keyed_by == "gw_cow_years"


def test_a_crosswalk_that_answers_twice_is_refused(tables_with) -> None:
    """A crosswalk with two numbers for one state and year cannot be used."""
    walk = pl.DataFrame({"ccode": [10, 10], "gwcode": [11, 12], "year": [1990, 1990]})

    with pytest.raises(SourceError, match="two numbers for ccode 10 in 1990"):
        panel.states(first=1990, last=1990).add("codes").build(tables_with(cow_gw_years=walk))


def test_a_table_of_another_shape_is_refused(tables_with) -> None:
    """A table that lacks a documented column names it, and a table of months or of nobody is refused."""
    with pytest.raises(SourceError, match="Table cow_nmc lacks milper"):
        panel.states(first=1990, last=1990).add("nmc").build(
            tables_with(cow_nmc=pl.DataFrame({"ccode": [10], "year": [1990], "milex": [1.0]}))
        )
    with pytest.raises(InputError, match="per month"):
        panel.states(first=1990, last=1990).add("table:t").build(
            tables_with(t=pl.DataFrame({"ccode": [10], "year": [1990], "month": [1], "x": [1]}))
        )
    with pytest.raises(InputError, match="neither states nor dyads"):
        panel.states(first=1990, last=1990).add("table:t").build(tables_with(t=pl.DataFrame({"who": ["a"], "x": [1]})))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"ccode": [2.5], "year": [1901], "x": [1]}, r"row 1: 2.5 in column ccode is no whole number"),
        ({"ccode": ["USA"], "year": [1901], "x": [1]}, "'USA' in column ccode"),
        ({"ccode": [2, 20], "year": [1901, None], "x": [1, 2]}, "row 2 has no year"),
        ({"ccode": [2], "year": ["191x"], "x": [1]}, "'191x' in column year"),
    ],
)
def test_codes_and_years_that_are_no_numbers_are_refused(table, says) -> None:
    """A code or year that is no whole number names its row; it is never rounded or dropped."""
    with pytest.raises(SourceError, match=says):
        panel.states(first=1900, last=1904).add("table:t").build(_tables(t=pl.DataFrame(table)))


@pytest.mark.parametrize(
    "spells",
    [
        [(2, date(1990, 1, 1), date(1989, 1, 1))],
        [(2, date(1990, 1, 1), date(1995, 1, 1)), (2, date(1994, 1, 1), date(1999, 1, 1))],
        [(2, date(1990, 1, 1), None)],
        [],
    ],
)
def test_a_system_with_spells_that_cannot_be_is_refused(spells) -> None:
    """Reversed, overlapping, open or no spells of a state system are refused."""
    frame = pl.DataFrame(spells, schema={"ccode": pl.Int64, "start": pl.Date, "end": pl.Date}, orient="row")

    with pytest.raises(SourceError, match="Table cow_system"):
        panel.states(first=1990, last=1995).build(_tables(cow_system=frame))


def test_spells_of_a_pair_that_overlap_are_told_apart_by_day(tables_with) -> None:
    """On a day that two spells cover, the one that began first counts, or last; the long one goes on after it."""
    frame = pl.DataFrame(
        {
            "ccode1": [10, 20] * 2,
            "ccode2": [20, 10] * 2,
            "conttype": [5, 5, 2, 2],
            "stdate": ["1990-01-01"] * 2 + ["1990-02-01"] * 2,
            "enddate": ["1990-12-31"] * 2 + ["1990-03-31"] * 2,
        }
    )
    read = tables_with(cow_contdir=frame)

    def months(rule: str) -> list[int]:
        design = panel.dyads(first=1990, last=1990, period="month").add(panel.verb("contiguity", changes=rule))
        made = design.build(read).frame
        return made.filter((pl.col("ccode1") == 10) & (pl.col("ccode2") == 20)).get_column("conttype").to_list()

    assert months("first") == [5] * 10
    assert months("last") == [2] + [5] * 9
