"""What is known of a dyad's own past levels up to a year: the last one, how old it is, how long it had held."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.relations.level.grid import Ints
from legation.relations.level.neighbours import LabelBook

__all__ = ["HISTORY_NAMES", "OwnHistory"]

HISTORY_NAMES: Final = (
    "own_last_level",
    "own_last_age",
    "own_spell_years",
    "own_level_before",
    "own_lowest",
    "own_highest",
    "own_changes",
)
_YEARS: Final = 10_000


class OwnHistory:
    """The coded past of each dyad of a book, ready to be asked."""

    def __init__(self, book: LabelBook) -> None:
        """Sort the book by dyad and year, and sum up each dyad's past at every coded year."""
        frame = pl.DataFrame({"a": book.a, "b": book.b, "year": book.year, "level": book.level.astype(np.int16)})
        dyad = ["a", "b"]
        changed = (pl.col("level") != pl.col("level").shift(1).over(dyad)).fill_null(value=True)
        frame = (
            frame.sort("a", "b", "year")
            .with_columns(run=changed.cast(pl.Int32).cum_sum().over(dyad))
            .with_columns(
                spell=pl.col("year") - pl.col("year").min().over(*dyad, "run") + 1,
                entry=pl.col("level").shift(1).over(dyad),
                lowest=pl.col("level").cum_min().over(dyad),
                highest=pl.col("level").cum_max().over(dyad),
            )
            .with_columns(before=pl.col("entry").first().over(*dyad, "run"))
        )
        a, b = (frame.get_column(name).to_numpy() for name in dyad)
        self._pairs, number = np.unique(np.stack([a, b]), axis=1, return_inverse=True)
        self._year = frame.get_column("year").to_numpy()
        self._key = number * _YEARS + self._year
        self._number = number
        self._columns = np.column_stack(
            [
                frame.get_column(name).cast(pl.Float64).fill_null(float("nan")).to_numpy()
                for name in ("level", "spell", "before", "lowest", "highest", "run")
            ]
        )

    def columns(self, *, a: Ints, b: Ints, year: Ints, known_until: Ints) -> NDArray[np.float32]:
        """Return what is known of each dyad up to `known_until`, shape (k, 7); nan where nothing is."""
        found = np.full((len(a), len(HISTORY_NAMES)), np.nan, dtype=np.float32)
        if not len(self._key):
            return found
        number = self._numbers(a, b)
        row = np.searchsorted(self._key, number * _YEARS + known_until, side="right") - 1
        held = (number >= 0) & (row >= 0)
        held[held] = self._number[row[held]] == number[held]
        past = self._columns[row[held]]
        found[held, 0] = past[:, 0]
        found[held, 1] = year[held] - self._year[row[held]]
        found[held, 2:6] = past[:, 1:5]
        found[held, 6] = past[:, 5] - 1
        return found

    def _numbers(self, a: Ints, b: Ints) -> Ints:
        wide = int(max(self._pairs.max(initial=0), a.max(initial=0), b.max(initial=0))) + 1
        keys = self._pairs[0] * wide + self._pairs[1]
        wanted = np.minimum(a, b) * wide + np.maximum(a, b)
        place = np.searchsorted(keys, wanted).clip(0, len(keys) - 1)
        return np.where(keys[place] == wanted, place, -1)
