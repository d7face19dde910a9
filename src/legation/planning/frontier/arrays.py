"""Frontiers of a problem given as arrays: linear aims over columns, solved and proven by an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.errors import EngineError, InputError
from legation.planning.beside import solve_beside
from legation.planning.engines.base import Answer, Engine, Halt, Request
from legation.planning.engines.highs import Highs
from legation.planning.frontier.exact import WholeOracle, whole_rows
from legation.planning.frontier.lattice import lattice_step
from legation.planning.frontier.search import Found, Oracle, Outcome, Steps, find_points
from legation.planning.model.problem import INF, Problem

__all__ = ["ArrayOracle", "frontier_of", "steps_of"]

_LARGEST = 1e8
"""Objective of a single solve for an aim and the sum of the others: beyond, the engine's precision would not tell
solutions apart, and two solves are made."""
_CLOSE = 1e-6
_FINEST = 1e5


def frontier_of(
    problem: Problem,
    aims: NDArray[np.float64],
    *,
    engine: Engine | None = None,
    steps: Sequence[float | None] | None = None,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    halt: Halt | None = None,
) -> Found:
    """Find every nondominated point of a problem with two to four linear aims, all maximised.

    Parameters
    ----------
    problem
        What is feasible; its own objective is not read.
    aims
        Coefficients of each aim by column, shape (p, n).
    engine
        Solver of mixed-integer problems. When left out, problems in whole numbers are solved in whole numbers by
        CP-SAT, and all others by HiGHS.
    steps
        Step of each aim; where left out, the grid that its values lie on. One aim may be without either: it is then
        maximised over floors on all the others.
    seconds, seed
        Limit on time; seed of the solver.
    progress, halt
        Told of points and open boxes after every solve; ends the search when set.

    Returns
    -------
    Found
        `complete` only where the proof is there.

    Raises
    ------
    InputError
        When the aims are fewer than two or more than four, do not fit the columns, or two have neither grid nor step.
    """
    table = np.asarray(aims, float)
    columns = len(problem.cost)
    if table.ndim == 2 and table.shape[1] != columns:
        raise InputError(f"The aims have {table.shape[1]} columns and the problem {columns}.")
    given, primary = steps_of(table, integer=problem.integer, steps=steps)
    stop = halt or Halt()
    oracle = _oracle(problem, table, steps=given, engine=engine, seed=seed, halt=stop)
    return find_points(oracle, steps=given, primary=primary, seconds=seconds, progress=progress, halt=stop)


def _oracle(
    problem: Problem, aims: NDArray[np.float64], *, steps: Steps, engine: Engine | None, seed: int, halt: Halt
) -> Oracle:
    rows = whole_rows(problem) if engine is None and bool(np.all(steps.grid > 0)) else None
    if rows is not None:
        whole = WholeOracle(problem, rows, aims, steps=steps, seed=seed, halt=halt)
        if whole.fits:
            return whole
    return ArrayOracle(problem, aims, steps=steps, engine=engine or Highs(), seed=seed, halt=halt)


def steps_of(
    aims: NDArray[np.float64], *, integer: NDArray[np.bool_], steps: Sequence[float | None] | None = None
) -> tuple[Steps, int | None]:
    """Give the step of each aim, and the aim that has none and must be the maximised one.

    Raises
    ------
    InputError
        When the aims are fewer than two or more than four, steps are not positive, or two have neither grid nor step.
    """
    if aims.ndim != 2 or not 2 <= len(aims) <= 4:
        raise InputError(f"{len(aims)} aims were given.", remedy="Give two to four.")
    if not np.all(np.isfinite(aims)):
        raise InputError("An aim has coefficients that are not finite.", remedy="Give finite numbers.")
    asked = [None] * len(aims) if steps is None else list(steps)
    if len(asked) != len(aims) or any(step is not None and not 0 < step < INF for step in asked):
        raise InputError(f"The steps {asked} do not fit {len(aims)} aims.", remedy="Give a positive step for each.")
    sizes, grids, without = np.zeros(len(aims)), np.zeros(len(aims)), []
    for aim, (coefficients, step) in enumerate(zip(aims, asked, strict=True)):
        grid = lattice_step(coefficients, integer=integer) if np.any(coefficients) else 1.0
        if step is None and grid is None:
            without.append(aim)
            sizes[aim] = 1e-6
            continue
        grids[aim] = grid or 0.0
        if grid is None:
            sizes[aim] = step
        else:
            sizes[aim] = grid if step is None else max(1.0, np.floor(step / grid + _CLOSE)) * grid
    if len(without) > 1:
        raise InputError(
            f"The aims {', '.join(str(aim + 1) for aim in without)} lie on no grid.", remedy="Give all but one a step."
        )
    return Steps(sizes=sizes, grid=grids), without[0] if without else None


class ArrayOracle:
    """Solve for one aim over floors on the others, one problem with changed bounds every time.

    Parameters
    ----------
    problem, aims, steps, engine, seed, halt
        As for `frontier_of`.
    gap
        Proven relative gap of each solve.
    values
        Gives the aims of a solution; the aims' own coefficients when left out.
    """

    def __init__(
        self,
        problem: Problem,
        aims: NDArray[np.float64],
        *,
        steps: Steps,
        engine: Engine,
        seed: int,
        halt: Halt,
        gap: float = 0.0,
        values: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    ) -> None:
        self.steps, self.engine, self.seed, self.halt, self.gap = steps, engine, seed, halt, gap
        self.aims, self.values = aims, values
        # in steps of its own, an aim on a grid has whole coefficients and every aim has a range that tolerances fit
        largest = np.maximum(np.abs(aims).max(axis=1, initial=0.0), 1e-12)
        self.on_grid = (steps.grid > 0) & (largest <= _FINEST * steps.grid)
        # a step has to stay far above the engine's tolerance on rows, and coefficients below what it takes well
        self.units = np.where(self.on_grid, steps.grid, np.where(steps.grid > 0, largest / _FINEST, largest))
        scaled = aims / self.units[:, None]
        self.scaled = np.where(self.on_grid[:, None], np.round(scaled), scaled)
        self.low = _reach(self.scaled, problem, least=True)
        self.high = _reach(self.scaled, problem, least=False)
        self.whole = bool(np.all(problem.integer))
        self.problem = replace(
            problem,
            matrix=sparse.vstack([problem.matrix, sparse.csc_matrix(self.scaled)], format="csc"),
            row_lower=np.concatenate([problem.row_lower, np.full(len(aims), -INF)]),
            row_upper=np.concatenate([problem.row_upper, np.full(len(aims), INF)]),
        )

    def best(
        self, aim: int, *, floors: NDArray[np.float64], start: NDArray[np.float64] | None, seconds: float
    ) -> Outcome:
        """Maximise one aim with every other aim at least a step above its floor, then the sum of the others."""
        least = (floors + self.steps.sizes) / self.units
        least[aim] = -INF
        others = np.arange(len(self.aims)) != aim
        room = np.where(others, self.high - np.maximum(self.low, least), 0.0)
        weight = 1.0 + float(room.sum())
        reach = weight * float(np.max(np.abs([self.low[aim], self.high[aim]])))
        if bool(np.all(self.on_grid)) and reach <= _LARGEST:
            outcome = self._at_once(aim, least, weight, start=start, seconds=seconds)
            if outcome is not None:
                return outcome
        return self._in_turn(aim, least, start=start, seconds=seconds)

    def _at_once(
        self,
        aim: int,
        least: NDArray[np.float64],
        weight: float,
        *,
        start: NDArray[np.float64] | None,
        seconds: float,
    ) -> Outcome | None:
        """Solve for the aim and the others in one objective whose whole values order both; None without a proof."""
        weights = np.ones(len(self.aims))
        weights[aim] = weight
        answer = self._solve(weights @ self.scaled, least, start=start, seconds=seconds)
        if answer.status == "infeasible":
            return Outcome(x=None, values=None, bound=-INF, closed=True)
        # weight * aim + others <= bound, and the others have at least what their floors ask
        others = np.arange(len(self.aims)) != aim
        floor = float(np.maximum(self.low, least)[others].sum())
        most = np.floor((answer.bound - floor) / weight + _CLOSE) if answer.bound < INF else INF
        if answer.x is None:
            return Outcome(x=None, values=None, bound=self._top(aim, most), closed=False)
        x, units = self._checked(answer.x, least)
        total = float(weights @ units)
        if answer.status == "optimal" and not answer.bound < total + 1 - _CLOSE:
            return None
        closed = bool(answer.bound < total + 1 - _CLOSE)
        bound = float(units[aim]) if closed else most
        return Outcome(x=x, values=units * self.units, bound=self._top(aim, bound), closed=closed)

    def _in_turn(
        self, aim: int, least: NDArray[np.float64], *, start: NDArray[np.float64] | None, seconds: float
    ) -> Outcome:
        """Solve for the aim, then for the others with the aim held."""
        first = self._solve(self.scaled[aim], least, start=start, seconds=seconds, gap=self.gap)
        if first.status == "infeasible":
            return Outcome(x=None, values=None, bound=-INF, closed=True)
        if first.x is None:
            return Outcome(x=None, values=None, bound=self._top(aim, first.bound), closed=False)
        x, units = self._checked(first.x, least)
        bound = max(first.bound, float(units[aim]))
        closed = first.status == "optimal"
        if self.on_grid[aim]:
            bound = float(np.floor(bound + _CLOSE))
            closed = bound <= units[aim] + _CLOSE or (closed and self.gap > 0)
        held = least.copy()
        held[aim] = units[aim] - (0.0 if self.on_grid[aim] else 1e-7)
        weights = np.where(np.arange(len(self.aims)) == aim, 1e-3, 1.0) / np.maximum(self.high - self.low, 1e-9)
        second = self._solve(weights @ self.scaled, held, start=x, seconds=seconds, gap=max(self.gap, 1e-9))
        if second.x is not None:
            x, units = self._checked(second.x, held)
        return Outcome(x=x, values=self._values(x, units), bound=self._top(aim, bound), closed=closed)

    def _solve(
        self,
        cost: NDArray[np.float64],
        least: NDArray[np.float64],
        *,
        start: NDArray[np.float64] | None,
        seconds: float,
        gap: float = 0.0,
    ) -> Answer:
        lower = self.problem.row_lower.copy()
        lower[-len(self.aims) :] = least
        request = Request(seconds=max(seconds, 0.05), gap=gap, seed=self.seed, halt=self.halt)
        return solve_beside(self.engine, replace(self.problem, cost=cost, row_lower=lower), request, known=start)

    def _checked(
        self, x: NDArray[np.float64], least: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Round what must be whole and give the aims in units; a whole problem is checked row by row."""
        out = np.where(self.problem.integer, np.round(x), x)
        units = self.scaled @ out
        if self.whole:
            rows = self.problem.matrix @ out
            lower = np.concatenate([self.problem.row_lower[: -len(self.aims)], least])
            slack = 1e-6 * np.maximum(1.0, np.abs(rows))
            if np.any(rows < lower - slack) or np.any(rows > self.problem.row_upper + slack):
                raise EngineError(
                    f"{self.engine.name} answered with a solution that breaks a row.", remedy="Report the problem."
                )
        return out, np.where(self.on_grid, np.round(units), units)

    def _values(self, x: NDArray[np.float64], units: NDArray[np.float64]) -> NDArray[np.float64]:
        own: NDArray[np.float64] = units * self.units
        given = own if self.values is None else np.where(self.on_grid, own, self.values(x))
        # the grid's own values where there is one: sums of decimals would differ in their last digits
        grid = np.where(self.steps.grid > 0, self.steps.grid, 1.0)
        return np.where(self.steps.grid > 0, np.round(given / grid) * grid, given)

    def _top(self, aim: int, bound: float) -> float:
        return float(min(bound, self.high[aim])) * float(self.units[aim])


def _reach(aims: NDArray[np.float64], problem: Problem, *, least: bool) -> NDArray[np.float64]:
    """Give the least or greatest value that the columns' bounds allow each aim, shape (p,)."""
    low, high = (problem.lower, problem.upper) if least else (problem.upper, problem.lower)
    with np.errstate(invalid="ignore"):
        parts = np.where(aims > 0, aims * low, np.where(aims < 0, aims * high, 0.0))
    out: NDArray[np.float64] = parts.sum(axis=1)
    return out
