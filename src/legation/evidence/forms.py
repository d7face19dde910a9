"""Read a declared table in whichever form it came: the publisher's own file, or a Parquet copy of it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TypeAlias
from zipfile import BadZipFile

import polars as pl

from legation.actors.registry import by_code
from legation.errors import SourceError
from legation.evidence.casting import DataType, cast_without_loss, numbers_if_all_are, without_nan
from legation.evidence.description import DeclaredColumn, DeclaredTable, Form, SourceDescription

__all__ = ["Reader", "files_of", "form_found", "read_declared", "read_form", "type_of"]

Reader: TypeAlias = Callable[[Path, Form, SourceDescription], pl.DataFrame]
"""Reads a publisher's file whose layout differs from its table's by more than the names of columns."""

_TYPES: Mapping[str, DataType] = {
    "text": pl.String,
    "int8": pl.Int8,
    "int16": pl.Int16,
    "int32": pl.Int32,
    "int64": pl.Int64,
    "float32": pl.Float32,
    "float64": pl.Float64,
    "bool": pl.Boolean,
    "date": pl.Date,
}


def type_of(column: DeclaredColumn) -> DataType:
    """Return the type that a declared column has in a world."""
    return _TYPES[column.type]


def files_of(form: Form, folder: Path) -> tuple[Path, ...]:
    """Return the files of a form that are in a folder, by name; of several the last, unless the form takes many."""
    found = sorted(path for path in folder.glob(form.file) if path.is_file())
    return tuple(found if form.many else found[-1:])


def form_found(description: SourceDescription, table: str, folder: Path) -> Form | None:
    """Return the first form of a table whose file is in a folder, or None."""
    return next((form for form in description.forms if form.table == table and files_of(form, folder)), None)


def read_declared(
    description: SourceDescription, table: str, folder: Path, *, readers: Mapping[str, Reader] | None = None
) -> pl.DataFrame | None:
    """Read a declared table from the first of its forms that is there.

    `readers` names, by a form's file, the function that turns that file into the table's layout; what it returns is
    held against the description like any other form.

    Returns
    -------
    polars.DataFrame or None
        The declared columns with their types, then those kept as published; None when no form's file is there.

    Raises
    ------
    SourceError
        When a file is cut short or no file of its kind, lacks a column, has one that nobody named, a value of another
        type or outside its limits, repeats a key, or speaks of a time after the version that is known.
    """
    form = form_found(description, table, folder)
    if form is None:
        return None
    declared = description.declared(table)
    reader = (readers or {}).get(form.file, read_form)
    parts = [_declared_part(reader(path, form, description), declared, form, path) for path in files_of(form, folder)]
    frame = pl.concat(parts, how="diagonal_relaxed") if len(parts) > 1 else parts[0]
    _check_key(frame, declared, form)
    _check_time(frame, declared, description, form)
    return frame


def read_form(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read a file as it is, with the publisher's columns; text formats give text columns.

    Raises
    ------
    SourceError
        When it cannot be read as what its form says.
    """
    name = path.name.lower()
    try:
        if name.endswith(".parquet"):
            return pl.read_parquet(path.read_bytes())
        if name.endswith((".xlsx", ".xls")):
            return _read_sheet(path, form)
        return _read_text(path, form)
    except (pl.exceptions.PolarsError, EOFError, OSError, ValueError, KeyError, BadZipFile, zlib.error) as error:
        if isinstance(error, UnicodeDecodeError):
            place = error.object[: error.start].count(b"\n") + 1
            reason = f"line {place} holds the byte {error.object[error.start]:#04x}, which is no {form.encoding}"
        else:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(
            f"{path} of source {description.name} cannot be read as its description says: {reason}.",
            remedy=f"Fetch it again from {description.url}; check that it is whole, of {description.version}.",
        ) from error


def _read_text(path: Path, form: Form) -> pl.DataFrame:
    raw = gzip.decompress(path.read_bytes()) if path.name.lower().endswith(".gz") else path.read_bytes()
    encoding = "utf-8-sig" if form.encoding == "utf-8" else form.encoding
    text = raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")  # some publishers end lines as old Macs did
    if not text.strip():
        raise ValueError("it is empty")
    return pl.read_csv(
        BytesIO(text.encode()),
        separator=form.separator,
        has_header=form.heading,
        infer_schema=False,
        null_values=list(form.nulls),
        quote_char='"',
    )


def _read_sheet(path: Path, form: Form) -> pl.DataFrame:
    """Read one sheet of a workbook: the first row names the columns."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book[form.sheet] if form.sheet else book.worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        heading = [str(cell).strip() if cell is not None else "" for cell in next(rows, ())]
        kept = [place for place, name in enumerate(heading) if name]
        columns: dict[str, list[str | None]] = {heading[place]: [] for place in kept}
        for row in rows:
            for place in kept:
                cell = row[place] if place < len(row) else None
                columns[heading[place]].append(None if cell is None or str(cell) in form.nulls else str(cell))
    finally:
        book.close()
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _declared_part(frame: pl.DataFrame, declared: DeclaredTable, form: Form, path: Path) -> pl.DataFrame:
    ours = {column.name for column in declared.columns}
    renamed = {name: form.columns.get(name, name) for name in frame.columns if name not in form.ignored}
    unnamed = [name for name, ours_name in renamed.items() if ours_name not in ours]
    needed = [column.name for column in declared.columns if not (column.computed or column.name in form.lacks)]
    lacking = [name for name in needed if name not in renamed.values()]
    if lacking or (unnamed and not declared.as_published):
        raise SourceError(
            f"{path} is not the version that is known: columns missing {sorted(set(lacking))}, "
            f"columns nobody named {unnamed if not declared.as_published else []}.",
            remedy="Name the version that the source's description names, or describe the new one there.",
        )
    frame = frame.select(list(renamed)).rename(renamed)
    columns = [_column(frame, column, path) for column in declared.columns]
    others = [_as_published(frame.get_column(name)) for name in unnamed]
    return pl.DataFrame([*columns, *others])


def _column(frame: pl.DataFrame, column: DeclaredColumn, path: Path) -> pl.Series:
    """Return a declared column in its type, with the publisher's codes for missing turned into missing."""
    wanted = type_of(column)
    if column.name not in frame.columns:
        return pl.Series(column.name, [None] * frame.height, dtype=wanted)
    series = frame.get_column(column.name)
    cast = cast_without_loss(series, type_of(column))
    lost = cast.is_null() & series.is_not_null()
    if bool(lost.any()):
        row = int(lost.arg_true()[0])
        raise _wrong(path, column, row, series[row], f"is no {column.type}")
    if column.missing:
        codes = pl.Series(list(column.missing)).cast(cast.dtype)
        cast = cast.set(cast.is_in(codes.implode()).fill_null(value=False), None)
    if not column.nullable and not column.missing and cast.null_count():
        raise _wrong(path, column, int(cast.is_null().arg_true()[0]), None, "is never missing")
    _check_limits(cast, column, path)
    if column.codes:
        _check_codes(cast, column, path)
    return without_nan(cast).alias(column.name)


def _check_limits(series: pl.Series, column: DeclaredColumn, path: Path) -> None:
    strange = pl.Series([False] * len(series))
    rule = ""
    if column.low is not None or column.high is not None:
        low = float("-inf") if column.low is None else column.low
        high = float("inf") if column.high is None else column.high
        strange, rule = ~series.is_between(low, high), f"lies outside {low:g} to {high:g}"
    elif column.allowed:
        strange, rule = ~series.is_in(list(column.allowed)), f"is none of {list(column.allowed)}"
    elif series.dtype.is_float():
        strange, rule = series.is_infinite(), "is not finite"
    places = (strange & series.is_not_null()).arg_true()
    if len(places):
        row = int(places[0])
        raise _wrong(path, column, row, series[row], rule)


def _check_codes(series: pl.Series, column: DeclaredColumn, path: Path) -> None:
    """Refuse a number that no state ever had: its row would count and join to nobody."""
    strange = [code for code in series.drop_nulls().unique().sort() if (column.codes, str(code)) not in by_code()]
    if strange:
        row = int((series == strange[0]).arg_true()[0])
        raise _wrong(path, column, row, strange[0], f"is the {column.codes.upper()} number of no state")


def _wrong(path: Path, column: DeclaredColumn, row: int, value: object, rule: str) -> SourceError:
    return SourceError(
        f"{path}: column {column.name} ({column.meaning}), row {row + 1}: {value!r} {rule}.",
        remedy="Check the file; if the publisher changed it, change the source's description with a reason.",
    )


def _as_published(series: pl.Series) -> pl.Series:
    """Return a column that nobody declared: numbers where every value is one, else the text."""
    return series.cast(pl.Date) if isinstance(series.dtype, pl.Datetime) else numbers_if_all_are(series)


def _check_key(frame: pl.DataFrame, declared: DeclaredTable, form: Form) -> None:
    if not declared.key:
        return
    repeated = frame.select(declared.key).is_duplicated()
    if bool(repeated.any()):
        first = frame.select(declared.key).filter(repeated).row(0)
        raise SourceError(
            f"{form.file}: {int(repeated.sum())} rows repeat the key {declared.key} of table {declared.name}; "
            f"the first is {first}.",
            remedy="A repeat would be counted twice: check the file.",
        )


def _check_time(frame: pl.DataFrame, declared: DeclaredTable, description: SourceDescription, form: Form) -> None:
    """Refuse rows after the known version's last day: the file is newer than what its assertions were written for."""
    last = declared.last or description.time_domain.last
    for name in declared.time[:1]:
        series = frame.get_column(name)
        latest = series.max()
        if latest is None:
            continue
        year = int(str(latest)[:4])  # a year, a date, or the text of a date
        if year > last.year:
            raise SourceError(
                f"{form.file} of source {description.name} speaks of {year}; "
                f"{description.version} ends {last.isoformat()}.",
                remedy="It looks like a newer version: name the known one, or describe the new one beside it.",
            )
