"""Whether a mission is in all good plans, in some, or in none."""

from __future__ import annotations

from collections.abc import Sequence

from legation.desk.desk import Desk
from legation.planning.uncertainty.result import MissionStatus, Standing

__all__ = ["mission_statuses"]

_ORDER: dict[Standing, int] = {"core": 0, "borderline": 1, "out": 2}


def mission_statuses(desk: Desk, plans: Sequence[frozenset[str]]) -> tuple[MissionStatus, ...]:
    """Give each open mission's standing over several plans, core ones first.

    Parameters
    ----------
    desk
        Whose missions.
    plans
        Ids of the missions in each plan; without a plan nothing can be said and the answer is empty.
    """
    if not plans:
        return ()
    out = []
    for mission in desk.missions:
        if mission.status not in {"candidate", "committed", "executing"}:
            continue
        count = sum(mission.id in plan for plan in plans)
        standing: Standing = "core" if count == len(plans) else "borderline" if count else "out"
        out.append(
            MissionStatus(mission=mission.id, title=mission.title, standing=standing, plans=count, of=len(plans))
        )
    return tuple(sorted(out, key=lambda row: (_ORDER[row.standing], -row.plans, row.mission)))
