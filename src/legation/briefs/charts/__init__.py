"""The pictures of a brief as Vega-Lite specifications, and their rendering without a browser."""

from __future__ import annotations

from legation.briefs.charts.cohesion import parts_chart
from legation.briefs.charts.map import relation_map
from legation.briefs.charts.matrix import matrix_chart
from legation.briefs.charts.render import Picture, render
from legation.briefs.charts.spend import spend_chart
from legation.briefs.charts.timeline import timeline_chart

__all__ = ["Picture", "matrix_chart", "parts_chart", "relation_map", "render", "spend_chart", "timeline_chart"]
