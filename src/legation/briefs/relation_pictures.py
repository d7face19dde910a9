"""Pictures of how actors stand, from a world: over time, on a map, as a network, in votes, in balance, in blocs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations

import polars as pl

from legation.actors.lookup import actor as actor_by_id
from legation.briefs.charts.landscape import ego_network_chart, level_map
from legation.briefs.charts.measures import MOST_PATHS, balance_chart, blocs_map, ideal_points_chart
from legation.briefs.charts.series import relation_series_chart
from legation.briefs.charts.style import Spec
from legation.errors import InputError, MissingEvidenceError
from legation.evidence.world import World
from legation.relations.gather import treaty_between
from legation.relations.series import relation_series
from legation.relations.surroundings import landscape

__all__ = [
    "balance_picture",
    "blocs_picture",
    "ideal_points_picture",
    "map_picture",
    "network_picture",
    "relation_picture",
]


def relation_picture(a: str, b: str, *, first: int, last: int, world: World) -> Spec:
    """Draw how two actors stood at the end of each year, with the drivers of tension and the level's probabilities.

    Raises
    ------
    MissingEvidenceError
        When the world holds no evidence on the two in any of the years.
    """
    series = relation_series(a, b, first=first, last=last, world=world)
    if all(answer.alignment is None for answer in series.relations):
        raise MissingEvidenceError(
            f"The world holds no evidence on {series.name_a} and {series.name_b} from {first} to {last}.",
            remedy="Ask for other years, or use a world with more sources.",
        )
    return relation_series_chart(series)


def map_picture(actor: str, *, as_of: date, world: World) -> Spec:
    """Draw the world by relation level from an actor's seat."""
    return level_map(landscape(actor, as_of=as_of, world=world), borders=world.borders())


def network_picture(actor: str, *, as_of: date, world: World) -> Spec:
    """Draw the actors that matter most around one."""
    found = landscape(actor, as_of=as_of, world=world)
    names = sorted(row.other for row in found.relations)
    facts = world.facts_on(as_of)
    bound = [pair for pair in combinations(names, 2) if treaty_between(*pair, facts).status == "ally"]
    return ego_network_chart(found, points=_points(world), bound=bound)


def _points(world: World) -> Mapping[str, tuple[float, float]]:
    return {actor: (longitude, latitude) for actor, longitude, latitude in world.table("points").iter_rows()}


def ideal_points_picture(actors: Sequence[str], *, first: int, last: int, world: World) -> Spec:
    """Draw the ideal points of up to eight actors.

    Raises
    ------
    MissingEvidenceError
        When the world holds no ideal points of one of them in those years.
    InputError
        When there are none or too many actors, or one twice.
    """
    if not 1 <= len(actors) <= MOST_PATHS or len(set(actors)) != len(actors):
        raise InputError(
            f"{len(actors)} actors are given; a picture holds 1 to {MOST_PATHS}, each once.",
            remedy=f"Name up to {MOST_PATHS} different actors.",
        )
    points = _held(world, "ideal_points").filter(pl.col("year").is_between(first, last))
    for actor in actors:
        if points.filter(pl.col("actor") == actor).is_empty():
            raise MissingEvidenceError(
                f"The world holds no ideal point of {actor_by_id(actor).name} from {first} to {last}.",
                remedy="Ask for other years or another actor.",
            )
    return ideal_points_chart(points, actors=actors, names={actor: str(actor_by_id(actor).name) for actor in actors})


def balance_picture(*, first: int, last: int, world: World) -> Spec:
    """Draw the structural balance of each year's signed network.

    Raises
    ------
    MissingEvidenceError
        When the world holds none for those years.
    """
    years = _held(world, "balance_years").filter(pl.col("year").is_between(first, last))
    if years.is_empty():
        raise MissingEvidenceError(f"The world holds no balance from {first} to {last}.", remedy="Ask for other years.")
    return balance_chart(years)


def blocs_picture(*, year: int, world: World) -> Spec:
    """Draw the blocs of a year on the map.

    Raises
    ------
    MissingEvidenceError
        When the world holds none for that year.
    """
    blocs = _held(world, "blocs").filter(pl.col("first") <= year, pl.col("last") >= year)
    if blocs.is_empty():
        raise MissingEvidenceError(f"The world holds no blocs of {year}.", remedy="Ask for another year.")
    first, last = blocs.row(0, named=True)["first"], blocs.row(0, named=True)["last"]
    when = f"{first} to {last}" if first != last else str(first)
    return blocs_map(blocs, borders=world.borders(), when=when, on=date(year, 12, 31))


def _held(world: World, table: str) -> pl.DataFrame:
    if not world.holds(table):
        raise MissingEvidenceError(
            f"The world at {world.folder} has no table {table!r}.",
            remedy="Build a world from the sources that it is computed from; see `legation world sources`.",
        )
    return world.table(table)
