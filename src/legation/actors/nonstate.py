"""Armed groups, authorities without a state and humanitarian bodies, with their status per observer."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from legation.actors._facts import DATA, actor_id, check_spell, read_facts
from legation.actors.types import Actor, ActorId, ActorKind, Spell, Status
from legation.errors import FormatError

__all__ = ["load_nonstate", "read_nonstate", "statuses"]


class _ActorRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    kind: Literal["armed_group", "other"]
    name: str
    aliases: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    reference: str


class _StatusRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    actor: str
    observer: ActorId
    status: Literal["recognised", "listed", "sanctioned", "observer_status", "hosted", "negotiated_with"]
    start: date | None = None
    end: date | None = None
    reference: str


@cache
def load_nonstate() -> tuple[Actor, ...]:
    """Return every non-state actor, sorted by id; read once and kept."""
    return read_nonstate(DATA / "nonstate.csv", statuses_path=DATA / "nonstate_statuses.csv")


def statuses(actor: Actor, *, observer: str, on: date | None = None) -> tuple[Status, ...]:
    """Return how one observer treats an actor, on a day or of all time; a status without a known start is of all time.

    Raises
    ------
    UnknownActorError
        If the observer is not written as an actor id.
    """
    key = actor_id(observer)
    return tuple(row for row in actor.statuses if row.observer == key and (on is None or _covers(row, on)))


def read_nonstate(path: Path, *, statuses_path: Path) -> tuple[Actor, ...]:
    """Read the tables of non-state actors and of their statuses.

    Parameters
    ----------
    path
        CSV with the columns id, kind, name, aliases, start, end, reference.
    statuses_path
        CSV with the columns actor, observer, status, start, end, reference.

    Raises
    ------
    FormatError
        If a table is malformed, an id occurs twice, or a status belongs to an actor that is not there.
    """
    groups: defaultdict[str, list[Status]] = defaultdict(list)
    for row in read_facts(statuses_path, _StatusRow):
        check_spell(row.start, row.end, where=f"{statuses_path.name}, {row.actor} by {row.observer}")
        groups[row.actor].append(_to_status(row))
    rows = sorted(read_facts(path, _ActorRow, lists=("aliases",)), key=lambda row: row.id)
    ids = [row.id for row in rows]
    if len(set(ids)) != len(ids):
        raise FormatError(f"{path.name}: an id occurs twice.", remedy="keep one row for each id.")
    if strays := sorted(set(groups) - set(ids)):
        raise FormatError(f"{statuses_path.name}: no actor has the id {strays[0]!r}.", remedy="add the actor first.")
    return tuple(_to_actor(row, statuses=tuple(groups[row.id]), where=path.name) for row in rows)


def _to_actor(row: _ActorRow, *, statuses: tuple[Status, ...], where: str) -> Actor:
    check_spell(row.start, row.end, where=f"{where}, {row.id}")
    return Actor(
        id=actor_id(row.id),
        kind=ActorKind(row.kind),
        name=row.name,
        aliases=row.aliases,
        spells=(Spell(start=row.start, end=row.end, reference=row.reference),),
        statuses=statuses,
    )


def _to_status(row: _StatusRow) -> Status:
    return Status(
        observer=actor_id(row.observer),
        status=row.status,
        start=row.start,
        end=row.end,
        reference=row.reference,
    )


def _covers(row: Status, on: date) -> bool:
    return (row.start is None or row.start <= on) and (row.end is None or on <= row.end)
