"""Scores on scenarios: against enumerated outcomes, against closed forms, against a flow solved by another solver."""

import threading
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from scipy.optimize import linprog

from legation.desk import missions
from legation.errors import InputError
from legation.planning.data import plan_data
from legation.planning.engines.base import Halt
from legation.planning.uncertainty.draws import Spread, draw
from legation.planning.uncertainty.money import shortfalls, spending_by_currency
from legation.planning.uncertainty.outlook import outlook_parts
from legation.planning.uncertainty.scoring import scenario_values, score_on_draws
from legation.planning.uncertainty.statistics import tail_mean, tail_mean_error, wilson


def _bernoulli(desk):
    """Take away all chance but the partners' answers."""
    return structs.replace(
        desk,
        effects=tuple(structs.replace(e, low=e.likely, high=e.likely) for e in desk.effects),
        synergies=tuple(structs.replace(s, low=s.likely, high=s.likely) for s in desk.synergies),
        willingness=tuple(structs.replace(w, low=w.likely, high=w.likely) for w in desk.willingness),
    )


@pytest.mark.parametrize("seed", range(4))
def test_score_equals_enumerated_outcomes(make_desk, relations, seed):
    """With answers alone left to chance, mean, tail and targets are those of all combinations of answers."""
    desk = _bernoulli(make_desk(seed, count=3, spill=True, minimum=seed % 2 == 0))
    data = plan_data(desk, relations=relations)
    slots = [int(own[0]) for own in data.slots_by_mission]
    count = 4000
    draws = draw(data, count=count, seed=seed, spread=Spread(costs=0))
    found = score_on_draws(draws, slots, alpha=0.2)
    chances = [data.options.accept[1, np.flatnonzero(data.mission_of == m)[0]] for m in range(3)]
    values, weights, met = [], [], []
    for answers in product((False, True), repeat=3):
        parts = outlook_parts(data, draws.outlook(0, accepted=np.array(answers)), slots=slots)
        values.append(parts.value)
        met.append(parts.n >= 1 - 1e-9)
        weights.append(np.prod([c if a else 1 - c for a, c in zip(answers, chances, strict=True)]))
    values, weights = np.array(values), np.array(weights)
    mean = weights @ values
    deviation = sqrt(weights @ (values - mean) ** 2)

    assert found.mean == pytest.approx(mean, abs=4 * deviation / sqrt(count))
    assert found.deviation == pytest.approx(deviation, rel=0.06)
    assert found.cvar == pytest.approx(tail_mean(values, alpha=0.2, weights=weights), abs=5 * found.cvar_error + 1e-9)
    for target, share in zip(found.targets, weights @ np.array(met), strict=True):
        assert target.target_met == pytest.approx(share, abs=4 * sqrt(0.25 / count))
        assert target.low <= target.target_met <= target.high
    assert len(found.values) == count


def test_what_leads_bear_is_taken_from_their_own_missions_currency(make_desk):
    """Of two missions of one month, one in dollars and shared, the other in euros, only the dollars are fewer."""
    desk = make_desk(0, count=2)
    costs = tuple(structs.replace(row, covers="whole") for row in desk.costs)
    lead = missions.Lead(mission="m1", actor="LVA", share=0.75)
    data, alone = plan_data(structs.replace(desk, costs=costs, leads=(lead,))), plan_data(desk)
    slots = [int(own[0]) for own in data.slots_by_mission]
    now, before = spending_by_currency(data, slots), spending_by_currency(alone, slots)

    assert np.allclose(now["EUR"], before["EUR"])
    assert np.allclose(now["USD"], before["USD"] / 4)
    assert before["USD"].sum() > 0
    assert np.allclose(sum(now.values()), data.spending(np.array(slots)))


def test_worst_scenarios_name_what_went_wrong(make_desk):
    """A worst scenario names each refused mission with what its refusal cost, and the costs are true."""
    data = plan_data(_bernoulli(make_desk(1, count=3)))
    slots = [int(own[0]) for own in data.slots_by_mission]
    draws = draw(data, count=300, seed=2)
    found = score_on_draws(draws, slots)
    worst = found.worst[0]
    refused = [m for m in range(3) if not draws.accepted[worst.scenario, m]]

    assert worst.value == min(found.values)
    assert refused
    for mission in refused:
        other = draws.accepted[worst.scenario].copy()
        other[mission] = True
        gain = outlook_parts(data, draws.outlook(worst.scenario, accepted=other), slots=slots).value - worst.value
        named = [reason for reason in worst.reasons if f"'Mission {mission}'" in reason]
        assert bool(named) == (gain > 0)
        if named:
            assert f"{100 * gain:.2f} points" in named[0]


@given(
    values=st.lists(st.floats(-5, 5), min_size=1, max_size=12),
    alpha=st.floats(0.05, 1.0),
)
def test_tail_mean_is_the_maximum_that_defines_it(values, alpha):
    """The tail mean equals the greatest eta - mean of (eta - value)+ / alpha, which some value attains."""
    sample = np.array(values)
    defined = max(eta - np.maximum(eta - sample, 0).mean() / alpha for eta in sample)

    assert tail_mean(sample, alpha=alpha) == pytest.approx(defined, abs=1e-9)


def test_error_of_the_tail_mean_is_that_of_repeated_samples():
    """The stated standard error is the spread of the tail mean over many samples."""
    rng = np.random.default_rng(1)
    samples = rng.normal(size=(600, 1000))
    spread = np.std([tail_mean(row, alpha=0.1) for row in samples])

    assert np.mean([tail_mean_error(row, alpha=0.1) for row in samples]) == pytest.approx(spread, rel=0.1)


def test_intervals_of_shares_cover_as_they_say():
    """The interval covers the true share in about 95 % of samples, also of rare events."""
    rng = np.random.default_rng(2)
    for share in (0.02, 0.3, 0.5):
        hits = rng.binomial(200, share, size=2000)
        covered = np.mean([low <= share <= high for low, high in (wilson(int(h), 200) for h in hits)])
        assert covered > 0.92
    assert wilson(0, 50)[0] == 0.0
    assert wilson(50, 50)[1] == 1.0


def _needed(data, slots, factors, rates):
    """Solve for the money that allotments cannot cover as a linear program."""
    lacking = np.zeros(len(data.funds.budgets))
    due = np.zeros((len(data.funds.budgets), data.horizon))
    for slot in slots:
        option, start = data.slots.option[slot], data.slots.start[slot]
        abroad = data.options.missions[option] == "m1"
        due[:, start] += data.funds.once[option] * (rates if abroad else 1.0)
    for budget in range(len(lacking)):
        own = np.flatnonzero(data.funds.allotment_budget == budget)
        pairs = [
            (a, t) for a in own for t in range(data.horizon)
            if data.funds.allotment_first[a] <= t <= data.funds.allotment_last[a]
        ]  # fmt: skip
        if not pairs:
            lacking[budget] = due[budget].sum() * factors[budget]
            continue
        rows = [[float(t == month) for _, t in pairs] for month in range(data.horizon)]
        rows += [[float(a == allotment) for a, _ in pairs] for allotment in own]
        limits = [*(due[budget] * factors[budget]), *data.funds.allotment_amount[own]]
        answer = linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=limits)
        lacking[budget] = (due[budget] * factors[budget]).sum() + answer.fun
    return lacking


@pytest.mark.parametrize("seed", range(6))
def test_shortfall_is_what_no_order_of_paying_avoids(make_desk, seed):
    """What a budget lacks equals the least that a linear program leaves unpaid."""
    data = plan_data(make_desk(seed, count=3))
    rng = np.random.default_rng(seed)
    slots = [int(rng.choice(own)) for own in data.slots_by_mission]
    factors = rng.uniform(0.5, 2.5, size=(5, len(data.funds.budgets)))
    rates = rng.uniform(0.8, 1.5, size=5)
    lacking, spent = shortfalls(data, slots, cost_factor=factors, rate_factor={"USD": rates})

    for number in range(5):
        expected = _needed(data, slots, factors[number], rates[number])
        np.testing.assert_allclose(lacking[number], expected, atol=1e-6)
    assert np.all(spent >= lacking)


def test_costs_as_planned_break_no_budget(make_desk, every_plan):
    """A plan that keeps the rules breaks no budget when costs do not vary, and may when they do."""
    data, plans = every_plan(make_desk(3))
    slots = max(plans, key=lambda own: data.spending(np.array(own, np.int64)).sum())
    still = score_on_draws(draw(data, count=50, spread=Spread(costs=0, rates=0)), slots)
    loose = score_on_draws(draw(data, count=400, spread=Spread(costs=2.0)), slots)

    assert all(row.broken == 0 for row in still.budgets)
    assert max(row.broken for row in loose.budgets) > 0


def test_the_empty_plan_is_worth_nothing(make_desk):
    """A plan without missions has value 0 in every scenario and says so without failing."""
    data = plan_data(make_desk(0))
    found = score_on_draws(draw(data, count=10), [])

    assert set(found.values) == {0.0}
    assert found.cvar == 0.0
    assert found.missions == ()


def test_refusals_and_stops_are_errors(make_desk):
    """A tail that is none is refused, and a stopped score gives no half sample."""
    data = plan_data(make_desk(0))
    draws = draw(data, count=10)
    flag = threading.Event()
    flag.set()

    with pytest.raises(InputError, match="tail of 0"):
        score_on_draws(draws, [], alpha=0)
    with pytest.raises(InputError, match="Stopped after 0 of 10"):
        scenario_values(draws, [], halt=Halt(flag))
