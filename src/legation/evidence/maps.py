"""Borders and points for maps, light to load: no table is read for borders."""

from __future__ import annotations

from collections.abc import Mapping

from legation.evidence.world import MultiPolygon, World, open_world

__all__ = ["borders", "points"]


def borders(world: World | None = None) -> Mapping[str, MultiPolygon]:
    """Return the simplified borders of each state, in degrees, cut at the antimeridian.

    Parameters
    ----------
    world
        The world to read; the baseline when left out.

    Returns
    -------
    Mapping[str, MultiPolygon]
        Coordinates of a GeoJSON MultiPolygon by actor id. Small states have none; see `points`.
    """
    return (world or open_world()).borders()


def points(world: World | None = None) -> Mapping[str, tuple[float, float]]:
    """Return a point inside each state's largest polygon, as (longitude, latitude) in degrees.

    Parameters
    ----------
    world
        The world to read; the baseline when left out.
    """
    rows = (world or open_world()).table("points").select("actor", "longitude", "latitude")
    return {actor: (round(longitude, 2), round(latitude, 2)) for actor, longitude, latitude in rows.iter_rows()}
