"""What a search for a schedule found: who does what when, how good it is, and what is proven."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Placed", "Schedule", "ScheduleStatus", "TracePoint"]

ScheduleStatus = Literal["optimal", "feasible", "infeasible", "unknown"]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A task in the schedule: its mode, first period, the period after its last, and people with their skills."""

    task: str
    mode: str
    start: int
    end: int
    people: tuple[tuple[str, str], ...] = ()


class TracePoint(msgspec.Struct, frozen=True, kw_only=True):
    """The best makespan and bound after so many seconds, and what found it."""

    seconds: float
    makespan: int | None
    bound: int
    source: str


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule with its proof.

    Attributes
    ----------
    status
        optimal (makespan equals bound), feasible, infeasible (proven), unknown (time ran out without a schedule).
    makespan
        End of the last task in periods, where there is a schedule.
    bound
        No schedule is shorter.
    placed
        The tasks done, by start.
    trace
        How makespan and bound came closer.
    """

    status: ScheduleStatus
    makespan: int | None
    bound: int
    placed: tuple[Placed, ...]
    trace: tuple[TracePoint, ...]
    seconds: float
    seed: int

    @property
    def gap(self) -> float | None:
        """How much longer than the bound the schedule is, as a share of the makespan; None without a schedule."""
        if self.makespan is None:
            return None
        return (self.makespan - self.bound) / self.makespan if self.makespan else 0.0

    def __str__(self) -> str:
        if self.makespan is None:
            return f"no schedule ({self.status}), none ends before {self.bound}"
        return f"ends at {self.makespan} ({self.status}), none ends before {self.bound}"
