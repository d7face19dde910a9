"""Votes drawn from known ideal points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest


@dataclass(frozen=True)
class Drawn:
    """Votes, the pairs of resolutions on the same text, and the true points."""

    votes: pl.DataFrame
    bridges: pl.DataFrame
    truth: pl.DataFrame


def draw(
    seed: int,
    *,
    actors: int = 40,
    sessions: int = 8,
    resolutions: int = 40,
    bridged: int = 10,
    step: float = 0.3,
    jump: float = 0.0,
) -> Drawn:
    """Draw votes; the first `bridged` resolutions of a session come back in the next, and `jump` moves all actors."""
    rng = np.random.default_rng(seed)
    theta = np.cumsum(np.vstack([rng.normal(0, 1, actors), rng.normal(0, step, (sessions - 1, actors)) + jump]), axis=0)
    theta = (theta - theta.mean()) / theta.std()
    beta = rng.normal(0, 1, (sessions, resolutions)) * 1.3
    middle = rng.normal(0, 0.8, (sessions, resolutions))
    gap = rng.uniform(0.2, 0.8, (sessions, resolutions))
    rows, pairs = [], []
    for s in range(sessions):
        if s:
            for one in range(bridged):
                beta[s, one], middle[s, one], gap[s, one] = beta[s - 1, one], middle[s - 1, one], gap[s - 1, one]
                pairs.append((f"{s}-{one}", f"{s + 1}-{one}"))
        latent = theta[s][:, None] * beta[s] + rng.normal(0, 1, (actors, resolutions))
        cast = 1 + (latent > middle[s] - gap[s]).astype(int) + (latent > middle[s] + gap[s]).astype(int)
        present = rng.random(cast.shape) < 0.9
        rows += [
            (s + 1, f"{s + 1}-{r}", f"A{a:02d}", int(cast[a, r]))
            for a in range(actors)
            for r in range(resolutions)
            if present[a, r]
        ]
    truth = pl.DataFrame(
        [(f"A{a:02d}", s + 1, float(theta[s, a])) for s in range(sessions) for a in range(actors)],
        schema=["actor", "session", "truth"],
        orient="row",
    )
    return Drawn(
        votes=pl.DataFrame(rows, schema=["session", "resolution", "actor", "vote"], orient="row").cast(
            {"vote": pl.String}
        ),
        bridges=pl.DataFrame(pairs, schema={"resolution1": pl.String, "resolution2": pl.String}, orient="row"),
        truth=truth,
    )


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Drawn]:
    """Return the function that draws votes."""
    return draw


def ends(truth: pl.DataFrame) -> tuple[str, str]:
    """Return the actors with the highest and the lowest mean."""
    means = truth.group_by("actor").agg(pl.col("truth").mean()).sort("truth")
    return means["actor"][-1], means["actor"][0]


@pytest.fixture(scope="session")
def extremes() -> Callable[[pl.DataFrame], tuple[str, str]]:
    """Return the function that names the two ends of the truth."""
    return ends
