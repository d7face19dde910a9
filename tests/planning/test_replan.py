"""Re-planning against brute force: every plan and staffing of small desks is tried, disruption by its definition."""

from collections import Counter
from decimal import Decimal
from itertools import product

import msgspec
import numpy as np
import pytest
import small_desks as oracle

from legation.cohesion.result import Chosen
from legation.desk import missions, people
from legation.desk.months import first_day, last_day, month_number, month_text
from legation.desk.plans import PlanEntry
from legation.errors import InfeasibleError, InputError, UnknownRecordError
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk
from legation.planning.replan.replan import KEEP, replan
from legation.planning.replan.shocks import Ban, Cut, Effect, Lose, Refuse, Shift, Situation, apply_shocks
from legation.planning.replan.standing import drawn_before, standing_of
from legation.planning.replan.weights import DisruptionWeights

NOW = month_text(1, start=oracle.START)
SHOCKS = {
    "cut": (Cut(budget="main", share=0.35),),
    "lose": (Lose(who="q", start=month_text(2, start=oracle.START)),),
    "ban": (Ban(actor="FIN", start=month_text(1, start=oracle.START), end=month_text(2, start=oracle.START)),),
    "refuse": (Refuse(partner="LVA", mission="m3"),),
    "effect": (Effect(mission="m0", objective="a", points=-2.0),),
}


def found_plan(desk, relations=None):
    """Give the best plan of a desk as entries."""
    return plan(desk, relations=relations, gap=0, compare=False).to_selection()


def naive_disruption(desk, old, new, *, now, weights, begun):
    """Work disruption out with loops, from the definition alone."""
    status = {mission.id: mission.status for mission in desk.missions}
    before = {entry.mission: entry for entry in old}
    after = {entry.mission: entry for entry in new}
    w = weights

    def fading(months):
        return 0.5 ** (max(0, months) / w.half_life)

    def notice(months):
        return w.floor + (1 - w.floor) * fading(months)

    total = 0.0
    for name, entry in before.items():
        factor = w.committed if status.get(name) in {"committed", "executing"} else 1.0
        if name not in after:
            total += 0.0 if name in begun else w.dropped * factor * notice(entry.start - now)
            continue
        other = after[name]
        total += w.moved * factor * notice(min(entry.start, other.start) - now) if entry.start != other.start else 0.0
        total += w.mode * factor * notice(entry.start - now) if entry.mode != other.mode else 0.0
        if (entry.start, entry.mode) == (other.start, other.mode):
            roles = {text.partition(":")[0] for text in entry.staff}
            hands = Counter(text for text in other.staff if text.partition(":")[0] in roles) - Counter(entry.staff)
            total += w.person * factor * notice(entry.start - now) * sum(hands.values())
    for name, entry in after.items():
        if name not in before and entry.start >= now:
            total += w.new * fading(entry.start - now)
    return total


def best_by_enumeration(standing, old, *, rate, weights, snapshot, worth=-np.inf):
    """Give the greatest value less rate times disruption over all plans worth so much and their staffings."""
    desk, now = standing.desk, standing.now
    choices = []
    for mission in desk.missions:
        if mission.status == "done":
            continue
        if mission.id in standing.begun:
            choices.append([standing.old[mission.id]])
            continue
        own = [(mode.id, start) for mode in desk.modes if mode.mission == mission.id for start in range(oracle.MONTHS)]
        if mission.status in {"committed", "executing"}:
            own += [(mode.id, -1) for mode in desk.modes if mode.mission == mission.id]
        own = [pair for pair in own if pair[1] >= now or mission.status != "candidate"]
        choices.append([None, *[Chosen(mission=mission.id, mode=mode, start=start) for mode, start in own]])
    ceiling = []
    for combination in product(*choices):
        chosen = [entry for entry in combination if entry]
        # nobody changes hands: the most that any staffing can give
        same = [
            msgspec.structs.replace(entry, staff=()) if entry.mission not in standing.begun else entry
            for entry in chosen
        ]
        value = oracle.naive_value(desk, chosen, snapshot)
        if value < worth:
            continue
        least = naive_disruption(desk, old, same, now=now, weights=weights, begun=standing.begun)
        ceiling.append((value - rate * least, value, chosen))
    ceiling.sort(key=lambda row: -row[0])
    best = None
    for top, value, chosen in ceiling:
        if best is not None and top <= best + 1e-12:
            break
        if [row for row in broken_rules(desk, chosen) if row.kind not in {"staff", "position"}]:
            continue
        for staffed in staffings(standing, chosen):
            size = naive_disruption(desk, old, staffed, now=now, weights=weights, begun=standing.begun)
            merit = value - rate * size
            if (best is None or merit > best) and not broken_rules(desk, staffed):
                best = merit
    return best


def staffings(standing, chosen):
    """Give every way to staff a plan; missions that began keep their people."""
    roles = [
        [(n, f"{need.role}:{position.id}") for position in standing.desk.positions]
        for n, entry in enumerate(chosen)
        for need in standing.desk.staff_needs
        if (need.mission, need.mode) == (entry.mission, entry.mode) and entry.mission not in standing.begun
        and entry.start >= 0
        for _ in range(need.count)
    ]  # fmt: skip
    for pick in product(*roles):
        yield [
            entry
            if entry.mission in standing.begun
            else msgspec.structs.replace(entry, staff=tuple(text for m, text in pick if m == n))
            for n, entry in enumerate(chosen)
        ]


@pytest.mark.parametrize("shock", SHOCKS)
@pytest.mark.parametrize("seed", range(4))
def test_the_new_plan_is_the_best_of_all_at_its_rate(seed, shock):
    """Value less rate times disruption equals what enumerating all plans and staffings finds; the bound holds."""
    rng = np.random.default_rng(77 + seed)
    able = (
        "windows", "gate", "prerequisite", "exclusion", "synergy", "absorption", "holder", "minimum", "done", "days",
        "pool", "best",
    )  # fmt: skip
    desk = oracle.small_desk(seed, [name for name in able if rng.random() < 0.35])
    old = found_plan(desk)
    rate, weights = float(rng.choice([0.01, 0.1, 0.5])), DisruptionWeights()
    before = standing_of(desk, old, now=NOW)
    given = Situation(desk, None, NOW, drawn=drawn_before(before))
    situation = apply_shocks(given, SHOCKS[shock], begun=tuple(before.begun))
    standing = standing_of(situation.desk, old, now=NOW, ended=situation.ended)
    if standing.ended:
        pytest.skip("the shock ends what has begun: its own test covers that")

    best = best_by_enumeration(standing, old, rate=rate, weights=weights, snapshot=None)
    answer = replan(desk, old, now=NOW, shocks=SHOCKS[shock], rate=rate, weights=weights, gap=0, seconds=20)

    assert answer.merit == pytest.approx(best, abs=1e-6)
    assert answer.merit_bound >= best - 1e-9
    assert answer.free_bound >= answer.value - 1e-9
    assert answer.parts.total == pytest.approx(answer.disruption, abs=1e-9)
    assert sum(row.disruption for row in answer.changes) == pytest.approx(answer.disruption, abs=1e-9)
    assert broken_rules(standing.desk, answer.to_selection()) == ()
    size = naive_disruption(
        standing.desk, old, answer.to_selection(), now=standing.now, weights=weights, begun=standing.begun
    )
    assert size == pytest.approx(answer.disruption, abs=1e-9)


def test_a_mission_that_comes_to_need_nobody_lets_its_people_go():
    """A mission that changes to a mode without staff no longer holds those who would have done it before."""
    desk = oracle.small_desk(8000023, ["prerequisite", "synergy", "absorption", "holder", "minimum", "done", "best"])
    old = found_plan(desk)

    answer = replan(desk, old, now=NOW, shocks=SHOCKS["refuse"], rate=0.01, gap=0, seconds=20)
    changed = next(row for row in answer.missions if row.mission == "m0")

    assert next(entry for entry in old if entry.mission == "m0").staff == ("lead:p",)
    assert (changed.mode, changed.people) == ("small", ())
    assert next(row for row in answer.missions if row.mission == "m1").people[0].position == "p"
    assert broken_rules(desk, answer.to_selection()) == ()


def test_without_a_change_the_old_plan_stays():
    """A desk that did not change keeps its plan, with no disruption and nothing to tell anybody."""
    desk = oracle.small_desk(3, ["long", "holder"])
    old = found_plan(desk)

    answer = replan(desk, old, now=NOW, gap=0)

    assert {e.mission: (e.mode, e.start) for e in answer.to_selection()} == {e.mission: (e.mode, e.start) for e in old}
    assert (answer.disruption, answer.changes, answer.positions, answer.partners) == (0.0, (), (), ())


def test_a_mission_under_way_never_moves_and_may_hand_over():
    """When the person of a running mission is lost, the mission keeps its month and another person takes over."""
    desk = oracle.small_desk(1, [])
    mode = missions.Mode(mission="m0", id="small", months=3)
    need = missions.StaffNeed(mission="m0", mode="small", role="lead")
    others = tuple(row for row in desk.missions if row.id == "m0")
    desk = msgspec.structs.replace(
        desk, missions=others, modes=(mode,), staff_needs=(need,),
        costs=tuple(row for row in desk.costs if (row.mission, row.mode) == ("m0", "small")),
        effects=tuple(row for row in desk.effects if (row.mission, row.mode) == ("m0", "small")),
    )  # fmt: skip
    old = (PlanEntry(plan="old", mission="m0", mode="small", start=oracle.START, staff=("lead:q",)),)

    answer = replan(desk, old, now=NOW, shocks=(Lose(who="q"),), gap=0)

    assert [(e.mission, e.start, e.staff) for e in answer.to_selection()] == [("m0", 0, ("lead:p",))]
    assert [row.kinds for row in answer.changes] == [("people",)]
    assert {row.position for row in answer.positions} == {"p", "q"}


def test_a_mission_that_nobody_can_carry_on_is_ended_and_its_money_is_gone():
    """A running mission without anybody able ends now, is told so, and what it cost until now stays spent."""
    desk = oracle.small_desk(1, [])
    mode = missions.Mode(mission="m0", id="small", months=3)
    need = missions.StaffNeed(mission="m0", mode="small", role="lead", languages=("fr:B1",))
    cost = missions.Cost(
        mission="m0", mode="small", budget="main", amount=Decimal(10), currency="EUR", price_year=2027,
        recurrence="monthly",
    )  # fmt: skip
    desk = msgspec.structs.replace(
        desk, missions=desk.missions[:1], modes=(mode,), staff_needs=(need,), costs=(cost,),
        effects=tuple(row for row in desk.effects if (row.mission, row.mode) == ("m0", "small")),
    )  # fmt: skip
    old = (PlanEntry(plan="old", mission="m0", mode="small", start=oracle.START, staff=("lead:p",)),)

    answer = replan(desk, old, now=NOW, shocks=(Lose(who="p"),), gap=0)

    assert answer.missions == ()
    assert [row.kinds for row in answer.changes] == [("ended",)]
    assert answer.spending[0].spent == 10.0


def test_a_higher_rate_never_disrupts_more_and_the_curve_shows_it():
    """Along the curve value and disruption rise together, and no point lies above its own bound."""
    desk = oracle.small_desk(5, ["exclusion", "synergy"])
    old = found_plan(desk)

    answer = replan(desk, old, now=NOW, shocks=SHOCKS["cut"], curve=True, gap=0)

    assert answer.curve
    assert all(
        a.value < b.value and a.disruption <= b.disruption for a, b in zip(answer.curve, answer.curve[1:], strict=False)
    )
    assert all(row.value - row.rate * row.disruption <= row.bound + 1e-9 for row in answer.curve)


@pytest.mark.parametrize(("seed", "share"), [(0, 0.5), (1, 0.5), (2, 0.5), (3, 0.6), (5, 0.5), (6, 0.7)])
@pytest.mark.parametrize("shock", ["cut", "ban"])
def test_keeping_a_share_gives_the_least_disruption_with_it(seed, share, shock):
    """With a share to keep, no plan worth that share of the bound disturbs less, as enumerating all of them shows."""
    desk = oracle.small_desk(seed, ["exclusion", "synergy"])
    old = found_plan(desk)
    before = standing_of(desk, old, now=NOW)
    given = Situation(desk, None, NOW, drawn=drawn_before(before))
    situation = apply_shocks(given, SHOCKS[shock], begun=tuple(before.begun))
    standing = standing_of(situation.desk, old, now=NOW, ended=situation.ended)

    answer = replan(desk, old, now=NOW, shocks=SHOCKS[shock], keep=share, gap=0)
    high = 1e3
    best = best_by_enumeration(
        standing, old, rate=high, weights=DisruptionWeights(), snapshot=None, worth=share * answer.free_bound - 1e-9
    )

    assert answer.keep == share
    assert answer.free_share >= share - 1e-9
    # within what the search leaves open, and what value counts beside so high a rate
    assert answer.disruption <= -best / high * 1.02 + 2e-3


def test_without_a_rate_no_more_is_disturbed_than_at_the_rate_it_begins_with():
    """The usual answer keeps 99 % of what any plan could be worth, and disturbs no more than the best at its rate."""
    desk = generate_desk(DeskShape(missions=120, months=12, positions=30, objectives=6, money=0.6, rules=0.3), seed=1)
    old = plan(desk, gap=0.002, seconds=10, compare=False)
    shock = (Cut(budget=desk.budgets[0].id, share=0.15),)

    usual = replan(desk, old, now="2027-04", shocks=shock)
    at_rate = replan(desk, old, now="2027-04", shocks=shock, rate=usual.rate, gap=0.004)

    assert usual.keep == KEEP
    assert at_rate.keep is None
    assert usual.free_share >= KEEP
    assert 0 < usual.disruption <= at_rate.disruption


def test_an_impossible_change_names_the_rules_that_clash():
    """A budget cut to nothing beside a mission that must be done is an infeasible desk, explained."""
    desk = oracle.small_desk(2, ["must_do"])

    with pytest.raises(InfeasibleError) as caught:
        replan(desk, (), now=NOW, shocks=(Cut(budget="main", share=1.0),))
    assert any("Mission 3" in words for words in caught.value.conflict)


@pytest.mark.parametrize(
    ("shock", "error"),
    [
        (Refuse(partner="FIN", mission="m1"), InputError),
        (Refuse(partner="FIN", mission="nothing"), UnknownRecordError),
        (Refuse(partner="SWE"), InputError),
        (Lose(who="nobody"), UnknownRecordError),
        (Lose(who="p", start="2031-01"), InputError),
        (Cut(budget="none", share=0.1), UnknownRecordError),
        (Cut(budget="main", share=1.5), InputError),
        (Ban(actor="FIN", start="2027-03", end="2027-02"), InputError),
        (Shift(actor="FIN", level="warm_peace"), InputError),
        (Effect(mission="m0", objective="z", points=1), UnknownRecordError),
        (Effect(mission="m0", objective="a", points=9), InputError),
    ],
)  # fmt: skip
def test_a_shock_that_does_not_fit_is_refused(shock, error):
    """A shock that names what the desk lacks, or a value out of range, is refused with the remedy."""
    desk = oracle.small_desk(1, [])
    with pytest.raises(error) as caught:
        apply_shocks(Situation(desk, None, NOW), (shock,))
    assert caught.value.remedy


def test_an_alliance_that_shifts_changes_the_relations_alone():
    """A shift moves one pair's level and alignment, both ways, and leaves the snapshot it was made from."""
    relations = oracle.relations()
    before = relations.alignment.copy()

    after = apply_shocks(
        Situation(oracle.small_desk(1, []), relations, NOW), (Shift(actor="FIN", other="LVA", level="severe_rivalry"),)
    ).relations

    assert after.alignment[0, 2] == after.alignment[2, 0] == -0.8
    assert np.array_equal(relations.alignment, before)


def test_losing_a_person_closes_the_posts_it_holds():
    """A person who is lost leaves an absence for each post held from then on."""
    desk = oracle.small_desk(1, ["two_posts"])

    after = apply_shocks(Situation(desk, None, NOW), (Lose(who="y"),)).desk

    assert {(row.position, row.start) for row in after.absences} == {
        ("p", first_day("2027-04")), ("q", first_day("2027-04")),
    }  # fmt: skip
    assert all(row.end == last_day("2027-04") for row in after.absences)
    assert isinstance(after.absences[0], people.Absence)


@pytest.mark.parametrize(
    ("partner", "quorum", "off"), [("LVA", 1, True), ("SWE", 1, True), ("SWE", None, True), ("FIN", 1, False)]
)
def test_a_lead_that_refuses_calls_a_mission_off_and_others_by_the_quorum(partner, quorum, off):
    """A committed mission stays only while its lead and enough of the others are left."""
    desk = oracle.small_desk(1, ["leads"])
    partners = ("LVA", "SWE", "FIN") if partner == "FIN" else ("LVA", "SWE")
    rows = tuple(
        msgspec.structs.replace(row, status="committed", start=NOW, mode="small", partners=partners, quorum=quorum)
        if row.id == "m3"
        else row
        for row in desk.missions
    )
    desk = msgspec.structs.replace(desk, missions=rows)
    after = apply_shocks(Situation(desk, None, NOW), [Refuse(partner=partner, mission="m3")]).desk

    assert any(pin.mission == "m3" and pin.decision == "out" for pin in after.pins) == off


def test_a_month_outside_the_plan_or_a_plan_that_repeats_itself_is_refused():
    """The month must lie in the plan, and a mission stands in it once."""
    desk = oracle.small_desk(1, [])
    entry = Chosen(mission="m0", mode="small", start=0)
    for plan_, now in (((entry,), "2026-12"), ((entry,), "2027-05"), ((entry, entry), NOW)):
        with pytest.raises(InputError):
            standing_of(desk, plan_, now=now)
    assert month_number(NOW, start=oracle.START) == 1
    assert Highs().name


@pytest.mark.parametrize(
    "given", [{"rate": -1.0}, {"rate": 1.0, "keep": 0.9}, {"keep": 0.0}, {"keep": 1.1}, {"gap": 1.0}, {"seconds": 0}]
)
def test_numbers_out_of_range_are_refused(given):
    """A rate, share, gap or limit that means nothing is refused before anything is searched."""
    with pytest.raises(InputError):
        replan(oracle.small_desk(1, []), (), now=NOW, **given)


@pytest.mark.parametrize("given", [{"floor": 1.5}, {"half_life": 0.0}, {"moved": -1.0}, {"person": float("nan")}])
def test_weights_out_of_range_are_refused(given):
    """Weights are finite and not negative."""
    with pytest.raises(InputError):
        DisruptionWeights(**given)


@pytest.mark.parametrize("asked", [{"keep": 0.99}, {"curve": True}])
def test_all_steps_share_one_limit(asked):
    """Halving rates and a curve take the time given, beside what any model's building takes, and not several times."""
    desk = generate_desk(DeskShape(missions=150, positions=30), seed=4)
    old = plan(desk, seconds=5, compare=False)

    found = replan(desk, old, now=month_text(3, start=desk.info.start), seconds=4.0, **asked)

    assert found.seconds < 8.0
    assert found.curve
