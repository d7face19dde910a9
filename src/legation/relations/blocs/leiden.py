"""Search for the division of highest quality: local moves, refinement, merging (Traag, Waltman, van Eck 2019).

Written from the paper for signed layers: a group may be better without friendly ties to a node if it shares its
enemies, so every group and a new one are tried for each move, not the neighbours' alone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from legation.relations.blocs.network import SignedNetworkMatrix, tally

__all__ = ["Division", "best_division"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

# gains below this share of the network's weight are rounding
_NOTHING = 1e-12
_ROUNDS = 50


@dataclass(frozen=True, kw_only=True, eq=False)
class Division:
    """A division of a network into groups.

    Attributes
    ----------
    group
        Group of each node, shape (nodes,), numbered from 0, the largest first.
    quality
        Its Q.
    """

    group: Places
    quality: float


def best_division(network: SignedNetworkMatrix, *, rng: np.random.Generator, runs: int = 10) -> Division:
    """Search from several starts in random order and give the best division found.

    The search is a heuristic: no division next to it, by one actor's move, is better, but another may be.

    Parameters
    ----------
    network
        What to divide.
    rng
        Random numbers for the order of moves; the same seed gives the same division.
    runs
        How many searches to start.
    """
    best: Division | None = None
    size = len(network)
    for run in range(runs):
        # every second search starts from a random division: single nodes alone can lead to the same trap each time
        start = rng.integers(0, int(rng.integers(2, size + 2)), size) if run % 2 else np.arange(size)
        group = _ordered(_search(network, start.astype(np.int64), rng))
        found = Division(group=group, quality=network.quality(group))
        if best is None or found.quality > best.quality + _NOTHING:
            best = found
    if best is None:
        return Division(group=np.zeros(len(network), np.int64), quality=0.0)
    return best


def _search(network: SignedNetworkMatrix, group: Places, rng: np.random.Generator) -> Places:
    """Improve a division until neither moves nor merges help."""
    for _ in range(_ROUNDS):
        before = network.quality(group)
        # which node of the level each actor is in
        level, member = network, np.arange(len(network), dtype=np.int64)
        coarse = group
        while True:
            coarse = _Moves(level, coarse, rng).until_stable()
            if int(coarse.max()) + 1 == len(level):
                break
            fine = _refine(level, coarse, rng)
            if int(fine.max()) + 1 == len(level):
                break
            above = np.zeros(int(fine.max()) + 1, np.int64)
            above[fine] = coarse
            level, member, coarse = level.merged(fine), fine[member], above
        group = _compact(coarse[member])
        if network.quality(group) <= before + _NOTHING:
            return group
    return group


class _Moves:
    """Groups of a level with what a move needs at hand."""

    def __init__(self, network: SignedNetworkMatrix, group: Places, rng: np.random.Generator) -> None:
        self.network, self.rng = network, rng
        self.group = _compact(group).copy()
        size = len(network)
        self.members = np.bincount(self.group, minlength=size)
        self.friendly = tally(self.group, network.friendly, size)
        self.hostile = tally(self.group, network.hostile, size)
        self.least = _NOTHING * network.weight

    def gains(self, node: int) -> Floats:
        """Give what each group holds for a node, its own without it, beyond what is expected."""
        network, own = self.network, self.group[node]
        friendly, hostile = network.friendly[node], network.hostile[node]
        near = slice(network.ties.indptr[node], network.ties.indptr[node + 1])
        others = network.ties.indices[near]
        ties = np.where(others == node, 0.0, network.ties.data[near])
        gain = tally(self.group[others], ties, len(self.group))
        gain -= network.friendly_pull * friendly * self.friendly - network.hostile_pull * hostile * self.hostile
        gain[own] += network.friendly_pull * friendly**2 - network.hostile_pull * hostile**2
        return gain

    def all_gains(self) -> Floats:
        """Give `gains` of every node, one a row: the same sums as one product."""
        network, size = self.network, len(self.group)
        node = np.arange(size)
        into = csr_array((np.ones(size), (node, self.group)), shape=(size, size))
        gain: Floats = (network.ties @ into).toarray()
        gain -= network.friendly_pull * np.outer(network.friendly, self.friendly)
        gain += network.hostile_pull * np.outer(network.hostile, self.hostile)
        own = network.friendly_pull * network.friendly**2 - network.hostile_pull * network.hostile**2
        gain[node, self.group] += own - network.ties.diagonal()
        return gain

    def move(self, node: int, to: int) -> None:
        """Put a node into a group."""
        own = self.group[node]
        for place, change in ((own, -1), (to, 1)):
            self.members[place] += change
            self.friendly[place] += change * self.network.friendly[node]
            self.hostile[place] += change * self.network.hostile[node]
        self.group[node] = to

    def until_stable(self) -> Places:
        """Move nodes to their best group while that helps; who was near a moved node is looked at again."""
        ties = self.network.ties
        waiting = deque(self.rng.permutation(len(self.group)).tolist())
        queued = np.ones(len(self.group), bool)
        while waiting or self._stirred(waiting, queued):
            node = waiting.popleft()
            queued[node] = False
            own = int(self.group[node])
            to, gain = self._best(node)
            if to != own and gain > self.least:
                self.move(node, to)
                for other in ties.indices[ties.indptr[node] : ties.indptr[node + 1]].tolist():
                    if not queued[other] and self.group[other] != to:
                        queued[other] = True
                        waiting.append(other)
        return _compact(self.group)

    def _best(self, node: int) -> tuple[int, float]:
        """Give the best group for a node, a new one included, and what it gains over its own."""
        gain = self.gains(node)
        own = int(self.group[node])
        # of the empty groups one stands for all: a new group of its own
        gain[self.members == 0] = -np.inf
        if self.members[own] > 1:
            gain[int((self.members == 0).argmax())] = 0.0
        to = int(gain.argmax())
        return to, float(gain[to] - gain[own])

    def _stirred(self, waiting: deque[int], queued: NDArray[np.bool_]) -> bool:
        """Queue every node that could still gain: strengths of groups change for those without a tie, too.

        Twice the least gain, so that rounding cannot queue a node that no move then helps.
        """
        gain = self.all_gains()
        here = gain[np.arange(len(gain)), self.group]
        gain[:, self.members == 0] = -np.inf
        better = gain.max(axis=1)
        better = np.where(self.members[self.group] > 1, np.maximum(better, 0.0), better)
        stirred = np.flatnonzero(better - here > 2.0 * self.least)
        queued[stirred] = True
        waiting.extend(self.rng.permutation(stirred).tolist())
        return bool(waiting)


def _refine(network: SignedNetworkMatrix, coarse: Places, rng: np.random.Generator) -> Places:
    """Divide each group anew from single nodes, merging only what is well held: parts can then part company."""
    moves = _Moves(network, np.arange(len(network), dtype=np.int64), rng)
    whole = _Moves(network, coarse, rng)
    held = whole.all_gains()[np.arange(len(network)), whole.group]
    for node in rng.permutation(len(network)).tolist():
        if moves.members[moves.group[node]] > 1 or held[node] < 0:
            continue
        gain = moves.gains(node)
        # a part bears the number of one of its nodes, so it lies in that node's group; empty ones gain nothing
        open_to = np.flatnonzero((coarse == coarse[node]) & (moves.members > 0) & (gain > moves.least))
        open_to = open_to[open_to != moves.group[node]]
        if len(open_to):
            # better parts are likelier, and none that helps is out of reach
            chances = np.cumsum(gain[open_to])
            moves.move(node, int(open_to[np.searchsorted(chances, rng.random() * chances[-1], side="right")]))
    return _compact(moves.group)


def _compact(group: Places) -> Places:
    """Give groups numbers from 0 without gaps."""
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


def _ordered(group: Places) -> Places:
    """Give groups numbers by size, the largest first, equal ones by their first node."""
    labels, first, sizes = np.unique(group, return_index=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(labels), np.int64)
    rank[order] = np.arange(len(labels))
    return np.asarray(rank[group], np.int64)
