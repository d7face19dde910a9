"""Turn chosen slots and staff into records with titles: missions, objectives, spending, staffing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from legation.actors.lookup import actor
from legation.cohesion.options import phi
from legation.desk.people import Person
from legation.planning.data import PlanData
from legation.planning.goals import Node
from legation.planning.points import points
from legation.planning.result import (
    MissionCost,
    MonthUse,
    Named,
    ObjectiveOutcome,
    PlannedMission,
    PlannedPerson,
    Served,
    Spending,
    Staffing,
)
from legation.planning.value import Parts, value_of

__all__ = ["Staff", "describe_missions", "describe_objectives", "describe_spending", "describe_staffing"]

Staff = Mapping[int, tuple[tuple[str, str], ...]]
"""``(role, position)`` for each person, by slot."""


def describe_missions(data: PlanData, slots: Sequence[int], staff: Staff) -> tuple[PlannedMission, ...]:
    """Describe chosen slots in the order of their start, with what each adds and why it is in."""
    whole = value_of(data, slots)
    chosen = {int(data.slot_mission[slot]): int(slot) for slot in slots}
    order = sorted(slots, key=lambda slot: (int(data.slots.start[slot]), data.missions[data.slot_mission[slot]].id))
    return tuple(
        _mission(
            data, int(slot), staff.get(int(slot), ()), chosen, whole - value_of(data, [s for s in slots if s != slot])
        )
        for slot in order
    )


def _mission(
    data: PlanData, slot: int, people: tuple[tuple[str, str], ...], chosen: Mapping[int, int], added: float
) -> PlannedMission:
    option, number = int(data.slots.option[slot]), int(data.slot_mission[slot])
    mission, mode = data.missions[number], data.modes[option]
    start, months = int(data.slots.start[slot]), int(data.options.months[option])
    cost = data.cost(slot)
    serves = _serves(data, slot)
    kept_for = tuple(
        Named(id=data.missions[row.mission].id, title=data.missions[row.mission].title)
        for row in data.sequels
        if row.requires == number and row.mission in chosen
    )
    reasons = _reasons(data, number, serves, kept_for, added)
    return PlannedMission(
        mission=mission.id,
        title=mission.title,
        instrument=mission.instrument,
        partners=mission.partners,
        status=mission.status,
        mode=mode.id,
        mode_title=mode.title,
        start=data.month(start),
        end=data.month(start + months - 1),
        start_index=start,
        months=months,
        costs=tuple(
            MissionCost(budget=budget, title=title, amount=float(amount))
            for budget, title, amount in zip(data.funds.budgets, data.funds.titles, cost, strict=True)
            if amount
        ),
        cost=float(cost.sum()),
        people=tuple(_person(data, slot, role, position) for role, position in people),
        accept=float(data.options.accept[1, option]),
        risk=float(data.options.risk[option]),
        value_added=added,
        serves=serves,
        kept_for=kept_for,
        reason=reasons[0],
        reasons=reasons,
    )


def _serves(data: PlanData, slot: int) -> tuple[Served, ...]:
    titles = {objective.id: objective.title for objective in data.desk.objectives}
    row = data.contributions[slot]
    order = [int(k) for k in np.argsort(-np.abs(row * data.options.weights), kind="stable") if row[k]]
    names = data.options.objectives
    return tuple(Served(objective=names[k], title=titles[names[k]], contribution=float(row[k])) for k in order)


def _reasons(
    data: PlanData, number: int, serves: Sequence[Served], kept_for: Sequence[Named], added: float
) -> tuple[str, ...]:
    out = [row.words for row in data.requirements if row.mission == number]
    helped = [row for row in serves if row.contribution > 0]
    harmed = [row for row in serves if row.contribution < 0]
    if helped and added > 0:
        parts = " and ".join(f"{row.title!r} ({row.contribution:.0%} of its target)" for row in helped[:2])
        out.append(f"It adds {points(added)} to the plan's value, most of all through {parts}.")
    elif helped:
        parts = " and ".join(f"{row.title!r} ({row.contribution:.0%} of its target)" for row in helped[:2])
        out.append(f"It serves {parts}, but costs the plan {points(-added)} by itself.")
    if kept_for:
        out.append(f"It has to come before {', '.join(repr(row.title) for row in kept_for)}.")
    out.extend(
        f"It counts towards commitment {promise.title!r}." for promise in data.promises if number in promise.missions
    )
    mission = data.missions[number]
    asked = sorted({row.partner for row in data.desk.willingness if row.requested and row.partner in mission.partners})
    if asked:
        out.append(f"{', '.join(actor(one).name for one in asked)} asked for cooperation.")
    if harmed:
        out.append(f"It works against {', '.join(repr(row.title) for row in harmed[:2])}.")
    return tuple(out or [f"It is in the plan although it adds {points(added)} by itself."])


def _person(data: PlanData, slot: int, role: str, position: str) -> PlannedPerson:
    number = next(n for n, item in enumerate(data.crew.positions) if item.id == position)
    months = range(int(data.slots.first[slot]), int(data.slots.last[slot]) + 1)
    holders = {tuple(data.crew.occupants[number][month]) for month in months}
    name = None
    if len(holders) == 1:
        people = next(iter(holders))
        if len(people) == 1 and isinstance(people[0], Person):
            name = people[0].name
    return PlannedPerson(role=role, position=position, title=data.crew.positions[number].title, person=name)


def describe_objectives(data: PlanData, slots: Sequence[int], parts: Parts) -> tuple[ObjectiveOutcome, ...]:
    """Describe how far every objective is taken."""
    chosen = np.asarray(slots, np.int64)
    bounds = [
        data.options.contributions(data.slots.option[chosen], bound=bound).sum(axis=0) for bound in ("low", "high")
    ]
    by_id = {objective.id: objective for objective in data.desk.objectives}
    worth = phi(parts.n, breakpoints=data.desk.info.settings.value_breakpoints)
    combine = dict(_combined(data))
    out = []
    for k, name in enumerate(data.options.objectives):
        goal = int(data.options.goal_of[k])
        rows = data.contributions[chosen, k]
        out.append(
            ObjectiveOutcome(
                objective=name,
                title=by_id[name].title,
                goal=data.desk.goals[goal].id,
                goal_title=data.desk.goals[goal].title,
                kind=by_id[name].kind,
                n=float(parts.n[k]),
                n_low=float(min(bounds[0][k], bounds[1][k])),
                n_high=float(max(bounds[0][k], bounds[1][k])),
                phi=float(worth[k]),
                share=float(data.options.weights[k]),
                value=float(parts.worth[k]),
                combine=combine.get(k, "sum"),
                missions=tuple(
                    data.missions[data.slot_mission[slot]].id for slot, row in zip(chosen, rows, strict=True) if row
                ),
            )
        )
    return tuple(out)


def _combined(data: PlanData) -> Iterator[tuple[int, Literal["sum", "min", "max"]]]:
    """Give how each leaf counts: by the nearest AND or OR above it, else by the sum."""

    def descend(
        node: Node, nearest: Literal["sum", "min", "max"]
    ) -> Iterator[tuple[int, Literal["sum", "min", "max"]]]:
        nearest = node.combine if node.combine != "sum" else nearest
        if node.leaf >= 0:
            yield node.leaf, nearest
        for child in node.children:
            yield from descend(child, nearest)

    for goal in data.goals:
        yield from descend(goal, "sum")


def describe_spending(data: PlanData, slots: Sequence[int]) -> tuple[Spending, ...]:
    """Describe what is spent of each budget, month by month, beside what may have been spent by then."""
    spent = data.spending(np.asarray(slots, np.int64))
    out = []
    for number, budget in enumerate(data.funds.budgets):
        own = data.funds.allotment_budget == number
        months = tuple(
            MonthUse(
                month=data.month(month),
                used=float(spent[number, month]),
                limit=float(data.funds.allotment_amount[own & (data.funds.allotment_first <= month)].sum())
                - float(spent[number, :month].sum()),
            )
            for month in range(data.horizon)
        )
        out.append(
            Spending(
                budget=budget,
                title=data.funds.titles[number],
                spent=float(spent[number].sum()),
                allotted=float(data.funds.allotment_amount[own].sum()),
                months=months,
            )
        )
    return tuple(out)


def describe_staffing(data: PlanData, staff: Staff) -> tuple[Staffing, ...]:
    """Describe how many people of each position work in each month; who serves by the day counts by the days."""
    number = {position.id: n for n, position in enumerate(data.desk.positions)}
    used, limit = np.zeros((2, len(number), data.horizon))
    for slot, people in staff.items():
        for role, position in people:
            share = _share(data, slot, role, position)
            used[number[position], data.slots.first[slot] : data.slots.last[slot] + 1] += share
    for row, post in enumerate(data.crew.positions):
        limit[number[post.id]] += data.crew.present[row] * data.crew.heads[row]
    return tuple(
        Staffing(
            position=position.id,
            title=position.title,
            months=tuple(
                MonthUse(month=data.month(t), used=float(used[n, t]), limit=float(limit[n, t]))
                for t in range(data.horizon)
            ),
        )
        for n, position in enumerate(data.desk.positions)
    )


def _share(data: PlanData, slot: int, role: str, position: str) -> float:
    """Give the share of a month's working days that a place takes of a position."""
    for row in data.demands(slot).tolist():
        need = data.demand.needs[data.demand.need[row]]
        if need.role == role and need.days is not None:
            item = data.demand.classes[data.demand.staff_class[row]]
            days = [d for p, d in zip(item.positions, item.days, strict=True) if data.crew.positions[p].id == position]
            return days[0] / data.demand.working_days if days else 1.0
    return 1.0
