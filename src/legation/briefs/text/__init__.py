"""Results as plain text for a terminal or a text file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

# the function bears its module's name: it is bound here, before the module could take its place
from legation.briefs.text.table import table

if TYPE_CHECKING:
    from legation.briefs.text.cohesion import cohesion_text as cohesion_text
    from legation.briefs.text.counter import counter_text as counter_text
    from legation.briefs.text.cross_impact import cross_impact_text as cross_impact_text
    from legation.briefs.text.negotiation import negotiation_text as negotiation_text
    from legation.briefs.text.plan import comparison_text as comparison_text
    from legation.briefs.text.plan import plan_text as plan_text
    from legation.briefs.text.plan import score_text as score_text
    from legation.briefs.text.relations import landscape_text as landscape_text
    from legation.briefs.text.relations import relation_text as relation_text
    from legation.briefs.text.world import world_text as world_text

__all__ = [
    "cohesion_text",
    "comparison_text",
    "counter_text",
    "cross_impact_text",
    "landscape_text",
    "negotiation_text",
    "plan_text",
    "relation_text",
    "score_text",
    "table",
    "world_text",
]

_HOMES = {
    "cohesion_text": "cohesion",
    "comparison_text": "plan",
    "counter_text": "counter",
    "cross_impact_text": "cross_impact",
    "landscape_text": "relations",
    "negotiation_text": "negotiation",
    "plan_text": "plan",
    "relation_text": "relations",
    "score_text": "plan",
    "world_text": "world",
}


def __getattr__(name: str) -> object:
    """Import a text's module when it is first asked for: a relation needs nothing of a plan."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.briefs.text.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
