"""Make directed dyad-years of lists of participants: opponents that took part in the same year.

The dyadic tables of disputes count by calendar year: two states on opposite sides are opponents in each year in which
both took part, whether or not their days met. Wars, and the dispute that was the Second World War, count by day: states
came, left and changed sides within one year there, and many a pair never met.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from legation.errors import SourceError

__all__ = ["earliest_day", "latest_day", "opponents"]

_LAST_MONTH = 12


def earliest_day(year: str, month: str, day: str) -> pl.Expr:
    """Return the first day that a date with unknown parts can mean; a negative part is unknown."""
    known_month = pl.when(pl.col(month).is_between(1, _LAST_MONTH)).then(pl.col(month)).otherwise(1)
    known_day = pl.when((pl.col(day) > 0) & pl.col(month).is_between(1, _LAST_MONTH)).then(pl.col(day)).otherwise(1)
    first = pl.date(pl.col(year), known_month, 1)
    return pl.min_horizontal(first.dt.offset_by(pl.format("{}d", known_day - 1)), first.dt.month_end())


def latest_day(year: str, month: str, day: str) -> pl.Expr:
    """Return the last day that a date with unknown parts can mean; a negative part is unknown."""
    known_month = pl.when(pl.col(month).is_between(1, _LAST_MONTH)).then(pl.col(month)).otherwise(_LAST_MONTH)
    first = pl.date(pl.col(year), known_month, 1)
    given = (pl.col(day) > 0) & pl.col(month).is_between(1, _LAST_MONTH)
    stated = pl.min_horizontal(
        first.dt.offset_by(pl.format("{}d", pl.max_horizontal(pl.col(day), 1) - 1)), first.dt.month_end()
    )
    return pl.when(given).then(stated).otherwise(first.dt.month_end())


def opponents(
    parts: pl.DataFrame,
    *,
    event: str,
    side: str,
    kept: Sequence[str],
    by_days: pl.Expr,
    path: Path,
    apart: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return a row for each directed pair of opponents, event and year in which both took part.

    Parameters
    ----------
    parts
        Participations: the event, ``ccode``, the side, ``start`` and ``end`` (dates) and the columns to keep. A state
        that left and came back has a row for each time.
    event, side
        The columns that name the event and the side.
    kept
        Columns to carry over for both, with 1 and 2 after their names; the side is among them.
    by_days
        A condition on the event: where it holds, days must meet, else a year in common is enough.
    path
        The file, for the message.
    apart
        A condition on the kept columns of both; rows for which it differs stand apart, as a column of its name.

    Returns
    -------
    polars.DataFrame
        The event, ``ccode1``, ``ccode2``, ``year``, ``onset`` (1 in the year in which the later of both joined), then
        each kept column for the first and the second; every pair, event and year once, the earliest participation
        of each first.

    Raises
    ------
    SourceError
        When a participation ends before it begins, or lacks its event, state, side or dates.
    """
    for name in (event, "ccode", side, "start", "end"):
        missing = parts.get_column(name).is_null().arg_true()
        if len(missing):
            raise SourceError(
                f"{path}: participation {int(missing[0]) + 1} has no {name}, which is never missing.",
                remedy="Check that the file is whole and of the version that the source's description names.",
            )
    wrong = parts.filter(pl.col("start") > pl.col("end"))
    if wrong.height:
        row = wrong.row(0, named=True)
        raise SourceError(
            f"{path}: state {row['ccode']} leaves {event} {row[event]} on {row['end']}, before it joins on "
            f"{row['start']}.",
            remedy="Check the dates of that row against the publisher's codebook.",
        )
    names = ["ccode", "start", "end", *kept]
    first = parts.select(event, *(pl.col(name).alias(f"{name}1") for name in names))
    second = parts.select(event, *(pl.col(name).alias(f"{name}2") for name in names))
    begin, end = pl.max_horizontal("start1", "start2"), pl.min_horizontal("end1", "end2")
    pairs = first.join(second, on=event).filter(
        (pl.col(f"{side}1") != pl.col(f"{side}2"))
        & (pl.col("ccode1") != pl.col("ccode2"))
        & (begin.dt.year() <= end.dt.year())
        & ((begin <= end) | ~by_days)
    )
    years = pairs.with_columns(
        pl.int_ranges(begin.dt.year().cast(pl.Int64), end.dt.year().cast(pl.Int64) + 1).alias("year"),
        begin.alias("begin"),
    ).explode("year")
    both = [f"{name}{which}" for name in kept for which in (1, 2)]
    key = [event, "ccode1", "ccode2", "year"]
    if apart is not None:
        years = years.with_columns(apart)
        key.append(apart.meta.output_name())
    onset = (pl.col("begin").dt.year() == pl.col("year")).cast(pl.Int64).alias("onset")
    return (
        years.with_columns(onset)
        .sort(*key, "begin")
        .group_by(key, maintain_order=True)
        .agg(pl.col("onset").max(), *(pl.col(name).first() for name in both))
    )
