"""What an explanation answers: every sentence with the numbers behind it, and how each was verified."""

from __future__ import annotations

from typing import Literal

import msgspec

from legation.planning.result import Named

__all__ = ["Bought", "DecisiveFact", "Explanation", "MissionReason", "Way"]

WayKind = Literal["money", "effect", "month", "person"]
Reach = Literal["whole", "near"]
ConflictState = Literal["smallest", "not_proven_smallest", "not_found"]
WaysState = Literal["cheapest", "not_proven_cheapest", "none", "not_found"]


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every record of an explanation shares."""


class Way(_Result, frozen=True, kw_only=True):
    """A smallest change found that brings a mission in.

    `amount` is in `unit`; `verified` says that the best plan found with the change, and with nothing forced, holds the
    mission.
    """

    kind: WayKind
    record: str
    amount: float
    unit: str
    words: str
    verified: bool


class MissionReason(_Result, frozen=True, kw_only=True):
    """Why one mission is in the plan or out of it.

    Attributes
    ----------
    loss
        What the best plan found loses with the mission left out (if it is in) or forced in (if it is out), with
        everything else free to change; None where that is impossible.
    loss_bound
        What it loses at least, by proof; 0 where the gap leaves that open.
    instead
        Missions that take its place, or that it would displace.
    leaves
        For a mission that is in: other missions that the best plan without it lacks too, those that need it among them.
    moved
        Missions that would change their month.
    ways
        For a mission that is out: the smallest changes found that bring it in.
    """

    mission: str
    title: str
    chosen: bool
    words: str
    reasons: tuple[str, ...]
    loss: float | None
    loss_bound: float
    instead: tuple[Named, ...] = ()
    leaves: tuple[Named, ...] = ()
    moved: tuple[Named, ...] = ()
    ways: tuple[Way, ...] = ()


class Bought(_Result, frozen=True, kw_only=True):
    """What one more unit buys.

    Attributes
    ----------
    gain
        How much better a plan with the unit is than the best one found without it, by solving again.
    at_most
        How much better any plan with the unit can be than that one, by the bound of the linear relaxation; None for
        people where it is not worked out: on large desks, and for linguists.
    comes, goes
        Missions that the unit brings in, and that leave for them.
    """

    kind: Literal["money", "person_month", "linguist"]
    record: str
    title: str
    amount: float
    unit: str
    gain: float
    at_most: float | None
    comes: tuple[Named, ...]
    goes: tuple[Named, ...]
    words: str


class DecisiveFact(_Result, frozen=True, kw_only=True):
    """The smallest change found of one fact after which other missions are chosen.

    `before` and `after` are the fact's values, `size` the change as a share of what it was.
    """

    kind: Literal["effect", "acceptance", "gate", "budget"]
    record: str
    title: str
    before: float
    after: float
    size: float
    comes: tuple[Named, ...]
    goes: tuple[Named, ...]
    words: str


class Explanation(_Result, frozen=True, kw_only=True):
    """Why a plan is as it is, or why there is none.

    Attributes
    ----------
    feasible
        Whether any plan keeps the rules; where none does, `conflict` and `relaxations` say why and what would help.
    conflict_state
        For a desk without a plan: whether the rules in `conflict` are a smallest set that clashes, a set that clashes
        of which not every rule may be needed, or were not found within the time (`conflict` is then empty).
    relaxations_state
        For a desk without a plan: whether the first of `relaxations` is proven the cheapest way out, or only one that
        was found; and where they are empty, whether there is none that anybody may take, or the time ended the search.
    value, bound, gap
        Of the plan that is explained.
    reach
        whole: every question was solved over the whole model; near: over the plan's missions in any month and those
        whose price is nearest to paying, so that gains are at least what is said and losses at most.
    better
        A value above the plan's that the explanation came upon, where it did.
    """

    desk: str
    title: str
    plan: str
    feasible: bool
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    better: float | None = None
    reach: Reach = "whole"
    missions: tuple[MissionReason, ...] = ()
    bought: tuple[Bought, ...] = ()
    facts: tuple[DecisiveFact, ...] = ()
    conflict: tuple[str, ...] = ()
    conflict_state: ConflictState | None = None
    relaxations: tuple[str, ...] = ()
    relaxations_state: WaysState | None = None
    seconds: float = 0.0
