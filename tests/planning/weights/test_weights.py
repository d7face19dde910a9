"""Weights as intervals against brute force over all plans of small desks, and what is refused."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_desks import every_plan, tiny

from legation.errors import InfeasibleError, InputError
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.generate import DeskShape
from legation.planning.value import value_of
from legation.planning.weights import robust, weigh
from legation.planning.weights.envelope import best_everywhere
from legation.planning.weights.polytope import Statement, read_statement, weight_set

TINY = DeskShape(missions=5, months=6, positions=4, objectives=6, money=0.5, rules=0.4, long_share=0.3)
THREE = ("a", "b", "c")


def value_under(desk, relations, plans, weights):
    """Value plans with the desk's goals weighted anew."""
    goals = tuple(msgspec.structs.replace(goal, weight=weights[goal.id]) for goal in desk.goals)
    data = plan_data(msgspec.structs.replace(desk, goals=goals), relations=relations)
    return np.array([value_of(data, slots) for slots in plans])


def some_weights(found, count=25):
    """Draw weights from a result's set, its corners included."""
    corners = np.array(found.corners)
    mixes = np.random.default_rng(0).dirichlet(np.ones(len(corners)), count)
    return np.vstack([corners, mixes @ corners])


def slots_of(data, missions):
    """Give the slots of a plan."""
    return [data.slots.index[data.options.index[c.mission, c.mode], c.start] for c in missions]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_listed_plans_hold_the_best_one_at_any_weights(seed):
    """At weights all over the set the best of all plans is no better than the best of those listed."""
    desk, relations = tiny(TINY, seed=seed)
    goals = [goal.id for goal in desk.goals]
    statements = [Statement(goal=goals[0], low=0.1, high=0.7), Statement(goal=goals[-1], at_least=goals[0])]

    found = weigh(desk, statements=statements, relations=relations, seconds=60)

    data, plans = every_plan(desk, relations)
    listed = [slots_of(data, plan.missions) for plan in found.plans]
    assert found.complete
    assert all(broken_rules(desk, plan.missions) == () for plan in found.plans)
    for w in some_weights(found):
        shares = dict(zip((row.goal for row in found.goals), w.tolist(), strict=True))
        shares |= {goal.id: 0.0 for goal in desk.goals if goal.id not in shares}
        best = value_under(desk, relations, plans, shares).max()
        assert value_under(desk, relations, listed, shares).max() == pytest.approx(best, abs=1e-5)


def test_no_plan_beats_a_listed_one_everywhere_and_regret_is_right():
    """Of all plans none is as good at every corner and better at one; regret and value are those worked out by hand."""
    desk, relations = tiny(TINY, seed=3)
    goals = [goal.id for goal in desk.goals]

    found = weigh(desk, statements=[Statement(goal=goals[0], low=0.2, high=0.6)], relations=relations, seconds=60)

    data, plans = every_plan(desk, relations)
    names = [row.goal for row in found.goals]
    corners = [dict.fromkeys(goals, 0.0) | dict(zip(names, w, strict=True)) for w in found.corners]
    table = np.array([value_under(desk, relations, plans, shares) for shares in corners]).T
    for plan in found.plans:
        own = np.array([value_under(desk, relations, [slots_of(data, plan.missions)], w)[0] for w in corners])
        assert not np.any(np.all(table >= own - 1e-7, axis=1) & np.any(table > own + 1e-4, axis=1))
        assert plan.least == pytest.approx(own.min(), abs=1e-6)
        assert plan.most == pytest.approx(own.max(), abs=1e-6)
        assert plan.regret == pytest.approx(max(0.0, (table.max(axis=0) - own).max()), abs=1e-5)
    for row in found.missions:
        held = sum(any(c.mission == row.mission for c in plan.missions) for plan in found.plans)
        assert row.index == pytest.approx(held / len(found.plans))
        assert (row.place == "core") == (held == len(found.plans))
    rules = {rule.name: found.plans[rule.plan - 1] for rule in found.rules}
    assert rules["maximin"].least == max(plan.least for plan in found.plans)
    assert rules["minimax_regret"].regret == min(plan.regret for plan in found.plans)


def test_exact_weights_leave_one_plan():
    """With every share fixed the one plan is the best one, and every mission is core or exterior."""
    desk, relations = tiny(TINY, seed=1)
    share = 1 / len(desk.goals)
    statements = [Statement(goal=goal.id, low=share, high=share) for goal in desk.goals]

    found = weigh(desk, statements=statements, relations=relations, seconds=30)

    assert len(found.plans) == 1
    assert found.plans[0].regret == pytest.approx(0.0, abs=1e-6)
    assert {row.place for row in found.missions} <= {"core", "exterior"}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(2, 12))
def test_the_envelope_finds_every_plan_that_is_best_somewhere(seed, goals, count):
    """For plans given as a table, the envelope's maximum equals the table's at random weights."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 9, (count, goals)).astype(float)
    names = [f"g{n}" for n in range(goals)]
    weights = weight_set(names, [Statement(goal="g0", low=0.1, high=0.8)], titles={})

    def solve(w):
        best = int(np.argmax(table @ w))
        return (best,), table[best], float(table[best] @ w)

    envelope = best_everywhere(weights, solve, over=lambda: False)

    tried = rng.dirichlet(np.ones(len(weights.corners)), 60) @ weights.corners
    assert envelope.complete
    assert np.allclose((table @ tried.T).max(axis=0), (envelope.values @ tried.T).max(axis=0), atol=1e-5)


def test_corners_of_a_set_of_weights_are_those_worked_out_by_hand():
    """An interval of one of two goals has two corners; an order halves the simplex."""
    interval = weight_set(("a", "b"), [Statement(goal="a", low=0.3, high=0.6)], titles={})
    order = weight_set(THREE, [Statement(goal="a", at_least="b"), Statement(goal="b", at_least="c")], titles={})

    assert interval.corners.tolist() == [[0.3, 0.7], [0.6, 0.4]]
    assert np.allclose(order.corners, [[1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0], [1, 0, 0]])


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ([Statement(goal="z", low=0.1, high=0.2)], "No goal 'z'"),
        ([Statement(goal="a", at_least="z")], "No goal 'z'"),
        ([Statement(goal="a", low=0.6), Statement(goal="b", low=0.6)], "exclude each other"),
        ([Statement(goal=name, high=0.2) for name in THREE], "exclude each other"),
        ([Statement(goal="a", high=0.2), Statement(goal="b", low=0.3, high=0.4),
          Statement(goal="a", at_least="b")], "exclude each other"),
        ([Statement(goal="a", low=0.1), Statement(goal="a", high=0.5)], "Two intervals"),
    ],
)  # fmt: skip
def test_statements_that_cannot_hold_are_refused(statements, words):
    """Unknown goals, double intervals and statements that exclude each other are refused with the rule."""
    with pytest.raises(InputError, match=words):
        weight_set(THREE, statements, titles={})


@pytest.mark.parametrize(
    "text",
    ["", "a", "a:", "a:0.6..0.3", "a:-1..0.4", "a:0.2..1.5", "a>=", ">=b", "a:1.2.3..2", "a:nan..1", "a:0..1..2"],
)
def test_what_says_nothing_of_weights_is_refused(text):
    """Anything but an interval of shares, a share or an order is refused with the way to write it."""
    with pytest.raises(InputError, match="says nothing of weights"):
        read_statement(text)


def test_statements_are_read():
    """An interval, a share and an order are read, spaces and all."""
    assert read_statement(" a : 0.25 .. 0.5 ") == Statement(goal="a", low=0.25, high=0.5)
    assert read_statement("a:0.4") == Statement(goal="a", low=0.4, high=0.4)
    assert read_statement("a >= b") == Statement(goal="a", at_least="b")


@pytest.mark.parametrize("limits", [{"gap": 1.0}, {"seconds": 0.0}, {"seconds": float("nan")}])
def test_limits_out_of_range_are_refused(limits):
    """A gap of 1 and seconds that are none are refused."""
    desk, relations = tiny(TINY, seed=1)

    with pytest.raises(InputError, match="cannot be used"):
        weigh(desk, statements=[Statement(goal=desk.goals[0].id)], relations=relations, **limits)


def test_a_search_without_time_claims_nothing():
    """With next to no time the answer is an error or is not complete."""
    desk, relations = tiny(TINY, seed=1)

    with pytest.raises(InfeasibleError, match="within the time"):
        weigh(desk, statements=[Statement(goal=desk.goals[0].id)], relations=relations, seconds=1e-9)


def test_the_way_of_large_desks_is_right_within_its_slack(monkeypatch):
    """Taken as large, a desk's listed plans are as good as the best one at any weights but for the slack stated."""
    monkeypatch.setattr(robust, "_SMALL", 0)
    desk, relations = tiny(TINY, seed=2)
    statements = [Statement(goal=desk.goals[0].id, low=0.1, high=0.7)]

    found = weigh(desk, statements=statements, relations=relations, gap=0.005, seconds=60)

    data, plans = every_plan(desk, relations)
    listed = [slots_of(data, plan.missions) for plan in found.plans]
    assert found.method == "best_somewhere"
    assert found.complete
    for w in some_weights(found, 10):
        shares = dict.fromkeys((goal.id for goal in desk.goals), 0.0)
        shares |= dict(zip((row.goal for row in found.goals), w.tolist(), strict=True))
        best = value_under(desk, relations, plans, shares).max()
        assert value_under(desk, relations, listed, shares).max() >= best - found.slack - 1e-6
