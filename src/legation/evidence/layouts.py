"""Turn the layouts in which publishers write their files into those of tables: headings, dates, lists of columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from legation.errors import SourceError

__all__ = ["day_first", "named", "needs", "numbers", "year_month"]


def named(frame: pl.DataFrame, columns: Sequence[str], path: Path) -> pl.DataFrame:
    """Return a table that came with no heading, with its columns named in order.

    Raises
    ------
    SourceError
        When the file has another number of columns.
    """
    if frame.width != len(columns):
        raise SourceError(
            f"{path} has {frame.width} columns; its layout has {len(columns)}: {', '.join(columns)}.",
            remedy="Check that the file is whole and of the version that the source's description names.",
        )
    return frame.rename(dict(zip(frame.columns, columns, strict=True)))


def needs(frame: pl.DataFrame, columns: Sequence[str], path: Path) -> pl.DataFrame:
    """Return the table, after making sure that it has the columns that are about to be read.

    Raises
    ------
    SourceError
        When one is missing.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise SourceError(
            f"{path} is not the version that is known: columns missing {missing}.",
            remedy="Name the version that the source's description names, or describe the new one there.",
        )
    return frame


def numbers(frame: pl.DataFrame, columns: Sequence[str], path: Path) -> pl.DataFrame:
    """Return the table with text columns read as whole numbers; missing stays missing.

    Raises
    ------
    SourceError
        When a text is no whole number; the message names the column, row and text.
    """
    read = []
    for name in columns:
        text = frame.get_column(name)
        figure = text.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
        wrong = text.is_not_null() & (figure.is_null() | (figure != figure.round(0)).fill_null(value=True))
        if wrong.any():
            _refuse(path, text, wrong, "is no whole number")
        read.append(figure.cast(pl.Int64).alias(name))
    return frame.with_columns(read)


def day_first(column: str, *, path: Path, frame: pl.DataFrame) -> pl.Series:
    """Return a column of days written ``31:12:2017`` (or with dots, slashes or dashes) as dates.

    Raises
    ------
    SourceError
        When one is no day.
    """
    text = frame.get_column(column)
    days = text.str.strip_chars().str.replace_all(r"[./:]", "-").str.to_date("%d-%m-%Y", strict=False)
    wrong = text.is_not_null() & days.is_null()
    if wrong.any():
        _refuse(path, text, wrong, "is no day of the form dd:mm:yyyy")
    return days


def year_month(column: str, *, path: Path, frame: pl.DataFrame) -> pl.Series:
    """Return a column of months written ``181601`` as the first days of those months.

    Raises
    ------
    SourceError
        When one is no month.
    """
    text = frame.get_column(column).cast(pl.String)
    days = (text.str.strip_chars() + "01").str.to_date("%Y%m%d", strict=False)
    wrong = text.is_not_null() & days.is_null()
    if wrong.any():
        _refuse(path, text, wrong, "is no month of the form yyyymm")
    return days.alias(column)


def _refuse(path: Path, values: pl.Series, wrong: pl.Series, rule: str) -> None:
    row = int(wrong.arg_true()[0])
    raise SourceError(
        f"{path}: column {values.name}, row {row + 1}: {values[row]!r} {rule}.",
        remedy="Check the file; if the publisher changed it, change the source's load function.",
    )
