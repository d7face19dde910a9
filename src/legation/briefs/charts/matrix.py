"""Objectives by month: where in the calendar each objective is served."""

from __future__ import annotations

from collections import defaultdict

from legation.briefs.charts.style import INK, MUTED, Spec, month_labels, spec
from legation.briefs.model import Brief

__all__ = ["matrix_chart"]


def matrix_chart(brief: Brief) -> Spec:
    """Draw the objective-by-month matrix beside each objective's net contribution with its interval.

    A mission's contribution is spread evenly over its months; the bar on the right is the sum at the plan's end, in
    units of the objective's target, 1 being the target.
    """
    cells: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for mission in brief.missions:
        planned = mission.planned
        for month in brief.months[planned.start_index : planned.start_index + planned.months]:
            for served in planned.serves:
                cell = cells[served.objective, month]
                cell[0] += served.contribution / planned.months
                cell[1] += 1
    order = [objective.objective for objective in brief.plan.objectives]
    titles = {objective.objective: f"{objective.title}" for objective in brief.plan.objectives}
    values = [
        {"objective": titles[objective], "month": month, "given": round(cell[0], 4), "missions": int(cell[1])}
        for (objective, month), cell in sorted(cells.items())
    ]
    peak = max((abs(cell[0]) for cell in cells.values()), default=1.0) or 1.0
    ends = [
        {
            "objective": objective.title, "net": round(objective.n, 3), "low": round(objective.n_low, 3),
            "high": round(objective.n_high, 3), "weight": objective.share,
            "state": "target reached" if objective.n >= 1 else "below the target",
            "shown": f"{objective.n:.0%}",
        }
        for objective in brief.plan.objectives
    ]  # fmt: skip
    height = {"step": 19}
    y = {
        "field": "objective", "type": "nominal", "sort": [titles[name] for name in order],
        "axis": {"title": None, "labelLimit": 380, "ticks": False, "domain": False, "labelPadding": 6},
    }  # fmt: skip
    grid: Spec = {
        "width": max(240, 16 * len(brief.months)),
        "height": height,
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": "white", "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "month", "type": "ordinal", "scale": {"domain": list(brief.months)},
                "axis": {"title": None, "values": month_labels(brief.months), "labelAngle": 0, "ticks": True,
                         "domain": False, "labelOverlap": False, "labelAlign": "left"},
            },
            "y": y,
            "color": {
                "field": "given", "type": "quantitative",
                # signed roots, so that many small contributions show beside a few large ones
                "scale": {"type": "sqrt", "domain": [-peak, 0, peak], "range": ["#b35806", "#f2f4f6", "#08519c"],
                          "interpolate": "rgb"},
                "legend": {"title": "Contribution a month, in targets", "orient": "bottom", "direction": "horizontal",
                           "gradientLength": 180, "format": "+.2f", "values": [-peak, -peak / 4, 0, peak / 4, peak]},
            },
        },
    }  # fmt: skip
    bottom = min([0.0, *(end["low"] for end in ends)])
    top = max([1.2, *(end["high"] for end in ends)])
    x = {
        "field": "net", "type": "quantitative", "scale": {"domain": [bottom, top], "nice": False},
        "axis": {"title": "Net at the end (1 = target)", "tickCount": 4, "format": ".1f", "grid": False},
    }  # fmt: skip
    side_y = {**y, "axis": None}
    bars: Spec = {
        "width": 140,
        "height": height,
        "data": {"values": ends},
        "layer": [
            {
                "mark": {"type": "bar", "height": 11},
                "encoding": {
                    "x": x, "y": side_y,
                    "color": {"field": "state", "type": "nominal",
                              "scale": {"domain": ["target reached", "below the target"],
                                        "range": ["#0b6e4f", "#9fc6b8"]},
                              "legend": {"title": None, "orient": "bottom"}},
                },
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": side_y},
            },
            {"mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 2]}, "encoding": {"x": {"datum": 1}}},
        ],
    }  # fmt: skip
    return spec(hconcat=[grid, bars], spacing=12, resolve={"scale": {"color": "independent"}})
