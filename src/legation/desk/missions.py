"""What the desk can do: instruments, missions, their modes, costs, staff and effects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from legation.desk.base import (
    ActorRef,
    Clearance,
    Count,
    Currency,
    Id,
    LanguageSkill,
    Month,
    Probability,
    Rank,
    Record,
    Text,
    Title,
    Year,
)

__all__ = ["Cost", "Effect", "Instrument", "Lead", "Mission", "Mode", "Purpose", "StaffNeed", "Window"]

Purpose = Literal[
    "cooperation",
    "capacity_building",
    "reassurance",
    "deterrence",
    "de_escalation",
    "mediation",
    "arms_control",
    "information",
    "peace_support",
    "humanitarian",
]


class Instrument(Record, frozen=True, kw_only=True):
    """A kind of mission in the instrument tree; a desk adds its own below the built-in ones."""

    KIND: ClassVar[str] = "instruments"

    id: Id
    title: Title
    parent: Id | None = None
    humanitarian: bool = False
    description: Text = ""


class Mission(Record, frozen=True, kw_only=True):
    """A planned use of an instrument with partners.

    A mission with several partners goes ahead when all that lead it (see `leads`) and `quorum` of the others accept
    (all of them by default).
    `risk` is taken from the mode. `meant_during` names activities whose time the mission is meant to share.
    """

    KIND: ClassVar[str] = "missions"

    id: Id
    title: Title
    instrument: Id
    format: Literal["bilateral", "multilateral"]
    purpose: Purpose
    partners: tuple[ActorRef, ...]
    status: Literal["candidate", "committed", "executing", "done", "cancelled"] = "candidate"
    place: ActorRef | None = None
    location: Text = ""
    quorum: Count | None = None
    owner: Id | None = None
    risk_owner: Id | None = None
    authority: Id | None = None
    must_do: bool = False
    meant_during: tuple[Id, ...] = ()
    start: Month | None = None
    mode: Id | None = None
    description: Text = ""
    label: Id | None = None


class Mode(Record, frozen=True, kw_only=True):
    """One way to carry out a mission (small, large ...): its length in months and its risk to people and standing."""

    KIND: ClassVar[str] = "modes"
    KEY: ClassVar[tuple[str, ...]] = ("mission", "id")

    mission: Id
    id: Id
    title: Title = "standard"
    months: Annotated[int, Meta(ge=1, le=120)] = 1
    risk: Probability = 0.0
    authority: Id | None = None


class Lead(Record, frozen=True, kw_only=True):
    """A partner that leads a mission together with the observer: it has to accept, and bears a share of the cost.

    The share is taken of costs that are those of the whole mission; the observer bears what the leads leave.
    """

    KIND: ClassVar[str] = "leads"
    KEY: ClassVar[tuple[str, ...]] = ("mission", "actor")

    mission: Id
    actor: ActorRef
    share: Probability = 0.0
    reason: Text = ""


class Cost(Record, frozen=True, kw_only=True):
    """Money that a mode takes from a budget: once in its first month, or in every month it lasts.

    An amount that covers the whole mission is shared with its leads; the budget carries the observer's share.
    """

    KIND: ClassVar[str] = "costs"
    KEY: ClassVar[tuple[str, ...]] = ("mission", "mode", "budget", "item")

    mission: Id
    mode: Id
    budget: Id
    amount: Decimal
    currency: Currency
    price_year: Year
    item: Id = "total"
    recurrence: Literal["once", "monthly"] = "once"
    covers: Literal["own", "whole"] = "own"


class StaffNeed(Record, frozen=True, kw_only=True):
    """People a mode needs for all its months, by role: rank band, languages, clearance, posting or a named position.

    With `days` each of them is away for so many working days in every month, and for the journey; somebody may then
    serve other missions on the month's other days. Without it the month is the mission's alone.
    """

    KIND: ClassVar[str] = "staff_needs"
    KEY: ClassVar[tuple[str, ...]] = ("mission", "mode", "role")

    mission: Id
    mode: Id
    role: Id
    count: Count = 1
    days: Annotated[int, Meta(ge=1, le=31)] | None = None
    rank_min: Rank | None = None
    rank_max: Rank | None = None
    languages: tuple[LanguageSkill, ...] = ()
    clearance: Clearance = "none"
    station: ActorRef | None = None
    position: Id | None = None


class Effect(Record, frozen=True, kw_only=True):
    """What a mission or an activity is expected to bring: on an objective, or on the observer's relation with an actor.

    Values are effect points on the worded scale -3..3 (see `legation.desk.scales`), or a change of an indicator that
    carries a conversion. `fade_months` is the half-life after the mission ends; without it the effect lasts. What
    fades counts with the share that is left on average over as many months as the plan has.
    Exactly one of `mission`/`activity` and exactly one of `objective`/`actor` is given.
    """

    KIND: ClassVar[str] = "effects"
    KEY: ClassVar[tuple[str, ...]] = ("mission", "mode", "activity", "objective", "actor")

    low: float
    likely: float
    high: float
    judge: Title
    judged: date
    basis: Literal["study", "assessment", "instrument_default"]
    mission: Id | None = None
    mode: Id | None = None
    activity: Id | None = None
    objective: Id | None = None
    actor: ActorRef | None = None
    reference: Text = ""
    indicator: Id | None = None
    fade_months: Annotated[float, Meta(gt=0, le=1_200)] | None = None


class Window(Record, frozen=True, kw_only=True):
    """Months within which a mission (or one mode of it) must lie as a whole; several windows are alternatives."""

    KIND: ClassVar[str] = "windows"
    KEY: ClassVar[tuple[str, ...]] = ("mission", "mode", "start")

    mission: Id
    start: Month
    end: Month
    mode: Id | None = None
    reason: Text = ""
