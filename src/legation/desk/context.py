"""What is given around the desk: activities, judgements, agreements, duties, reports, embassies, labels."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from legation.desk.base import ActorRef, Id, Record, Text, Title

__all__ = ["Activity", "Agreement", "Duty", "Embassy", "Judgement", "Label", "Level", "Report"]

Level = Literal[
    "severe_rivalry", "lesser_rivalry", "negative_peace", "warm_peace", "security_community", "negligible_contact"
]


class Activity(Record, frozen=True, kw_only=True):
    """A military activity that is a fact, not a choice: deployment, operation, posture change, large exercise ..."""

    KIND: ClassVar[str] = "activities"

    id: Id
    title: Title
    kind: Literal["deployment", "operation", "posture_change", "exercise", "basing", "arms_delivery"]
    side: Literal["own", "allied", "rival", "other"]
    actor: ActorRef
    start: date
    end: date | None = None
    places: tuple[ActorRef, ...] = ()
    location: Text = ""
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    size: Annotated[int, Meta(ge=0)] | None = None
    affects: tuple[ActorRef, ...] = ()
    source: Text = ""
    label: Id | None = None


class Judgement(Record, frozen=True, kw_only=True):
    """The desk's own signed and dated view of a relation, kept beside the computed one."""

    KIND: ClassVar[str] = "judgements"

    id: Id
    subject: ActorRef
    object: ActorRef
    dated: date
    judge: Title
    reason: Text
    level: Level | None = None
    alignment: Annotated[float, Meta(ge=-1, le=1)] | None = None
    tension: Annotated[float, Meta(ge=0, le=1)] | None = None
    label: Id | None = None


class Agreement(Record, frozen=True, kw_only=True):
    """A treaty, memorandum or arrangement of the desk's own."""

    KIND: ClassVar[str] = "agreements"

    id: Id
    title: Title
    parties: tuple[ActorRef, ...]
    kind: Literal["treaty", "memorandum", "technical_arrangement", "exchange_of_letters", "other"]
    status: Literal["proposed", "negotiating", "signed", "in_force", "ended"]
    signed: date | None = None
    in_force: date | None = None
    ended: date | None = None
    reference: Text = ""
    label: Id | None = None


class Duty(Record, frozen=True, kw_only=True):
    """An obligation that an activity or mission triggers, with its clause: notify, invite observers, report."""

    KIND: ClassVar[str] = "duties"

    id: Id
    title: Title
    clause: Text
    due: date
    activity: Id | None = None
    mission: Id | None = None
    agreement: Id | None = None
    owner: Id | None = None
    done: date | None = None
    label: Id | None = None


class Report(Record, frozen=True, kw_only=True):
    """What an engagement brought; the source is graded A-F, the content 1-6."""

    KIND: ClassVar[str] = "reports"

    id: Id
    title: Title
    dated: date
    author: Id
    mission: Id | None = None
    text: Text = ""
    source_grade: Literal["A", "B", "C", "D", "E", "F"] = "F"
    content_grade: Literal[1, 2, 3, 4, 5, 6] = 6
    label: Id | None = None


class Embassy(Record, frozen=True, kw_only=True):
    """An embassy or consulate, own or foreign; never a mission."""

    KIND: ClassVar[str] = "embassies"

    id: Id
    sender: ActorRef
    host: ActorRef
    city: Title
    kind: Literal["embassy", "consulate", "permanent_representation", "office"] = "embassy"
    opened: date | None = None
    closed: date | None = None
    source: Text = ""


class Label(Record, frozen=True, kw_only=True):
    """A confidentiality label that records refer to: policy, classification, who may have it."""

    KIND: ClassVar[str] = "labels"

    id: Id
    policy: Title
    classification: Literal["unclassified", "restricted", "confidential", "secret", "top_secret"]
    releasable_to: tuple[ActorRef, ...] = ()
    caveats: tuple[str, ...] = ()
