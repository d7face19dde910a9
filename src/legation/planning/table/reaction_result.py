"""What the analysis of third parties' reactions answers."""

from __future__ import annotations

from typing import Literal

import msgspec

from legation.planning.result import Named
from legation.planning.table.reaction_model import Choice
from legation.planning.table.result import EXPLORATORY, Range

__all__ = [
    "AnticipatedPlan",
    "AssumptionShift",
    "ChoiceChance",
    "CounterResult",
    "MissionReaction",
    "ThirdNation",
]


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every result record shares."""


class ChoiceChance(_Result, frozen=True, kw_only=True):
    """One choice of the third nation: how likely, and the mission's probability of going ahead after it."""

    choice: Choice
    title: str
    chance: Range
    accept: Range


class MissionReaction(_Result, frozen=True, kw_only=True):
    """A key mission of the plan and what the third nation may do about it.

    Attributes
    ----------
    partner
        The partner that would be approached: among the mission's partners the one closest to the third nation.
    likeliest, best
        The likeliest choice, and the likeliest among those other than staying out: its best counter-offer.
    accept, accept_after
        Probability that the mission goes ahead, without and with the reaction.
    value_added, value_added_after
        Leave-one-out in the plan without and with all reactions; `rank` and `rank_after` by it, 1 the highest.
    """

    mission: str
    title: str
    partner: str
    partner_alignment: float | None
    stake: float
    likeliest: Choice
    best: Choice
    choices: tuple[ChoiceChance, ...]
    accept: float
    accept_after: Range
    value_added: float
    value_added_after: float
    rank: int
    rank_after: int
    sentence: str


class AssumptionShift(_Result, frozen=True, kw_only=True):
    """The plan's value with the reactions when one assumption is halved or doubled."""

    assumption: str
    change: str
    value: float
    difference: float


class AnticipatedPlan(_Result, frozen=True, kw_only=True):
    """The best plan found for the acceptance that the reactions leave.

    Attributes
    ----------
    value_of_plan
        The given plan's value under that acceptance.
    value, bound, gap
        The best plan found, and the proven bound on any plan's value under it.
    improvement
        `value` minus `value_of_plan`, at least 0; `at_most` is what the bound leaves for it.
    also_without
        How much better (or worse) the plan found would be than the given one if nobody reacted: what is above 0 here
        is owed to a better search and not to anticipating.
    value_of_anticipating
        The improvement less what it would bring without reactions too: what knowing them beforehand is worth.
    """

    value_of_plan: float
    value: float
    bound: float
    gap: float
    seconds: float
    improvement: float
    also_without: float
    value_of_anticipating: float
    at_most: float
    entered: tuple[Named, ...]
    left: tuple[Named, ...]
    moved: tuple[Named, ...]


class ThirdNation(_Result, frozen=True, kw_only=True):
    """One third nation's reactions.

    Attributes
    ----------
    alignment
        Ours with it, None where unknown; `basis` says where it comes from.
    missions
        The plan's key missions, the most valuable first.
    value_after
        The plan's value over the draws of its preferences.
    """

    actor: str
    name: str
    stance: Literal["adversary", "partner", "unclear"]
    alignment: float | None
    basis: str
    value_after: Range
    difference: float
    missions: tuple[MissionReaction, ...]
    sensitivity: tuple[AssumptionShift, ...]
    anticipated: AnticipatedPlan | None
    sentence: str


class CounterResult(_Result, frozen=True, kw_only=True):
    """How third nations may react to a plan; everything in it hangs on the assumptions listed.

    Attributes
    ----------
    value
        The plan's value while nobody reacts.
    gap
        What is proven to be missing to the best plan at most, as a share of the value; None for a plan that the desk
        keeps.
    left_aside
        Humanitarian missions, which no reaction is worked out for: aid is never a lever.
    """

    exploratory: Literal[True] = True
    label: str = EXPLORATORY
    desk: str
    title: str
    observer: str
    plan: str
    missions: int
    value: float
    gap: float | None
    actors: tuple[ThirdNation, ...]
    left_aside: tuple[Named, ...]
    not_looked_at: tuple[str, ...]
    draws: int
    seed: int
    assumptions: tuple[str, ...]
