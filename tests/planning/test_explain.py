"""Explanations against brute force: conflicts are irreducible, ways out cheapest, ways in true, losses exact."""

from dataclasses import replace
from itertools import combinations, product

import msgspec
import numpy as np
import pytest
import small_desks as oracle

from legation.briefs.text.explain import explain_text
from legation.desk import constraints
from legation.desk.months import month_text
from legation.errors import InfeasibleError, InputError, UnknownRecordError
from legation.planning import plan
from legation.planning.conflict import Unsettled, explain_infeasible, find_conflict
from legation.planning.data import plan_data
from legation.planning.engines.base import Answer, Request
from legation.planning.engines.highs import Highs
from legation.planning.explain.explain import explain
from legation.planning.generate import DeskShape, generate_desk
from legation.planning.model.build import build_model
from legation.planning.model.rows import group_of
from legation.planning.relaxation import RelaxationPrices, ways_out
from legation.planning.value import value_of

HARD = {"option", "mission", "staff_class", "place"}
CLASHING = (
    "must_do",
    "pin",
    "commitment",
    "exclusion",
    "prerequisite",
    "committed",
    "ban",
    "long",
    "risk_limit",
    "gate",
)


def clashing_desks(count):
    """Give small desks for which no plan keeps all rules."""
    seed = 0
    found = 0
    while found < count:
        seed += 1
        rng = np.random.default_rng(9_000 + seed)
        desk = oracle.small_desk(seed, [name for name in CLASHING if rng.random() < 0.6])
        every = tuple(constraints.Pin(mission=m.id, decision="in") for m in desk.missions if m.id != "m1")
        desk = msgspec.structs.replace(desk, pins=(*(row for row in desk.pins if row.mission == "m1"), *every))
        data = plan_data(desk)
        if find_conflict(data, Highs()) is not None:
            found += 1
            yield data


def possible_with(data, groups):
    """Ask the whole model, every mission and slot in it, whether these rules can hold together."""
    short = {slot for slot, _ in data.demand.short}
    slots = np.array([slot for slot in range(len(data.slots.option)) if slot not in short], np.int64)
    model = build_model(data, slots=slots, with_value=False, with_bars=True)
    lower, upper = model.problem.row_lower.copy(), model.problem.row_upper.copy()
    for number, row in enumerate(model.rows):
        if row.kind not in HARD and group_of(row) not in groups:
            lower[number], upper[number] = -np.inf, np.inf
    problem = replace(model.problem, row_lower=lower, row_upper=upper)
    return Highs().solve(problem, Request(seconds=20)).status != "infeasible"


def test_a_conflict_clashes_alone_and_every_rule_of_it_is_needed():
    """Solved over the whole model, the named rules are impossible, and possible without any one of them."""
    sizes = []
    for data in clashing_desks(12):
        conflict = find_conflict(data, Highs())
        groups = set(conflict.groups)

        assert conflict.smallest
        assert len(conflict.words) == len(groups)
        assert not possible_with(data, groups)
        assert all(possible_with(data, groups - {group}) for group in groups)
        sizes.append(len(groups))
    assert len(set(sizes)) > 1


def test_a_clash_of_whole_missions_alone_is_found():
    """Two of four missions that exclude each other in pairs: halves of all four would do, whole ones do not."""
    desk = oracle.small_desk(1, [])
    names = [f"m{n}" for n in range(4)]
    pairs = tuple(constraints.Exclusion(id=f"e{n}", missions=pair) for n, pair in enumerate(combinations(names, 2)))
    pledge = constraints.Commitment(
        id="pledge", title="Pledge", to=("NATO",), due=month_text(3, start=oracle.START), missions=tuple(names), count=2
    )
    data = plan_data(msgspec.structs.replace(desk, exclusions=pairs, commitments=(pledge,)))

    conflict = find_conflict(data, Highs())

    assert conflict.smallest
    assert ("commitment", "pledge") in conflict.groups
    assert not possible_with(data, set(conflict.groups))
    assert all(possible_with(data, set(conflict.groups) - {group}) for group in conflict.groups)


def cheapest_by_enumeration(data, prices):
    """Price every choice of slots by what it breaks, rule by rule with loops; desks without people and visits."""
    law = {"sanction", "safety", "ring_fence", "horizon", "staff", "fixed"}
    choices = [[None, *data.slots_by_mission[n].tolist()] for n in range(len(data.missions))]
    end = data.slots.start + data.options.months[data.slots.option]
    best = np.inf
    for combination in product(*choices):
        slots = [slot for slot in combination if slot is not None]
        at = {int(data.slot_mission[slot]): slot for slot in slots}
        cost = 0.0
        for bar in data.bars:
            hit = {int(data.slot_mission[slot]) for slot in slots if slot in bar.slots}
            cost += np.inf if hit and bar.kind in law else prices.waive * len(hit)
        for row in data.requirements:
            under_way = data.missions[row.mission].status == "executing"
            if row.mission not in at:
                cost += np.inf if under_way else getattr(prices, row.kind)
        for _, _, group in data.exclusions:
            cost += prices.exclusion * max(0, len(at.keys() & set(group)) - 1)
        for row in data.sequels:
            if row.mission in at and data.missions[row.mission].status != "executing":
                needed = at.get(row.requires)
                if needed is None or end[needed] + row.lag > data.slots.start[at[row.mission]]:
                    cost += prices.order
        for promise in data.promises:
            ends = sorted(int(end[at[n]]) - 1 for n in promise.missions if n in at)
            options = []
            for late in range(13):
                kept = sum(month <= promise.due + late for month in ends)
                if promise.due + late < data.horizon or late == 0:
                    options.append(prices.delay * late + prices.commitment * max(0, promise.count - kept))
            cost += min(options)
        if cost < best:
            best = min(best, cost + money_lacking(data, slots) * prices.money)
    return best


def money_lacking(data, slots):
    """Give the money that is missing in per cent of the budget, paid month by month from what expires first."""
    funds = data.funds
    spent = data.spending(np.array(slots, np.int64))[0]
    left = funds.allotment_amount.astype(float).copy()
    lack = 0.0
    for month in range(data.horizon):
        due = spent[month]
        for a in np.argsort(funds.allotment_last, kind="stable"):
            if funds.allotment_first[a] <= month <= funds.allotment_last[a]:
                paid = min(due, left[a])
                left[a] -= paid
                due -= paid
        lack += due
    return 100 * lack / max(funds.allotment_amount.sum(), 1000)


@pytest.mark.parametrize("number", range(6))
def test_the_cheapest_way_out_is_what_enumeration_finds(number):
    """The price of the first way equals the least price over all choices of missions and months; others cost more."""
    data = list(clashing_desks(number + 1))[number]
    desk = msgspec.structs.replace(data.desk, staff_needs=(), absorption=())
    settings = msgspec.structs.replace(desk.info.settings, risk_limit=None)
    desk = msgspec.structs.replace(desk, info=msgspec.structs.replace(desk.info, settings=settings))
    data = plan_data(desk)
    if find_conflict(data, Highs()) is None:
        pytest.skip("without people the rules of this desk can hold")
    prices = RelaxationPrices(money=0.2)

    ways = ways_out(data, Highs(), prices=prices).ways

    best = cheapest_by_enumeration(data, prices)
    assert ways[0].cheapest
    assert ways[0].cost == pytest.approx(best, abs=1e-4)
    assert all(way.cost >= ways[0].cost - 1e-6 and way.words.endswith(".") for way in ways)


def test_an_infeasible_desk_carries_conflict_and_ways_out():
    """The planner's error and an explanation name the same clash and the cheapest way out of it."""
    data = next(clashing_desks(1))
    with pytest.raises(InfeasibleError) as caught:
        plan(data.desk)
    answer = explain(data.desk)

    assert caught.value.conflict
    assert caught.value.relaxations
    assert (answer.feasible, answer.value) == (False, None)
    assert answer.conflict == caught.value.conflict
    assert answer.relaxations[0] == caught.value.relaxations[0]


class Tired(Highs):
    """HiGHS that gives every question up after a number of answers, as where time ends."""

    def __init__(self, answers):
        self.left = answers

    def solve(self, problem, request):
        """Answer, or give up."""
        self.left -= 1
        return super().solve(problem, request) if self.left >= 0 else Answer(status="none")


@pytest.mark.parametrize("number", range(3))
def test_a_conflict_is_called_no_more_than_it_is_when_the_solver_gives_up(number):
    """However early the time ends, what is shown clashes alone, is smallest where said, and is never empty."""
    data = list(clashing_desks(number + 1))[number]
    states = set()
    for answers in range(60):
        found = find_conflict(data, Tired(answers))
        states.add(type(found).__name__ if isinstance(found, Unsettled) else found.smallest)
        if isinstance(found, Unsettled):
            continue
        groups = set(found.groups)

        assert groups
        assert not possible_with(data, groups)
        assert not found.smallest or all(possible_with(data, groups - {group}) for group in groups)
    assert {"Unsettled", True} <= states


def test_an_explanation_says_which_part_of_a_clash_was_not_found():
    """Where the solver gives up, the answer's state and its sentence say so, with an empty list only beside them."""
    data = next(clashing_desks(1))
    full = explain(data.desk)
    states = {}
    for answers in range(1, 80):
        try:
            found = explain(data.desk, engine=Tired(answers))
        except InfeasibleError:
            continue
        assert (found.conflict == ()) == (found.conflict_state == "not_found")
        assert (found.relaxations == ()) == (found.relaxations_state in {"not_found", "none"})
        states[found.conflict_state] = explain_text(found, label="PUBLIC")

    assert (full.conflict_state, full.relaxations_state) == ("smallest", "cheapest")
    assert "each is needed for that" in explain_text(full, label="PUBLIC")
    assert "Which of them clash was not found in time" in states["not_found"]


def test_the_planner_names_no_empty_conflict():
    """An error without a conflict says that none was found and how to ask again."""
    data = next(clashing_desks(1))
    error = explain_infeasible(data, Tired(0), seconds=2.0)

    assert error.conflict == ()
    assert "was not found within 2 seconds" in str(error)
    assert "--each 4" in error.remedy


def test_a_thousand_missions_clash_within_a_second_of_work():
    """On a desk of 1,000 missions a conflict of pins, an exclusion and bars is named, smallest, in about a second."""
    import time

    desk = generate_desk(DeskShape(missions=1000, months=24, positions=30, objectives=12, money=0.11), seed=3)
    rows = desk.exclusions[0].missions
    pins = tuple(constraints.Pin(mission=name, decision="in") for name in rows[:2])
    data = plan_data(msgspec.structs.replace(desk, pins=pins))
    began = time.process_time()

    conflict = find_conflict(data, Highs())

    assert conflict is not None
    assert conflict.smallest
    assert time.process_time() - began < 3.0, "a second on a quiet machine; three leave room for a busy one"


def best_without(desk, mission):
    """Give the value of the best plan with a mission decided out."""
    pins = (
        *(row for row in desk.pins if row.mission != mission),
        constraints.Pin(mission=mission, decision="out"),
    )
    return plan(msgspec.structs.replace(desk, pins=pins), gap=0, compare=False).value


def best_with(desk, mission):
    """Give the value of the best plan with a mission decided in."""
    pins = (*(row for row in desk.pins if row.mission != mission), constraints.Pin(mission=mission, decision="in"))
    return plan(msgspec.structs.replace(desk, pins=pins), gap=0, compare=False).value


@pytest.mark.parametrize("seed", range(4))
def test_losses_are_those_of_planning_with_and_without(seed):
    """What a mission's absence or presence costs is the difference to planning anew with the decision taken."""
    desk = oracle.small_desk(seed, ["exclusion", "synergy"])
    best = plan(desk, gap=0, compare=False)

    answer = explain(desk, missions=[f"m{n}" for n in range(4)], gap=0)

    assert answer.reach == "whole"
    assert answer.value == pytest.approx(best.value, abs=1e-7)
    for row in answer.missions:
        if row.loss is None:
            with pytest.raises(InfeasibleError):
                best_with(desk, row.mission)
            continue
        other = best_without(desk, row.mission) if row.chosen else best_with(desk, row.mission)
        assert row.loss == pytest.approx(best.value - other, abs=1e-6)
        assert row.loss_bound <= row.loss + 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_ways_in_bring_the_mission_in(seed):
    """The money named makes the best plan hold the mission, and clearly less of it does not."""
    desk = oracle.small_desk(seed, [])
    answer = explain(desk, missions=[f"m{n}" for n in range(4)], gap=0)
    for row in answer.missions:
        for way in row.ways:
            assert way.verified
            if way.kind != "money":
                continue
            whole = float(sum(item.amount for item in desk.allotments))
            assert row.mission in chosen_with_money(desk, 1 + way.amount / whole)


def chosen_with_money(desk, factor):
    """Give the missions of the best plan when every allotment is so many times as large."""
    from decimal import Decimal

    rows = tuple(msgspec.structs.replace(row, amount=row.amount * Decimal(str(factor))) for row in desk.allotments)
    best = plan(msgspec.structs.replace(desk, allotments=rows), gap=0, compare=False)
    return {mission.mission for mission in best.missions}


def test_what_more_buys_is_found_by_solving_again():
    """The gain of more money equals planning with it, and lies within what the prices allow."""
    from decimal import Decimal

    desk = oracle.small_desk(2, [])
    needs = tuple(msgspec.structs.replace(row, languages=("fr:B1",)) for row in desk.staff_needs)
    desk = msgspec.structs.replace(desk, staff_needs=needs)
    answer = explain(desk, buy=True, money=30.0, gap=0)

    whole = sum(row.amount for row in desk.allotments)
    rows = tuple(msgspec.structs.replace(row, amount=row.amount * (1 + Decimal(30) / whole)) for row in desk.allotments)
    richer = plan(msgspec.structs.replace(desk, allotments=rows), gap=0, compare=False)

    money = next(row for row in answer.bought if row.kind == "money")
    assert money.gain == pytest.approx(richer.value - answer.value, abs=1e-6)
    assert {row.kind for row in answer.bought} >= {"money", "linguist"}
    assert all(row.words.endswith(".") and row.gain >= 0 for row in answer.bought)


@pytest.mark.parametrize(
    ("seed", "features"),
    [
        (402, "authority safety committed risk_limit"),
        (403, "windows holder pin"),
        (405, "safety holder two_posts committed executing minimum pool"),
        (408, "activity synergy minimum risk_limit long best risk_cap days"),
    ],
)
def test_nothing_buys_more_than_is_said_at_most(seed, features):
    """Whole missions that a little money brings in are worth more than its price; the bound still holds them."""
    answer = explain(oracle.small_desk(seed, features.split()), buy=True, money=15.0, gap=0)
    limited = [row for row in answer.bought if row.at_most is not None]

    assert limited
    assert all(row.gain <= row.at_most + 1e-6 for row in limited)


def test_a_decisive_fact_changes_the_plan():
    """With a fact at its named value, the best plan has the missions that the answer says, and not before."""
    desk = oracle.small_desk(4, [])
    answer = explain(desk, facts=True, gap=0, seconds=20)

    assert answer.facts
    for fact in answer.facts:
        assert fact.comes or fact.goes
        if fact.kind == "budget":
            before = chosen_with_money(desk, 1.0)
            after = chosen_with_money(desk, 1 + fact.size)
            assert {row.id for row in fact.comes} == after - before
            assert {row.id for row in fact.goes} == before - after


def test_a_kept_plan_is_explained_and_a_better_one_is_said():
    """An empty plan is explained as it is, with the value of a better one that was found."""
    desk = oracle.small_desk(2, [])
    answer = explain(desk, plan=(), missions=("m0",), title="nothing")

    assert (answer.plan, answer.value) == ("nothing", value_of(plan_data(desk), []))
    assert answer.better is not None
    assert answer.better > answer.value


def test_what_cannot_be_asked_is_refused():
    """Unknown and closed missions, and numbers out of range, are refused."""
    desk = oracle.small_desk(1, ["done"])
    with pytest.raises(UnknownRecordError):
        explain(desk, missions=("nothing",))
    with pytest.raises(InputError):
        explain(desk, missions=("m2",))
    for given in ({"each": 0.0}, {"gap": 1.0}, {"seconds": float("inf")}, {"money": -1.0}):
        with pytest.raises(InputError):
            explain(desk, **given)
    with pytest.raises(InputError):
        RelaxationPrices(money=0.0)
    assert month_text(0, start=oracle.START) == oracle.START


def test_what_leaves_with_a_mission_is_named_and_its_numbers_agree():
    """Missions that only stand beside the one left out are named, and what they add together is at least the loss."""
    seen = 0
    for seed in range(12):
        desk = oracle.small_desk(seed, ["prerequisite", "synergy"])
        told: list[str] = []
        answer = explain(desk, missions=[f"m{n}" for n in range(4)], gap=0, progress=told.append)

        best = {row.mission for row in plan(desk, gap=0, compare=False).missions}
        needs = {(row.requires, row.mission) for row in desk.prerequisites}
        assert any("m0" in words or "mission" in words for words in told)
        for row in answer.missions:
            if not row.chosen or row.loss is None:
                continue
            gone = {one.id for one in row.leaves}
            assert {later for first, later in needs if first == row.mission and later in best} <= gone
            assert all(repr(one.title) in row.words for one in row.leaves)
            assert ("Together they add" in row.words) == bool(gone)
            seen += bool(gone)
    assert seen
