"""What re-planning answers: the new plan, what it costs in disruption, and what changes for whom."""

from __future__ import annotations

from typing import Literal

import msgspec

from legation.cohesion.result import Selection
from legation.planning.result import (
    Named,
    ObjectiveOutcome,
    PlannedMission,
    PlanStatus,
    Progress,
    Spending,
    Staffing,
    as_selection,
)

__all__ = [
    "ChangeKind",
    "CurvePoint",
    "DisruptionParts",
    "MissionChange",
    "PartnerChange",
    "PositionChange",
    "ReplanResult",
]

ChangeKind = Literal["dropped", "ended", "added", "moved", "mode", "people"]


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every record of re-planning shares."""


class DisruptionParts(_Result, frozen=True, kw_only=True):
    """Disruption by kind of change; 1 is a mission dropped on the eve of its start.

    `unavoidable` is the part of missions that the desk no longer holds.
    """

    dropped: float
    moved: float
    mode: float
    people: float
    added: float
    unavoidable: float

    @property
    def total(self) -> float:
        """The disruption."""
        return self.dropped + self.moved + self.mode + self.people + self.added + self.unavoidable


class MissionChange(_Result, frozen=True, kw_only=True):
    """What changes for one mission.

    Attributes
    ----------
    kinds
        dropped, ended (under way and called off), added, moved, mode, people.
    before, after
        Mode, months and people in words; empty where there is no before or after.
    notice_months
        Months until the earlier of both starts.
    disruption
        What the change adds to the plan's disruption.
    """

    mission: str
    title: str
    kinds: tuple[ChangeKind, ...]
    before: str
    after: str
    notice_months: int
    disruption: float
    words: str


class PositionChange(_Result, frozen=True, kw_only=True):
    """What changes for the people of one position: the missions they leave and those they take on.

    `person` names the holder in this month, where the desk knows one.
    """

    position: str
    title: str
    person: str | None
    leaves: tuple[Named, ...]
    takes: tuple[Named, ...]
    words: str


class PartnerChange(_Result, frozen=True, kw_only=True):
    """What changes with one partner."""

    partner: str
    name: str
    missions: tuple[Named, ...]
    words: str


class CurvePoint(_Result, frozen=True, kw_only=True):
    """One plan between the least disruption and the most value.

    `rate` is the value given up for one unit less of disruption at this point, `bound` what value less rate times
    disruption cannot exceed, `knee` marks the point after which more value costs most disruption.
    """

    rate: float
    value: float
    disruption: float
    changed: int
    bound: float
    knee: bool = False


class ReplanResult(_Result, frozen=True, kw_only=True):
    """A plan after a change, beside the plan before it.

    Attributes
    ----------
    value, disruption, rate, merit
        ``merit = value - rate * disruption`` is what the search maximises.
    keep
        The share of the free bound that was to be kept while disturbing least; None where a rate was given.
    merit_bound, gap
        What no plan's merit can exceed, and the distance to it as a share of the value.
    free_bound, free_share
        What no plan's value can exceed, however much it disrupts, and the plan's share of it: the plan has at least
        this share of the best value there is.
    mended_value
        Value of the old plan with only what had to change, the first plan tried.
    starts, starts_changed
        Missions of the old plan that had not begun, and how many of them are dropped or start in another month.
    forced
        How many of these could not stay in any case: no rule lets them start in their month any more.
    """

    desk: str
    title: str
    start: str
    now: str
    currency: str
    price_year: int
    shocks: tuple[str, ...]
    status: PlanStatus
    value: float
    disruption: float
    parts: DisruptionParts
    rate: float
    keep: float | None
    merit: float
    merit_bound: float
    gap: float
    free_bound: float
    free_share: float
    mended_value: float | None
    starts: int
    starts_changed: int
    forced: int
    added: int
    begun: int
    seconds: float
    seed: int
    engine: str
    engine_version: str
    missions: tuple[PlannedMission, ...]
    changes: tuple[MissionChange, ...]
    positions: tuple[PositionChange, ...]
    partners: tuple[PartnerChange, ...]
    curve: tuple[CurvePoint, ...]
    objectives: tuple[ObjectiveOutcome, ...]
    spending: tuple[Spending, ...]
    staffing: tuple[Staffing, ...]
    cost: float
    trace: tuple[Progress, ...]
    assumptions: tuple[str, ...]

    @property
    def bound(self) -> float:
        """What no plan's value can exceed."""
        return self.free_bound

    def to_selection(self) -> Selection:
        """Give the chosen missions, modes, months and staff alone."""
        return as_selection(self.missions)
