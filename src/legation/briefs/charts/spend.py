"""Spend by budget and month."""

from __future__ import annotations

from legation.briefs.charts.style import INK, Spec, month_labels, spec
from legation.briefs.model import Brief

__all__ = ["spend_chart"]

_COLOURS = ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#B8A900", "#7b8794"]


def spend_chart(brief: Brief) -> Spec:
    """Draw spend by month as bars, one strip for each budget, with what is spent of what is allotted in its heading."""
    currency = brief.plan.currency
    values, order = [], []
    for spending in brief.plan.spending:
        part = f" ({spending.spent / spending.allotted:.0%})" if spending.allotted else ""
        name = f"{spending.title}: {spending.spent / 1000:,.0f} of {spending.allotted / 1000:,.0f} k{currency}{part}"
        order.append(name)
        values += [
            {"budget": name, "month": month.month, "amount": round(month.used / 1000, 3)} for month in spending.months
        ]
    return spec(
        data={"values": values},
        facet={"row": {"field": "budget", "type": "nominal", "sort": order, "title": None,
                       "header": {"labelAngle": 0, "labelOrient": "top", "labelAnchor": "start", "labelPadding": 2}}},
        spacing=8,
        resolve={"scale": {"y": "independent"}},
        spec={
            "width": 700,
            "height": 48,
            "mark": {"type": "bar"},
            "encoding": {
                "x": {"field": "month", "type": "ordinal", "scale": {"domain": list(brief.months)},
                      "axis": {"title": None, "values": month_labels(brief.months), "labelAngle": 0,
                               "labelAlign": "left"}},
                "y": {"field": "amount", "type": "quantitative",
                      "axis": {"title": f"k{currency}", "tickCount": 2, "titleColor": INK}},
                "color": {"field": "budget", "type": "nominal", "legend": None,
                          "scale": {"domain": order, "range": _COLOURS[: max(1, len(order))]}},
            },
        },
    )  # fmt: skip
