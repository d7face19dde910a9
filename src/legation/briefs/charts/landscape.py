"""An actor's relations as a world map and as a network around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atan2, cos, pi, sin
from typing import Any

from legation.briefs.charts.map import Polygons, borders_on, coloured, feature
from legation.briefs.charts.style import INK, LEVEL_COLOURS, LEVELS, MUTED, OBSERVER_COLOUR, Spec, spec
from legation.relations.types import Landscape, LandscapeRow

__all__ = ["ego_network_chart", "level_map", "title"]

_MOST = 44
_MOST_LINES = 120  # more lines among others hide what the picture shows


def level_map(found: Landscape, *, borders: Mapping[str, Polygons]) -> Spec:
    """Draw the world by relation level from one actor's seat; allies by treaty are outlined.

    Parameters
    ----------
    found
        The landscape.
    borders
        Simplified borders by actor id, as a world gives them.
    """
    level = {row.other: LEVELS[row.level.value] for row in found.relations if row.level is not None}
    allies = {row.other for row in found.relations if row.treaty_status == "ally"}
    drawn = borders_on(borders, found.as_of)
    features = [feature(actor, shape, level.get(actor, "")) for actor, shape in drawn.items()]
    return spec(
        width=860,
        height=420,
        projection={"type": "equalEarth"},
        title=title(
            f"How {found.state.name} stands to others, {found.as_of.isoformat()}",
            "Most probable relation level; allies by treaty outlined; white: no evidence at that date; today's borders",
        ),
        layer=[
            {"data": {"sphere": True}, "mark": {"type": "geoshape", "fill": "#f3f6f9"}},
            _shapes([f for f in features if not f["properties"]["level"]], fill="white", stroke="#c5ccd3"),
            coloured([f for f in features if f["properties"]["level"]]),
            _outlines([f for f in features if f["properties"]["actor"] in allies]),
            _shapes([f for f in features if f["properties"]["actor"] == found.actor], fill=OBSERVER_COLOUR),
        ],
    )


def title(text: str, subtitle: str) -> Spec:
    """Give a heading with a line that says how to read the picture."""
    return {
        "text": text, "anchor": "start", "fontSize": 15, "color": INK, "subtitle": subtitle, "subtitleColor": MUTED,
        "offset": 10,
    }  # fmt: skip


def _shapes(features: Sequence[Mapping[str, Any]], *, fill: str, stroke: str = "white") -> Spec:
    return {
        "data": {"values": list(features)},
        "mark": {"type": "geoshape", "stroke": stroke, "strokeWidth": 0.4, "fill": fill},
    }


def _outlines(features: Sequence[Mapping[str, Any]]) -> Spec:
    return {
        "data": {"values": list(features)},
        "mark": {"type": "geoshape", "filled": False, "stroke": OBSERVER_COLOUR, "strokeWidth": 0.9},
    }


def ego_network_chart(
    found: Landscape, *, points: Mapping[str, tuple[float, float]], bound: Sequence[tuple[str, str]] = ()
) -> Spec:
    """Draw the actors that matter most around one: the nearer to the centre, the closer; the colour is the level.

    Parameters
    ----------
    found
        The landscape.
    points
        Longitude and latitude of actors: they stand around the centre in the order of their longitudes.
    bound
        Pairs of others that are bound to each other by a defence treaty, drawn as thin lines while they are few.
    """
    rows = _closest(found, points)
    places = _places(rows, points)
    nodes = [
        {
            "actor": row.other, "name": row.name, "x": places[row.other][0], "y": places[row.other][1],
            "level": "" if row.level is None else LEVELS[row.level.value],
            "treaty": {"ally": "defence treaty", "partner": "agreement"}.get(row.treaty_status, "none"),
            "cx": 0.0, "cy": 0.0,
        }
        for row in rows
    ]  # fmt: skip
    among = [(a, b) for a, b in bound if a in places and b in places]
    others = [
        {"x": places[a][0], "y": places[a][1], "cx": places[b][0], "cy": places[b][1]}
        for a, b in (among if len(among) <= _MOST_LINES else ())
    ]
    return spec(
        width=640,
        height=600,
        title=title(
            f"Around {found.state.name}, {found.as_of.isoformat()}",
            f"The {len(rows)} closest and tensest; nearer the centre: more aligned; around it: by longitude",
        ),
        layer=[
            *_rings(_reach(rows), _free_angle(places)),
            _segments(others, color="#dde2e7", width=0.5),
            _segments([n for n in nodes if n["treaty"] != "none"], color="#7b8794", width=1.4, by_treaty=True),
            _circles(nodes),
            _names(nodes),
            {
                "data": {"values": [{"x": 0, "y": 0, "name": found.actor}]},
                "mark": {"type": "text", "fontSize": 15, "fontWeight": "bold", "color": OBSERVER_COLOUR},
                "encoding": {**_position(), "text": {"field": "name"}},
            },
        ],
    )


def _closest(found: Landscape, points: Mapping[str, tuple[float, float]]) -> list[LandscapeRow]:
    """Return the actors with the highest alignment or tension, at most as many as can be told apart."""
    known = [row for row in found.relations if row.alignment is not None and row.tension is not None]
    known = [row for row in known if row.other in points]
    weight = {row.other: max(row.alignment.value, 1.4 * row.tension.value) for row in known}  # type: ignore[union-attr]
    near = [row for row in known if row.is_neighbour]
    rest = sorted((row for row in known if not row.is_neighbour), key=lambda row: -weight[row.other])
    return [*near, *rest][:_MOST]


def _reach(rows: Sequence[LandscapeRow]) -> tuple[float, float]:
    """Return the lowest and the highest alignment that the picture has to hold."""
    values = [row.alignment.value for row in rows if row.alignment is not None]
    return min([0.0, *values]), max([0.2, *values])


def _radius(alignment: float, reach: tuple[float, float]) -> float:
    low, high = reach
    return 0.3 + 0.7 * (high - alignment) / (high - low)


def _places(rows: Sequence[LandscapeRow], points: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return a place for each actor: angle by rank of longitude, radius by alignment.

    The nearer to the centre, the more of the circle an actor has to itself, so that neighbours there stand apart.
    """
    order = sorted(rows, key=lambda row: points[row.other][0])
    reach = _reach(rows)
    radii = [_radius(0.0 if row.alignment is None else row.alignment.value, reach) for row in order]
    whole = sum(1 / radius for radius in radii)
    angle, places = pi / 2, {}
    for row, radius in zip(order, radii, strict=True):
        half = pi / radius / whole
        angle += half
        places[row.other] = (round(-radius * cos(angle), 4), round(radius * sin(angle), 4))
        angle += half
    return places


def _free_angle(places: Mapping[str, tuple[float, float]]) -> float:
    """Return the angle near the bottom that lies furthest from any actor's: the rings' figures stand there."""
    taken = [atan2(y, -x) % (2 * pi) for x, y in places.values()]
    tried = [3 * pi / 2 + step * pi / 180 for step in range(-25, 26)]
    return max(tried, key=lambda angle: (min([pi, *(abs(angle - other) for other in taken)]), -abs(angle - 3 * pi / 2)))


def _position() -> Spec:
    scale = {"domain": [-1.12, 1.12], "nice": False}
    return {
        "x": {"field": "x", "type": "quantitative", "scale": scale, "axis": None},
        "y": {"field": "y", "type": "quantitative", "scale": scale, "axis": None},
    }


def _rings(reach: tuple[float, float], at: float) -> list[Spec]:
    """Draw circles of equal alignment with their figures."""
    shown = [step / 5 for step in range(-5, 6) if reach[0] - 0.1 <= step / 5 <= reach[1] + 0.1]
    values = [
        {"ring": alignment, "order": step, "x": r * cos(2 * pi * step / 72), "y": r * sin(2 * pi * step / 72)}
        for alignment in shown
        for r in (_radius(alignment, reach),)
        for step in range(73)
    ]
    figures = [
        {"x": -r * cos(at), "y": r * sin(at), "name": f"{alignment:+.1f}" if alignment else "0"}
        for alignment in shown
        for r in (_radius(alignment, reach),)
    ]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "line", "color": "#e4e7eb", "strokeWidth": 1},
            "encoding": {**_position(), "order": {"field": "order"}, "detail": {"field": "ring"}},
        },
        {
            "data": {"values": figures},
            "mark": {"type": "text", "fontSize": 9, "color": MUTED, "dy": -5},
            "encoding": {**_position(), "text": {"field": "name"}},
        },
    ]


def _segments(values: Sequence[Mapping[str, Any]], *, color: str, width: float, by_treaty: bool = False) -> Spec:
    dash: Spec = {
        "strokeDash": {
            "field": "treaty", "type": "nominal",
            "scale": {"domain": ["defence treaty", "agreement"], "range": [[1, 0], [4, 3]]},
            "legend": {"title": None, "orient": "bottom", "symbolType": "stroke", "symbolSize": 300},
        }
    }  # fmt: skip
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rule", "color": color, "strokeWidth": width},
        "encoding": {**_position(), "x2": {"field": "cx"}, "y2": {"field": "cy"}, **(dash if by_treaty else {})},
    }


def _circles(nodes: Sequence[Mapping[str, Any]]) -> Spec:
    return {
        "data": {"values": list(nodes)},
        "mark": {"type": "circle", "size": 190, "opacity": 1, "stroke": "white", "strokeWidth": 1},
        "encoding": {
            **_position(),
            "color": {
                "field": "level", "type": "nominal",
                "scale": {"domain": list(LEVEL_COLOURS), "range": list(LEVEL_COLOURS.values())},
                "legend": {"title": None, "orient": "bottom", "columns": 3},
            },
        },
    }  # fmt: skip


def _names(nodes: Sequence[Mapping[str, Any]]) -> Spec:
    """Write each code a little further out than its circle, so that codes on one side do not cover each other."""
    values = []
    for node in nodes:
        away = 1 + 0.075 / max(0.2, (node["x"] ** 2 + node["y"] ** 2) ** 0.5)
        values.append({"x": node["x"] * away, "y": node["y"] * away, "actor": node["actor"]})
    return {
        "data": {"values": values},
        "mark": {"type": "text", "fontSize": 10, "color": INK},
        "encoding": {**_position(), "text": {"field": "actor"}},
    }
