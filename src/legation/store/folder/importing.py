"""Foreign tables, CSV or XLSX, to records through a saved column mapping; nothing is guessed or left out silently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from os import PathLike
from pathlib import Path

import msgspec

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk
from legation.desk.faults import Fault
from legation.errors import FormatError, InputError, UnknownActorError
from legation.store.folder.convert import convert_literals
from legation.store.folder.csvfile import Table, read_csv
from legation.store.folder.mapping import TableMapping, check_mapping
from legation.store.folder.problems import Problem, bad_value, shown, slug, suggestion
from legation.store.folder.schema import FieldSpec, fields_of
from legation.store.folder.xlsx import read_workbook

__all__ = ["ImportResult", "import_table"]


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What a table gave.

    Attributes
    ----------
    kind
        The kind of the records.
    records
        The sound records in the order of the rows.
    faults
        What is wrong, with file and line. Records are complete only when none of them is an error.
    replaces
        Keys of records that the desk holds already with other content.
    """

    kind: str
    records: tuple[Record, ...]
    faults: tuple[Fault, ...]
    replaces: tuple[str, ...] = ()


def import_table(path: str | PathLike[str], mapping: TableMapping, *, desk: Desk | None = None) -> ImportResult:
    """Read a foreign table through a mapping.

    Parameters
    ----------
    path
        A ``.csv``, ``.tsv``, ``.txt`` or ``.xlsx`` file.
    mapping
        From `legation.store.folder.mapping.load_mapping`.
    desk
        The desk the records are meant for; tells which of them it holds already. Its rules are checked by whoever
        adds the records.

    Raises
    ------
    FormatError
        When the file is no table, or a danger to whoever opens it.
    InputError
        When the mapping cannot be used.
    """
    faulty = check_mapping(mapping)
    if faulty:
        raise InputError(f"The mapping cannot be used: {faulty[0].message}", remedy=faulty[0].remedy)
    place = Path(path)
    table, typed = _read_table(place, mapping)
    faults = [*_table_faults(table, mapping, name=place.name)]
    records: tuple[Record, ...] = ()
    if not any(fault.severity == "error" and fault.line == table.columns_line for fault in faults):
        found, more = _convert(table, mapping, name=place.name, typed=typed)
        records, faults = tuple(found), [*faults, *more]
    return ImportResult(
        kind=mapping.kind, records=records, faults=tuple(faults), replaces=_replaced(records, mapping.kind, desk)
    )


def _read_table(path: Path, mapping: TableMapping) -> tuple[Table, bool]:
    """Give the table, and whether its days come from typed cells and so are in ISO form."""
    suffix = path.suffix.lower()
    if suffix in {".csv", ".tsv", ".txt"}:
        table = read_csv(path, delimiter=mapping.delimiter, header_row=mapping.header_row, encoding=mapping.encoding)
        return table, False
    if suffix != ".xlsx":
        raise FormatError(f"{path.name} is no CSV or XLSX file by its name.", remedy="Save it as one of the two.")
    sheets, warnings = read_workbook(path, sheet=mapping.sheet, header_row=mapping.header_row)
    if len(sheets) != 1:
        names = ", ".join(shown(sheet.name) for sheet in sheets)
        raise FormatError(f"{path.name} has {len(sheets)} sheets: {names}.", remedy="Name one as sheet in the mapping.")
    sheets[0].warnings.extend(warnings)
    return sheets[0], True


def _table_faults(table: Table, mapping: TableMapping, *, name: str) -> Iterator[Fault]:
    for problem in (*table.problems, *_column_problems(table, mapping)):
        yield problem.at(kind=mapping.kind, key="", file=name, line=table.columns_line)
    warnings = list(table.warnings)
    if mapping.file and not fnmatchcase(name, mapping.file):
        warnings.append(
            Problem(
                rule="file-pattern",
                message=f"The mapping is made for files named {shown(mapping.file)}.",
                remedy="See that it is the right mapping for this file.",
            )
        )
    for warning in warnings:
        fault = warning.at(kind=mapping.kind, key="", file=name, line=None)
        yield msgspec.structs.replace(fault, severity="warning")


def _column_problems(table: Table, mapping: TableMapping) -> Iterator[Problem]:
    line = table.columns_line
    for column in sorted(mapping.used_columns - set(table.columns)):
        near = suggestion(column, table.columns)
        yield Problem(
            rule="column-required",
            message=f"The table has no column {shown(column)}, which the mapping uses.",
            remedy=f"Use {shown(near)} instead." if near else f"Use one of {', '.join(map(shown, table.columns))}.",
            line=line,
        )
    for column in table.columns:
        if column not in mapping.used_columns and column not in mapping.ignore:
            yield Problem(
                rule="column-mapped",
                message=f"The mapping says nothing about the column {shown(column)}.",
                remedy="Map it to a field, or add it to ignore.",
                line=line,
            )


def _convert(table: Table, mapping: TableMapping, *, name: str, typed: bool) -> tuple[list[Record], list[Fault]]:
    kind = KINDS[mapping.kind]
    reader = _RowReader(mapping, columns=table.columns, typed=typed)
    rows: list[dict[str, str | tuple[str, ...]]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    for cells, line in zip(table.rows, table.lines, strict=True):
        if not reader.wanted(cells):
            continue
        values, problems = reader.read(cells)
        if problems:
            key = "|".join(str(values.get(part, ""))[:80] for part in kind.KEY)
            faults += [problem.at(kind=mapping.kind, key=key, file=name, line=line) for problem in problems]
        else:
            rows.append(values)
            lines.append(line)
    converted = convert_literals(kind, rows, file=name, place=lambda number, _field: lines[number])
    faults += converted.faults
    faults += _doubles(converted.records, [lines[origin] for origin in converted.origins], name=name)
    return list(converted.records), sorted(faults, key=lambda fault: fault.line or 0)


def _doubles(records: object, lines: list[int], *, name: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    assert isinstance(records, list)
    for record, line in zip(records, lines, strict=True):
        before = first.setdefault(record.key, line)
        if before != line:
            yield Fault(
                kind=record.KIND,
                key=record.key,
                rule="key-unique",
                message=f"The key {shown(record.key)} is that of line {before} too.",
                remedy="Make the identifier from columns that tell the rows apart.",
                file=name,
                line=line,
            )


def _replaced(records: tuple[Record, ...], kind: str, desk: Desk | None) -> tuple[str, ...]:
    if desk is None:
        return ()
    held = {record.key: record for record in desk.records(kind)}
    return tuple(record.key for record in records if record.key in held and held[record.key] != record)


class _RowReader:
    """Turn a row of a foreign table into values for the fields of the mapping's kind."""

    def __init__(self, mapping: TableMapping, *, columns: list[str], typed: bool) -> None:
        self._mapping = mapping
        self._specs = fields_of(KINDS[mapping.kind])
        self._typed = typed
        self._actors: dict[str, str | InputError] = {}
        at = {column: number for number, column in enumerate(columns)}
        self._columns = [(self._specs[name], at[column]) for column, name in mapping.columns.items()]
        self._only = [(at[column], set(values)) for column, values in mapping.only.items()]
        self._made = [
            (self._specs[name], make, [at[column] for column in make.columns]) for name, make in mapping.make.items()
        ]

    def wanted(self, cells: list[str]) -> bool:
        return all(cells[number].strip() in values for number, values in self._only)

    def read(self, cells: list[str]) -> tuple[dict[str, str | tuple[str, ...]], list[Problem]]:
        values: dict[str, str | tuple[str, ...]] = {}
        problems: list[Problem] = []
        for spec, text in self._texts(cells):
            try:
                value = self._value(spec, text)
            except _RefusedError as error:
                problems.append(error.problem)
            else:
                if value:
                    values[spec.name] = value
        return values, problems

    def _texts(self, cells: list[str]) -> Iterator[tuple[FieldSpec, str]]:
        for name, text in self._mapping.constants.items():
            yield self._specs[name], text
        for spec, number in self._columns:
            yield spec, cells[number].strip() or self._mapping.defaults.get(spec.name, "")
        for spec, make, numbers in self._made:
            parts = [cells[number].strip() for number in numbers]
            joined = make.separator.join(part for part in parts if part)
            text = slug(f"{make.prefix}{joined}") if make.slug and joined else f"{make.prefix}{joined}"
            yield spec, text if joined else self._mapping.defaults.get(spec.name, "")

    def _value(self, spec: FieldSpec, text: str) -> str | tuple[str, ...]:
        if spec.is_list:
            items = (item.strip() for item in text.split(self._mapping.list_separator))
            return tuple(value for item in items if item for value in (self._one(spec, item),) if value)
        return self._one(spec, text) if text else ""

    def _one(self, spec: FieldSpec, text: str) -> str:
        text = self._mapped(spec, text)
        if not text:
            return ""
        if self._mapping.resolve.get(spec.name) == "actor":
            return self._actor(spec, text)
        if spec.base == "date" or spec.description.startswith("A month"):
            return self._day(spec, text)
        if spec.base in {"integer", "number", "decimal"}:
            return self._number(text)
        return text

    def _mapped(self, spec: FieldSpec, text: str) -> str:
        meanings = self._mapping.values.get(spec.name)
        if meanings is None or spec.name in self._mapping.constants:
            return text
        if text in meanings or "*" in meanings:
            return meanings.get(text, meanings.get("*", ""))
        problem = Problem(
            rule="value-mapped",
            message=f"The mapping says nothing about the value {shown(text)} for {spec.name}.",
            remedy=f'Add it under [values.{spec.name}], or add "*" for all others.',
            field=spec.name,
        )
        raise _RefusedError(problem)

    def _day(self, spec: FieldSpec, text: str) -> str:
        form = self._mapping.date_format
        if form is None or (self._typed and _ISO.match(text)) or spec.name in self._mapping.constants:
            return text[:10] if spec.base == "date" and self._typed else _month(spec, text)
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - only its calendar day is used
        except ValueError as error:
            raise _RefusedError(bad_value(spec, text, why=f"the mapping's date_format is {form}")) from error
        return _month(spec, day.isoformat())

    def _actor(self, spec: FieldSpec, text: str) -> str:
        if text not in self._actors:
            self._actors[text] = _look_up(text)
        found = self._actors[text]
        if isinstance(found, str):
            return found
        near = ", ".join(found.suggestions[:3]) if isinstance(found, UnknownActorError) else ""
        problem = Problem(
            rule="actor-known",
            message=f"{spec.name}: {found.message}",
            remedy=f"Add {shown(text)} under [values.{spec.name}]{f'; near: {near}' if near else ''}.",
            field=spec.name,
        )
        raise _RefusedError(problem)

    def _number(self, text: str) -> str:
        if self._mapping.grouping:
            text = text.replace(self._mapping.grouping, "")
        return text.replace(",", ".") if self._mapping.decimal_comma else text


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _month(spec: FieldSpec, day: str) -> str:
    """Give the month of a day for a field that holds months; anything else as it is."""
    return day[:7] if spec.base != "date" and _ISO.fullmatch(day) else day


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _look_up(text: str) -> str | InputError:
    from legation.actors import find

    try:
        return find(text).id
    except InputError as error:
        return error
