"""Who does it: positions, the people who hold them, their skills, absences."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from msgspec import Meta

from legation.desk.base import ActorRef, Clearance, Count, Id, LanguageSkill, Rank, Record, Text, Title

__all__ = ["Absence", "Holder", "Person", "Position", "TravelTime"]


class Position(Record, frozen=True, kw_only=True):
    """A post that exists with or without a holder; its own skills are those the post requires of whoever fills it.

    `headcount` equal posts may stand in one row; only a single post has named holders. `station` is where it serves,
    at home without one; a post that does not travel serves missions at its station and missions without a place.
    """

    KIND: ClassVar[str] = "positions"

    id: Id
    title: Title
    rank: Rank
    languages: tuple[LanguageSkill, ...] = ()
    clearance: Clearance = "none"
    headcount: Count = 1
    unit: Text = ""
    station: ActorRef | None = None
    travels: bool = True
    reports_to: Id | None = None
    label: Id | None = None


class Person(Record, frozen=True, kw_only=True):
    """Somebody who can hold a position; the person's skills replace the post's while they hold it."""

    KIND: ClassVar[str] = "persons"

    id: Id
    name: Title
    rank: Rank
    languages: tuple[LanguageSkill, ...] = ()
    clearance: Clearance = "none"
    clearance_until: date | None = None
    label: Id | None = None


class Holder(Record, frozen=True, kw_only=True):
    """Who holds a position from one day to another."""

    KIND: ClassVar[str] = "holders"
    KEY: ClassVar[tuple[str, ...]] = ("position", "person", "start")

    position: Id
    person: Id
    start: date
    end: date | None = None


class Absence(Record, frozen=True, kw_only=True):
    """A stretch in which a position cannot be used: leave, course, vacancy."""

    KIND: ClassVar[str] = "absences"
    KEY: ClassVar[tuple[str, ...]] = ("position", "start")

    position: Id
    start: date
    end: date
    reason: Text = ""


class TravelTime(Record, frozen=True, kw_only=True):
    """Working days that a journey between two places takes there and back, whichever way it is made first."""

    KIND: ClassVar[str] = "travel_times"
    KEY: ClassVar[tuple[str, ...]] = ("station", "place")

    station: ActorRef
    place: ActorRef
    days: Annotated[int, Meta(ge=0, le=31)]
    source: Text = ""
