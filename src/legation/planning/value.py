"""What a set of slots is worth: the one definition that the model, the rankings, scores and explanations share.

V = sum over goals of their objectives' value + synergies - risk - adverse spill-over, where a goal that combines by
sum gives sum_k w_k phi(n_k) and one that combines by minimum gives (sum_k w_k) min_k phi(n_k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import phi
from legation.planning.data import PlanData

__all__ = ["Parts", "benefit_of", "minimum_goals", "parts_of", "value_of"]


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


def minimum_goals(data: PlanData) -> tuple[tuple[int, NDArray[np.int64]], ...]:
    """Give each goal that combines by minimum, with its objectives of positive weight."""
    out = []
    for number, goal in enumerate(data.desk.goals):
        own = np.flatnonzero((data.options.goal_of == number) & (data.options.weights > 0))
        if goal.combine == "min" and len(own):
            out.append((number, own))
    return tuple(out)


def benefit_of(data: PlanData, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what each objective adds to the value; a goal by minimum stands at its first weakest objective.

    Parameters
    ----------
    data
        The desk.
    n
        Net contributions, shape (K,).
    """
    worth = phi(n, breakpoints=data.desk.info.settings.value_breakpoints)
    out: NDArray[np.float64] = data.options.weights * worth
    for _, own in minimum_goals(data):
        share = data.options.weights[own].sum()
        weakest = own[int(np.argmin(worth[own]))]
        out[own] = 0.0
        out[weakest] = share * worth[weakest]
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
    present = set(data.slot_mission[chosen].tolist())
    synergy = sum(bonus.value for bonus in data.bonuses if present.issuperset(bonus.missions))
    option = data.slots.option[chosen]
    risk = data.desk.info.settings.risk_weight * float(data.options.risk[option].sum())
    shift = data.spill.shift[option].sum(axis=0) if len(chosen) else np.zeros(len(data.spill.actors))
    by_actor = data.spill.weight * np.maximum(0.0, -shift)
    benefit, spill = float(worth.sum()), float(by_actor.sum())
    return Parts(benefit + synergy - risk - spill, benefit, float(synergy), risk, spill, n, worth, by_actor)


def value_of(data: PlanData, slots: Sequence[int]) -> float:
    """Give the value of a set of slots."""
    return parts_of(data, slots).value
