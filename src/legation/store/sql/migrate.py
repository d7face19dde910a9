"""Bring a store's tables to the schema this Legation writes; refuse what is not ours or is newer."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from legation.errors import FormatError, InputError
from legation.store.sql.engine import reading, writing
from legation.store.sql.guards import SQLITE_GUARDS
from legation.store.sql.places import FilePlace, ServerPlace, sqlite_uri
from legation.store.sql.schema import APPLICATION_ID, HEAD_REVISION, REVISIONS, VERSION_TABLE, meta, record
from legation.store.sql.translate import storage_errors

__all__ = ["ensure_schema"]

_FOLDER = Path(__file__).parent / "migrations"
_NOT_OURS = "Give the path or address of a desk's own database."


def ensure_schema(engine: sa.Engine, place: FilePlace | ServerPlace, *, create: bool) -> tuple[str, ...]:
    """Check the schema, make it or bring it up to date.

    Returns
    -------
    tuple of str
        What was done, in words; empty when the schema was as it should be.

    Raises
    ------
    FormatError
        When the database belongs to something else or to a newer Legation.
    InputError
        When there is no desk and none is to be made, or one is to be made where there is one.
    """
    with reading(engine, place.name) as connection:
        found = _revision(connection, place.name)
        if found is not None and create and _is_used(connection):
            raise InputError(
                f"There is a desk at {place.name} already.", remedy="Open it, or choose another place for the new one."
            )
    if found == HEAD_REVISION:
        return ()
    if found is None:
        return _make(engine, place, create=create)
    return _upgrade(engine, place, found)


def _revision(connection: sa.Connection, name: str) -> str | None:
    tables = set(sa.inspect(connection).get_table_names())
    if connection.dialect.name == "sqlite":
        _check_application(connection, tables, name)
        _check_programs(connection, name)
    if VERSION_TABLE not in tables:
        taken = tables & {"record", "change", "meta"}
        if taken:
            raise FormatError(
                f"{name} holds another application's table {min(taken)!r}.",
                remedy=_NOT_OURS,
            )
        return None
    found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar_one_or_none()  # noqa: S608
    if found is not None and found not in REVISIONS:
        raise FormatError(
            f"{name} has schema {found}, which is newer than this Legation knows ({HEAD_REVISION}).",
            remedy="Install the newer Legation: pip install --upgrade legation.",
        )
    return None if found is None else str(found)


def _check_application(connection: sa.Connection, tables: set[str], name: str) -> None:
    application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if application == APPLICATION_ID or (application == 0 and not tables):
        return
    raise FormatError(f"{name} is a database of another application (id {application}).", remedy=_NOT_OURS)


def _check_programs(connection: sa.Connection, name: str) -> None:
    # A file from elsewhere could bring triggers and views that act when a desk is read or written.
    held = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
    for found, text in held:
        if SQLITE_GUARDS.get(found) != text:
            raise FormatError(
                f"{name} holds a trigger or view {found!r} that is not Legation's.",
                remedy="Do not use the file; ask where it came from, or restore its last copy.",
            )


def _is_used(connection: sa.Connection) -> bool:
    head = connection.execute(sa.select(meta.c.value).where(meta.c.name == "head")).scalar_one_or_none()
    held = connection.execute(sa.select(record.c.key).limit(1)).first()
    return held is not None or (head is not None and not str(head).startswith("0 "))


def _make(engine: sa.Engine, place: FilePlace | ServerPlace, *, create: bool) -> tuple[str, ...]:
    if not create:
        raise InputError(f"There is no desk at {place.name}.", remedy="Check the address, or create the desk first.")
    if isinstance(place, FilePlace):
        with storage_errors(place.name), engine.connect() as connection:
            # Outside a transaction, which the "begin" hook would otherwise open: WAL cannot be switched within one.
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA journal_mode = WAL")
    with writing(engine, place.name, lock=False) as connection:
        _serialise(connection)
        if _revision(connection, place.name) is None:
            if isinstance(place, FilePlace):
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            _run(connection)
    return ()


def _upgrade(engine: sa.Engine, place: FilePlace | ServerPlace, found: str) -> tuple[str, ...]:
    notice = f"The store {place.name} was brought from schema {found} to {HEAD_REVISION}."
    if isinstance(place, FilePlace):
        notice += f" A copy from before is at {_copy(place, found)}."
    with writing(engine, place.name) as connection:
        _serialise(connection)
        if _revision(connection, place.name) != HEAD_REVISION:
            _run(connection)
    return (notice,)


def _serialise(connection: sa.Connection) -> None:
    # Two programs that make or upgrade one PostgreSQL store take turns; on SQLite BEGIN IMMEDIATE sees to that.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPLICATION_ID})")


def _copy(place: FilePlace, revision: str) -> Path:
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = place.path.with_name(f"{place.path.name}.schema-{revision}.{moment}.bak")
    with storage_errors(str(target)):
        source = sqlite3.connect(sqlite_uri(place.path, create=False), uri=True)
        copy = sqlite3.connect(target)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
    return target


def _run(connection: sa.Connection, revision: str = "head") -> None:
    # Alembic costs a third of a second to import; a store that is up to date opens without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
