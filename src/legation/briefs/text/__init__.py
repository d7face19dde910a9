"""Results as plain text for a terminal or a text file."""

from __future__ import annotations

from legation.briefs.text.cohesion import cohesion_text
from legation.briefs.text.plan import comparison_text, plan_text, score_text
from legation.briefs.text.relations import landscape_text, relation_text
from legation.briefs.text.table import table
from legation.briefs.text.world import world_text

__all__ = [
    "cohesion_text",
    "comparison_text",
    "landscape_text",
    "plan_text",
    "relation_text",
    "score_text",
    "table",
    "world_text",
]
