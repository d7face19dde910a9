"""Fields hold values of their types, keys are unique, numbers are finite."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from types import GenericAlias
from typing import Any, TypeVar

import msgspec

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk, DeskInfo
from legation.desk.problems import readable_problem
from legation.desk.rules.facts import Facts
from legation.desk.rules.fields import holding
from legation.desk.rules.registry import Finding, Findings, quoted, rule
from legation.desk.rules.texts import may_hold_controls

__all__ = ["Parts", "info_problem", "split"]

_R = TypeVar("_R", bound=Record)

_UNUSABLE = (msgspec.ValidationError, TypeError, ValueError, OverflowError)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A desk parted into what the rules can read and what they cannot.

    Attributes
    ----------
    desk
        The sound records, with exact types: a whole number where money is expected has become a decimal.
    unsound
        The others, with what is wrong.
    suspects
        Kinds with a text that may hold a control character.
    """

    desk: Desk
    unsound: tuple[tuple[Record, str], ...]
    suspects: frozenset[str]


def split(desk: Desk) -> Parts:
    """Part a desk into the records whose fields hold values of their types, and the others.

    A record that was read from a file or a store has been checked already; one made in Python has not.
    """
    unsound: list[tuple[Record, str]] = []
    suspects: set[str] = set()
    sound: dict[str, Any] = {}
    for kind, struct in KINDS.items():
        records = desk.records(kind)
        encoded = _encoded(records)
        if encoded is None or may_hold_controls(encoded):
            suspects.add(kind)
        typed = None if encoded is None else _typed(records, encoded, kind=struct)
        if typed is None:
            judged = [(record, *_judged(record, struct)) for record in records]
            unsound.extend((record, problem) for record, _, problem in judged if problem is not None)
            typed = tuple(found for _, found, _ in judged if found is not None)
        sound[kind] = typed
    info, _ = _judged(desk.info, DeskInfo)
    return Parts(
        desk=Desk(info=desk.info if info is None else info, **sound),
        unsound=tuple(unsound),
        suspects=frozenset((*suspects, DeskInfo.KIND)),
    )


def info_problem(desk: Desk) -> str | None:
    """Give what is wrong with the types of the desk's own description, or None."""
    return _judged(desk.info, DeskInfo)[1]


def _encoded(records: tuple[Record, ...]) -> bytes | None:
    try:
        return msgspec.json.encode(records)
    except _UNUSABLE:
        return None


def _typed(records: tuple[Record, ...], encoded: bytes, *, kind: type[Record]) -> tuple[Record, ...] | None:
    """Decode all at once: a hundred times faster than record by record, and enough when all is well.

    A missing value is its field's default and is not encoded, so a null is a NaN that JSON cannot write: it has to be
    looked at record by record, lest it become a missing value.
    """
    if not records:
        return ()
    if b"null" in encoded or set(map(type, records)) != {kind}:
        return None
    try:
        found: tuple[Record, ...] = msgspec.json.decode(encoded, type=GenericAlias(tuple, (kind, ...)))
    except _UNUSABLE:
        return None
    return found


def _judged(record: _R, kind: type[_R]) -> tuple[_R | None, str | None]:
    """Give the record with exact types, or what is wrong with it."""
    if type(record) is not kind:
        return None, f"{type(record).__name__} stands where {kind.__name__} is expected."
    try:
        return msgspec.convert(msgspec.to_builtins(record), type=kind), None
    except _UNUSABLE as error:
        return None, readable_problem(error)


@rule(
    "record-structure",
    "Every field holds a value of its type, within its limits.",
    remedy="Write the field as the reference page of the desk folder describes it.",
)
def record_structure(facts: Facts) -> Findings:
    """Types and limits are what every later rule and every method rests on; a record that breaks them is left out."""
    for record, problem in facts.unsound:
        yield Finding(record, problem)


@rule(
    "key-unique",
    "No two records of a kind share a key.",
    remedy="Remove all but one of the rows, or give them different keys.",
)
def key_unique(facts: Facts) -> Findings:
    """The key is how other records, the history and partners name a record; with two of them a reference is a guess."""
    for kind, struct in KINDS.items():
        records = facts.desk.records(kind)
        key_of = attrgetter(*struct.KEY)
        if len(set(map(key_of, records))) == len(records):
            continue
        keys = list(map(key_of, records))
        counts = Counter(keys)
        firsts = dict(zip(reversed(keys), reversed(records), strict=True))
        for key, record in firsts.items():
            if counts[key] > 1:
                yield Finding(
                    record, f"{counts[key]} {kind} rows share the key {quoted(record.key)}.", field=struct.KEY[-1]
                )


@rule(
    "objective-goal-ids",
    "No objective has the id of a goal.",
    remedy="Rename the objective or the goal.",
)
def objective_goal_ids(facts: Facts) -> Findings:
    """An objective's parent is a goal or another objective, so one name for both would make the parent a guess."""
    for name in facts.goals.keys() & facts.objectives.keys():
        yield Finding(facts.objectives[name], f"{name} is the id of an objective and of a goal.", field="id")


@rule(
    "number-finite",
    "Every number is finite.",
    remedy="Write a number, or leave the field out where it is not known.",
)
def number_finite(facts: Facts) -> Findings:
    """A NaN or an infinity would pass through sums into every figure of the desk without a trace."""
    for kind, field, _ in holding("float", "decimal"):
        for record in _records(facts.desk, kind):
            value = getattr(record, field)
            if value is not None and not _finite(value):
                yield Finding(record, f"{field} is {value}, not a finite number.", field=field)


def _finite(value: float | Decimal) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def _records(desk: Desk, kind: str) -> Iterator[Record]:
    return iter((desk.info,) if kind == DeskInfo.KIND else desk.records(kind))
