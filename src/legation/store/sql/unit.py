"""One transaction on a store: everything in it is written with its history, or nothing is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import msgspec
import sqlalchemy as sa

from legation.desk.base import Record
from legation.desk.desk import Desk, DeskInfo
from legation.errors import InputError, StaleWriteError, StorageError
from legation.store.interface import Head, Summary, Versioned, store_key
from legation.store.sql.chain import entry_hash, moment_text, parse_moment
from legation.store.sql.codec import encode_record, known_kind, plain_text
from legation.store.sql.engine import writing
from legation.store.sql.query import (
    read_all_states,
    read_desk,
    read_entry_hash,
    read_head,
    read_record,
    read_removed_versions,
    read_state,
    read_versions,
)
from legation.store.sql.schema import change, meta, record
from legation.store.sql.stale import stale_difference
from legation.store.sql.translate import storage_errors

__all__ = ["SqlUnitOfWork"]

_LONGEST_WHO, _LONGEST_WHY = 200, 2_000
_SHOWN = 20
"""So many stale records are shown in full; the rest are counted."""

Key = tuple[str, str]


class _Write(msgspec.Struct, frozen=True, kw_only=True):
    """A write that waits: the record's text, or None for a removal."""

    body: str | None
    expected: int


class SqlUnitOfWork:
    """A unit of work on a SQL store; see `legation.store.UnitOfWork`.

    Writes wait in memory until something is read or committed, and then go out in few statements.
    """

    def __init__(self, engine: sa.Engine, *, place: str, who: str, why: str, clock: Callable[[], datetime]) -> None:
        if not who.strip():
            raise InputError("Nobody is named as the writer.", remedy="Give who changes the desk.")
        self.who = plain_text(who, what="The writer's name", longest=_LONGEST_WHO)
        self.why = plain_text(why, what="The reason", longest=_LONGEST_WHY)
        self.summary: Summary | None = None
        self._engine = engine
        self._place = place
        self._clock = clock
        self._stack = ExitStack()
        self._connection: sa.Connection | None = None
        self._waiting: dict[Key, _Write] = {}
        self._counts = {"added": 0, "changed": 0, "removed": 0}

    def __enter__(self) -> Self:
        """Wait for other writers, then begin."""
        if self._connection is not None or self.summary is not None:
            raise StorageError("A unit of work is used once.", remedy="Begin another one.")
        self._connection = self._stack.enter_context(writing(self._engine, self._place))
        try:
            with storage_errors(self._place):
                self._begun = self._head = read_head(self._connection)
                self._at = self._now()
        except BaseException:
            self.rollback()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or roll back when the block raised."""
        if self._connection is None:
            return
        if error is None:
            self.commit()
        else:
            self.rollback()

    def put(self, record: Record, *, expected_version: int) -> None:
        """Add or change a record; see `legation.store.UnitOfWork.put`."""
        self._wait(store_key(record), _Write(body=encode_record(record), expected=expected_version))

    def set_info(self, info: DeskInfo, *, expected_version: int) -> None:
        """Set the desk's description."""
        self.put(info, expected_version=expected_version)

    def delete(self, kind: str, key: str, *, expected_version: int) -> None:
        """Remove a record."""
        if expected_version < 1:
            raise InputError(
                f"The removal of {kind} {key!r} names version {expected_version}.",
                remedy="Give the version last read; it is 1 or more.",
            )
        self._wait((known_kind(kind), key), _Write(body=None, expected=expected_version))

    def get(self, kind: str, key: str) -> Versioned:
        """Give a record as this unit of work sees it."""
        return read_record(self._flushed(), kind, key)

    def versions(self, kind: str) -> dict[str, int]:
        """Give the versions of a kind's records, by key."""
        return read_versions(self._flushed(), kind)

    def load(self) -> Desk:
        """Give the whole desk as this unit of work sees it."""
        return read_desk(self._flushed())

    def state(self, *, known_at: int | None = None) -> dict[Key, Versioned]:
        """Give every record by kind and key, as it is here or as it was after entry number `known_at`."""
        return read_all_states(self._flushed(), known_at=known_at)

    def entry_hash(self, seq: int) -> str | None:
        """Give the hash of an entry of the history, 0 standing for its start; None where there is none."""
        return read_entry_hash(self._flushed(), seq)

    def head(self) -> Head:
        """Give the end of the history as this unit of work sees it."""
        self._flushed()
        return self._head

    def commit(self) -> Summary:
        """Write what waits, confirm everything."""
        try:
            connection = self._flushed()
            if self._head != self._begun:
                value = f"{self._head.seq} {self._head.hash}"
                with storage_errors(self._place):
                    connection.execute(sa.update(meta).where(meta.c.name == "head").values(value=value))
        except BaseException:
            self.rollback()
            raise
        self._connection = None
        self._stack.close()
        wrote = self._head != self._begun
        self.summary = Summary(
            first=self._begun.seq + 1 if wrote else None,
            head=self._head,
            at=parse_moment(self._at) if wrote else None,
            **self._counts,
        )
        return self.summary

    def rollback(self) -> None:
        """Forget everything."""
        connection, self._connection = self._connection, None
        self._waiting.clear()
        if connection is not None:
            with storage_errors(self._place):
                transaction = connection.get_transaction()
                if transaction is not None:
                    transaction.rollback()
            self._stack.close()

    def _now(self) -> str:
        # A clock that was set back never makes an entry older than the one before it.
        assert self._connection is not None
        last = self._connection.execute(sa.select(change.c.at).where(change.c.seq == self._head.seq))
        return max(moment_text(self._clock()), last.scalar_one_or_none() or "")

    def _wait(self, key: Key, write: _Write) -> None:
        if key in self._waiting:
            self._flushed()
        self._open()
        self._waiting[key] = write

    def _open(self) -> sa.Connection:
        if self._connection is None:
            raise StorageError("The unit of work has ended.", remedy="Use it within its with block.")
        return self._connection

    def _flushed(self) -> sa.Connection:
        connection = self._open()
        if self._waiting:
            with storage_errors(self._place):
                self._write(connection)
            self._waiting.clear()
        return connection

    def _write(self, connection: sa.Connection) -> None:
        held = read_state(connection, self._waiting)
        self._refuse_stale(connection, held)
        new = [key for key, write in self._waiting.items() if key not in held and write.body is not None]
        removed = read_removed_versions(connection, new)
        rows: list[dict[str, Any]] = []
        for key, write in self._waiting.items():
            version, before = held.get(key, (removed.get(key, 0), None))
            if write.body != before:
                rows.append(self._row(key, before=before, after=write.body, version=version + 1))
        _store_rows(connection, rows)
        for row in rows:
            name = "added" if row["before"] is None else "removed" if row["after"] is None else "changed"
            self._counts[name] += 1

    def _row(self, key: Key, *, before: str | None, after: str | None, version: int) -> dict[str, Any]:
        row: dict[str, Any] = {
            "seq": self._head.seq + 1,
            "unit": self._begun.seq + 1,
            "at": self._at,
            "who": self.who,
            "why": self.why,
            "kind": key[0],
            "key": key[1],
            "version": version,
            "before": before,
            "after": after,
        }
        row["hash"] = entry_hash(self._head.hash, row)
        self._head = Head(seq=row["seq"], hash=row["hash"])
        return row

    def _refuse_stale(self, connection: sa.Connection, held: dict[Key, tuple[int, str]]) -> None:
        stale = [key for key, write in self._waiting.items() if held.get(key, (0, ""))[0] != write.expected]
        if not stale:
            return
        shown = [
            stale_difference(
                connection, key, held=held.get(key), ours=self._waiting[key].body, expected=self._waiting[key].expected
            )
            for key in stale[:_SHOWN]
        ]
        if len(stale) > _SHOWN:
            shown.append(f"and {len(stale) - _SHOWN} more")
        names = ", ".join(f"{kind} {key}" for kind, key in stale[:3]) + (" ..." if len(stale) > 3 else "")
        raise StaleWriteError(
            f"Somebody else changed {names} first; nothing was written.\n" + "\n".join(shown),
            difference="\n".join(shown),
            remedy="Read the record again, decide, and write with its present version.",
        )


def _store_rows(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    added = [row for row in rows if row["before"] is None]
    changed = [row for row in rows if row["before"] is not None and row["after"] is not None]
    removed = [row for row in rows if row["after"] is None]
    named = (record.c.kind == sa.bindparam("b_kind")) & (record.c.key == sa.bindparam("b_key"))
    if rows:
        connection.execute(sa.insert(change), rows)
    if added:
        columns = ("kind", "key", "version")
        connection.execute(
            sa.insert(record), [{**{name: row[name] for name in columns}, "body": row["after"]} for row in added]
        )
    if changed:
        connection.execute(
            sa.update(record).where(named).values(version=sa.bindparam("b_version"), body=sa.bindparam("b_body")),
            [
                {"b_kind": row["kind"], "b_key": row["key"], "b_version": row["version"], "b_body": row["after"]}
                for row in changed
            ],
        )
    if removed:
        connection.execute(
            sa.delete(record).where(named), [{"b_kind": row["kind"], "b_key": row["key"]} for row in removed]
        )
