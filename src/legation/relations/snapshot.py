"""How a set of actors stands at one date, as arrays: what cohesion and planning see of the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from legation.actors.lookup import actor as actor_by_id
from legation.errors import InputError, UnknownActorError

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["ALLY", "NO_TREATY", "PARTNER", "UNKNOWN_LEVEL", "RelationsSnapshot", "snapshot"]

UNKNOWN_LEVEL = -1
NO_TREATY, PARTNER, ALLY = 0, 1, 2


@dataclass(frozen=True, kw_only=True, eq=False)
class RelationsSnapshot:
    """How every pair of actors stands as known on a date.

    Parameters
    ----------
    as_of
        The day the relations are read at.
    observer
        The actor whose desk looks; it need not be among `actors`.
    actors
        Distinct actor ids, in the order of rows and columns; n of them.
    alignment
        Shape (n, n), in [-1, 1], symmetric, nan where unknown, 0 on the diagonal.
    tension
        Shape (n, n), in [0, 1], symmetric, nan where unknown, 0 on the diagonal.
    level
        Shape (n, n), int8: 0 severe rivalry, 1 lesser rivalry, 2 negative peace, 3 warm peace, 4 security community,
        5 negligible contact, -1 unknown (and on the diagonal).
    treaty
        Shape (n, n), int8: 2 ally by defence pact, 1 partner by agreement, 0 none.
    sources
        Names and versions of the sources that the figures came from.
    world_hash
        Content hash of the world that was read; empty for figures given by hand.

    Raises
    ------
    InputError
        When shapes, ranges or symmetry are broken, or an actor stands twice.
    """

    as_of: date
    observer: str
    actors: tuple[str, ...]
    alignment: NDArray[np.float64]
    tension: NDArray[np.float64]
    level: NDArray[np.int8]
    treaty: NDArray[np.int8]
    sources: tuple[str, ...] = ()
    world_hash: str = ""

    def __post_init__(self) -> None:
        if len(set(self.actors)) != len(self.actors):
            twice = sorted({name for name in self.actors if self.actors.count(name) > 1})
            raise InputError(
                f"Actors stand twice in the relations snapshot: {', '.join(twice)}.", remedy="List each once."
            )
        for name, low, high in (("alignment", -1, 1), ("tension", 0, 1), ("level", -1, 5), ("treaty", 0, 2)):
            _check_matrix(name, getattr(self, name), size=len(self.actors), low=low, high=high)
        for name in ("alignment", "tension"):
            if np.any(np.diagonal(getattr(self, name)) != 0):
                raise InputError(f"The diagonal of {name} must be 0.", remedy="An actor has no relation with itself.")

    def index(self, actor: str) -> int:
        """Return the row of an actor.

        Raises
        ------
        UnknownActorError
            When the actor is not in the snapshot.
        """
        try:
            return self.actors.index(actor)
        except ValueError:
            raise UnknownActorError(
                f"{actor!r} is not in this relations snapshot of {len(self.actors)} actors.",
                remedy="Name the actor when the snapshot is made.",
                suggestions=tuple(name for name in self.actors if name[:1] == actor[:1]),
            ) from None

    def weights(self) -> NDArray[np.float64]:
        """Return the signed weights W of spill-over.

        Returns
        -------
        NDArray[np.float64]
            Shape (n, n). Alignment with unknown ties as 0, the diagonal and the observer's own row set to 0, and each
            row divided by its sum of absolute values; a row without a known tie stays 0. So each row's absolute sum is
            1 or 0, which bounds the largest shift by max abs(s) / (1 - alpha).
        """
        signed = np.nan_to_num(self.alignment, nan=0.0)
        np.fill_diagonal(signed, 0.0)
        if self.observer in self.actors:
            signed[self.index(self.observer)] = 0.0
        total = np.abs(signed).sum(axis=1, keepdims=True)
        weights: NDArray[np.float64] = np.divide(signed, total, out=np.zeros_like(signed), where=total > 0)
        return weights

    def restrict(self, actors: Sequence[str]) -> RelationsSnapshot:
        """Return the snapshot of some of its actors, in the given order."""
        rows = np.array([self.index(actor) for actor in actors], dtype=np.intp)
        square = np.ix_(rows, rows)
        return RelationsSnapshot(
            as_of=self.as_of,
            observer=self.observer,
            actors=tuple(actors),
            alignment=self.alignment[square],
            tension=self.tension[square],
            level=self.level[square],
            treaty=self.treaty[square],
            sources=self.sources,
            world_hash=self.world_hash,
        )


def _check_matrix(name: str, values: NDArray[Any], *, size: int, low: float, high: float) -> None:
    """Refuse a matrix of the wrong shape, out of range or not symmetric."""
    if values.shape != (size, size):
        raise InputError(f"{name} has shape {values.shape}; {size} actors need ({size}, {size}).")
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    if known.size and (known.min() < low or known.max() > high):
        raise InputError(f"{name} runs from {known.min()} to {known.max()}; allowed is {low} to {high}.")
    if not np.array_equal(values, values.T, equal_nan=values.dtype.kind == "f"):
        raise InputError(f"{name} is not symmetric.", remedy="Give the same figure for a pair in both directions.")


def snapshot(*, observer: str, actors: Sequence[str], as_of: date, world: World | None = None) -> RelationsSnapshot:
    """Return how every pair of actors stands as known on a date.

    Parameters
    ----------
    observer
        The actor whose desk looks.
    actors
        Distinct actor ids. Organisations and others that are no states, and states that do not exist on the day, get
        unknown relations.
    as_of
        The day.
    world
        The world to read; the baseline when left out.

    Raises
    ------
    UnknownActorError
        When an id is nobody's.
    InputError
        When an actor stands twice, or the day lies outside what the world can answer for.
    """
    from legation.evidence.world import open_world
    from legation.relations.answer import TABLES_READ
    from legation.relations.days import refuse_far_day
    from legation.relations.gather import gather
    from legation.relations.held import citations
    from legation.relations.score import score_pairs

    ids = tuple(actors)
    for identifier in (observer, *ids):
        actor_by_id(identifier)
    read = world or open_world()
    refuse_far_day(as_of, world=read)
    size = len(ids)
    alignment, tension = np.full((size, size), np.nan), np.full((size, size), np.nan)
    np.fill_diagonal(alignment, 0.0)
    np.fill_diagonal(tension, 0.0)
    level = np.full((size, size), UNKNOWN_LEVEL, dtype=np.int8)
    treaty = np.full((size, size), NO_TREATY, dtype=np.int8)
    living = np.array([place for place, name in enumerate(ids) if actor_by_id(name).exists(as_of)], dtype=np.intp)
    upper = np.triu_indices(len(living), k=1)
    first, second = living[upper[0]], living[upper[1]]
    if len(set(ids)) == size and len(first):
        gathered = gather(read, ids, first=first, second=second, as_of=as_of)
        score = score_pairs(gathered.evidence)
        for matrix, values in (
            (alignment, score.alignment),
            (tension, score.tension),
            (level, score.level),
            (treaty, gathered.evidence.treaty),
        ):
            matrix[first, second] = values
            matrix[second, first] = values
    return RelationsSnapshot(
        as_of=as_of,
        observer=observer,
        actors=ids,
        alignment=alignment,
        tension=tension,
        level=level,
        treaty=treaty,
        sources=citations(read, TABLES_READ),
        world_hash=read.content_hash,
    )
