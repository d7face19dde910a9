"""Blocs by period: tables, stability, the communities of 1993-2001, hostile input."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from legation.errors import InputError
from legation.relations.balance import signed_edges, signed_network
from legation.relations.blocs import find_blocs
from legation.relations.blocs.stability import bootstrap


def two_camps(*, period=None, strays=0):
    """Make two camps of five with hostile ties between some of them, and actors that hang on by one tie."""
    rows = [(a, b, 1.0) for camp in ("A", "B") for a in _names(camp) for b in _names(camp) if a < b]
    rows += [(f"A{n}", f"B{n}", -1.0) for n in range(5)]
    rows += [(f"A{n}", f"X{n}", 1.0) for n in range(strays)]
    frame = pl.DataFrame(rows, schema=["a", "b", "sign"], orient="row")
    return frame if period is None else frame.with_columns(year=period)


def _names(camp):
    return [f"{camp}{n}" for n in range(5)]


def test_camps_are_found_and_held():
    """Two dense camps are blocs that nearly every draw finds again, and their members are held together."""
    found = find_blocs(signed_edges(two_camps()), bootstraps=40)

    assert found.periods.select("actors", "ties", "hostile", "blocs", "alone").rows() == [(10, 25, 5, 2, 0)]
    assert found.members.group_by("bloc").agg(pl.col("actor").str.head(1).n_unique()).select(
        "actor"
    ).to_series().to_list() == [1, 1]
    assert (found.members["held"] > 0.9).all()
    assert found.blocs.select("friendly_inside", "hostile_inside", "hostile_outside").rows() == [(10.0, 0.0, 5.0)] * 2
    assert (found.blocs["reappears"] >= 0.9).all()
    inside = found.pairs.filter(pl.col("same"))["together"]
    outside = found.pairs.filter(~pl.col("same"))["together"]
    assert (len(inside), len(outside)) == (20, 25)
    assert inside.min() > outside.max()


def test_periods_and_seeds():
    """A period's blocs do not depend on the others; the same seed repeats, another one moves the stability alone."""
    both = pl.concat([two_camps(period=1), two_camps(period=2, strays=3)])
    whole = find_blocs(signed_edges(both, period="year"), bootstraps=5, seed=4)
    again = find_blocs(signed_edges(both, period="year"), bootstraps=5, seed=4)
    alone = find_blocs(signed_edges(both.filter(pl.col("year") == 2), period="year"), bootstraps=5, seed=4)

    assert whole.members.equals(again.members)
    assert whole.pairs.equals(again.pairs)
    assert whole.members.filter(pl.col("period") == 2).equals(alone.members)
    assert whole.periods["blocs"].to_list() == [2, 2]


def test_without_draws_there_is_no_stability():
    """No bootstrap leaves the probabilities missing instead of certain."""
    found = find_blocs(signed_edges(two_camps()), bootstraps=0)

    assert found.members["held"].null_count() == 10
    assert found.blocs["jaccard"].null_count() == 2
    assert found.pairs.is_empty()
    assert found.periods["blocs_low"].to_list() == [None]


def test_stability_equals_counting_over_draws():
    """One draw's shares are 0 or 1, overlaps are those of sets, and absent actors say nothing."""
    left, right = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4])
    weight = np.array([1.0, 1.0, -1.0, 1.0])
    group = np.array([0, 0, 0, 1, 1])
    found = bootstrap(
        5, left, right, weight, group=group, draws=1, rng=np.random.default_rng(2), runs=1, resolutions=(1.0, 1.0)
    )
    times = np.random.default_rng(2).multinomial(4, [0.25] * 4)
    here = {int(node) for n in range(4) if times[n] for node in (left[n], right[n])}

    for a in range(5):
        for b in range(5):
            if {a, b} <= here:
                assert found.together[a, b] in {0.0, 1.0}
            else:
                assert math.isnan(found.together[a, b])
    for bloc in (0, 1):
        own = {n for n in here if group[n] == bloc}
        overlaps = [
            len(own & other) / len(own | other)
            for a in here
            for other in [{b for b in here if found.together[a, b] == 1.0}]
        ]
        assert math.isclose(found.jaccard[bloc], max(overlaps))


@pytest.mark.needs_shared
def test_communities_of_1993_to_2001(shared_data):
    """Alliances and disputes of 1993-2001 give a handful of blocs; the Americas are one, held in nearly every draw."""
    built = signed_network(
        pl.read_parquet(shared_data("atop_ddy_v51.parquet")),
        first=1993,
        last=2001,
        disputes=pl.read_parquet(shared_data("cow_mid_dirdisps.parquet")),
    )
    frame = built.frame.with_columns(pl.col("sign") / 9)
    found = find_blocs(signed_edges(frame, repeated="layers"), bootstraps=10, runs=5)
    bloc = dict(found.members.select("actor", "bloc").iter_rows())

    assert 5 <= found.periods["blocs"].item() <= 8
    assert found.periods["Q"].item() > 0.6
    assert len({bloc[code] for code in (2, 70, 100, 140, 160)}) == 1
    assert bloc[2] != bloc[651]
    assert found.blocs.row(by_predicate=pl.col("bloc") == bloc[140], named=True)["reappears"] >= 0.8


def test_layers_keep_both_signs_of_a_pair():
    """A pair that is friendly and hostile at once has two rows with layers, one net row with a sum."""
    rows = pl.DataFrame({"a": ["A", "B", "A"], "b": ["B", "A", "C"], "sign": [2.0, -1.0, 1.0]})

    assert sorted(signed_edges(rows, repeated="layers").frame["weight"].to_list()) == [-1.0, 1.0, 2.0]
    assert find_blocs(signed_edges(rows, repeated="layers"), bootstraps=0).periods["ties"].item() == 3
    with pytest.raises(InputError, match="A-B has the signs -1, 2"):
        signed_edges(rows)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bootstraps": -1}, "bootstraps is -1"),
        ({"runs": 0}, "runs is 0"),
        ({"seed": -3}, "seed is -3"),
        ({"resolution": 0.0}, "resolution is 0.0"),
        ({"hostile_resolution": math.nan}, "hostile_resolution is nan"),
    ],
)
def test_numbers_out_of_range_are_refused(options, message):
    """Each number names its range."""
    with pytest.raises(InputError, match=message):
        find_blocs(signed_edges(two_camps()), **options)
