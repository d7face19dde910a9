"""Solve for a desk's value over floors on other aims with the planner's own search: for desks of any size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from legation.errors import InfeasibleError
from legation.planning.engines.base import Engine, Halt, Request
from legation.planning.frontier.aims import DeskAims
from legation.planning.frontier.search import Outcome, Steps
from legation.planning.model.build import Model
from legation.planning.model.extend import Extension
from legation.planning.model.names import RowName
from legation.planning.model.problem import INF
from legation.planning.solve import search

__all__ = ["DeskOracle"]

_SHARE = 0.05
"""Share of the gap that may be given up, so that of two plans of nearly equal value the one that takes less wins."""


class DeskOracle:
    """Solve for value with the planner's search, for the other aims with the engine, then value at their best.

    Parameters
    ----------
    aims
        The desk's aims, value first.
    steps
        Step of each aim.
    engine, gap, seed, halt
        As for the planner; gap must be above 0.
    most
        Seconds for one solve at most.
    """

    def __init__(
        self, aims: DeskAims, *, steps: Steps, engine: Engine, gap: float, seed: int, halt: Halt, most: float
    ) -> None:
        self.aims, self.steps, self.engine = aims, steps, engine
        self.gap, self.seed, self.halt, self.most = gap, seed, halt, most
        self.ranges = np.maximum(np.abs(aims.table).sum(axis=1), 1e-9)

    def best(
        self, aim: int, *, floors: NDArray[np.float64], start: NDArray[np.float64] | None, seconds: float
    ) -> Outcome:
        """Maximise one aim with every other aim at least a step above its floor; value next where it is not the aim."""
        least = floors + self.steps.sizes
        least[aim] = -INF
        # the ends of the range are what all else is measured by
        time = min(seconds, self.most) if np.isfinite(least).any() else seconds
        if aim == 0:
            return self._value(least, start=start, seconds=time)
        problem = self.aims.model.problem
        model = self._model(self.aims.table[aim] / self.ranges[aim], least)
        answer = self.engine.solve(model.problem, Request(seconds=time, seed=self.seed, start=None, halt=self.halt))
        if answer.status == "infeasible":
            return Outcome(x=None, values=None, bound=-INF, closed=True)
        bound = answer.bound * float(self.ranges[aim])
        if answer.x is None:
            return Outcome(x=None, values=None, bound=bound, closed=False)
        x = np.where(problem.integer, np.round(answer.x), answer.x)
        held = least.copy()
        held[aim] = float(self.aims.values(x)[aim]) - 1e-6 * max(1.0, abs(bound))
        richest = self._value(held, start=x, seconds=time)
        values = self.aims.values(x) if richest.values is None else richest.values
        return Outcome(
            x=x if richest.x is None else richest.x, values=values, bound=bound, closed=answer.status == "optimal"
        )

    def _value(self, least: NDArray[np.float64], *, start: NDArray[np.float64] | None, seconds: float) -> Outcome:
        """Search for value less a small part of the others, so that nothing is spent for nothing."""
        small = _SHARE * self.gap / self.ranges
        small[0] = 1.0
        model = self._model(small @ self.aims.table, least)

        def worth(slots: list[int]) -> float:
            return float(small @ self.aims.values(self._columns(slots)))

        try:
            found = search(
                self.aims.data,
                self.engine,
                gap=self.gap,
                seconds=seconds,
                seed=self.seed,
                halt=self.halt,
                model=model,
                worth=worth,
                start=() if start is None else self.aims.model.chosen(start).tolist(),
            )
        except InfeasibleError:
            # the time was over before a plan was found; there may be one
            return Outcome(x=None, values=None, bound=INF, closed=False)
        if found is None:
            return Outcome(x=None, values=None, bound=-INF, closed=True)
        x = found.x[: self.aims.table.shape[1]]
        values = self.aims.values(x)
        if np.any(values[1:] < least[1:] - 1e-6 * np.maximum(1.0, np.abs(least[1:]))):
            # the search fell back on the empty plan without a proof
            return Outcome(x=None, values=None, bound=found.bound + float(small[1:].sum()), closed=False)
        # the others count against the objective, by their share of their range at most
        bound = found.bound + float(small[1:] @ self.ranges[1:])
        return Outcome(x=x, values=values, bound=max(bound, float(values[0])), closed=found.gap <= self.gap)

    def _columns(self, slots: list[int]) -> NDArray[np.float64]:
        x = np.zeros(self.aims.table.shape[1])
        model = self.aims.model
        x[: len(model.slots)] = np.isin(model.slots, slots)
        x[model.option_columns] = np.isin(model.options, self.aims.data.slots.option[np.asarray(slots, np.int64)])
        return x

    def _model(self, cost: NDArray[np.float64], least: NDArray[np.float64]) -> Model:
        extension = Extension(self.aims.model)
        extension.own_cost = cost
        for aim in np.flatnonzero(np.isfinite(least)):
            columns = np.flatnonzero(self.aims.table[aim])
            scale = float(np.abs(self.aims.table[aim]).max(initial=1e-12))
            name = RowName("aim", self.aims.names[aim])
            extension.add_row(name, columns, self.aims.table[aim][columns] / scale, lower=float(least[aim] / scale))
        return replace(extension.model())
