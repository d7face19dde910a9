"""Conflicts, events of violence, deaths as known at each run, peace agreements: every form in which they come."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.build import build_world, load_source
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles
from legation.evidence.world import open_world

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]

ACD = (
    *("conflict_id", "location", "side_a", "side_a_id", "side_a_2nd", "side_b", "side_b_id", "side_b_2nd"),
    *("incompatibility", "territory_name", "year", "intensity_level", "cumulative_intensity", "type_of_conflict"),
    *("start_date", "start_prec", "start_date2", "start_prec2", "ep_end", "ep_end_date", "ep_end_prec"),
    *("gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd", "gwno_loc", "region", "version"),
)
SIDES = ("gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd")


def _acd_as_published(rows: pl.DataFrame) -> pl.DataFrame:
    """Put the states of a side into one cell, and words into the programme's numbers."""
    words = {"territory": "1", "government": "2", "both": "3"}
    kinds = {"extrasystemic": "1", "interstate": "2", "intrastate": "3", "II": "4"}
    texts = [pl.col(side).cast(pl.Int64).cast(pl.String).unique(maintain_order=True).drop_nulls() for side in SIDES]
    key = [name for name in rows.columns if name not in SIDES]
    packed = rows.group_by(key, maintain_order=True).agg(texts).with_columns(pl.col(SIDES).list.join(", "))
    packed = packed.with_columns(pl.col("incompatibility").replace(words), pl.col("type_of_conflict").replace(kinds))
    return packed.with_columns(pl.lit("x, y").alias(name) for name in ACD if name not in packed.columns).select(ACD)


def test_conflicts_as_packed(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The archive that the programme gives out is read as it is."""
    rows = published("ucdp_conflicts")["ucdp_acd"]
    with zipfile.ZipFile(tmp_path / "ucdp-prio-acd-251-csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("UcdpPrioConflict_v25_1.csv", _acd_as_published(rows).write_csv())

    read = from_file("ucdp_conflicts", "ucdp_acd", "ucdp-prio-acd-251-csv.zip")

    assert_frame_equal(read.sort(rows.columns, nulls_last=True), rows.sort(rows.columns, nulls_last=True))


def test_conflicts_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The programme's file, several states in a cell and codes for words, gives the same 5,652 rows."""
    rows = published("ucdp_conflicts")["ucdp_acd"]
    packed = _acd_as_published(rows)
    packed.write_csv(tmp_path / "UcdpPrioConflict_v25_1.csv", quote_style="non_numeric")

    read = from_file("ucdp_conflicts", "ucdp_acd", "UcdpPrioConflict_v25_1.csv")

    assert packed.height < rows.height == 5652
    assert_frame_equal(read.sort(rows.columns, nulls_last=True), rows.sort(rows.columns, nulls_last=True))


def test_a_kind_of_conflict_without_a_word_is_refused(published: Published, tmp_path: Path) -> None:
    """A fifth kind of conflict would be new: the message shows it and what is known."""
    packed = _acd_as_published(published("ucdp_conflicts")["ucdp_acd"].head(4))
    packed.with_columns(pl.lit("5").alias("type_of_conflict")).write_csv(tmp_path / "UcdpPrioConflict_v25_1.csv")

    with pytest.raises(SourceError, match=r"column type_of_conflict .*'5' is none of \['extrasystemic'"):
        load_source(describe_source("ucdp_conflicts"), tmp_path)


def _ged_as_published(events: pl.DataFrame) -> pl.DataFrame:
    """Write days with a time and whether a dyad was active as a word, as a release does."""
    return events.with_columns(
        *(pl.col(name).dt.strftime("%Y-%m-%d 00:00:00.000").alias(name) for name in ("date_start", "date_end")),
        pl.when(pl.col("active_year") == 1).then(pl.lit("True")).otherwise(pl.lit("False")).alias("active_year"),
        *(pl.col(name).cast(pl.Int64) for name in ("gwnoa", "gwnob")),
    )


def test_events_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """A release as CSV, texts with line breaks and quotes, is the same table of events."""
    events = published("ucdp_ged")["ucdp_ged"]
    strange = events.with_columns(pl.lit('says "no",\nthen yes; ½').alias("where_description"))
    _ged_as_published(strange).write_csv(tmp_path / "GEDEvent_v23_1.csv", quote_style="non_numeric")

    assert_frame_equal(from_file("ucdp_ged", "ucdp_ged", "GEDEvent_v23_1.csv"), strange)


def test_events_as_packed(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The archive that the programme gives out is read as it is."""
    events = published("ucdp_ged")["ucdp_ged"]
    with zipfile.ZipFile(tmp_path / "ged231-csv.zip", "w") as archive:
        archive.writestr("GEDEvent_v23_1.csv", _ged_as_published(events).write_csv())
        archive.writestr("readme.txt", "about")

    assert_frame_equal(from_file("ucdp_ged", "ucdp_ged", "ged231-csv.zip"), events)


@pytest.mark.parametrize("members", [{}, {"a.csv": "id\n1\n", "b.csv": "id\n2\n"}, {"../../a.csv": "id\n1\n"}])
def test_another_archive_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    """An archive without a table, with two, or with another table is refused, and writes nothing outside."""
    with zipfile.ZipFile(tmp_path / "ged231-csv.zip", "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)

    with pytest.raises(SourceError, match=r"ged231-csv|columns missing"):
        load_source(describe_source("ucdp_ged"), tmp_path)
    assert not (tmp_path.parent / "a.csv").exists()


def test_a_damaged_archive_is_refused(published: Published, tmp_path: Path) -> None:
    """An archive cut short says so."""
    with zipfile.ZipFile(tmp_path / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("GEDEvent_v23_1.csv", _ged_as_published(published("ucdp_ged")["ucdp_ged"]).write_csv())
    content = (tmp_path / "whole.zip").read_bytes()
    (tmp_path / "ged231-csv.zip").write_bytes(content[: len(content) // 2])

    with pytest.raises(SourceError, match="cannot be unpacked"):
        load_source(describe_source("ucdp_ged"), tmp_path)


def test_runs_as_kept(published: Published, tmp_path: Path) -> None:
    """Runs as wide files, one a country in a column, give the same figures: the last 24 months of each."""
    tables = published("ucdp_deaths_vintages")
    kept = tables["ucdp_deaths_vintages"]
    for (run,), rows in kept.partition_by("vintage", as_dict=True).items():
        wide = rows.pivot("country", index="month", values="fatalities").sort("month")
        earlier = wide.head(1).with_columns(pl.lit(date(2020, 1, 31)).alias("month"))
        # The first column, of days, has no name there.
        pl.concat([earlier, wide]).rename({"month": ""}).write_csv(tmp_path / f"Conf_{run}.csv")

    read = load_source(describe_source("ucdp_deaths_vintages"), tmp_path)

    order = ["vintage", "country", "month"]
    assert_frame_equal(read["ucdp_deaths_vintages"].sort(order), kept.sort(order), check_column_order=False)
    dated = tables["conflict_deaths_vintages"]
    assert_frame_equal(read["conflict_deaths_vintages"].sort(dated.columns), dated.sort(dated.columns))


def test_a_world_shows_what_a_run_knew(published: Published, reference_folder: Path, tmp_path: Path) -> None:
    """As known on a day in 2024, a month has the figure of the last run before that day, not of a later one."""
    file = "ucdp_fatalities_vintages_last24m.parquet"
    kept = published("ucdp_deaths_vintages")["conflict_deaths_vintages"]
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / file).write_bytes((reference_folder / file).read_bytes())
    build_world(sources, tmp_path / "world", only=["ucdp_deaths_vintages"])

    on = date(2024, 7, 1)
    known = open_world(tmp_path / "world", known_on=on).table("conflict_deaths_vintages")

    assert known["known"].max() == date(2024, 6, 24)
    israel = {"actor": "ISR", "year": 2023, "month": 12}
    there = [pl.col(name) == value for name, value in israel.items()]
    expected = kept.filter(*there, pl.col("known") <= on).sort("known")["deaths"][-1]
    assert known.filter(*there)["deaths"].to_list() == [expected]
    assert sorted(kept.filter(*there)["deaths"].unique()) == [4509, 7097]


def test_a_run_without_its_day_is_refused(tmp_path: Path) -> None:
    """A wide file that does not say when it was known is no vintage."""
    (tmp_path / "Conf_latest.csv").write_text("month,Sudan\n2024-01-31,4\n")

    with pytest.raises(SourceError, match=r"Conf_latest.* does not say of which run"):
        load_source(describe_source("ucdp_deaths_vintages"), tmp_path)


def test_deaths_of_a_name_nobody_knows_stop_the_load(published: Published, tmp_path: Path) -> None:
    """A country whose name means no actor would count as having no deaths."""
    kept = published("ucdp_deaths_vintages")["ucdp_deaths_vintages"]
    rows = kept.with_columns(pl.col("country").replace({"Sudan": "Ruritania"}))
    rows.write_parquet(tmp_path / "ucdp_fatalities_vintages_last24m.parquet")

    with pytest.raises(SourceError, match="'Ruritania' has deaths in 202"):
        load_source(describe_source("ucdp_deaths_vintages"), tmp_path)


def test_peace_agreements_as_a_workbook(published: Published, tmp_path: Path) -> None:
    """The programme's workbook gives the same agreements with all provisions; 1,868 of them in the whole."""
    agreements = published("pax")["pax"]
    part = agreements.head(40)
    book = openpyxl.Workbook()
    book.active.append(part.columns)
    for row in part.iter_rows():
        book.active.append(row)
    book.save(tmp_path / "pax_all_agreements_data.xlsx")
    book.close()

    read = SourceFiles(tmp_path, describe_source("pax")).declared("pax")

    assert agreements.shape == (1868, 266)
    assert read.columns == part.columns
    assert_frame_equal(read, part.cast(dict(read.schema)))
