"""Which rules hold a plan back, from the prices of the linear relaxation."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from legation.planning.data import PlanData
from legation.planning.model.build import MONEY_UNIT
from legation.planning.model.rows import group_of, words_of
from legation.planning.points import points
from legation.planning.result import BindingConstraint
from legation.planning.solve import Solution

__all__ = ["binding_constraints"]

_SPOKEN = {
    "budget": "10,000 {currency}",
    "position": "one month of one person's time",
    "absorption": "one mission",
    "exclusion": "one mission",
    "commitment": "one mission",
    "fixed": "one mission",
    "must_do": "one mission",
    "pin": "one mission",
    "risk_limit": "one unit of risk",
    "risk_cap": "one unit of risk",
    "spill_cap": "one unit of alignment",
    "ceiling": "10,000 {currency}",
    "days": "one working day",
}
_TINY = 1e-6


def binding_constraints(data: PlanData, solution: Solution, *, most: int = 20) -> tuple[BindingConstraint, ...]:
    """Give the rules with a price, the dearest first.

    The price of a rule with rows for several months is the largest of its rows': what one unit more in its tightest
    month would bring at the bound.
    """
    problem = solution.model.problem
    activity = problem.matrix @ solution.x
    prices: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(solution.model.rows):
        spoken = row.kind in _SPOKEN or row.kind == "allotment"
        if spoken and abs(solution.duals[number]) > _TINY:
            prices[group_of(row)].append(number)
    out = []
    for (kind, record), rows in prices.items():
        first = max(rows, key=lambda number: (abs(float(solution.duals[number])), -number))
        factor = 10_000.0 / MONEY_UNIT if kind in {"budget", "ceiling"} else 1.0
        price = abs(float(solution.duals[first])) * factor
        sides = np.array([problem.row_upper[first] - activity[first], activity[first] - problem.row_lower[first]])
        unit = _SPOKEN[kind].format(currency=data.desk.info.currency)
        when = solution.model.rows[first].month
        month = f" Tightest from {data.month(when)}." if when is not None and kind != "exclusion" else ""
        out.append(
            BindingConstraint(
                kind=kind,
                name=record,
                words=f"{words_of(solution.model.rows[first], data)}{month} "
                f"{unit[:1].upper()}{unit[1:]} more moves the bound by up to {points(price)}.",
                price=price,
                unit=unit,
                slack=float(sides[np.isfinite(sides)].min()),
                records=(record,) if record else (),
            )
        )
    out.sort(key=lambda row: (-row.price, row.kind, row.name))
    return tuple(row for row in out if row.price > _TINY)[:most]
