"""How much of a plan hangs on the judged effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.result import EffectSensitivity, Sensitivity
from legation.planning.value import parts_of

__all__ = ["decisive_effects", "sensitivities"]


def sensitivities(data: PlanData, slots: Sequence[int]) -> tuple[Sensitivity, ...]:
    """Say for each chosen mission how far its benefits may fall before the plan is no better with it than without."""
    likely, low, high = _rows(data, slots)
    out = []
    for place, slot in enumerate(slots):
        rest = [s for s in slots if s != slot]
        without = parts_of(data, rest).value
        mission = data.missions[data.slot_mission[slot]]
        values = []
        for bound in (low, high):
            changed = likely.copy()
            changed[place] = bound[place]
            values.append(parts_of(data, slots, contributions=changed).value)
        out.append(
            Sensitivity(
                mission=mission.id,
                title=mission.title,
                break_even=_break_even(data, slots, likely, place, without),
                value_at_low=values[0],
                value_at_high=values[1],
            )
        )
    return tuple(out)


def _rows(data: PlanData, slots: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    chosen = np.asarray(slots, np.int64)
    option = data.slots.option[chosen]
    low = data.options.contributions(option, bound="low")
    high = data.options.contributions(option, bound="high")
    return data.contributions[chosen], low, high


def _break_even(
    data: PlanData, slots: Sequence[int], likely: NDArray[np.float64], place: int, without: float
) -> float | None:
    gain = np.maximum(likely[place], 0.0)

    def value_at(share: float) -> float:
        changed = likely.copy()
        changed[place] = likely[place] - (1.0 - share) * gain
        return parts_of(data, slots, contributions=changed).value - without

    if value_at(1.0) < -1e-12:
        return None
    if value_at(0.0) >= 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if value_at(middle) >= 0 else (middle, high)
    return high


def decisive_effects(data: PlanData, slots: Sequence[int], *, most: int = 10) -> tuple[EffectSensitivity, ...]:
    """Give the effects whose low and high values move the plan's value most."""
    likely, low, high = _rows(data, slots)
    titles = {objective.id: objective.title for objective in data.desk.objectives}
    out = []
    for place, slot in enumerate(slots):
        mission = data.missions[data.slot_mission[slot]]
        for k in np.flatnonzero(low[place] != high[place]):
            values = []
            for bound in (low, high):
                changed = likely.copy()
                changed[place, k] = bound[place, k]
                values.append(parts_of(data, slots, contributions=changed).value)
            name = data.options.objectives[k]
            out.append(
                EffectSensitivity(
                    mission=mission.id,
                    title=mission.title,
                    objective=name,
                    objective_title=titles[name],
                    value_at_low=values[0],
                    value_at_high=values[1],
                )
            )
    out.sort(key=lambda row: (-abs(row.value_at_high - row.value_at_low), row.mission, row.objective))
    return tuple(out[:most])
