"""Money as planning sees it: the observer's part of costs, and what budgets receive when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import Options
from legation.desk.desk import Desk
from legation.desk.money import Converter
from legation.desk.months import month_number
from legation.desk.shares import OwnShares
from legation.planning.slots import Slots

__all__ = ["Funds", "funds_of"]


@dataclass(frozen=True)
class Funds:
    """Money in the desk's currency and price year.

    Attributes
    ----------
    budgets, titles
        Ids and titles (B).
    allotment_budget, allotment_first, allotment_last, allotment_amount, allotment_key
        Each allotment's budget, usable months (clipped to the plan) and amount, length A.
    once, monthly
        What an option takes from each budget in its first month and in every month, shape (n, B): the observer's part.
    """

    budgets: tuple[str, ...]
    titles: tuple[str, ...]
    allotment_budget: NDArray[np.int64]
    allotment_first: NDArray[np.int64]
    allotment_last: NDArray[np.int64]
    allotment_amount: NDArray[np.float64]
    allotment_key: tuple[str, ...]
    once: NDArray[np.float64]
    monthly: NDArray[np.float64]

    def within(self, slots: Slots, chosen: NDArray[np.int64], *, first: int, last: int) -> NDArray[np.float64]:
        """Give what each of these slots spends of all budgets from one month to another, shape (len(chosen),)."""
        option, start = slots.option[chosen], slots.start[chosen]
        begin, end = np.maximum(slots.first[chosen], first), np.minimum(slots.last[chosen], last)
        months = np.maximum(0, end - begin + 1)
        starts = (start >= max(first, 0)) & (start <= last)
        total: NDArray[np.float64] = self.once.sum(axis=1)[option] * starts + self.monthly.sum(axis=1)[option] * months
        return total


def funds_of(desk: Desk, options: Options) -> Funds:
    """Read costs and allotments in the desk's currency and prices.

    Raises
    ------
    MissingRateError
        When an amount cannot be brought to them.
    """
    converter, shares = Converter.of(desk), OwnShares(desk)
    column = {budget.id: number for number, budget in enumerate(desk.budgets)}
    once, monthly = np.zeros((len(options.missions), len(column))), np.zeros((len(options.missions), len(column)))
    for cost in desk.costs:
        option = options.index.get((cost.mission, cost.mode))
        if option is not None:
            amount = float(converter.convert(shares.of(cost), currency=cost.currency, price_year=cost.price_year))
            (once if cost.recurrence == "once" else monthly)[option, column[cost.budget]] += amount
    rows = []
    for item in desk.allotments:
        first = max(0, month_number(item.start, start=desk.info.start))
        last = min(desk.info.months - 1, month_number(item.expires, start=desk.info.start))
        amount = float(converter.convert(item.amount, currency=item.currency, price_year=item.price_year))
        if first <= last:
            rows.append((column[item.budget], first, last, amount, item.key))
    return Funds(
        budgets=tuple(column),
        titles=tuple(budget.title for budget in desk.budgets),
        allotment_budget=np.array([row[0] for row in rows], np.int64),
        allotment_first=np.array([row[1] for row in rows], np.int64),
        allotment_last=np.array([row[2] for row in rows], np.int64),
        allotment_amount=np.array([row[3] for row in rows], float),
        allotment_key=tuple(row[4] for row in rows),
        once=once,
        monthly=monthly,
    )
