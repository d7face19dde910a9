"""The command that plans anew after a change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import AsOf, Json, KnownOn, Place, WorldPath, print_answer, print_text, progress
from legation.cli.plan import Seconds, Seed, stop_on_interrupt
from legation.errors import InputError

__all__ = ["replan"]

Texts = tuple[str, ...]


def replan(
    place: Place,
    /,
    *,
    plan: Annotated[str, Parameter(name="--from", help="The plan that people work to, by its id.")],
    now: Annotated[str, Parameter(help="The month it is, YYYY-MM: what starts before it stays as it is.")],
    refuse: Annotated[Texts, Parameter(help="PARTNER/MISSION: the partner refuses it; PARTNER alone: all.")] = (),
    lose: Annotated[Texts, Parameter(help="POSITION[@MONTH]: the position, or a person's, is lost from then.")] = (),
    cut: Annotated[Texts, Parameter(help="BUDGET:20%: that share of what it can still draw is gone.")] = (),
    ban: Annotated[Texts, Parameter(help="ACTOR[:FROM..TO]: no mission with it or on its soil.")] = (),
    shift: Annotated[Texts, Parameter(help="ACTOR[/OTHER]:LEVEL: the two come to stand at another level.")] = (),
    effect: Annotated[Texts, Parameter(help="MISSION/OBJECTIVE:POINTS: the effect is judged anew.")] = (),
    rate: Annotated[float | None, Parameter(help="Points given up for one unit less of disruption.")] = None,
    keep: Annotated[str | None, Parameter(help="Least disruption with this share of the best, such as 95%.")] = None,
    curve: Annotated[bool, Parameter(negative="", help="Trace value against disruption over several rates.")] = False,
    picture: Annotated[Path | None, Parameter(help="Draw that curve: a file in .svg, .png or .json.")] = None,
    seconds: Seconds = 15.0,
    seed: Seed = 1,
    save: Annotated[str | None, Parameter(help="Keep the new plan in the desk under this id.")] = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Find the best plan after a change that disturbs the old one least, and say what changes for whom."""
    from legation.desk.labels import label_notice
    from legation.planning.points import points
    from legation.planning.result import Progress
    from legation.service.plans import refuse_unkept, save_plan
    from legation.service.questions import open_desk
    from legation.service.replanning import check_replan, replan_of

    share = None if keep is None else _share(keep)
    if rate is not None and not 0 <= rate < float("inf"):
        raise InputError(f"A rate of {rate:g} points cannot be used.", remedy="Give 0 or more points per unit.")
    if picture is not None:
        # a search may take a minute: what cannot be written is refused before it
        from legation.briefs.charts.files import FORMATS
        from legation.evidence.own import refuse_unwritable

        refuse_unwritable(picture, overwrite=False, formats=FORMATS, what="picture format")
    shocks = {"refuse": refuse, "lose": lose, "cut": cut, "ban": ban, "shift": shift, "effect": effect}
    points_lost = None if rate is None else rate / 100
    check_replan(now=now, shocks=shocks, rate=points_lost, keep=share, seconds=seconds, seed=seed)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    if save is not None:
        refuse_unkept(place, setting.desk, plan=save)
    label = label_notice(setting.desk)
    with progress("planning anew") as show, stop_on_interrupt() as stop:

        def report(step: Progress) -> None:
            show(f"{step.seconds:5.1f} s, value less disruption {points(step.value or 0.0)} (Ctrl-C takes the best)")

        found = replan_of(
            setting,
            plan=plan,
            now=now,
            shocks=shocks,
            rate=points_lost,
            keep=share,
            curve=curve or picture is not None,
            seconds=seconds,
            seed=seed,
            progress=report,
            stop=stop,
        )
    if picture is not None:
        from legation.briefs.charts.disruption import disruption_chart
        from legation.briefs.charts.files import write_chart

        write_chart(disruption_chart(found, label=label), picture)
    if save is not None:
        save_plan(place, found, plan=save)
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.replan import replan_text

    return print_text(replan_text(found, label=label, kept=share))


def _share(text: str) -> float:
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError as error:
        raise InputError(f"{text!r} is no share.", remedy="Write 99% or 0.99.") from error
