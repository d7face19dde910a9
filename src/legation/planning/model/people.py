"""Rows of people: a flow from each class of needs to the positions that can meet it."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from legation.planning.model.names import RowName
from legation.planning.model.problem import Builder
from legation.planning.model.view import View

__all__ = ["add_staff"]


def add_staff(b: Builder, view: View) -> tuple[tuple[int, NDArray[np.int64]], ...]:
    """Staff every slot from positions; give the columns of each class of needs."""
    data, demand = view.data, view.data.demand
    column = np.full(len(data.slots.option), -1, np.int64)
    column[view.slots] = view.x
    rows = np.flatnonzero(column[demand.slot] >= 0)
    order = rows[np.argsort(demand.staff_class[rows], kind="stable")]
    classes, begins = np.unique(demand.staff_class[order], return_index=True)
    ends = np.append(begins[1:], len(order))[: len(classes)]
    capacity = data.crew.capacity()
    flows: list[tuple[int, NDArray[np.int64]]] = []
    load: defaultdict[tuple[int, int], list[tuple[NDArray[np.int64], NDArray[np.float64]]]] = defaultdict(list)
    for number, begin, end in zip(classes, begins, ends, strict=True):
        item = demand.classes[number]
        mine = order[begin:end]
        x, count = column[demand.slot[mine]], demand.count[mine].astype(float)
        months = range(item.first, item.last + 1)
        if len(item.positions) == 1:
            for month in months:
                load[int(data.crew.unit[item.positions[0], month]), month].append((x, count))
            continue
        heads = data.crew.heads[list(item.positions)].astype(float)
        flow = b.add_columns(len(item.positions), upper=heads, integer=item.months > 1)
        flows.append((int(number), flow))
        name = RowName("staff_class", "", item.first, int(number))
        b.add_row(name, np.concatenate([x, flow]), np.concatenate([count, -np.ones(len(flow))]), upper=0.0)
        for position, column_of_flow in zip(item.positions, flow, strict=True):
            for month in months:
                load[int(data.crew.unit[position, month]), month].append((np.array([column_of_flow]), np.ones(1)))
    for (unit, month), parts in sorted(load.items()):
        b.add_row(
            RowName("position", data.crew.positions[unit].id, month),
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            upper=float(capacity[unit, month]),
        )
    return tuple(flows)
