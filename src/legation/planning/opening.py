"""The first plan: one that is given, repaired where it breaks rules, or one by ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.draft import duties_done
from legation.planning.engines.base import Halt
from legation.planning.neighbourhood import Neighbourhoods
from legation.planning.progress import State
from legation.planning.rank import rank_by_ratio, with_duties

__all__ = ["Kept", "open_by_duties", "open_by_ranking", "open_from"]

_GAP = 1e-4
_RESCUE_SECONDS = 2.0
"""What an interrupt waits for at most: the plan of duties alone, where there is none yet."""


@dataclass(frozen=True)
class Kept:
    """What became of a plan that a search was to start from, as mission numbers.

    Attributes
    ----------
    whole
        Whether it kept all rules as it was.
    kept, moved, dropped
        Missions that stayed in mode and month, that stayed otherwise, and that had to leave before the search began.
    barred
        Of the moved and dropped, those whose own month is closed by a rule.
    added
        Missions that came in because they must be.
    """

    whole: bool
    kept: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    barred: tuple[int, ...] = ()
    added: tuple[int, ...] = ()


def open_from(state: State, data: PlanData, near: Neighbourhoods, slots: Sequence[int]) -> Kept:
    """Start from a plan: as it is where it keeps all rules, else from the best that its missions and duties allow."""
    wanted = np.unique(np.asarray(slots, np.int64))
    held = wanted[np.isin(wanted, state.model.slots)]
    if len(held) == len(wanted):
        state.within(*near.exactly(held), gap=_GAP, seconds=state.seconds * 0.2)
    mine = np.isin(data.slots.option[state.model.slots], data.slots.option[wanted])
    lost = np.isin(near.mission, np.setdiff1d(data.slot_mission[wanted], data.slot_mission[held]))
    duty = np.isin(near.mission, np.array(sorted(data.duties), np.int64))
    own = np.isin(state.model.slots, held)
    # first with every mission in its own month where that is open, then in any
    for open_slots in (own | (mine & lost) | duty, mine | duty):
        if state.x is None:
            state.within(*near.among(open_slots), gap=_GAP, seconds=state.seconds * 0.2)
    return _kept(state, data, wanted, barred=wanted[~np.isin(wanted, state.model.slots)])


def _kept(state: State, data: PlanData, wanted: NDArray[np.int64], *, barred: NDArray[np.int64]) -> Kept:
    before = {int(data.slot_mission[slot]): int(slot) for slot in wanted}
    chosen = [] if state.x is None else state.model.chosen(state.x).tolist()
    after = {int(data.slot_mission[slot]): int(slot) for slot in chosen}
    kept = tuple(sorted(m for m in before if after.get(m) == before[m]))
    moved = tuple(sorted(m for m in before if m in after and after[m] != before[m]))
    return Kept(
        whole=len(kept) == len(before) == len(after),
        kept=kept,
        moved=moved,
        dropped=tuple(sorted(before.keys() - after.keys())),
        barred=tuple(sorted({int(m) for m in data.slot_mission[barred]})),
        added=tuple(sorted(after.keys() - before.keys())),
    )


def open_by_ranking(state: State, data: PlanData, near: Neighbourhoods) -> None:
    """Start from what a staff would choose by value per cost, where that places all that must be in."""
    tally = rank_by_ratio(data)
    if duties_done(data, tally):
        state.within(*near.exactly(tally.slots), gap=_GAP, seconds=state.seconds * 0.5)


def open_by_duties(state: State, data: PlanData, near: Neighbourhoods) -> None:
    """Give the plan of duties alone to somebody who stops the search before its first plan."""
    tally = with_duties(data)
    if duties_done(data, tally):
        state.within(*near.exactly(tally.slots), gap=1.0, seconds=_RESCUE_SECONDS, halt=Halt())
