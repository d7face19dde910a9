"""The plan that is best over drawn scenarios, and how far from the best under all scenarios it can be."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
from scipy import stats

from legation.cohesion.result import Chosen
from legation.errors import InputError
from legation.planning.conflict import required
from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Halt
from legation.planning.points import points
from legation.planning.result import Progress
from legation.planning.solve import Solution, search
from legation.planning.staff import read_staff
from legation.planning.uncertainty.draws import Draws, Spread, draw
from legation.planning.uncertainty.forecast import RelationForecast
from legation.planning.uncertainty.model import aim_of, scenario_model
from legation.planning.uncertainty.result import PlanOutlook, RobustResult, SampleGap
from legation.planning.uncertainty.scoring import scenario_values, score_on_draws
from legation.planning.uncertainty.searched import entry_titles, search_record
from legation.planning.uncertainty.statistics import check_alpha, tail_mean
from legation.planning.uncertainty.status import mission_statuses

__all__ = ["check_figures", "chosen_of", "plan_for_scenarios", "solve_outlooks", "staffed"]

_FRESH, _SECOND = 10_000_000, 20_000_000
"""Numbers of the first scenario to check on and to choose on: none that a plan is made for has them."""


def chosen_of(data: PlanData, slots: Sequence[int]) -> tuple[Chosen, ...]:
    """Give slots as missions of a plan, without people."""
    return tuple(_chosen(data, slot) for slot in sorted(slots))


def staffed(data: PlanData, solution: Solution) -> tuple[Chosen, ...]:
    """Give a found plan's missions with the people who serve in them."""
    people = read_staff(data, solution.model, solution.x)
    return tuple(_chosen(data, int(slot), people.get(int(slot), ())) for slot in sorted(solution.slots))


def _chosen(data: PlanData, slot: int, people: Sequence[tuple[str, str]] = ()) -> Chosen:
    return Chosen(
        mission=data.missions[data.slot_mission[slot]].id,
        mode=data.modes[data.slots.option[slot]].id,
        start=int(data.slots.start[slot]),
        staff=tuple(f"{role}:{position}" for role, position in people),
    )


def solve_outlooks(
    draws: Draws,
    engine: Engine,
    *,
    tail_weight: float,
    alpha: float,
    gap: float,
    seconds: float,
    seed: int,
    start: Sequence[int] = (),
    progress: Callable[[Progress], None] | None = None,
    halt: Halt | None = None,
) -> Solution:
    """Find the plan with the best aim over drawn scenarios, with a proven bound for these scenarios.

    Raises
    ------
    InfeasibleError
        When no plan keeps all rules.
    """
    data = draws.data
    outlooks = [draws.outlook(number) for number in range(len(draws))]
    found = search(
        data,
        engine,
        gap=gap,
        seconds=seconds,
        seed=seed,
        progress=progress,
        halt=halt,
        model=scenario_model(data, outlooks, tail_weight=tail_weight, alpha=alpha),
        worth=aim_of(data, outlooks, tail_weight=tail_weight, alpha=alpha),
        start=start,
    )
    return required(found, data, engine)


def plan_for_scenarios(
    data: PlanData,
    engine: Engine,
    *,
    scenarios: int = 100,
    tail_weight: float = 0.5,
    alpha: float = 0.1,
    fresh: int = 1000,
    batches: int = 0,
    spread: Spread | None = None,
    forecast: RelationForecast | None = None,
    gap: float = 0.01,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    halt: Halt | None = None,
) -> RobustResult:
    """Plan for scenarios, check the plan on fresh ones, and estimate what it can lack.

    Parameters
    ----------
    data, engine
        The desk and the solver.
    scenarios
        How many the plan is made for.
    tail_weight, alpha
        The aim: (1 - tail_weight) x mean + tail_weight x mean of the worst share alpha.
    fresh
        Scenarios on which the plan is checked; none of them is among those it was made for.
    batches
        Independent batches of as many scenarios, each planned for, from which the distance to the best plan under all
        scenarios is estimated; 0 leaves the estimate out. Each takes up to `seconds`.
    spread, forecast
        As for `draw`.
    gap, seconds, seed, progress, halt
        As for `legation.planning.planner.plan`.

    Raises
    ------
    InputError
        When a figure is out of range.
    InfeasibleError
        When no plan keeps all rules.
    """
    check_figures(tail_weight=tail_weight, scenarios=scenarios, fresh=fresh, batches=batches, alpha=alpha)
    began = time.monotonic()
    stop = halt or Halt()
    sample = draw(data, count=scenarios, seed=seed, spread=spread, forecast=forecast)
    first = search(data, engine, gap=gap, seconds=seconds / 3, seed=seed, halt=stop)
    judged = required(first, data, engine)
    found = solve_outlooks(
        sample, engine, tail_weight=tail_weight, alpha=alpha, gap=gap, seconds=seconds, seed=seed,
        start=judged.slots.tolist(), progress=progress, halt=stop,
    )  # fmt: skip
    taken, kept_judged = _better(
        found, judged, tail_weight=tail_weight, alpha=alpha,
        draws=draw(data, count=fresh, seed=seed, first=_SECOND, spread=spread, forecast=forecast),
    )  # fmt: skip
    # what is kept carries the record of the search that found it
    judged_record = search_record(judged, gap=gap)
    taken_record = judged_record if kept_judged else search_record(found, gap=gap)
    check = draw(data, count=fresh, seed=seed, first=_FRESH, spread=spread, forecast=forecast)
    own = score_on_draws(check, taken.slots.tolist(), alpha=alpha, plan="made for scenarios", search=taken_record)
    beside = score_on_draws(
        check, judged.slots.tolist(), alpha=alpha, plan="made for likely values", search=judged_record
    )
    bounds: list[float] = []
    plans = [frozenset(entry.mission for entry in chosen_of(data, plan.slots.tolist())) for plan in (found, judged)]
    for batch in range(batches):
        if stop.is_set():
            break
        other = draw(data, count=scenarios, seed=seed, first=(batch + 1) * scenarios, spread=spread, forecast=forecast)
        solved = solve_outlooks(
            other, engine, tail_weight=tail_weight, alpha=alpha, gap=gap, seconds=seconds, seed=seed,
            start=found.slots.tolist(), halt=stop,
        )  # fmt: skip
        bounds.append(solved.bound)
        plans.append(frozenset(entry.mission for entry in chosen_of(data, solved.slots.tolist())))
    distance = None
    if len(bounds) >= 2:
        distance = _distance(own, bounds, tail_weight=tail_weight, alpha=alpha, size=scenarios)
    record, entries = search_record(found, gap=gap), staffed(data, taken)
    ids = {name: {entry.mission for entry in chosen_of(data, plan.slots.tolist())} for name, plan in
           (("own", taken), ("judged", judged))}  # fmt: skip
    title = {mission.id: mission.title for mission in data.missions}
    only_here = tuple(title[name] for name in sorted(ids["own"] - ids["judged"]))
    only_judged = tuple(title[name] for name in sorted(ids["judged"] - ids["own"]))
    return RobustResult(
        desk=data.desk.info.id,
        title=data.desk.info.title,
        start=data.desk.info.start,
        tail_weight=tail_weight,
        alpha=alpha,
        scenarios=scenarios,
        seed=seed,
        value=found.value,
        bound=found.bound,
        gap=found.gap,
        status=record.status,
        proven=found.gap <= max(gap, 1e-6),
        seconds=time.monotonic() - began,
        sample=distance,
        outlook=own,
        judged_outlook=beside,
        entries=entries,
        entry_titles=entry_titles(data.desk, entries),
        kept_judged=kept_judged,
        statuses=mission_statuses(data.desk, plans),
        only_here=only_here,
        only_judged=only_judged,
        words=_words(own, beside, distance, tail_weight=tail_weight, alpha=alpha, kept_judged=kept_judged)
        + _cut_short(stop, bounds, batches),
        assumptions=own.assumptions,
    )


def _cut_short(halt: Halt, bounds: Sequence[float], batches: int) -> tuple[str, ...]:
    if not halt.is_set():
        return ()
    cut = f" {len(bounds)} of {batches} batches were planned for." if batches else ""
    return (f"It was stopped by hand before all of its searches ended.{cut} More time may give a better plan.",)


def _better(
    found: Solution, judged: Solution, *, draws: Draws, tail_weight: float, alpha: float
) -> tuple[Solution, bool]:
    """Take the better of two plans on scenarios that neither was made for nor will be checked on.

    A plan made for few scenarios fits their luck; keeping the other one where it does better costs nothing.
    """
    aims = []
    for plan in (found, judged):
        values, _ = scenario_values(draws, plan.slots.tolist())
        aims.append((1 - tail_weight) * values.mean() + tail_weight * tail_mean(values, alpha=alpha))
    return (judged, True) if aims[1] >= aims[0] else (found, False)


def check_figures(*, tail_weight: float, scenarios: int, fresh: int, batches: int, alpha: float) -> None:
    """Refuse figures that no plan for scenarios can have, before any work.

    Raises
    ------
    InputError
        When one is out of range.
    """
    check_alpha(alpha)
    if not 0 <= tail_weight <= 1:
        raise InputError(
            f"A weight of {tail_weight} of the worst cannot be used.", remedy="Give 0 (the mean alone) to 1."
        )
    for value, least, most, what in (
        (scenarios, 2, 2_000, "scenarios to plan for"),
        (fresh, 2, 1_000_000, "fresh scenarios"),
        (batches, 0, 100, "batches"),
    ):
        if not least <= value <= most:
            raise InputError(f"{value} {what} cannot be used.", remedy=f"Give {least} to {most:,}.")
    if batches == 1:
        raise InputError("One batch says nothing of the spread between batches.", remedy="Give 0, or 2 and more.")
    if tail_weight > 0 and alpha * scenarios < 1:
        raise InputError(
            f"The worst {alpha:g} of {scenarios} scenarios is less than one scenario.",
            remedy=f"Plan for at least {int(np.ceil(1 / alpha))} scenarios, or raise alpha.",
        )


def _distance(own: PlanOutlook, bounds: Sequence[float], *, tail_weight: float, alpha: float, size: int) -> SampleGap:
    """Estimate the distance to the best plan under all scenarios (Mak, Morton and Wood 1999).

    A best plan for a batch does at least as well there as the best plan under all scenarios, so the mean of the
    batches' proven bounds lies, in expectation, above what the best plan can expect.
    """
    values = np.array(own.values)
    edge = np.sort(values)[max(0, int(np.ceil(alpha * len(values))) - 1)]
    terms = (1 - tail_weight) * values + tail_weight * (edge - np.maximum(edge - values, 0.0) / alpha)
    value = (1 - tail_weight) * values.mean() + tail_weight * tail_mean(values, alpha=alpha)
    upper, count = float(np.mean(bounds)), len(bounds)
    upper_error, value_error = float(np.std(bounds, ddof=1) / sqrt(count)), float(terms.std(ddof=1) / sqrt(len(terms)))
    high = upper - value + stats.t.ppf(0.95, count - 1) * upper_error + stats.norm.ppf(0.95) * value_error
    return SampleGap(
        batches=count,
        batch_size=size,
        fresh=len(values),
        upper=upper,
        upper_error=upper_error,
        value=float(value),
        value_error=value_error,
        gap=max(0.0, float(upper - value)),
        gap_high=max(0.0, float(high)),
    )


def _words(
    own: PlanOutlook, beside: PlanOutlook, distance: SampleGap | None, *, tail_weight: float, alpha: float,
    kept_judged: bool,
) -> tuple[str, ...]:  # fmt: skip
    if kept_judged:
        return (
            (
                f"On scenarios that neither was made for, the plan made for likely values does at least as well: it is "
                f"kept. It is worth {points(own.mean)} on average and {points(own.cvar)} in the worst {alpha:.0%}."
            ),
            *_distance_words(distance, tail_weight),
        )
    pairs = np.array(own.values) - np.array(beside.values)
    error = float(pairs.std(ddof=1) / sqrt(len(pairs)))
    out = [
        (f"On {own.draws} fresh scenarios the plan made for scenarios is worth {points(own.mean)} on average and "
        f"{points(own.cvar)} in the worst {alpha:.0%}; the plan made for likely values {points(beside.mean)} and "
        f"{points(beside.cvar)}."),
        f"Scenario by scenario the difference is {points(float(pairs.mean()))} on average, with a standard error of "
        f"{points(error)}"
        + (": it is not told apart from none." if abs(pairs.mean()) <= 2 * error else "."),
    ]  # fmt: skip
    return (*out, *_distance_words(distance, tail_weight))


def _distance_words(distance: SampleGap | None, tail_weight: float) -> tuple[str, ...]:
    if distance is None:
        return ()
    return (
        (
            f"By {distance.batches} independent batches of {distance.batch_size} scenarios, the best plan under all "
            f"scenarios is better by {points(distance.gap)} at a guess, by no more than {points(distance.gap_high)} "
            f"with 95 % confidence (the aim weighs the worst with {tail_weight:g})."
        ),
    )
