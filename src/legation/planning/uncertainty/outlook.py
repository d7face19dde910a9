"""One scenario: what missions would bring in it, laid over the desk's data so that all else stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import Bonus, PlanData
from legation.planning.value import Parts, parts_of

__all__ = ["Outlook", "likely_outlook", "outlook_parts", "with_outlook"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlook:
    """One scenario.

    Attributes
    ----------
    name
        What it is called: a number for a drawn one.
    delta
        What each option brings to each objective beyond the likely contribution, shape (n, K), in units of targets.
    bonuses
        Synergies with their value in this scenario.
    shift
        Spill-over of each option on each needed actor, shape (n, J).
    """

    name: str
    delta: NDArray[np.float64]
    bonuses: tuple[Bonus, ...]
    shift: NDArray[np.float64]


def likely_outlook(data: PlanData, *, name: str = "as judged") -> Outlook:
    """Give the scenario in which everything is as judged likely: the one that a plan is made for."""
    size = (len(data.options.missions), len(data.options.objectives))
    return Outlook(name=name, delta=np.zeros(size), bonuses=data.bonuses, shift=data.spill.shift)


def with_outlook(data: PlanData, outlook: Outlook) -> PlanData:
    """Give the desk's data as they would be in a scenario: rules, money and people stay."""
    return replace(
        data,
        contributions=data.contributions + outlook.delta[data.slots.option],
        bonuses=outlook.bonuses,
        spill=replace(data.spill, shift=outlook.shift),
    )


def outlook_parts(data: PlanData, outlook: Outlook, *, slots: Sequence[int]) -> Parts:
    """Give what a set of slots is worth in a scenario, without laying it over every slot."""
    chosen = np.asarray(slots, np.int64)
    rows = data.contributions[chosen] + outlook.delta[data.slots.option[chosen]]
    seen = replace(data, bonuses=outlook.bonuses, spill=replace(data.spill, shift=outlook.shift))
    return parts_of(seen, slots, contributions=rows)
