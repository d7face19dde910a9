"""Where a store is: a path, or an address of a server."""

from __future__ import annotations

import re
import struct
from os import R_OK, W_OK, PathLike, access, fspath
from pathlib import Path
from urllib.parse import quote

import msgspec
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from legation.errors import CorruptStoreError, FormatError, InputError, StorageError

__all__ = ["FilePlace", "ServerPlace", "check_file", "parse_place", "sqlite_uri"]

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)://")
_SERVERS = {"postgresql", "postgres", "postgresql+psycopg"}


class FilePlace(msgspec.Struct, frozen=True, kw_only=True):
    """A SQLite file."""

    path: Path

    @property
    def name(self) -> str:
        """The path, for messages."""
        return str(self.path)


class ServerPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A PostgreSQL database."""

    url: URL

    @property
    def name(self) -> str:
        """The address without its password, for messages."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=True)


def parse_place(place: str | PathLike[str]) -> FilePlace | ServerPlace:
    """Tell a path from an address.

    Raises
    ------
    InputError
        When the address is of no engine that Legation has.
    """
    text = fspath(place)
    if "\x00" in text or not text.strip():
        raise InputError(f"{text!r} is no place for a store.", remedy="Give a path or an address.")
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _file(text)
    if scheme[1] == "sqlite":
        # sqlite:///desk.db is relative, sqlite:////srv/desk.db absolute, as SQLAlchemy writes them.
        return _file(text.removeprefix("sqlite://").removeprefix("/"))
    if scheme[1] not in _SERVERS:
        raise InputError(
            f"No store is reached by {scheme[1]}://.",
            remedy="Use a path, sqlite:///desk.db or postgresql://user@host/database.",
        )
    return ServerPlace(url=_server_url(text))


def _file(text: str) -> FilePlace:
    if not text or text.startswith(":memory:"):
        raise InputError("A desk is not kept in memory alone.", remedy="Give the path of a file, for example desk.db.")
    return FilePlace(path=Path(text))


def _server_url(text: str) -> URL:
    try:
        return make_url(text).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise InputError(
            "The PostgreSQL address cannot be read.",
            remedy="Write it as postgresql://user:password@host:5432/database; escape special characters as %xx.",
        ) from error


def check_file(path: Path, *, create: bool) -> None:
    """Look at a SQLite file before the engine does, for clearer messages.

    Raises
    ------
    InputError
        When it is missing, a folder, or in no folder.
    FormatError
        When it is not a SQLite file.
    CorruptStoreError
        When it is shorter than its header says.
    """
    if path.is_dir():
        raise InputError(
            f"{path} is a folder, not a database file.",
            remedy="Import a desk folder with import_folder, or give the path of a file.",
        )
    if not path.exists():
        _check_missing(path, create=create)
        return
    if not path.is_file():
        raise InputError(f"{path} is not a regular file.", remedy="Give the path of a desk's database file.")
    if not access(path, R_OK):
        raise StorageError(f"{path} may not be read.", remedy="Ask for the right to read it.")
    _check_header(path, create=create)


def _check_missing(path: Path, *, create: bool) -> None:
    if not create:
        raise InputError(f"There is no desk at {path}.", remedy="Check the path, or create the desk first.")
    if not path.parent.is_dir():
        raise InputError(f"The folder {path.parent} does not exist.", remedy="Make the folder first.")
    if not access(path.parent, W_OK):
        raise StorageError(f"The folder {path.parent} is read-only.", remedy="Choose another folder.")


def _check_header(path: Path, *, create: bool) -> None:
    with path.open("rb") as file:
        header = file.read(_HEADER)
    # With a write-ahead log beside it the file alone may be incomplete and the store still whole.
    if path.with_name(path.name + "-wal").exists():
        return
    if not header:
        if create:
            return
        raise FormatError(f"{path} is empty.", remedy="Restore its last copy, or create the desk again.")
    if not header.startswith(_MAGIC[: len(header)]):
        raise FormatError(f"{path} is not a SQLite database.", remedy="Give the path of a desk's database file.")
    if len(header) < _HEADER:
        raise CorruptStoreError(f"{path} is cut off after {len(header)} bytes.", remedy="Restore its last copy.")
    _check_length(path, header)


def _check_length(path: Path, header: bytes) -> None:
    (page,) = struct.unpack(">H", header[16:18])
    page = 65_536 if page == 1 else page
    changed, pages = struct.unpack(">II", header[24:32])
    (valid_for,) = struct.unpack(">I", header[92:96])
    size = path.stat().st_size
    if changed == valid_for and size < pages * page:
        raise CorruptStoreError(
            f"{path} is cut off: {size} of {pages * page} bytes are there.", remedy="Restore its last copy."
        )


def sqlite_uri(path: Path, *, create: bool) -> str:
    """Give the URI that opens a file for what may be done with it: never made by mistake, read-only if it must be."""
    name = quote(str(path.absolute()))
    if not path.exists() or access(path, W_OK):
        return f"file:{name}?mode={'rwc' if create else 'rw'}"
    # Without a right to make the shared-memory file beside it, a WAL database opens only as unchanging.
    unchanging = not access(path.parent, W_OK) and not path.with_name(path.name + "-wal").exists()
    return f"file:{name}?mode=ro{'&immutable=1' if unchanging else ''}"
