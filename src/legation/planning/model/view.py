"""The chosen slots and options with their columns: what every family of rows is written from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData

__all__ = ["View", "distinct", "expand"]


def expand(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give every number from `first` to `last`, both included, of each span: the span's index and the number.

    >>> expand(np.array([3, 7]), np.array([4, 7]))
    (array([0, 0, 1]), array([3, 4, 7]))
    """
    counts = np.maximum(last - first + 1, 0)
    index = np.repeat(np.arange(len(first)), counts)
    number = np.arange(len(index))
    number += np.repeat(first - (np.cumsum(counts) - counts), counts)
    return index, number


def distinct(values: NDArray[np.integer], *, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the different ones among numbers from 0 below `count`, sorted, and how many of them lie below each number.

    Where the numbers are few this is several times faster than sorting or hashing them.

    >>> distinct(np.array([3, 1, 3]), count=5)
    (array([1, 3]), array([0, 0, 1, 1, 2, 2]))
    """
    present = np.zeros(count, bool)
    present[values] = True
    below = np.zeros(count + 1, np.int64)
    np.cumsum(present, out=below[1:])
    return np.flatnonzero(present), below


class View:
    """The chosen slots and options, and their columns, by mission.

    Attributes
    ----------
    slots, mission, option, start, end
        Each column's slot, mission, option, first month and the month after its last.
    options, mission_of_option, line
        The options in use, their missions, and the place of each column's option among them.
    x, z
        Columns of the slots and of the options.
    """

    def __init__(
        self,
        data: PlanData,
        slots: NDArray[np.int64],
        x: NDArray[np.int64],
        options: NDArray[np.int64],
        z: NDArray[np.int64],
    ) -> None:
        self.data, self.slots, self.x, self.options, self.z = data, slots, x, options, z
        self.mission = data.slot_mission[slots]
        self.option = data.slots.option[slots]
        self.start = data.slots.start[slots]
        self.end = self.start + data.options.months[self.option]
        self.line = distinct(options, count=len(data.mission_of))[1][self.option]
        self.mission_of_option = data.mission_of[options]
        self._slots = _Groups(self.mission, len(data.missions))
        self._options = _Groups(self.mission_of_option, len(data.missions))

    def of(self, mission: int) -> NDArray[np.int64]:
        """Give the columns of a mission."""
        return self._slots[mission]

    def done(self, missions: Sequence[int] | int) -> NDArray[np.int64]:
        """Give the columns that say whether one of these missions is done."""
        if isinstance(missions, int | np.integer):
            return self.z[self._options[int(missions)]]
        parts = [self._options[mission] for mission in sorted(set(missions))]
        return self.z[np.sort(np.concatenate(parts))] if parts else np.empty(0, np.int64)

    def done_each(self, missions: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the columns that say whether each mission is done: the mission's index among them, the column."""
        own = self._options
        index, place = expand(own.offsets[missions], own.offsets[missions + 1] - 1)
        return index, self.z[own.order[place]]

    def of_each(self, missions: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the columns of each mission: the mission's index among them, the column."""
        own = self._slots
        index, place = expand(own.offsets[missions], own.offsets[missions + 1] - 1)
        return index, own.order[place]

    def of_options(self, options: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the columns of several options, sorted."""
        lines = np.searchsorted(self.options, np.intersect1d(options, self.options))
        first, last = np.searchsorted(self.line, lines), np.searchsorted(self.line, lines, side="right") - 1
        return expand(first, last)[1]

    def of_missions(self, missions: Sequence[int]) -> NDArray[np.int64]:
        """Give the columns of several missions."""
        parts = [self._slots[mission] for mission in missions]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)


class _Groups:
    """Numbers 0 ... n - 1 by the group that each belongs to."""

    def __init__(self, group: NDArray[np.int64], count: int) -> None:
        self.order = np.argsort(group, kind="stable")
        self.offsets = np.searchsorted(group[self.order], np.arange(count + 1))

    def __getitem__(self, number: int) -> NDArray[np.int64]:
        return self.order[self.offsets[number] : self.offsets[number + 1]]
