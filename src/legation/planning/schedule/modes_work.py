"""Which tasks lie between two others: their work, in whatever modes, has to be done in the time between the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Span", "order_between", "spans"]

_FEWEST = 3
"""Tasks between two others below which their order says as much as their work."""

_MOST = 200_000
"""Members of all sets together: 100 tasks have some 75,000, and take a second to write down."""


@dataclass(frozen=True)
class Span:
    """All tasks between two: `before` and `after` are None for the start and the end of the schedule."""

    before: int | None
    after: int | None
    tasks: tuple[int, ...]


def order_between(count: int, links: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Give which tasks come before which, directly or through others; shape (n, n), tasks in topological order."""
    order = np.zeros((count, count), bool)
    for before, after in sorted(links, key=lambda link: link[1]):
        order[:, after] |= order[:, before]
        order[before, after] = True
    return order


def spans(order: NDArray[np.bool_], *, most: int = _MOST) -> list[Span]:
    """List the sets of tasks before a task, after it, and between two of them, where there are enough to matter.

    Parameters
    ----------
    order
        Which tasks come before which; shape (n, n).
    most
        Members of all sets together above which those between two tasks, and then all, are left out.
    """
    out = []
    for task in range(len(order)):
        earlier, later = np.flatnonzero(order[:, task]), np.flatnonzero(order[task])
        if len(earlier) > 1:
            out.append(Span(None, task, tuple(earlier.tolist())))
        if len(later) > 1:
            out.append(Span(task, None, tuple(later.tolist())))
    left = most - sum(len(span.tasks) for span in out)
    if left < 0:
        return []
    # entry (i, j) counts the tasks between i and j
    counts = np.where(order, order.astype(np.int64) @ order.astype(np.int64), 0)
    counts[counts < _FEWEST] = 0
    if counts.sum() > left:
        return out
    for task, after in np.argwhere(counts).tolist():
        out.append(Span(task, after, tuple(np.flatnonzero(order[task] & order[:, after]).tolist())))
    return out
