"""Months of a plan as numbers: 0 is the desk's first month."""

from __future__ import annotations

import calendar
import re
from datetime import date

from legation.errors import InputError

__all__ = ["first_day", "last_day", "month_number", "month_of", "month_text", "months_overlapping"]

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])(?![0-9])")
"""A month, or a day that lies in it."""


def month_number(month: str, *, start: str) -> int:
    """Count the months from `start` to `month`, both YYYY-MM; negative before the start.

    >>> month_number("2028-02", start="2027-01")
    13
    """
    for text in (month, start):
        if not _MONTH.match(text):
            raise InputError(f"{text!r} is not a month.", remedy="Write months as YYYY-MM, for example 2027-01.")
    year, number = int(month[:4]), int(month[5:7])
    first_year, first_number = int(start[:4]), int(start[5:7])
    return (year - first_year) * 12 + number - first_number


def month_text(number: int, *, start: str) -> str:
    """Give the month that lies `number` months after `start`.

    >>> month_text(13, start="2027-01")
    '2028-02'
    """
    months = int(start[:4]) * 12 + int(start[5:7]) - 1 + number
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def month_of(day: date) -> str:
    """Give the month a day lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def first_day(month: str) -> date:
    """Give the first day of a month."""
    return date(int(month[:4]), int(month[5:7]), 1)


def last_day(month: str) -> date:
    """Give the last day of a month."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, calendar.monthrange(year, number)[1])


def months_overlapping(first: date | None, last: date | None, *, start: str, months: int) -> range:
    """Give the plan's months that share a day with the stretch; a missing end is open."""
    begin = 0 if first is None else max(0, month_number(month_of(first), start=start))
    end = months - 1 if last is None else min(months - 1, month_number(month_of(last), start=start))
    return range(begin, end + 1)
