"""Sanctions, aid, appeals, arms and spending: published counts, publishers' files, bodies and odd names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.gsdb.load import names_in, parties

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]
GSDB = describe_source("gsdb")


def test_sanctions_are_as_many_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """Release 3 holds 1,325 cases; the publisher's CSV, NA for no description of trade, is the same."""
    cases = published("gsdb")["gsdb"]
    cases.write_csv(tmp_path / "GSDB_V3.csv", null_value="NA")

    assert cases.height == 1325
    assert_frame_equal(from_file("gsdb", "gsdb", "GSDB_V3.csv"), cases)


def test_bodies_are_their_members_of_each_year(published: Published) -> None:
    """The Union's sanction of Russia of 2014 binds 28 states to 2019 and the United Kingdom only to 2020."""
    tables = published("gsdb")
    cases, dyads = tables["gsdb"], tables["gsdb_dyads"]

    case = cases.filter(
        (pl.col("sanctioned_state") == "Russia") & (pl.col("sanctioning_state") == "EU") & (pl.col("begin") == 2014)
    )
    assert case.height
    senders = dyads.filter(pl.col("case_id") == case["case_id"][0])
    years = {row["sender"]: (row["begin"], row["end"]) for row in senders.iter_rows(named=True)}
    assert senders.height == 29
    assert years["EU"] == years["FRA"] == (2014, case["end"][0])
    assert years["GBR"] == (2014, min(2020, case["end"][0]))
    assert senders.filter(pl.col("sender_body").is_null())["sender"].to_list() == ["EU"]


@pytest.mark.parametrize(
    ("text", "begin", "end", "expected"),
    [
        ("Soviet Union", 1989, 1993, {"SUN": (1989, 1990), "RUS": (1991, 1993)}),
        ("Palestine", 1950, 1994, {"PSE": (1988, 1994)}),
        ("South Vietnam", 2015, 2018, {"VNM": (2015, 2018)}),
        ("South Vietnam", 1963, 1963, {"RVN": (1963, 1963)}),
        ("Jordan, Yemen, North, Niger", 2017, 2021, {"JOR": (2017, 2021), "YEM": (2017, 2021), "NER": (2017, 2021)}),
        ("Terrorist Organizations (Taliban)", 1999, 2001, {"TALIBAN": (1999, 2001)}),
    ],
)
def test_names_mean_the_actor_of_each_year(text: str, begin: int, end: int, expected: dict) -> None:
    """A name is read in every year of its case: states that came, went or changed count for their own years."""
    found, _ = parties(text, begin, end, description=GSDB)

    assert {name: (one.first, one.last) for name, one in found.items()} == expected


def test_an_actor_named_beside_its_body_is_a_party_itself() -> None:
    """Where the Union and one of its members are named, the member sanctions in its own right."""
    found, gaps = parties("United States, EU, Germany", 2012, 2015, description=GSDB)

    assert found["DEU"].body is None
    assert found["ITA"].body == "EU"
    assert (found["HRV"].first, found["HRV"].last) == (2013, 2015)
    assert not gaps


def test_what_means_no_actor_is_listed(published: Published) -> None:
    """Groups without dated members, and years in which a name was no actor, are listed with their cases."""
    unread = published("gsdb")["gsdb_unread"]

    listed = {row["value"]: (row["rows"], row["first"], row["last"]) for row in unread.iter_rows(named=True)}
    assert listed["CoCom"] == (2, 1950, 1994)
    assert listed["Palestine"] == (1, 1950, 1987)
    assert "nobody knows the name" not in set(unread["reason"])


def test_a_new_name_is_listed_as_unknown(published: Published, tmp_path: Path) -> None:
    """A sender nobody knows is neither dropped unseen nor guessed."""
    from legation.evidence.sources.gsdb.load import load

    cases = published("gsdb")["gsdb"].head(3).with_columns(pl.lit("Ruritania").alias("sanctioning_state"))
    cases.write_csv(tmp_path / "GSDB_V3.csv")

    tables = load(SourceFiles(tmp_path, GSDB))

    assert tables["gsdb_dyads"].height == 0
    assert tables["gsdb_unread"].select("value", "reason", "rows").rows() == [("Ruritania", "nobody knows the name", 3)]


WITH_COMMAS = [name for name in GSDB.lookups["names"] if ", " in name]


@given(st.lists(st.sampled_from([*WITH_COMMAS, "France", "Cuba", "EU", "Niger"]), min_size=1, max_size=6))
def test_any_list_of_names_is_split_where_it_was_joined(names: list[str]) -> None:
    """Names that hold a comma stay whole, wherever they stand in the list."""
    assert names_in(", ".join(names), GSDB.lookups["names"]) == names


def test_every_dyad_is_of_two_actors_within_the_case(published: Published) -> None:
    """No actor sanctions itself, and no pair stands outside the years of its case."""
    tables = published("gsdb")
    joined = tables["gsdb_dyads"].join(tables["gsdb"], on="case_id", suffix="_case")

    assert (joined["sender"] != joined["target"]).all()
    assert (joined["begin"] >= joined["begin_case"]).all()
    assert (joined["end"] <= joined["end_case"]).all()
    assert not joined.select("case_id", "sender", "target").is_duplicated().any()


def test_aid_to_ukraine_as_a_workbook(published: Published, tmp_path: Path) -> None:
    """The tracker's sheet among others gives the same rows; its working columns and a third party's are left out."""
    tables = published("kiel")
    frame = tables["kiel"].head(60)
    own = frame.drop("actor")
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["not", "the", "table"])
    sheet = book.create_sheet("Bilateral Assistance, MAIN DATA")
    sheet.append([*own.columns, "Working/Debug >>>", "classified_category"])
    for row in own.iter_rows():
        sheet.append([*row, 0, "Artillery"])
    book.save(tmp_path / "Ukraine_Support_Tracker_Release_21.xlsx")
    book.close()

    read = SourceFiles(tmp_path, describe_source("kiel")).declared("kiel")

    assert tables["kiel"].height == 4444
    assert_frame_equal(read.drop("actor"), own)


def test_donors_are_actors(published: Published) -> None:
    """States, the Union and its facility give aid; the investment bank is no actor and is listed."""
    tables = published("kiel")

    donors = dict(tables["kiel"].select("donor", "actor").unique().rows())
    assert donors["EU (Commission and Council)"] == donors["European Peace Facility"] == "EU"
    assert donors["FInland"] == donors["Finland"] == "FIN"
    assert tables["kiel_unread"].select("value", "rows").rows() == [("European Investment Bank", 15)]


def test_appeals_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The exchange's files have HXL tags in their second line; money promised ahead stands in years to 2031."""
    tables = published("ocha")
    tags = {"countryCode": "#country+code", "internalId": "#activity+appeal+id+fts_internal"}
    for table, file in (
        ("ocha_requirements", "fts_requirements_funding_global.csv"),
        ("ocha_plans", "humanitarian-response-plans.csv"),
    ):
        text = tables[table].drop("actor", strict=False).write_csv()
        heading, _, rows = text.partition("\n")
        tagged = ",".join(tags.get(name, "") for name in heading.split(","))
        (tmp_path / file).write_text(f"{heading}\n{tagged}\n{rows}")

        assert_frame_equal(from_file("ocha", table, file), tables[table])
    assert tables["ocha_requirements"]["year"].max() == 2031


def test_arms_deliveries(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """81,335 rows from 1970 to 2014, each pair in a year once; the CSV is the same."""
    frame = published("sipri_arms")["sipri_dyad_year"]
    frame.write_csv(tmp_path / "sipri_dyad-year.csv", null_value="NA")

    assert frame.height == 81_335
    assert_frame_equal(from_file("sipri_arms", "sipri_dyad_year", "sipri_dyad-year.csv"), frame)


def test_spending_is_in_dollars(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The United States spent some 700 billion in 2019, so figures are dollars; regions are no actors."""
    tables = published("sipri_spending")
    frame = tables["sipri_spending"]
    frame.drop("actor").write_csv(tmp_path / "SIPRI Military Expenditure Database.csv")

    spent = frame.filter((pl.col("actor") == "USA") & (pl.col("Year") == 2019))["military_expenditure"][0]
    assert 6e11 < spent < 9e11
    assert set(frame.filter(pl.col("Entity") == "World")["actor"]) == {None}
    assert tables["sipri_spending_unread"]["rows"].sum() == frame["actor"].null_count()
    assert_frame_equal(from_file("sipri_spending", "sipri_spending", "SIPRI Military Expenditure Database.csv"), frame)


def test_a_negative_sum_of_arms_is_refused(published: Published, tmp_path: Path) -> None:
    """A delivery below zero cannot be; the message names the column, the row and the value."""
    frame = published("sipri_arms")["sipri_dyad_year"].head(5).with_columns(pl.lit(-2.5).alias("value"))
    frame.write_csv(tmp_path / "sipri_dyad-year.csv")

    with pytest.raises(SourceError, match=r"column value .*row 1: -2\.5 lies outside"):
        load_source(describe_source("sipri_arms"), tmp_path)


def test_a_workbook_without_its_sheet_is_refused(tmp_path: Path) -> None:
    """Another workbook under the tracker's name is not taken for it."""
    book = openpyxl.Workbook()
    book.save(tmp_path / "Ukraine_Support_Tracker.xlsx")
    book.close()

    with pytest.raises(SourceError, match="cannot be read as its description says"):
        load_source(describe_source("kiel"), tmp_path)
