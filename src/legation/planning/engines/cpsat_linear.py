"""Linear problems for CP-SAT: the planner's own rows in whole numbers, for feasibility and for aims in whole numbers.

Money and other real columns are counted in steps of 1e-5 of their unit (a cent of a budget's row). Rounding always
loosens a row, so "infeasible" and bounds hold for the real problem; a solution is checked by the caller's rules.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.errors import EngineError
from legation.planning.engines.base import Answer, Request
from legation.planning.engines.cpsat import Search, Verdict, solve_cp, version
from legation.planning.model.problem import Problem

__all__ = ["CpSat"]

_STEP = 1e-5
"""Step of real columns, in their unit."""
_SCALE = 100_000
"""What rows with real numbers are multiplied by: the inverse of the step."""
_LARGEST = 2**40
"""Largest whole number put into a model: sums of a million of them stay inside 64 bits."""


class CpSat:
    """CP-SAT as an engine for linear problems with bounded columns."""

    name = "CP-SAT"

    def __init__(self, *, workers: int = 1) -> None:
        self.workers = workers

    def version(self) -> str:
        """Give the version of the installed OR-Tools."""
        return version()

    def solve(self, problem: Problem, request: Request) -> Answer:
        """Solve a problem with whole numbers; an answer of "infeasible" is asked for twice, then without presolve.

        Raises
        ------
        EngineError
            When the problem is asked for as a relaxation, or has a number that cannot be made whole.
        """
        if request.relaxed:
            raise EngineError("CP-SAT solves no relaxations.", remedy="Use HiGHS for them.")
        lower = problem.lower if request.lower is None else request.lower
        upper = problem.upper if request.upper is None else request.upper
        model, step = _model(problem, lower, upper)
        if request.start is not None:
            for column, value in enumerate(np.round(request.start / step).astype(np.int64).tolist()):
                model.add_hint(model.get_int_var_from_proto_index(column), value)
        verdict = solve_cp(model, self._search(request, presolve=True))
        if verdict.status == "infeasible":
            verdict = solve_cp(model, self._search(request, presolve=False))
        return _answer(problem, verdict, step)

    def _search(self, request: Request, *, presolve: bool) -> Search:
        return Search(
            seconds=request.seconds,
            workers=self.workers,
            seed=request.seed,
            presolve=presolve,
            options={"relative_gap_limit": request.gap},
            halt=request.halt,
            progress=_passed_on(request),
        )


def _passed_on(request: Request) -> Any:  # noqa: ANN401
    def tell(value: int | None, bound: int | None) -> None:
        if request.progress is not None:
            request.progress(None if value is None else -value / _SCALE, None if bound is None else -bound / _SCALE)

    return tell


def _answer(problem: Problem, verdict: Verdict, step: NDArray[np.float64]) -> Answer:
    if verdict.status == "infeasible":
        return Answer(status="infeasible", bound=-float("inf"))
    bound = float("inf") if verdict.bound is None else -verdict.bound / _SCALE
    if verdict.status == "none":
        return Answer(status="none", bound=bound)
    x = np.array([verdict.values[column] for column in range(len(problem.cost))], float) * step
    return Answer(status=verdict.status, x=x, value=float(problem.cost @ x), bound=bound)


def _model(problem: Problem, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> tuple[Any, NDArray[np.float64]]:
    from ortools.sat.python import cp_model

    if not (np.isfinite(lower).all() and np.isfinite(upper).all()):
        raise EngineError("CP-SAT needs bounds for every column.", remedy="Report what led to it.")
    rows = problem.matrix.tocsr()
    real = _real_columns(problem, rows)
    step = np.where(real, _STEP, 1.0)
    model = cp_model.CpModel()
    low, high = np.floor(lower / step + 1e-6).astype(np.int64), np.ceil(upper / step - 1e-6).astype(np.int64)
    columns = [model.new_int_var(int(a), int(b), "") for a, b in zip(low, high, strict=True)]
    for row in range(rows.shape[0]):
        at = slice(rows.indptr[row], rows.indptr[row + 1])
        own, values = rows.indices[at], rows.data[at] * step[rows.indices[at]]
        for sign, side in ((1.0, problem.row_upper[row]), (-1.0, -problem.row_lower[row])):
            if np.isfinite(side):
                numbers, limit = _whole(sign * values, float(side), low[own])
                total = cp_model.LinearExpr.weighted_sum([columns[c] for c in own], numbers)
                model.add(total <= limit)
    cost = np.floor(-problem.cost * step * _SCALE + 1e-6)
    if (low[cost != 0] < 0).any():
        raise EngineError("CP-SAT's aim has a column below 0.", remedy="Report what led to it.")
    used = np.flatnonzero(cost)
    if len(used):
        model.minimize(cp_model.LinearExpr.weighted_sum([columns[c] for c in used], [_small(cost[c]) for c in used]))
    return model, step


def _real_columns(problem: Problem, rows: sparse.csr_matrix) -> NDArray[np.bool_]:
    """Say which columns are measured in steps: those not whole that stand in a row with parts in it or at its side."""
    parts = np.abs(rows.data - np.round(rows.data)) > 1e-9
    with_parts = np.zeros(rows.shape[0], bool)
    for side in (problem.row_lower, problem.row_upper):
        whole = np.round(np.where(np.isfinite(side), side, 0.0))
        with_parts |= np.isfinite(side) & (np.abs(side - whole) > 1e-9)
    with_parts[np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))[parts]] = True
    touched = (
        np.asarray((rows[with_parts] != 0).sum(axis=0)).ravel() > 0
        if with_parts.any()
        else np.zeros(rows.shape[1], bool)
    )
    fraction = np.abs(problem.upper - np.round(problem.upper)) > 1e-9
    return (touched | fraction) & ~problem.integer


def _whole(values: NDArray[np.float64], side: float, low: NDArray[np.int64]) -> tuple[list[int], int]:
    """Make ``values @ x <= side`` whole without losing a solution."""
    if (np.abs(values - np.round(values)) < 1e-9).all():
        return [_small(value) for value in np.round(values)], _small(math.floor(side + 1e-6))
    scaled = values * _SCALE
    numbers = np.where(np.abs(scaled - np.round(scaled)) < 1e-6, np.round(scaled), np.floor(scaled))
    if (low[numbers != scaled] < 0).any() and (np.abs(numbers - scaled)[low < 0] > 1e-6).any():
        raise EngineError("CP-SAT cannot round a row with a column below 0.", remedy="Report what led to it.")
    return [_small(number) for number in numbers], _small(math.ceil(side * _SCALE - 1e-6))


def _small(number: float) -> int:
    if abs(number) > _LARGEST:
        raise EngineError(f"{number:g} is too large a number for CP-SAT.", remedy="Report what led to it.")
    return int(number)
