"""Exponential decay of monthly series: what happened fades by half in every half-life."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from legation.errors import InputError

__all__ = ["decayed", "month_number"]


def month_number(year: npt.NDArray[np.int64], month: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return months counted from January of the year 0.

    Examples
    --------
    >>> month_number(np.array([2019, 2020]), np.array([12, 1])).tolist()
    [24239, 24240]
    """
    return year * 12 + month - 1


def decayed(
    values: npt.NDArray[np.float64], months: npt.NDArray[np.int64], *, starts: npt.NDArray[np.bool_], half_life: float
) -> npt.NDArray[np.float64]:
    """Sum each series up to each of its months, each value weighted by 0.5 ** (age / half_life).

    Parameters
    ----------
    values
        Shape (rows, series): values of one dyad after another, each dyad's months in ascending order; a month without a
        row counts as zero.
    months
        Shape (rows,): `month_number` of each row.
    starts
        Shape (rows,): True where a dyad begins.
    half_life
        In months, above zero; infinity sums without fading.

    Returns
    -------
    numpy.ndarray
        Shape (rows, series).

    Raises
    ------
    InputError
        When the half-life is not above zero, or a dyad's months do not ascend.

    Examples
    --------
    >>> two = np.array([[8.0], [1.0]])
    >>> decayed(two, np.array([0, 3]), starts=np.array([True, False]), half_life=3.0).ravel().tolist()
    [8.0, 5.0]
    """
    if not half_life > 0:
        raise InputError(f"A half-life of {half_life!r} months is none.", remedy="Write a number above zero.")
    if values.shape[0] == 0:
        return values.copy()
    gaps = np.diff(months, prepend=months[0])
    if bool(np.any(gaps[~starts] <= 0)):
        raise InputError("The months of a dyad do not ascend.", remedy="Sort by dyad, year and month, each once.")
    # Nothing comes over from the dyad before: its age is infinite.
    fading = 0.5 ** np.where(starts, np.inf, gaps / half_life)
    # Rows of one dyad follow each other: all dyads are stepped through at once, by their first, second ... month.
    order = _step(starts)
    result = values.astype(np.float64, copy=True)
    for step in range(1, int(order.max()) + 1):
        rows = np.flatnonzero(order == step)
        result[rows] += fading[rows, None] * result[rows - 1]
    return result


def _step(starts: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the place of each row within its dyad, from 0."""
    place = np.arange(starts.size)
    first = np.maximum.accumulate(np.where(starts, place, 0))
    return place - first
