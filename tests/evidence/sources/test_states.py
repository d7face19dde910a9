"""State systems: membership lists, crosswalks, capitals and major powers, in every form in which they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]

PLAIN = [
    ("capitals", "cow_capitals", "cow_capitals.csv"),
    ("capitals", "gw_capitals", "gw_capitals.csv"),
    ("cow_states", "cow_states", "states2016.csv"),
    ("state_systems", "cow_system", "cw_system.csv"),
    ("state_systems", "gw_system", "gw_system.csv"),
    ("state_systems", "cow_gw_years", "cw_gw_panel.csv"),
    ("state_systems", "gw_cow_years", "gw_cw_panel.csv"),
]


def test_the_states_of_the_correlates_of_war(published: Published) -> None:
    """The list of 2016 has 243 spells of 217 states; Haiti was out from 1915 to 1934."""
    states = published("cow_states")["cow_states"]

    assert (states.height, states["ccode"].n_unique()) == (243, 217)
    assert states.filter(pl.col("ccode") == 2).row(0, named=True)["styear"] == 1816
    haiti = states.filter(pl.col("ccode") == 41).sort("styear")
    assert haiti.select("styear", "endyear").rows() == [(1859, 1915), (1934, 2016)]


def test_spells_of_both_systems_are_days(published: Published) -> None:
    """Spells have a first and a last day, in order, and no spell of a state overlaps its next."""
    systems = published("state_systems")
    tables = [
        (systems["cow_system"], "ccode", "start", "end"),
        (systems["gw_system"], "gwcode", "start", "end"),
        (published("gleditsch_ward")["gw_states"], "gwcode", "startdate", "enddate"),
    ]
    for frame, code, start, end in tables:
        assert frame.schema[start] == frame.schema[end] == pl.Date
        assert frame.filter(pl.col(start) > pl.col(end)).is_empty()
        ordered = frame.sort(code, start).with_columns(pl.col(end).shift(1).over(code).alias("before"))
        assert ordered.filter(pl.col("before") >= pl.col(start)).is_empty()


def test_the_two_systems_differ_where_their_authors_do(published: Published) -> None:
    """Germany is 255 and West Germany 260 in both; Serbia is 345 in one and 340 in the other after 2006."""
    years = published("state_systems")["cow_gw_years"]

    serbia = years.filter((pl.col("ccode") == 345) & (pl.col("year") == 2010))
    assert serbia["gwcode"].to_list() == [340]
    assert years.filter((pl.col("ccode") == 260) & (pl.col("year") == 1970))["gwcode"].to_list() == [260]
    assert years.schema["gwcode"] == years.schema["ccode"] == pl.Int64


def test_the_crosswalks_agree(published: Published) -> None:
    """A pair of codes in a year of one stands in the other, but for Germany, Yemen and Yugoslavia when they changed."""
    systems = published("state_systems")
    pairs = ["ccode", "gwcode", "year"]
    cow = systems["cow_gw_years"].select(pairs).drop_nulls()
    gw = systems["gw_cow_years"].select(pairs).drop_nulls()

    assert set(cow.join(gw, on=pairs, how="anti").rows()) == {(255, 260, 1990), (678, 678, 1990)}
    assert set(gw.join(cow, on=pairs, how="anti").rows()) == {(345, 345, 2006)}


def test_major_powers(published: Published) -> None:
    """Nine states have been major powers; the United States since 13 August 1898, Japan since 1991 again."""
    majors = published("cow_majors")["cow_majors"]

    assert majors["ccode"].n_unique() == 9
    assert majors.filter(pl.col("ccode") == 2).rows() == [(2, 1898, 8, 13, 2016, 12, 31, 2016)]
    assert majors.filter((pl.col("ccode") == 740) & (pl.col("styear") > 1950))["styear"].to_list() == [1991]


def test_every_member_has_a_capital(published: Published) -> None:
    """Each state of the two systems has a capital on every last day of a year in which it is a member."""
    capitals = published("capitals")
    for spells, places, code in (
        (published("state_systems")["cow_system"], capitals["cow_capitals"], "ccode"),
        (published("state_systems")["gw_system"], capitals["gw_capitals"], "gwcode"),
    ):
        years = spells.with_columns(
            pl.int_ranges(pl.col("start").dt.year().cast(pl.Int64), pl.col("end").dt.year().cast(pl.Int64)).alias(
                "year"
            )
        ).explode("year", empty_as_null=False)
        days = years.with_columns(pl.date(pl.col("year"), 12, 31).alias("day"))
        held = days.join(places, on=code).filter(pl.col("day").is_between("stdate", "enddate"))
        assert days.join(held, on=[code, "year"], how="anti").is_empty()


@pytest.mark.parametrize("form", PLAIN)
def test_the_csv_form_equals_the_parquet_form(
    published: Published, from_file: FromFile, tmp_path: Path, form: tuple[str, str, str]
) -> None:
    """A list as its publisher gives it out, texts in quotes, is the same table."""
    name, table, file = form
    frame = published(name)[table]
    frame.write_csv(tmp_path / file, quote_style="non_numeric", null_value="NA", line_terminator="\r\n")

    assert_frame_equal(from_file(name, table, file), frame)


def test_the_list_of_major_powers_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The publisher's list has the abbreviation of the state first; it is not needed."""
    frame = published("cow_majors")["cow_majors"]
    frame.select(pl.lit("XXX").alias("stateabb"), pl.all()).write_csv(tmp_path / "majors2016.csv")

    assert_frame_equal(from_file("cow_majors", "cow_majors", "majors2016.csv"), frame)


def test_the_list_of_2024_is_another_version(published: Published, tmp_path: Path) -> None:
    """A list whose version column says 2024 is refused by name, even under the old file name."""
    frame = published("cow_states")["cow_states"].with_columns(pl.lit(2024).cast(pl.Int64).alias("version"))
    frame.write_csv(tmp_path / "states2016.csv")

    with pytest.raises(SourceError, match=r"column version .*2024 is none of \[2016\]"):
        SourceFiles(tmp_path, describe_source("cow_states")).declared("cow_states")


def _authors_list(frame: pl.DataFrame) -> bytes:
    day = "%d:%m:%Y"
    text = frame.with_columns(pl.col("startdate", "enddate").dt.strftime(day))
    return text.write_csv(separator="\t", include_header=False, quote_style="never").encode("cp1252")


def test_the_list_of_gleditsch_and_ward_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The authors' list has no heading, tabs, and days first (01:01:1816); letters outside ASCII survive."""
    frame = published("gleditsch_ward")["gw_states"].with_columns(
        pl.when(pl.col("gwcode") == 271).then(pl.lit("Württemberg")).otherwise(pl.col("statename")).alias("statename")
    )
    (tmp_path / "iisystem.dat").write_bytes(_authors_list(frame))

    assert_frame_equal(from_file("gleditsch_ward", "gw_states", "iisystem.dat"), frame)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2\tUSA\tUnited States\t01:01:1816\t31:12:2017\textra", r"has 6 columns; its layout has 5"),
        ("2\tUSA\tUnited States\t1816-01-01\t31:12:2017", r"column startdate, row 1: '1816-01-01' is no day"),
        ("2\tUSA\tUnited States\t31:02:1816\t31:12:2017", r"'31:02:1816' is no day"),
        ("2000\tUSA\tUnited States\t01:01:1816\t31:12:2017", r"column gwcode .*2000 lies outside 2 to 990"),
        ("two\tUSA\tUnited States\t01:01:1816\t31:12:2017", r"column gwcode .*'two' is no int64"),
        ("2\tUSA\tUnited States\t01:01:2019\t31:12:2020", r"speaks of 2019; .*newer version"),
    ],
)
def test_a_line_that_is_not_of_the_layout_is_refused(tmp_path: Path, line: str, message: str) -> None:
    """A line of another layout is named with its column, row and text."""
    (tmp_path / "iisystem.dat").write_text(line + "\n", encoding="cp1252")

    with pytest.raises(SourceError, match=message):
        load_source(describe_source("gleditsch_ward"), tmp_path)


def test_a_byte_of_another_encoding_is_refused(tmp_path: Path) -> None:
    """A byte that the encoding does not know is named with its line, never replaced."""
    (tmp_path / "iisystem.dat").write_bytes(b"2\tUSA\tUnited\x81States\t01:01:1816\t31:12:2017\n")

    with pytest.raises(SourceError, match="line 1 holds the byte 0x81, which is no cp1252"):
        load_source(describe_source("gleditsch_ward"), tmp_path)


def test_closing_days_of_the_lists(published: Published) -> None:
    """The lists close on known days: nobody is a member after them, and about 195 are on the last."""
    systems = published("state_systems")
    for table, last in (("cow_system", date(2016, 12, 31)), ("gw_system", date(2020, 12, 31))):
        ends = systems[table]["end"]
        assert ends.max() == last
        assert 190 <= int((ends == last).sum()) <= 225


def test_the_cow_system_from_the_publishers_list(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The publisher's list with dates in three columns gives the same spells with days."""
    published("cow_states")["cow_states"].write_csv(tmp_path / "states2016.csv")
    key = ["ccode", "start"]

    read = from_file("state_systems", "cow_system", "states2016.csv")

    expected = published("state_systems")["cow_system"]
    days = ["ccode", "cw_abb", "start", "end"]
    assert_frame_equal(read.select(days).sort(key), expected.select(days).sort(key))


@pytest.mark.parametrize("day", ["%Y-%m-%d", "%d:%m:%Y"])
def test_the_gleditsch_ward_system_from_its_two_lists(
    published: Published, from_file: FromFile, tmp_path: Path, day: str
) -> None:
    """The authors' list of states and that of microstates make the system, whichever way days are written."""
    frame = published("state_systems")["gw_system"]
    for file, micro in (("ksgmdw.txt", 0), ("microstates.txt", 1)):
        part = frame.filter(pl.col("microstate") == micro).select(
            pl.col("gwcode").alias("statenumber"), pl.col("gw_abb").alias("stateid"),
            pl.col("gw_name").alias("statename"), pl.col("start", "end").dt.strftime(day),
        )  # fmt: skip
        (tmp_path / file).write_bytes(part.write_csv(separator="\t").encode("cp1252"))

    read = from_file("state_systems", "gw_system", "ksgmdw.txt")

    key = ["gwcode", "start"]
    assert_frame_equal(read.sort(key), frame.sort(key))


def test_one_of_the_two_lists_is_not_enough(tmp_path: Path) -> None:
    """Without the microstates the system is not whole: the message says which file is wanted."""
    (tmp_path / "ksgmdw.txt").write_text("n\ta\tb\ts\te\n2\tUSA\tUnited States\t1816-01-01\t2020-12-31\n")

    with pytest.raises(SourceError, match=r"microstates\.txt is not"):
        load_source(describe_source("state_systems"), tmp_path)


@pytest.mark.parametrize(
    ("stmonth", "message"), [("13", "no calendar knows|is never missing"), ("May", "is no whole number")]
)
def test_a_membership_on_no_day_is_refused(published: Published, tmp_path: Path, stmonth: str, message: str) -> None:
    """A month that does not exist makes no day."""
    frame = published("cow_states")["cow_states"].head(3).cast(pl.String).with_columns(pl.lit(stmonth).alias("stmonth"))
    frame.write_csv(tmp_path / "states2016.csv")

    with pytest.raises(SourceError, match=message):
        load_source(describe_source("state_systems"), tmp_path)
