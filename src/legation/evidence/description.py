"""What a source says of itself: publisher, licence, time domain and the assertions that its table must pass."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

import msgspec

from legation.errors import FormatError

__all__ = [
    "Assertion",
    "DeclaredColumn",
    "DeclaredTable",
    "Download",
    "Form",
    "Licence",
    "SourceDescription",
    "TimeDomain",
    "Use",
    "describe_source",
    "source_names",
]

Use = Literal["any", "attribution", "research", "non-commercial"]


class Licence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Under what terms a source's data may be passed on; the terms of a repository that copied it do not count.

    `use` is what the data may be used for: ``any``, ``attribution`` (any use that names the source), ``research`` (with
    citation, not for passing on) or ``non-commercial``.
    """

    name: str
    redistribution: bool
    attribution: str
    use: Use = "attribution"
    spdx: str = ""
    url: str = ""


class TimeDomain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days a source speaks of.

    A ``series`` answers for every period from first to last; a ``snapshot`` only for its own date; a ``static`` source
    holds figures that are taken not to change, such as distances.
    """

    kind: Literal["series", "snapshot", "static"]
    first: date
    last: date
    note: str = ""


class DeclaredColumn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column that a source's table is known to have."""

    name: str
    type: Literal["text", "int8", "int16", "int32", "int64", "float32", "float64", "bool", "date"]
    meaning: str
    unit: str = ""
    nullable: bool = False
    computed: bool = False
    """Whether the load function fills it: no file has it."""
    missing: tuple[str | int | float, ...] = ()
    """Codes of the publisher that mean missing, such as -9; they are read as missing, never as figures."""
    low: float | None = None
    high: float | None = None
    allowed: tuple[str | int, ...] = ()
    codes: Literal["", "cow", "gw"] = ""
    """The system of state numbers that every value must belong to; empty where publishers add numbers of their own."""


class DeclaredTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table that a source brings into a world with its publisher's columns and codes.

    `key` names the columns that together never repeat; empty where the publisher's rows have no key. `time` names the
    columns that date a row: one year, a year and a month, a date, or a start and an end. `as_published` keeps columns
    that nobody declared, as the publisher's codebook describes them. `ship` says that the table may be in the wheel.
    """

    name: str
    title: str
    columns: tuple[DeclaredColumn, ...]
    key: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    as_published: bool = False
    complete: bool = False
    ship: bool = False
    kind: Literal["series", "snapshot", "static"] | None = None
    first: date | None = None
    last: date | None = None


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file format in which a table may come: the publisher's own, or a Parquet copy of it.

    `file` may hold wildcards (``GEDEvent_v*.csv``); of several matches the last by name is read, or all of them where
    `many` is set. `columns` maps the file's names to the declared ones; names that are equal need no mention.
    `ignored` names columns that are left out, with the reason; `lacks` names declared ones that this form never has.
    """

    table: str
    file: str
    columns: dict[str, str] = {}
    ignored: dict[str, str] = {}
    lacks: tuple[str, ...] = ()
    encoding: str = "utf-8"
    separator: str = ","
    sheet: str = ""
    heading: bool = True
    many: bool = False
    nulls: tuple[str, ...] = ("", "NA", "NaN", ".")
    note: str = ""


class Download(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the publisher gives a file out; `sha256` is empty where the publisher replaces the file in place."""

    file: str
    url: str
    sha256: str = ""


class Assertion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that must hold of the table as it was read, and why the threshold stands where it does.

    ``rows``: the number of rows lies in [min, max]. ``filled``: at least the share min of the column is not null.
    ``range``: every value lies in [min, max]. ``values``: every value is among `allowed`. ``unique``: the columns
    together never repeat, except for at most `max` rows. ``distinct``: the number of different values lies in
    [min, max]. ``parsed`` is checked by the load function: at least the share min of the texts gave a figure.
    """

    check: Literal["rows", "filled", "range", "values", "unique", "distinct", "parsed"]
    file: str
    reason: str
    columns: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    allowed: tuple[str | int, ...] = ()


class SourceDescription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source: who publishes it, which version was read, what it may be used for and what it must look like."""

    name: str
    title: str
    publisher: str
    version: str
    retrieved: str
    schedule: str
    url: str
    files: tuple[str, ...] = ()
    licence: Licence
    time_domain: TimeDomain
    completeness: str
    released: date | None = None
    """When this version was published; rows of it that nobody can date were known from then on."""
    lag_days: int = 0
    """Days from the end of what a row speaks of until the publisher says it, as a rule."""
    baseline: bool = False
    """Whether the world that comes with Legation is computed from this source."""
    forms: tuple[Form, ...] = ()
    tables: tuple[DeclaredTable, ...] = ()
    downloads: tuple[Download, ...] = ()
    notes: tuple[str, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    lookups: dict[str, dict[str, str]] = {}

    @property
    def all_files(self) -> tuple[str, ...]:
        """Every file that the source may come in."""
        return tuple(dict.fromkeys((*self.files, *(form.file for form in self.forms))))

    def declared(self, table: str) -> DeclaredTable:
        """Return a table that the description declares.

        Raises
        ------
        FormatError
            When it declares none of that name; this is a defect of the source's load function.
        """
        for found in self.tables:
            if found.name == table:
                return found
        raise FormatError(f"The description of source {self.name!r} declares no table {table!r}.")

    def lookup(self, table: str, value: str) -> str | None:
        """Return what the description says a source's odd value means; empty means left out, None means not listed."""
        return self.lookups.get(table, {}).get(value)


def _folder() -> Traversable:
    return files("legation.evidence") / "sources"


def source_names() -> tuple[str, ...]:
    """Return the names of the sources that Legation can load, in alphabetical order."""
    return tuple(sorted(entry.name for entry in _folder().iterdir() if (entry / "description.toml").is_file()))


def describe_source(name: str) -> SourceDescription:
    """Read the description of a source.

    Raises
    ------
    FormatError
        When the description does not have the documented fields; this is a defect of Legation or of a source that a
        desk added.
    """
    text = (_folder() / name / "description.toml").read_bytes()
    try:
        description = msgspec.toml.decode(text, type=SourceDescription)
    except msgspec.DecodeError as error:
        raise FormatError(f"The description of source {name!r} is wrong: {error}.") from error
    if description.name != name:
        raise FormatError(f"The description in folder {name!r} calls itself {description.name!r}.")
    return description
