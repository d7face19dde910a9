"""The outline: which missions in which modes, with months and staff left continuous and idle rows left out.

It leaves rules out and adds none, so its bound holds for every plan. Where an outline cannot be staffed, a small linear
problem names the rows that prove it, and they come back.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.engines.base import Engine, Halt, Request
from legation.planning.model.build import Model, Problem

__all__ = ["broken_rows", "outline_of", "used_rows"]

_LAZY = frozenset({"position", "absorption"})
"""Rows that the outline leaves out while the relaxation does not use them."""


def used_rows(model: Model, relaxed: NDArray[np.float64] | None) -> NDArray[np.bool_]:
    """Say which rows the outline needs from the start, shape (rows,); all of them without a relaxed solution."""
    lazy = model.rows.of_kinds(_LAZY)
    if relaxed is None:
        return np.ones(len(lazy), bool)
    slack = model.problem.row_upper - model.problem.matrix @ relaxed
    used: NDArray[np.bool_] = ~lazy | (slack <= 1e-4 * np.maximum(1.0, np.abs(model.problem.row_upper)))
    return used


def outline_of(model: Model, kept: NDArray[np.bool_], *, months_whole: bool) -> Problem:
    """Give the outline with these rows, its months whole or in fractions."""
    problem = model.problem
    integer = np.zeros(len(problem.cost), bool)
    integer[model.option_columns] = True
    integer[: len(model.slots)] = months_whole
    return replace(
        problem,
        integer=integer,
        matrix=problem.matrix.tocsr()[kept].tocsc(),
        row_lower=problem.row_lower[kept],
        row_upper=problem.row_upper[kept],
    )


def broken_rows(
    model: Model, x: NDArray[np.float64], *, engine: Engine, seconds: float, halt: Halt
) -> NDArray[np.bool_]:
    """Find the left-out rows that prove an outline impossible: those with a price when staff is let overflow."""
    problem = model.problem
    lazy_rows = model.rows.of_kinds(_LAZY)
    lazy = np.flatnonzero(lazy_rows)
    overflow = sparse.csc_matrix((-np.ones(len(lazy)), (lazy, np.arange(len(lazy)))), shape=(len(lazy_rows), len(lazy)))
    flows = np.concatenate([np.empty(0, np.int64), *(own for _, own in model.flows)]).astype(np.int64)
    lower, upper = x.copy(), x.copy()
    lower[flows], upper[flows] = problem.lower[flows], problem.upper[flows]
    # money may have been drawn and values rounded by the engine: only staff and visits are asked about
    asked = lazy_rows | model.rows.of_kinds({"staff_class"})
    question = Problem(
        cost=np.concatenate([np.zeros(len(x)), -np.ones(len(lazy))]),
        lower=np.concatenate([lower, np.zeros(len(lazy))]),
        upper=np.concatenate([upper, np.full(len(lazy), 1e4)]),
        integer=np.zeros(len(x) + len(lazy), bool),
        matrix=sparse.hstack([problem.matrix, overflow]).tocsr()[asked].tocsc(),
        row_lower=problem.row_lower[asked],
        row_upper=problem.row_upper[asked] + 1e-7,
    )
    answer = engine.solve(question, Request(relaxed=True, vertex=True, seconds=max(0.05, seconds), halt=halt))
    broken = np.zeros(len(asked), bool)
    if answer.duals is not None and (answer.value or 0.0) < -1e-5:
        broken[np.flatnonzero(asked)[np.abs(answer.duals) > 1e-6]] = True
    return broken & lazy_rows
