"""The five pictures of a brief, in the order in which they stand on the page."""

from __future__ import annotations

from collections.abc import Mapping

from legation.briefs.charts import (
    Picture,
    matrix_chart,
    parts_chart,
    relation_map,
    render,
    spend_chart,
    timeline_chart,
)
from legation.briefs.charts.map import Polygons
from legation.briefs.model import Brief

__all__ = ["pictures_of"]


def pictures_of(brief: Brief, *, borders: Mapping[str, Polygons]) -> tuple[Picture, ...]:
    """Draw the objective-by-month matrix, the timeline, the map, the cohesion parts and the spend.

    A plan without missions has no timeline.
    """
    served = sum(objective.n >= 1 for objective in brief.plan.objectives)
    pictures = [
        render(
            matrix_chart(brief),
            name="matrix",
            title="What each objective gets, month by month",
            description=f"{served} of {len(brief.plan.objectives)} objectives reach their target. Blue cells help in "
            "that month, orange ones harm; the bars show the net at the end with its interval from the effects' low "
            "and high values.",
        )
    ]
    if brief.missions:
        pictures.append(
            render(
                timeline_chart(brief),
                name="timeline",
                title="When, with whom",
                description=f"{len(brief.missions)} missions from {brief.period}, by partner and kind of instrument.",
            )
        )
    return (
        *pictures,
        render(
            relation_map(brief, borders=borders),
            name="map",
            title=f"How {brief.observer_name} stands to others",
            description=f"Relation level on {brief.relations_as_of}, by the world's documented score, no trained "
            f"model; allies by treaty outlined, {brief.observer_name} in black, actors that the score does "
            "not cover in grey. A level is not an alliance: treaty status stands beside it in the table of partners.",
        ),
        render(
            parts_chart(brief),
            name="parts",
            title="How well it fits together",
            description="Each part of cohesion with its interval from the effects' low and high values.",
        ),
        render(
            spend_chart(brief),
            name="spend",
            title="What it costs, by budget and month",
            description=f"{brief.plan.cost:,.0f} {brief.plan.currency} at {brief.plan.price_year} prices in all.",
        ),
    )
