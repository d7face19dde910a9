"""The column sums that peace-science software gives on its own row universes, each against panels made here.

Row universes: directed COW dyad-years 1816-2025 that share a day (2,252,760 rows; `overlap="day"`), directed
Gleditsch-Ward dyad-years (2,638,078), and the politically relevant part of the first (245,720).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from legation.evidence import panel

pytestmark = pytest.mark.needs_shared

# Sums of floating-point columns depend on the order of addition in the last digits.
TOLERANCE = 1e-9

UNIVERSES = {"cow": 2_252_760, "gw": 2_638_078, "relevant": 245_720}

# No table of the source is at hand; the verb is tested on the publisher's documented shape instead.
NOT_RUN = {"add_rugged_terrain": "no table of ruggedness is beside the project"}

VERBS = {
    "add_archigos": "leaders",
    "add_atop_alliance": "alliances",
    "add_capital_distance": "capital_distance",
    "add_contiguity": "contiguity",
    "add_cow_mids(keep=NULL)": "cow_mids",
    "add_gml_mids(keep=NULL)": "gml_mids",
    "add_cow_wars(inter)": "wars",
    "add_creg_fractionalization": "fractionalisation",
    "add_democracy": "democracy",
    "add_igos": "igos",
    "add_minimum_distance(use_extdata=FALSE)": "minimum_distance",
    "add_nmc": "nmc",
    "add_sim_gdp_pop": "gdp_population",
    "add_strategic_rivalries": "rivalries",
    "add_latent_territorial_threat": "territorial_threat",
}
PIPELINE = (
    "gml_mids",
    "alliances",
    "contiguity",
    "majors",
    "nmc",
    "democracy",
    "igos",
    "rivalries",
    "capital_distance",
)
_PEER = "peacesciencer_column_sums.csv"


@cache
def _design(function: str) -> panel.PanelDesign:
    if function == "filter_prd":
        return panel.dyads().relevant()
    if function == "add_ccode_to_gw":
        return panel.dyads(system="gw").add("codes")
    if function.startswith("pipeline"):
        return panel.dyads().add(*PIPELINE)
    return panel.dyads().add(VERBS[function])


@cache
def _sums(function: str, folder: Path) -> dict[str, dict[str, float]]:
    made = _design(function).build(sources=folder)
    return {row["column"]: row for row in made.sums().to_dicts()}


def _universe(function: str) -> int:
    return UNIVERSES[{"filter_prd": "relevant", "add_ccode_to_gw": "gw"}.get(function, "cow")]


@pytest.fixture(scope="module")
def listed(shared_peers) -> pl.DataFrame:
    """Return the published sums."""
    return pl.read_csv(shared_peers(f"tables/{_PEER}"))


def test_every_sum_matches(listed: pl.DataFrame, reference: Path) -> None:
    """Counts are exact and sums equal to 1e-9 for every listed column whose source is here, on its row universe."""
    wrong = []
    for row in listed.filter(~pl.col("fn").is_in(list(NOT_RUN))).iter_rows(named=True):
        assert row["n"] + row["na"] == _universe(row["fn"]), row["fn"]
        if row["col"] == "ongoingrivalry":  # see the test after this one
            continue
        found = _sums(row["fn"], reference)[row["col"]]
        counts = (found["n"], found["missing"], found["non_zero"]) == (row["n"], row["na"], row["nonzero"])
        near = abs(found["sum"] - row["sum"]) <= TOLERANCE * max(1.0, abs(row["sum"]))
        if not (counts and near):
            wrong.append((row["fn"], row["col"], found, row))

    assert wrong == []


def test_the_sum_that_differs_and_why(listed: pl.DataFrame, reference: Path) -> None:
    """The peer counts every dyad after the rivalries' last year, 2020, as a rivalry; here those years are missing."""
    row = listed.filter(pl.col("col") == "ongoingrivalry").row(0, named=True)
    found = _sums("add_strategic_rivalries", reference)["ongoingrivalry"]

    assert found["sum"] + found["missing"] == row["sum"] == 204_380
    assert found["sum"] == listed.filter(pl.col("col") == "tssr_id").row(0, named=True)["n"] == 15_230
    assert found["n"] == listed.filter(pl.col("col") == "positional").row(0, named=True)["n"]


def test_the_sums_that_are_not_run(listed: pl.DataFrame, reference: Path) -> None:
    """Every published function either has a verb here, or stands in the list of what is not run, with its reason."""
    functions = set(listed.get_column("fn").to_list())
    known = {*VERBS, *NOT_RUN, "filter_prd", "add_ccode_to_gw"}

    assert {name for name in functions if not name.startswith("pipeline")} <= known
    assert not (reference / "rugged.parquet").exists(), "run add_rugged_terrain: its table is here"


def test_states_that_share_only_a_year_make_no_dyad(reference: Path) -> None:
    """The published universes count dyads that share a day; sixty COW dyad-years share a calendar year only."""
    by_year = panel.dyads(overlap="year").build(sources=reference)
    by_day = panel.dyads().build(sources=reference)

    assert len(by_year) - len(by_day) == 60
    assert len(by_day) == UNIVERSES["cow"]
    assert len(panel.dyads(directed=False).build(sources=reference)) * 2 == UNIVERSES["cow"]


def test_default_whittling_gives_the_published_disputes(reference: Path) -> None:
    """The default chain leaves exactly the dispute-years that the peer's two whittled tables hold, column by column."""
    for name, raw in (("gml", "gml_mid_ddydisps"), ("cow", "cow_mid_ddydisps")):
        published = pl.read_parquet(reference / f"{raw}.parquet").sort("ccode1", "ccode2", "year")
        made = panel.dyads().add(f"{name}_mids").build(sources=reference).frame
        held = made.filter(pl.col("dispnum").is_not_null())
        same = published.join(held.select("ccode1", "ccode2", "year"), on=["ccode1", "ccode2", "year"], how="semi")

        assert len(held) == len(same)
        for column in published.columns:
            assert held.get_column(column).cast(pl.Float64).equals(same.get_column(column).cast(pl.Float64)), column


def test_leader_days_are_as_many_as_published(reference: Path) -> None:
    """The peer's documentation shows 5,298,380 leader-days of Archigos 4.1."""
    assert len(panel.leaders(period="day").build(sources=reference)) == 5_298_380
