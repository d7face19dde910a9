"""Who could do what and when: positions by month, and the classes of equal needs that staff is drawn for.

Two needs that the same positions can meet over the same months are one *class*; all places of a class are alike, so a
flow from the class to the positions staffs them exactly. For one month the flow is a bipartite one and comes out
whole by itself; over several months it must be whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from legation.desk.base import clearance_order, language_order, rank_order
from legation.desk.desk import Desk
from legation.desk.missions import StaffNeed
from legation.desk.months import first_day, last_day, month_text, months_overlapping
from legation.desk.people import Holder, Person, Position

__all__ = ["ClassTable", "Crew", "Demand", "StaffClass", "crew_of", "demand_of", "meets"]


@dataclass(frozen=True)
class Crew:
    """Positions (P) over the plan's months (T).

    Attributes
    ----------
    positions
        The desk's positions in their order.
    heads
        How many people a position has, shape (P,).
    present
        Whether the position can be used in a month, shape (P, T).
    unit
        Row of the capacity that a position draws on in a month, shape (P, T): its own, or the first one's of several
        posts that one person holds in that month.
    last_days
        Last day of each month, length T.
    occupants
        Skills in the month: the people who hold the post in it, or the post itself while nobody does; every
        one of them must meet a need.
    """

    positions: tuple[Position, ...]
    heads: NDArray[np.int64]
    present: NDArray[np.bool_]
    unit: NDArray[np.int64]
    occupants: tuple[tuple[tuple[Person | Position, ...], ...], ...]
    last_days: tuple[date, ...]

    def capacity(self) -> NDArray[np.int64]:
        """Give the people each unit has in each month, shape (P, T)."""
        out = np.zeros(self.present.shape, np.int64)
        for position in range(len(self.positions)):
            for month in np.flatnonzero(self.present[position]):
                row = self.unit[position, month]
                own = row == position
                out[row, month] = self.heads[position] if own else max(out[row, month], 1)
        return out

    def able(self, need: StaffNeed) -> NDArray[np.bool_]:
        """Say which positions could meet a need in which months, shape (P, T)."""
        out = self.present.copy()
        for number, position in enumerate(self.positions):
            if need.position not in {None, position.id} or need.station not in {None, position.station}:
                out[number] = False
                continue
            for first, stop, people in self._spans[number]:
                if any(isinstance(who, Person) and who.clearance_until is not None for who in people):
                    for month in range(first, stop):
                        day = self.last_days[month]
                        out[number, month] &= all(meets(who, need, on=day) for who in people)
                # without a clearance that ends, the day makes no difference
                elif not all(meets(who, need, on=self.last_days[first]) for who in people):
                    out[number, first:stop] = False
        return out

    @cached_property
    def _spans(self) -> tuple[tuple[tuple[int, int, tuple[Person | Position, ...]], ...], ...]:
        """Months in a row with the same occupants, by position: first, the one after the last, who."""
        out = []
        for rows in self.occupants:
            ids = [tuple(who.id for who in people) for people in rows]
            begins = [month for month in range(len(rows)) if month == 0 or ids[month] != ids[month - 1]]
            out.append(tuple((a, z, rows[a]) for a, z in zip(begins, [*begins[1:], len(rows)], strict=True)))
        return tuple(out)


@dataclass(frozen=True)
class StaffClass:
    """Needs that these positions can meet from the first to the last month, both included."""

    positions: tuple[int, ...]
    first: int
    last: int

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
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    size: NDArray[np.int64]
    offset: NDArray[np.int64]
    position: NDArray[np.int64]


@dataclass(frozen=True)
class Demand:
    """People that slots need, one row per slot and role (D rows).

    Attributes
    ----------
    slot, need, staff_class, count
        Slot number, index into `needs`, index into `classes` and how many people, each of shape (D,).
    short
        Rows ``(slot, need)`` that too few positions can meet at any time: those slots cannot be staffed.
    """

    needs: tuple[StaffNeed, ...]
    classes: tuple[StaffClass, ...]
    slot: NDArray[np.int64]
    need: NDArray[np.int64]
    staff_class: NDArray[np.int64]
    count: NDArray[np.int64]
    short: tuple[tuple[int, int], ...]

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
        )


def meets(who: Person | Position, need: StaffNeed, *, on: date) -> bool:
    """Say whether somebody has the rank, languages and clearance of a need on a day."""
    rank = rank_order(who.rank)
    if need.rank_min is not None and rank < rank_order(need.rank_min):
        return False
    if need.rank_max is not None and rank > rank_order(need.rank_max):
        return False
    clearance = who.clearance
    if isinstance(who, Person) and who.clearance_until is not None and who.clearance_until < on:
        clearance = "none"
    if clearance_order(clearance) < clearance_order(need.clearance):
        return False
    return all(_speaks(who.languages, wanted) for wanted in need.languages)


def _speaks(skills: Sequence[str], wanted: str) -> bool:
    tag, _, level = wanted.lower().rpartition(":")
    for skill in skills:
        own, _, own_level = skill.lower().rpartition(":")
        same = own == tag or own.startswith(f"{tag}-")
        if same and language_order(own_level.upper()) >= language_order(level.upper()):
            return True
    return False


def crew_of(desk: Desk) -> Crew:
    """Read who is where in each month."""
    months = desk.info.months
    place = {position.id: number for number, position in enumerate(desk.positions)}
    persons = {person.id: person for person in desk.persons}
    present = np.ones((len(place), months), bool)
    for absence in desk.absences:
        if absence.position in place:
            span = months_overlapping(absence.start, absence.end, start=desk.info.start, months=months)
            present[place[absence.position], span.start : max(span.start, span.stop)] = False
    holders: defaultdict[str, list[Holder]] = defaultdict(list)
    for holder in desk.holders:
        holders[holder.position].append(holder)
    texts = [month_text(month, start=desk.info.start) for month in range(months)]
    occupants = tuple(
        tuple(_occupants(position, holders.get(position.id, ()), persons, month=text) for text in texts)
        for position in desk.positions
    )
    return Crew(
        positions=desk.positions,
        heads=np.array([position.headcount for position in desk.positions], np.int64),
        present=present,
        unit=_units(occupants, present),
        occupants=occupants,
        last_days=tuple(last_day(text) for text in texts),
    )


def _occupants(
    position: Position, holders: Sequence[Holder], persons: Mapping[str, Person], *, month: str
) -> tuple[Person | Position, ...]:
    first, last = first_day(month), last_day(month)
    found = [holder for holder in holders if holder.start <= last and (holder.end is None or holder.end >= first)]
    days = sum((min(last, holder.end or last) - max(first, holder.start)).days + 1 for holder in found)
    people: tuple[Person | Position, ...] = tuple(persons[holder.person] for holder in found)
    # on days without a holder the post stands with its own skills
    return people if found and days >= (last - first).days + 1 else (*people, position)


def _units(occupants: Sequence[Sequence[Sequence[Person | Position]]], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    unit = np.repeat(np.arange(present.shape[0])[:, None], present.shape[1], axis=1)
    for month in range(present.shape[1]):
        seen: dict[str, int] = {}
        for position, rows in enumerate(occupants):
            people = [who.id for who in rows[month] if isinstance(who, Person)]
            shared = min([position, *(seen[name] for name in people if name in seen)])
            seen.update(dict.fromkeys(people, shared))
            unit[position, month] = shared
    return unit


def demand_of(
    crew: Crew,
    needs: Sequence[Sequence[StaffNeed]],
    *,
    slot_option: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> Demand:
    """Turn the staff needs of options into demands of classes.

    Parameters
    ----------
    crew
        Who is there.
    needs
        The needs of each option.
    slot_option, first, last
        Option and months of each slot; a slot without months needs nobody.
    """
    flat = [need for own in needs for need in own]
    counts = np.array([len(own) for own in needs], np.int64)
    offsets = np.cumsum(counts) - counts
    signature, able = _abilities(crew, flat)
    # a row per slot in use and need of its option
    used = np.flatnonzero(last >= first)
    own = slot_option[used]
    line = np.repeat(np.arange(len(used)), counts[own])
    begins = np.cumsum(counts[own]) - counts[own]
    slot = used[line]
    need = np.arange(len(line)) - begins[line] + offsets[own][line]
    made, staff_class = _classes(able, signature[need], first[slot], last[slot])
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
    )


def _abilities(crew: Crew, needs: Sequence[StaffNeed]) -> tuple[NDArray[np.int64], list[NDArray[np.bool_]]]:
    """Give each need the number of what it asks for, and for each number who can meet it when, shape (P, T)."""
    numbers: dict[tuple[object, ...], int] = {}
    able: list[NDArray[np.bool_]] = []
    out = np.empty(len(needs), np.int64)
    for index, need in enumerate(needs):
        key = _signature(need)
        if key not in numbers:
            numbers[key] = len(able)
            able.append(crew.able(need))
        out[index] = numbers[key]
    return out, able


def _classes(
    able: Sequence[NDArray[np.bool_]],
    signature: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> tuple[tuple[StaffClass, ...], NDArray[np.int64]]:
    """Give the classes in the order in which rows meet them, and the class of each row."""
    span = int(last.max(initial=0)) + 1
    keys, begin, which = np.unique((signature * span + first) * span + last, return_index=True, return_inverse=True)
    numbers: dict[tuple[tuple[int, ...], int, int], int] = {}
    of_key = np.empty(len(keys), np.int64)
    for key in np.argsort(begin, kind="stable").tolist():
        row = begin[key]
        a, b = int(first[row]), int(last[row])
        free = tuple(np.flatnonzero(able[signature[row]][:, a : b + 1].all(axis=1)).tolist())
        of_key[key] = numbers.setdefault((free, a, b), len(numbers))
    return tuple(StaffClass(positions, a, b) for positions, a, b in numbers), of_key[which]


def _signature(need: StaffNeed) -> tuple[object, ...]:
    return need.rank_min, need.rank_max, need.languages, need.clearance, need.station, need.position
