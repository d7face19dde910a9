"""What a frontier answers: frozen records with ids and titles, ready for a table, a page or JSON."""

from __future__ import annotations

from typing import Literal

import msgspec

from legation.cohesion.result import Chosen, Selection
from legation.planning.result import Assumption, Named

__all__ = [
    "AimName",
    "AimOutcome",
    "FrontierAim",
    "FrontierPoint",
    "FrontierResult",
    "Membership",
    "OpenBox",
    "TradeOff",
]

AimName = Literal["value", "cost", "risk", "escalation", "disruption"]
"""value: more is better; of all the others less is."""


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every record shares."""


class FrontierAim(_Result, frozen=True, kw_only=True):
    """One aim and how finely it was told apart.

    Attributes
    ----------
    unit
        points (of value, 100 being every objective at its target), the desk's currency, or a word.
    best, worst
        Its best among all plans, as proven, and its worst on the frontier that was found.
    step
        No plan that keeps the rules is better than every point by this step or more; 0 where only the gap counts.
    exact
        Whether nothing lies within a step: the aim takes no values in between, or has no step.
    """

    name: AimName
    title: str
    unit: str
    better: Literal["more", "less"]
    best: float
    worst: float
    step: float
    exact: bool
    definition: str


class AimOutcome(_Result, frozen=True, kw_only=True):
    """How a plan stands in one aim."""

    name: AimName
    value: float


class FrontierPoint(_Result, frozen=True, kw_only=True):
    """One plan of the frontier.

    Attributes
    ----------
    number
        From 1, by value from most to least.
    aims
        How it stands in each aim.
    gap
        How much more value there could be at its other aims, as a share of its value, as proven.
    missions
        What it does, when and with whom.
    """

    number: int
    aims: tuple[AimOutcome, ...]
    gap: float
    missions: Selection


class Membership(_Result, frozen=True, kw_only=True):
    """In how many points a mission stands.

    `place` is core (in all), most (in more than half), some or none.
    """

    mission: str
    title: str
    points: int
    share: float
    place: Literal["core", "most", "some", "none"]


class TradeOff(_Result, frozen=True, kw_only=True):
    """What the last part of the value takes of another aim.

    `share` of the most value is given up at the point `to_point`, which is the least in the aim with that much value.
    """

    aim: AimName
    share: float
    from_point: int
    to_point: int
    value_lost: float
    saved: float
    words: str


class OpenBox(_Result, frozen=True, kw_only=True):
    """A part of the space of aims that was not searched to the end.

    A missing point in it is better than `corner` in every aim, and no better than `top`; None where nothing bounds it.
    """

    corner: tuple[float | None, ...]
    top: tuple[float | None, ...]


class FrontierResult(_Result, frozen=True, kw_only=True):
    """Plans of which none is beaten in all aims at once, with what was proven about the rest.

    Attributes
    ----------
    method
        `every`: every such plan's aims were asked for, told apart by the aims' own grids; `steps`: a step was set.
    complete
        Whether it is proven that nothing is missing, within steps and gap.
    gap
        Proven relative gap of each point's value that was asked for.
    payoff
        For each aim in turn the point's number that is best in it.
    knee
        Number of the point at the knee; None where the frontier has none.
    open_boxes
        What was left open when the search ended early.
    """

    desk: str
    title: str
    start: str
    currency: str
    price_year: int
    against: str | None
    method: Literal["every", "steps"]
    complete: bool
    stopped: bool
    gap: float
    seconds: float
    solves: int
    seed: int
    aims: tuple[FrontierAim, ...]
    points: tuple[FrontierPoint, ...]
    payoff: tuple[int, ...]
    knee: int | None
    knee_words: str
    trade_offs: tuple[TradeOff, ...]
    missions: tuple[Membership, ...]
    open_boxes: tuple[OpenBox, ...]
    assumptions: tuple[Assumption, ...]

    def named(self, place: str) -> tuple[Named, ...]:
        """Give the missions of one place: core, most, some or none."""
        return tuple(Named(id=row.mission, title=row.title) for row in self.missions if row.place == place)

    def selection(self, number: int) -> tuple[Chosen, ...]:
        """Give the missions of a point by its number."""
        return self.points[number - 1].missions
