"""The desk as one value: its description, its settings and all its records by kind."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from legation.desk.aims import Goal, Indicator, Link, Objective
from legation.desk.base import ActorRef, Currency, Id, Month, Probability, Record, Text, Title, Year
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
from legation.desk.limits import RiskCap, SpillCap
from legation.desk.missions import Cost, Effect, Instrument, Lead, Mission, Mode, StaffNeed, Window
from legation.desk.people import Absence, Holder, Person, Position, TravelTime
from legation.desk.plans import Plan, PlanEntry
from legation.desk.resources import Allotment, Authority, Budget, ExchangeRate, PriceIndex

__all__ = ["KINDS", "Desk", "DeskInfo", "Settings"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The numbers a desk may set for its own cohesion and plans; each default is explained in the reference."""

    spill_alpha: Annotated[float, Meta(ge=0, lt=1)] = 0.3
    spill_alpha_max: Annotated[float, Meta(ge=0, lt=1)] = 0.6
    spill_weight: Annotated[float, Meta(ge=0)] = 0.5
    spill_estimated: bool = False
    relation_per_point: Annotated[float, Meta(gt=0, le=1)] = 0.05
    risk_weight: Annotated[float, Meta(ge=0)] = 0.01
    risk_limit: Annotated[float, Meta(ge=0)] | None = None
    working_days: Annotated[int, Meta(ge=1, le=31)] = 20
    travel_days: Annotated[int, Meta(ge=0, le=31)] = 2
    fiscal_month: Annotated[int, Meta(ge=1, le=12)] = 1
    value_breakpoints: tuple[tuple[float, float], ...] = ((1.0, 1.0), (1.5, 0.2))


class DeskInfo(Record, frozen=True, kw_only=True):
    """What desk this is: whose, from which month, for how long, in what money and language."""

    KIND: ClassVar[str] = "desk"

    id: Id
    title: Title
    observer: ActorRef
    start: Month
    months: Annotated[int, Meta(ge=1, le=120)]
    currency: Currency
    price_year: Year
    language: Annotated[str, Meta(pattern=r"^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$(?!\n)")] = "en"
    organisation: Text = ""
    description: Text = ""
    default_willingness: Probability = 1.0
    settings: Settings = Settings()
    label: Id | None = None


KINDS: dict[str, type[Record]] = {
    kind.KIND: kind
    for kind in (
        Label, Goal, Objective, Link, Indicator, Instrument, Activity, Mission, Lead, Mode, Cost, StaffNeed, Effect,
        Window, Position, Person, Holder, Absence, TravelTime, Budget, Allotment, ExchangeRate, PriceIndex, Authority,
        Prerequisite, Exclusion, Synergy, Ban, Sanction, Gate, Willingness, Absorption, PlaceRisk, SafetyLimit, RiskCap,
        SpillCap, Pin, Commitment, Agreement, Duty, Report, Embassy, Judgement, Plan, PlanEntry,
    )
}  # fmt: skip
"""Every kind of record by the name of its collection, in the order in which references are made."""


class Desk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One organisation's working store as a value: a snapshot that cohesion and planning read."""

    info: DeskInfo
    labels: tuple[Label, ...] = ()
    goals: tuple[Goal, ...] = ()
    objectives: tuple[Objective, ...] = ()
    links: tuple[Link, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    activities: tuple[Activity, ...] = ()
    missions: tuple[Mission, ...] = ()
    leads: tuple[Lead, ...] = ()
    modes: tuple[Mode, ...] = ()
    costs: tuple[Cost, ...] = ()
    staff_needs: tuple[StaffNeed, ...] = ()
    effects: tuple[Effect, ...] = ()
    windows: tuple[Window, ...] = ()
    positions: tuple[Position, ...] = ()
    persons: tuple[Person, ...] = ()
    holders: tuple[Holder, ...] = ()
    absences: tuple[Absence, ...] = ()
    travel_times: tuple[TravelTime, ...] = ()
    budgets: tuple[Budget, ...] = ()
    allotments: tuple[Allotment, ...] = ()
    exchange_rates: tuple[ExchangeRate, ...] = ()
    price_indices: tuple[PriceIndex, ...] = ()
    authorities: tuple[Authority, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    synergies: tuple[Synergy, ...] = ()
    bans: tuple[Ban, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    gates: tuple[Gate, ...] = ()
    willingness: tuple[Willingness, ...] = ()
    absorption: tuple[Absorption, ...] = ()
    place_risks: tuple[PlaceRisk, ...] = ()
    safety_limits: tuple[SafetyLimit, ...] = ()
    risk_caps: tuple[RiskCap, ...] = ()
    spill_caps: tuple[SpillCap, ...] = ()
    pins: tuple[Pin, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    duties: tuple[Duty, ...] = ()
    reports: tuple[Report, ...] = ()
    embassies: tuple[Embassy, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    plans: tuple[Plan, ...] = ()
    plan_entries: tuple[PlanEntry, ...] = ()

    def records(self, kind: str) -> tuple[Any, ...]:
        """Give all records of a kind, by the collection's name."""
        found: tuple[Any, ...] = getattr(self, kind)
        return found

    def in_key_order(self) -> Desk:
        """Give the same desk with every collection sorted by key: two desks with the same content become equal."""
        ordered = {kind: tuple(sorted(self.records(kind), key=lambda record: record.key)) for kind in KINDS}
        return Desk(info=self.info, **ordered)
