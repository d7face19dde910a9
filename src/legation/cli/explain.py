"""The command that explains a plan."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import AsOf, Json, KnownOn, Place, WorldPath, print_answer, print_text, progress
from legation.cli.plan import Seconds, Seed, stop_on_interrupt

__all__ = ["explain"]


def explain(
    place: Place,
    /,
    *missions: Annotated[str, Parameter(help="The missions asked about, by id.")],
    plan: Annotated[str | None, Parameter(help="A plan that the desk keeps; the best one if left out.")] = None,
    buy: Annotated[bool, Parameter(negative="", help="Say what one more unit of money or people buys.")] = False,
    money: Annotated[float | None, Parameter(help="How much money is a unit; 1 % of each budget if left out.")] = None,
    facts: Annotated[bool, Parameter(negative="", help="Find the facts whose smallest change alters it.")] = False,
    seconds: Seconds = 30.0,
    each: Annotated[float, Parameter(help="Seconds for each question that is solved again.")] = 3.0,
    seed: Seed = 1,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Say why missions are in or out, what one more unit buys, which facts decide; or why no plan exists."""
    from legation.desk.labels import label_notice
    from legation.planning.explain.explain import check_asked
    from legation.service.explaining import explain_of
    from legation.service.questions import open_desk

    check_asked(seconds=seconds, each=each, money=money, seed=seed)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    label = label_notice(setting.desk)
    with progress("explaining") as show, stop_on_interrupt() as stop:
        found = explain_of(
            setting,
            missions=missions,
            plan=plan,
            buy=buy or money is not None,
            money=money,
            facts=facts,
            seconds=seconds,
            each=each,
            seed=seed,
            progress=lambda step: show(f"{step} (Ctrl-C takes what is there)"),
            stop=stop,
        )
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.explain import explain_text

    return print_text(explain_text(found, label=label))
