"""Local balance: triads that hold together, by actor and for the whole network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

__all__ = ["LocalBalance", "local_balance"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class LocalBalance:
    """Triads and ties of each actor; arrays of shape (actors,).

    Attributes
    ----------
    triads
        Triads (three actors tied to each other) that the actor is in.
    balanced
        Share of them that is balanced (an even number of hostile ties), each weighted by the product of its three
        weights; nan without triads.
    strength
        Weight of the actor's ties.
    frustrated
        Share of that weight on ties that the division into camps leaves frustrated; nan without ties.
    all_triads
        Triads of the network.
    triangle_index
        Share of the network's triads that is balanced, weighted; nan without triads.
    """

    triads: Places
    balanced: Floats
    strength: Floats
    frustrated: Floats
    all_triads: int
    triangle_index: float


def local_balance(nodes: int, left: Places, right: Places, weight: Floats, *, cut: NDArray[np.bool_]) -> LocalBalance:
    """Count balanced triads at each actor.

    Parameters
    ----------
    nodes
        How many actors there are.
    left, right, weight
        Ties between two places each, with signed weight; shape (ties,), no pair twice.
    cut
        Ties that the division into camps leaves frustrated, shape (ties,).
    """
    signed = _matrix(nodes, left, right, weight)
    plain = _matrix(nodes, left, right, np.abs(weight))
    links = _matrix(nodes, left, right, np.ones_like(weight))
    # each triad at an actor is walked in both directions
    turned, total = _closed(signed), _closed(plain)
    counts = np.rint(_closed(links) / 2.0).astype(np.int64)
    strength = _spread(nodes, left, right, np.abs(weight))
    lost = _spread(nodes, left, right, np.abs(weight) * cut)
    with np.errstate(invalid="ignore", divide="ignore"):
        balanced = np.where(counts > 0, (turned + total) / (2.0 * total), np.nan)
        frustrated = np.where(strength > 0, lost / strength, np.nan)
    whole = float(total.sum())
    return LocalBalance(
        triads=counts,
        balanced=np.clip(balanced, 0.0, 1.0),
        strength=strength,
        frustrated=frustrated,
        all_triads=int(counts.sum()) // 3,
        triangle_index=float(turned.sum() + whole) / (2.0 * whole) if whole > 0 else float("nan"),
    )


def _matrix(nodes: int, left: Places, right: Places, weight: Floats) -> csr_array:
    return csr_array(
        (np.concatenate((weight, weight)), (np.concatenate((left, right)), np.concatenate((right, left)))),
        shape=(nodes, nodes),
    )


def _closed(matrix: csr_array) -> Floats:
    """Give the weight of closed walks of three steps at each node."""
    return np.asarray((matrix @ matrix).multiply(matrix).sum(axis=1)).ravel()


def _spread(nodes: int, left: Places, right: Places, weight: Floats) -> Floats:
    return np.asarray(np.bincount(left, weight, nodes) + np.bincount(right, weight, nodes), float)
