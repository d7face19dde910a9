"""What a plan promises: proof, reasons, limits, stops, scores, comparisons and conflicts."""

import os
import signal
import threading
from datetime import date
from decimal import Decimal

import msgspec
import numpy as np
import pytest

from legation.briefs.text import plan_text
from legation.cohesion.result import Chosen
from legation.desk import constraints, missions
from legation.desk.desk import Desk
from legation.desk.plans import PlanEntry
from legation.desk.rules import check_desk
from legation.errors import InfeasibleError, InputError, MissingRateError
from legation.planning import compare, plan, score
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.engines.base import Request, safe_bound
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.planning.model.build import build_model
from legation.planning.rank import rank_adaptively, rank_by_ratio
from legation.planning.result import PlanResult
from legation.planning.value import parts_of

SHAPE = DeskShape(missions=36, months=12, positions=8, objectives=6)


@pytest.fixture(scope="module")
def desk():
    """Give a desk of a few dozen missions."""
    return generate_desk(SHAPE, seed=3)


@pytest.fixture(scope="module")
def relations(desk):
    """Give relations over the desk's partners."""
    return generate_relations(desk, seed=3)


@pytest.fixture(scope="module")
def result(desk, relations):
    """Give the desk's plan, made once."""
    return plan(desk, relations=relations, gap=0.01, seconds=30)


def change(desk, **fields):
    """Give the desk with other records."""
    return msgspec.structs.replace(desk, **fields)


def test_a_plan_keeps_every_rule_and_proves_its_gap(desk, result):
    """The rule checker, which shares no code with the model, finds nothing, and the gap is proven."""
    assert broken_rules(desk, result.to_selection()) == ()
    assert result.status in {"within_gap", "optimal"}
    assert result.value <= result.bound
    assert result.gap <= 0.01
    assert result.gap == pytest.approx((result.bound - result.value) / result.value)


def test_the_same_seed_gives_the_same_plan(desk, relations, result):
    """Nothing in the search depends on chance or time while the gap is reached in time."""
    again = plan(desk, relations=relations, gap=0.01, seconds=30)

    assert again.to_selection() == result.to_selection()


def test_every_open_mission_is_explained_once(desk, result):
    """Each open mission is in or left out, and either way has a reason in a sentence."""
    inside = [mission.mission for mission in result.missions]
    outside = [mission.mission for mission in result.left_out]

    assert sorted(inside + outside) == sorted(m.id for m in desk.missions if m.status != "done")
    assert all(row.reason.endswith(".") for row in (*result.missions, *result.left_out))


def test_a_displaced_mission_names_what_it_would_push_out(desk, relations, result):
    """Pinning in what was displaced costs at most the loss that was stated, beyond the open gap."""
    row = next(row for row in result.left_out if row.kind == "displaced" and row.loss is not None and row.displaces)
    pinned = change(desk, pins=(*desk.pins, constraints.Pin(mission=row.mission, decision="in")))

    forced = plan(pinned, relations=relations, gap=0.001, compare=False)

    assert row.mission in forced.starts()
    assert forced.value >= result.value - row.loss - 1e-6
    assert {item.id for item in row.displaces} <= set(result.starts())


@pytest.mark.parametrize("reasons", [0, 2])
def test_missions_left_out_that_were_not_solved_for_are_counted_with_how_to_ask(desk, relations, result, reasons):
    """With fewer reasons asked for than missions displaced, the rest is marked, and the text says how many they are."""
    fewer = plan(desk, relations=relations, gap=0.001, compare=False, reasons=reasons)
    forced = [row for row in result.left_out if row.examined and row.loss is not None]
    short = [row for row in fewer.left_out if not row.examined]
    text = " ".join(plan_text(fewer, label="PUBLIC").split())

    assert all(row.examined for row in result.left_out)
    assert sum(row.loss is not None for row in fewer.left_out) <= reasons < len(forced)
    assert all(row.loss is None and "with the rest of the plan kept" in row.reason for row in short)
    assert f"Of {len(short)} missions left out, only what stands in the way is told" in text
    assert "legation explain DESK MISSION" not in plan_text(result, label="PUBLIC")


def test_fewer_than_no_reasons_are_refused(desk):
    """A negative number of missions to explain is refused with the number."""
    with pytest.raises(InputError, match="-1 missions"):
        plan(desk, reasons=-1)


def test_an_impossible_mission_names_the_rule(desk, relations):
    """A ban over the whole plan shows in the reason of every mission it closes."""
    ban = constraints.Ban(id="all-ports", reason="harbours are closed", instruments=("port-call",))

    found = plan(change(desk, bans=(ban,)), relations=relations, compare=False)

    ports = {mission.id for mission in desk.missions if mission.instrument == "port-call"}
    rows = [row for row in found.left_out if row.mission in ports]
    assert {row.mission for row in rows} == ports
    assert all(row.kind == "impossible" for row in rows)
    assert any("harbours are closed" in row.reason for row in rows)


def test_value_is_the_sum_of_its_parts(result):
    """The parts and the objectives add up to the value."""
    assert result.value == pytest.approx(result.benefit + result.synergy - result.risk - result.spill)
    assert result.benefit == pytest.approx(sum(row.value for row in result.objectives))
    assert sum(row.share for row in result.objectives) == pytest.approx(1)


def test_spending_and_staffing_stay_within_their_limits(result):
    """No month spends more than is left by then, and no position works more people than it has."""
    for row in (*result.spending, *result.staffing):
        assert all(use.limit is None or use.used <= use.limit + 1e-6 for use in row.months)


def test_sensitivity_finds_where_a_mission_stops_paying(desk, relations, result):
    """At the break-even share a mission's benefits leave the plan as good as without it."""
    data = plan_data(desk, relations=relations)
    slots = [
        data.slots.index[data.options.index[mission.mission, mission.mode], mission.start_index]
        for mission in result.missions
    ]
    rows = data.contributions[slots]
    checked = 0
    for place, row in enumerate(result.sensitivity):
        if row.break_even is None or not 0 < row.break_even < 1:
            continue
        number = [mission.mission for mission in result.missions].index(row.mission)
        changed = rows.copy()
        changed[number] -= (1 - row.break_even) * np.maximum(rows[number], 0)
        rest = [slot for n, slot in enumerate(slots) if n != number]
        with_it = parts_of(data, slots, contributions=changed).value
        assert with_it == pytest.approx(parts_of(data, rest).value, abs=1e-6), place
        checked += 1
    assert checked > 3


def test_rankings_keep_every_rule_and_do_not_beat_the_bound(desk, result):
    """Both rankings are fair plans of the same desk: they break no rule and stay below the proven bound."""
    assert len(result.comparison.rankings) == 2
    for row in result.comparison.rankings:
        assert broken_rules(desk, row.missions) == ()
        assert row.value <= result.bound + 1e-9


def test_a_ranking_that_is_not_finished_in_time_is_left_out_and_named(desk, relations):
    """With no time for it the adaptive ranking is missing from the comparison, and an assumption says so."""
    assert rank_adaptively(plan_data(desk, relations=relations), enough=lambda: True) is None

    found = plan(desk, relations=relations, seconds=1e-3)

    assert [row.name for row in found.comparison.rankings] == ["score_per_cost"]
    assert any(row.topic == "comparison" for row in found.assumptions)


@pytest.mark.parametrize("seed", range(6))
def test_rankings_of_other_desks_keep_every_rule(seed):
    """On generated desks of several seeds neither ranking breaks a rule."""
    desk = generate_desk(DeskShape(missions=40, months=12, positions=8, objectives=5), seed=seed)
    data = plan_data(desk)
    for tally in (rank_by_ratio(data), rank_adaptively(data)):
        people = tally.people()
        chosen = [
            Chosen(
                mission=data.missions[data.slot_mission[slot]].id,
                mode=data.modes[data.slots.option[slot]].id,
                start=int(data.slots.start[slot]),
                staff=tuple(f"{role}:{position}" for role, position in people[slot]),
            )
            for slot in tally.slots
        ]
        faults = [fault for fault in broken_rules(desk, chosen) if fault.kind != "commitment"]
        assert faults == []


def test_a_result_survives_json(result):
    """A plan encodes to JSON and decodes to the same plan."""
    assert msgspec.json.decode(msgspec.json.encode(result), type=PlanResult) == result


def test_progress_tells_of_rising_values_and_falling_bounds(desk):
    """Every step reported is at least as good as the one before."""
    steps = []
    plan(desk, progress=steps.append, compare=False)

    values = [step.value for step in steps if step.value is not None]
    bounds = [step.bound for step in steps if step.bound is not None]
    assert values == sorted(values)
    assert bounds == sorted(bounds, reverse=True)
    assert values
    assert bounds


def test_a_stop_returns_the_best_plan_so_far_with_its_bound():
    """Stopping at the first plan gives that plan, marked as stopped, with a bound that holds."""
    large = generate_desk(DeskShape(missions=60, months=24, positions=12, objectives=8), seed=5)
    stop = threading.Event()

    def watch(step):
        if step.value is not None:
            stop.set()

    found = plan(large, gap=0.0, seconds=60, progress=watch, stop=stop, compare=False)

    assert found.status in {"stopped", "optimal"}
    assert found.bound >= found.value
    assert broken_rules(large, found.to_selection()) == ()


def test_an_interrupt_from_the_keyboard_returns_the_best_plan_so_far():
    """An interrupt that arrives at the first plan ends the search with that plan and a bound that holds."""
    large = generate_desk(DeskShape(missions=60, months=24, positions=12, objectives=8), seed=5)
    sent = []

    def watch(step):
        if step.value is not None and not sent:
            sent.append(step)
            os.kill(os.getpid(), signal.SIGINT)

    found = plan(large, gap=0.0, seconds=60, progress=watch, compare=False)

    assert sent
    assert found.status in {"stopped", "optimal"}
    assert found.bound >= found.value
    assert broken_rules(large, found.to_selection()) == ()


def test_a_safe_bound_holds_for_any_prices():
    """Weak duality over the box bounds the best plan whatever prices it is given."""
    desk = generate_desk(DeskShape(missions=12, months=6, positions=4, objectives=3), seed=2)
    problem = build_model(plan_data(desk)).problem
    best = Highs().solve(problem, Request())
    relaxed = Highs().solve(problem, Request(relaxed=True))

    assert safe_bound(problem, relaxed.duals) >= best.value - 1e-9
    for seed in range(20):
        prices = np.random.default_rng(seed).normal(0, 1, len(problem.row_lower))
        assert safe_bound(problem, prices) >= best.value - 1e-9


def test_a_plan_scored_as_it_is_keeps_its_value(desk, relations, result):
    """Scoring the plan found gives its value again, with no broken rule."""
    found = score(desk, result.to_selection(), relations=relations)

    assert found.keeps_rules
    assert found.value == pytest.approx(result.value)


def test_a_bad_plan_is_scored_and_never_repaired(desk, relations, result):
    """A plan that ignores money and people is scored whole, and every fault is in words."""
    entries = [
        PlanEntry(plan="x", mission=mode.mission, mode=mode.id, start=desk.info.start)
        for mode in desk.modes
        if mode.id == "standard"
    ]
    entries.append(PlanEntry(plan="x", mission="nobody-knows", mode="standard", start=desk.info.start))

    found = score(desk, entries, relations=relations, seconds=5)

    kinds = {fault.kind for fault in found.broken}
    assert {"unknown", "budget", "staff"} <= kinds
    assert len(found.missions) == len(entries) - 1


def test_two_plans_stand_side_by_side(desk, relations, result):
    """A comparison lists what both hold, what only one holds, and what moved."""
    fewer = score(desk, result.to_selection()[1:], relations=relations, seconds=5)

    found = compare(result, fewer)

    assert [row.id for row in found.only_a] == [result.missions[0].mission]
    assert found.only_b == ()
    assert len(found.both) == len(result.missions) - 1
    assert found.changed == ()
    assert sum(row.value_a - row.value_b for row in found.objectives) == pytest.approx(result.benefit - fewer.benefit)


def test_plans_of_two_desks_cannot_be_compared(result):
    """Two plans of different desks are refused."""
    other = plan(generate_desk(DeskShape(missions=9, months=6, positions=3, objectives=3), seed=9), compare=False)

    with pytest.raises(InputError, match="same objectives"):
        compare(result, other)


def test_a_conflict_names_exactly_the_rules_that_clash(desk):
    """A must-do mission, shut out by a ban, gives a conflict of these two rules and no more."""
    first = next(mission for mission in desk.missions if mission.instrument == "port-call")
    must = tuple(
        msgspec.structs.replace(mission, must_do=True, status="candidate") if mission.id == first.id else mission
        for mission in desk.missions
    )
    ban = constraints.Ban(id="all-ports", reason="harbours are closed", instruments=("port-call",))

    with pytest.raises(InfeasibleError) as caught:
        plan(change(desk, missions=must, bans=(ban,), windows=(), gates=(), place_risks=()))

    assert len(caught.value.conflict) == 2
    words = " ".join(caught.value.conflict)
    assert first.title in words
    assert "harbours are closed" in words


def test_a_conflict_over_money_names_the_budget(desk):
    """Two must-do missions that one budget cannot pay give both missions and the budget."""
    own = [m for m in desk.missions if m.purpose == "cooperation" and m.instrument == "staff-talks"][:1]
    dear = tuple(
        missions.Cost(
            mission=cost.mission, mode=cost.mode, budget=cost.budget, amount=Decimal(10**9), currency="EUR",
            price_year=2027,
        )
        if cost.mission == own[0].id
        else cost
        for cost in desk.costs
    )  # fmt: skip
    pins = tuple(constraints.Pin(mission=mission.id, decision="in") for mission in own)

    with pytest.raises(InfeasibleError) as caught:
        plan(change(desk, costs=dear, pins=pins, gates=(), authorities=()))

    assert any("Defence cooperation" in words for words in caught.value.conflict)
    assert any(own[0].title in words for words in caught.value.conflict)
    assert len(caught.value.conflict) == 2


def test_a_conflict_is_gone_when_any_of_its_rules_goes(desk):
    """Two must-do missions under one exclusion conflict in three rules; without any one of them a plan exists."""
    names = [mission.id for mission in desk.missions if mission.instrument == "staff-talks"][:1]
    names += [mission.id for mission in desk.missions if mission.instrument == "cyber-dialogue"][:1]
    exclusion = constraints.Exclusion(id="one-team", missions=tuple(names))
    pins = tuple(constraints.Pin(mission=name, decision="in") for name in names)
    bare = change(desk, gates=(), windows=(), place_risks=(), prerequisites=(), exclusions=(), activities=())

    with pytest.raises(InfeasibleError) as caught:
        plan(change(bare, pins=pins, exclusions=(exclusion,)))

    assert len(caught.value.conflict) == 3
    for kept in (change(bare, pins=pins), *(change(bare, pins=(pin,), exclusions=(exclusion,)) for pin in pins)):
        assert broken_rules(kept, plan(kept, compare=False).to_selection()) == ()


def test_missing_rates_are_an_error(desk):
    """Money in a currency without a rate is refused, never guessed."""
    cost = msgspec.structs.replace(desk.costs[0], currency="JPY", price_year=2027)

    with pytest.raises(MissingRateError, match="JPY"):
        plan(change(desk, costs=(cost, *desk.costs[1:])))


def test_limits_out_of_range_are_refused(desk):
    """A gap of one or more and no time at all are refused."""
    with pytest.raises(InputError, match="gap"):
        plan(desk, gap=1.0)
    with pytest.raises(InputError, match="seconds"):
        plan(desk, seconds=0)


def test_a_value_that_is_not_concave_is_refused(desk):
    """Rising slopes would make the model wrong, so they are refused."""
    settings = msgspec.structs.replace(desk.info.settings, value_breakpoints=((1.0, 0.2), (1.5, 1.0)))
    info = msgspec.structs.replace(desk.info, settings=settings)

    with pytest.raises(InputError, match="concave"):
        plan(change(desk, info=info))


def test_a_search_from_a_sound_plan_is_never_worse_and_says_so(desk, relations, result):
    """A plan that keeps all rules is kept whole as a start, and the search ends no lower."""
    again = plan(desk, relations=relations, compare=False, gap=0.05, start=result.to_selection())

    assert again.value >= result.value - 1e-9
    assert again.started_from.whole
    assert again.started_from.kept == len(result.missions)
    assert result.started_from is None


def test_a_search_from_a_broken_plan_repairs_it_and_names_what_left(desk, relations, result):
    """Missions that may no longer run are named, and unknown ones too; the plan still keeps every rule."""
    gone = next(row for row in result.missions if row.status == "candidate" and not row.kept_for)
    changed = msgspec.structs.replace(
        desk,
        pins=(
            *(pin for pin in desk.pins if pin.mission != gone.mission),
            constraints.Pin(mission=gone.mission, decision="out"),
        ),
        commitments=(),
    )
    start = (*result.to_selection(), Chosen(mission="nobody", mode="small", start=0, staff=()))
    again = plan(changed, relations=relations, compare=False, gap=0.05, start=start)

    kept = again.started_from
    assert not kept.whole
    assert gone.mission in {row.id for row in kept.dropped}
    assert kept.unknown == ("nobody",)
    assert broken_rules(changed, again.to_selection()) == ()


def test_a_limit_on_memory_ends_the_search_with_a_plan(desk, relations):
    """A limit below what the process holds ends the search at once, with a plan that keeps the rules."""
    found = plan(desk, relations=relations, compare=False, gap=0.0, memory=1.0)

    assert (found.ended, found.status) == ("memory", "feasible")
    assert broken_rules(desk, found.to_selection()) == ()
    assert found.bound >= found.value
    with pytest.raises(InputError, match=r"-1.0 megabytes"):
        plan(desk, memory=-1.0)


def test_a_desk_without_missions_has_the_empty_plan(desk):
    """With nothing to choose from, the empty plan is optimal and worth nothing."""
    empty = Desk(info=desk.info, goals=desk.goals, objectives=desk.objectives)

    found = plan(empty)

    assert found.missions == ()
    assert found.status == "optimal"
    assert found.value == 0


def test_generated_desks_are_the_same_for_a_seed():
    """The generator depends on shape and seed alone."""
    assert generate_desk(SHAPE, seed=4) == generate_desk(SHAPE, seed=4)
    assert generate_desk(SHAPE, seed=4) != generate_desk(SHAPE, seed=5)


@pytest.mark.parametrize("seed", range(5))
def test_generated_desks_have_no_faults(seed):
    """The desk's own rules find no error in what the generator makes."""
    desk = generate_desk(DeskShape(missions=40, months=12, positions=10, objectives=8), seed=seed)

    assert [fault for fault in check_desk(desk) if fault.severity == "error"] == []


def test_a_generated_desk_too_small_is_refused():
    """A shape without room for a plan is refused."""
    with pytest.raises(InputError, match="missions = 0"):
        generate_desk(DeskShape(missions=0))


def test_a_ban_on_an_organisation_binds_its_members():
    """A ban on an organisation's partners closes missions with its members, unless it says not to inherit."""
    desk = generate_desk(DeskShape(missions=30, months=6, positions=6, objectives=3, rules=0), seed=1)
    ban = constraints.Ban(id="nato", reason="test", start=date(2027, 1, 1), partners=("NATO",))

    closed = plan_data(change(desk, bans=(ban,)))
    alone = plan_data(change(desk, bans=(msgspec.structs.replace(ban, inherit=False),)))

    free = plan_data(desk)
    allies = {"DEU", "LVA", "NOR", "FRA", "ESP", "TUR", "SVK", "BGR"}
    own = [n for n, mission in enumerate(closed.missions) if not allies.isdisjoint(mission.partners)]
    assert own
    assert not any(closed.open[closed.slots_by_mission[n]].any() for n in own)
    assert np.array_equal(alone.open, free.open)
