"""Leaders: their time in office, what they had done before, and how willing to use force they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.build import load_source
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]


def _as_published(frame: pl.DataFrame) -> bytes:
    """Return leaders in the layout of Archigos 4.1: 28 columns between tabs, in a western encoding."""
    whole = frame.select(
        "obsid", "leadid", pl.col("gwcode").alias("ccode"), pl.lit("XXX").alias("idacr"), "leader", "startdate",
        pl.lit(None).alias("eindate"), "enddate", pl.lit(None).alias("eoutdate"), "entry", "exit", "exitcode",
        pl.lit(0).alias("prevtimesinoffice"), pl.lit("OK").alias("posttenurefate"), "gender",
        pl.col("yrborn").fill_null(-999), pl.lit(-777).alias("yrdied"), pl.lit(None).alias("borndate"),
        pl.lit(None).alias("ebirthdate"), pl.lit(None).alias("deathdate"), pl.lit(None).alias("edeathdate"),
        pl.lit("NA").alias("dbpediauri"), pl.lit(1).alias("numentry"), pl.lit(1).alias("numexit"),
        pl.lit(1).alias("numexitcode"), pl.lit(1).alias("numposttenurefate"), pl.lit("NA").alias("fties"),
        pl.lit("NA").alias("ftcur"),
    )  # fmt: skip
    return whole.write_csv(separator="\t", line_terminator="\r\n", quote_style="never").encode("cp1252")


def test_leaders(published: Published) -> None:
    """Archigos 4.1 has 3,409 times in office; Roosevelt died in office on 12 April 1945."""
    leaders = published("archigos")["archigos"]

    assert leaders.height == 3409
    roosevelt = leaders.filter((pl.col("gwcode") == 2) & (pl.col("enddate") == date(1945, 4, 12))).row(0, named=True)
    assert (roosevelt["startdate"], roosevelt["exit"]) == (date(1933, 3, 4), "Natural Death")
    assert (leaders["startdate"] <= leaders["enddate"]).all()
    still = leaders.filter(pl.col("exit") == "Still in Office")
    assert set(still["enddate"]) == {date(2014, 12, 31), date(2015, 12, 31)}


def test_leaders_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The publisher's file has tabs, 28 columns, -999 for an unknown year of birth, and letters outside ASCII."""
    frame = published("archigos")["archigos"].with_columns(
        pl.when(pl.col("obsid") == "USA-1869").then(pl.lit("Müller")).otherwise(pl.col("leader")).alias("leader")
    )
    (tmp_path / "1March_Archigos_4.1.txt").write_bytes(_as_published(frame))

    assert_frame_equal(from_file("archigos", "archigos", "1March_Archigos_4.1.txt"), frame)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("1869-03-04", "1869-02-30", r"column startdate.*'1869-02-30' is no date"),
        ("Regular", "Peaceful", r"column entry.*'Peaceful' is none of"),
        ("\tM\t", "\tX\t", r"column gender.*'X' is none of"),
        ("obsid", "row", r"columns missing \['obsid'\]"),
        ("1869-03-04", "2016-03-04", "speaks of 2016"),
    ],
)
def test_a_leader_that_cannot_be_is_refused(
    published: Published, tmp_path: Path, before: str, after: str, message: str
) -> None:
    """Impossible dates, words outside the codebook and later years stop the load."""
    text = _as_published(published("archigos")["archigos"].head(30)).decode("cp1252").replace(before, after, 1)
    (tmp_path / "Archigos_4.1.txt").write_bytes(text.encode("cp1252"))

    with pytest.raises(SourceError, match=message):
        SourceFiles(tmp_path, describe_source("archigos")).declared("archigos")


@pytest.mark.parametrize("table", ["lead_leaders", "leader_codes"])
def test_experience_as_csv(published: Published, from_file: FromFile, tmp_path: Path, table: str) -> None:
    """The packaged table as CSV is the same table, in whole numbers where it holds flags."""
    frame = published("lead")[table]
    frame.write_csv(tmp_path / f"{table}.csv", null_value="NA")

    assert_frame_equal(from_file("lead", table, f"{table}.csv"), frame)


def test_codes_join_leaders(published: Published) -> None:
    """Every row of experience and of codes belongs to a time in office, and Eisenhower had been in combat command."""
    leaders, lead = published("archigos")["archigos"], published("lead")

    assert set(lead["lead_leaders"]["obsid"]) == set(lead["leader_codes"]["obsid"]) == set(leaders["obsid"])
    office = leaders.filter((pl.col("gwcode") == 2) & (pl.col("startdate") == date(1953, 1, 20)))["obsid"].item()
    assert lead["lead_leaders"].filter(pl.col("obsid") == office)["milservice"].to_list() == [1]


def _willingness() -> pl.DataFrame:
    """Return made-up estimates in the documented layout; no file of the real ones is at hand."""
    rows = 2500
    place = pl.int_range(rows, eager=True)
    columns = {"obsid": "XXX-" + place.cast(pl.String)}
    for model in (1, 2, 3, 4):
        columns[f"theta{model}_mean"] = (place % 40).cast(pl.Float64) / 10 - 2
        columns[f"theta{model}_sd"] = (place % 7).cast(pl.Float64) / 10 + 0.1
    return pl.DataFrame(columns)


def test_willingness_to_use_force_in_its_documented_layout(tmp_path: Path) -> None:
    """Estimates in the documented columns load; missing ones, as NA, stay missing."""
    frame = _willingness().with_columns(
        pl.when(pl.col("obsid") == "XXX-7").then(None).otherwise(pl.col("theta2_mean")).alias("theta2_mean")
    )
    frame.write_csv(tmp_path / "lwuf.csv", null_value="NA")

    assert_frame_equal(load_source(describe_source("lwuf"), tmp_path)["lwuf"], frame)


def test_willingness_of_a_strange_size_is_refused(tmp_path: Path) -> None:
    """An estimate of a hundred standard deviations is no estimate."""
    _willingness().with_columns(pl.lit(100.0).alias("theta2_mean")).write_csv(tmp_path / "lwuf.csv")

    with pytest.raises(SourceError, match=r"column theta2_mean.*100\.0 lies outside"):
        load_source(describe_source("lwuf"), tmp_path)
