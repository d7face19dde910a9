"""The command that measures cohesion."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import AsOf, Json, KnownOn, Place, WorldPath, print_answer, print_text

__all__ = ["cohesion"]


def cohesion(
    place: Place,
    /,
    *,
    plan: Annotated[str | None, Parameter(help="A plan that the desk keeps; all open missions if left out.")] = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Measure how well missions and objectives fit together, with what causes each figure."""
    from legation.desk.labels import label_notice
    from legation.service.questions import cohesion_of, open_desk

    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    report = cohesion_of(setting, plan=plan)
    label = label_notice(setting.desk)
    if json:
        print_answer(report, notice=label)
        return
    from legation.briefs.text import cohesion_text

    print_text(cohesion_text(report, label=label))
