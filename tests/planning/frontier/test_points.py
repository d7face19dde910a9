"""Frontiers of arrays against brute force: every nondominated point, no other, and honest answers when cut short."""

import threading
from itertools import product

import numpy as np
import pytest
from scipy import sparse

from legation.errors import InputError
from legation.planning.engines.base import Halt
from legation.planning.engines.highs import Highs
from legation.planning.frontier.arrays import frontier_of, steps_of
from legation.planning.frontier.lattice import lattice_step
from legation.planning.frontier.zones import Zones
from legation.planning.model.problem import INF, Problem


def knapsack(a, b, *, integer=True, upper=1.0):
    """Make a problem of at most so much of each row."""
    a = np.atleast_2d(np.asarray(a, float))
    n = a.shape[1]
    return Problem(
        cost=np.zeros(n), lower=np.zeros(n), upper=np.full(n, float(upper)), integer=np.full(n, integer),
        matrix=sparse.csc_matrix(a), row_lower=np.full(len(a), -INF), row_upper=np.asarray(b, float),
    )  # fmt: skip


def random_case(seed, *, aims, columns=8, low=-3, high=9):
    """Make a small random problem and its aims."""
    rng = np.random.default_rng(seed)
    a = rng.integers(1, 10, (2, columns))
    return knapsack(a, a.sum(axis=1) * 0.5), rng.integers(low, high, (aims, columns)).astype(float)


def every_point(problem, aims):
    """All feasible points of a small problem of whole columns, and the nondominated ones."""
    ranges = [range(int(low), int(high) + 1) for low, high in zip(problem.lower, problem.upper, strict=True)]
    x = np.array(list(product(*ranges)), float)
    rows = x @ problem.matrix.toarray().T
    fits = np.all((rows <= problem.row_upper + 1e-9) & (rows >= problem.row_lower - 1e-9), axis=1)
    points = np.unique(np.round(x[fits] @ aims.T, 9), axis=0)
    best = [row for row in points if not np.any(np.all(points >= row, axis=1) & np.any(points > row, axis=1))]
    return points, {tuple(row) for row in best}


def as_set(points):
    """Give points as a set of tuples."""
    return {tuple(row) for row in np.round(points, 9)}


@pytest.mark.parametrize("engine", [None, "highs"])
@pytest.mark.parametrize("aims", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_every_nondominated_point_is_found_and_no_other(engine, aims, seed):
    """Whole-number aims, ties and negative coefficients included, give the same set as trying every solution."""
    problem, table = random_case(seed, aims=aims)

    found = frontier_of(problem, table, engine=Highs() if engine else None, seconds=60)

    assert found.complete
    assert as_set(found.points) == every_point(problem, table)[1]
    for point, x in zip(found.points, found.solutions, strict=True):
        assert np.all(problem.matrix @ x <= problem.row_upper + 1e-9)
        assert np.allclose(table @ x, point)


def test_columns_with_several_values_and_decimal_aims_are_exact_too():
    """Aims in quarters over columns from 0 to 2 lie on a grid that is found, and the answer is exact."""
    rng = np.random.default_rng(5)
    problem = knapsack(rng.integers(1, 6, (1, 6)), [9], upper=2.0)
    aims = rng.integers(1, 12, (3, 6)) / 4

    found = frontier_of(problem, aims, seconds=60)

    assert found.complete
    assert as_set(found.points) == every_point(problem, aims)[1]


@pytest.mark.parametrize("seed", range(6))
def test_one_continuous_aim_needs_no_step(seed):
    """An aim without a grid is maximised over floors on the others, and every point is found."""
    problem, table = random_case(seed, aims=3)
    table[0] = np.random.default_rng(seed + 100).random(table.shape[1])

    found = frontier_of(problem, table, seconds=60)

    expected = np.array(sorted(every_point(problem, table)[1]))
    assert found.complete
    assert len(found.points) == len(expected)
    assert np.allclose(np.array(sorted(map(tuple, found.points))), expected, atol=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_a_step_leaves_nothing_more_than_a_step_ahead(seed):
    """With steps every feasible point has a found one less than a step behind it in every aim."""
    problem, table = random_case(seed, aims=3)
    steps = [4.0, 3.0, 5.0]

    found = frontier_of(problem, table, steps=steps, seconds=60)

    points, best = every_point(problem, table)
    assert found.complete
    assert as_set(found.points) <= best
    for row in points:
        assert np.any(np.all(found.points > row - np.array(steps), axis=1))


def test_aims_that_agree_give_one_point():
    """Where one solution is best in every aim, the frontier is that point."""
    problem = knapsack([[1, 1, 1, 1]], [2])
    row = np.array([4.0, 3.0, 2.0, 1.0])

    found = frontier_of(problem, np.stack([row, 2 * row, row + 1]), seconds=20)

    assert found.complete
    assert found.points.tolist() == [[7.0, 14.0, 9.0]]


def test_an_aim_that_nothing_moves_is_a_constant():
    """An aim without any coefficient ties everywhere and does no harm."""
    problem, table = random_case(3, aims=2)
    flat = np.vstack([table, np.zeros(table.shape[1])])

    found = frontier_of(problem, flat, seconds=20)

    assert as_set(found.points) == every_point(problem, flat)[1]


def test_nothing_feasible_is_said():
    """An infeasible problem has no point, and that is proven."""
    problem = knapsack([[1, 1, 1]], [-1])

    found = frontier_of(problem, np.array([[1.0, 2, 3], [3.0, 2, 1]]), seconds=20)

    assert found.feasible is False
    assert found.complete
    assert len(found.points) == 0


def test_a_search_cut_short_says_what_is_open():
    """After an early stop the answer is not complete, and every missing point lies in one of its open boxes."""
    problem, table = random_case(11, aims=4, columns=10, low=1)
    event = threading.Event()

    def watch(points, _boxes):
        if points >= 5:
            event.set()

    found = frontier_of(problem, table, seconds=60, halt=Halt(event), progress=watch)

    best = every_point(problem, table)[1]
    missing = np.array(sorted(best - as_set(found.points)))
    assert found.stopped
    assert not found.complete
    assert len(missing)
    for row in missing:
        inside = np.all(found.open_corners < row, axis=1) & np.all(found.open_tops >= row - 1e-9, axis=1)
        assert inside.any()
    assert np.all(np.array(sorted(best)).max(axis=0) <= found.ideal + 1e-9)


def test_no_time_is_not_a_proof():
    """With no time nothing is claimed: neither complete nor infeasible."""
    problem, table = random_case(1, aims=2)

    found = frontier_of(problem, table, seconds=0.0)

    assert not found.complete
    assert found.feasible is None
    assert found.open_tops.tolist() == [[INF, INF]]


@pytest.mark.parametrize(
    ("aims", "steps", "words"),
    [
        (np.ones((1, 3)), None, "1 aims"),
        (np.ones((5, 3)), None, "5 aims"),
        (np.ones((2, 4)), None, "4 columns"),
        (np.ones((2, 3)), [1.0, 0.0], "do not fit"),
        (np.ones((2, 3)), [1.0], "do not fit"),
        (np.full((2, 3), np.pi), None, "lie on no grid"),
        (np.array([[np.nan, 1, 1], [1, 1, 1]]), None, "not finite"),
    ],
)
def test_aims_that_cannot_be_used_are_refused(aims, steps, words):
    """Too few, too many, misfitting, continuous without a step, or not a number: refused with the rule."""
    with pytest.raises(InputError, match=words):
        frontier_of(knapsack([[1, 1, 1]], [2]), aims, steps=steps, seconds=5)


def test_the_grid_of_an_aim_is_what_all_its_values_share():
    """Sixths of a unit in decimals have no grid; quarters and whole numbers do; continuous columns have none."""
    whole = np.ones(3, bool)

    assert lattice_step(np.array([6.0, 9.0, 0.0]), integer=whole) == 3.0
    assert lattice_step(np.array([0.75, -0.5, 1.0]), integer=whole) == 0.25
    assert lattice_step(np.array([1 / 6, 1.0, 2.0]), integer=whole) is None
    assert lattice_step(np.array([1.0, 1.0, 1.0]), integer=np.array([True, False, True])) is None
    assert lattice_step(np.zeros(3), integer=whole) is None


def test_a_step_on_a_grid_is_rounded_down_to_it():
    """A step of 7 over multiples of 2 becomes 6, so that the promise made for 7 holds."""
    steps, primary = steps_of(np.array([[2.0, 4.0], [1.0, 3.0]]), integer=np.ones(2, bool), steps=[7.0, None])

    assert primary is None
    assert steps.sizes.tolist() == [6.0, 1.0]
    assert steps.exact.tolist() == [False, True]


@pytest.mark.parametrize("aims", [2, 3, 4])
def test_boxes_cover_what_no_point_dominates_and_none_is_redundant(aims):
    """Whatever the points do not weakly dominate lies in a box, nothing else does, and no box lies in another."""
    rng = np.random.default_rng(aims)
    points = rng.integers(0, 5, (9, aims)).astype(float)
    zones = Zones(aims, thin=np.full(aims, 0.9))
    for point in points:
        zones.insert(point)
    tried = rng.integers(-1, 7, (400, aims)).astype(float)

    for row in tried:
        dominated = np.any(np.all(points >= row, axis=1))
        assert dominated != np.any(np.all(zones.corners < row, axis=1))
    for index, corner in enumerate(zones.corners):
        others = np.delete(zones.corners, index, axis=0)
        assert not np.any(np.all(others <= corner, axis=1))
