"""Commands that draw: a relation over time, a map, a network, ideal points, balance, blocs."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from legation.cli.output import WHOLE, AsOf, Json, Overwrite, WorldKnownOn, WorldPath, print_json, print_text, today

if TYPE_CHECKING:
    from legation.briefs.charts.style import Spec

__all__ = ["balance", "blocs", "ideal_points", "network", "over_time", "world_map"]

# a picture is drawn from the seat of a state, so that no organisation is named as an example
ActorName = Annotated[str, Parameter(help="A code (EST, EE) or a name (Estonia); quote names of several words.")]
Out = Annotated[Path, Parameter(name="--out", help="A file that ends in .svg, .png or .json (Vega-Lite).")]
First = Annotated[int, Parameter(name="--from", help="The first year."), WHOLE]
Last = Annotated[int | None, Parameter(name="--to", help="The last year; last year if left out."), WHOLE]


def over_time(
    a: ActorName,
    b: ActorName,
    /,
    *,
    out: Out,
    first: First = 1992,
    last: Last = None,
    known_on: WorldKnownOn = None,
    world: WorldPath = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Draw how two actors stood at the end of each year, with the drivers of tension and the level."""
    from legation.briefs.relation_pictures import relation_picture
    from legation.evidence import open_world

    until = _last(last)
    one, two = (_id_within(name, first, until) for name in (a, b))
    chart = relation_picture(one, two, first=first, last=until, world=open_world(world, known_on=known_on))
    _write(chart, out, overwrite=overwrite, json=json)


def world_map(
    actor: ActorName,
    /,
    *,
    out: Out,
    as_of: AsOf = None,
    known_on: WorldKnownOn = None,
    world: WorldPath = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Draw the world by relation level from one actor's seat; allies by treaty are outlined."""
    from legation.briefs.relation_pictures import map_picture
    from legation.evidence import open_world

    day = as_of or today()
    _write(
        map_picture(_id(actor, day), as_of=day, world=open_world(world, known_on=known_on)),
        out,
        overwrite=overwrite,
        json=json,
    )


def network(
    actor: ActorName,
    /,
    *,
    out: Out,
    as_of: AsOf = None,
    known_on: WorldKnownOn = None,
    world: WorldPath = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Draw the actors that matter most around one: nearer to the centre means more aligned."""
    from legation.briefs.relation_pictures import network_picture
    from legation.evidence import open_world

    day = as_of or today()
    _write(
        network_picture(_id(actor, day), as_of=day, world=open_world(world, known_on=known_on)),
        out,
        overwrite=overwrite,
        json=json,
    )


def ideal_points(
    *actors: ActorName,
    out: Out,
    first: First = 1946,
    last: Last = None,
    world: WorldPath = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Draw the ideal points of up to eight actors in the UN, with their 90 % bands."""
    from legation.briefs.relation_pictures import ideal_points_picture
    from legation.evidence import open_world

    until = _last(last)
    ids = tuple(_id_within(actor, first, until) for actor in actors)
    chart = ideal_points_picture(ids, first=first, last=until, world=open_world(world))
    _write(chart, out, overwrite=overwrite, json=json)


def balance(
    *,
    out: Out,
    first: First = 1816,
    last: Last = None,
    world: WorldPath = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Draw the structural balance of each year, exact where the world proves it."""
    from legation.briefs.relation_pictures import balance_picture
    from legation.evidence import open_world

    _write(balance_picture(first=first, last=_last(last), world=open_world(world)), out, overwrite=overwrite, json=json)


def blocs(
    year: Annotated[int, Parameter(help="The year."), WHOLE],
    /,
    *,
    out: Out,
    world: WorldPath = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Draw the blocs of a year on the map, the fainter the less stable."""
    from legation.briefs.relation_pictures import blocs_picture
    from legation.evidence import open_world

    _write(blocs_picture(year=year, world=open_world(world)), out, overwrite=overwrite, json=json)


def _write(chart: Spec, out: Path, *, overwrite: bool, json: bool) -> None:
    from legation.briefs.charts.files import write_chart

    write_chart(chart, out, overwrite=overwrite)
    if json:
        print_json({"picture": str(out)})
    else:
        print_text(f"Wrote {out}.")


def _id(name: str, on: date) -> str:
    from legation.actors import find

    return str(find(name, on=on).id)


def _id_within(name: str, first: int, last: int) -> str:
    """Return whom a name means in the latest of some years in which it means anybody: states end within a picture."""
    from legation.errors import UnknownActorError

    try:
        return _id(name, date(last, 12, 31))
    except UnknownActorError:
        for year in range(last - 1, max(first, MINYEAR) - 1, -1):
            try:
                return _id(name, date(year, 12, 31))
            except UnknownActorError:
                continue
        raise


def _last(year: int | None) -> int:
    """Return the last year to draw; the calendar's own bounds hold for it."""
    from legation.errors import InputError

    if year is not None and not MINYEAR <= year <= MAXYEAR:
        raise InputError(f"--to is {year}, which is no year.", remedy="Give a year of four digits.")
    return today().year - 1 if year is None else year
