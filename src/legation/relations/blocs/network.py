"""A friendly and a hostile layer as one matrix, and the quality of a division of it.

Quality (Gómez, Jensen, Arenas 2009; Traag, Bruggeman 2009): friendly weight inside groups beyond what the actors'
friendly strengths k+ make likely, less hostile weight inside groups beyond what their hostile strengths k- make likely,

    Q = sum over i, j in one group of [ w+_ij - g+ k+_i k+_j / 2m+ - ( w-_ij - g- k-_i k-_j / 2m- ) ] / 2(m+ + m-)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

__all__ = ["SignedNetworkMatrix", "tally"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def tally(group: Places, weight: Floats, groups: int) -> Floats:
    """Add up weights by group; NumPy's own count gives whole numbers where there is nothing to add."""
    return np.bincount(group, weight, groups).astype(np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class SignedNetworkMatrix:
    """A network for the search: ties less expected ties is all that a division is judged by.

    Attributes
    ----------
    ties
        Friendly less hostile weight, symmetric sparse matrix of shape (nodes, nodes); the diagonal holds the weight
        inside a node that stands for several actors, twice.
    friendly, hostile
        Strength of each node in each layer, shape (nodes,).
    friendly_pull, hostile_pull
        Resolution over twice the layer's weight; 0 for a layer without ties.
    weight
        Twice the weight of both layers.
    """

    ties: csr_array
    friendly: Floats
    hostile: Floats
    friendly_pull: float
    hostile_pull: float
    weight: float

    @classmethod
    def of(
        cls,
        nodes: int,
        left: Places,
        right: Places,
        weight: Floats,
        *,
        friendly_resolution: float = 1.0,
        hostile_resolution: float = 1.0,
    ) -> SignedNetworkMatrix:
        """Build a network from ties between places, friendly above 0, hostile below; parallel ties add up."""
        ends, others = np.concatenate((left, right)), np.concatenate((right, left))
        both = np.concatenate((weight, weight))
        friendly = tally(ends, np.maximum(both, 0.0), nodes)
        hostile = tally(ends, np.maximum(-both, 0.0), nodes)
        all_friendly, all_hostile = float(friendly.sum()), float(hostile.sum())
        return cls(
            ties=csr_array((both, (ends, others)), shape=(nodes, nodes)),
            friendly=friendly,
            hostile=hostile,
            friendly_pull=friendly_resolution / all_friendly if all_friendly > 0 else 0.0,
            hostile_pull=hostile_resolution / all_hostile if all_hostile > 0 else 0.0,
            weight=all_friendly + all_hostile,
        )

    def __len__(self) -> int:
        """Give the number of nodes."""
        return len(self.friendly)

    def quality(self, group: Places) -> float:
        """Give Q of a division, by the group of each node."""
        inside = self.ties.tocoo()
        held = float(inside.data[group[inside.row] == group[inside.col]].sum())
        friendly = tally(group, self.friendly, int(group.max()) + 1)
        hostile = tally(group, self.hostile, int(group.max()) + 1)
        expected = self.friendly_pull * float(friendly @ friendly) - self.hostile_pull * float(hostile @ hostile)
        return (held - expected) / self.weight if self.weight > 0 else 0.0

    def merged(self, group: Places) -> SignedNetworkMatrix:
        """Give the network whose nodes are groups of this one's, numbered from 0."""
        groups = int(group.max()) + 1
        into = csr_array((np.ones(len(group)), (np.arange(len(group)), group)), shape=(len(group), groups))
        return SignedNetworkMatrix(
            ties=csr_array(into.T @ self.ties @ into),
            friendly=tally(group, self.friendly, int(group.max()) + 1),
            hostile=tally(group, self.hostile, int(group.max()) + 1),
            friendly_pull=self.friendly_pull,
            hostile_pull=self.hostile_pull,
            weight=self.weight,
        )
