"""What a world holds: its tables with columns, dates and hashes, and the sources they were computed from."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from legation.evidence.description import Licence, TimeDomain

__all__ = ["FORMAT", "READ_FORMATS", "Absent", "Catalogue", "ColumnInfo", "SourceInfo", "TableInfo"]

FORMAT = "legation-world/2"
READ_FORMATS = ("legation-world/1", FORMAT)
"""Formats that this version reads: a released one is read for ever."""


class ColumnInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One documented column."""

    name: str
    type: str
    meaning: str
    unit: str = ""


class SourceInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source as it was when the world was built."""

    name: str
    title: str
    publisher: str
    version: str
    retrieved: str
    schedule: str
    url: str
    licence: Licence
    time_domain: TimeDomain
    completeness: str
    notes: tuple[str, ...] = ()
    released: date | None = None
    lag_days: int = 0


class Absent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source that this version can read and the world was built without."""

    name: str
    title: str
    files: tuple[str, ...]


class TableInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table: what it holds, for which days, from which sources, and the hashes that prove it whole.

    `complete` says whether a row's absence inside the time domain means zero; where it is false it means not known.
    """

    name: str
    title: str
    file: str
    rows: int
    bytes: int
    sha256: str
    content_hash: str
    key: tuple[str, ...]
    columns: tuple[ColumnInfo, ...]
    sources: tuple[str, ...]
    licences: tuple[str, ...]
    attribution: str
    kind: Literal["series", "snapshot", "static"]
    first: date
    last: date
    complete: bool
    snapshot: str = ""
    ship: bool = True
    """Whether the table may be in the wheel: figures computed from sources whose licence allows it."""
    time: tuple[str, ...] = ()
    """Columns that date a row: one year, a year and a month, a date, or a start and an end."""
    method: str = ""
    """For a measure: how it was computed, with its settings."""


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table of contents of a world; `content_hash` covers every table's name and content hash."""

    format: str
    content_hash: str
    written_with: str
    tables: tuple[TableInfo, ...]
    sources: tuple[SourceInfo, ...]
    absent: tuple[Absent, ...] = ()
