"""Headings, directions and one-sentence readings of the parts of cohesion."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from types import MappingProxyType
from typing import Literal

from legation.cohesion.result import Cause, IntervalKind, Part, PartId, Ref

__all__ = ["PARTS", "cause", "make_part", "percent"]

Direction = Literal["higher", "lower", "neither"]

PARTS: MappingProxyType[PartId, tuple[str, Direction, str]] = MappingProxyType({
    "coverage_gross": (
        "Coverage, gross",
        "higher",
        "Share of the weighted objectives that the helpful effects alone would meet, harm left aside.",
    ),
    "coverage_net": (
        "Coverage, net",
        "higher",
        "Share of the weighted objectives met once harm is taken off; more than met counts as met.",
    ),
    "weakest_objective": (
        "Weakest objective",
        "higher",
        "How far the worst served objective is met; 0 when at least one gets nothing or is harmed.",
    ),
    "congruence": (
        "Congruence of spend and weight",
        "neither",
        "How closely shares of spend follow weights; cheap weighty objectives lower it, so it is not to be maximised.",
    ),
    "waste": (
        "Waste beyond targets",
        "lower",
        "Share of the helpful effects that go beyond what their objective needs.",
    ),
    "redundancy": (
        "Redundancy",
        "lower",
        "Share of what the missions would cover one by one that is lost because they cover the same.",
    ),
    "conflict": (
        "Conflict of effects",
        "lower",
        "Share of all effects, helpful and harmful, that is harm to the desk's own objectives.",
    ),
    "structural_conflict": (
        "Structural conflict",
        "lower",
        "Least share of the ties between missions, objectives and actors that no division into two camps satisfies.",
    ),
    "consistency": (
        "Consistency of objectives",
        "higher",
        "Share of the linked objectives whose state, met or not, is the one their links favour; 1 is consistent.",
    ),
    "interplay_military": (
        "Diplomacy for military objectives",
        "higher",
        "Weighted share of the military objectives that served diplomatic aims support on balance.",
    ),
    "interplay_diplomatic": (
        "Military for diplomatic objectives",
        "higher",
        "Weighted share of the diplomatic aims that served military objectives support on balance.",
    ),
    "order": (
        "Order in time",
        "higher",
        "Share of prerequisites and dependencies between objectives that the calendar respects.",
    ),
    "spill_over": (
        "Spill-over on third parties",
        "neither",
        "Largest change of any relation that reaches an actor through the others, in units of alignment.",
    ),
    "orphans": (
        "Spend without a goal",
        "lower",
        "Share of spend on missions from which no positive path leads to a goal.",
    ),
    "gaps": (
        "Weight nobody serves",
        "lower",
        "Weight of the objectives to which no mission contributes anything helpful.",
    ),
    "clashes": (
        "Clash with activities",
        "lower",
        "Share of the missions that a military activity contradicts in time and place, or in effect.",
    ),
})  # fmt: skip


def make_part(
    name: PartId,
    value: float,
    *,
    interval: tuple[float, float] | None = None,
    kind: IntervalKind = "none",
    reason: str = "",
    causes: Iterable[Cause] = (),
) -> Part:
    """Make a part; nan becomes missing with its reason, and the interval always holds the value.

    Parameters
    ----------
    interval
        Least and greatest; an end that is nan is missing. None for a part that effects do not move.
    """
    title, better, meaning = PARTS[name]
    if isnan(value):
        return Part(
            id=name, title=title, value=None, low=None, high=None, missing_reason=reason, better=better, meaning=meaning
        )
    low, high = (value, value) if interval is None else interval
    return Part(
        id=name,
        title=title,
        value=_clean(value),
        low=None if isnan(low) else _clean(min(low, value)),
        high=None if isnan(high) else _clean(max(high, value)),
        interval_kind=kind,
        better=better,
        causes=tuple(causes),
        meaning=meaning,
    )


def _clean(value: float) -> float:
    # sums of weights end in ...0001 and -0.0; twelve digits are far below what any judged effect can carry
    return round(float(value), 12) + 0.0


def cause(ref: Ref, share: float | None, sentence: str) -> Cause:
    """Make a cause of a record."""
    return Cause(
        kind=ref.kind, key=ref.id, title=ref.title, share=None if share is None else _clean(share), sentence=sentence
    )


def percent(share: float) -> str:
    """Write a share as a percentage.

    >>> percent(0.1234)
    '12.3 %'
    >>> percent(-1e-9)
    '0.0 %'
    """
    # + 0.0 turns a rounded -0.0 into 0.0
    return f"{round(100 * share, 1) + 0.0:.1f} %"
