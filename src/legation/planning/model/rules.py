"""Rows of rules between missions: once each, duties, visits, order, promises, bars."""

from __future__ import annotations

import numpy as np

from legation.planning.model.names import RowName
from legation.planning.model.problem import Builder
from legation.planning.model.view import View

__all__ = [
    "add_absorption",
    "add_bars",
    "add_commitments",
    "add_exclusions",
    "add_missions",
    "add_prerequisites",
    "add_risk_limit",
]


def add_missions(b: Builder, view: View) -> None:
    """Tie slots to options, let each mission run once, and hold what must be in."""
    order = np.searchsorted(view.option, view.options)
    ends = np.append(order[1:], len(view.option))[: len(order)]
    for option, column, begin, end in zip(view.options, view.z, order, ends, strict=True):
        name = RowName("option", view.data.missions[view.data.mission_of[option]].id, index=int(option))
        values = np.append(np.ones(end - begin), -1.0)
        b.add_row(name, np.append(view.x[begin:end], column), values, lower=0.0, upper=0.0)
    for number, mission in enumerate(view.data.missions):
        if len(view.of(number)):
            b.add_row(RowName("mission", mission.id), view.done(number), 1.0, upper=1.0)
    for item in view.data.requirements:
        name = RowName(item.kind, view.data.missions[item.mission].id)  # type: ignore[arg-type]
        b.add_row(name, view.done(item.mission), 1.0, lower=1.0)


def add_absorption(b: Builder, view: View) -> None:
    """Let a partner take no more starts in a window than it can."""
    for limit in view.data.absorption:
        own = np.flatnonzero(np.isin(view.option, limit.options))
        if not len(own):
            continue
        earliest = min(0, int(view.start[own].min()))
        latest = max(earliest, view.data.horizon - limit.window)
        for month in range(earliest, latest + 1):
            inside = own[(view.start[own] >= month) & (view.start[own] < month + limit.window)]
            if len(np.unique(view.mission[inside])) > limit.limit:
                b.add_row(RowName("absorption", limit.record, month), inside, 1.0, upper=float(limit.limit))


def add_prerequisites(b: Builder, view: View) -> None:
    """Let no mission start before enough of what it needs has ended, in cumulative form."""
    for row in view.data.sequels:
        if view.data.missions[row.mission].status == "executing":
            continue
        later, earlier = view.of(row.mission), view.of(row.requires)
        for month in np.unique(view.start[later]):
            begun = later[view.start[later] <= month]
            ended = earlier[view.end[earlier] + row.lag <= month]
            values = np.concatenate([np.ones(len(begun)), -np.ones(len(ended))])
            b.add_row(RowName("prerequisite", row.key, int(month)), np.concatenate([begun, ended]), values, upper=0.0)


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
    for key, _, missions in view.data.exclusions:
        columns = view.done(missions)
        if len(columns):
            b.add_row(RowName("exclusion", key), columns, 1.0, upper=1.0)


def add_risk_limit(b: Builder, view: View) -> None:
    """Keep the risk in sum within the desk's limit."""
    limit = view.data.desk.info.settings.risk_limit
    if limit is not None:
        b.add_row(RowName("risk_limit", ""), view.z, view.data.options.risk[view.options], upper=limit)
