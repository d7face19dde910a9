"""Write rows as XLSX: text stays text, whatever it begins with."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import Any

from legation.errors import FormatError
from legation.store.folder.atomic import write_file, writing

__all__ = ["SheetRows", "Value", "plan_to_xlsx", "write_workbook"]

_MAX_TEXT = 32_767
"""The longest text a cell of a workbook holds."""

Value = str | int | float | bool | None


@dataclass(frozen=True, kw_only=True)
class SheetRows:
    """A sheet to write: the first `heading` rows are bold and stay in view; columns may have widths."""

    name: str
    rows: Sequence[Sequence[Value]]
    heading: int = 1
    widths: Sequence[int] = ()


def write_workbook(sheets: Sequence[SheetRows], path: str | PathLike[str]) -> None:
    """Write sheets as a workbook, whole or not at all; text stays text, whatever it begins with.

    Raises
    ------
    FormatError
        When a text is too long for a cell.
    StoreFullError, StorageError
        When the disk is full or refuses; a file that was there is as it was.
    """
    for sheet in sheets:
        _check_lengths(sheet)
    place = Path(path)
    with writing(place):  # the workbook's writer uses temporary files
        data = _packed(sheets)
    write_file(place, data)


def _check_lengths(sheet: SheetRows) -> None:
    for row in sheet.rows:
        for value in row:
            if isinstance(value, str) and len(value) > _MAX_TEXT:
                raise FormatError(
                    f"A text in {sheet.name} has {len(value):,} characters, and a cell holds {_MAX_TEXT:,}.",
                    remedy="Shorten the text, or write a desk folder instead.",
                )


def _packed(sheets: Sequence[SheetRows]) -> bytes:
    from openpyxl.utils import get_column_letter
    from openpyxl.workbook import Workbook

    workbook = Workbook(write_only=True)
    for content in sheets:
        sheet = workbook.create_sheet(content.name)
        sheet.freeze_panes = f"A{content.heading + 1}"
        for number, width in enumerate(content.widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        for number, row in enumerate(content.rows):
            sheet.append(list(_cells(sheet, row, bold=number < content.heading)))
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def _cells(worksheet: Any, values: Sequence[Value], *, bold: bool) -> Iterator[Any]:  # noqa: ANN401
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    for value in values:
        cell = WriteOnlyCell(worksheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # never a formula
            cell.number_format = "@"  # or a spreadsheet would turn 2027-01 into a date as soon as it is edited
        if bold:
            cell.font = Font(bold=True)
        yield cell


# Characters that XML cannot carry; a plan for people shows the sign for a missing character instead.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plan_to_xlsx(
    rows: Sequence[Mapping[str, object]], path: str | PathLike[str], *, title: str, label_notice: str
) -> None:
    """Write the rows of a plan as a workbook for people.

    Parameters
    ----------
    rows
        One mapping per row; the columns are the keys in the order in which they first appear.
    path
        The file; one that is there is replaced whole or not at all.
    title
        Stands above the table.
    label_notice
        The highest label that the plan contains and how far it is enforced; stands first and may not be empty.

    Raises
    ------
    FormatError
        When a text is too long for a cell or the label notice is empty.
    StoreFullError, StorageError
        When the disk is full or refuses; a file that was there is as it was.
    """
    if not label_notice.strip():
        raise FormatError("A plan leaves the desk without a label notice.", remedy="Give the highest label it holds.")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table = [[_shown(row.get(name)) for name in columns] for row in rows]
    heading: list[list[Value]] = [[_shown(label_notice)], [_shown(title)], [], [_shown(name) for name in columns]]
    widths = [min(60, max(len(str(cell or "")) for cell in column) + 2) for column in zip(columns, *table, strict=True)]
    content = SheetRows(name="Plan", rows=[*heading, *table], heading=len(heading), widths=widths)
    write_workbook([content], path)


def _shown(value: object) -> Value:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal) and isfinite(value):
        return value if isinstance(value, int) else float(value)
    if isinstance(value, list | tuple):
        return _shown(", ".join(str(item) for item in value))
    return _NOT_XML.sub("\ufffd", str(value))
