"""What binds a plan: prerequisites, exclusions, synergies, bans, sanctions, gates, safety, pins, commitments."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from legation.desk.base import ActorRef, Count, Id, Month, Probability, Record, Text, Title

__all__ = [
    "Absorption",
    "Ban",
    "Commitment",
    "Exclusion",
    "Gate",
    "Pin",
    "PlaceRisk",
    "Prerequisite",
    "SafetyLimit",
    "Sanction",
    "Synergy",
    "Willingness",
]


class Prerequisite(Record, frozen=True, kw_only=True):
    """A mission that must have ended `lag_months` full months before the other starts (0: in an earlier month)."""

    KIND: ClassVar[str] = "prerequisites"
    KEY: ClassVar[tuple[str, ...]] = ("mission", "requires")

    mission: Id
    requires: Id
    lag_months: Annotated[int, Meta(ge=0, le=120)] = 0
    reason: Text = ""


class Exclusion(Record, frozen=True, kw_only=True):
    """At most one of these missions may be in the plan."""

    KIND: ClassVar[str] = "exclusions"

    id: Id
    missions: tuple[Id, ...]
    reason: Text = ""


class Synergy(Record, frozen=True, kw_only=True):
    """Extra effect points on an objective when all these missions are in the plan; negative where they disturb."""

    KIND: ClassVar[str] = "synergies"

    id: Id
    missions: tuple[Id, ...]
    objective: Id
    low: float
    likely: float
    high: float
    reason: Text = ""


class Ban(Record, frozen=True, kw_only=True):
    """A time in which missions that meet every selector given may not run; an empty selector matches all.

    Instruments stand for the whole branch below them and organisations for their members, unless `inherit` is off.
    """

    KIND: ClassVar[str] = "bans"

    id: Id
    reason: Text
    start: date | None = None
    end: date | None = None
    places: tuple[ActorRef, ...] = ()
    partners: tuple[ActorRef, ...] = ()
    instruments: tuple[Id, ...] = ()
    purposes: tuple[str, ...] = ()
    inherit: bool = True
    source: Text = ""


class Sanction(Record, frozen=True, kw_only=True):
    """A sanction that binds the observer; it forbids instruments with the target (the branch below each).

    Left empty, `forbids` is what the kind forbids: arms and military embargoes forbid transfers, training, exercises.
    """

    KIND: ClassVar[str] = "sanctions"

    id: Id
    target: ActorRef
    imposed_by: ActorRef
    kind: Literal["arms", "military", "travel", "financial", "trade", "other"]
    reference: Text
    start: date
    end: date | None = None
    forbids: tuple[Id, ...] = ()


class Gate(Record, frozen=True, kw_only=True):
    """A check that missions must pass in time: pending takes `lead_months` from the desk's start, failed bars them."""

    KIND: ClassVar[str] = "gates"

    id: Id
    title: Title
    kind: Literal["vetting", "clearance", "notification", "legal_authority", "ratification", "other"]
    missions: tuple[Id, ...]
    status: Literal["pending", "passed", "failed"] = "pending"
    lead_months: Annotated[int, Meta(ge=0, le=120)] = 0
    decided: date | None = None
    expires: Month | None = None
    owner: Id | None = None
    reference: Text = ""


class Willingness(Record, frozen=True, kw_only=True):
    """How likely a partner is to accept: a mission, else an instrument's branch, else anything at all."""

    KIND: ClassVar[str] = "willingness"
    KEY: ClassVar[tuple[str, ...]] = ("partner", "mission", "instrument")

    partner: ActorRef
    low: Probability
    likely: Probability
    high: Probability
    judged: date
    mission: Id | None = None
    instrument: Id | None = None
    requested: bool = False
    priority: Text = ""
    source: Text = ""


class Absorption(Record, frozen=True, kw_only=True):
    """A partner takes no more than `missions` starts (of these instruments' branches) in any `window_months` months."""

    KIND: ClassVar[str] = "absorption"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: Id
    partner: ActorRef
    missions: Annotated[int, Meta(ge=0, le=10_000)]
    window_months: Annotated[int, Meta(ge=1, le=120)] = 1
    instruments: tuple[Id, ...] = ()
    reason: Text = ""


class PlaceRisk(Record, frozen=True, kw_only=True):
    """Danger to people in a place from one month to another, 0 none to 1 extreme."""

    KIND: ClassVar[str] = "place_risks"
    KEY: ClassVar[tuple[str, ...]] = ("place", "start")

    place: ActorRef
    start: Month
    risk: Probability
    source: Text
    end: Month | None = None


class SafetyLimit(Record, frozen=True, kw_only=True):
    """The danger above which the owner lets nobody go to a place; without a place it holds everywhere."""

    KIND: ClassVar[str] = "safety_limits"

    id: Id
    threshold: Probability
    owner: Id
    place: ActorRef | None = None
    reason: Text = ""


class Pin(Record, frozen=True, kw_only=True):
    """A decision already taken: the mission is in (in this mode, in this month) or out."""

    KIND: ClassVar[str] = "pins"
    KEY: ClassVar[tuple[str, ...]] = ("mission",)

    mission: Id
    decision: Literal["in", "out"]
    mode: Id | None = None
    start: Month | None = None
    reason: Text = ""


class Commitment(Record, frozen=True, kw_only=True):
    """A promise: by `due`, at least `count` of these missions are done."""

    KIND: ClassVar[str] = "commitments"

    id: Id
    title: Title
    to: tuple[ActorRef, ...]
    due: Month
    missions: tuple[Id, ...] = ()
    count: Count = 1
    agreement: Id | None = None
    status: Literal["open", "kept", "broken", "waived"] = "open"
    evidence: Text = ""
    label: Id | None = None
