"""Questions about chance: a plan on scenarios, a plan for them, regret, waiting, sweeps of cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from legation.errors import FormatError, InputError, MissingEvidenceError
from legation.service.questions import Setting, entries_of, only_plan, slots_of_entries

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from legation.planning.data import PlanData
    from legation.planning.engines.base import Halt
    from legation.planning.result import Progress
    from legation.planning.solve import Solution
    from legation.planning.uncertainty.changes import Case
    from legation.planning.uncertainty.draws import Spread
    from legation.planning.uncertainty.executors import Executor
    from legation.planning.uncertainty.forecast import RelationForecast
    from legation.planning.uncertainty.result import PlanOutlook, RegretResult, RobustResult, SweepResult, WaitResult
    from legation.planning.uncertainty.sweepfile import Sweep

__all__ = [
    "check_settings",
    "drift_of",
    "read_cases",
    "read_sweep",
    "regret_of",
    "robust_plan_of",
    "score_on_scenarios",
    "sweep_of",
    "wait_for",
]

_YEARS = 5
_MOST_BYTES = 2_000_000


def drift_of(setting: Setting, *, years: int = _YEARS) -> RelationForecast:
    """Give how relations may stand at the plan's end, from the levels that the setting's world holds.

    Where the world holds trained levels, today's probabilities and the yearly changes are theirs; otherwise both are
    those of the relation score, counted over all pairs of states.

    Parameters
    ----------
    setting
        The desk in its world.
    years
        How many year-to-year changes are counted, back from the day whose relations count.

    Raises
    ------
    InputError
        When the years are out of range, or the world does not reach back so far.
    """
    from legation.planning.uncertainty.forecast import forecast_of, transition_matrix
    from legation.relations.trained import LEVEL_TABLE

    if not 1 <= years <= 50:
        raise InputError(f"Changes of {years} years cannot be counted.", remedy="Give 1 to 50 years.")
    trained = setting.world.holds(LEVEL_TABLE)
    counts, counted = _trained_counts(setting, years) if trained else _scored_counts(setting, years)
    if not counted:
        raise MissingEvidenceError(
            f"The world holds no change of a relation in the {years} years to {setting.as_of}.",
            remedy="Leave the drift of relations out (--no-drift), or name an earlier day with --as-of.",
        )
    yearly, notes = transition_matrix(counts)
    if counted < years:
        # the last figures are carried forward: such years say nothing of how relations change
        notes = (*notes, f"{years - counted} of the {years} years hold no new evidence and are left out.")
    source = "a trained model" if trained else "the relation score"
    return forecast_of(
        setting.relations,
        yearly=yearly,
        basis=(
            f"Relations drift as the levels of {source} changed from year to year in {counted} of {years} years up "
            f"to {setting.as_of}, over {int(counts.sum()):,} pair-years."
        ),
        notes=notes,
        probabilities=_today(setting),
    )


def _scored_counts(setting: Setting, years: int) -> tuple[NDArray[np.float64], int]:
    import numpy as np

    from legation.actors import ActorKind, all_actors
    from legation.planning.uncertainty.forecast import count_transitions
    from legation.relations.days import refuse_far_day
    from legation.relations.snapshot import snapshot

    days = [_years_before(setting.as_of, years - n) for n in range(years + 1)]
    refuse_far_day(days[0], world=setting.world)
    names = tuple(
        one.id for one in all_actors() if one.kind is ActorKind.STATE and all(one.exists(day) for day in days)
    )
    observer = setting.desk.info.observer
    levels = [snapshot(observer=observer, actors=names, as_of=day, world=setting.world).level for day in days]
    counts = [count_transitions(a, b) for a, b in pairwise(levels)]
    moved = [one for one in counts if one.sum() > np.trace(one)]
    return sum(moved, start=np.zeros((6, 6))), len(moved)


def _years_before(day: date, years: int) -> date:
    # 29 February has no day of that name in most years
    return day.replace(year=day.year - years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _trained_counts(setting: Setting, years: int) -> tuple[NDArray[np.float64], int]:
    import numpy as np
    import polars as pl

    from legation.relations.trained import LEVEL_TABLE

    names = [f"p{n}" for n in range(5)]
    rows = setting.world.filter(LEVEL_TABLE, pl.col("year") < setting.as_of.year).select("a", "b", "year", *names)
    # the last years that the table holds: it may end long before the desk begins
    rows = rows.filter(pl.col("year") >= pl.col("year").max() - years)
    coded = rows.select("a", "b", "year", pl.concat_list(names).list.arg_max().cast(pl.Int64).alias("level"))
    later = coded.with_columns(pl.col("year") - 1)
    pairs = coded.join(later, on=["a", "b", "year"], suffix="_later")
    counts = np.zeros((6, 6))
    np.add.at(counts, (pairs["level"].to_numpy(), pairs["level_later"].to_numpy()), 1.0)
    return counts, pairs["year"].n_unique()


def _today(setting: Setting) -> dict[str, NDArray[np.float64]]:
    """Give the probabilities of today's level of the observer with each partner, where they are known."""
    import numpy as np

    from legation.relations.answer import relation
    from legation.relations.levels import LEVELS
    from legation.relations.trained import level_of

    observer = setting.desk.info.observer
    partners = {partner for mission in setting.desk.missions for partner in mission.partners} - {observer}
    out = {}
    for name in sorted(partners & set(setting.relations.actors)):
        trained = level_of(setting.world, observer, name, as_of=setting.as_of)
        if trained is not None:
            shares = np.array([trained.probabilities.get(level.value, 0.0) for level in LEVELS])
            apart = trained.negligible or 0.0
            shares = np.append(shares[:5] * (1 - apart), apart)
        else:
            found = relation(observer, name, as_of=setting.as_of, world=setting.world).level_probabilities
            shares = np.array([found.get(level.value, 0.0) for level in LEVELS])
        if shares.sum() > 0:
            out[name] = shares / shares.sum()
    return out


def score_on_scenarios(
    setting: Setting,
    *,
    plan: str | None = None,
    draws: int = 1000,
    seed: int = 1,
    alpha: float = 0.1,
    spread: Spread | None = None,
    drift: bool = True,
    gap: float = 0.01,
    seconds: float = 30.0,
    progress: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
) -> PlanOutlook:
    """Score a plan on drawn scenarios.

    Parameters
    ----------
    setting
        The desk in its world.
    plan
        The id of a plan that the desk keeps, an empty text for its only one; the best plan is searched for when left
        out.
    draws, seed, alpha, spread
        How many scenarios, of which seed, which share counts as the worst, and what is assumed beyond the desk.
    drift
        Whether relations may drift to the plan's end.
    gap, seconds, progress, stop
        Of the search.

    Raises
    ------
    InputError
        When a figure is out of range, or an entry of the plan has no place in the desk's months.
    """
    from legation.planning.data import plan_data
    from legation.planning.engines.base import Halt
    from legation.planning.uncertainty.draws import draw
    from legation.planning.uncertainty.scoring import score_on_draws
    from legation.planning.uncertainty.searched import search_record

    check_settings(alpha=alpha, draws=draws, seed=seed, gap=gap, seconds=seconds)
    data, halt = plan_data(setting.desk, relations=setting.relations), Halt(stop)
    record = None
    if plan is None:
        found = _searched(data, gap=gap, seconds=seconds, seed=seed, progress=progress, halt=halt)
        record = search_record(found, gap=gap)
        slots = [int(slot) for slot in found.slots]
        title = "best plan" if record.status in {"optimal", "within_gap"} else "best plan found"
    else:
        named = plan or only_plan(setting.desk)
        entries = entries_of(setting.desk, named) if isinstance(named, str) else named
        slots, title = slots_of_entries(data, entries), named if isinstance(named, str) else "months that missions note"
    drawn = draw(data, count=draws, seed=seed, spread=spread, forecast=drift_of(setting) if drift else None)
    return score_on_draws(drawn, slots, alpha=alpha, plan=title, search=record)


def _searched(
    data: PlanData, *, gap: float, seconds: float, seed: int, progress: Callable[[Progress], None] | None, halt: Halt
) -> Solution:
    from legation.planning.conflict import required
    from legation.planning.engines.highs import Highs
    from legation.planning.solve import search

    engine = Highs()
    found = search(data, engine, gap=gap, seconds=seconds, seed=seed, progress=progress, halt=halt)
    return required(found, data, engine)


def check_settings(
    *,
    gap: float | None = None,
    seconds: float | None = None,
    seed: int | None = None,
    alpha: float | None = None,
    draws: int | None = None,
    tail_weight: float | None = None,
    scenarios: int = 100,
    batches: int = 0,
    workers: int | None = None,
) -> None:
    """Refuse figures that no question about chance can have, before a desk is opened or a relation counted.

    Parameters
    ----------
    gap, seconds, seed
        Of a search.
    alpha, draws
        Which share of the scenarios counts as the worst, and how many a plan is scored on.
    tail_weight, scenarios, batches
        Of a plan for scenarios; looked at where the weight is given, with `alpha` and `draws`.
    workers
        Of a sweep.

    Raises
    ------
    InputError
        When one is out of range; None is not looked at.
    """
    from legation.planning.asked import check_search
    from legation.planning.uncertainty.chance import check_count
    from legation.planning.uncertainty.executors import check_workers
    from legation.planning.uncertainty.robust import check_figures
    from legation.planning.uncertainty.statistics import check_alpha

    if alpha is not None:
        check_alpha(alpha)
    if draws is not None:
        check_count(draws)
    if workers is not None:
        check_workers(workers)
    if tail_weight is not None and alpha is not None and draws is not None:
        check_figures(tail_weight=tail_weight, scenarios=scenarios, fresh=draws, batches=batches, alpha=alpha)
    check_search(gap=gap, seconds=seconds, seed=seed)


def robust_plan_of(
    setting: Setting,
    *,
    tail_weight: float = 0.5,
    scenarios: int = 100,
    draws: int = 1000,
    batches: int = 0,
    seed: int = 1,
    alpha: float = 0.1,
    spread: Spread | None = None,
    drift: bool = True,
    gap: float = 0.01,
    seconds: float = 60.0,
    progress: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
) -> RobustResult:
    """Make the plan that is best over drawn scenarios; see `legation.planning.uncertainty.robust`."""
    from legation.planning.data import plan_data
    from legation.planning.engines.base import Halt
    from legation.planning.engines.highs import Highs
    from legation.planning.uncertainty.robust import plan_for_scenarios

    check_settings(
        gap=gap, seconds=seconds, seed=seed, alpha=alpha, draws=draws, tail_weight=tail_weight, scenarios=scenarios,
        batches=batches,
    )  # fmt: skip
    return plan_for_scenarios(
        plan_data(setting.desk, relations=setting.relations), Highs(), scenarios=scenarios, tail_weight=tail_weight,
        alpha=alpha, fresh=draws, batches=batches, spread=spread, forecast=drift_of(setting) if drift else None,
        gap=gap, seconds=seconds, seed=seed, progress=progress, halt=Halt(stop),
    )  # fmt: skip


def regret_of(
    setting: Setting,
    *,
    cases: Sequence[Case] | None = None,
    gap: float = 0.005,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
) -> RegretResult:
    """Find the plan with the least greatest regret over the cases given, else over those every desk has."""
    from legation.planning.asked import check_search
    from legation.planning.data import plan_data
    from legation.planning.engines.base import Halt
    from legation.planning.engines.highs import Highs
    from legation.planning.uncertainty.changes import default_cases
    from legation.planning.uncertainty.regret import least_regret

    check_search(gap=gap, seconds=seconds)
    named = default_cases(setting.desk) if cases is None else tuple(cases)
    data = plan_data(setting.desk, relations=setting.relations)
    return least_regret(
        data, Highs(), cases=named, gap=gap, seconds=seconds, seed=seed, progress=progress, halt=Halt(stop)
    )


def wait_for(
    setting: Setting,
    fact: str,
    *,
    until: str,
    chance: float | None = None,
    gap: float = 0.002,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
) -> WaitResult:
    """Say what waiting for a fact until a month is worth; see `legation.planning.uncertainty.facts`."""
    from legation.planning.asked import check_search
    from legation.planning.data import plan_data
    from legation.planning.engines.base import Halt
    from legation.planning.engines.highs import Highs
    from legation.planning.uncertainty.facts import fact_of
    from legation.planning.uncertainty.waiting import value_of_waiting

    check_search(gap=gap, seconds=seconds)
    forecast = drift_of(setting) if fact.startswith("level:") else None
    data = plan_data(setting.desk, relations=setting.relations)
    read = fact_of(data, fact, month=until, chance=chance, forecast=forecast)
    return value_of_waiting(read, Highs(), gap=gap, seconds=seconds, seed=seed, progress=progress, halt=Halt(stop))


def sweep_of(
    setting: Setting,
    asked: Sweep,
    *,
    executor: Executor = "serial",
    workers: int = 2,
    address: str | None = None,
    spread: Spread | None = None,
    drift: bool = True,
    done: Callable[[int], None] | None = None,
    stop: Event | None = None,
) -> SweepResult:
    """Plan every case of a sweep; see `legation.planning.uncertainty.sweep`."""
    from legation.planning.engines.base import Halt
    from legation.planning.uncertainty.sweep import sweep

    check_settings(workers=workers)
    return sweep(
        setting.desk, asked.every_case(), relations=setting.relations, spread=spread,
        forecast=drift_of(setting) if drift and asked.draws else None, gap=asked.gap, seconds=asked.seconds,
        seed=asked.seed, draws=asked.draws, alpha=asked.alpha, executor=executor, workers=workers, address=address,
        done=done, halt=Halt(stop),
    )  # fmt: skip


def read_sweep(path: Path) -> Sweep:
    """Read a file of cases and grids, before a desk is opened.

    Raises
    ------
    InputError
        When the file cannot be read.
    FormatError
        When it is no sweep.
    """
    from legation.planning.uncertainty.sweepfile import parse_sweep

    return parse_sweep(_text(path), name=str(path))


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read a file of cases alone, before a desk is opened.

    Raises
    ------
    InputError
        When the file cannot be read.
    FormatError
        When it holds no cases, or anything else.
    """
    from legation.planning.uncertainty.sweepfile import parse_cases

    return parse_cases(_text(path), name=str(path))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FormatError(f"{path} is larger than {_MOST_BYTES:,} bytes.", remedy="Split it.")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", remedy="Name a file that is there.") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} is no UTF-8 text.", remedy="Save it as UTF-8.") from error
