"""Which steps an aim can take: the grid that all its values lie on, where there is one."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

__all__ = ["lattice_step"]

_DIGITS = 6
_LARGEST = 2.0**52


def lattice_step(coefficients: NDArray[np.float64], *, integer: NDArray[np.bool_]) -> float | None:
    """Give the largest step of which every value of an aim is a whole multiple, or None where there is none.

    Parameters
    ----------
    coefficients
        The aim's coefficients by column, shape (n,).
    integer
        Which columns take whole numbers only, shape (n,).

    Returns
    -------
    float | None
        None where a continuous column takes part, where coefficients have more than six digits behind the point, or
        where there is no coefficient at all.

    Examples
    --------
    >>> lattice_step(np.array([0.5, 0.75, 0.0]), integer=np.array([True, True, False]))
    0.25
    """
    used = np.unique(np.abs(coefficients[coefficients != 0]))
    if not len(used) or np.any(coefficients[~integer] != 0):
        return None
    for digits in range(_DIGITS + 1):
        scaled = used * 10**digits
        if scaled[-1] > _LARGEST:
            return None
        whole = np.round(scaled)
        # the coefficients are sums of decimals: what is off by less than that noise is the decimal itself
        if np.all(np.abs(scaled - whole) <= 1e-9 * np.maximum(1.0, scaled)) and np.all(whole > 0):
            return float(gcd(*(int(value) for value in whole)) / 10**digits)
    return None
