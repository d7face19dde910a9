"""One broken and one kept example for each rule on missions, people, money, constraints and context."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from legation.desk import (
    Activity,
    Allotment,
    Authority,
    Ban,
    Duty,
    Embassy,
    ExchangeRate,
    Exclusion,
    Holder,
    Instrument,
    Judgement,
    Lead,
    Mode,
    Person,
    Position,
    Prerequisite,
    RiskCap,
    Sanction,
    TravelTime,
)
from legation.desk.rules import RULES

TOPICS = {
    "missions",
    "leads",
    "caps",
    "travel",
    "windows",
    "staffing",
    "people",
    "money",
    "authorities",
    "constraints",
    "decisions",
    "context",
    "plans",
}
RIGA, NORDIC, NATO, EXERCISE = "visit-riga", "talks-nordic", "nato-conference", "exercise-latvia"
COST = "visit-riga|std|coop|total"
NEED = "visit-riga|std|lead"
ENTRY = "first|visit-riga"
PROMISE = ("commitments", "promise")


def mission(key: str, **fields) -> tuple:
    """Make an edit of a mission."""
    return ("missions", key, fields)


def sanction(**fields) -> Sanction:
    """Make an arms embargo."""
    values = {
        "id": "x",
        "target": "LVA",
        "imposed_by": "UN",
        "kind": "arms",
        "reference": "r",
        "start": date(2027, 1, 1),
    }
    return Sanction(**{**values, **fields})


def judgement(**fields) -> Judgement:
    """Make a judgement of the relation with Russia."""
    values = {"id": "x", "subject": "EST", "object": "RUS", "dated": date(2026, 1, 1), "judge": "J5", "reason": "r"}
    return Judgement(**{**values, **fields})


def activity(**fields) -> Activity:
    """Make an exercise of the observer."""
    values = {"id": "x", "title": "X", "kind": "exercise", "side": "own", "actor": "EST", "start": date(2027, 1, 1)}
    return Activity(**{**values, **fields})


CASES = {
    "instrument-cycle": (
        [Instrument(id="a", title="A", parent="b"), Instrument(id="b", title="B", parent="a")],
        [Instrument(id="a", title="A", parent="b"), Instrument(id="b", title="B", parent="talks")],
    ),
    "mission-bilateral": ([mission(RIGA, partners=("LVA", "LTU"))], [mission(RIGA, partners=("LTU",))]),
    "mission-multilateral": ([mission(NORDIC, partners=("FIN",))], [mission(NORDIC, partners=("NORDEFCO",))]),
    "mission-observer": ([mission(NORDIC, partners=("FIN", "EST"))], [mission(NORDIC, partners=("FIN", "NOR"))]),
    "mission-partners-once": ([mission(NORDIC, partners=("FIN", "FIN"))], [mission(NORDIC, partners=("FIN", "DNK"))]),
    "mission-quorum": (
        [mission(NORDIC, quorum=2)],
        [mission(NORDIC, quorum=2), ("leads", "talks-nordic|FIN", None)],
    ),
    "lead-observer": (
        [Lead(mission=NORDIC, actor="EST", share=0.5)],
        [Lead(mission=NORDIC, actor="SWE", share=0.5)],
    ),
    "lead-partner": ([Lead(mission=RIGA, actor="FIN")], [Lead(mission=RIGA, actor="LVA")]),
    "lead-shares": (
        [Lead(mission=NORDIC, actor="SWE", share=0.8)],
        [Lead(mission=NORDIC, actor="SWE", share=0.7)],
    ),
    "lead-cost": (
        [("costs", "talks-nordic|std|coop|total", {"covers": "own"})],
        [("costs", "talks-nordic|std|coop|total", {"covers": "own"}), ("leads", "talks-nordic|FIN", {"share": 0.0})],
    ),
    "cost-covers": (
        [("costs", COST, {"covers": "whole"})],
        [("costs", COST, {"covers": "whole"}), Lead(mission=RIGA, actor="LVA")],
    ),
    "risk-cap-missions": (
        [RiskCap(id="x", limit=1, owner="j5", partner="LVA", instrument="conference")],
        [RiskCap(id="x", limit=1, owner="j5", partner="LVA", instrument="exercises")],
    ),
    "risk-cap-fixed": (
        [("risk_caps", "latvia", {"limit": 0.05})],
        [("risk_caps", "latvia", {"limit": 0.05, "partner": "FIN"})],
    ),
    "spill-cap-observer": (
        [("spill_caps", "spare-russia", {"actor": "EST"})],
        [("spill_caps", "spare-russia", {"actor": "FIN"})],
    ),
    "travel-time-ends": (
        [TravelTime(station="LVA", place="LVA", days=1)],
        [TravelTime(station="LVA", place="FIN", days=1)],
    ),
    "travel-time-once": (
        [TravelTime(station="LVA", place="EST", days=1)],
        [TravelTime(station="LVA", place="LTU", days=1)],
    ),
    "staff-need-days": (
        [("staff_needs", NEED, {"days": 21})],
        [("staff_needs", NEED, {"days": 20})],
    ),
    "mission-dated": ([mission(EXERCISE, start=None)], [mission(RIGA, start=None, mode=None)]),
    "mission-in-time": (
        [mission(EXERCISE, start="2026-12")],
        [mission(EXERCISE, start="2026-12", status="executing")],
    ),
    "mission-modes": ([("modes", "talks-nordic|std", None)], [("modes", "exercise-latvia|small", None)]),
    "mission-must-do": ([mission("port-call", must_do=True)], [mission(RIGA, must_do=True)]),
    "mode-length": (
        [("modes", "exercise-latvia|small", {"months": 25})],
        [("modes", "exercise-latvia|small", {"months": 24})],
    ),
    "window-room": (
        [("windows", "visit-riga|std|2027-03", {"start": "2026-10", "end": "2026-12"})],
        [("windows", "visit-riga|std|2027-03", {"start": "2026-12", "end": "2027-01"})],
    ),
    "staff-need-ranks": (
        [("staff_needs", NEED, {"rank_min": "OF-1", "rank_max": "OR-9"})],
        [("staff_needs", NEED, {"rank_min": "OF-5", "rank_max": "OF-5"})],
    ),
    "staff-need-fit": (
        [("staff_needs", NEED, {"languages": ("lv:C1",)})],
        [("staff_needs", NEED, {"languages": ("lv:B1", "en:C2"), "clearance": "secret", "station": "LVA"})],
    ),
    "holder-overlap": (
        [("holders", "attache|kask|2027-08-01", {"start": date(2027, 7, 31)})],
        [("holders", "attache|kask|2027-08-01", {"start": date(2027, 12, 1)})],
    ),
    "holder-two-posts": (
        [("holders", "j5|tamm|2027-08-01", {"start": date(2027, 7, 31)})],
        [Person(id="mets", name="C. Mets", rank="OF-5"), ("holders", "j5|tamm|2027-08-01", {"person": "mets"})],
    ),
    "holder-headcount": (
        [Holder(position="pool", person="kask", start=date(2020, 1, 1), end=date(2020, 2, 1))],
        [
            Position(id="planner", title="Planner", rank="OF-2"),
            Holder(position="planner", person="kask", start=date(2020, 1, 1), end=date(2020, 2, 1)),
        ],
    ),
    "position-reports-cycle": (
        [("positions", "j5", {"reports_to": "attache"})],
        [("positions", "attache", {"reports_to": "pool"})],
    ),
    "money-amount": ([("costs", COST, {"amount": Decimal(-1)})], [("costs", COST, {"amount": Decimal(0)})]),
    "money-convertible": (
        [("costs", COST, {"currency": "SEK"})],
        [("costs", COST, {"currency": "EUR", "price_year": 2027})],
    ),
    "exchange-rate-positive": (
        [("exchange_rates", "EUR|USD|2026-12-01", {"rate": Decimal(0)})],
        [("exchange_rates", "EUR|USD|2026-12-01", {"rate": Decimal("0.0001")})],
    ),
    "exchange-rate-pair": (
        [ExchangeRate(base="EUR", quote="EUR", date=date(2026, 1, 1), rate=Decimal(1))],
        [ExchangeRate(base="SEK", quote="EUR", date=date(2026, 1, 1), rate=Decimal("0.09"))],
    ),
    "price-index-positive": (
        [("price_indices", "USD|2026", {"index": Decimal(-3)})],
        [("price_indices", "USD|2026", {"index": Decimal("0.97")})],
    ),
    "allotment-in-time": (
        [
            Allotment(
                budget="coop", start="2026-01", expires="2026-12", amount=Decimal(1), currency="EUR", price_year=2027
            )
        ],
        [
            Allotment(
                budget="coop", start="2026-01", expires="2027-01", amount=Decimal(1), currency="EUR", price_year=2027
            )
        ],
    ),
    "budget-allotted": (
        [("allotments", "coop|2027-01|2028-12", None)],
        [("allotments", "coop|2027-01|2028-12", {"amount": Decimal(0)})],
    ),
    "authority-ceiling": (
        [("authorities", "coop-act", {"currency": None})],
        [("authorities", "coop-act", {"ceiling": None, "ceiling_year": Decimal(90_000)})],
    ),
    "authority-instrument": (
        [("authorities", "coop-act", {"instruments": ("training",)})],
        [("authorities", "coop-act", {"instruments": ("training", "visit")})],
    ),
    "authority-budget": (
        [("authorities", "coop-act", {"budgets": ("aid",)})],
        [
            ("authorities", "coop-act", {"budgets": ("aid",)}),
            Authority(id="other", title="Other", reference="r"),
            ("modes", "visit-riga|std", {"authority": "other"}),
        ],
    ),
    "prerequisite-self": (
        [Prerequisite(mission=RIGA, requires=RIGA)],
        [Prerequisite(mission=RIGA, requires=NATO)],
    ),
    "prerequisite-cycle": (
        [Prerequisite(mission=RIGA, requires=NATO), Prerequisite(mission=NATO, requires=EXERCISE)],
        [Prerequisite(mission=RIGA, requires=NATO), Prerequisite(mission=EXERCISE, requires=NATO)],
    ),
    "prerequisite-cancelled": (
        [Prerequisite(mission=RIGA, requires="port-call")],
        [Prerequisite(mission="port-call", requires=RIGA)],
    ),
    "exclusion-missions": (
        [("exclusions", "one-of-two", {"missions": (RIGA, RIGA)})],
        [("exclusions", "one-of-two", {"missions": (RIGA, EXERCISE)})],
    ),
    "exclusion-fixed": (
        [Exclusion(id="x", missions=(EXERCISE, NATO))],
        [Exclusion(id="x", missions=(EXERCISE, NATO)), mission(NATO, must_do=False)],
    ),
    "gate-missions": (
        [("gates", "vetting", {"missions": ()})],
        [("gates", "vetting", {"missions": (RIGA,)})],
    ),
    "ban-purpose": (
        [("bans", "quiet-weeks", {"purposes": ("tourism",)})],
        [("bans", "quiet-weeks", {"purposes": ("deterrence", "mediation")})],
    ),
    "ban-selectors": (
        [Ban(id="x", reason="r", start=date(2027, 1, 1))],
        [Ban(id="x", reason="r", start=date(2027, 1, 1), places=("RUS",))],
    ),
    "sanction-target": ([sanction(target="EST")], [sanction(target="BLR")]),
    "willingness-scope": (
        [("willingness", "LVA|visit-riga|", {"instrument": "visit"})],
        [("willingness", "LVA|visit-riga|", {"mission": None})],
    ),
    "willingness-partner": (
        [("willingness", "LVA|visit-riga|", {"partner": "FIN"})],
        [("willingness", "LVA|visit-riga|", {"partner": "SWE", "mission": NORDIC})],
    ),
    "partner-observer": (
        [("absorption", "lva-visits", {"partner": "EST"})],
        [("absorption", "lva-visits", {"partner": "FIN"})],
    ),
    "pin-contradiction": (
        [("pins", "food-kenya", {"mission": EXERCISE})],
        [("pins", "food-kenya", {"mission": RIGA})],
    ),
    "pin-out-detail": (
        [("pins", "food-kenya", {"mode": "std"})],
        [("pins", "food-kenya", {"mode": "std", "decision": "in"})],
    ),
    "pin-in-time": (
        [("pins", "talks-nordic", {"start": "2029-01"})],
        [("pins", "talks-nordic", {"start": "2028-12"})],
    ),
    "commitment-missions": (
        [(*PROMISE, {"missions": (RIGA, "port-call")})],
        [(*PROMISE, {"missions": (), "status": "kept"})],
    ),
    "commitment-due": ([(*PROMISE, {"due": "2026-12"})], [(*PROMISE, {"due": "2026-12", "status": "broken"})]),
    "fixed-mission-sanctioned": ([sanction()], [sanction(end=date(2027, 8, 31))]),
    "fixed-mission-gate": (
        [("gates", "vetting", {"status": "failed"})],
        [("gates", "vetting", {"status": "failed", "missions": (RIGA,)})],
    ),
    "judgement-parties": (
        [judgement(object="EST", tension=0.5)],
        [judgement(tension=0.5)],
    ),
    "judgement-content": ([judgement()], [judgement(alignment=0.0)]),
    "duty-trigger": (
        [Duty(id="x", title="X", clause="c", due=date(2027, 1, 1))],
        [Duty(id="x", title="X", clause="c", due=date(2027, 1, 1), agreement="mou")],
    ),
    "activity-place": ([activity(latitude=59.0)], [activity(latitude=0.0, longitude=0.0)]),
    "activity-side": ([activity(side="rival")], [activity(side="rival", actor="RUS")]),
    "embassy-parties": (
        [Embassy(id="x", sender="FIN", host="FIN", city="Helsinki")],
        [Embassy(id="x", sender="FIN", host="EST", city="Tallinn")],
    ),
    "plan-entry-in-time": (
        [("plan_entries", ENTRY, {"start": "2029-01"})],
        [("plan_entries", ENTRY, {"start": "2028-12"})],
    ),
    "plan-entry-staff": (
        [("plan_entries", ENTRY, {"staff": ("driver:attache",)})],
        [("plan_entries", ENTRY, {"staff": ("lead:j5",)})],
    ),
    "plan-entry-count": (
        [("plan_entries", ENTRY, {"staff": ("lead:j5", "lead:attache")})],
        [("plan_entries", ENTRY, {"staff": ("lead:j5", "lead:attache")}), ("staff_needs", NEED, {"count": 2})],
    ),
}


def test_every_rule_has_an_example():
    """The examples here cover every rule of these topics."""
    assert {code for code, rule in RULES.items() if rule.topic in TOPICS} == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_broken_example_is_found(breaks, code):
    """The broken example gives a fault of its rule, with a remedy."""
    faults = breaks(code, CASES[code][0])

    assert faults
    assert all(fault.remedy and fault.message.endswith(".") for fault in faults)
    assert {fault.severity for fault in faults} == {RULES[code].severity}


@pytest.mark.parametrize("code", CASES)
def test_kept_example_is_left_alone(breaks, code):
    """The example just on the right side of the rule gives no fault of it."""
    assert breaks(code, CASES[code][1]) == []


@pytest.mark.parametrize(
    ("decision", "fields", "status"),
    [
        ("out", {}, {"must_do": True}),
        ("out", {}, {"status": "executing", "start": "2027-01", "mode": "std"}),
        ("in", {}, {"status": "cancelled"}),
        ("in", {"start": "2027-05"}, {"status": "committed", "start": "2027-06", "mode": "std"}),
        ("in", {"mode": "std"}, {"status": "committed", "start": "2027-06", "mode": "large"}),
    ],
)
def test_pins_against_each_status(breaks, decision, fields, status):
    """A pin that contradicts must-do, cancelled, committed or executing is found."""
    pin = ("pins", NORDIC, {"decision": decision, "mode": None, "start": None, **fields})

    assert breaks("pin-contradiction", [mission(NORDIC, **status), pin])


def test_a_promise_beyond_the_desk_is_a_warning(breaks):
    """A promise due after the desk's end is shown, and does not stop the desk."""
    (fault,) = breaks("commitment-due", [(*PROMISE, {"due": "2029-06"})])

    assert fault.severity == "warning"


def test_an_old_start_of_a_kept_plan_is_a_warning(breaks):
    """A kept plan of an earlier time is shown as such, and does not stop the desk."""
    (fault,) = breaks("plan-entry-in-time", [("plan_entries", ENTRY, {"start": "2026-12"})])

    assert fault.severity == "warning"


@pytest.mark.parametrize("text", ["lead", ":j5", "lead:", "", "lead:gone"])
def test_staff_that_cannot_be_read_is_found(breaks, text):
    """An entry without role, colon or known position is found, not dropped."""
    assert breaks("plan-entry-staff", [("plan_entries", ENTRY, {"staff": (text,)})])


def test_a_post_is_used_once(breaks):
    """A single post cannot fill two roles of one mission."""
    staff = ("plan_entries", ENTRY, {"staff": ("lead:j5", "lead:j5")})

    assert breaks("plan-entry-count", [staff, ("staff_needs", NEED, {"count": 2})])


def test_a_bad_rate_is_not_also_a_missing_one(breaks):
    """A rate of zero is reported as such, and no cost is said to lack a rate."""
    zero = [("exchange_rates", "EUR|USD|2026-12-01", {"rate": Decimal(0)})]

    assert breaks("exchange-rate-positive", zero)
    assert breaks("money-convertible", zero) == []


def test_a_rate_after_the_desk_starts_does_not_count(breaks):
    """A rate dated after the desk's first day converts nothing, and the remedy says what is missing."""
    late = ("exchange_rates", "EUR|USD|2026-12-01", {"date": date(2027, 1, 2)})
    faults = breaks("money-convertible", [late])

    assert [(fault.kind, fault.field) for fault in faults] == [("costs", "currency")] * 5
    assert all("base USD, quote EUR" in fault.remedy for fault in faults)


def test_three_holders_at_once_are_all_found(breaks):
    """Each holding that starts while another lasts is a fault, also inside a long one."""
    holders = [
        Holder(position="attache", person="kask", start=date(2026, 9, 1), end=date(2026, 9, 30)),
        Holder(position="attache", person="kask", start=date(2026, 11, 1), end=date(2026, 11, 30)),
    ]

    assert len(breaks("holder-overlap", holders)) == 2


def test_a_sanction_of_another_kind_forbids_only_what_it_names(breaks):
    """A travel sanction forbids nothing by itself, and whatever its row names."""
    assert breaks("fixed-mission-sanctioned", [sanction(kind="travel")]) == []
    assert breaks("fixed-mission-sanctioned", [sanction(kind="travel", forbids=("exercises",))])


def test_a_named_post_has_to_fit_by_itself(breaks):
    """A need for one post is measured against that post, not against others that would fit."""
    assert breaks("staff-need-fit", [("staff_needs", NEED, {"position": "pool"})])
    assert breaks("staff-need-fit", [("staff_needs", NEED, {"position": "attache"})]) == []
    assert breaks("staff-need-fit", [("staff_needs", NEED, {"station": "FIN"})])


def test_hostile_lists_take_no_long_time(breaks):
    """A hundred thousand partners, most of them repeated, are counted once."""
    (fault,) = breaks("mission-partners-once", [mission(NORDIC, partners=("FIN", "SWE") * 50_000)])

    assert fault.message == "Named more than once: FIN, SWE."


def test_a_commitment_beyond_the_desk_is_a_warning(breaks):
    """A mission committed for after the desk's end is shown, and does not stop the desk; a past one does."""
    (late,) = breaks("mission-in-time", [mission(EXERCISE, start="2029-03")])
    (past,) = breaks("mission-in-time", [mission(EXERCISE, start="2026-11", status="executing")])

    assert (late.severity, past.severity) == ("warning", "error")


def test_nothing_lies_above_itself(breaks):
    """An instrument, a position and an objective that name themselves are found like longer loops."""
    assert breaks("instrument-cycle", [Instrument(id="a", title="A", parent="a")])
    assert breaks("position-reports-cycle", [("positions", "j5", {"reports_to": "j5"})])
    assert breaks("objective-cycle", [("objectives", "clinics", {"parent": "clinics"})])


def test_a_mode_that_no_window_names_is_free(breaks):
    """Windows of one mode do not bind another."""
    windows = ("windows", "visit-riga|std|2027-03", {"start": "2020-01", "end": "2020-02"})
    general = ("windows", "visit-riga||2026-01", None)

    assert breaks("window-room", [windows, general])
    assert breaks("window-room", [windows, general, Mode(mission=RIGA, id="short")]) == []
