"""A world computes the measures that its tables allow, in actors' ids, with their sources."""

from __future__ import annotations

import shutil
from datetime import date

import polars as pl
import pytest

from legation.briefs.relation_pictures import balance_picture, blocs_picture
from legation.evidence import open_world
from legation.evidence.terms import terms_of
from legation.evidence.world import World
from legation.relations import relation
from legation.relations.measures import balance, codes, levels
from legation.service.worlds import build_world

pytestmark = [pytest.mark.needs_shared, pytest.mark.slow]

FILES = (
    "atop_ddy_v51.parquet",
    "isard_cow_system.parquet",
    "gml_mid_ddydisps.parquet",
    "tss_rivalries.parquet",
    "cow_states.parquet",
    "peace_data_v31_dec31.parquet",
)


@pytest.fixture(scope="module")
def world(shared_data, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Build a world with alliances, disputes, rivalries and the peace scale, measured for its last years only."""
    folder = tmp_path_factory.mktemp("measures")
    (folder / "sources").mkdir()
    for file in FILES:
        shutil.copy(shared_data(file), folder / "sources" / file)
    with pytest.MonkeyPatch.context() as patch:
        # a few years tell as much as two hundred, and the build stays short
        patch.setattr(balance, "_FIRST", 2005)
        patch.setattr(levels, "_FIRST", 2017)
        patch.setattr(levels, "_YEARS_BEYOND", 0)
        return build_world(folder / "sources", folder / "world")


def test_every_measure_is_there_with_its_sources(world: World) -> None:
    """Each measure names the sources it was computed from, may not be passed on, and says how it was computed."""
    found = {table.name: table for table in world.describe() if table.method}

    names = {
        "ties",
        "alliance_similarity",
        "balance_years",
        "balance_camps",
        "balance_ties",
        "blocs",
        "relation_levels",
    }
    assert names <= set(found)
    assert not any(found[name].ship for name in names)
    assert "atop" in found["balance_years"].sources
    assert "peace_scale" in found["relation_levels"].sources
    assert not terms_of(world.catalogue).may_be_passed_on
    world.verify()


def test_measures_speak_of_actors(world: World) -> None:
    """Codes of the publishers have become ids, each pair once and in order."""
    for name in ("alliance_similarity", "balance_ties", "relation_levels"):
        table = world.table(name)
        assert table.filter(pl.col("a") >= pl.col("b")).is_empty()
        assert {"DEU", "FRA"} <= {*table["a"], *table["b"]} or name == "balance_ties"


def test_levels_are_probabilities(world: World) -> None:
    """The trained levels of a pair add up to one, and years after the coded scale are not there or flagged."""
    table = world.table("relation_levels")
    total = table.select(pl.sum_horizontal("p0", "p1", "p2", "p3", "p4")).to_series()

    assert (total - 1).abs().max() < 1e-5
    assert table.filter(pl.col("year") > 2020).filter(~pl.col("extrapolated")).is_empty()
    france = relation("DEU", "FRA", as_of=date(2018, 12, 31), world=world).trained_level
    korea = relation("KOR", "PRK", as_of=date(2018, 12, 31), world=world).trained_level
    assert france is not None
    assert korea is not None
    assert list(france.probabilities.values())[4] > list(korea.probabilities.values())[4]
    assert "trained on" in france.basis


def test_trained_levels_were_not_known_before(world: World) -> None:
    """Read as known on a day, what was trained on later evidence is left out; balance of whole years stays."""
    then = open_world(world.folder, known_on=date(2018, 6, 1))

    assert not then.holds("relation_levels")
    assert then.table("balance_years")["year"].max() <= 2017
    assert relation("DEU", "FRA", as_of=date(2018, 6, 1), world=then).trained_level is None


def test_pictures_of_measures_are_drawn(world: World) -> None:
    """Balance and blocs of the world become pictures; years without them say so."""
    years = balance_picture(first=2005, last=2018, world=world)

    assert len(years["vconcat"][0]["data"]["values"]) == world.table("balance_years").height
    with pytest.raises(Exception, match="borders"):
        blocs_picture(year=2010, world=world)


def test_a_code_that_passes_on_is_counted_once() -> None:
    """In the year in which a state's code changes, the actor that holds both counts once per pair."""
    frame = pl.DataFrame({"a": [2, 2], "b": [255, 260], "year": [1990, 1990], "sign": [1, 1]})
    found = codes.pairs_with_actors(frame)

    assert found.select("a", "b").rows() == [("DEU", "USA")]
