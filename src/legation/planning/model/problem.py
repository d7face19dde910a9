"""The problem as arrays, and the builder that columns and named rows are added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.model.names import NameBlock, RowName, RowNames

__all__ = ["INF", "Builder", "Problem"]

INF = float("inf")


@dataclass(frozen=True, eq=False)
class Problem:
    """Maximise ``cost @ x`` with ``row_lower <= matrix @ x <= row_upper`` and ``lower <= x <= upper``."""

    cost: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    integer: NDArray[np.bool_]
    matrix: sparse.csc_matrix
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]


class Builder:
    """Columns and named rows, added one family at a time: singly, or as blocks of arrays."""

    def __init__(self) -> None:
        self.cost: list[NDArray[np.float64]] = []
        self.lower: list[NDArray[np.float64]] = []
        self.upper: list[NDArray[np.float64]] = []
        self.integer: list[NDArray[np.bool_]] = []
        self.columns = 0
        self.names = RowNames()
        self._row_lower: list[NDArray[np.float64]] = []
        self._row_upper: list[NDArray[np.float64]] = []
        self._entry_rows = _Growing(np.int32)
        self._entry_columns = _Growing(np.int32)
        self._entry_values = _Growing(np.float64)

    def add_columns(
        self,
        count: int,
        *,
        cost: float | NDArray[np.float64] = 0.0,
        lower: float | NDArray[np.float64] = 0.0,
        upper: float | NDArray[np.float64] = 1.0,
        integer: bool | NDArray[np.bool_] = False,
    ) -> NDArray[np.int64]:
        """Add columns and give their numbers."""
        self.cost.append(np.broadcast_to(np.asarray(cost, float), count))
        self.lower.append(np.broadcast_to(np.asarray(lower, float), count))
        self.upper.append(np.broadcast_to(np.asarray(upper, float), count))
        self.integer.append(np.broadcast_to(np.asarray(integer, bool), count))
        first = self.columns
        self.columns += count
        return np.arange(first, self.columns)

    def add_row(
        self,
        name: RowName,
        columns: NDArray[np.int64] | Sequence[int],
        values: NDArray[np.float64] | Sequence[float] | float,
        *,
        lower: float = -INF,
        upper: float = INF,
    ) -> None:
        """Add a row ``lower <= values @ x[columns] <= upper``."""
        own = np.asarray(columns, np.int32)
        self._add_entries(self.names.add(name), np.zeros(len(own), np.int32), own, values)
        self._row_lower.append(np.array([lower]))
        self._row_upper.append(np.array([upper]))

    def add_rows(
        self,
        names: NameBlock,
        rows: NDArray[np.integer],
        columns: NDArray[np.integer],
        values: NDArray[np.float64] | float,
        *,
        lower: float | NDArray[np.float64] = -INF,
        upper: float | NDArray[np.float64] = INF,
    ) -> None:
        """Add a block of rows ``lower <= sum of values * x[columns] <= upper``.

        Parameters
        ----------
        names
            How many rows, and the name of each.
        rows, columns, values
            One entry each, shape (entries,); `rows` counts within the block. Entries of one place add up.
        lower, upper
            For all rows or for each, shape (count,).
        """
        self.more_entries(self.names.add(names), rows, columns, values)
        self._row_lower.append(np.broadcast_to(np.asarray(lower, float), names.count))
        self._row_upper.append(np.broadcast_to(np.asarray(upper, float), names.count))

    def more_entries(
        self,
        first: int,
        rows: NDArray[np.integer],
        columns: NDArray[np.integer],
        values: NDArray[np.float64] | float,
    ) -> None:
        """Add entries to rows that are there already: `rows` counts from row `first`."""
        self._add_entries(first, rows, columns, values)

    def _add_entries(
        self,
        first: int,
        rows: NDArray[np.integer],
        columns: NDArray[np.integer],
        values: NDArray[np.float64] | Sequence[float] | float,
    ) -> None:
        # 32 bits hold any model that a solver takes, at half the memory
        self._entry_rows.add(rows, count=len(rows), plus=first)
        self._entry_columns.add(columns, count=len(rows))
        self._entry_values.add(values, count=len(rows))

    def problem(self) -> Problem:
        """Give what was added as arrays."""

        def joined(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
            return np.concatenate(parts) if parts else np.empty(0)

        return Problem(
            cost=joined(self.cost),
            lower=joined(self.lower),
            upper=joined(self.upper),
            integer=np.concatenate(self.integer) if self.integer else np.empty(0, bool),
            matrix=self._matrix(),
            row_lower=joined(self._row_lower),
            row_upper=joined(self._row_upper),
        )

    def _matrix(self) -> sparse.csc_matrix:
        shape = (len(self.names), self.columns)
        entries = (self._entry_values.array(), (self._entry_rows.array(), self._entry_columns.array()))
        return sparse.coo_matrix(entries, shape=shape).tocsc()


class _Growing:
    """An array that is written part after part.

    It grows in place, because joining the parts of a large model at its end takes as long as all else: memory that is
    touched for the first time costs more than what is written to it.
    """

    def __init__(self, dtype: type[np.generic]) -> None:
        self._held: NDArray[Any] = np.empty(_LEAST, dtype)
        self._count = 0

    def add(self, part: NDArray[Any] | Sequence[float] | float, *, count: int, plus: int = 0) -> None:
        """Write a part at the end; one number stands for `count` of them."""
        end = self._count + count
        if end > len(self._held):
            self._held.resize(max(end, len(self._held) + min(len(self._held), _STEP)), refcheck=False)
        own = self._held[self._count : end]
        own[:] = part
        if plus:
            own += plus
        self._count = end

    def array(self) -> NDArray[Any]:
        """Give what was written, to be read before the next part is added and not kept: growing may move it."""
        return self._held[: self._count]


_LEAST, _STEP = 1_024, 1_000_000
