"""What a store reads: records, whole desks as they are or were, history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk, DeskInfo
from legation.errors import CorruptStoreError, UnknownRecordError
from legation.store.interface import Entry, Head, Versioned
from legation.store.sql.chain import after_moment, first_moment, parse_moment, start_hash
from legation.store.sql.codec import decode_record, known_kind
from legation.store.sql.schema import change, meta, record

__all__ = [
    "read_all_states", "read_body_at_version", "read_count", "read_counts", "read_desk", "read_desk_known_on",
    "read_entries", "read_entry_hash", "read_head", "read_kind", "read_record", "read_removed_versions", "read_state",
    "read_versions",
]  # fmt: skip

_PAGE = 1_000


def read_head(connection: sa.Connection) -> Head:
    """Give the end of the history."""
    value = connection.execute(sa.select(meta.c.value).where(meta.c.name == "head")).scalar_one_or_none()
    number, _, found = str(value).partition(" ")
    if not number.isdigit() or not found:
        raise CorruptStoreError(
            "The store does not know the end of its history.", remedy="Restore the store from its last copy."
        )
    return Head(seq=int(number), hash=found)


def read_record(connection: sa.Connection, kind: str, key: str) -> Versioned:
    """Give one record with its version."""
    wanted = (record.c.kind == known_kind(kind)) & (record.c.key == key)
    row = connection.execute(sa.select(record.c.version, record.c.body).where(wanted)).one_or_none()
    if row is None:
        raise UnknownRecordError(f"The desk has no {kind} {key!r}.", remedy="Check the key, or look in the history.")
    return Versioned(record=decode_record(kind, row.body, key=key), version=row.version)


def read_count(connection: sa.Connection, kind: str) -> int:
    """Count the records of a kind."""
    query = sa.select(sa.func.count()).select_from(record).where(record.c.kind == known_kind(kind))
    return int(connection.execute(query).scalar_one())


def read_counts(connection: sa.Connection) -> dict[str, int]:
    """Count the records of every kind that has any."""
    query = sa.select(record.c.kind, sa.func.count().label("held")).group_by(record.c.kind).order_by(record.c.kind)
    return {row.kind: row.held for row in connection.execute(query)}


def read_versions(connection: sa.Connection, kind: str) -> dict[str, int]:
    """Give the versions of a kind's records by key."""
    query = sa.select(record.c.key, record.c.version).where(record.c.kind == known_kind(kind)).order_by(record.c.key)
    return {row.key: row.version for row in connection.execute(query)}


def read_state(connection: sa.Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    """Give version and text of those of the records that are there."""
    found = {}
    for kind, part in _pages(keys):
        wanted = (record.c.kind == kind) & record.c.key.in_(part)
        for row in connection.execute(sa.select(record.c.key, record.c.version, record.c.body).where(wanted)):
            found[kind, row.key] = (row.version, row.body)
    return found


def read_all_states(connection: sa.Connection, *, known_at: int | None = None) -> dict[tuple[str, str], Versioned]:
    """Give every record by kind and key, as it is or as it was after an entry of the history."""
    query: sa.Select[Any] = sa.select(record.c.kind, record.c.key, record.c.version, record.c.body)
    if known_at is not None:
        last = (
            sa.select(sa.func.max(change.c.seq).label("seq"))
            .where(change.c.seq <= known_at)
            .group_by(change.c.kind, change.c.key)
            .subquery()
        )
        query = (
            sa.select(change.c.kind, change.c.key, change.c.version, change.c.after)
            .join(last, last.c.seq == change.c.seq)
            .where(change.c.after.is_not(None))
        )
    return {
        (kind, key): Versioned(record=decode_record(kind, body, key=key), version=version)
        for kind, key, version, body in connection.execute(query)
    }


def read_entry_hash(connection: sa.Connection, seq: int) -> str | None:
    """Give the hash of an entry; of the empty history's start for 0; None where there is no such entry."""
    if seq == 0:
        store = connection.execute(sa.select(meta.c.value).where(meta.c.name == "store")).scalar_one_or_none()
        return start_hash(str(store))
    return connection.execute(sa.select(change.c.hash).where(change.c.seq == seq)).scalar_one_or_none()


def read_removed_versions(connection: sa.Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Give the last version of those of the records that were once removed."""
    removed = change.c.after.is_(None)
    if connection.execute(sa.select(change.c.seq).where(removed).limit(1)).first() is None:
        return {}
    found = {}
    for kind, part in _pages(keys):
        wanted = removed & (change.c.kind == kind) & change.c.key.in_(part)
        query = sa.select(change.c.key, sa.func.max(change.c.version).label("last")).where(wanted)
        for row in connection.execute(query.group_by(change.c.key)):
            found[kind, row.key] = row.last
    return found


def _pages(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, key in keys:
        by_kind[kind].append(key)
    for kind, held in by_kind.items():
        for first in range(0, len(held), _PAGE):
            yield kind, held[first : first + _PAGE]


def read_kind(connection: sa.Connection, kind: str) -> Iterator[Record]:
    """Give a kind's records in key order, page by page."""
    query = sa.select(record.c.key, record.c.body).where(record.c.kind == known_kind(kind)).order_by(record.c.key)
    # Closed when the reader stops early, so that no cursor stays open on the server.
    with connection.execution_options(yield_per=_PAGE).execute(query) as rows:
        for row in rows:
            yield decode_record(kind, row.body, key=row.key)


def read_desk(connection: sa.Connection) -> Desk:
    """Give the whole desk, collections in key order."""
    query = sa.select(record.c.kind, record.c.key, record.c.body).order_by(record.c.kind, record.c.key)
    rows = connection.execute(query)
    return _assembled(((row[0], row[1], row[2]) for row in rows), missing="The store holds no desk yet.")


def read_desk_known_on(connection: sa.Connection, when: datetime | date) -> Desk:
    """Give the whole desk as its history tells it was at a moment, or at a day's end in UTC."""
    last = (
        sa.select(sa.func.max(change.c.seq).label("seq"))
        .where(change.c.at < after_moment(when))
        .group_by(change.c.kind, change.c.key)
        .subquery()
    )
    query = (
        sa.select(change.c.kind, change.c.key, change.c.after)
        .join(last, last.c.seq == change.c.seq)
        .where(change.c.after.is_not(None))
        .order_by(change.c.kind, change.c.key)
    )
    rows = connection.execute(query)
    return _assembled(((row[0], row[1], row[2]) for row in rows), missing=f"Nothing was known of the desk on {when}.")


def _assembled(rows: Iterable[tuple[str, str, str]], *, missing: str) -> Desk:
    held: dict[str, list[Any]] = defaultdict(list)
    for kind, key, body in rows:
        held[kind].append(decode_record(kind, body, key=key))
    info = held.pop(DeskInfo.KIND, [])
    if len(info) != 1:
        raise UnknownRecordError(missing, remedy="Create the desk, or choose a later date.")
    return Desk(info=info[0], **{kind: tuple(held[kind]) for kind in KINDS if kind in held})


def read_entries(
    connection: sa.Connection,
    *,
    kind: str | None = None,
    key: str | None = None,
    since: datetime | date | None = None,
    until: datetime | date | None = None,
    after: int = 0,
) -> Iterator[Entry]:
    """Give the history's entries, oldest first, page by page."""
    query = sa.select(change).order_by(change.c.seq)
    if kind is not None:
        query = query.where(change.c.kind == known_kind(kind))
    if key is not None:
        query = query.where(change.c.key == key)
    if since is not None:
        query = query.where(change.c.at >= first_moment(since))
    if until is not None:
        query = query.where(change.c.at < after_moment(until))
    if after:
        query = query.where(change.c.seq > after)
    with connection.execution_options(yield_per=_PAGE).execute(query) as rows:
        for row in rows:
            yield _entry(row)


def _entry(row: Any) -> Entry:  # noqa: ANN401 - a row has no type of its own
    states = {
        side: None if body is None else decode_record(row.kind, body, key=row.key)
        for side, body in (("before", row.before), ("after", row.after))
    }
    return Entry(
        seq=row.seq,
        unit=row.unit,
        at=parse_moment(row.at),
        who=row.who,
        why=row.why,
        kind=row.kind,
        key=row.key,
        version=row.version,
        hash=row.hash,
        **states,
    )


def read_body_at_version(connection: sa.Connection, kind: str, key: str, version: int) -> str | None:
    """Give a record's text as of a version; None where it was removed or never was."""
    wanted = (change.c.kind == kind) & (change.c.key == key) & (change.c.version == version)
    return connection.execute(sa.select(change.c.after).where(wanted)).scalar_one_or_none()
