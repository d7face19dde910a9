"""Frustration of signed graphs against brute force and the published networks."""

from __future__ import annotations

import itertools
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.cohesion import frustration
from legation.errors import InputError

TIES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5])),
    max_size=24,
).map(lambda ties: [(f"n{a}", f"n{b}", w) for a, b, w in ties if a != b])


def least_by_hand(ties):
    """Try every division into two camps."""
    nodes = sorted({node for tie in ties for node in tie[:2]})
    best = math.inf
    for sides in itertools.product((0, 1), repeat=len(nodes)):
        camp = dict(zip(nodes, sides, strict=True))
        best = min(best, sum(abs(w) for a, b, w in ties if (camp[a] == camp[b]) == (w < 0)))
    return best


@settings(max_examples=150, deadline=None)
@given(TIES)
def test_frustration_equals_brute_force(ties):
    """On graphs of up to seven nodes, parallel ties included, no division cuts less, and the cut is what it says."""
    found = frustration(ties)

    assert found.proven
    assert math.isclose(found.frustrated, least_by_hand(ties) if ties else 0.0, abs_tol=1e-9)
    assert math.isclose(found.frustrated, sum(abs(ties[n][2]) for n in found.cut), abs_tol=1e-9)


@settings(max_examples=60, deadline=None)
@given(TIES, st.sampled_from([f"n{i}" for i in range(7)]))
def test_turning_all_signs_at_a_node_changes_nothing(ties, node):
    """Frustration does not change when a node goes over to its opposite."""
    turned = [(a, b, -w if node in {a, b} else w) for a, b, w in ties]
    assert math.isclose(frustration(ties).frustrated, frustration(turned).frustrated, abs_tol=1e-9)


def test_the_smallest_imbalance_is_a_third():
    """The triangle (+, +, -) with equal weights has a third of its weight frustrated."""
    assert math.isclose(frustration([("a", "b", 2.0), ("b", "c", 2.0), ("a", "c", -2.0)]).share, 1 / 3)


@pytest.mark.parametrize("signs", [(1, 1, 1), (1, -1, -1)])
def test_a_balanced_triangle_has_none(signs):
    """Friends of friends, and enemies of enemies who are friends, are balanced."""
    ties = [("a", "b", signs[0]), ("b", "c", signs[1]), ("a", "c", signs[2])]
    assert frustration(ties).frustrated == 0.0


def test_a_graph_without_ties_has_no_share():
    """0/0 is nan."""
    assert math.isnan(frustration([]).share)


def test_all_hostile_complete_graphs_follow_the_formula():
    """Actors hostile to all others cut least in two equal camps: the ties inside the camps stay frustrated."""
    for n in range(3, 13):
        ties = [(f"n{a:02}", f"n{b:02}", -1.0) for a in range(n) for b in range(a)]
        half = n // 2
        assert frustration(ties).frustrated == math.comb(half, 2) + math.comb(n - half, 2)


@pytest.mark.needs_shared
def test_published_networks_of_states(shared_data):
    """The COW networks of 1946-49 and 1976-79 need 17 of 362 and 50 cuts, proven."""
    table = pl.read_parquet(shared_data("cow_signed_networks_1946_1999.parquet"))
    for window, least, size in (("46-49", 17, 362), ("76-79", 50, None)):
        rows = table.filter(pl.col("window") == window).select("from", "to", "sign").rows()
        found = frustration([(a, b, float(sign)) for a, b, sign in rows])
        assert found.proven
        assert round(found.frustrated) == least
        assert size in {None, round(found.total)}


@pytest.mark.parametrize("weight", [math.nan, math.inf])
def test_a_weight_that_is_no_number_is_refused(weight):
    """Infinite and missing weights are named and refused."""
    with pytest.raises(InputError, match="a-b"):
        frustration([("a", "b", weight)])


def test_a_tie_to_oneself_is_refused():
    """A tie needs two nodes."""
    with pytest.raises(InputError, match="tied to itself"):
        frustration([("a", "a", 1.0)])


def test_out_of_time_gives_an_honest_bound():
    """Without time for the search the division found is returned with a bound not above it."""
    ties = [(f"n{a:02}", f"n{b:02}", 1.0 if (a * b + a + b) % 3 else -1.0) for a in range(26) for b in range(a)]
    rushed, full = frustration(ties, seconds=0.0), frustration(ties, seconds=60.0)

    assert rushed.bound <= full.frustrated + 1e-9 <= rushed.frustrated + 2e-9
    assert full.proven
    assert not rushed.proven


@pytest.mark.needs_shared
def test_all_published_networks_are_proven(shared_data):
    """Each of the 51 networks of states is solved exactly."""
    table = pl.read_parquet(shared_data("cow_signed_networks_1946_1999.parquet"))
    solved = [
        frustration([(a, b, float(sign)) for a, b, sign in rows.select("from", "to", "sign").rows()]).proven
        for _, rows in table.group_by("window", maintain_order=True)
    ]
    assert solved == [True] * 51
