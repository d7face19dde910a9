"""Rows of cells and TOML tables to records: a whole file at once, value by value only to locate faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from legation.desk.base import Record
from legation.desk.faults import Fault
from legation.store.folder.cells import decode, sound
from legation.store.folder.limits import MAX_FAULTS
from legation.store.folder.problems import Problem, as_text, bad_value, missing_field, unknown_name
from legation.store.folder.schema import FieldSpec, fields_of

S = TypeVar("S", bound=msgspec.Struct)

__all__ = ["Converted", "Place", "convert_cells", "convert_literals", "convert_row", "convert_table", "convert_tables"]

Place = Callable[[int, str | None], int | None]
"""Gives the line of the i-th record, or of one of its fields."""


@dataclass(frozen=True, kw_only=True)
class Converted:
    """Records with the index of the row or table each came from, and the faults of the others."""

    records: Sequence[Record] = ()
    origins: Sequence[int] = ()
    faults: list[Fault] = field(default_factory=list)


def convert_cells(
    kind: type[Record], names: Sequence[str], *, rows: Sequence[Sequence[str]], file: str | None, place: Place
) -> Converted:
    """Convert rows of cells, each as long as `names`, which are fields of the kind.

    Parameters
    ----------
    kind
        What the rows are.
    names
        The field of each column.
    rows
        The cells in their file's notation (see `legation.store.folder.cells`).
    file, place
        Where the rows come from, for the faults.
    """
    specs = fields_of(kind)
    fast = _convert_columns(kind, [specs[name] for name in names], rows)
    if fast is not None:
        return Converted(records=fast, origins=range(len(fast)))
    tables = [dict(zip(names, row, strict=True)) for row in rows]
    return _convert_each(kind, tables, file=file, place=place, read=_read_cell)


def convert_tables(
    kind: type[Record], tables: Sequence[Mapping[str, Any]], *, file: str | None, place: Place
) -> Converted:
    """Convert tables of typed values, as TOML gives them."""
    try:
        records = msgspec.convert(tables, list[kind])  # type: ignore[valid-type]
    except msgspec.ValidationError:
        records = None
    if records is not None and _all_sound(kind, records):
        return Converted(records=records, origins=range(len(records)))
    return _convert_each(kind, tables, file=file, place=place, read=_read_value)


def convert_table(kind: type[S], table: Mapping[str, Any]) -> S | list[Problem]:
    """Convert one table of typed values, or say everything that is wrong with it."""
    return _convert_one(kind, table, read=_read_value)


def convert_literals(
    kind: type[Record], rows: Sequence[Mapping[str, str | tuple[str, ...]]], *, file: str | None, place: Place
) -> Converted:
    """Convert rows whose texts stand for themselves and whose lists are split already."""
    return _convert_each(kind, rows, file=file, place=place, read=_read_literal)


def convert_row(kind: type[S], row: Mapping[str, str]) -> S | list[Problem]:
    """Convert one row of cells, or say everything that is wrong with it."""
    return _convert_one(kind, row, read=_read_cell)


def _convert_columns(
    kind: type[Record], specs: Sequence[FieldSpec], rows: Sequence[Sequence[str]]
) -> list[Record] | None:
    names, columns, gaps = [], [], False
    for spec, column in zip(specs, zip(*rows, strict=True), strict=False):
        values = _distinct_values(spec, set(column))
        if values is None:
            return None
        if any(value is not None for value in values.values()):
            names.append(spec.name)
            columns.append([values[cell] for cell in column])
            gaps = gaps or None in values.values()
    if gaps:
        tables = [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in zip(*columns, strict=True)
        ]
    else:
        tables = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    try:
        return msgspec.convert(tables, list[kind], strict=False)  # type: ignore[valid-type]
    except msgspec.ValidationError:
        return None


def _distinct_values(spec: FieldSpec, cells: set[str]) -> dict[str, Any] | None:
    """Give what each distinct cell of a column says; nothing where any needs a closer look."""
    values: dict[str, Any] = {}
    for cell in cells:
        if cell == "":
            values[cell] = () if spec.is_list else None
        elif spec.base == "choice" and not spec.is_list:
            if cell not in spec.choices:
                return None
            values[cell] = cell
        else:
            try:
                values[cell] = decode(spec, cell)
            except ValueError:
                return None
            if not _well_written(spec, cell):
                return None
            if spec.base == "decimal":  # the converter would lose a negative zero's sign
                values[cell] = Decimal(cell)
    return values


def _well_written(spec: FieldSpec, cell: str) -> bool:
    if spec.cell is None or spec.is_list:
        return True
    if not spec.cell.fullmatch(cell):
        return False
    if spec.base == "decimal":
        return sound(spec, Decimal(cell)) is None
    return spec.base != "number" or sound(spec, float(cell)) is None


def _all_sound(kind: type[Record], records: Sequence[Record]) -> bool:
    numeric = [spec for spec in fields_of(kind).values() if spec.base in {"number", "decimal"}]
    return all(sound(spec, getattr(record, spec.name)) is None for spec in numeric for record in records)


_Read = Callable[[FieldSpec, Any], Any]
"""Gives a field's value from what the file holds; `_MISSING` for none; raises `_BadValueError`."""
_MISSING = object()


class _BadValueError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _read_cell(spec: FieldSpec, cell: str) -> object:
    text = cell if spec.plain_text and not spec.is_list else cell.strip()
    if not text:
        return () if spec.is_list else _MISSING
    try:
        value = decode(spec, text)
    except ValueError as error:
        raise _BadValueError(bad_value(spec, cell, why=str(error))) from error
    if not _well_written(spec, text):
        raise _BadValueError(bad_value(spec, cell))
    if spec.base == "choice" and not spec.is_list and text not in spec.choices:
        raise _BadValueError(bad_value(spec, cell))
    return _typed(spec, Decimal(text) if spec.base == "decimal" else value, strict=False)


def _read_literal(spec: FieldSpec, value: object) -> object:
    if isinstance(value, str) and not spec.is_list and spec.base != "text":
        return _read_cell(spec, value)
    return _typed(spec, value, strict=False)


def _read_value(spec: FieldSpec, value: object) -> object:
    return _typed(spec, value, strict=True)


def _typed(spec: FieldSpec, value: object, *, strict: bool) -> object:
    try:
        typed = msgspec.convert(value, spec.type, strict=strict)
    except msgspec.ValidationError as error:
        raise _BadValueError(_type_problem(spec, value)) from error
    problem = sound(spec, typed)
    if problem:
        raise _BadValueError(bad_value(spec, value, why=problem))
    return typed


def _type_problem(spec: FieldSpec, value: object) -> Problem:
    """Name the value at fault; in a list, the first item that is."""
    if not spec.is_list or not isinstance(value, list | tuple):
        return bad_value(spec, value)
    for item in value:
        try:
            msgspec.convert([item], spec.type)
        except msgspec.ValidationError:
            return bad_value(spec, item)
    return bad_value(spec, value)


def _convert_one(kind: type[S], table: Mapping[str, Any], *, read: _Read) -> S | list[Problem]:
    specs = fields_of(kind)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in table.items():
        spec = specs.get(name)
        if spec is None:
            problems.append(unknown_name(name, what="field", allowed=specs, rule="field-known", field=name))
            continue
        try:
            typed = read(spec, value)
        except _BadValueError as error:
            problems.append(error.problem)
        else:
            if typed is not _MISSING:
                values[name] = typed
    refused = {problem.field for problem in problems}
    problems += [
        missing_field(spec)
        for spec in specs.values()
        if spec.required and spec.name not in values and spec.name not in refused
    ]
    return problems or kind(**values)


def _convert_each(
    kind: type[Record], tables: Sequence[Mapping[str, Any]], *, file: str | None, place: Place, read: _Read
) -> Converted:
    records: list[Record] = []
    origins: list[int] = []
    faults: list[Fault] = []
    for number, table in enumerate(tables):
        result = _convert_one(kind, table, read=read)
        if isinstance(result, Record):
            records.append(result)
            origins.append(number)
            continue
        key = "|".join(as_text(table.get(name, ""))[:80] for name in kind.KEY)
        for problem in result:
            line = place(number, problem.field)
            faults.append(problem.at(kind=kind.KIND, key=key, file=file, line=line))
        if len(faults) >= MAX_FAULTS:
            faults.append(_too_many(kind, file=file, line=place(number, None)))
            break
    return Converted(records=records, origins=origins, faults=faults)


def _too_many(kind: type[Record], *, file: str | None, line: int | None) -> Fault:
    return Fault(
        kind=kind.KIND,
        key="",
        rule="too-many-faults",
        message=f"More than {MAX_FAULTS:,} faults in one file; the rest of it was not looked at.",
        remedy="Correct these and check again.",
        file=file,
        line=line,
    )
