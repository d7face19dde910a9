"""The parts of cohesion with their intervals."""

from __future__ import annotations

from legation.briefs.charts.style import INK, MUTED, Spec, spec
from legation.briefs.model import Brief

__all__ = ["parts_chart"]

_WAY = {"higher": "higher is better", "lower": "lower is better", "neither": "read, not maximised"}
_COLOURS = {"higher is better": "#0072B2", "lower is better": "#D55E00", "read, not maximised": "#7b8794"}


def parts_chart(brief: Brief) -> Spec:
    """Draw each part as a dot with its interval; parts that are missing are named with their reason in the text."""
    values = [
        {"part": part.title, "value": part.value, "low": part.low, "high": part.high, "way": _WAY[part.better],
         "shown": f"{part.value:.2f}"}
        for part in brief.cohesion.parts
        if part.value is not None
    ]  # fmt: skip
    order = [value["part"] for value in values]
    y: Spec = {
        "field": "part", "type": "nominal", "sort": order,
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 6, "grid": True},
    }  # fmt: skip
    bounds = [bound for value in values for bound in (value["low"], value["value"], value["high"]) if bound is not None]
    x: Spec = {
        "field": "value", "type": "quantitative",
        "scale": {"domain": [min(0.0, *bounds), max(1.0, *bounds)], "nice": False},
        "axis": {"title": None, "format": ".1f", "tickCount": 6},
    }  # fmt: skip
    colour = {
        "field": "way", "type": "nominal",
        "scale": {"domain": list(_COLOURS), "range": list(_COLOURS.values())},
        "legend": {"title": None, "orient": "bottom"},
    }  # fmt: skip
    return spec(
        width=430,
        height={"step": 20},
        data={"values": values},
        layer=[
            {"mark": {"type": "rule", "color": MUTED, "strokeWidth": 2.5, "opacity": 0.45},
             "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}},
            {"mark": {"type": "circle", "size": 90, "opacity": 1}, "encoding": {"x": x, "y": y, "color": colour}},
            {"mark": {"type": "text", "align": "left", "dx": 10, "fontSize": 10, "color": INK, "baseline": "bottom"},
             "encoding": {"x": x, "y": y, "text": {"field": "shown"}}},
        ],
    )  # fmt: skip
