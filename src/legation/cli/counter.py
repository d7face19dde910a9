"""The command that asks how third nations may react to a plan."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import WHOLE, AsOf, Json, KnownOn, Place, WorldPath, print_answer, print_text, progress

__all__ = ["counter"]


def counter(
    place: Place,
    /,
    *,
    plan: Annotated[
        str | None, Parameter(help="A plan that the desk keeps; its only one, else the best one, if left out.")
    ] = None,
    actor: Annotated[
        str | None, Parameter(help="The third nation: a code or a name; those who stand against us if left out.")
    ] = None,
    missions: Annotated[int, WHOLE, Parameter(help="Key missions to tell of, the most valuable first.")] = 8,
    spread: Annotated[float, Parameter(help="How far alignments may be from what is known, 0 to 2.")] = 0.25,
    draws: Annotated[int, WHOLE, Parameter(help="Draws of what the third nation may want.")] = 1000,
    seed: Annotated[int, WHOLE, Parameter(help="The same seed gives the same draws and search.")] = 1,
    gap: Annotated[float, Parameter(help="Stop searching once a plan is proven this near to the best.")] = 0.01,
    seconds: Annotated[
        float, Parameter(help="Limit on the search for a plan that anticipates; 0 leaves it out.")
    ] = 30.0,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Ask how a third nation may react to a plan's key missions, and what a plan that anticipates it is worth.

    Exploratory: everything follows from assumptions about what the third nation may want, listed with the answer and
    given as ranges. Humanitarian missions are left out: aid is never a lever.
    """
    from legation.desk.labels import label_notice
    from legation.planning.table.reaction import Limits
    from legation.planning.table.reaction_model import Assumed
    from legation.service.questions import open_desk
    from legation.service.reactions import counter_of

    assumed = Assumed(spread=spread, draws=draws, seed=seed)
    limits = Limits(missions=missions, gap=gap, seconds=seconds)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    label = label_notice(setting.desk)
    with progress("counter-offers") as show:
        found = counter_of(setting, plan=plan, actor=actor, assumed=assumed, limits=limits, progress=show)
    if json:
        print_answer(found, notice=label)
        return
    from legation.briefs.text import counter_text

    print_text(counter_text(found, label=label))
