"""Cross-impact balance against ScenarioWizard's published solutions and brute force."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from legation.cohesion.cross_impact import Descriptors, Search, consistent_scenarios, impact_sums, inconsistency
from legation.errors import InputError


def read_scw(path):
    """Read the states per descriptor and the matrix of a ScenarioWizard file."""
    lines = path.read_text(encoding="latin-1").splitlines()
    head = lines[2 : lines.index("#")]
    starts = [number for number, line in enumerate(head) if line.startswith("&")]
    states = tuple(b - a - 1 for a, b in zip(starts, [*starts[1:], len(head)], strict=True))
    rows = [
        [float(part) for part in line.strip(" ,").split(",")]
        for line in lines
        if re.fullmatch(r"[-\d ]+,[-\d ,]+", line)
    ]
    return Descriptors(states=states, impacts=np.array(rows))


def read_sl(path):
    """Read the scenarios (counted from 0) and their total impact scores of a ScenarioWizard solution file."""
    found = re.findall(r'^" ([\d ]+)",\d+,\d+,\d+,(-?\d+)', path.read_text(encoding="latin-1"), re.MULTILINE)
    return {(tuple(int(state) - 1 for state in states.split()), int(score)) for states, score in found}


@pytest.mark.needs_shared
@pytest.mark.parametrize(("name", "count"), [("CIB_natl_regional", 16), ("CIB_nested_simplified_standardized", 15)])
def test_published_solutions_are_matched_exactly(shared_peers, name, count):
    """Of tens of millions of combinations, the consistent ones and their scores are those ScenarioWizard lists."""
    descriptors = read_scw(shared_peers(f"bench/cross_impact/{name}.scw"))
    published = read_sl(shared_peers(f"bench/cross_impact/{name}.sl"))
    found = {(scenario.states, round(scenario.total_impact)) for scenario in consistent_scenarios(descriptors)}

    assert len(published) == count
    assert found == published


@st.composite
def matrices(draw):
    """Draw a small matrix of whole numbers."""
    states = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)))
    size = sum(states)
    impacts = draw(arrays(float, (size, size), elements=st.integers(-3, 3).map(float)))
    return Descriptors(states=states, impacts=impacts)


def by_hand(descriptors, slack):
    """Try every combination with loops."""
    offsets = [sum(descriptors.states[:n]) for n in range(len(descriptors.states))]
    found = {}
    for combination in itertools.product(*(range(count) for count in descriptors.states)):
        rows = [offset + state for offset, state in zip(offsets, combination, strict=True)]
        sums = [sum(descriptors.impacts[row][column] for row in rows) for column in range(sum(descriptors.states))]
        worst = max(
            max(sums[offset : offset + count]) - sums[row]
            for offset, count, row in zip(offsets, descriptors.states, rows, strict=True)
        )
        if worst <= slack:
            found[combination] = worst
    return found


@settings(deadline=None)
@given(matrices(), st.integers(0, 4))
def test_scenarios_equal_brute_force(descriptors, slack):
    """Small matrices with any number of states give exactly the combinations that loops find."""
    found = {s.states: s.inconsistency for s in consistent_scenarios(descriptors, max_inconsistency=slack)}
    assert found == by_hand(descriptors, slack)


@settings(deadline=None)
@given(matrices(), st.data())
def test_nearness_keeps_exactly_the_near_ones(descriptors, data):
    """With a distance, the scenarios are those that differ in at most so many descriptors."""
    near = [data.draw(st.integers(0, count - 1)) for count in descriptors.states]
    distance = data.draw(st.integers(0, len(near)))
    expected = {
        states
        for states in by_hand(descriptors, 0)
        if sum(a != b for a, b in zip(states, near, strict=True)) <= distance
    }
    assert {s.states for s in consistent_scenarios(descriptors, near=near, max_distance=distance)} == expected


def test_impact_sums_and_inconsistency_of_one_scenario():
    """Two descriptors that promote their like: mixed states fall short by 2 each."""
    impacts = np.kron(np.array([[0, 1], [1, 0]]), np.array([[1, -1], [-1, 1]])).astype(float)
    pair = Descriptors(states=(2, 2), impacts=impacts)

    assert impact_sums(pair, (0, 1)).tolist() == [-1.0, 1.0, 1.0, -1.0]
    assert inconsistency(pair, (0, 1)).tolist() == [2.0, 2.0]
    assert {s.states for s in consistent_scenarios(pair)} == {(0, 0), (1, 1)}


def test_no_descriptor_is_one_empty_scenario():
    """Nothing to choose is consistent."""
    empty = Descriptors(states=(), impacts=np.zeros((0, 0)))
    assert [s.states for s in consistent_scenarios(empty)] == [()]


def test_a_stopped_search_says_so():
    """A search that runs out of steps is marked as not complete."""
    free = Descriptors(states=(2,) * 8, impacts=np.zeros((16, 16)))
    search = Search(free, max_steps=5)
    assert len(list(search.run())) < 256
    assert not search.complete


@pytest.mark.parametrize(
    ("states", "impacts", "words"),
    [
        ((2, 2), np.zeros((3, 3)), r"need \(4, 4\)"),
        ((0, 2), np.zeros((2, 2)), "at least 1"),
        ((1, 1), np.array([[0.0, np.nan], [0.0, 0.0]]), "not finite"),
    ],
)
def test_a_broken_matrix_is_refused(states, impacts, words):
    """Wrong shapes, empty descriptors and missing numbers are named."""
    with pytest.raises(InputError, match=words):
        Descriptors(states=states, impacts=impacts)
