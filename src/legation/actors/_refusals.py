"""Why a look-up found no actor: messages that name the value, the rule and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from legation.actors.names import english_index, fold
from legation.actors.registry import by_code, load_all
from legation.actors.statehood import SYSTEMS
from legation.actors.types import Actor, CodeSystem, DatedCode, Spell
from legation.errors import UnknownActorError

__all__ = ["ambiguous", "gone", "needs_system", "shorten", "suggest", "unassigned", "unknown"]

_SHOWN = 40


def suggest(text: str, *, limit: int = 3) -> tuple[Actor, ...]:
    """Return the actors whose id or English name is closest to a text, closest first.

    Examples
    --------
    >>> [actor.id for actor in suggest("Lithuaina")]
    ['LTU']
    """
    import difflib

    key = fold(text[:_SHOWN])
    found: dict[str, Actor] = {}
    for close in difflib.get_close_matches(key, _words(), n=3 * limit, cutoff=0.7):
        for actor in english_index().get(close, ()) or _by_folded_id(close):
            found.setdefault(actor.id, actor)
    return tuple(found.values())[:limit]


def unknown(text: str) -> UnknownActorError:
    """Say that no actor has this id, code or name."""
    close = suggest(text)
    remedy = f"did you mean {_listed(close)}?" if close else "write an actor id, an ISO 3166 code or a common name."
    message = f"No actor has the id, code or name {shorten(text)!r}."
    return UnknownActorError(message, remedy=remedy, suggestions=[actor.id for actor in close])


def ambiguous(text: str, actors: Iterable[Actor], *, on: date | None) -> UnknownActorError:
    """Say that a text names several actors."""
    several = tuple(actors)
    day = f" on {on}" if on else ""
    message = f"{shorten(text)!r} names more than one actor{day}: {_listed(several)}."
    # An organisation's id may be a country's alpha-2 code (AU): then only the full name tells them apart.
    ids = [actor.id for actor in several if actor.id != text.upper()]
    remedy = f"write {' or '.join(ids)}, or the full name{'' if on else ', or give the day'}."
    return UnknownActorError(message, remedy=remedy, suggestions=[actor.id for actor in several])


def gone(text: str, actors: Sequence[Actor], *, on: date) -> UnknownActorError:
    """Say when the actors of this name existed, and who stood before and after them."""
    facts = "; ".join(f"{_one(actor)} exists {_spans(actor.spells)}" for actor in actors)
    kin = _kin(actors, on=on)
    remedy = f"on that day look for {_listed(kin)}." if kin else "choose a day on which it exists."
    message = f"{shorten(text)!r} names no actor on {on}: {facts}."
    return UnknownActorError(message, remedy=remedy, suggestions=[actor.id for actor in kin])


def needs_system(text: str) -> UnknownActorError:
    """Say which actors a bare number may mean, system by system."""
    keys: tuple[tuple[CodeSystem, str], ...] = (
        ("ison", text.zfill(3)),
        ("cow", text.lstrip("0")),
        ("gw", text.lstrip("0")),
    )
    holders = [f"{key[0]} {key[1]}: {_listed(_actors(by_code()[key]))}" for key in keys if key in by_code()]
    known = "; ".join(holders) or "no system has this number"
    message = f"The number {shorten(text)!r} does not say its system ({known})."
    return UnknownActorError(message, remedy=f"write the system before it, such as cow:{shorten(text)}.")


def unassigned(value: str, *, system: CodeSystem, on: date | None) -> UnknownActorError:
    """Say when a code was valid, or in which other systems it is one."""
    holders = by_code().get((system, value), ())
    if holders and on:
        spans = "; ".join(f"{_one(actor)} {_spans([code])}" for code, actor in holders)
        kin = tuple(actor for actor in _actors(holders) if actor.exists(on)) or _kin(_actors(holders), on=on)
        remedy = f"on that day look for {_listed(kin)}." if kin else "choose a day on which the code is valid."
        message = f"The {system} code {shorten(value)!r} names nobody on {on}: {spans}."
        return UnknownActorError(message, remedy=remedy, suggestions=[actor.id for actor in kin])
    other = [one for one in SYSTEMS if (one, value) in by_code()]
    remedy = f"{value} is a code of {', '.join(other)}." if other else "check the code and its system."
    return UnknownActorError(f"The system {system} has no code {shorten(value)!r}.", remedy=remedy)


def shorten(text: str) -> str:
    """Cut a text that is too long to be repeated in a message."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _kin(actors: Iterable[Actor], *, on: date) -> tuple[Actor, ...]:
    """Return the nearest predecessors or successors that exist on the day: Kosovo, Serbia, then Yugoslavia in 1999."""
    seen = {actor.id: actor for actor in actors}
    nearest = list(seen.values())
    while nearest:
        related = {one: load_all()[one] for each in nearest for one in (*each.predecessors, *each.successors)}
        nearest = [actor for one, actor in related.items() if one not in seen]
        if living := tuple(actor for actor in nearest if actor.exists(on)):
            return living
        seen.update(related)
    return ()


def _actors(holders: Iterable[tuple[DatedCode, Actor]]) -> tuple[Actor, ...]:
    return tuple({actor.id: actor for _, actor in holders}.values())


def _listed(actors: Iterable[Actor]) -> str:
    return ", ".join(_one(actor) for actor in actors)


def _one(actor: Actor) -> str:
    return f"{actor.id} ({actor.name})"


def _spans(spells: Iterable[Spell | DatedCode]) -> str:
    return " and ".join(_span(spell) for spell in spells)


def _span(spell: Spell | DatedCode) -> str:
    if spell.start is None and spell.end is None:
        return "throughout"
    if spell.end is None:
        return f"from {spell.start}"
    return f"until {spell.end}" if spell.start is None else f"from {spell.start} to {spell.end}"


@cache
def _words() -> tuple[str, ...]:
    return (*english_index(), *(fold(one) for one in load_all()))


def _by_folded_id(key: str) -> tuple[Actor, ...]:
    return tuple(actor for actor in load_all().values() if fold(actor.id) == key)
