"""Whether budgets cover a plan when its missions cost more or less than planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from legation.desk.money import Converter
from legation.desk.shares import OwnShares
from legation.planning.data import PlanData

__all__ = ["shortfalls", "spending_by_currency"]


def spending_by_currency(data: PlanData, slots: Sequence[int]) -> dict[str, NDArray[np.float64]]:
    """Give what slots spend by the currency it is owed in, budget and month, in the desk's money, each (B, T)."""
    converter, shares = Converter.of(data.desk), OwnShares(data.desk)
    column = {name: place for place, name in enumerate(data.funds.budgets)}
    by_option = {int(data.slots.option[slot]): int(slot) for slot in slots}
    out: dict[str, NDArray[np.float64]] = {}
    for cost in data.desk.costs:
        slot = by_option.get(data.options.index.get((cost.mission, cost.mode), -1))
        if slot is None:
            continue
        amount = float(converter.convert(shares.of(cost), currency=cost.currency, price_year=cost.price_year))
        table = out.setdefault(cost.currency, np.zeros((len(column), data.horizon)))
        start = int(data.slots.start[slot])
        if cost.recurrence == "monthly":
            table[column[cost.budget], data.slots.first[slot] : data.slots.last[slot] + 1] += amount
        elif 0 <= start < data.horizon:
            table[column[cost.budget], start] += amount
    return out


def shortfalls(
    data: PlanData,
    slots: Sequence[int],
    *,
    cost_factor: NDArray[np.float64],
    rate_factor: Mapping[str, NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give what each budget lacks and what its missions cost in each scenario.

    Each month draws on the allotments that can be used in it, the one that expires first before the others. Since an
    allotment holds over one span of months, no other order covers more.

    Parameters
    ----------
    data, slots
        The plan.
    cost_factor
        Shape (S, B).
    rate_factor
        By foreign currency, shape (S,).

    Returns
    -------
    tuple of ndarray
        What is lacking and what is spent, each of shape (S, B), in the desk's money.
    """
    count, budgets = cost_factor.shape
    lacking, spent = np.zeros((count, budgets)), np.zeros((count, budgets))
    tables = spending_by_currency(data, slots)
    funds = data.funds
    for budget in range(budgets):
        due = np.zeros((count, data.horizon))
        for currency, table in tables.items():
            due += rate_factor.get(currency, np.ones(count))[:, None] * table[budget]
        due *= cost_factor[:, [budget]]
        spent[:, budget] = due.sum(axis=1)
        own = np.flatnonzero(funds.allotment_budget == budget)
        own = own[np.argsort(funds.allotment_last[own], kind="stable")]
        left = np.repeat(funds.allotment_amount[own][None, :], count, axis=0)
        for month in range(data.horizon):
            need = due[:, month]
            for place, allotment in enumerate(own):
                if funds.allotment_first[allotment] <= month <= funds.allotment_last[allotment]:
                    taken = np.minimum(need, left[:, place])
                    left[:, place] -= taken
                    need = need - taken
            lacking[:, budget] += need
    return lacking, spent
