"""Who acts: dated states and codes, organisations and memberships, non-state actors."""

from __future__ import annotations

from legation.actors.lookup import (
    actor,
    all_actors,
    code,
    crosswalk,
    find,
    from_code,
    name,
    share_a_day,
    states,
    suggest,
)
from legation.actors.memberships import members, memberships
from legation.actors.organisations import organisations
from legation.actors.treaties import treaties_between, treaty_status
from legation.actors.types import (
    Actor,
    ActorId,
    ActorKind,
    CodeSystem,
    DatedCode,
    DefenceTreaty,
    Membership,
    Spell,
    Status,
)

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
    "actor",
    "all_actors",
    "code",
    "crosswalk",
    "find",
    "from_code",
    "members",
    "memberships",
    "name",
    "organisations",
    "share_a_day",
    "states",
    "suggest",
    "treaties_between",
    "treaty_status",
]
