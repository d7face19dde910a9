"""A frontier: value against each other aim, with the knee."""

from __future__ import annotations

from typing import Any

from legation.briefs.charts.style import INK, MUTED, Spec, spec
from legation.planning.frontier.result import FrontierAim, FrontierResult

__all__ = ["frontier_chart"]

_POINT, _KNEE = "#0072B2", "#D55E00"


def frontier_chart(found: FrontierResult, *, label: str) -> Spec:
    """Draw value against each other aim, every point with its number and the label; the knee stands out."""
    many = len(found.aims) > 2
    panels = [_panel(found, aim, width=300 if many else 620) for aim in found.aims[1:]]
    proven = "nothing is missing" if found.complete else "the search ended early: more points may be missing"
    fineness = "every plan that no other beats in all aims" if found.method == "every" else "told apart by steps"
    return spec(
        hconcat=panels,
        spacing=26,
        title={
            "text": f"What value takes: {found.title}", "anchor": "start", "fontSize": 15, "color": INK,
            "subtitle": [f"{len(found.points)} plans, {fineness}; {proven}", label], "subtitleColor": MUTED,
            "offset": 12,
        },
    )  # fmt: skip


def _panel(found: FrontierResult, aim: FrontierAim, *, width: int) -> Spec:
    values: list[dict[str, Any]] = []
    for point in found.points:
        amounts = {row.name: row.value for row in point.aims}
        values.append(
            {
                "number": str(point.number),
                "x": amounts[aim.name],
                "y": 100 * amounts["value"],
                "what": "Knee" if point.number == found.knee else "Plan",
            }
        )
    few = len(values) <= 30 and len(found.aims) == 2
    shown = values if few else [value for value in values if value["what"] == "Knee"]
    money = aim.name == "cost"
    x: Spec = {
        "field": "x", "type": "quantitative", "scale": {"nice": True, "zero": False},
        "axis": {"title": aim.title if aim.unit == aim.name else f"{aim.title}, {aim.unit}",
                 "format": ",.0f" if money else ",.3~g", "tickCount": 5,
                 "labelOverlap": True},
    }  # fmt: skip
    y: Spec = {
        "field": "y", "type": "quantitative", "scale": {"nice": True, "zero": False},
        "axis": {"title": "Value, points", "tickCount": 6},
    }  # fmt: skip
    colour: Spec = {
        "field": "what", "type": "nominal",
        "scale": {"domain": ["Plan", "Knee"], "range": [_POINT, _KNEE]},
        "legend": {"title": None, "orient": "top", "symbolType": "circle"},
    }  # fmt: skip
    layers: list[Spec] = [
        {"mark": {"type": "circle", "size": 70, "opacity": 0.9},
         "encoding": {"x": x, "y": y, "color": colour}},
        {"data": {"values": shown}, "mark": {"type": "text", "dx": 7, "dy": 8, "align": "left", "fontSize": 10,
                                             "color": MUTED},
         "encoding": {"x": x, "y": y, "text": {"field": "number"}}},
    ]  # fmt: skip
    if len(found.aims) == 2:
        line: Spec = {"mark": {"type": "line", "color": MUTED, "strokeWidth": 1, "opacity": 0.6,
                               "interpolate": "step-after"},
                      "encoding": {"x": x, "y": y}}  # fmt: skip
        layers.insert(0, line)
    return {"width": width, "height": 320, "data": {"values": values}, "layer": layers}
