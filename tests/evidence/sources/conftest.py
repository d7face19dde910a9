"""Fixtures for the tests of sources: a source as its files here give it, and publisher's files made for a test."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.forms import form_found
from legation.evidence.reading import SourceFiles

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="session")
def reference_folder(shared_data: Callable[[str], Path]) -> Path:
    """Return the folder of reference tables."""
    return shared_data("provenance.json").parent


@pytest.fixture(scope="session")
def published(reference_folder: Path) -> Callable[[str], Tables]:
    """Return a function that loads a source from the reference tables, once in a run."""

    @cache
    def load(name: str) -> Tables:
        description = describe_source(name)
        if not SourceFiles(reference_folder, description).present:
            pytest.skip(f"no file of source {name} is beside the project")
        return {table: frame for table, frame in load_source(description, reference_folder).items()}  # noqa: C416

    return load


@pytest.fixture
def from_file(tmp_path: Path) -> Callable[[str, str, str], pl.DataFrame]:
    """Return a function that writes one publisher's file and reads a table of a source from it, assertions included."""

    def read(name: str, table: str, file: str) -> pl.DataFrame:
        assert form_found(describe_source(name), table, tmp_path), f"{file} is no form of {table}"
        frame = load_source(describe_source(name), tmp_path)[table]
        assert isinstance(frame, pl.DataFrame)
        return frame

    return read


@pytest.fixture
def spoilt(reference_folder: Path, tmp_path: Path) -> Callable[..., pl.DataFrame]:
    """Return a function that changes the first rows of a reference table and reads them as the source would."""

    def read(
        name: str, table: str, change: Callable[[pl.DataFrame], pl.DataFrame], *, rows: int = 2000
    ) -> pl.DataFrame:
        description = describe_source(name)
        form = form_found(description, table, reference_folder)
        if form is None or not form.file.endswith(".parquet"):
            pytest.skip(f"table {table} is not beside the project")
        change(pl.read_parquet(reference_folder / form.file).head(rows)).write_parquet(tmp_path / form.file)
        return SourceFiles(tmp_path, description).declared(table)

    return read
