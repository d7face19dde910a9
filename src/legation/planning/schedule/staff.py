"""People as classes of equal skills and absences: who can stand in for whom, and which skills run short together.

People of one class are interchangeable, and tasks hold them from start to end, so it is enough that no class has
more people at work than it has members; names are given afterwards, in order of start.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from legation.planning.schedule.problem import Person, Problem

__all__ = ["SkillSet", "StaffClass", "classes_of", "named", "skill_sets"]

_MOST_SKILLS = 10
"""Up to so many skills every set of them is looked at; above, single skills, pairs and all together."""


@dataclass(frozen=True)
class StaffClass:
    """People with equal skills and absences."""

    skills: frozenset[str]
    away: tuple[tuple[int, int], ...]
    people: tuple[str, ...]


@dataclass(frozen=True)
class SkillSet:
    """Skills that are drawn from the same people: no more places in them at once than people (Hall's condition)."""

    skills: frozenset[str]
    people: tuple[Person, ...]


def classes_of(problem: Problem, *, single: bool = False) -> tuple[StaffClass, ...]:
    """Sort people into classes, or each into its own; those who master nothing that is asked for are left out."""
    asked = frozenset(problem.skills)
    found: defaultdict[tuple[object, ...], list[Person]] = defaultdict(list)
    for person in problem.people:
        skills = asked & set(person.skills)
        if skills:
            found[skills, tuple(sorted(person.away)), person.id if single else ""].append(person)
    return tuple(
        StaffClass(asked & set(own[0].skills), tuple(sorted(own[0].away)), tuple(person.id for person in own))
        for own in found.values()
    )


def skill_sets(problem: Problem) -> tuple[SkillSet, ...]:
    """Give the closed sets of skills: adding any other skill would bring in further people."""
    skills = problem.skills
    sizes = range(1, len(skills) + 1) if len(skills) <= _MOST_SKILLS else (1, 2, len(skills))
    mastered = [(person, frozenset(person.skills)) for person in problem.people]
    out: dict[frozenset[str], SkillSet] = {}
    for size in sizes:
        for chosen in combinations(skills, size):
            own = tuple(person for person, has in mastered if has & set(chosen))
            ids = {person.id for person in own}
            closed = frozenset(
                skill for skill in skills if all(person.id in ids for person, has in mastered if skill in has)
            )
            out.setdefault(closed | set(chosen), SkillSet(closed | set(chosen), own))
    return tuple(out.values())


def named(
    classes: Sequence[StaffClass],
    spans: Mapping[str, tuple[int, int]],
    taken: Mapping[tuple[str, int, str], int],
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Name the people that tasks take from classes.

    Parameters
    ----------
    classes
        The classes.
    spans
        Start and end of each task that is done.
    taken
        How many a task takes from a class for a skill, by task, class number and skill.
    """
    out: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for number, own in enumerate(classes):
        free = list(own.people)
        busy: list[tuple[int, str]] = []
        rows = sorted(
            ((task, skill, count) for (task, at, skill), count in taken.items() if at == number and count),
            key=lambda row: (spans[row[0]], row[0], row[1]),
        )
        for task, skill, count in rows:
            start, end = spans[task]
            while busy and busy[0][0] <= start:
                free.append(heapq.heappop(busy)[1])
            free.sort(reverse=True)
            if start == end:
                used = {name for name, _ in out[task]}
                fresh = [name for name in own.people if name not in used]
                out[task].extend((name, skill) for name in fresh[:count])
                continue
            for _ in range(count):
                name = free.pop()
                heapq.heappush(busy, (end, name))
                out[task].append((name, skill))
    return {task: tuple(sorted(rows)) for task, rows in out.items()}
