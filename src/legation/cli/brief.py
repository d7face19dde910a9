"""The command that writes briefs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import AsOf, Json, KnownOn, Place, WorldPath, print_json, print_text
from legation.cli.plan import Gap, Seconds, Seed, search

__all__ = ["brief"]


def brief(
    place: Place,
    /,
    *,
    out: Annotated[Path, Parameter(help="The folder that receives brief.html, brief.pdf and brief.txt.")] = Path(),
    gap: Gap = 0.01,
    seconds: Seconds = 30.0,
    seed: Seed = 1,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Plan a desk and write the plan as one HTML file, a PDF and plain text.

    Ctrl-C ends the search and writes the best plan so far.
    """
    from legation.service.questions import open_desk

    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    plan = search(setting, gap=gap, seconds=seconds, seed=seed)
    from legation.briefs.gather import brief_for
    from legation.briefs.write import write_brief
    from legation.desk.labels import label_notice

    briefing = brief_for(setting, plan)
    files = write_brief(briefing, out, borders=setting.world.borders())
    label = label_notice(setting.desk)
    if json:
        print_json({"files": [str(file) for file in files], "plan": plan, "label_notice": label})
        return
    from legation.briefs.text import plan_text

    print_text(plan_text(plan, label=label, full=False))
    print_text("\nThe whole brief, with what was left out and why: " + ", ".join(str(file) for file in files))
