"""Capability, wealth, rule and trade per state and pair, in every form in which they come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from legation.errors import SourceError
from legation.evidence.description import describe_source
from legation.evidence.reading import SourceFiles

Published = Callable[[str], dict[str, pl.DataFrame]]
FromFile = Callable[[str, str, str], pl.DataFrame]


def _nmc_as_published(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.lit("XXX").alias("stateabb"),
        *(pl.col(name).fill_null(-9) for name in frame.columns),
        pl.lit(2025).alias("version"),
    )


def test_capability_shares_add_up(published: Published) -> None:
    """Shares of a year add up to one, or a little more where a component is missing; Britain led in 1860."""
    nmc = published("cow_nmc")["cow_nmc"]

    totals = nmc.group_by("year").agg(pl.col("cinc").sum())
    assert totals.height == 207
    assert totals["cinc"].is_between(0.999, 1.08).all()
    assert nmc.filter(pl.col("year") == 1860).sort("cinc").row(-1, named=True)["ccode"] == 200
    assert nmc.filter((pl.col("ccode") == 2) & (pl.col("year") == 1816))["cinc"].to_list() == pytest.approx(
        [0.0397], abs=1e-4
    )


def test_capability_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The publisher's abridged file has abbreviation and version beside the figures and -9 for missing."""
    frame = published("cow_nmc")["cow_nmc"]
    _nmc_as_published(frame).write_csv(tmp_path / "NMC-70-abridged.csv", line_terminator="\r\n")

    read = from_file("cow_nmc", "cow_nmc", "NMC-70-abridged.csv")

    assert_frame_equal(read, frame)
    assert read["milex"].null_count() == 2360


def test_a_row_cut_short_is_refused(published: Published, tmp_path: Path) -> None:
    """A file that ends within a row does not load."""
    text = _nmc_as_published(published("cow_nmc")["cow_nmc"].head(50)).write_csv()
    (tmp_path / "NMC-70-abridged.csv").write_text(text[: len(text) - 40])

    with pytest.raises(SourceError):
        SourceFiles(tmp_path, describe_source("cow_nmc")).declared("cow_nmc")


def test_a_negative_figure_other_than_the_code_is_refused(published: Published, tmp_path: Path) -> None:
    """Only -9 means missing; another negative figure is a mistake."""
    frame = published("cow_nmc")["cow_nmc"].head(5).with_columns(pl.lit(-8.0).alias("irst"))
    _nmc_as_published(frame).write_csv(tmp_path / "NMC-70-abridged.csv")

    with pytest.raises(SourceError, match=r"column irst .*row 1: -8\.0 lies outside 0 to inf"):
        SourceFiles(tmp_path, describe_source("cow_nmc")).declared("cow_nmc")


@pytest.mark.parametrize(
    "form",
    [
        ("democracy", "democracy_cow_year", "cw_democracy.csv"),
        ("gdp_population", "gdp_pop_cow_year", "cw_gdppop.csv"),
    ],
)
def test_the_csv_form_equals_the_parquet_form(
    published: Published, from_file: FromFile, tmp_path: Path, form: tuple[str, str, str]
) -> None:
    """The packaged table as CSV, missing as NA, is the same table to the last digit."""
    name, table, file = form
    frame = published(name)[table]
    frame.write_csv(tmp_path / file, null_value="NA", line_terminator="\r\n")

    assert_frame_equal(from_file(name, table, file), frame, check_exact=True)


def test_democracy_and_wealth(published: Published) -> None:
    """Polity ends in 2018 but for the United States, and the figures of well-known states are of the right size."""
    rule, wealth = published("democracy")["democracy_cow_year"], published("gdp_population")["gdp_pop_cow_year"]

    late = rule.filter(pl.col("polity2").is_not_null() & (pl.col("year") > 2018))
    assert late.select("ccode", "year").rows() == [(2, 2019), (2, 2020)]
    assert rule.filter((pl.col("ccode") == 2) & (pl.col("year") == 2000))["polity2"].to_list() == [10.0]
    china = wealth.filter((pl.col("ccode") == 710) & (pl.col("year") == 2010)).row(0, named=True)
    assert 1250 < china["pwtpop"] < 1450
    assert wealth.filter(pl.col("sd_pwtpop") > pl.col("pwtpop")).height == 610


def test_trade_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The publisher's dyadic file has 23 columns and -9 for missing; five of figures and keys are kept."""
    frame = published("cow_trade")["cow_trade_ndy"]
    kept = [pl.col(name).fill_null(-9) for name in ("flow1", "flow2", "smoothflow1", "smoothflow2")]
    names = ("smoothtotrade", "spike1", "spike2", "dip1", "dip2", "trdspike", "tradedip", "bel_lux_alt_flow1")
    names += ("bel_lux_alt_flow2", "china_alt_flow1", "china_alt_flow2", "source1", "source2")
    frame.select(
        "ccode1", "ccode2", "year", pl.lit("A, B").alias("importer1"), pl.lit("Côte").alias("importer2"), *kept,
        *(pl.lit(-9).alias(name) for name in names), pl.lit(4).alias("version"),
    ).write_csv(tmp_path / "part.csv")  # fmt: skip
    text = (tmp_path / "part.csv").read_text(encoding="utf-8")
    (tmp_path / "part.csv").unlink()
    (tmp_path / "Dyadic_COW_4.0.csv").write_bytes(text.encode("cp1252"))

    assert_frame_equal(from_file("cow_trade", "cow_trade_ndy", "Dyadic_COW_4.0.csv"), frame)


def test_national_trade_as_published(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The publisher's national file names the state and gives alternatives; imports and exports are kept."""
    frame = published("cow_trade")["cow_trade_sy"]
    frame.select(
        "ccode", pl.lit("Somewhere").alias("statename"), pl.lit("XXX").alias("stateabb"), "year",
        pl.col("imports").fill_null(-9), pl.col("exports").fill_null(-9), pl.lit(".").alias("alt_imports"),
        pl.lit(".").alias("alt_exports"), *(pl.lit(1).alias(f"source{which}") for which in (1, 2)),
        pl.lit(4).alias("version"),
    ).write_csv(tmp_path / "National_COW_4.0.csv")  # fmt: skip

    assert_frame_equal(from_file("cow_trade", "cow_trade_sy", "National_COW_4.0.csv"), frame)


def test_trade_pairs_stand_once(published: Published) -> None:
    """Each pair stands once, the smaller number first, and no flow is below zero."""
    flows = published("cow_trade")["cow_trade_ndy"]

    assert (flows["ccode1"] < flows["ccode2"]).all()
    assert flows.select(pl.min_horizontal(pl.col("flow1", "flow2").min())).item() == 0.0


def test_capability_in_the_full_file(published: Published, from_file: FromFile, tmp_path: Path) -> None:
    """The publisher's full file has a source, a note and quality codes beside each figure; they are left out."""
    frame = published("cow_nmc")["cow_nmc"]
    figures = [
        column
        for name in ("milex", "milper", "irst", "pec", "tpop", "upop")
        for column in (pl.col(name).fill_null(-9), pl.lit('a "quoted", long note').alias(f"{name}note"))
    ]
    whole = frame.select(
        pl.lit("Somewhere").alias("statenme"), pl.lit("XXX").alias("stateabb"), "ccode", "year", *figures, "cinc",
        pl.lit(2025).alias("version"),
    )  # fmt: skip
    whole.write_csv(tmp_path / "NMC-70-wsupplementary.csv")

    assert_frame_equal(from_file("cow_nmc", "cow_nmc", "NMC-70-wsupplementary.csv"), frame)
