"""Give people to a schedule whose times stand: whole numbers from classes of people, limited wherever a task starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from legation.planning.engines.cpsat import Search, Verdict, solve_cp
from legation.planning.schedule.problem import Problem
from legation.planning.schedule.result import Placed
from legation.planning.schedule.staff import classes_of, named

__all__ = ["staffed"]


def staffed(problem: Problem, placed: Sequence[Placed], search: Search) -> tuple[tuple[Placed, ...] | None, Verdict]:
    """Find people for a schedule.

    Parameters
    ----------
    problem
        Without travel and absences.
    placed
        Tasks with their times; people in it are replaced.
    search
        Limits on the search.

    Returns
    -------
    The schedule with people, or None; and what CP-SAT answered: "infeasible" proves that these times have none.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    classes = classes_of(problem)
    modes = {(task.id, mode.id): mode for task in problem.tasks for mode in task.modes}
    taken: dict[tuple[str, int, str], Any] = {}
    totals: defaultdict[int, list[tuple[Placed, Any]]] = defaultdict(list)
    for row in placed:
        skills = [(skill, count) for skill, count in modes[row.task, row.mode].skills if count]
        for number, own in enumerate(classes):
            parts = []
            for skill, count in skills:
                if skill in own.skills:
                    part = model.new_int_var(0, min(count, len(own.people)), "")
                    taken[row.task, number, skill] = part
                    parts.append(part)
            if parts:
                totals[number].append((row, sum(parts)))
        for skill, count in skills:
            parts = [taken[row.task, number, skill] for number, own in enumerate(classes) if skill in own.skills]
            model.add(sum(parts) == count)
    for number, rows in totals.items():
        running = {
            tuple(at for at, (row, _) in enumerate(rows) if row.start <= when < row.end)
            for when in {row.start for row, _ in rows}
        } | {(at,) for at in range(len(rows))}
        for own_rows in running:
            if not any(set(own_rows) < set(other) for other in running):
                model.add(sum(rows[at][1] for at in own_rows) <= len(classes[number].people))
    verdict = solve_cp(model, search)
    if verdict.status not in {"optimal", "feasible"}:
        return None, verdict
    spans = {row.task: (row.start, row.end) for row in placed}
    people = named(classes, spans, {key: verdict[part] for key, part in taken.items()})
    return tuple(msgspec.structs.replace(row, people=people.get(row.task, ())) for row in placed), verdict
