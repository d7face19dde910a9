"""Invented relations over a desk's partners."""

from __future__ import annotations

from datetime import date

import numpy as np

from legation.desk.desk import Desk
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["generate_relations"]


def generate_relations(desk: Desk, *, seed: int = 1) -> RelationsSnapshot:
    """Make a relations snapshot over all partners of a desk; the same seed makes the same one."""
    rng = np.random.default_rng(seed)
    names = {partner for mission in desk.missions for partner in mission.partners}
    names |= {actor for objective in desk.objectives for actor in objective.needs}
    actors = tuple(sorted(names))
    upper = np.triu(np.clip(rng.normal(0.2, 0.4, (len(actors), len(actors))), -1, 1), 1)
    tension = np.triu(rng.uniform(0, 0.6, upper.shape), 1)
    return RelationsSnapshot(
        as_of=date(2026, 12, 31),
        observer=desk.info.observer,
        actors=actors,
        alignment=upper + upper.T,
        tension=tension + tension.T,
        level=np.full(upper.shape, -1, np.int8),
        treaty=np.zeros(upper.shape, np.int8),
        sources=("generated",),
    )
