"""A lead for the planner's search: a plan and a bound from the core, where the core is the whole desk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Halt
from legation.planning.selection.choose import choose
from legation.planning.selection.desk import selection_of

__all__ = ["Lead", "lead_in"]

_LARGEST = 3_000
"""Items up to which pairwise values fit in memory as full matrices."""
_FEWEST = 50
"""Items below which the solver is quicker than any search."""
_SHARE = 0.6
"""Share of the time that a linear core may take; the rest is the solver's, which may prove more."""


@dataclass(frozen=True)
class Lead:
    """Slots of a good plan, sorted, its value, and a proven bound on every plan's."""

    slots: tuple[int, ...]
    value: float
    bound: float


def lead_in(
    data: PlanData,
    engine: Engine,
    *,
    seconds: float,
    seed: int,
    gap: float = 0.0,
    halt: Halt | None = None,
    told: Callable[[float], None] | None = None,
) -> Lead | None:
    """Search the core of a desk that is one: a month, no staff, budgets and rules between missions.

    Parameters
    ----------
    data, engine
        The desk, and the solver of the core's relaxation.
    seconds
        Limit on the whole search; the lead takes a part of it.
    seed
        Seed of the search.
    gap
        Relative gap at which it may end.
    halt
        Ends it when set.
    told
        Called with the value of every better plan.

    Returns
    -------
    Lead or None
        None for every other desk, and where no choice that keeps the rules is at hand.
    """
    began = time.monotonic()
    if data.horizon > 1 or not _FEWEST <= len(data.modes) <= _LARGEST:
        return None
    core = selection_of(data)
    if not core.exact or not (core.problem.pair.nnz or len(core.problem.limit) > 1):
        return None
    left = seconds * _SHARE - (time.monotonic() - began)
    found = choose(
        core.problem,
        engine,
        rng=np.random.default_rng(seed),
        seconds=left,
        gap=gap,
        halt=halt,
        told=None if told is None else lambda _, value: told(value),
    )
    if found is None:
        return None
    return Lead(tuple(core.slots(found.chosen)), found.value, found.bound)
