"""Who belongs to which organisation on which day, each row with the act that began or ended it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from legation.actors._facts import DATA, actor_id, check_spell, distinct_pair, exists, known_actor, read_facts
from legation.actors.organisations import organisation as find_organisation
from legation.actors.types import ActorId, Membership
from legation.errors import FormatError

__all__ = [
    "is_member",
    "load_memberships",
    "members",
    "memberships",
    "read_memberships",
    "shared_organisations",
]


@cache
def load_memberships() -> tuple[Membership, ...]:
    """Return every membership, sorted by organisation, member and start; read once and kept."""
    return read_memberships(DATA / "memberships.csv")


def members(organisation: str, *, on: date, include_suspended: bool = True) -> tuple[ActorId, ...]:
    """Return the full members of an organisation on a day, sorted by id.

    Parameters
    ----------
    organisation
        An organisation's id, such as ``NATO``.
    on
        The day; the first and the last day of a membership belong to it.
    include_suspended
        Whether a member whose participation is suspended counts; suspension does not end membership.

    Raises
    ------
    UnknownActorError
        If no organisation has this id.

    Notes
    -----
    A membership whose start is not known counts from the day on which both the organisation and the member exist.
    """
    actor = find_organisation(organisation)
    if not actor.exists(on):
        return ()
    rows = [row for row in _by_organisation().get(actor.id, ()) if _counts(row, on)]
    suspended = {row.member for row in rows if row.status == "suspended"}
    full = {row.member for row in rows if row.status == "member"}
    return tuple(sorted(full if include_suspended else full - suspended))


def memberships(actor: str, *, on: date | None = None) -> tuple[Membership, ...]:
    """Return an actor's membership rows of every status, on a day or of all time.

    Raises
    ------
    UnknownActorError
        If no actor has this id.
    """
    rows = _by_member().get(known_actor(actor), ())
    if on is None:
        return tuple(rows)
    return tuple(row for row in rows if _counts(row, on) and find_organisation(row.organisation).exists(on))


def is_member(actor: str, organisation: str, *, on: date, include_suspended: bool = True) -> bool:
    """Say whether an actor is a full member of an organisation on a day.

    Raises
    ------
    UnknownActorError
        If no organisation has this id, or no actor this id.
    """
    who, body = known_actor(actor), find_organisation(organisation)
    rows = (row for row in _by_member().get(who, ()) if row.organisation == body.id and _counts(row, on))
    held = {row.status for row in rows} if body.exists(on) else set()
    return "member" in held and (include_suspended or "suspended" not in held)


def shared_organisations(a: str, b: str, *, on: date) -> tuple[ActorId, ...]:
    """Return the organisations of which both actors are full members on a day, sorted by id.

    Raises
    ------
    InputError
        If both ids are the same, or no actor has one of them.
    """
    first, second = distinct_pair(a, b)
    return tuple(sorted(_full_memberships(first, on=on) & _full_memberships(second, on=on)))


def read_memberships(path: Path) -> tuple[Membership, ...]:
    """Read a table of memberships.

    Parameters
    ----------
    path
        CSV with the columns organisation, member, start, end, status, act, end_act; an empty date is not known
        (start) or open (end).

    Raises
    ------
    FormatError
        If the table is malformed, a row lacks its act, a spell is reversed, or spells of one status overlap.
    UnknownActorError
        If a row names an organisation that the organisations table lacks.
    """
    rows = sorted(read_facts(path, Membership), key=_order)
    for body in sorted({row.organisation for row in rows}):
        find_organisation(body)
    for member in sorted({row.member for row in rows}):
        actor_id(member)
    previous: Membership | None = None
    for row in rows:
        _check(row, where=f"{path.name}, {row.organisation} {row.member}")
        if previous is not None and _overlap(previous, row):
            message = f"{path.name}: {row.member} is in {row.organisation} twice on {row.start}."
            raise FormatError(message, remedy="end the earlier row the day before the later one starts.")
        previous = row
    return tuple(rows)


def _counts(row: Membership, on: date) -> bool:
    return row.covers(on) and (row.start is not None or exists(row.member, on=on))


def _check(row: Membership, *, where: str) -> None:
    check_spell(row.start, row.end, where=where)
    if not row.act:
        raise FormatError(f"{where}: no act is cited.", remedy="name the accession act.")
    if (row.end is None) != (not row.end_act):
        raise FormatError(f"{where}: an end and its act come together.", remedy="add the missing one.")


def _order(row: Membership) -> tuple[str, str, str, date]:
    return row.organisation, row.member, row.status, row.start or date.min


def _overlap(earlier: Membership, later: Membership) -> bool:
    same = (earlier.organisation, earlier.member, earlier.status) == (later.organisation, later.member, later.status)
    return same and (earlier.end is None or later.start is None or later.start <= earlier.end)


def _full_memberships(actor: ActorId, *, on: date) -> frozenset[ActorId]:
    return frozenset(row.organisation for row in memberships(actor, on=on) if row.status == "member")


def _grouped(pairs: Iterable[tuple[ActorId, Membership]]) -> Mapping[ActorId, list[Membership]]:
    groups: defaultdict[ActorId, list[Membership]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return dict(groups)


@cache
def _by_organisation() -> Mapping[ActorId, list[Membership]]:
    return _grouped((row.organisation, row) for row in load_memberships())


@cache
def _by_member() -> Mapping[ActorId, list[Membership]]:
    return _grouped((row.member, row) for row in load_memberships())
