"""The baseline's figures agree with what is known, and nothing outside a source's time reads as zero."""

from __future__ import annotations

import polars as pl
import pytest

from legation.actors.lookup import actor, all_actors
from legation.evidence import open_world


def value(table: str, column: str, **equal: str | int) -> object:
    """Return the first value of a column among the rows that equal, or None."""
    found = open_world().select(table, **equal).get_column(column).to_list()
    return found[0] if found else None


def test_every_actor_of_the_tables_is_one() -> None:
    """Ids in the tables are ids of actors."""
    world = open_world()
    actors = {str(one.id) for one in all_actors()}

    for info in world.describe():
        frame = world.table(info.name) if info.file.endswith(".parquet") else pl.DataFrame()
        for column in {"a", "b", "actor", "sender", "host"} & set(frame.columns):
            assert set(frame.get_column(column)) <= actors, info.name


def test_pairs_stand_once_in_alphabetical_order() -> None:
    """Undirected tables hold a pair once, the first actor before the second."""
    world = open_world()

    for name in ("un_agreement", "conflict_dyads", "distance", "languages"):
        assert world.table(name).filter(pl.col("a") >= pl.col("b")).is_empty(), name


def test_pairs_of_states_that_never_met_are_absent() -> None:
    """The Soviet Union and Russia, both Germanies and united Germany, make no pair."""
    pairs = open_world().table("un_agreement").select("a", "b").unique()

    for a, b in (("RUS", "SUN"), ("CSK", "CZE"), ("DDR", "DEU")):
        years = open_world().select("un_agreement", a=a, b=b).get_column("year").to_list()
        assert all(actor(a).exists(d) and actor(b).exists(d) for d in _ends(years)), (a, b)
    assert ("RUS", "SUN") not in set(pairs.iter_rows())


def _ends(years: list[int]) -> list:
    from datetime import date

    return [date(year, 12, 1) for year in years]


def test_china_sits_in_one_seat_at_a_time() -> None:
    """Votes of the seat are the Republic of China's until the autumn of 1971, Beijing's afterwards."""
    members = open_world().table("un_members")
    taiwan = members.filter(pl.col("actor") == "TWN").get_column("year")
    china = members.filter(pl.col("actor") == "CHN", pl.col("year") >= 1950).get_column("year")

    assert taiwan.min() == 1950
    assert taiwan.max() == 1971
    assert china.min() == 1971


def test_agreement_lies_between_its_bounds() -> None:
    """Agreement is at least the identical share, and both lie in [0, 1]."""
    table = open_world().table("un_agreement")

    assert table.filter(~pl.col("agreement").is_between(0, 1) | (pl.col("identical") > pl.col("agreement"))).is_empty()
    assert table.filter((pl.col("same") + pl.col("opposite")) > pl.col("n")).is_empty()


@pytest.mark.parametrize(
    ("a", "b", "low", "high"), [("ISR", "USA", 0.85, 1.0), ("PRK", "USA", 0.0, 0.3), ("DEU", "FRA", 0.85, 1.0)]
)
def test_known_voting_partners(a: str, b: str, low: float, high: float) -> None:
    """Close and distant voters of 2018 come out as such."""
    agreement = value("un_agreement", "agreement", a=a, b=b, year=2018)

    assert low <= agreement <= high


def test_a_session_of_one_vote_is_one_vote() -> None:
    """Session 19 had one roll call, and its members have no mean over fewer than ten."""
    table = open_world().select("un_agreement", year=1964)

    assert table.get_column("n").max() == 1
    assert open_world().select("un_members", year=1964).get_column("mean_agreement").null_count() > 100


def test_forces_of_great_powers() -> None:
    """Strengths of the largest forces are read in the right order of magnitude."""
    assert value("forces", "active_low", actor="CHN") == 2_000_000
    assert value("forces", "active_low", actor="USA") == 1_280_000
    assert value("forces", "active_low", actor="LUX") == 900
    assert value("forces", "active_low", actor="CRI") is None


def test_figures_counted_twice_upstream_are_not_used() -> None:
    """Troops of 2006 to 2008 and of June quarters, doubled in the collection, stand at their reported size."""
    assert value("us_troops", "active", actor="DEU", year=2008) == 38_791
    assert value("us_troops", "active", actor="IRQ", year=2007) == 170_000
    assert value("us_troops", "active", actor="JPN", year=2015) < 60_000


def test_what_was_not_reported_is_missing() -> None:
    """Filled-in years, unlisted hosts, years without a report and years outside the time are absent, not zero."""
    assert open_world().select("us_troops", year=1951).is_empty()
    assert value("us_troops", "active", actor="AFG", year=2019) is None
    assert open_world().select("us_training", year=2006).is_empty()
    assert open_world().select("governance", year=2001).is_empty()
    assert open_world().select("governance", year=2023).is_empty()


def test_known_conflicts() -> None:
    """War and peace of well-known pairs and years."""
    assert value("conflict_dyads", "interstate", a="RUS", b="UKR", year=2022) == 2
    assert value("conflict_dyads", "opposed", a="RUS", b="UKR", year=2015) == 2
    assert str(value("conflict_dyads", "fought_since", a="RUS", b="UKR", year=2022)) == "2022-02-24"
    assert value("conflict_dyads", "interstate", a="IRQ", b="KWT", year=1990) in {1, 2}
    assert value("conflict_dyads", "interstate", a="DEU", b="FRA", year=2000) is None


def test_governance_headings_were_not_read_as_data() -> None:
    """No estimate is a year number."""
    estimates = open_world().table("governance").select(pl.selectors.numeric().exclude("year"))

    assert max(estimates.max().row(0)) < 4
    assert min(estimates.min().row(0)) > -4


def test_neighbours_and_languages() -> None:
    """Contiguity and shared languages of well-known pairs."""
    assert value("distance", "contiguous", a="ESP", b="PRT") is True
    assert value("distance", "contiguous", a="ESP", b="ITA") is False
    assert value("languages", "official", a="AUT", b="DEU") is True
    assert value("languages", "shared", a="AUT", b="DEU") > 0.9
