"""Figures of samples: tail means, their errors, intervals of shares."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from legation.errors import InputError

__all__ = ["check_alpha", "tail_mean", "tail_mean_error", "wilson"]

_TWO_SIDED = float(ndtri(0.975))


def check_alpha(alpha: float) -> None:
    """Refuse a share of worst scenarios that is none.

    Raises
    ------
    InputError
        When it is not above 0 and at most 1.
    """
    if not 0 < alpha <= 1:
        raise InputError(
            f"A tail of {alpha} of the scenarios cannot be taken.", remedy="Give a share above 0, at most 1: 0.1."
        )


def tail_mean(values: NDArray[np.float64], *, alpha: float, weights: NDArray[np.float64] | None = None) -> float:
    """Give the mean of the worst share `alpha` of the values (conditional value at risk of the low tail).

    The value at the edge counts with the part of its weight that is needed to fill the share, which is the maximum
    over eta of eta - sum of weights x (eta - value)+ / alpha (Rockafellar and Uryasev 2000).

    Parameters
    ----------
    values
        Shape (S,).
    alpha
        Share above 0, at most 1; 1 gives the mean.
    weights
        Probabilities, shape (S,), sum 1; equal when left out.

    >>> tail_mean(np.array([4.0, 1.0, 2.0, 3.0]), alpha=0.5)
    1.5
    """
    shares = np.full(len(values), 1 / len(values)) if weights is None else weights
    order = np.argsort(values, kind="stable")
    taken = np.minimum(shares[order], np.maximum(0.0, alpha - (np.cumsum(shares[order]) - shares[order])))
    return float(taken @ values[order] / taken.sum())


def tail_mean_error(values: NDArray[np.float64], *, alpha: float) -> float:
    """Give the standard error of the tail mean, by the spread of eta - (eta - value)+ / alpha at the tail's edge."""
    edge = np.sort(values)[max(0, int(np.ceil(alpha * len(values))) - 1)]
    terms = edge - np.maximum(edge - values, 0.0) / alpha
    return float(terms.std(ddof=1) / sqrt(len(values))) if len(values) > 1 else 0.0


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Give the interval of a share at 95 % (Wilson 1927), which stays within 0 and 1 and is right for rare events.

    >>> tuple(round(end, 3) for end in wilson(0, 100))
    (0.0, 0.037)
    """
    share, z2 = hits / of, _TWO_SIDED**2
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _TWO_SIDED / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == of else centre + half)
