"""Dyads by year as matrices, so that windows, spells and ages are sums along one axis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from legation.actors import all_actors

__all__ = [
    "FIRST_YEAR",
    "NEVER",
    "Floats",
    "Grid",
    "Ints",
    "Rows",
    "age",
    "decayed",
    "lineage",
    "since",
    "window",
    "years_of",
]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FIRST_YEAR: Final = 1816  # the state system's first year
NEVER: Final = 100.0  # years since something that never was; longer ago counts as so long
_CODES: Final = 1000  # COW codes have three digits


@cache
def _last_codes() -> NDArray[np.int64]:
    """Return, for each COW code, the last code of the same actor: what happened to 260 is history of 255."""
    last = np.arange(_CODES)
    for actor in all_actors():
        codes = [each for each in actor.codes if each.system == "cow"]
        if len({each.code for each in codes}) > 1:
            latest = max(codes, key=lambda each: (each.start is not None, each.start))
            for each in codes:
                last[int(each.code)] = int(latest.code)
    return last


def lineage(codes: ArrayLike) -> Ints:
    """Return the last COW code of the actor that each COW code stands for.

    Codes that no actor bears stay as they are; numbers that cannot be codes become 0, which is nobody's.
    """
    values = np.asarray(codes, dtype=np.int64)
    return np.where((values > 0) & (values < _CODES), _last_codes()[np.clip(values, 0, _CODES - 1)], 0)


def years_of(column: pl.Series) -> NDArray[np.float64]:
    """Return the years of a column of dates or ISO texts, nan where missing."""
    if column.dtype.is_temporal():
        year = column.dt.year()
    elif column.dtype == pl.String:
        year = column.str.slice(0, 4).cast(pl.Int32, strict=False)
    else:
        year = column
    values: NDArray[np.float64] = year.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return values


@dataclass(frozen=True, kw_only=True)
class Grid:
    """d dyads, each named by the last codes of its two actors, by the years from 1816 to `last`."""

    keys: Ints
    last: int

    @classmethod
    def of(cls, a: ArrayLike, b: ArrayLike, *, last: int) -> Grid:
        """Return the grid of the dyads named, once each."""
        return cls(keys=np.unique(_keys(a, b)), last=last)

    @property
    def low(self) -> Ints:
        """The smaller code of each dyad."""
        return self.keys // _CODES

    @property
    def high(self) -> Ints:
        """The larger code of each dyad."""
        return self.keys % _CODES

    @property
    def width(self) -> int:
        """The number of years."""
        return self.last - FIRST_YEAR + 1

    def place(self, a: ArrayLike, b: ArrayLike) -> Ints:
        """Return the row of each dyad, -1 where the grid has none."""
        wanted = _keys(a, b)
        found = np.searchsorted(self.keys, wanted).clip(0, len(self.keys) - 1)
        return np.where(self.keys[found] == wanted, found, -1)

    def zeros(self) -> Floats:
        """Return a matrix of zeros, one row a dyad, one column a year."""
        return np.zeros((len(self.keys), self.width), dtype=np.float32)

    def marks(self, a: ArrayLike, b: ArrayLike, year: ArrayLike, value: ArrayLike, *, add: bool = False) -> Floats:
        """Return a matrix that holds values of dyad-years: the largest of each cell, or their sum."""
        row, column = self.place(a, b), np.asarray(year, dtype=np.int64) - FIRST_YEAR
        inside = (row >= 0) & (column >= 0) & (column < self.width)
        matrix = self.zeros()
        values = np.broadcast_to(np.asarray(value, dtype=np.float32), row.shape)[inside]
        (np.add if add else np.maximum).at(matrix, (row[inside], column[inside]), values)
        return matrix

    def spells(self, a: ArrayLike, b: ArrayLike, start: ArrayLike, end: ArrayLike) -> Floats:
        """Return how many spells cover each dyad-year; both ends belong to a spell."""
        row = self.place(a, b)
        first = np.clip(np.asarray(start, dtype=np.int64) - FIRST_YEAR, 0, self.width)
        after = np.clip(np.asarray(end, dtype=np.int64) - FIRST_YEAR + 1, 0, self.width)
        inside = (row >= 0) & (after > first)
        steps = np.zeros((len(self.keys), self.width + 1), dtype=np.float32)
        np.add.at(steps, (row[inside], first[inside]), 1)
        np.add.at(steps, (row[inside], after[inside]), -1)
        return np.cumsum(steps, axis=1)[:, :-1]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """k dyad-years of a grid: the row of each one's dyad, and its year."""

    grid: Grid
    dyad: Ints
    year: Ints

    def take(self, matrix: Floats, *, first: int = FIRST_YEAR, last: int | None = None) -> Floats:
        """Return the values of the rows; after `last` those of `last`, before `first` nothing (nan)."""
        year = self.year if last is None else np.minimum(self.year, last)
        values = matrix[self.dyad, np.clip(year - FIRST_YEAR, 0, self.grid.width - 1)]
        return np.where(self.year < first, np.nan, values).astype(np.float32)

    def take_states(self, matrix: Floats, *, last: int | None = None) -> tuple[Floats, Floats]:
        """Return the figures of the two states, from a matrix by last code and year; after `last` those of `last`."""
        year = self.year if last is None else np.minimum(self.year, last)
        column = np.clip(year - FIRST_YEAR, 0, matrix.shape[1] - 1)
        return matrix[self.grid.low[self.dyad], column], matrix[self.grid.high[self.dyad], column]


def since(matrix: Floats) -> Floats:
    """Return years since the matrix was last above zero: 0 in such a year, `NEVER` where it never was."""
    column = np.arange(matrix.shape[1], dtype=np.float32)
    latest = np.maximum.accumulate(np.where(matrix > 0, column, -np.inf), axis=1)
    return np.minimum(column - latest, NEVER).astype(np.float32)


def age(matrix: Floats) -> Floats:
    """Return how many years without a break the matrix has been above zero, this one included."""
    column = np.arange(matrix.shape[1], dtype=np.float32)
    latest = np.maximum.accumulate(np.where(matrix > 0, -np.inf, column), axis=1)
    return np.minimum(column - latest, column + 1).astype(np.float32)


def window(matrix: Floats, years: int) -> Floats:
    """Return sums over the last so many years, this one included."""
    total = np.cumsum(matrix, axis=1, dtype=np.float64)
    total[:, years:] -= total[:, :-years].copy()
    return total.astype(np.float32)


def decayed(matrix: Floats, *, half_life: float) -> Floats:
    """Return sums in which what lies a half-life back weighs half."""
    kept = 0.5 ** (1.0 / half_life)
    result = np.empty_like(matrix)
    running = np.zeros(matrix.shape[0], dtype=np.float32)
    for column in range(matrix.shape[1]):
        running = running * kept + matrix[:, column]
        result[:, column] = running
    return result


def _keys(a: ArrayLike, b: ArrayLike) -> Ints:
    first, second = lineage(a), lineage(b)
    return np.minimum(first, second) * _CODES + np.maximum(first, second)
