"""Votes as arrays: who votes on which item, sorted so that every sum runs in one fixed order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["Bools", "Floats", "Ints", "Panel", "add_up", "make_panel", "without_unanimous"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Half the variance of the random walk with equal numbers of votes: published with the model (Bailey et al. 2017).
_SMOOTH = 0.5


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Votes of N actor-sessions on J items in T sessions.

    A vote that lies on one side of a single cutpoint is *outer* (yes below the first, no above the second); an
    abstention between two cutpoints is *inner*. On an item without abstentions there is one cutpoint, held twice.

    Parameters
    ----------
    points
        One row per actor and session, sorted by them: actor, session, year, n_votes.
    items
        The items' names, J of them.
    outer_point, outer_item, outer_sign, outer_cut
        For each outer vote: its point, its item, 1 for below and -1 for above, and 2 * item + which cutpoint.
    inner_point, inner_item
        For each abstention between two cutpoints.
    single
        Whether an item has one cutpoint only, shape (J,).
    counts
        Yes, abstain, no by item, shape (J, 3).
    lag
        The precision of the step from the row before, 0 for an actor's first, shape (N,).
    lead
        The precision with which an actor's first point leans on its second, shape (N,).
    session
        The place of each point's session in the order of sessions, shape (N,).
    """

    points: pl.DataFrame
    items: list[str]
    outer_point: Ints
    outer_item: Ints
    outer_sign: Floats
    outer_cut: Ints
    inner_point: Ints
    inner_item: Ints
    single: Bools
    counts: Floats
    lag: Floats
    lead: Floats
    session: Ints


def add_up(where: Ints, values: Floats, size: int) -> Floats:
    """Add values up by place, in the order they stand in, shape (size,)."""
    sums: Floats = np.bincount(where, values, size).astype(np.float64, copy=False)
    return sums


def without_unanimous(votes: pl.DataFrame) -> pl.DataFrame:
    """Return the votes on items on which not all votes are the same; they alone say who stands where."""
    kinds = votes.group_by("item").agg(pl.col("vote").n_unique().alias("kinds"))
    told = kinds.filter(pl.col("kinds") > 1)["item"].implode()
    return votes.filter(pl.col("item").is_in(told))


def make_panel(votes: pl.DataFrame) -> Panel:
    """Index the votes.

    Parameters
    ----------
    votes
        Columns actor, session, year, item, vote (1 yes, 2 abstain, 3 no); no item unanimous.
    """
    points = (
        votes.group_by("actor", "session").agg(pl.col("year").min(), pl.len().alias("n_votes")).sort("actor", "session")
    )
    names = votes["item"].unique().sort()
    indexed = (
        votes.join(points.with_row_index("point").select("actor", "session", "point"), on=["actor", "session"])
        .join(pl.DataFrame({"item": names}).with_row_index("place"), on="item")
        .sort("place", "point")
    )
    point = indexed["point"].to_numpy().astype(np.int64)
    item = indexed["place"].to_numpy().astype(np.int64)
    vote = indexed["vote"].to_numpy().astype(np.int64)
    counts = np.stack([np.bincount(item[vote == kind], minlength=len(names)) for kind in (1, 2, 3)], axis=1)
    inner = vote == 2
    outer = ~inner
    lag, lead = _steps(points)
    return Panel(
        points=points,
        items=names.to_list(),
        outer_point=point[outer],
        outer_item=item[outer],
        outer_sign=np.where(vote[outer] == 1, 1.0, -1.0),
        outer_cut=2 * item[outer] + (vote[outer] == 3),
        inner_point=point[inner],
        inner_item=item[inner],
        single=counts[:, 1] == 0,
        counts=counts.astype(np.float64),
        lag=lag,
        lead=lead,
        session=points["session"].rank("dense").to_numpy().astype(np.int64) - 1,
    )


def _steps(points: pl.DataFrame) -> tuple[Floats, Floats]:
    """Return the precisions (n_t + n_before) / (.5 n_t) of the random walk: the more votes now, the freer the step."""
    actor = points["actor"].to_numpy()
    votes = points["n_votes"].to_numpy().astype(np.float64)
    follows = np.r_[False, actor[1:] == actor[:-1]]
    lag = np.zeros(len(votes))
    both = np.zeros(len(votes))
    both[1:] = votes[1:] + votes[:-1]
    lag[follows] = both[follows] / (_SMOOTH * votes[follows])
    lead = np.zeros(len(votes))
    before_second = np.flatnonzero(follows & ~np.r_[False, follows[:-1]]) - 1
    lead[before_second] = both[before_second + 1] / (_SMOOTH * votes[before_second])
    return lag, lead
