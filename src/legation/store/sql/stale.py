"""The difference that a refused write shows: what the others changed, what we meant to change."""

from __future__ import annotations

import sqlalchemy as sa

from legation.desk.base import Record
from legation.desk.diff import diff_records
from legation.store.sql.codec import decode_record
from legation.store.sql.query import read_body_at_version

__all__ = ["stale_difference"]


def stale_difference(
    connection: sa.Connection, name: tuple[str, str], *, held: tuple[int, str] | None, ours: str | None, expected: int
) -> str:
    """Say in words how a record stands and what the refused write wanted.

    Parameters
    ----------
    connection
        Within the transaction.
    name
        Kind and key.
    held
        Version and text now in the store; None where there is no such record.
    ours
        The text that was to be written; None for a removal.
    expected
        The version the writer had read.
    """
    kind, key = name
    base_body = read_body_at_version(connection, kind, key, expected) if expected else None
    base, theirs, mine = (
        None if body is None else decode_record(kind, body, key=key)
        for body in (base_body, None if held is None else held[1], ours)
    )
    version = "is not there" if held is None else f"is at version {held[0]}"
    lines = [
        f"{kind} {key} {version}, the write expected {f'version {expected}' if expected else 'none'}:",
        f"  theirs: {_told(base, theirs)}",
        f"  ours: {_told(base, mine)}",
    ]
    lines.extend(_clashes(base, theirs, mine))
    return "\n".join(lines)


def _told(base: Record | None, state: Record | None) -> str:
    change = diff_records(base, state)
    return "no difference from what was read" if change is None else str(change)


def _clashes(base: Record | None, theirs: Record | None, ours: Record | None) -> list[str]:
    if base is None or theirs is None or ours is None:
        return []
    lines = []
    for name in base.__struct_fields__:
        was, now, wanted = (getattr(state, name) for state in (base, theirs, ours))
        if was not in (now, wanted) and now != wanted:
            lines.append(f"  both changed {name}: was {was!r}, theirs {now!r}, ours {wanted!r}")
    return lines
