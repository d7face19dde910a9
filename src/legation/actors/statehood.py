"""States from 1816 to today: existence and codes, read from hand-written facts in ``data/states_*.toml``.

The dates of existence are Legation's own legal view, each with its act. The dates of COW and Gleditsch-Ward numbers
follow those systems, which count members by other rules (size, missions received, occupation);
``docs/reference/actors-states.md`` lists where they differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

import msgspec

from legation.actors._facts import DATA
from legation.actors.types import Actor, ActorId, ActorKind, CodeSystem, DatedCode, Spell
from legation.errors import FormatError

__all__ = ["REGIONS", "SYSTEMS", "load_states", "read_states"]

REGIONS = ("africa", "americas", "asia", "europe", "oceania")
SYSTEMS: tuple[CodeSystem, ...] = ("iso2", "iso3", "ison", "cow", "gw")

# COW and Gleditsch-Ward count from the first day of 1816, however old a state is.
_SYSTEM_START = date(1816, 1, 1)

_ID = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,30}[A-Z0-9])\Z")
_PATTERNS: Mapping[CodeSystem, re.Pattern[str]] = {
    "iso2": re.compile(r"[A-Z]{2}\Z"),
    "iso3": re.compile(r"[A-Z]{3}\Z"),
    "ison": re.compile(r"[0-9]{3}\Z"),
    "cow": re.compile(r"[1-9][0-9]{0,2}\Z"),
    "gw": re.compile(r"[1-9][0-9]{0,2}\Z"),
}


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    exists: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    iso: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    cow: tuple[str, ...] = ()
    gw: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()


@cache
def load_states() -> tuple[Actor, ...]:
    """Return every state of the record, in the order of their ids; read once and kept."""
    found = [
        state
        for region in REGIONS
        for state in read_states((DATA / f"states_{region}.toml").read_bytes(), source=f"states_{region}.toml")
    ]
    return tuple(sorted(found, key=lambda state: state.id))


def read_states(content: bytes, *, source: str) -> tuple[Actor, ...]:
    """Read one table of states.

    Parameters
    ----------
    content
        TOML, one table per state; ``docs/reference/actors-states.md`` describes the keys.
    source
        The file's name, for messages.

    Raises
    ------
    FormatError
        If the content is not TOML, a key is unknown, or an id, span or code is not written as described.
    """
    try:
        entries = msgspec.toml.decode(content, type=dict[str, _Entry])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise FormatError(f"{source}: {fault}.", remedy="correct the table of states.") from fault
    return tuple(_to_actor(key, entry, where=f"{source}, {key[:40]!r}") for key, entry in entries.items())


def _to_actor(key: str, entry: _Entry, *, where: str) -> Actor:
    if not entry.exists:
        raise FormatError(f"{where}: no spell of existence.", remedy="add at least one line under exists.")
    spells = tuple(_spell(text, where=where) for text in entry.exists)
    _check_order(spells, where=where)
    codes = (
        *_iso_codes(entry.iso, where=where),
        *_codes("ison", entry.numeric, where=where),
        *_system_codes("cow", entry.cow, spells=spells, where=where),
        *_system_codes("gw", entry.gw, spells=spells, where=where),
    )
    return Actor(
        id=_id(key, where=where),
        kind=ActorKind.STATE,
        name=entry.name,
        aliases=entry.aliases,
        spells=spells,
        codes=codes,
        predecessors=tuple(_id(value, where=where) for value in entry.predecessors),
        successors=tuple(_id(value, where=where) for value in entry.successors),
    )


def _id(value: str, *, where: str) -> ActorId:
    if not _ID.match(value):
        raise FormatError(
            f"{where}: {value[:40]!r} is not an actor id.", remedy="write 2 to 32 capitals, digits, inner hyphens."
        )
    return ActorId(value)


def _spell(text: str, *, where: str) -> Spell:
    span, bar, reference = text.partition("|")
    if not bar or not reference.strip():
        raise FormatError(f"{where}: {text[:60]!r} names no act.", remedy="write START..END | act.")
    start, end = _span(span.strip(), where=where)
    return Spell(start=start, end=end, reference=reference.strip())


def _span(text: str, *, where: str) -> tuple[date | None, date | None]:
    """Read ``START..END``, where either end may be left out."""
    parts = text.split("..")
    try:
        start, end = (date.fromisoformat(part) if part else None for part in parts)
    except ValueError as fault:
        message = f"{where}: {text[:60]!r} is not a span of days."
        raise FormatError(message, remedy="write START..END with ISO 8601 dates.") from fault
    if start and end and end < start:
        raise FormatError(f"{where}: {text!r} ends before it starts.", remedy="correct one of the dates.")
    return start, end


def _check_order(spells: Sequence[Spell], *, where: str) -> None:
    for earlier, later in pairwise(spells):
        if earlier.end is None or later.start is None or later.start <= earlier.end:
            raise FormatError(f"{where}: spells overlap or are out of order.", remedy="list them by date.")


def _iso_codes(lines: Sequence[str], *, where: str) -> Iterator[DatedCode]:
    """Read ``ALPHA-2 ALPHA-3 NUMERIC [SPAN]``; a hyphen stands for a code that the line leaves alone."""
    for line in lines:
        values, start, end = _split(line, codes=3, where=where)
        for system, value in zip(SYSTEMS[:3], values, strict=True):
            if value != "-":
                yield _code(system, value, start=start, end=end, where=where)


def _codes(system: CodeSystem, lines: Sequence[str], *, where: str) -> Iterator[DatedCode]:
    for line in lines:
        (value,), start, end = _split(line, codes=1, where=where)
        yield _code(system, value, start=start, end=end, where=where)


def _system_codes(
    system: CodeSystem, lines: Sequence[str], *, spells: Sequence[Spell], where: str
) -> Iterator[DatedCode]:
    """Read ``NUMBER [SPAN]``; a number without a span is valid throughout the existence of the state."""
    for line in lines:
        if " " in line:
            yield from _codes(system, [line], where=where)
            continue
        for spell in spells:
            start = max(spell.start, _SYSTEM_START) if spell.start else _SYSTEM_START
            yield _code(system, line, start=start, end=spell.end, where=where)


def _split(line: str, *, codes: int, where: str) -> tuple[list[str], date | None, date | None]:
    parts = line.split(" ")
    if len(parts) not in {codes, codes + 1}:
        raise FormatError(f"{where}: {line[:60]!r} is not a dated code.", remedy="write the code, then its span.")
    span = parts[codes] if len(parts) > codes else ".."
    return parts[:codes], *_span(span, where=where)


def _code(system: CodeSystem, value: str, *, start: date | None, end: date | None, where: str) -> DatedCode:
    if not _PATTERNS[system].match(value):
        raise FormatError(f"{where}: {value[:20]!r} is not a code of {system}.", remedy="correct the code.")
    return DatedCode(system=system, code=value, start=start, end=end)
