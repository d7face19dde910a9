"""The problem as arrays, and the builder that columns and named rows are added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.model.names import RowName

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
    """Columns and named rows, added one family at a time."""

    def __init__(self) -> None:
        self.cost: list[NDArray[np.float64]] = []
        self.lower: list[NDArray[np.float64]] = []
        self.upper: list[NDArray[np.float64]] = []
        self.integer: list[NDArray[np.bool_]] = []
        self.columns = 0
        self.names: list[RowName] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self.entries: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []

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
        own = np.asarray(columns, np.int64)
        row = np.full(len(own), len(self.names), np.int64)
        self.entries.append((row, own, np.broadcast_to(np.asarray(values, float), len(own))))
        self.names.append(name)
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def problem(self) -> Problem:
        """Give what was added as arrays."""

        def joined(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
            return np.concatenate(parts) if parts else np.empty(0)

        rows = np.concatenate([entry[0] for entry in self.entries]) if self.entries else np.empty(0, np.int64)
        columns = np.concatenate([entry[1] for entry in self.entries]) if self.entries else np.empty(0, np.int64)
        values = joined([entry[2] for entry in self.entries])
        matrix = sparse.coo_matrix((values, (rows, columns)), shape=(len(self.names), self.columns)).tocsc()
        return Problem(
            cost=joined(self.cost),
            lower=joined(self.lower),
            upper=joined(self.upper),
            integer=np.concatenate(self.integer) if self.integer else np.empty(0, bool),
            matrix=matrix,
            row_lower=np.array(self.row_lower, float),
            row_upper=np.array(self.row_upper, float),
        )
