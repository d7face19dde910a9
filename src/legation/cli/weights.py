"""The command that weighs goals by intervals."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import AsOf, Json, KnownOn, Place, WorldPath, print_answer, print_text, progress
from legation.cli.plan import Seconds, Seed, stop_on_interrupt

__all__ = ["weights"]


def weights(
    place: Place,
    /,
    *,
    goal: Annotated[
        tuple[str, ...],
        Parameter(
            name="--goal",
            help="What is known of a weight: GOAL:0.3..0.6, GOAL:0.4 or 'GOAL>=OTHER'; give it once for each.",
        ),
    ],
    gap: Annotated[float | None, Parameter(help="How near to the best each plan is proven: 0.01 is 1 %.")] = None,
    seconds: Seconds = 60.0,
    seed: Seed = 1,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Give goals intervals instead of weights: the plans that can be best, and the missions that they share.

    Ctrl-C ends the search and prints the plans found so far, and that others may be missing.
    """
    from legation.desk.labels import label_notice
    from legation.planning.asked import check_search
    from legation.planning.weights.polytope import read_statement
    from legation.service.choices import weights_of_desk
    from legation.service.questions import open_desk

    check_search(gap=gap, seconds=seconds, seed=seed)
    for text in goal:
        read_statement(text)
    setting = open_desk(place, as_of=as_of, world=world, known_on=known_on)
    with progress("weighing") as show, stop_on_interrupt() as stop:
        found = weights_of_desk(
            setting,
            goal,
            gap=gap,
            seconds=seconds,
            seed=seed,
            progress=lambda solves: show(f"{solves} solves (Ctrl-C takes what is there)"),
            stop=stop,
        )
    label = label_notice(setting.desk)
    if json:
        return print_answer(found, notice=label)
    from legation.briefs.text.weights import weights_text

    return print_text(weights_text(found, label=label))
