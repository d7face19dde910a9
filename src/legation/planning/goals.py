"""Goal trees: how objectives combine, level by level, up to the goals.

A node is worth, per unit of its share: for an objective without children phi(n); for `sum` its children's worth
weighted by their shares; for `min` (AND) the least child's; for `max` (OR) the best child's. A goal's value is its
share times its worth. Shares are those of the leaves below, so that they follow other weights when these are tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import Options
from legation.desk.aims import Goal, Objective
from legation.desk.desk import Desk

__all__ = ["Node", "goal_trees", "spread", "worth_of"]


@dataclass(frozen=True)
class Node:
    """A goal or an objective.

    Attributes
    ----------
    id, kind
        Which record it is.
    combine
        How its children combine; `sum` for a leaf.
    share
        Its share in the whole: the sum of its leaves' weights, above 0.
    leaf
        Number of the leaf objective, or -1.
    children
        What lies below it, without anything whose share is 0.
    """

    id: str
    kind: Literal["goal", "objective"]
    combine: Literal["sum", "min", "max"]
    share: float
    leaf: int
    children: tuple[Node, ...]

    @property
    def linear(self) -> bool:
        """Whether everything below adds up."""
        return all(node.combine == "sum" for node in self.walk())

    def walk(self) -> Iterator[Node]:
        """Give the node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def goal_trees(desk: Desk, options: Options) -> tuple[Node, ...]:
    """Build the tree of every goal that holds a share."""
    below: defaultdict[str, list[Objective]] = defaultdict(list)
    for objective in desk.objectives:
        below[objective.parent].append(objective)
    number = {name: k for k, name in enumerate(options.objectives)}

    def build(record: Goal | Objective, kind: Literal["goal", "objective"]) -> Node | None:
        if record.id in number and kind == "objective":
            share, leaf = float(options.weights[number[record.id]]), number[record.id]
            return Node(record.id, kind, "sum", share, leaf, ()) if share > 0 else None
        children = tuple(node for child in below.get(record.id, ()) if (node := build(child, "objective")) is not None)
        share = sum(node.share for node in children)
        # one child combines with nothing
        combine = record.combine if len(children) > 1 else "sum"
        return Node(record.id, kind, combine, share, -1, children) if children else None

    return tuple(node for goal in desk.goals if (node := build(goal, "goal")) is not None)


def worth_of(node: Node, worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what a node is worth per unit of its share.

    Parameters
    ----------
    node
        The node.
    worth
        What each leaf is worth per unit of its share, shape (..., K).
    """
    if node.leaf >= 0:
        leaf: NDArray[np.float64] = worth[..., node.leaf]
        return leaf
    parts = np.stack([worth_of(child, worth) for child in node.children])
    if node.combine == "sum":
        shares = np.array([child.share for child in node.children]) / node.share
        total: NDArray[np.float64] = np.tensordot(shares, parts, axes=1)
        return total
    return np.asarray(parts.min(axis=0) if node.combine == "min" else parts.max(axis=0))


def spread(node: Node, worth: NDArray[np.float64], *, out: NDArray[np.float64]) -> None:
    """Write what each leaf below a goal adds to the value into `out`, shape (..., K).

    Where the least or the best child counts, the first of them carries the whole share and the others add nothing.
    """
    _hand_down(node, np.full(worth.shape[:-1], node.share), worth, out)


def _hand_down(node: Node, factor: NDArray[np.float64], worth: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    if node.leaf >= 0:
        out[..., node.leaf] = factor * worth[..., node.leaf]
        return
    if node.combine == "sum":
        for child in node.children:
            _hand_down(child, factor * (child.share / node.share), worth, out)
        return
    parts = np.stack([worth_of(child, worth) for child in node.children])
    counted = parts.argmin(axis=0) if node.combine == "min" else parts.argmax(axis=0)
    for index, child in enumerate(node.children):
        _hand_down(child, np.where(counted == index, factor, 0.0), worth, out)
