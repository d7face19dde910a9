"""ICEWS, POLECAT and tables of one's own become events."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from legation.errors import FormatError, InputError
from legation.evidence.events import FORMATS, ReadOptions, read_events

ICEWS = FORMATS["icews"].columns
POLECAT = FORMATS["polecat"].columns


def _reasons(read) -> dict[str, int]:
    return {row["reason"]: row["rows"] for row in read.quarantine.iter_rows(named=True)}


@pytest.mark.needs_shared
def test_the_icews_sample_is_read_whole(shared_data):
    """All 3,705 rows become events; every country named is an actor."""
    read = read_events(shared_data("icews_raw_sample_2018.parquet"))
    raw = pl.read_parquet(shared_data("icews_raw_sample_2018.parquet"))
    frame = read.frame()

    assert (read.format, read.rows, read.read) == ("icews", 3705, 3705)
    assert raw.filter(pl.col("Source Country") == "NA").height == frame["source"].null_count()
    assert raw["CAMEO Code"].to_list() == frame["code"].to_list()
    assert (raw["Intensity"] * 100).round().cast(pl.Int16).to_list() == frame["goldstein"].to_list()


@pytest.mark.needs_shared
def test_an_icews_text_file_reads_as_the_same_table(shared_data, tmp_path):
    """The publisher's tab-separated file and the Parquet copy give the same events."""
    path = tmp_path / "events.2018.tab"
    pl.read_parquet(shared_data("icews_raw_sample_2018.parquet")).write_csv(path, separator="\t", quote_style="never")

    one, other = read_events(path), read_events(shared_data("icews_raw_sample_2018.parquet"))

    columns = ["day", "source", "target", "code", "goldstein", "story"]
    assert one.format == "icews"
    assert one.frame().select(columns).equals(other.frame().select(columns))


def test_congo_of_icews_is_the_republic(icews, write):
    """ICEWS calls the Republic plain Congo, which is the common name of two states."""
    rows = [icews({"Source Country": "Congo", "Target Country": "Democratic Republic of Congo"})]

    frame = read_events(write(rows, "e.tab", heading=ICEWS)).frame()

    assert (frame["source"][0], frame["target"][0]) == ("COG", "COD")


def test_an_icews_file_with_a_new_column_is_refused(icews, write):
    """The error names the new column."""
    with pytest.raises(FormatError, match="Confidence"):
        read_events(write([[*icews(), "1"]], "e.tab", heading=[*ICEWS, "Confidence"]), format="icews")


def test_polecat_is_read_with_its_own_quad_code(polecat, write):
    """The published class goes before the one of the type."""
    rows = [polecat(), polecat({"Event Type": "SANCTION", "Event Mode": "", "Quad Code": "MATERIAL CONFLICT"})]

    frame = read_events(write(rows, "ngecEvents.DV.2023.txt", heading=POLECAT)).frame()

    assert frame["type"].to_list() == ["ASSAULT/beat", "SANCTION"]
    assert frame["quad"].to_list() == [4, 4]
    assert (frame["code"].to_list(), frame["plover"].to_list()) == ([None, None], ["ASSAULT", "SANCTION"])


def test_a_polecat_event_between_several_countries_becomes_several(polecat, write):
    """Two actors and two recipients make four directed events of one report."""
    rows = [polecat({"Actor Country": "FRA; DEU", "Recipient Country": "USA; GBR"})]

    frame = read_events(write(rows, "e.txt", heading=POLECAT)).frame()

    assert {("FRA", "USA"), ("FRA", "GBR"), ("DEU", "USA"), ("DEU", "GBR")} == set(
        frame.select("source", "target").iter_rows()
    )
    assert frame["story"].n_unique() == 1


def test_a_polecat_file_in_latin_1_is_read(polecat, write):
    """Some files are ISO-8859-1; their lines are counted as repaired."""
    rows = [polecat({"City": "Málaga"}), polecat()]

    read = read_events(write(rows, "e.txt", heading=POLECAT, encoding="iso-8859-1"), format="polecat")

    assert read.read == 2
    assert _reasons(read)["not UTF-8, read as ISO-8859-1"] == 1


def test_the_other_known_heading_of_polecat_is_read(polecat, write):
    """Later files call the intensity Event Intensity and add the headline."""
    heading = ["Event Intensity" if name == "Intensity" else name for name in POLECAT]

    read = read_events(write([[*polecat(), "A headline"]], "e.txt", heading=[*heading, "Headline"]))

    assert (read.format, read.frame()["goldstein"][0]) == ("polecat", -900)


def test_a_newer_icews_is_told_from_another_format(icews, write):
    """Without its name the file is still recognised, and the new column named."""
    with pytest.raises(FormatError, match="Confidence"):
        read_events(write([[*icews(), "1"]], "e.tab", heading=[*ICEWS, "Confidence"]))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Event Type": "SHOUT"}, "not a PLOVER type"),
        ({"Quad Code": "LOUD CONFLICT"}, "not a PLOVER quad code"),
        ({"Event Date": "2023-02-30"}, "the date is no date"),
    ],
)
def test_bad_polecat_values_go_to_the_quarantine(polecat, write, change, reason):
    """One bad row is left out under its reason."""
    read = read_events(write([polecat(), polecat(change)], "e.txt", heading=POLECAT))

    assert (read.rows, read.read) == (2, 1)
    assert _reasons(read)[reason] == 1


def test_a_table_of_ones_own_is_read_by_names_and_codes(write):
    """Ids, codes and names of actors are all understood; the class follows from the code."""
    rows = [["2019-03-04", "Estonia", "FI", "057"], ["20190305", "cow:365", "EST", "190"]]

    frame = read_events(write(rows, "own.csv", heading=["Date", "Source", "Target", "CAMEO"], separator=",")).frame()

    assert list(frame.select("source", "target", "quad", "goldstein").iter_rows()) == [
        ("EST", "FIN", 1, 800),
        ("RUS", "EST", 4, -1000),
    ]


@pytest.mark.parametrize(
    ("heading", "values", "expected"),
    [
        ("plover", "SANCTION", (3, None)),
        ("quad", "2", (2, None)),
        ("goldstein", "-4.25", (None, -425)),
    ],
)
def test_a_table_may_say_what_happened_in_another_way(write, heading, values, expected):
    """A PLOVER type, a class or a value is enough."""
    path = write([["2019-03-04", "EST", "FIN", values]], "own.tsv", heading=["date", "source", "target", heading])

    frame = read_events(path, format="table").frame()

    assert expected == frame.select("quad", "goldstein").row(0)


def test_codes_without_their_leading_zero_are_refused(write, tmp_path):
    """40 might be 040: the error says how to write it; numbers in Parquet are refused before."""
    text = write(
        [["2019-03-04", "EST", "FIN", "40"]], "own.csv", heading=["date", "source", "target", "code"], separator=","
    )
    table = tmp_path / "own.parquet"
    pl.DataFrame({"date": ["2019-03-04"], "source": ["EST"], "target": ["FIN"], "code": [40]}).write_parquet(table)

    with pytest.raises(InputError, match="040 is one"):
        read_events(text, format="table")
    with pytest.raises(InputError, match="leading zeros"):
        read_events(table, format="table")


def test_a_table_without_a_code_is_refused(write):
    """Who and when are not enough."""
    with pytest.raises(InputError, match="says nothing of what happened"):
        read_events(write([["2019-03-04", "EST", "FIN"]], "own.tsv", heading=["date", "source", "target"]))


def test_a_table_without_a_target_is_refused(write):
    """The error names the column and its other names."""
    with pytest.raises(InputError, match="no column 'target'"):
        read_events(write([["2019-03-04", "EST", "057"]], "own.tsv", heading=["date", "source", "code"]))


def test_future_days_in_a_table_go_to_the_quarantine(write):
    """A day after the last one asked for is left out."""
    rows = [["2019-03-04", "EST", "FIN", "057"], ["2019-03-06", "EST", "FIN", "057"]]
    path = write(rows, "own.tsv", heading=["date", "source", "target", "code"])

    read = read_events(path, options=ReadOptions(until=date(2019, 3, 5)))

    assert (read.rows, read.read) == (2, 1)
    assert read.quarantine["lines"][0].to_list() == [3]


def test_a_country_behind_a_name_is_taken_when_asked_for(write):
    """Police (Australia) is nobody's common name; asked for, it is Australia."""
    rows = [["2019-03-04", "Police (Australia)", "EST", "057"]]
    path = write(rows, "own.tsv", heading=["date", "source", "target", "code"])

    found = [
        read_events(path, options=ReadOptions(country_in_name=flag)).frame()["source"][0] for flag in (False, True)
    ]

    assert found == [None, "AUS"]


def test_a_table_without_rows_is_refused(write):
    """A heading alone is no load."""
    with pytest.raises(FormatError, match="has no rows"):
        read_events(write([], "own.tsv", heading=["date", "source", "target", "code"]))


def test_a_table_in_another_encoding_is_refused(tmp_path):
    """A table of one's own is UTF-8."""
    path = tmp_path / "own.csv"
    path.write_bytes("date,source,target,code\n2019-03-04,Curaçao,FIN,057\n".encode("iso-8859-1"))

    with pytest.raises(FormatError, match="UTF-8"):
        read_events(path, format="table")
