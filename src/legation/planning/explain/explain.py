"""Explain a plan: why in, why out, what more would buy, which facts decide; or why there is none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.desk.plans import PlanEntry
from legation.errors import EngineError, InputError, UnknownRecordError
from legation.planning.asked import check_search
from legation.planning.conflict import Unsettled, find_conflict
from legation.planning.data import PlanData, plan_data
from legation.planning.engines.base import Engine, Halt, Request, safe_bound
from legation.planning.engines.highs import Highs
from legation.planning.explain.buy import what_more_buys
from legation.planning.explain.core import Core
from legation.planning.explain.facts import decisive_facts
from legation.planning.explain.missions import explain_mission
from legation.planning.explain.result import Bought, Explanation, MissionReason, WaysState
from legation.planning.model.build import Model, build_model
from legation.planning.relaxation import WaysOut, ways_out
from legation.planning.scoring import chosen_of, slots_of
from legation.planning.solve import search
from legation.planning.value import value_of
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["check_asked", "explain"]


def explain(
    desk: Desk,
    *,
    missions: Sequence[str] = (),
    plan: Iterable[PlanEntry | Chosen] | None = None,
    title: str = "best plan",
    buy: bool = False,
    money: float | None = None,
    facts: bool = False,
    relations: RelationsSnapshot | None = None,
    gap: float = 0.001,
    seconds: float = 30.0,
    each: float = 3.0,
    seed: int = 1,
    progress: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
    engine: Engine | None = None,
) -> Explanation:
    """Say why missions are in or out of a plan, what one more unit buys, and which single fact would change it.

    Parameters
    ----------
    desk
        The desk.
    missions
        The missions asked about, by id.
    plan
        The plan to explain; the best one found when left out.
    title
        Its name in the answer.
    buy, money
        Whether to say what one more unit buys; how much money is a unit (one per cent of each budget when left out).
    facts
        Whether to look for the facts that decide.
    relations, gap, seconds, seed, stop, engine
        As for `legation.planning.planner.plan`; the time is that of finding the plan, and of the facts.
    each
        Limit in seconds for each question that is solved again.
    progress
        Told what is being asked.

    Raises
    ------
    UnknownRecordError
        When a mission asked about is none of the desk's.
    InputError
        When it is closed (done or cancelled), a number is out of range, or the plan cannot be read.
    EngineError
        When the solver finds no plan and then one.
    """
    check_asked(gap=gap, seconds=seconds, each=each, money=money)
    began, own, halt = time.monotonic(), engine or Highs(), Halt(stop)
    tell = progress or (lambda _: None)
    data = plan_data(desk, relations=relations)
    asked = [_number(data, name) for name in dict.fromkeys(missions)]
    tell("the best plan" if plan is None else "the plan's bound")
    solution = search(data, own, gap=gap, seconds=seconds, seed=seed, halt=halt) if plan is None else None
    if plan is None and solution is None:
        impossible = _impossible(data, own, title, began, each=each, halt=halt)
        if impossible is None:
            raise EngineError("The conflict of an infeasible desk could not be reproduced.", remedy="Report the desk.")
        return impossible
    model = build_model(data) if solution is None else solution.model
    if plan is not None:
        # missions that are done or cancelled by now are passed over
        slots = slots_of(data, [chosen_of(data.desk, entry) for entry in plan])[0]
    else:
        slots = solution.slots.tolist() if solution is not None else []
    if solution is None:
        answer = own.solve(model.problem, Request(relaxed=True, halt=halt))
        if answer.status == "infeasible":
            # without prices the bound is wide and holds all the same, if a plan turns up
            impossible = _impossible(data, own, title, began, each=each, halt=halt)
            if impossible is not None:
                return impossible
        prices = np.zeros(len(model.rows)) if answer.duals is None else answer.duals
        bound = safe_bound(model.problem, prices)
    else:
        prices, bound = solution.duals, solution.bound
    tell("the plan's neighbourhood")
    core = Core(data, slots, own, model=model, prices=prices, seconds=each, halt=halt)
    value = value_of(data, slots)
    if core.whole:
        bound = min(bound, core.base.bound)
    left = max(0.0, bound - value)
    return Explanation(
        desk=desk.info.id,
        title=desk.info.title,
        plan=title,
        feasible=True,
        value=value,
        bound=max(bound, value),
        gap=left / max(abs(value), 1e-9),
        better=core.base.value if core.base.value > value + 1e-9 else None,
        reach="whole" if core.whole else "near",
        missions=tuple(_told(core, number, left, tell) for number in asked),
        bought=_bought(core, model, prices, money, tell) if buy else (),
        facts=decisive_facts(core, seconds=seconds, progress=progress) if facts else (),
        seconds=time.monotonic() - began,
    )


def check_asked(*, gap: float = 0.0, seconds: float, each: float, money: float | None, seed: int = 1) -> None:
    """Refuse what no explanation can be asked for.

    Raises
    ------
    InputError
        When a number is out of range.
    """
    check_search(gap=gap, seed=seed)
    for number, what in ((seconds, "limit"), (each, "limit for each question")):
        if not (isfinite(number) and number > 0):
            raise InputError(
                f"A {what} of {number:g} seconds cannot be used.", remedy="Give a positive number of seconds."
            )
    if money is not None and not (isfinite(money) and money > 0):
        raise InputError(f"A unit of money of {money} cannot be used.", remedy="Give a positive amount.")


def _told(core: Core, number: int, gap: float, tell: Callable[[str], None]) -> MissionReason:
    tell(f"mission {core.data.missions[number].title!r}")
    return explain_mission(core, number, gap=gap)


def _bought(
    core: Core, model: Model, prices: NDArray[np.float64], money: float | None, tell: Callable[[str], None]
) -> tuple[Bought, ...]:
    tell("what one more unit buys")
    return what_more_buys(core, model=model, prices=prices, money=money)


def _number(data: PlanData, name: str) -> int:
    for number, mission in enumerate(data.missions):
        if mission.id == name:
            return number
    closed = next((mission for mission in data.desk.missions if mission.id == name), None)
    if closed is not None:
        raise InputError(
            f"Mission {name!r} is {closed.status}: nothing is decided about it.", remedy="Ask about an open mission."
        )
    near = [mission.id for mission in data.missions if mission.id[:3] == name[:3]][:5]
    raise UnknownRecordError(
        f"The desk holds no mission {name!r}.",
        remedy=f"Did you mean {', '.join(near)}?" if near else "Check the id.",
    )


def _impossible(
    data: PlanData, engine: Engine, title: str, began: float, *, each: float, halt: Halt
) -> Explanation | None:
    """Say why no plan keeps the rules, as far as it is found; None where one does after all."""
    conflict = find_conflict(data, engine, seconds=each, halt=halt)
    if conflict is None:
        return None
    out = ways_out(data, engine, seconds=each, halt=halt)
    found = None if isinstance(conflict, Unsettled) else conflict
    return Explanation(
        desk=data.desk.info.id,
        title=data.desk.info.title,
        plan=title,
        feasible=False,
        conflict=() if found is None else found.words,
        conflict_state="not_found" if found is None else "smallest" if found.smallest else "not_proven_smallest",
        relaxations=tuple(way.words for way in out.ways),
        relaxations_state=_ways_state(out),
        seconds=time.monotonic() - began,
    )


def _ways_state(out: WaysOut) -> WaysState:
    if out.ways:
        return "cheapest" if out.decided else "not_proven_cheapest"
    return "none" if out.decided else "not_found"
