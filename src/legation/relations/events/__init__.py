"""Events to relations: cooperation and hostility of dyads by month, fading with time, free of the growth of news."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.relations.events.scores import SCORE_COLUMNS as SCORE_COLUMNS
    from legation.relations.events.scores import ScoreOptions as ScoreOptions
    from legation.relations.events.scores import dyad_scores as dyad_scores

__all__ = ["SCORE_COLUMNS", "ScoreOptions", "dyad_scores"]


def __getattr__(name: str) -> object:
    """Import the scores only when they are asked for."""
    if name in __all__:
        found: object = getattr(import_module("legation.relations.events.scores"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
