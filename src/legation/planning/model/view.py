"""The chosen slots and options with their columns: what every family of rows is written from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData

__all__ = ["View"]


class View:
    """The chosen slots and options, and their columns, by mission."""

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
        order = np.argsort(self.mission, kind="stable")
        offsets = np.searchsorted(self.mission[order], np.arange(len(data.missions) + 1))
        self._by_mission = [order[offsets[n] : offsets[n + 1]] for n in range(len(data.missions))]

    def of(self, mission: int) -> NDArray[np.int64]:
        """Give the columns of a mission."""
        return self._by_mission[mission]

    def done(self, missions: Sequence[int] | int) -> NDArray[np.int64]:
        """Give the columns that say whether one of these missions is done."""
        return self.z[np.isin(self.data.mission_of[self.options], missions)]

    def of_missions(self, missions: Sequence[int]) -> NDArray[np.int64]:
        """Give the columns of several missions."""
        parts = [self._by_mission[mission] for mission in missions]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)
