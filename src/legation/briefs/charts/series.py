"""A relation over time with its drivers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from legation.briefs.charts.style import INK, LEVEL_COLOURS, LEVELS, MUTED, Spec, spec, years_axis
from legation.relations.series import RelationSeries

__all__ = ["relation_series_chart"]

_WIDTH = 720
_ALIGNMENT, _TENSION = "#0072B2", "#D55E00"
# Okabe and Ito's palette; drivers take colours in the order in which they first appear
_PALETTE = ("#D55E00", "#E69F00", "#CC79A7", "#009E73", "#56B4E9", "#0072B2", "#F0E442", "#999999")


def relation_series_chart(series: RelationSeries) -> Spec:
    """Draw alignment and tension with their 90 % bands, what tension consists of, and the level of each year."""
    years = [answer.as_of.year for answer in series.relations]
    x: Spec = {
        "field": "year", "type": "quantitative",
        "scale": {"domain": [min(years) - 0.5, max(years) + 0.5], "nice": False},
        "axis": years_axis(min(years), max(years)),
    }  # fmt: skip
    panels = (_lines(series, x), _drivers(series, x), _levels(series, x))
    return spec(
        vconcat=[panel for panel in panels if panel["data"]["values"]],
        spacing=14,
        resolve={"scale": {"color": "independent"}},
        title={
            "text": f"{series.name_a} and {series.name_b}", "anchor": "start", "fontSize": 15, "color": INK,
            "subtitle": f"{min(years)} to {max(years)}, each year from the evidence up to its end",
            "subtitleColor": MUTED, "offset": 12,
        },
    )  # fmt: skip


def _lines(series: RelationSeries, x: Spec) -> Spec:
    values: list[dict[str, Any]] = [
        {"year": answer.as_of.year, "what": what, "value": figure.value, "low": figure.low, "high": figure.high}
        for answer in series.relations
        for what, figure in (("Alignment", answer.alignment), ("Tension", answer.tension))
        if figure is not None
    ]
    known = sorted({value["year"] for value in values})
    runs = {year: sum(b - a > 1 for a, b in pairwise(known[: place + 1])) for place, year in enumerate(known)}
    values = [{**value, "run": runs[value["year"]]} for value in values]
    run: Spec = {"detail": {"field": "run", "type": "nominal"}}
    colour: Spec = {
        "field": "what", "type": "nominal",
        "scale": {"domain": ["Alignment", "Tension"], "range": [_ALIGNMENT, _TENSION]},
        "legend": {"title": None, "orient": "top", "symbolType": "stroke", "symbolOpacity": 1, "symbolStrokeWidth": 3},
    }  # fmt: skip
    low = min([-0.2, *(value["low"] for value in values)])
    y: Spec = {
        "type": "quantitative", "scale": {"domain": [low, 1], "nice": False},
        "axis": {"title": "Alignment and tension, 90 % bands", "format": ".1f", "tickCount": 6},
    }  # fmt: skip
    return {
        "width": _WIDTH,
        "height": 190,
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "area", "opacity": 0.16}, "encoding": {
                "x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour, **run}},
            {"mark": {"type": "line", "strokeWidth": 2, "point": {"size": 14}}, "encoding": {
                "x": x, "y": {**y, "field": "value"}, "color": colour, **run}},
            {"mark": {"type": "rule", "color": MUTED, "strokeWidth": 0.7}, "encoding": {"y": {"datum": 0}}},
        ],
    }  # fmt: skip


def _drivers(series: RelationSeries, x: Spec) -> Spec:
    values = [
        {"year": answer.as_of.year, "driver": driver.name.replace("_", " "), "value": driver.value}
        for answer in series.relations
        for driver in answer.drivers
    ]  # fmt: skip
    names = list(dict.fromkeys(value["driver"] for value in values))
    return {
        "width": _WIDTH,
        "height": 110,
        "data": {"values": values},
        "mark": {"type": "bar", "size": max(2, min(22, int(_WIDTH / max(1, len(series.relations)) * 0.75)))},
        "encoding": {
            "x": x,
            "y": {
                "field": "value", "type": "quantitative", "stack": "zero",
                "axis": {"title": "Tension's drivers", "format": ".2f", "tickCount": 4},
            },
            "color": {
                "field": "driver", "type": "nominal",
                "scale": {"domain": names, "range": [_PALETTE[i % len(_PALETTE)] for i in range(len(names))]},
                "legend": {"title": None, "orient": "bottom", "columns": 4},
            },
        },
    }  # fmt: skip


def _levels(series: RelationSeries, x: Spec) -> Spec:
    values = [
        {"year": answer.as_of.year, "level": LEVELS[level], "probability": p}
        for answer in series.relations
        for level, p in answer.level_probabilities.items()
    ]
    places = {name: place for place, name in enumerate(LEVEL_COLOURS)}
    values = [{**value, "order": places[str(value["level"])]} for value in values]
    return {
        "width": _WIDTH,
        "height": 90,
        "data": {"values": values},
        "mark": {"type": "bar", "size": max(2, min(22, int(_WIDTH / max(1, len(series.relations)) * 0.95)))},
        "encoding": {
            "x": x,
            "y": {
                "field": "probability", "type": "quantitative", "stack": "zero", "scale": {"domain": [0, 1]},
                "axis": {"title": "Level, probability", "format": ".0%", "tickCount": 3},
            },
            "order": {"field": "order", "type": "quantitative"},
            "color": {
                "field": "level", "type": "nominal",
                "scale": {"domain": list(LEVEL_COLOURS), "range": list(LEVEL_COLOURS.values())},
                "legend": {"title": None, "orient": "bottom", "columns": 6},
            },
        },
    }  # fmt: skip
