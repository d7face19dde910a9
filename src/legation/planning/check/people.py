"""Who goes: whether people fit their roles, travel as they may, and are in one place at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from legation.desk.base import clearance_order, language_order, rank_order
from legation.desk.missions import StaffNeed
from legation.desk.months import first_day, last_day
from legation.desk.people import Person, Position
from legation.planning.actor_words import actor_words
from legation.planning.check.calendar import Job, packs
from legation.planning.check.plan import Check, Entry, broken
from legation.planning.result import BrokenRule

__all__ = ["PEOPLE"]


def _needs(c: Check, entry: Entry) -> list[StaffNeed]:
    return [need for need in c.desk.staff_needs if (need.mission, need.mode) == (entry.id, entry.mode.id)]


def _staff(c: Check) -> Iterator[BrokenRule]:
    positions = {position.id: position for position in c.desk.positions}
    jobs: defaultdict[str, list[Job]] = defaultdict(list)
    for entry in c.entries:
        months = range(max(0, entry.start), min(c.desk.info.months - 1, entry.end) + 1)
        if not months:
            continue
        given = Counter(role for role, _ in entry.staff)
        needs = {need.role: need for need in _needs(c, entry)}
        for need in needs.values():
            if given[need.role] != need.count:
                words = f"{entry.mission.title!r} needs {need.count} as {need.role!r} and has {given[need.role]}."
                yield broken("staff", words, entry.id)
            for role, name in entry.staff:
                if role == need.role and name in positions:
                    yield from _unfit(c, entry, need, positions[name], months)
        for role, name in entry.staff:
            if name not in positions:
                yield broken("staff", f"{entry.mission.title!r} has unknown position {name!r} as {role!r}.", entry.id)
                continue
            days = needs[role].days if role in needs else None
            away = None if days is None else days + _journey(c, positions[name], entry.mission.place)
            jobs[name].append(Job(entry.id, months, away))
    yield from _double_booked(c, positions, jobs)


def _journey(c: Check, position: Position, place: str | None) -> int:
    """Give the working days of a journey from the position's station to a place and back."""
    home = position.station or c.desk.info.observer
    if place in {None, home}:
        return 0
    known = [row.days for row in c.desk.travel_times if {row.station, row.place} == {home, place}]
    return known[0] if known else c.desk.info.settings.travel_days


def _unfit(c: Check, entry: Entry, need: StaffNeed, position: Position, months: Sequence[int]) -> Iterator[BrokenRule]:
    if need.position not in {None, position.id} or need.station not in {None, position.station}:
        words = f"{position.title!r} is not the post that {entry.mission.title!r} asks for as {need.role!r}."
        yield broken("staff", words, entry.id, records=[position.id])
    if not position.travels and entry.mission.place not in {None, position.station or c.desk.info.observer}:
        words = (
            f"{position.title!r} does not travel, and {entry.mission.title!r} is in {actor_words(entry.mission.place)}."
        )
        yield broken("staff", words, entry.id, records=[position.id])
    for month in months:
        for who in _in_post(c, position, month):
            if not _qualified(who, need, last_day(c.text(month))):
                words = f"{position.title!r} does not meet the role {need.role!r} of {entry.mission.title!r}"
                yield broken("staff", f"{words} in {c.text(month)}.", entry.id, records=[position.id])
                return


def _in_post(c: Check, position: Position, month: int) -> list[Person | Position]:
    persons = {person.id: person for person in c.desk.persons}
    first, last = first_day(c.text(month)), last_day(c.text(month))
    spells = [
        (max(first, row.start), min(last, row.end or last), persons[row.person])
        for row in c.desk.holders
        if row.position == position.id and row.start <= last and (row.end is None or row.end >= first)
    ]
    held = sum((end - start).days + 1 for start, end, _ in spells)
    people: list[Person | Position] = [person for _, _, person in spells]
    return people if held > (last - first).days else [*people, position]


def _qualified(who: Person | Position, need: StaffNeed, on: date) -> bool:
    if need.rank_min and rank_order(who.rank) < rank_order(need.rank_min):
        return False
    if need.rank_max and rank_order(who.rank) > rank_order(need.rank_max):
        return False
    lapsed = isinstance(who, Person) and who.clearance_until is not None and who.clearance_until < on
    if clearance_order("none" if lapsed else who.clearance) < clearance_order(need.clearance):
        return False
    spoken = [skill.lower().split(":") for skill in who.languages]
    for wanted in need.languages:
        tag, level = wanted.lower().split(":")
        if not any(
            (own == tag or own.startswith(tag + "-")) and language_order(has.upper()) >= language_order(level.upper())
            for own, has in spoken
        ):
            return False
    return True


def _double_booked(
    c: Check, positions: Mapping[str, Position], jobs: Mapping[str, Sequence[Job]]
) -> Iterator[BrokenRule]:
    by_person: defaultdict[tuple[str, int], list[tuple[str, Job]]] = defaultdict(list)
    for name, own in sorted(jobs.items()):
        position, faults = positions[name], 0
        for month in sorted({month for job in own for month in job.months}):
            here = [job for job in own if month in job.months]
            first, last = first_day(c.text(month)), last_day(c.text(month))
            away = any(row.position == name and row.start <= last and row.end >= first for row in c.desk.absences)
            heads = 0 if away else position.headcount
            if not _can(c, here, heads=heads, month=month):
                faults += 1
                yield _overbooked(c, position, here, heads=heads, month=month)
            for who in _in_post(c, position, month):
                if isinstance(who, Person):
                    by_person[who.id, month].extend((name, job) for job in here)
        if position.headcount > 1 and not faults and any(job.days is not None for job in own):
            working = c.desk.info.settings.working_days
            if not packs(own, heads=position.headcount, working_days=working):
                words = f"The {position.headcount} of {position.title!r} cannot share these missions out among them."
                yield broken("position", words, *sorted({job.mission for job in own}), records=[name])
    for (person, month), pairs in by_person.items():
        posts = {name for name, _ in pairs}
        if len(posts) > 1 and not _can(c, [job for _, job in pairs], heads=1, month=month):
            held = next(row.name for row in c.desk.persons if row.id == person)
            words = f"{held} would be in {len(pairs)} places at once in {c.text(month)}."
            yield broken("position", words, *sorted({job.mission for _, job in pairs}), records=sorted(posts))


def _can(c: Check, jobs: Sequence[Job], *, heads: int, month: int) -> bool:
    """Say whether so many people can do these jobs in a month."""
    if all(job.days is None for job in jobs):
        return len(jobs) <= heads
    only = [Job(job.mission, range(month, month + 1), job.days) for job in jobs]
    return packs(only, heads=heads, working_days=c.desk.info.settings.working_days)


def _overbooked(c: Check, position: Position, jobs: Sequence[Job], *, heads: int, month: int) -> BrokenRule:
    missions = sorted({job.mission for job in jobs})
    mission, places = Counter(job.mission for job in jobs).most_common(1)[0]
    if heads == 1 and places > 1:
        words = f"{position.title!r} would fill {places} places of {c.missions[mission].title!r} at once"
        return broken("position", f"{words} in {c.text(month)}.", *missions, records=[position.id])
    words = f"{position.title!r} has {heads} for {len(jobs)} missions in {c.text(month)}"
    days = [job.days for job in jobs if job.days is not None]
    if days:
        most = c.desk.info.settings.working_days
        words += f", {len(jobs) - len(days)} of the whole month and others of {sum(days)} days, with {most} a head"
    return broken("position", f"{words}.", *missions, records=[position.id])


PEOPLE = (_staff,)
"""The rules, in the order in which they are reported."""
