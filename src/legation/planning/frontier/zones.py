"""The part of the space of aims that may still hold a nondominated point, as boxes open to above.

All aims are maximised. With points N found so far, whatever N does not weakly dominate lies strictly above one of the
*corners*, the local bounds of N; a box is what lies above a corner. The corners are kept without redundancy as points
come in (Klamroth, Lacour and Vanderpooten 2015), points that tie in an aim included. What a solve proved about the
room above its floors is kept too, and closes every box that lies in it (Tamby and Vanderpooten 2021).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Zones"]

_ROOM = 256
"""Rows that a table grows by at least."""


class _Caps:
    """What was proven: no feasible point with at least these floors in all other aims has more than a bound in one."""

    def __init__(self, aims: int) -> None:
        self.floors, self.bounds, self.count = np.empty((_ROOM, aims)), np.empty(_ROOM), 0

    def add(self, floors: NDArray[np.float64], bound: float) -> None:
        if self.count == len(self.bounds):
            self.floors = np.concatenate([self.floors, np.empty_like(self.floors)])
            self.bounds = np.concatenate([self.bounds, np.empty_like(self.bounds)])
        self.floors[self.count], self.bounds[self.count] = floors, bound
        self.count += 1

    def top(self, corners: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the least bound that holds above each corner, shape (m,)."""
        out = np.full(len(corners), np.inf)
        for row, corner in enumerate(corners):
            within = np.all(self.floors[: self.count] <= corner, axis=1)
            out[row] = np.min(self.bounds[: self.count], initial=np.inf, where=within)
        return out


class Zones:
    """Boxes still to be searched.

    Parameters
    ----------
    aims
        Number of aims p.
    thin
        A box no deeper than this in an aim is closed, shape (p,): below the aim's step.

    Attributes
    ----------
    corners
        Lower corners of the boxes, -inf where nothing bounds them, shape (m, p); a box is open at its corner.
    tops
        Proven upper bounds on every feasible point in each box, inf where none is known, shape (m, p).
    """

    def __init__(self, aims: int, *, thin: NDArray[np.float64]) -> None:
        self.thin = thin
        self.corners = np.full((1, aims), -np.inf)
        self.tops = np.full((1, aims), np.inf)
        self._caps = tuple(_Caps(aims) for _ in range(aims))

    def __len__(self) -> int:
        """Count the boxes."""
        return len(self.corners)

    def insert(self, point: NDArray[np.float64]) -> None:
        """Take out what the point weakly dominates.

        Parameters
        ----------
        point
            Its aims, shape (p,).
        """
        inside = np.all(self.corners < point, axis=1)
        if not inside.any():
            return
        parents, tops = self.corners[inside], self.tops[inside]
        corners, all_tops = [self.corners[~inside]], [self.tops[~inside]]
        for aim in range(len(point)):
            children = parents.copy()
            children[:, aim] = point[aim]
            lean = _lean(children, corners[0][corners[0][:, aim] == point[aim]])
            children, own = children[lean], tops[lean]
            for other, caps in enumerate(self._caps):
                own[:, other] = np.minimum(own[:, other], caps.top(children))
            room = np.all(own > children + self.thin, axis=1)
            corners.append(children[room])
            all_tops.append(own[room])
        self.corners, self.tops = np.concatenate(corners), np.concatenate(all_tops)

    def cap(self, floors: NDArray[np.float64], *, aim: int, bound: float) -> None:
        """Note that no feasible point strictly above the floors in all other aims has more than `bound` in this one.

        Parameters
        ----------
        floors
            Shape (p,); that of the aim itself is not read.
        """
        loose = floors.copy()
        loose[aim] = -np.inf
        self._caps[aim].add(loose, bound)
        above = np.all(self.corners >= loose, axis=1)
        self.tops[above, aim] = np.minimum(self.tops[above, aim], bound)
        keep = ~above | (bound > self.corners[:, aim] + self.thin[aim])
        self.corners, self.tops = self.corners[keep], self.tops[keep]

    def take(self, index: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Remove a box and give its corner and its top."""
        corner, top = self.corners[index], self.tops[index]
        self.corners = np.delete(self.corners, index, axis=0)
        self.tops = np.delete(self.tops, index, axis=0)
        return corner, top


def _lean(children: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which children's boxes lie neither in another child's nor in one of the others'; of equal ones one stays."""
    keep = np.ones(len(children), bool)
    for index, child in enumerate(children):
        wider = np.all(children <= child, axis=1) & keep
        wider[index] = False
        keep[index] = not wider.any() and not np.any(np.all(others <= child, axis=1))
    return keep
