"""Whether a few equal people can do what is asked of them month by month, each in one place at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from legation.errors import InputError

__all__ = ["Job", "packs"]


@dataclass(frozen=True)
class Job:
    """A place of a mission: its months, and the working days it takes in each (None: the whole month)."""

    mission: str
    months: range
    days: int | None


def packs(jobs: Sequence[Job], *, heads: int, working_days: int) -> bool:
    """Say whether every job can be given to one person for all its months.

    In a month somebody does one whole-month job, or jobs of different missions whose days fit into the working days.
    People are tried job by job in the order of their months; what is left of people's calendars has been tried before
    more often than not, and is not tried again.

    Raises
    ------
    InputError
        When too many ways would have to be tried.
    """
    if not _may_fit(jobs, heads, working_days):
        return False
    ordered = sorted(jobs, key=lambda job: (job.months.start, job.days is not None, -(job.days or 0), job.months.stop))
    last = {job.mission: number for number, job in enumerate(ordered)}
    held: list[list[Job]] = [[] for _ in range(heads)]
    failed: set[_State] = set()
    # for each job already given out: who has it, and who else may; a loop, for there may be thousands
    given: list[tuple[int, list[int]]] = []
    choices: list[int] | None = None
    while len(given) < len(ordered):
        number = len(given)
        if choices is None:
            calendars = [_calendar(own, ordered[number], number, last) for own in held]
            state = (number, tuple(sorted(calendars)))
            if state in failed:
                choices = []
            else:
                # a state is struck out before it is looked at: who comes back to it has come for nothing
                failed.add(state)
                alike = dict(zip(reversed(calendars), range(heads - 1, -1, -1), strict=True))
                choices = [who for who in sorted(alike.values()) if _agrees(ordered[number], held[who], working_days)]
            if len(failed) > _MOST:
                raise InputError(
                    f"Whether {heads} people can share {len(jobs)} missions by the day takes too many ways to try.",
                    remedy="Make posts of fewer people, or fewer missions of the post.",
                )
        if choices:
            who, *rest = choices
            held[who].append(ordered[number])
            given.append((who, rest))
            choices = None
        elif given:
            who, choices = given.pop()
            held[who].pop()
        else:
            return False
    return True


_MOST = 200_000
"""Ways to try at most: some seconds."""
_Calendar = tuple[tuple[int, int, int, str], ...]
_State = tuple[int, tuple[_Calendar, ...]]


def _may_fit(jobs: Sequence[Job], heads: int, working_days: int) -> bool:
    """Say whether each month's jobs fit by their sum, and those that no two of which one person does by their count."""
    for month in {month for job in jobs for month in job.months}:
        own = [working_days if job.days is None else job.days for job in jobs if month in job.months]
        if sum(own) > heads * working_days or sum(2 * days > working_days for days in own) > heads:
            return False
    return True


def _calendar(own: Sequence[Job], job: Job, number: int, last: Mapping[str, int]) -> _Calendar:
    """Give what somebody still has to do when a job begins; a mission's name only where more of its jobs come."""
    first = job.months.start
    return tuple(
        sorted(
            (
                max(other.months.start, first),
                other.months.stop,
                -1 if other.days is None else other.days,
                other.mission if last[other.mission] >= number else "",
            )
            for other in own
            if other.months.stop > first
        )
    )


def _agrees(job: Job, own: Sequence[Job], working_days: int) -> bool:
    if job.days is not None and job.days > working_days:
        return False
    for month in job.months:
        here = [other for other in own if month in other.months]
        days = [job.days, *(other.days for other in here)]
        if len(days) > 1 and None in days:
            return False
        if any(other.mission == job.mission for other in here):
            return False
        if sum(day or 0 for day in days) > working_days:
            return False
    return True
