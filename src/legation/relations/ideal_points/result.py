"""What an estimate of ideal points holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

__all__ = ["Diagnostics", "IdealPoints"]


@dataclass(frozen=True, kw_only=True)
class Diagnostics:
    """How the estimate came about.

    Parameters
    ----------
    votes, resolutions, items
        Votes used, resolutions they were cast on, and items: resolutions of one bridge are one item.
    bridge_pairs
        Pairs of resolutions whose both members are in the votes used.
    dropped
        Votes dropped, by rule.
    sweeps
        Passes over actors and items.
    change
        The largest change of an ideal point in the last pass.
    converged
        Whether that change is below the tolerance.
    log_likelihood
        Of the votes used, at the estimate.
    """

    votes: int
    resolutions: int
    items: int
    bridge_pairs: int
    dropped: Mapping[str, int]
    sweeps: int
    change: float
    converged: bool
    log_likelihood: float


@dataclass(frozen=True, kw_only=True)
class IdealPoints:
    """Ideal points with their uncertainty.

    Parameters
    ----------
    frame
        One row per actor and session: actor, session, year, theta, se, low, high (90 per cent), n_votes.
    items
        One row per resolution: resolution, session, item, beta, g1, g2, se_beta; a cutpoint is missing where nobody
        voted on one of its sides.
    sessions
        One row per session: session, year, actors, resolutions, bridged (resolutions shared with another session),
        drift_se (standard error of the whole session's place on the scale), spread_se (of its spread, as a share).
    diagnostics
        How the estimate came about.
    notes
        What a reader must know, in sentences.
    """

    frame: pl.DataFrame
    items: pl.DataFrame
    sessions: pl.DataFrame
    diagnostics: Diagnostics
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Say in a line what was estimated."""
        found = self.diagnostics
        return (
            f"Ideal points of {self.frame['actor'].n_unique():,} actors in {self.sessions.height:,} sessions: "
            f"{found.votes:,} votes on {found.resolutions:,} resolutions ({found.items:,} items), "
            f"{found.sweeps} sweeps, last change {found.change:.4f}."
        )
