"""Whole desks as XLSX workbooks and back, without loss: one sheet per kind, and the sheet ``desk``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk, DeskInfo, Settings
from legation.desk.faults import Fault
from legation.store.folder.cells import encode
from legation.store.folder.convert import convert_row
from legation.store.folder.problems import Problem, unknown_name
from legation.store.folder.reading import ReadResult, Source, finish, table_source
from legation.store.folder.render import columns_of
from legation.store.folder.schema import FieldSpec, fields_of
from legation.store.folder.xlsx import Sheet, read_workbook
from legation.store.folder.xlsxwrite import SheetRows, Value, write_workbook

__all__ = ["desk_from_xlsx", "desk_to_xlsx"]

_INFO_SHEET = "desk"
_SETTING = "settings."

S = TypeVar("S", bound=msgspec.Struct)


def desk_to_xlsx(desk: Desk, path: str | PathLike[str]) -> None:
    """Write a desk as a workbook; cells use the notation of a desk folder's CSV files.

    Whole numbers, numbers and truth values become typed cells where a workbook keeps them exactly; everything else,
    exact decimals and dates included, is text.

    Raises
    ------
    FormatError
        When a value cannot be written without loss.
    StoreFullError, StorageError
        When the disk is full or refuses; a file that was there is as it was.
    """
    ordered = desk.in_key_order()
    sheets = [SheetRows(name=_INFO_SHEET, rows=[("field", "value"), *_info_rows(desk.info)])]
    sheets += [_sheet(kind, records) for kind in KINDS if (records := ordered.records(kind))]
    write_workbook(sheets, path)


def _sheet(kind: str, records: Sequence[Record]) -> SheetRows:
    columns = columns_of(kind, records)
    rows = ([_cell(spec, getattr(record, spec.name)) for spec in columns] for record in records)
    return SheetRows(name=kind, rows=[[spec.name for spec in columns], *rows])


def _info_rows(info: DeskInfo) -> list[tuple[str, Value]]:
    rows = [
        (spec.name, _cell(spec, getattr(info, spec.name)))
        for spec in fields_of(DeskInfo).values()
        if spec.name != "settings" and (spec.required or getattr(info, spec.name) != spec.default)
    ]
    return rows + [
        (f"{_SETTING}{spec.name}", _cell(spec, getattr(info.settings, spec.name)))
        for spec in fields_of(Settings).values()
        if getattr(info.settings, spec.name) != spec.default
    ]


def _cell(spec: FieldSpec, value: object) -> Value:
    text = encode(spec, value)  # also refuses what no file holds
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 10**15:
        return value
    # The workbook writer keeps 16 digits; a number that needs 17 is written as text.
    if isinstance(value, float) and isfinite(value) and float(f"{value:.16g}") == value:
        return value
    return text or None


def desk_from_xlsx(
    path: str | PathLike[str], *, faults: Literal["raise", "collect"] = "raise", rules: bool = True
) -> ReadResult:
    """Read a desk from a workbook as `desk_to_xlsx` writes it; faults carry the sheet and the row.

    Raises
    ------
    DeskError
        When the desk has errors and `faults` is ``raise``.
    FormatError
        When the file is no workbook, is damaged, or is a danger to whoever opens it.
    """
    name = Path(path).name
    sheets, warnings = read_workbook(path)
    found = [
        msgspec.structs.replace(one.at(kind="desk", key="", file=name, line=None), severity="warning")
        for one in warnings
    ]
    sources: list[Source] = []
    for sheet in sheets:
        place = f"{name}[{sheet.name}]"
        if sheet.name == _INFO_SHEET:
            sources.append(_info_source(sheet, name=place))
        elif sheet.name in KINDS:
            sources.append(table_source(sheet.name, sheet, name=place))
        else:
            problem = unknown_name(sheet.name, what="kind", allowed=(_INFO_SHEET, *KINDS), rule="known-sheet")
            found.append(problem.at(kind="desk", key="", file=place, line=1))
    if not any(sheet.name == _INFO_SHEET for sheet in sheets):
        found.append(_no_info(name))
    return finish(sources, found, name=name, faults=faults, rules=rules)


def _info_source(sheet: Sheet, *, name: str) -> Source:
    cells, lines = _fields(sheet)

    def place(_number: int, field: str | None) -> int:
        return lines.get(field or "", lines.get(f"{_SETTING}{field}", 1))

    source = Source(kind="desk", name=name, place=place)
    problems = list(sheet.problems)
    if sheet.columns != ["field", "value"]:
        problems.append(_bad_header())
    settings = _part(Settings, _prefixed(cells), problems, prefix=_SETTING)
    info = _part(DeskInfo, {k: v for k, v in cells.items() if not k.startswith(_SETTING)}, problems)
    for problem in problems:
        line = lines.get(problem.field or "", 1)
        source.faults.append(problem.at(kind="desk", key=cells.get("id", "")[:80], file=name, line=line))
    if isinstance(info, DeskInfo) and isinstance(settings, Settings):
        source.info = msgspec.structs.replace(info, settings=settings)
    return source


def _fields(sheet: Sheet) -> tuple[dict[str, str], dict[str, int]]:
    cells: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        name = row[0].strip()
        if name in cells:
            message = f"The field {name[:60]!r} stands twice."
            problem = Problem(rule="field-once", message=message, remedy="Remove one of the rows.", line=line)
            sheet.problems.append(problem)
        cells[name], lines[name] = (row[1] if len(row) > 1 else ""), line
    return cells, lines


def _prefixed(cells: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(_SETTING): cell for name, cell in cells.items() if name.startswith(_SETTING)}


def _part(kind: type[S], cells: Mapping[str, str], problems: list[Problem], *, prefix: str = "") -> S | None:
    result = convert_row(kind, cells)
    if not isinstance(result, list):
        return result
    problems += [
        Problem(
            rule=one.rule, message=one.message, remedy=one.remedy, field=f"{prefix}{one.field}" if one.field else None
        )
        for one in result
    ]
    return None


def _bad_header() -> Problem:
    return Problem(
        rule="column-known",
        message="The sheet desk must have the columns field and value.",
        remedy="Write field into A1 and value into B1.",
        line=1,
    )


def _no_info(name: str) -> Fault:
    return Fault(
        kind="desk",
        key="",
        rule="desk-file",
        message="The workbook has no sheet desk.",
        remedy="Add one with the columns field and value: id, title, observer, start, months, currency, price_year.",
        file=name,
        line=1,
    )
