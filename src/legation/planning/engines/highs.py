"""HiGHS behind the engine interface: runs in its own thread, so that the keyboard and a stop flag reach it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from legation.errors import EngineError
from legation.highs import quiet_solver
from legation.planning.engines.base import Answer, Request
from legation.planning.model.build import Problem

__all__ = ["Highs"]

_POLL = 0.1
"""Seconds between looks at the keyboard while the solver's thread runs."""


class Highs:
    """HiGHS, imported when it is first used."""

    name = "HiGHS"

    def version(self) -> str:
        """Give the version of the installed HiGHS."""
        return str(quiet_solver().version())

    def solve(self, problem: Problem, request: Request) -> Answer:
        """Solve a problem; a relaxed one by interior point without crossover, unless a vertex is asked for.

        Raises
        ------
        EngineError
            When HiGHS refuses the model or fails.
        """
        try:
            answer, nodes = _once(problem, request)
        except EngineError:
            # HiGHS 1.13 gave up on some problems in its presolve that it solved without it
            return _once(problem, request, presolve=False)[0]
        settled = nodes <= 0 and answer.status in {"optimal", "infeasible"}
        if request.relaxed or not settled or not request.proof:
            return answer
        return _confirmed(problem, request, answer)


def _confirmed(problem: Problem, request: Request, rash: Answer) -> Answer:
    """Solve again without presolve what HiGHS settled before it looked at a single node.

    Presolve of HiGHS 1.10 to 1.14 took a poorer solution for the best of some problems, or pruned all better ones
    away from a start's value; 1.16 is right on every one of them that is known. What presolve alone can settle is
    small, so asking twice still costs little.
    """
    start = request.start if rash.x is None else rash.x
    answer, _ = _once(problem, replace(request, start=start), presolve=False)
    if answer.status in {"optimal", "infeasible"} or rash.status == "infeasible":
        return answer
    if answer.x is not None and (answer.value or 0.0) >= (rash.value or 0.0):
        return answer
    return replace(rash, status="feasible", bound=max(answer.bound, rash.value or 0.0))


def _once(problem: Problem, request: Request, *, presolve: bool = True) -> tuple[Answer, int]:
    """Solve once, and give how many nodes HiGHS looked at."""
    import highspy

    solver = quiet_solver()
    _set_options(solver, problem, request)
    if not presolve:
        solver.setOptionValue("presolve", "off")
    if solver.passModel(_model(highspy, problem, request)) == highspy.HighsStatus.kError:
        raise EngineError("HiGHS refused the planning model.", remedy="Report the desk that led to it.")
    if request.start is not None and not request.relaxed:
        solution = highspy.HighsSolution()
        solution.col_value = request.start.tolist()
        solver.setSolution(solution)
    _listen(solver, request)
    status = _run(highspy, solver, request)
    answer = _answer(highspy, solver, problem, request, failed=status == highspy.HighsStatus.kError)
    return answer, int(solver.getInfo().mip_node_count)


def _set_options(solver: Any, problem: Problem, request: Request) -> None:  # noqa: ANN401 - highspy has no types
    options: dict[str, object] = {
        "time_limit": max(0.05, request.seconds),
        "random_seed": request.seed,
        "mip_rel_gap": max(request.gap, 0.0),
        "mip_abs_gap": 1e-9,
        "mip_feasibility_tolerance": 1e-7,
    }
    if request.relaxed:
        options |= {"solver": "simplex"} if request.vertex else {"solver": "ipm", "run_crossover": "off"}
    elif problem.matrix.nnz > 200_000:
        # the root relaxation of a large desk takes simplex minutes and interior point seconds
        options["mip_lp_solver"] = "ipm"
    if request.nodes is not None:
        options["mip_max_nodes"] = request.nodes
    for name, value in options.items():
        solver.setOptionValue(name, value)


def _model(highspy: Any, problem: Problem, request: Request) -> Any:  # noqa: ANN401 - highspy has no types
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(problem.cost), len(problem.row_lower)
    lp.col_cost_ = -problem.cost
    lp.col_lower_ = problem.lower if request.lower is None else request.lower
    lp.col_upper_ = problem.upper if request.upper is None else request.upper
    lp.row_lower_, lp.row_upper_ = problem.row_lower, problem.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = problem.matrix.indptr
    lp.a_matrix_.index_ = problem.matrix.indices
    lp.a_matrix_.value_ = problem.matrix.data
    if not request.relaxed:
        whole, any_value = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [whole if flag else any_value for flag in problem.integer]
    return lp


def _listen(solver: Any, request: Request) -> None:  # noqa: ANN401 - highspy has no types
    def interrupt(event: Any) -> None:  # noqa: ANN401
        if request.halt.is_set():
            event.data_in.user_interrupt = True

    def report(event: Any) -> None:  # noqa: ANN401
        if request.progress is not None:
            value, bound = -event.data_out.mip_primal_bound, -event.data_out.mip_dual_bound
            if event.data_out.mip_node_count <= 0:
                # what presolve alone claims is asked again before it counts
                bound = np.inf
            request.progress(value if np.isfinite(value) else None, bound if np.isfinite(bound) else None)

    solver.enableCallbacks()
    solver.cbMipInterrupt.subscribe(interrupt)
    solver.cbSimplexInterrupt.subscribe(interrupt)
    solver.cbIpmInterrupt.subscribe(interrupt)
    if not request.relaxed:
        solver.cbMipLogging.subscribe(report)


def _run(highspy: Any, solver: Any, request: Request) -> Any:  # noqa: ANN401 - highspy has no types
    result: list[Any] = []
    # the base class's run: highspy's own wrapper prints and exits on repeated interrupts
    thread = threading.Thread(target=lambda: result.append(highspy._core._Highs.run(solver)), daemon=True)  # noqa: SLF001
    thread.start()
    while thread.is_alive():
        try:
            thread.join(_POLL)
        except KeyboardInterrupt:
            request.halt.set()
    return result[0] if result else highspy.HighsStatus.kError


def _answer(highspy: Any, solver: Any, problem: Problem, request: Request, *, failed: bool) -> Answer:  # noqa: ANN401
    states = highspy.HighsModelStatus
    state = solver.getModelStatus()
    if state in {states.kInfeasible, states.kUnboundedOrInfeasible}:
        # every column is bounded, so the model cannot be unbounded
        return Answer(status="infeasible", bound=-float("inf"))
    if failed or state in {states.kSolveError, states.kModelError, states.kPresolveError, states.kPostsolveError}:
        raise EngineError(
            f"HiGHS failed: {solver.modelStatusToString(state)}.", remedy="Report the desk that led to it."
        )
    info, solution = solver.getInfo(), solver.getSolution()
    x: NDArray[np.float64] = np.asarray(solution.col_value, float)
    found = (
        len(x) == len(problem.cost) and info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    )
    optimal = state == states.kOptimal
    if request.relaxed:
        duals = -np.asarray(solution.row_dual, float) if solution.dual_valid else None
        return Answer(
            status="optimal" if optimal else ("feasible" if found else "none"),
            x=x if len(x) == len(problem.cost) else None,
            value=float(problem.cost @ x) if found else None,
            duals=duals,
        )
    if not found:
        return Answer(status="none", bound=-float(info.mip_dual_bound) if problem.integer.any() else float("inf"))
    value = float(problem.cost @ x)
    # without whole columns HiGHS solves no mixed-integer problem, and its bound of one stays 0
    linear = value if optimal else float("inf")
    return Answer(
        status="optimal" if optimal else "feasible",
        x=x,
        value=value,
        bound=-float(info.mip_dual_bound) if problem.integer.any() else linear,
    )
