"""Search for the division of highest quality: local moves, refinement, merging (Traag, Waltman, van Eck 2019).

Written from the paper for signed layers: a group may be better without friendly ties to a node if it shares its
enemies, so every group and a new one are tried for each move, not the neighbours' alone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """Search from several random orders and give the best division found.

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
    for _ in range(runs):
        group = _ordered(_search(network, rng))
        found = Division(group=group, quality=network.quality(group))
        if best is None or found.quality > best.quality + _NOTHING:
            best = found
    if best is None:
        return Division(group=np.zeros(len(network), np.int64), quality=0.0)
    return best


def _search(network: SignedNetworkMatrix, rng: np.random.Generator) -> Places:
    """Improve a division until neither moves nor merges help."""
    group = np.arange(len(network), dtype=np.int64)
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
        """Queue every node that could still gain: strengths of groups change for those without a tie, too."""
        for node in self.rng.permutation(len(self.group)).tolist():
            to, gain = self._best(node)
            if to != self.group[node] and gain > self.least:
                queued[node] = True
                waiting.append(node)
        return bool(waiting)


def _refine(network: SignedNetworkMatrix, coarse: Places, rng: np.random.Generator) -> Places:
    """Divide each group anew from single nodes, merging only what is well held: parts can then part company."""
    moves = _Moves(network, np.arange(len(network), dtype=np.int64), rng)
    whole = _Moves(network, coarse, rng)
    held = np.array([whole.gains(node)[whole.group[node]] for node in range(len(network))])
    for node in rng.permutation(len(network)).tolist():
        if moves.members[moves.group[node]] > 1 or held[node] < 0:
            continue
        gain = moves.gains(node)
        inside = np.zeros(len(network), bool)
        inside[moves.group[coarse == coarse[node]]] = True
        open_to = np.flatnonzero(inside & (gain > moves.least))
        open_to = open_to[open_to != moves.group[node]]
        if len(open_to):
            # better parts are likelier, and none that helps is out of reach
            chance = gain[open_to] / gain[open_to].sum()
            moves.move(node, int(rng.choice(open_to, p=chance)))
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
