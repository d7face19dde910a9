"""A lower bound for tasks with several modes: modes chosen so that order, stocks and work leave the earliest end.

Capacities count only through work: what lies between two tasks has to be done between them. Where capacities are
wide the bound is the makespan itself, and the modes chosen give a shortest schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from legation.planning.engines.cpsat import Search, solve_cp
from legation.planning.schedule.generation import Plain, Stage, justified, order_of, serial
from legation.planning.schedule.improve import Found
from legation.planning.schedule.modes_work import order_between, spans

__all__ = ["Outline", "mode_outline"]


@dataclass(frozen=True, eq=False)
class Outline:
    """What the relaxed problem says.

    Attributes
    ----------
    bound
        No schedule is shorter.
    found
        A schedule in the modes chosen, where any were.
    infeasible
        Whether the stocks suffice for no choice of modes.
    """

    bound: int
    found: Found | None
    infeasible: bool = False


def mode_outline(plain: Plain, search: Search) -> Outline:
    """Solve the relaxed problem.

    Parameters
    ----------
    plain
        The problem.
    search
        Limits; presolve is left out, so that an answer of "infeasible" needs no second look.
    """
    stage = Stage(plain)
    form = _Form(plain, stage)
    verdict = solve_cp(form.model, search)
    if verdict.status == "infeasible":
        return Outline(0, None, infeasible=True)
    bound = max(0, verdict.bound or 0)
    if verdict.status == "none":
        return Outline(bound, None)
    modes = np.array([[int(np.argmax([verdict[one] for one in own])) for own in form.chosen]], np.int64)
    keys = np.array([[verdict[start] for start in form.starts]], np.int64)
    starts, modes = serial(stage, order_of(keys), modes)
    starts, ends = justified(stage, Stage(plain.mirrored()), starts, modes)
    return Outline(bound, Found(starts[0], modes[0], int(ends[0]), 3))


class _Form:
    """The relaxed problem in CP-SAT: a literal for each mode, whole starts, linear rows."""

    def __init__(self, plain: Plain, stage: Stage) -> None:
        from ortools.sat.python import cp_model

        self.plain = plain
        self.model: Any = cp_model.CpModel()
        self.chosen = [self._modes(task, ~stage.too_much[task]) for task in range(plain.count)]
        self.starts = [self.model.new_int_var(0, stage.horizon, f"start {task}") for task in range(plain.count)]
        self.end = self.model.new_int_var(0, stage.horizon, "end")
        self.ends = [start + self._sum([at], plain.duration) for at, start in enumerate(self.starts)]
        for end in self.ends:
            self.model.add(self.end >= end)
        for before, after, lag in plain.lags:
            self.model.add(self.starts[after] >= self.ends[before] + lag)
        for column, stock in enumerate(plain.stock.tolist()):
            self.model.add(self._sum(range(plain.count), plain.use[:, :, column]) <= stock)
        self._work()
        self.model.minimize(self.end)

    def _modes(self, task: int, fits: Any) -> list[Any]:  # noqa: ANN401 - a row of booleans
        own = [self.model.new_bool_var(f"{task} in {mode}") for mode in range(int(self.plain.modes[task]))]
        self.model.add_exactly_one(own)
        for mode, literal in enumerate(own):
            if not fits[mode]:
                self.model.add(literal == 0)
        return own

    def _sum(self, tasks: Sequence[int], amounts: np.ndarray[Any, Any]) -> Any:  # noqa: ANN401 - a linear expression
        """Add up what tasks take in the modes chosen; amounts have shape (n, M)."""
        return sum(
            literal * int(amount)
            for task in tasks
            for literal, amount in zip(self.chosen[task], amounts[task], strict=False)
            if amount
        )

    def _work(self) -> None:
        plain = self.plain
        order = order_between(plain.count, ((before, after) for before, after, _ in plain.lags))
        for column, units in enumerate(plain.capacity.tolist()):
            work = plain.duration * plain.demand[:, :, column]
            self.model.add(self._sum(range(plain.count), work) <= units * self.end)
            for span in spans(order):
                first = 0 if span.before is None else self.ends[span.before]
                last = self.end if span.after is None else self.starts[span.after]
                self.model.add(self._sum(span.tasks, work) <= units * (last - first))
