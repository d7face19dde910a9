"""Lower bounds of the makespan that need no search: longest path, work against capacity, and sets of tasks at once.

The last one is Mingozzi's relaxation (Mingozzi, Maniezzo, Ricciardelli, Bianco 1998, Management Science 44): tasks may
be interrupted, and order only says which tasks cannot run at once. Its prices are scaled so that they prove the bound
whatever the solver's tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from legation.planning.schedule.generation import Plain

__all__ = ["clash_cliques", "path_bound", "set_bound", "work_bound"]

_MOST_STEPS = 200_000
"""Steps of counting sets of tasks that can run at once; where more are needed the bound is left out."""


def path_bound(plain: Plain) -> int:
    """Give the longest path of shortest modes."""
    ends = plain.duration.min(axis=1).astype(np.int64)
    least = ends.copy()
    for before, after, lag in sorted(plain.lags, key=lambda row: row[1]):
        ends[after] = max(ends[after], ends[before] + lag + least[after])
    return int(ends.max(initial=0))


def work_bound(plain: Plain) -> int:
    """Give the most that any capacity has to do, with each task in its lightest mode."""
    work = (plain.demand * plain.duration[:, :, None]).min(axis=1, initial=2**60).sum(axis=0)
    short = plain.capacity > 0
    return max(
        (math.ceil(total / units) for total, units in zip(work[short], plain.capacity[short], strict=True)), default=0
    )


def _apart(plain: Plain) -> NDArray[np.bool_]:
    """Say which pairs can never run at once, by order or by capacity in every pair of modes; shape (n, n)."""
    order = np.zeros((plain.count, plain.count), bool)
    for before, after, _ in sorted(plain.lags, key=lambda row: row[1]):
        order[:, after] |= order[:, before]
        order[before, after] = True
    least = plain.demand.min(axis=1, initial=2**60)
    crowded = ((least[:, None, :] + least[None, :, :]) > plain.capacity).any(axis=2)
    apart: NDArray[np.bool_] = order | order.T | crowded
    np.fill_diagonal(apart, val=False)
    return apart


def clash_cliques(plain: Plain) -> tuple[tuple[int, ...], ...]:
    """Give sets of lasting tasks of which no two can run at once, so that every such pair is in one.

    Pairs that only their order keeps apart need no set, but help to make sets larger.
    """
    apart = _apart(plain)
    lasting = plain.duration.min(axis=1) > 0
    least = plain.demand.min(axis=1, initial=2**60)
    crowded = ((least[:, None, :] + least[None, :, :]) > plain.capacity).any(axis=2)
    open_pairs = {(i, j) for i, j in zip(*np.nonzero(np.triu(crowded, 1)), strict=True) if lasting[i] and lasting[j]}
    out = []
    for i, j in sorted(open_pairs):
        if (i, j) not in open_pairs:
            continue
        clique = [int(i), int(j)]
        near = apart[i] & apart[j] & lasting
        while near.any():
            candidates = np.flatnonzero(near)
            new = [sum((min(k, v), max(k, v)) in open_pairs for k in clique) for v in candidates]
            wide = apart[candidates][:, candidates].sum(axis=1)
            at = int(np.lexsort((wide, np.array(new)))[-1])
            clique.append(int(candidates[at]))
            near &= apart[candidates[at]]
        open_pairs -= {(a, b) for a in clique for b in clique}
        out.append(tuple(sorted(clique)))
    return tuple(out)


def set_bound(plain: Plain) -> int:
    """Give the least time in which tasks could be done if they may be interrupted; 0 where that is too much to count.

    Only for problems of one mode.
    """
    if plain.duration.shape[1] > 1:
        return 0
    tasks = np.flatnonzero(plain.duration[:, 0] > 0)
    sets = _together(plain, tasks)
    if sets is None or not sets:
        return 0
    from scipy import sparse
    from scipy.optimize import linprog

    at = {int(task): row for row, task in enumerate(tasks)}
    rows = [at[task] for own in sets for task in own]
    columns = [column for column, own in enumerate(sets) for _ in own]
    cover = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(tasks), len(sets)))
    duration = plain.duration[tasks, 0].astype(float)
    answer = linprog(np.ones(len(sets)), A_ub=-cover, b_ub=-duration, method="highs")
    if answer.status != 0:
        return 0
    prices = np.maximum(0.0, -answer.ineqlin.marginals)
    worst = float((cover.T @ prices).max(initial=0.0))
    return math.ceil(float(prices @ duration) / max(worst, 1e-12) - 1e-6) if worst > 0 else 0


def _together(plain: Plain, tasks: NDArray[np.int64]) -> list[Sequence[int]] | None:
    """List the largest sets of tasks that can run at once, or None where there are too many.

    Sets of tasks and packed capacities are whole numbers of any length, so that a step is a few operations.
    """
    guard, room, demand = _packed(plain)
    beside = [0] * plain.count
    for task, row in enumerate(~_apart(plain)):
        beside[task] = sum(1 << int(other) for other in tasks if row[other] and other != task)
    out: list[Sequence[int]] = []
    steps = count(1)

    def grow(own: tuple[int, ...], near: int, later: int, free: int) -> bool:
        if next(steps) > _MOST_STEPS:
            return False
        fits = sum(1 << task for task in _members(near) if ((free - demand[task]) & guard) == guard)
        if not fits:
            out.append(own)
            return True
        go_on = fits & later
        for task in _members(go_on):
            go_on &= ~(1 << task)
            if not grow((*own, task), fits & beside[task], go_on & beside[task], free - demand[task]):
                return False
        return True

    near = sum(1 << int(task) for task in tasks)
    return out if grow((), near, near, room) else None


def _members(chosen: int) -> list[int]:
    out = []
    while chosen:
        lowest = chosen & -chosen
        out.append(lowest.bit_length() - 1)
        chosen ^= lowest
    return out


def _packed(plain: Plain) -> tuple[int, int, list[int]]:
    """Give guards, capacities and demands side by side: a guard falls where a demand is more than what is free."""
    guard = room = shift = 0
    demand = [0] * plain.count
    for column, units in enumerate(plain.capacity.tolist()):
        bits = max(units, int(plain.demand[:, 0, column].max(initial=0))).bit_length()
        guard |= 1 << (shift + bits)
        room |= (1 << (shift + bits)) | (units << shift)
        for task in range(plain.count):
            demand[task] |= int(plain.demand[task, 0, column]) << shift
        shift += bits + 1
    return guard, room, demand
