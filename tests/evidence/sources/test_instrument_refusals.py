"""Files that are not what their source says are refused: agreements, exercises, UN, aid, sanctions, violence, codes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from legation.errors import SourceError
from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.forms import form_found
from legation.evidence.reading import SourceFiles

Spoilt = Callable[..., pl.DataFrame]

SOURCES = (
    "cameo",
    "china_leader_travel",
    "china_public_diplomacy",
    "dcad",
    "fbic",
    "geopko",
    "gsdb",
    "icews_benchmarks",
    "kiel",
    "military_exercises",
    "ocha",
    "pax",
    "signals",
    "sipri_arms",
    "sipri_spending",
    "ucdp_conflicts",
    "ucdp_deaths_vintages",
    "ucdp_ged",
    "un_bridges",
    "un_ideal_points_published",
    "un_peacekeeping",
    "un_roll_calls",
    "un_votes",
    "us_bases",
    "us_defence_visits",
    "us_training_activities",
)


def _of_parquet(name: str) -> list[str]:
    """Return the tables of a source that a Parquet form gives."""
    return sorted({form.table for form in describe_source(name).forms if form.file.endswith(".parquet")})


TABLES = [(name, table) for name in SOURCES for table in _of_parquet(name)]
STRICT = [(name, table) for name, table in TABLES if not describe_source(name).declared(table).as_published]
KEYED = [(name, table) for name, table in TABLES if describe_source(name).declared(table).key]
DATED = [(name, table) for name, table in TABLES if describe_source(name).declared(table).time]


def _ours(name: str, table: str, column: str) -> str:
    """Return what the Parquet form calls a declared column."""
    form = next(f for f in describe_source(name).forms if f.table == table and f.file.endswith(".parquet"))
    return next((theirs for theirs, ours in form.columns.items() if ours == column), column)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_table_without_a_column_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """A file that lacks a column is not the known version; the message names the column."""
    lacking = next(c.name for c in describe_source(name).declared(table).columns if not c.nullable)

    with pytest.raises(SourceError, match=rf"columns missing .*'{lacking}'"):
        spoilt(name, table, lambda frame: frame.drop(_ours(name, table, lacking)))


@pytest.mark.parametrize(("name", "table"), STRICT)
def test_a_table_with_a_strange_column_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """A column that nobody named is looked at by a person before it is believed."""
    with pytest.raises(SourceError, match=r"nobody named .*surprise"):
        spoilt(name, table, lambda frame: frame.with_columns(pl.lit(1).alias("surprise")))


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_missing_figure_is_refused_where_none_may_be(spoilt: Spoilt, name: str, table: str) -> None:
    """A cell that is never empty stops the load where it is; the message names column and row."""
    column = next(c for c in describe_source(name).declared(table).columns if not c.nullable)
    theirs = _ours(name, table, column.name)

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.when(pl.int_range(pl.len()) != 3).then(pl.col(theirs)).alias(theirs))

    with pytest.raises(SourceError, match=rf"column {column.name} .*row 4: None is never missing"):
        spoilt(name, table, change)


@pytest.mark.parametrize(("name", "table"), KEYED)
def test_a_repeated_key_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """A row that stands twice would be counted twice."""
    with pytest.raises(SourceError, match="2 rows repeat the key"):
        spoilt(name, table, lambda frame: pl.concat([frame, frame.head(1)]))


@pytest.mark.parametrize(("name", "table"), DATED)
def test_a_newer_version_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """A row of a year after the known version's last means another version, or a mistake."""
    declared = describe_source(name).declared(table)
    column = next(c for c in declared.columns if c.name == declared.time[0])
    theirs = _ours(name, table, column.name)

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        dtype = frame.schema[theirs]
        later = pl.lit("2039-05-01" if column.type == "date" else 2039)
        later = later.str.to_date().cast(dtype) if dtype == pl.Datetime else later.cast(dtype)
        first = pl.int_range(pl.len()) == 0
        return frame.with_columns(pl.when(first).then(later).otherwise(pl.col(theirs)).alias(theirs))

    with pytest.raises(SourceError, match=r"speaks of 2039|2039(\.0)? lies outside"):
        spoilt(name, table, change)


@pytest.mark.parametrize("name", SOURCES)
def test_half_a_file_is_refused(reference_folder: Path, tmp_path: Path, name: str) -> None:
    """A file cut in two does not load, and nothing of it is kept."""
    description = describe_source(name)
    table = _of_parquet(name)[0]
    form = form_found(description, table, reference_folder)
    if form is None:
        pytest.skip(f"table {table} is not beside the project")
    content = (reference_folder / form.file).read_bytes()
    (tmp_path / form.file).write_bytes(content[: len(content) // 2])

    with pytest.raises(SourceError, match=r"cannot be read"):
        SourceFiles(tmp_path, description).declared(table)


@pytest.mark.parametrize(
    ("name", "file", "message"),
    [
        ("dcad", "dcad_v1_agreements.parquet", "rows are 935"),
        ("gsdb", "gsdb_v3_sanctions.parquet", "rows are 662"),
        ("sipri_arms", "sipri_dyad_year_1970_2014.parquet", "rows are 40667"),
        ("us_bases", "us_bases_vine.parquet", "rows are 207"),
        ("pax", "pax_agreements.parquet", "rows are 934"),
    ],
)
def test_half_the_rows_break_an_assertion(
    reference_folder: Path, tmp_path: Path, name: str, file: str, message: str
) -> None:
    """A whole file that lost its second half is found out by what the description asserts."""
    if not (reference_folder / file).exists():
        pytest.skip(f"{file} is not beside the project")
    frame = pl.read_parquet(reference_folder / file)
    frame.head(frame.height // 2).write_parquet(tmp_path / file)

    with pytest.raises(SourceError, match=message):
        load_source(describe_source(name), tmp_path)


def test_another_encoding_is_named_with_its_line(published, tmp_path: Path) -> None:
    """A file in Latin-1 where UTF-8 is declared is refused with the line and the byte."""
    frame = published("us_bases")["us_bases"].drop("actor").head(3)
    text = frame.with_columns(pl.lit("Curaçao").alias("countryname")).write_csv(null_value="NA")
    (tmp_path / "basedata.csv").write_bytes(text.encode("latin-1"))

    with pytest.raises(SourceError, match=r"line 2 holds the byte 0xe7"):
        load_source(describe_source("us_bases"), tmp_path)


def test_no_source_here_is_shipped() -> None:
    """No table as published leaves with Legation; only its own counts of what may be passed on do."""
    for name in SOURCES:
        assert not any(table.ship for table in describe_source(name).tables), name


def test_a_folder_without_the_file_says_what_to_get(tmp_path: Path) -> None:
    """The message names the file, the table and the publisher's address."""
    with pytest.raises(SourceError, match=r"needs gsdb_v3_sanctions\.parquet or GSDB_V3\.csv .*globalsanctions"):
        load_source(describe_source("gsdb"), tmp_path)


def test_files_are_read_whatever_else_lies_beside_them(reference_folder: Path, tmp_path: Path) -> None:
    """Other files in the folder do no harm, and a folder with a form's name is no file."""
    source = reference_folder / "us_bases_vine.parquet"
    if not source.exists():
        pytest.skip("the table is not beside the project")
    shutil.copy(source, tmp_path / source.name)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "visits.xlsx").mkdir()

    assert load_source(describe_source("us_bases"), tmp_path)["us_bases"].height == 414
    assert not SourceFiles(tmp_path, describe_source("us_defence_visits")).present
