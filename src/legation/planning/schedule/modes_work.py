"""Which tasks lie between two others: their work, in whatever modes, has to be done in the time between the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Span", "order_between", "spans"]

_FEWEST = 3
"""Tasks between two others below which their order says as much as their work."""


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


def spans(order: NDArray[np.bool_]) -> list[Span]:
    """List the sets of tasks before a task, after it, and between two of them, where there are enough to matter."""
    out = []
    for task in range(len(order)):
        earlier, later = np.flatnonzero(order[:, task]), np.flatnonzero(order[task])
        if len(earlier) > 1:
            out.append(Span(None, task, tuple(earlier.tolist())))
        if len(later) > 1:
            out.append(Span(task, None, tuple(later.tolist())))
        for after in later.tolist():
            between = np.flatnonzero(order[task] & order[:, after])
            if len(between) >= _FEWEST:
                out.append(Span(task, after, tuple(between.tolist())))
    return out
