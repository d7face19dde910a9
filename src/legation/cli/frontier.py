"""The command that lays out a frontier of aims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from legation.cli.output import (
    WHOLE,
    AsOf,
    Json,
    KnownOn,
    Overwrite,
    Place,
    WorldPath,
    print_answer,
    print_text,
    progress,
)
from legation.cli.plan import Seconds, Seed, stop_on_interrupt

if TYPE_CHECKING:
    from legation.planning.frontier.result import FrontierResult

__all__ = ["frontier"]


def frontier(
    place: Place,
    /,
    *,
    aims: Annotated[
        str, Parameter(help="Two to four of value, cost, risk, escalation, disruption, with commas between.")
    ] = "value,cost",
    points: Annotated[
        int | None, WHOLE, Parameter(help="Parts that each aim's range is divided into; as fine as can be if left out.")
    ] = None,
    gap: Annotated[
        float | None, Parameter(help="How near to the best each point's value is proven: 0.01 is 1 %.")
    ] = None,
    seconds: Seconds = 60.0,
    seed: Seed = 1,
    against: Annotated[
        str | None, Parameter(help="A plan that the desk keeps: disruption is measured from it.")
    ] = None,
    now: Annotated[
        str | None, Parameter(help="The month it is, for disruption: YYYY-MM; the desk's first if left out.")
    ] = None,
    count_changes: Annotated[
        bool, Parameter(name="--count-changes", show_default=False, help="Count each changed mission as 1.")
    ] = False,
    out: Annotated[
        Path | None, Parameter(help="Write the points (.csv) or a picture (.svg, .png, .json in Vega-Lite) too.")
    ] = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Lay out the plans of which none is beaten in all aims at once, with the knee and what value takes.

    Ctrl-C ends the search and prints what was found, with the parts of the range that are still open.
    """
    from legation.desk.labels import label_notice
    from legation.desk.months import month_number
    from legation.evidence.own import refuse_unwritable
    from legation.planning.asked import check_search
    from legation.planning.frontier.aims import check_aims
    from legation.planning.frontier.choose import check_asked
    from legation.service.choices import FRONTIER_FORMATS, frontier_of_desk
    from legation.service.questions import open_desk

    names = check_aims([name.strip() for name in aims.split(",")])
    check_asked(names, points=points, steps={}, gap=gap, seconds=seconds, against=against is not None)
    check_search(seed=seed)
    if now is not None:
        month_number(now, start=now)
    if out is not None:
        refuse_unwritable(out, overwrite=overwrite, formats=FRONTIER_FORMATS, what="format")
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    with progress("searching") as show, stop_on_interrupt() as stop:
        found = frontier_of_desk(
            setting,
            aims=names,
            points=points,
            gap=gap,
            seconds=seconds,
            seed=seed,
            against=against,
            now=now,
            count_changes=count_changes,
            progress=lambda plans, boxes: show(f"{plans} plans, {boxes} parts open (Ctrl-C takes what is there)"),
            stop=stop,
        )
    label = label_notice(setting.desk)
    if out is not None:
        _write(found, out, label=label)
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.frontier import frontier_text

    return print_text(frontier_text(found, label=label))


def _write(found: FrontierResult, out: Path, *, label: str) -> None:
    if out.suffix.lower() == ".csv":
        from legation.service.choices import points_csv

        out.write_bytes(points_csv(found))
        return
    from legation.briefs.charts.files import write_chart
    from legation.briefs.charts.frontier import frontier_chart

    write_chart(frontier_chart(found, label=label), out, overwrite=True)
