"""What the desk wants: goals, objectives below them, links between objectives, indicators."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from legation.desk.base import ActorRef, Id, Record, Text, Title

__all__ = ["Combine", "Goal", "Indicator", "Link", "Objective", "ObjectiveKind"]

ObjectiveKind = Literal["diplomatic", "military", "humanitarian"]
Combine = Literal["sum", "min", "max"]


class Goal(Record, frozen=True, kw_only=True):
    """A foreign-policy aim; the objectives directly below it combine by weighted sum, or as AND (min) or OR (max).

    With `min` the goal is worth as much as the least of them, with `max` as much as the best of them.
    """

    KIND: ClassVar[str] = "goals"

    id: Id
    title: Title
    weight: Annotated[float, Meta(ge=0)] = 1.0
    combine: Combine = "sum"
    owner: Id | None = None
    description: Text = ""
    label: Id | None = None


class Objective(Record, frozen=True, kw_only=True):
    """A diplomatic aim, a military objective or a humanitarian one, below a goal or another objective.

    Only objectives without children take effects; `target` is the sum of effect points that meets the objective.
    `needs` names the actors whose relation with the observer the objective depends on. An objective with children is
    worth their weighted sum, the least of them (min) or the best of them (max), like a goal.
    """

    KIND: ClassVar[str] = "objectives"

    id: Id
    title: Title
    kind: ObjectiveKind
    parent: Id
    weight: Annotated[float, Meta(ge=0)] = 1.0
    combine: Combine = "sum"
    target: Annotated[float, Meta(gt=0, le=1_000)] = 3.0
    line_of_effort: Text = ""
    owner: Id | None = None
    affects: tuple[ActorRef, ...] = ()
    harms: tuple[ActorRef, ...] = ()
    needs: tuple[ActorRef, ...] = ()
    description: Text = ""
    label: Id | None = None


class Link(Record, frozen=True, kw_only=True):
    """How the source objective acts on the target objective, -3 (strongly hinders) to 3 (strongly supports)."""

    KIND: ClassVar[str] = "links"
    KEY: ClassVar[tuple[str, ...]] = ("source", "kind", "target")

    source: Id
    target: Id
    kind: Literal["supports", "hinders", "depends", "excludes"]
    strength: Annotated[int, Meta(ge=-3, le=3)]
    reason: Text


class Indicator(Record, frozen=True, kw_only=True):
    """A measurable sign of an objective; `points_per_unit` converts its change to effect points."""

    KIND: ClassVar[str] = "indicators"

    id: Id
    objective: Id
    title: Title
    unit: Title
    baseline: float
    baseline_date: date
    target: float
    target_date: date
    source: Text
    points_per_unit: float | None = None
    label: Id | None = None
