"""When missions of a desk can be done: the earliest finish with its proof, who does what when, and why not sooner."""

from __future__ import annotations

from typing import Literal

import msgspec

from legation.planning.result import PlannedPerson

__all__ = ["ChainLink", "MissionSchedule", "ScheduledMission"]


class ScheduledMission(msgspec.Struct, frozen=True, kw_only=True):
    """A mission in the schedule.

    Attributes
    ----------
    start, end
        First and last month, `YYYY-MM`.
    staff
        Who fills which role, as `role:position`; `people` gives titles, and holders where the desk knows them.
    asked
        Whether it was asked for; otherwise another needs it first, or the desk must do it.
    cost
        In the desk's currency within the plan's months.
    """

    mission: str
    title: str
    mode: str
    mode_title: str
    start: str
    end: str
    months: int
    staff: tuple[str, ...]
    people: tuple[PlannedPerson, ...]
    asked: bool
    cost: float


class ChainLink(msgspec.Struct, frozen=True, kw_only=True):
    """Why a mission that holds up the finish does not start a month earlier.

    Attributes
    ----------
    kind
        start (the plan begins with it), order, bar (a rule about months), what the schedule around it holds
        (exclusion, visits, cap, ceiling, risk, money, staff), or none (it could, with the rest as it is).
    after
        The mission it waits for, where there is one.
    """

    mission: str
    kind: str
    after: str | None
    words: str


class MissionSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """The earliest finish of missions.

    Attributes
    ----------
    status
        optimal (no schedule ends earlier), or feasible (the time ended before that was proven).
    months
        Months from the desk's first to the last one needed, both included.
    finish
        The last month needed.
    bound
        No schedule needs fewer months.
    chain
        The missions that hold up the finish, first to last, each with its reason.
    """

    desk: str
    title: str
    start: str
    status: Literal["optimal", "feasible"]
    months: int
    finish: str
    bound: int
    missions: tuple[ScheduledMission, ...]
    chain: tuple[ChainLink, ...]
    currency: str
    seconds: float
    engine: str
    engine_version: str
    assumptions: tuple[str, ...]
