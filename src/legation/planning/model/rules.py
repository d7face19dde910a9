"""Rows of rules between missions: once each, duties, visits, order, promises, bars."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import Sequel
from legation.planning.model.money import MONEY_UNIT
from legation.planning.model.names import NameBlock, RowName
from legation.planning.model.problem import Builder
from legation.planning.model.view import View, distinct, expand

__all__ = [
    "add_absorption",
    "add_bars",
    "add_caps",
    "add_ceilings",
    "add_commitments",
    "add_exclusions",
    "add_missions",
    "add_prerequisites",
    "add_risk_limit",
]


def add_missions(b: Builder, view: View) -> None:
    """Tie slots to options, let each mission run once, and hold what must be in."""
    missions, own = view.data.missions, view.mission_of_option
    names = NameBlock(
        "option",
        len(view.options),
        lambda n: RowName("option", missions[own[n]].id, index=int(view.options[n])),
    )
    b.add_rows(
        names,
        np.concatenate([view.line, np.arange(len(view.options))]),
        np.concatenate([view.x, view.z]),
        np.concatenate([np.ones(len(view.x)), np.full(len(view.z), -1.0)]),
        lower=0.0,
        upper=0.0,
    )
    present, line = np.unique(own, return_inverse=True)
    once = NameBlock("mission", len(present), lambda n: RowName("mission", missions[present[n]].id))
    b.add_rows(once, line, view.z, 1.0, upper=1.0)
    for item in view.data.requirements:
        name = RowName(item.kind, view.data.missions[item.mission].id)  # type: ignore[arg-type]
        b.add_row(name, view.done(item.mission), 1.0, lower=1.0)


def add_absorption(b: Builder, view: View) -> None:
    """Let a partner take no more starts in a window than it can."""
    for limit in view.data.absorption:
        own = view.of_options(limit.options)
        if not len(own):
            continue
        own = own[np.argsort(view.start[own], kind="stable")]
        start = view.start[own]
        mission = distinct(view.mission[own], count=len(view.data.missions))[1][view.mission[own]]
        earliest = min(0, int(start[0]))
        # what is committed may begin after the plan's months, and is a visit all the same
        latest = max(earliest, max(view.data.horizon, int(start[-1]) + 1) - limit.window)
        months = np.arange(earliest, latest + 1)
        begin, end = np.searchsorted(start, months), np.searchsorted(start, months + limit.window)
        binding = np.array(
            [np.count_nonzero(np.bincount(mission[a:b])) > limit.limit for a, b in zip(begin, end, strict=True)], bool
        )
        row, place = expand(begin[binding], end[binding] - 1)
        names = NameBlock("absorption", int(binding.sum()), partial(_visits_name, limit.record, months[binding]))
        b.add_rows(names, row, own[place], 1.0, upper=float(limit.limit))


def _visits_name(record: str, months: NDArray[np.int64], number: int) -> RowName:
    return RowName("absorption", record, int(months[number]))


def add_prerequisites(b: Builder, view: View) -> None:
    """Let no mission start before enough of what it needs has ended, in cumulative form."""
    missions = view.data.missions
    rows = [row for row in view.data.sequels if missions[row.mission].status != "executing"]
    for begin in range(0, len(rows), _BATCH):
        _add_sequels(b, view, rows[begin : begin + _BATCH])


_BATCH = 10_000
"""Prerequisites that are written at a time, which bounds the memory that it takes."""


def _add_sequels(b: Builder, view: View, rows: Sequence[Sequel]) -> None:
    """Write a row for each month in which a later mission may start: it has begun only if the earlier one has ended."""
    which, later = view.of_each(np.array([row.mission for row in rows]))
    before, earlier = view.of_each(np.array([row.requires for row in rows]))
    if not len(later):
        return
    low = int(view.start[later].min())
    width = int(view.start[later].max()) - low + 2
    key = which * width + view.start[later] - low
    used, below = distinct(key, count=len(rows) * width)
    end = below[np.arange(1, len(rows) + 1) * width] - 1
    lag = np.array([row.lag for row in rows])
    # what ends after the last start stands in no row
    ended = np.clip(view.end[earlier] + lag[before] - low, 0, width - 1)
    # an entry in every row from the month on in which a slot has begun, or ended with its lag
    first = np.concatenate([below[key], below[before * width + ended]])
    entry, line = expand(first, np.concatenate([end[which], end[before]]))
    columns = np.concatenate([later, earlier]).astype(np.int32)[entry]
    b.add_rows(
        NameBlock("prerequisite", len(used), partial(_sequel_name, rows, used, low, width)),
        line,
        columns,
        np.where(entry < len(later), 1.0, -1.0),
        upper=0.0,
    )


def _sequel_name(rows: Sequence[Sequel], used: NDArray[np.int64], low: int, width: int, number: int) -> RowName:
    which, month = divmod(int(used[number]), width)
    return RowName("prerequisite", rows[which].key, low + month)


def add_commitments(b: Builder, view: View) -> None:
    """Keep the promises that fall due within the plan."""
    for promise in view.data.promises:
        columns = view.of_missions(promise.missions)
        intime = columns[view.end[columns] - 1 <= promise.due]
        b.add_row(RowName("commitment", promise.record), intime, 1.0, lower=float(promise.count))


def add_bars(b: Builder, view: View) -> None:
    """Hold barred slots at 0, a row for each rule."""
    for index, bar in enumerate(view.data.bars):
        held = np.flatnonzero(np.isin(view.slots, bar.slots))
        if len(held):
            b.add_row(RowName("bar", f"{bar.kind} {bar.record}", index=index), held, 1.0, upper=0.0)


def add_exclusions(b: Builder, view: View) -> None:
    """Let at most one mission of each exclusion in."""
    rows = view.data.exclusions
    size = np.array([len(missions) for _, _, missions in rows], np.int64)
    each, done = view.done_each(np.array([m for _, _, missions in rows for m in missions], np.int64))
    line = np.repeat(np.arange(len(rows)), size)[each]
    # exclusions whose missions have no months left need no row
    used, place = np.unique(line, return_inverse=True)
    names = NameBlock("exclusion", len(used), lambda n: RowName("exclusion", rows[used[n]][0]))
    b.add_rows(names, place, done, 1.0, upper=1.0)


def add_risk_limit(b: Builder, view: View) -> None:
    """Keep the risk in sum within the desk's limit."""
    limit = view.data.desk.info.settings.risk_limit
    if limit is not None:
        b.add_row(RowName("risk_limit", ""), view.z, view.data.options.risk[view.options], upper=limit)


def add_caps(b: Builder, view: View) -> None:
    """Keep risk and adverse spill-over within what their owners bear."""
    for cap in view.data.caps:
        amount = cap.amount[view.options]
        used = np.flatnonzero(amount)
        if len(used):
            b.add_row(RowName(cap.kind, cap.record), view.z[used], amount[used], upper=cap.limit)


def add_ceilings(b: Builder, view: View) -> None:
    """Keep what authorities spend in a year within their ceilings."""
    for index, ceiling in enumerate(view.data.ceilings):
        own = np.flatnonzero(np.isin(view.option, ceiling.options))
        spend = (
            view.data.funds.within(view.data.slots, view.slots[own], first=ceiling.first, last=ceiling.last)
            / MONEY_UNIT
        )
        used = np.flatnonzero(spend)
        if len(used):
            name = RowName("ceiling", ceiling.record, ceiling.first, index)
            b.add_row(name, view.x[own[used]], spend[used], upper=ceiling.limit / MONEY_UNIT)
