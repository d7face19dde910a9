"""Score a plan on drawn scenarios: how its value spreads, which targets it meets, what had to go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError
from legation.planning.data import PlanData
from legation.planning.engines.base import Halt
from legation.planning.planner import assumptions_of
from legation.planning.points import points
from legation.planning.result import Assumption
from legation.planning.uncertainty.draws import Draws, Spread
from legation.planning.uncertainty.forecast import RelationForecast
from legation.planning.uncertainty.money import shortfalls
from legation.planning.uncertainty.outlook import outlook_parts
from legation.planning.uncertainty.result import (
    BudgetRisk,
    MissionChance,
    PlanOutlook,
    Quantile,
    SearchRecord,
    TargetChance,
    WorstCase,
)
from legation.planning.uncertainty.statistics import check_alpha, tail_mean, tail_mean_error, wilson
from legation.planning.value import value_of

__all__ = ["assumptions_on_chance", "scenario_values", "score_on_draws"]

SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
_WORST = 3
_CAUSES = 6
_MET = 1.0 - 1e-9  # an objective is served from its target on; sums of judged numbers carry rounding


def scenario_values(
    draws: Draws, slots: Sequence[int], *, halt: Halt | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give a plan's value and net contributions in each scenario.

    Returns
    -------
    tuple of ndarray
        Values, shape (S,), and contributions, shape (S, K).

    Raises
    ------
    InputError
        When somebody stopped it: part of the scenarios is no sample that was asked for.
    """
    values = np.zeros(len(draws))
    n = np.zeros((len(draws), len(draws.data.options.objectives)))
    for number in range(len(draws)):
        if halt is not None and halt.is_set():
            raise InputError(f"Stopped after {number} of {len(draws)} scenarios.", remedy="Ask for fewer.")
        parts = outlook_parts(draws.data, draws.outlook(number), slots=slots)
        values[number], n[number] = parts.value, parts.n
    return values, n


def score_on_draws(
    draws: Draws,
    slots: Sequence[int],
    *,
    alpha: float = 0.1,
    plan: str = "plan",
    search: SearchRecord | None = None,
    halt: Halt | None = None,
) -> PlanOutlook:
    """Score a plan on scenarios.

    Parameters
    ----------
    draws
        The scenarios.
    slots
        The plan, at most one slot per mission.
    alpha
        Share of the scenarios that counts as the worst.
    plan
        What the plan is called.
    search
        How far the search for it came, where it was searched for.
    halt
        Ends the work when set.

    Raises
    ------
    InputError
        When alpha is no share, or somebody stopped it.
    """
    check_alpha(alpha)
    data = draws.data
    values, n = scenario_values(draws, slots, halt=halt)
    worst = np.argsort(values, kind="stable")
    tail = worst[: max(1, int(np.ceil(alpha * len(values))))]
    missions = _missions(draws, slots, tail)
    return PlanOutlook(
        desk=data.desk.info.id,
        title=data.desk.info.title,
        plan=plan,
        draws=len(draws),
        seed=draws.seed,
        judged_value=value_of(data, slots),
        mean=float(values.mean()),
        mean_error=float(values.std(ddof=1) / sqrt(len(values))) if len(values) > 1 else 0.0,
        deviation=float(values.std(ddof=1)) if len(values) > 1 else 0.0,
        alpha=alpha,
        cvar=tail_mean(values, alpha=alpha),
        cvar_error=tail_mean_error(values, alpha=alpha),
        quantiles=tuple(Quantile(share=share, value=float(np.quantile(values, share))) for share in SHARES),
        targets=_targets(draws, n),
        missions=missions,
        budgets=_budgets(draws, slots),
        worst=tuple(_worst(draws, slots, int(number), float(values[number])) for number in worst[:_WORST]),
        tail=_tail(draws, slots, tail, missions),
        assumptions=(
            *_not_on_chance(draws),
            *assumptions_on_chance(data, spread=draws.spread, forecast=draws.forecast),
        ),
        values=tuple(values.tolist()),
        search=search,
    )


def _targets(draws: Draws, n: NDArray[np.float64]) -> tuple[TargetChance, ...]:
    titles = {objective.id: objective.title for objective in draws.data.desk.objectives}
    out = []
    for k, name in enumerate(draws.data.options.objectives):
        met = int((n[:, k] >= _MET).sum())
        low, high = wilson(met, len(n))
        out.append(
            TargetChance(
                objective=name,
                title=titles[name],
                target_met=met / len(n),
                low=low,
                high=high,
                n_mean=float(n[:, k].mean()),
                n_low=float(np.quantile(n[:, k], 0.05)),
                n_high=float(np.quantile(n[:, k], 0.95)),
            )
        )
    return tuple(out)


def _missions(draws: Draws, slots: Sequence[int], tail: NDArray[np.int64]) -> tuple[MissionChance, ...]:
    chosen = draws.data.slot_mission[np.asarray(slots, np.int64)]
    return tuple(
        MissionChance(
            mission=draws.data.missions[number].id,
            title=draws.data.missions[number].title,
            accepted=float(draws.accepted[:, number].mean()),
            in_tail=float(draws.accepted[tail, number].mean()),
            partners=draws.data.missions[number].partners,
        )
        for number in chosen
    )


def _budgets(draws: Draws, slots: Sequence[int]) -> tuple[BudgetRisk, ...]:
    data = draws.data
    lacking, spent = shortfalls(data, slots, cost_factor=draws.cost_factor, rate_factor=draws.rate_factor)
    planned = data.spending(np.asarray(slots, np.int64)).sum(axis=1)
    out = []
    for number, (budget, title) in enumerate(zip(data.funds.budgets, data.funds.titles, strict=True)):
        # a cent is what rounding may leave
        broken = lacking[:, number] > 0.01
        low, high = wilson(int(broken.sum()), len(draws))
        out.append(
            BudgetRisk(
                budget=budget,
                title=title,
                broken=float(broken.mean()),
                low=low,
                high=high,
                planned=float(planned[number]),
                cost_high=float(np.quantile(spent[:, number], 0.9)),
                shortfall=float(lacking[broken, number].mean()) if broken.any() else 0.0,
            )
        )
    return tuple(out)


def _worst(draws: Draws, slots: Sequence[int], number: int, value: float) -> WorstCase:
    """Say what went wrong in one scenario: the refusals that cost most, and the effects that stayed lowest."""
    data = draws.data
    chosen = sorted({int(mission) for mission in data.slot_mission[np.asarray(slots, np.int64)]})
    losses = []
    for mission in chosen:
        if not draws.accepted[number, mission]:
            other = draws.accepted[number].copy()
            other[mission] = True
            gain = outlook_parts(data, draws.outlook(number, accepted=other), slots=slots).value - value
            losses.append((gain, mission))
    reasons = [
        f"{data.missions[mission].title!r} does not go ahead ({', '.join(data.missions[mission].partners)}): "
        f"{points(gain)} less."
        for gain, mission in sorted(losses, key=lambda loss: (-loss[0], loss[1]))[:_CAUSES]
        if gain > 0
    ]
    more = len([loss for loss in losses if loss[0] > 0]) - len(reasons)
    if more > 0:
        reasons.append(f"{more} more do{'es' * (more == 1)} not go ahead.")
    reasons += [*_weak_effects(draws, slots, number), *_moved_relations(draws, slots, number)]
    return WorstCase(scenario=draws.first + number, value=value, reasons=tuple(reasons))


_SEEN = 0.1
"""A shortfall that a figure of one decimal shows."""


def _weak_effects(draws: Draws, slots: Sequence[int], number: int) -> list[str]:
    data = draws.data
    options = data.slots.option[np.asarray(slots, np.int64)]
    modes = {(data.options.missions[o], data.options.modes[o]) for o in options}
    going = {data.missions[m].id for m in data.mission_of[options] if draws.accepted[number, m]}
    titles = {mission.id: mission.title for mission in data.missions}
    objectives = {objective.id: objective.title for objective in data.desk.objectives}
    found = []
    for place, effect in enumerate(data.desk.effects):
        own = effect.mode is None or (effect.mission, effect.mode) in modes
        if effect.mission is None or effect.objective is None or not own:
            continue
        if effect.mission in going and effect.objective in objectives and effect.high > effect.low:
            short = effect.likely - float(draws.effects[number, place])
            found.append((short, titles[effect.mission], objectives[effect.objective], place))
    found.sort(key=lambda row: (-row[0], row[3]))
    return [
        f"{title!r} brings {draws.effects[number, place]:.1f} points to {objective!r} instead of "
        f"{data.desk.effects[place].likely:.1f}."
        for short, title, objective, place in found[:2]
        if short >= _SEEN
    ]


def _moved_relations(draws: Draws, slots: Sequence[int], number: int) -> list[str]:
    if draws.moves is None or draws.forecast is None or draws.forecast.observer not in draws.forecast.actors:
        return []
    actors = draws.forecast.actors
    row = draws.moves[number, actors.index(draws.forecast.observer)]
    partners = {p for slot in slots for p in draws.data.missions[draws.data.slot_mission[slot]].partners}
    worse = [actor for actor, steps in zip(actors, row, strict=True) if steps < 0 and actor in partners]
    return [f"The relation with {', '.join(worse)} turns worse."] if worse else []


def _tail(
    draws: Draws, slots: Sequence[int], tail: NDArray[np.int64], missions: Sequence[MissionChance]
) -> tuple[str, ...]:
    """Say what sets the worst scenarios apart: the answers that are rarer there than elsewhere."""
    apart = sorted(missions, key=lambda item: (item.in_tail - item.accepted, item.mission))
    noise = 2 * sqrt(0.25 / len(tail))
    marked = [item for item in apart if item.accepted - item.in_tail > noise][:_CAUSES]
    out = [
        f"{item.title!r} goes ahead in {item.in_tail:.0%} of the worst scenarios, and in {item.accepted:.0%} of all."
        for item in marked
    ]
    count = draws.accepted[:, sorted({int(m) for m in draws.data.slot_mission[np.asarray(slots, np.int64)]})]
    if count.shape[1]:
        out.append(
            f"{count[tail].sum(axis=1).mean():.1f} of {count.shape[1]} missions go ahead in the worst scenarios, "
            f"{count.sum(axis=1).mean():.1f} in all."
        )
    return tuple(out)


def _not_on_chance(draws: Draws) -> tuple[Assumption, ...]:
    """Give what a plan takes for granted, without what scenarios draw instead."""
    return tuple(row for row in assumptions_of(draws.data) if row.topic not in {"acceptance", "effects"})


def assumptions_on_chance(
    data: PlanData, *, spread: Spread, forecast: RelationForecast | None
) -> tuple[Assumption, ...]:
    """Say what scenarios take for granted beyond what a plan does."""
    shape = "triangular" if spread.triangular else "PERT (beta, likely value as mode)"
    rows = [
        ("draws", f"Effects, synergies and willingness are drawn between low and high, {shape}; nothing lies outside."),
        (
            "answers",
            ("A partner answers each mission by itself; its mood, one draw within the judged interval, is shared by "
            f"all its answers. Without a row it accepts with {data.desk.info.default_willingness:.0%}."),
        ),
        ("humanitarian", "Answers to humanitarian missions depend on no relation and share no political mood."),
        ("spending", "A mission that does not go ahead still costs its money, people and risk: they were set aside."),
        (
            "costs",
            f"The desk states no spread of costs: each budget's missions cost a factor with median 1 on top of plan, "
            f"above {1 + spread.costs:g} one time in ten; foreign currencies likewise above {1 + spread.rates:g}."
            if spread.costs or spread.rates
            else "Costs are as planned.",
        ),
    ]  # fmt: skip
    if forecast is None:
        rows.append(("relations", "Relations stay as they are."))
    else:
        rows.append(
            (
                "relations",
                (
                    f"{forecast.basis} One step of a level shifts the log-odds of political answers by "
                    f"{spread.willingness_per_level:g} and alignment by {spread.alignment_per_level:g} (assumptions); "
                    "the level at the plan's end counts for all its months."
                ),
            )
        )
        rows += [("relations", note) for note in forecast.notes]
    return tuple(Assumption(topic=topic, words=words) for topic, words in rows)
