"""Read CSV from outside: bounded lines, rows and cells; every fault with its line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from legation.errors import FormatError
from legation.store.folder.cells import MAX_CELL
from legation.store.folder.files import open_regular
from legation.store.folder.limits import MAX_CSV_BYTES, MAX_FAULTS, MAX_LINE, MAX_ROWS
from legation.store.folder.problems import Problem, shown

__all__ = ["Table", "read_csv"]

_AT_ONCE = 32_000_000
"""Files up to this size are read in one piece when nothing in them is odd."""

_BOM = b"\xef\xbb\xbf"


@dataclass(kw_only=True)
class Table:
    """A table as text: its columns, its rows (each as long as the columns), the line each row begins on."""

    columns: list[str] = field(default_factory=list)
    columns_line: int = 1
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class _UnreadableError(Exception):
    """The rest of the file cannot be read."""


def read_csv(path: Path, *, delimiter: str = ",", header_row: int = 1, encoding: str = "utf-8") -> Table:
    """Read a CSV file; what is wrong with it is in the table's problems, at most a thousand.

    Parameters
    ----------
    path
        A regular file.
    delimiter, encoding
        How the file is written; desk folders hold UTF-8 with commas, other tables what their mapping says.
    header_row
        The row, counted from 1, that names the columns; the rows above it are skipped.
    """
    table = Table()
    try:
        with open_regular(path, limit=MAX_CSV_BYTES) as file:
            if header_row == 1 and encoding == "utf-8" and _fill_at_once(table, file, delimiter=delimiter):
                return table
            file.seek(0)
            _fill(table, file, delimiter=delimiter, header_row=header_row, encoding=encoding)
    except FormatError as error:
        table.problems.append(Problem(rule="file-readable", message=error.message, remedy=error.remedy or ""))
    except _UnreadableError:
        pass
    return table


def _fill_at_once(table: Table, file: BinaryIO, *, delimiter: str) -> bool:
    """Fill the table from a file without oddities, three times as fast as line by line; say whether it could."""
    data = file.read(_AT_ONCE + 1)
    if len(data) > _AT_ONCE or b"\0" in data:
        return False
    data = data.removeprefix(_BOM).replace(b"\r\n", b"\n")
    breaks = data.count(b"\n")
    if b"\r" in data or breaks > MAX_ROWS or max(map(len, data.split(b"\n"))) >= MAX_LINE:
        return False
    try:
        rows = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return False
    columns = [name.strip() for name in rows[0]] if rows else []
    if len(columns) < 2 or len(set(columns)) < len(columns) or set(map(len, rows)) != {len(columns)}:
        return False
    del rows[0]
    if len(rows) != breaks - data.endswith(b"\n") or not all(map(any, rows)):
        return False  # a cell of several lines, or a row to be skipped: lines have to be counted
    table.columns, table.rows, table.lines = columns, rows, list(range(2, len(rows) + 2))
    return True


def _fill(table: Table, file: BinaryIO, *, delimiter: str, header_row: int, encoding: str) -> None:
    lines = _lines(file, encoding=encoding, problems=table.problems)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    count = 0
    for line, row in _rows(reader, table.problems):
        count += 1
        if count < header_row:
            continue
        if count == header_row:
            table.columns, table.columns_line = row, line
            _check_columns(table, delimiter)
        elif any(row):
            _add_row(table, row, line)
    if count < header_row:
        _add(table.problems, _no_header(header_row))


def _lines(file: BinaryIO, *, encoding: str, problems: list[Problem]) -> Iterator[str]:
    number = 0
    while data := file.readline(MAX_LINE + 1):
        number += 1
        if len(data) > MAX_LINE:
            _stop(problems, rule="line-length", line=number, what=f"The line is longer than {MAX_LINE:,} bytes")
        if number == 1 and data.startswith(_BOM):
            data = data[len(_BOM) :]
        if b"\0" in data:
            _add(problems, _nul(number))
            data = data.replace(b"\0", b"")
        # Editors and git turn line ends inside quoted cells into CRLF and back; our own writer escapes real ones.
        yield _decoded(data, encoding, number, problems).replace("\r\n", "\n")


def _decoded(data: bytes, encoding: str, number: int, problems: list[Problem]) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02x} at position {error.start + 1} of the line"
        problem = Problem(
            rule="file-encoding",
            message=f"The file is not {encoding.upper()}: {found}.",
            remedy="Save the file as UTF-8 (in a spreadsheet: CSV UTF-8).",
            line=number,
        )
        _add(problems, problem)
        return data.decode(encoding, errors="replace")


def _rows(reader: Iterator[list[str]], problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not an empty line, with the line it begins on."""
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _add(problems, _syntax_problem(str(error), line))
            if "limit" in str(error) or "end of data" in str(error):
                return
            continue
        if row:
            yield line, row


def _add_row(table: Table, row: list[str], line: int) -> None:
    if len(table.rows) >= MAX_ROWS:
        _stop(table.problems, rule="row-count", line=line, what=f"The file has more than {MAX_ROWS:,} rows")
    if len(row) != len(table.columns):
        _add(table.problems, _wrong_width(row, len(table.columns), line))
        return
    longest = max(row, key=len)
    if len(longest) > MAX_CELL:
        _add(table.problems, _syntax_problem("field limit", line))
        return
    table.rows.append(row)
    table.lines.append(line)


def _check_columns(table: Table, delimiter: str) -> None:
    columns = [name.strip() for name in table.columns]
    table.columns = columns
    if len(columns) == 1 and any(other in columns[0] for other in ",;\t|"):
        other = next(other for other in ";\t|," if other in columns[0])
        _stop(
            table.problems,
            rule="csv-delimiter",
            line=table.columns_line,
            what=f"The columns are separated by {other!r} instead of {delimiter!r}",
            remedy=f"Save the file with {delimiter!r} between the columns.",
        )
    for name, times in Counter(columns).items():
        if times > 1:
            message = f"The column {shown(name)} stands {times} times in the header."
            remedy = "Keep one column of each name." if name else "Give every column a name, or remove the empty ones."
            _add(table.problems, Problem(rule="column-once", message=message, remedy=remedy, line=table.columns_line))


def _wrong_width(row: list[str], width: int, line: int) -> Problem:
    return Problem(
        rule="column-count",
        message=f"The row has {len(row)} cells, and the header has {width} columns.",
        remedy="Give every row one cell per column; put cells that hold a comma in double quotes.",
        line=line,
    )


def _nul(line: int) -> Problem:
    return Problem(
        rule="no-nul",
        message="The line holds a NUL character, which no text file has.",
        remedy="Save the file as UTF-8 text; UTF-16 and binary files are not CSV.",
        line=line,
    )


def _no_header(header_row: int) -> Problem:
    return Problem(
        rule="csv-header",
        message=f"The file has no row {header_row} with the names of the columns.",
        remedy="Put the field names into the first row, or remove the file.",
        line=1,
    )


def _syntax_problem(error: str, line: int) -> Problem:
    if "limit" in error:
        what, remedy = f"A cell is longer than {MAX_CELL:,} characters", "Shorten it, or close its quotes."
    elif "end of data" in error:
        what, remedy = "A quoted cell that begins here is not closed", 'End the cell with a ".'
    elif "new-line" in error:
        what, remedy = "The line ends in a lone carriage return", "Save the file with LF or CRLF line ends."
    else:
        what, remedy = f"The row is not CSV ({error})", 'Put the cell in double quotes and double each " inside it.'
    return Problem(rule="csv-syntax", message=f"{what}.", remedy=remedy, line=line)


def _add(problems: list[Problem], problem: Problem) -> None:
    problems.append(problem)
    if len(problems) >= MAX_FAULTS:
        _stop(problems, rule="too-many-faults", line=problem.line, what=f"More than {MAX_FAULTS:,} faults in one file")


def _stop(
    problems: list[Problem],
    *,
    rule: str,
    line: int | None,
    what: str,
    remedy: str = "Correct this and check again; the rest of the file was not read.",
) -> None:
    problems.append(Problem(rule=rule, message=f"{what}.", remedy=remedy, line=line))
    raise _UnreadableError
