"""Who is taken in which month while people are given to missions one by one."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

import numpy as np

from legation.planning.data import PlanData

__all__ = ["Roster"]


class Roster:
    """People left in every month.

    Attributes
    ----------
    free
        Whole people that each unit has left, shape (P, T); one who serves by the day is none of them.
    days
        Working days given away of the one who serves by the day, shape (P, T).
    missions
        The missions that somebody serves by the day, by unit and month.
    split
        Whether somebody was given two places of one mission by the day; whole months show in `free`.
    """

    def __init__(self, data: PlanData) -> None:
        self.data = data
        self.free = data.crew.capacity().copy()
        self.days = np.zeros(self.free.shape, np.int64)
        self.missions: dict[tuple[int, int], set[int]] = {}
        self.split = False

    def apart(self) -> Roster:
        """Give one that can be changed by itself."""
        new = copy(self)
        new.free, new.days = self.free.copy(), self.days.copy()
        new.missions = {key: set(own) for key, own in self.missions.items()}
        return new

    def takes(self, row: int, position: int) -> bool:
        """Say whether a position has room for one more place of a demand row."""
        data = self.data
        days = data.demand.days_of(row, position)
        mission = int(data.slot_mission[data.demand.slot[row]])
        for month in self._months(row):
            unit = int(data.crew.unit[position, month])
            if days is None or self.days[unit, month] == 0:
                if self.free[unit, month] <= 0:
                    return False
            elif self.days[unit, month] + days > data.demand.working_days or mission in self.missions[unit, month]:
                return False
        return True

    def take(self, row: int, position: int) -> None:
        """Give one place of a demand row to a position; what is left may fall below nothing."""
        data = self.data
        days = data.demand.days_of(row, position)
        mission = int(data.slot_mission[data.demand.slot[row]])
        for month in self._months(row):
            unit = int(data.crew.unit[position, month])
            if days is None or self.days[unit, month] == 0:
                self.free[unit, month] -= 1
            if days is not None:
                self.days[unit, month] += days
                served = self.missions.setdefault((unit, month), set())
                self.split |= mission in served
                served.add(mission)

    def serving(self, position: int, months: Iterable[int]) -> bool:
        """Say whether a position serves by the day in all of these months already."""
        return all(self.days[self.data.crew.unit[position, month], month] > 0 for month in months)

    @property
    def sound(self) -> bool:
        """Whether nobody was given away twice, fills two places of a mission or works more days than a month has."""
        in_time = (self.days <= self.data.demand.working_days).all()
        return bool(not self.split and (self.free >= 0).all() and in_time)

    def _months(self, row: int) -> range:
        item = self.data.demand.classes[self.data.demand.staff_class[row]]
        return range(item.first, item.last + 1)
