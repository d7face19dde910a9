"""How stable blocs are: the search run again on ties drawn with replacement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.relations.blocs.leiden import best_division
from legation.relations.blocs.network import SignedNetworkMatrix

__all__ = ["REAPPEARS", "Stability", "bootstrap"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

REAPPEARS = 0.75
"""Jaccard overlap from which a bloc counts as found again (Hennig 2007)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Stability:
    """What the repeated searches found.

    Attributes
    ----------
    together
        For each two actors the share of draws in which they are in one bloc, of those in which both have a tie; shape
        (actors, actors), nan where that never happened.
    jaccard
        Mean over draws of each bloc's best overlap with a bloc found; shape (blocs,), nan if it never had two actors.
    reappears
        Share of draws in which that overlap is at least `REAPPEARS`.
    blocs
        Blocs of two or more actors in each draw, shape (draws,).
    """

    together: Floats
    jaccard: Floats
    reappears: Floats
    blocs: Places


def bootstrap(
    nodes: int,
    left: Places,
    right: Places,
    weight: Floats,
    *,
    group: Places,
    draws: int,
    rng: np.random.Generator,
    runs: int,
    resolutions: tuple[float, float],
) -> Stability:
    """Draw as many ties as there are, with replacement, and divide again.

    A tie drawn twice counts twice. An actor that no drawn tie reaches says nothing in that draw. Ties are drawn one by
    one, so what the figures leave out is that ties of one treaty come and go together.
    """
    same: Floats = np.zeros((nodes, nodes))
    seen: Floats = np.zeros((nodes, nodes))
    count = int(group.max()) + 1
    overlaps = np.full((draws, count), np.nan)
    blocs = np.zeros(draws, np.int64)
    for draw in range(draws):
        times = rng.multinomial(len(weight), np.full(len(weight), 1.0 / len(weight)))
        kept = times > 0
        network = SignedNetworkMatrix.of(
            nodes,
            left[kept],
            right[kept],
            weight[kept] * times[kept],
            friendly_resolution=resolutions[0],
            hostile_resolution=resolutions[1],
        )
        here = np.zeros(nodes, bool)
        here[left[kept]] = here[right[kept]] = True
        found = best_division(network, rng=rng, runs=runs).group
        table = found[:, None] == found
        both = here[:, None] & here
        same += table & both
        seen += both
        overlaps[draw] = _overlaps(group[here], found[here], count)
        blocs[draw] = int((np.bincount(found[here]) > 1).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        together = np.where(seen > 0, same / seen, np.nan)
    known = ~np.isnan(overlaps)
    times_known = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        jaccard = np.where(known, overlaps, 0.0).sum(axis=0) / times_known
        reappears = (known & (np.nan_to_num(overlaps) >= REAPPEARS)).sum(axis=0) / times_known
    return Stability(together=together, jaccard=jaccard, reappears=reappears, blocs=blocs)


def _overlaps(group: Places, found: Places, count: int) -> Floats:
    """Give for each bloc its best Jaccard overlap with one found, among the actors present; nan if none is."""
    table = np.zeros((count, int(found.max()) + 1))
    np.add.at(table, (group, found), 1.0)
    own = table.sum(axis=1)
    union = own[:, None] + table.sum(axis=0) - table
    best = (table / np.maximum(union, 1.0)).max(axis=1)
    return np.where(own > 0, best, np.nan)
