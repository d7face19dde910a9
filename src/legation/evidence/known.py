"""The second time of a world: when a source said something, so that it can be read as known on a day.

A row's day of being known is, in this order: its own ``known`` column, where a source keeps vintages; the end of the
time that it speaks of plus the usual lag of its source; for a snapshot, the day that it was taken. Figures that are
taken not to change (distances, languages, borders) are known on any day. A measure of which each row rests on evidence
up to its own time counts by that time; any other was computed with later evidence, and was not known.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from legation.evidence.catalogue import Catalogue, SourceInfo, TableInfo

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "END",
    "KNOWN",
    "as_known",
    "end_known",
    "is_visible",
    "known_condition",
    "known_notes",
    "known_to",
    "lag_of",
    "last_known",
]

KNOWN = "known"
"""The column of a table whose source keeps vintages: the day on which the row was published."""

END = "end"
"""The column of the last day of what such a row says; it may lie after the day on which the row was published."""


def lag_of(info: TableInfo, sources: Sequence[SourceInfo]) -> timedelta:
    """Return the longest usual lag of a table's sources."""
    return timedelta(days=max((source.lag_days for source in sources if source.name in info.sources), default=0))


def time_columns(info: TableInfo) -> tuple[str, ...]:
    """Return the columns that date a row, from the table's description or its key."""
    if info.time or info.method:
        return info.time
    return tuple(name for name in ("year", "month") if name in info.key)


def is_visible(info: TableInfo, sources: Sequence[SourceInfo], *, on: date) -> bool:
    """Say whether any of a table could be known on a day."""
    if info.kind == "static" and not info.method:
        return True
    if _has_known(info):
        return True
    if info.kind == "snapshot" or not time_columns(info):
        released = [s.released for s in sources if s.name in info.sources and s.released is not None]
        # a measure whose rows have no time of their own has seen everything that its world holds
        return not info.method and max([info.last, *released]) <= on
    return True


def last_known(info: TableInfo, sources: Sequence[SourceInfo], *, on: date) -> date:
    """Return the last day that a table spoke of, as known on a day: whole years only for a yearly table."""
    if info.kind != "series":
        return info.last
    reach = on - lag_of(info, sources)
    columns = time_columns(info)
    if columns[:1] == ("year",) and len(columns) == 1:
        reach = date(_last_whole_year(reach), 12, 31)
    return max(info.first, min(info.last, reach))


def known_condition(info: TableInfo, sources: Sequence[SourceInfo], *, on: date) -> pl.Expr | None:
    """Return the condition that a row was known on a day; None where every row of a visible table was."""
    import polars as pl

    if _has_known(info):
        return pl.col(KNOWN) <= on
    columns, reach = time_columns(info), on - lag_of(info, sources)
    if not columns:
        return None
    first = columns[0]
    if next(column.type for column in info.columns if column.name == first) == "Date":
        return pl.col(first) <= reach
    if len(columns) > 1 and columns[1] == "month":
        months = reach.year * 12 + reach.month - (0 if reach.day == monthrange(reach.year, reach.month)[1] else 1)
        return pl.col(first).cast(pl.Int32) * 12 + pl.col("month").cast(pl.Int32) <= months
    return pl.col(first) <= _last_whole_year(reach)


def as_known(frame: pl.LazyFrame, info: TableInfo, sources: Sequence[SourceInfo], *, on: date) -> pl.LazyFrame:
    """Return the rows of a table that were known on a day; an end that came later was not known.

    Where a source keeps vintages, the latest of each statement counts.
    """
    import polars as pl

    if not is_visible(info, sources, on=on):
        return frame.filter(pl.lit(value=False))
    condition = known_condition(info, sources, on=on)
    if condition is not None:
        frame = frame.filter(condition)
    key = [name for name in info.key if name != KNOWN]
    if _has_known(info) and KNOWN in info.key and key:
        frame = frame.sort(*key, KNOWN).group_by(key, maintain_order=True).last().select([c.name for c in info.columns])
    columns = time_columns(info)
    types = {column.name: column.type for column in info.columns}
    if len(columns) > 1 and types[columns[0]] == types[columns[1]] == "Date":
        return frame.with_columns(end_known(columns[1], on=on - lag_of(info, sources)))
    if _has_known(info) and types.get(END) == "Date":
        return frame.with_columns(end_known(END, on=on))
    return frame


def end_known(column: str, *, on: date) -> pl.Expr:
    """Return a column of last days without those that came later: what ended then was still going on."""
    import polars as pl

    return pl.when(pl.col(column) <= on).then(pl.col(column)).alias(column)


def known_to(catalogue: Catalogue) -> date:
    """Return the day from which on a world's newest evidence was known: the latest release or end of a series in it."""
    days = [source.released or source.time_domain.last for source in catalogue.sources]
    return max(days, default=date.min)


def known_notes(catalogue: Catalogue, *, on: date | None) -> tuple[str, ...]:
    """Return what a reader of an answer as known on a day must know; nothing where no such day was asked for."""
    if on is None:
        return ()
    hidden = sorted(table.name for table in catalogue.tables if not is_visible(table, catalogue.sources, on=on))
    said = f"Read as known on {on.isoformat()}: each source counts as far as it usually reaches after its lag."
    if known_to(catalogue) > on:
        said += " Figures that a publisher corrected later stand as corrected."
    return (said, *((f"Not known then, and left out: {', '.join(hidden)}.",) if hidden else ()))


def _has_known(info: TableInfo) -> bool:
    return any(column.name == KNOWN and column.type == "Date" for column in info.columns)


def _last_whole_year(day: date) -> int:
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1
