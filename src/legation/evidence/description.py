"""What a source says of itself: publisher, licence, time domain and the assertions that its table must pass."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

import msgspec

from legation.errors import FormatError

__all__ = ["Assertion", "Licence", "SourceDescription", "TimeDomain", "describe_source", "source_names"]


class Licence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Under what terms a source's data may be passed on; the terms of a repository that copied it do not count."""

    name: str
    redistribution: bool
    attribution: str
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
    files: tuple[str, ...]
    licence: Licence
    time_domain: TimeDomain
    completeness: str
    notes: tuple[str, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    lookups: dict[str, dict[str, str]] = {}

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
