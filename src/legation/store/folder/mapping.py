"""A saved column mapping: how a foreign table's columns become the fields of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from legation.desk.desk import KINDS
from legation.desk.faults import Fault
from legation.errors import DeskError
from legation.store.folder.convert import convert_table
from legation.store.folder.problems import Problem, shown, unknown_name
from legation.store.folder.schema import FieldSpec, fields_of
from legation.store.folder.tomlfile import TomlFile, find_tables, read_toml

__all__ = ["Make", "TableMapping", "load_mapping"]

_Name = Annotated[str, Meta(min_length=1, max_length=300)]


class Make(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"columns": "from"},
):
    """A field put together from several columns: joined, turned into an identifier if asked, with a prefix."""

    columns: Annotated[tuple[_Name, ...], Meta(min_length=1)]
    separator: str = " "
    prefix: str = ""
    slug: bool = False


class TableMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a table's columns become the fields of one kind; every column is used or ignored by name.

    Attributes
    ----------
    kind
        The kind of record that each row becomes.
    columns
        Field by column name.
    file
        A pattern the file's name must match, such as ``positions*.csv``.
    sheet, header_row, delimiter, encoding
        Where the table lies and how it is written.
    ignore
        Columns that are left out on purpose.
    constants, defaults
        Values, as cells write them, for fields without a column and for empty cells of fields with one.
    values
        For each field, what the table's values mean; ``*`` stands for all others, an empty text for no value.
    only
        For each column, the values whose rows are taken; the other rows are left out.
    make
        Fields put together from several columns.
    resolve
        Fields whose values are names or codes of actors.
    date_format
        How days are written, in the notation of Python's ``strptime``; ISO without it.
    decimal_comma, grouping
        How numbers are written: a comma before decimals, a sign between groups of digits.
    list_separator
        What separates the items of a list.
    """

    kind: str
    columns: dict[_Name, str] = {}
    title: str = ""
    file: str = ""
    sheet: str | None = None
    header_row: Annotated[int, Meta(ge=1, le=1_000)] = 1
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    encoding: Literal["utf-8", "latin-1", "cp1250", "cp1251", "cp1252", "cp1257", "iso8859-15"] = "utf-8"
    ignore: tuple[str, ...] = ()
    constants: dict[str, str] = {}
    defaults: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    only: dict[str, tuple[str, ...]] = {}
    make: dict[str, Make] = {}
    resolve: dict[str, Literal["actor"]] = {}
    date_format: str | None = None
    decimal_comma: bool = False
    grouping: Annotated[str, Meta(max_length=1)] = ""
    list_separator: Annotated[str, Meta(min_length=1, max_length=3)] = ";"

    @property
    def used_columns(self) -> set[str]:
        """The columns that the mapping reads."""
        made = {column for make in self.make.values() for column in make.columns}
        return set(self.columns) | set(self.only) | made

    @property
    def fields(self) -> set[str]:
        """The fields that the mapping gives a value."""
        return {*self.columns.values(), *self.constants, *self.make}


def load_mapping(path: str | PathLike[str]) -> TableMapping:
    """Read a mapping from a TOML file.

    Raises
    ------
    DeskError
        When the mapping has faults; it carries all of them, each with its line.
    """
    place = Path(path)
    toml = read_toml(place)
    problems = list(toml.problems)
    mapping = None
    if toml.data is not None:
        result = convert_table(TableMapping, toml.data)
        problems += result if isinstance(result, list) else check_mapping(result)
        mapping = None if isinstance(result, list) else result
    if problems or mapping is None:
        faults = tuple(
            problem.at(kind="mapping", key=place.stem, file=place.name, line=_line(toml, problem))
            for problem in problems
        )
        raise _error(place.name, faults)
    return mapping


def _error(name: str, faults: tuple[Fault, ...]) -> DeskError:
    rest = "" if len(faults) == 1 else f" and {len(faults) - 1} more"
    return DeskError(f"The mapping {name} has faults: {faults[0]}{rest}", faults=faults, remedy="Correct them.")


def _line(toml: TomlFile, problem: Problem) -> int | None:
    """Find the table or key that the problem is about."""
    for table in find_tables(toml.text):
        if problem.field == table.name:
            return table.line
        for key, line in table.keys.items():
            if problem.field in {key, f"{table.name}.{key}"}:
                return line
    return None


def check_mapping(mapping: TableMapping) -> list[Problem]:
    """Give everything that keeps a mapping from being used."""
    if mapping.kind not in KINDS:
        return [unknown_name(mapping.kind, what="kind", allowed=KINDS, rule="known-kind", field="kind")]
    specs = fields_of(KINDS[mapping.kind])
    return [*_unknown_fields(mapping, specs), *_missing_fields(mapping, specs), *_clashes(mapping), *_formats(mapping)]


def _unknown_fields(mapping: TableMapping, specs: Mapping[str, FieldSpec]) -> Iterator[Problem]:
    for column, name in mapping.columns.items():
        if name not in specs:
            yield unknown_name(name, what="field", allowed=specs, rule="field-known", field=f"columns.{column}")
    for part in ("constants", "defaults", "values", "make", "resolve"):
        for name in getattr(mapping, part):
            if name not in specs:
                yield unknown_name(name, what="field", allowed=specs, rule="field-known", field=f"{part}.{name}")


def _missing_fields(mapping: TableMapping, specs: Mapping[str, FieldSpec]) -> Iterator[Problem]:
    for spec in specs.values():
        if spec.required and spec.name not in mapping.fields:
            yield Problem(
                rule="field-required",
                message=f"Nothing gives {spec.name}, which every record needs.",
                remedy=f"Map a column to it, make it from columns, or give a constant: {spec.rule}.",
                field="columns",
            )


def _clashes(mapping: TableMapping) -> Iterator[Problem]:
    given = [*mapping.columns.values(), *mapping.constants, *mapping.make]
    for name in sorted({name for name in given if given.count(name) > 1}):
        yield Problem(
            rule="field-once",
            message=f"{name} is given by more than one of columns, constants and make.",
            remedy="Keep one; a default for empty cells goes into [defaults].",
            field=name,
        )
    for column in sorted(mapping.used_columns & set(mapping.ignore)):
        yield Problem(
            rule="column-once",
            message=f"The column {shown(column)} is used and ignored.",
            remedy="Remove it from ignore, or use it no longer.",
            field="ignore",
        )


def _formats(mapping: TableMapping) -> Iterator[Problem]:
    if any(sign in mapping.file for sign in ("/", "\\", "..")):
        yield Problem(
            rule="plain-file-name",
            message=f"file is {shown(mapping.file)}, but must be a file's name without folders.",
            remedy="Write the name alone, for example positions*.csv.",
            field="file",
        )
    if mapping.date_format is not None and not _tells_days(mapping.date_format):
        yield Problem(
            rule="date-format",
            message=f"date_format is {shown(mapping.date_format)}, which does not tell one day from another.",
            remedy="Write it in the notation of strptime, for example %d.%m.%Y.",
            field="date_format",
        )


_YEARS = frozenset("YyGcx")
"""The signs of strptime that hold a year."""


def _tells_days(date_format: str) -> bool:
    if not set(re.findall(r"%(.)", date_format)) & _YEARS:
        return False
    day = datetime(2027, 11, 29)  # noqa: DTZ001 - a calendar day, not a moment
    try:
        return datetime.strptime(day.strftime(date_format), date_format).date() == day.date()  # noqa: DTZ007
    except (ValueError, UnicodeError):
        return False
