"""Columns and rows of goal trees: sums as they are, AND as a column below all, OR as a choice of one.

A column that stands for a node lies below the node's worth, so maximising lifts it onto it; only a choice under OR
needs whole columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.goals import Node
from legation.planning.model.names import RowName
from legation.planning.model.problem import Builder

__all__ = ["Trees"]


@dataclass(frozen=True)
class _Worth:
    """A node's worth as a sum over columns, and the least it can be."""

    columns: NDArray[np.int64]
    factors: NDArray[np.float64]
    floor: float


class Trees:
    """What writes the value of goals below their objectives' net contributions.

    Parameters
    ----------
    b, data
        Where to, and of what.
    n
        Columns of net contributions, shape (K,).
    low
        Their least values, at most 0, shape (K,).
    """

    def __init__(self, b: Builder, data: PlanData, *, n: NDArray[np.int64], low: NDArray[np.float64]) -> None:
        self.b, self.goals, self.n = b, data.goals, n
        breakpoints = data.desk.info.settings.value_breakpoints
        self.pieces: list[tuple[float, float]] = []
        self.top, begin = 0.0, 0.0
        for end, slope in breakpoints:
            self.pieces.append((slope, self.top - slope * begin))
            self.top += slope * (end - begin)
            begin = end
        self.floor = np.minimum(0.0, breakpoints[0][1] * low)

    def add(self) -> None:
        """Write every goal with its share in the objective."""
        for goal in self.goals:
            self._node(goal, cost=goal.share)

    def _node(self, node: Node, *, cost: float) -> _Worth:
        if node.leaf >= 0:
            return self._below([node], node, cost=cost)
        if node.combine == "min":
            return self._below(list(_flat(node)), node, cost=cost)
        if node.combine == "max":
            return self._best(node, cost=cost)
        shares = [child.share / node.share for child in node.children]
        parts = [self._node(child, cost=cost * own) for child, own in zip(node.children, shares, strict=True)]
        return _Worth(
            np.concatenate([part.columns for part in parts]),
            np.concatenate([part.factors * own for part, own in zip(parts, shares, strict=True)]),
            sum(part.floor * own for part, own in zip(parts, shares, strict=True)),
        )

    def _below(self, children: list[Node], node: Node, *, cost: float) -> _Worth:
        """Add a column below the worth of every one of these."""
        parts = [None if child.leaf >= 0 else self._node(child, cost=0.0) for child in children]
        floor = min(
            float(self.floor[child.leaf]) if part is None else part.floor
            for child, part in zip(children, parts, strict=True)
        )
        column = self.b.add_columns(1, cost=cost, lower=floor, upper=self.top)
        for child, part in zip(children, parts, strict=True):
            self._under(column, child, part, name=_name(node))
        return _Worth(column, np.ones(1), floor)

    def _under(
        self, column: NDArray[np.int64], child: Node, part: _Worth | None, *, name: RowName, slack: float = 0.0
    ) -> None:
        """Keep the sum of `column` and, for a choice, its slack below a child's worth.

        With a choice, `column` holds the chosen worth and the choice, and `slack` is how far the row reaches below
        the child's worth where it is not chosen.
        """
        factors = np.array([1.0, slack])[: len(column)]
        if part is None:
            for slope, offset in self.pieces:
                columns = np.append(column, self.n[child.leaf])
                self.b.add_row(name, columns, np.append(factors, -slope), upper=offset + slack)
        else:
            columns = np.concatenate([column, part.columns])
            self.b.add_row(name, columns, np.concatenate([factors, -part.factors]), upper=slack)

    def _best(self, node: Node, *, cost: float) -> _Worth:
        """Choose one of the children, and count the worth of the chosen one alone."""
        children = list(_flat(node))
        parts = [None if child.leaf >= 0 else self._node(child, cost=0.0) for child in children]
        floors = np.array(
            [
                float(self.floor[child.leaf]) if part is None else part.floor
                for child, part in zip(children, parts, strict=True)
            ]
        )
        chosen = self.b.add_columns(len(children), integer=True)
        worth = self.b.add_columns(len(children), cost=cost, lower=floors, upper=self.top)
        self.b.add_row(RowName("choice", node.id), chosen, 1.0, lower=1.0, upper=1.0)
        for index, (child, part) in enumerate(zip(children, parts, strict=True)):
            pair = np.array([worth[index], chosen[index]])
            self.b.add_row(RowName("choice", node.id, index=1), pair, [1.0, -self.top], upper=0.0)
            self._under(pair, child, part, name=_name(node), slack=-float(floors[index]))
        return _Worth(worth, np.ones(len(worth)), float(floors.min()))


def _flat(node: Node) -> Iterator[Node]:
    """Give a node's children, with those of children that combine in the same way in their place."""
    for child in node.children:
        if child.leaf < 0 and child.combine == node.combine:
            yield from _flat(child)
        else:
            yield child


def _name(node: Node) -> RowName:
    return RowName(node.kind, node.id, index=1)
