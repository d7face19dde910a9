"""A state that continues a seat carries the former one's evidence, by a named act; one that joined anew does not."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.actors import actor
from legation.evidence import open_world
from legation.relations import relation
from legation.relations.succession import CONTINUATIONS, continuations, in_todays_names, with_former

WORLD = open_world()


def test_every_continuation_is_between_actors_that_follow_each_other():
    """The former state had ended and the continuing one existed on the day, by the record of states."""
    for one in CONTINUATIONS:
        assert actor(one.state).exists(one.from_day), one
        assert not actor(one.former).exists(one.from_day), one
        assert one.act


def test_nobody_continues_before_the_day():
    """In November 1991 Russia stands for itself, in 1992 for the Soviet Union as well."""
    assert with_former(("RUS", "FRA"), on=date(1991, 12, 25)) == ["FRA", "RUS"]
    assert with_former(("RUS", "FRA"), on=date(1991, 12, 26)) == ["FRA", "RUS", "SUN"]


def test_rows_take_the_new_name_in_order_and_no_pair_is_with_itself():
    """A row on the Soviet Union becomes one on Russia, sorted again; one between the two vanishes."""
    held = continuations(("RUS",), on=date(1995, 1, 1))
    rows = pl.DataFrame({"a": ["SUN", "RUS", "FRA"], "b": ["TUR", "SUN", "SUN"], "year": [1980, 1991, 1985]})

    assert in_todays_names(rows, held).rows() == [("RUS", "TUR", 1980), ("FRA", "RUS", 1985)]


def test_the_socialist_federation_is_not_continued():
    """Serbia carries evidence on Yugoslavia from April 1992 on, none from before."""
    held = continuations(("SRB",), on=date(2010, 1, 1))
    rows = pl.DataFrame({"a": ["HRV", "HRV"], "b": ["YUG", "YUG"], "year": [1991, 1995]})

    assert in_todays_names(rows, held).rows() == [("HRV", "SRB", 1995)]


def test_afghanistan_remembers_the_soviet_war():
    """In 1995 the Soviet troops in Afghanistan stand under Russia's name, and the answer says by what act."""
    found = relation("AFG", "RUS", as_of=date(1995, 6, 30), world=WORLD)
    other = relation("AFG", "KAZ", as_of=date(1995, 6, 30), world=WORLD)

    assert any("Soviet Union" in note and "24 December 1991" in note for note in found.notes)
    assert "side_by_side" in {part.name for part in found.alignment_parts}
    assert not any("Soviet Union" in note for note in other.notes)


def test_votes_of_the_last_soviet_session_are_russias():
    """In mid 1992 the session of 1991 is the last: it was the Soviet Union's, and it is Russia's evidence."""
    found = relation("FRA", "RUS", as_of=date(1992, 6, 30), world=WORLD)
    votes = {part.name: part for part in found.alignment_parts}

    assert votes["votes"].year == 1991
