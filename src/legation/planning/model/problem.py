"""The problem as arrays, and the builder that columns and named rows are added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
        self._entries: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]] = []

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
        row = np.full(len(own), self.names.add(name), np.int32)
        self._entries.append((row, own, np.broadcast_to(np.asarray(values, float), len(own))))
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
        # 32 bits hold any model that a solver takes, at half the memory
        own = rows.astype(np.int32) + np.int32(first)
        self._entries.append((own, columns.astype(np.int32), np.broadcast_to(np.asarray(values, float), len(own))))

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
        if not self._entries:
            return sparse.csc_matrix(shape)
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        return sparse.coo_matrix((values, (rows, columns)), shape=shape).tocsc()
