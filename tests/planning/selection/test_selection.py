"""Selections against brute force: value, limits, rules, bounds, and what the walk keeps up to date."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from legation.errors import InputError
from legation.planning.engines.base import Halt
from legation.planning.engines.highs import Highs
from legation.planning.selection.bound import grain_of, pair_bound
from legation.planning.selection.choose import choose, first_choice, relax
from legation.planning.selection.problem import Pieces, SelectionProblem, plain_problem
from legation.planning.selection.tabu import tabu_search
from legation.planning.selection.walk import Walk


def random_problem(seed, *, items=9, limits=2, pairs=True, curved=True, ruled=True):
    """Make a selection with everything in it: pairs of both signs, larger synergies, concave terms and rules."""
    rng = np.random.default_rng(seed)
    half = np.triu(rng.integers(-8, 20, (items, items)) * (rng.random((items, items)) < 0.5), 1).astype(float)
    pair = sparse.csr_matrix(half + half.T if pairs else np.zeros((items, items)))
    mission = np.arange(items)
    rows, room = [], []
    if ruled:
        mission[1] = 0
        rows += [
            np.eye(items)[0] + np.eye(items)[1],
            np.eye(items)[2] + np.eye(items)[3],
            np.eye(items)[4] - np.eye(items)[5],
        ]
        room += [1, 1, 0]
        if rng.random() < 0.5:
            rows.append(-np.eye(items)[6] - np.eye(items)[7])
            room.append(-1)
    larger = (((2, 4, 5), 9.0), ((5, 6, 7), -4.0)) if pairs else ()
    pieces = Pieces(
        begins=np.array([0, 2, 5]), column=np.array([0, 0, 1, 1, 0, 2, 2]),
        slope=np.array([3.0, 0.5, 2.0, 0.0, 1.0, 4.0, 0.0]), offset=np.array([0.0, 10.0, 0.0, 9.0, 4.0, 0.0, 0.0]),
    ) if curved else Pieces(np.empty(0, int), np.empty(0, int), np.empty(0), np.empty(0))  # fmt: skip
    use = rng.integers(1, 10, (limits, items)).astype(float)
    return SelectionProblem(
        gain=rng.integers(-5, 25, items).astype(float), pair=pair, larger=larger, mission=mission,
        effect=rng.integers(-3, 5, (items, 3)).astype(float), pieces=pieces, use=use,
        limit=np.floor(use.sum(axis=1) * rng.uniform(0.3, 0.7)),
        rules=sparse.csr_matrix(np.array(rows).reshape(len(rows), items)), room=np.array(room, np.int64),
    )  # fmt: skip


def naive_value(problem, chosen):
    """Work the value out with loops."""
    inside = np.flatnonzero(chosen)
    total = sum(problem.gain[i] for i in inside)
    total += sum(problem.pair[i, j] for i, j in itertools.combinations(inside, 2))
    there = {problem.mission[i] for i in inside}
    total += sum(value for missions, value in problem.larger if set(missions) <= there)
    n = [sum(problem.effect[i, k] for i in inside) for k in range(problem.effect.shape[1])]
    ends = [*problem.pieces.begins[1:], len(problem.pieces.slope)] if len(problem.pieces.begins) else []
    for begin, end in zip(problem.pieces.begins, ends, strict=True):
        total += min(
            problem.pieces.slope[p] * n[problem.pieces.column[p]] + problem.pieces.offset[p] for p in range(begin, end)
        )
    return total


def brute_force(problem):
    """Give the best value of all allowed choices; None where there is none."""
    best = None
    for bits in itertools.product([False, True], repeat=problem.items):
        chosen = np.array(bits)
        x = chosen.astype(int)
        if (problem.use @ x <= problem.limit).all() and (problem.rules @ x <= problem.room).all():
            value = naive_value(problem, chosen)
            best = value if best is None else max(best, value)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_choice_is_the_best_of_all_and_the_bound_holds(seed):
    """With pairs, larger synergies, concave terms, limits and rules, the value is that of brute force."""
    problem = random_problem(seed)
    best = brute_force(problem)

    found = choose(problem, Highs(), rng=np.random.default_rng(seed), seconds=20)

    assert (found is None) == (best is None)
    if found is not None:
        assert problem.allowed(found.chosen)
        assert found.value == pytest.approx(naive_value(problem, found.chosen))
        assert found.value == pytest.approx(best)
        assert found.bound >= best - 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_a_selection_under_several_limits_is_the_best_of_all(seed):
    """Without synergies the core and its population find what brute force finds, and the relaxation bounds it."""
    problem = random_problem(seed, items=11, limits=3, pairs=False, curved=False, ruled=False)
    best = brute_force(problem)

    found = choose(problem, Highs(), rng=np.random.default_rng(1), seconds=3)

    assert found.value == pytest.approx(best)
    assert found.bound >= best - 1e-9
    assert found.proven == (found.bound <= best + 1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_the_pairwise_bound_holds_from_any_choice_and_what_it_settles_is_right(seed):
    """From a poor choice the bound still holds, and settled items agree with a best choice if that is better."""
    problem = random_problem(100 + seed, items=8, limits=1, curved=False, ruled=False)
    best = brute_force(problem)
    start = first_choice(problem)

    proof = pair_bound(problem, start, steps=120)

    assert proof.bound >= best - 1e-9
    if best > problem.value(start) + 1e-9:
        agreeing = [
            naive_value(problem, np.array(bits))
            for bits in itertools.product([False, True], repeat=problem.items)
            if problem.allowed(np.array(bits)) and (np.array(bits) == proof.side)[proof.settled].all()
        ]
        assert max(agreeing) == pytest.approx(best)


def test_the_pairwise_bound_proves_a_quadratic_knapsack():
    """On a small quadratic knapsack the bound comes down to the best value."""
    rng = np.random.default_rng(5)
    half = np.triu(rng.integers(0, 30, (14, 14)), 1).astype(float)
    use = rng.integers(1, 20, (1, 14)).astype(float)
    problem = plain_problem(rng.integers(0, 30, 14), use=use, limit=[use.sum() // 2], pair=half + half.T)

    found = choose(problem, Highs(), rng=rng, seconds=20)

    assert found.value == brute_force(problem)
    assert found.bound <= found.value * 1.06


def test_too_many_items_for_the_pairwise_bound_get_a_loose_one_that_holds():
    """Beyond the size of full matrices every pair counts, so the bound is above the best value."""
    problem = random_problem(3, curved=False, ruled=False)

    proof = pair_bound(problem, first_choice(problem), dense=4)

    assert proof.bound >= brute_force(problem)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 8), min_size=1, max_size=25))
def test_the_walk_keeps_up_with_the_definition(seed, flips):
    """After any flips, value, room and the gain of every next flip equal what the definition gives anew."""
    problem = random_problem(seed)
    walk = Walk(problem)

    for item in flips:
        walk.flip(item)

    assert walk.value == pytest.approx(naive_value(problem, walk.chosen))
    x = walk.chosen.astype(int)
    assert walk.room.tolist() == (problem.room - problem.rules @ x).tolist()
    assert walk.left == pytest.approx(problem.ceiling - problem.use @ x)
    if not walk.chosen[:2].all():
        changes = walk.changes()
        for item in range(problem.items):
            other = walk.chosen.copy()
            other[item] = not other[item]
            if not (item < 2 and other[:2].all()):
                assert changes[item] == pytest.approx(naive_value(problem, other) - walk.value)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_walk_says_which_flips_and_swaps_the_rules_allow(seed):
    """From an allowed choice, flips and swaps said to be possible lead to allowed choices, and the others do not."""
    problem = random_problem(seed)
    start = first_choice(problem)
    if start is None:
        return
    walk = Walk(problem, start)
    can_add, can_drop = walk.addable(), walk.droppable()

    for item in range(problem.items):
        other = walk.chosen.copy()
        other[item] = not other[item]
        assert (can_drop if walk.chosen[item] else can_add)[item] == problem.allowed(other)
    for leave, enter in itertools.product(np.flatnonzero(walk.chosen), np.flatnonzero(~walk.chosen)):
        other = walk.chosen.copy()
        other[leave], other[enter] = False, True
        assert walk.can_swap(leave, enter) == bool((problem.rules @ other.astype(int) <= problem.room).all())


def test_a_seed_gives_the_same_steps():
    """Two searches with the same seed and no limit on time take the same steps to the same choice."""
    problem = random_problem(7, items=40, ruled=True)
    runs = [tabu_search(problem, first_choice(problem), rng=np.random.default_rng(3), steps=1_500) for _ in range(2)]

    assert runs[0].steps == runs[1].steps == 1_500
    assert (runs[0].chosen == runs[1].chosen).all()
    assert problem.allowed(runs[0].chosen)


def test_a_stop_flag_ends_the_search_with_what_it_has():
    """A search that is stopped before it begins gives an allowed choice and a bound."""
    problem = random_problem(2, items=30)
    halt = Halt()
    halt.set()

    found = choose(problem, Highs(), rng=np.random.default_rng(1), seconds=60, halt=halt)

    assert problem.allowed(found.chosen)
    assert found.bound >= found.value


def test_the_relaxation_bounds_and_prices_the_limits():
    """A limit with room to spare has no price, one that binds has one."""
    problem = plain_problem([10, 9], use=np.array([[5.0, 5.0], [1.0, 1.0]]), limit=[7, 100])

    amounts, price, bound = relax(problem, Highs(), seconds=10, halt=Halt())

    assert bound == 13
    assert amounts == pytest.approx([1.0, 0.4])
    assert price == pytest.approx([1.8, 0.0])


def test_the_grain_is_the_unit_of_all_values():
    """Quarters have a grain of a quarter; thirds have none, nor do concave terms."""
    use, limit = np.ones((1, 2)), [1]

    assert grain_of(plain_problem([1, 0.75], use=use, limit=limit)) == 0.25
    assert grain_of(plain_problem([1, 1 / 3], use=use, limit=limit)) == 0
    assert grain_of(random_problem(1)) == 0


def test_arrays_that_do_not_fit_are_refused():
    """Wrong shapes and negative amounts are named."""
    with pytest.raises(InputError, match="3 items do not fit"):
        plain_problem([1, 2, 3], use=np.ones((1, 2)), limit=[1])
    with pytest.raises(InputError, match="negative"):
        plain_problem([1, 2], use=np.array([[1.0, -1.0]]), limit=[1])


def test_an_impossible_duty_leaves_no_choice():
    """Where a duty does not fit the limit, no choice is given."""
    problem = plain_problem([5, 5], use=np.array([[9.0, 9.0]]), limit=[3])
    held = SelectionProblem(
        gain=problem.gain, pair=problem.pair, larger=(), mission=problem.mission, effect=problem.effect,
        pieces=problem.pieces, use=problem.use, limit=problem.limit,
        rules=sparse.csr_matrix([[-1.0, 0.0]]), room=np.array([-1]),
    )  # fmt: skip

    assert choose(held, Highs(), rng=np.random.default_rng(1), seconds=5) is None
