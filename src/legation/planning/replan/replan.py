"""Plan anew after a change: the best plan at the least disruption, with the exchange rate stated."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import isfinite

import numpy as np

from legation.desk.desk import Desk
from legation.errors import InputError
from legation.planning.conflict import required
from legation.planning.describe import (
    describe_missions,
    describe_objectives,
    describe_spending,
    describe_staffing,
)
from legation.planning.engines.base import Engine, Halt, Request
from legation.planning.engines.highs import Highs
from legation.planning.model.build import build_model
from legation.planning.progress import status_of
from legation.planning.replan.changes import (
    mission_changes,
    partner_changes,
    parts_of_disruption,
    position_changes,
)
from legation.planning.replan.disruption import Disruption, disruption_of
from legation.planning.replan.result import CurvePoint, ReplanResult
from legation.planning.replan.shocks import Shock, Situation, apply_shocks, words_of_shock
from legation.planning.replan.solve import Found, Replanner
from legation.planning.replan.standing import OldPlan, Standing, drawn_before, standing_of
from legation.planning.replan.weights import DisruptionWeights
from legation.planning.result import Progress
from legation.planning.value import parts_of, value_of
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["KEEP", "RATE_SHARE", "replan"]

RATE_SHARE = 0.25
"""The rate that a search without one begins at: one unit of disruption (a mission dropped on the eve of its start)
weighs as much as this share of what a mission of the old plan is worth on average."""
KEEP = 0.99
"""Without a rate or a share to keep: the least disruption with this share of what any plan could be worth."""
_FIRST, _ENOUGH = 0.6, 0.004
"""Share of the time for the plan from which disruption is lessened, and the gap at which that plan is good enough."""
_SHARED = 0.4
"""Share of the time left for one step of several."""
_LEAST = 1.0
"""Seconds below which no further rate is tried."""
_CLOSING = 1.0
"""Seconds left for putting the result together."""
_STEPS = (4.0, 2.0, 1.0, 0.5, 0.2, 0.05, 0.0)
"""Rates of the curve, as multiples of the default one; before them the old plan is mended and no more."""


def replan(
    desk: Desk,
    plan: OldPlan,
    *,
    now: str,
    shocks: Sequence[Shock] = (),
    relations: RelationsSnapshot | None = None,
    rate: float | None = None,
    keep: float | None = None,
    weights: DisruptionWeights | None = None,
    curve: bool = False,
    gap: float = 0.002,
    seconds: float = 15.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    engine: Engine | None = None,
) -> ReplanResult:
    """Find the plan that disturbs an older one least and keeps the value, or is best at a rate between the two.

    Parameters
    ----------
    desk
        The desk as it is now.
    plan
        The plan that people work to: entries, a selection or a result.
    now
        The month it is, `YYYY-MM`: missions of the plan that start before it are under way and stay as they are.
    shocks
        What happened, applied to the desk and the relations first.
    relations
        How actors stand.
    rate
        Value given up for one unit less of disruption: the plan whose value less that is greatest.
    keep
        Instead of a rate: the least disruption found with at least this share of what any plan could be worth. When
        both are left out, `KEEP` within the time given: the search begins at a rate of `RATE_SHARE` of the mean value
        of the old plan's missions, and lower rates follow where its plan is worth less. Where the share is not reached
        at all, the plan worth most is the answer.
    weights
        What each kind of change costs.
    curve
        Whether to trace value against disruption over several rates; they share `seconds` with the rest.
    gap
        Proven gap, as a share of the value, at which the search may end.
    seconds, seed, progress, stop, engine
        As for `legation.planning.planner.plan`.

    Raises
    ------
    InputError
        When a number is out of range, or the plan or the month does not fit the desk.
    UnknownRecordError
        When a shock names a record that the desk does not hold.
    InfeasibleError
        When no plan keeps all rules after the change; it names a smallest conflicting set of them.
    """
    check_asked(rate=rate, keep=keep, gap=gap, seconds=seconds)
    began, own, halt = time.monotonic(), engine or Highs(), Halt(stop)
    before = standing_of(desk, plan, now=now)
    given = Situation(desk, relations, now, drawn=drawn_before(before))
    situation = apply_shocks(given, shocks, begun=tuple(before.begun))
    standing = _tenable(situation, plan, own)
    data = standing.data
    disruption = disruption_of(standing, weights)
    search = Replanner(disruption, own, seed=seed, halt=halt, progress=progress)
    unit = RATE_SHARE * _mean_value(standing)
    chosen_rate = unit if rate is None else rate
    end = began + seconds
    limit = max(1.0, end - time.monotonic())
    usual = rate is None and keep is None
    with ThreadPoolExecutor(1) as pool:
        free: Future[float | None] = pool.submit(search.free_bound)
        first_gap, first_limit = (max(gap, _ENOUGH), _FIRST * limit) if usual else (gap, limit)
        if keep is not None or curve:
            # what follows has its share of the same time
            first_limit = _SHARED * limit
        found = search.solve(chosen_rate, gap=first_gap, seconds=max(1.0, first_limit))
        bound = free.result()
    found, bound = required(found, data, own), required(bound, data, own)
    plans = [found]
    if keep is not None:
        plans += _towards(search, found, bound * keep, gap=gap, end=end - (_CLOSING if curve else 0.0))
        found = _least(plans, bound * keep)
    if usual and not curve and found.value < bound * KEEP:
        plans += _worth_more(search, found, bound * KEEP, end=end)
        found = _least(plans, bound * KEEP)
    if rate is None and 0 < (least := bound * (keep or KEEP)) <= found.value:
        left = (end - time.monotonic()) * (_SHARED if curve else 1.0)
        found = search.lessen(found, least, seconds=max(1.0, left - _CLOSING))
        plans.append(found)
    if curve:
        plans += _sweep(search, unit, gap=gap, end=end - _CLOSING, free=bound)
        if (
            rate is not None
            and search.merit(better := search.best(found.rate) or found.slots, found.rate) > found.merit
        ):
            # a plan of the curve may be better at this rate than what was found in its own time
            found = search.found(found.rate, better, bound=found.bound)
            plans[0] = found
        elif rate is None and any(item.value >= bound * (keep or KEEP) for item in plans):
            found = _least(plans, bound * (keep or KEEP))
    words = tuple(words_of_shock(shock, desk) for shock in shocks)
    shown = tuple(plans) if curve or keep is not None else ()
    share = (keep or KEEP) if rate is None else None
    assembled = _Assembly(disruption, search, found, shown, bound, words, share)
    return assembled.result(now=now, gap=gap, seed=seed, began=began, engine=own, halt=halt)


def check_asked(*, rate: float | None, keep: float | None, gap: float, seconds: float) -> None:
    """Refuse what no replanning can be asked for.

    Raises
    ------
    InputError
        When rate and share are both given, or a number is out of range.
    """
    if rate is not None and keep is not None:
        raise InputError("A rate and a share to keep were both given.", remedy="Give one of them.")
    if rate is not None and not (isfinite(rate) and rate >= 0):
        raise InputError(
            f"A rate of {rate} cannot be used.", remedy="Give a value of 0 or more per unit of disruption."
        )
    if keep is not None and not 0 < keep <= 1:
        raise InputError(f"A share of {keep} cannot be kept.", remedy="Give more than 0 and at most 1: 0.99 is 99 %.")
    if not (0 <= gap < 1 and isfinite(seconds) and seconds > 0):
        raise InputError(
            f"A gap of {gap} and a limit of {seconds} seconds cannot be used.",
            remedy="Give a gap from 0 to below 1 and a positive number of seconds.",
        )


def _tenable(situation: Situation, plan: OldPlan, engine: Engine) -> Standing:
    """Put the plan where it stands; missions under way that nobody can carry on are ended, and no others."""
    standing = standing_of(
        situation.desk, plan, now=situation.now, relations=situation.relations, ended=situation.ended
    )
    over = situation.ended | _without_staff(standing)
    if over != situation.ended:
        standing = standing_of(situation.desk, plan, now=situation.now, relations=situation.relations, ended=over)
    more = _in_each_others_way(standing, engine)
    if more:
        over |= more
        standing = standing_of(situation.desk, plan, now=situation.now, relations=situation.relations, ended=over)
    return standing


def _without_staff(standing: Standing) -> frozenset[str]:
    data = standing.data
    number = {mission.id: n for n, mission in enumerate(data.missions)}
    short = {slot for slot, _ in data.demand.short}
    return frozenset(name for name in standing.begun if standing.slots.get(number[name]) in short)


def _in_each_others_way(standing: Standing, engine: Engine) -> frozenset[str]:
    """Find the fewest missions under way that must end for the rest to go on; none where all can."""
    data = standing.data
    fixed = {n for n, mission in enumerate(data.missions) if mission.status != "candidate"}
    own = np.flatnonzero(data.open & np.isin(data.slot_mission, sorted(fixed)))
    begun = [n for n, mission in enumerate(data.missions) if mission.id in standing.begun]
    if not begun:
        return frozenset()
    model = build_model(data, slots=own, with_value=False)
    lower = model.problem.row_lower.copy()
    for number, row in enumerate(model.rows):
        if row.kind == "fixed" and row.record in standing.begun:
            lower[number] = 0.0
        elif row.kind in {"must_do", "pin", "commitment"}:
            lower[number] = -np.inf
    cost = model.problem.cost.copy()
    cost[model.option_columns] = np.isin(data.mission_of[model.options], begun).astype(float)
    problem = type(model.problem)(
        cost, model.problem.lower, model.problem.upper, model.problem.integer, model.problem.matrix, lower,
        model.problem.row_upper,
    )  # fmt: skip
    answer = engine.solve(problem, Request(seconds=30.0))
    if answer.x is None:
        # what else is fixed clashes by itself: the search says so, with the rules
        return frozenset()
    going = set(data.slot_mission[model.chosen(answer.x)].tolist())
    return frozenset(data.missions[number].id for number in begun if number not in going)


def _mean_value(standing: Standing) -> float:
    """Give the mean value of the old plan's missions on the changed desk."""
    slots = sorted(standing.slots.values())
    return max(value_of(standing.data, slots), 0.0) / len(slots) if slots else 0.0


def _towards(search: Replanner, first: Found, least: float, *, gap: float, end: float) -> list[Found]:
    """Close in on the highest rate whose plan is worth enough, halving the interval of rates."""
    out: list[Found] = []
    low, high = (first.rate, None) if first.value >= least else (0.0, first.rate)
    if first.rate == 0 and high is None:
        return out
    for _ in range(6):
        middle = low * 4 if high is None else (low + high) / 2
        left = end - time.monotonic()
        if left < _LEAST or search.halt.is_set():
            break
        found = search.solve(middle, gap=gap, seconds=left * _SHARED)
        if found is None:
            break
        out.append(found)
        low, high = (middle, high) if found.value >= least else (low, middle)
    return out


def _worth_more(search: Replanner, first: Found, least: float, *, end: float) -> list[Found]:
    """Go down with the rate until a plan is worth enough: at the first one the best plan may keep too much."""
    out: list[Found] = []
    for rate in (first.rate / 4, 0.0):
        left = end - time.monotonic() - _CLOSING
        if left < _LEAST or search.halt.is_set():
            break
        found = search.solve(rate, gap=_ENOUGH, seconds=left * _FIRST)
        if found is None:
            break
        out.append(found)
        if found.value >= least:
            break
    return out


def _least(plans: Sequence[Found], least: float) -> Found:
    """Give the least disruption among plans worth enough, or the most value where none is."""
    enough = [found for found in plans if found.value >= least - 1e-12]
    if enough:
        return min(enough, key=lambda found: (found.disruption, -found.value))
    return max(plans, key=lambda found: found.value)


def _sweep(search: Replanner, unit: float, *, gap: float, end: float, free: float) -> list[Found]:
    """Solve at one rate after the other, each with an equal share of the time left; the plans known always count."""
    out = []
    for number, step in enumerate(_STEPS):
        if search.halt.is_set():
            break
        left = (end - time.monotonic()) / (len(_STEPS) - number)
        if left < _LEAST / 2:
            # disruption is never below 0, so the bound on any plan's value holds here too
            known = search.best(step * unit)
            found = None if known is None else search.found(step * unit, known, bound=free)
        else:
            found = search.solve(step * unit, gap=gap, seconds=left)
        if found is not None:
            out.append(found)
    mended = search.mended
    return out if mended is None else [*out, mended]


@dataclass(frozen=True)
class _Assembly:
    """Everything a result is put together from."""

    disruption: Disruption
    search: Replanner
    found: Found
    plans: tuple[Found, ...]
    free_bound: float
    shocks: tuple[str, ...]
    keep: float | None

    def result(self, *, now: str, gap: float, seed: int, began: float, engine: Engine, halt: Halt) -> ReplanResult:
        disruption, found = self.disruption, self.found
        standing = disruption.standing
        data, info = standing.data, standing.given.info
        slots = list(found.slots)
        staff = {slot: self._people(slot) for slot in slots}
        planned = describe_missions(data, slots, staff)
        going = tuple(mission for mission in planned if mission.mission not in standing.ended)
        changes = mission_changes(disruption, slots, planned)
        starts, changed, forced, added = _starts(standing, slots)
        mended = self.search.mended
        free = max(self.free_bound, found.value)
        return ReplanResult(
            desk=info.id,
            title=info.title,
            start=info.start,
            now=now,
            currency=info.currency,
            price_year=info.price_year,
            shocks=self.shocks,
            status=status_of(found.gap, asked=gap, stopped=halt.is_set()),
            value=found.value,
            disruption=found.disruption,
            parts=parts_of_disruption(disruption, slots, saved=found.kept.saved),
            rate=found.rate,
            keep=self.keep,
            merit=found.merit,
            merit_bound=found.bound,
            gap=found.gap,
            free_bound=free,
            free_share=found.value / free if free > 0 else 1.0,
            mended_value=None if mended is None else mended.value,
            starts=starts,
            starts_changed=changed,
            forced=forced,
            added=added,
            begun=len(standing.begun),
            seconds=time.monotonic() - began,
            seed=seed,
            engine=engine.name,
            engine_version=engine.version(),
            missions=going,
            changes=changes,
            positions=position_changes(disruption, planned),
            partners=partner_changes(disruption, changes),
            curve=_curve(standing, self.plans),
            objectives=describe_objectives(data, slots, parts_of(data, slots)),
            spending=describe_spending(data, slots),
            staffing=describe_staffing(data, staff),
            cost=sum(mission.cost for mission in planned),
            trace=tuple(self.search.trace),
            assumptions=_assumptions(disruption),
        )

    def _people(self, slot: int) -> tuple[tuple[str, str], ...]:
        """Give role and position of a slot's places; what is over keeps those who did it."""
        standing = self.disruption.standing
        data = standing.data
        name = data.missions[data.slot_mission[slot]].id
        rows = data.demands(slot).tolist()
        if not rows and name in standing.begun:
            pairs = (text.partition(":") for text in standing.old[name].staff)
            known = {position.id for position in data.crew.positions}
            return tuple((role, position) for role, _, position in pairs if position in known)
        return tuple(
            (data.demand.needs[data.demand.need[row]].role, data.crew.positions[position].id)
            for row in rows
            for position in self.found.kept.places.get(row, ())
        )


def _starts(standing: Standing, slots: Sequence[int]) -> tuple[int, int, int, int]:
    """Count the old plan's starts ahead, those that change, those that had to, and new missions."""
    data = standing.data
    new = {data.missions[data.slot_mission[slot]].id: int(data.slots.start[slot]) for slot in slots}
    ahead = {
        name: entry.start
        for name, entry in standing.old.items()
        if name not in standing.begun and name not in standing.ended
    }
    changed = [name for name, start in ahead.items() if new.get(name) != start]
    number = {mission.id: n for n, mission in enumerate(data.missions)}

    def possible(name: str) -> bool:
        if name not in number:
            return False
        own = data.slots_by_mission[number[name]]
        return bool((data.open[own] & (data.slots.start[own] == ahead[name])).any())

    forced = sum(not possible(name) for name in changed)
    added = sum(name not in standing.old and start >= standing.now for name, start in new.items())
    return len(ahead), len(changed), forced, added


def _curve(standing: Standing, plans: Sequence[Found]) -> tuple[CurvePoint, ...]:
    """Keep the plans that no other beats in both, from the least disruption on, and mark the knee."""
    best: list[Found] = []
    for found in sorted(plans, key=lambda item: (item.disruption, -item.value)):
        if not best or found.value > best[-1].value + 1e-9:
            best.append(found)
    knee = _knee([(found.disruption, found.value) for found in best])
    return tuple(
        CurvePoint(
            rate=found.rate,
            value=found.value,
            disruption=found.disruption,
            changed=_starts(standing, found.slots)[1],
            bound=found.bound,
            knee=place == knee,
        )
        for place, found in enumerate(best)
    )


def _knee(points: Sequence[tuple[float, float]]) -> int | None:
    """Give the point farthest above the line from the first to the last, both axes scaled to it."""
    if len(points) < 3:
        return None
    (x0, y0), (x1, y1) = points[0], points[-1]
    heights = [(y - y0) / (y1 - y0) - (x - x0) / (x1 - x0) for x, y in points]
    return int(np.argmax(heights))


def _assumptions(disruption: Disruption) -> tuple[str, ...]:
    w = disruption.weights
    counted = (
        f"Disruption counts a dropped mission {w.dropped:g}, another month {w.moved:g}, another mode {w.mode:g}, each "
        f"person changed in an unmoved mission {w.person:g}, a new mission {w.new:g}; these weights are a convention."
    )
    notice = (
        f"A change weighs all of this on the eve of the start, half of what fades after {w.half_life:g} months of "
        f"notice, and never less than {w.floor:.0%} (new missions: nothing with notice enough); committed missions "
        f"{w.committed:g} times."
    )
    begun = (
        "Missions that began before this month keep mode and month; their people may hand over. They count as "
        "accepted, so values here are higher than those that legation plan gives the same plan."
    )
    spent = "What was spent is spent: missions that ended early are charged for the months until now."
    return counted, notice, begun, spent
