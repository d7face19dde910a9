"""What a set of slots is worth: the one definition that the model, the rankings, scores and explanations share.

V = sum over goals of their value + synergies - risk - adverse spill-over. A goal whose objectives add up gives
sum_k w_k phi(n_k), one that needs them all gives (sum_k w_k) min_k phi(n_k), one for which the best will do gives
(sum_k w_k) max_k phi(n_k); goals and objectives with children may nest these (see `legation.planning.goals`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import phi
from legation.planning.data import PlanData
from legation.planning.goals import spread

__all__ = ["Parts", "benefit_of", "parts_of", "value_of", "values_beside"]


@dataclass(frozen=True)
class Parts:
    """A plan's value and its parts; `n` and `worth` per objective, shape (K,)."""

    value: float
    benefit: float
    synergy: float
    risk: float
    spill: float
    n: NDArray[np.float64]
    worth: NDArray[np.float64]
    spill_by_actor: NDArray[np.float64]


def benefit_of(data: PlanData, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what each objective adds to the value; where the least or the best of several counts, the first such.

    Parameters
    ----------
    data
        The desk.
    n
        Net contributions, shape (K,), or (..., K) for several plans or scenarios at once.

    Returns
    -------
    ndarray of the same shape
        Its sum over the objectives is the benefit.
    """
    worth = phi(n, breakpoints=data.desk.info.settings.value_breakpoints)
    out: NDArray[np.float64] = data.options.weights * worth
    for goal in data.goals:
        if not goal.linear:
            spread(goal, worth, out=out)
    return out


def parts_of(data: PlanData, slots: Sequence[int], *, contributions: NDArray[np.float64] | None = None) -> Parts:
    """Give the value of a set of slots and its parts.

    Parameters
    ----------
    data
        The desk.
    slots
        Slot numbers, at most one per mission.
    contributions
        Contributions of these slots instead of the likely ones, shape (len(slots), K).
    """
    chosen = np.asarray(slots, np.int64)
    rows = data.contributions[chosen] if contributions is None else contributions
    n = rows.sum(axis=0) if len(chosen) else np.zeros(len(data.options.objectives))
    worth = benefit_of(data, n)
    synergy = _synergy(data, chosen) if data.bonuses else 0.0
    option = data.slots.option[chosen]
    risk = data.desk.info.settings.risk_weight * float(data.options.risk[option].sum())
    shift = data.spill.shift[option].sum(axis=0) if len(chosen) else np.zeros(len(data.spill.actors))
    by_actor = data.spill.weight * np.maximum(0.0, -shift)
    benefit, spill = float(worth.sum()), float(by_actor.sum())
    return Parts(benefit + synergy - risk - spill, benefit, synergy, risk, spill, n, worth, by_actor)


def _synergy(data: PlanData, chosen: NDArray[np.int64]) -> float:
    begins, missions, values = data.bonus_members
    present = np.zeros(len(data.missions), bool)
    present[data.slot_mission[chosen]] = True
    return float(values[np.logical_and.reduceat(present[missions], begins)].sum())


def values_beside(data: PlanData, slots: Sequence[int], others: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the value of a set of slots with each of some others beside it in turn, all at once.

    Parameters
    ----------
    data
        The desk.
    slots
        Slot numbers, at most one per mission.
    others
        Slots of further missions, shape (m,).

    Returns
    -------
    ndarray of shape (m,)
        As `value_of` gives it for the slots with each one.
    """
    parts = parts_of(data, slots)
    benefit = benefit_of(data, parts.n + data.contributions[others]).sum(axis=-1)
    synergy = np.full(len(data.missions), parts.synergy)
    if data.bonuses:
        begins, missions, values = data.bonus_members
        missing = np.ones(len(data.missions), bool)
        missing[data.slot_mission[np.asarray(slots, np.int64)]] = False
        # a synergy is gained by the one mission that it lacks
        lacks = np.add.reduceat(missing[missions].astype(np.int64), begins)
        sizes = np.diff(np.append(begins, len(missions)))
        one = np.repeat(lacks == 1, sizes) & missing[missions]
        np.add.at(synergy, missions[one], np.repeat(values, sizes)[one])
    option = data.slots.option[others]
    own = data.slots.option[np.asarray(slots, np.int64)]
    shift = data.spill.shift[own].sum(axis=0) + data.spill.shift[option]
    spill = np.maximum(0.0, -shift) @ data.spill.weight
    risk = parts.risk + data.desk.info.settings.risk_weight * data.options.risk[option]
    total: NDArray[np.float64] = benefit + synergy[data.mission_of[option]] - risk - spill
    return total


def value_of(data: PlanData, slots: Sequence[int]) -> float:
    """Give the value of a set of slots."""
    return parts_of(data, slots).value
