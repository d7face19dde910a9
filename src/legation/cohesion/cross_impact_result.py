"""What a cross-impact analysis answers: frozen records, ready for a table, a page or JSON."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "CrossImpactResult",
    "FactorState",
    "Influence",
    "JudgementChange",
    "MatrixFactor",
    "ScenarioFound",
]

LABEL = (
    "Exploratory: what follows from the judgements given. It says which pictures of the world hold together, not which "
    "will come about."
)


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every result record shares."""


class MatrixFactor(_Result, frozen=True, kw_only=True):
    """A factor and its outcomes; `titles` says each in words."""

    name: str
    title: str
    outcomes: tuple[str, ...]
    titles: tuple[str, ...]


class Influence(_Result, frozen=True, kw_only=True):
    """What one factor's state does for or against another's state in a scenario."""

    factor: str
    title: str
    outcome: str
    value: float
    reason: str


class FactorState(_Result, frozen=True, kw_only=True):
    """The state of a factor in a scenario and what holds it up.

    Attributes
    ----------
    score
        Its impact sum.
    rival
        The best other outcome, `rival_score` its impact sum and `lead` how far the state is ahead; None without one.
    supported_by, hindered_by
        The other states that act on it, strongest first.
    """

    factor: str
    outcome: str
    score: float
    rival: str | None
    rival_score: float | None
    lead: float | None
    supported_by: tuple[Influence, ...]
    hindered_by: tuple[Influence, ...]
    sentence: str


class ScenarioFound(_Result, frozen=True, kw_only=True):
    """A scenario that holds together.

    `consistency` is the least lead of a state over its best rival, `total_impact` the sum of the impact sums, `weight`
    the number of combinations from which succession leads to it, where counted.
    """

    number: int
    states: tuple[str, ...]
    consistency: float | None
    inconsistency: float
    total_impact: float
    weight: int | None
    sentence: str
    factors: tuple[FactorState, ...]


class JudgementChange(_Result, frozen=True, kw_only=True):
    """What becomes of the scenarios when one judgement changes by a step; `lost` holds their numbers."""

    factor: str
    outcome: str
    on_factor: str
    on_outcome: str
    link: str | None
    value: float
    changed_to: float
    lost: tuple[int, ...]
    gained: int
    examples: tuple[tuple[str, ...], ...]
    complete: bool
    sentence: str


class CrossImpactResult(_Result, frozen=True, kw_only=True):
    """All scenarios that hold together.

    Attributes
    ----------
    combinations
        How many there are in all.
    complete
        Whether every combination was decided; where not, there may be more scenarios than those listed.
    ended
        `all` seen, or the limit that ended the search.
    changes
        What single changed judgements would do, those with consequences first; `changes_asked` says how many were to
        be tried and `changes_tried` how many were.
    """

    exploratory: Literal[True] = True
    label: str = LABEL
    title: str
    factors: tuple[MatrixFactor, ...]
    judgements: int
    combinations: int
    allowed_inconsistency: float
    scenarios: tuple[ScenarioFound, ...]
    complete: bool
    ended: Literal["all", "seconds", "scenarios", "stopped"]
    steps: int
    common: tuple[str, ...]
    changes: tuple[JudgementChange, ...]
    changes_asked: int
    changes_tried: int
    change_by: float
    notes: tuple[str, ...] = ()
