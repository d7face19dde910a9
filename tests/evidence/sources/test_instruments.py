"""Agreements, exercises, signals, bases, visits and training: published counts, publishers' files, odd names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.military_exercises.load import folded, partial_dates

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]
PLACES = [f"State{letter}" for letter in [*map(chr, range(65, 91)), *(f"A{chr(c)}" for c in range(65, 78))]]


def write_sheet(frame: pl.DataFrame, path: Path, sheet: str = "Sheet1") -> None:
    """Write a table as a workbook with one sheet, cells without a value left empty."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    book.active.append(frame.columns)
    for row in frame.iter_rows():
        book.active.append(row)
    book.save(path)
    book.close()


def _wide(mme: pl.DataFrame) -> pl.DataFrame:
    """Set the participants out in columns, as the publisher does."""
    parts = pl.col("participants").str.split(";")
    states = [parts.list.get(place, null_on_oob=True).alias(name) for place, name in enumerate(PLACES)]
    return mme.with_columns(states).drop("participants", "n_participants")


def test_agreements_are_as_many_as_published(published: Published) -> None:
    """The article counts 1,871 agreements, 1,322 of them general, signed from 1980 to 2010."""
    dcad = published("dcad")["dcad"]

    assert dcad.height == 1871
    assert dcad["type"].value_counts().sort("type")["count"].to_list() == [1322, 549]
    assert (dcad["signYear"].min(), dcad["signYear"].max()) == (1980, 2010)


def test_agreements_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The author's file, missing days as NA, is the same table."""
    frame = published("dcad")["dcad"]
    frame.write_csv(tmp_path / "DCAD-v1.0-main.csv", null_value="NA")

    assert_frame_equal(from_file("dcad", "dcad", "DCAD-v1.0-main.csv"), frame)


def test_exercises_are_as_many_as_published(published: Published) -> None:
    """Version 7 holds 3,707 exercises; the first RIMPAC in it has five states."""
    tables = published("military_exercises")

    mme = tables["mme"].with_row_index("exercise", offset=1)
    rimpac = mme.filter(pl.col("Ex_Name") == "RIMPAC 80")["exercise"][0]
    took_part = tables["mme_participants"].filter(pl.col("exercise") == rimpac)
    assert mme.height == 3707
    assert took_part["actor"].to_list() == ["AUS", "CAN", "JPN", "NZL", "USA"]
    assert took_part["start"].to_list() == [date(1980, 2, 26)] * 5
    assert tables["jme"].height == 1790


def test_names_of_other_times_mean_the_state_of_that_time(published: Published) -> None:
    """Russia before 1992 is the Soviet Union, Serbia in 2000 Yugoslavia, West Germany keeps its actor."""
    rows = published("military_exercises")["mme_participants"]

    def meant(name: str, year: int) -> set[str | None]:
        return set(rows.filter((pl.col("value") == name) & (pl.col("year") == year))["actor"])

    assert meant("Russia", 1982) == {"SUN"}
    assert meant("Russia", 2005) == {"RUS"}
    assert meant("Serbia", 2000) == {"YUG"}
    assert meant("Federal Republic of Germany", 1985) == {"DEU"}


def test_participants_without_a_name_are_listed(published: Published) -> None:
    """What gave no actor stands in the list of names with its reason and count, and nothing is lost on the way."""
    tables = published("military_exercises")

    unread = tables["military_exercises_unread"]
    for table in ("mme_participants", "jme_participants", "mme_country_year"):
        listed = unread.filter(pl.col("table") == table)["rows"].sum()
        assert listed == tables[table]["actor"].null_count()
    unnamed = unread.filter((pl.col("table") == "mme_participants") & (pl.col("value") == "-9"))
    assert unnamed.select("reason", "rows").rows() == [("left out: the description says that it means no actor", 208)]


def test_exercises_as_published(published: Published, tmp_path: Path) -> None:
    """The publisher's file with its 39 columns of states gives the same exercises, participants and actors."""
    tables = published("military_exercises")
    _wide(tables["mme"]).write_csv(tmp_path / "mme_v7.csv")
    tables["mme_country_year"].drop("actor").write_csv(tmp_path / "mme-v7-long.csv", null_value="NA")

    files = SourceFiles(tmp_path, describe_source("military_exercises"))
    from legation.evidence.sources.military_exercises.load import load

    read = load(files)
    for table in ("mme", "mme_participants", "mme_country_year"):
        assert_frame_equal(read[table], tables[table])


def test_the_coders_sheet_as_a_workbook(published: Published, tmp_path: Path) -> None:
    """The sheet saved as .xlsx, a participant in each column, gives the same exercises and participants."""
    from legation.evidence.sources.military_exercises.load import load

    tables = published("military_exercises")
    jme = tables["jme"].head(300)
    parts = pl.col("participants").str.split(";")
    places = [parts.list.get(place, null_on_oob=True).alias(f"Participant {place + 1}") for place in range(30)]
    write_sheet(jme.with_columns(places).drop("participants"), tmp_path / "jme_v3.xlsx")

    read = load(SourceFiles(tmp_path, describe_source("military_exercises")))

    assert_frame_equal(read["jme"], jme)
    assert_frame_equal(read["jme_participants"], tables["jme_participants"].filter(pl.col("exercise") <= 300))


@pytest.mark.parametrize(
    ("parts", "first", "last", "precision"),
    [
        (("1980", "2", "26"), date(1980, 2, 26), date(1980, 2, 26), "day"),
        (("1980", "1", "xx"), date(1980, 1, 1), date(1980, 1, 31), "month"),
        (("2007", "14", "9"), date(2007, 1, 1), date(2007, 12, 31), "year"),
        (("1993", "2", "30"), date(1993, 2, 1), date(1993, 2, 28), "month"),
        (("-9", "-9", "-9"), None, None, None),
        ((None, "3", "1"), None, None, None),
    ],
)
def test_dates_are_as_exact_as_their_parts(parts, first, last, precision) -> None:
    """A part that is no number, or no day of the calendar, leaves the date open by a month or a year."""
    frame = pl.DataFrame([parts], schema=dict.fromkeys("ymd", pl.String), orient="row")

    found = frame.select(
        *(
            one.alias(name)
            for one, name in zip(partial_dates(pl.col("y"), pl.col("m"), pl.col("d")), "flp", strict=True)
        )
    )

    assert found.row(0) == (first, last, precision)


@given(st.dates(min_value=date(1974, 1, 1), max_value=date(2010, 12, 31)), st.sampled_from(["day", "month", "year"]))
def test_open_dates_hold_the_day_meant(day: date, precision: str) -> None:
    """However much of a date is written as xx, the day lies between the first and last day read."""
    parts = {"y": str(day.year), "m": str(day.month), "d": str(day.day)}
    parts |= {"d": "xx"} if precision != "day" else {}
    parts |= {"m": "xx"} if precision == "year" else {}

    first, last, found = (
        pl.DataFrame([parts])
        .select(
            *(one.alias(n) for one, n in zip(partial_dates(pl.col("y"), pl.col("m"), pl.col("d")), "flp", strict=True))
        )
        .row(0)
    )

    assert first <= day <= last
    assert found == precision


def test_a_table_without_columns_of_states_stays_as_it_is() -> None:
    """A file whose participants are one list already is not touched."""
    frame = pl.DataFrame({"MMEID": ["mme1"], "participants": ["Japan;Chile"], "Statement": ["x"]})

    assert_frame_equal(folded(frame, counted=True), frame)


def test_a_participant_nobody_knows_stops_the_load(published: Published, tmp_path: Path) -> None:
    """A name that is in no list is looked at by a person; the message names it and where it stands."""
    from legation.evidence.sources.military_exercises.load import load

    mme = published("military_exercises")["mme"].head(20)
    wide = _wide(mme).with_columns(pl.lit("Ruritania").alias("StateAM"))
    wide.write_csv(tmp_path / "mme_v7.csv")

    with pytest.raises(SourceError, match=r"'Ruritania' in value of mme_participants, in 20 rows"):
        load(SourceFiles(tmp_path, describe_source("military_exercises")))


def test_signals_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The authors' file has a dummy for each year and large sums as powers of ten; the table is the same."""
    frame = published("signals")["signals"]
    years = [(pl.col("year") == year).cast(pl.Int64).alias(f"yr{year}") for year in range(1950, 2013)]
    file = tmp_path / "Individual Signals Dataset.csv"
    text = frame.with_columns(years).write_csv(quote_style="non_numeric").replace(",43600000.0,", ",4.36e+07,")
    file.write_text(text)

    assert_frame_equal(from_file("signals", "signals", file.name), frame)
    assert ",4.36e+07," in text
    canada = frame.filter((pl.col("ccode") == 20) & (pl.col("year") == 1952))
    assert canada.select("us_econaid", "us_words", "us_pact").row(0) == (43_600_000.0, 39, 1)


def test_bases_stand_on_the_territory_of_a_state(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """Sites carry the state that holds the ground: Greenland Denmark, Guam the United States; the CSV is the same."""
    frame = published("us_bases")["us_bases"]

    held = dict(frame.select("countryname", "actor").unique().rows())
    frame.drop("actor").write_csv(tmp_path / "basedata.csv", null_value="NA")
    assert frame.height == 414
    assert [held[name] for name in ("Greenland", "Guam", "Germany", "Kosovo", "Hong Kong")] == [
        "DNK", "USA", "DEU", "XKX", "CHN",
    ]  # fmt: skip
    assert_frame_equal(from_file("us_bases", "us_bases", "basedata.csv"), frame)


def test_visits_as_a_workbook(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The list saved as .xlsx is the same; visits to territories give no actor and are listed."""
    tables = published("us_defence_visits")
    frame = tables["us_defence_visits"]
    write_sheet(frame.drop("actor", "start", "end"), tmp_path / "visits.xlsx")

    assert_frame_equal(from_file("us_defence_visits", "us_defence_visits", "visits.xlsx"), frame)
    assert tables["us_defence_visits_unread"]["rows"].sum() == frame["actor"].null_count()
    assert frame.filter(pl.col("start") > pl.col("end")).height == 10  # slips of the list, as its description says


def test_chinese_travel_and_diplomacy(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """Mao's first journey went to the Soviet Union; both files are the same in the publishers' forms."""
    travel = published("china_leader_travel")["china_leader_travel"]
    diplomacy = published("china_public_diplomacy")["china_public_diplomacy"]
    write_sheet(travel.drop("actor"), tmp_path / "WHO-WHERE-WHEN-dataset-v.1.1.xlsx")
    diplomacy.drop("actor").write_csv(
        tmp_path / "ChinesePublicDiplomacy.csv", null_value="N/A", quote_style="non_numeric"
    )

    assert travel.row(0, named=True)["actor"] == "SUN"
    assert_frame_equal(
        from_file("china_leader_travel", "china_leader_travel", "WHO-WHERE-WHEN-dataset-v.1.1.xlsx"), travel
    )
    assert_frame_equal(
        from_file("china_public_diplomacy", "china_public_diplomacy", "ChinesePublicDiplomacy.csv"), diplomacy
    )


def test_training_activities_add_up_to_the_yearly_table(published: Published) -> None:
    """The activities with an actor are those that the yearly sums count."""
    activities = published("us_training_activities")["us_training_activities"]
    yearly = published("us_training")["us_training"]

    assert activities.height == 244_981
    assert activities["actor"].count() == yearly["activities"].sum()


def test_influence_as_csv(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The arrangement with two influencers has 194 receivers; Russia as a receiver before 1992 is the Soviet Union."""
    frame = published("fbic")["fbic"]
    text = frame.drop("actor").write_csv().replace(",0.", ",.")  # the file writes .249 for 0.249
    (tmp_path / "FBIC.csv").write_text(text)

    assert frame["iso3"].n_unique() == 194
    assert set(frame.filter((pl.col("iso3") == "RUS") & (pl.col("year") == 1980))["actor"]) == {"SUN"}
    assert_frame_equal(from_file("fbic", "fbic", "FBIC.csv"), frame)
