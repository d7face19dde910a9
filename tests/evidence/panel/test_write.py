"""Panels as files: rows and description come back from every format, all or nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from legation.errors import InputError
from legation.evidence import panel
from legation.evidence.panel.write import describe, read_description, sidecar


@pytest.fixture
def made(tables) -> panel.Panel:
    """Return a small panel."""
    return panel.dyads(first=1990, last=1992).add("nmc", "wars").build(tables)


@pytest.mark.parametrize("name", ["p.parquet", "p.arrow", "p.feather", "p.csv", "p.tsv", "p.json", "p.duckdb"])
def test_rows_and_description_come_back(made, tmp_path: Path, name: str) -> None:
    """Each format holds the rows, and the description in itself or beside it."""
    path = tmp_path / name
    files = panel.write_panel(made, path)

    assert read_description(path) == describe(made)
    readers = {
        ".parquet": pl.read_parquet,
        ".arrow": lambda p: pl.read_ipc(p.read_bytes()),
        ".feather": lambda p: pl.read_ipc(p.read_bytes()),
        ".csv": pl.read_csv,
        ".tsv": lambda p: pl.read_csv(p, separator="\t"),
        ".json": pl.read_json,
        ".duckdb": lambda p: pl.from_arrow(duckdb.connect(str(p)).sql("FROM panel").to_arrow_table()),
    }
    assert readers[path.suffix](path).cast(made.frame.schema).equals(made.frame)
    assert [file.name for file in files] == (
        [name] if path.suffix not in {".csv", ".tsv", ".json"} else [name, f"{name}.columns.json"]
    )
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in files)


def test_a_duckdb_file_has_a_table_of_columns(made, tmp_path: Path) -> None:
    """In DuckDB the columns' sources can be asked for in SQL."""
    panel.write_panel(made, tmp_path / "p.duckdb")

    with duckdb.connect(str(tmp_path / "p.duckdb")) as connection:
        found = connection.sql("SELECT \"table\", version FROM columns WHERE name = 'cinc1'").fetchall()
    assert found == [("cow_nmc", "7.0")]


def test_a_file_that_is_there_is_kept(made, tmp_path: Path) -> None:
    """Nothing is replaced unless it is asked for, and a folder that is not there is named."""
    path = tmp_path / "p.parquet"
    path.write_text("mine")

    with pytest.raises(InputError, match="is there already"):
        panel.write_panel(made, path)
    assert path.read_text() == "mine"
    panel.write_panel(made, path, overwrite=True)
    assert len(pl.read_parquet(path)) == len(made)
    with pytest.raises(InputError, match="no folder"):
        panel.write_panel(made, tmp_path / "x" / "p.parquet")
    with pytest.raises(InputError, match="no known format"):
        panel.write_panel(made, tmp_path / "p.xls")
    sidecar(tmp_path / "q.csv").write_text("mine")
    with pytest.raises(InputError, match=r"q\.csv\.columns\.json is there already"):
        panel.write_panel(made, tmp_path / "q.csv")
    assert not (tmp_path / "q.csv").exists()


def test_parts_make_one_file(tables, tmp_path: Path) -> None:
    """A panel written in parts is one Parquet file with the same rows and a description of the whole."""
    design = panel.dyads(first=1990, last=2000, period="month").add("nmc", "contiguity")
    whole = design.build(tables)
    path = tmp_path / "p.parquet"

    rows = panel.write_batches(design.batches(tables, memory=0.000_3), path)

    assert rows == len(whole)
    assert pl.read_parquet(path).cast(whole.frame.schema).equals(whole.frame)
    assert read_description(path).rows == rows
    with pytest.raises(InputError, match=r"only \.parquet"):
        panel.write_batches(design.batches(tables), tmp_path / "p.csv")
    with pytest.raises(InputError, match="no rows"):
        panel.write_batches([], tmp_path / "q.parquet")
    assert [file.name for file in tmp_path.iterdir()] == ["p.parquet"]


def test_files_that_hold_no_panel_are_refused(made, tmp_path: Path) -> None:
    """A file without a description, a damaged one and one that is not there are told apart from panels."""
    bare, broken = tmp_path / "bare.parquet", tmp_path / "broken.csv"
    made.frame.write_parquet(bare)
    broken.write_text("a\n1\n")
    sidecar(broken).write_text('{"format": 1}')

    with pytest.raises(InputError, match="no description"):
        read_description(bare)
    with pytest.raises(InputError, match="damaged"):
        read_description(broken)
    with pytest.raises(InputError, match="cannot be read"):
        read_description(tmp_path / "none.parquet")
