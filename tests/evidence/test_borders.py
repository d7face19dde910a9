"""Borders are cut at the antimeridian and drawn as GeoJSON asks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from shapely import Point, Polygon
from shapely.geometry import shape

from legation.evidence import borders, open_world, points
from legation.evidence.sources.natural_earth.load import cut_at_antimeridian


def test_a_polygon_across_the_antimeridian_becomes_two() -> None:
    """An island from 170 east to 170 west is two pieces of the same total size, one on each side."""
    pieces = cut_at_antimeridian([[(170, 0), (-170, 0), (-170, 10), (170, 10), (170, 0)]])

    assert sorted(piece.bounds for piece in pieces) == [(-180, 0, -170, 10), (170, 0, 180, 10)]
    assert sum(piece.area for piece in pieces) == pytest.approx(200)


def test_a_hole_is_cut_with_its_polygon() -> None:
    """A lake across the line is missing from both pieces."""
    outer = [(160.0, 0.0), (-160, 0), (-160, 10), (160, 10), (160, 0)]
    hole = [(175.0, 4.0), (-175, 4), (-175, 6), (175, 6), (175, 4)]

    assert sum(piece.area for piece in cut_at_antimeridian([outer, hole])) == pytest.approx(400 - 20)


def test_a_polygon_elsewhere_is_left_as_it_is() -> None:
    """A polygon that does not cross the line comes back unchanged."""
    ring = [(0.0, 0.0), (1, 0), (1, 1), (0, 1), (0, 0)]

    assert [Polygon(ring)] == cut_at_antimeridian([ring])


def test_shipped_borders_are_valid_geojson_multipolygons() -> None:
    """Every ring is closed, lies on the globe, turns the right way, and spans less than half of it."""
    for actor, polygons in open_world().borders().items():
        for polygon in polygons:
            for place, ring in enumerate(polygon):
                assert len(ring) >= 4, actor
                assert ring[0] == ring[-1], actor
                assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring), actor
                assert max(abs(a[0] - b[0]) for a, b in pairwise(ring)) < 180, actor
                area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
                assert (area > 0) == (place == 0), actor


def test_known_places_lie_inside_their_borders() -> None:
    """Capitals are inside the polygons that bear their state's id."""
    shapes = borders()
    capitals = {
        "ESP": (-3.7, 40.4),
        "RUS": (37.6, 55.75),
        "EST": (25.5, 58.8),
        "BRA": (-47.9, -15.8),
        "XKX": (21.0, 42.6),
    }

    for actor, place in capitals.items():
        area = shape({"type": "MultiPolygon", "coordinates": shapes[actor]})
        assert area.buffer(0).contains(Point(place)), actor


def test_points_cover_small_states() -> None:
    """States too small for a polygon have a point."""
    places = points()

    assert {"SGP", "MLT", "VAT", "NRU"} <= set(places)
    assert set(borders()) <= set(places)
    assert places["SGP"] == pytest.approx((103.8, 1.35), abs=0.2)
