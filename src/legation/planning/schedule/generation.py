"""Schedule generation for many task lists at once: each task as early as its predecessors and the capacities allow.

Capacities are packed side by side into 64-bit words with a guard bit above each, so that one subtraction tests them
all: the guards stay set where everything fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

__all__ = ["Plain", "Stage", "justified", "order_of", "serial"]

_WORD = 62
"""Bits used of a signed 64-bit word, with room for the subtraction."""

_SIGHT = 64
"""Cells looked at in one step: as many as a word has bits, more where tasks are long."""


@dataclass(frozen=True, eq=False)
class Plain:
    """Required tasks under constant capacities: what list heuristics and many bounds work on.

    Attributes
    ----------
    duration
        Of each task in each mode, shape (n, M), tasks in topological order; modes beyond a task's own repeat its last.
    demand
        Units of each renewable resource, shape (n, M, K).
    capacity
        Length K.
    use, stock
        What modes use up of each non-renewable resource, shape (n, M, N), and what there is, length N.
    modes
        How many modes each task has, length n.
    lags
        Rows ``(before, after, lag)``: after starts at least `lag` after before ends; lags are not negative.
    """

    duration: NDArray[np.int64]
    demand: NDArray[np.int64]
    capacity: NDArray[np.int64]
    use: NDArray[np.int64]
    stock: NDArray[np.int64]
    modes: NDArray[np.int64]
    lags: tuple[tuple[int, int, int], ...]

    @property
    def count(self) -> int:
        """Number of tasks."""
        return len(self.duration)

    @property
    def longest(self) -> int:
        """The longest duration of any mode, at least 1."""
        return max(1, int(self.duration.max(initial=1)))

    def mirrored(self) -> Plain:
        """Give the problem with time running backwards; task i becomes n - 1 - i."""
        last = self.count - 1
        return Plain(
            duration=self.duration[::-1].copy(),
            demand=self.demand[::-1].copy(),
            capacity=self.capacity,
            use=self.use[::-1].copy(),
            stock=self.stock,
            modes=self.modes[::-1].copy(),
            lags=tuple((last - after, last - before, lag) for before, after, lag in self.lags),
        )


class Stage:
    """The arrays that generating schedules of one problem needs, made once."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        fields = _fields(plain.capacity)
        words = max((word for word, _ in fields), default=0) + 1
        self.demand = [np.zeros(plain.duration.shape, np.int64) for _ in range(words)]
        self.guard = [0] * words
        self.full = [0] * words
        for column, (word, shift) in enumerate(fields):
            bits = int(plain.capacity[column]).bit_length()
            self.guard[word] |= 1 << (shift + bits)
            self.full[word] |= (1 << (shift + bits)) | (int(plain.capacity[column]) << shift)
            self.demand[word] |= plain.demand[:, :, column] << shift
        self.too_much = (plain.demand > plain.capacity).any(axis=2) & (plain.duration > 0)
        steps = np.arange(plain.longest) < plain.duration[:, :, None]
        self.block = [demand[:, :, None] * steps for demand in self.demand]
        self.sight = _SIGHT if plain.longest <= _SIGHT // 2 else 2 * plain.longest
        before: list[list[tuple[int, int]]] = [[] for _ in range(plain.count)]
        for first, then, lag in plain.lags:
            before[then].append((first, lag))
        width = max((len(rows) for rows in before), default=0) or 1
        # task n is a stand-in that ended at time 0
        self.before = np.full((plain.count, width), plain.count, np.int64)
        self.lag = np.zeros((plain.count, width), np.int64)
        for task, rows in enumerate(before):
            for column, (first, lag) in enumerate(rows):
                self.before[task, column], self.lag[task, column] = first, lag
        total = int(plain.duration.max(axis=1, initial=0).sum()) + sum(lag for _, _, lag in plain.lags)
        self.horizon = total + plain.longest + 1


def _fields(capacity: Sequence[int] | NDArray[np.int64]) -> list[tuple[int, int]]:
    out, word, shift = [], 0, 0
    for units in capacity:
        width = int(units).bit_length() + 1
        if shift + width > _WORD:
            word, shift = word + 1, 0
        out.append((word, shift))
        shift += width
    return out


@dataclass(frozen=True, eq=False)
class _Board:
    """What is free at each time, one row of cells for each list, seen through windows that begin at every cell.

    Windows of `sight` are for looking, those of `span`, as wide as the longest task, for taking.
    """

    sight: tuple[NDArray[np.int64], ...]
    span: tuple[NDArray[np.int64], ...]
    base: NDArray[np.int64]


def _board(stage: Stage, rows: int, *, horizon: int) -> _Board:
    longest = stage.plain.longest
    # the cells behind the horizon are never taken, and no window reaches from there into the next row
    width = horizon + longest + stage.sight
    cells = [np.full(rows * width + stage.sight, full, np.int64) for full in stage.full]
    return _Board(
        sight=tuple(sliding_window_view(own, stage.sight) for own in cells),
        span=tuple(sliding_window_view(own, longest, writeable=True) for own in cells),
        base=np.arange(rows, dtype=np.int64) * width,
    )


def serial(
    stage: Stage,
    order: NDArray[np.int64],
    modes: NDArray[np.int64],
    *,
    horizon: int | None = None,
    choose: bool = False,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Place the tasks of each list one by one at their earliest time.

    Parameters
    ----------
    stage
        The problem; no mode in use may need more than a capacity.
    order
        Task lists, shape (B, n), predecessors first.
    modes
        The mode of each task, shape (B, n).
    horizon
        Time within which all schedules are sure to end; the sum of all durations when left out.
    choose
        Whether a task takes the mode that ends first, as far as the stocks allow with the others' modes as given.

    Returns
    -------
    Starts and modes, each of shape (B, n).
    """
    plain, (rows, count) = stage.plain, order.shape
    board = _board(stage, rows, horizon=stage.horizon if horizon is None else horizon)
    lines = np.arange(rows)
    ends = np.zeros((rows, count + 1), np.int64)
    modes = modes.copy()
    spent = plain.use[np.arange(count), modes].sum(axis=1) if choose else None
    for task in np.ascontiguousarray(order.T):
        earliest = (ends[lines[:, None], stage.before[task]] + stage.lag[task]).max(axis=1)
        mode = modes[lines, task]
        start = _first_fit(stage, board, earliest, task, mode)
        if spent is not None:
            start, mode = _quickest(stage, board, earliest, task=task, mode=mode, start=start, spent=spent)
            modes[lines, task] = mode
        ends[lines, task] = start + plain.duration[task, mode]
        for block, windows in zip(stage.block, board.span, strict=True):
            windows[board.base + start] -= block[task, mode]
    own = plain.duration[np.arange(count), modes]
    return ends[:, :count] - own, modes


def _quickest(
    stage: Stage,
    board: _Board,
    earliest: NDArray[np.int64],
    *,
    task: NDArray[np.int64],
    mode: NDArray[np.int64],
    start: NDArray[np.int64],
    spent: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the start and mode that end first among those the stocks allow; `spent` is kept up to date."""
    plain = stage.plain
    best, best_mode, best_end = start, mode, start + plain.duration[task, mode]
    for number in range(plain.duration.shape[1]):
        other = np.full_like(mode, number)
        change = plain.use[task, other] - plain.use[task, mode]
        allowed = (number < plain.modes[task]) & ((spent + change <= plain.stock) | (change <= 0)).all(axis=1)
        allowed &= ~stage.too_much[task, other] & (other != mode)
        rows = np.flatnonzero(allowed)
        if not rows.size:
            continue
        part = _Board(board.sight, board.span, board.base[rows])
        begin = _first_fit(stage, part, earliest[rows], task[rows], other[rows])
        end = begin + plain.duration[task[rows], number]
        better = rows[end < best_end[rows]]
        at = end < best_end[rows]
        best, best_mode, best_end = best.copy(), best_mode.copy(), best_end.copy()
        best[better], best_mode[better], best_end[better] = begin[at], number, end[at]
    spent += plain.use[task, best_mode] - plain.use[task, mode]
    return best, best_mode


def _first_fit(
    stage: Stage, board: _Board, earliest: NDArray[np.int64], task: NDArray[np.int64], mode: NDArray[np.int64]
) -> NDArray[np.int64]:
    duration = stage.plain.duration[task, mode]
    start = earliest.copy()
    left = np.flatnonzero(duration > 0)
    while left.size:
        lasting = duration[left]
        free = _free(stage, board, board.base[left] + start[left], task[left], mode[left])
        offset, found = _first_run(free, lasting)
        # no start seen as far as its end is fits
        start[left] += np.where(found, offset, stage.sight - lasting + 1)
        left = left[~found]
    return start


def _free(
    stage: Stage, board: _Board, at: NDArray[np.int64], task: NDArray[np.int64], mode: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say for each cell in sight whether the task could run then."""
    parts = []
    for windows, demand, guard in zip(board.sight, stage.demand, stage.guard, strict=True):
        left = windows[at]
        left -= demand[task, mode][:, None]
        left &= guard
        parts.append(left == guard)
    free: NDArray[np.bool_] = parts[0]
    for other in parts[1:]:
        free &= other
    return free


def _first_run(free: NDArray[np.bool_], lasting: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Say where the first run of so many free cells begins, and whether there is one."""
    if free.shape[1] > _SIGHT:
        steps = np.arange(free.shape[1])
        last = np.maximum.accumulate(np.where(free, -1, steps), axis=1)
        long = steps - last >= lasting[:, None]
        end = long.argmax(axis=1)
        return end - lasting + 1, long[np.arange(len(end)), end]
    bits = np.packbits(free, axis=1, bitorder="little").view("<u8")[:, 0]
    # the bits of runs[p] begin runs of 2 ** p cells; two that overlap make any length
    runs = [bits]
    power = np.frexp(lasting)[1] - 1
    for step in range(int(power.max())):
        runs.append(runs[-1] & (runs[-1] >> np.uint64(1 << step)))
    half = np.array(runs)[power, np.arange(len(bits))]
    run = half & (half >> (lasting - (1 << power)).astype(np.uint64))
    lowest = run & (~run + np.uint64(1))
    return np.frexp(lowest.astype(float))[1].astype(np.int64) - 1, run != 0


def order_of(keys: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the lists in which smaller keys come first, equal ones in topological order; shape (B, n)."""
    return np.argsort(keys, axis=1, kind="stable")


def justified(
    forward: Stage, backward: Stage, starts: NDArray[np.int64], modes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Shift all tasks to the right, latest end first, then back to the left (double justification).

    Returns
    -------
    The new starts, shape (B, n), none later in makespan than before; and the makespans, length B.
    """
    duration = forward.plain.duration[np.arange(forward.plain.count), modes]
    horizon = int((starts + duration).max(initial=1))
    turned = np.ascontiguousarray(modes[:, ::-1])
    ends = (starts + duration)[:, ::-1]
    mirrored, _ = serial(backward, order_of(-ends), turned, horizon=horizon)
    right = -(mirrored + duration[:, ::-1])[:, ::-1]
    left, _ = serial(forward, order_of(right), modes, horizon=horizon)
    return left, (left + duration).max(axis=1, initial=0)
