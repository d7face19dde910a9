"""Why a mission is in or out, and the smallest changes that bring it in, each by solving again."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData, plan_data
from legation.planning.describe import describe_missions
from legation.planning.explain.core import Answered, Core
from legation.planning.explain.result import MissionReason, Way
from legation.planning.leftout import barred_reason
from legation.planning.points import points
from legation.planning.result import Named
from legation.planning.value import value_of

__all__ = ["explain_mission", "named"]

_SAME = 1e-9
_HALVINGS = 5
_LIFTED = frozenset({"window", "ban", "gate", "authority", "activity", "pin", "prerequisite"})
"""Bars that close months and that people may lift; law, safety limits, principles and the plan's end stay."""


def named(data: PlanData, numbers: set[int]) -> tuple[Named, ...]:
    """Give missions by id and title."""
    return tuple(Named(id=data.missions[n].id, title=data.missions[n].title) for n in sorted(numbers))


def explain_mission(core: Core, number: int, *, gap: float) -> MissionReason:
    """Say why a mission is in the plan or out of it.

    Parameters
    ----------
    core
        The plan's neighbourhood.
    number
        The mission.
    gap
        What the plan's bound leaves open, as a value.
    """
    if number in set(core.data.slot_mission[list(core.plan)].tolist()):
        return _why_in(core, number)
    return _why_out(core, number, gap)


def _why_in(core: Core, number: int) -> MissionReason:
    data, mission = core.data, core.data.missions[number]
    slots = [slot for slot in core.plan if data.slot_mission[slot] == number]
    described = next(row for row in describe_missions(data, core.plan, {}) if row.mission == mission.id)
    without = core.solve(forbidden=(number,))
    if without is None:
        words = f"{mission.title!r} is in because without it no plan keeps the rules."
        if core.undecided:
            words = f"{mission.title!r} is in; the time did not suffice to plan without it."
        return MissionReason(
            mission=mission.id, title=mission.title, chosen=True, words=words, reasons=described.reasons, loss=None,
            loss_bound=0.0,
        )  # fmt: skip
    loss = core.base.value - without.value
    instead = without.missions(data) - core.base.missions(data)
    took = ", ".join(repr(row.title) for row in named(data, instead)) or "nothing"
    gone = core.base.missions(data) - without.missions(data) - {number}
    when = data.month(int(data.slots.start[slots[0]]))
    place = "in its place" if not gone else "in their place"
    if loss > _SAME:
        words = (
            f"{mission.title!r} is in from {when}: the best plan without it is worth {points(loss)} less, with {took} "
            f"{place}."
        )
    else:
        words = f"{mission.title!r} is in from {when}, but a plan without it is worth as much, with {took} {place}."
    words += _leaving(core, number, gone)
    return MissionReason(
        mission=mission.id,
        title=mission.title,
        chosen=True,
        words=words,
        reasons=described.reasons,
        loss=max(loss, 0.0),
        loss_bound=max(0.0, core.base.value - without.bound) if core.whole else 0.0,
        instead=named(data, instead),
        leaves=named(data, gone),
        moved=_moved(core, without),
    )


def _leaving(core: Core, number: int, gone: set[int]) -> str:
    """Say which other missions leave with one, which of them need it, and what they add together."""
    if not gone:
        return ""
    data = core.data
    bound, grown = {number}, True
    while grown:
        more = {row.mission for row in data.sequels if row.requires in bound and row.mission in gone} - bound
        bound |= more
        grown = bool(more)
    bound.discard(number)
    parts = []
    for missions, need in ((bound, f", which need{'s' * (len(bound) == 1)} it"), (gone - bound, "")):
        if missions:
            parts.append(", ".join(repr(row.title) for row in named(data, missions)) + need)
    left = [slot for slot in core.base.slots if int(data.slot_mission[slot]) not in gone | {number}]
    together = core.base.value - value_of(data, left)
    verb = "leaves" if len(gone) == 1 else "leave"
    return f" With it {verb} {'; and '.join(parts)}. Together they add {points(together)} to the plan."


def _why_out(core: Core, number: int, gap: float) -> MissionReason:
    data, mission = core.data, core.data.missions[number]
    barred = barred_reason(data, number)
    if barred is not None:
        ways = _month_ways(core, number)
        return MissionReason(
            mission=mission.id, title=mission.title, chosen=False, words=f"{mission.title!r} is out. {barred.reason}",
            reasons=barred.reasons, loss=None, loss_bound=0.0, ways=ways,
        )  # fmt: skip
    forced = core.solve(forced=(number,))
    undecided = core.undecided
    ways = _ways(core, number, forced)
    if forced is None:
        words = f"{mission.title!r} is out: it cannot stand beside what must be in the plan."
        if undecided:
            words = f"{mission.title!r} is out; the time did not suffice to plan with it."
        return MissionReason(
            mission=mission.id, title=mission.title, chosen=False, words=words, reasons=(words,), loss=None,
            loss_bound=0.0, ways=ways,
        )  # fmt: skip
    loss = core.base.value - forced.value
    gone = core.base.missions(data) - forced.missions(data)
    moved = _moved(core, forced)
    rows = ", ".join(repr(row.title) for row in named(data, gone)) or "nothing"
    words = f"{mission.title!r} is out: with it the best plan is worth {points(max(loss, 0.0))} less and lacks {rows}."
    reasons = [words]
    if moved:
        reasons.append(f"{', '.join(repr(row.title) for row in moved)} would move to another month.")
    if loss <= _SAME:
        words = f"{mission.title!r} is out, but a plan with it is worth as much; it lacks {rows}."
        reasons[0] = words
    elif loss <= gap:
        reasons.append("The gap left open is as large: which of the two is better is not proven.")
    return MissionReason(
        mission=mission.id,
        title=mission.title,
        chosen=False,
        words=words,
        reasons=tuple(reasons),
        loss=max(loss, 0.0),
        loss_bound=max(0.0, core.base.value - forced.bound) if core.whole else 0.0,
        instead=named(data, gone),
        moved=moved,
        ways=ways,
    )


def _moved(core: Core, other: Answered) -> tuple[Named, ...]:
    data = core.data
    start = {int(data.slot_mission[slot]): int(data.slots.start[slot]) for slot in core.base.slots}
    settled = core.unmoved(other).slots
    then = {int(data.slot_mission[slot]): int(data.slots.start[slot]) for slot in settled}
    return named(data, {n for n in start.keys() & then.keys() if start[n] != then[n]})


# -- ways in


def _ways(core: Core, number: int, forced: Answered | None) -> tuple[Way, ...]:
    if number in core.base.missions(core.data):
        return ()
    ways = [_money_way(core, number), _month_way(core, number), _person_way(core, number)]
    if forced is not None:
        ways.append(_effect_way(core, number))
    return tuple(way for way in ways if way is not None)


def _holds(core: Core, number: int, data: PlanData) -> bool:
    """Say whether the best plan found on a changed desk, with nothing forced, holds a mission."""
    found = core.solve(data=data)
    return found is not None and number in found.missions(data)


def with_money(data: PlanData, budget: int, amount: float) -> PlanData:
    """Give the desk with more money in a budget: spread over its allotments by their size."""
    funds = data.funds
    own = funds.allotment_budget == budget
    whole = float(funds.allotment_amount[own].sum())
    share = funds.allotment_amount / whole if whole > 0 else own / max(1, int(own.sum()))
    return replace(
        data, funds=replace(funds, allotment_amount=funds.allotment_amount + np.where(own, amount * share, 0))
    )


def _money_way(core: Core, number: int) -> Way | None:
    """Find the least money, in one budget, with which the plan takes the mission; to a twentieth of what it costs."""
    data = core.data
    options = data.options_by_mission[number]
    cost = np.array([data.cost(int(data.slots.of(int(option))[0])) for option in options]).max(axis=0)
    if not cost.any() or not len(data.funds.allotment_budget):
        return None
    budget = int(np.argmax(cost))
    dear = float(cost[budget])
    tried = (dear, 2 * dear, 4 * dear)
    top = next((more for more in tried if _holds(core, number, with_money(data, budget, more))), None)
    if top is None:
        return None
    low, high = 0.0, top
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _holds(core, number, with_money(data, budget, middle)) else (middle, high)
    amount = float(ceil(high))
    held = _holds(core, number, with_money(data, budget, amount))
    title, currency = data.funds.titles[budget], data.desk.info.currency
    return Way(
        kind="money",
        record=data.funds.budgets[budget],
        amount=amount,
        unit=currency,
        words=f"With {amount:,.0f} {currency} more in budget {title!r} the best plan takes it.",
        verified=held,
    )


def scaled(data: PlanData, number: int, factor: float) -> PlanData:
    """Give the desk with a mission's benefits judged so many times as high; what it harms stays as it is."""
    rows = data.contributions.copy()
    own = data.slots_by_mission[number]
    rows[own] = np.where(rows[own] > 0, rows[own] * factor, rows[own])
    return replace(data, contributions=rows)


def _effect_way(core: Core, number: int) -> Way | None:
    """Find how many times its benefits must be judged for the best plan to take it."""

    def holds(factor: float) -> bool:
        return _holds(core, number, scaled(core.data, number, factor))

    top = next((factor for factor in (1.5, 2.0, 4.0, 10.0) if holds(factor)), None)
    if top is None:
        return None
    low, high = 1.0, top
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    mission = core.data.missions[number]
    return Way(
        kind="effect",
        record=mission.id,
        amount=high,
        unit="times",
        words=f"If its benefits were judged {high:.2f} times as high, the best plan would take it.",
        verified=holds(high),
    )


def opened(data: PlanData, slots: NDArray[np.int64]) -> PlanData:
    """Give the desk with some slots of a mission open."""
    allowed = data.open.copy()
    allowed[slots] = True
    return replace(data, open=allowed)


def _closed_slots(data: PlanData, number: int) -> NDArray[np.int64]:
    """Give the slots of a mission that only rules close which people may lift."""
    own = data.slots_by_mission[number]
    firm = np.zeros(len(data.slots.option), bool)
    for bar in data.bars:
        if bar.kind not in _LIFTED:
            firm[bar.slots] = True
    firm[np.array([slot for slot, _ in data.demand.short], np.int64)] = True
    return own[~data.open[own] & ~firm[own]]


def _month_way(core: Core, number: int) -> Way | None:
    """Find a month that a rule closes and in which the best plan would take the mission."""
    data = core.data
    closed = _closed_slots(data, number)
    if not len(closed):
        return None
    found = core.solve(data=opened(data, closed))
    slot = None if found is None else next((s for s in found.slots if data.slot_mission[s] == number), None)
    if slot is None or data.open[slot]:
        return None
    words = "; ".join(bar.words for bar in data.bars if bar.kind in _LIFTED and slot in bar.slots)
    month = data.month(int(data.slots.start[slot]))
    return Way(
        kind="month",
        record=month,
        amount=1.0,
        unit="month",
        words=f"If {month} were open to it, the best plan would take it then. That month is closed: {words}.",
        verified=True,
    )


def _month_ways(core: Core, number: int) -> tuple[Way, ...]:
    way = _month_way(core, number)
    return () if way is None else (way,)


def _person_way(core: Core, number: int) -> Way | None:
    """Find a position of which one more person would let the best plan take the mission."""
    data = core.data
    own = data.slots_by_mission[number]
    rows = [row for slot in own[data.open[own]].tolist() for row in data.demands(slot).tolist()]
    able = sorted({p for row in rows for p in data.demand.classes[data.demand.staff_class[row]].positions})
    if not able:
        return None
    ids = list(dict.fromkeys(data.crew.positions[p].id for p in able))
    # all of them at once first: where that does not help, none of them does
    if not _holds(core, number, with_heads(data, ids)):
        return None
    for position in ids[:_TRIED]:
        if _holds(core, number, with_heads(data, [position])):
            title = next(row.title for row in data.desk.positions if row.id == position)
            return Way(
                kind="person",
                record=position,
                amount=1.0,
                unit="person",
                words=f"With one more person like {title!r} the best plan takes it.",
                verified=True,
            )
    return None


_TRIED = 4


def with_heads(data: PlanData, positions: list[str]) -> PlanData:
    """Give the desk with one more person in each of some positions."""
    rows = tuple(
        msgspec.structs.replace(row, id=_fresh(data, row.id), headcount=1, reports_to=None)
        for row in data.desk.positions
        if row.id in positions
    )
    copies = {row.id: _fresh(data, row.id) for row in data.desk.positions if row.id in positions}
    absences = tuple(
        msgspec.structs.replace(row, position=copies[row.position])
        for row in data.desk.absences
        if row.position in copies
    )
    desk = msgspec.structs.replace(
        data.desk, positions=(*data.desk.positions, *rows), absences=(*data.desk.absences, *absences)
    )
    return plan_data(desk, relations=data.relations)


def _fresh(data: PlanData, name: str) -> str:
    known = {row.id for row in data.desk.positions}
    other = f"{name}-more"[:80]
    while other in known:
        other = f"x{other}"[:80]
    return other
