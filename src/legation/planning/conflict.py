"""Why no plan exists: a smallest set of rules that cannot hold together, in words, and the cheapest ways out.

Rules are groups of named rows. The dual simplex's proof that the relaxation is impossible points to a few of them; a
deletion filter then drops one group after the other and keeps it out where what is left is still impossible. Where
only whole missions make the rules clash, the filter starts from all of them. What remains is irreducible: the set is
solved once more alone, and once without each of its members, with integrality, so that what is shown has been verified.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from legation.errors import EngineError, InfeasibleError
from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Halt, Request
from legation.planning.engines.farkas import relaxed_verdict
from legation.planning.model.build import Model, Problem, build_model
from legation.planning.model.rows import group_of, words_of
from legation.planning.relaxation import ways_out

__all__ = ["Conflict", "Group", "Unsettled", "concerned_model", "explain_infeasible", "find_conflict", "required"]

Found = TypeVar("Found")

Group = tuple[str, str]
"""A rule: the kind of its rows and its record."""

_HARD = frozenset({"option", "mission", "staff_class", "place"})
"""Rows that say what the columns mean; they are no rules that a desk could change."""
_ASKING = frozenset({"fixed", "must_do", "pin", "commitment"})
"""Rules that ask for missions; without them the empty plan would do."""
_WHOLE = 1e-7


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot hold together, each of which is needed for it.

    Attributes
    ----------
    groups, words
        The rules, and each as a sentence.
    smallest
        Whether leaving any one out has been proven to make the rest possible.
    """

    groups: tuple[Group, ...]
    words: tuple[str, ...]
    smallest: bool


@dataclass(frozen=True)
class Unsettled:
    """The search for a conflict ended before it was known whether all rules can hold, let alone which clash."""


def required(found: Found | None, data: PlanData, engine: Engine) -> Found:
    """Give what a search for plans found.

    Raises
    ------
    InfeasibleError
        When the search proved that no plan keeps all rules; it says which of them clash, as far as that is found.
    """
    if found is None:
        raise explain_infeasible(data, engine)
    return found


def explain_infeasible(data: PlanData, engine: Engine, *, seconds: float = 60.0, relax: bool = True) -> InfeasibleError:
    """Make the error that names a smallest conflicting set of rules, and the cheapest ways out.

    Parameters
    ----------
    data
        A desk for which no plan keeps all rules.
    engine
        Solver to ask.
    seconds
        Limit for each single question; a question that runs into it counts as possible, so the set stays a conflict
        but may then not be the smallest, and the message says so. Where even all rules together are not decided
        within it, the error's `conflict` is empty and the message says that too.
    relax
        Whether to look for the cheapest way out as well; an explanation of the desk gives several.

    Raises
    ------
    EngineError
        When a plan is found after all.
    """
    conflict = find_conflict(data, engine, seconds=seconds)
    if conflict is None:
        raise EngineError("The conflict of an infeasible desk could not be reproduced.", remedy="Report the desk.")
    ways = ways_out(data, engine, seconds=min(seconds, 5.0), most=1).ways if relax else ()
    cheapest = "" if not ways else f" {'Cheapest' if ways[0].cheapest else 'One'} way out: {ways[0].words}"
    relaxations = tuple(way.words for way in ways)
    desk = data.desk.info.id
    if isinstance(conflict, Unsettled):
        return InfeasibleError(
            f"No plan keeps all rules of desk {desk!r}; which of them clash was not found within {seconds:g} seconds "
            "a question.",
            relaxations=relaxations,
            remedy=f"Ask with more time: legation explain DESK --each {2 * seconds:g}.{cheapest}",
        )
    proof = "a smallest set" if conflict.smallest else "a set (not proven smallest within the time)"
    return InfeasibleError(
        f"No plan keeps all rules of desk {desk!r}; {proof} of rules that cannot hold together: "
        + " ".join(conflict.words),
        conflict=conflict.words,
        relaxations=relaxations,
        remedy=f"Change or drop one of these rules.{cheapest}",
    )


def find_conflict(
    data: PlanData, engine: Engine, *, seconds: float = 60.0, halt: Halt | None = None
) -> Conflict | Unsettled | None:
    """Find a smallest set of rules that cannot hold together; None where all can, which a plan has shown.

    Parameters
    ----------
    data, engine
        The desk and the solver to ask.
    seconds
        Limit for each single question.
    halt
        Ends the questions; what was found until then is given.

    Raises
    ------
    EngineError
        When the rules found do not conflict when solved alone: a fault of the solver or of the model.
    """
    finder = _Finder(data, engine, seconds, halt or Halt())
    kept = finder.smallest()
    if kept is None:
        return Unsettled() if finder.undecided(finder.groups) else None
    if finder.holds(kept, afresh=True) and not finder.undecided(kept):
        raise EngineError("The conflicting rules found do not conflict when solved alone.", remedy="Report the desk.")
    missions = finder.forced(kept)
    words = tuple(finder.words(group, missions) for group in kept)
    return Conflict(tuple(kept), words, not finder.timed_out)


def concerned_model(data: PlanData) -> Model:
    """Build the model of the missions that rules may force in, with a row for every rule that bars them."""
    slots = np.flatnonzero(np.isin(data.slot_mission, sorted(data.duties)))
    # slots beyond every rule's reach stay barred: what a bar forbids is held by its own row
    return build_model(data, slots=slots[~_short_of_staff(data)[slots]], with_value=False, with_bars=True)


class _Finder:
    def __init__(self, data: PlanData, engine: Engine, seconds: float, halt: Halt) -> None:
        self.data, self.engine, self.seconds, self.halt = data, engine, seconds, halt
        self.open: set[frozenset[Group]] = set()
        self.model = concerned_model(data)
        self.rows = self.model.problem.matrix.tocsr()
        self.groups: dict[Group, list[int]] = defaultdict(list)
        self.group_of_row: dict[int, Group] = {}
        hard = self.model.rows.of_kinds(_HARD)
        for number in np.flatnonzero(~hard).tolist():
            group = group_of(self.model.rows[number])
            self.groups[group].append(number)
            self.group_of_row[number] = group
        self.hard = np.flatnonzero(hard)
        self.number = {mission.id: n for n, mission in enumerate(data.missions)}
        self.promised = {promise.record: promise.missions for promise in data.promises}
        self.before = {row.key: (row.mission, row.requires) for row in data.sequels}
        self.staff_words = _staff_words(data, data.duties)
        self.memo: dict[frozenset[Group], bool] = {}

    # -- the search

    def smallest(self) -> list[Group] | None:
        """Give an irreducible conflict, or None where all rules can hold."""
        groups = list(self.groups)
        pointed = self._pointed(groups)
        if pointed is not None and len(pointed) < len(groups) and not self.holds(pointed):
            return self._filtered(pointed)
        # whole missions clash where parts would not, and no proof of the relaxation points the way
        alone = self._alone(groups)
        if alone is not None:
            return self._filtered(alone)
        if self.holds(groups):
            return None
        return self._filtered(self._together(groups))

    def _alone(self, groups: Sequence[Group]) -> list[Group] | None:
        """Find one rule that asks for few missions and clashes with those that touch them; milliseconds each."""
        others = [group for group in groups if group[0] not in _ASKING]
        for group in groups:
            own = [group, *others]
            if group[0] in _ASKING and len(self.forced(own)) <= _SMALL and not self.holds(found := self._touching(own)):
                return found
        return None

    def _together(self, groups: Sequence[Group]) -> list[Group]:
        """Take as many of the rules that ask for missions as it takes, by halving, with all that touch these."""
        asking = [group for group in groups if group[0] in _ASKING]
        others = [group for group in groups if group[0] not in _ASKING]
        low, high = 1, len(asking)
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if not self.holds([*asking[:middle], *others]) else (middle + 1, high)
        return self._touching([*reversed(asking[:high]), *others])

    def _touching(self, groups: Sequence[Group]) -> list[Group]:
        """Leave out the rules that have no row over the missions which these rules force in."""
        _, rows = self._problem(groups)
        present = {self.group_of_row[row] for row in rows.tolist() if row in self.group_of_row}
        return [group for group in groups if group in present]

    def _pointed(self, groups: Sequence[Group]) -> list[Group] | None:
        """Give the rules that the proof of the relaxation rests on; None where it proves nothing."""
        problem, rows = self._problem(groups)
        if _impossible_alone(problem):
            return None
        verdict = relaxed_verdict(problem, seconds=self.seconds)
        if verdict.ray is None:
            return None
        used = rows[np.abs(verdict.ray) > _WHOLE * max(1.0, float(np.abs(verdict.ray).max()))]
        return list(dict.fromkeys(self.group_of_row[row] for row in used.tolist() if row in self.group_of_row))

    def _filtered(self, groups: Sequence[Group]) -> list[Group]:
        """Drop rules in halves, then one by one, as long as what is left stays impossible."""
        kept = list(groups)
        size = max(1, len(kept) // 2)
        while size >= 1:
            number = 0
            while number < len(kept):
                rest = kept[:number] + kept[number + size :]
                if self.holds(rest):
                    number += size
                    continue
                pointed = self._pointed(rest) if len(rest) > _FEW else None
                # the proof of what is left may need even less of it; what was kept before may then go too
                shrunk = pointed is not None and len(pointed) < len(rest) and not self.holds(pointed)
                kept = pointed if shrunk and pointed is not None else rest
                number = 0 if shrunk else number
            size //= 2
        return kept

    def holds(self, groups: Sequence[Group], *, afresh: bool = False) -> bool:
        """Say whether these rules can hold together, with whole missions; what is not decided counts as possible."""
        key = frozenset(groups)
        if afresh or key not in self.memo:
            self.memo[key] = self._ask(groups)
        return self.memo[key]

    def undecided(self, groups: Iterable[Group]) -> bool:
        """Say whether the time was too short to tell whether these rules can hold together."""
        return frozenset(groups) in self.open

    @property
    def timed_out(self) -> bool:
        """Whether any question was left undecided."""
        return bool(self.open)

    def _ask(self, groups: Sequence[Group]) -> bool:
        problem, _ = self._problem(groups)
        if _impossible_alone(problem):
            return False
        if not len(problem.cost):
            return True
        limits = Request(seconds=self.seconds, halt=self.halt)
        relaxed = self.engine.solve(problem, replace(limits, relaxed=True, vertex=True))
        if relaxed.status == "infeasible":
            return False
        if relaxed.status == "optimal" and _is_whole(problem, relaxed.x):
            return True
        answer = self.engine.solve(problem, limits)
        if answer.status == "none":
            self.open.add(frozenset(groups))
        return answer.status != "infeasible"

    # -- problems of some rules

    def forced(self, groups: Iterable[Group]) -> set[int]:
        """Give the missions that these rules ask for, and what has to come before them by these rules."""
        own = list(groups)
        out: set[int] = set()
        for kind, record in own:
            if kind == "commitment":
                out.update(self.promised[record])
            elif kind in _ASKING:
                out.add(self.number[record])
        pairs = [self.before[record] for kind, record in own if kind == "prerequisite"]
        grown = True
        while grown:
            before = len(out)
            out |= {needed for mission, needed in pairs if mission in out}
            grown = len(out) > before
        return out

    def _problem(self, groups: Sequence[Group]) -> tuple[Problem, NDArray[np.int64]]:
        """Write the problem of some rules over the missions that they force in: all others may stay out."""
        data, model, whole = self.data, self.model, self.model.problem
        rows = np.sort(
            np.concatenate([self.hard, np.array([n for group in groups for n in self.groups[group]], np.int64)])
        )
        forced = sorted(self.forced(groups))
        keep = np.ones(len(whole.cost), bool)
        slots = np.isin(data.slot_mission[model.slots], forced)
        keep[: len(slots)] = slots
        keep[model.option_columns] = np.isin(data.mission_of[model.options], forced)
        asked = set(data.demand.staff_class[np.isin(data.demand.slot, model.slots[slots])].tolist())
        for number, flow in model.flows:
            keep[flow] = number in asked
        columns = np.flatnonzero(keep)
        matrix = self.rows[rows][:, columns]
        asks = (whole.row_lower[rows] > 0) | (whole.row_upper[rows] < 0)
        used = (np.diff(matrix.indptr) > 0) | asks
        rows = rows[used]
        problem = Problem(
            cost=np.zeros(len(columns)),
            lower=whole.lower[columns],
            upper=whole.upper[columns],
            integer=whole.integer[columns],
            matrix=matrix[used].tocsc(),
            row_lower=whole.row_lower[rows],
            row_upper=whole.row_upper[rows],
        )
        return problem, rows

    # -- words

    def words(self, group: Group, missions: set[int]) -> str:
        """Say a group's rule, with what staffing leaves of a required mission."""
        row = self.model.rows[self.groups[group][0]]
        if row.kind == "bar":
            bar = self.data.bars[row.index]
            hit = sorted(missions & set(self.data.slot_mission[bar.slots].tolist()))
            if hit:
                names = ", ".join(repr(self.data.missions[number].title) for number in hit[:_NAMED])
                more = f" and {len(hit) - _NAMED} more" if len(hit) > _NAMED else ""
                return f"For {names}{more}: {bar.words}."
        return words_of(row, self.data) + self.staff_words.get(group, "")


_FEW = 12
_SMALL = 20
_NAMED = 3


def _is_whole(problem: Problem, x: NDArray[np.float64] | None) -> bool:
    """Say whether a solution of the relaxed rules keeps the whole ones."""
    return x is not None and bool((np.abs(x - np.rint(x))[problem.integer] < _WHOLE).all())


def _short_of_staff(data: PlanData) -> NDArray[np.bool_]:
    out = np.zeros(len(data.slots.option), bool)
    out[np.array([slot for slot, _ in data.demand.short], np.int64)] = True
    return out


def _staff_words(data: PlanData, missions: AbstractSet[int]) -> dict[Group, str]:
    """Say of required missions that lack people in some months, which roles lack them."""
    short: defaultdict[int, set[str]] = defaultdict(set)
    for slot, need in data.demand.short:
        if data.slot_mission[slot] in missions:
            short[int(data.slot_mission[slot])].add(data.demand.needs[need].role)
    out: dict[Group, str] = {}
    asked: list[tuple[Group, tuple[int, ...]]] = [
        ((row.kind, data.missions[row.mission].id), (row.mission,)) for row in data.requirements
    ]
    asked += [(("commitment", promise.record), promise.missions) for promise in data.promises]
    for group, wanted in asked:
        for mission in sorted(data.with_predecessors(wanted)):
            if roles := ", ".join(sorted(short.get(mission, ()))):
                title = data.missions[mission].title
                out[group] = (
                    out.get(group, "") + f" In some months too few positions can fill role {roles} of {title!r}."
                )
    return out


def _impossible_alone(problem: Problem) -> bool:
    """Say whether a row without columns asks for something."""
    counts = np.diff(problem.matrix.tocsr().indptr)
    empty = counts == 0
    return bool(np.any(empty & ((problem.row_lower > 0) | (problem.row_upper < 0))))
