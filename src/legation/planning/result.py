"""What planning answers: frozen records with ids and titles everywhere, ready for a table, a page or JSON.

Values are shares of everything the desk's goals are worth: 1.0 is every objective at its target. Money is in the
desk's currency at its price year. Months are `YYYY-MM`, with `start_index` counted from the desk's first month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from legation.cohesion.result import Chosen, CohesionReport, Selection

__all__ = [
    "Assumption",
    "BindingConstraint",
    "BrokenRule",
    "Change",
    "Comparison",
    "EffectSensitivity",
    "LeftOut",
    "LeftOutKind",
    "MissionCost",
    "MonthUse",
    "Named",
    "ObjectiveDifference",
    "ObjectiveOutcome",
    "PlanComparison",
    "PlanResult",
    "PlanScore",
    "PlanStatus",
    "PlannedMission",
    "PlannedPerson",
    "Progress",
    "Ranking",
    "SearchEnd",
    "Sensitivity",
    "Served",
    "Spending",
    "Staffing",
    "StartedFrom",
    "as_selection",
]

PlanStatus = Literal["optimal", "within_gap", "feasible", "stopped"]
"""optimal: proven best; within_gap: proven as near to the best as was asked; feasible: the time ran out first;
stopped: somebody stopped it. Every one of them carries a proven bound."""

SearchEnd = Literal["gap", "exhausted", "seconds", "memory", "stopped"]
"""gap: as near to the best as was asked; exhausted: nothing is left to search; else the limit that was reached."""

LeftOutKind = Literal["impossible", "decided", "excluded", "no_value", "displaced", "not_proven"]
"""impossible: no month or staff is left by the rules; decided: pinned out; excluded: rules with chosen missions forbid
it; no_value: it adds nothing to this plan even for free; displaced: it would push out more than it adds; not_proven:
leaving it out costs less than the gap that was left open."""


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every result record shares."""


class Named(_Result, frozen=True, kw_only=True):
    """A record by id and title."""

    id: str
    title: str


class Progress(_Result, frozen=True, kw_only=True):
    """Where the search stood; `value` is None before the first plan, `bound` before the first bound."""

    seconds: float
    value: float | None
    bound: float | None


class MissionCost(_Result, frozen=True, kw_only=True):
    """What a planned mission takes from one budget over its whole length."""

    budget: str
    title: str
    amount: float


class PlannedPerson(_Result, frozen=True, kw_only=True):
    """One person of a planned mission; the same position serves for all its months.

    `person` names the holder where the desk knows one for all these months.
    """

    role: str
    position: str
    title: str
    person: str | None = None


class Served(_Result, frozen=True, kw_only=True):
    """What a mission gives to (or takes from) one objective, in units of the objective's target."""

    objective: str
    title: str
    contribution: float


class PlannedMission(_Result, frozen=True, kw_only=True):
    """A mission of the plan: when, how, by whom, at what cost, and why.

    Attributes
    ----------
    value_added
        Value of the plan minus its value without this mission, others unchanged (leave-one-out).
    kept_for
        Missions of the plan that need this one first.
    reason
        One sentence; `reasons` holds all of them, the first included.
    """

    mission: str
    title: str
    instrument: str
    partners: tuple[str, ...]
    status: str
    mode: str
    mode_title: str
    start: str
    end: str
    start_index: int
    months: int
    costs: tuple[MissionCost, ...]
    cost: float
    people: tuple[PlannedPerson, ...]
    accept: float
    risk: float
    value_added: float
    serves: tuple[Served, ...]
    kept_for: tuple[Named, ...]
    reason: str
    reasons: tuple[str, ...]


class LeftOut(_Result, frozen=True, kw_only=True):
    """A mission that is not in the plan: why, what it would push out, and what would have to change.

    Attributes
    ----------
    loss
        How much value the plan would lose with the mission forced in; None where it
        cannot be forced in or was not tried within the time.
    displaces
        Missions that the best plan found with it would do without.
    what_would_change
        The smallest change found that brings it in, as a sentence; empty where none was found.
    examined
        Whether that is all there is to say; without it the number or the time was used up, only what stands in its
        way was read, and `legation explain` says more.
    """

    mission: str
    title: str
    kind: LeftOutKind
    reason: str
    reasons: tuple[str, ...] = ()
    loss: float | None = None
    displaces: tuple[Named, ...] = ()
    what_would_change: str = ""
    examined: bool = True


class ObjectiveOutcome(_Result, frozen=True, kw_only=True):
    """How far the plan takes one objective.

    `n` is the net contribution in units of the target (low and high with all effects at their low and high), `phi`
    what that is worth. `share` is the objective's weight in the whole (they sum to 1); `value` what it gives to the
    plan's value: for a goal that combines by minimum the goal's value stands at its weakest objective and is 0 at the
    others.
    """

    objective: str
    title: str
    goal: str
    goal_title: str
    kind: str
    n: float
    n_low: float
    n_high: float
    phi: float
    share: float
    value: float
    combine: Literal["sum", "min", "max"]
    missions: tuple[str, ...]


class MonthUse(_Result, frozen=True, kw_only=True):
    """What is used in one month out of what there is; `limit` is None where nothing limits the month alone."""

    month: str
    used: float
    limit: float | None


class Spending(_Result, frozen=True, kw_only=True):
    """What the plan spends of one budget; `limit` of a month is what may have been spent at most up to its end."""

    budget: str
    title: str
    spent: float
    allotted: float
    months: tuple[MonthUse, ...]


class Staffing(_Result, frozen=True, kw_only=True):
    """How many people of a position work in each month, out of those present."""

    position: str
    title: str
    months: tuple[MonthUse, ...]


class BindingConstraint(_Result, frozen=True, kw_only=True):
    """A rule that holds the plan back.

    `price` is the value that one unit more of its right side would bring at the bound (its shadow price), in `unit`.
    """

    kind: str
    name: str
    words: str
    price: float
    unit: str
    slack: float
    records: tuple[str, ...] = ()


class EffectSensitivity(_Result, frozen=True, kw_only=True):
    """How much one effect decides: the plan's value with it at its low and at its high value."""

    mission: str
    title: str
    objective: str
    objective_title: str
    value_at_low: float
    value_at_high: float


class Sensitivity(_Result, frozen=True, kw_only=True):
    """How far a planned mission's benefits may fall before the plan is no better with it than without it.

    `break_even` is the share of its likely benefits at which its value is 0 (0: it pays even with none; None: it
    does not pay even as judged, and is in for another reason); the values are the plan's, with this mission's effects
    at their low and high judgements.
    """

    mission: str
    title: str
    break_even: float | None
    value_at_low: float
    value_at_high: float


class Ranking(_Result, frozen=True, kw_only=True):
    """What a ranking would choose from the same desk under the same rules and money.

    `ratio` is its value as a share of the plan's (None where the plan's is not positive).
    """

    name: Literal["score_per_cost", "adaptive_marginal_value"]
    title: str
    value: float
    ratio: float | None
    cost: float
    missions: Selection
    skipped: tuple[Named, ...] = ()


class Comparison(_Result, frozen=True, kw_only=True):
    """The plan beside both rankings; `cost` is what the plan spends."""

    value: float
    cost: float
    rankings: tuple[Ranking, ...]


class Assumption(_Result, frozen=True, kw_only=True):
    """Something the plan takes for granted, as a sentence."""

    topic: str
    words: str


def as_selection(missions: Iterable[PlannedMission]) -> Selection:
    """Give planned missions as modes, months and staff alone."""
    return tuple(
        Chosen(
            mission=mission.mission,
            mode=mission.mode,
            start=mission.start_index,
            staff=tuple(f"{person.role}:{person.position}" for person in mission.people),
        )
        for mission in missions
    )


class StartedFrom(_Result, frozen=True, kw_only=True):
    """What became of the plan that a search started from.

    Attributes
    ----------
    whole
        Whether it kept all rules as it was.
    kept
        Missions that could start the search in their mode and month.
    moved, dropped, added
        Missions that had to stand otherwise, to leave, or to come in before the search began.
    unknown
        Missions that the desk no longer holds open.
    """

    whole: bool
    kept: int
    moved: tuple[Named, ...] = ()
    dropped: tuple[Named, ...] = ()
    added: tuple[Named, ...] = ()
    unknown: tuple[str, ...] = ()


class PlanResult(_Result, frozen=True, kw_only=True):
    """A plan with its proof, its reasons and its limits.

    Attributes
    ----------
    value, bound, gap
        Value of the plan, a proven upper bound on any plan's value, and ``(bound - value) / max(|value|, 1e-9)``.
    benefit, synergy, risk, spill
        The parts: ``value = benefit + synergy - risk - spill``.
    ended
        Why the search ended.
    cohesion
        The cohesion report, where the caller has added it (`with_cohesion`).
    started_from
        What became of the plan it started from, None without one.
    """

    desk: str
    title: str
    start: str
    months: int
    currency: str
    price_year: int
    status: PlanStatus
    ended: SearchEnd
    value: float
    bound: float
    gap: float
    seconds: float
    seed: int
    engine: str
    engine_version: str
    benefit: float
    synergy: float
    risk: float
    spill: float
    cost: float
    missions: tuple[PlannedMission, ...]
    left_out: tuple[LeftOut, ...]
    objectives: tuple[ObjectiveOutcome, ...]
    spending: tuple[Spending, ...]
    staffing: tuple[Staffing, ...]
    binding: tuple[BindingConstraint, ...]
    sensitivity: tuple[Sensitivity, ...]
    decisive_effects: tuple[EffectSensitivity, ...]
    comparison: Comparison | None
    trace: tuple[Progress, ...]
    assumptions: tuple[Assumption, ...]
    cohesion: CohesionReport | None = None
    started_from: StartedFrom | None = None

    def to_selection(self) -> Selection:
        """Give the chosen missions, modes, months and staff alone."""
        return as_selection(self.missions)

    def starts(self) -> Mapping[str, tuple[str, int]]:
        """Give mode and first month (from 0) by mission."""
        return {mission.mission: (mission.mode, mission.start_index) for mission in self.missions}

    def with_cohesion(self, report: CohesionReport) -> PlanResult:
        """Give the same result with a cohesion report beside it."""
        return msgspec.structs.replace(self, cohesion=report)


class BrokenRule(_Result, frozen=True, kw_only=True):
    """A rule of the desk that a plan breaks: its kind, the sentence, and the missions concerned."""

    kind: str
    words: str
    missions: tuple[str, ...]
    records: tuple[str, ...] = ()


class PlanScore(_Result, frozen=True, kw_only=True):
    """An existing plan scored as it is: nothing is repaired, every broken rule is named.

    `bound` is the proven upper bound on the value of any plan that keeps the rules; a plan that breaks rules may lie
    above it, and then `gap` is negative.
    """

    desk: str
    title: str
    value: float
    bound: float
    gap: float
    benefit: float
    synergy: float
    risk: float
    spill: float
    cost: float
    broken: tuple[BrokenRule, ...]
    missions: tuple[PlannedMission, ...]
    objectives: tuple[ObjectiveOutcome, ...]
    spending: tuple[Spending, ...]
    staffing: tuple[Staffing, ...]

    @property
    def keeps_rules(self) -> bool:
        """Whether no rule is broken."""
        return not self.broken

    def to_selection(self) -> Selection:
        """Give the chosen missions, modes, months and staff alone."""
        return as_selection(self.missions)


class Change(_Result, frozen=True, kw_only=True):
    """A mission that stands in both plans with another mode, month or staff."""

    mission: str
    title: str
    before: str
    after: str


class ObjectiveDifference(_Result, frozen=True, kw_only=True):
    """What one objective gives to either plan's value."""

    objective: str
    title: str
    n_a: float
    n_b: float
    value_a: float
    value_b: float


class PlanComparison(_Result, frozen=True, kw_only=True):
    """Two plans side by side."""

    value_a: float
    value_b: float
    cost_a: float
    cost_b: float
    both: tuple[Named, ...]
    only_a: tuple[Named, ...]
    only_b: tuple[Named, ...]
    changed: tuple[Change, ...]
    objectives: tuple[ObjectiveDifference, ...]
