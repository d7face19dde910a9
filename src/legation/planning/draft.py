"""A first plan by hand: place the missions of a relaxed solution one by one, as far as they fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.rank import Tally, with_duties

__all__ = ["draft", "duties_done"]


def draft(data: PlanData, slots: NDArray[np.int64], preference: NDArray[np.float64]) -> list[int] | None:
    """Place missions by preference and give the slots, or None where a duty could not be placed.

    Parameters
    ----------
    data
        The desk.
    slots, preference
        Slots that may be used and how much of each a relaxed solution wants, both of shape (s,). Missions that it
        wants come in the order of their worth, those of several months first, because short ones find room later.
    """
    wanted = np.zeros(len(data.missions))
    np.add.at(wanted, data.slot_mission[slots], preference)
    months = data.options.months[data.slots.option[slots]]
    order: dict[int, list[int]] = {}
    for index in np.lexsort((slots, -preference)):
        if wanted[data.slot_mission[slots[index]]] > 0.5:
            order.setdefault(int(data.slot_mission[slots[index]]), []).append(int(index))
    tally = with_duties(data)
    if not duties_done(data, tally):
        return None
    worth = data.contributions[slots] @ data.options.weights
    waiting = sorted(
        order, key=lambda mission: (-int(months[order[mission][0]] > 1), -float(worth[order[mission][0]]), mission)
    )
    placed = True
    while placed:
        # what needed another mission first may fit after it
        before = len(waiting)
        waiting = [mission for mission in waiting if not _place(tally, slots[order[mission]].tolist())]
        placed = len(waiting) < before
    return sorted(tally.slots)


def _place(tally: Tally, slots: list[int]) -> bool:
    if int(tally.data.slot_mission[slots[0]]) in tally.by_mission:
        return True
    for slot in slots:
        staff = tally.fits(slot)
        if staff is not None:
            tally.add(slot, staff)
            return True
    return False


def duties_done(data: PlanData, tally: Tally) -> bool:
    """Say whether a tally holds all that must be in and keeps every promise."""
    if any(row.mission not in tally.by_mission for row in data.requirements):
        return False
    for promise in data.promises:
        ends = [
            int(data.slots.last[tally.by_mission[mission]])
            for mission in promise.missions
            if mission in tally.by_mission
        ]
        if sum(end <= promise.due for end in ends) < promise.count:
            return False
    return True
