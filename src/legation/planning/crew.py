"""Who is there: positions by month, who holds them, and what these can do."""

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

__all__ = ["Crew", "crew_of", "meets"]


@dataclass(frozen=True)
class Crew:
    """Positions (P) over the plan's months (T).

    Attributes
    ----------
    positions
        The desk's positions in their order; one with several heads stands there once for each head where days count.
    heads
        How many people a position has, shape (P,).
    present
        Whether the position can be used in a month, shape (P, T).
    unit
        Row of the capacity that a position draws on in a month, shape (P, T): its own, or the first one's of several
        posts that one person holds in that month; posts that change hands within the month tie all that both hold.
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
            # a post and a person may have the same id
            ids = [tuple((type(who), who.id) for who in people) for people in rows]
            begins = [month for month in range(len(rows)) if month == 0 or ids[month] != ids[month - 1]]
            out.append(tuple((a, z, rows[a]) for a, z in zip(begins, [*begins[1:], len(rows)], strict=True)))
        return tuple(out)


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
    positions = _apart(desk)
    place: defaultdict[str, list[int]] = defaultdict(list)
    for number, position in enumerate(positions):
        place[position.id].append(number)
    apart = {name for name, own in place.items() if len(own) > 1}
    persons = {person.id: person for person in desk.persons}
    present = np.ones((len(positions), months), bool)
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
        for position in positions
    )
    return Crew(
        positions=positions,
        heads=np.array([1 if position.id in apart else position.headcount for position in positions], np.int64),
        present=present,
        unit=_units(occupants, present),
        occupants=occupants,
        last_days=tuple(last_day(text) for text in texts),
    )


def _apart(desk: Desk) -> tuple[Position, ...]:
    """Give the positions, those with several heads that may serve by the day once for each head."""
    by_days = [need for need in desk.staff_needs if need.days is not None]

    def serves(position: Position) -> bool:
        # nobody holds one of several posts by name: all have the skills of the post
        return any(
            need.position in {None, position.id}
            and need.station in {None, position.station}
            and meets(position, need, on=date.min)
            for need in by_days
        )

    return tuple(
        position
        for position in desk.positions
        for _ in range(position.headcount if position.headcount > 1 and serves(position) else 1)
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
        own = unit[:, month]
        for position, rows in enumerate(occupants):
            people = [who.id for who in rows[month] if isinstance(who, Person)]
            # who hands a post over within the month ties both holders' posts to each other
            tied = [own[position], *(own[seen[name]] for name in people if name in seen)]
            own[np.isin(own, tied)] = min(tied)
            seen.update(dict.fromkeys(people, position))
    return unit
