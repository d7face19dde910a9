"""Turn a column of a file into its documented type; what does not fit becomes missing, for the caller to refuse."""

from __future__ import annotations

from typing import TypeAlias

import polars as pl
from polars.datatypes import DataTypeClass

__all__ = ["DataType", "cast_without_loss", "numbers_if_all_are", "without_nan"]

DataType: TypeAlias = "DataTypeClass | pl.DataType"

_TRUE, _FALSE = ("1", "true", "t", "yes"), ("0", "false", "f", "no")


def cast_without_loss(series: pl.Series, wanted: DataType) -> pl.Series:
    """Return a column in another type; a value that is none of that type is missing in the result.

    Text is read as a date (YYYY-MM-DD, a time of day after it is dropped), a truth value (1, true, t, yes and their
    opposites), or a number; 1946.0 is a whole number, 1946.5 is not. Whole floats become text without ``.0``.
    """
    if series.dtype == wanted:
        return series
    if series.dtype == pl.String:
        return _from_text(series.str.strip_chars(), wanted)
    if wanted == pl.String and series.dtype.is_float():
        whole = series.cast(pl.Int64, strict=False)
        same = (whole.cast(pl.Float64) == series.cast(pl.Float64)) | series.is_null()
        return (whole if bool(same.all()) else series).cast(pl.String)
    cast = series.cast(wanted, strict=False)
    if series.dtype.is_float() and wanted.is_integer():
        return _where(cast, keep=cast.cast(pl.Float64) == series.cast(pl.Float64))
    return cast


def _from_text(text: pl.Series, wanted: DataType) -> pl.Series:
    if wanted == pl.Boolean:
        low = text.str.to_lowercase()
        return _where(low.is_in(list(_TRUE)), keep=low.is_in([*_TRUE, *_FALSE]))
    if wanted == pl.Date:
        return text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    if wanted.is_integer():
        whole = text.cast(wanted, strict=False)
        number = text.cast(pl.Float64, strict=False)
        rounded = number.cast(wanted, strict=False)
        rounded = _where(rounded, keep=rounded.cast(pl.Float64) == number)
        return whole.zip_with(whole.is_not_null(), rounded)
    return text.cast(wanted, strict=False)


def _where(series: pl.Series, *, keep: pl.Series) -> pl.Series:
    return series.set(~keep.fill_null(value=False), None)


def numbers_if_all_are(series: pl.Series, *, missing: tuple[str, ...] = ()) -> pl.Series:
    """Return a text column as numbers where every value is one, apart from words for missing; else as it is."""
    if series.dtype != pl.String:
        return without_nan(series)
    plain = series.replace(list(missing), [None] * len(missing)) if missing else series
    for dtype in (pl.Int64, pl.Float64):
        cast = plain.cast(dtype, strict=False)
        if cast.null_count() == plain.null_count():
            return without_nan(cast)
    return series


def without_nan(series: pl.Series) -> pl.Series:
    """Return a column in which a missing figure is missing, however the file wrote it."""
    return series.fill_nan(None) if series.dtype.is_float() else series
