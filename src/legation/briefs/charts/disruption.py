"""Value against disruption: what each unit of disturbance buys."""

from __future__ import annotations

from legation.briefs.charts.style import INK, MUTED, Spec, spec
from legation.planning.replan.result import ReplanResult

__all__ = ["disruption_chart"]


def disruption_chart(result: ReplanResult, *, label: str) -> Spec:
    """Draw the curve of value against disruption, with the plan chosen, the knee and the label."""
    values = [
        {
            "disruption": round(point.disruption, 4),
            "value": round(100 * point.value, 4),
            "what": _what(result, point.disruption, point.value, knee=point.knee),
        }
        for point in result.curve
    ]
    x = {"field": "disruption", "type": "quantitative", "axis": {"title": "Disruption", "titleColor": INK}}
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": False},
        "axis": {"title": "Value in points", "titleColor": INK},
    }
    marks = {"condition": {"test": "datum.what !== ''", "value": 120}, "value": 40}
    return spec(
        data={"values": values},
        width=640,
        height=320,
        title={
            "text": f"Value against disruption: {result.title}, planned anew in {result.now}",
            "anchor": "start",
            "fontSize": 15,
            "color": INK,
            "subtitle": label,
            "subtitleColor": MUTED,
            "offset": 12,
        },
        layer=[
            {
                "mark": {"type": "line", "interpolate": "step-after", "color": "#7b8794"},
                "encoding": {"x": x, "y": y},
            },
            {
                "mark": {"type": "point", "filled": True, "color": "#0072B2"},
                "encoding": {"x": x, "y": y, "size": marks},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 8, "dy": 10, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "what", "type": "nominal"}},
            },
        ],
    )


def _what(result: ReplanResult, disruption: float, value: float, *, knee: bool) -> str:
    chosen = abs(disruption - result.disruption) < 1e-9 and abs(value - result.value) < 1e-9
    names = [name for name, flag in (("this plan", chosen), ("knee", knee)) if flag]
    return ", ".join(names)
