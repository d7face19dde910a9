"""Check a schedule against a problem, from the definition: shares no code with what finds schedules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Literal

import msgspec

from legation.planning.schedule.problem import Mode, Problem, Resource, Task
from legation.planning.schedule.result import Placed

__all__ = ["Violation", "violations"]

ViolationKind = Literal[
    "unknown", "twice", "missing", "duration", "start", "release", "due", "resource", "skill", "person", "away",
    "travel", "precedence", "group",
]  # fmt: skip


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that a schedule breaks, in words, with the tasks concerned."""

    kind: ViolationKind
    words: str
    tasks: tuple[str, ...] = ()


def violations(problem: Problem, placed: Sequence[Placed]) -> tuple[Violation, ...]:
    """Give every rule that a schedule breaks; none for a valid one."""
    tasks = {task.id: task for task in problem.tasks}
    unknown = [
        Violation(kind="unknown", words=f"There is no task {row.task!r} with a mode {row.mode!r}.", tasks=(row.task,))
        for row in placed
        if row.task not in tasks or all(mode.id != row.mode for mode in tasks[row.task].modes)
    ]
    if unknown:
        return tuple(unknown)
    rows = [(tasks[row.task], next(m for m in tasks[row.task].modes if m.id == row.mode), row) for row in placed]
    return tuple(
        found
        for check in (_done, _times, _resources, _skills, _people, _travel, _order, _groups)
        for found in check(problem, rows)
    )


_Row = tuple[Task, Mode, Placed]


def _broken(kind: ViolationKind, words: str, *tasks: str) -> Violation:
    return Violation(kind=kind, words=words, tasks=tasks)


def _done(problem: Problem, rows: Sequence[_Row]) -> Iterator[Violation]:
    count = Counter(row.task for _, _, row in rows)
    for task in problem.tasks:
        if count[task.id] > 1:
            yield _broken("twice", f"Task {task.id!r} is done {count[task.id]} times.", task.id)
        if count[task.id] == 0 and not task.optional:
            yield _broken("missing", f"Task {task.id!r} is not done.", task.id)


def _times(problem: Problem, rows: Sequence[_Row]) -> Iterator[Violation]:
    del problem
    for task, mode, row in rows:
        if row.end - row.start != mode.duration:
            words = f"Task {row.task!r} runs from {row.start} to {row.end}, not for {mode.duration} periods."
            yield _broken("duration", words, row.task)
        if mode.starts is not None and row.start not in mode.starts:
            yield _broken("start", f"Task {row.task!r} may not start at {row.start}.", row.task)
        if row.start < max(0, task.release):
            yield _broken("release", f"Task {row.task!r} starts at {row.start}, before {task.release}.", row.task)
        if task.due is not None and row.end > task.due:
            yield _broken("due", f"Task {row.task!r} ends at {row.end}, after {task.due}.", row.task)


def _capacity(resource: Resource, when: int) -> int:
    return ([resource.capacity] + [units for at, units in resource.changes if at <= when])[-1]


def _resources(problem: Problem, rows: Sequence[_Row]) -> Iterator[Violation]:
    for resource in problem.resources:
        uses = [(row, amount) for _, mode, row in rows for name, amount in mode.uses if name == resource.id and amount]
        # both kinds are tightest where a task starts, or, if renewable, where the capacity changes
        times = {row.start for row, _ in uses} | {at for at, _ in resource.changes}
        for when in sorted(times):
            if resource.renewable:
                now = [(row, amount) for row, amount in uses if row.start <= when < row.end]
            else:
                now = [(row, amount) for row, amount in uses if row.start <= when]
            total, limit = sum(amount for _, amount in now), _capacity(resource, when)
            if total > limit:
                words = f"Resource {resource.id!r} has {limit} at {when} and {total} are used."
                yield _broken("resource", words, *sorted(row.task for row, _ in now))
                break


def _skills(problem: Problem, rows: Sequence[_Row]) -> Iterator[Violation]:
    people = {person.id: person for person in problem.people}
    for _, mode, row in rows:
        given = Counter(skill for _, skill in row.people)
        for skill in sorted(given.keys() | {name for name, _ in mode.skills}):
            wanted = dict(mode.skills).get(skill, 0)
            if given[skill] != wanted:
                words = f"Task {row.task!r} needs {wanted} for skill {skill!r} and has {given[skill]}."
                yield _broken("skill", words, row.task)
        for name, skill in row.people:
            if name not in people:
                yield _broken("unknown", f"There is no person {name!r}.", row.task)
            elif skill not in people[name].skills:
                yield _broken("skill", f"Person {name!r} does not master {skill!r}.", row.task)


def _people(problem: Problem, rows: Sequence[_Row]) -> Iterator[Violation]:
    away = {person.id: person.away for person in problem.people}
    for name, own in _by_person(rows).items():
        for before, after in pairwise(own):
            if after.start < before.end or before.task == after.task:
                words = f"Person {name!r} would do {before.task!r} and {after.task!r} at once."
                yield _broken("person", words, before.task, after.task)
        for row in own:
            for first, back in away.get(name, ()):
                if row.start < back and first < row.end:
                    yield _broken("away", f"Person {name!r} is away during {row.task!r}.", row.task)


def _by_person(rows: Sequence[_Row]) -> dict[str, list[Placed]]:
    """Give what each person does, by start; what takes no time is done by anybody at any moment."""
    out: defaultdict[str, list[Placed]] = defaultdict(list)
    for _, _, row in sorted(rows, key=lambda item: (item[2].start, item[2].end)):
        if row.end > row.start:
            for name, _ in row.people:
                out[name].append(row)
    return out


def _travel(problem: Problem, rows: Sequence[_Row]) -> Iterator[Violation]:
    place = {task.id: task.place for task in problem.tasks}
    ways = {(row.origin, row.destination): row.periods for row in problem.travels}
    for name, own in _by_person(rows).items():
        for before, after in combinations(own, 2):
            origin, destination = place[before.task], place[after.task]
            if origin is None or destination is None or origin == destination:
                continue
            periods = ways.get((origin, destination), 0)
            if before.end <= after.start < before.end + periods:
                words = f"Person {name!r} needs {periods} periods from {origin!r} to {destination!r}."
                yield _broken("travel", words, before.task, after.task)


def _order(problem: Problem, rows: Sequence[_Row]) -> Iterator[Violation]:
    by_task = {row.task: row for _, _, row in rows}
    for link in problem.precedences:
        after = by_task.get(link.after)
        if after is None:
            continue
        before = by_task.get(link.before)
        if before is None:
            words = f"Task {link.after!r} needs {link.before!r}, which is not done."
            yield _broken("precedence", words, link.after)
        elif after.start < before.end + link.lag:
            words = f"Task {link.after!r} starts at {after.start}, before {before.end} + {link.lag}."
            yield _broken("precedence", words, link.before, link.after)


def _groups(problem: Problem, rows: Sequence[_Row]) -> Iterator[Violation]:
    done = {row.task for _, _, row in rows}
    for group in problem.groups:
        count = len(done & set(group.tasks))
        if count < group.least or (group.most is not None and count > group.most):
            words = f"Group {group.id!r} asks for {group.least} to {group.most} tasks and has {count}."
            yield _broken("group", words, *sorted(done & set(group.tasks)))
