"""Ideal points over the sessions, structural balance over the years, blocs on a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from legation.briefs.charts.landscape import title
from legation.briefs.charts.map import Polygons, borders_on, feature
from legation.briefs.charts.style import INK, MUTED, Spec, spec, years_axis

__all__ = ["MOST_PATHS", "balance_chart", "blocs_map", "ideal_points_chart"]

MOST_PATHS = 8
# Okabe and Ito's palette, then greys: more paths than that cannot be told apart
_PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
_WIDTH = 720
_MISSED_YEARS = 1  # session 19, of 1964, had one roll call: a line goes on over it


def ideal_points_chart(points: pl.DataFrame, *, actors: Sequence[str], names: Mapping[str, str]) -> Spec:
    """Draw the ideal points of some actors with their 90 % bands, over a grey field of all others.

    Parameters
    ----------
    points
        Columns actor, year, theta, low, high.
    actors
        Whom to draw, up to eight.
    names
        The name of each, for the lines' ends.
    """
    chosen = points.filter(pl.col("actor").is_in(list(actors))).sort("actor", "year")
    years = chosen["year"]
    first, last = int(years.min()), int(years.max())  # type: ignore[arg-type]
    field = (
        points.filter(pl.col("year").is_between(first, last))
        .group_by("year")
        .agg(pl.col("theta").quantile(0.05).alias("low"), pl.col("theta").quantile(0.95).alias("high"))
        .sort("year")
    )
    x: Spec = {
        "field": "year", "type": "quantitative", "scale": {"domain": _span(first, last), "nice": False},
        "axis": years_axis(first, last),
    }  # fmt: skip
    y: Spec = {"type": "quantitative", "axis": {"title": "Ideal point, standard deviations", "format": ".1f"}}
    colour: Spec = {
        "field": "name", "type": "nominal",
        "scale": {"domain": [names[actor] for actor in actors], "range": list(_PALETTE[: len(actors)])},
        "legend": {"title": None, "orient": "bottom", "columns": 4, "symbolType": "stroke", "symbolStrokeWidth": 3,
                   "symbolOpacity": 1},
    }  # fmt: skip
    named = chosen.with_columns(
        name=pl.col("actor").replace_strict(dict(names), return_dtype=pl.String),
        # a line over years without votes would show points that nobody estimated
        run=(pl.col("year").diff() > _MISSED_YEARS + 1).fill_null(value=False).cum_sum().over("actor"),
    )
    rows = named.select("actor", "name", "run", "year", "theta", "low", "high").to_dicts()
    run: Spec = {"detail": {"field": "run", "type": "nominal"}}
    return spec(
        width=_WIDTH,
        height=320,
        title=title(
            "Ideal points in the UN General Assembly", f"{first} to {last}; grey: the middle 90 % of all members"
        ),
        layer=[
            {
                "data": {"values": field.to_dicts()},
                "mark": {"type": "area", "color": "#eef1f4"},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "area", "opacity": 0.18},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour, **run},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 8}},
                "encoding": {"x": x, "y": {**y, "field": "theta"}, "color": colour, **run},
            },
        ],
    )


def _span(first: int, last: int) -> list[float]:
    """Return the ends of an axis of years; a year by itself stands in its middle."""
    return [first, last] if last > first else [first - 0.5, last + 0.5]


def balance_chart(years: pl.DataFrame) -> Spec:
    """Draw how far the signed network of each year is from two camps: the share of ties in line, and their numbers.

    Parameters
    ----------
    years
        Columns year, ties (m), frustration (L), balance (F = 1 - 2 L / m).
    """
    rows = years.sort("year").select("year", "ties", "frustration", "balance").to_dicts()
    first, last = rows[0]["year"], rows[-1]["year"]
    alone = first == last  # one year makes no line
    x: Spec = {
        "field": "year", "type": "quantitative", "scale": {"domain": _span(first, last), "nice": False},
        "axis": years_axis(first, last),
    }  # fmt: skip
    upper: Spec = {
        "width": _WIDTH, "height": 170, "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 2, "color": "#0072B2", "point": alone},
        "encoding": {
            "x": x,
            "y": {"field": "balance", "type": "quantitative", "scale": {"zero": False},
                  "axis": {"title": "Balance F = 1 - 2 L / m", "format": ".2f", "tickCount": 5}},
        },
    }  # fmt: skip
    counts = [
        {"year": row["year"], "what": what, "value": row[key]}
        for row in rows
        for what, key in (("ties", "ties"), ("ties out of line (L)", "frustration"))
    ]
    lower: Spec = {
        "width": _WIDTH, "height": 130, "data": {"values": counts},
        "mark": {"type": "line", "strokeWidth": 1.6, "point": alone},
        "encoding": {
            "x": x,
            "y": {"field": "value", "type": "quantitative", "scale": {"type": "symlog"},
                  "axis": {"title": "Number of ties", "format": "d", "values": [0, 1, 10, 100, 1000, 10000]}},
            "color": {"field": "what", "type": "nominal",
                      "scale": {"domain": ["ties", "ties out of line (L)"], "range": ["#616e7c", "#D55E00"]},
                      "legend": {"title": None, "orient": "bottom", "symbolType": "stroke"}},
        },
    }  # fmt: skip
    return spec(
        vconcat=[upper, lower],
        spacing=12,
        title=title(
            f"Structural balance, {first} to {last}",
            "1: everybody could stand in one of two camps without a tie out of line; exact for every year",
        ),
    )


def blocs_map(blocs: pl.DataFrame, *, borders: Mapping[str, Polygons], when: str, on: date) -> Spec:
    """Draw blocs on a map: the stronger the colour, the surer the membership.

    Parameters
    ----------
    blocs
        Columns actor, bloc (a number from 1, the largest first), stability in [0, 1].
    borders
        Simplified borders by actor id.
    when
        The period, for the title.
    on
        The day whose states are drawn, in today's borders.
    """
    bloc = dict(blocs.select("actor", "bloc").rows())
    sure = dict(blocs.select("actor", "stability").rows())
    largest = [str(number) for number in sorted(set(bloc.values()))][: len(_PALETTE)]
    features = []
    for actor, shape in borders_on(borders, on).items():
        one = feature(actor, shape, str(bloc.get(actor, "")))
        one["properties"]["sure"] = round(float(sure.get(actor, 0.0)), 3)
        features.append(one)
    known = [one for one in features if one["properties"]["level"] in largest]
    rest = [one for one in features if one["properties"]["level"] not in largest]
    return spec(
        width=860,
        height=420,
        projection={"type": "equalEarth"},
        title=title(
            f"Blocs, {when}",
            "Fainter: the membership changes when the evidence is drawn again; white: none; today's borders",
        ),
        layer=[
            {"data": {"sphere": True}, "mark": {"type": "geoshape", "fill": "#f6f8fa"}},
            {
                "data": {"values": rest},
                "mark": {"type": "geoshape", "stroke": "#c5ccd3", "strokeWidth": 0.4, "fill": "white"},
            },
            {
                "data": {"values": known},
                "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.4},
                "encoding": {
                    "color": {
                        "field": "properties.level", "type": "nominal", "sort": largest,
                        "scale": {"domain": largest, "range": list(_PALETTE[: len(largest)])},
                        "legend": {"title": "Bloc", "orient": "bottom", "columns": 8},
                    },
                    "opacity": {
                        "field": "properties.sure", "type": "quantitative",
                        "scale": {"domain": [0, 1], "range": [0.25, 1]},
                        "legend": {"title": "Stability", "orient": "bottom", "values": [0.25, 0.5, 0.75, 1],
                                   "symbolFillColor": INK, "labelColor": MUTED},
                    },
                },
            },
        ],
    )  # fmt: skip
