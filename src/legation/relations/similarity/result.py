"""What a similarity computation gives, and how its long table is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["Similarity", "YearOfPairs", "long_table"]

_UNITS = ("a", "b", "year", "n")


@dataclass(frozen=True, kw_only=True)
class Similarity:
    """Similarity of all pairs by year.

    Attributes
    ----------
    frame
        One row per pair and year, a < b: columns `a`, `b`, `year`, `n` (positions compared), for ties `n_common`
        (positions where both have a tie) and `n_absent` (positions where neither has), the measures, and `undefined`
        (which measures are missing and why; empty where all are there).
    measures
        The measures' columns.
    levels
        The levels compared.
    notes
        What was decided or set aside on the way, in sentences.
    """

    frame: pl.DataFrame
    measures: tuple[str, ...]
    levels: tuple[float, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Say how many pairs and years there are."""
        years = self.frame["year"]
        return f"{len(self.frame):,} pairs by year, {years.min()!s} to {years.max()!s}: {', '.join(self.measures)}."


@dataclass(frozen=True, kw_only=True)
class YearOfPairs:
    """One year's pairs: places of the actors, counts and measures, each of shape (pairs,)."""

    year: int
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    counts: Mapping[str, NDArray[np.float64]]
    values: Mapping[str, NDArray[np.float64]]


def long_table(
    years: Sequence[YearOfPairs], *, actors: pl.Series, measures: Sequence[str], reason: str, nothing: str
) -> pl.DataFrame:
    """Put years together as one table; nan becomes missing, with its reason."""
    sizes = np.array([len(year.a) for year in years])

    def joined(pick: str, name: str) -> NDArray[np.float64]:
        return np.concatenate([getattr(year, pick)[name] for year in years])

    columns: dict[str, pl.Series] = {
        "a": actors.gather(np.concatenate([year.a for year in years])).alias("a"),
        "b": actors.gather(np.concatenate([year.b for year in years])).alias("b"),
        "year": pl.Series(np.repeat(np.array([year.year for year in years], np.int64), sizes)),
    }
    columns |= {name: pl.Series(joined("counts", name).astype(np.int32)) for name in years[0].counts}
    empty = columns["n"].to_numpy() == 0
    codes: NDArray[np.int64] = np.zeros(int(sizes.sum()), np.int64)
    for place, name in enumerate(measures):
        values = joined("values", name)
        missing = np.isnan(values)
        codes |= missing.astype(np.int64) << place
        columns[name] = pl.Series(values, nan_to_null=True)
    columns["undefined"] = _reasons(np.where(empty, -1, codes), measures, reason=reason, nothing=nothing)
    return pl.DataFrame(columns)


def _reasons(codes: NDArray[np.int64], measures: Sequence[str], *, reason: str, nothing: str) -> pl.Series:
    distinct, place = np.unique(codes, return_inverse=True)
    texts = []
    for code in distinct.tolist():
        names = ", ".join(name for bit, name in enumerate(measures) if code >> bit & 1)
        texts.append(nothing if code < 0 else f"{names}: {reason}" if names else None)
    return pl.Series("undefined", texts, dtype=pl.String).gather(place.astype(np.uint32))
