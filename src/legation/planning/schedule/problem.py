"""The scheduling problem as checked data: tasks with modes, resources, people with skills, order, groups, travel.

Time is counted in whole periods from 0; a task that starts at s and lasts d runs in periods s to s + d - 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import msgspec

from legation.errors import InputError

__all__ = ["Group", "Mode", "Person", "Precedence", "Problem", "Resource", "Task", "Travel"]

_LIMIT = 10**6
"""The largest number allowed for times and amounts: products of two stay far inside 64 bits."""


class Mode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to do a task.

    Attributes
    ----------
    duration
        In periods.
    uses
        Resource and amount: held while the task runs of a renewable resource, used up at its start of another.
    skills
        Skill and how many people for it, held while the task runs; each person fills one place.
    starts
        Periods in which it may start; any, when left out.
    """

    id: str
    duration: int
    uses: tuple[tuple[str, int], ...] = ()
    skills: tuple[tuple[str, int], ...] = ()
    starts: tuple[int, ...] | None = None


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to be done once.

    Attributes
    ----------
    modes
        At least one.
    release, due
        It starts at `release` or later and has ended by `due` (runs in no period from `due` on).
    optional
        Whether it may be left out.
    place
        Where its people are, for travel.
    """

    id: str
    modes: tuple[Mode, ...]
    title: str = ""
    release: int = 0
    due: int | None = None
    optional: bool = False
    place: str | None = None


class Resource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something limited.

    Attributes
    ----------
    capacity
        Units from period 0 on.
    changes
        Period and the units from then on, in order of time. For a resource that is used up: how much has come in all.
    renewable
        Whether a task gives its units back at its end.
    """

    id: str
    capacity: int
    changes: tuple[tuple[int, int], ...] = ()
    renewable: bool = True
    title: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who does one task at a time, with one skill in it.

    Attributes
    ----------
    away
        Spans (first period, period after the last) without the person.
    """

    id: str
    skills: tuple[str, ...]
    away: tuple[tuple[int, int], ...] = ()
    title: str = ""


class Precedence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`after` needs `before`, and starts at least `lag` periods after it has ended."""

    before: str
    after: str
    lag: int = 0


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least and at most so many of these tasks are done: an exclusion, or a choice that must be made."""

    id: str
    tasks: tuple[str, ...]
    least: int = 0
    most: int | None = None


class Travel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whole periods a person needs from the end of a task in one place to the start of any later one in the other."""

    origin: str
    destination: str
    periods: int


class Problem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """What is to be scheduled; the aim is the earliest end of the last task (makespan).

    Raises
    ------
    InputError
        When ids repeat or are unknown, a number is out of range, or the order has a cycle.
    """

    tasks: tuple[Task, ...]
    resources: tuple[Resource, ...] = ()
    people: tuple[Person, ...] = ()
    precedences: tuple[Precedence, ...] = ()
    groups: tuple[Group, ...] = ()
    travels: tuple[Travel, ...] = ()

    def __post_init__(self) -> None:
        _check(self)

    @cached_property
    def skills(self) -> tuple[str, ...]:
        """Every skill that a task asks for, in order of their names."""
        return tuple(sorted({skill for task in self.tasks for mode in task.modes for skill, _ in mode.skills}))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Task ids, predecessors first."""
        sorter = TopologicalSorter({task.id: [] for task in self.tasks})
        for row in self.precedences:
            sorter.add(row.after, row.before)
        return tuple(sorter.static_order())

    @cached_property
    def horizon(self) -> int:
        """A time by which a best schedule has ended, if there is one at all."""
        steps = [row.periods for row in self.travels]
        longest = sum(max(mode.duration for mode in task.modes) + max(steps, default=0) for task in self.tasks)
        lags = sum(max(0, row.lag) for row in self.precedences)
        late = [task.release for task in self.tasks]
        late += [start for task in self.tasks for mode in task.modes for start in mode.starts or ()]
        late += [when for resource in self.resources for when, _ in resource.changes]
        late += [end for person in self.people for _, end in person.away]
        return max(late, default=0) + longest + lags


def _check(problem: Problem) -> None:
    for name, ids in (
        ("tasks", [task.id for task in problem.tasks]),
        ("resources", [resource.id for resource in problem.resources]),
        ("people", [person.id for person in problem.people]),
        ("groups", [group.id for group in problem.groups]),
    ):
        twice = sorted(one for one, count in Counter(ids).items() if count > 1)
        if twice:
            raise InputError(f"{name.capitalize()} {twice} are given twice.", remedy="Give each its own id.")
    for task in problem.tasks:
        _check_task(task, {resource.id for resource in problem.resources})
    for resource in problem.resources:
        _check_resource(resource)
    for person in problem.people:
        for first, after in person.away:
            if not 0 <= first < after <= _LIMIT:
                raise InputError(
                    f"Person {person.id!r} cannot be away from {first} to {after}.",
                    remedy="Give the first period and the one after the last.",
                )
    _check_links(problem)


def _check_task(task: Task, resources: set[str]) -> None:
    if not task.modes:
        raise InputError(f"Task {task.id!r} has no mode.", remedy="Give it at least one.")
    _number(task.release, f"release of task {task.id!r}")
    if task.due is not None:
        _number(task.due, f"due date of task {task.id!r}")
    if len({mode.id for mode in task.modes}) < len(task.modes):
        raise InputError(f"Two modes of task {task.id!r} have one id.", remedy="Give each its own id.")
    for mode in task.modes:
        where = f"mode {mode.id!r} of task {task.id!r}"
        _number(mode.duration, f"duration of {where}")
        for name, amount in (*mode.uses, *mode.skills):
            _number(amount, f"amount of {name!r} in {where}")
        for start in mode.starts or ():
            _number(start, f"start of {where}")
        unknown = sorted({name for name, _ in mode.uses} - resources)
        if unknown:
            raise InputError(f"{where.capitalize()} uses unknown resources {unknown}.", remedy="Declare them.")
        for rows, kind in ((mode.uses, "resource"), (mode.skills, "skill")):
            if len({name for name, _ in rows}) < len(rows):
                raise InputError(f"{where.capitalize()} names a {kind} twice.", remedy="Add the amounts up.")


def _check_resource(resource: Resource) -> None:
    _number(resource.capacity, f"capacity of resource {resource.id!r}")
    times = [when for when, _ in resource.changes]
    for when, units in resource.changes:
        _number(when, f"time of a change of resource {resource.id!r}")
        _number(units, f"units of resource {resource.id!r}")
    if times != sorted(set(times)):
        raise InputError(f"The changes of resource {resource.id!r} are not in order of time.", remedy="Sort them.")
    levels = [resource.capacity, *(units for _, units in resource.changes)]
    if not resource.renewable and levels != sorted(levels):
        raise InputError(
            f"Resource {resource.id!r} is used up, yet what has come in shrinks.",
            remedy="Give how much has come in all by each period.",
        )


def _check_links(problem: Problem) -> None:
    ids = {task.id for task in problem.tasks}
    for row in problem.precedences:
        _known({row.before, row.after}, ids, "A precedence")
        if not -_LIMIT <= row.lag <= _LIMIT:
            _number(row.lag, f"lag from {row.before!r} to {row.after!r}")
    for group in problem.groups:
        _known(group.tasks, ids, f"Group {group.id!r}")
        if group.least < 0 or (group.most is not None and group.most < group.least):
            raise InputError(
                f"Group {group.id!r} asks for {group.least} to {group.most} tasks.", remedy="Give 0 <= least <= most."
            )
    places = Counter((row.origin, row.destination) for row in problem.travels)
    if any(count > 1 for count in places.values()):
        raise InputError("A way between two places is given twice.", remedy="Give each direction once.")
    for way in problem.travels:
        _number(way.periods, f"travel from {way.origin!r} to {way.destination!r}")
    try:
        _ = problem.order
    except CycleError as error:
        loop: Sequence[str] = error.args[1]
        raise InputError(
            f"The order of tasks goes round in a circle: {' - '.join(loop)}.", remedy="Take one precedence out."
        ) from None


def _known(names: Iterable[str], ids: set[str], what: str) -> None:
    unknown = sorted(set(names) - ids)
    if unknown:
        raise InputError(f"{what} names unknown tasks {unknown}.", remedy="Use ids of the problem's tasks.")


def _number(value: int, what: str) -> None:
    if not 0 <= value <= _LIMIT:
        raise InputError(f"The {what} is {value}.", remedy=f"Give a whole number from 0 to {_LIMIT}.")
