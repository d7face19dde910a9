"""Which problems list heuristics can work on, and how they see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from legation.planning.schedule.generation import Plain
from legation.planning.schedule.improve import Found
from legation.planning.schedule.problem import Problem, Task
from legation.planning.schedule.result import Placed
from legation.planning.schedule.staff import skill_sets

__all__ = ["View", "plain_of"]


@dataclass(frozen=True, eq=False)
class View:
    """A problem as arrays, with its tasks in the arrays' order; skills stand as capacities of sets of skills."""

    plain: Plain
    tasks: tuple[Task, ...]

    def placed(self, found: Found) -> tuple[Placed, ...]:
        """Give a found schedule, without people."""
        rows = []
        for number, task in enumerate(self.tasks):
            mode, start = task.modes[int(found.modes[number])], int(found.starts[number])
            rows.append(Placed(task=task.id, mode=mode.id, start=start, end=start + mode.duration))
        return tuple(rows)


def plain_of(problem: Problem) -> View | None:
    """Give the arrays, or None where a rule is beyond lists: calendars, choices, due dates, travel, absences."""
    constrained = any(
        task.optional or task.release or task.due is not None or any(mode.starts is not None for mode in task.modes)
        for task in problem.tasks
    )
    moving = any(resource.changes for resource in problem.resources) or any(person.away for person in problem.people)
    if constrained or moving or problem.groups or any(row.periods for row in problem.travels) or not problem.tasks:
        return None
    if any(row.lag < 0 for row in problem.precedences):
        return None
    by_id = {task.id: task for task in problem.tasks}
    tasks = tuple(by_id[name] for name in problem.order)
    number = {task.id: at for at, task in enumerate(tasks)}
    renewable = [resource for resource in problem.resources if resource.renewable]
    stocks = [resource for resource in problem.resources if not resource.renewable]
    sets = skill_sets(problem)
    demand, use, duration = [], [], []
    width = max(len(task.modes) for task in tasks)
    for task in tasks:
        modes = [*task.modes, *[task.modes[-1]] * (width - len(task.modes))]
        duration.append([mode.duration for mode in modes])
        own = [dict(mode.uses) for mode in modes]
        asked = [[sum(n for skill, n in mode.skills if skill in item.skills) for item in sets] for mode in modes]
        demand.append(
            [[row.get(item.id, 0) for item in renewable] + more for row, more in zip(own, asked, strict=True)]
        )
        use.append([[row.get(item.id, 0) for item in stocks] for row in own])
    capacity = [resource.capacity for resource in renewable] + [len(item.people) for item in sets]
    plain = Plain(
        duration=np.array(duration, np.int64),
        demand=_array(demand, (len(tasks), width, len(capacity))),
        capacity=np.array(capacity, np.int64),
        use=_array(use, (len(tasks), width, len(stocks))),
        stock=np.array([resource.capacity for resource in stocks], np.int64),
        modes=np.array([len(task.modes) for task in tasks], np.int64),
        lags=tuple((number[row.before], number[row.after], row.lag) for row in problem.precedences),
    )
    return View(_bounded(plain), tasks) if _possible(plain) else None


def _array(rows: Sequence[object], shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(rows, np.int64).reshape(shape)


def _bounded(plain: Plain) -> Plain:
    """Leave out capacities that can never run short."""
    most = plain.demand.max(axis=1, initial=0)
    short = np.flatnonzero(most.sum(axis=0) > plain.capacity)
    return Plain(
        duration=plain.duration,
        demand=np.ascontiguousarray(plain.demand[:, :, short]),
        capacity=plain.capacity[short],
        use=plain.use,
        stock=plain.stock,
        modes=plain.modes,
        lags=plain.lags,
    )


def _possible(plain: Plain) -> bool:
    fits = (plain.demand <= plain.capacity).all(axis=2) | (plain.duration == 0)
    return bool(fits.any(axis=1).all()) and bool(
        (plain.use.min(axis=1, initial=10**9).sum(axis=0) <= plain.stock).all()
    )
