"""Whole assessments of small desks, each figure worked by hand."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from datetime import date
from typing import get_args

import msgspec
import pytest

from legation.cohesion import Chosen, CohesionReport, assess
from legation.cohesion.result import PartId
from legation.desk.aims import Goal, Objective
from legation.desk.constraints import Pin, Prerequisite, Synergy
from legation.desk.context import Activity, Label
from legation.errors import InputError, MissingRateError, UnknownRecordError


def values(report):
    """Give the value of every part."""
    return {part.id: part.value for part in report.parts}


def close(left, right):
    """Compare two figures; missing equals missing."""
    return (left is None and right is None) or (None not in {left, right} and math.isclose(left, right, abs_tol=1e-9))


def test_all_parts_are_there_in_order(build):
    """Every part of the vector is given, also where it is missing, and then with its reason."""
    report = assess(build.desk({"m1": {"k1": 1.0}}))

    assert tuple(part.id for part in report.parts) == get_args(PartId)
    assert all((part.value is None) == (part.missing_reason is not None) for part in report.parts)
    assert all(part.meaning and part.title for part in report.parts)


def test_coverage_with_harm_by_hand(build):
    """k1: .5 + .75 - .5 = .75, k2: .25; gross .5 (1 + .25), net .5 (.75 + .25), conflict .5 / 2."""
    desk = build.desk({"m1": {"k1": 0.5, "k2": 0.25}, "m2": {"k1": 0.75}, "m3": {"k1": -0.5}})
    report = assess(desk)

    assert report.part("coverage_gross").value == 0.625
    assert report.part("coverage_net").value == 0.5
    assert report.part("weakest_objective").value == 0.25
    assert report.part("conflict").value == 0.25
    assert report.part("conflict").causes[0].key == "m3"
    assert [fit.net for fit in report.objectives] == [0.75, 0.25]
    assert [cause.key for cause in report.objectives[0].missions] == ["m2", "m1", "m3"]


def test_weights_come_through_the_tree_of_objectives(build):
    """Goals 3:1, and 1:1 below the first: leaves weigh .375, .375 and .25; the higher objective takes no effects."""
    aims = (
        Objective(id="top", title="Top", kind="military", parent="goal"),
        Objective(id="k1", title="One", kind="military", parent="top"),
        Objective(id="k2", title="Two", kind="military", parent="top"),
        Objective(id="k3", title="Three", kind="diplomatic", parent="other"),
    )
    desk = build.desk({"m1": {"k1": 3.0}}, aims=aims)
    goals = (Goal(id="goal", title="Goal", weight=3.0), Goal(id="other", title="Other", weight=1.0))
    report = assess(msgspec.structs.replace(desk, goals=goals))

    assert [(fit.id, fit.weight) for fit in report.objectives] == [("k1", 0.375), ("k2", 0.375), ("k3", 0.25)]
    assert report.part("coverage_net").value == 0.375
    assert report.part("gaps").value == 0.625


def test_intervals_follow_low_and_high_and_hold_the_value(build):
    """Net coverage runs from .5 (.25 - .5 -> 0, plus .5) to 1 (1.5 - .25 -> 1, plus 1)."""
    desk = build.desk({"m1": {"k1": (0.25, 1.0, 1.5), "k2": (0.5, 0.5, 1.0)}, "m2": {"k1": (-0.5, -0.25, -0.25)}})
    part = assess(desk).part("coverage_net")

    assert (part.low, part.value, part.high, part.interval_kind) == (0.25, 0.625, 1.0, "exact")


def test_every_interval_holds_its_value(build):
    """Low <= value <= high for each part that is there."""
    desk = build.desk(
        {"m1": {"k1": (0.25, 1.0, 1.5), "FIN": (-1, 1, 2)}, "m2": {"k1": (-0.5, -0.25, 0.5), "k2": (0, 1, 3)}},
        costs={"m1": 10, "m2": 30},
        links=[("k1", "supports", "k2", 2), ("k1", "depends", "k2", 1)],
        fields={"m1": {"start": "2027-02"}, "m2": {"start": "2027-05"}},
        kinds={"k2": "military"},
    )
    relations = build.relations({("FIN", "RUS"): -0.7, ("LVA", "RUS"): -0.9}, actors=["FIN", "RUS", "LVA"])
    report = assess(desk, relations=relations)

    for part in report.parts:
        assert part.value is None or part.low <= part.value <= part.high, part.id


def test_acceptance_enters_every_contribution(build):
    """A partner that accepts with probability .5 brings half of the effect; low and high use their own chances."""
    desk = build.desk({"m1": {"k1": 1.0}}, objectives=("k1",), willingness=(build.willing("LVA", 0.25, 0.5, 1.0),))
    part = assess(desk).part("coverage_net")
    assert (part.low, part.value, part.high) == (0.25, 0.5, 1.0)


def test_duplicates_are_named_and_their_group_is_dropped_at_once(build):
    """Two clones each add 0 beside the other, 1 alone, and together 1; half of their coverage is doubled."""
    report = assess(build.desk({"m1": {"k1": 1.0}, "m2": {"k1": 1.0}}, objectives=("k1",)))

    assert [(c.leave_one_out, c.alone, c.group) for c in report.contributions] == [(0.0, 1.0, 0), (0.0, 1.0, 0)]
    assert [(g.together, g.sum_of_leave_one_out) for g in report.groups] == [(1.0, 0.0)]
    assert [(d.overlap, [m.id for m in d.missions]) for d in report.duplicates] == [(0.5, ["m1", "m2"])]
    assert values(report)["waste"] == values(report)["redundancy"] == 0.5


def test_a_synergy_goes_with_each_of_its_missions(build):
    """m1 .25 and m2 .25 add .5 together: leaving one out costs .75, alone each gives .25."""
    synergy = Synergy(id="both", missions=("m1", "m2"), objective="k1", low=0.5, likely=0.5, high=0.5)
    report = assess(build.desk({"m1": {"k1": 0.25}, "m2": {"k1": 0.25}}, objectives=("k1",), synergies=(synergy,)))

    assert report.part("coverage_net").value == 1.0
    assert [(c.leave_one_out, c.alone) for c in report.contributions] == [(0.75, 0.25), (0.75, 0.25)]


def test_congruence_by_hand(build):
    """100 on m1 (k1 and k2 half each) and 50 on m2 (k2): shares 1/3, 2/3 against 1/2, 1/2 give 5/6."""
    desk = build.desk({"m1": {"k1": 0.5, "k2": 0.5}, "m2": {"k2": 0.5}}, costs={"m1": 100, "m2": 50})
    assert close(assess(desk).part("congruence").value, 5 / 6)


def test_orphans_by_hand(build):
    """Of 100, 30 go to a mission that only harms and 20 to one that opens the way for another: 30 % are orphans."""
    desk = build.desk(
        {"m1": {"k1": 1.0}, "m2": {"k1": -0.5}, "m3": {}},
        costs={"m1": 50, "m2": 30, "m3": 20},
        prerequisites=(Prerequisite(mission="m1", requires="m3"),),
    )
    report = assess(desk)

    assert close(report.part("orphans").value, 0.3)
    assert [(orphan.mission.id, orphan.amount, orphan.currency) for orphan in report.orphans] == [("m2", 30.0, "EUR")]
    assert "harms" in report.orphans[0].sentence


def test_a_path_may_lead_over_a_supporting_objective_or_a_needed_relation(build):
    """k0 has no weight but supports k1; FIN's relation is needed by k1: neither mission is an orphan."""
    aims = (
        Objective(id="k0", title="Ground", kind="diplomatic", parent="goal", weight=0.0, target=1.0),
        Objective(id="k1", title="One", kind="military", parent="goal", target=1.0, needs=("FIN",)),
    )
    missions = {"m1": {"k0": 1.0}, "m2": {"FIN": 1.0}, "m3": {"RUS": 1.0}}
    costs = {"m1": 10, "m2": 10, "m3": 20}
    linked = assess(build.desk(missions, aims=aims, costs=costs, links=[("k0", "supports", "k1", 2)]))
    unlinked = assess(build.desk(missions, aims=aims, costs=costs))

    assert [orphan.mission.id for orphan in linked.orphans] == ["m3"]
    assert [orphan.mission.id for orphan in unlinked.orphans] == ["m3", "m1"]
    assert linked.part("orphans").value == 0.5


def test_gaps_name_who_could_serve(build):
    """A plan with m1 alone leaves k2, half of the weight, to nobody; m2 outside the plan could serve it."""
    desk = build.desk({"m1": {"k1": 1.0}, "m2": {"k2": 0.5}})
    report = assess(desk, selection=(Chosen(mission="m1", mode="std"),))

    assert report.basis == "plan"
    assert report.part("gaps").value == 0.5
    assert [(gap.objective.id, [ref.id for ref in gap.possible]) for gap in report.gaps] == [("k2", ["m2"])]


def test_contradictions_by_hand(build):
    """m1 helps and m2 harms k1; both served objectives exclude each other; the missions pull FIN both ways."""
    desk = build.desk(
        {"m1": {"k1": 2.0, "k2": 1.0, "FIN": 1.0}, "m2": {"k1": -0.5, "FIN": -2.0}},
        links=[("k1", "excludes", "k2", -3)],
    )
    report = assess(desk)

    assert report.contradictions_total == 3
    assert [(c.kind, c.left.id, c.right.id, c.on and c.on.id) for c in report.contradictions] == [
        ("link", "k1", "k2", None),
        ("missions", "m1", "m2", "k1"),
        ("relations", "m1", "m2", "FIN"),
    ]
    assert close(report.contradictions[1].strength, 0.25)


def test_consistency_by_hand(build):
    """k1 met hinders k2 met with 2: sums for k2 are met -2, unmet +2, so k2 falls short by 4; one of two stands."""
    desk = build.desk({"m1": {"k1": 1.0, "k2": 1.0}}, links=[("k1", "hinders", "k2", -2)])
    report = assess(desk)

    assert report.part("consistency").value == 0.5
    assert report.consistency.consistent is False
    assert [(f.objective.id, f.state, f.by) for f in report.consistency.inconsistencies] == [("k2", "met", 4.0)]
    assert [cause.key for cause in report.consistency.inconsistencies[0].causes] == ["k1|hinders|k2"]
    assert [{ref.id for ref in pattern.met} for pattern in report.consistency.patterns] == [{"k1"}, {"k2"}]


def test_consistency_reads_depends_backwards(build):
    """k1 depends on k2: with k1 met and k2 unmet it is k1 that stands against its link."""
    report = assess(build.desk({"m1": {"k1": 1.0}}, links=[("k1", "depends", "k2", 1)]))
    assert [fault.objective.id for fault in report.consistency.inconsistencies] == ["k1"]


def test_consistency_without_links_is_missing(build):
    """No links: neither consistent nor inconsistent."""
    report = assess(build.desk({"m1": {"k1": 1.0}}))
    assert report.part("consistency").value is None
    assert report.consistency.consistent is None


def test_consistency_interval_tries_every_allowed_pattern(build):
    """k2 is served at the high effects only; met it stands against k1, unmet it does not."""
    desk = build.desk({"m1": {"k1": 1.0, "k2": (0.5, 0.5, 1.0)}}, links=[("k1", "hinders", "k2", -2)])
    part = assess(desk).part("consistency")
    assert (part.low, part.value, part.high, part.interval_kind) == (0.5, 1.0, 1.0, "exact")


@pytest.fixture
def interplay_desk(build):
    """Two diplomatic aims d1 (served) and d2 (not), two military objectives a (weight 3) and b (weight 1)."""
    return build.desk(
        {"m1": {"d1": 1.0, "d2": 0.5, "a": 1.0}},
        objectives=("d1", "d2", "a", "b"),
        kinds={"a": "military", "b": "military"},
        weights={"a": 3.0},
        links=[
            ("d1", "supports", "a", 2),
            ("d2", "hinders", "a", -3),
            ("d2", "supports", "b", 1),
            ("a", "supports", "d2", 1),
        ],
    )


def test_interplay_by_hand_both_ways(interplay_desk):
    """Only d1 is served: a gets +2 and b nothing, 3 of 4; served a supports d2 and not d1, 1 of 2."""
    report = assess(interplay_desk)

    assert report.part("interplay_military").value == 0.75
    assert report.part("interplay_diplomatic").value == 0.5
    assert [(s.objective.id, s.net) for s in report.interplay.military] == [("a", 2.0), ("b", 0.0)]
    assert [(s.objective.id, s.net) for s in report.interplay.diplomatic] == [("d1", 0.0), ("d2", 1.0)]


def test_interplay_is_0_without_links_and_missing_without_objectives_of_the_kind(build):
    """No links give 0; no military objective gives a missing share."""
    both = assess(build.desk({"m1": {"k1": 1.0}}, kinds={"k2": "military"}))
    none = assess(build.desk({"m1": {"k1": 1.0}}))

    assert both.part("interplay_military").value == both.part("interplay_diplomatic").value == 0.0
    assert none.part("interplay_military").value is None
    assert "military" in none.part("interplay_military").missing_reason


def test_order_by_hand(build):
    """m2 needs m1 with a lag of one month: months 0 and 2 respect it, 0 and 1 do not; k2 depends on k1 in time."""
    desk = build.desk(
        {"m1": {"k1": 1.0}, "m2": {"k2": 1.0}},
        prerequisites=(Prerequisite(mission="m2", requires="m1", lag_months=1),),
        links=[("k2", "depends", "k1", 2)],
    )

    def order(first, second):
        selection = (Chosen(mission="m1", mode="std", start=first), Chosen(mission="m2", mode="std", start=second))
        return assess(desk, selection=selection).part("order")

    assert order(0, 2).value == 1.0
    assert order(0, 1).value == 0.5
    assert order(5, 1).value == 0.0
    assert "before Mission m1 has ended plus 1 months" in order(0, 1).causes[0].sentence


def test_order_counts_a_prerequisite_left_out_and_skips_unknown_months(build):
    """m2 without m1 breaks the rule; without fixed months nothing can be told."""
    desk = build.desk(
        {"m1": {"k1": 1.0}, "m2": {"k2": 1.0}}, prerequisites=(Prerequisite(mission="m2", requires="m1"),)
    )
    alone = assess(desk, selection=(Chosen(mission="m2", mode="std", start=3),)).part("order")

    assert alone.value == 0.0
    assert "not chosen" in alone.causes[0].sentence
    assert assess(desk).part("order").value is None


def test_fading_does_not_depend_on_the_month(build):
    """An effect with a half-life of 3 months counts with its mean over 12 months, whenever its mission ends."""
    desk = build.desk(
        {"m1": {}}, objectives=("k1",), effects=(build.effect(1.0, mission="m1", objective="k1", fade_months=3.0),)
    )

    by_hand = sum(0.5 ** (month / 3.0) for month in range(12)) / 12
    chosen = Chosen(mission="m1", mode="std", start=5)
    assert assess(desk, selection=(chosen,)).part("coverage_net").value == pytest.approx(by_hand, abs=1e-12)
    assert assess(desk).part("coverage_net").value == pytest.approx(by_hand, abs=1e-12)


def drill(**fields):
    """Make a rival's exercise in Latvia in March and April 2027."""
    return Activity(
        **{
            "id": "drill",
            "title": "Drill",
            "kind": "exercise",
            "side": "rival",
            "actor": "RUS",
            "start": date(2027, 3, 10),
            "end": date(2027, 4, 20),
            "places": ("LVA",),
            **fields,
        }
    )


def test_clash_in_time_and_place_by_hand(build):
    """Of three missions in Latvia, one lasts into March, one runs in May, one is meant to meet the exercise."""
    desk = build.desk(
        {"m1": {"k1": 1.0}, "m2": {"k1": 1.0}, "m3": {"k1": 1.0}},
        fields={
            "m1": {"start": "2027-02", "place": "LVA"},
            "m2": {"start": "2027-05"},
            "m3": {"start": "2027-03", "meant_during": ("drill",)},
        },
        mode_months=2,
        activities=(drill(),),
    )
    report = assess(desk)

    assert [(c.kind, c.subject.id, c.months, c.side) for c in report.clashes] == [
        ("time_place", "m1", ("2027-03",), "rival")
    ]
    assert close(report.part("clashes").value, 1 / 3)


def test_clash_in_effect_by_hand(build):
    """The exercise takes .5 off k1, which m1 helps, and strains FIN, which m2 courts; m3 has nothing to do with it."""
    desk = build.desk(
        {"m1": {"k1": 1.0}, "m2": {"FIN": 1.0}, "m3": {"k2": 1.0}},
        activities=(drill(places=()),),
        effects=(
            build.effect(-0.5, activity="drill", objective="k1"),
            build.effect(-1.0, activity="drill", actor="FIN"),
        ),
    )
    report = assess(desk)

    assert [(c.kind, c.subject.id, c.on.id) for c in report.clashes] == [
        ("objective", "k1", "k1"),
        ("effect", "m1", "k1"),
        ("effect", "m2", "FIN"),
    ]
    assert close(report.part("clashes").value, 2 / 3)
    assert report.clashes[1].strength == 0.25


def test_structural_conflict_of_the_smallest_triangle(build):
    """m1 serves k1 and courts RUS, k1 goes against RUS; all ties weigh the same: a third is frustrated."""
    aims = (Objective(id="k1", title="One", kind="military", parent="goal", target=1.0, harms=("RUS",)),)
    report = assess(build.desk({"m1": {"k1": 1.0}}, aims=aims, fields={"m1": {"partners": ("RUS",)}}))

    assert close(report.part("structural_conflict").value, 1 / 3)
    assert (report.structural.ties, report.structural.proven) == (3, True)
    assert len(report.structural.cut) == 1


def test_talks_with_a_rival_that_serve_de_escalation_are_no_conflict(build):
    """An intended improvement with RUS for an objective that favours RUS is balanced."""
    aims = (Objective(id="k1", title="Calm", kind="diplomatic", parent="goal", target=1.0, affects=("RUS",)),)
    fields = {"m1": {"partners": ("RUS",), "purpose": "de_escalation"}}
    report = assess(build.desk({"m1": {"k1": 1.0, "RUS": 3.0}}, aims=aims, fields=fields))
    assert report.part("structural_conflict").value == 0.0


def test_partners_at_odds_are_a_structural_conflict(build):
    """A mission with two partners hostile to each other cannot be put into two camps."""
    desk = build.desk({"m1": {"k1": 1.0}}, fields={"m1": {"partners": ("ARM", "AZE"), "format": "multilateral"}})
    hostile = build.relations({("ARM", "AZE"): -0.9}, actors=["ARM", "AZE"])
    weak = build.relations({("ARM", "AZE"): -0.2}, actors=["ARM", "AZE"])

    assert assess(desk, relations=hostile).part("structural_conflict").value > 0
    assert assess(desk, relations=weak).part("structural_conflict").value == 0


def test_humanitarian_missions_are_left_out_of_structural_conflict(build):
    """The triangle vanishes when its mission is aid."""
    aims = (Objective(id="k1", title="Relief", kind="humanitarian", parent="goal", target=1.0, harms=("RUS",)),)
    fields = {"m1": {"partners": ("RUS",), "instrument": "medical-aid", "purpose": "humanitarian"}}
    report = assess(build.desk({"m1": {"k1": 1.0}}, aims=aims, fields=fields))
    assert report.part("structural_conflict").value == 0.0


def test_the_desk_as_it_stands_leaves_out_what_is_done_or_pinned_out(build):
    """Done, cancelled and pinned-out missions do not count."""
    desk = build.desk(
        {"m1": {"k1": 0.25}, "m2": {"k1": 0.25}, "m3": {"k1": 0.25}, "m4": {"k1": 0.25}},
        objectives=("k1",),
        fields={"m2": {"status": "done"}, "m3": {"status": "cancelled"}},
        pins=(Pin(mission="m4", decision="out"),),
    )
    report = assess(desk)
    assert (report.missions, report.part("coverage_net").value) == (1, 0.25)


def test_the_highest_label_is_carried_with_its_notice(build):
    """Of a restricted and a secret record the report carries secret, and says that labels are not enforced."""
    labels = (
        Label(id="low", policy="EST", classification="restricted"),
        Label(id="high", policy="EST", classification="secret"),
        Label(id="unused", policy="EST", classification="top_secret"),
    )
    desk = build.desk(
        {"m1": {"k1": 1.0}, "m2": {"k1": 1.0}}, fields={"m1": {"label": "low"}, "m2": {"label": "high"}}, labels=labels
    )
    report = assess(desk)

    assert (report.label.id, report.label.title, report.notice) == ("high", "EST SECRET", "label not enforced")
    assert assess(build.desk({"m1": {"k1": 1.0}})).notice == ""


def test_an_empty_plan_is_all_missing_or_0(build):
    """Nothing chosen: coverage 0, everything is a gap, ratios are missing."""
    report = assess(build.desk({"m1": {"k1": 1.0}}, costs={"m1": 5}), selection=())
    found = values(report)

    assert (found["coverage_net"], found["gaps"]) == (0.0, 1.0)
    assert all(found[name] is None for name in ("waste", "redundancy", "conflict", "congruence", "orphans", "order"))


def test_the_report_survives_json(build):
    """A report encodes to JSON and decodes to an equal one."""
    desk = build.desk({"m1": {"k1": 1.0, "FIN": 1.0}, "m2": {"k1": -1.0}}, costs={"m1": 5}, activities=(drill(),))
    report = assess(desk, relations=build.relations({("FIN", "RUS"): -0.7}, actors=["FIN", "RUS"]))
    assert msgspec.json.decode(msgspec.json.encode(report), type=CohesionReport) == report


def test_the_same_desk_gives_the_same_report(build):
    """Nothing is drawn without a seed."""
    desk = build.desk({"m1": {"k1": (0, 1, 2)}, "m2": {"k1": (-1, 0.5, 1), "k2": (0, 1, 3)}}, costs={"m1": 1, "m2": 2})
    assert assess(desk) == assess(desk)


@pytest.mark.parametrize(
    ("selection", "error", "words"),
    [
        ((Chosen(mission="m9", mode="std"),), UnknownRecordError, "m9"),
        ((Chosen(mission="m1", mode="large"),), UnknownRecordError, "large"),
        ((Chosen(mission="m1", mode="std"), Chosen(mission="m1", mode="std")), InputError, "twice"),
        ((Chosen(mission="m1", mode="std", start=12),), InputError, "12 months"),
    ],
)
def test_a_selection_that_does_not_fit_the_desk_is_refused(build, selection, error, words):
    """Unknown missions and modes, doubles and months past the end are named."""
    with pytest.raises(error, match=words):
        assess(build.desk({"m1": {"k1": 1.0}}), selection=selection)


def test_a_desk_without_weight_is_refused(build):
    """No objective with weight: there is nothing to fit."""
    with pytest.raises(InputError, match="positive weight"):
        assess(build.desk({"m1": {}}, objectives=()))


def test_money_without_a_rate_is_refused(build):
    """A cost in another currency needs a rate; none is guessed."""
    desk = build.desk({"m1": {"k1": 1.0}}, costs={"m1": 5})
    costs = tuple(msgspec.structs.replace(cost, currency="USD") for cost in desk.costs)
    with pytest.raises(MissingRateError, match="USD"):
        assess(msgspec.structs.replace(desk, costs=costs))


def test_importing_the_room_stays_light():
    """The package and its result types load neither NumPy nor SciPy nor HiGHS."""
    code = "import sys, legation.cohesion; print([m for m in ('numpy', 'scipy', 'highspy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_are_functions_whatever_was_imported_first():
    """Importing a module of the room first does not hide the function behind a module of the same name."""
    import legation.cohesion as room

    assert all(not isinstance(getattr(room, name), type(sys)) for name in room.__all__)
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = room.no_such_thing


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_an_effect_that_is_no_number_is_refused(build, value):
    """One infinite or missing effect would spoil every sum: it is named and refused."""
    with pytest.raises(InputError, match=r"m1.*finite"):
        assess(build.desk({"m1": {"k1": (0.0, 1.0, value)}}))


def test_actors_carry_their_names(build):
    """A third party is shown by its name; an actor that nobody knows by its id."""
    relations = build.relations({("FIN", "RUS"): -0.7, ("FIN", "XX-1"): 0.4}, actors=["FIN", "RUS", "XX-1"])
    report = assess(build.desk({"m1": {"k1": 1.0, "FIN": 1.0}}), relations=relations)
    titles = {party.actor.id: party.actor.title for party in report.spill_over.parties}
    assert titles == {"FIN": "Finland", "RUS": "Russia", "XX-1": "XX-1"}


def test_many_objectives_of_uncertain_state_are_sampled(build):
    """With 16 linked objectives that may or may not be served, the interval says that it is sampled."""
    names = tuple(f"k{n}" for n in range(16))
    desk = build.desk(
        {"m1": dict.fromkeys(names, (0.5, 1.0, 1.5))},
        objectives=names,
        links=[(a, "supports", b, 1) for a, b in itertools.pairwise(names)],
    )
    part = assess(desk).part("consistency")
    assert part.interval_kind == "sampled"
    assert part.low < part.value == part.high == 1.0


def test_a_link_to_a_higher_objective_reaches_its_leaves(build):
    """Served d1 supports the higher military objective: both of its leaves are supported."""
    aims = (
        Objective(id="d1", title="Talks", kind="diplomatic", parent="goal", target=1.0),
        Objective(id="top", title="Top", kind="military", parent="goal"),
        Objective(id="a", title="A", kind="military", parent="top", target=1.0),
        Objective(id="b", title="B", kind="military", parent="top", target=1.0),
    )
    report = assess(build.desk({"m1": {"d1": 1.0}}, aims=aims, links=[("d1", "supports", "top", 1)]))

    assert report.part("interplay_military").value == 1.0
    assert [support.objective.id for support in report.interplay.military] == ["a", "b"]
    assert [ref.id for ref in report.consistency.linked] == ["d1", "top"]


def test_a_part_that_does_not_exist_is_refused(build):
    """Asking for an unknown part names it."""
    with pytest.raises(KeyError, match="coverage"):
        assess(build.desk({"m1": {"k1": 1.0}})).part("coverage")
