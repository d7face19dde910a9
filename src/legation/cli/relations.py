"""Commands that ask how actors stand: relation, landscape."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from legation.cli.output import ActorName, AsOf, Json, WorldKnownOn, WorldPath, print_answer, print_text, today

if TYPE_CHECKING:
    from legation.desk.context import Judgement
    from legation.desk.desk import Desk

__all__ = ["landscape", "relation"]

Since = Annotated[date | None, Parameter(name="--since", help="An earlier day: say what changed from it on.")]
DeskPlace = Annotated[str | None, Parameter(name="--desk", help="A desk whose own judgements are shown beside.")]


def relation(
    a: ActorName,
    b: ActorName,
    /,
    *,
    as_of: AsOf = None,
    known_on: WorldKnownOn = None,
    desk: DeskPlace = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Say how two actors stand to each other at a date, and why."""
    from legation.actors import find
    from legation.evidence import open_world
    from legation.relations import relation as ask
    from legation.relations.actor_state import actor_states
    from legation.relations.days import refuse_far_day

    day = as_of or today()
    opened = open_world(world, known_on=known_on)
    refuse_far_day(day, world=opened)
    first, second = find(a, on=day).id, find(b, on=day).id
    own = _desk(desk)
    found = ask(first, second, as_of=day, world=opened, judgements=_judgements(own, known_on))
    states = list(actor_states((first, second), as_of=day, world=opened).values())
    if json:
        print_answer(found, notice=_label(own), states=states)
        return
    from legation.briefs.text import relation_text

    print_text(relation_text(found, states=states) + _label_line(own))


def landscape(
    actor: ActorName,
    /,
    *,
    as_of: AsOf = None,
    since: Since = None,
    known_on: WorldKnownOn = None,
    desk: DeskPlace = None,
    world: WorldPath = None,
    json: Json = False,
) -> None:
    """Say how an actor stands to all others at a date, with its capability and stability."""
    from legation.actors import find
    from legation.evidence import open_world
    from legation.relations import landscape as ask
    from legation.relations.days import refuse_far_day

    day = as_of or today()
    opened = open_world(world, known_on=known_on)
    refuse_far_day(day, world=opened)
    own = _desk(desk)
    found = ask(find(actor, on=day).id, as_of=day, world=opened, judgements=_judgements(own, known_on), since=since)
    if json:
        print_answer(found, notice=_label(own))
        return
    from legation.briefs.text import landscape_text

    print_text(landscape_text(found) + _label_line(own))


def _desk(place: str | None) -> Desk | None:
    if place is None:
        return None
    from legation.service.questions import read_desk

    return read_desk(place)


def _judgements(desk: Desk | None, known_on: date | None) -> tuple[Judgement, ...]:
    """Return a desk's judgements; with a day of knowledge, those that had been made by then."""
    if desk is None:
        return ()
    return tuple(one for one in desk.judgements if known_on is None or one.dated <= known_on)


def _label(desk: Desk | None) -> str | None:
    if desk is None:
        return None
    from legation.desk.labels import label_notice

    return label_notice(desk)


def _label_line(desk: Desk | None) -> str:
    label = _label(desk)
    return "" if label is None else f"\n\n[{label}]"
