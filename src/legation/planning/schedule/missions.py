"""How soon can these missions be done, and in what order? The planner's own rows, solved for the earliest end.

Every rule of the desk stands in the model as it does for a plan: windows, bans, people, money by period, partners'
absorption, exclusions. What counts is the month in which the last of the missions asked for ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.cohesion.result import Chosen
from legation.desk.constraints import Pin
from legation.desk.desk import Desk
from legation.desk.months import month_number
from legation.errors import EngineError, InfeasibleError, InputError, UnknownRecordError
from legation.planning.check import broken_rules
from legation.planning.conflict import explain_infeasible
from legation.planning.data import PlanData, plan_data
from legation.planning.describe import describe_missions
from legation.planning.engines.base import Answer, Halt, Request
from legation.planning.engines.cpsat_linear import CpSat
from legation.planning.engines.highs import Highs
from legation.planning.model.build import Model, build_model
from legation.planning.model.extend import Extension
from legation.planning.model.names import RowName
from legation.planning.schedule.chain import chain_of
from legation.planning.schedule.mission_result import MissionSchedule, ScheduledMission
from legation.planning.staff import read_places, read_staff
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["earliest_finish"]


def earliest_finish(
    desk: Desk,
    missions: Sequence[str],
    *,
    relations: RelationsSnapshot | None = None,
    seconds: float = 30.0,
    seed: int = 1,
    workers: int = 1,
    progress: Callable[[int | None, int], None] | None = None,
    halt: Halt | None = None,
) -> MissionSchedule:
    """Find the earliest month by which all these missions can have ended, with who does what when.

    Parameters
    ----------
    desk
        A desk without faults.
    missions
        Ids of open missions; what they need first is added, and what the desk must do anyway is kept.
    relations
        How actors stand; only caps on spill-over need it.
    seconds, seed, workers
        Limits and seed of the search.
    progress
        Told of the months needed and of the proven bound as they improve.
    halt
        Ends the search with the best schedule so far when set.

    Raises
    ------
    UnknownRecordError
        When a mission is not in the desk.
    InputError
        When a mission is over or cancelled, or none is named.
    InfeasibleError
        When no schedule keeps all rules; it names a smallest conflicting set of them.
    EngineError
        When the time ran out before any schedule was found, or one found does not stand the check.
    """
    if not seconds > 0:
        raise InputError(f"A search cannot last {seconds} seconds.", remedy="Give a positive number of seconds.")
    begun = time.monotonic()
    wanted = _wanted(desk, missions)
    asked = _asking(desk, wanted)
    data = plan_data(asked, relations=relations)
    own = [number for number, mission in enumerate(data.missions) if mission.id in wanted]
    needed = _needed(data, own)
    base = build_model(data, slots=np.flatnonzero(data.open & np.isin(data.slot_mission, needed)), with_value=False)
    engine, halt = CpSat(workers=workers), halt or Halt()
    request = _request(seconds, seed, halt, progress)
    answer, model = _earliest(data, base, own, engine, request)
    if answer.status == "infeasible":
        raise explain_infeasible(data, Highs())
    if answer.x is None:
        raise EngineError(
            f"No schedule was found in {seconds:g} seconds, and none was proven impossible.",
            remedy="Give more seconds.",
        )
    months, bound = round(-(answer.value or 0.0)), _bound(answer)
    again = replace(request, seconds=min(5.0, seconds), start=answer.x, progress=None)
    settled = _settled(data, model, own, engine, again, months=months)
    row = _result(data, model, settled, wanted, months=months, bound=bound)
    return msgspec.structs.replace(row, seconds=round(time.monotonic() - begun, 3))


def _request(seconds: float, seed: int, halt: Halt, progress: Callable[[int | None, int], None] | None) -> Request:
    def tell(value: float | None, bound: float | None) -> None:
        if progress is not None:
            progress(None if value is None else round(-value), 0 if bound is None else max(0, round(-bound)))

    return Request(seconds=seconds, seed=seed, halt=halt, progress=tell)


def _bound(answer: Answer) -> int:
    return max(0, int(np.ceil(-answer.bound - 1e-6))) if np.isfinite(answer.bound) else 0


def _wanted(desk: Desk, missions: Sequence[str]) -> frozenset[str]:
    known = {mission.id: mission for mission in desk.missions}
    if not missions:
        raise InputError("No mission is named.", remedy="Name at least one.")
    for name in missions:
        if name not in known:
            raise UnknownRecordError(f"The desk has no mission {name!r}.", remedy="Use the id of one of its missions.")
        if known[name].status in {"done", "cancelled"}:
            raise InputError(
                f"Mission {name!r} is {known[name].status}.", remedy="Name missions that are still to be done."
            )
    return frozenset(missions)


def _asking(desk: Desk, wanted: frozenset[str]) -> Desk:
    """Give the desk in which the missions asked for, and what they need first, must be in."""
    done = {mission.id for mission in desk.missions if mission.status in {"done", "cancelled"}}
    asked, grown = set(wanted), True
    while grown:
        more = {row.requires for row in desk.prerequisites if row.mission in asked} - asked - done
        asked |= more
        grown = bool(more)
    kept = {pin.mission for pin in desk.pins}
    _refuse_decided_out(desk, asked, wanted)
    pins = tuple(
        Pin(mission=name, decision="in", reason="asked for" if name in wanted else "needed first")
        for name in sorted(asked - kept)
    )
    return msgspec.structs.replace(desk, pins=(*desk.pins, *pins))


def _refuse_decided_out(desk: Desk, asked: set[str], wanted: frozenset[str]) -> None:
    titles = {mission.id: mission.title for mission in desk.missions}
    for pin in desk.pins:
        if pin.mission in asked and pin.decision == "out":
            need = "is asked for" if pin.mission in wanted else "is needed first"
            reason = f": {pin.reason.rstrip('.')}" if pin.reason else ""
            words = (
                f"Mission {titles[pin.mission]!r} {need}.",
                f"Mission {titles[pin.mission]!r} was decided out{reason}.",
            )
            raise InfeasibleError(" ".join(words), conflict=words, remedy="Take the decision back, or leave it out.")


def _needed(data: PlanData, own: Sequence[int]) -> list[int]:
    """Give the missions that can matter: those asked for, every duty of the desk, and what these need first."""
    return sorted(data.duties | data.with_predecessors(own))


def _earliest(data: PlanData, base: Model, own: Sequence[int], engine: CpSat, request: Request) -> tuple[Answer, Model]:
    """Count the months until the last mission asked for has ended, and make them few."""
    extension = Extension(base)
    busy = extension.add_columns(data.horizon, cost=-1.0, integer=True)
    mission, last = data.slot_mission[base.slots], data.slots.last[base.slots]
    for number in own:
        for month in range(data.horizon):
            ending = np.flatnonzero((mission == number) & (last >= month))
            if len(ending):
                name = RowName("aim", data.missions[number].id, month)
                columns = np.append(ending, busy[month])
                extension.add_row(name, columns, np.append(np.ones(len(ending)), -1.0), upper=0.0)
    for month in range(1, data.horizon):
        extension.add_row(RowName("aim", "", month), busy[[month - 1, month]], np.array([-1.0, 1.0]), upper=0.0)
    model = extension.model()
    return engine.solve(model.problem, request), model


def _settled(
    data: PlanData, model: Model, own: Sequence[int], engine: CpSat, request: Request, *, months: int
) -> NDArray[np.float64]:
    """Among schedules that end as early, take one whose missions start early; the first one where time runs out."""
    cost = np.zeros_like(model.problem.cost)
    cost[: len(model.slots)] = -(data.slots.start[model.slots] + 1.0)
    # missions that nobody asked for stay out unless they must be in
    aside = ~np.isin(data.slot_mission[model.slots], list(own))
    cost[: len(model.slots)][aside] -= data.horizon
    upper = model.problem.upper.copy()
    upper[len(upper) - data.horizon + months :] = 0.0
    answer = engine.solve(replace(model.problem, cost=cost), replace(request, upper=upper))
    found = request.start if answer.x is None else answer.x
    assert found is not None, "it starts from a schedule"
    return found


def _result(
    data: PlanData,
    model: Model,
    x: NDArray[np.float64],
    wanted: frozenset[str],
    *,
    months: int,
    bound: int,
) -> MissionSchedule:
    slots = [int(slot) for slot in model.chosen(x)]
    own = [number for number, mission in enumerate(data.missions) if mission.id in wanted]
    staff, places = read_staff(data, model, x), read_places(data, model, x)
    described = {row.mission: row for row in describe_missions(data, slots, staff)}
    rows = []
    for slot in sorted(slots, key=lambda one: (int(data.slots.start[one]), int(data.slots.last[one]))):
        option, mission = int(data.slots.option[slot]), data.missions[int(data.slot_mission[slot])]
        first = int(data.slots.start[slot])
        last = first + int(data.options.months[option]) - 1
        rows.append(
            ScheduledMission(
                mission=mission.id,
                title=mission.title,
                mode=data.modes[option].id,
                mode_title=data.modes[option].title,
                start=data.month(first),
                end=data.month(last),
                months=last - first + 1,
                staff=tuple(f"{role}:{position}" for role, position in staff.get(slot, ())),
                people=described[mission.id].people,
                asked=mission.id in wanted,
                cost=float(data.cost(slot).sum()),
            )
        )
    _verify(data, rows)
    end = max((int(data.slots.last[slot]) for slot in slots if int(data.slot_mission[slot]) in set(own)), default=-1)
    if end + 1 != months:
        raise EngineError(
            f"The schedule ends after {end + 1} months, not {months} as solved.", remedy="Report the desk."
        )
    info = data.desk.info
    return MissionSchedule(
        desk=info.id,
        title=info.title,
        start=info.start,
        status="optimal" if bound >= months else "feasible",
        months=months,
        finish=data.month(months - 1),
        bound=bound,
        missions=tuple(rows),
        chain=chain_of(data, slots, places, own),
        currency=info.currency,
        seconds=0.0,
        engine=CpSat.name,
        engine_version=CpSat().version(),
        assumptions=_assumptions(data, rows),
    )


def _verify(data: PlanData, rows: Sequence[ScheduledMission]) -> None:
    entries = [
        Chosen(
            mission=row.mission,
            mode=row.mode,
            start=month_number(row.start, start=data.desk.info.start),
            staff=row.staff,
        )
        for row in rows
    ]
    broken = broken_rules(data.desk, entries, relations=data.relations)
    if broken:
        raise EngineError(f"The schedule found breaks a rule: {broken[0].words}", remedy="Report the desk.")


def _assumptions(data: PlanData, rows: Sequence[ScheduledMission]) -> tuple[str, ...]:
    more = [row.title for row in rows if not row.asked]
    out = [
        "Months are the unit of time: a mission has ended at the end of its last month.",
        "Every mission is accepted by its partners; no time is kept for refusals.",
        "Missions that nobody asked for and that the desk need not do are left out.",
    ]
    if more:
        out.append(f"Also done, because others need them first or the desk must do them: {', '.join(more)}.")
    if data.relations is None:
        out.append("No relations were given, so nothing that rests on them was asked.")
    return tuple(out)
