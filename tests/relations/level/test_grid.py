"""Windows, spells and ages over years, and states whose code changed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from legation.relations.level.grid import FIRST_YEAR, NEVER, Grid, Rows, age, decayed, lineage, since, window


@given(st.lists(st.booleans(), min_size=12, max_size=40))
def test_years_since_age_and_windows_equal_a_walk(marks):
    """Vectorised counts equal a plain walk along the years."""
    matrix = np.array([marks], dtype=np.float32)
    last, run = None, 0
    for year, mark in enumerate(marks):
        last, run = (year, run + 1) if mark else (last, 0)
        assert since(matrix)[0, year] == (NEVER if last is None else year - last)
        assert age(matrix)[0, year] == run
        assert window(matrix, 5)[0, year] == sum(marks[max(0, year - 4) : year + 1])
        expected = sum(0.5 ** ((year - past) / 4) for past in range(year + 1) if marks[past])
        assert abs(decayed(matrix, half_life=4.0)[0, year] - expected) < 1e-4


def test_a_changed_code_keeps_its_history():
    """West Germany's disputes are Germany's; East Germany's are not; numbers that are no codes are nobody."""
    assert lineage([260, 255, 265, 678, 679, -9, 5000]).tolist() == [255, 255, 265, 679, 679, 0, 0]
    grid = Grid.of([2], [255], last=2000)
    marks = grid.marks([260], [2], [1980], 4.0)

    assert marks[0, 1980 - FIRST_YEAR] == 4.0


def test_outside_its_time_a_source_says_nothing_or_stands():
    """Before the first year there is no figure; after the last one the last stands."""
    grid = Grid.of([2], [20], last=2000)
    marks = grid.marks([2, 2], [20, 20], [1950, 1960], [1.0, 2.0])
    rows = Rows(grid=grid, dyad=np.zeros(4, dtype=np.int64), year=np.array([1940, 1950, 1960, 1999]))

    taken = rows.take(marks, first=1950, last=1960)

    assert np.isnan(taken[0])
    assert taken[1:].tolist() == [1.0, 2.0, 2.0]


def test_spells_take_in_both_ends():
    """A spell covers its first and last year; one that began before the grid covers from its start."""
    grid = Grid.of([1], [2], last=1830)
    covered = grid.spells([1, 1], [2, 2], [1700, 1820], [1818, 1821])[0]

    assert covered[: 1822 - FIRST_YEAR + 1].tolist() == [1, 1, 1, 0, 1, 1, 0]
