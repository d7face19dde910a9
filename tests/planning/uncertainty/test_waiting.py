"""The value of waiting against brute force: every pair of early and late choices is tried in every outcome."""

import time
from itertools import pairwise

import numpy as np
import pytest
from msgspec import structs

from legation.errors import InputError, MissingEvidenceError, UnknownRecordError
from legation.planning.data import plan_data
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk
from legation.planning.uncertainty.facts import fact_of
from legation.planning.uncertainty.forecast import forecast_of
from legation.planning.uncertainty.outlook import outlook_parts
from legation.planning.uncertainty.waiting import _Clock, value_of_waiting

ENGINE = Highs()


def _brute(fact, every_plan, desk, relations):
    """Give the values of deciding all today, of waiting, of knowing today, and of holding the missions back."""
    _, plans = every_plan(desk, relations)
    data = fact.data
    plans = [slots for slots in plans if data.open[slots].all()]
    values = np.array([[outlook_parts(data, o, slots=slots).value for o in fact.outlooks] for slots in plans])
    early = [frozenset(s for s in slots if data.slots.start[s] < fact.month) for slots in plans]
    now = (values @ fact.probabilities).max()
    waiting = max(float(fact.probabilities @ values[[e == head for e in early]].max(axis=0)) for head in set(early))
    known = float(fact.probabilities @ values.max(axis=0))
    touched = set(fact.touched.tolist())
    late = [all(int(data.slot_mission[s]) not in touched for s in head) for head in early]
    held = (values[late] @ fact.probabilities).max()
    return now, waiting, known, held


def _check(fact, every_plan, desk, relations=None):
    now, waiting, known, held = _brute(fact, every_plan, desk, relations)
    found = value_of_waiting(fact, ENGINE, gap=0.0, seconds=60.0)

    assert found.now == pytest.approx(now, abs=1e-6)
    assert found.adaptive == pytest.approx(waiting, abs=1e-6)
    assert found.known == pytest.approx(known, abs=1e-6)
    assert found.held == pytest.approx(held, abs=1e-6)
    assert found.worth_low - 1e-6 <= waiting - now <= found.worth_high + 1e-6
    assert known - now <= found.ceiling_high + 1e-6
    assert found.cost_low - 1e-6 <= now - held <= found.cost_high + 1e-6
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_missions_answer_equals_brute_force(make_desk, relations, every_plan, seed):
    """Waiting for one mission's answer is worth what trying all plans says."""
    desk = make_desk(seed, count=3, months=3, spill=seed % 2 == 0, minimum=seed == 1)
    data = plan_data(desk, relations=relations)
    found = _check(fact_of(data, "mission:m1", month="2027-02"), every_plan, desk, relations)

    assert [row.outcome for row in found.outcomes] == ["accepted", "refused"]
    assert found.outcomes[0].probability == pytest.approx(desk.willingness[1].likely)


@pytest.mark.parametrize("seed", [2, 6])
def test_a_partners_answer_equals_brute_force(make_desk, every_plan, seed):
    """A partner's answer has an outcome for each step of its chances, and the marginal chances are kept."""
    desk = make_desk(seed, count=4, months=2)
    data = plan_data(desk)
    fact = fact_of(data, "partner:FIN", month="2027-02")
    found = _check(fact, every_plan, desk)

    assert len(found.outcomes) == 3
    every = np.arange(len(data.options.missions))
    mean = sum(
        p * (data.options.contributions(every) + o.delta)
        for p, o in zip(fact.probabilities, fact.outlooks, strict=True)
    )
    np.testing.assert_allclose(mean, data.options.contributions(every), atol=1e-9)


@pytest.mark.parametrize("seed", [1, 4])
def test_a_gate_equals_brute_force(make_desk, every_plan, seed):
    """A gate that may fail bars its missions before it is decided, and takes what they bring when it fails."""
    desk = make_desk(seed, count=3, months=3)
    data = plan_data(desk)
    fact = fact_of(data, "gate:gate", month="2027-02", chance=0.6)
    found = _check(fact, every_plan, desk)

    assert found.touched == ("Mission 0",)
    assert all(m != "m0" or s >= 1 for b in (found.now_entries,) for m, s in ((e.mission, e.start) for e in b))


def test_a_level_equals_brute_force(make_desk, relations, every_plan):
    """Waiting for the level of a relation is worth what trying all plans says."""
    yearly = np.eye(6)
    yearly[3] = [0.3, 0.0, 0.0, 0.5, 0.2, 0.0]
    desk = make_desk(3, count=3, months=3)
    data = plan_data(desk, relations=relations)
    forecast = forecast_of(relations, yearly=yearly, basis="Test.")
    fact = fact_of(data, "level:FIN", month="2027-03", forecast=forecast, willingness_per_level=2.0)
    found = _check(fact, every_plan, desk, relations)

    assert [row.outcome for row in found.outcomes] == ["severe rivalry", "warm peace", "security community"]


@pytest.mark.parametrize("seed", [0, 3])
def test_people_sent_for_long_are_not_recalled_by_what_is_learned(make_desk, every_plan, seed):
    """With one person for missions of several months, waiting is worth what trying all plans says."""
    desk = make_desk(seed, count=3, months=3, staff=True, long=True)
    data = plan_data(desk)

    _check(fact_of(data, "mission:m0", month="2027-02"), every_plan, desk)


def test_waiting_is_worth_something_where_it_must_be(make_desk, every_plan):
    """Two missions for one purse: with the answer known the money goes where it is wanted."""
    desk = make_desk(0, count=2, months=2, sure=True)
    effects = tuple(
        structs.replace(e, objective="c", mode=None, low=v, likely=v, high=v)
        for e, v in zip(({e.mission: e for e in desk.effects}["m0"], {e.mission: e for e in desk.effects}["m1"]),
                        (2.0, 1.6), strict=True)
    )  # fmt: skip
    costs = tuple(structs.replace(cost, amount=cost.amount * 0 + 30, currency="EUR") for cost in desk.costs)
    willingness = (structs.replace(desk.willingness[0], low=0.5, likely=0.5, high=0.5), desk.willingness[1])
    allotments = tuple(structs.replace(a, amount=a.amount * 0 + 30) for a in desk.allotments if a.expires > "2027-02")
    own = structs.replace(
        desk, effects=effects, costs=costs, willingness=willingness, allotments=allotments, synergies=()
    )
    found = _check(fact_of(plan_data(own), "mission:m0", month="2027-02"), every_plan, own)

    assert found.worth_low > 0.01
    assert {branch.outcome: bool(branch.added or branch.dropped) for branch in found.branches}["accepted"] is True
    assert "worth" in found.words[0]


@pytest.mark.parametrize(
    ("name", "more", "error", "match"),
    [
        ("mission:nope", {}, UnknownRecordError, "no open mission"),
        ("weather", {}, InputError, "no fact"),
        ("mission:m0", {"month": "2027-01"}, InputError, "first month"),
        ("mission:m0", {"month": "2040-01"}, InputError, "not within the plan"),
        ("mission:m0", {"chance": 0.5}, InputError, "gate alone"),
        ("gate:gate", {}, InputError, "no chance"),
        ("gate:nope", {"chance": 0.5}, UnknownRecordError, "no pending gate"),
        ("partner:DEU", {}, UnknownRecordError, "DEU"),
        ("level:FIN", {}, MissingEvidenceError, "FIN"),
    ],
)
def test_facts_that_say_nothing_are_refused(make_desk, name, more, error, match):
    """Unknown records, months outside the plan and missing chances are refused, with what is missing."""
    with pytest.raises(error, match=match):
        fact_of(plan_data(make_desk(0)), name, **{"month": "2027-02", **more})


def test_a_sure_answer_is_nothing_to_wait_for(make_desk):
    """A partner that surely accepts leaves nothing open."""
    with pytest.raises(InputError, match="Nothing is open"):
        fact_of(plan_data(make_desk(0, sure=True)), "mission:m0", month="2027-02")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_little_time_no_plan_is_worth_less_than_what_it_could_copy(seed):
    """Held back, fixed, with waiting, known today: values rise in this order, and no value exceeds a bound above it."""
    desk = generate_desk(DeskShape(missions=30, months=12, positions=8, objectives=5), seed=seed)
    data = plan_data(desk)
    candidate = next(row.id for row in data.missions if row.status == "candidate" and row.purpose != "humanitarian")
    found = value_of_waiting(fact_of(data, f"mission:{candidate}", month=data.month(4)), ENGINE, seconds=1.0)
    values = [found.held, found.now, found.adaptive, found.known]
    bounds = [found.held_bound, found.now_bound, found.adaptive_bound, found.known_bound]

    assert all(low <= high + 1e-9 for low, high in pairwise(values))
    assert all(low <= high + 1e-9 for low, high in pairwise(bounds))
    assert all(value <= bound + 1e-9 for value, bound in zip(values, bounds, strict=True))
    assert 0 <= found.worth_low <= found.worth_high
    assert 0 <= found.cost_low <= found.cost_high


def test_time_that_one_part_leaves_goes_to_the_others():
    """A clock gives each part its share of what is left, and never nothing."""
    clock = _Clock(time.monotonic() + 10.0, parts=5)

    assert clock.share() == pytest.approx(2.0, abs=0.1)
    assert clock.share(parts=2) == pytest.approx(5.0, abs=0.1)
    assert _Clock(time.monotonic() - 1.0, parts=1).share() > 0
