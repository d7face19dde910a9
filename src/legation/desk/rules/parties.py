"""Actors that records name are known, and exist when they are to act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from legation.desk.base import Record
from legation.desk.missions import Mission
from legation.desk.months import first_day
from legation.desk.rules.facts import Facts
from legation.desk.rules.fields import holding
from legation.desk.rules.registry import Finding, Findings, quoted, rule

_AT_DESK_TIME = (
    ("desk", "observer"),
    ("missions", "partners"),
    ("missions", "place"),
    ("willingness", "partner"),
    ("absorption", "partner"),
    ("positions", "station"),
    ("leads", "actor"),
    ("spill_caps", "actor"),
)
"""Fields whose actor takes part in what the desk plans; others may be of the past, as in an old agreement."""


@rule(
    "actor-exists",
    "Every actor that a record names is one that Legation knows.",
    remedy="Write the identifier that `legation.actors` gives: ISO 3166 alpha-3 for states, the short name for others.",
)
def actor_exists(facts: Facts) -> Findings:
    """Relations, sanctions and treaties are found by actor; a wrong identifier would find none and look harmless."""
    for record, field, name in _named(facts, holding("actor")):
        error = facts.actor_error(name)
        actor = facts.actor(name)
        if error is not None:
            close = " or ".join(error.suggestions[:3])
            remedy = f"Write {close}." if close else None
            yield Finding(record, f"{field} {quoted(name)} is no actor that Legation knows.", field, remedy)
        elif actor is not None and actor.id != name:
            yield Finding(record, f"{field} {quoted(name)} is not an identifier.", field, f"Write {actor.id}.")


def _named(facts: Facts, fields: tuple[tuple[str, str, bool], ...]) -> Iterator[tuple[Record, str, str]]:
    for kind, field, many in fields:
        for record in (facts.desk.info,) if kind == "desk" else facts.desk.records(kind):
            value = getattr(record, field)
            if many:
                for name in value:
                    yield record, field, name
            elif value is not None:
                yield record, field, value


@rule(
    "actor-at-the-time",
    "Partners, places and the observer exist in the desk's time.",
    remedy="Name the actor that exists at the time: a successor, or the state that a part belongs to.",
)
def actor_at_the_time(facts: Facts) -> Findings:
    """Nobody can visit a state that no longer exists; a mission that has a start is judged by it."""
    fields = tuple(entry for entry in holding("actor") if entry[:2] in _AT_DESK_TIME)
    answers: dict[tuple[str, date], bool] = {}
    for record, field, name in _named(facts, fields):
        day = _day(record, facts)
        if (name, day) not in answers:
            actor = facts.actor(name)
            answers[name, day] = actor is None or actor.exists(day) or actor.exists(max(day, facts.last))
        if not answers[name, day]:
            actor = facts.actor(name)
            heirs = ", ".join(actor.successors) if actor is not None else ""
            remedy = f"Name a successor: {heirs}." if heirs else None
            yield Finding(record, f"{field} {name} does not exist on {day}.", field, remedy)


def _day(record: Record, facts: Facts) -> date:
    if isinstance(record, Mission) and record.start is not None:
        return first_day(record.start)
    return facts.first
