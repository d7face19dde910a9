"""Whether a few equal people can do what is asked of them month by month, each in one place at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """
    ordered = sorted(jobs, key=lambda job: (job.days is not None, -(job.days or 0), job.months.start))
    held: list[list[Job]] = [[] for _ in range(heads)]

    def place(number: int) -> bool:
        if number == len(ordered):
            return True
        for own in held:
            if _agrees(ordered[number], own, working_days):
                own.append(ordered[number])
                if place(number + 1):
                    return True
                own.pop()
            # people with nothing to do yet are alike
            if not own:
                break
        return False

    return place(0)


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
