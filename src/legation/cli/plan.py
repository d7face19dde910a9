"""The command that plans, scores and compares."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from legation.cli.output import WHOLE, AsOf, Json, KnownOn, Place, WorldPath, print_answer, print_text, progress
from legation.errors import InputError

if TYPE_CHECKING:
    from types import FrameType

    from legation.planning.result import PlanResult, Progress
    from legation.service.questions import Setting

__all__ = ["Gap", "Seconds", "Seed", "plan", "search", "searching", "stop_on_interrupt"]

Gap = Annotated[float, Parameter(name="--gap", help="Stop once the plan is proven this near to the best: 0.01 is 1 %.")]
Seconds = Annotated[float, Parameter(name="--seconds", help="Stop after this long with the best plan so far.")]
Memory = Annotated[
    float | None, Parameter(name="--memory", help="Stop with the best plan so far when this many megabytes are held.")
]
Reasons = Annotated[
    int,
    WHOLE,
    Parameter(name="--reasons", help="Missions left out that are solved for what they would displace, best first."),
]
StartFrom = Annotated[str | None, Parameter(name="--from", help="Start from a plan that the desk keeps; saves time.")]
Seed = Annotated[int, WHOLE, Parameter(name="--seed", help="The same seed gives the same search.")]


def plan(
    place: Place,
    /,
    *,
    gap: Gap = 0.01,
    seconds: Seconds = 30.0,
    seed: Seed = 1,
    start: StartFrom = None,
    memory: Memory = None,
    reasons: Reasons = 60,
    score: Annotated[
        str | None,
        Parameter(help="Score a plan as it is: the one named, else the desk's only one or the months missions note."),
    ] = None,
    compare: Annotated[tuple[str, str] | None, Parameter(help="Put two plans of the desk side by side.")] = None,
    save: Annotated[str | None, Parameter(help="Keep the plan in the desk under this id.")] = None,
    out: Annotated[Path | None, Parameter(help="Write the plan as a workbook too; the name ends in .xlsx.")] = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Choose, staff and schedule the best affordable missions, with a proven bound and a reason for each.

    Ctrl-C ends the search and prints the best plan so far. With --score or --compare nothing is searched: plans that
    the desk keeps are judged as they are.
    """
    from legation.desk.labels import label_notice
    from legation.planning.asked import check_search
    from legation.service.questions import compare_plans, open_desk, score_of

    _refuse_mixture(score=score, compare=compare, save=save, out=out, start=start)
    check_search(gap=gap, seconds=seconds, seed=seed)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    if save is not None:
        from legation.service.plans import refuse_unkept

        refuse_unkept(place, setting.desk, plan=save)
    label = label_notice(setting.desk)
    if compare is not None:
        compared = compare_plans(setting, *compare)
        if json:
            return print_answer(compared, notice=label)
        from legation.briefs.text import comparison_text

        return print_text(comparison_text(compared, title_a=compare[0], title_b=compare[1], label=label))
    if score is not None:
        scored = score_of(setting, score)
        if json:
            return print_answer(scored, notice=label, keeps_rules=scored.keeps_rules)
        from legation.briefs.text import score_text

        return print_text(score_text(scored, currency=setting.desk.info.currency, label=label))
    found = search(setting, gap=gap, seconds=seconds, seed=seed, start=start, memory=memory, reasons=reasons)
    _keep(found, place=place, save=save, out=out, label=label)
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text import plan_text

    return print_text(plan_text(found, label=label))


def _refuse_mixture(
    *, score: str | None, compare: tuple[str, str] | None, save: str | None, out: Path | None, start: str | None
) -> None:
    if score is not None and compare is not None:
        raise InputError("--score and --compare were both given.", remedy="Ask for one of them.")
    searched = save is not None or out is not None or start is not None
    if (score is not None or compare is not None) and searched:
        raise InputError(
            "--save, --out and --from are for a plan that is searched for.", remedy="Leave out --score and --compare."
        )
    if out is not None and out.suffix.lower() != ".xlsx":
        raise InputError(f"{out} is no name of a workbook.", remedy="End it in .xlsx.")


def search(
    setting: Setting,
    *,
    gap: float,
    seconds: float,
    seed: int,
    start: str | None = None,
    memory: float | None = None,
    reasons: int = 60,
) -> PlanResult:
    """Search with progress at a terminal; Ctrl-C ends the search, not the program."""
    from legation.service.questions import plan_of

    with searching("planning", hint=" (Ctrl-C takes the best so far)") as (report, stop):
        return plan_of(
            setting,
            gap=gap,
            seconds=seconds,
            seed=seed,
            progress=report,
            stop=stop,
            start=start,
            memory=memory,
            reasons=reasons,
        )


@contextmanager
def searching(title: str, *, hint: str = "") -> Iterator[tuple[Callable[[Progress], None], Event]]:
    """Show value and bound as they improve; Ctrl-C ends the search, not the program."""
    from legation.planning.points import points

    with progress(title) as show, stop_on_interrupt() as stop:

        def report(step: Progress) -> None:
            value = "no plan yet" if step.value is None else f"value {points(step.value)}"
            bound = "" if step.bound is None else f", bound {points(step.bound)}"
            show(f"{step.seconds:5.1f} s, {value}{bound}{hint}")

        yield report, stop


@contextmanager
def stop_on_interrupt() -> Iterator[Event]:
    """Let the first Ctrl-C set a flag, and the second end the program."""
    stop = Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _keep(found: PlanResult, *, place: str, save: str | None, out: Path | None, label: str) -> None:
    from legation.service.plans import save_plan, write_plan_workbook

    if save is not None:
        save_plan(place, found, plan=save)
    if out is not None:
        write_plan_workbook(found, out, label=label)
