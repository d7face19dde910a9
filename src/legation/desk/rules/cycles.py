"""Loops in a directed graph, found without recursion: a hostile chain may be ten thousand links long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["loop_text", "loops"]

_SHOWN = 6


def loops(edges: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Give loops of a graph, so that every node that reaches any loop reaches one of them; self-loops are left out.

    Parameters
    ----------
    edges
        For each node the nodes it points to.

    Returns
    -------
    tuple of tuple of str
        Each loop begins at its smallest node and follows the edges; loops are sorted.

    Notes
    -----
    Nodes that lie on no loop are peeled off from both ends (Kahn's method); what stays holds a loop in every
    direction, so a walk in it must come back to where it was.

    Examples
    --------
    >>> loops({"a": ["b"], "b": ["c"], "c": ["b"]})
    (('b', 'c'),)
    """
    graph = {node: sorted(set(targets) - {node}) for node, targets in edges.items()}
    left = _without_ends(graph)
    found: set[tuple[str, ...]] = set()
    seen: set[str] = set()
    for start in sorted(left):
        walk: dict[str, int] = {}
        node = start
        while node not in walk and node not in seen:
            walk[node] = len(walk)
            node = next(target for target in graph[node] if target in left)
        if node in walk:
            found.add(_rotated(tuple(walk)[walk[node] :]))
        seen.update(walk)
    return tuple(sorted(found))


def loop_text(loop: tuple[str, ...]) -> str:
    """Give a loop in words: a -> b -> a, the middle of a long one left out."""
    names = loop if len(loop) <= _SHOWN else (*loop[: _SHOWN - 1], f"... ({len(loop)} in all)")
    return " -> ".join((*names, loop[0]))


def _without_ends(graph: Mapping[str, list[str]]) -> set[str]:
    """Give the nodes left when those that lead nowhere are peeled off one after another."""
    outgoing = dict.fromkeys(graph, 0)
    incoming: dict[str, list[str]] = {}
    for node, targets in graph.items():
        for target in targets:
            if target in graph:
                outgoing[node] += 1
                incoming.setdefault(target, []).append(node)
    ends = [node for node, count in outgoing.items() if count == 0]
    left = set(graph)
    while ends:
        end = ends.pop()
        left.discard(end)
        for node in incoming.get(end, ()):
            outgoing[node] -= 1
            if outgoing[node] == 0:
                ends.append(node)
    return left


def _rotated(loop: tuple[str, ...]) -> tuple[str, ...]:
    first = loop.index(min(loop))
    return loop[first:] + loop[:first]
