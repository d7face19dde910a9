"""Write rows as XLSX: text stays text, whatever it begins with."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legation.errors import FormatError
from legation.store.folder.atomic import write_file

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

__all__ = ["Value", "plan_to_xlsx", "save_workbook", "sheet_cells"]

_MAX_TEXT = 32_767
"""The longest text a cell of a workbook holds."""

Value = str | int | float | bool | None


def sheet_cells(worksheet: Any, values: Iterable[Value], *, bold: bool = False) -> Iterator[Any]:  # noqa: ANN401
    """Give the cells of a row: text stays text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    for value in values:
        if isinstance(value, str) and len(value) > _MAX_TEXT:
            raise FormatError(
                f"A text has {len(value):,} characters, and a cell holds {_MAX_TEXT:,}.", remedy="Shorten the text."
            )
        cell = WriteOnlyCell(worksheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"
            cell.number_format = "@"  # or a spreadsheet would turn 2027-01 into a date as soon as it is edited
        if bold:
            cell.font = Font(bold=True)
        yield cell


def save_workbook(workbook: Workbook, path: str | PathLike[str]) -> None:
    """Save a workbook whole or not at all."""
    data = io.BytesIO()
    workbook.save(data)
    write_file(Path(path), data.getvalue())


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
    from openpyxl.utils import get_column_letter
    from openpyxl.workbook import Workbook

    if not label_notice.strip():
        raise FormatError("A plan leaves the desk without a label notice.", remedy="Give the highest label it holds.")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Plan")
    sheet.freeze_panes = "A5"
    for number, name in enumerate(columns, start=1):
        longest = max((len(str(row.get(name, ""))) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(number)].width = min(60, max(len(name), longest) + 2)
    sheet.append(list(sheet_cells(sheet, [_shown(label_notice)], bold=True)))
    sheet.append(list(sheet_cells(sheet, [_shown(title)], bold=True)))
    sheet.append([])
    sheet.append(list(sheet_cells(sheet, [_shown(name) for name in columns], bold=True)))
    for row in rows:
        sheet.append(list(sheet_cells(sheet, [_shown(row.get(name)) for name in columns])))
    save_workbook(workbook, path)


def _shown(value: object) -> Value:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal) and isfinite(value):
        return value if isinstance(value, int) else float(value)
    if isinstance(value, list | tuple):
        return _shown(", ".join(str(item) for item in value))
    return _NOT_XML.sub("\ufffd", str(value))
