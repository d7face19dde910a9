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

import numpy as np
from numpy.typing import NDArray

from legation.desk.base import clearance_order, language_order, rank_order
from legation.desk.desk import Desk
from legation.desk.missions import StaffNeed
from legation.desk.months import first_day, last_day, month_text, months_overlapping
from legation.desk.people import Holder, Person, Position

__all__ = ["Crew", "Demand", "StaffClass", "crew_of", "demand_of", "meets"]


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
            for month in np.flatnonzero(out[number]):
                day = self.last_days[month]
                out[number, month] = all(meets(who, need, on=day) for who in self.occupants[number][month])
        return out


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
    flat: list[StaffNeed] = []
    rows: list[tuple[int, int, int, int]] = []
    classes: dict[tuple[tuple[int, ...], int, int], int] = {}
    able: dict[tuple[object, ...], NDArray[np.bool_]] = {}
    number: dict[int, list[int]] = {}
    for option, own in enumerate(needs):
        number[option] = list(range(len(flat), len(flat) + len(own)))
        flat.extend(own)
    memo: dict[tuple[tuple[object, ...], int, int], int] = {}
    signatures = [_signature(need) for need in flat]
    for signature, need in zip(signatures, flat, strict=True):
        if signature not in able:
            able[signature] = crew.able(need)
    for slot, option in enumerate(slot_option.tolist()):
        a, b = int(first[slot]), int(last[slot])
        if b < a:
            continue
        for index in number[option]:
            key = (signatures[index], a, b)
            if key not in memo:
                free = tuple(np.flatnonzero(able[signatures[index]][:, a : b + 1].all(axis=1)).tolist())
                memo[key] = classes.setdefault((free, a, b), len(classes))
            chosen = memo[key]
            rows.append((slot, index, chosen, flat[index].count))
    made = tuple(StaffClass(positions, a, b) for positions, a, b in classes)
    heads = [int(crew.heads[list(item.positions)].sum()) for item in made]
    short = [(slot, index) for slot, index, chosen, count in rows if heads[chosen] < count]
    table = np.array(rows, np.int64).reshape(len(rows), 4)
    return Demand(
        needs=tuple(flat),
        classes=made,
        slot=table[:, 0],
        need=table[:, 1],
        staff_class=table[:, 2],
        count=table[:, 3],
        short=tuple(short),
    )


def _signature(need: StaffNeed) -> tuple[object, ...]:
    return need.rank_min, need.rank_max, need.languages, need.clearance, need.station, need.position
