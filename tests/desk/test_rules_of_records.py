"""One broken and one kept example for each rule on fields, references, aims and effects."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from legation.actors import actor
from legation.desk import (
    Ban,
    Embassy,
    Goal,
    Link,
    Mode,
    Objective,
    Settings,
    Synergy,
    Willingness,
)
from legation.desk.rules import RULES, check_desk

TOPICS = {"structure", "texts", "references", "parties", "languages", "dates", "settings", "aims", "effects"}
RIGA = "visit-riga"
ON_TRUST = "visit-riga|std||trust|"
EXTRA = {"title": "Extra", "kind": "diplomatic", "parent": "baltic"}


def link(source: str, target: str, kind: str, strength: int) -> Link:
    """Make a link with a reason."""
    return Link(source=source, target=target, kind=kind, strength=strength, reason="Because.")


def settings(**fields) -> tuple:
    """Make a change of the desk's settings."""
    return ("desk", "est", {"settings": Settings(**fields)})


CASES = {
    "record-structure": ([Goal(id="Not An Id", title="Goal")], [Goal(id="an-id", title="Goal", weight=0)]),
    "key-unique": ([Goal(id="baltic", title="Again")], [Mode(mission="talks-nordic", id="small")]),
    "objective-goal-ids": ([Objective(id="relief", **EXTRA)], [Objective(id="relief-2", **EXTRA)]),
    "number-finite": (
        [("effects", ON_TRUST, {"likely": math.nan})],
        [("effects", ON_TRUST, {"likely": 1.25})],
    ),
    "text-characters": (
        [("missions", RIGA, {"title": "Visit\x1b[2J"})],
        [("missions", RIGA, {"title": "=HYPERLINK(1)", "description": "One\r\ntwo\tthree"})],
    ),
    "text-blank": ([("goals", "baltic", {"title": " \u00a0"})], [("goals", "baltic", {"title": " x"})]),
    "reference-exists": ([("goals", "baltic", {"owner": "j6"})], [("goals", "baltic", {"owner": "pool"})]),
    "mode-of-mission": (
        [("windows", "visit-riga|std|2027-03", {"mode": "large"})],
        [("windows", "visit-riga|std|2027-03", {"mode": None})],
    ),
    "actor-exists": ([("missions", RIGA, {"place": "LAT"})], [("missions", RIGA, {"place": "EST"})]),
    "actor-at-the-time": (
        [("missions", "talks-nordic", {"partners": ("FIN", "SUN")})],
        [("missions", "talks-nordic", {"partners": ("FIN", "RUS")})],
    ),
    "language-tag": (
        [("persons", "kask", {"languages": ("qx:B2",)})],
        [("persons", "kask", {"languages": ("pt-BR:B2",)})],
    ),
    "language-once": (
        [("persons", "kask", {"languages": ("fr:B2", "FR:C1")})],
        [("persons", "kask", {"languages": ("fr:B2", "fr-CA:C1")})],
    ),
    "dates-ordered": (
        [("absences", "attache|2027-07-01", {"end": date(2027, 6, 30)})],
        [("absences", "attache|2027-07-01", {"end": date(2027, 7, 1)})],
    ),
    "settings-alpha": (
        [settings(spill_alpha=0.7, spill_alpha_max=0.6)],
        [settings(spill_alpha=0.6, spill_alpha_max=0.6)],
    ),
    "settings-breakpoints": (
        [settings(value_breakpoints=((1.0, 0.2), (1.5, 1.0)))],
        [settings(value_breakpoints=((0.5, 2.0), (1.0, 0.5), (2.0, 0.0)))],
    ),
    "settings-finite": ([settings(risk_weight=math.inf)], [settings(risk_weight=0.0)]),
    "goal-weights": (
        [("goals", "baltic", {"weight": 0.0}), ("goals", "relief", {"weight": 0.0})],
        [("goals", "baltic", {"weight": 0.0})],
    ),
    "goal-objectives": ([Goal(id="arctic", title="Arctic")], [Goal(id="arctic", title="Arctic", weight=0.0)]),
    "objective-cycle": (
        [("objectives", "north", {"parent": "air"})],
        [("objectives", "air", {"parent": "baltic"})],
    ),
    "objective-weights": (
        [("objectives", "air", {"weight": 0.0}), ("objectives", "trust", {"weight": 0.0})],
        [("objectives", "air", {"weight": 0.0})],
    ),
    "objective-combine": (
        [("objectives", "trust", {"combine": "max"})],
        [("objectives", "north", {"combine": "max"})],
    ),
    "objective-needs-observer": (
        [("objectives", "air", {"needs": ("EST",)})],
        [("objectives", "air", {"needs": ("FIN",)})],
    ),
    "link-self": ([link("air", "air", "supports", 1)], [link("air", "trust", "supports", 1)]),
    "link-sign": ([link("north", "air", "hinders", 1)], [link("north", "air", "hinders", -1)]),
    "link-contradiction": ([link("trust", "air", "hinders", -1)], [link("trust", "air", "depends", 1)]),
    "link-depends-cycle": ([link("trust", "air", "depends", 1)], [link("clinics", "air", "depends", 1)]),
    "indicator-change": ([("indicators", "visits", {"target": 2})], [("indicators", "visits", {"target": 3})]),
    "indicator-conversion": (
        [("indicators", "visits", {"points_per_unit": -0.5})],
        [("indicators", "visits", {"points_per_unit": -0.5, "target": 0})],
    ),
    "effect-source": (
        [("effects", ON_TRUST, {"activity": "spring-storm"})],
        [("effects", ON_TRUST, {"mission": None, "mode": None, "activity": "spring-storm"})],
    ),
    "effect-target": (
        [("effects", ON_TRUST, {"objective": None})],
        [("effects", ON_TRUST, {"objective": None, "actor": "LVA"})],
    ),
    "effect-mode": (
        [("effects", "||spring-storm|air|", {"mode": "std"})],
        [("effects", ON_TRUST, {"mode": None})],
    ),
    "effect-leaf": (
        [("effects", ON_TRUST, {"objective": "north"})],
        [("effects", ON_TRUST, {"objective": "air"})],
    ),
    "effect-actor-observer": (
        [("effects", ON_TRUST, {"objective": None, "actor": "EST"})],
        [("effects", ON_TRUST, {"objective": None, "actor": "LVA"})],
    ),
    "estimate-order": (
        [Willingness(partner="SWE", low=0.5, likely=0.4, high=0.9, judged=date(2026, 10, 1))],
        [Willingness(partner="SWE", low=0.5, likely=0.5, high=0.5, judged=date(2026, 10, 1))],
    ),
    "effect-range": ([("effects", ON_TRUST, {"high": 3.5})], [("effects", ON_TRUST, {"low": -3, "high": 3})]),
    "effect-indicator": (
        [("indicators", "visits", {"points_per_unit": None})],
        [("effects", ON_TRUST, {"indicator": "visits"})],
    ),
    "effect-reference": (
        [("effects", ON_TRUST, {"basis": "instrument_default", "reference": " "})],
        [("effects", ON_TRUST, {"basis": "study", "reference": "RAND RR1630"})],
    ),
    "synergy-missions": (
        [("synergies", "relief", {"missions": ("food-kenya", "food-kenya")})],
        [("synergies", "relief", {"missions": ("food-kenya", "clinic-jordan")})],
    ),
}


def test_every_rule_has_an_example():
    """The examples here cover every rule of these topics."""
    assert {code for code, rule in RULES.items() if rule.topic in TOPICS} == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_broken_example_is_found(breaks, code):
    """The broken example gives a fault of its rule, with a remedy and the rule's or a stated severity."""
    faults = breaks(code, CASES[code][0])

    assert faults
    assert all(fault.remedy and fault.message.endswith(".") and fault.severity for fault in faults)


@pytest.mark.parametrize("code", CASES)
def test_kept_example_is_left_alone(breaks, code):
    """The example just on the right side of the rule gives no fault of it."""
    assert breaks(code, CASES[code][1]) == []


@pytest.mark.parametrize(
    ("kind", "key", "field", "value"),
    [
        ("desk", "est", "label", "gone"),
        ("objectives", "air", "parent", "gone"),
        ("links", "trust|supports|air", "target", "gone"),
        ("missions", RIGA, "instrument", "gone"),
        ("missions", RIGA, "meant_during", ("spring-storm", "gone")),
        ("missions", RIGA, "mode", "gone"),
        ("costs", "visit-riga|std|coop|total", "budget", "gone"),
        ("staff_needs", "visit-riga|std|lead", "position", "gone"),
        ("holders", "attache|tamm|2026-08-01", "person", "gone"),
        ("authorities", "coop-act", "instruments", ("gone",)),
        ("exclusions", "one-of-two", "missions", (RIGA, "gone")),
        ("safety_limits", "all", "owner", "gone"),
        ("plan_entries", "first|visit-riga", "plan", "gone"),
    ],
)
def test_references_of_every_shape_are_followed(breaks, kind, key, field, value):
    """Single, listed, own and paired references to nothing are found, in the field that holds them."""
    code = "mode-of-mission" if field == "mode" else "reference-exists"
    (fault,) = breaks(code, [(kind, key, {field: value})])

    assert (fault.kind, fault.field) == (kind, field)
    assert "'gone'" in fault.message


def test_remedies_suggest_what_was_meant(breaks):
    """A name that looks like a known one is suggested, for records and for actors."""
    (position,) = breaks("reference-exists", [("goals", "baltic", {"owner": "atache"})])
    (mode,) = breaks("mode-of-mission", [("pins", "talks-nordic", {"mode": "standard"})])
    (actor,) = breaks("actor-exists", [("missions", RIGA, {"place": "LVAA"})])

    assert "Write attache" in position.remedy
    assert mode.remedy == "Name one of its modes: std."
    assert "LVA" in actor.remedy


def test_successors_are_suggested(breaks):
    """A state that no longer exists is answered with who came after it."""
    (fault,) = breaks("actor-at-the-time", [("willingness", "LVA|visit-riga|", {"partner": "CSK"})])

    assert "CZE" in fault.remedy
    assert "SVK" in fault.remedy


@pytest.mark.parametrize(
    "text", ["a\x00b", "\x7f", "\x85", "a\rb", "\ud800", "\ufffe", "\u202efdp.exe", "\x1b]0;x\x07"]
)
@pytest.mark.parametrize("field", ["title", "description"])
def test_hostile_texts_are_found_and_shown_escaped(breaks, text, field):
    """Characters that break stores, terminals or readers are found, and the fault itself shows none of them."""
    (fault,) = breaks("text-characters", [("missions", RIGA, {field: text})])

    assert fault.field == field
    assert str(fault).isprintable()


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "עברית 中文 \U0001f54a", "a\u200fb"])
def test_formulas_and_scripts_of_the_world_are_texts(breaks, text):
    """What looks like a formula is kept as text; letters and direction marks of any script are allowed."""
    assert breaks("text-characters", [("missions", RIGA, {"title": text, "description": text})]) == []


@pytest.mark.parametrize("field", ["title", "location"])
def test_line_breaks_belong_into_descriptions(breaks, field):
    """A title may hold no line break; a longer text may."""
    faults = breaks("text-characters", [("missions", RIGA, {field: "a\nb"})])

    assert bool(faults) == (field == "title")


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_decimals_that_are_no_numbers_are_found_once(breaks, value):
    """An amount that is no number is reported by one rule, and breaks no other."""
    broken = [("costs", "visit-riga|std|coop|total", {"amount": Decimal(value)})]

    (fault,) = breaks("number-finite", broken)

    assert fault.field == "amount"
    assert breaks("money-amount", broken) == []


@pytest.mark.parametrize(
    "steps", [(), ((0.0, 1.0),), ((1.0, 1.0), (1.0, 0.5)), ((1.0, 0.0),), ((1.0, 1.0), (2.0, -0.1)), ((math.nan, 1.0),)]
)
def test_value_steps_that_are_not_concave_are_found(breaks, steps):
    """No steps, steps that do not advance, worthless, falling or undefined ones are faults."""
    assert breaks("settings-breakpoints", [settings(value_breakpoints=steps)])


def test_unsound_records_can_be_referred_to(breaks, small_desk, changed):
    """A record with a bad field gives one fault, and none for those that name it."""
    broken = changed(small_desk, ("missions", RIGA, {"quorum": 0}), ("modes", "talks-nordic|std", {"months": 0}))

    assert [(fault.kind, fault.key, fault.rule) for fault in check_desk(broken)] == [
        ("missions", "visit-riga", "record-structure"),
        ("modes", "talks-nordic|std", "record-structure"),
    ]


def test_a_value_of_a_wrong_type_is_a_fault(breaks):
    """A record made in Python with a value of a wrong type is named with its field."""
    (fault,) = breaks("record-structure", [Goal(id="odd", title=5)])

    assert fault.message == "title: Expected `str`, got `int`."


def test_repeated_keys_are_counted_once(breaks):
    """Three rows with one key give one fault that says so."""
    (fault,) = breaks("key-unique", [Goal(id="baltic", title="2"), Goal(id="baltic", title="3")])

    assert fault.message == "3 goals rows share the key 'baltic'."


def test_other_records_of_two_parties_are_checked_for_dates(breaks):
    """Every kind with two dates is checked for their order."""
    embassy = Embassy(id="x", sender="EST", host="FIN", city="X", opened=date(2020, 1, 1), closed=date(2019, 1, 1))

    assert breaks("dates-ordered", [embassy, Ban(id="b", reason="r", start=date(2020, 1, 1), end=date(2019, 1, 1))])


def test_synergies_follow_the_rules_of_effects(breaks):
    """Order, range and leaf hold for synergies too."""
    odd = Synergy(id="odd", missions=(RIGA, "talks-nordic"), objective="north", low=4, likely=1, high=5)

    assert all(breaks(code, [odd]) for code in ("estimate-order", "effect-range", "effect-leaf"))


def test_a_long_loop_is_found_without_recursion(small_desk):
    """Ten thousand objectives in one loop are one fault."""
    chain = tuple(
        Objective(id=f"o{n:05d}", title="Link", kind="military", parent=f"o{(n + 1) % 10_000:05d}")
        for n in range(10_000)
    )
    faults = check_desk(msgspec.structs.replace(small_desk, objectives=(*small_desk.objectives, *chain)))

    (fault,) = (fault for fault in faults if fault.rule == "objective-cycle")
    assert "(10000 in all)" in fault.message


@pytest.mark.parametrize(
    "place",
    [
        ("modes", "exercise-latvia|large", "risk"),
        ("goals", "baltic", "weight"),
        ("indicators", "visits", "points_per_unit"),
        ("activities", "spring-storm", "latitude"),
        ("willingness", "LVA|visit-riga|", "likely"),
        ("desk", "est", "default_willingness"),
    ],
)
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_no_number_of_any_kind_may_be_undefined(small_desk, changed, place, value):
    """A NaN or infinity in any field, bounded or optional, is an error of the record that holds it."""
    kind, key, field = place
    faults = check_desk(changed(small_desk, (kind, key, {field: value})))

    assert {"number-finite", "record-structure"} & {fault.rule for fault in faults if fault.kind == kind}


def test_an_indicator_of_another_objective_is_found(breaks):
    """An effect cannot be measured by the indicator of something else."""
    (fault,) = breaks("effect-indicator", [("effects", ON_TRUST, {"objective": "air", "indicator": "visits"})])

    assert fault.message == "Indicator visits is of trust."


def test_names_that_a_lookup_forgives_are_corrected(small_desk):
    """Where the lookup understands more than identifiers, the identifier is asked for all the same."""
    faults = check_desk(small_desk, actor_lookup=lambda name: actor("FIN" if name else name))

    assert {fault.remedy for fault in faults if fault.rule == "actor-exists"} == {"Write FIN."}


def test_a_record_of_another_kind_is_found(small_desk):
    """A goal among the missions is a fault, and the missions are judged without it."""
    mixed = msgspec.structs.replace(small_desk, missions=(*small_desk.missions, small_desk.goals[0]))

    (fault,) = check_desk(mixed)

    assert fault.message == "Goal stands where Mission is expected."
