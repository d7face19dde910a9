"""Missions in time, one block of lanes per partner."""

from __future__ import annotations

from legation.briefs.charts.style import GROUP_COLOURS, INK, Spec, month_labels, spec
from legation.briefs.model import Brief, BriefMission

__all__ = ["lanes", "timeline_chart"]

WIDTH = 640
_LETTER = 5.0  # mean width of a letter at the titles' size, in the chart's pixels

# a row's name is the partner, a zero-width space and the lane: the partner is written beside its first lane only
_FIRST_LANE = "split(datum.value, '\u200b')[1] == '00' ? split(datum.value, '\u200b')[0] : ''"


def lanes(missions: list[BriefMission], *, months: int) -> list[tuple[BriefMission, int, str]]:
    """Put missions of one partner into as few lanes as keep bars and their titles apart, earliest first.

    Returns
    -------
    list of (mission, lane, anchor)
        `anchor` says where the title stands: ``start`` right of the bar, ``end`` left of it, ``inside`` cut to it.
    """
    free: list[list[tuple[float, float]]] = []
    placed = []
    for mission in sorted(missions, key=lambda item: (item.planned.start_index, item.planned.mission)):
        begin, finish, anchor = _extent(mission, months=months)
        lane = next(
            (number for number, busy in enumerate(free) if all(finish <= a or b <= begin for a, b in busy)), len(free)
        )
        if lane == len(free):
            free.append([])
        free[lane].append((begin, finish))
        placed.append((mission, lane, anchor))
    return placed


def _extent(mission: BriefMission, *, months: int) -> tuple[float, float, str]:
    """Give the months that a bar and its title cover, and the side on which the title fits."""
    start, end = mission.planned.start_index, mission.planned.start_index + mission.planned.months
    text = (len(mission.planned.title) * _LETTER + 10) * months / WIDTH
    if end + text <= months:
        return start, end + text, "start"
    return (start - text, end, "end") if start >= text else (start, end, "inside")


def _shown(mission: BriefMission, anchor: str, *, months: int) -> str:
    """Give the title, cut to the bar's length where it stands inside."""
    title = mission.planned.title
    room = max(1, int((mission.planned.months * WIDTH / months - 10) / _LETTER))
    return title if anchor != "inside" or len(title) <= room else title[: room - 1] + "\N{HORIZONTAL ELLIPSIS}"


def timeline_chart(brief: Brief) -> Spec:
    """Draw a bar for each mission from its first month to its last, by partner, coloured by kind of instrument."""
    rows: dict[str, list[BriefMission]] = {}
    for mission in brief.missions:
        rows.setdefault(mission.row, []).append(mission)
    values, order = [], []
    for partner in sorted(rows, key=lambda name: (" + " in name, name)):
        for mission, lane, anchor in lanes(rows[partner], months=len(brief.months)):
            row = f"{partner}\u200b{lane:02d}"
            order.append(row)
            planned = mission.planned
            values.append(
                {
                    "row": row, "title": _shown(mission, anchor, months=len(brief.months)),
                    "start": planned.start_index,
                    "end": planned.start_index + planned.months, "group": mission.group, "anchor": anchor,
                }
            )  # fmt: skip
    order = sorted(set(order), key=lambda row: (" + " in row, row))
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
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 6, "labelLimit": 150,
                 "labelExpr": _FIRST_LANE},
    }  # fmt: skip
    texts: list[Spec] = [
        {
            "transform": [{"filter": f"datum.anchor == '{anchor}'"}],
            "mark": {"type": "text", "align": align, "baseline": "middle", "dx": offset, "fontSize": 10, "color": ink},
            "encoding": {"x": {**x, "field": field}, "y": y, "text": {"field": "title"}},
        }
        for anchor, align, offset, field, ink in (
            ("start", "left", 4, "end", INK),
            ("end", "right", -4, "start", INK),
            ("inside", "left", 4, "start", "white"),
        )
    ]
    return spec(
        width=WIDTH,
        height={"step": 14},
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
