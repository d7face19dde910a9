"""A user's own tables: read them strictly by documented columns, write results all or nothing."""

from __future__ import annotations

import csv
import gzip
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl

from legation.errors import FormatError, InputError
from legation.evidence.casting import DataType, cast_without_loss, numbers_if_all_are

__all__ = ["READABLE", "WRITABLE", "OwnColumn", "read_own_table", "refuse_unwritable", "write_table"]

READABLE = (".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz", ".arrow", ".feather")
WRITABLE = (".parquet", ".csv", ".tsv", ".arrow", ".feather", ".json", ".duckdb")
_SHOWN = 5
_NOT_A_VALUE = ("NA", "NaN", "nan", "null")


@dataclass(frozen=True, kw_only=True)
class OwnColumn:
    """A documented column of a table that a user brings.

    Parameters
    ----------
    name
        What Legation calls it.
    type
        The type it must have, or be turned into without loss.
    meaning
        What it holds, for the documentation and for messages.
    aliases
        Names that publishers give to it; the first one found counts.
    required
        Whether the table is refused without it.
    nullable
        Whether a value may be missing.
    allowed
        The values it may hold; any when left out.
    low, high
        The closed range of its values; a number that is not finite is never in it.
    """

    name: str
    type: DataType
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    nullable: bool = False
    allowed: tuple[str | int | float, ...] | None = None
    low: float | None = None
    high: float | None = None


def read_own_table(path: Path, columns: Sequence[OwnColumn], *, keep_others: bool = False) -> pl.DataFrame:
    """Read a user's table, one row per record, with the columns under Legation's names.

    Parameters
    ----------
    path
        A Parquet, CSV, TSV (also gzipped) or Arrow file.
    columns
        What is expected of it.
    keep_others
        Keep columns that nobody named, after the named ones.

    Raises
    ------
    FormatError
        When the file is not what its name says, is cut short, or has no rows.
    InputError
        When a column is missing, is there under two names, or a value breaks its rule; the message names the file, the
        column, the row (counted from 1, without the heading), the value, the rule and the remedy.
    """
    frame = _open(path)
    if frame.is_empty():
        raise FormatError(f"{path} has no rows.", remedy="Name a table with at least one row.")
    renamed, found = {}, []
    for column in columns:
        held = [name for name in (column.name, *column.aliases) if name in frame.columns and name not in renamed]
        if column.name in held:
            held = [column.name]
        if not held:
            if column.required:
                raise InputError(
                    f"{path} has no column {column.name!r} ({column.meaning}); it has {', '.join(frame.columns[:40])}.",
                    remedy=f"Name it {' or '.join((column.name, *column.aliases))}.",
                )
            continue
        renamed[held[0]] = column.name
        found.append(column)
    others = [name for name in frame.columns if name not in renamed and name not in renamed.values()]
    frame = frame.select([*renamed, *(others if keep_others else [])]).rename(renamed)
    frame = frame.with_columns(
        numbers_if_all_are(frame.get_column(name), missing=_NOT_A_VALUE) for name in others if keep_others
    )
    for column in found:
        frame = frame.with_columns(_held_to_type(frame.get_column(column.name), column, path))
        _hold_to_rules(frame.get_column(column.name), column, path)
    return frame


def _open(path: Path) -> pl.DataFrame:
    name = path.name.lower()
    if not path.is_file():
        raise InputError(f"There is no file {path}.", remedy=f"Name a file that ends in one of {', '.join(READABLE)}.")
    try:
        if name.endswith(".parquet"):
            return pl.read_parquet(path.read_bytes())
        if name.endswith((".arrow", ".feather")):
            return pl.read_ipc(path.read_bytes())
        if name.endswith((".csv", ".tsv", ".csv.gz", ".tsv.gz")):
            return _read_text(path, separator="\t" if ".tsv" in name else ",")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FormatError(
            f"{path}: line {line} holds the byte {error.object[error.start]:#04x}, which is no UTF-8.",
            remedy="Save the file as UTF-8.",
        ) from error
    except (pl.exceptions.PolarsError, EOFError, csv.Error, zlib.error, OSError) as error:
        raise FormatError(
            f"{path} cannot be read as what its name says: {str(error).splitlines()[0]}.",
            remedy="Check that the file is whole, of that format, and in UTF-8.",
        ) from error
    raise InputError(f"{path} has a name of no known format.", remedy=f"Use one of {', '.join(READABLE)}.")


def _read_text(path: Path, *, separator: str) -> pl.DataFrame:
    raw = gzip.decompress(path.read_bytes()) if path.name.lower().endswith(".gz") else path.read_bytes()
    text = raw.decode("utf-8-sig")
    if not text.strip():
        raise FormatError(f"{path} is empty.", remedy="Name a table with a heading and at least one row.")
    heading = next(csv.reader(StringIO(text), delimiter=separator))
    if separator == "," and len(heading) == 1 and ";" in heading[0]:  # spreadsheets where the comma marks decimals
        separator, heading = ";", heading[0].split(";")
    twice = [name for name, times in Counter(heading).items() if times > 1 and name]
    if twice:
        raise FormatError(
            f"{path} has {heading.count(twice[0])} columns {twice[0]!r}.", remedy="Give each column a name of its own."
        )
    try:
        return pl.read_csv(
            BytesIO(text.encode()),
            separator=separator,
            infer_schema=False,  # a code such as 007, NA (Namibia) or FALSE stays the text it is
            null_values=[""],
        )
    except pl.exceptions.ComputeError:
        _check_fields(text, path, separator=separator, fields=len(heading))
        raise


def _check_fields(text: str, path: Path, *, separator: str, fields: int) -> None:
    """Refuse a row that has more fields than the heading."""
    for row, cells in enumerate(csv.reader(StringIO(text), delimiter=separator)):
        if len(cells) > fields:
            raise FormatError(
                f"{path}: row {row} has {len(cells)} fields; the heading has {fields}.",
                remedy="Put a text that holds the separator in quotes; check that the file is whole.",
            )


def _held_to_type(series: pl.Series, column: OwnColumn, path: Path) -> pl.Series:
    """Return a column in its type; a value that would change by it is refused."""
    if series.dtype == pl.String and column.type != pl.String:
        series = series.replace(list(_NOT_A_VALUE), [None] * len(_NOT_A_VALUE))
    cast = cast_without_loss(series, column.type)
    lost = cast.is_null() & series.is_not_null()
    if bool(lost.any()):
        row = int(lost.arg_true()[0])
        raise InputError(
            f"{path}: column {column.name!r}, row {row + 1} holds {series[row]!r}, which is no {_word(column.type)}.",
            remedy=f"It should hold {column.meaning}.",
        )
    return cast.alias(series.name)


def _word(dtype: DataType) -> str:
    if dtype.is_integer():
        return "whole number"
    if dtype.is_numeric():
        return "number"
    return "date (YYYY-MM-DD)" if dtype == pl.Date else str(dtype).lower()


def _hold_to_rules(series: pl.Series, column: OwnColumn, path: Path) -> None:
    if not column.nullable and series.null_count():
        row = int(series.is_null().arg_true()[0])
        raise InputError(
            f"{path}: column {column.name!r}, row {row + 1} is empty.",
            remedy=f"It needs {column.meaning}; leave the row out if it is not known.",
        )
    if column.allowed is not None:
        strange = series.is_in(list(column.allowed)).not_() & series.is_not_null()
        rule = f"one of {', '.join(str(value) for value in column.allowed)}"
        _refuse_first(series, strange, column, path, rule=rule)
    if series.dtype.is_numeric():
        strange = series.cast(pl.Float64).is_finite().not_() & series.is_not_null()
        _refuse_first(series, strange, column, path, rule="a finite number")
        if column.low is not None:
            _refuse_first(series, series < column.low, column, path, rule=f"at least {column.low:g}")
        if column.high is not None:
            _refuse_first(series, series > column.high, column, path, rule=f"at most {column.high:g}")


def _refuse_first(series: pl.Series, strange: pl.Series, column: OwnColumn, path: Path, *, rule: str) -> None:
    places = strange.arg_true()
    if len(places):
        row = int(places[0])
        raise InputError(
            f"{path}: column {column.name!r}, row {row + 1} holds {series[row]!r}; allowed is {rule} "
            f"({len(places):,} such row{'s' if len(places) > 1 else ''}).",
            remedy=f"It should hold {column.meaning}.",
        )


def refuse_unwritable(path: Path, *, overwrite: bool, formats: Sequence[str] = WRITABLE, what: str = "format") -> None:
    """Refuse a file that could not be written, before the work for it begins.

    Parameters
    ----------
    path
        The file.
    overwrite
        Whether a file that is there may be replaced.
    formats
        The endings that a name may have.
    what
        What the ending says, for the message.

    Raises
    ------
    InputError
        When the format is not known, the file is there and `overwrite` is not given, or its folder is not there.
    """
    if path.suffix.lower() not in formats:
        raise InputError(f"{path} has a name of no known {what}.", remedy=f"Use one of {', '.join(formats)}.")
    if path.exists() and not overwrite:
        raise InputError(f"{path} is there already.", remedy="Name another file, or say --overwrite.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent}.", remedy="Make it, or name another one.")


def write_table(frame: pl.DataFrame, path: Path, *, overwrite: bool = False, table: str = "result") -> None:
    """Write a table in the format that the file's name says, all or nothing.

    Parameters
    ----------
    frame
        The rows.
    path
        A file that ends in .parquet, .csv, .tsv, .arrow, .feather, .json (a list of records) or .duckdb.
    overwrite
        Replace a file that is there.
    table
        The table's name inside a DuckDB file.

    Raises
    ------
    InputError
        When the format is not known, the folder is not there, or the file is there and `overwrite` is not given.
    """
    refuse_unwritable(path, overwrite=overwrite)
    suffix = path.suffix.lower()
    with tempfile.TemporaryDirectory(prefix=".legation-", dir=path.parent) as folder:
        staged = Path(folder) / f"table{suffix}"
        _WRITERS[suffix](frame, staged, table)
        staged.replace(path)


def _write_duckdb(frame: pl.DataFrame, path: Path, table: str) -> None:
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.register("rows", frame.to_arrow())
        connection.from_query("SELECT * FROM rows").create(table)


_WRITERS: Mapping[str, Callable[[pl.DataFrame, Path, str], None]] = {
    ".parquet": lambda frame, path, _: frame.write_parquet(path, compression="zstd"),
    ".csv": lambda frame, path, _: frame.write_csv(path),
    ".tsv": lambda frame, path, _: frame.write_csv(path, separator="\t"),
    ".arrow": lambda frame, path, _: frame.write_ipc(path),
    ".feather": lambda frame, path, _: frame.write_ipc(path),
    ".json": lambda frame, path, _: frame.write_json(path),
    ".duckdb": _write_duckdb,
}
