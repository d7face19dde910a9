"""Rows of money: months that can draw on the same allotments are one period."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from legation.planning.model.names import RowName
from legation.planning.model.problem import Builder
from legation.planning.model.view import View

__all__ = ["MONEY_UNIT", "add_budgets"]

MONEY_UNIT = 1_000.0
"""Money per unit of a budget's rows: the solver's tolerance of 1e-6 stays below a cent, and prices well above it."""


def add_budgets(b: Builder, view: View) -> None:
    """Pay every period of a budget from the allotments that can be used in it."""
    funds, horizon = view.data.funds, view.data.horizon
    for number, budget in enumerate(funds.budgets):
        once = funds.once[view.option, number] / MONEY_UNIT
        monthly = funds.monthly[view.option, number] / MONEY_UNIT
        if not (once.any() or monthly.any()):
            continue
        paid = np.flatnonzero((once != 0) | (monthly != 0))
        once, monthly, start = once[paid], monthly[paid], view.start[paid]
        own = np.flatnonzero(funds.allotment_budget == number)
        cover = np.array(
            [(funds.allotment_first[own] <= t) & (t <= funds.allotment_last[own]) for t in range(horizon)], bool
        )
        first, last = view.data.slots.first[view.slots[paid]], view.data.slots.last[view.slots[paid]]
        # months that can draw on the same allotments are interchangeable: one period, one row
        patterns = np.unique(cover, axis=0) if len(own) else cover[:1]
        drawn: defaultdict[int, list[int]] = defaultdict(list)
        for index, pattern in enumerate(patterns):
            inside = (cover == pattern).all(axis=1)
            running = np.concatenate(([0], np.cumsum(inside)))
            months = np.where(last >= first, running[np.maximum(last, -1) + 1] - running[np.minimum(first, horizon)], 0)
            spend = monthly * months + np.where(
                (start >= 0) & inside[np.clip(start, 0, horizon - 1)] & (start < horizon), once, 0.0
            )
            used = np.flatnonzero(spend)
            if not len(used):
                continue
            sources = own[pattern]
            # bounded for the proof, yet loosely: the allotment's own row shall carry its price
            y = b.add_columns(len(sources), upper=2 * funds.allotment_amount[sources] / MONEY_UNIT + 1)
            for source, column in zip(sources, y, strict=True):
                drawn[int(source)].append(int(column))
            name = RowName("budget", budget, int(np.flatnonzero(inside)[0]), index)
            b.add_row(
                name,
                np.concatenate([view.x[paid[used]], y]),
                np.concatenate([spend[used], -np.ones(len(y))]),
                upper=0.0,
            )
        for source, columns in drawn.items():
            name = RowName("allotment", funds.allotment_key[source], int(funds.allotment_first[source]), source)
            b.add_row(name, columns, 1.0, upper=float(funds.allotment_amount[source]) / MONEY_UNIT)
