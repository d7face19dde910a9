"""Who could do what and when: the classes of equal needs that staff is drawn for.

Two needs that the same positions can meet over the same months are one *class*; all places of a class are alike, so a
flow from the class to the positions staffs them exactly. For one month the flow is a bipartite one and comes out
whole by itself; over several months it must be whole.

A need of some days in each month leaves the position's other days free: several such needs share a person as long as
their days and journeys fit into the month's working days, since trips can follow one another. Its classes also go by
what a place takes of each position, and their flows must be whole. A post with several heads is then several posts of
one head each, lest days of different people be added up; places of one mission that one person could fill both of are
kept apart by classes of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from legation.desk.missions import StaffNeed
from legation.planning.crew import Crew, crew_of, meets
from legation.planning.travel import Travel

__all__ = ["ClassTable", "Crew", "Demand", "StaffClass", "crew_of", "demand_of", "meets"]


@dataclass(frozen=True)
class StaffClass:
    """Needs that these positions can meet from the first to the last month, both included.

    Attributes
    ----------
    days
        Working days that a place takes of each position in every month, with the journey; empty for the whole month.
    mission
        The mission whose places stand in a class of their own, because no person may fill two of them; else -1.
    """

    positions: tuple[int, ...]
    first: int
    last: int
    days: tuple[int, ...] = ()
    mission: int = -1

    @property
    def by_days(self) -> bool:
        """Whether its places take days, not whole months."""
        return bool(self.days)

    @property
    def flexible(self) -> bool:
        """Whether its people can be matched month by month: whole months, one at a time."""
        return self.first == self.last and not self.days

    @property
    def months(self) -> int:
        """Its length in months."""
        return self.last - self.first + 1


@dataclass(frozen=True, eq=False)
class ClassTable:
    """Classes (C) as arrays.

    Attributes
    ----------
    first, last, size
        First and last month and number of positions, shape (C,).
    offset, position
        The positions of class ``c`` are ``position[offset[c]:offset[c] + size[c]]``.
    days
        Working days that a place takes of each of them, beside `position`; 0 for the whole month.
    by_days, mission
        As in `StaffClass`, shape (C,).
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    size: NDArray[np.int64]
    offset: NDArray[np.int64]
    position: NDArray[np.int64]
    days: NDArray[np.int64]
    by_days: NDArray[np.bool_]
    mission: NDArray[np.int64]


@dataclass(frozen=True)
class Demand:
    """People that slots need, one row per slot and role (D rows).

    Attributes
    ----------
    slot, need, staff_class, count
        Slot number, index into `needs`, index into `classes` and how many people, each of shape (D,).
    short
        Rows ``(slot, need)`` that too few positions can meet at any time: those slots cannot be staffed.
    working_days
        Working days that somebody has in a month.
    """

    needs: tuple[StaffNeed, ...]
    classes: tuple[StaffClass, ...]
    slot: NDArray[np.int64]
    need: NDArray[np.int64]
    staff_class: NDArray[np.int64]
    count: NDArray[np.int64]
    short: tuple[tuple[int, int], ...]
    working_days: int = 20

    @cached_property
    def class_table(self) -> ClassTable:
        """The classes as arrays."""
        size = np.array([len(item.positions) for item in self.classes], np.int64)
        return ClassTable(
            first=np.array([item.first for item in self.classes], np.int64),
            last=np.array([item.last for item in self.classes], np.int64),
            size=size,
            offset=np.cumsum(size) - size,
            position=np.array([position for item in self.classes for position in item.positions], np.int64),
            days=np.array(
                [days for item in self.classes for days in (item.days or (0,) * len(item.positions))], np.int64
            ),
            by_days=np.array([item.by_days for item in self.classes], bool),
            mission=np.array([item.mission for item in self.classes], np.int64),
        )

    def days_of(self, row: int, position: int) -> int | None:
        """Give the working days that a place of a row takes of a position each month; None for the whole month."""
        item = self.classes[self.staff_class[row]]
        return item.days[item.positions.index(position)] if item.by_days else None


def demand_of(
    crew: Crew,
    needs: Sequence[Sequence[StaffNeed]],
    *,
    missions: NDArray[np.int64],
    places: Sequence[str | None],
    travel: Travel,
    slot_option: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> Demand:
    """Turn the staff needs of options into demands of classes.

    Parameters
    ----------
    crew
        Who is there.
    needs, missions, places
        The needs, the mission and the place of each option.
    travel
        Journeys and working days.
    slot_option, first, last
        Option and months of each slot; a slot without months needs nobody.
    """
    flat = [need for own in needs for need in own]
    counts = np.array([len(own) for own in needs], np.int64)
    offsets = np.cumsum(counts) - counts
    option_of = np.repeat(np.arange(len(needs)), counts)
    apart = np.array([_two_for_one(own, travel) for own in needs], bool)
    kinds = _kinds(
        crew,
        flat,
        places=[places[option] for option in option_of.tolist()],
        missions=np.where(apart, missions, -1)[option_of] if len(needs) else missions,
        travel=travel,
    )
    # a row per slot in use and need of its option
    used = np.flatnonzero(last >= first)
    own = slot_option[used]
    line = np.repeat(np.arange(len(used)), counts[own])
    begins = np.cumsum(counts[own]) - counts[own]
    slot = used[line]
    need = np.arange(len(line)) - begins[line] + offsets[own][line]
    made, staff_class = _classes(kinds.kinds, kinds.of_need[need], first[slot], last[slot])
    count = np.array([item.count for item in flat], np.int64)[need]
    heads = np.array([int(crew.heads[list(item.positions)].sum()) for item in made], np.int64)
    short = np.flatnonzero(heads[staff_class] < count)
    return Demand(
        needs=tuple(flat),
        classes=made,
        slot=slot,
        need=need,
        staff_class=staff_class,
        count=count,
        short=tuple(zip(slot[short].tolist(), need[short].tolist(), strict=True)),
        working_days=travel.working_days,
    )


def _two_for_one(needs: Sequence[StaffNeed], travel: Travel) -> bool:
    """Say whether one person's month could hold two places of a mission: no person may fill both."""
    days = sorted(need.days for need in needs if need.days is not None for _ in range(min(need.count, 2)))
    return len(days) > 1 and days[0] + days[1] <= travel.working_days


@dataclass(frozen=True, eq=False)
class _Kind:
    """What needs ask for alike: who can meet it when, shape (P, T), the days of each position, the mission."""

    able: NDArray[np.bool_]
    days: tuple[int, ...]
    mission: int


@dataclass(frozen=True, eq=False)
class _Kinds:
    kinds: list[_Kind]
    of_need: NDArray[np.int64]


def _kinds(
    crew: Crew,
    needs: Sequence[StaffNeed],
    *,
    places: Sequence[str | None],
    missions: NDArray[np.int64],
    travel: Travel,
) -> _Kinds:
    """Give each need the number of what it asks for, and for each number who can meet it when."""
    bound = any(not position.travels for position in crew.positions)
    skilled: dict[tuple[object, ...], NDArray[np.bool_]] = {}
    numbers: dict[tuple[object, ...], int] = {}
    kinds: list[_Kind] = []
    out = np.empty(len(needs), np.int64)
    for index, need in enumerate(needs):
        asked = _signature(need)
        by_days = need.days is not None
        place = places[index] if bound or by_days else None
        mission = int(missions[index]) if by_days else -1
        key = (asked, need.days, place, mission)
        if key not in numbers:
            if asked not in skilled:
                skilled[asked] = crew.able(need)
            numbers[key] = len(kinds)
            kinds.append(_kind(crew, need, skilled[asked], place=place, mission=mission, travel=travel))
        out[index] = numbers[key]
    return _Kinds(kinds, out)


def _kind(
    crew: Crew, need: StaffNeed, able: NDArray[np.bool_], *, place: str | None, mission: int, travel: Travel
) -> _Kind:
    goes = np.array([travel.may_go(position, place) for position in crew.positions], bool)
    days: tuple[int, ...] = ()
    if need.days is not None:
        days = tuple(need.days + travel.days(position, place) for position in crew.positions)
        goes &= np.array(days, np.int64) <= travel.working_days
    return _Kind(able & goes[:, None], days, mission)


def _classes(
    kinds: Sequence[_Kind],
    kind: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> tuple[tuple[StaffClass, ...], NDArray[np.int64]]:
    """Give the classes in the order in which rows meet them, and the class of each row."""
    span = int(last.max(initial=0)) + 1
    keys, begin, which = np.unique((kind * span + first) * span + last, return_index=True, return_inverse=True)
    numbers: dict[StaffClass, int] = {}
    of_key = np.empty(len(keys), np.int64)
    for key in np.argsort(begin, kind="stable").tolist():
        row = begin[key]
        a, b = int(first[row]), int(last[row])
        asked = kinds[kind[row]]
        free = tuple(np.flatnonzero(asked.able[:, a : b + 1].all(axis=1)).tolist())
        days = tuple(asked.days[position] for position in free) if asked.days else ()
        of_key[key] = numbers.setdefault(StaffClass(free, a, b, days, asked.mission), len(numbers))
    return tuple(numbers), of_key[which]


def _signature(need: StaffNeed) -> tuple[object, ...]:
    return need.rank_min, need.rank_max, need.languages, need.clearance, need.station, need.position
