"""What an assessment of cohesion says: the vector of parts, and what causes each of them.

Every value carries the id and the title of what it speaks of, so a brief or a table needs no look-up. All types are
frozen and encode to JSON through msgspec; a missing value is ``None`` and has its reason beside it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "Cause",
    "Chosen",
    "Clash",
    "CohesionReport",
    "Consistency",
    "Contradiction",
    "Contribution",
    "CutTie",
    "Duplicate",
    "Gap",
    "GroupContribution",
    "Inconsistency",
    "Interplay",
    "IntervalKind",
    "ObjectiveFit",
    "Orphan",
    "Part",
    "PartId",
    "Pattern",
    "Ref",
    "RefKind",
    "Selection",
    "SpillOver",
    "StructuralConflict",
    "Support",
    "ThirdParty",
]

PartId = Literal[
    "coverage_gross",
    "coverage_net",
    "weakest_objective",
    "congruence",
    "waste",
    "redundancy",
    "conflict",
    "structural_conflict",
    "consistency",
    "interplay_military",
    "interplay_diplomatic",
    "order",
    "spill_over",
    "orphans",
    "gaps",
    "clashes",
]
IntervalKind = Literal["exact", "sampled", "none"]
RefKind = Literal[
    "mission", "mode", "objective", "goal", "link", "activity", "actor", "prerequisite", "relation", "budget", "label"
]


class _Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a report."""


class Chosen(_Value, frozen=True, kw_only=True):
    """One mission of a plan.

    Attributes
    ----------
    mission, mode
        Ids.
    start
        Number of the first month, 0 for the desk's first; None where no month is fixed.
    staff
        ``role:position`` for each person, as in `legation.desk.plans.PlanEntry`.
    """

    mission: str
    mode: str
    start: int | None = None
    staff: tuple[str, ...] = ()


Selection = tuple[Chosen, ...]
"""A plan as cohesion sees it: each mission at most once."""


class Ref(_Value, frozen=True, kw_only=True):
    """Something that the report speaks of, with its title."""

    kind: RefKind
    id: str
    title: str


class Cause(_Value, frozen=True, kw_only=True):
    """What brings a figure about.

    Attributes
    ----------
    kind, key, title
        The record.
    share
        Its part of the figure, signed, in the figure's own unit; None where the figure does not divide.
    sentence
        The same in words.
    """

    kind: RefKind
    key: str
    title: str
    share: float | None
    sentence: str


class Part(_Value, frozen=True, kw_only=True):
    """One part of cohesion.

    Attributes
    ----------
    id, title
        Stable name and heading.
    value, low, high
        The figure at the likely effects and its interval over the effects' low and high values; None where missing.
    missing_reason
        Why the value is missing; None where it is there.
    interval_kind
        ``exact``: the interval is attained and cannot be left; ``sampled``: corners and seeded draws, so the true
        interval may be a little wider (for clashes: an outer bound, so it may be narrower); ``none``: the part does
        not depend on the effects' values, or is missing.
    better
        Which way is better; ``neither`` for a diagnostic that is read and not maximised.
    causes
        What brings the figure about, largest share first.
    meaning
        One sentence that says how to read the figure.
    """

    id: PartId
    title: str
    value: float | None
    low: float | None
    high: float | None
    missing_reason: str | None = None
    interval_kind: IntervalKind = "none"
    better: Literal["higher", "lower", "neither"] = "neither"
    causes: tuple[Cause, ...] = ()
    meaning: str = ""


class ObjectiveFit(_Value, frozen=True, kw_only=True):
    """How well one leaf objective is served; contributions are in units of its target.

    Attributes
    ----------
    weight
        Share in the whole; the weights of all objectives sum to 1.
    gross, net
        Sum of the positive contributions, and that sum less the harm.
    net_low, net_high
        Net contribution with all effects at their low and at their high values.
    served
        Whether net is at least 1.
    missions
        Chosen missions with an effect on it, largest first.
    """

    id: str
    title: str
    kind: Literal["diplomatic", "military", "humanitarian"]
    goal: Ref
    weight: float
    gross: float
    net: float
    net_low: float
    net_high: float
    served: bool
    missions: tuple[Cause, ...] = ()


class Contradiction(_Value, frozen=True, kw_only=True):
    """Two things that pull in opposite directions.

    Attributes
    ----------
    kind
        ``missions``: opposite signs on one objective; ``link``: one served objective hinders or excludes another;
        ``relations``: opposite intended effects on the relation with one actor.
    left, right
        The two: the helping and the harming one where that can be told.
    on
        What they disagree about; None for a link.
    strength
        The weight at stake: for missions w times the smaller of the two contributions; for links the strength;
        for relations the smaller of the two shifts.
    """

    kind: Literal["missions", "link", "relations"]
    left: Ref
    right: Ref
    on: Ref | None
    strength: float
    sentence: str


class Orphan(_Value, frozen=True, kw_only=True):
    """A chosen mission that spends but has no positive path to a goal."""

    mission: Ref
    amount: float
    currency: str
    price_year: int
    share: float | None
    reason: str
    sentence: str


class Gap(_Value, frozen=True, kw_only=True):
    """A leaf objective that no chosen mission serves; `possible` names open missions outside that could."""

    objective: Ref
    goal: Ref
    weight: float
    possible: tuple[Ref, ...]
    sentence: str


class Duplicate(_Value, frozen=True, kw_only=True):
    """Missions that stand in for each other: most of what one adds alone is lost beside the others.

    Attributes
    ----------
    overlap
        1 - f(group) / sum f({m}), with f the gross coverage, in [0, 1).
    objectives
        Where they overlap.
    """

    missions: tuple[Ref, ...]
    objectives: tuple[Ref, ...]
    overlap: float
    sentence: str


class Clash(_Value, frozen=True, kw_only=True):
    """A mission or an objective that an activity contradicts in time and place, or in effect.

    Attributes
    ----------
    kind
        ``time_place``: both run in the same place in the same months, and the mission is not meant to;
        ``effect``: opposite signs on one objective or actor; ``objective``: the activity harms the objective.
    subject
        The mission or the objective.
    on
        The objective or the actor where the signs differ; None for time and place.
    months
        Months (YYYY-MM) that they share; empty where the time is open.
    strength
        Weight at stake for effects (share of the whole); None for time and place and for actors.
    """

    kind: Literal["time_place", "effect", "objective"]
    subject: Ref
    activity: Ref
    side: Literal["own", "allied", "rival", "other"]
    on: Ref | None
    months: tuple[str, ...]
    strength: float | None
    sentence: str


class ThirdParty(_Value, frozen=True, kw_only=True):
    """How an actor's relation with the observer moves.

    Attributes
    ----------
    actor
        Who.
    direct
        Shift by missions and activities themselves, in units of alignment.
    spill
        Shift that reaches the actor through the others, at the desk's `spill_alpha`.
    spill_low, spill_high
        The least and the greatest spill over alpha from 0 to `spill_alpha_max`.
    effect_low, effect_high
        The least and the greatest spill at the desk's alpha over the effects' low and high values; exact.
    needed_by
        Objectives that need this relation.
    causes
        Missions and activities whose direct shifts cause the spill, largest first.
    """

    actor: Ref
    direct: float
    spill: float
    spill_low: float
    spill_high: float
    effect_low: float
    effect_high: float
    needed_by: tuple[Ref, ...] = ()
    causes: tuple[Cause, ...] = ()


class SpillOver(_Value, frozen=True, kw_only=True):
    """Side effects on relations with third parties; an assumption unless `estimated`."""

    alpha: float
    alpha_max: float
    estimated: bool
    parties: tuple[ThirdParty, ...]
    missing_reason: str | None
    outside: tuple[Ref, ...]
    sentence: str


class CutTie(_Value, frozen=True, kw_only=True):
    """A tie of the signed graph that no division into two camps can satisfy."""

    left: Ref
    right: Ref
    sign: Literal[-1, 1]
    weight: float
    sentence: str


class StructuralConflict(_Value, frozen=True, kw_only=True):
    """Frustration of the signed mission-objective-actor graph.

    Attributes
    ----------
    frustrated, total
        Weight that must be frustrated at least, and the weight of all ties.
    bound, proven
        When the search ran out of time, `frustrated` is the best found and at least `bound` cannot be avoided.
    cut
        The ties of one optimal division; other divisions may be as good.
    camps
        The two sides of that division; the first holds the heaviest node. Nodes without ties are left out.
    """

    frustrated: float
    total: float
    cut: tuple[CutTie, ...] = ()
    camps: tuple[tuple[Ref, ...], tuple[Ref, ...]] = ((), ())
    ties: int = 0
    bound: float = 0.0
    proven: bool = True


class Inconsistency(_Value, frozen=True, kw_only=True):
    """An objective whose current state the links from the others speak against."""

    objective: Ref
    state: Literal["met", "unmet"]
    by: float
    causes: tuple[Cause, ...]
    sentence: str


class Pattern(_Value, frozen=True, kw_only=True):
    """A consistent pattern over the linked objectives: those met; all other linked ones are unmet."""

    met: tuple[Ref, ...]
    total_impact: float


class Consistency(_Value, frozen=True, kw_only=True):
    """Cross-impact balance of the linked objectives.

    Attributes
    ----------
    current
        The objectives now met among those with links.
    consistent
        Whether the current pattern is consistent; None without links.
    inconsistencies
        The objectives that stand against their links, worst first.
    patterns
        Consistent patterns, nearest to the current one first.
    complete
        Whether `patterns` lists all of them.
    """

    linked: tuple[Ref, ...]
    current: tuple[Ref, ...]
    consistent: bool | None
    inconsistencies: tuple[Inconsistency, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    complete: bool = True


class Support(_Value, frozen=True, kw_only=True):
    """Net incoming support of one objective from served objectives of the other kind."""

    objective: Ref
    weight: float
    net: float
    supported: bool
    causes: tuple[Cause, ...]


class Interplay(_Value, frozen=True, kw_only=True):
    """What diplomatic aims do for military objectives, and the other way round."""

    military: tuple[Support, ...] = ()
    diplomatic: tuple[Support, ...] = ()


class Contribution(_Value, frozen=True, kw_only=True):
    """What one mission adds to net coverage.

    Attributes
    ----------
    leave_one_out
        Net coverage of all less that of all but this one.
    alone
        Net coverage of this one by itself.
    group
        Number of its group in `CohesionReport.groups`; None where nothing stands in for it.
    """

    mission: Ref
    mode: Ref
    leave_one_out: float
    alone: float
    group: int | None = None


class GroupContribution(_Value, frozen=True, kw_only=True):
    """What a group of missions that stand in for each other adds when all of it is dropped at once."""

    number: int
    missions: tuple[Ref, ...]
    together: float
    sum_of_leave_one_out: float
    sentence: str


class CohesionReport(_Value, frozen=True, kw_only=True):
    """How well missions and objectives fit together: a vector of parts, never one number.

    Attributes
    ----------
    basis
        ``desk``: all open missions in their first mode; ``plan``: a selection.
    parts
        In the order of `PartId`; all of them, missing ones with their reason.
    label
        The highest label that the desk's records carry; None without labels.
    notice
        What must be printed with the label; empty without one.
    contradictions_total, clashes_total
        How many there are in all; the lists hold the strongest.
    """

    basis: Literal["desk", "plan"]
    desk: str
    desk_title: str
    missions: int
    parts: tuple[Part, ...]
    objectives: tuple[ObjectiveFit, ...]
    contradictions: tuple[Contradiction, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    gaps: tuple[Gap, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    clashes: tuple[Clash, ...] = ()
    spill_over: SpillOver | None = None
    structural: StructuralConflict | None = None
    contributions: tuple[Contribution, ...] = ()
    groups: tuple[GroupContribution, ...] = ()
    consistency: Consistency | None = None
    interplay: Interplay | None = None
    assumptions: tuple[str, ...] = ()
    label: Ref | None = None
    notice: str = ""
    contradictions_total: int = 0
    clashes_total: int = 0

    def part(self, name: PartId) -> Part:
        """Give one part by its id.

        Raises
        ------
        KeyError
            When there is no such part.
        """
        found = {part.id: part for part in self.parts}
        if name not in found:
            raise KeyError(f"No part {name!r}; the parts are {', '.join(found)}.")
        return found[name]
