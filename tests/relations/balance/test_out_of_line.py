"""Least frustration, other best divisions and the ties whose turning lowers it, against every division there is."""

from __future__ import annotations

import doctest
import importlib
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.relations.balance import flips, frustration
from legation.relations.balance._cuts import least_when_cut, reduced_costs
from legation.relations.balance.blocks import blocks


def graph(seed, nodes, weights, density):
    """Make a random signed graph without parallel ties."""
    rng = np.random.default_rng(seed)
    return [
        (f"n{a:02}", f"n{b:02}", float(rng.choice(weights)) * (1.0 if rng.random() < 0.55 else -1.0))
        for a in range(nodes)
        for b in range(a + 1, nodes)
        if rng.random() < density
    ]


def divisions(nodes):
    """Give every division into two camps with the first node fixed, one a row."""
    return (np.arange(2 ** (nodes - 1))[:, None] >> np.arange(nodes)) & 1


def costs(ties, nodes):
    """Give what every division cuts, and whether it cuts each tie."""
    sides = divisions(nodes)
    place = [(int(a[1:]), int(b[1:]), w) for a, b, w in ties]
    cut = np.array([(sides[:, a] == sides[:, b]) == (w < 0) for a, b, w in place]).T
    size = np.array([abs(w) for *_, w in place])
    return cut @ size, cut, size


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 12), st.sampled_from([0.25, 0.4, 0.7, 1.0]), st.booleans())
def test_flips_equal_brute_force(seed, nodes, density, weighted):
    """The least, every tie's fall when it turns, and whether other divisions are as good are the enumerated ones."""
    ties = graph(seed, nodes, [0.5, 1.0, 2.0, 3.5] if weighted else [1.0], density)
    if not ties:
        return
    best = frustration(ties)
    cost, cut, size = costs(ties, nodes)
    least = cost.min()

    assert best.proven
    assert math.isclose(best.frustrated, least, abs_tol=1e-9)
    turned = (cost[:, None] + np.where(cut, -size, size)).min(axis=0)
    expected = {n: least - value for n, value in enumerate(turned.tolist()) if least - value > 1e-9}
    found = flips(ties, best)
    assert found.unsettled == ()
    assert {flip.place: round(flip.lowers, 9) for flip in found.found} == {n: round(v, 9) for n, v in expected.items()}
    falls = [flip.lowers for flip in found.found]
    assert falls == sorted(falls, reverse=True)
    optimal = cut[np.isclose(cost, least)]
    elsewhere = set(np.flatnonzero(optimal.any(axis=0)).tolist()) - set(best.cut)
    assert set(found.alternatives) == elsewhere


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 10))
def test_blocks_add_up(seed, nodes):
    """Every edge lies in one block, and the least frustration is the sum of the blocks'."""
    ties = graph(seed, nodes, [1.0], 0.3)
    found = blocks([(a, b) for a, b, _ in ties])

    assert sorted(place for block in found for place in block) == list(range(len(ties)))
    parts = sum(frustration([ties[place] for place in block]).frustrated for block in found)
    assert math.isclose(parts, frustration(ties).frustrated, abs_tol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(4, 10))
def test_blocks_hold_without_any_one_node(seed, nodes):
    """A block of several edges stays connected when one node is taken away; two blocks share at most one node."""
    ends = [(a, b) for a, b, _ in graph(seed, nodes, [1.0], 0.35)]
    found = [[ends[place] for place in block] for block in blocks(ends)]
    members = [{node for pair in block for node in pair} for block in found]

    for block, inside in zip(found, members, strict=True):
        for gone in inside if len(block) > 1 else ():
            rest = [pair for pair in block if gone not in pair]
            reached = {rest[0][0]}
            for _ in inside:
                reached |= {node for pair in rest if reached & set(pair) for node in pair}
            assert reached == inside - {gone}
    assert all(len(one & two) <= 1 for n, one in enumerate(members) for two in members[:n])


def test_reduced_costs_bound_every_division():
    """Each division costs at least the least plus the reduced costs of the ties it cuts beyond the program's."""
    for seed in range(20):
        ties = graph(seed, 9, [1.0], 0.6)
        cost, cut, _ = costs(ties, 9)
        place = [(int(a[1:]), int(b[1:]), w) for a, b, w in ties]
        found = reduced_costs(9, *zip(*place, strict=True), least=float(cost.min()), seconds=10.0)
        if found is not None:
            assert (cost[:, None] + 1e-6 >= cost.min() + np.where(cut, found, 0.0)).all()


def test_a_tie_held_cut_costs_what_it_must():
    """For each tie the bound is not above the cheapest division that cuts it, and equals it where it says so."""
    settled = 0
    for seed in range(15):
        ties = graph(seed, 8, [0.5, 1.0, 2.0], 0.7)
        cost, cut, _ = costs(ties, 8)
        place = [(int(a[1:]), int(b[1:]), w) for a, b, w in ties]
        found = least_when_cut(
            8,
            *zip(*place, strict=True),
            places=range(len(ties)),
            limit=[math.inf] * len(ties),
            end=time.monotonic() + 20.0,
        )
        for n, (bound, exact) in enumerate(found):
            least = cost[cut[:, n]].min()
            assert bound <= least + 1e-6
            if exact:
                settled += 1
                assert math.isclose(bound, least, abs_tol=1e-9)
    assert settled > 100


def test_out_of_time_leaves_ties_unsettled():
    """Without time the ties cut by the division at hand are still given, and the rest is said to be open."""
    ties = graph(4, 12, [1.0, 2.0], 0.8)
    best = frustration(ties)
    rushed, full = flips(ties, best, seconds=0.0), flips(ties, best)

    assert {flip.place for flip in rushed.found} == set(best.cut)
    assert {flip.place for flip in full.found} - {flip.place for flip in rushed.found} <= set(rushed.unsettled)
    assert full.unsettled == ()


def test_a_long_cycle_needs_no_recursion():
    """Blocks of a ring of five thousand nodes are found."""
    ring = [(f"n{n:05}", f"n{(n + 1) % 5000:05}") for n in range(5000)]
    assert [len(block) for block in blocks(ring)] == [5000]


@pytest.mark.parametrize("name", ["exact", "blocks", "out_of_line"])
def test_the_examples_in_docstrings_hold(name):
    """Docstring examples give what they say."""
    result = doctest.testmod(importlib.import_module(f"legation.relations.balance.{name}"))

    assert result.attempted > 0
    assert result.failed == 0
