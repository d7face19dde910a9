"""Read XLSX from outside as text: nothing is evaluated, nothing is guessed."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from os import PathLike
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from legation.errors import FormatError
from legation.store.folder.csvfile import Table
from legation.store.folder.files import open_regular
from legation.store.folder.limits import MAX_FAULTS
from legation.store.folder.problems import Problem, shown
from legation.store.folder.xlsxguard import MAX_XLSX_BYTES, Inspection, inspect_archive

__all__ = ["Sheet", "read_workbook"]

MAX_COLUMNS = 300
MAX_XLSX_ROWS = 1_048_576
# What openpyxl raises on broken or hostile XML: it trusts its input, so the list is what fuzzing has shown.
_BROKEN = (
    ParseError, KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, ArithmeticError,
    AssertionError, RecursionError, NotImplementedError, EOFError,
)  # fmt: skip


@dataclass(kw_only=True)
class Sheet(Table):
    """A sheet as a table of text, with its name and whether it is hidden."""

    name: str = ""
    hidden: bool = False


def read_workbook(
    path: str | PathLike[str], *, sheet: str | None = None, header_row: int = 1
) -> tuple[list[Sheet], list[Problem]]:
    """Read the sheets of a workbook as text; what is wrong with a sheet is in the sheet's problems.

    Formulas are never evaluated: a cell that holds one is a problem. Hidden sheets are read and reported.

    Parameters
    ----------
    path
        A regular file of at most 50 MB.
    sheet
        The one sheet to read; all of them without it.
    header_row
        The row, counted from 1, that names the columns.

    Returns
    -------
    tuple
        The sheets, and warnings about the workbook as a whole.

    Raises
    ------
    FormatError
        When the file is no workbook, is damaged, or is a danger (see `legation.store.folder.xlsxguard`), or has no
        such sheet.
    """
    place = Path(path)
    with open_regular(place, limit=MAX_XLSX_BYTES) as file:
        data = io.BytesIO(file.read(MAX_XLSX_BYTES + 1))
    inspection = inspect_archive(data, name=place.name)
    data.seek(0)
    with warnings.catch_warnings():
        # openpyxl warns of parts it leaves out (styles, extensions); none of them holds a cell's value.
        warnings.simplefilter("ignore")
        try:
            return _read(data, inspection, name=place.name, sheet=sheet, header_row=header_row)
        except _BROKEN as error:
            raise FormatError(
                f"{place.name} is not a sound XLSX workbook ({type(error).__name__}).",
                remedy="Open it in a spreadsheet program and save it again as XLSX.",
            ) from error


def _read(
    data: io.BytesIO, inspection: Inspection, *, name: str, sheet: str | None, header_row: int
) -> tuple[list[Sheet], list[Problem]]:
    from openpyxl import load_workbook

    workbook = load_workbook(data, read_only=True, data_only=False, keep_vba=False, keep_links=False)
    try:
        names = [found.title for found in workbook.worksheets]
        if sheet is not None and sheet not in names:
            raise FormatError(
                f"{name} has no sheet {shown(sheet)}.", remedy=f"Use one of {', '.join(map(shown, names))}."
            )
        wanted = [found for found in workbook.worksheets if sheet in {None, found.title}]
        sheets = [_read_sheet(found, inspection, header_row=header_row) for found in wanted]
    finally:
        workbook.close()
    return sheets, _workbook_problems(inspection)


def _workbook_problems(inspection: Inspection) -> list[Problem]:
    if not inspection.macros:
        return []
    return [Problem(rule="no-macros", message="The workbook holds macros; they are not run.", remedy="Save as XLSX.")]


def _read_sheet(worksheet: Any, inspection: Inspection, *, header_row: int) -> Sheet:  # noqa: ANN401
    sheet = Sheet()
    sheet.name, sheet.hidden = worksheet.title, worksheet.sheet_state != "visible"
    if sheet.hidden:
        sheet.warnings.append(
            Problem(
                rule="hidden-sheet",
                message=f"The sheet {shown(sheet.name)} is hidden; it was read all the same.",
                remedy="Show it, or delete it.",
            )
        )
    worksheet.reset_dimensions()  # the size a file declares may be anything
    for number, cells in enumerate(worksheet.iter_rows(max_row=MAX_XLSX_ROWS + 1), start=1):
        if number > MAX_XLSX_ROWS or len(cells) > MAX_COLUMNS:
            sheet.problems.append(_too_large(number))
            break
        if number < header_row:
            continue
        row = [_text(cell, sheet.problems, number) for cell in cells]
        _take_row(sheet, row, number=number, header_row=header_row)
        if len(sheet.problems) >= MAX_FAULTS:
            break
    _check_merged(sheet, inspection.merged.get(_part_of(worksheet), []), header_row=header_row)
    return sheet


def _part_of(worksheet: Any) -> str:  # noqa: ANN401
    # The one way to learn which part of the archive a sheet of a read-only workbook comes from.
    return str(worksheet._worksheet_path).lstrip("/")  # noqa: SLF001


def _take_row(sheet: Sheet, row: list[str], *, number: int, header_row: int) -> None:
    while row and not row[-1]:
        row.pop()
    if number == header_row:
        sheet.columns, sheet.columns_line = [name.strip() for name in row], number
        doubled = {name for name in sheet.columns if sheet.columns.count(name) > 1 or not name}
        sheet.problems += [_doubled(name, number) for name in sorted(doubled)]
    elif row and len(row) > len(sheet.columns):
        sheet.problems.append(
            Problem(
                rule="column-count",
                message=f"A cell in column {len(row)} has a value, and the header has {len(sheet.columns)} columns.",
                remedy="Give the column a name, or empty the cell.",
                line=number,
            )
        )
    elif row:
        sheet.rows.append(row + [""] * (len(sheet.columns) - len(row)))
        sheet.lines.append(number)


def _text(cell: Any, problems: list[Problem], line: int) -> str:  # noqa: ANN401
    """Give a cell as text: what a person sees in it, apart from number formats."""
    value = cell.value
    kind = getattr(cell, "data_type", "n")
    if kind in {"f", "e"} and value is not None:
        what = "a formula; formulas are not evaluated" if kind == "f" else f"the error {shown(str(value))}"
        problems.append(
            Problem(
                rule="no-formulas",
                message=f"The cell {cell.coordinate} holds {what}.",
                remedy="Copy the cells and paste them as values.",
                line=line,
            )
        )
        return ""
    return _plain(value)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value)


def _check_merged(sheet: Sheet, ranges: Sequence[str], *, header_row: int) -> None:
    for merged in ranges:
        last = re.search(r"\d+$", merged)
        if last and int(last[0]) >= header_row:
            sheet.problems.append(
                Problem(
                    rule="no-merged-cells",
                    message=f"The cells {merged} are merged; only the first of them has a value.",
                    remedy="Undo the merging and fill every cell.",
                    line=int(last[0]),
                )
            )


def _too_large(number: int) -> Problem:
    return Problem(
        rule="sheet-size",
        message=f"The sheet has more than {MAX_XLSX_ROWS:,} rows or {MAX_COLUMNS} columns.",
        remedy="Delete what is not used; the rest of the sheet was not read.",
        line=number,
    )


def _doubled(name: str, line: int) -> Problem:
    return Problem(
        rule="column-once",
        message=f"The column {shown(name)} stands twice in the header." if name else "A column has no name.",
        remedy="Give every column a name of its own, or remove it.",
        line=line,
    )
