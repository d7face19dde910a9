"""Neighbours by profile and the pairs that moved most."""

from __future__ import annotations

import itertools
import math

import polars as pl
import pytest

from legation.errors import InputError, MissingEvidenceError
from legation.relations.similarity import most_changed, similar_actors


def table(positions, *, year=2000):
    """Make a table of pairs whose value falls with the distance between made-up positions."""
    pairs = list(itertools.combinations(sorted(positions), 2))
    return pl.DataFrame(
        {
            "a": [a for a, _ in pairs],
            "b": [b for _, b in pairs],
            "year": [year] * len(pairs),
            "kappa": [1.0 - abs(positions[a] - positions[b]) for a, b in pairs],
        }
    )


def test_the_nearest_profile_comes_first():
    """Actors are ranked by how they stand to third actors, and the distance is the written-out one."""
    positions = {"EST": 0.1, "LVA": 0.12, "FIN": 0.3, "RUS": 0.9, "BLR": 0.95}
    pairs = table(positions)
    found = similar_actors({"votes": pairs}, "EST", year=2000, columns={"votes": "kappa"}, least_shared=2)

    assert found["actor"].to_list() == ["LVA", "FIN", "RUS", "BLR"]
    value = {(a, b): k for a, b, k in pairs.select("a", "b", "kappa").iter_rows()}
    value |= {(b, a): k for (a, b), k in value.items()}
    others = ["FIN", "RUS", "BLR"]
    mean = sum((value["EST", c] - value["LVA", c]) ** 2 for c in others) / 3
    spread = pairs["kappa"].std(ddof=0)
    assert math.isclose(found["distance"][0], math.sqrt(mean) / spread)
    assert found["shared"][0] == 3


def test_measures_are_averaged_and_thin_ones_left_out():
    """A second table enters with the same weight where it holds enough third actors."""
    first = table({"A": 0.0, "B": 0.1, "C": 0.6, "D": 1.0})
    second = table({"A": 0.0, "B": 0.9, "C": 0.1})
    found = similar_actors(
        {"votes": first, "ties": second}, "A", year=2000, columns={"votes": "kappa", "ties": "kappa"}, least_shared=2
    )

    assert found["measures"].to_list() == [1, 1, 1]


def test_an_unknown_actor_or_year_is_refused():
    """An actor that no table holds in the year is named."""
    pairs = table({"A": 0.0, "B": 0.1, "C": 0.6})
    for actor, year in (("Z", 2000), ("A", 1999)):
        with pytest.raises(MissingEvidenceError, match=f"'{actor}' with others in {year}"):
            similar_actors({"votes": pairs}, actor, year=year, columns={"votes": "kappa"}, least_shared=1)


def test_most_changed_ranks_by_the_size_of_the_move():
    """Pairs in both years are ranked by absolute change; the sign says which way."""
    both = pl.concat([table({"A": 0.0, "B": 0.1, "C": 0.6}), table({"A": 0.0, "B": 0.5, "C": 0.6}, year=2010)])
    found = most_changed(both, column="kappa", since=2000, until=2010)

    assert found.select("a", "b").rows() == [("A", "B"), ("B", "C"), ("A", "C")]
    assert [round(change, 6) for change in found["change"]] == [-0.4, 0.4, 0.0]
    assert most_changed(both, column="kappa", since=2000, until=2010, actor="C", top=1)["a"].to_list() == ["B"]


def test_most_changed_refuses_what_it_cannot_answer():
    """A backward span, an unknown column and years without pairs are refused."""
    pairs = table({"A": 0.0, "B": 0.1})
    with pytest.raises(InputError, match="no span"):
        most_changed(pairs, column="kappa", since=2000, until=2000)
    with pytest.raises(InputError, match="no column 'pi'"):
        most_changed(pairs, column="pi", since=1999, until=2000)
    with pytest.raises(MissingEvidenceError, match="both 1999 and 2000"):
        most_changed(pairs, column="kappa", since=1999, until=2000)
