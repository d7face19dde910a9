"""Days, months and years as whole numbers, and stretches of days as rows of a period."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from legation.evidence.panel.types import Period

__all__ = ["Ints", "day_number", "day_numbers", "expand", "first_of", "last_of", "month_of", "period_of", "year_of"]

Ints = npt.NDArray[np.int32]
"""Whole numbers of shape (rows,)."""

_EPOCH = 1970


def day_number(day: date) -> int:
    """Return a day as days since 1970-01-01."""
    return day.toordinal() - date(_EPOCH, 1, 1).toordinal()


def day_numbers(days: pl.Series) -> Ints:
    """Return dates as days since 1970-01-01; there must be no missing one."""
    return days.cast(pl.Date).cast(pl.Int32).to_numpy().astype(np.int32)


def year_of(days: Ints) -> Ints:
    """Return the calendar years of days."""
    return (days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int32) + _EPOCH).astype(np.int32)


def month_of(days: Ints) -> Ints:
    """Return months since 1970-01 of days."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)


def first_of(year: int) -> int:
    """Return 1 January of a year as a day number."""
    return day_number(date(year, 1, 1))


def last_of(year: int) -> int:
    """Return 31 December of a year as a day number."""
    return day_number(date(year, 12, 31))


def period_of(days: Ints, period: Period) -> Ints:
    """Return the year, the month (since 1970-01) or the day that days fall into."""
    if period == "year":
        return year_of(days)
    return month_of(days) if period == "month" else days


def expand(start: Ints, end: Ints, period: Period) -> tuple[npt.NDArray[np.int64], Ints, Ints]:
    """Turn stretches of days (both ends belong to them) into one entry per period that they touch.

    Returns
    -------
    tuple of arrays, each of shape (entries,)
        Which stretch an entry comes from; its period; and the first day of the stretch in it.
    """
    low, high = period_of(start, period), period_of(end, period)
    lengths = (high - low + 1).astype(np.int64)
    which = np.repeat(np.arange(len(start), dtype=np.int64), lengths)
    offsets = np.arange(len(which), dtype=np.int64) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    held = (low[which] + offsets).astype(np.int32)
    if period == "day":
        return which, held, held
    opens = (held - _EPOCH).astype("datetime64[Y]") if period == "year" else held.astype("datetime64[M]")
    day = np.maximum(opens.astype("datetime64[D]").astype(np.int32), start[which])
    return which, held, day
