"""Readable differences between two desks, or between two states of one record."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any, Literal

import msgspec

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk, DeskInfo, Settings
from legation.errors import InputError

__all__ = ["Action", "Change", "FieldChange", "diff_desks", "diff_records"]

Action = Literal["added", "removed", "changed"]

_COMPARED = 10_000
"""Pairs of list entries compared for one line; longer lists are shown whole, and cut."""

_LONGEST = 80
"""Longer texts are cut in the middle, so that one change stays one readable line; `before` and `after` keep all."""


class FieldChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field that differs, with its values; for an added or removed record the other side is None."""

    name: str
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        """Give the change as a phrase: ``weight 1.0 -> 2.0``, or what a list gained and lost."""
        both = isinstance(self.before, tuple) and isinstance(self.after, tuple)
        if both and len(self.before) * len(self.after) <= _COMPARED:
            gained = [_shown(value) for value in self.after if value not in self.before]
            lost = [_shown(value) for value in self.before if value not in self.after]
            if gained or lost:
                return f"{self.name} " + _cut(
                    ", ".join([*(f"+{item}" for item in gained), *(f"-{item}" for item in lost)])
                )
        return f"{self.name} {_shown(self.before)} -> {_shown(self.after)}"


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happened to one record: added, removed or changed, with its fields.

    An added or removed record lists the fields that differ from their defaults.
    """

    kind: str
    key: str
    action: Action
    fields: tuple[FieldChange, ...] = ()

    def __str__(self) -> str:
        """Give the change as one line, control characters escaped: kind, key, action, fields."""
        if self.action == "changed":
            details = "; ".join(str(field) for field in self.fields)
        else:
            values = ((field.name, field.after if self.action == "added" else field.before) for field in self.fields)
            details = "; ".join(f"{name} {_shown(value)}" for name, value in values)
        line = f"{self.kind} {_plain(self.key)} {self.action}"
        return f"{line}: {details}" if details else line


def diff_records(before: Record | None, after: Record | None) -> Change | None:
    """Compare two states of one record; None where nothing differs.

    Parameters
    ----------
    before, after
        The record as it was and as it is; None where it did not or does not exist.

    Raises
    ------
    InputError
        When the two are of different kinds.

    Examples
    --------
    >>> from legation.desk.aims import Goal
    >>> print(diff_records(Goal(id="baltic", title="Baltic security"), Goal(id="baltic", title="Baltic", weight=2)))
    goals baltic changed: title 'Baltic security' -> 'Baltic'; weight 1.0 -> 2
    """
    if before is None and after is None:
        return None
    if before is None or after is None:
        record, action = (after, "added") if before is None else (before, "removed")
        assert record is not None
        return _whole(record, added=action == "added")
    if type(before) is not type(after):
        raise InputError(
            f"A record of {before.KIND} cannot be compared with one of {after.KIND}.",
            remedy="Compare two states of the same record.",
        )
    fields = tuple(_field_changes(before, after))
    return Change(kind=after.KIND, key=after.key, action="changed", fields=fields) if fields else None


def diff_desks(before: Desk | None, after: Desk | None) -> tuple[Change, ...]:
    """List what differs between two desks: the description first, then kind by kind in key order.

    Records are matched by kind and key; where several share a key they are matched in the order they stand.

    Parameters
    ----------
    before, after
        The two desks; None stands for a desk that does not exist.
    """
    changes = [diff_records(_info(before), _info(after))]
    for kind in KINDS:
        old = () if before is None else before.records(kind)
        new = () if after is None else after.records(kind)
        if old is not new:
            changes.extend(diff_records(*pair) for pair in _matched(old, new))
    return tuple(change for change in changes if change is not None)


def _info(desk: Desk | None) -> DeskInfo | None:
    return None if desk is None else desk.info


def _matched(old: Iterable[Record], new: Iterable[Record]) -> Iterator[tuple[Record | None, Record | None]]:
    befores: dict[str, list[Record]] = defaultdict(list)
    afters: dict[str, list[Record]] = defaultdict(list)
    for record in old:
        befores[record.key].append(record)
    for record in new:
        afters[record.key].append(record)
    for key in sorted(befores.keys() | afters.keys()):
        for left, right in zip_longest(befores.get(key, ()), afters.get(key, ())):
            if not _equal(left, right):
                yield left, right


def _equal(left: Record | None, right: Record | None) -> bool:
    """Compare whole records at C speed; a signalling NaN, which cannot be compared, leaves it to the fields."""
    try:
        return left is right or left == right
    except InvalidOperation:
        return False


def _field_changes(before: msgspec.Struct, after: msgspec.Struct, prefix: str = "") -> Iterator[FieldChange]:
    for name in before.__struct_fields__:
        left, right = getattr(before, name), getattr(after, name)
        if isinstance(left, Settings) and isinstance(right, Settings):
            yield from _field_changes(left, right, f"{name}.")
        elif not _same(left, right):
            yield FieldChange(name=prefix + name, before=left, after=right)


def _whole(record: Record, *, added: bool) -> Change:
    fields = []
    for field in msgspec.structs.fields(record):
        value = getattr(record, field.name)
        if field.default is msgspec.NODEFAULT or not _same(value, field.default):
            sides = {"after": value} if added else {"before": value}
            fields.append(FieldChange(name=field.name, **sides))
    return Change(kind=record.KIND, key=record.key, action="added" if added else "removed", fields=tuple(fields))


def _same(left: object, right: object) -> bool:
    """Compare two values; a NaN equals itself, and no Decimal raises (a signalling NaN does on ==)."""
    if left is right:
        return True
    if isinstance(left, Decimal) and isinstance(right, Decimal) and not (left.is_finite() and right.is_finite()):
        return str(left) == str(right)
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return bool(left == right)


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return _cut("[" + ", ".join(_shown(item) for item in value) + "]")
    if isinstance(value, str):
        return repr(_cut(value))
    if isinstance(value, Settings):
        return _cut(repr(value))
    return str(value)


def _plain(key: str) -> str:
    return repr(key)[1:-1]


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} ... {text[-half:]}"
