"""What a source makes of a Parquet copy is the copy: every column, row and value, in a type that loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_series_equal

from legation.evidence.description import describe_source
from legation.evidence.forms import form_found

SOURCES = (
    "archigos", "arms_races", "atop", "capitals", "cow_contiguity", "cow_igo", "cow_majors", "cow_mid", "cow_nmc",
    "cow_states", "cow_trade", "cow_wars", "creg", "democracy", "gdp_population", "gleditsch_ward", "gml_mid", "hief",
    "lead", "minimum_distance", "peace_scale", "signed_networks", "state_systems", "strategic_rivalries_td",
    "strategic_rivalries_tss", "territorial_threat",
)  # fmt: skip
TABLES = [(name, table) for name in SOURCES for table in dict.fromkeys(f.table for f in describe_source(name).forms)]


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_nothing_is_lost(
    published: Callable[[str], dict[str, pl.DataFrame]], reference_folder: Path, name: str, table: str
) -> None:
    """Columns keep their names and order, rows their order, and every value is what the file holds."""
    description = describe_source(name)
    form = form_found(description, table, reference_folder)
    if form is None:
        pytest.skip(f"table {table} is not beside the project")
    copy, loaded = pl.read_parquet(reference_folder / form.file), published(name)[table]

    assert loaded.columns == copy.columns
    for column in copy.get_columns():
        ours = loaded.get_column(column.name)
        if ours.dtype == pl.Date:
            ours = ours.dt.strftime("%Y-%m-%d")
        back = ours.cast(column.dtype)
        assert_series_equal(back, column, check_exact=True)
