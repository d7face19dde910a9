"""Solve for one aim in whole numbers alone: rows, bounds and aims as integers, so that no tolerance takes part.

For problems of whole columns with decimal coefficients. CP-SAT answers; on selections of some hundred columns it is
several times as fast as a mixed-integer solver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Halt
from legation.planning.engines.cpsat import Search, Verdict, solve_cp
from legation.planning.frontier.lattice import lattice_step
from legation.planning.frontier.search import Outcome, Steps
from legation.planning.model.problem import INF, Problem

__all__ = ["WholeOracle", "whole_rows"]

_LARGEST = 2**60
_WIDEST = 2**31
_EDGE = 1e-9


@dataclass(frozen=True, eq=False)
class _Row:
    columns: NDArray[np.int64]
    values: NDArray[np.int64]
    lower: int | None
    upper: int | None


def whole_rows(problem: Problem) -> tuple[_Row, ...] | None:
    """Write the rows in whole numbers, or None where a column is continuous or unbounded or a row has no grid."""
    if not np.all(problem.integer) or np.any(np.maximum(np.abs(problem.lower), np.abs(problem.upper)) > _WIDEST):
        return None
    matrix = problem.matrix.tocsr()
    out = []
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns, values = matrix.indices[part].astype(np.int64), matrix.data[part]
        if not np.any(values):
            if problem.row_lower[row] > 0 or problem.row_upper[row] < 0:
                return None
            continue
        grid = lattice_step(values, integer=np.ones(len(values), bool))
        if grid is None:
            return None
        lower, upper = problem.row_lower[row] / grid, problem.row_upper[row] / grid
        # a side that is meant to be whole may be off by the dust of its division
        low = None if lower == -INF else int(np.ceil(lower - _EDGE * max(1.0, abs(lower))))
        high = None if upper == INF else int(np.floor(upper + _EDGE * max(1.0, abs(upper))))
        out.append(_Row(columns, np.round(values / grid).astype(np.int64), low, high))
    return tuple(out)


class WholeOracle:
    """Solve for one aim over floors on the others with CP-SAT.

    Parameters
    ----------
    problem
        Whole columns with bounds.
    rows
        Its rows in whole numbers.
    aims
        Coefficients of each aim by column, shape (p, n).
    steps
        Each aim's own grid.
    seed, halt
        Seed of the search; ends it when set.
    """

    def __init__(
        self,
        problem: Problem,
        rows: tuple[_Row, ...],
        aims: NDArray[np.float64],
        *,
        steps: Steps,
        seed: int,
        halt: Halt,
    ) -> None:
        self.rows, self.steps, self.seed, self.halt = rows, steps, seed, halt
        self.grid = steps.grid
        self.units = np.round(aims / self.grid[:, None]).astype(np.int64)
        self.lower = np.ceil(problem.lower - _EDGE).astype(np.int64)
        self.upper = np.floor(problem.upper + _EDGE).astype(np.int64)
        self.low = np.where(self.units > 0, self.units * self.lower, self.units * self.upper).sum(axis=1)
        self.high = np.where(self.units > 0, self.units * self.upper, self.units * self.lower).sum(axis=1)

    @property
    def fits(self) -> bool:
        """Whether the objectives stay within the solver's range."""
        room = 1 + int((self.high - self.low).sum())
        return room * (1 + int(np.abs(self.units).sum(axis=1).max()) * _span(self.lower, self.upper)) < _LARGEST

    def best(
        self, aim: int, *, floors: NDArray[np.float64], start: NDArray[np.float64] | None, seconds: float
    ) -> Outcome:
        """Maximise one aim with every other aim at least a step above its floor, then the sum of the others."""
        others = np.arange(len(self.units)) != aim
        least = self.low.copy()
        asked = others & np.isfinite(floors)
        least[asked] = np.maximum(
            self.low[asked], np.round((floors + self.steps.sizes)[asked] / self.grid[asked]).astype(np.int64)
        )
        weight = 1 + int(np.maximum(self.high - least, 0)[others].sum())
        weights = np.where(others, 1, weight)
        verdict = self._solve(weights @ self.units, asked, least, start=start, seconds=seconds)
        if verdict.status == "infeasible":
            return Outcome(x=None, values=None, bound=-INF, closed=True)
        most = int(self.high[aim])
        if verdict.bound is not None:
            # weight * aim + others <= -bound, and the others have at least what their floors ask
            most = min(most, (-verdict.bound - int(least[others].sum())) // weight)
        if verdict.status == "none":
            return Outcome(x=None, values=None, bound=float(most) * float(self.grid[aim]), closed=False)
        x = np.asarray(verdict.values, np.int64)[: self.units.shape[1]]
        values = self.units @ x
        closed = verdict.status == "optimal"
        bound = int(values[aim]) if closed else max(most, int(values[aim]))
        return Outcome(
            x=x.astype(float), values=values * self.grid, bound=float(bound) * float(self.grid[aim]), closed=closed
        )

    def _solve(
        self,
        cost: NDArray[np.int64],
        asked: NDArray[np.bool_],
        least: NDArray[np.int64],
        *,
        start: NDArray[np.float64] | None,
        seconds: float,
    ) -> Verdict:
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        columns = [
            model.new_int_var(low, high, "") for low, high in zip(self.lower.tolist(), self.upper.tolist(), strict=True)
        ]
        for row in self.rows:
            low = -_LARGEST if row.lower is None else row.lower
            high = _LARGEST if row.upper is None else row.upper
            picked = [columns[column] for column in row.columns]
            model.add_linear_constraint(cp_model.LinearExpr.weighted_sum(picked, row.values.tolist()), low, high)
        for aim in np.flatnonzero(asked):
            model.add(cp_model.LinearExpr.weighted_sum(columns, self.units[aim].tolist()) >= int(least[aim]))
        model.minimize(-cp_model.LinearExpr.weighted_sum(columns, cost.tolist()))
        if start is not None:
            for column, value in zip(columns, np.round(start).astype(int).tolist(), strict=True):
                model.add_hint(column, value)
        began = Search(seconds=seconds, seed=self.seed, halt=self.halt)
        verdict = solve_cp(model, began)
        if verdict.status == "infeasible":
            # presolve has been wrong on this before: what closes a box is shown twice
            again = Search(seconds=seconds, seed=self.seed, halt=self.halt, presolve=False)
            verdict = solve_cp(model, again)
        return verdict


def _span(lower: NDArray[np.int64], upper: NDArray[np.int64]) -> int:
    return int(np.maximum(np.abs(lower), np.abs(upper)).max(initial=1))
