"""Connections to SQLite and PostgreSQL, set so that what is confirmed is on the disk."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from legation.errors import InputError
from legation.store.sql.places import FilePlace, ServerPlace, sqlite_uri
from legation.store.sql.schema import meta
from legation.store.sql.translate import storage_errors

__all__ = ["make_engine", "reading", "writing"]

_WRITE = "legation_write"
_LONGEST = 64 * 2**20
"""Bytes of a row; a desk's own rows are far shorter, a hostile file's row could fill the memory."""


def make_engine(place: FilePlace | ServerPlace, *, create: bool, timeout_seconds: float) -> sa.Engine:
    """Make the engine; nothing is opened yet.

    Raises
    ------
    InputError
        When the driver for PostgreSQL is not installed.
    """
    if isinstance(place, FilePlace):
        return _sqlite_engine(place, create=create, timeout_seconds=timeout_seconds)
    return _postgresql_engine(place, timeout_seconds=timeout_seconds)


def _sqlite_engine(place: FilePlace, *, create: bool, timeout_seconds: float) -> sa.Engine:
    uri = sqlite_uri(place.path, create=create)
    opened: list[sqlite3.Connection] = []

    def connect() -> sqlite3.Connection:
        # No isolation level: transactions begin where this module begins them, not where the driver guesses.
        connection = sqlite3.connect(
            uri, uri=True, timeout=timeout_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            # read here, where a damaged file still closes the connection: the pool would drop it open
            connection.execute("PRAGMA schema_version").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
        opened.append(connection)
        return connection

    def close_all(_engine: sa.Engine) -> None:
        # The pool drops a connection open when its first statements fail on a damaged file; closing twice is nothing.
        while opened:
            opened.pop().close()

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "engine_disposed", close_all)
    return engine


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(place: ServerPlace, *, timeout_seconds: float) -> sa.Engine:
    if importlib.util.find_spec("psycopg") is None:
        raise InputError(
            "The driver for PostgreSQL is not installed.", remedy="Install it: pip install 'legation[postgresql]'."
        )
    engine = sa.create_engine(place.url, connect_args={"connect_timeout": max(2, round(timeout_seconds))})
    wait = max(1, round(timeout_seconds * 1000))

    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get(_WRITE):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {wait}")
            # A server that confirms before writing would break the promise that what is confirmed is kept.
            connection.exec_driver_sql(
                "SELECT set_config('synchronous_commit', 'on', true) "
                "WHERE current_setting('synchronous_commit') = 'off'"
            )
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    event.listen(engine, "begin", begin)
    return engine


@contextmanager
def reading(engine: sa.Engine, place: str) -> Iterator[sa.Connection]:
    """Give a connection in a transaction that sees one state throughout and writes nothing."""
    with storage_errors(place), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: sa.Engine, place: str, *, lock: bool = True) -> Iterator[sa.Connection]:
    """Give a connection in the one transaction that may write; confirmed at the end, undone on an exception.

    Parameters
    ----------
    engine, place
        The store and its name for messages.
    lock
        On PostgreSQL, wait for the row that writers lock; off while the tables are still to be made.
    """
    options: dict[str, Any] = {_WRITE: True}
    with storage_errors(place), engine.connect() as opened:
        connection = opened.execution_options(**options)
        with connection.begin():
            if lock and engine.dialect.name == "postgresql":
                connection.execute(sa.select(meta.c.value).where(meta.c.name == "head").with_for_update())
            yield connection
