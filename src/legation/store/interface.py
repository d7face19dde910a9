"""What every store of a desk offers, whichever engine keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from os import PathLike
from types import TracebackType
from typing import Literal, Protocol, Self, runtime_checkable

import msgspec

from legation.desk.base import Record
from legation.desk.desk import Desk, DeskInfo
from legation.desk.diff import Change, diff_records

__all__ = [
    "INFO_KEY",
    "Engine",
    "Entry",
    "Head",
    "Store",
    "Summary",
    "UnitOfWork",
    "Verification",
    "Versioned",
    "open_store",
    "store_key",
]

Engine = Literal["sqlite", "postgresql"]

INFO_KEY = "desk"
"""A store keeps one desk, so its description has a fixed key and may change its own id."""


def utc_now() -> datetime:
    """Give the present moment in UTC."""
    return datetime.now(UTC)


def store_key(record: Record) -> tuple[str, str]:
    """Give the kind and the key under which a store keeps a record."""
    return record.KIND, INFO_KEY if isinstance(record, DeskInfo) else record.key


class Versioned(msgspec.Struct, frozen=True, kw_only=True):
    """A record and its version, which starts at 1, rises with every change and is never used twice."""

    record: Record
    version: int


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a store's history: number and hash of the last entry; 0 and the store's own hash when empty."""

    seq: int
    hash: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One change to one record: who, when, why, what it was and what it became.

    `unit` is the number of the first entry of the transaction, so entries of one operation share it. `at` is in UTC.
    `hash` is the SHA-256 of the previous entry's hash and this entry's content.
    """

    seq: int
    unit: int
    at: datetime
    who: str
    why: str
    kind: str
    key: str
    version: int
    before: Record | None
    after: Record | None
    hash: str

    @property
    def change(self) -> Change | None:
        """The difference field by field; None where only the writing of a value changed (1.0 to 1.00)."""
        return diff_records(self.before, self.after)

    def __str__(self) -> str:
        """Give the entry as one readable line."""
        moment = self.at.strftime("%Y-%m-%d %H:%M:%SZ")
        reason = f" ({self.why})" if self.why else ""
        change = self.change or f"{self.kind} {self.key} written differently"
        return f"#{self.seq} {moment} {self.who}{reason}: {change}"


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a committed unit of work did; `first` is None when nothing differed and nothing was written."""

    first: int | None
    head: Head
    at: datetime | None
    added: int
    changed: int
    removed: int


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of a whole store found: how much was read, and every problem in words."""

    entries: int
    records: int
    problems: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        """Whether no problem was found."""
        return not self.problems


class UnitOfWork(Protocol):
    """One transaction: everything in it is written with its history, or nothing is.

    Used as a context manager it commits at the end of the block and rolls back when the block raises.
    """

    summary: Summary | None
    """What was done, once committed."""

    def put(self, record: Record, *, expected_version: int) -> None:
        """Add or change a record; `expected_version` is the version last read, 0 for a record that is new."""
        ...

    def delete(self, kind: str, key: str, *, expected_version: int) -> None:
        """Remove a record, at the version last read."""
        ...

    def set_info(self, info: DeskInfo, *, expected_version: int) -> None:
        """Set the desk's description; version 0 when the desk is new."""
        ...

    def get(self, kind: str, key: str) -> Versioned:
        """Give a record as this unit of work sees it."""
        ...

    def versions(self, kind: str) -> dict[str, int]:
        """Give the versions of all records of a kind, by key."""
        ...

    def load(self) -> Desk:
        """Give the whole desk as this unit of work sees it."""
        ...

    def state(self, *, known_at: int | None = None) -> dict[tuple[str, str], Versioned]:
        """Give every record by kind and key, as it is here or as it was after entry number `known_at`."""
        ...

    def entry_hash(self, seq: int) -> str | None:
        """Give the hash of an entry of the history, 0 standing for its start; None where there is none."""
        ...

    def head(self) -> Head:
        """Give the end of the history as this unit of work sees it."""
        ...

    def commit(self) -> Summary:
        """Confirm everything; raises StaleWriteError, and writes nothing, when a version was not as expected."""
        ...

    def rollback(self) -> None:
        """Forget everything."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


@runtime_checkable
class Store(Protocol):
    """A desk in a database, with its history."""

    place: str
    """Where the desk is, without a password: for messages."""
    engine_name: Engine
    notices: tuple[str, ...]
    """What opening had to do, in words: an upgrade of the schema, and where the copy from before it is."""

    def info(self) -> DeskInfo:
        """Give the desk's description; UnknownRecordError when the store holds no desk yet."""
        ...

    def load(self, *, known_on: datetime | date | None = None) -> Desk:
        """Give the whole desk, collections in key order: as it is, or as it was known.

        Parameters
        ----------
        known_on
            A moment with a time zone, or a day, which stands for its end in UTC.
        """
        ...

    def get(self, kind: str, key: str) -> Versioned:
        """Give one record and its version; the description is ``get("desk", "desk")``."""
        ...

    def count(self, kind: str) -> int:
        """Count the records of a kind."""
        ...

    def counts(self) -> dict[str, int]:
        """Count the records of every kind that has any."""
        ...

    def iterate(self, kind: str) -> Iterator[Record]:
        """Give the records of a kind in key order, reading as they are taken."""
        ...

    def versions(self, kind: str) -> dict[str, int]:
        """Give the versions of all records of a kind, by key."""
        ...

    def unit_of_work(self, *, who: str, why: str) -> AbstractContextManager[UnitOfWork]:
        """Begin a transaction; other writers wait until it ends."""
        ...

    def history(
        self,
        kind: str | None = None,
        key: str | None = None,
        *,
        since: datetime | date | None = None,
        until: datetime | date | None = None,
        after: int = 0,
    ) -> Iterator[Entry]:
        """Give the entries, oldest first: of a kind, of a record, from and to a moment or day (both included).

        `after` leaves out the entries up to that number.
        """
        ...

    def head(self) -> Head:
        """Give the end of the history."""
        ...

    def verify(self) -> Verification:
        """Check the whole store: the file, every body, the chain of hashes, records against history."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_store(
    place: str | PathLike[str],
    *,
    create: bool = False,
    timeout_seconds: float = 10.0,
    clock: Callable[[], datetime] = utc_now,
) -> Store:
    """Open the store of a desk: a SQLite file or a PostgreSQL database.

    An older schema is brought up to date first; for SQLite a copy of the file is kept beside it.

    Parameters
    ----------
    place
        A path (``desk.db``), ``sqlite:///desk.db`` or ``postgresql://user@host/database``.
    create
        Make the store; a store that already holds a history is refused.
    timeout_seconds
        How long to wait for another writer before `StoreBusyError`.
    clock
        Gives the present moment for the history, with a time zone.

    Raises
    ------
    InputError
        When there is no store there, or, with `create`, when there is one already.
    FormatError
        When the file or database is something else, or was written by a newer Legation.
    CorruptStoreError
        When the file is damaged.
    StorageError
        When the file or server cannot be reached or written.

    Examples
    --------
    >>> store = open_store("desk.db")  # doctest: +SKIP
    >>> store.count("missions")  # doctest: +SKIP
    86
    """
    from legation.store.sql.store import open_sql_store

    return open_sql_store(place, create=create, timeout_seconds=timeout_seconds, clock=clock)
