"""Plans for scenarios against brute force: every plan of a tiny desk is tried in every scenario."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.errors import InputError
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.engines.base import Halt
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk
from legation.planning.solve import search
from legation.planning.uncertainty.changes import Case, apply_case, default_cases, outlook_between
from legation.planning.uncertainty.draws import draw
from legation.planning.uncertainty.model import aim_of, scenario_model
from legation.planning.uncertainty.outlook import outlook_parts, with_outlook
from legation.planning.uncertainty.regret import least_regret
from legation.planning.uncertainty.robust import plan_for_scenarios, solve_outlooks
from legation.planning.uncertainty.searched import search_record
from legation.planning.uncertainty.status import mission_statuses

ENGINE = Highs()


def _values(data, plans, outlooks):
    return np.array([[outlook_parts(data, o, slots=slots).value for o in outlooks] for slots in plans])


def _aim(values, *, tail_weight, alpha):
    """Compute the aim from its definition, eta tried at every value."""
    best = max(eta - np.maximum(eta - values, 0).mean() / alpha for eta in values)
    return (1 - tail_weight) * values.mean() + tail_weight * best


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10_000),
    tail_weight=st.sampled_from([0.0, 0.5, 1.0]),
    alpha=st.sampled_from([0.2, 0.5]),
    minimum=st.booleans(),
    spill=st.booleans(),
)
def test_scenario_model_equals_brute_force(
    make_desk, relations, every_plan, *, seed, tail_weight, alpha, minimum, spill
):
    """The best aim over drawn scenarios is that of the best of all plans, and the bound proves it."""
    desk = make_desk(seed, count=3, months=2, minimum=minimum, spill=spill)
    data, plans = every_plan(desk, relations)
    draws = draw(data, count=5, seed=seed)
    outlooks = [draws.outlook(number) for number in range(5)]
    best = max(_aim(row, tail_weight=tail_weight, alpha=alpha) for row in _values(data, plans, outlooks))
    found = solve_outlooks(draws, ENGINE, tail_weight=tail_weight, alpha=alpha, gap=0.0, seconds=10.0, seed=1)

    assert found.value == pytest.approx(best, abs=1e-6)
    assert found.bound >= best - 1e-6
    assert found.slots.tolist() in plans


def test_weights_of_scenarios_count(make_desk, every_plan):
    """Scenarios with given probabilities count by them."""
    data, plans = every_plan(make_desk(4, months=2))
    draws = draw(data, count=3, seed=4)
    outlooks, weights = [draws.outlook(n) for n in range(3)], np.array([0.7, 0.2, 0.1])
    best = (_values(data, plans, outlooks) @ weights).max()
    found = search(
        data, ENGINE, gap=0.0, seconds=10.0, seed=1, model=scenario_model(data, outlooks, weights=weights),
        worth=aim_of(data, outlooks, tail_weight=0.0, alpha=1.0, weights=weights),
    )  # fmt: skip

    assert found.value == pytest.approx(best, abs=1e-6)


def test_plan_for_scenarios_brackets_the_truth(make_desk, every_plan):
    """The interval of the gap holds what the plan lacks to the best expectation, which many draws give."""
    data, plans = every_plan(make_desk(11, months=2))
    found = plan_for_scenarios(
        data, ENGINE, scenarios=20, tail_weight=0.0, fresh=400, batches=4, gap=0.0, seconds=5.0, seed=3
    )
    many = draw(data, count=600, seed=99)
    outlooks = [many.outlook(number) for number in range(600)]
    means = _values(data, plans, outlooks).mean(axis=1)
    starts = {(entry.mission, entry.mode, entry.start) for entry in found.entries}
    own = next(
        mean for slots, mean in zip(plans, means, strict=True)
        if {(data.missions[data.slot_mission[s]].id, data.modes[data.slots.option[s]].id, int(data.slots.start[s]))
            for s in slots} == starts
    )  # fmt: skip

    assert found.sample is not None
    assert found.sample.gap_high >= means.max() - own - 0.01
    assert found.sample.upper >= means.max() - 4 * found.sample.upper_error - 0.01
    assert found.outlook.mean == pytest.approx(own, abs=5 * found.outlook.mean_error + 0.01)
    assert found.proven
    assert found.bound >= found.value - 1e-9
    assert {row.standing for row in found.statuses} <= {"core", "borderline", "out"}


def test_plans_keep_the_rules_with_their_people():
    """Plans for scenarios and of least regret name people, and keep every rule record by record."""
    desk = generate_desk(DeskShape(missions=20, months=6, positions=6, objectives=4), seed=5)
    data = plan_data(desk)
    robust = plan_for_scenarios(data, ENGINE, scenarios=5, tail_weight=0.0, fresh=20, gap=0.05, seconds=10.0)
    least = least_regret(data, ENGINE, cases=default_cases(desk), gap=0.05, seconds=20.0)

    assert broken_rules(desk, robust.entries) == ()
    assert broken_rules(desk, least.entries) == ()
    assert any(entry.staff for entry in robust.entries)


def test_plan_for_scenarios_is_never_worse_than_the_judged_one_where_it_was_chosen(make_desk):
    """Where the plan for likely values does as well on other scenarios, it is kept and the answer says so."""
    data = plan_data(make_desk(5, sure=True, months=2))
    found = plan_for_scenarios(data, ENGINE, scenarios=2, tail_weight=0.0, fresh=50, gap=0.0, seconds=5.0)

    assert found.kept_judged
    assert "kept" in found.words[0]
    assert found.only_here == found.only_judged == ()


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"tail_weight": 1.5}, "weight of 1.5"),
        ({"scenarios": 1}, "1 scenarios"),
        ({"batches": 1}, "One batch"),
        ({"scenarios": 5, "tail_weight": 0.5, "alpha": 0.1}, "less than one scenario"),
        ({"alpha": 0.0}, "tail of 0"),
    ],
)
def test_figures_out_of_range_are_refused(make_desk, wrong, match):
    """Aims that mean nothing are refused with what to give instead."""
    with pytest.raises(InputError, match=match):
        plan_for_scenarios(plan_data(make_desk(0)), ENGINE, **wrong)


def _cases():
    return (
        Case(id="judged"),
        Case(id="low", effects="low", synergies="low", willingness="low"),
        Case(id="no-fin", title="Finland refuses", refuses=("FIN",)),
        Case(id="lva-yes", accepts=("LVA",), levels={"FIN": -2}),
    )


@pytest.mark.parametrize("seed", range(5))
def test_least_regret_equals_brute_force(make_desk, relations, every_plan, seed):
    """Each case's best plan and the least greatest regret are those of all plans."""
    desk = make_desk(seed, count=3, months=2, spill=seed % 2 == 0, minimum=seed == 3)
    data, plans = every_plan(desk, relations)
    outlooks = [outlook_between(data, apply_case(desk, case), name=case.id, relations=relations) for case in _cases()]
    values = _values(data, plans, outlooks)
    regrets = (values.max(axis=0) - values).max(axis=1)
    found = least_regret(data, ENGINE, cases=_cases(), gap=0.0, seconds=40.0)

    np.testing.assert_allclose([row.best for row in found.scenarios], values.max(axis=0), atol=1e-6)
    assert found.regret == pytest.approx(regrets.min(), abs=1e-6)
    assert found.bound <= found.regret + 1e-9
    assert found.bound == pytest.approx(found.regret, abs=1e-5)
    assert found.judged_regret >= found.regret - 1e-9


def test_a_case_is_the_changed_desk(make_desk, relations):
    """A case's value of a plan is that of planning data made from the changed desk itself."""
    desk = make_desk(2, spill=True)
    data = plan_data(desk, relations=relations)
    slots = [int(own[0]) for own in data.slots_by_mission]
    for case in (*_cases(), *default_cases(desk)):
        other = plan_data(apply_case(desk, case), relations=relations)
        outlook = outlook_between(data, apply_case(desk, case), name=case.id, relations=relations)

        np.testing.assert_allclose(with_outlook(data, outlook).contributions, other.contributions, atol=1e-12)
        assert outlook_parts(data, outlook, slots=slots).value == pytest.approx(
            outlook_parts(other, outlook_between(other, apply_case(desk, case), name="", relations=relations),
                          slots=slots).value
        )  # fmt: skip


def test_refusal_of_a_partner_leaves_relief_alone(make_desk):
    """A partner that refuses, or a relation that cools, does not touch humanitarian missions."""
    desk = make_desk(2, count=4, aid=(0,))
    data = plan_data(desk)
    for case in (Case(id="x", refuses=("FIN",)), Case(id="y", levels={"FIN": -4})):
        other = plan_data(apply_case(desk, case))
        for number, name in enumerate(data.options.missions):
            same = other.options.accept[1, number] == data.options.accept[1, number]
            partner = next(m.partners[0] for m in desk.missions if m.id == name)
            assert same == (name == "m0" or partner != "FIN")


def test_cases_that_change_rules_are_no_matter_of_regret(make_desk):
    """Regret compares plans under one set of rules: cases with other money, too few cases and twins are refused."""
    data = plan_data(make_desk(0))

    with pytest.raises(InputError, match="change money"):
        least_regret(data, ENGINE, cases=(Case(id="a"), Case(id="b", money={"main": 0.5})))
    with pytest.raises(InputError, match="1 cases"):
        least_regret(data, ENGINE, cases=(Case(id="a"),))
    with pytest.raises(InputError, match="called a"):
        least_regret(data, ENGINE, cases=(Case(id="a"), Case(id="a")))


def test_standing_counts_plans(make_desk):
    """A mission in all plans is core, in some borderline, in none out; without plans nothing is said."""
    desk = make_desk(0)
    rows = {row.mission: row for row in mission_statuses(desk, [frozenset({"m0", "m1"}), frozenset({"m0"})])}

    assert [rows[f"m{n}"].standing for n in range(3)] == ["core", "borderline", "out"]
    assert mission_statuses(desk, []) == ()


def test_a_stop_ends_the_batches(make_desk):
    """A stop gives the plan found so far, without an estimate that it did not earn."""
    halt = Halt()
    halt.set()
    found = plan_for_scenarios(
        plan_data(make_desk(1, months=2)), ENGINE, scenarios=10, batches=3, fresh=20, halt=halt, seconds=5.0
    )

    assert found.sample is None
    assert found.status in {"stopped", "optimal", "within_gap"}
    assert any("stopped by hand" in words for words in found.words)


def test_a_stopped_search_is_marked():
    """A search that was stopped before its gap says so with the gap that is left."""
    halt = Halt()
    halt.set()
    data = plan_data(generate_desk(DeskShape(missions=40, months=8, positions=6, objectives=4), seed=1))
    record = search_record(search(data, ENGINE, gap=0.0, seconds=5.0, seed=1, halt=halt), gap=0.0)

    assert record.status == "stopped"
    assert record.gap > record.asked
    assert record.bound > record.value
