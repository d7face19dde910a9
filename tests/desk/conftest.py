"""A small desk that keeps every rule, and a way to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from legation.desk import (
    KINDS,
    Absence,
    Absorption,
    Activity,
    Agreement,
    Allotment,
    Authority,
    Ban,
    Budget,
    Commitment,
    Cost,
    Desk,
    DeskInfo,
    Duty,
    Effect,
    Embassy,
    ExchangeRate,
    Exclusion,
    Fault,
    Gate,
    Goal,
    Holder,
    Indicator,
    Instrument,
    Judgement,
    Label,
    Lead,
    Link,
    Mission,
    Mode,
    Objective,
    Person,
    Pin,
    PlaceRisk,
    Plan,
    PlanEntry,
    Position,
    Prerequisite,
    PriceIndex,
    Record,
    Report,
    RiskCap,
    SafetyLimit,
    Sanction,
    SpillCap,
    StaffNeed,
    Synergy,
    TravelTime,
    Willingness,
    Window,
)
from legation.desk.rules import check_desk

JUDGED = date(2026, 10, 1)
TALKS = ("visit-riga", "talks-nordic", "nato-conference")
AID = ("clinic-jordan", "food-kenya")


def _missions() -> Iterable[Record]:
    coop: dict[str, Any] = {"purpose": "cooperation", "owner": "j5", "risk_owner": "j5"}
    yield Mission(
        id="visit-riga", title="Visit to Riga", instrument="visit", format="bilateral", partners=("LVA",), place="LVA",
        authority="coop-act", meant_during=("spring-storm",), label="nr", **coop,
    )  # fmt: skip
    yield Mission(
        id="talks-nordic", title="Staff talks", instrument="staff-talks", format="multilateral",
        partners=("FIN", "SWE"), quorum=1, **coop,
    )  # fmt: skip
    yield Mission(
        id="nato-conference", title="Conference", instrument="conference", format="multilateral", partners=("NATO",),
        must_do=True, **coop,
    )  # fmt: skip
    yield Mission(
        id="exercise-latvia", title="Field exercise", instrument="joint-exercise", format="bilateral",
        partners=("LVA",), status="committed", start="2027-09", mode="large", **coop,
    )  # fmt: skip
    yield Mission(
        id="course-georgia", title="Winter course", instrument="winter-course", format="bilateral", partners=("GEO",),
        purpose="capacity_building", status="done", start="2026-03", mode="std",
    )  # fmt: skip
    yield Mission(
        id="port-call", title="Port call", instrument="port-call", format="bilateral", partners=("SWE",),
        status="cancelled", **coop,
    )  # fmt: skip
    for name, instrument, partner in zip(AID, ("medical-aid", "food-distribution"), ("JOR", "KEN"), strict=True):
        yield Mission(
            id=name, title=f"Relief in {partner}", instrument=instrument, format="bilateral", partners=(partner,),
            purpose="humanitarian",
        )  # fmt: skip
    for name in (*TALKS, *AID, "course-georgia"):
        yield Mode(mission=name, id="std")
    yield Lead(mission="talks-nordic", actor="FIN", share=0.3)
    yield Mode(mission="exercise-latvia", id="large", months=2, risk=0.1)
    yield Mode(mission="exercise-latvia", id="small")
    for name in TALKS:
        yield _cost(name, budget="coop", covers="whole" if name == "talks-nordic" else "own")
        yield StaffNeed(mission=name, mode="std", role="lead", rank_min="OF-3", rank_max="OF-5", languages=("en:B2",))
    for name in AID:
        yield _cost(name, budget="aid")
    yield Window(mission="visit-riga", start="2026-01", end="2026-06")
    yield Window(mission="visit-riga", start="2027-03", end="2027-06", mode="std")


def _cost(mission: str, *, budget: str, **fields: Any) -> Cost:
    return Cost(
        mission=mission, mode="std", budget=budget, amount=Decimal(5000), currency="USD", price_year=2026, **fields
    )


def _effect(**fields: Any) -> Effect:
    values = {"low": 0.5, "likely": 1.0, "high": 2.0, "judge": "J5", "judged": JUDGED, "basis": "assessment"}
    return Effect(**{**values, **fields})


def _aims() -> Iterable[Record]:
    yield Label(id="nr", policy="NATO", classification="restricted", releasable_to=("EST", "LVA"))
    yield Goal(id="baltic", title="Baltic security", weight=2.0, owner="j5")
    yield Goal(id="relief", title="Relief of suffering")
    yield Objective(id="north", title="The north holds together", kind="diplomatic", parent="baltic")
    yield Objective(id="air", title="Air policing", kind="military", parent="north", needs=("LVA",))
    yield Objective(id="trust", title="Trust with Latvia", kind="diplomatic", parent="north", affects=("RUS",))
    yield Objective(id="clinics", title="Clinics reach all", kind="humanitarian", parent="relief")
    yield Link(source="trust", target="air", kind="supports", strength=2, reason="Overflight needs consent.")
    yield Link(source="air", target="trust", kind="depends", strength=1, reason="Bases.")
    yield Link(source="air", target="clinics", kind="hinders", strength=-1, reason="Airspace is shared.")
    yield Indicator(
        id="visits", objective="trust", title="Visits", unit="visits", baseline=2, baseline_date=date(2026, 1, 1),
        target=10, target_date=date(2028, 12, 31), source="Desk", points_per_unit=0.5,
    )  # fmt: skip
    yield Instrument(id="winter-course", title="Winter course", parent="training")
    yield _effect(mission="visit-riga", mode="std", objective="trust")
    yield _effect(mission="talks-nordic", objective="trust", low=2, likely=4, high=8, indicator="visits")
    yield _effect(
        mission="exercise-latvia", actor="RUS", low=-2, likely=-1, high=0, basis="study", reference="RAND 2017"
    )
    yield _effect(mission="clinic-jordan", objective="clinics")
    yield _effect(activity="spring-storm", objective="air")
    yield Synergy(
        id="visit-then-exercise", missions=("visit-riga", "exercise-latvia"), objective="trust", low=0, likely=1, high=1
    )
    yield Synergy(id="relief", missions=AID, objective="clinics", low=0, likely=1, high=1)


def _people_and_money() -> Iterable[Record]:
    yield Position(id="j5", title="Head of J5", rank="OF-5", languages=("en:C1", "et:N"), clearance="secret")
    yield Position(id="attache", title="Attaché", rank="OF-4", languages=("en:C1",), station="LVA", reports_to="j5")
    yield Position(id="pool", title="Planners", rank="OF-2", headcount=5, reports_to="j5")
    yield Person(id="tamm", name="A. Tamm", rank="OF-4", languages=("en-GB:C2", "lv:B2"), clearance="secret")
    yield Person(id="kask", name="B. Kask", rank="OF-4")
    yield Holder(position="attache", person="tamm", start=date(2026, 8, 1), end=date(2027, 7, 31))
    yield Holder(position="attache", person="kask", start=date(2027, 8, 1))
    yield Holder(position="j5", person="tamm", start=date(2027, 8, 1))
    yield Absence(position="attache", start=date(2027, 7, 1), end=date(2027, 7, 31), reason="Handover")
    yield TravelTime(station="EST", place="LVA", days=2)
    yield Budget(id="coop", title="Cooperation", owner="j5")
    yield Budget(id="aid", title="Relief", humanitarian=True)
    for name in ("coop", "aid"):
        yield Allotment(
            budget=name, start="2027-01", expires="2028-12", amount=Decimal(100_000), currency="EUR", price_year=2027
        )
    yield ExchangeRate(base="EUR", quote="USD", date=date(2026, 12, 1), rate=Decimal("1.08"))
    yield PriceIndex(currency="USD", year=2026, index=Decimal(100))
    yield PriceIndex(currency="USD", year=2027, index=Decimal("102.5"))
    yield Authority(
        id="coop-act", title="Cooperation Act", reference="section 4", instruments=("talks",), budgets=("coop",),
        ceiling=Decimal(50_000), currency="EUR", price_year=2027, start="2020-01", holder="j5",
    )  # fmt: skip


def _constraints() -> Iterable[Record]:
    yield Prerequisite(mission="exercise-latvia", requires="visit-riga", lag_months=1)
    yield Prerequisite(mission="food-kenya", requires="clinic-jordan")
    yield Exclusion(id="one-of-two", missions=("visit-riga", "talks-nordic"))
    yield Ban(
        id="quiet-weeks", reason="Elections", start=date(2027, 3, 1), end=date(2027, 3, 7), purposes=("mediation",)
    )
    yield Sanction(
        id="rus-arms", target="RUS", imposed_by="EU", kind="arms", reference="2014/512/CFSP", start=date(2014, 7, 31)
    )
    yield Gate(
        id="vetting", title="Vetting", kind="vetting", missions=("exercise-latvia",), status="passed", owner="j5"
    )
    yield Willingness(partner="LVA", low=0.6, likely=0.8, high=0.9, judged=JUDGED, mission="visit-riga")
    yield Willingness(partner="FIN", low=0.6, likely=0.8, high=0.9, judged=JUDGED, instrument="talks")
    yield Absorption(id="lva-visits", partner="LVA", missions=2, window_months=3, instruments=("visit",))
    yield PlaceRisk(place="JOR", start="2027-01", end="2027-12", risk=0.2, source="Advice to travellers")
    yield SafetyLimit(id="all", threshold=0.6, owner="j5")
    yield RiskCap(id="latvia", limit=0.5, owner="j5", partner="LVA")
    yield SpillCap(id="spare-russia", actor="RUS", limit=0.1, owner="j5")
    yield Pin(mission="talks-nordic", decision="in", start="2027-05", mode="std")
    yield Pin(mission="food-kenya", decision="out")
    yield Commitment(id="promise", title="Two visits", to=("LVA",), due="2028-06", missions=TALKS, count=2)
    yield Commitment(id="pledge", title="Relief", to=("KEN",), due="2028-06", missions=AID)


def _context() -> Iterable[Record]:
    yield Activity(
        id="spring-storm", title="Spring Storm", kind="exercise", side="own", actor="EST", start=date(2027, 5, 1),
        end=date(2027, 5, 20), places=("EST",), latitude=59.4, longitude=26.1, size=12_000, affects=("RUS",),
    )  # fmt: skip
    yield Agreement(
        id="mou", title="Memorandum", parties=("EST", "LVA"), kind="memorandum", status="in_force",
        signed=date(2019, 1, 5), in_force=date(2019, 3, 1),
    )  # fmt: skip
    yield Duty(id="notify", title="Notify", clause="Vienna Document 38", due=date(2027, 3, 20), activity="spring-storm")
    yield Report(id="r1", title="Course held", dated=date(2026, 4, 1), author="attache", mission="course-georgia")
    yield Embassy(id="est-lva", sender="EST", host="LVA", city="Riga", opened=date(1991, 10, 1))
    yield Judgement(id="j-rus", subject="EST", object="RUS", dated=JUDGED, judge="J5", reason="Border", tension=0.8)
    yield Plan(id="first", title="First plan", made=JUDGED)
    yield PlanEntry(plan="first", mission="visit-riga", mode="std", start="2027-04", staff=("lead:attache",))


def _put(desk: Desk, records: Iterable[Record]) -> Desk:
    held: dict[str, list[Record]] = {kind: list(desk.records(kind)) for kind in KINDS}
    for record in records:
        held[record.KIND].append(record)
    return Desk(info=desk.info, **{kind: tuple(rows) for kind, rows in held.items()})


@pytest.fixture(scope="session")
def small_desk() -> Desk:
    """Return a desk that keeps every rule and holds at least one record of every kind."""
    info = DeskInfo(
        id="est", title="Estonia", observer="EST", start="2027-01", months=24, currency="EUR", price_year=2027,
        language="et",
    )  # fmt: skip
    records = (*_missions(), *_aims(), *_people_and_money(), *_constraints(), *_context())
    return _put(Desk(info=info), records)


@pytest.fixture(scope="session")
def changed() -> Callable[..., Desk]:
    """Return a function that adds records to a desk, and edits or removes others.

    A record is added. ``("missions", "visit-riga", {...})`` edits fields; with None in their place the record goes.
    """

    def change(desk: Desk, *changes: Any) -> Desk:
        for item in changes:
            if isinstance(item, Record):
                desk = _put(desk, (item,))
                continue
            kind, key, fields = item
            if kind == "desk":
                desk = msgspec.structs.replace(desk, info=msgspec.structs.replace(desk.info, **fields))
                continue
            assert key in {row.key for row in desk.records(kind)}, f"no {kind} {key}"
            rows = [
                msgspec.structs.replace(row, **fields) if row.key == key else row
                for row in desk.records(kind)
                if row.key != key or fields is not None
            ]
            desk = msgspec.structs.replace(desk, **{kind: tuple(rows)})
        return desk

    return change


@pytest.fixture(scope="session")
def breaks(small_desk: Desk, changed: Callable[..., Desk]) -> Callable[..., list[Fault]]:
    """Return a function that changes the small desk and gives the faults of one rule."""

    def found(code: str, changes: Iterable[Any]) -> list[Fault]:
        return [fault for fault in check_desk(changed(small_desk, *changes)) if fault.rule == code]

    return found
