"""What weighing goals answers: frozen records with ids and titles, ready for a table, a page or JSON."""

from __future__ import annotations

from typing import Literal

import msgspec

from legation.cohesion.result import Selection
from legation.planning.result import Assumption

__all__ = ["CoreIndex", "DecisionRule", "GoalRange", "WeighedPlan", "WeightsResult"]


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every record shares."""


class GoalRange(_Result, frozen=True, kw_only=True):
    """The share of a goal: as the desk has it, and the least and most that the statements allow."""

    goal: str
    title: str
    share: float
    low: float
    high: float


class WeighedPlan(_Result, frozen=True, kw_only=True):
    """A plan that no other one beats for all weights.

    Attributes
    ----------
    least, most
        Its value at the weights that suit it least and most.
    regret
        How much more value the best plan could have at most, over all weights: an upper limit.
    best_somewhere
        Whether it is the best plan for some weights.
    """

    number: int
    least: float
    most: float
    central: float
    regret: float
    best_somewhere: bool
    missions: Selection


class CoreIndex(_Result, frozen=True, kw_only=True):
    """Share of the plans that hold a mission.

    `place` is core (in all: safe to decide for), borderline (in some: worth better weights) or exterior (in none).
    """

    mission: str
    title: str
    index: float
    place: Literal["core", "borderline", "exterior"]


class DecisionRule(_Result, frozen=True, kw_only=True):
    """The plan of those listed that a rule picks."""

    name: Literal["maximin", "minimax_regret", "central"]
    plan: int
    words: str


class WeightsResult(_Result, frozen=True, kw_only=True):
    """Plans that no other beats for all weights that are allowed.

    Attributes
    ----------
    method
        `best_somewhere`: the plans that are best for some weights; `unbeaten`: also those that are never best and yet
        not beaten for all weights, told apart by `step` at each extreme set of weights.
    complete
        Whether it is proven that nothing is missing, within slack and step.
    slack
        By how much the best value at any weights may exceed the best listed plan's.
    corners
        The extreme sets of weights, shares in the order of `goals`.
    """

    desk: str
    title: str
    start: str
    method: Literal["best_somewhere", "unbeaten"]
    complete: bool
    stopped: bool
    slack: float
    step: float
    seconds: float
    solves: int
    seed: int
    goals: tuple[GoalRange, ...]
    corners: tuple[tuple[float, ...], ...]
    plans: tuple[WeighedPlan, ...]
    missions: tuple[CoreIndex, ...]
    rules: tuple[DecisionRule, ...]
    assumptions: tuple[Assumption, ...]
