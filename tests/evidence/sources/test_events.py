"""Event files as sources of a world: counts per directed dyad and month in each publisher's form; the code tables."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from legation.errors import LegationError, SourceError
from legation.evidence.build import build_world, load_source
from legation.evidence.description import describe_source
from legation.evidence.events.formats import FORMATS
from legation.evidence.sources.cameo.load import plover_lines
from legation.evidence.sources.icews_benchmarks.load import states_of

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]

GDELT = {
    "SQLDATE": "20130304",
    "Actor1CountryCode": "EST",
    "Actor2CountryCode": "FIN",
    "IsRootEvent": "1",
    "EventCode": "040",
    "EventBaseCode": "040",
    "EventRootCode": "04",
    "QuadClass": "1",
    "GoldsteinScale": "1.0",
    "NumSources": "1",
    "DATEADDED": "20130304",
    "SOURCEURL": "https://paper.example/talks",
}
POLECAT = {
    "Event ID": "20230103-1-a",
    "Event Date": "2023-01-03",
    "Event Type": "ASSAULT",
    "Event Mode": "beat",
    "Intensity": "-9.0",
    "Quad Code": "MATERIAL CONFLICT",
    "Actor Country": "FRA",
    "Recipient Country": "DEU",
    "Country": "FRA",
    "Publication Date": "2023-01-04",
    "Version": "NGEC_coder",
}


def _lines(name: str, values: dict[str, str], *changes: dict[str, str], fields: int | None = None) -> str:
    form = FORMATS[name]
    columns = form.columns[:fields]
    rows = [[{**values, **change}.get(column, "") for column in columns] for change in changes]
    heading = [list(columns)] if form.heading else []
    return "".join("\t".join(row) + "\n" for row in [*heading, *rows])


def _zip(path: Path, inside: str, text: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inside, text)


def test_daily_and_yearly_files_of_gdelt_1_are_one_source(tmp_path: Path) -> None:
    """Daily files of 58 columns are counted per directed dyad and month, all of a folder together."""
    fight = {"EventCode": "190", "EventRootCode": "19", "QuadClass": "4", "GoldsteinScale": "-10.0"}
    copy = {"SOURCEURL": "https://other.example/talks-again"}
    _zip(
        tmp_path / "20130304.export.CSV.zip",
        "20130304.export.CSV",
        _lines("gdelt1", GDELT, {}, copy, fight),
    )
    _zip(
        tmp_path / "20130405.export.CSV.zip",
        "20130405.export.CSV",
        _lines("gdelt1", GDELT, {"SQLDATE": "20130405", "DATEADDED": "20130405"}),
    )

    tables = load_source(describe_source("gdelt1"), tmp_path)

    months = tables["event_months_gdelt1"]
    assert months.select("source", "target", "year", "month", "n", "cooperation", "conflict").rows() == [
        ("EST", "FIN", 2013, 3, 2, 1, 1),
        ("EST", "FIN", 2013, 4, 1, 1, 0),
    ]
    removed = dict(tables["event_rules_gdelt1"].select("rule", "removed").rows())
    assert removed["one_a_day"] == 1


def test_old_yearly_files_have_57_columns(tmp_path: Path) -> None:
    """The files of 1979 to 2005 have no address and are named after their year."""
    states = {"Actor1CountryCode": "SWE", "Actor2CountryCode": "FIN"}
    row = {"SQLDATE": "19790304", "DATEADDED": "20130203", **states}
    _zip(tmp_path / "1979.zip", "1979.csv", _lines("gdelt1", GDELT, row, fields=57))

    months = load_source(describe_source("gdelt1"), tmp_path)["event_months_gdelt1"]

    assert months.select("source", "target", "year", "month", "n").rows() == [("SWE", "FIN", 1979, 3, 1)]


def test_the_genuine_file_of_gdelt_2(published: Published) -> None:
    """2,111 rows of 15 minutes: most have one actor or are domestic, and every rule says what it removed."""
    tables = published("gdelt2")

    rules = tables["event_rules_gdelt2"]
    assert rules["before"][0] == 2111
    assert rules["before"][-1] - rules["removed"][-1] == tables["event_months_gdelt2"]["n"].sum()
    assert (tables["event_months_gdelt2"]["source"] != tables["event_months_gdelt2"]["target"]).all()
    assert tables["event_quarantine_gdelt2"]["rows"].sum() > 0


def test_files_of_gdelt_1_and_2_are_told_apart(tmp_path: Path) -> None:
    """A name of eight digits is a day of GDELT 1, one of fourteen a quarter of an hour of GDELT 2."""
    _zip(tmp_path / "20130304.export.CSV.zip", "20130304.export.CSV", _lines("gdelt1", GDELT, {}))
    newer = {**GDELT, "SQLDATE": "20190304", "DATEADDED": "20190304143000"}
    with gzip.open(tmp_path / "20190304143000.export.CSV.gz", "wt") as stream:
        stream.write(_lines("gdelt2", newer, {}))

    world = build_world(tmp_path, tmp_path / "world")

    assert {info.name for info in world.describe() if info.name.startswith("event_months")} == {
        "event_months_gdelt1",
        "event_months_gdelt2",
    }
    assert world.table("event_months_gdelt1")["year"].to_list() == [2013]
    assert world.table("event_months_gdelt2")["year"].to_list() == [2019]


def test_polecat_as_published(tmp_path: Path) -> None:
    """A yearly file coded in PLOVER gives counts by quad class."""
    visit = {"Event ID": "b", "Event Type": "CONSULT", "Event Mode": "visit"}
    visit |= {"Quad Code": "VERBAL COOPERATION", "Intensity": "1.0"}
    text = _lines("polecat", POLECAT, {}, visit)
    _zip(tmp_path / "ngecEvents.DV.2023.txt.zip", "ngecEvents.DV.2023.txt", text)

    months = load_source(describe_source("polecat"), tmp_path)["event_months_polecat"]

    assert months.select("source", "target", "n", "verbal_cooperation", "material_conflict").rows() == [
        ("FRA", "DEU", 2, 1, 1)
    ]


def test_icews_as_published(published: Published, reference_folder: Path, tmp_path: Path) -> None:
    """The publisher's tab-separated file of 20 columns gives the counts of the Parquet copy."""
    raw = pl.read_parquet(reference_folder / "icews_raw_sample_2018.parquet")
    raw.write_csv(tmp_path / "events.2018.20200427084805.tab", separator="\t")

    tables = load_source(describe_source("icews"), tmp_path)

    assert raw.height == tables["event_rules_icews"]["before"][0] == 3705
    assert_frame_equal(tables["event_months_icews"], published("icews")["event_months_icews"])


def test_benchmarks_are_counted_once(published: Published) -> None:
    """Two benchmarks hold events of 2014: their union, not their sum, is counted."""
    tables = published("icews_benchmarks")

    before = tables["event_rules_icews_benchmarks"]["before"][0]
    rows = sum(tables[name].height for name in ("icews14_events", "icews18_events", "icews0515_events"))
    assert before < rows
    assert tables["icews14_events"].height == 90_730
    months = tables["event_months_icews_benchmarks"]
    russia = months.filter((pl.col("source") == "RUS") & (pl.col("target") == "UKR") & (pl.col("year") == 2014))
    # March 2014, of the annexation of Crimea, is the month with most events, and nearly all of them are hostile.
    assert russia.sort("n").row(-1, named=True)["month"] == 3
    assert russia.filter(pl.col("month") == 3)["net"][0] < -0.8


def test_the_country_of_an_actor_stands_in_brackets() -> None:
    """The last brackets name the country; an actor without them is taken as it is."""
    events = pl.DataFrame(
        {
            "date": ["2014-01-01"] * 3,
            "source": ["Police (Australia)", "South Sudan", "Party (of the Left) (Greece)"],
            "target": ["Angela Merkel", "Citizen (India)", "Ministry (Japan) "],
            "cameo": ["010"] * 3,
            "goldstein": [0.0] * 3,
        }
    )

    found = states_of(events)

    assert found["source"].to_list() == ["Australia", "South Sudan", "Greece"]
    assert found["target"].to_list() == ["Angela Merkel", "India", "Japan"]


def test_a_truncated_export_stops_the_load(tmp_path: Path) -> None:
    """A gzip file that ends too early loads nothing, whatever could be read of it."""
    newer = {**GDELT, "SQLDATE": "20190304", "DATEADDED": "20190304143000"}
    whole = gzip.compress(_lines("gdelt2", newer, *([{}] * 500)).encode())
    (tmp_path / "20190304143000.export.CSV.gz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(LegationError, match=r"20190304143000\.export"):
        load_source(describe_source("gdelt2"), tmp_path)


def test_another_number_of_columns_stops_the_load(tmp_path: Path) -> None:
    """A file with a column too many is a version that nobody described."""
    row = "\t".join(["1"] * 62) + "\n"
    (tmp_path / "20190304143000.export.CSV").write_text(row)

    with pytest.raises(LegationError, match="62"):
        load_source(describe_source("gdelt2"), tmp_path)


def test_both_lists_of_goldstein_values_stand_side_by_side(published: Published) -> None:
    """312 codes; the two lists differ on 016 and 022 only, among codes of three digits."""
    codes = published("cameo")["cameo_codes"]

    differing = codes.filter(pl.col("goldstein") != pl.col("goldstein_gdelt"))
    values = {row["code"]: (row["goldstein"], row["goldstein_gdelt"]) for row in differing.iter_rows(named=True)}
    assert codes.height == 312
    assert values["016"] == (-5.0, -2.0)
    assert {code[:3] for code in values} == {"016", "022"}


def test_codes_as_csv(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The arranged CSV is the same; codes keep their leading zeros."""
    codes = published("cameo")["cameo_codes"]
    codes.drop("goldstein_gdelt").write_csv(tmp_path / "cameo-codes.csv", null_value="NA", quote_style="non_numeric")

    assert_frame_equal(from_file("cameo", "cameo_codes", "cameo-codes.csv"), codes)


def test_what_becomes_of_codes_in_plover(published: Published) -> None:
    """Every line of the table is read; embargoes become coercion, and 175 stands twice with one meaning."""
    lines = published("cameo")["cameo_to_plover"]

    of_code = {row["cameo"]: row for row in lines.iter_rows(named=True)}
    assert lines.height == 276
    assert (of_code["163"]["event"], of_code["163"]["mode"], of_code["163"]["context"]) == (
        "COERCE", "restrict", "diplomatic",
    )  # fmt: skip
    assert of_code["196"]["context"] == "legal; military"
    assert of_code["03"]["mode"] is None
    twice = lines.filter(pl.col("cameo") == "175").drop("line", "label")
    assert (twice.height, twice.unique().height) == (2, 1)


WORD = st.text("abcdefgh-_", min_size=1, max_size=8)


@given(
    st.integers(1, 2045).map(lambda n: f"{n:03d}"),
    st.sampled_from(["AGREE", "COERCE", "ASSAULT"]),
    st.one_of(st.none(), WORD),
    st.one_of(st.none(), WORD),
    st.one_of(st.none(), WORD),
)
def test_any_line_of_the_conversion_is_read_back(code, event, mode, context, label) -> None:
    """A code with event, mode, context and label, each of which may be empty, is read as it was written."""
    line = f"{code}: {event}, {mode or ' '} ,   {context or ''}" + (f" # {label}" if label else "")

    read = plover_lines(f"# heading\n\n{line}\n~~~~~\n", name="table")

    assert read.rows() == [(3, code, event, mode, context, label)]


@pytest.mark.parametrize("line", ["AGREE, military", "0312 AGREE", "03120: AGREE", "0312: agree", "0312:"])
def test_a_line_that_is_no_conversion_is_refused(line: str) -> None:
    """Anything but a code and its event stops the load with the number of the line."""
    with pytest.raises(SourceError, match="line 2"):
        plover_lines(f"03: AGREE\n{line}\n", name="table")
