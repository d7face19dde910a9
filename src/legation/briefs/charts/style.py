"""Colours and type that all pictures share."""

from __future__ import annotations

from typing import Any

__all__ = [
    "GROUP_COLOURS",
    "INK",
    "LEVELS",
    "LEVEL_COLOURS",
    "MUTED",
    "OBSERVER_COLOUR",
    "Spec",
    "month_labels",
    "spec",
    "years_axis",
]

Spec = dict[str, Any]

INK, MUTED, GRID = "#1f2933", "#616e7c", "#e4e7eb"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# the typesetter carries this font itself, so print needs none of the machine's
PRINT_FONT = "Libertinus Serif"

# Okabe and Ito's palette: told apart with every common colour-vision deficiency
GROUP_COLOURS = {
    "Presence": "#999999",
    "Talks": "#0072B2",
    "Confidence and verification": "#56B4E9",
    "Exercises and port calls": "#D55E00",
    "Capacity building": "#009E73",
    "Information sharing": "#CC79A7",
    "Peace operations": "#E69F00",
    "Humanitarian relief": "#B8A900",
    "Other": "#000000",
}

LEVELS = {
    "severe_rivalry": "Severe rivalry",
    "lesser_rivalry": "Lesser rivalry",
    "negative_peace": "Negative peace",
    "warm_peace": "Warm peace",
    "security_community": "Security community",
    "negligible_contact": "Negligible contact",
}
LEVEL_COLOURS = {
    "Severe rivalry": "#a50f26",
    "Lesser rivalry": "#ef8a62",
    "Negative peace": "#fbe3b5",
    "Warm peace": "#8fc3de",
    "Security community": "#2166ac",
    "Negligible contact": "#d5d8dc",
}
OBSERVER_COLOUR = "#1b1b1b"
_FEW_YEARS = 6


def month_labels(months: tuple[str, ...]) -> list[str]:
    """Give the months whose tick carries a label: every third when there are many."""
    step = 1 if len(months) <= 12 else 3 if len(months) <= 48 else 12
    return list(months[::step])


def years_axis(first: int, last: int) -> Spec:
    """Give the axis of some years: each has its tick while they are few, since ticks within a year say nothing."""
    few = last - first < _FEW_YEARS
    return {
        "title": None, "format": "d", "tickMinStep": 1, "grid": False,
        **({"values": list(range(first, last + 1))} if few else {}),
    }  # fmt: skip


def spec(**parts: Any) -> Spec:  # noqa: ANN401 - Vega-Lite's own parts
    """Give a Vega-Lite specification in the common style."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelColor": INK, "titleColor": MUTED, "labelFontSize": 11, "titleFontSize": 11,
                "titleFontWeight": "normal", "gridColor": GRID, "domainColor": "#9aa5b1", "tickColor": "#9aa5b1",
                "labelLimit": 340,
            },
            "legend": {"labelColor": INK, "titleColor": MUTED, "labelFontSize": 11, "titleFontSize": 11,
                       "titleFontWeight": "normal", "symbolType": "square", "labelLimit": 260},
            "header": {"labelColor": INK, "labelFontSize": 11, "labelFontWeight": "bold", "labelLimit": 320},
            "text": {"color": INK, "font": FONT},
        },
        **parts,
    }  # fmt: skip
