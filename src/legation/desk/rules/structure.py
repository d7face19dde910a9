"""Fields hold values of their types, keys are unique, numbers are finite."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from operator import attrgetter
from types import GenericAlias

import msgspec

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk, DeskInfo
from legation.desk.problems import readable_problem
from legation.desk.rules.facts import Facts
from legation.desk.rules.fields import holding
from legation.desk.rules.registry import Finding, Findings, quoted, rule

__all__ = ["split"]

_UNUSABLE = (msgspec.ValidationError, TypeError, ValueError, OverflowError)


def split(desk: Desk) -> tuple[Desk, tuple[tuple[Record, str], ...]]:
    """Part a desk into the records whose fields hold values of their types, and the others with what is wrong.

    A record that was read from a file or a store has been checked already; one made in Python has not.
    """
    unsound: list[tuple[Record, str]] = []
    sound = {}
    for kind, struct in KINDS.items():
        records = desk.records(kind)
        if not _round_trips(records, GenericAlias(tuple, (struct, ...))):
            found = [(record, problem) for record in records if (problem := _problem(record, struct)) is not None]
            unsound.extend(found)
            broken = {id(record) for record, _ in found}
            sound[kind] = tuple(record for record in records if id(record) not in broken)
    return (msgspec.structs.replace(desk, **sound) if sound else desk), tuple(unsound)


def info_problem(desk: Desk) -> str | None:
    """Give what is wrong with the types of the desk's own description, or None."""
    return _problem(desk.info, DeskInfo)


def _round_trips(records: tuple[Record, ...], kind: object) -> bool:
    """Encode and decode all at once: a hundred times faster than record by record, and enough when all is well."""
    try:
        msgspec.json.decode(msgspec.json.encode(records), type=kind)
    except _UNUSABLE:
        return False
    return True


def _problem(record: object, kind: type[Record]) -> str | None:
    if type(record) is not kind:
        return f"{type(record).__name__} stands where a {kind.__name__} is expected."
    try:
        msgspec.convert(msgspec.to_builtins(record), type=kind)
    except _UNUSABLE as error:
        return readable_problem(error)
    return None


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
        keys = list(map(attrgetter(*struct.KEY), records))
        if len(set(keys)) == len(keys):
            continue
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
