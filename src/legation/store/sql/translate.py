"""What a database engine reports, said in Legation's errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from legation.errors import CorruptStoreError, FormatError, LegationError, StorageError, StoreBusyError, StoreFullError

__all__ = ["storage_errors"]

_BUSY = "Let the other writer finish (or end it), then retry; nothing of this attempt was written."
_FULL = "Free space or raise the quota, then retry; everything confirmed before is kept."
_CORRUPT = "Restore the last copy of the store; keep the damaged file for repair."
_READ_ONLY = "Make the file and its folder writable, or work on a copy."
_UNREACHABLE = "Check that the server runs and that address, user and password are right; if it stopped while \
confirming, read the history before retrying."


@contextmanager
def storage_errors(place: str) -> Iterator[None]:
    """Turn the engine's exceptions into Legation's within the block.

    Parameters
    ----------
    place
        The store, without a password.
    """
    try:
        yield
    except DBAPIError as error:
        raise _translated(error.orig or error, place) from error
    except sqlite3.Error as error:
        raise _translated(error, place) from error
    except UnicodeDecodeError as error:
        # The driver decodes names and messages that it takes from a damaged file's own pages.
        raise CorruptStoreError(f"{place} is damaged: it holds text that is not UTF-8.", remedy=_CORRUPT) from error


def _translated(error: BaseException, place: str) -> LegationError:
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error, place)
    state = getattr(error, "sqlstate", None)
    return _from_postgresql(error, state, place)


def _from_sqlite(error: sqlite3.Error, place: str) -> LegationError:
    code = getattr(error, "sqlite_errorcode", 0)
    primary = code & 0xFF
    if not code and "decode" in str(error):
        # The driver's own error, which has no code: a text column that is not UTF-8.
        return CorruptStoreError(f"{place} is damaged: {error}.", remedy=_CORRUPT)
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreBusyError(f"Another process is writing to {place}.", remedy=_BUSY)
    # A file-size limit or quota is reported as a failed write, a full disk as full.
    if primary == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
        return StoreFullError(
            f"{place} cannot grow: the disk is full, or a quota or file-size limit is reached.", remedy=_FULL
        )
    if primary == sqlite3.SQLITE_NOTADB:
        return FormatError(f"{place} is not a SQLite database.", remedy="Give the path of a desk's database file.")
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT}:
        return CorruptStoreError(f"{place} is damaged: {error}.", remedy=_CORRUPT)
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        return StorageError(f"{place} is read-only.", remedy=_READ_ONLY)
    if primary == sqlite3.SQLITE_CANTOPEN:
        return StorageError(f"{place} cannot be opened: {error}.", remedy=_READ_ONLY)
    if primary == sqlite3.SQLITE_TOOBIG:
        return FormatError(f"{place} holds or would hold a row of more than 64 MB.", remedy="Split the record.")
    return StorageError(f"{place}: {error}.", remedy="Check the disk, then retry; nothing confirmed is lost.")


def _from_postgresql(error: BaseException, state: str | None, place: str) -> LegationError:
    text = " ".join(str(error).split())
    if state in {"55P03", "40001", "40P01"}:
        return StoreBusyError(f"Another process is writing to {place}.", remedy=_BUSY)
    if state == "53100":
        return StoreFullError(f"The server's disk is full: {place}.", remedy=_FULL)
    if state in {"XX001", "XX002"}:
        return CorruptStoreError(f"{place} is damaged: {text}.", remedy=_CORRUPT)
    if state in {"25006", "42501"}:
        return StorageError(f"{place} may not be written or read: {text}.", remedy="Ask for the right on these tables.")
    if state is None or state[:2] in {"08", "28", "3D", "57"}:
        return StorageError(f"{place} does not answer: {text}.", remedy=_UNREACHABLE)
    return StorageError(f"{place}: {text} (SQLSTATE {state}).", remedy="Check the server's log, then retry.")
