"""Improve a plan of any desk by adds, drops and swaps of missions while its months and people stay feasible."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.engines.base import Halt
from legation.planning.rank import Tally
from legation.planning.selection.desk import DeskSelection, selection_of
from legation.planning.selection.walk import Walk
from legation.planning.value import value_of

__all__ = ["improve_selection"]

_SIDE = 60
_TRIES = 40
"""Moves that are tried on months and people before a plan counts as locally best."""
_BETTER = 1e-9


def improve_selection(
    data: PlanData, slots: list[int], *, seconds: float, rng: np.random.Generator, halt: Halt | None = None
) -> list[int]:
    """Give a plan at least as good as this one, with what kept the rules still keeping them.

    The core of the desk says which mission to add, drop or swap. Every change is then placed in months and staffed
    beside the rest of the plan, and taken where the plan's value rises, until none of the most promising ones does.
    Where the plan's people cannot be read back one by one in order of its missions, it is given back as it is.

    Parameters
    ----------
    data
        The desk.
    slots
        A plan that keeps all rules.
    seconds
        Limit on time.
    rng
        Source of chance, which breaks ties.
    halt
        Ends it when set.

    Returns
    -------
    list of int
        Slots, sorted.
    """
    deadline = time.monotonic() + seconds
    halt = halt or Halt()
    tally = _rebuilt(data, slots)
    core = selection_of(data)
    if tally is None or not core.problem.items:
        return sorted(slots)
    search = _Improve(data, core, tally, rng)
    while time.monotonic() < deadline and not halt.is_set():
        if not search.step(deadline, halt):
            break
    return sorted(search.tally.slots)


def _rebuilt(data: PlanData, slots: list[int]) -> Tally | None:
    """Place a plan's missions again, longest and earliest first; None where people do not fall into place."""
    tally = Tally(data)
    given = np.asarray(slots, np.int64)
    months = data.options.months[data.slots.option[given]]
    waiting = given[np.lexsort((given, -months))].tolist()
    placed = True
    while waiting and placed:
        placed = False
        for slot in list(waiting):
            staff = tally.fits(slot)
            if staff is not None:
                tally.add(slot, staff)
                waiting.remove(slot)
                placed = True
    return None if waiting else tally


class _Improve:
    """A plan with its tally, and the walk over its core."""

    def __init__(self, data: PlanData, core: DeskSelection, tally: Tally, rng: np.random.Generator) -> None:
        self.data, self.core, self.tally, self.rng = data, core, tally, rng
        self.walk = Walk(core.problem)
        self.value = value_of(data, tally.slots)
        held = {row.mission for row in data.requirements}
        held |= {mission for promise in data.promises for mission in promise.missions}
        mends = np.zeros(len(data.modes), bool)
        for cap in data.caps:
            mends |= cap.amount < 0
        # what must be in, what a promise counts on and what keeps a cap by mending stays
        self.stays = np.isin(core.problem.mission, sorted(held)) | mends[data.slots.option[core.slot]]

    def step(self, deadline: float, halt: Halt) -> bool:
        """Take the first move that makes the plan better; say whether there was one."""
        self.walk.reset(self._chosen())
        for leave, enter in self._moves():
            if time.monotonic() >= deadline or halt.is_set():
                return False
            if self._take(leave, enter):
                return True
        return False

    def _chosen(self) -> NDArray[np.bool_]:
        chosen = np.zeros(self.core.problem.items, bool)
        items = self.core.item_of[self.data.slots.option[self.tally.slots]]
        chosen[items[items >= 0]] = True
        return chosen

    def _moves(self) -> list[tuple[int, int]]:
        """Give adds, drops and swaps that the core finds better, best first; -1 stands for nobody."""
        walk = self.walk
        change = walk.changes()
        needed = {row.requires for row in self.data.sequels if row.mission in self.tally.by_mission}
        free = walk.chosen & ~self.stays & ~np.isin(self.core.problem.mission, sorted(needed))
        rate = change / self.core.problem.load
        inside = self._top(np.flatnonzero(free), rate)
        outside = self._top(np.flatnonzero(~walk.chosen), rate)
        found = [(float(change[item]), -1, item) for item in outside.tolist() if change[item] > _BETTER]
        found += [(float(change[item]), item, -1) for item in inside.tolist() if change[item] > _BETTER]
        if len(inside) and len(outside):
            leaves, enters = np.repeat(inside, len(outside)), np.tile(outside, len(inside))
            gains = walk.curve(leaves, enters)
            best = np.argsort(-gains, kind="stable")[: 4 * _TRIES]
            best = best[gains[best] > _BETTER]
            found += [(float(gains[n]), int(leaves[n]), int(enters[n])) for n in best.tolist()]
        found.sort(key=lambda move: (-move[0], move[1], move[2]))
        return [move[1:] for move in found[:_TRIES]]

    def _top(self, items: NDArray[np.int64], rate: NDArray[np.float64]) -> NDArray[np.int64]:
        shuffled = items[self.rng.permutation(len(items))]
        return shuffled[np.argsort(-rate[shuffled], kind="stable")[:_SIDE]]

    def _take(self, leave: int, enter: int) -> bool:
        """Make a move on the plan itself where it can be placed and the value rises."""
        data = self.data
        away = -1 if leave < 0 else int(self.core.problem.mission[leave])
        kept = [slot for slot in self.tally.slots if int(data.slot_mission[slot]) != away]
        option = -1 if enter < 0 else int(data.slots.option[self.core.slot[enter]])
        tally = self.tally
        if leave >= 0:
            tally = Tally(data)
            for slot in kept:
                tally.add(slot, self.tally.staff[slot])
        placed = tally.earliest(option) if option >= 0 else None
        if option >= 0 and placed is None:
            return False
        value = value_of(data, kept if placed is None else [*kept, placed[0]])
        if value <= self.value + _BETTER:
            return False
        if placed is not None:
            tally.add(*placed)
        self.tally, self.value = tally, value
        return True
