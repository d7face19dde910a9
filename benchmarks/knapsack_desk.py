"""Turn a knapsack into a desk: items are missions of one month, limits budgets, pairwise values synergies.

Points are values divided by a power of 2 that brings them onto the scale to 3; the objective's target is one over it,
and its value rises with slope 1 beyond every sum. So the plan's value is the profit, without rounding.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np

from knapsack_files import Knapsack
from legation.desk import aims, constraints, missions, resources
from legation.desk.desk import Desk, DeskInfo, Settings
from legation.desk.scales import EFFECT_MAX

MONTH, YEAR, MONEY = "2027-01", 2027, "EUR"


def desk_of(instance: Knapsack) -> Desk:
    """Make the desk; mission `m12` is item 12."""
    largest = max(int(instance.profit.max(initial=0)), int(instance.pair.max(initial=0)), 1)
    power = max(0, int(np.ceil(np.log2(largest / EFFECT_MAX))))
    scale = 2.0**power
    total = float(instance.profit.sum() + instance.pair.sum())
    names = [f"m{item}" for item in range(len(instance.profit))]
    return Desk(
        info=DeskInfo(
            id="knapsack", title=instance.name, observer="EST", start=MONTH, months=1, currency=MONEY, price_year=YEAR,
            settings=Settings(value_breakpoints=((2 * total + 1, 1.0),)),
        ),
        goals=(aims.Goal(id="goal", title="Goal"),),
        objectives=(
            aims.Objective(id="profit", title="Profit", kind="diplomatic", parent="goal", target=1 / scale),
        ),
        missions=tuple(
            missions.Mission(
                id=name, title=f"Item {name[1:]}", instrument="staff-talks", format="bilateral",
                purpose="cooperation", partners=("FIN",),
            )
            for name in names
        ),
        modes=tuple(missions.Mode(mission=name, id="one") for name in names),
        effects=tuple(
            missions.Effect(
                mission=name, mode="one", objective="profit", low=points, likely=points, high=points, judge="file",
                judged=date(2026, 1, 1), basis="assessment",
            )
            for name, points in zip(names, (instance.profit / scale).tolist(), strict=True)
            if points
        ),
        synergies=tuple(
            constraints.Synergy(
                id=f"s{i}-{j}", missions=(names[i], names[j]), objective="profit", low=points, likely=points,
                high=points,
            )
            for i, j in np.argwhere(instance.pair).tolist()
            for points in (float(instance.pair[i, j]) / scale,)
        ),
        budgets=tuple(resources.Budget(id=f"b{row}", title=f"Limit {row}") for row in range(len(instance.capacity))),
        allotments=tuple(
            resources.Allotment(
                budget=f"b{row}", start=MONTH, expires=MONTH, amount=Decimal(amount), currency=MONEY, price_year=YEAR
            )
            for row, amount in enumerate(instance.capacity.tolist())
        ),
        costs=tuple(
            missions.Cost(
                mission=names[item], mode="one", budget=f"b{row}", amount=Decimal(int(instance.weight[row, item])),
                currency=MONEY, price_year=YEAR,
            )
            for row, item in np.argwhere(instance.weight).tolist()
        ),
    )  # fmt: skip
