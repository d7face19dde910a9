"""Blocks of a graph: the parts that hang together even when any one node is taken away.

Every cycle lies inside one block, so frustration adds up over blocks and each is solved by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

__all__ = ["blocks"]


def blocks(ends: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Divide the edges of a simple graph into blocks (Hopcroft, Tarjan 1973).

    Parameters
    ----------
    ends
        The two nodes of each edge; no self loops, no parallel edges.

    Returns
    -------
    list[list[int]]
        For each block the places of its edges in rising order; a bridge is a block of one edge.

    Examples
    --------
    >>> blocks([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])
    [[0, 1, 2], [3]]
    """
    near: dict[str, list[tuple[str, int]]] = {}
    for place, (left, right) in enumerate(ends):
        near.setdefault(left, []).append((right, place))
        near.setdefault(right, []).append((left, place))
    found: list[list[int]] = []
    entered: dict[str, int] = {}
    for root in near:
        if root not in entered:
            found.extend(_from(root, near, entered))
    return sorted(found)


def _from(root: str, near: Mapping[str, Sequence[tuple[str, int]]], entered: dict[str, int]) -> Iterator[list[int]]:
    """Walk depth first, without recursion: networks can be longer than Python's stack."""
    low = {root: len(entered)}
    entered[root] = len(entered)
    edges: list[int] = []
    # each step: a node, the edge it was reached by, how deep the pile of edges was then, neighbours still to see
    path = [(root, -1, 0, iter(near[root]))]
    while path:
        node, via, depth, rest = path[-1]
        step = next(rest, None)
        if step is None:
            path.pop()
            if path:
                above = path[-1][0]
                low[above] = min(low[above], low[node])
                if low[node] >= entered[above]:
                    yield sorted(edges[depth:])
                    del edges[depth:]
            continue
        neighbour, edge = step
        if edge == via:
            continue
        if neighbour not in entered:
            path.append((neighbour, edge, len(edges), iter(near[neighbour])))
            edges.append(edge)
            entered[neighbour] = low[neighbour] = len(entered)
        elif entered[neighbour] < entered[node]:
            edges.append(edge)
            low[node] = min(low[node], entered[neighbour])
