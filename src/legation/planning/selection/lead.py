"""A lead for the planner's search: a plan and a bound from the core, where the core is the whole desk."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Halt
from legation.planning.selection.choose import choose
from legation.planning.selection.desk import selection_of
from legation.planning.selection.problem import MOST_DENSE

__all__ = ["Lead", "lead_in"]

_FEWEST = 50
"""Items below which the solver is quicker than any search."""
_SHARE = 0.6
"""Share of the time that a core may take where the solver may prove more afterwards."""
_HARD = 800
"""Items times limits above which the solver seldom proves a linear core within a minute."""
_HARD_SHARE = 0.85
"""The same where it seldom does: children of good choices find more than its branches."""
_WHOLE = 0.95
"""The same where it may not: what is left goes into reading the plan back."""
_MOST_PAIRS = 2_000
"""Synergies above which the solver's linear relaxation takes longer and proves less than the core's own bound."""


@dataclass(frozen=True)
class Lead:
    """Slots of a good plan, sorted, its value, and a proven bound on every plan's.

    `whole` says that the solver could add nothing in reasonable time, so that the search may end here.
    """

    slots: tuple[int, ...]
    value: float
    bound: float
    whole: bool


def lead_in(
    data: PlanData,
    engine: Engine,
    *,
    seconds: float,
    seed: int,
    gap: float = 0.0,
    halt: Halt | None = None,
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

    Returns
    -------
    Lead or None
        None for every other desk, and where no choice that keeps the rules is at hand.
    """
    began = time.monotonic()
    if data.horizon > 1 or not _FEWEST <= len(data.modes) <= MOST_DENSE:
        return None
    core = selection_of(data)
    if not core.exact or not (core.problem.pair.nnz or len(core.problem.limit) > 1):
        return None
    whole = core.problem.pair.nnz > 2 * _MOST_PAIRS
    hard = core.problem.linear and not len(core.problem.room) and core.problem.use.size > _HARD
    share = _WHOLE if whole else _HARD_SHARE if hard else _SHARE
    left = seconds * share - (time.monotonic() - began)
    halt = halt or Halt()
    best: list[tuple[NDArray[np.bool_], float]] = []
    try:
        found = choose(
            core.problem,
            engine,
            rng=np.random.default_rng(seed),
            seconds=left,
            gap=gap,
            halt=halt,
            told=lambda chosen, value: best.append((chosen, value)),
        )
    except KeyboardInterrupt:
        # outside the engine's runs an interrupt arrives here: it ends the search with what was found
        halt.set()
        if not best:
            return None
        return Lead(tuple(core.slots(best[-1][0])), best[-1][1], np.inf, whole=False)
    if found is None:
        return None
    return Lead(tuple(core.slots(found.chosen)), found.value, found.bound, whole or found.proven)
