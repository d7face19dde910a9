"""Plan a desk: the best missions, months and people under its rules, with proof and reasons."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.desk.months import month_number
from legation.desk.plans import PlanEntry
from legation.errors import InputError
from legation.planning.binding import binding_constraints
from legation.planning.conflict import required
from legation.planning.data import PlanData, plan_data
from legation.planning.describe import (
    describe_missions,
    describe_objectives,
    describe_spending,
    describe_staffing,
)
from legation.planning.engines.base import Engine, Halt
from legation.planning.engines.highs import Highs
from legation.planning.leftout import explain_left_out
from legation.planning.progress import status_of
from legation.planning.rank import Tally, rank_adaptively, rank_by_ratio
from legation.planning.record_words import actors_words
from legation.planning.result import (
    Assumption,
    Comparison,
    Named,
    PlanResult,
    Progress,
    Ranking,
    StartedFrom,
)
from legation.planning.scoring import chosen_of, slots_of
from legation.planning.sensitivity import decisive_effects, sensitivities
from legation.planning.solve import Kept, Solution, search
from legation.planning.staff import read_places, read_staff
from legation.planning.value import parts_of, value_of
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["plan"]

RankingName = Literal["score_per_cost", "adaptive_marginal_value"]
_RANKINGS: dict[RankingName, str] = {
    "score_per_cost": "Each mission's own value per cost, once",
    "adaptive_marginal_value": "What each adds to those chosen before, by value or by value per cost (the better)",
}


def plan(
    desk: Desk,
    *,
    relations: RelationsSnapshot | None = None,
    gap: float = 0.01,
    seconds: float = 30.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    compare: bool = True,
    engine: Engine | None = None,
    start: Sequence[PlanEntry | Chosen] = (),
    memory: float | None = None,
    reasons: int = 60,
) -> PlanResult:
    """Find the best plan for a desk, prove how far from the best it can be, and explain it.

    Parameters
    ----------
    desk
        A desk without faults (see `legation.desk.rules`).
    relations
        How actors stand; without it adverse spill-over is left out, and the result says so.
    gap
        Proven relative gap at which the search ends, 0 for the best plan.
    seconds
        Limit on the search; explaining may take as long again at most, usually a few seconds.
    seed
        The same desk, gap and seed give the same plan whenever the gap is reached before the time.
    progress
        Called whenever value or bound improve.
    stop
        Set it to end the search; an interrupt from the keyboard does the same. The best plan so far is returned.
    compare
        Whether to run both rankings beside it.
    engine
        Solver; HiGHS by default.
    start
        A plan to start from, kept (`PlanEntry`) or found (`PlanResult.to_selection()`); where it breaks rules it is
        repaired, and `PlanResult.started_from` says what became of it. It saves time and takes no freedom away.
    memory
        Limit on the process's memory in megabytes; when the process holds more, the search ends with its best plan.
    reasons
        How many of the missions left out are solved for what they would displace, the most promising first, as long
        as `seconds` allow; of the others the result says what stands in their way, and that they are not `examined`.

    Raises
    ------
    InfeasibleError
        When no plan keeps all rules; it names a smallest conflicting set of them.
    InputError
        When gap, seconds, memory or reasons are out of range, or the desk cannot be turned into arrays.
    MissingRateError
        When money cannot be brought to the desk's currency and price year.
    """
    if not 0 <= gap < 1 or not seconds > 0:
        raise InputError(
            f"A gap of {gap} and a limit of {seconds} seconds cannot be used.",
            remedy="Give a gap from 0 to below 1 and a positive number of seconds.",
        )
    if memory is not None and not memory > 0:
        raise InputError(
            f"A memory limit of {memory} megabytes cannot be kept.", remedy="Give a positive number of megabytes."
        )
    if reasons < 0:
        raise InputError(f"{reasons} missions cannot be explained.", remedy="Give 0 or more of those left out.")
    solver = engine or Highs()
    halt = Halt(stop)
    data = plan_data(desk, relations=relations)
    given = [chosen_of(desk, entry) for entry in start]
    found = search(
        data,
        solver,
        gap=gap,
        seconds=seconds,
        seed=seed,
        progress=progress,
        halt=halt,
        start=slots_of(data, given)[0],
        memory=memory,
    )
    solution = required(found, data, solver)
    result = _result(
        data, solution, solver, gap=gap, seconds=seconds, seed=seed, halt=halt, compare=compare, reasons=reasons
    )
    return msgspec.structs.replace(result, started_from=_started_from(data, solution, given)) if given else result


def _started_from(data: PlanData, solution: Solution, given: Sequence[Chosen]) -> StartedFrom:
    """Say what became of the plan that the search was to start from."""
    kept = solution.kept or Kept(whole=False)
    known = {mission.id for mission in data.missions}

    def named(numbers: Sequence[int]) -> tuple[Named, ...]:
        return tuple(Named(id=data.missions[number].id, title=data.missions[number].title) for number in numbers)

    return StartedFrom(
        whole=kept.whole,
        kept=len(kept.kept),
        moved=named(kept.moved),
        dropped=named(kept.dropped),
        added=named(kept.added),
        unknown=tuple(entry.mission for entry in given if entry.mission not in known),
    )


def _result(
    data: PlanData,
    solution: Solution,
    engine: Engine,
    *,
    gap: float,
    seconds: float,
    seed: int,
    halt: Halt,
    compare: bool,
    reasons: int,
) -> PlanResult:
    slots = solution.slots.tolist()
    staff = read_staff(data, solution.model, solution.x)
    places = read_places(data, solution.model, solution.x)
    parts = parts_of(data, slots)
    missions = describe_missions(data, slots, staff)
    info = data.desk.info
    comparison = _comparison(data, solution, seconds=seconds, halt=halt) if compare and not halt.is_set() else None
    return PlanResult(
        desk=info.id,
        title=info.title,
        start=info.start,
        months=info.months,
        currency=info.currency,
        price_year=info.price_year,
        status=status_of(solution.gap, asked=gap, stopped=solution.stopped),
        ended=solution.ended,
        value=solution.value,
        bound=solution.bound,
        gap=solution.gap,
        seconds=solution.seconds,
        seed=seed,
        engine=engine.name,
        engine_version=engine.version(),
        benefit=parts.benefit,
        synergy=parts.synergy,
        risk=parts.risk,
        spill=parts.spill,
        cost=sum(mission.cost for mission in missions),
        missions=missions,
        left_out=explain_left_out(data, solution, engine, places=places, seconds=seconds, most=reasons, halt=halt),
        objectives=describe_objectives(data, slots, parts),
        spending=describe_spending(data, slots),
        staffing=describe_staffing(data, staff),
        binding=binding_constraints(data, solution),
        sensitivity=sensitivities(data, slots),
        decisive_effects=decisive_effects(data, slots),
        comparison=comparison,
        trace=solution.trace,
        assumptions=(*assumptions_of(data), *_unfinished(comparison)),
    )


def _comparison(data: PlanData, solution: Solution, *, seconds: float, halt: Halt) -> Comparison:
    """Set the rankings beside the plan; one that takes longer than the search may is left out."""
    cost = sum(float(data.cost(int(slot)).sum()) for slot in solution.slots)
    end = time.monotonic() + seconds
    adaptive = rank_adaptively(data, enough=lambda: halt.is_set() or time.monotonic() > end)
    rankings = [_ranking(data, rank_by_ratio(data), "score_per_cost", solution.value)]
    if adaptive is not None:
        rankings.append(_ranking(data, adaptive, "adaptive_marginal_value", solution.value))
    return Comparison(value=solution.value, cost=cost, rankings=tuple(rankings))


def _unfinished(comparison: Comparison | None) -> tuple[Assumption, ...]:
    if comparison is None or len(comparison.rankings) == len(_RANKINGS):
        return ()
    held = {ranking.name for ranking in comparison.rankings}
    names = "; ".join(title for name, title in _RANKINGS.items() if name not in held)
    return (Assumption(topic="comparison", words=f"Not ranked within the time given: {names}."),)


def _ranking(data: PlanData, tally: Tally, name: RankingName, best: float) -> Ranking:
    value = value_of(data, tally.slots)
    people = tally.people()
    missing = [row.mission for row in data.requirements if row.mission not in tally.by_mission]
    return Ranking(
        name=name,
        title=_RANKINGS[name],
        value=value,
        ratio=value / best if best > 0 else None,
        cost=sum(float(data.cost(slot).sum()) for slot in tally.slots),
        missions=tuple(
            Chosen(
                mission=data.missions[data.slot_mission[slot]].id,
                mode=data.modes[data.slots.option[slot]].id,
                start=int(data.slots.start[slot]),
                staff=tuple(f"{role}:{position}" for role, position in people[slot]),
            )
            for slot in tally.slots
        ),
        skipped=tuple(Named(id=data.missions[m].id, title=data.missions[m].title) for m in dict.fromkeys(missing)),
    )


def assumptions_of(data: PlanData) -> tuple[Assumption, ...]:
    """Say what a plan takes for granted about this desk."""
    desk, settings = data.desk, data.desk.info.settings
    rows = [
        (
            "effects",
            (
                "Effects are judged values; the plan uses the likely ones, and of those that fade what is left on "
                "average over as many months as the plan has."
            ),
        ),
        (
            "acceptance",
            f"Partners decide independently; without a row a partner accepts with {desk.info.default_willingness:.0%}.",
        ),
        ("months", "A person in a mission is taken for whole months; one day of absence or ban closes its month."),
        ("risk", f"Each unit of risk costs {settings.risk_weight:g} of value."),
    ]
    if data.relations is None:
        rows.append(("spill-over", "No relations were given: adverse spill-over is left out."))
    else:
        kind = "estimated" if settings.spill_estimated else "an assumption"
        rows.append(
            (
                "spill-over",
                f"Spill-over uses alpha {settings.spill_alpha:g} ({kind}) on relations as of {data.relations.as_of}.",
            )
        )
    if data.spill.unknown:
        names = actors_words(data.spill.unknown)
        rows.append(("spill-over", f"The relations do not hold {names}: they are taken to pass nothing on."))
    nowhere = sum(mission.place is None for mission in data.missions)
    if nowhere:
        subject = "1 mission names" if nowhere == 1 else f"{nowhere} missions name"
        rows.append(("places", f"{subject} no place: bans and safety limits by place do not touch them."))
    late = [row.title for row in desk.commitments if row.status == "open" and row.missions and _due(desk, row.due)]
    if late:
        rows.append(("commitments", f"Due after the plan's end and not enforced here: {', '.join(late)}."))
    return tuple(Assumption(topic=topic, words=words) for topic, words in rows)


def _due(desk: Desk, due: str) -> bool:
    return month_number(due, start=desk.info.start) >= desk.info.months
