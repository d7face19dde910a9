"""Verbs that count time since an event: peace years and spells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from legation.errors import InputError
from legation.evidence.panel.rows import Rows
from legation.evidence.panel.types import pick
from legation.evidence.panel.verbs.base import EVERY, Added, Context, Verb

__all__ = ["VERBS", "time_since"]

_EVENTS = ("gmlmid", "cowmid", "cowinter", "cowintra", "ucdp")
_GAPS = ("rows", "calendar", "restart")
_LEFT = ("zero", "missing")


def time_since(
    event: npt.NDArray[np.float64],
    *,
    starts: npt.NDArray[np.bool_],
    when: npt.NDArray[np.int64],
    gaps: str = "rows",
    left: str = "zero",
) -> npt.NDArray[np.float64]:
    """Return periods since the last event, counted up to each row before its own event; NaN where it is not known.

    Parameters
    ----------
    event : array of shape (rows,)
        1 for an event, 0 for none, NaN where the source does not speak.
    starts : array of shape (rows,)
        True in the first row of each unit; a unit's rows stand together, in the order of time.
    when : array of shape (rows,)
        The number of the row's year, month or day.
    gaps
        How a gap in a unit's rows counts: ``rows`` counts rows only, ``calendar`` the time that passed, ``restart``
        begins again from 0.
    left
        What stands before a unit's first event: ``zero`` counts from its first row, ``missing`` leaves it open.
    """
    size = len(event)
    places = np.arange(size)
    before = np.concatenate(([np.nan], event[:-1])) if size else event
    began = starts.copy()
    began[1:] |= np.isnan(event[:-1]) & ~np.isnan(event[1:])  # the source begins to speak
    if gaps == "restart":
        began[1:] |= ~starts[1:] & (when[1:] - when[:-1] > 1)
    reset = began | (before == 1)
    since = np.maximum.accumulate(np.where(reset, places, 0)) if size else places
    count = when - when[since] if gaps == "calendar" else places - since
    known = count.astype(np.float64)
    if left == "missing":
        after_event = (before == 1) & ~began
        known[~after_event[since]] = np.nan
    known[np.isnan(event)] = np.nan
    return known


def _events(ctx: Context) -> list[tuple[str, str]]:
    """Return the events to count from: the name of each, and the panel's column."""
    kind = pick(ctx.text("event"), ("ongoing", "onset"), what="kind of event")
    wanted = ctx.words("of")
    names = _EVENTS if wanted == ("all",) else wanted
    found = []
    for name in names:
        column = name if name in ctx.frame.columns else f"{name}{kind}"
        if column in ctx.frame.columns:
            found.append((name, column))
        elif wanted != ("all",):
            raise InputError(
                f"The panel has no column {column!r} to count from.",
                remedy="Add the disputes or wars first; or name a column of 0 and 1.",
            )
    if not found:
        raise InputError(
            f"The panel has no events to count from when {ctx.verb} is added.",
            remedy="Add gml_mids, cow_mids, wars, civil_wars or armed_conflict before it.",
        )
    return found


def _unit_starts(rows: Rows) -> npt.NDArray[np.bool_]:
    starts = np.ones(len(rows), dtype=bool)
    arrays = [rows.first_state, *([] if rows.second_state is None else [rows.second_state]), *rows.leaders]
    if len(rows):
        starts[1:] = np.any([array[1:] != array[:-1] for array in arrays], axis=0)
    return starts


def _when(rows: Rows, frame: pl.DataFrame) -> npt.NDArray[np.int64]:
    if rows.period == "year":
        return rows.year.astype(np.int64)
    if rows.period == "month":
        month = frame.get_column("month").to_numpy().astype(np.int64)
        return rows.year.astype(np.int64) * 12 + month
    assert rows.day is not None
    return rows.day.astype(np.int64)


def _peace_years(ctx: Context) -> Added:
    gaps = pick(ctx.text("gaps"), _GAPS, what="rule for gaps")
    left = pick(ctx.text("left"), _LEFT, what="rule for the time before the first event")
    return _counted(ctx, gaps=gaps, left=left, ending="_peace_years", first_only=False)


def _spells(ctx: Context) -> Added:
    first_only = pick(ctx.text("ongoing"), ("failures", "missing"), what="rule for events that go on") == "missing"
    gaps = pick(ctx.text("gaps"), _GAPS, what="rule for gaps")
    return _counted(ctx, gaps=gaps, left="zero", ending="spell", first_only=first_only)


def _counted(ctx: Context, *, gaps: str, left: str, ending: str, first_only: bool) -> Added:
    starts, when = _unit_starts(ctx.rows), _when(ctx.rows, ctx.frame)
    series, columns = {}, []
    for name, column in _events(ctx):
        values = ctx.frame.get_column(column)
        if not values.dtype.is_integer() or bool(((values != 0) & (values != 1)).any()):
            raise InputError(f"Column {column} holds other values than 0 and 1: no events can be counted from it.")
        event = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        count = time_since(event, starts=starts, when=when, gaps=gaps, left=left)
        if first_only:
            going_on = np.zeros(len(event), dtype=bool)
            going_on[1:] = (event[1:] == 1) & (event[:-1] == 1) & ~starts[1:]
            count = np.where(going_on, np.nan, count)
        called = f"{name}{ending}"
        series[called] = pl.Series(called, count, nan_to_null=True).cast(pl.Int32)
        source = next(meta for meta in ctx.columns if meta.name == column)
        columns.append(
            ctx.column(
                called,
                table=source.table,
                first=source.first,
                last=source.last,
                resolution="derived",
                meaning=f"{ctx.rows.period}s since the last year with {column} = 1, counted in the panel's rows",
                published=f"{name}spell",
                note=f"Gaps: {gaps}. Before the first event: {left}.",
            )
        )
    return Added(series=series, columns=tuple(columns))


VERBS = (
    Verb(
        name="peace_years",
        purpose="Time since the last conflict of each unit.",
        units=EVERY,
        add=_peace_years,
        published="add_peace_years",
        options={"event": "ongoing", "of": ("all",), "gaps": "rows", "left": "zero"},
    ),
    Verb(
        name="spells",
        purpose="Spells of peace between conflicts of each unit.",
        units=EVERY,
        add=_spells,
        published="add_spells",
        options={"event": "ongoing", "of": ("all",), "ongoing": "failures", "gaps": "rows"},
    ),
)
