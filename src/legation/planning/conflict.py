"""Why no plan exists: a smallest set of rules that cannot hold together, in words.

Rules are groups of named rows. A deletion filter drops one group after the other and keeps it out where what is left is
still impossible; what remains is irreducible. The set is then solved once more alone, and once without each of its
members, with integrality, so that what is shown has been verified as shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from legation.errors import EngineError, InfeasibleError
from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Request
from legation.planning.model.build import Problem, build_model
from legation.planning.model.rows import group_of, words_of

__all__ = ["explain_infeasible"]

_HARD = frozenset({"option", "mission", "staff_class"})
"""Rows that say what the columns mean; they are no rules that a desk could change."""


def explain_infeasible(data: PlanData, engine: Engine, *, seconds: float = 60.0) -> InfeasibleError:
    """Make the error that names a smallest conflicting set of rules.

    Parameters
    ----------
    data
        A desk for which no plan keeps all rules.
    engine
        Solver to ask.
    seconds
        Limit for each single question; a question that runs into it counts as possible, so the set stays a conflict but
        may then not be the smallest, and the message says so.
    """
    finder = _Finder(data, engine, seconds)
    groups = list(finder.groups)
    if finder.possible(groups):
        raise EngineError("The conflict of an infeasible desk could not be reproduced.", remedy="Report the desk.")
    kept = _smallest(finder, groups)
    if finder.possible(kept):
        raise EngineError("The conflicting rules found do not conflict when solved alone.", remedy="Report the desk.")
    words = tuple(finder.words(group) for group in kept)
    proof = "a smallest set" if not finder.timed_out else "a set (not proven smallest within the time)"
    return InfeasibleError(
        f"No plan keeps all rules of desk {data.desk.info.id!r}; {proof} of rules that cannot hold together: "
        + " ".join(words),
        conflict=words,
        remedy="Change or drop one of these rules.",
    )


class _Finder:
    def __init__(self, data: PlanData, engine: Engine, seconds: float) -> None:
        self.data, self.engine, self.seconds = data, engine, seconds
        self.timed_out = False
        missions = _concerned(data)
        slots = np.flatnonzero(np.isin(data.slot_mission, sorted(missions)))
        # slots beyond every rule's reach stay barred: what a bar forbids is held by its own row
        slots = slots[~_short_of_staff(data)[slots]]
        self.model = build_model(data, slots=slots, with_value=False, with_bars=True)
        self.groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.hard: list[int] = []
        for number, row in enumerate(self.model.rows):
            if row.kind in _HARD:
                self.hard.append(number)
            else:
                self.groups[group_of(row)].append(number)
        self.staff_words = _staff_words(data, missions)

    def possible(self, groups: list[tuple[str, str]]) -> bool:
        """Say whether these rules can hold together."""
        rows = np.sort(np.array(self.hard + [n for group in groups for n in self.groups[group]], np.int64))
        whole = self.model.problem
        problem = replace(
            whole,
            matrix=whole.matrix.tocsr()[rows].tocsc(),
            row_lower=whole.row_lower[rows],
            row_upper=whole.row_upper[rows],
        )
        if _impossible_alone(problem):
            return False
        relaxed = self.engine.solve(problem, Request(relaxed=True, vertex=True, seconds=self.seconds))
        if relaxed.status == "infeasible":
            return False
        if _is_whole(problem, relaxed.x):
            return True
        answer = self.engine.solve(problem, Request(seconds=self.seconds))
        self.timed_out |= answer.status == "none"
        return answer.status != "infeasible"

    def words(self, group: tuple[str, str]) -> str:
        """Say a group's rule, with what staffing leaves of a required mission."""
        return words_of(self.model.rows[self.groups[group][0]], self.data) + self.staff_words.get(group, "")


def _is_whole(problem: Problem, x: NDArray[np.float64] | None) -> bool:
    """Say whether a solution of the relaxed rules keeps the whole ones; without columns there is nothing to solve."""
    if not len(problem.cost):
        return True
    return x is not None and bool((np.abs(x - np.rint(x))[problem.integer] < _WHOLE).all())


_WHOLE = 1e-7


def _smallest(finder: _Finder, groups: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Halve first, then drop one by one."""
    kept = list(groups)
    size = max(1, len(kept) // 2)
    while size >= 1:
        number = 0
        while number < len(kept):
            rest = kept[:number] + kept[number + size :]
            if finder.possible(rest):
                number += size
            else:
                kept = rest
        size //= 2
    return kept


def _concerned(data: PlanData) -> set[int]:
    """Give the missions that rules may force in; all others may stay out and cannot be part of a conflict."""
    return _with_predecessors(
        data, {row.mission for row in data.requirements} | {m for item in data.promises for m in item.missions}
    )


def _short_of_staff(data: PlanData) -> NDArray[np.bool_]:
    out = np.zeros(len(data.slots.option), bool)
    for slot, _ in data.demand.short:
        out[slot] = True
    return out


def _staff_words(data: PlanData, missions: set[int]) -> dict[tuple[str, str], str]:
    """Say of required missions that lack people in some months, which roles lack them."""
    short: defaultdict[int, set[str]] = defaultdict(set)
    for slot, need in data.demand.short:
        if data.slot_mission[slot] in missions:
            short[int(data.slot_mission[slot])].add(data.demand.needs[need].role)
    out: dict[tuple[str, str], str] = {}
    asked: list[tuple[tuple[str, str], tuple[int, ...]]] = [
        ((row.kind, data.missions[row.mission].id), (row.mission,)) for row in data.requirements
    ]
    asked += [(("commitment", promise.record), promise.missions) for promise in data.promises]
    for group, wanted in asked:
        for mission in sorted(_with_predecessors(data, wanted)):
            if roles := ", ".join(sorted(short.get(mission, ()))):
                title = data.missions[mission].title
                out[group] = (
                    out.get(group, "") + f" In some months too few positions can fill role {roles} of {title!r}."
                )
    return out


def _with_predecessors(data: PlanData, missions: Iterable[int]) -> set[int]:
    found = set(missions)
    grown = True
    while grown:
        before = len(found)
        found |= {row.requires for row in data.sequels if row.mission in found}
        grown = len(found) > before
    return found


def _impossible_alone(problem: Problem) -> bool:
    """Say whether a row without columns asks for something."""
    counts = np.diff(problem.matrix.tocsr().indptr)
    empty = counts == 0
    return bool(np.any(empty & ((problem.row_lower > 0) | (problem.row_upper < 0))))
