"""Check a whole store: the file, every body, the chain of hashes, the records against their history."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from legation.errors import LegationError
from legation.store.interface import Verification
from legation.store.sql.chain import entry_hash, start_hash
from legation.store.sql.codec import decode_record
from legation.store.sql.guards import POSTGRESQL_GUARDS, SQLITE_GUARDS
from legation.store.sql.query import read_head
from legation.store.sql.schema import change, meta, record

__all__ = ["verify_connection"]

_PAGE = 1_000
_MOST = 50
"""So many problems are named; a damaged store would otherwise list every row."""


class _Problems:
    def __init__(self) -> None:
        self.named: list[str] = []
        self.more = 0

    def add(self, problem: str) -> None:
        if len(self.named) < _MOST:
            self.named.append(problem)
        else:
            self.more += 1

    def all(self) -> tuple[str, ...]:
        return (*self.named, *([f"and {self.more} more"] if self.more else []))


def verify_connection(connection: sa.Connection) -> Verification:
    """Check everything that can be checked within one transaction."""
    problems = _Problems()
    if connection.dialect.name == "sqlite":
        _check_file(connection, problems)
    _check_guards(connection, problems)
    entries, replayed = _check_chain(connection, problems)
    records = _check_records(connection, replayed, problems)
    return Verification(entries=entries, records=records, problems=problems.all())


def _check_file(connection: sa.Connection, problems: _Problems) -> None:
    for row in connection.exec_driver_sql("PRAGMA integrity_check"):
        if row[0] != "ok":
            problems.add(f"file: {row[0]}")


def _check_guards(connection: sa.Connection, problems: _Problems) -> None:
    if connection.dialect.name == "sqlite":
        wanted = set(SQLITE_GUARDS)
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'change'"
    else:
        wanted = set(POSTGRESQL_GUARDS)
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'change'::regclass AND tgenabled IN ('O', 'A')"
    held = {row[0] for row in connection.exec_driver_sql(query)}
    for name in sorted(wanted - held):
        problems.add(f"history: the guard {name} is missing")


def _check_chain(connection: sa.Connection, problems: _Problems) -> tuple[int, dict[tuple[str, str], tuple[int, str]]]:
    store = connection.execute(sa.select(meta.c.value).where(meta.c.name == "store")).scalar_one_or_none()
    previous = start_hash(str(store))
    state: dict[tuple[str, str], tuple[int, str | None]] = {}
    count, moment = 0, ""
    query = sa.select(change).order_by(change.c.seq)
    for row in connection.execution_options(yield_per=_PAGE).execute(query).mappings():
        count += 1
        _check_entry(dict(row), expected_seq=count, previous=previous, moment=moment, state=state, problems=problems)
        previous, moment = str(row["hash"]), str(row["at"])
        state[row["kind"], row["key"]] = (row["version"], row["after"])
    head = read_head(connection)
    if (head.seq, head.hash) != (count, previous):
        problems.add(f"history: it ends at {count}, the store says it ends at {head.seq}, or the last hash differs")
    return count, {key: (version, body) for key, (version, body) in state.items() if body is not None}


def _check_entry(
    row: dict[str, Any],
    *,
    expected_seq: int,
    previous: str,
    moment: str,
    state: dict[tuple[str, str], tuple[int, str | None]],
    problems: _Problems,
) -> None:
    name = f"history #{row['seq']}"
    if not _is_sound(row):
        problems.add(f"{name}: a column holds a value of another type")
        return
    if row["seq"] != expected_seq:
        problems.add(f"{name}: the entry before it is missing")
    if row["hash"] != entry_hash(previous, row):
        problems.add(f"{name}: its hash does not follow from its content and the entry before it")
    if row["at"] < moment:
        problems.add(f"{name}: it is older than the entry before it")
    version, body = state.get((row["kind"], row["key"]), (0, None))
    if row["version"] != version + 1 or row["before"] != body:
        problems.add(f"{name}: it does not follow from the last state of {row['kind']} {row['key']!r}")
    for side in ("before", "after"):
        if row[side] is not None:
            _check_body(row["kind"], row["key"], row[side], name=name, problems=problems)


def _is_sound(row: dict[str, Any]) -> bool:
    """Say whether each column has its type: a damaged page can hold anything."""
    numbers = ("seq", "unit", "version")
    texts = ("at", "who", "why", "kind", "key", "hash")
    states = (row["before"], row["after"])
    return (
        all(isinstance(row[name], int) for name in numbers)
        and all(isinstance(row[name], str) for name in texts)
        and all(state is None or isinstance(state, str) for state in states)
    )


def _check_body(kind: str, key: str, body: str, *, name: str, problems: _Problems) -> None:
    try:
        decode_record(kind, body, key=key)
    except LegationError as error:
        problems.add(f"{name}: {error.message}")


def _check_records(
    connection: sa.Connection, replayed: dict[tuple[str, str], tuple[int, str]], problems: _Problems
) -> int:
    count = 0
    for row in connection.execution_options(yield_per=_PAGE).execute(sa.select(record)):
        count += 1
        if replayed.pop((row.kind, row.key), None) != (row.version, row.body):
            problems.add(f"record {row.kind} {row.key!r}: it is not what the history says")
            _check_body(row.kind, row.key, row.body, name=f"record {row.kind} {row.key!r}", problems=problems)
    for kind, key in replayed:
        problems.add(f"record {kind} {key!r}: it is missing, the history has it")
    return count
