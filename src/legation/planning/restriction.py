"""A problem with most columns fixed, written small: fixed columns leave, and so do rows that can no longer bind.

A solver reads a large problem in seconds even where nearly all of it is fixed. The search fixes most of the plan again
and again, so what is fixed is taken out here, in a few array operations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.model.problem import Problem

__all__ = ["Restriction", "restrict", "without_columns"]

_SLACK = 1e-6
"""What a row of fixed columns may be off, as a share of its side: the solver's own solutions are off by less."""


@dataclass(frozen=True, eq=False)
class Restriction:
    """A small problem and its place in the large one.

    Attributes
    ----------
    problem
        What is left to decide.
    columns, rows
        Numbers of its columns and rows in the large problem.
    fixed
        The large problem's solution with 0 where the small one decides.
    offset
        What the fixed columns are worth.
    """

    problem: Problem
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    fixed: NDArray[np.float64]
    offset: float

    def whole(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the large problem's solution for one of the small problem."""
        out = self.fixed.copy()
        out[self.columns] = x
        return out


def restrict(problem: Problem, *, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> Restriction | None:
    """Take out every column whose bounds meet; None where the fixed columns break a row by themselves.

    Parameters
    ----------
    problem
        The large problem.
    lower, upper
        Column bounds, shape (columns,).
    """
    if np.any(lower > upper + _SLACK):
        return None
    free = upper > lower
    columns = np.flatnonzero(free)
    fixed = np.where(free, 0.0, lower)
    moved = problem.matrix @ fixed
    row_lower, row_upper = problem.row_lower - moved, problem.row_upper - moved
    part = problem.matrix[:, columns]
    least, most = _activity(part, lower[columns], upper[columns])
    room = _SLACK * np.maximum(1.0, np.abs(moved))
    if np.any(least > row_upper + room) or np.any(most < row_lower - room):
        return None
    keep = (most > row_upper) | (least < row_lower)
    # a row that only fixed columns touch has been looked at: its least and most are 0
    keep &= np.bincount(part.indices, minlength=len(keep)) > 0
    rows = np.flatnonzero(keep)
    small = Problem(
        cost=problem.cost[columns],
        lower=lower[columns],
        upper=upper[columns],
        integer=problem.integer[columns],
        matrix=_without_rows(part, keep),
        row_lower=row_lower[rows],
        row_upper=row_upper[rows],
    )
    return Restriction(small, columns, rows, fixed, float(problem.cost @ fixed))


def without_columns(problem: Problem, keep: NDArray[np.bool_]) -> tuple[Problem, NDArray[np.int64]]:
    """Drop columns at 0, then the rows that only they used; give the columns' numbers too.

    A row that asks for something stays even when it is empty: it makes the problem impossible, as it should.

    Parameters
    ----------
    problem
        The large problem.
    keep
        Which columns stay, shape (columns,).
    """
    columns = np.flatnonzero(keep)
    matrix = problem.matrix[:, columns].tocsr()
    asks = (problem.row_lower > 0) | (problem.row_upper < 0)
    rows = np.flatnonzero((np.diff(matrix.indptr) > 0) | asks)
    small = Problem(
        cost=problem.cost[columns],
        lower=problem.lower[columns],
        upper=problem.upper[columns],
        integer=problem.integer[columns],
        matrix=matrix[rows].tocsc(),
        row_lower=problem.row_lower[rows],
        row_upper=problem.row_upper[rows],
    )
    return small, columns


def _activity(
    matrix: sparse.csc_matrix, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the least and the most that each row can come to."""
    column = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
    low, high = matrix.data * lower[column], matrix.data * upper[column]
    least = np.zeros(matrix.shape[0])
    most = np.zeros(matrix.shape[0])
    # bincount sums faster than add.at, and adds up entries of one row
    least += np.bincount(matrix.indices, weights=np.minimum(low, high), minlength=len(least))
    most += np.bincount(matrix.indices, weights=np.maximum(low, high), minlength=len(most))
    return least, most


def _without_rows(matrix: sparse.csc_matrix, keep: NDArray[np.bool_]) -> sparse.csc_matrix:
    entry = keep[matrix.indices]
    number = np.cumsum(keep) - 1
    begins = np.concatenate(([0], np.cumsum(entry)))[matrix.indptr].astype(np.int32)
    shape = (int(keep.sum()), matrix.shape[1])
    return sparse.csc_matrix((matrix.data[entry], number[matrix.indices[entry]].astype(np.int32), begins), shape=shape)
