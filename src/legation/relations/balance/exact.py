"""Frustration of a signed graph: the least weight of ties that no division into two camps can satisfy.

A positive tie is satisfied inside a camp, a negative one between the camps. The exact least weight comes from

1. reductions that lose nothing: parallel ties merge; a node whose heaviest tie outweighs its others goes with that
   neighbour; connected components are solved by themselves;
2. a linear program over the ties with a row "at least one of these is cut" per negative cycle, rows being added by
   shortest paths while any is violated (Grötschel, Pulleyblank); its whole-number solution is optimal;
3. where fractions remain, the node model of Aref, Mason and Wilson (2020) with those rows: f >= x_i - x_j and
   f >= x_j - x_i on positive ties, f >= x_i + x_j - 1 and f >= 1 - x_i - x_j on negative ones, one node fixed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from legation.errors import InputError

__all__ = ["Frustration", "Tie", "frustration"]

Tie = tuple[str, str, float]
"""Two nodes and a signed weight."""


@dataclass(frozen=True, kw_only=True)
class Frustration:
    """The frustration of a signed graph.

    Attributes
    ----------
    frustrated
        Weight cut by the division in `camp`, an upper bound on the least.
    bound
        Lower bound on the least; equals `frustrated` when proven.
    total
        Weight of all ties.
    cut
        Places of the unsatisfied ties in the given order.
    camp
        Side of every node, 0 or 1.
    proven
        Whether no division can do better.
    """

    frustrated: float
    bound: float
    total: float
    cut: tuple[int, ...]
    camp: dict[str, int]
    proven: bool

    @property
    def share(self) -> float:
        """The frustrated share of the total weight; nan without ties."""
        return self.frustrated / self.total if self.total > 0 else float("nan")


def frustration(edges: Iterable[Tie], *, seconds: float = 20.0) -> Frustration:
    """Find the division into two camps that cuts the least weight.

    Parameters
    ----------
    edges
        Ties; several between the same two nodes are allowed. A tie of weight 0 is ignored.
    seconds
        Time for the whole-number search on each component; past it the best division is returned with its bound.

    Raises
    ------
    InputError
        When a weight is not finite or a node is tied to itself.

    Examples
    --------
    >>> found = frustration([("a", "b", 1.0), ("b", "c", 1.0), ("a", "c", -1.0)])
    >>> found.frustrated, found.total, found.proven
    (1.0, 3.0, True)
    """
    ties = list(edges)
    for left, right, weight in ties:
        if not isfinite(weight):
            raise InputError(f"The tie {left}-{right} has weight {weight}; it must be finite.")
        if left == right:
            raise InputError(f"{left!r} is tied to itself.", remedy="A tie needs two nodes.")
    graph = _Graph(ties)
    steps = graph.reduce()
    camp: dict[str, int] = {}
    slack = 0.0
    for component in graph.components():
        sides, gap = _solve(component, seconds)
        camp.update(sides)
        slack += gap
    _replay(steps, camp)
    for node in sorted({node for tie in ties for node in tie[:2]}):
        camp.setdefault(node, 0)
    cut = tuple(n for n, (left, right, weight) in enumerate(ties) if (camp[left] == camp[right]) == (weight < 0))
    cut = tuple(n for n in cut if ties[n][2] != 0)
    value = sum(abs(ties[n][2]) for n in cut)
    total = sum(abs(weight) for _, _, weight in ties)
    proven = slack <= 1e-9 * max(1.0, total)
    return Frustration(
        frustrated=value, bound=value if proven else value - slack, total=total, cut=cut, camp=camp, proven=proven
    )


_Step = tuple[str, tuple[tuple[str, float], ...]]


class _Graph:
    """Neighbours with net signed weights, shrunk in place."""

    def __init__(self, ties: Sequence[Tie]) -> None:
        self.near: dict[str, dict[str, float]] = defaultdict(dict)
        for left, right, weight in ties:
            self._add(left, right, weight)

    def _add(self, left: str, right: str, weight: float) -> None:
        # opposite parallel ties: the smaller one is cut in every division, the difference is what decides
        weight += self.near[left].pop(right, 0.0)
        self.near[right].pop(left, None)
        if weight != 0.0:
            self.near[left][right] = weight
            self.near[right][left] = weight

    def reduce(self) -> list[_Step]:
        """Merge nodes whose heaviest tie outweighs their others; give them with their ties in the order of removal.

        Satisfying that tie is never worse: moving the node over costs at most the others. So the node can be taken as
        one with (or as opposite to) that neighbour, which inherits its other ties. Nodes with one or two ties are
        the simplest case.
        """
        steps: list[_Step] = []
        pending = set(self.near)
        while pending:
            # in rounds, so that a node with thousands of ties is looked at once a round and not at each removal
            turn, pending = sorted(pending), set()
            for node in turn:
                around = tuple(sorted(self.near.get(node, {}).items()))
                heavy, tie = max(around, key=lambda each: abs(each[1]), default=("", 0.0))
                if not around or 2.0 * abs(tie) < sum(abs(weight) for _, weight in around):
                    continue
                steps.append((node, around))
                self._merge(node, heavy)
                pending.update(neighbour for neighbour, _ in around)
        return steps

    def _merge(self, node: str, into: str) -> None:
        around = self.near.pop(node)
        sign = 1.0 if around[into] > 0 else -1.0
        for neighbour in around:
            del self.near[neighbour][node]
        for neighbour, weight in around.items():
            if neighbour != into:
                self._add(into, neighbour, sign * weight)

    def components(self) -> list[list[Tie]]:
        """Give the ties of each connected component."""
        seen: set[str] = set()
        found: list[list[Tie]] = []
        for root in sorted(self.near):
            if root in seen or not self.near[root]:
                continue
            seen.add(root)
            stack, ties = [root], []
            while stack:
                node = stack.pop()
                for neighbour, weight in self.near[node].items():
                    if node < neighbour:
                        ties.append((node, neighbour, weight))
                    if neighbour not in seen:
                        seen.add(neighbour)
                        stack.append(neighbour)
            found.append(sorted(ties))
        return found


def _replay(steps: Sequence[_Step], camp: dict[str, int]) -> None:
    """Put the removed nodes back, last removed first, each on the side that its ties prefer."""
    for node, around in reversed(steps):
        pull = sum(weight * (1 if camp.setdefault(neighbour, 0) == 0 else -1) for neighbour, weight in around)
        camp[node] = 0 if pull >= 0 else 1


def _solve(ties: Sequence[Tie], seconds: float) -> tuple[dict[str, int], float]:
    """Give the sides of one component and how far they may be from the least."""
    from legation.relations.balance._cuts import solve_component

    nodes = sorted({node for tie in ties for node in tie[:2]})
    place = {node: number for number, node in enumerate(nodes)}
    sides, gap = solve_component(
        len(nodes),
        [place[left] for left, _, _ in ties],
        [place[right] for _, right, _ in ties],
        [weight for _, _, weight in ties],
        seconds=seconds,
    )
    return {node: sides[number] for node, number in place.items()}, gap
