"""Plan many cases of a desk, here, in processes or on a cluster, with the same results."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import structs

from legation.desk.desk import Desk
from legation.errors import InputError, LegationError
from legation.planning.conflict import required
from legation.planning.data import plan_data
from legation.planning.engines.base import Halt
from legation.planning.engines.highs import Highs
from legation.planning.planner import assumptions_of
from legation.planning.points import points
from legation.planning.result import Assumption
from legation.planning.solve import search
from legation.planning.uncertainty.changes import Case, apply_case
from legation.planning.uncertainty.draws import Spread, draw
from legation.planning.uncertainty.executors import Executor, Lost, check_workers, memory_for, run_tasks
from legation.planning.uncertainty.forecast import RelationForecast
from legation.planning.uncertainty.result import CaseOutcome, SweepResult
from legation.planning.uncertainty.robust import chosen_of
from legation.planning.uncertainty.scoring import assumptions_on_chance, score_on_draws
from legation.planning.uncertainty.status import mission_statuses
from legation.planning.uncertainty.steady import Steady
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["SweepTask", "run_case", "sweep"]

_BYTES_PER_MISSION = 400_000
"""What a search takes for each mission at most, measured on generated desks of 300 to 1,000 missions, rounded up."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SweepTask:
    """What all cases of a sweep share.

    Attributes
    ----------
    desk, relations, forecast, spread
        What is planned, in which world.
    gap, seconds, seed
        Of each search.
    draws, alpha
        Scenarios on which each plan is scored, 0 for none.
    """

    desk: Desk
    relations: RelationsSnapshot | None = None
    forecast: RelationForecast | None = None
    spread: Spread
    gap: float
    seconds: float
    seed: int
    draws: int
    alpha: float


def run_case(task: SweepTask, case: Case) -> CaseOutcome:
    """Plan one case; what cannot be planned is an outcome too, with its reason."""
    try:
        return _planned(task, case)
    except LegationError as error:
        return CaseOutcome(case=case.id, title=case.name, error=error.message, remedy=error.remedy)
    except MemoryError:
        return CaseOutcome(
            case=case.id, title=case.name, error="The machine's memory did not suffice.", remedy="Use fewer workers."
        )


def _planned(task: SweepTask, case: Case) -> CaseOutcome:
    desk = apply_case(task.desk, case, willingness_per_level=task.spread.willingness_per_level)
    data = plan_data(desk, relations=task.relations)
    seed = task.seed if case.seed is None else case.seed
    engine = Steady(Highs(), seconds=task.seconds)
    found = required(search(data, engine, gap=task.gap, seconds=task.seconds, seed=seed), data, Highs())
    slots = found.slots.tolist()
    scored = None
    if task.draws:
        drawn = draw(data, count=task.draws, seed=seed, spread=task.spread, forecast=task.forecast)
        scored = score_on_draws(drawn, slots, alpha=task.alpha)
    return CaseOutcome(
        case=case.id,
        title=case.name,
        value=found.value,
        bound=found.bound,
        gap=found.gap,
        cost=float(sum(data.cost(slot).sum() for slot in slots)),
        complete=not engine.cut and found.ended in {"gap", "exhausted"},
        mean=None if scored is None else scored.mean,
        cvar=None if scored is None else scored.cvar,
        targets=() if scored is None else scored.targets,
        entries=chosen_of(data, slots),
    )


def sweep(
    desk: Desk,
    cases: Sequence[Case],
    *,
    relations: RelationsSnapshot | None = None,
    forecast: RelationForecast | None = None,
    spread: Spread | None = None,
    gap: float = 0.01,
    seconds: float = 60.0,
    seed: int = 1,
    draws: int = 0,
    alpha: float = 0.1,
    executor: Executor = "serial",
    workers: int = 2,
    address: str | None = None,
    halt: Halt | None = None,
    done: Callable[[int], None] | None = None,
) -> SweepResult:
    """Plan every case; the results do not depend on who runs them, nor on their order.

    Parameters
    ----------
    desk
        The desk as it is.
    cases
        What each case changes.
    relations, forecast, spread
        As for `legation.planning.uncertainty.draws.draw`.
    gap, seconds, seed
        Of each search. A case that ends before the time gives the same figures wherever it runs and however busy the
        machine is; one that the time ends is marked as not complete.
    draws, alpha
        Scenarios on which each plan is scored, 0 for none, and the share that counts as the worst.
    executor, workers, address
        ``serial``, ``processes`` or ``ray``; how many at the same time, lowered where memory is short.
    halt
        No case is started once it is set.
    done
        Told how many cases are done.

    Raises
    ------
    InputError
        When there is no case, two have one id, or the executor cannot be used.
    """
    check_workers(workers)
    names = [case.id for case in cases]
    if not cases or len(set(names)) < len(names):
        raise InputError(f"A sweep of {len(cases)} cases has none, or two of one id.", remedy="Give each its own id.")
    task = SweepTask(
        desk=desk,
        relations=relations,
        forecast=forecast,
        spread=spread or Spread(),
        gap=gap,
        seconds=seconds,
        seed=seed,
        draws=draws,
        alpha=alpha,
    )
    fits = workers
    if executor == "processes":
        per_task = _BYTES_PER_MISSION * len(desk.missions)
        fits = memory_for(workers, payload=len(pickle.dumps(task)), per_task=per_task)
    answers = run_tasks(
        run_case, task, list(cases), executor=executor, workers=fits, address=address, halt=halt, done=done
    )
    outcomes = tuple(
        CaseOutcome(case=case.id, title=case.name, error=f"Not answered: {answer.reason}.", remedy="Use fewer workers.")
        if isinstance(answer, Lost)
        else answer
        for case, answer in zip(cases, answers, strict=True)
        if answer is not None
    )
    plans = [frozenset(entry.mission for entry in row.entries) for row in outcomes if row.error is None]
    result = SweepResult(
        desk=desk.info.id,
        title=desk.info.title,
        cases=outcomes,
        statuses=mission_statuses(desk, plans),
        failed=sum(row.error is not None for row in outcomes),
        not_run=len(cases) - len(outcomes),
        words=(),
        # where every case has a fault of its own, the desk as it stands need not be one to plan for
        assumptions=_assumptions(task) if plans else (),
    )
    return structs.replace(result, words=_words(result))


def _assumptions(task: SweepTask) -> tuple[Assumption, ...]:
    data = plan_data(task.desk, relations=task.relations)
    rows = [*assumptions_of(data), Assumption(topic="cases", words="Each case changes the desk as its title says.")]
    if task.draws:
        rows += assumptions_on_chance(data, spread=task.spread, forecast=task.forecast)
    return tuple(rows)


def _words(result: SweepResult) -> tuple[str, ...]:
    found = [row for row in result.cases if row.value is not None]
    out = []
    if found:
        low, high = (pick(found, key=lambda row: row.value or 0.0) for pick in (min, max))
        counts = {name: sum(row.standing == name for row in result.statuses) for name in ("core", "borderline", "out")}
        out.append(
            f"Over {len(found)} cases the best plan is worth {points(low.value or 0.0)} ({low.title}) to "
            f"{points(high.value or 0.0)} ({high.title}), {points(float(np.median([row.value for row in found])))} in "
            "the middle."
        )
        out.append(
            f"{counts['core']} missions are in every plan, {counts['borderline']} in some and {counts['out']} in none."
        )
    late = sum(not row.complete for row in found)
    if late:
        out.append(f"{late} ended by time and may come out otherwise another time: give more seconds or a wider gap.")
    if result.failed:
        out.append(f"{result.failed} {'has' if result.failed == 1 else 'have'} no plan; each names its reason.")
    if result.not_run:
        out.append(f"{result.not_run} were not started because the sweep was stopped.")
    return tuple(out)
