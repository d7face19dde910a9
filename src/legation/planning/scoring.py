"""Score an existing plan as it is, and lay two plans side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.desk.months import month_number
from legation.desk.plans import PlanEntry
from legation.errors import InputError
from legation.planning.check import broken_rules
from legation.planning.data import PlanData, plan_data
from legation.planning.describe import describe_missions, describe_objectives, describe_spending, describe_staffing
from legation.planning.engines.base import Engine, Halt
from legation.planning.engines.highs import Highs
from legation.planning.result import (
    BrokenRule,
    Change,
    Named,
    ObjectiveDifference,
    PlanComparison,
    PlannedMission,
    PlanResult,
    PlanScore,
)
from legation.planning.solve import search
from legation.planning.value import parts_of
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["chosen_of", "compare", "score", "slots_of"]


def score(
    desk: Desk,
    entries: Iterable[PlanEntry | Chosen],
    *,
    relations: RelationsSnapshot | None = None,
    gap: float = 0.01,
    seconds: float = 30.0,
    seed: int = 1,
    title: str = "",
    engine: Engine | None = None,
) -> PlanScore:
    """Score a plan as it is: its value beside the bound of the best plan, and every rule that it breaks.

    Parameters
    ----------
    desk
        The desk; its rules count as they are now.
    entries
        The plan. Missions that the desk does not know, or that are done or cancelled, add no value and are named as
        broken rules; a mission that stands twice counts once.
    relations, gap, seconds, seed, engine
        As for `legation.planning.planner.plan`: the same search proves the bound.
    title
        The plan's name in the result.

    Returns
    -------
    PlanScore
        Where no plan at all keeps the desk's rules, the bound is the plan's own value.

    Raises
    ------
    InputError
        When an entry's month cannot be read.
    """
    data = plan_data(desk, relations=relations)
    chosen = tuple(chosen_of(desk, entry) for entry in entries)
    slots, unreadable = slots_of(data, chosen)
    broken = (*broken_rules(desk, chosen, relations=relations), *unreadable)
    parts = parts_of(data, slots)
    staff = {
        slot: _known_staff(data, entry)
        for entry in chosen
        for slot in slots
        if data.missions[data.slot_mission[slot]].id == entry.mission
    }
    solution = search(data, engine or Highs(), gap=gap, seconds=seconds, seed=seed, halt=Halt())
    bound = parts.value if solution is None else solution.bound
    missions = describe_missions(data, slots, staff)
    return PlanScore(
        desk=desk.info.id,
        title=title or "plan",
        value=parts.value,
        bound=bound,
        gap=(bound - parts.value) / max(abs(parts.value), 1e-9),
        benefit=parts.benefit,
        synergy=parts.synergy,
        risk=parts.risk,
        spill=parts.spill,
        cost=sum(mission.cost for mission in missions),
        broken=broken,
        missions=missions,
        objectives=describe_objectives(data, slots, parts),
        spending=describe_spending(data, slots),
        staffing=describe_staffing(data, staff),
    )


def chosen_of(desk: Desk, entry: PlanEntry | Chosen) -> Chosen:
    """Give a kept plan's entry with its month counted from the desk's first."""
    if isinstance(entry, Chosen):
        return entry
    start = month_number(entry.start, start=desk.info.start)
    return Chosen(mission=entry.mission, mode=entry.mode, start=start, staff=entry.staff)


def slots_of(data: PlanData, chosen: Sequence[Chosen]) -> tuple[list[int], tuple[BrokenRule, ...]]:
    """Find the slot of each entry; an entry outside the months that can be valued is named."""
    found: dict[str, int] = {}
    broken = []
    for entry in chosen:
        if (entry.mission, entry.mode) not in data.options.index or entry.mission in found:
            continue
        slot = data.slot_at(entry.mission, entry.mode, start=entry.start or 0)
        if slot is None:
            words = f"Mission {entry.mission!r} starts outside the plan's months and adds no value here."
            broken.append(BrokenRule(kind="horizon", words=words, missions=(entry.mission,)))
            continue
        found[entry.mission] = slot
    return sorted(found.values()), tuple(broken)


def _known_staff(data: PlanData, entry: Chosen) -> tuple[tuple[str, str], ...]:
    known = {position.id for position in data.crew.positions}
    pairs = [text.partition(":")[::2] for text in entry.staff]
    return tuple((role, position) for role, position in pairs if position in known)


def compare(a: PlanResult | PlanScore, b: PlanResult | PlanScore) -> PlanComparison:
    """Lay two plans of one desk side by side: in both, only in one, changed, and the value by objective.

    Raises
    ------
    InputError
        When the two are not of the same desk or its objectives differ.
    """
    if a.desk != b.desk or [row.objective for row in a.objectives] != [row.objective for row in b.objectives]:
        raise InputError(
            f"Plans of desk {a.desk!r} and desk {b.desk!r} do not have the same objectives.",
            remedy="Compare two plans of the same desk.",
        )
    left = {mission.mission: mission for mission in a.missions}
    right = {mission.mission: mission for mission in b.missions}
    shared = [name for name in left if name in right]
    return PlanComparison(
        value_a=a.value,
        value_b=b.value,
        cost_a=a.cost,
        cost_b=b.cost,
        both=tuple(Named(id=name, title=left[name].title) for name in shared),
        only_a=tuple(Named(id=name, title=row.title) for name, row in left.items() if name not in right),
        only_b=tuple(Named(id=name, title=row.title) for name, row in right.items() if name not in left),
        changed=tuple(
            Change(mission=name, title=left[name].title, before=_how(left[name]), after=_how(right[name]))
            for name in shared
            if _how(left[name]) != _how(right[name])
        ),
        objectives=tuple(
            ObjectiveDifference(
                objective=x.objective,
                title=x.title,
                n_a=x.n,
                n_b=y.n,
                value_a=x.value,
                value_b=y.value,
            )
            for x, y in zip(a.objectives, b.objectives, strict=True)
        ),
    )


def _how(mission: PlannedMission) -> str:
    staff = ", ".join(f"{person.role} {person.title}" for person in mission.people)
    return f"{mission.mode} from {mission.start}" + (f" with {staff}" if staff else "")
