"""How a plan's value spreads over scenarios, and how likely each target is met, in one picture."""

from __future__ import annotations

import numpy as np

from legation.briefs.charts.style import INK, MUTED, Spec, spec
from legation.planning.uncertainty.result import PlanOutlook

__all__ = ["outlook_chart"]

_MARKS = {0.05: "5% lie below", 0.5: "half lie below", 0.95: "95% lie below"}
_BINS = 30


def outlook_chart(outlook: PlanOutlook, *, label: str) -> Spec:
    """Draw the value's distribution with its quantiles and the mean of the worst, above the chance per target."""
    return spec(
        vconcat=[_values(outlook), _targets(outlook)],
        spacing=26,
        title={
            "text": f"{outlook.title}: {outlook.draws:,} scenarios",
            "subtitle": label,
            "subtitleColor": MUTED,
            "anchor": "start",
            "color": INK,
            "fontSize": 13,
        },
    )


def _values(outlook: PlanOutlook) -> Spec:
    sample = 100 * np.array(outlook.values)
    counts, edges = np.histogram(sample, bins=_BINS)
    bars = [
        {"from": float(a), "to": float(b), "share": float(count / len(sample)), "tail": bool(b <= 100 * _edge(outlook))}
        for count, a, b in zip(counts, edges, edges[1:], strict=False)
    ]
    marks: list[Spec] = [
        {"value": 100 * q.value, "name": f"{_MARKS[q.share]}: {100 * q.value:.1f}"}
        for q in outlook.quantiles
        if q.share in _MARKS
    ]
    marks.append(
        {"value": 100 * outlook.cvar, "name": f"average of the worst {outlook.alpha:.0%}: {100 * outlook.cvar:.1f}"}
    )
    marks.sort(key=lambda mark: mark["value"])
    top = max(bar["share"] for bar in bars)
    for number, mark in enumerate(marks):
        # names of near lines stand one below the other
        mark["height"] = top * (1.32 - 0.08 * number)
    x: Spec = {
        "type": "quantitative", "scale": {"zero": False, "nice": False},
        "axis": {"title": "Value in points", "grid": False},
    }  # fmt: skip
    y: Spec = {
        "field": "share", "type": "quantitative", "scale": {"domain": [0, top * 1.4]},
        "axis": {"title": "Share of scenarios", "format": ".0%", "tickCount": 4},
    }  # fmt: skip
    return {
        "width": 560,
        "height": 190,
        "layer": [
            {"data": {"values": bars}, "mark": {"type": "rect", "stroke": "white", "strokeWidth": 0.5},
             "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": y, "y2": {"datum": 0},
                          "color": {"condition": {"test": "datum.tail", "value": "#D55E00"}, "value": "#56B4E9"}}},
            {"data": {"values": marks}, "mark": {"type": "rule", "color": INK, "strokeDash": [3, 3]},
             "encoding": {"x": {**x, "field": "value"}, "y": {**y, "field": "height"}, "y2": {"datum": 0}}},
            {"data": {"values": marks},
             "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10, "color": INK, "baseline": "middle"},
             "encoding": {"x": {**x, "field": "value"}, "y": {**y, "field": "height"}, "text": {"field": "name"}}},
        ],
    }  # fmt: skip


def _edge(outlook: PlanOutlook) -> float:
    return float(np.quantile(outlook.values, outlook.alpha))


def _targets(outlook: PlanOutlook) -> Spec:
    rows = sorted(outlook.targets, key=lambda target: (-target.target_met, target.title))
    values = [
        {"title": t.title, "met": t.target_met, "low": t.low, "high": t.high, "shown": f"{t.target_met:.0%}"}
        for t in rows
    ]
    y: Spec = {
        "field": "title", "type": "nominal", "sort": [row.title for row in rows],
        "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 300},
    }  # fmt: skip
    x: Spec = {
        "field": "met", "type": "quantitative", "scale": {"domain": [0, 1.08]},
        "axis": {"title": "Chance that the target is met", "format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]},
    }  # fmt: skip
    return {
        "width": 560,
        "height": {"step": 17},
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "color": "#009E73", "opacity": 0.55, "height": 10}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.5},
             "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}},
            {"mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 10, "color": INK},
             "encoding": {"x": {**x, "field": "high"}, "y": y, "text": {"field": "shown"}}},
        ],
    }  # fmt: skip
