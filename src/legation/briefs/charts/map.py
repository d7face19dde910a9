"""Partners on a map, coloured by how the observer stands to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from legation.actors.lookup import actor as actor_by_id
from legation.briefs.charts.style import LEVEL_COLOURS, LEVELS, OBSERVER_COLOUR, Spec, spec
from legation.briefs.model import Brief

__all__ = ["Polygons", "borders_on", "feature", "relation_map"]

Polygons = Sequence[Sequence[Sequence[Sequence[float]]]]


def borders_on(borders: Mapping[str, Polygons], day: date) -> dict[str, Polygons]:
    """Give today's borders to the states of a day: what belongs to a later state goes to the one before it.

    Borders that moved stay as they are today, and a former state within a present one is not drawn.
    """
    found: dict[str, list[Sequence[Sequence[Sequence[float]]]]] = {}
    for actor, shape in borders.items():
        found.setdefault(_holder(actor, day), []).extend(shape)
    return dict(found)


def _holder(actor: str, day: date) -> str:
    """Return the actor of a day of which an actor is the successor; itself where there is none."""
    seen, reached = {actor}, [actor]
    while reached:
        there = next((name for name in reached if actor_by_id(name).exists(day)), None)
        if there is not None:
            return there
        former = [str(one) for name in reached for one in actor_by_id(name).predecessors]
        reached = [name for name in dict.fromkeys(former) if name not in seen]
        seen.update(reached)
    return actor


def feature(actor: str, shape: Polygons, level: str) -> dict[str, Any]:
    """Give an actor's borders as a GeoJSON feature that carries its level."""
    return {
        "type": "Feature",
        "properties": {"actor": actor, "level": level},
        # the renderer takes the side of a ring that lies clockwise as its inside, GeoJSON the other one
        "geometry": {"type": "MultiPolygon", "coordinates": [[list(ring)[::-1] for ring in part] for part in shape]},
    }


def relation_map(brief: Brief, *, borders: Mapping[str, Polygons]) -> Spec:
    """Draw the states by relation level from the observer's seat; circles count the plan's missions with each.

    Parameters
    ----------
    brief
        What to show.
    borders
        Simplified borders by actor id: polygons of rings of [longitude, latitude], cut at the antimeridian.
    """
    level = {relation.actor: LEVELS[relation.level] for relation in brief.relations if relation.level is not None}
    features = [feature(actor, shape, level.get(actor, "")) for actor, shape in borders.items()]
    allies = {relation.actor for relation in brief.relations if relation.treaty == "ally"}
    bound = [feature(actor, shape, "") for actor, shape in borders.items() if actor in allies]
    known = [feature for feature in features if feature["properties"]["level"]]
    rest = [feature for feature in features if not feature["properties"]["level"]]
    home = [feature(brief.observer, borders[brief.observer], "")] if brief.observer in borders else []
    projection = {"type": "equalEarth"}
    return spec(
        width=760,
        height=360,
        projection=projection,
        layer=[
            {"data": {"sphere": True}, "mark": {"type": "geoshape", "fill": "#f3f6f9"}},
            _shapes(rest, {"value": "#e9ecef"}),
            coloured(known),
            {
                "data": {"values": bound},
                "mark": {"type": "geoshape", "filled": False, "stroke": OBSERVER_COLOUR, "strokeWidth": 0.9},
            },
            _shapes(home, {"value": OBSERVER_COLOUR}),
            _circles(brief),
        ],
    )  # fmt: skip


def coloured(features: Sequence[Mapping[str, Any]]) -> Spec:
    """Give shapes in the colours of their levels, with the legend."""
    return {
        "data": {"values": list(features)},
        "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.4},
        "encoding": {
            "color": {
                "field": "properties.level", "type": "nominal",
                "scale": {"domain": list(LEVEL_COLOURS), "range": list(LEVEL_COLOURS.values())},
                "legend": {"title": None, "orient": "bottom", "columns": 6},
            }
        },
    }  # fmt: skip


def _shapes(features: Sequence[Mapping[str, Any]], colour: Mapping[str, Any]) -> Spec:
    return {
        "data": {"values": list(features)},
        "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.4},
        "encoding": {"color" if "field" in colour else "fill": dict(colour)},
    }


def _circles(brief: Brief) -> Spec:
    counts = Counter(partner for mission in brief.missions for partner in mission.planned.partners)
    points = [
        {"name": relation.name, "lat": relation.latitude, "lon": relation.longitude, "missions": counts[relation.actor]}
        for relation in brief.relations
        if counts[relation.actor] and relation.latitude is not None and relation.longitude is not None
    ]
    return {
        "data": {"values": points},
        "mark": {"type": "circle", "color": "#1f2933", "opacity": 0.75, "stroke": "white", "strokeWidth": 0.7},
        "encoding": {
            "longitude": {"field": "lon", "type": "quantitative"},
            "latitude": {"field": "lat", "type": "quantitative"},
            "size": {
                "field": "missions", "type": "quantitative",
                "scale": {"domain": [1, max([2, *counts.values()])], "range": [30, 300]},
                "legend": {"title": "Missions in the plan", "orient": "bottom", "format": "d", "tickMinStep": 1,
                           "tickCount": 4, "symbolType": "circle", "symbolFillColor": "#1f2933"},
            },
        },
    }  # fmt: skip
