"""Random numbers by name and number: a scenario's draw depends on the seed, what is drawn and the scenario's number.

Each named quantity has its own counter-based stream (Philox; Salmon and others 2011), of which scenario s takes number
s. So any order, any process and any share of the scenarios gives the same draws, and a mission that is added to a desk
leaves the draws of all others as they are: two desks are compared under the same luck (common random numbers).
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from legation.errors import InputError

__all__ = ["MOST_SCENARIOS", "between", "check_count", "lognormal_factor", "uniforms"]

MOST_SCENARIOS = 1_000_000
_WORDS = 4  # numbers that one step of Philox's counter gives
_PERT = 4.0  # how much more the likely value weighs than an end: the usual choice (Malcolm and others 1959)
_NINE_OF_TEN = float(ndtri(0.9))


def check_count(count: int, *, first: int = 0) -> None:
    """Refuse a number of scenarios that cannot be drawn.

    Raises
    ------
    InputError
        When it is not from 1 to a million.
    """
    if not 1 <= count <= MOST_SCENARIOS or not 0 <= first <= MOST_SCENARIOS**2:
        raise InputError(
            f"{count} scenarios from number {first} cannot be drawn.", remedy=f"Ask for 1 to {MOST_SCENARIOS:,}."
        )


def uniforms(name: str, *, seed: int, first: int, count: int) -> NDArray[np.float64]:
    """Give the numbers in (0, 1) that scenarios `first` to `first + count - 1` draw for a named quantity.

    Parameters
    ----------
    name
        What is drawn, as ``kind|record``.
    seed
        Of the whole run.
    first, count
        Which scenarios.

    Returns
    -------
    NDArray[np.float64]
        Shape (count,), strictly between 0 and 1.
    """
    key = np.frombuffer(blake2b(f"{seed}|{name}".encode(), digest_size=16).digest(), dtype="<u8")
    stream = np.random.Philox(key=key.astype(np.uint64))
    stream.advance(first // _WORDS)
    numbers = np.random.Generator(stream).random(first % _WORDS + count)[first % _WORDS :]
    # a generator may give 0, where inverse distributions have no value
    return np.maximum(numbers, 2.0**-54)


def between(
    u: NDArray[np.float64], *, low: float, likely: float, high: float, triangular: bool = False
) -> NDArray[np.float64]:
    """Turn uniform numbers into values between the low and high judged ones, with the likely one as the mode.

    PERT is the beta distribution on [low, high] with mean (low + 4 likely + high) / 6; the triangular one has the mean
    (low + likely + high) / 3. Low and high are ends, as in the intervals of cohesion: nothing lies outside.

    Parameters
    ----------
    u
        Uniform numbers, any shape.
    low, likely, high
        With low <= likely <= high.
    triangular
        The triangular distribution instead of PERT.
    """
    width = high - low
    if width <= 0:
        return np.full_like(u, likely)
    peak = (likely - low) / width
    if triangular:
        rise, fall = np.sqrt(u * peak), 1 - np.sqrt((1 - u) * (1 - peak))
        share = np.where(u < peak, rise, fall)
    else:
        share = betaincinv(1 + _PERT * peak, 1 + _PERT * (1 - peak), u)
    out: NDArray[np.float64] = low + width * np.clip(share, 0.0, 1.0)
    return out


def lognormal_factor(u: NDArray[np.float64], *, spread: float) -> NDArray[np.float64]:
    """Turn uniform numbers into factors with median 1, of which one in ten is above 1 + spread.

    Parameters
    ----------
    u
        Uniform numbers, any shape.
    spread
        0 for no spread: 0.15 lets one in ten cost more than 15 % above plan.
    """
    out: NDArray[np.float64] = np.exp(np.log1p(spread) / _NINE_OF_TEN * ndtri(u))
    return out
