"""Looks actors up by id, by any code or by any common name, at a date.

Without a day (``on=None``) a code or name goes to the actor that holds it today; if none does, to its only past holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from legation.actors._refusals import ambiguous, gone, needs_system, suggest, unassigned, unknown
from legation.actors.names import english_index, fold, language_index, name_in
from legation.actors.registry import by_code, load_all
from legation.actors.statehood import SYSTEMS
from legation.actors.territories import administrators
from legation.actors.types import Actor, ActorId, ActorKind, CodeSystem, DatedCode, Spell
from legation.errors import InputError

__all__ = [
    "actor",
    "administrator",
    "all_actors",
    "code",
    "crosswalk",
    "find",
    "from_code",
    "name",
    "share_a_day",
    "states",
    "suggest",
]

# The longest name of a state in CLDR has fewer than 100 characters; a longer text is no name.
_LONGEST = 200


def actor(identifier: str) -> Actor:
    """Return the actor with this id, written exactly.

    Raises
    ------
    UnknownActorError
        If no actor has the id; the error carries suggestions.

    Examples
    --------
    >>> actor("EST").name
    'Estonia'
    """
    found = load_all().get(ActorId(_text(identifier)))
    if found is None:
        raise unknown(identifier)
    return found


def administrator(who: Actor | str) -> Actor | None:
    """Return the state that administers a territory, or None if the actor is no administered territory.

    Examples
    --------
    >>> administrator("GRL").id, administrator("DNK") is None
    ('DNK', True)
    """
    state = administrators().get(_actor(who).id)
    return None if state is None else actor(state)


def all_actors() -> tuple[Actor, ...]:
    """Return every actor: states, organisations, territories and others."""
    return tuple(load_all().values())


def states(on: date | None = None, *, system: CodeSystem | None = None) -> tuple[Actor, ...]:
    """Return the states that exist on a day, in the order of their ids.

    Parameters
    ----------
    on
        The day; without one every state of the record is returned.
    system
        With a system, only states that hold one of its codes on the day: ``system="cow"`` gives the members of the COW
        state system.

    Examples
    --------
    >>> from datetime import date
    >>> len(states(date(2016, 12, 31), system="cow"))
    195
    """
    day = _day(on)
    found = (one for one in load_all().values() if one.kind is ActorKind.STATE)
    if system is None:
        return tuple(one for one in found if day is None or one.exists(day))
    wanted = _system(system)
    return tuple(one for one in found if any(each.system == wanted and _valid(each, one, day) for each in one.codes))


def find(text: str, *, on: date | None = None, system: CodeSystem | None = None) -> Actor:
    """Return the actor that an id, a code or a common name in any language means.

    Case, accents, punctuation and a leading "the" do not matter. A state's id wins over other readings.

    Parameters
    ----------
    text
        An actor id, an ISO 3166 alpha code, a code with its system (``cow:710``), or a name: English, an alias, or
        the name in any language of CLDR.
    on
        The day on which the actor must exist.
    system
        The system of a code; needed for numbers, which ISO, COW and Gleditsch-Ward all use.

    Raises
    ------
    UnknownActorError
        If the text names nobody, several actors, or an actor that does not exist on the day.
    InputError
        If the text is empty, too long or holds control characters, or the system is unknown.

    Notes
    -----
    A text that is no English name costs about a second once, for the names in the other languages.

    Examples
    --------
    >>> from datetime import date
    >>> find("Ivory Coast").id, find("Allemagne").id, find("ESPAÑA").id
    ('CIV', 'DEU', 'ESP')
    >>> find("710", system="cow").id, find("365", system="cow", on=date(1962, 10, 22)).id
    ('CHN', 'SUN')
    """
    if system is not None:
        return from_code(text, system=system, on=on)
    words, day = _text(text), _day(on)
    named, _, number = words.partition(":")
    if number and (prefix := named.strip().lower()) in SYSTEMS:
        return from_code(number.strip(), system=prefix, on=day)
    if words.isascii() and words.isdigit():
        raise needs_system(words)
    exact = load_all().get(ActorId(words.upper()))
    if exact is not None and exact.kind is ActorKind.STATE and (day is None or exact.exists(day)):
        return exact
    key = fold(words)
    candidates = {one.id: one for one in (*_by_alpha(words, on=day), *english_index().get(key, ()))}
    if exact is not None:
        candidates[exact.id] = exact
    if not candidates:
        candidates = {one.id: one for one in language_index().get(key, ())}
    return _choose(words, candidates, on=day)


def from_code(value: str | int, *, system: CodeSystem, on: date | None = None) -> Actor:
    """Return the actor that holds a code of a system on a day.

    Parameters
    ----------
    value
        The code; leading zeros of numbers do not matter.
    system
        ``iso2``, ``iso3``, ``ison``, ``cow`` or ``gw``.
    on
        The day; sources that write today's codes at all dates are read without one.

    Raises
    ------
    UnknownActorError
        If nobody, or without a day more than one past actor, holds the code.

    Examples
    --------
    >>> from datetime import date
    >>> from_code(679, system="cow").id, from_code("VN", system="iso2", on=date(1970, 1, 1)).id
    ('YEM', 'RVN')
    """
    wanted, day = _system(system), _day(on)
    key = _code_key(value, system=wanted)
    holders = by_code().get((wanted, key), ())
    found = {one.id: one for each, one in holders if _valid(each, one, day)}
    if day is None and len(found) > 1:
        found = {one.id: one for each, one in holders if each.end is None}
        found = found or {one.id: one for _, one in holders}
    if not found:
        raise unassigned(key, system=wanted, on=day)
    if len(found) > 1:
        raise ambiguous(f"{wanted} {key}", found.values(), on=day)
    return next(iter(found.values()))


def code(who: Actor | str, *, system: CodeSystem, on: date | None = None) -> str | None:
    """Return the code that a system gives to an actor on a day; None if it gives none.

    Without a day the code held today is returned, or the last one held.

    Examples
    --------
    >>> from datetime import date
    >>> code("DEU", system="cow", on=date(1980, 6, 1)), code("DEU", system="cow", on=date(2000, 6, 1))
    ('260', '255')
    >>> code("COK", system="cow") is None
    True
    """
    one, wanted, day = _actor(who), _system(system), _day(on)
    held = [each for each in one.codes if each.system == wanted and _valid(each, one, day)]
    if not held:
        return None
    # In the year of a change known only by its year both codes are valid: the newer one is written.
    latest = max(held, key=lambda each: (each.end or date.max, each.start or date.min) if day is None else _start(each))
    return latest.code


def crosswalk(value: str | int, *, source: CodeSystem, target: CodeSystem, on: date | None = None) -> str | None:
    """Return the code in another system of whoever holds a code on a day; None if the other system gives none.

    Examples
    --------
    >>> from datetime import date
    >>> crosswalk(345, source="cow", target="gw", on=date(2010, 1, 1))
    '340'
    """
    return code(from_code(value, system=source, on=on), system=target, on=on)


def name(who: Actor | str, *, language: str = "en") -> str:
    """Return an actor's name in a language.

    Parameters
    ----------
    who
        An actor or its id.
    language
        A BCP 47 tag, such as ``fr``, ``pt-BR`` or ``zh-Hant``.

    Returns
    -------
    str
        The name in CLDR for a state with a present ISO 3166 code. **Organisations, non-state actors and states of the
        past have no names in CLDR: their English name is returned whatever the language.**

    Raises
    ------
    InputError
        If the language is unknown.

    Examples
    --------
    >>> name("EST", language="fr"), name("JPN", language="de"), name("DDR", language="fr")
    ('Estonie', 'Japan', 'German Democratic Republic')
    """
    return name_in(_actor(who), language=language)


def share_a_day(a: str, b: str, *, year: int, system: CodeSystem | None = None) -> bool:
    """Say whether two actors exist together on at least one day of a year; those that do not make no dyad.

    Parameters
    ----------
    a, b
        Actor ids; with a system, codes of that system.
    year
        The calendar year.
    system
        With a system, the dates of its codes are compared in place of existence.

    Examples
    --------
    >>> share_a_day("CSK", "CZE", year=1993), share_a_day("255", "265", year=1990, system="cow")
    (False, False)
    """
    try:
        first, last = date(year, 1, 1), date(year, 12, 31)
    except (TypeError, ValueError, OverflowError) as fault:
        raise InputError(f"{str(year)[:20]!r} is not a calendar year.", remedy="write 1 to 9999.") from fault
    one, other = _stretches(a, system=system), _stretches(b, system=system)
    return any(
        max(x.start or first, y.start or first, first) <= min(x.end or last, y.end or last, last)
        for x in one
        for y in other
    )


def _stretches(value: str, *, system: CodeSystem | None) -> tuple[Spell | DatedCode, ...]:
    if system is None:
        return actor(value).spells or (Spell(),)
    wanted = _system(system)
    key = _code_key(value, system=wanted)
    holders = by_code().get((wanted, key), ())
    if not holders:
        raise unassigned(key, system=wanted, on=None)
    return tuple(each for each, _ in holders)


def _choose(text: str, candidates: Mapping[ActorId, Actor], *, on: date | None) -> Actor:
    if not candidates:
        raise unknown(text)
    if on is None:
        living = [one for one in candidates.values() if not one.spells or one.spells[-1].end is None]
        living = living or list(candidates.values())
    else:
        living = [one for one in candidates.values() if one.exists(on)]
        if not living:
            raise gone(text, tuple(candidates.values()), on=on)
    if len(living) > 1:
        raise ambiguous(text, living, on=on)
    return living[0]


def _by_alpha(text: str, *, on: date | None) -> Iterable[Actor]:
    system: CodeSystem = "iso2" if len(text) == 2 else "iso3"
    holders = by_code().get((system, text.upper()), ())
    current = [one for each, one in holders if _valid(each, one, on) and (on is not None or each.end is None)]
    return current or [one for _, one in holders]


def _valid(each: DatedCode, holder: Actor, on: date | None) -> bool:
    """Say whether a code holds on a day; ISO codes, first given in 1974, also need the existence of their holder."""
    if on is None:
        return True
    return each.covers(on) and (each.system in {"cow", "gw"} or holder.exists(on))


def _start(each: DatedCode) -> tuple[date, date]:
    return each.start or date.min, each.end or date.max


def _actor(who: Actor | str) -> Actor:
    return who if isinstance(who, Actor) else actor(who)


def _text(value: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"A {type(value).__name__} is not a name or code.", remedy="write a text.")
    words = value.strip()
    if not words or len(words) > _LONGEST or not words.isprintable():
        shown = ascii(value[:40])
        message = f"{shown} is not a name or code: empty, over {_LONGEST} characters, or with control characters."
        raise InputError(message, remedy="write an actor id, a code or a common name.")
    return words


def _code_key(value: str | int, *, system: CodeSystem) -> str:
    words = _text(value if isinstance(value, str) else _number(value))
    if system in {"iso2", "iso3"}:
        return words.upper()
    return words.zfill(3) if system == "ison" else words.lstrip("0")


def _number(value: int) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1000:
        raise InputError(f"{str(value)[:20]!r} is not a numeric code.", remedy="write 1 to 999, or the code as text.")
    return str(value)


def _system(system: CodeSystem) -> CodeSystem:
    if system not in SYSTEMS:
        raise InputError(f"{str(system)[:20]!r} is not a code system.", remedy=f"choose from {', '.join(SYSTEMS)}.")
    return system


def _day(on: date | None) -> date | None:
    if isinstance(on, datetime):
        return on.date()
    if on is not None and not isinstance(on, date):
        raise InputError(f"{str(on)[:20]!r} is not a date.", remedy="give a datetime.date.")
    return on
