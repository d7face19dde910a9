"""Foreign policy similarity: S, kappa, pi, tau-b and A from ties and from votes.

What computes is imported when first used, because it needs NumPy and Polars.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.relations.similarity.measures import MEASURES as MEASURES
    from legation.relations.similarity.measures import similarities as similarities
    from legation.relations.similarity.neighbours import most_changed as most_changed
    from legation.relations.similarity.neighbours import similar_actors as similar_actors
    from legation.relations.similarity.published import members_by_year as members_by_year
    from legation.relations.similarity.published import valued_ties as valued_ties
    from legation.relations.similarity.result import Similarity as Similarity
    from legation.relations.similarity.ties import alliance_similarity as alliance_similarity
    from legation.relations.similarity.votes import vote_similarity as vote_similarity

__all__ = [
    "MEASURES",
    "Similarity",
    "alliance_similarity",
    "members_by_year",
    "most_changed",
    "similar_actors",
    "similarities",
    "valued_ties",
    "vote_similarity",
]

_HOMES = {
    "MEASURES": "measures",
    "Similarity": "result",
    "alliance_similarity": "ties",
    "members_by_year": "published",
    "most_changed": "neighbours",
    "similar_actors": "neighbours",
    "similarities": "measures",
    "valued_ties": "published",
    "vote_similarity": "votes",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then."""
    if name in _HOMES:
        found: object = getattr(import_module(f"legation.relations.similarity.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
