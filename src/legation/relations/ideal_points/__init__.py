"""Ideal points of actors from their votes: a dynamic ordinal item-response model with bridges between sessions.

What computes is imported when first used, because it needs NumPy, SciPy and Polars.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.relations.ideal_points.anchors import Anchors as Anchors
    from legation.relations.ideal_points.bridges import bridge_items as bridge_items
    from legation.relations.ideal_points.estimate import estimate_ideal_points as estimate_ideal_points
    from legation.relations.ideal_points.result import IdealPoints as IdealPoints
    from legation.relations.ideal_points.update import update_ideal_points as update_ideal_points
    from legation.relations.ideal_points.world import bridges_by_resid as bridges_by_resid
    from legation.relations.ideal_points.world import ideal_point_table as ideal_point_table

__all__ = [
    "Anchors",
    "IdealPoints",
    "bridge_items",
    "bridges_by_resid",
    "estimate_ideal_points",
    "ideal_point_table",
    "update_ideal_points",
]

_HOMES = {
    "Anchors": "anchors",
    "IdealPoints": "result",
    "bridge_items": "bridges",
    "bridges_by_resid": "world",
    "estimate_ideal_points": "estimate",
    "ideal_point_table": "world",
    "update_ideal_points": "update",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.relations.ideal_points.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
