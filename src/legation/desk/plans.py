"""Plans that a desk keeps: what was chosen, when, by whom staffed."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from legation.desk.base import Id, Month, Record, Text, Title

__all__ = ["Plan", "PlanEntry"]


class Plan(Record, frozen=True, kw_only=True):
    """A plan kept for comparison or execution."""

    KIND: ClassVar[str] = "plans"

    id: Id
    title: Title
    made: date | None = None
    description: Text = ""
    label: Id | None = None


class PlanEntry(Record, frozen=True, kw_only=True):
    """One mission of a kept plan: its mode, its first month, and `role:position` for each person."""

    KIND: ClassVar[str] = "plan_entries"
    KEY: ClassVar[tuple[str, ...]] = ("plan", "mission")

    plan: Id
    mission: Id
    mode: Id
    start: Month
    staff: tuple[str, ...] = ()
