"""What the tools about the others at the table answer: frozen records, ready for a table, a page or JSON.

Every answer carries `exploratory` (always true) and `label`, so that it cannot be shown without them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "EXPLORATORY",
    "ActorMatters",
    "ActorPath",
    "ChallengeRecord",
    "DeskLink",
    "IssueOutcome",
    "NegotiationResult",
    "NegotiationSensitivity",
    "Range",
    "Shift",
    "TraceBargain",
    "TraceElection",
    "TurnRecord",
]

EXPLORATORY = (
    "Exploratory: what a model computes from the numbers given. It is no prediction of what anybody will do, and no "
    "ground for acting against anybody."
)


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every result record shares."""


class Range(_Result, frozen=True, kw_only=True):
    """A figure with the middle nine tenths of what the uncertain inputs make of it."""

    low: float
    likely: float
    high: float


class IssueOutcome(_Result, frozen=True, kw_only=True):
    """One issue, on the scale of 0 to 100 that its positions are given on.

    Attributes
    ----------
    median, mean
        Of the positions given, weighted by influence times salience on this issue. The median is the point that no
        majority of weight wants to leave in either direction; where half the weight lies on either side of a gap,
        it is the middle of the gap.
    median_end, mean_end
        The same after the last turn; `mean_end` is called the settlement.
    likeliest
        The position on this issue that the election after the last turn gives the best chance.
    """

    issue: str
    median: float
    mean: float
    median_end: float
    mean_end: float
    likeliest: float
    low_end: float
    high_end: float


class ActorPath(_Result, frozen=True, kw_only=True):
    """Where an actor stood at first and stands at the end, and the chance of its position in either election."""

    actor: str
    description: str
    influence: float
    start: tuple[float, ...]
    end: tuple[float, ...]
    chance_start: float
    chance_end: float
    risk_start: float
    challenges: int
    moves: int


class ChallengeRecord(_Result, frozen=True, kw_only=True):
    """An actor's best challenge in a turn, as it sees it and as the challenged sees it."""

    actor: str
    target: str
    chance: float
    gain_own: float
    gain_other: float
    chance_seen: float
    gain_own_seen: float
    gain_other_seen: float
    proposal_own: tuple[float, ...]
    proposal_other: tuple[float, ...]
    counter_own: tuple[float, ...]
    counter_other: tuple[float, ...]
    compromise_own: tuple[float, ...]
    compromise_other: tuple[float, ...]


class TraceBargain(_Result, frozen=True, kw_only=True):
    """A bargain on an actor's table; with itself, it is the status quo."""

    initiator: str
    receiver: str
    initiator_position: tuple[float, ...]
    receiver_position: tuple[float, ...]
    chance: float


class TraceElection(_Result, frozen=True, kw_only=True):
    """How an actor's bargains fared: what each is worth to everybody, strengths, pairwise chances, and the choice."""

    actor: str
    bargains: tuple[TraceBargain, ...]
    utility: tuple[tuple[float, ...], ...]
    strength: tuple[tuple[float, ...], ...]
    wins: tuple[tuple[float, ...], ...]
    chosen: int


class TurnRecord(_Result, frozen=True, kw_only=True):
    """Everything about one turn; positions before it, matrices by actor in the order of the input.

    `value` and `utility` are what the column's position is worth to the row's actor, neutral to risk and with its own
    risk attitude; `view` holds such a matrix for each actor's eyes.
    """

    turn: int
    positions: tuple[tuple[float, ...], ...]
    ideals: tuple[tuple[float, ...], ...]
    value: tuple[tuple[float, ...], ...]
    risk: tuple[float, ...]
    utility: tuple[tuple[float, ...], ...]
    view: tuple[tuple[tuple[float, ...], ...], ...]
    chance: tuple[float, ...]
    challenges: tuple[ChallengeRecord, ...]
    elections: tuple[TraceElection, ...]
    moved: float
    share_of_first: float


class Shift(_Result, frozen=True, kw_only=True):
    """What one small change of one input does to the settlement of each issue, in points."""

    actor: str
    what: Literal["position", "salience", "influence"]
    issue: str
    change: float
    settlement: tuple[float, ...]


class ActorMatters(_Result, frozen=True, kw_only=True):
    """How much an actor matters: the settlement without it, and the largest shift by any small change of its inputs."""

    actor: str
    without: tuple[float, ...]
    shift_without: float
    largest_shift: float


class NegotiationSensitivity(_Result, frozen=True, kw_only=True):
    """How the settlement hangs on the inputs.

    Attributes
    ----------
    position_step, salience_step, influence_step
        Points, points and share by which an input was moved.
    settlement
        Each issue's settlement over `draws` joint draws, all inputs moved at once within the steps.
    same_likeliest
        Share of the draws in which the likeliest position is within one point of today's on every issue.
    complete
        Whether all changes and draws were computed within the time.
    """

    position_step: float
    salience_step: float
    influence_step: float
    draws: int
    seed: int
    shifts: tuple[Shift, ...]
    actors: tuple[ActorMatters, ...]
    settlement: tuple[Range, ...]
    same_likeliest: float | None
    complete: bool


class DeskLink(_Result, frozen=True, kw_only=True):
    """What of a desk an actor at the table is concerned with: negotiations it takes part in, objectives about it."""

    actor: str
    desk_actor: str
    missions: tuple[tuple[str, str], ...]
    objectives: tuple[tuple[str, str], ...]


class NegotiationResult(_Result, frozen=True, kw_only=True):
    """A negotiation explored.

    Attributes
    ----------
    ended
        `quiet`: the last turn moved little; `turns`: the most turns were taken; `stopped`: somebody stopped it.
    condorcet_start, condorcet_end
        The actor whose position beats every other one in a vote of two, if there is one.
    trace
        Every turn, where asked for.
    """

    exploratory: Literal[True] = True
    label: str = EXPLORATORY
    title: str
    description: str
    rules: dict[str, str | float | int]
    turns: int
    ended: Literal["quiet", "turns", "stopped"]
    issues: tuple[IssueOutcome, ...]
    actors: tuple[ActorPath, ...]
    condorcet_start: str | None
    condorcet_end: str | None
    sensitivity: NegotiationSensitivity | None = None
    links: tuple[DeskLink, ...] = ()
    unlinked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    trace: tuple[TurnRecord, ...] = ()
