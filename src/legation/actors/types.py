"""What an actor is: dated existence, dated codes, memberships and treaties."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal, NewType

import msgspec

__all__ = [
    "Actor",
    "ActorId",
    "ActorKind",
    "CodeSystem",
    "DatedCode",
    "DefenceTreaty",
    "Membership",
    "Spell",
    "Status",
]

ActorId = NewType("ActorId", str)
"""A stable identifier in capitals: the ISO 3166 alpha-3 code a state has or had last (``ESP``, ``SUN``), else a name
of its own (``BADEN``); organisations by their usual short name (``NATO``); others by a plain name (``POLISARIO``)."""

CodeSystem = Literal["iso2", "iso3", "ison", "cow", "gw"]


class ActorKind(StrEnum):
    """The kinds of party that Legation tells apart."""

    STATE = "state"
    ORGANISATION = "organisation"
    ARMED_GROUP = "armed_group"
    OTHER = "other"


class Spell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stretch of time; both ends belong to it, and a missing end is open or not known."""

    start: date | None = None
    end: date | None = None
    reference: str = ""

    def covers(self, on: date) -> bool:
        """Say whether the day belongs to this stretch."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


class DatedCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code that a system gives to an actor from one day to another."""

    system: CodeSystem
    code: str
    start: date | None = None
    end: date | None = None

    def covers(self, on: date) -> bool:
        """Say whether the code is valid on the day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


class Status(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one observer treats a non-state actor: recognised by, listed as terrorist by, hosted by, sanctioned by."""

    observer: ActorId
    status: Literal["recognised", "listed", "sanctioned", "observer_status", "hosted", "negotiated_with"]
    start: date | None = None
    end: date | None = None
    reference: str = ""


class Actor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state, organisation, armed group or other party."""

    id: ActorId
    kind: ActorKind
    name: str
    aliases: tuple[str, ...] = ()
    spells: tuple[Spell, ...] = ()
    codes: tuple[DatedCode, ...] = ()
    predecessors: tuple[ActorId, ...] = ()
    successors: tuple[ActorId, ...] = ()
    statuses: tuple[Status, ...] = ()

    def exists(self, on: date) -> bool:
        """Say whether the actor exists on the day; an actor without spells has unknown dates and counts as existing."""
        return not self.spells or any(spell.covers(on) for spell in self.spells)


class Membership(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state's membership in an organisation, with the act that began and ended it."""

    organisation: ActorId
    member: ActorId
    start: date | None = None
    end: date | None = None
    status: Literal["member", "suspended", "associate", "observer"] = "member"
    act: str = ""
    end_act: str = ""

    def covers(self, on: date) -> bool:
        """Say whether the membership holds on the day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


class DefenceTreaty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A treaty by which the parties promise each other defence or close defence cooperation."""

    id: str
    title: str
    parties: tuple[ActorId, ...]
    obligation: Literal["defence", "consultation", "cooperation", "non_aggression"]
    signed: date | None = None
    in_force: date | None = None
    ended: date | None = None
    reference: str = ""

    def covers(self, on: date) -> bool:
        """Say whether the treaty is in force on the day; without a date of entry into force it counts once signed."""
        start = self.in_force or self.signed
        return (start is None or start <= on) and (self.ended is None or on <= self.ended)
