"""A desk in SQLite or PostgreSQL: the door to reading, writing and history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from os import PathLike
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from legation.desk.base import Record
from legation.desk.desk import Desk, DeskInfo
from legation.errors import CorruptStoreError, UnknownRecordError
from legation.store.interface import INFO_KEY, Engine, Entry, Head, Verification, Versioned
from legation.store.sql.engine import make_engine, reading, writing
from legation.store.sql.migrate import ensure_schema
from legation.store.sql.places import FilePlace, check_file, parse_place
from legation.store.sql.query import (
    read_count,
    read_counts,
    read_desk,
    read_desk_known_on,
    read_entries,
    read_head,
    read_kind,
    read_record,
    read_versions,
)
from legation.store.sql.replicate import copy_history
from legation.store.sql.unit import SqlUnitOfWork
from legation.store.sql.verify import verify_connection

__all__ = ["SqlStore", "open_sql_store"]


class SqlStore:
    """A desk in a SQL database; see `legation.store.Store`."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        place: str,
        engine_name: Engine,
        notices: tuple[str, ...],
        clock: Callable[[], datetime],
    ) -> None:
        self.place = place
        self.engine_name: Engine = engine_name
        self.notices = notices
        self.sql = engine
        self._clock = clock

    def __repr__(self) -> str:
        """Give the place, without a password."""
        return f"<SqlStore {self.place}>"

    def __enter__(self) -> Self:
        """Give the store, to be closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Let go of the database; the store may not be used afterwards."""
        self.sql.dispose()

    def info(self) -> DeskInfo:
        """Give the desk's description."""
        try:
            found = self.get(DeskInfo.KIND, INFO_KEY).record
        except UnknownRecordError as error:
            raise UnknownRecordError(f"{self.place} holds no desk yet.", remedy="Create the desk first.") from error
        assert isinstance(found, DeskInfo)
        return found

    def load(self, *, known_on: datetime | date | None = None) -> Desk:
        """Give the whole desk, as it is or as it was known; see `legation.store.Store.load`."""
        with reading(self.sql, self.place) as connection:
            return read_desk(connection) if known_on is None else read_desk_known_on(connection, known_on)

    def get(self, kind: str, key: str) -> Versioned:
        """Give one record and its version."""
        with reading(self.sql, self.place) as connection:
            return read_record(connection, kind, key)

    def count(self, kind: str) -> int:
        """Count the records of a kind."""
        with reading(self.sql, self.place) as connection:
            return read_count(connection, kind)

    def counts(self) -> dict[str, int]:
        """Count the records of every kind that has any."""
        with reading(self.sql, self.place) as connection:
            return read_counts(connection)

    def iterate(self, kind: str) -> Iterator[Record]:
        """Give the records of a kind in key order, reading as they are taken."""
        with reading(self.sql, self.place) as connection:
            yield from read_kind(connection, kind)

    def versions(self, kind: str) -> dict[str, int]:
        """Give the versions of all records of a kind, by key."""
        with reading(self.sql, self.place) as connection:
            return read_versions(connection, kind)

    def head(self) -> Head:
        """Give the end of the history."""
        with reading(self.sql, self.place) as connection:
            return read_head(connection)

    def history(
        self,
        kind: str | None = None,
        key: str | None = None,
        *,
        since: datetime | date | None = None,
        until: datetime | date | None = None,
        after: int = 0,
    ) -> Iterator[Entry]:
        """Give the entries, oldest first; see `legation.store.Store.history`."""
        with reading(self.sql, self.place) as connection:
            yield from read_entries(connection, kind=kind, key=key, since=since, until=until, after=after)

    def unit_of_work(self, *, who: str, why: str) -> SqlUnitOfWork:
        """Begin a transaction; other writers wait until it ends."""
        return SqlUnitOfWork(self.sql, place=self.place, who=who, why=why, clock=self._clock)

    def copy_into(self, target: SqlStore) -> Head:
        """Copy the desk with its whole history, hash by hash, into a store that is empty.

        Raises
        ------
        ConflictError
            When the target holds anything.
        """
        with reading(self.sql, self.place) as source, writing(target.sql, target.place) as connection:
            return copy_history(source, connection, place=target.place)

    def verify(self) -> Verification:
        """Check the whole store; damage that stops the reading is reported like any other problem."""
        try:
            with reading(self.sql, self.place) as connection:
                return verify_connection(connection)
        except CorruptStoreError as error:
            return Verification(entries=0, records=0, problems=(error.message,))


def open_sql_store(
    place: str | PathLike[str], *, create: bool, timeout_seconds: float, clock: Callable[[], datetime]
) -> SqlStore:
    """Open a store; see `legation.store.open_store`."""
    where = parse_place(place)
    if isinstance(where, FilePlace):
        check_file(where.path, create=create)
    engine = make_engine(where, create=create, timeout_seconds=timeout_seconds)
    try:
        notices = ensure_schema(engine, where, create=create)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(
        engine,
        place=where.name,
        engine_name="sqlite" if isinstance(where, FilePlace) else "postgresql",
        notices=notices,
        clock=clock,
    )
