"""Humanitarian missions follow need, not advantage: each rule, and the ways round it."""

from __future__ import annotations

from datetime import date

import pytest

from legation.desk import (
    Commitment,
    Effect,
    Exclusion,
    Instrument,
    Link,
    Objective,
    Prerequisite,
    Synergy,
)
from legation.desk.rules import RULES

CLINIC, FOOD, RIGA, NORDIC = "clinic-jordan", "food-kenya", "visit-riga", "talks-nordic"
PRINCIPLES = ("Humanity:", "Neutrality:", "Impartiality:", "Independence:")


def effect(**fields) -> Effect:
    """Make an effect of the clinic."""
    values = {"low": 0.0, "likely": 1.0, "high": 1.0, "judge": "J5", "judged": date(2026, 10, 1), "basis": "assessment"}
    return Effect(mission=CLINIC, **{**values, **fields})


def link(source: str, target: str, kind: str, strength: int) -> Link:
    """Make a link with a reason."""
    return Link(source=source, target=target, kind=kind, strength=strength, reason="Because.")


def objective(kind: str, parent: str) -> Objective:
    """Make an objective."""
    return Objective(id="extra", title="Extra", kind=kind, parent=parent)


def synergy(*missions: str, objective: str) -> Synergy:
    """Make a synergy."""
    return Synergy(id="x", missions=missions, objective=objective, low=0, likely=1, high=1)


CASES = {
    "humanitarian-purpose": (
        [("missions", CLINIC, {"purpose": "cooperation"})],
        [("missions", CLINIC, {"instrument": "evacuation"})],
    ),
    "humanitarian-instrument-kept": (
        [Instrument(id="medical-aid", title="Medical aid", parent="capacity")],
        [Instrument(id="medical-aid", title="Field hospital", humanitarian=True)],
    ),
    "humanitarian-effect-objective": ([effect(objective="air")], [effect(objective="clinics", mode="std")]),
    "humanitarian-effect-actor": ([effect(actor="JOR")], [effect(objective="clinics", mode="std")]),
    "humanitarian-prerequisite": (
        [Prerequisite(mission=RIGA, requires=CLINIC)],
        [Prerequisite(mission=RIGA, requires=NORDIC)],
    ),
    "humanitarian-conditional": (
        [Prerequisite(mission=CLINIC, requires=NORDIC)],
        [("prerequisites", "food-kenya|clinic-jordan", {"lag_months": 2})],
    ),
    "humanitarian-synergy": (
        [synergy(CLINIC, RIGA, objective="clinics")],
        [synergy(NORDIC, RIGA, objective="trust")],
    ),
    "humanitarian-exclusion": (
        [Exclusion(id="x", missions=(CLINIC, RIGA))],
        [Exclusion(id="x", missions=(CLINIC, FOOD))],
    ),
    "humanitarian-commitment": (
        [Commitment(id="x", title="X", to=("JOR",), due="2027-06", missions=(CLINIC, RIGA))],
        [Commitment(id="x", title="X", to=("JOR",), due="2027-06", missions=(CLINIC, FOOD))],
    ),
    "humanitarian-parent": ([objective("humanitarian", "north")], [objective("humanitarian", "clinics")]),
    "humanitarian-alternative": (
        [("goals", "baltic", {"combine": "max"}), objective("humanitarian", "baltic")],
        [("goals", "relief", {"combine": "max"}), objective("humanitarian", "relief")],
    ),
    "humanitarian-link": ([link("clinics", "air", "supports", 1)], [link("air", "clinics", "supports", 1)]),
    "humanitarian-link-diplomatic": (
        [link("clinics", "trust", "supports", 1)],
        [link("trust", "clinics", "supports", 1)],
    ),
    "humanitarian-budget": (
        [("costs", "visit-riga|std|coop|total", {"budget": "aid"})],
        [("costs", "visit-riga|std|coop|total", {"item": "travel"})],
    ),
    "humanitarian-paid": (
        [("costs", "clinic-jordan|std|aid|total", {"budget": "coop"})],
        [("costs", "clinic-jordan|std|aid|total", {"item": "tents"})],
    ),
    "humanitarian-during-activity": (
        [("missions", CLINIC, {"meant_during": ("spring-storm",)})],
        [("missions", NORDIC, {"meant_during": ("spring-storm",)})],
    ),
}


def test_every_rule_has_an_example():
    """The examples cover every humanitarian rule, and no other rule carries the name."""
    assert {code for code, rule in RULES.items() if rule.topic == "humanitarian"} == set(CASES)
    assert {code for code in RULES if code.startswith("humanitarian-")} == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_broken_example_names_its_principle(breaks, code):
    """The broken example is found, and the fault names the principle and that aid is never a lever."""
    faults = breaks(code, CASES[code][0])

    assert faults
    assert all(any(name in fault.message for name in PRINCIPLES) for fault in faults)
    assert all("never a lever" in fault.message for fault in faults)


@pytest.mark.parametrize("code", CASES)
def test_kept_example_is_left_alone(breaks, code):
    """The example just on the right side of the rule gives no fault of it."""
    assert breaks(code, CASES[code][1]) == []


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("humanitarian-purpose", ("missions", RIGA, {"purpose": "humanitarian"})),
        ("humanitarian-effect-objective", effect(objective="trust")),
        ("humanitarian-synergy", synergy(CLINIC, FOOD, objective="air")),
        ("humanitarian-parent", objective("military", "clinics")),
        ("humanitarian-link", link("clinics", "air", "hinders", -1)),
        ("humanitarian-link", link("air", "clinics", "depends", 1)),
        ("humanitarian-link-diplomatic", link("trust", "clinics", "depends", 1)),
    ],
)
def test_each_rule_holds_the_other_way_round(breaks, code, change):
    """Each rule also finds the breach from its other side."""
    assert breaks(code, [change])


def test_an_own_instrument_below_a_humanitarian_one_is_humanitarian(breaks):
    """A branch stays humanitarian to its tips, so a new name is no way round the rules."""
    tents = Instrument(id="tents", title="Tents", parent="food-distribution")
    relabelled = ("missions", CLINIC, {"instrument": "tents", "purpose": "cooperation"})

    assert breaks("humanitarian-purpose", [tents, relabelled])
    assert breaks("humanitarian-effect-actor", [tents, relabelled, effect(actor="JOR")])


def test_a_replaced_branch_is_no_way_round(breaks):
    """Replacing the root of the branch by an ordinary instrument is found."""
    assert breaks("humanitarian-instrument-kept", [Instrument(id="humanitarian", title="Relief")])


def test_others_may_help_those_in_need(breaks):
    """A mission of another kind may serve a humanitarian objective, and a military one may be said to hinder it."""
    helping = ("effects", "visit-riga|std||trust|", {"objective": "clinics"})

    assert [code for code in CASES if breaks(code, [helping, link("north", "clinics", "hinders", -2)])] == []
