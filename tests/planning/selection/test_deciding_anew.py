"""Deciding several items of a choice at once: exchanges against brute force, and repacking."""

import itertools

import numpy as np
import pytest
from scipy import sparse

from legation.planning.selection.crowd import crowd_search
from legation.planning.selection.exchange import Exchange
from legation.planning.selection.problem import SelectionProblem, plain_problem
from legation.planning.selection.repack import Repack


def choices(problem):
    """Give all allowed choices."""
    all_of_them = (np.array(bits) for bits in itertools.product([False, True], repeat=problem.items))
    return [chosen for chosen in all_of_them if problem.allowed(chosen)]


def several_limits(seed, *, items=9):
    """Make a linear selection under one to seven limits."""
    rng = np.random.default_rng(seed)
    use = rng.integers(1, 20, (int(rng.integers(1, 8)), items)).astype(float)
    return plain_problem(rng.integers(1, 30, items), use=use, limit=np.floor(use.sum(axis=1) * rng.uniform(0.3, 0.8)))


def with_pairs(seed, *, items=10, limits=1, held=()):
    """Make a selection with values of both signs for pairs, and rules on the items that are held."""
    rng = np.random.default_rng(seed)
    half = np.triu(rng.integers(-5, 20, (items, items)), 1).astype(float)
    use = rng.integers(1, 12, (limits, items)).astype(float)
    plain = plain_problem(rng.integers(0, 20, items), use=use, limit=np.floor(use.sum(axis=1) / 2), pair=half + half.T)
    rules = np.zeros((1 if held else 0, items))
    rules[:, list(held)] = 1.0
    return SelectionProblem(
        gain=plain.gain, pair=plain.pair, larger=(), mission=plain.mission, effect=plain.effect, pieces=plain.pieces,
        use=use, limit=plain.limit, rules=sparse.csr_matrix(rules), room=np.ones(len(rules), np.int64),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_no_exchange_of_two_for_two_betters_where_a_climb_ends(seed):
    """Among all choices that differ by up to two items on either side, none is worth more."""
    problem = several_limits(seed)
    reduced = problem.gain - problem.use.sum(axis=0)

    top = Exchange(problem, np.arange(problem.items), reduced=reduced).climb(np.zeros(problem.items, bool))

    near = [c for c in choices(problem) if (c & ~top).sum() <= 2 and (top & ~c).sum() <= 2]
    assert problem.allowed(top)
    assert problem.value(top) == max(map(problem.value, near))


def test_a_climb_moves_no_item_outside_its_core():
    """Items beyond the core stay as they were."""
    problem = several_limits(4)
    start = np.zeros(problem.items, bool)

    top = Exchange(problem, np.array([1, 3, 5]), reduced=problem.gain).climb(start)

    assert top.any()
    assert not np.delete(top, [1, 3, 5]).any()


@pytest.mark.parametrize("limits", [1, 3])
@pytest.mark.parametrize("seed", range(10))
def test_repacking_a_small_choice_finds_the_best(seed, limits):
    """Where the core holds every item, some passes from the empty choice come to what brute force finds."""
    problem, rng = with_pairs(seed, limits=limits), np.random.default_rng(seed)
    repack = Repack(problem)

    chosen = np.zeros(problem.items, bool)
    for _ in range(30):
        other = repack.repack(chosen, rng)
        assert problem.allowed(other)
        chosen = max(chosen, other, key=problem.value)

    assert problem.value(chosen) == max(map(problem.value, choices(problem)))


def test_repacking_leaves_items_under_rules_alone():
    """What a rule holds stays where it is, so that every rule is kept."""
    problem, rng = with_pairs(3, held=(0, 1, 2)), np.random.default_rng(1)
    start = np.zeros(problem.items, bool)
    start[1] = True

    for _ in range(10):
        after = Repack(problem).repack(start, rng)

        assert after[:3].tolist() == [False, True, False]
        assert problem.allowed(after)


def test_repacking_suits_pairs_under_limits_alone():
    """Without pairs, without limits, or with every item under a rule there is nothing to repack."""
    assert Repack.suits(with_pairs(1))
    assert not Repack.suits(several_limits(1))
    assert not Repack.suits(with_pairs(1, limits=0))
    assert not Repack.suits(with_pairs(1, held=range(10)))


def test_a_seed_gives_the_same_islands():
    """Two searches with one seed and a limit on steps alone tell of the same choices, and all are allowed."""
    problem = several_limits(11, items=60)
    price = np.full(len(problem.limit), 0.1)
    runs = []
    for _ in range(2):
        told = []
        crowd_search(
            problem, amounts=np.full(60, 0.5), price=price, start=np.zeros(60, bool), rng=np.random.default_rng(5),
            generations=120, told=lambda chosen, value, told=told: told.append((chosen.tobytes(), value)),
        )  # fmt: skip
        runs.append(told)

    assert runs[0] == runs[1]
    assert all(problem.allowed(np.frombuffer(chosen, bool)) for chosen, _ in runs[0])


def test_no_limits_are_broken_where_amounts_are_no_whole_numbers():
    """Single precision never lets a choice through that the limits do not allow."""
    rng = np.random.default_rng(2)
    use = rng.random((6, 40)) / 3
    problem = plain_problem(rng.random(40) / 3, use=use, limit=use.sum(axis=1) / 2)

    top = Exchange(problem, np.arange(40), reduced=problem.gain - use.sum(axis=0) / 6).climb(np.zeros(40, bool))

    assert problem.allowed(top)
    assert problem.value(top) > 0
