"""A trained level stands beside the score where a world holds one, dated, with its basis, flagged beyond its years."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from legation.briefs.text import relation_text
from legation.evidence import open_world
from legation.evidence.build import build_world
from legation.evidence.tables import Column, TableSpec
from legation.relations import relation
from legation.relations.levels import Level
from legation.relations.trained import LEVEL_TABLE, level_of

_SOURCES = ("cepii_distance", "cia_factbook", "cldr_languages", "ucdp_conflicts", "ucdp_deaths", "un_votes", "wgi",
            "wikidata_missions", "us_troops", "us_training")  # fmt: skip


def _levels(_world, _tell):
    """Yield levels of Estonia and Russia as a trained model might give them."""
    rows = {"a": ["EST", "EST"], "b": ["RUS", "RUS"], "year": [2019, 2021]}
    shares = {"p0": [0.1, 0.2], "p1": [0.5, 0.6], "p2": [0.3, 0.15], "p3": [0.1, 0.05], "p4": [0.0, 0.0]}
    frame = pl.DataFrame({**rows, **shares, "extrapolated": [False, True]})
    types = {"a": pl.String, "b": pl.String, "year": pl.Int64, "extrapolated": pl.Boolean}
    columns = tuple(Column(name, types.get(name, pl.Float64), name) for name in frame.columns)
    spec = TableSpec(
        name=LEVEL_TABLE, title="Levels", source="", sources=("un_votes",), key=("a", "b", "year"), columns=columns,
        kind="series", first=date(2019, 1, 1), last=date(2021, 12, 31), method="trained on the peace scale to 2015",
    )  # fmt: skip
    yield spec, frame
    yield from _ideal_points()


def _ideal_points():
    """Yield ideal points of five members: Russia stands three and a half standard deviations from Estonia."""
    actors, thetas = ["EST", "LVA", "FIN", "SWE", "RUS"] * 2, [1.5, 1.4, 1.3, 1.2, -2.0] * 2
    frame = pl.DataFrame({"actor": actors, "year": [2018] * 5 + [2019] * 5, "theta": thetas})
    types = {"actor": pl.String, "year": pl.Int64, "theta": pl.Float64}
    spec = TableSpec(
        name="ideal_points", title="Ideal points", source="", sources=("un_votes",), key=("actor", "year"),
        columns=tuple(Column(name, types[name], name) for name in frame.columns), kind="series",
        first=date(2018, 1, 1), last=date(2019, 12, 31), method="by hand",
    )  # fmt: skip
    yield spec, frame


@pytest.fixture(scope="module")
def world(shared_data, tmp_path_factory):
    """Return a world with a table of trained levels."""
    folder = shared_data("un_votes_1946_2024.parquet").parent
    return build_world(folder, tmp_path_factory.mktemp("worlds") / "trained", only=_SOURCES, measures=_levels)


@pytest.mark.needs_shared
def test_the_trained_level_stands_beside_the_score(world):
    """The answer names basis and year, either way round, and the score is the same without it."""
    found = relation("RUS", "EST", as_of=date(2020, 6, 30), world=world)

    assert found.trained_level is not None
    assert found.trained_level.level is Level.LESSER_RIVALRY
    assert (found.trained_level.year, found.trained_level.extrapolated) == (2019, False)
    assert "trained on the peace scale to 2015" in relation_text(found)
    assert found.level_probabilities != found.trained_level.probabilities
    assert relation("RUS", "EST", as_of=date(2020, 6, 30), world=open_world()).trained_level is None


@pytest.mark.needs_shared
def test_later_dates_are_flagged(world):
    """A row that the model flags, and a date after the table, are extrapolations, and the text says so loudly."""
    flagged = level_of(world, "EST", "RUS", as_of=date(2022, 1, 1))
    after = relation("EST", "RUS", as_of=date(2024, 6, 30), world=world)

    assert flagged is not None
    assert flagged.extrapolated
    assert after.trained_level is not None
    assert after.trained_level.extrapolated
    assert "EXTRAPOLATED" in relation_text(after)


@pytest.mark.needs_shared
def test_the_running_year_and_unknown_pairs_have_none(world):
    """Evidence of the running year is not known, and a pair or date without a row has no trained level."""
    assert level_of(world, "EST", "RUS", as_of=date(2019, 6, 30)) is None
    assert level_of(world, "EST", "RUS", as_of=date(2019, 12, 31)) is not None
    assert level_of(world, "EST", "LVA", as_of=date(2022, 6, 30)) is None


@pytest.mark.needs_shared
def test_divergent_agendas_take_the_place_of_votes_apart(world):
    """With ideal points the driver is named and dated, close agendas are none, and it is not said to be missing."""
    apart = relation("EST", "RUS", as_of=date(2019, 6, 30), world=world)
    close = relation("EST", "LVA", as_of=date(2019, 6, 30), world=world)
    driver = next(one for one in apart.drivers if one.name == "divergent_agendas")

    # 3.5 apart, where Estonia stands (.1 + .2 + .3 + 3.5) / 4 from the others and Russia (3.5 + 3.4 + 3.3 + 3.2) / 4
    assert driver.value == pytest.approx(0.3 * (3.5 - (1.025 + 3.35) / 2) / 3, abs=1e-3)
    assert driver.year == 2018
    assert "votes_apart" not in {one.name for one in apart.drivers}
    assert "divergent_agendas" not in {one.name for one in close.drivers}
    assert not any("ideal points" in word for word in apart.not_held)
