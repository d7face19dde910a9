"""Schedules with people from a list: each task at its earliest time at which free people can fill its places.

Who is taken matters for what comes later: people whose skills are in little demand go first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from legation.planning.schedule.problem import Mode, Problem
from legation.planning.schedule.result import Placed

__all__ = ["CrewLists"]

_NEVER = 1e6
"""Cost of a place for somebody who cannot fill it."""


class CrewLists:
    """Places tasks with people one by one; for problems of skills alone, without other resources, travel, absences."""

    def __init__(self, problem: Problem, *, rng: np.random.Generator) -> None:
        self.problem, self.rng = problem, rng
        self.number = {skill: at for at, skill in enumerate(problem.skills)}
        self.masters = np.zeros((len(problem.people), len(self.number)), bool)
        for row, person in enumerate(problem.people):
            for skill in person.skills:
                if skill in self.number:
                    self.masters[row, self.number[skill]] = True
        work = np.zeros(len(self.number))
        for task in problem.tasks:
            for skill, count in task.modes[0].skills:
                work[self.number[skill]] += count * task.modes[0].duration
        self.scarcity = work / np.maximum(1, self.masters.sum(axis=0))
        self.before: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for link in problem.precedences:
            self.before[link.after].append((link.before, link.lag))
        self.modes = {task.id: {mode.id: mode for mode in task.modes} for task in problem.tasks}
        self.rank = {task: at for at, task in enumerate(problem.order)}

    @classmethod
    def suits(cls, problem: Problem) -> bool:
        """Say whether nothing but skills and order limits the problem."""
        return bool(problem.skills) and not any(resource.renewable for resource in problem.resources)

    def schedule(self, placed: Sequence[Placed], *, noise: float) -> tuple[Placed, ...]:
        """Place tasks in the order of a schedule; modes stay, times and people are new."""
        worth = self.masters @ self.scarcity * (1.0 + noise * self.rng.random(len(self.masters)))
        busy = [0] * len(self.masters)
        ends: dict[str, int] = {}
        out = []
        for row in sorted(placed, key=lambda one: (one.start, self.rank[one.task])):
            mode = self.modes[row.task][row.mode]
            earliest = max((ends[task] + lag for task, lag in self.before[row.task]), default=0)
            start, people = self._place(mode, max(0, earliest), ends, busy, worth)
            for person, _ in people:
                busy[person] |= ((1 << mode.duration) - 1) << start
            ends[row.task] = start + mode.duration
            names = tuple(sorted((self.problem.people[person].id, skill) for person, skill in people))
            out.append(Placed(task=row.task, mode=mode.id, start=start, end=start + mode.duration, people=names))
        return tuple(out)

    def _place(
        self, mode: Mode, earliest: int, ends: dict[str, int], busy: list[int], worth: NDArray[np.float64]
    ) -> tuple[int, list[tuple[int, str]]]:
        places = [skill for skill, count in mode.skills for _ in range(count)]
        if not places:
            return earliest, []
        skills = [self.number[skill] for skill in places]
        able = self.masters[:, skills].T
        span = (1 << mode.duration) - 1
        # people only become free where something ends
        for start in sorted({earliest, *(end for end in ends.values() if end > earliest)}):
            free = np.array([not (mask >> start) & span for mask in busy])
            can = able & free
            if free.sum() < len(places) or not can.any(axis=1).all():
                continue
            rows, columns = linear_sum_assignment(np.where(can, worth, _NEVER))
            if can[rows, columns].all():
                return start, [(int(person), places[row]) for row, person in zip(rows, columns, strict=True)]
        raise AssertionError("a task that fits alone fits when all others have ended")
