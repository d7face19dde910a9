"""The quality of a division and the search for the best one, against definitions and enumeration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.relations.blocs import SignedNetworkMatrix, best_division
from legation.relations.blocs.leiden import _Moves, _refine


def ties_of(seed, nodes, density=0.6):
    """Make random signed ties between places."""
    rng = np.random.default_rng(seed)
    left, right = np.triu_indices(nodes, k=1)
    kept = rng.random(len(left)) < density
    weight = rng.choice([1.0, 2.0, 0.5], len(left)) * np.where(rng.random(len(left)) < 0.6, 1.0, -1.0)
    return left[kept], right[kept], weight[kept]


def quality_by_definition(nodes, left, right, weight, group, *, friendly=1.0, hostile=1.0):
    """Compute Q from the two full matrices."""
    layers = []
    for sign in (1.0, -1.0):
        matrix = np.zeros((nodes, nodes))
        for a, b, w in zip(left, right, weight, strict=True):
            if w * sign > 0:
                matrix[a, b] += abs(w)
                matrix[b, a] += abs(w)
        layers.append(matrix)
    total = 0.0
    for matrix, sign, resolution in zip(layers, (1.0, -1.0), (friendly, hostile), strict=True):
        whole, strength = matrix.sum(), matrix.sum(axis=0)
        for i in range(nodes):
            for j in range(nodes):
                if group[i] == group[j] and whole:
                    total += sign * (matrix[i, j] - resolution * strength[i] * strength[j] / whole)
    weights = sum(matrix.sum() for matrix in layers)
    return total / weights if weights else 0.0


def partitions(nodes):
    """Give every partition as a list of group numbers."""
    if nodes == 0:
        yield []
        return
    for rest in partitions(nodes - 1):
        for group in range(max(rest, default=-1) + 2):
            yield [*rest, group]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 9),
    st.sampled_from([(1.0, 1.0), (0.5, 2.0)]),
)
def test_quality_is_its_definition(seed, nodes, resolutions):
    """Q of any division is the sum over pairs, with its layers and resolutions; merging nodes keeps it."""
    left, right, weight = ties_of(seed, nodes)
    group = np.random.default_rng(seed).integers(0, 3, nodes)
    network = SignedNetworkMatrix.of(
        nodes, left, right, weight, friendly_resolution=resolutions[0], hostile_resolution=resolutions[1]
    )
    expected = quality_by_definition(nodes, left, right, weight, group, friendly=resolutions[0], hostile=resolutions[1])

    assert math.isclose(network.quality(group), expected, abs_tol=1e-12)
    _, compact = np.unique(group, return_inverse=True)
    merged = network.merged(compact)
    assert math.isclose(merged.quality(np.arange(len(merged))), expected, abs_tol=1e-12)


@pytest.mark.parametrize("seed", range(25))
def test_the_best_of_all_divisions_is_found(seed):
    """On seven actors the search reaches the highest Q of all 877 divisions."""
    left, right, weight = ties_of(seed, 7)
    network = SignedNetworkMatrix.of(7, left, right, weight)
    best = max(network.quality(np.array(group)) for group in partitions(7))

    found = best_division(network, rng=np.random.default_rng(0), runs=20)
    assert math.isclose(found.quality, best, abs_tol=1e-12)
    assert math.isclose(network.quality(found.group), found.quality, abs_tol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 25), st.sampled_from([0.1, 0.3, 0.8]))
def test_no_single_move_is_better(seed, nodes, density):
    """What the search gives cannot be improved by moving one actor to any group or to a new one."""
    left, right, weight = ties_of(seed, nodes, density)
    network = SignedNetworkMatrix.of(nodes, left, right, weight)
    found = best_division(network, rng=np.random.default_rng(seed), runs=1)

    for node in range(nodes):
        for to in range(int(found.group.max()) + 2):
            other = found.group.copy()
            other[node] = to
            assert network.quality(other) <= found.quality + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 15))
def test_gains_are_changes_of_quality(seed, nodes):
    """What a move promises is what Q gains by it, one node at a time or all at once; refining stays inside groups."""
    left, right, weight = ties_of(seed, nodes)
    if not len(left):
        return
    network = SignedNetworkMatrix.of(nodes, left, right, weight)
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, nodes)
    moves = _Moves(network, group, rng)
    every = moves.all_gains()
    before = network.quality(moves.group)
    for node in range(nodes):
        gain = moves.gains(node)
        assert np.allclose(gain, every[node], atol=1e-9)
        for to in range(int(moves.group.max()) + 1):
            other = moves.group.copy()
            other[node] = to
            promised = 2.0 * (gain[to] - gain[moves.group[node]]) / network.weight
            assert math.isclose(network.quality(other) - before, promised, abs_tol=1e-9)
    fine = _refine(network, moves.group, rng)
    assert len({(int(part), int(whole)) for part, whole in zip(fine, moves.group, strict=True)}) == int(fine.max()) + 1


def test_an_alliance_of_two_hostile_camps_is_two_blocs():
    """Two friendly camps with hostile ties between them are told apart; enemies of one enemy alone need no tie."""
    left, right, weight = [], [], []
    for a in range(8):
        for b in range(a):
            left.append(a)
            right.append(b)
            weight.append(1.0 if (a < 4) == (b < 4) else -1.0)
    network = SignedNetworkMatrix.of(8, *(np.array(part) for part in (left, right)), np.array(weight))
    found = best_division(network, rng=np.random.default_rng(1), runs=3)

    assert found.group.tolist() == [0] * 4 + [1] * 4


def test_the_seed_decides():
    """The same seed gives the same division; no ties give one group each."""
    left, right, weight = ties_of(3, 40, 0.2)
    network = SignedNetworkMatrix.of(40, left, right, weight)
    first, second = (best_division(network, rng=np.random.default_rng(5), runs=2) for _ in range(2))
    none = SignedNetworkMatrix.of(3, np.array([], int), np.array([], int), np.array([]))

    assert first.group.tolist() == second.group.tolist()
    assert best_division(none, rng=np.random.default_rng(1), runs=1).group.tolist() == [0, 1, 2]
