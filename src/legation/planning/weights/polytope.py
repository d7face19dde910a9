"""Sets of weights: intervals and orders of importance, as a polytope with its corners."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError

__all__ = ["Statement", "WeightSet", "read_statement", "weight_set"]

_MOST = 300_000
_EDGE = 1e-9
_INTERVAL = re.compile(r"^(?P<goal>[^:<>=]+):(?P<low>[0-9.]+)\.\.(?P<high>[0-9.]+)$")
_EXACT = re.compile(r"^(?P<goal>[^:<>=]+):(?P<low>[0-9.]+)$")
_ORDER = re.compile(r"^(?P<more>[^:<>=]+)>=(?P<less>[^:<>=]+)$")


@dataclass(frozen=True)
class Statement:
    """What is said of weights: an interval of one goal's share, or that one goal weighs at least as much as another."""

    goal: str
    low: float = 0.0
    high: float = 1.0
    at_least: str | None = None


def read_statement(text: str) -> Statement:
    """Read ``goal:0.3..0.6``, ``goal:0.4`` or ``goal>=other``.

    Raises
    ------
    InputError
        When it is none of these, or the numbers are no shares.

    Examples
    --------
    >>> read_statement("security:0.3..0.6").high
    0.6
    """
    compact = "".join(text.split())
    order = _ORDER.match(compact)
    if order is not None and order["more"] == order["less"]:
        raise InputError(f"{text!r} sets a goal beside itself, which says nothing.", remedy="Name two goals.")
    if order is not None:
        return Statement(goal=order["more"], at_least=order["less"])
    found = _INTERVAL.match(compact) or _EXACT.match(compact)
    try:
        low = float(found["low"]) if found is not None else -1.0
        high = float(found.groupdict().get("high") or low) if found is not None else -1.0
    except ValueError:
        low = high = -1.0
    if found is None or not 0 <= low <= high <= 1:
        raise InputError(
            f"{text!r} says nothing of weights.",
            remedy="Write GOAL:LOW..HIGH with shares from 0 to 1, GOAL:SHARE, or GOAL>=OTHER.",
        )
    return Statement(goal=found["goal"], low=low, high=high)


@dataclass(frozen=True, eq=False)
class WeightSet:
    """All weights that the statements allow.

    Attributes
    ----------
    goals
        Ids of the goals (G).
    rows, sides
        The set as ``rows @ w <= sides`` with w summing to 1, shapes (m, G) and (m,).
    corners
        Its corners, shape (V, G).
    """

    goals: tuple[str, ...]
    rows: NDArray[np.float64]
    sides: NDArray[np.float64]
    corners: NDArray[np.float64]

    @property
    def centre(self) -> NDArray[np.float64]:
        """Mean of the corners, shape (G,)."""
        out: NDArray[np.float64] = self.corners.mean(axis=0)
        return out


def weight_set(goals: Sequence[str], statements: Sequence[Statement], *, titles: Mapping[str, str]) -> WeightSet:
    """Put statements together and find the corners of what they allow.

    Raises
    ------
    InputError
        When a goal is unknown or stated twice, the statements exclude each other, or there are too many goals.
    """
    place = {name: number for number, name in enumerate(goals)}
    low, high = np.zeros(len(goals)), np.ones(len(goals))
    orders, seen = [], set()
    for statement in statements:
        for name in (statement.goal, statement.at_least):
            if name is not None and name not in place:
                known = ", ".join(f"{goal} ({titles.get(goal, goal)})" for goal in goals)
                raise InputError(f"No goal {name!r} holds weight on this desk.", remedy=f"Use one of {known}.")
        if statement.at_least is not None:
            orders.append((place[statement.goal], place[statement.at_least]))
            continue
        if statement.goal in seen:
            raise InputError(f"Two intervals were given for {statement.goal!r}.", remedy="Give one.")
        seen.add(statement.goal)
        low[place[statement.goal]], high[place[statement.goal]] = statement.low, statement.high
    if low.sum() > 1 + _EDGE or high.sum() < 1 - _EDGE:
        raise InputError(
            f"The intervals exclude each other: shares sum to 1, and these sum to {low.sum():g} at least and "
            f"{high.sum():g} at most.",
            remedy="Widen an interval.",
        )
    size = len(goals)
    rows = [-np.eye(size)[n] for n in range(size)] + [np.eye(size)[n] for n in range(size)]
    sides = [*(-low), *high]
    for more, less in orders:
        row = np.zeros(size)
        row[less] += 1.0
        row[more] -= 1.0
        rows.append(row)
        sides.append(0.0)
    table, right = np.array(rows), np.array(sides)
    corners = _corners(table, right)
    if not len(corners):
        raise InputError(
            "The statements on weights exclude each other: no shares keep all of them.",
            remedy="Leave one out or widen an interval.",
        )
    return WeightSet(tuple(goals), table, right, corners)


def _corners(rows: NDArray[np.float64], sides: NDArray[np.float64]) -> NDArray[np.float64]:
    size = rows.shape[1]
    if comb(len(rows), size - 1) > _MOST:
        raise InputError(
            f"{size} goals with intervals have too many corners to try.", remedy="State weights for at most 7 goals."
        )
    picks = np.fromiter(
        chain.from_iterable(combinations(range(len(rows)), size - 1)), np.int64, comb(len(rows), size - 1) * (size - 1)
    ).reshape(-1, size - 1)
    systems = np.concatenate([rows[picks], np.ones((len(picks), 1, size))], axis=1)
    right = np.concatenate([sides[picks], np.ones((len(picks), 1))], axis=1)
    sound = np.abs(np.linalg.det(systems)) > _EDGE
    found = np.linalg.solve(systems[sound], right[sound][..., None])[..., 0]
    fits = np.all(found @ rows.T <= sides + _EDGE, axis=1)
    out: NDArray[np.float64] = np.unique(np.round(np.clip(found[fits], 0.0, 1.0), 12) + 0.0, axis=0)
    return out
