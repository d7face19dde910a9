"""CP-SAT behind one door: runs in its own thread, so that the keyboard and a stop flag reach it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from legation.errors import EngineError
from legation.planning.engines.base import Halt

__all__ = ["Search", "Verdict", "solve_cp", "version"]

_POLL = 0.05
"""Seconds between looks at the keyboard and the stop flag."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """How to search.

    Attributes
    ----------
    seconds
        Limit on time.
    workers
        Threads; with one, the same seed takes the same steps.
    seed
        Seed of the search.
    presolve
        Whether to simplify first; an answer of "infeasible" is checked once more without.
    subsolvers
        The solver's own searches, by name, instead of its choice.
    options
        Further parameters of the solver.
    enough
        Ends the search when told of a value and bound that suffice.
    progress
        Told of value and bound as they improve; either may be None.
    halt
        Ends the search when set.
    """

    seconds: float = 60.0
    workers: int = 1
    seed: int = 1
    presolve: bool = True
    subsolvers: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    enough: Callable[[int], bool] = lambda _: False
    progress: Callable[[int | None, int | None], None] | None = None
    halt: Halt = field(default_factory=Halt)


@dataclass(frozen=True, eq=False)
class Verdict:
    """What came back.

    Attributes
    ----------
    status
        optimal, feasible (a limit ended the search with a solution), infeasible, none (ended without either).
    value, bound
        Objective and its proven lower bound, where there are any.
    values
        Values of the variables by their index in the model; empty without a solution.
    seconds
        Time spent.
    """

    status: Literal["optimal", "feasible", "infeasible", "none"]
    value: int | None
    bound: int | None
    values: Sequence[int]
    seconds: float

    def __getitem__(self, variable: Any) -> int:  # noqa: ANN401 - ortools' variables, imported only when used
        return int(self.values[variable.index])


def version() -> str:
    """Give the version of the installed OR-Tools."""
    from importlib.metadata import version as installed

    return installed("ortools")


def solve_cp(model: Any, search: Search) -> Verdict:  # noqa: ANN401 - a cp_model.CpModel, imported only when used
    """Solve a CP-SAT model, minimising its objective.

    Raises
    ------
    EngineError
        When CP-SAT refuses the model.
    """
    from ortools.sat.python import cp_model

    begun = time.monotonic()
    solver = cp_model.CpSolver()
    _set(solver.parameters, search)
    listener = _Listener(solver, search)
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(solver.solve(model, listener.callback)), daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(_POLL)
        except KeyboardInterrupt:
            search.halt.set()
        if search.halt.is_set():
            solver.stop_search()
    if not results or results[0] == cp_model.MODEL_INVALID:
        raise EngineError(
            f"CP-SAT refused the scheduling model: {model.validate() or 'it failed'}.", remedy="Report what led to it."
        )
    return _verdict(solver, results[0], has_objective=model.has_objective(), seconds=time.monotonic() - begun)


def _set(parameters: Any, search: Search) -> None:  # noqa: ANN401 - a protocol buffer without types
    parameters.max_time_in_seconds = max(0.01, search.seconds)
    parameters.num_workers = search.workers
    parameters.random_seed = search.seed
    parameters.cp_model_presolve = search.presolve
    parameters.catch_sigint_signal = False
    if search.subsolvers:
        parameters.subsolvers.extend(search.subsolvers)
    for name, value in search.options.items():
        current = getattr(parameters, name)
        if hasattr(current, "extend"):
            current.extend(value)
        else:
            setattr(parameters, name, value)


class _Listener:
    """Passes improvements on, and stops the solver when they suffice."""

    def __init__(self, solver: Any, search: Search) -> None:  # noqa: ANN401
        from ortools.sat.python import cp_model

        outer = self

        class Callback(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                outer.tell(round(self.objective_value), None)
                if search.enough(round(self.objective_value)):
                    self.stop_search()

        self.search = search
        self.callback = Callback()
        if search.progress is not None:
            solver.best_bound_callback = lambda bound: self.tell(None, _upward(bound))

    def tell(self, value: int | None, bound: int | None) -> None:
        if self.search.progress is not None:
            self.search.progress(value, bound)


def _upward(bound: float) -> int:
    """Round a bound on a whole number up, as far as it is clear of the number below."""
    return int(-((-bound + 1e-6) // 1))


def _verdict(solver: Any, status: Any, *, has_objective: bool, seconds: float) -> Verdict:  # noqa: ANN401
    from ortools.sat.python import cp_model

    if status == cp_model.INFEASIBLE:
        return Verdict("infeasible", None, None, (), seconds)
    bound = _upward(solver.best_objective_bound) if has_objective else None
    if status == cp_model.UNKNOWN:
        return Verdict("none", None, bound, (), seconds)
    value = round(solver.objective_value) if has_objective else None
    solution = solver.response_proto.solution
    return Verdict("optimal" if status == cp_model.OPTIMAL else "feasible", value, bound, tuple(solution), seconds)
