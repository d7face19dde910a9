"""Organisations, alliances and standing groups that matter to defence diplomacy, with their dates."""

from __future__ import annotations

import difflib
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from legation.actors._facts import DATA, actor_id, check_spell, read_facts
from legation.actors.types import Actor, ActorId, ActorKind, Spell
from legation.errors import FormatError, UnknownActorError

__all__ = ["load_organisations", "organisation", "organisations", "read_organisations"]


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    act: str
    end_act: str = ""
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()


@cache
def load_organisations() -> tuple[Actor, ...]:
    """Return every organisation, in the order of their ids; read once and kept."""
    return read_organisations(DATA / "organisations.csv")


def organisations(on: date | None = None) -> tuple[Actor, ...]:
    """Return the organisations that exist on a day, or all of them without a day."""
    return tuple(actor for actor in load_organisations() if on is None or actor.exists(on))


def organisation(identifier: str) -> Actor:
    """Return one organisation by its id.

    Raises
    ------
    UnknownActorError
        If no organisation has this id; the error carries suggestions.
    """
    key = actor_id(identifier)
    found = _by_id().get(key)
    if found is None:
        close = difflib.get_close_matches(key, _by_id(), n=3, cutoff=0.5)
        remedy = f"did you mean {', '.join(close)}?" if close else "list them with organisations()."
        raise UnknownActorError(f"No organisation has the id {key!r}.", remedy=remedy, suggestions=close)
    return found


def read_organisations(path: Path) -> tuple[Actor, ...]:
    """Read a table of organisations.

    Parameters
    ----------
    path
        CSV with the columns id, name, aliases, start, end, act, end_act, predecessors, successors; lists are separated
        by semicolons; dates are ISO 8601 and empty where they are not known.

    Raises
    ------
    FormatError
        If the table is malformed, an id occurs twice, or an organisation ends before it starts.
    """
    rows = read_facts(path, _Row, lists=("aliases", "predecessors", "successors"))
    seen: set[str] = set()
    for row in rows:
        check_spell(row.start, row.end, where=f"{path.name}, {row.id}")
        if row.id in seen:
            raise FormatError(f"{path.name}: the id {row.id!r} occurs twice.", remedy="keep one row.")
        seen.add(row.id)
    return tuple(_to_actor(row) for row in sorted(rows, key=lambda row: row.id))


def _to_actor(row: _Row) -> Actor:
    return Actor(
        id=actor_id(row.id),
        kind=ActorKind.ORGANISATION,
        name=row.name,
        aliases=row.aliases,
        spells=(Spell(start=row.start, end=row.end, reference="; ".join(filter(None, (row.act, row.end_act)))),),
        predecessors=tuple(actor_id(value) for value in row.predecessors),
        successors=tuple(actor_id(value) for value in row.successors),
    )


@cache
def _by_id() -> dict[ActorId, Actor]:
    return {actor.id: actor for actor in load_organisations()}
