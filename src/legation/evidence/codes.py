"""From a source's own codes to actors, at the day the source speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from legation.actors.lookup import actor as actor_by_id
from legation.actors.lookup import from_code
from legation.actors.registry import by_code
from legation.actors.types import ActorKind, CodeSystem
from legation.errors import SourceError, UnknownActorError
from legation.evidence.reading import SourceFiles

__all__ = ["dated_actor", "dated_actor_or_none", "days_of_year", "exists_on", "iso3_actor", "state_of_that_time"]


@cache
def _actor_at(system: CodeSystem, code: str, on: date) -> str | None:
    """Return the state that holds a code on a day; territories hold ISO codes, but no table is about them."""
    try:
        found = from_code(code, system=system, on=on)
    except UnknownActorError:
        return None
    return str(found.id) if found.kind is ActorKind.STATE else None


def dated_actor_or_none(system: CodeSystem, code: str, *, days: Sequence[date]) -> str | None:
    """Return the actor that holds a code on the first of the days that has one, or None."""
    return next((actor for day in days if (actor := _actor_at(system, code, day)) is not None), None)


def dated_actor(system: CodeSystem, code: str, *, days: Sequence[date], source: str) -> str:
    """Return the actor that holds a code on the first of the days that has one.

    Parameters
    ----------
    system, code
        The code system and the code in it.
    days
        Days to try, the most telling first: a source that speaks of a year may mean a state that began or ended in it.
    source
        The source, for the message.

    Raises
    ------
    SourceError
        When nobody holds the code on any of the days.
    """
    actor = dated_actor_or_none(system, code, days=days)
    if actor is None:
        raise SourceError(
            f"Source {source} uses {system} code {code} for {', '.join(day.isoformat() for day in days)}; "
            "no actor holds it then.",
            remedy="Check the actor's spells, or say in the source's description what the code means.",
        )
    return actor


def iso3_actor(files: SourceFiles, table: str, code: str, *, on: date) -> str | None:
    """Return the actor of an ISO 3166 alpha-3 code, or what the description's lookup table says instead.

    Returns
    -------
    str or None
        None where the description leaves the code out: territories that are no actors, slips.

    Raises
    ------
    SourceError
        When the code is neither a current code of an actor nor listed in the description.
    """
    if files.description.lookup(table, code) is not None:
        return files.actor_of(table, code)
    return _actor_at("iso3", code, on) or files.actor_of(table, code)


def days_of_year(year: int) -> tuple[date, date, date]:
    """Return the days to look a code or name of a year up at: its end, middle and beginning, in that order."""
    return date(year, 12, 31), date(year, 7, 1), date(year, 1, 1)


def exists_on(actor: str, on: date) -> bool:
    """Say whether an actor exists on a day."""
    return actor_by_id(actor).exists(on)


def state_of_that_time(files: SourceFiles, system: CodeSystem, code: str, *, days: Sequence[date]) -> str | None:
    """Return the actor that a source's code means in a period, or None for what was no actor then.

    Where nobody holds the code on one of the days, the description's table ``codes`` may name the actor that the
    source means all the same; it counts only while it exists.

    Returns
    -------
    str or None
        None for codes that the description leaves out, and for places before or after their time as an actor: many
        sources code a colony as the state it became.

    Raises
    ------
    SourceError
        When the code is in the description neither left out nor explained, and no actor ever holds it.
    """
    meaning = files.description.lookup("codes", code)
    if meaning == "":
        return None
    found = dated_actor_or_none(system, code, days=days)
    if found is not None:
        return found
    if meaning is None:
        if (system, code) not in by_code():
            files.actor_of("codes", code)
        return None
    return meaning if any(exists_on(meaning, day) for day in days) else None
