"""What the rules look up: indexes of one desk, each built once, when first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from legation.actors.types import Actor
from legation.desk.aims import Goal, Indicator, Objective
from legation.desk.base import Record
from legation.desk.desk import Desk
from legation.desk.instruments import branch, instrument_tree
from legation.desk.missions import Cost, Instrument, Mission, Mode, StaffNeed, Window
from legation.desk.months import first_day, last_day, month_number, month_text
from legation.desk.people import Holder, Person, Position
from legation.desk.resources import Authority, Budget
from legation.errors import UnknownActorError

__all__ = ["ActorLookup", "Facts"]

ActorLookup = Callable[[str], Actor]
"""Gives the actor with an identifier, or raises `UnknownActorError` with suggestions."""


class Facts:
    """One desk with its indexes.

    Parameters
    ----------
    desk
        Records whose fields all hold values of their types.
    unsound
        Records left out of `desk`, because a field does not, with what is wrong; they can still be referred to.
    suspects
        Kinds with a text that may hold a control character.
    actor_lookup
        Finds actors by identifier.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        unsound: Iterable[tuple[Record, str]] = (),
        suspects: Iterable[str] = (),
        actor_lookup: ActorLookup,
    ) -> None:
        self.desk = desk
        self.suspects = frozenset(suspects)
        self.unsound = tuple(unsound)
        self._lookup = actor_lookup
        self._actors: dict[str, Actor | UnknownActorError] = {}
        self._humanitarian: dict[str, bool] = {}

    def actor(self, reference: str) -> Actor | None:
        """Give the actor, or None where nobody has the identifier."""
        found = self._find(reference)
        return found if isinstance(found, Actor) else None

    def actor_error(self, reference: str) -> UnknownActorError | None:
        """Give the reason why nobody is found, or None where somebody is."""
        found = self._find(reference)
        return found if isinstance(found, UnknownActorError) else None

    def _find(self, reference: str) -> Actor | UnknownActorError:
        if reference not in self._actors:
            try:
                self._actors[reference] = self._lookup(reference)
            except UnknownActorError as error:
                self._actors[reference] = error
        return self._actors[reference]

    def known(self, kind: str) -> frozenset[str]:
        """Give every id of a kind, including those of records that are themselves unsound."""
        return self._known[kind]

    @cached_property
    def _known(self) -> Mapping[str, frozenset[str]]:
        ids: dict[str, set[str]] = defaultdict(set)
        for kind in ("labels", "agreements", "plans", "persons", "activities"):
            ids[kind].update(record.id for record in self.desk.records(kind))
        for kind, index in (
            ("goals", self.goals),
            ("objectives", self.objectives),
            ("indicators", self.indicators),
            ("missions", self.missions),
            ("positions", self.positions),
            ("budgets", self.budgets),
            ("authorities", self.authorities),
            ("instruments", self.tree),
        ):
            ids[kind].update(index)
        for record, _ in self.unsound:
            name = getattr(record, "id", None)
            if isinstance(name, str):
                ids[record.KIND].add(name)
        return defaultdict(frozenset, {kind: frozenset(found) for kind, found in ids.items()})

    @cached_property
    def goals(self) -> dict[str, Goal]:
        """Goals by id."""
        return {goal.id: goal for goal in self.desk.goals}

    @cached_property
    def objectives(self) -> dict[str, Objective]:
        """Objectives by id."""
        return {objective.id: objective for objective in self.desk.objectives}

    @cached_property
    def parents(self) -> frozenset[str]:
        """Ids that an objective names as its parent."""
        return frozenset(objective.parent for objective in self.desk.objectives)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.desk.indicators}

    @cached_property
    def missions(self) -> dict[str, Mission]:
        """Missions by id."""
        return {mission.id: mission for mission in self.desk.missions}

    @cached_property
    def positions(self) -> dict[str, Position]:
        """Positions by id."""
        return {position.id: position for position in self.desk.positions}

    @cached_property
    def budgets(self) -> dict[str, Budget]:
        """Budgets by id."""
        return {budget.id: budget for budget in self.desk.budgets}

    @cached_property
    def authorities(self) -> dict[str, Authority]:
        """Authorities by id."""
        return {authority.id: authority for authority in self.desk.authorities}

    @cached_property
    def tree(self) -> dict[str, Instrument]:
        """Instruments by id, the built-in ones included."""
        return instrument_tree(self.desk.instruments)

    @cached_property
    def modes(self) -> dict[tuple[str, str], Mode]:
        """Modes by mission and id."""
        return {(mode.mission, mode.id): mode for mode in self.desk.modes}

    @cached_property
    def mode_pairs(self) -> frozenset[tuple[str, str]]:
        """Every pair of mission and mode, including unsound modes."""
        broken = ((getattr(r, "mission", None), getattr(r, "id", None)) for r, _ in self.unsound if r.KIND == "modes")
        texts = {(m, i) for m, i in broken if isinstance(m, str) and isinstance(i, str)}
        return frozenset(self.modes.keys() | texts)

    @cached_property
    def modes_of(self) -> dict[str, list[Mode]]:
        """Modes by mission."""
        return _grouped(self.desk.modes, "mission")

    @cached_property
    def windows_of(self) -> dict[str, list[Window]]:
        """Windows by mission."""
        return _grouped(self.desk.windows, "mission")

    @cached_property
    def costs_of(self) -> dict[str, list[Cost]]:
        """Costs by mission."""
        return _grouped(self.desk.costs, "mission")

    @cached_property
    def needs_of(self) -> dict[tuple[str, str], list[StaffNeed]]:
        """Staff needs by mission and mode."""
        found: dict[tuple[str, str], list[StaffNeed]] = defaultdict(list)
        for need in self.desk.staff_needs:
            found[need.mission, need.mode].append(need)
        return dict(found)

    @cached_property
    def persons(self) -> dict[str, Person]:
        """Persons by id."""
        return {person.id: person for person in self.desk.persons}

    @cached_property
    def holders_of(self) -> dict[str, list[Holder]]:
        """Holders by position."""
        return _grouped(self.desk.holders, "position")

    @cached_property
    def pinned_in(self) -> frozenset[str]:
        """Missions that a pin puts into every plan."""
        return frozenset(pin.mission for pin in self.desk.pins if pin.decision == "in")

    @cached_property
    def fixed(self) -> dict[str, Mission]:
        """Missions that every plan holds: must-do, committed, executing or pinned in; cancelled ones never."""
        return {
            mission.id: mission
            for mission in self.desk.missions
            if (mission.must_do or mission.status in {"committed", "executing"} or mission.id in self.pinned_in)
            and mission.status not in {"cancelled", "done"}
        }

    @cached_property
    def humanitarian_missions(self) -> frozenset[str]:
        """Missions whose instrument or purpose is humanitarian; a contradiction between the two is its own fault."""
        return frozenset(
            mission.id
            for mission in self.desk.missions
            if mission.purpose == "humanitarian" or self.is_humanitarian(mission.instrument)
        )

    def is_humanitarian(self, instrument: str) -> bool:
        """Say whether the instrument or one above it is humanitarian."""
        walk: dict[str, None] = {}
        node: str | None = instrument
        while node is not None and node not in self._humanitarian and node not in walk:
            walk[node] = None
            held = self.tree.get(node)
            if held is not None and held.humanitarian:
                self._humanitarian[node] = True
            else:
                node = None if held is None else held.parent
        answer = node is not None and self._humanitarian.get(node, False)
        self._humanitarian.update(dict.fromkeys(walk, answer))
        return answer

    def branch(self, instrument: str) -> frozenset[str]:
        """Give the instrument and all above it."""
        return frozenset(branch(instrument, tree=self.tree))

    @cached_property
    def first(self) -> date:
        """The desk's first day."""
        return first_day(self.desk.info.start)

    @cached_property
    def last(self) -> date:
        """The desk's last day."""
        return last_day(self.last_month)

    @cached_property
    def last_month(self) -> str:
        """The desk's last month."""
        return month_text(self.desk.info.months - 1, start=self.desk.info.start)

    def month(self, month: str) -> int:
        """Count months from the desk's first; negative before it."""
        return month_number(month, start=self.desk.info.start)


def _grouped(records: Iterable[Any], field: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        found[getattr(record, field)].append(record)
    return dict(found)
