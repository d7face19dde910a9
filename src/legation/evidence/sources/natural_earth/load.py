"""Simplified borders from TopoJSON: polygons per actor, cut at the antimeridian, and a point inside each."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Literal

import msgspec
import polars as pl
from shapely import Polygon, affinity, box
from shapely.geometry.polygon import orient

from legation.errors import SourceError
from legation.evidence.codes import dated_actor_or_none
from legation.evidence.reading import SourceFiles

__all__ = ["cut_at_antimeridian", "load"]

_BORDERS, _POINTS = "world_atlas_countries_110m.json", "world_atlas_countries_50m.json"
_CODED_ON = date(2018, 12, 31)
_DECIMALS = 2  # about a kilometre, less than a pixel of a world map

Point = tuple[float, float]
Arcs = list[list[list[int]]]


class _Transform(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    scale: tuple[float, float]
    translate: tuple[float, float]


class _Properties(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


class _Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: Literal["Polygon", "MultiPolygon"]
    arcs: msgspec.Raw  # nested one level deeper in a MultiPolygon
    properties: _Properties
    id: str | None = None


class _Collection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: Literal["GeometryCollection"]
    geometries: list[_Shape]


class _Objects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    countries: _Collection
    land: msgspec.Raw  # one outline of all land: not used


class _Topology(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: Literal["Topology"]
    objects: _Objects
    arcs: Arcs
    bbox: tuple[float, float, float, float]
    transform: _Transform


def load(files: SourceFiles) -> dict[str, pl.DataFrame | bytes]:
    """Return the borders at 1:110m as canonical JSON, and points from 1:50m."""
    borders = {actor: [_rings(polygon) for polygon in polygons] for actor, polygons in _shapes(files, _BORDERS).items()}
    points = [(actor, *_point_inside(polygons)) for actor, polygons in _shapes(files, _POINTS).items()]
    schema = {"actor": pl.String, "longitude": pl.Float32, "latitude": pl.Float32}
    return {
        "borders": msgspec.json.encode(borders, order="sorted"),
        "points": pl.DataFrame(points, schema=schema, orient="row"),
    }


def _shapes(files: SourceFiles, file: str) -> dict[str, list[Polygon]]:
    """Return the polygons of each actor, from all shapes that belong to it."""
    topology = _read(files, file)
    found: dict[str, list[Polygon]] = {}
    for shape in topology.objects.countries.geometries:
        actor = _actor(files, shape)
        if actor is None:
            continue
        for rings in _nested(shape, file):
            points = [_ring(topology, ring, file) for ring in rings]
            found.setdefault(actor, []).extend(cut_at_antimeridian(points))
    return found


def _read(files: SourceFiles, file: str) -> _Topology:
    try:
        return msgspec.json.decode(files.path(file).read_bytes(), type=_Topology)
    except msgspec.DecodeError as error:
        raise SourceError(f"{file} is not the TopoJSON that is expected: {error}.", remedy="Fetch it again.") from error


def _nested(shape: _Shape, file: str) -> list[list[list[int]]]:
    """Return the arcs of a shape as rings in polygons, whether it has one polygon or several."""
    try:
        if shape.type == "Polygon":
            return [msgspec.json.decode(shape.arcs, type=list[list[int]])]
        return msgspec.json.decode(shape.arcs, type=list[list[list[int]]])
    except msgspec.DecodeError as error:
        raise SourceError(f"{file}: the arcs of {shape.properties.name} are no rings: {error}.") from error


def _actor(files: SourceFiles, shape: _Shape) -> str | None:
    if shape.id is None:
        return files.actor_of("names", shape.properties.name)
    if files.description.lookup("numbers", shape.id) is not None:
        return files.actor_of("numbers", shape.id)
    return dated_actor_or_none("ison", shape.id, days=(_CODED_ON,)) or files.actor_of("numbers", shape.id)


def _ring(topology: _Topology, arcs: list[int], file: str) -> list[Point]:
    """Join arcs into one closed ring; a negative number means the arc is walked backwards."""
    points: list[Point] = []
    for number in arcs:
        place = ~number if number < 0 else number
        if place >= len(topology.arcs):
            raise SourceError(f"{file} refers to arc {place}, but has {len(topology.arcs)}.", remedy="Fetch it again.")
        walked = _arc(topology, place)
        points.extend((walked[::-1] if number < 0 else walked)[1 if points else 0 :])
    return points


def _arc(topology: _Topology, place: int) -> list[Point]:
    """Return an arc in degrees; each step is stored as the difference from the one before."""
    (scale_x, scale_y), (left, bottom) = topology.transform.scale, topology.transform.translate
    x = y = 0
    points: list[Point] = []
    for step in topology.arcs[place]:
        x, y = x + step[0], y + step[1]
        points.append((x * scale_x + left, y * scale_y + bottom))
    return points


def cut_at_antimeridian(rings: list[list[Point]]) -> list[Polygon]:
    """Return a polygon as polygons that do not cross longitude 180.

    A ring that jumps by more than half the globe between two points crosses it: it is unrolled past 180 degrees, cut
    there, and the piece beyond is moved back.
    """
    unrolled = [_unroll(ring) for ring in rings]
    whole = Polygon(unrolled[0], [ring for ring in unrolled[1:] if len(ring) > 3])
    west, _, east, _ = whole.bounds
    if west >= -180 and east <= 180:
        return [whole]
    pieces: list[Polygon] = []
    for turn in (-1, 0, 1):
        part = whole.buffer(0).intersection(box(-180 + 360 * turn, -90, 180 + 360 * turn, 90))
        moved = affinity.translate(part, xoff=-360 * turn)
        pieces.extend(piece for piece in getattr(moved, "geoms", [moved]) if isinstance(piece, Polygon) and piece.area)
    return pieces


def _unroll(ring: list[Point]) -> list[Point]:
    shift, points = 0.0, ring[:1]
    for (before, _), (x, y) in pairwise(ring):
        if abs(x - before) > 180:
            shift += 360.0 if x < before else -360.0
        points.append((x + shift, y))
    return points


def _rings(polygon: Polygon) -> list[list[list[float]]]:
    """Return the rings of a polygon with rounded coordinates, the outer one counterclockwise as GeoJSON asks.

    Rings that rounding leaves with less than a triangle are dropped, and a polygon whose outer ring is one is empty.
    """
    turned = orient(polygon)
    rings = [_rounded(list(ring.coords)) for ring in (turned.exterior, *turned.interiors)]
    return [ring for ring in rings if len(ring) > 3] if len(rings[0]) > 3 else []


def _rounded(points: list[Point]) -> list[list[float]]:
    rounded = [[round(x, _DECIMALS) + 0.0, round(y, _DECIMALS) + 0.0] for x, y, *_ in points]
    return [rounded[0]] + [point for before, point in pairwise(rounded) if point != before]


def _point_inside(polygons: list[Polygon]) -> Point:
    point = max(polygons, key=lambda polygon: polygon.area).representative_point()
    return round(point.x, _DECIMALS), round(point.y, _DECIMALS)
