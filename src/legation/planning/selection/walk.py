"""A choice that changes item by item, with what every single change would bring kept up to date."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from legation.planning.selection.problem import SelectionProblem

__all__ = ["Walk"]


class Walk:
    """A choice and the value of every flip of one item.

    Attributes
    ----------
    chosen
        The choice, shape (n,).
    left
        What is left of each limit, shape (R,).
    room
        What is left of each rule, shape (L,).
    n
        Contributions in sum, shape (K,).
    value
        Value of the choice.
    """

    def __init__(self, problem: SelectionProblem, chosen: NDArray[np.bool_] | None = None) -> None:
        self.problem = problem
        self.pair = problem.dense_pair
        self._row_items = [problem.rules.indices[a:b] for a, b in _spans(problem.rules.indptr)]
        self._row_values = [problem.rules.data[a:b] for a, b in _spans(problem.rules.indptr)]
        by_item = problem.rules.tocsc()
        self._item_rows = [by_item.indices[a:b] for a, b in _spans(by_item.indptr)]
        self._item_values = [by_item.data[a:b] for a, b in _spans(by_item.indptr)]
        self._larger: defaultdict[int, list[int]] = defaultdict(list)
        for number, (missions, _) in enumerate(problem.larger):
            for mission in missions:
                self._larger[mission].append(number)
        self._items_of: defaultdict[int, list[int]] = defaultdict(list)
        for item, mission in enumerate(problem.mission.tolist()):
            self._items_of[mission].append(item)
        self.ruled = len(problem.room) > 0
        self.reset(np.zeros(problem.items, bool) if chosen is None else chosen)

    def reset(self, chosen: NDArray[np.bool_]) -> None:
        """Start again from a choice."""
        problem = self.problem
        self.chosen = chosen.copy()
        x = chosen.astype(float)
        self.left = problem.ceiling - problem.use @ x
        self.room = problem.room - problem.rules @ x
        self.n = x @ problem.effect
        self.pull = problem.gain + problem.pair @ x
        self.blocks = np.zeros(problem.items, np.int64)
        for row in range(len(self.room)):
            self._block(row, 1)
        self.present: defaultdict[int, int] = defaultdict(int)
        for mission in problem.mission[chosen].tolist():
            self.present[mission] += 1
        for number in range(len(problem.larger)):
            self._reward(number, 1.0)
        self.value = problem.value(chosen)

    def changes(self) -> NDArray[np.float64]:
        """Give what flipping each item would add to the value, shape (n,)."""
        sign = np.where(self.chosen, -1.0, 1.0)
        out: NDArray[np.float64] = sign * self.pull
        if len(self.problem.pieces.begins):
            pieces = self.problem.pieces
            out = out + pieces.value(self.n + sign[:, None] * self.problem.effect) - pieces.value(self.n)
        return out

    def curve(self, leaves: NDArray[np.int64], enters: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give what swaps add to the value exactly, one for each pair of `leaves` and `enters`."""
        problem = self.problem
        out: NDArray[np.float64] = self.pull[enters] - self.pull[leaves] - self._together(leaves, enters)
        if len(problem.pieces.begins):
            after = self.n + problem.effect[enters] - problem.effect[leaves]
            out = out + problem.pieces.value(after) - problem.pieces.value(self.n)
        return out

    def pairs(self, leaves: NDArray[np.int64], enters: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """Give the pairwise values of every item of `leaves` with every one of `enters`; None where all are 0."""
        if not self.problem.pair.nnz:
            return None
        if self.pair is not None:
            dense: NDArray[np.float64] = self.pair[leaves[:, None], enters]
            return dense
        found: NDArray[np.float64] = self.problem.pair[leaves][:, enters].toarray()
        return found

    def addable(self) -> NDArray[np.bool_]:
        """Say which items that are out could come in by themselves, shape (n,)."""
        fits: NDArray[np.bool_] = ~self.chosen & (self.blocks == 0)
        fits &= (self.problem.use <= self.left[:, None]).all(axis=0)
        return fits

    def droppable(self) -> NDArray[np.bool_]:
        """Say which items that are in could leave by themselves, shape (n,)."""
        free: NDArray[np.bool_] = self.chosen & (self.blocks == 0)
        return free

    def can_swap(self, leave: int, enter: int) -> bool:
        """Say whether the rules (not the limits) allow one item to leave and another to come in."""
        if not self.ruled:
            return True
        after: dict[int, float] = {}
        for item, sign in ((leave, 1.0), (enter, -1.0)):
            for row, value in zip(self._item_rows[item].tolist(), self._item_values[item].tolist(), strict=True):
                after[row] = after.get(row, float(self.room[row])) + sign * value
        return all(room >= -0.5 for room in after.values())

    def flip(self, item: int) -> None:
        """Flip an item and keep everything up to date; the caller has asked whether it may."""
        problem = self.problem
        comes = not self.chosen[item]
        sign = 1.0 if comes else -1.0
        before = problem.pieces.value(self.n) if len(problem.pieces.begins) else 0.0
        self.value += sign * float(self.pull[item])
        rows = self._item_rows[item].tolist() if self.ruled else ()
        for row in rows:
            self._block(row, -1)
        mission = int(problem.mission[item])
        touched = self._larger.get(mission, ())
        for number in touched:
            self._reward(number, -1.0)
        self.chosen[item] = comes
        self.present[mission] += 1 if comes else -1
        for number in touched:
            self._reward(number, 1.0)
        self.left -= sign * problem.use[:, item]
        if self.pair is not None:
            self.pull += sign * self.pair[item]
        elif problem.pair.nnz:
            begin, end = problem.pair.indptr[item : item + 2]
            self.pull[problem.pair.indices[begin:end]] += sign * problem.pair.data[begin:end]
        self.n += sign * problem.effect[item]
        for row, value in zip(rows, self._item_values[item].tolist() if self.ruled else (), strict=True):
            self.room[row] -= round(sign * value)
        for row in rows:
            self._block(row, 1)
        if len(problem.pieces.begins):
            self.value += float(problem.pieces.value(self.n) - before)

    def _together(self, leaves: NDArray[np.int64], enters: NDArray[np.int64]) -> NDArray[np.float64]:
        if not self.problem.pair.nnz:
            return np.zeros(len(leaves))
        if self.pair is not None:
            found: NDArray[np.float64] = self.pair[leaves, enters]
            return found
        return np.asarray(self.problem.pair[leaves, enters]).ravel()

    def _block(self, row: int, sign: int) -> None:
        """Count, or take back, the flips that a rule forbids now."""
        items, values = self._row_items[row], self._row_values[row]
        step = np.where(self.chosen[items], -values, values)
        self.blocks[items[(step > 0) & (self.room[row] - step < -0.5)]] += sign

    def _reward(self, number: int, sign: float) -> None:
        """Count, or take back, what a larger synergy adds to the flips of its items."""
        missions, value = self.problem.larger[number]
        missing = [mission for mission in missions if not self.present[mission]]
        if not missing:
            concerned = list(missions)
        elif len(missing) == 1:
            concerned = missing
        else:
            return
        for mission in concerned:
            # a mission stands once: with it in, its own items lose the bonus by leaving
            items = self._items_of[mission]
            own = items if missing else [item for item in items if self.chosen[item]]
            self.pull[own] += sign * value


def _spans(indptr: NDArray[np.int64]) -> list[tuple[int, int]]:
    return list(zip(indptr[:-1].tolist(), indptr[1:].tolist(), strict=True))
