"""Where a plan stands in a month: what has begun is a fact, what lies ahead may change, the past is closed.

Missions of the plan that began before the month are under way: they keep mode and month. Those that the changed desk
no longer holds open (done, cancelled, called off by a shock) are kept only for the money they took until now. People
are asked of missions under way for the months from now on, so that somebody who leaves can hand over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.desk.missions import Mission, Mode, StaffNeed
from legation.desk.months import month_number, month_text
from legation.desk.plans import PlanEntry
from legation.errors import InputError
from legation.planning.data import PlanData, plan_data
from legation.planning.result import PlanResult
from legation.planning.slots import Bar, fixed_start
from legation.planning.staffing import demand_of
from legation.planning.travel import Travel
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["OldPlan", "Standing", "drawn_before", "standing_of"]

OldPlan = Iterable[PlanEntry | Chosen] | PlanResult
"""A plan as the desk keeps it, as a selection, or as it was found."""


@dataclass(frozen=True, eq=False)
class Standing:
    """A plan on the way, on the desk as it is now.

    Attributes
    ----------
    given, desk
        The desk as it was given, and the same with the begun missions under way.
    data
        Its arrays, with the past closed.
    now
        The month it is, counted from the plan's first.
    old
        The entry of the old plan for each of its missions.
    slots
        Slots of the old plan that the desk still knows, by mission number.
    begun, ended
        Ids of missions that are under way, and of those that began and were ended before their time.
    lost
        Ids of missions of the old plan that the desk no longer holds and that had not begun.
    """

    given: Desk
    desk: Desk
    data: PlanData
    now: int
    old: Mapping[str, Chosen]
    slots: Mapping[int, int]
    begun: frozenset[str]
    ended: frozenset[str]
    lost: tuple[str, ...]


def standing_of(
    desk: Desk,
    plan: OldPlan,
    *,
    now: str,
    relations: RelationsSnapshot | None = None,
    ended: frozenset[str] = frozenset(),
) -> Standing:
    """Put a plan where it stands in a month.

    Parameters
    ----------
    desk
        The desk as it is now, after the change.
    plan
        The plan that people work to.
    now
        The month: missions that start before it have begun.
    relations
        How actors stand now.
    ended
        Missions under way that stop now.

    Raises
    ------
    InputError
        When the month lies outside the plan, or the plan names a mission twice or a mode that is not there.
    """
    month = _month(desk, now)
    old = _entries(desk, plan)
    by_id = {mission.id: mission for mission in desk.missions}
    started = [name for name, entry in old.items() if entry.start is not None and entry.start < month]
    under_way: dict[str, Chosen] = {}
    stopped: dict[str, Chosen] = {}
    for name in started:
        if name not in by_id:
            continue
        closed = by_id[name].status in {"done", "cancelled"} or name in ended
        (stopped if closed else under_way)[name] = old[name]
    changed = _advanced(desk, under_way, stopped, month)
    data = _closed(plan_data(changed, relations=relations), month)
    number = {mission.id: n for n, mission in enumerate(data.missions)}
    slots = {}
    for name, entry in old.items():
        slot = None if entry.start is None else data.slot_at(name, entry.mode, start=entry.start)
        if slot is not None:
            slots[number[name]] = slot
    lost = tuple(name for name in old if name not in number and name not in started)
    return Standing(
        given=desk,
        desk=changed,
        data=data,
        now=month,
        old=old,
        slots=slots,
        begun=frozenset(under_way),
        ended=frozenset(stopped),
        lost=lost,
    )


def drawn_before(standing: Standing) -> dict[str, float]:
    """Give the share of each allotment, by its key, that begun missions drew before the month.

    Money that expires first is taken first; what a month cannot pay in this way stays with the allotments it could use.
    """
    data, funds = standing.data, standing.data.funds
    begun = {mission.id for mission in data.missions} & (standing.begun | standing.ended)
    slots = [slot for number, slot in standing.slots.items() if data.missions[number].id in begun]
    spent = data.spending(np.array(slots, np.int64))[:, : standing.now]
    left = funds.allotment_amount.astype(float).copy()
    for budget in range(len(funds.budgets)):
        own = [a for a in np.argsort(funds.allotment_last, kind="stable") if funds.allotment_budget[a] == budget]
        for month, due in enumerate(spent[budget].tolist()):
            for a in own:
                if funds.allotment_first[a] <= month <= funds.allotment_last[a]:
                    paid = min(due, left[a])
                    left[a] -= paid
                    due -= paid  # noqa: PLW2901 - what is still to be paid
    return {
        key: float(1.0 - left[a] / amount) if amount > 0 else 1.0
        for a, (key, amount) in enumerate(zip(funds.allotment_key, funds.allotment_amount.tolist(), strict=True))
    }


def _month(desk: Desk, now: str) -> int:
    month = month_number(now, start=desk.info.start)
    if not 0 <= month < desk.info.months:
        last = month_text(desk.info.months - 1, start=desk.info.start)
        raise InputError(
            f"{now} lies outside the plan, which runs from {desk.info.start} to {last}.",
            remedy="Give a month of the plan.",
        )
    return month


def _entries(desk: Desk, plan: OldPlan) -> dict[str, Chosen]:
    entries = plan.to_selection() if isinstance(plan, PlanResult) else plan
    out: dict[str, Chosen] = {}
    for entry in entries:
        if isinstance(entry, PlanEntry):
            start = month_number(entry.start, start=desk.info.start)
            entry = Chosen(mission=entry.mission, mode=entry.mode, start=start, staff=entry.staff)  # noqa: PLW2901
        if entry.mission in out:
            raise InputError(f"The plan names mission {entry.mission!r} twice.", remedy="Name each mission once.")
        if entry.start is None:
            raise InputError(
                f"The plan gives mission {entry.mission!r} no first month.", remedy="Give every entry its month."
            )
        out[entry.mission] = entry
    return out


def _advanced(desk: Desk, under_way: Mapping[str, Chosen], stopped: Mapping[str, Chosen], now: int) -> Desk:
    """Give the desk with begun missions under way, and ended ones as what they cost until now."""

    def mission(row: Mission) -> Mission:
        entry = under_way.get(row.id) or stopped.get(row.id)
        if entry is None or entry.start is None:
            return row
        begin = month_text(entry.start, start=desk.info.start)
        return msgspec.structs.replace(row, status="executing", start=begin, mode=entry.mode)

    def mode(row: Mode) -> Mode:
        entry = stopped.get(row.mission)
        if entry is None or entry.start is None or entry.mode != row.id:
            return row
        return msgspec.structs.replace(row, months=max(1, min(row.months, now - entry.start)), risk=0.0)

    return msgspec.structs.replace(
        desk,
        missions=tuple(mission(row) for row in desk.missions),
        modes=tuple(mode(row) for row in desk.modes),
        effects=tuple(row for row in desk.effects if row.mission not in stopped),
        # a decision to leave out, or for another month, no longer touches what has begun
        pins=tuple(row for row in desk.pins if row.mission not in under_way and row.mission not in stopped),
    )


def _closed(data: PlanData, now: int) -> PlanData:
    """Close the past: nothing new begins in it, and its people are no longer asked for."""
    slots = data.slots
    needs: list[list[StaffNeed]] = [[] for _ in data.modes]
    for need in data.demand.needs:
        needs[data.options.index[need.mission, need.mode]].append(need)
    demand = demand_of(
        data.crew,
        needs,
        missions=data.mission_of,
        places=[data.missions[number].place for number in data.mission_of],
        travel=Travel(data.desk),
        slot_option=slots.option,
        first=np.maximum(slots.first, now),
        last=slots.last,
    )
    fixed = np.array([fixed_start(mission, start=data.desk.info.start) is not None for mission in data.missions], bool)
    past = np.flatnonzero((slots.start < now) & ~fixed[data.slot_mission])
    bars = tuple(bar for bar in data.bars if bar.kind != "staff")
    short = np.unique(np.array([slot for slot, _ in demand.short], np.int64))
    words = f"it would start before {data.month(now)}, which is past"
    bars += tuple(_staff_bars(demand.short, demand.needs))
    if len(past):
        bars = (*bars, Bar("horizon", "past", words, past))
    allowed = np.ones(len(slots.option), bool)
    for bar in bars:
        allowed[bar.slots] = False
    allowed[short] = False
    return replace(data, demand=demand, bars=bars, open=allowed)


def _staff_bars(short: Sequence[tuple[int, int]], needs: Sequence[StaffNeed]) -> list[Bar]:
    found: dict[tuple[str, str, str], list[int]] = {}
    for slot, index in short:
        need = needs[index]
        key = (need.mission, need.mode, need.role)
        found.setdefault(key, []).append(slot)
    return [
        Bar("staff", "|".join(key), f"too few positions can fill the role {key[2]!r} then", _unique(own))
        for key, own in found.items()
    ]


def _unique(slots: Sequence[int]) -> NDArray[np.int64]:
    return np.unique(np.array(slots, np.int64))
