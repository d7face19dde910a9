"""The five levels as codes, and the figures by which two codings of them are compared."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.errors import InputError
from legation.relations.levels import LEVELS

__all__ = ["LAST_SCALE_YEAR", "N_LEVELS", "WORDS", "calibration_error", "codes_of", "quadratic_kappa"]

N_LEVELS: Final = 5
LAST_SCALE_YEAR: Final = 2020
"""The year in which the published peace scale ends: any later level is extrapolated."""
WORDS: Final = tuple(level.value for level in LEVELS[:N_LEVELS])
_BINS: Final = 15
_NOT_CODED: Final = ("", "na", "nan", "null", "transition")
_ALMOST: Final = 1e-6


def codes_of(levels: pl.Series) -> NDArray[np.int8]:
    """Return the codes 0 to 4 of levels written as numbers (0, .25, .5, .75, 1) or words; -1 for missing or -9.

    Raises
    ------
    InputError
        When a value is neither.
    """
    if levels.dtype == pl.String:
        return np.array([_text_code(text) for text in levels], dtype=np.int8)
    if not levels.dtype.is_numeric() and levels.dtype != pl.Null:
        raise InputError(f"Levels are of type {levels.dtype}.", remedy="Write 0, .25, .5, .75, 1 or the level's name.")
    values = levels.cast(pl.Float64).fill_null(-9.0).fill_nan(-9.0).to_numpy()
    if np.isinf(values).any():
        raise _no_level(values[np.isinf(values)][0])
    scaled = values * (N_LEVELS - 1)
    found = np.where(values == -9.0, -1, np.rint(scaled))
    wrong = (found != -1) & ((np.abs(scaled - found) > _ALMOST) | (found < 0) | (found >= N_LEVELS))
    if wrong.any():
        raise _no_level(values[np.flatnonzero(wrong)[0]])
    return found.astype(np.int8)


def _text_code(text: str | None) -> int:
    cleaned = "" if text is None else text.strip().lower().replace("-", " ").replace(" ", "_")
    if cleaned in _NOT_CODED:
        return -1
    if cleaned in WORDS:
        return WORDS.index(cleaned)
    try:
        value = float(text or "")
    except ValueError:
        raise _no_level(text) from None
    return int(codes_of(pl.Series([value]))[0])


def _no_level(value: object) -> InputError:
    return InputError(
        f"{value!r} is no level of the peace scale.",
        remedy=f"Write 0, .25, .5, .75 or 1, or {', '.join(WORDS)}; leave it empty (or -9) where there is none.",
    )


def quadratic_kappa(truth: NDArray[np.int8], guess: NDArray[np.int8]) -> float:
    """Return the quadratic-weighted kappa of two codings of the five levels: 1 for the same, 0 for chance.

    Returns nan where both codings name one and the same level throughout, since nothing is then expected by chance.
    """
    observed = np.zeros((N_LEVELS, N_LEVELS))
    np.add.at(observed, (truth, guess), 1)
    apart = (np.arange(N_LEVELS)[:, None] - np.arange(N_LEVELS)) ** 2
    expected = np.outer(observed.sum(1), observed.sum(0)) / max(observed.sum(), 1)
    by_chance = float((apart * expected).sum())
    return 1.0 - float((apart * observed).sum()) / by_chance if by_chance > 0 else float("nan")


def calibration_error(probabilities: NDArray[np.float64], truth: NDArray[np.int8]) -> float:
    """Return the expected calibration error of the most probable level.

    The rows are put into 15 bins of equal width by the probability of the level named; the error is the mean over rows
    of the gap between that probability and how often the level was right (Guo and others 2017).
    """
    sure = probabilities.max(axis=1)
    right = (probabilities.argmax(axis=1) == truth).astype(np.float64)
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights=sure - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / max(len(truth), 1))
