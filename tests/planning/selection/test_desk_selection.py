"""Desks as selections: a desk's core, the planner on knapsack desks, plans improved beside months and people."""

import itertools

import msgspec
import numpy as np
import pytest
from benchmark_modules import benchmark

from legation.cohesion.result import Chosen
from legation.desk.constraints import Exclusion, Synergy
from legation.desk.rules import check_desk
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.engines.base import Halt
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk
from legation.planning.rank import rank_by_ratio
from legation.planning.selection import choose as choosing
from legation.planning.selection.desk import selection_of
from legation.planning.selection.improve import improve_selection
from legation.planning.selection.lead import lead_in
from legation.planning.solve import search
from legation.planning.staff import read_staff
from legation.planning.value import value_of


@pytest.fixture(scope="module")
def knapsacks():
    """Give the benchmark's files and desk modules."""
    return benchmark("knapsack_files"), benchmark("knapsack_desk")


def instance(files, seed, *, items, limits, pairs):
    """Make a random knapsack."""
    rng = np.random.default_rng(seed)
    pair = np.triu(rng.integers(0, 100, (items, items)) * (rng.random((items, items)) < 0.5), 1)
    weight = rng.integers(1, 50, (limits, items))
    return files.Knapsack(
        name="random", family="qkp" if pairs else "mkp", profit=rng.integers(0, 100, items),
        pair=pair if pairs else 0 * pair, weight=weight, capacity=weight.sum(axis=1) * 2 // 5,
    )  # fmt: skip


def best_of_all(own):
    """Give the best profit of all choices."""
    choices = (np.array(bits, bool) for bits in itertools.product([0, 1], repeat=len(own.profit)))
    return max(own.value(chosen) for chosen in choices if own.fits(chosen))


@pytest.mark.parametrize("pairs", [True, False])
def test_the_planner_finds_the_best_choice_of_a_small_knapsack(knapsacks, pairs):
    """A knapsack as a desk has no fault, and its plan is worth the best profit in whole numbers, proven."""
    files, desks = knapsacks
    own = instance(files, 3, items=11, limits=1 if pairs else 3, pairs=pairs)
    desk = desks.desk_of(own)

    result = plan(desk, gap=0, seconds=20, compare=False)

    assert check_desk(desk) == ()
    assert result.value == best_of_all(own)
    assert result.status == "optimal"
    assert broken_rules(desk, result.to_selection()) == ()


@pytest.mark.parametrize("pairs", [True, False])
def test_the_core_of_a_knapsack_desk_is_the_whole_desk(knapsacks, pairs):
    """Any choice is worth the same to the core, to the planner and to the instance."""
    files, desks = knapsacks
    own = instance(files, 4, items=30, limits=2, pairs=pairs)
    data = plan_data(desks.desk_of(own))
    core = selection_of(data)
    rng = np.random.default_rng(1)

    assert core.exact
    for _ in range(20):
        chosen = rng.random(30) < 0.5
        assert core.problem.value(chosen) == own.value(chosen) == value_of(data, core.slots(chosen))
        assert core.problem.allowed(chosen) == own.fits(chosen)


@pytest.mark.parametrize("pairs", [True, False])
def test_the_lead_is_a_plan_within_its_bound_and_follows_the_seed(knapsacks, pairs):
    """On a desk of 50 items the lead keeps the limits, is below its bound, and comes twice the same."""
    files, desks = knapsacks
    own = instance(files, 5, items=50, limits=1 if pairs else 5, pairs=pairs)
    data = plan_data(desks.desk_of(own))

    leads = [lead_in(data, Highs(), seconds=60, seed=2, gap=0.15) for _ in range(2)]

    chosen = np.isin(np.arange(50), data.slot_mission[list(leads[0].slots)])
    assert leads[0].slots == leads[1].slots
    assert own.fits(chosen)
    assert leads[0].value == own.value(chosen)
    assert leads[0].value <= leads[0].bound <= 1.2 * leads[0].value


def test_the_search_takes_the_lead_and_its_bound(knapsacks):
    """With more synergies than a relaxation is good for, the search ends with the lead's plan and a proven bound."""
    files, desks = knapsacks
    own = instance(files, 6, items=95, limits=1, pairs=True)
    data = plan_data(desks.desk_of(own))

    solution = search(data, Highs(), gap=0.04, seconds=60, seed=1)

    chosen = np.isin(np.arange(95), data.slot_mission[solution.slots])
    assert solution.value == own.value(chosen)
    assert own.fits(chosen)
    assert solution.value <= solution.bound <= solution.value * 1.04 + 1


@pytest.mark.parametrize("by", ["flag", "keyboard"])
def test_a_stopped_lead_leaves_the_plan_it_found(knapsacks, by, monkeypatch):
    """Somebody who stops the search, or presses Ctrl-C in it, gets the best plan so far with a bound that holds."""
    files, desks = knapsacks
    own = instance(files, 8, items=80, limits=1, pairs=True)
    data = plan_data(desks.desk_of(own))
    halt = Halt()

    def stop(*_, **__):
        if by == "keyboard":
            raise KeyboardInterrupt
        halt.set()
        return original(*_, **__)

    original = choosing.pair_bound
    monkeypatch.setattr(choosing, "pair_bound", stop)
    solution = search(data, Highs(), gap=0, seconds=60, seed=1, halt=halt)

    chosen = np.isin(np.arange(80), data.slot_mission[solution.slots])
    assert solution.stopped
    assert solution.value == own.value(chosen) > 0
    assert solution.bound >= solution.value


def test_other_desks_have_no_lead():
    """A desk with months and people is left to the planner's own search."""
    data = plan_data(generate_desk(DeskShape(missions=60, months=6), seed=1))

    assert lead_in(data, Highs(), seconds=5, seed=1) is None


def test_a_desk_of_one_month_without_people_is_exact_with_rules_risk_and_saturation(knapsacks):
    """Exclusions, a risk limit and saturating value stay exact: core and planner agree on every choice's worth."""
    files, desks = knapsacks
    own = instance(files, 7, items=12, limits=2, pairs=True)
    plain = desks.desk_of(own)
    settings = msgspec.structs.replace(
        plain.info.settings, value_breakpoints=((300.0, 1.0), (500.0, 0.5)), risk_limit=1.0, risk_weight=3.0
    )
    desk = msgspec.structs.replace(
        plain,
        info=msgspec.structs.replace(plain.info, settings=settings),
        modes=tuple(msgspec.structs.replace(mode, risk=0.25) for mode in plain.modes),
        exclusions=(Exclusion(id="one", missions=("m0", "m1", "m2")),),
        synergies=(
            *plain.synergies,
            Synergy(id="three", missions=("m3", "m4", "m5"), objective="profit", low=2, likely=2, high=2),
            Synergy(id="harm", missions=("m6", "m7", "m8"), objective="profit", low=-2, likely=-2, high=-2),
        ),
    )
    data = plan_data(desk)
    core = selection_of(data)

    values = []
    for bits in itertools.product([False, True], repeat=12):
        chosen = np.array(bits)
        if core.problem.allowed(chosen):
            values.append(core.problem.value(chosen))
            if len(values) % 50 == 0:
                assert values[-1] == pytest.approx(value_of(data, core.slots(chosen)))
    result = plan(desk, gap=0, seconds=20, compare=False)

    assert core.exact
    assert result.value == pytest.approx(max(values))
    assert broken_rules(desk, result.to_selection()) == ()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_improved_plan_keeps_every_rule(seed):
    """From the ranking's plan on a desk with months, people and rules, the value rises and no rule is broken."""
    desk = generate_desk(DeskShape(missions=60, months=12, positions=12, objectives=6), seed=seed)
    data = plan_data(desk)
    before = rank_by_ratio(data).slots

    after = improve_selection(data, before, seconds=4, rng=np.random.default_rng(1))

    assert value_of(data, after) >= value_of(data, before) - 1e-9
    # a start within any gap ends the search at once, with people found for it
    solution = search(data, Highs(), gap=0.999, seconds=20, seed=1, start=after)
    people = read_staff(data, solution.model, solution.x)
    chosen = [
        Chosen(
            mission=data.missions[data.slot_mission[slot]].id, mode=data.modes[data.slots.option[slot]].id,
            start=int(data.slots.start[slot]), staff=tuple(f"{role}:{position}" for role, position in people[slot]),
        )
        for slot in solution.slots.tolist()
    ]  # fmt: skip
    assert solution.kept.whole
    assert broken_rules(desk, chosen) == ()


def test_an_improved_plan_is_better_where_the_start_is_poor():
    """From the duties of a desk alone, adds and swaps find a plan of more value."""
    data = plan_data(generate_desk(DeskShape(missions=50, months=8, positions=10, rules=0.0), seed=4))

    after = improve_selection(data, [], seconds=4, rng=np.random.default_rng(1))

    assert value_of(data, after) > 0.5 * value_of(data, rank_by_ratio(data).slots) > 0


def test_a_stopped_improvement_gives_the_plan_back():
    """With the stop flag set the plan comes back as it was."""
    data = plan_data(generate_desk(DeskShape(missions=40, months=6), seed=2))
    before = sorted(rank_by_ratio(data).slots)
    halt = Halt()
    halt.set()

    assert improve_selection(data, before, seconds=5, rng=np.random.default_rng(1), halt=halt) == before
