"""The worked example of a new desk folder: one consistent desk that shows a record of nearly every kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from legation.desk.aims import Goal, Indicator, Link, Objective
from legation.desk.base import Record
from legation.desk.constraints import (
    Absorption,
    Ban,
    Commitment,
    Exclusion,
    Gate,
    Pin,
    PlaceRisk,
    Prerequisite,
    SafetyLimit,
    Sanction,
    Synergy,
    Willingness,
)
from legation.desk.context import Activity, Agreement, Duty, Embassy, Judgement, Label, Report
from legation.desk.desk import Desk, DeskInfo
from legation.desk.limits import RiskCap, SpillCap
from legation.desk.missions import Cost, Effect, Instrument, Lead, Mission, Mode, StaffNeed, Window
from legation.desk.months import first_day, last_day, month_text
from legation.desk.people import Absence, Position, TravelTime
from legation.desk.plans import Plan, PlanEntry
from legation.desk.resources import Allotment, Authority, Budget, ExchangeRate, PriceIndex

__all__ = ["example_desk"]


def example_desk(info: DeskInfo) -> Desk:
    """Give an example for a desk: its dates lie in the desk's period, its money in the desk's currency."""
    maker = _Maker(info)
    records: dict[str, tuple[Record, ...]] = {}
    for record in (*maker.aims(), *maker.missions(), *maker.means(), *maker.rules(), *maker.surroundings()):
        records[record.KIND] = (*records.get(record.KIND, ()), record)
    return Desk(info=info, **records)  # type: ignore[arg-type]


class _Maker:
    def __init__(self, info: DeskInfo) -> None:
        self.info = info
        # Any two partners that are not the desk's own state will do.
        self.partner, self.second = [actor for actor in ("LVA", "JOR", "KEN") if actor != info.observer][:2]
        self.first = info.start
        self.last = month_text(info.months - 1, start=info.start)
        self.opening = first_day(info.start)
        self.closing = last_day(self.last)
        self.money: dict[str, Any] = {"currency": info.currency, "price_year": info.price_year}
        self.judged: dict[str, Any] = {"judge": "Policy section", "judged": self.opening, "basis": "assessment"}

    def aims(self) -> tuple[Record, ...]:
        return (
            Goal(id="regional-security", title="Security of the region", owner="head-of-policy"),
            Objective(
                id="partner-ties",
                title="Closer defence ties with the partner",
                kind="diplomatic",
                parent="regional-security",
                needs=(self.partner,),
            ),
            Objective(
                id="host-exercises", title="Ready to host exercises", kind="military", parent="regional-security"
            ),
            Objective(
                id="relief",
                title="Help after disasters",
                kind="humanitarian",
                parent="regional-security",
                weight=0.5,
            ),
            Link(
                source="partner-ties",
                target="host-exercises",
                kind="supports",
                strength=2,
                reason="Exercises need the partner's consent and its staff's trust.",
            ),
            Indicator(
                id="joint-courses",
                objective="partner-ties",
                title="Joint courses held",
                unit="courses a year",
                baseline=1.0,
                baseline_date=self.opening,
                target=4.0,
                target_date=self.closing,
                source="Own records",
                points_per_unit=0.5,
            ),
            Instrument(id="cyber-visit", title="Visit of a cyber unit", parent="unit-visit"),
        )

    def missions(self) -> tuple[Record, ...]:
        rows: list[Record] = [
            Mission(
                id="talks",
                title="Annual staff talks",
                instrument="staff-talks",
                format="bilateral",
                purpose="cooperation",
                partners=(self.partner,),
                owner="head-of-policy",
                label="restricted",
            ),
            Mission(
                id="cyber-course",
                title="Course with the cyber unit",
                instrument="cyber-visit",
                format="multilateral",
                purpose="capacity_building",
                partners=(self.partner, self.second),
                authority="training-law",
            ),
            Mission(
                id="cyber-talks",
                title="Talks on cyber matters instead of the course",
                instrument="cyber-dialogue",
                format="bilateral",
                purpose="information",
                partners=(self.partner,),
            ),
            Mission(
                id="flood-relief",
                title="Medical team after floods",
                instrument="medical-aid",
                format="bilateral",
                purpose="humanitarian",
                partners=(self.second,),
                place=self.second,
            ),
        ]
        for mission, budget, objective in (
            ("talks", "cooperation", "partner-ties"),
            ("cyber-course", "cooperation", "host-exercises"),
            ("cyber-talks", "cooperation", "partner-ties"),
            ("flood-relief", "relief-fund", "relief"),
        ):
            rows += [
                Mode(mission=mission, id="standard"),
                Cost(mission=mission, mode="standard", budget=budget, amount=Decimal(12_500), **self.money),
                StaffNeed(mission=mission, mode="standard", role="lead", rank_min="OF-3", languages=("en:B2",)),
                Effect(mission=mission, objective=objective, low=0.5, likely=1.0, high=2.0, **self.judged),
            ]
        rows.append(Lead(mission="cyber-course", actor=self.partner, share=0.25, reason="Both units plan it."))
        rows.append(Window(mission="talks", start=self.first, end=self.last, reason="Any month suits both sides."))
        return tuple(rows)

    def means(self) -> tuple[Record, ...]:
        return (
            Position(id="head-of-policy", title="Head of policy section", rank="OF-5", languages=("en:C1", "fr:B2")),
            Position(
                id="desk-officer", title="Desk officer", rank="OF-4", languages=("en:C1",), reports_to="head-of-policy"
            ),
            TravelTime(station=self.info.observer, place=self.second, days=4, source="Flight plans"),
            Absence(position="desk-officer", start=self.opening, end=self.opening, reason="Leave"),
            Budget(id="cooperation", title="Defence cooperation"),
            Budget(id="relief-fund", title="Humanitarian fund", humanitarian=True),
            Allotment(
                budget="cooperation", start=self.first, expires=self.last, amount=Decimal("250000.00"), **self.money
            ),
            Allotment(
                budget="relief-fund", start=self.first, expires=self.last, amount=Decimal("80000.00"), **self.money
            ),
            ExchangeRate(
                base="GBP" if self.info.currency == "USD" else "USD",
                quote=self.info.currency,
                date=date(self.opening.year - 1, 12, 1),
                rate=Decimal("0.90"),
                source="Example rate, not a real one",
            ),
            PriceIndex(
                currency=self.info.currency, year=self.info.price_year, index=Decimal("100.0"), source="Base year"
            ),
            Authority(
                id="training-law",
                title="Training with foreign forces",
                reference="Cite the act and its section",
                instruments=("training", "visit"),
                ceiling=Decimal(50_000),
                lead_months=1,
                holder="head-of-policy",
                **self.money,
            ),
        )

    def rules(self) -> tuple[Record, ...]:
        return (
            Prerequisite(mission="cyber-course", requires="talks", lag_months=1, reason="The talks agree the course."),
            Exclusion(id="one-of-two", missions=("cyber-course", "cyber-talks"), reason="One stands for the other."),
            Synergy(
                id="course-after-talks",
                missions=("talks", "cyber-course"),
                objective="partner-ties",
                low=0.0,
                likely=0.5,
                high=1.0,
            ),
            Ban(
                id="no-port-calls",
                reason="The harbour is being rebuilt.",
                start=self.opening,
                end=self.closing,
                places=(self.partner,),
                instruments=("port-call",),
            ),
            Sanction(
                id="embargo",
                target="PRK",
                imposed_by="UN",
                kind="arms",
                reference="Security Council resolution 1718 (2006)",
                start=date(2006, 10, 14),
            ),
            Gate(id="unit-vetting", title="Vetting of the unit", kind="vetting", missions=("cyber-course",)),
            Willingness(partner=self.partner, low=0.6, likely=0.8, high=0.9, judged=self.opening, requested=True),
            Absorption(id="partner-visits", partner=self.partner, missions=2, window_months=3),
            PlaceRisk(place=self.second, start=self.first, risk=0.2, source="Own assessment"),
            SafetyLimit(id="general-limit", threshold=0.6, owner="head-of-policy"),
            RiskCap(id="abroad", limit=1.5, owner="head-of-policy", partner=self.second),
            SpillCap(id="neighbour", actor=self.second, limit=0.1, owner="head-of-policy"),
            Pin(mission="talks", decision="in", reason="Agreed with the partner."),
            Commitment(
                id="talks-promise",
                title="Staff talks once in the period",
                to=(self.partner,),
                due=self.last,
                missions=("talks",),
                agreement="cooperation-memorandum",
            ),
        )

    def surroundings(self) -> tuple[Record, ...]:
        info = self.info
        return (
            Label(id="restricted", policy="National", classification="restricted", releasable_to=(self.partner,)),
            Activity(
                id="autumn-exercise",
                title="Autumn exercise",
                kind="exercise",
                side="own",
                actor=info.observer,
                start=self.opening,
                end=self.closing,
                places=(info.observer,),
                size=1_500,
            ),
            Agreement(
                id="cooperation-memorandum",
                title="Memorandum on defence cooperation",
                parties=(info.observer, self.partner),
                kind="memorandum",
                status="proposed",
            ),
            Duty(
                id="notify-exercise",
                title="Notify the exercise",
                clause="Vienna Document 2011, chapter V",
                due=self.opening,
                activity="autumn-exercise",
                owner="head-of-policy",
            ),
            Report(
                id="talks-report",
                title="First impressions",
                dated=self.opening,
                author="desk-officer",
                mission="talks",
                source_grade="B",
                content_grade=2,
            ),
            Embassy(id="embassy-partner", sender=info.observer, host=self.partner, city="The partner's capital"),
            Judgement(
                id="view-of-partner",
                subject=info.observer,
                object=self.partner,
                dated=self.opening,
                judge="Policy section",
                reason="Long practice of working together.",
                level="warm_peace",
                tension=0.1,
            ),
            Plan(id="draft", title="First draft"),
            PlanEntry(plan="draft", mission="talks", mode="standard", start=self.first, staff=("lead:head-of-policy",)),
        )
