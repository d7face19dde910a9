"""Rows of rules between missions: once each, duties, visits, order, promises, bars."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from legation.planning.model.money import MONEY_UNIT
from legation.planning.model.names import NameBlock, RowName
from legation.planning.model.problem import Builder
from legation.planning.model.view import View

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
        start = view.start[own]
        mission = np.unique(view.mission[own], return_inverse=True)[1]
        earliest = min(0, int(start.min()))
        # what is committed may begin after the plan's months, and is a visit all the same
        latest = max(earliest, max(view.data.horizon, int(start.max()) + 1) - limit.window)
        for month in range(earliest, latest + 1):
            here = np.flatnonzero((start >= month) & (start < month + limit.window))
            if np.count_nonzero(np.bincount(mission[here])) > limit.limit:
                inside = own[here]
                b.add_row(RowName("absorption", limit.record, month), inside, 1.0, upper=float(limit.limit))


def add_prerequisites(b: Builder, view: View) -> None:
    """Let no mission start before enough of what it needs has ended, in cumulative form."""
    for row in view.data.sequels:
        if view.data.missions[row.mission].status == "executing":
            continue
        later, earlier = view.of(row.mission), view.of(row.requires)
        start = view.start[later]
        months = np.flatnonzero(np.bincount(start - start.min(initial=0))) + start.min(initial=0)
        # an entry wherever a slot has begun, or ended with its lag, by the row's month
        begun, slot = np.nonzero(start <= months[:, None])
        ended, before = np.nonzero(view.end[earlier] + row.lag <= months[:, None])
        b.add_rows(
            NameBlock("prerequisite", len(months), partial(_prerequisite_name, row.key, months)),
            np.concatenate([begun, ended]),
            np.concatenate([later[slot], earlier[before]]),
            np.concatenate([np.ones(len(begun)), np.full(len(ended), -1.0)]),
            upper=0.0,
        )


def _prerequisite_name(key: str, months: NDArray[np.int64], number: int) -> RowName:
    return RowName("prerequisite", key, int(months[number]))


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
