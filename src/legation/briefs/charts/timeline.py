"""Missions in time, one block of lanes per partner."""

from __future__ import annotations

from legation.briefs.charts.style import GROUP_COLOURS, Spec, month_labels, spec
from legation.briefs.model import Brief, BriefMission

__all__ = ["lanes", "timeline_chart"]

# a row's name is the partner, a zero-width space and the lane: the partner is written beside its first lane only
_FIRST_LANE = "split(datum.value, '\u200b')[1] == '0' ? split(datum.value, '\u200b')[0] : ''"


def lanes(missions: list[BriefMission]) -> list[tuple[BriefMission, int]]:
    """Put missions of one partner into as few lanes as keep them apart, earliest first."""
    free: list[int] = []
    placed = []
    for mission in sorted(missions, key=lambda item: (item.planned.start_index, item.planned.mission)):
        start, end = mission.planned.start_index, mission.planned.start_index + mission.planned.months
        lane = next((number for number, busy in enumerate(free) if busy <= start), len(free))
        if lane == len(free):
            free.append(end)
        else:
            free[lane] = end
        placed.append((mission, lane))
    return placed


def timeline_chart(brief: Brief) -> Spec:
    """Draw a bar for each mission from its first month to its last, by partner, coloured by kind of instrument."""
    rows: dict[str, list[BriefMission]] = {}
    for mission in brief.missions:
        rows.setdefault(mission.row, []).append(mission)
    values, order = [], []
    for partner in sorted(rows, key=lambda name: (" + " in name, name)):
        for mission, lane in lanes(rows[partner]):
            row = f"{partner}\u200b{lane}"
            if row not in order:
                order.append(row)
            planned = mission.planned
            values.append(
                {
                    "row": row, "partner": partner if lane == 0 else "", "title": planned.title,
                    "start": planned.start_index, "end": planned.start_index + planned.months,
                    "group": mission.group,
                    "anchor": "end" if planned.start_index > 0.6 * len(brief.months) else "start",
                }
            )  # fmt: skip
    order.sort(key=lambda row: (" + " in row, row))
    present = [group for group in GROUP_COLOURS if any(value["group"] == group for value in values)]
    ticks = [brief.months.index(month) for month in month_labels(brief.months)]
    names = "".join(f"datum.value == {tick} ? '{brief.months[tick]}' : " for tick in ticks) + "''"
    x: Spec = {
        "field": "start", "type": "quantitative",
        "scale": {"domain": [0, len(brief.months)], "nice": False},
        "axis": {"title": None, "values": ticks, "labelExpr": names, "orient": "top", "grid": True},
    }  # fmt: skip
    y: Spec = {
        "field": "row", "type": "nominal", "sort": order,
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 6, "labelLimit": 200,
                 "labelExpr": _FIRST_LANE},
    }  # fmt: skip
    texts: list[Spec] = [
        {
            "transform": [{"filter": f"datum.anchor == '{anchor}'"}],
            "mark": {"type": "text", "align": align, "baseline": "middle", "dx": offset, "fontSize": 10},
            "encoding": {"x": {**x, "field": field}, "y": y, "text": {"field": "title"}},
        }
        for anchor, align, offset, field in (("start", "left", 4, "end"), ("end", "right", -4, "start"))
    ]
    return spec(
        width=760,
        height={"step": 17},
        data={"values": values},
        layer=[
            {
                "mark": {"type": "bar", "height": 11, "cornerRadius": 2},
                "encoding": {
                    "x": x, "x2": {"field": "end"}, "y": y,
                    "color": {"field": "group", "type": "nominal",
                              "scale": {"domain": present, "range": [GROUP_COLOURS[group] for group in present]},
                              "legend": {"title": None, "orient": "bottom", "columns": 4}},
                },
            },
            *texts,
        ],
    )  # fmt: skip
