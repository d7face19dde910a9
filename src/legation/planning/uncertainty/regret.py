"""Minimax regret over named cases: the plan whose greatest loss against each case's own best plan is least."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from legation.errors import InputError
from legation.planning.conflict import required
from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Halt
from legation.planning.model.build import Model, build_model
from legation.planning.model.extend import Extension
from legation.planning.model.names import RowName
from legation.planning.model.problem import INF
from legation.planning.planner import assumptions_of
from legation.planning.points import points
from legation.planning.result import Progress
from legation.planning.solve import Solution, search
from legation.planning.uncertainty.changes import Case, apply_case, outlook_between
from legation.planning.uncertainty.model import add_outlook
from legation.planning.uncertainty.outlook import Outlook, outlook_parts, with_outlook
from legation.planning.uncertainty.result import NamedRegret, RegretResult
from legation.planning.uncertainty.robust import chosen_of, staffed
from legation.planning.uncertainty.searched import entry_titles
from legation.planning.uncertainty.status import mission_statuses

__all__ = ["least_regret", "regret_model"]

_MOST = 20
_SEEN = 5e-5
"""A loss that two decimals of points show."""


def regret_model(data: PlanData, outlooks: Sequence[Outlook], *, best: Sequence[float]) -> tuple[Model, float]:
    """Build the model that minimises the greatest of ``best[s] - value in s``.

    It maximises a constant less the regret; the constant, the greatest of `best`, keeps the relative gap a share of a
    plan's value rather than of a regret that may be 0.

    Returns
    -------
    tuple
        The model and the constant.
    """
    top = max(best)
    ext = Extension(build_model(data, with_value=False))
    base = ext.base
    ext.add_columns(1, cost=top, lower=1.0, upper=1.0)
    terms = [add_outlook(ext, outlook, data=data, weight=0.0) for outlook in outlooks]
    risk = data.desk.info.settings.risk_weight * data.options.risk[base.options]
    done = np.arange(base.option_columns.start, base.option_columns.stop)
    most = max(0.0, *(own - term.low for own, term in zip(best, terms, strict=True))) + float(risk.sum())
    # a case's own best is proven to its gap only, so another plan may beat it there: regret can be below 0
    least = min(0.0, *(own - term.high for own, term in zip(best, terms, strict=True)))
    regret = int(ext.add_columns(1, cost=-1.0, lower=least, upper=most)[0])
    for number, (own, term) in enumerate(zip(best, terms, strict=True)):
        columns = np.concatenate([term.columns, done, [regret]])
        values = np.concatenate([term.values, -risk, [1.0]])
        ext.add_row(RowName("scenario", "regret", index=number), columns, values, lower=float(own), upper=INF)
    return ext.model(), top


def least_regret(
    data: PlanData,
    engine: Engine,
    *,
    cases: Sequence[Case],
    willingness_per_level: float = 0.5,
    gap: float = 0.005,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    halt: Halt | None = None,
) -> RegretResult:
    """Find the plan with the least greatest regret over named cases.

    Parameters
    ----------
    data, engine
        The desk and the solver.
    cases
        Two to twenty; only what they change of value counts, the desk's rules and money hold in each.
    willingness_per_level
        How far one step of a relation's level shifts the log-odds of answers.
    gap, seconds, seed, progress, halt
        As for `legation.planning.planner.plan`; the time is shared by the cases and the plan over all.

    Raises
    ------
    InputError
        When there are too few or too many cases, two have one id, or one changes money or missions.
    InfeasibleError
        When no plan keeps all rules.
    """
    _check(cases)
    began, stop = time.monotonic(), halt or Halt()
    share = seconds / (len(cases) + 2)
    outlooks = [
        outlook_between(
            data,
            apply_case(data.desk, case, willingness_per_level=willingness_per_level),
            name=case.id,
            relations=data.relations,
        )
        for case in cases
    ]
    judged = required(search(data, engine, gap=gap, seconds=share, seed=seed, halt=stop), data, engine)
    own = [
        required(
            search(
                with_outlook(data, outlook), engine, gap=gap, seconds=share, seed=seed, halt=stop,
                start=judged.slots.tolist(),
            ),
            data,
            engine,
        )
        for outlook in outlooks
    ]  # fmt: skip
    best = [solution.value for solution in own]

    def regrets(slots: Sequence[int]) -> list[float]:
        pairs = zip(best, outlooks, strict=True)
        return [value - outlook_parts(data, outlook, slots=slots).value for value, outlook in pairs]

    model, top = regret_model(data, outlooks, best=best)
    starts = [judged.slots.tolist(), *(solution.slots.tolist() for solution in own)]
    first = min(starts, key=lambda slots: max(regrets(slots)))
    found = required(
        search(
            data, engine, gap=gap, seconds=2 * share, seed=seed, progress=progress, halt=stop, model=model,
            worth=lambda slots: top - max(regrets(slots)), start=first,
        ),
        data,
        engine,
    )  # fmt: skip
    tried = [*starts, found.slots.tolist()]
    rows = tuple(
        _row(data, case, outlook, solution=solution, tried=tried, mine=tried[-1], judged=tried[0])
        for case, outlook, solution in zip(cases, outlooks, own, strict=True)
    )
    entries = staffed(data, found)
    plans = [frozenset(entry.mission for entry in chosen_of(data, solution.slots.tolist())) for solution in own]
    slack = max(row.bound - row.best for row in rows)
    greatest = max(row.regret for row in rows)
    least = max(0.0, min(greatest, top - found.bound))
    return RegretResult(
        desk=data.desk.info.id,
        title=data.desk.info.title,
        start=data.desk.info.start,
        scenarios=rows,
        regret=greatest,
        regret_high=max(row.regret_high for row in rows),
        bound=least,
        slack=slack,
        judged_regret=max(row.judged_regret for row in rows),
        judged_regret_high=max(row.judged_regret_high for row in rows),
        stopped=stop.is_set(),
        seconds=time.monotonic() - began,
        entries=entries,
        entry_titles=entry_titles(data.desk, entries),
        statuses=mission_statuses(data.desk, plans),
        words=_words(rows, least=least, stopped=stop.is_set()),
        assumptions=assumptions_of(data),
    )


def _row(
    data: PlanData,
    case: Case,
    outlook: Outlook,
    *,
    solution: Solution,
    tried: Sequence[Sequence[int]],
    mine: Sequence[int],
    judged: Sequence[int],
) -> NamedRegret:
    """Weigh a case: the best of all plans tried is the best known, and the search's bound holds for every plan."""
    own, theirs = (outlook_parts(data, outlook, slots=slots).value for slots in (mine, judged))
    best = max(solution.value, *(outlook_parts(data, outlook, slots=slots).value for slots in tried))
    bound = max(best, solution.bound)
    return NamedRegret(
        scenario=case.id, title=case.name, value=own, judged_value=theirs, best=best, bound=bound,
        regret=best - own, regret_high=bound - own, judged_regret=best - theirs, judged_regret_high=bound - theirs,
    )  # fmt: skip


def _check(cases: Sequence[Case]) -> None:
    if not 2 <= len(cases) <= _MOST:
        raise InputError(f"Regret over {len(cases)} cases cannot be asked.", remedy=f"Name 2 to {_MOST} cases.")
    names = [case.id for case in cases]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"Two cases are called {', '.join(twice)}.", remedy="Give each its own id.")
    bound = sorted(case.id for case in cases if case.money or case.out or case.seed is not None)
    if bound:
        raise InputError(
            f"Cases {', '.join(bound)} change money, missions or the seed, and regret compares plans under one set of "
            "rules.",
            remedy="Use a sweep for them: legation scenarios sweep.",
        )


def _words(rows: Sequence[NamedRegret], *, least: float, stopped: bool) -> tuple[str, ...]:
    worst = max(rows, key=lambda row: row.regret_high)
    judged = max(rows, key=lambda row: row.judged_regret_high)
    out = [
        (
            f"Whichever of the {len(rows)} cases comes, this plan lacks at most {points(worst.regret_high)} to the "
            f"best plan there is for that case (if: {worst.title}); to the best plans known it lacks at most "
            f"{points(max(row.regret for row in rows))}."
        ),
        (
            f"The plan made for likely values lacks at most {points(judged.judged_regret_high)} (if: {judged.title}); "
            f"to the best plans known {points(max(row.judged_regret for row in rows))}."
        ),
        "At least counts against the best plan known for the case, at most against the proven bound on all plans.",
        f"It is proven that every plan lacks {points(least)} or more in some case."
        if least >= _SEEN
        else "It is not proven that every plan must lack something in some case.",
    ]
    if stopped:
        out.append("It was stopped by hand before all searches ended: more time may give a better plan.")
    return tuple(out)
