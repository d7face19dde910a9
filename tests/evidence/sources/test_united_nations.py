"""Votes, roll calls, ideal points and peacekeepers of the United Nations, in every form in which they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.geopko.load import contributors

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]

# The order of the columns in the publisher's UNVotes.csv; the first, of row numbers, has no name.
UNVOTES = (
    *("", "rcid", "ccode", "session", "member", "vote", "resid", "abstain", "yes", "no", "importantvote", "date"),
    *("unres", "amend", "para", "short", "descr", "me", "nu", "di", "hr", "co", "ec", "ident", "year"),
    *("Country", "Countryname"),
)


def _unvotes(cast: pl.DataFrame) -> pl.DataFrame:
    """Arrange votes as the publisher does, with an absence and a seat that was not held yet."""
    absent = cast.head(2).with_columns(pl.Series("ccode", [530, 100], dtype=pl.Int32), pl.Series("vote", [8, 9]))
    rows = pl.concat([cast, absent.with_columns(pl.col("vote").cast(pl.Int8))])
    calendar = pl.col("year") + pl.when(pl.col("resid") % 7 == 0).then(1).otherwise(0)
    known = {"year": calendar, "descr": pl.lit('To adopt "A/1", on the question of form'), "member": pl.lit(1)}
    missing = [name for name in UNVOTES if name not in {*rows.columns, *known}]
    return rows.with_columns(**known).with_columns(pl.lit(None).alias(name) for name in missing).select(UNVOTES)


def test_votes_are_as_many_as_published(published: Published) -> None:
    """855,890 votes in 78 sessions, three of which stand twice; China's seat is the Republic's to 1971."""
    cast = published("un_votes")["un_votes_cast"]

    seats = cast.filter(pl.col("ccode").is_in([710, 713])).group_by("ccode", "actor").agg(pl.col("session").max())
    assert cast.height == 855_890 - 3
    assert cast["session"].n_unique() == 78
    assert set(cast["vote"].unique()) == {1, 2, 3}
    assert ("TWN", 26) in set(seats.filter(pl.col("ccode") == 713).select("actor", "session").rows())


@pytest.mark.parametrize(("name", "separator"), [("UNVotes.csv", ","), ("UNVotes_2021_Jun.tab", "\t")])
def test_votes_as_published(published: Published, tmp_path: Path, name: str, separator: str) -> None:
    """The publisher's file gives the same votes; absence, no membership and the calendar year are left out."""
    from legation.evidence.sources.un_votes.load import load

    tables = published("un_votes")
    cast = tables["un_votes_cast"].filter(pl.col("session") <= 3)
    arranged = _unvotes(cast.drop("actor"))
    arranged.write_csv(tmp_path / name, separator=separator, null_value="NA")

    read = load(SourceFiles(tmp_path, describe_source("un_votes")))

    assert arranged.height == cast.height + 2
    assert_frame_equal(read["un_votes_cast"].select(cast.columns), cast)
    early = tables["un_agreement"].filter(pl.col("year") <= 1948)
    assert_frame_equal(read["un_agreement"].sort("a", "b", "year"), early.sort("a", "b", "year"))


def test_a_vote_of_another_kind_is_refused(published: Published, tmp_path: Path) -> None:
    """A vote that is none of yes, abstain, no, absent and no member stops the load."""
    cast = published("un_votes")["un_votes_cast"].drop("actor").head(10)
    wrong = _unvotes(cast).with_columns(pl.when(pl.int_range(pl.len()) == 4).then(5).otherwise("vote").alias("vote"))
    wrong.write_csv(tmp_path / "UNVotes.csv")

    with pytest.raises(SourceError, match=r"column vote .*row 5: 5 is none of \[1, 2, 3\]"):
        load_source(describe_source("un_votes"), tmp_path)


def test_roll_calls_as_csv(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """6,203 roll calls and 5,745 issues; the CSV copies of the package are the same."""
    tables = published("un_roll_calls")
    tables["un_roll_calls"].write_csv(tmp_path / "roll_calls.csv", null_value="NA")
    tables["un_roll_call_issues"].write_csv(tmp_path / "issues.csv", null_value="NA")

    assert tables["un_roll_calls"].height == 6203
    assert tables["un_roll_call_issues"]["rcid"].is_in(tables["un_roll_calls"]["rcid"].implode()).all()
    for table, file in (("un_roll_calls", "roll_calls.csv"), ("un_roll_call_issues", "issues.csv")):
        assert_frame_equal(from_file("un_roll_calls", table, file), tables[table])


def test_bridges_join_votes_only_by_their_key(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """955 pairs of roll calls, 946 of which have a key on both sides; Matches.csv numbers rows in a nameless column."""
    tables = published("un_bridges")
    matched = tables["un_matched"]
    matched.rename({"v1": ""}).write_csv(tmp_path / "Matches.csv", quote_style="non_numeric")

    keyed = tables["un_resid_rcid"]["rcid"].implode()
    both = matched.filter(pl.col("rcid1").is_in(keyed) & pl.col("rcid2").is_in(keyed))
    assert (matched.height, both.height) == (955, 946)
    assert_frame_equal(from_file("un_bridges", "un_matched", "Matches.csv"), matched)


def test_published_ideal_points(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """10,469 points; the authors' file names no column of row numbers; members before their time have no actor."""
    tables = published("un_ideal_points_published")
    points = tables["un_ideal_points_published"]
    file = tmp_path / "IdealpointestimatesAll_Apr2020.csv"
    points.drop("actor").rename({"Row": ""}).write_csv(file, quote_style="non_numeric", null_value="NA")

    without = points.filter(pl.col("actor").is_null())
    assert points.height == 10_469
    assert set(without["ccode"]) == {369, 370, 750}
    assert tables["un_ideal_points_published_unread"]["rows"].sum() == without.height
    assert_frame_equal(from_file("un_ideal_points_published", "un_ideal_points_published", file.name), points)


def test_peacekeepers_by_contributor(published: Published, tmp_path: Path) -> None:
    """One file for each of 148 contributors, named after it, gives the same months; each is a state of its time."""
    tables = published("un_peacekeeping")
    monthly = tables["un_peacekeeping"]
    (tmp_path / "countries").mkdir()
    for (country,), rows in monthly.partition_by("country", as_dict=True).items():
        months = rows.select(pl.col("date").alias("Date"), "Troops", "Police", "Experts")
        months.write_csv(tmp_path / "countries" / f"{country}.csv", null_value="NA")
    (tmp_path / "countries" / ".csv").write_text('"Date","Troops","Police","Experts"\n')

    read = load_source(describe_source("un_peacekeeping"), tmp_path)["un_peacekeeping"]

    assert (monthly.height, monthly["country"].n_unique(), monthly["actor"].null_count()) == (25_657, 148, 0)
    assert_frame_equal(read.sort("country", "date"), monthly.sort("country", "date"), check_column_order=False)
    czech = monthly.filter(pl.col("country") == "Czech Republic").sort("date")
    assert (czech["actor"][0], czech["actor"][-1]) == ("CSK", "CZE")


def test_peacekeepers_by_mission(published: Published, tmp_path: Path) -> None:
    """573 contributions in March 2014; hosts are states, but for Western Sahara, which is listed."""
    tables = published("un_peacekeeping")
    frame = tables["un_peacekeeping_by_mission"]
    frame.drop("actor", "host").write_csv(tmp_path / "current_month.csv")

    read = load_source(describe_source("un_peacekeeping"), tmp_path)["un_peacekeeping_by_mission"]

    declared = [c.name for c in describe_source("un_peacekeeping").declared("un_peacekeeping_by_mission").columns]
    assert_frame_equal(read.select(declared), frame.select(declared))
    assert set(frame.filter(pl.col("host").is_null())["Mission"]) == {"MINURSO"}


def test_geocoded_deployments(published: Published, tmp_path: Path) -> None:
    """The project's two map tables as CSV give the same places, contributors and hosts."""
    tables = published("geopko")
    tables["geopko_front"].write_csv(tmp_path / "FrontMap_v.2.3.csv", null_value="NA")
    tables["geopko_tcc"].write_csv(tmp_path / "TCCMap_v.2.3.csv", null_value="NA")
    capitals = (
        tables["geopko_raw"].head(50).rename({"mission": "Mission", "no.troops": "No.troops", "source": "Source"})
    )
    capitals.write_csv(tmp_path / "Geo_PKO_v.2.0.csv", null_value="NA")

    from legation.evidence.sources.geopko.load import load

    read = load(SourceFiles(tmp_path, describe_source("geopko")))

    for table in ("geopko_front", "geopko_tcc", "geopko_contributors", "geopko_unread"):
        assert_frame_equal(read[table], tables[table])
    assert read["geopko_raw"].select("mission", "no.troops").rows() == (
        tables["geopko_raw"].head(50).select("mission", "no.troops").rows()
    )


def test_contributors_are_read_from_their_lists(published: Published) -> None:
    """Bangui in 1999 had ten contributors; the host is the Central African Republic, Congo there Brazzaville's."""
    rows = published("geopko")["geopko_contributors"]

    bangui = rows.filter((pl.col("mission") == "MINURCA") & (pl.col("year") == 1999) & (pl.col("location") == "Bangui"))
    assert bangui["actor"].to_list() == ["BFA", "CAN", "TCD", "CIV", "EGY", "FRA", "GAB", "MLI", "SEN", "TGO"]
    assert bangui["troops"].sum() == 150 * 7 + 35 + 300 + 450
    assert set(bangui["host"]) == {"CAF"}
    assert set(rows.filter(pl.col("value") == "Congo")["actor"]) == {"COG"}


NAMES = st.sampled_from(["Nepal", "Korea (ROK)", "Cote d'Ivoire", "Congo, Republic of", "Un", "Guinea-Bissau"])


@given(st.lists(st.tuples(NAMES, st.one_of(st.none(), st.integers(0, 9999))), min_size=1, max_size=8))
def test_any_list_of_contributors_is_read_back(entries: list[tuple[str, int | None]]) -> None:
    """Names with brackets and commas, known and unknown sizes: what was written is what is read."""
    text = ", ".join(f"{name} ({'size unknown' if size is None else size})" for name, size in entries)
    lists = pl.DataFrame(
        {"mission": ["M"], "year": [2001], "location": ["L"], "latitude": [0.5], "longitude": [1.5]}
    ).with_columns(pl.lit(text).alias("year.overview"))

    read = contributors(lists)

    assert read.select("value", "troops").rows() == entries
    assert read["place"].to_list() == list(range(1, len(entries) + 1))


@pytest.mark.parametrize("text", ["Nepal", "Nepal (150), Chad", "(150)", "Nepal (many)", ""])
def test_a_list_in_another_style_is_refused(text: str) -> None:
    """An entry without its size in brackets stops the load; the message shows it and where it stands."""
    lists = pl.DataFrame(
        {"mission": ["M"], "year": [2001], "location": ["Rumbek"], "latitude": [0.5], "longitude": [1.5]}
    ).with_columns(pl.lit(text).alias("year.overview"))

    with pytest.raises(SourceError, match="Rumbek"):
        contributors(lists)


def test_a_month_that_is_no_day_is_refused(tmp_path: Path) -> None:
    """A date that no calendar has stops the load and names its row."""
    (tmp_path / "countries").mkdir()
    file = tmp_path / "countries" / "Albania.csv"
    file.write_text('"Date","Troops","Police","Experts"\n1994-10-31,NA,1,NA\n1994-11-31,NA,1,NA\n')

    with pytest.raises(SourceError, match=r"column date .*row 2: '1994-11-31' is no date"):
        load_source(describe_source("un_peacekeeping"), tmp_path)


def test_the_first_month_is_that_of_the_first_report(published: Published) -> None:
    """The series runs from November 1990 to March 2014."""
    months = published("un_peacekeeping")["un_peacekeeping"]["date"]

    assert (months.min(), months.max()) == (date(1990, 11, 30), date(2014, 3, 31))
