"""Files that are not what their source says are refused, whatever the source: states, conflict, alliances, leaders."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from legation.errors import SourceError
from legation.evidence.build import load_source
from legation.evidence.description import DeclaredColumn, DeclaredTable, describe_source
from legation.evidence.forms import form_found, type_of
from legation.evidence.reading import SourceFiles

Spoilt = Callable[..., pl.DataFrame]

SOURCES = (
    "archigos",
    "arms_races",
    "atop",
    "capitals",
    "cow_contiguity",
    "cow_igo",
    "cow_majors",
    "cow_mid",
    "cow_nmc",
    "cow_states",
    "cow_trade",
    "cow_wars",
    "creg",
    "democracy",
    "gdp_population",
    "gleditsch_ward",
    "gml_mid",
    "hief",
    "lead",
    "minimum_distance",
    "peace_scale",
    "signed_networks",
    "state_systems",
    "strategic_rivalries_td",
    "strategic_rivalries_tss",
    "territorial_threat",
)
TABLES = [
    (name, table) for name in SOURCES for table in dict.fromkeys(form.table for form in describe_source(name).forms)
]
KEYED = [(name, table) for name, table in TABLES if describe_source(name).declared(table).key]
DATED = [(name, table) for name, table in TABLES if describe_source(name).declared(table).time]


def _same(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def _bounded(declared: DeclaredTable) -> DeclaredColumn:
    """Return a column of whole numbers or figures that has an upper limit, or a text with allowed values."""
    return next(
        column
        for column in declared.columns
        if column.high is not None or column.allowed or (column.low is not None and column.type != "text")
    )


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_part_of_a_table_keeps_its_columns_and_types(spoilt: Spoilt, name: str, table: str) -> None:
    """A part of a table reads with all declared columns in their types, in the declared order."""
    declared = describe_source(name).declared(table)

    frame = spoilt(name, table, _same)

    assert {column.name: type_of(column) for column in declared.columns} == dict(frame.schema)
    assert frame.height


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_table_without_a_column_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """A file that lacks a column, even one with missing values, is not the known version; the message names it."""
    columns = [c for c in describe_source(name).declared(table).columns if not c.computed]
    needed = next(c.name for c in columns if not c.nullable)

    for lacking in {needed, *(c.name for c in columns if c.nullable)}:
        with pytest.raises(SourceError, match=rf"columns missing .*{lacking}"):
            spoilt(name, table, lambda frame, lacking=lacking: frame.drop(lacking))


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_table_with_a_strange_column_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """A column that nobody named is looked at by a person before it is believed."""
    with pytest.raises(SourceError, match=r"nobody named .*surprise"):
        spoilt(name, table, lambda frame: frame.with_columns(pl.lit(1).alias("surprise")))


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_value_outside_its_limits_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """A value that cannot be stops the load; the message names the column, the row and the value."""
    declared = describe_source(name).declared(table)
    if not any(c.high is not None or c.allowed or c.low is not None for c in declared.columns):
        pytest.skip("the table holds codes and names only")
    column = _bounded(declared)
    strange = "nonsense" if column.type == "text" else -128 if (column.low or 0) > -100 else 127

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        dtype = frame.schema[column.name]
        wrong = pl.Series(column.name, [strange], dtype=dtype)
        return frame.with_columns(
            pl.concat([frame.get_column(column.name).slice(0, 2), wrong, frame.get_column(column.name).slice(3)])
        )

    with pytest.raises(SourceError, match=rf"column {column.name} .*row 3: '?{strange}"):
        spoilt(name, table, change)


@pytest.mark.parametrize(("name", "table"), KEYED)
def test_a_repeated_key_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """A row that stands twice would be counted twice."""
    with pytest.raises(SourceError, match="2 rows repeat the key"):
        spoilt(name, table, lambda frame: pl.concat([frame, frame.head(1)]))


@pytest.mark.parametrize(("name", "table"), DATED)
def test_a_newer_version_is_refused(spoilt: Spoilt, name: str, table: str) -> None:
    """Rows of a year after the known version's last mean that it is another version, or a mistake."""
    declared = describe_source(name).declared(table)
    column = next(c for c in declared.columns if c.name == declared.time[0])
    held_by_limit = column.high is not None

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        later = pl.lit("2031-01-01" if column.type == "date" else 2031).cast(frame.schema[column.name])
        first = pl.int_range(pl.len()) == 0
        return frame.with_columns(pl.when(first).then(later).otherwise(pl.col(column.name)).alias(column.name))

    with pytest.raises(SourceError, match="lies outside" if held_by_limit else "speaks of 2031.*newer version"):
        spoilt(name, table, change)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_cut_parquet_file_is_refused(reference_folder: Path, tmp_path: Path, name: str, table: str) -> None:
    """A file of which the end is missing is no Parquet file."""
    description = describe_source(name)
    form = form_found(description, table, reference_folder)
    if form is None:
        pytest.skip(f"table {table} is not beside the project")
    whole = (reference_folder / form.file).read_bytes()
    (tmp_path / form.file).write_bytes(whole[: len(whole) // 2])

    with pytest.raises(SourceError, match="cannot be read as its description says"):
        SourceFiles(tmp_path, description).declared(table)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_half_a_table_is_refused(reference_folder: Path, tmp_path: Path, name: str, table: str) -> None:
    """A table of half its rows, or of twice as many, breaks an assertion of its source."""
    description = describe_source(name)
    form = form_found(description, table, reference_folder)
    if form is None:
        pytest.skip(f"table {table} is not beside the project")
    frame = pl.read_parquet(reference_folder / form.file)
    frame.head(frame.height // 2).write_parquet(tmp_path / form.file)

    with pytest.raises(SourceError, match="breaks its assertion"):
        load_source(description, tmp_path)


@pytest.mark.parametrize("name", SOURCES)
def test_a_folder_with_no_file_of_it_gives_no_table(tmp_path: Path, name: str) -> None:
    """A source of which nothing is there makes nothing, and asking for a table names the files that are wanted."""
    description = describe_source(name)

    assert load_source(description, tmp_path) == {}
    with pytest.raises(SourceError, match=f"needs .* for its table {description.tables[0].name}"):
        SourceFiles(tmp_path, description).declared(description.tables[0].name)


def test_the_descriptions_say_what_each_source_may_be_used_for() -> None:
    """No source of this family may be passed on, the non-commercial ones say so, and every table has a meaning."""
    for name in SOURCES:
        source = describe_source(name)
        assert not source.licence.redistribution, name
        assert not any(table.ship for table in source.tables), name
        assert source.licence.use in {"research", "non-commercial"}, name
        assert all(column.meaning for table in source.tables for column in table.columns)
    assert {n for n in SOURCES if describe_source(n).licence.use == "non-commercial"} == {
        "minimum_distance",
        "peace_scale",
    }


def test_a_whole_folder_loads_beside_foreign_files(reference_folder: Path, tmp_path: Path) -> None:
    """Files of other kinds in the folder are left alone."""
    shutil.copy(reference_folder / "cow_majors.parquet", tmp_path)
    (tmp_path / "notes.txt").write_text("not a table")

    assert list(load_source(describe_source("cow_majors"), tmp_path)) == ["cow_majors"]


def test_a_number_of_no_state_is_refused(spoilt: Spoilt) -> None:
    """A code inside the limits that no state ever had is named with its row."""
    with pytest.raises(SourceError, match=r"column ccode .*, row 1: 3 is the COW number of no state"):
        spoilt("cow_nmc", "cow_nmc", lambda frame: frame.with_columns(pl.lit(3, dtype=pl.Int64).alias("ccode")))
