"""Ties of a pair and of one actor are read as of a date, either way round, former states included."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from legation.errors import InputError
from legation.evidence import open_world
from legation.relations.ties_table.read import ego_ties, ties_between

WORLD = open_world()


def test_ties_of_a_pair_are_the_same_either_way_round():
    """The order of the two does not matter."""
    one, other = (ties_between(WORLD, *pair, as_of=date(2020, 1, 1)) for pair in (("PRT", "BRA"), ("BRA", "PRT")))

    assert one.equals(other)
    assert "CPLP" in set(one.get_column("label"))


def test_later_ties_are_left_out():
    """A treaty counts from the day it binds, and one that ended is there and not current."""
    before = ties_between(WORLD, "FIN", "SWE", as_of=date(2024, 3, 6), kinds=("defence_treaty",))
    after = ties_between(WORLD, "FIN", "SWE", as_of=date(2024, 3, 7), kinds=("defence_treaty",))
    ended = ties_between(WORLD, "DEU", "FRA", as_of=date(2020, 1, 1), kinds=("defence_treaty",))

    assert len(after) == len(before) + 1
    weu = ended.filter(pl.col("label").str.contains("Modified Brussels"))
    assert weu.get_column("current").to_list() == [False]


def test_a_tie_of_a_year_counts_once_the_year_is_over():
    """The personnel of 2015 is not there in its summer: the report is of September."""
    summer, after = (
        ties_between(WORLD, "DEU", "USA", as_of=day, kinds=("troops",)).get_column("start").max()
        for day in (date(2015, 7, 1), date(2015, 12, 31))
    )

    assert (summer, after) == (date(2014, 1, 1), date(2015, 1, 1))


def test_since_leaves_out_what_had_ended():
    """With `since`, ties that had ended before are gone."""
    rows = ties_between(WORLD, "DEU", "FRA", as_of=date(2020, 1, 1), since=date(2015, 1, 1))

    assert not rows.get_column("label").str.contains("Modified Brussels").any()


def test_russia_carries_the_soviet_unions_ties():
    """Ties of the Soviet Union are Russia's after 1991, and Kazakhstan's never."""
    russia = ties_between(WORLD, "RUS", "HUN", as_of=date(1995, 1, 1))
    kazakhstan = ties_between(WORLD, "KAZ", "HUN", as_of=date(1995, 1, 1))

    assert "SUN" in set(russia.get_column("actor_a")) | set(russia.get_column("actor_b"))
    assert "SUN" not in set(kazakhstan.get_column("actor_a")) | set(kazakhstan.get_column("actor_b"))


def test_ties_of_one_actor_all_touch_it():
    """Every tie of an ego network has the actor at one end."""
    rows = ego_ties(WORLD, "EST", as_of=date(2024, 6, 30))

    assert len(rows) > 300
    assert rows.filter((pl.col("actor_a") != "EST") & (pl.col("actor_b") != "EST")).is_empty()


def test_unknown_kinds_are_refused_with_the_known_ones():
    """A kind that is none names those that are."""
    with pytest.raises(InputError, match="treaty") as caught:
        ties_between(WORLD, "EST", "FIN", as_of=date(2024, 6, 30), kinds=("treaty",))
    assert "embassy" in (caught.value.remedy or "")


@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2005, 6, 30), date(2022, 2, 23)])
def test_an_end_that_came_later_was_not_known(day: date) -> None:
    """Read as known on a day, no tie begins or ends after it, and those that ended later still go on."""
    then = open_world(known_on=day)
    found = ego_ties(then, "RUS", as_of=date(2024, 12, 31))
    ended = ego_ties(open_world(), "RUS", as_of=date(2024, 12, 31)).filter(pl.col("end") > day, pl.col("start") <= day)

    assert found.get_column("end").drop_nulls().max() <= day
    assert found.get_column("start").drop_nulls().max() <= day
    assert found.filter(pl.col("kind") == "organisation").get_column("current").any()
    assert not ended.is_empty()
