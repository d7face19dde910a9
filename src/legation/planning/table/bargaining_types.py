"""What a negotiation is made of: who sits at the table, what they hold, and how the model is to run.

The model is the spatial model of politics of KTAB, the KAPSARC Toolkit for Behavioral Analysis (Wise, Lester and Efird
2015, "An Introduction to the KAPSARC Toolkit for Behavioral Analysis"). Names of options are KTAB's where it has one.
"""

from __future__ import annotations

from collections import Counter
from math import isfinite

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError
from legation.planning.table.names import (
    BargainForm,
    Commitment,
    Election,
    Interpolation,
    ReceiverSide,
    RiskAdjustment,
    RiskRange,
    Transition,
    VictoryModel,
    VotingRule,
)

__all__ = [
    "MAX_ACTORS",
    "MAX_ISSUES",
    "Accommodation",
    "BargainForm",
    "Commitment",
    "Election",
    "Interpolation",
    "Negotiation",
    "Negotiator",
    "ReceiverSide",
    "RiskAdjustment",
    "RiskRange",
    "Rules",
    "Transition",
    "VictoryModel",
    "VotingRule",
]

MAX_ACTORS = 200
"""Every turn weighs each pair of actors with every third one: a table of 200 needs 8 million such weighings a turn."""
MAX_ISSUES = 50
_ROUNDING = 1e-9


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The model's parameters; the defaults are those of KTAB's reference run.

    Attributes
    ----------
    adjustment
        How far an ideal follows the actor's own position in a turn, in [0, 1]: 1, and an actor wants what it last
        agreed to; 0, and it goes on wanting what it wanted at first. `Negotiation.accommodations` differ from it.
    same_place
        Positions nearer than this (on a scale of 0 to 1) count as one option in the election.
    least_turns, most_turns, quiet
        The run ends after `most_turns`, or once `least_turns` are over and a turn moves all actors together by less
        than `quiet` times what the first turn moved them.
    """

    victory: VictoryModel = "linear"
    voting: VotingRule = "proportional"
    election: Election = "conditional"
    transition: Transition = "deterministic"
    risk_range: RiskRange = "mid"
    risk_adjustment: RiskAdjustment = "one_third"
    commitment: Commitment = "semi"
    interpolation: Interpolation = "s2p2"
    bargains: BargainForm = "initiator"
    receiver_side: ReceiverSide = "as_programmed"
    adjustment: float = 1.0
    same_place: float = 1e-3
    least_turns: int = 2
    most_turns: int = 100
    quiet: float = 0.02

    def __post_init__(self) -> None:
        _inside("adjustment", self.adjustment, 0.0, 1.0)
        _inside("same_place", self.same_place, 0.0, 1.0)
        _inside("quiet", self.quiet, 0.0, 1.0)
        if not 1 <= self.most_turns <= 10_000 or self.least_turns < 1:
            raise InputError(
                f"The run is to take {self.least_turns} to {self.most_turns} turns.",
                remedy="Give at least 1 turn and at most 10000.",
            )


class Negotiator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One actor at the table.

    Attributes
    ----------
    influence
        What it can bring to bear, above 0, on any scale common to all.
    positions, saliences
        Where it stands on each issue and how much it cares, 0 to 100; its saliences sum to at most 100.
    """

    name: str
    description: str = ""
    influence: float
    positions: tuple[float, ...]
    saliences: tuple[float, ...]


class Accommodation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In every turn, an actor's ideal moves by this share towards the position of an actor (itself, or another)."""

    actor: str
    towards: str
    share: float


class Negotiation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who negotiates about what.

    Attributes
    ----------
    accommodations
        Whose ideals follow whose positions, where that differs from `Rules.adjustment`; an actor's shares sum to at
        most 1.

    Raises
    ------
    InputError
        When a number is out of its range, a name comes twice, or there are too few or too many actors.
    """

    title: str
    description: str = ""
    issues: tuple[str, ...]
    actors: tuple[Negotiator, ...]
    accommodations: tuple[Accommodation, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.issues) <= MAX_ISSUES:
            raise InputError(f"There are {len(self.issues)} issues.", remedy=f"Give 1 to {MAX_ISSUES}.")
        if not 2 <= len(self.actors) <= MAX_ACTORS:
            raise InputError(f"There are {len(self.actors)} actors at the table.", remedy=f"Give 2 to {MAX_ACTORS}.")
        _once("issue", self.issues)
        _once("actor", tuple(actor.name for actor in self.actors))
        for actor in self.actors:
            _check(actor, self.issues)
        self.accommodation(adjustment=0.0)

    def accommodation(self, *, adjustment: float) -> NDArray[np.float64]:
        """Give by how much the ideal of each actor moves towards each position in a turn, shape (n, n)."""
        place = {actor.name: number for number, actor in enumerate(self.actors)}
        result = np.eye(len(place)) * adjustment
        for item in self.accommodations:
            unknown = {item.actor, item.towards} - place.keys()
            if unknown:
                raise InputError(
                    f"An accommodation names {min(unknown)!r}, who is not at the table.", remedy="Name actors as there."
                )
            _inside(f"The accommodation of {item.actor!r} towards {item.towards!r}", item.share, 0.0, 1.0)
            result[place[item.actor], place[item.towards]] = item.share
        for name, total in zip(place, result.sum(axis=1), strict=True):
            if total > 1 + _ROUNDING:
                raise InputError(
                    f"The accommodations of {name!r} sum to {total:g}.",
                    remedy="Let them sum to at most 1; its own adjustment counts too.",
                )
        return result

    def influences(self) -> NDArray[np.float64]:
        """Give the influence of each actor, shape (n,)."""
        return np.array([actor.influence for actor in self.actors])

    def positions(self) -> NDArray[np.float64]:
        """Give positions on a scale of 0 to 1, shape (n, d)."""
        return np.array([actor.positions for actor in self.actors]) / 100.0

    def saliences(self) -> NDArray[np.float64]:
        """Give saliences on a scale of 0 to 1, shape (n, d)."""
        return np.array([actor.saliences for actor in self.actors]) / 100.0


def _inside(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"{name} is {value!r}.", remedy=f"Give a number from {low:g} to {high:g}.")


def _once(kind: str, names: tuple[str, ...]) -> None:
    if "" in names:
        raise InputError(f"An {kind} has no name.", remedy=f"Name every {kind}.")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InputError(f"The {kind} {twice[0]!r} is there twice.", remedy=f"Give every {kind} a name of its own.")


def _check(actor: Negotiator, issues: tuple[str, ...]) -> None:
    if not (isfinite(actor.influence) and 0 < actor.influence < 1e8):
        raise InputError(
            f"The influence of {actor.name!r} is {actor.influence!r}.",
            remedy="Give a number above 0 and below 100,000,000; leave out who has no influence.",
        )
    for what, values in (("positions", actor.positions), ("saliences", actor.saliences)):
        if len(values) != len(issues):
            raise InputError(
                f"{actor.name!r} has {len(values)} {what} for {len(issues)} issues.", remedy="Give one for each issue."
            )
        for issue, value in zip(issues, values, strict=True):
            if not 0 <= value <= 100:
                one = what.removesuffix("s")
                raise InputError(
                    f"The {one} of {actor.name!r} on {issue!r} is {value!r}.", remedy="Give a number from 0 to 100."
                )
    total = sum(actor.saliences)
    if total > 100 + _ROUNDING:
        raise InputError(
            f"The saliences of {actor.name!r} sum to {total:g}.",
            remedy="Divide at most 100 among the issues: they are shares of its attention.",
        )
    if total == 0:
        raise InputError(
            f"{actor.name!r} cares for no issue: its saliences are all 0.", remedy="Raise one of them, or leave it out."
        )
