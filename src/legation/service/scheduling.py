"""Ask how soon missions of a desk can be done, by their ids or as a plan that the desk keeps names them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING

from legation.errors import InputError
from legation.service.questions import Setting, entries_of, only_plan

if TYPE_CHECKING:
    from legation.planning.schedule.mission_result import MissionSchedule

__all__ = ["schedule_of"]


def schedule_of(
    setting: Setting,
    *,
    missions: Sequence[str] = (),
    plan: str | None = None,
    seconds: float = 30.0,
    seed: int = 1,
    progress: Callable[[int | None, int], None] | None = None,
    stop: Event | None = None,
) -> MissionSchedule:
    """Find the earliest month by which missions can have ended, and the order that does it.

    Parameters
    ----------
    setting
        The desk in its world.
    missions
        Ids of missions.
    plan
        A plan that the desk keeps, whose missions count; with neither, the desk's only plan.
    seconds, seed
        Limit and seed of the search.
    progress
        Told of the months needed, if known, and of the proven bound.
    stop
        Ends the search with the best schedule so far when set.

    Raises
    ------
    InputError
        When both missions and a plan are given, or a number is out of range.
    UnknownRecordError
        When the desk holds no such mission or plan.
    InfeasibleError
        When no schedule keeps all rules; it names a smallest conflicting set.
    """
    from legation.planning.engines.base import Halt
    from legation.planning.schedule.missions import earliest_finish

    if missions and plan is not None:
        raise InputError("Both missions and a plan were given.", remedy="Give one of them.")
    if not 0 <= seed < 2**31:
        raise InputError(f"The seed {seed} is out of range.", remedy="Give a whole number from 0 to 2147483647.")
    names = tuple(missions) or _planned(setting, plan)
    return earliest_finish(
        setting.desk,
        names,
        relations=setting.relations,
        seconds=seconds,
        seed=seed,
        progress=progress,
        halt=Halt(stop),
    )


def _planned(setting: Setting, plan: str | None) -> tuple[str, ...]:
    try:
        chosen = only_plan(setting.desk) if plan is None else plan
    except InputError as error:
        raise InputError(
            error.message, remedy="Name missions, --missions A,B, or a plan that the desk keeps, --plan ID."
        ) from error
    entries = entries_of(setting.desk, chosen) if isinstance(chosen, str) else chosen
    over = {mission.id for mission in setting.desk.missions if mission.status in {"done", "cancelled"}}
    return tuple(entry.mission for entry in entries if entry.mission not in over)
