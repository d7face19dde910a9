"""What planning under uncertainty answers: frozen records with ids, titles and sentences.

Values are shares of everything the desk's goals are worth, as in `legation.planning.result`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from legation.cohesion.result import Chosen
from legation.planning.result import Assumption, PlanStatus

__all__ = [
    "BudgetRisk",
    "CaseOutcome",
    "EntryTitles",
    "FactOutcome",
    "MissionChance",
    "MissionStatus",
    "NamedRegret",
    "PlanOutlook",
    "Quantile",
    "RegretResult",
    "RobustResult",
    "SampleGap",
    "SearchRecord",
    "Standing",
    "SweepResult",
    "TargetChance",
    "TreeBranch",
    "WaitResult",
    "WorstCase",
]

Standing = Literal["core", "borderline", "out"]


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """What every result record shares."""


class Quantile(_Result, frozen=True, kw_only=True):
    """A share of the scenarios stays at or below the value."""

    share: float
    value: float


class TargetChance(_Result, frozen=True, kw_only=True):
    """How likely an objective reaches its target.

    `low` and `high` are the ends of the Wilson interval at 95 %, which covers the error of drawing and nothing else.
    `n_mean` is the mean net contribution in units of the target.
    """

    objective: str
    title: str
    target_met: float
    low: float
    high: float
    n_mean: float
    n_low: float
    n_high: float


class MissionChance(_Result, frozen=True, kw_only=True):
    """How often a mission of the plan goes ahead; `in_tail` in the worst scenarios alone."""

    mission: str
    title: str
    accepted: float
    in_tail: float
    partners: tuple[str, ...]


class BudgetRisk(_Result, frozen=True, kw_only=True):
    """How likely a budget does not cover what the plan's missions cost; money in the desk's currency."""

    budget: str
    title: str
    broken: float
    low: float
    high: float
    planned: float
    cost_high: float
    shortfall: float


class WorstCase(_Result, frozen=True, kw_only=True):
    """One of the worst scenarios: its number, its value and what had to go wrong, one sentence each."""

    scenario: int
    value: float
    reasons: tuple[str, ...]


class SearchRecord(_Result, frozen=True, kw_only=True):
    """How far the search for a plan came.

    Attributes
    ----------
    status
        As for a plan: optimal, within_gap, feasible (the time was over first) or stopped (by hand).
    value, bound, gap
        Of the plan in the search's own aim, a proven bound on any plan's, and their distance as a share of the value.
    asked
        The gap that was asked for.
    """

    status: PlanStatus
    value: float
    bound: float
    gap: float
    asked: float


class EntryTitles(_Result, frozen=True, kw_only=True):
    """A mission of a plan in words: its title, its mode's title, its first month, and the titles of who serves."""

    mission: str
    title: str
    mode: str
    month: str
    people: tuple[str, ...]


class PlanOutlook(_Result, frozen=True, kw_only=True):
    """A plan on drawn scenarios.

    Attributes
    ----------
    judged_value
        The plan's value with everything as judged likely.
    mean, mean_error, deviation
        Mean over the scenarios with its standard error, and their standard deviation.
    alpha, cvar, cvar_error
        Mean value of the worst share `alpha` of the scenarios, with its standard error.
    quantiles
        Of the value, from 5 % to 95 %.
    values
        Every scenario's value, in order of their numbers.
    search
        How far the search for the plan came; None for a plan that was given.
    """

    desk: str
    title: str
    plan: str
    draws: int
    seed: int
    judged_value: float
    mean: float
    mean_error: float
    deviation: float
    alpha: float
    cvar: float
    cvar_error: float
    quantiles: tuple[Quantile, ...]
    targets: tuple[TargetChance, ...]
    missions: tuple[MissionChance, ...]
    budgets: tuple[BudgetRisk, ...]
    worst: tuple[WorstCase, ...]
    tail: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
    values: tuple[float, ...]
    search: SearchRecord | None = None


class SampleGap(_Result, frozen=True, kw_only=True):
    """How far from the best plan under all scenarios a plan can be (Mak, Morton and Wood 1999).

    `upper` is the mean of the proven bounds on independent batches of scenarios, an estimate from above of what the
    best plan can expect; `value` is the plan on fresh scenarios. `gap` is the difference, and `gap_high` the upper end
    of its one-sided interval at 95 %.
    """

    batches: int
    batch_size: int
    fresh: int
    upper: float
    upper_error: float
    value: float
    value_error: float
    gap: float
    gap_high: float


class MissionStatus(_Result, frozen=True, kw_only=True):
    """In how many scenarios' own best plans a mission stands: in all (core), in some (borderline), in none (out)."""

    mission: str
    title: str
    standing: Standing
    plans: int
    of: int


class RobustResult(_Result, frozen=True, kw_only=True):
    """The plan that is best over drawn scenarios.

    Attributes
    ----------
    tail_weight, alpha
        The aim is (1 - tail_weight) x mean + tail_weight x mean of the worst share alpha.
    value, bound, gap
        The aim on the scenarios that the plan was made for, and a proven bound on any plan's there.
    status, proven
        How the search ended, and whether the gap that was asked for is proven.
    sample
        The estimate of how far from the best plan under all scenarios it can be; None where it was not asked for.
    outlook, judged_outlook
        The plan, and the plan made for likely values, on the same fresh scenarios.
    entries, entry_titles
        The plan itself, with ids and in words.
    kept_judged
        Whether it is the plan made for likely values, because that does at least as well on other scenarios.
    statuses
        Each mission's standing over the plans of all batches and the plan for likely values.
    """

    desk: str
    title: str
    start: str
    tail_weight: float
    alpha: float
    scenarios: int
    seed: int
    value: float
    bound: float
    gap: float
    status: PlanStatus
    proven: bool
    seconds: float
    sample: SampleGap | None
    outlook: PlanOutlook
    judged_outlook: PlanOutlook
    entries: tuple[Chosen, ...]
    entry_titles: tuple[EntryTitles, ...]
    kept_judged: bool
    statuses: tuple[MissionStatus, ...]
    only_here: tuple[str, ...]
    only_judged: tuple[str, ...]
    words: tuple[str, ...]
    assumptions: tuple[Assumption, ...]


class NamedRegret(_Result, frozen=True, kw_only=True):
    """What a plan is worth in a case, and what it lacks there.

    Attributes
    ----------
    value, judged_value
        What the plan of least regret, and the plan made for likely values, are worth in the case.
    best, bound
        The best plan known for the case, and a proven bound on any plan there.
    regret, regret_high
        What the plan lacks there at least (against the best known) and at most (against the bound).
    judged_regret, judged_regret_high
        The same of the plan made for likely values.
    """

    scenario: str
    title: str
    value: float
    judged_value: float
    best: float
    bound: float
    regret: float
    regret_high: float
    judged_regret: float
    judged_regret_high: float


class RegretResult(_Result, frozen=True, kw_only=True):
    """The plan with the least greatest regret over named scenarios.

    Attributes
    ----------
    regret, regret_high
        Its greatest regret over the cases is between these: against the best plans known, and against the bounds.
    bound
        No plan's greatest regret can be below this, as proven; 0 where nothing is.
    slack
        How much a best plan known may lack to the best there is, at most.
    judged_regret, judged_regret_high
        The same of the plan made for likely values.
    stopped
        Whether it was stopped by hand.
    entries, entry_titles
        The plan itself, with ids and in words.
    """

    desk: str
    title: str
    start: str
    scenarios: tuple[NamedRegret, ...]
    regret: float
    regret_high: float
    bound: float
    slack: float
    judged_regret: float
    judged_regret_high: float
    stopped: bool
    seconds: float
    entries: tuple[Chosen, ...]
    entry_titles: tuple[EntryTitles, ...]
    statuses: tuple[MissionStatus, ...]
    words: tuple[str, ...]
    assumptions: tuple[Assumption, ...]


class FactOutcome(_Result, frozen=True, kw_only=True):
    """One way in which a fact may turn out."""

    outcome: str
    probability: float


class TreeBranch(_Result, frozen=True, kw_only=True):
    """What is done once a fact turned out one way: the plan's value there, and how it differs from waiting for none."""

    outcome: str
    probability: float
    value: float
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: tuple[str, ...]


class WaitResult(_Result, frozen=True, kw_only=True):
    """What it is worth to decide the later months only once a fact is known.

    Attributes
    ----------
    now, now_bound
        The best plan fixed today for all months, and the bound: averages over the outcomes.
    now_judged
        What that plan is worth where expected answers and effects are counted at once, as a plan's value is.
    adaptive, adaptive_bound
        The best plan whose missions from `month` on are chosen once the fact is known, and the bound.
    known, known_bound
        The best plans if the fact were known today: a ceiling.
    held, held_bound
        The best plan fixed today in which the missions that the fact touches do not start before `month`.
    worth_low, worth_high
        What re-choosing is worth: between these, by the bounds.
    ceiling_high
        What knowing today would be worth at most.
    cost_low, cost_high
        What holding back the missions concerned costs by itself, without learning anything; None, as `held`, where
        no plan keeps all rules then.
    """

    desk: str
    title: str
    fact: str
    month: str
    outcomes: tuple[FactOutcome, ...]
    touched: tuple[str, ...]
    now: float
    now_bound: float
    now_judged: float
    adaptive: float
    adaptive_bound: float
    known: float
    known_bound: float
    held: float | None
    held_bound: float | None
    worth_low: float
    worth_high: float
    ceiling_high: float
    cost_low: float | None
    cost_high: float | None
    stopped: bool
    seconds: float
    now_entries: tuple[Chosen, ...]
    branches: tuple[TreeBranch, ...]
    words: tuple[str, ...]
    assumptions: tuple[Assumption, ...]


class CaseOutcome(_Result, frozen=True, kw_only=True):
    """One case of a sweep: its plan in short, or why there is none.

    `complete` says that the time ended no part of the search: such a case gives the same figures each time.
    `error` and `remedy` are None where a plan was found.
    """

    case: str
    title: str
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    cost: float | None = None
    complete: bool = False
    mean: float | None = None
    cvar: float | None = None
    targets: tuple[TargetChance, ...] = ()
    entries: tuple[Chosen, ...] = ()
    error: str | None = None
    remedy: str | None = None


class SweepResult(_Result, frozen=True, kw_only=True):
    """All cases of a sweep, in the order they were given, whoever worked on them; `statuses` over their plans."""

    desk: str
    title: str
    cases: tuple[CaseOutcome, ...]
    statuses: tuple[MissionStatus, ...]
    failed: int
    not_run: int
    words: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
