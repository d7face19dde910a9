"""The command that says how soon missions can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from legation.cli.output import AsOf, Json, KnownOn, Place, WorldPath, print_answer, print_text, progress
from legation.cli.plan import Seconds, Seed, stop_on_interrupt
from legation.errors import InputError

if TYPE_CHECKING:
    from legation.planning.schedule.mission_result import MissionSchedule
    from legation.service.questions import Setting

__all__ = ["schedule"]


def schedule(
    place: Place,
    /,
    *,
    missions: Annotated[str | None, Parameter(help="Ids of missions with commas between.")] = None,
    plan: Annotated[
        str | None, Parameter(help="The missions of a plan that the desk keeps; its only one if nothing is named.")
    ] = None,
    seconds: Seconds = 30.0,
    seed: Seed = 1,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Say how soon missions can all be done, in what order and by whom, with proof and the reasons why not sooner.

    Every rule of the desk holds; missions that others need first are added. Ctrl-C prints the best schedule so far.
    """
    from legation.desk.labels import label_notice
    from legation.planning.asked import check_search
    from legation.service.questions import open_desk

    check_search(seconds=seconds, seed=seed)
    names = _names(missions)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    found = _search(setting, names=names, plan=plan, seconds=seconds, seed=seed)
    label = label_notice(setting.desk)
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.schedule import schedule_text

    return print_text(schedule_text(found, label=label))


def _names(missions: str | None) -> tuple[str, ...]:
    if missions is None:
        return ()
    names = tuple(dict.fromkeys(name.strip() for name in missions.split(",")))
    if not all(names):
        raise InputError(f"{missions!r} has an empty id.", remedy="Give ids with commas between: --missions a,b.")
    return names


def _search(
    setting: Setting, *, names: tuple[str, ...], plan: str | None, seconds: float, seed: int
) -> MissionSchedule:
    from legation.service.scheduling import schedule_of

    with progress("scheduling") as show, stop_on_interrupt() as stop:

        def report(months: int | None, bound: int) -> None:
            known = "no schedule yet" if months is None else f"{months} months"
            show(f"{known}, at least {bound} (Ctrl-C takes the best so far)")

        return schedule_of(setting, missions=names, plan=plan, seconds=seconds, seed=seed, progress=report, stop=stop)
