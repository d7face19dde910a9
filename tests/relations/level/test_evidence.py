"""Evidence of a year uses nothing of later years, whatever source is held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from legation.errors import FormatError, InputError, MissingEvidenceError
from legation.relations.level.evidence import build_evidence
from legation.relations.level.features.ties import arrangements
from legation.relations.level.tables import SourceTables, tables_of_folder

YEAR = 1975
_TIMES = {
    "tss_rivalries": ("start", "end"),
    "td_rivalries": ("styear", "endyear"),
    "arms_races": ("styear", "endyear"),
    "dcad": ("signYear", "endYearEstimate"),
}


@pytest.fixture(scope="module")
def tables(shared_data) -> SourceTables:
    """Return the reference tables."""
    return tables_of_folder(Path(shared_data("atop_ddy_v51.parquet")).parent)


def _cut(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return what could be known at the end of the year: later rows gone, later ends open."""
    if name in _TIMES:
        start, end = _TIMES[name]
        kept = frame.filter(pl.col(start).cast(pl.Float64) <= YEAR)
        late = pl.col(end).cast(pl.Float64) > YEAR
        return kept.with_columns(pl.when(late).then(YEAR).otherwise(pl.col(end)).alias(end))
    for column in ("year", "year_session"):
        if column in frame.columns:
            return frame.filter(pl.col(column) <= YEAR)
    return frame


@pytest.mark.needs_shared
def test_later_years_change_nothing(tables):
    """With every later row taken out of every source, the evidence of the year is the same to the bit."""
    pairs = [(2, 365), (200, 220), (255, 365), (645, 666), (750, 770), (640, 352), (2, 20), (710, 850), (663, 666)]
    a, b = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    year = np.full(len(pairs), YEAR)
    cut = SourceTables(held=tables.held, read=lambda name: _cut(tables.read(name), name))

    whole, known = build_evidence(tables, a=a, b=b, year=year), build_evidence(cut, a=a, b=b, year=year)

    assert len(whole.names) > 80
    common = [name for name in whole.names if name in known.names]
    assert set(whole.names) - set(common) <= {"agreements", "agreements_new_10", "exercises_5", "exercises_close_5"}
    for name in common:
        assert np.array_equal(whole.column(name), known.column(name), equal_nan=True), name


@pytest.mark.needs_shared
def test_known_cases_have_their_evidence(tables):
    """Cuba and the United States in 1962, France and Germany in 1990, say what history says."""
    found = build_evidence(tables, a=[2, 220, 220], b=[40, 260, 255], year=[1962, 1989, 2000])

    assert found.column("rivalry_tss")[0] > 0
    assert found.column("dispute_since")[0] == 0
    assert found.column("integration").tolist() == [0, 2, 4]
    assert found.column("treaty_defense").tolist() == [0 if found.column("treaty_defense")[0] == 0 else 1, 1, 1]
    assert found.column("dispute_war_since")[2] > 50
    assert 8.7 < found.column("log_capital_distance")[0] + 1.2 < 9.0


@pytest.mark.needs_shared
def test_order_of_sides_and_rows_is_no_matter(tables):
    """Swapped sides give the same evidence, row by row."""
    one = build_evidence(tables, a=[2, 200, 750], b=[365, 220, 770], year=[1980, 1938, 1971])
    two = build_evidence(tables, a=[770, 365, 220], b=[750, 2, 200], year=[1971, 1980, 1938])

    assert np.array_equal(one.values[[2, 0, 1]], two.values, equal_nan=True)


@pytest.mark.needs_shared
def test_a_source_that_is_not_held_has_no_columns(tables):
    """Without votes and disputes their columns are gone, not zero."""
    fewer = tables.without({"un_votes_cast", "cow_mid_dirdisps", "gml_dirdisp"})

    found = build_evidence(fewer, a=[2], b=[365], year=[1980])

    assert not any(name.startswith(("votes_", "dispute_")) for name in found.names)


def test_a_table_without_its_columns_is_refused(tmp_path):
    """A file that bears a table's name but not its columns is refused by name."""
    pl.DataFrame({"ccode": [2]}).write_parquet(tmp_path / "cow_nmc_v7.parquet")

    with pytest.raises(FormatError, match="cow_nmc has no column"):
        tables_of_folder(tmp_path)("cow_nmc")


def test_folders_without_tables_and_with_two_are_refused(tmp_path):
    """An empty folder, two versions of one table, a damaged file."""
    with pytest.raises(MissingEvidenceError):
        tables_of_folder(tmp_path)
    frame = pl.DataFrame({"ccode": [2], "year": [1900], "cinc": [0.1]})
    for name in ("cow_nmc_v6.parquet", "cow_nmc_v7.parquet"):
        frame.write_parquet(tmp_path / name)
    with pytest.raises(InputError, match="several files"):
        tables_of_folder(tmp_path)
    (tmp_path / "cow_nmc_v6.parquet").unlink()
    (tmp_path / "cow_nmc_v7.parquet").write_bytes(b"PAR1 not")
    with pytest.raises(FormatError, match="cannot be read"):
        tables_of_folder(tmp_path)("cow_nmc")


def test_arrangements_of_integration_are_dated_and_sourced():
    """Every arrangement has a depth on the ladder, years in order and an act."""
    found = arrangements()

    assert len(found) > 20
    assert all(1 <= each.depth <= 4 and each.start <= each.end and each.act for each in found)
