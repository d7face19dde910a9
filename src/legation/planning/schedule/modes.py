"""Modes that no shortest schedule needs, and resources that never run short, left out before anything is searched.

After Sprecher, Hartmann and Drexl (1997, OR Spektrum 19): one removal makes room for others, so they are repeated
until nothing changes. Ids stay, so a schedule of the smaller problem is one of the problem itself.
"""

from __future__ import annotations

import msgspec

from legation.planning.schedule.problem import Mode, Problem, Resource, Task

__all__ = ["reduced"]


def reduced(problem: Problem) -> Problem:
    """Leave out what cannot matter; the shortest makespan stays.

    Returns
    -------
    The same problem where nothing can be left out. A task keeps all its modes where none of them is possible.
    """
    while True:
        smaller = _without_modes(_without_resources(problem))
        if smaller is problem:
            return problem
        problem = smaller


def _without_resources(problem: Problem) -> Problem:
    """Leave out resources that suffice even if every task takes its most at once."""
    plenty = {item.id for item in problem.resources if _most_use(problem, item) <= _least_level(item)}
    if not plenty:
        return problem
    tasks = tuple(
        msgspec.structs.replace(task, modes=tuple(_without_uses(mode, plenty) for mode in task.modes))
        for task in problem.tasks
    )
    resources = tuple(item for item in problem.resources if item.id not in plenty)
    return msgspec.structs.replace(problem, tasks=tasks, resources=resources)


def _most_use(problem: Problem, resource: Resource) -> int:
    return sum(max(_amount(mode, resource) for mode in task.modes) for task in problem.tasks)


def _least_level(resource: Resource) -> int:
    return min([resource.capacity, *(units for _, units in resource.changes)])


def _most_level(resource: Resource) -> int:
    return max([resource.capacity, *(units for _, units in resource.changes)])


def _amount(mode: Mode, resource: Resource) -> int:
    return dict(mode.uses).get(resource.id, 0)


def _without_uses(mode: Mode, names: set[str]) -> Mode:
    return msgspec.structs.replace(mode, uses=tuple(row for row in mode.uses if row[0] not in names))


def _without_modes(problem: Problem) -> Problem:
    spare = _spare(problem)
    tasks = []
    for task in problem.tasks:
        kept = [mode for mode in task.modes if _possible(mode, task, problem.resources, spare)] or list(task.modes)
        for mode in kept[::-1]:
            if any(other is not mode and _serves(other, mode) for other in kept):
                kept.remove(mode)
        tasks.append(task if len(kept) == len(task.modes) else msgspec.structs.replace(task, modes=tuple(kept)))
    if all(new is old for new, old in zip(tasks, problem.tasks, strict=True)):
        return problem
    return msgspec.structs.replace(problem, tasks=tuple(tasks))


def _spare(problem: Problem) -> dict[str, int]:
    """Give what is left of each resource that is used up if every task that must be done takes its least."""
    return {
        item.id: _most_level(item)
        - sum(min(_amount(mode, item) for mode in task.modes) for task in problem.tasks if not task.optional)
        for item in problem.resources
        if not item.renewable
    }


def _possible(mode: Mode, task: Task, resources: tuple[Resource, ...], spare: dict[str, int]) -> bool:
    """Say whether a mode fits into what there is when nothing else is done that need not be."""
    for item in resources:
        amount = _amount(mode, item)
        if item.renewable:
            if mode.duration and amount > _most_level(item):
                return False
            continue
        own = 0 if task.optional else min(_amount(other, item) for other in task.modes)
        if amount and amount - own > spare[item.id]:
            return False
    return True


def _serves(other: Mode, mode: Mode) -> bool:
    """Say whether a mode can stand in for another wherever that one is chosen."""
    uses, skills = dict(mode.uses), dict(mode.skills)
    return (
        other.duration <= mode.duration
        and all(amount <= uses.get(name, 0) for name, amount in other.uses)
        and all(count <= skills.get(name, 0) for name, count in other.skills)
        and (other.starts is None or (mode.starts is not None and set(mode.starts) <= set(other.starts)))
    )
