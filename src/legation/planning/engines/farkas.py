"""Why a linear relaxation is impossible: the rows whose combination proves it, from the dual simplex's last step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.highs import quiet_solver
from legation.planning.model.problem import Problem

__all__ = ["Verdict", "relaxed_verdict"]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the relaxation says.

    Attributes
    ----------
    possible
        Whether it has a solution; None where the time ran out.
    x
        A solution at a vertex, where there is one.
    ray
        Multipliers of the rows that prove that there is none (Farkas), where the solver gave them, shape (rows,).
    """

    possible: bool | None
    x: NDArray[np.float64] | None = None
    ray: NDArray[np.float64] | None = None


def relaxed_verdict(problem: Problem, *, seconds: float) -> Verdict:
    """Ask HiGHS's dual simplex, without presolve, whether the relaxation has a solution.

    A ray only points to where a conflict lies: it is never taken for a proof, and what it leads to is solved again.
    """
    import highspy

    solver = quiet_solver()
    for name, value in _OPTIONS.items():
        solver.setOptionValue(name, value)
    solver.setOptionValue("time_limit", max(0.05, seconds))
    solver.passModel(_linear(highspy.HighsLp(), problem, highspy.MatrixFormat.kColwise))
    solver.run()
    state = solver.getModelStatus()
    if state == highspy.HighsModelStatus.kOptimal:
        return Verdict(True, x=np.asarray(solver.getSolution().col_value, float))
    if state != highspy.HighsModelStatus.kInfeasible:
        return Verdict(None)
    answer = solver.getDualRay()
    found = len(answer) == _ANSWER and bool(answer[1])
    return Verdict(False, ray=np.asarray(answer[2], float) if found else None)


_OPTIONS: dict[str, object] = {"presolve": "off", "solver": "simplex", "simplex_strategy": 1}
_ANSWER = 3


def _linear(lp, problem: Problem, column_wise):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - highspy has no types
    lp.num_col_, lp.num_row_ = len(problem.cost), len(problem.row_lower)
    lp.col_cost_ = np.zeros(len(problem.cost))
    lp.col_lower_, lp.col_upper_ = problem.lower, problem.upper
    lp.row_lower_, lp.row_upper_ = problem.row_lower, problem.row_upper
    lp.a_matrix_.format_ = column_wise
    lp.a_matrix_.start_ = problem.matrix.indptr
    lp.a_matrix_.index_ = problem.matrix.indices
    lp.a_matrix_.value_ = problem.matrix.data
    return lp
