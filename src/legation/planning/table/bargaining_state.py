"""Where everybody stands at the spatial model's table, and what everybody thinks of it.

Arrays are indexed by actor: n actors, d issues; positions, saliences and utilities lie on scales of 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from legation.planning.table.bargaining_types import Negotiation, RiskAdjustment, RiskRange, Rules
from legation.planning.table.bargaining_votes import elect

__all__ = ["State", "Table", "utility"]

_RISK_SHARE: dict[RiskAdjustment, tuple[float, float, float]] = {
    "full": (0.0, 1.0, 1.0),
    "two_thirds": (1.0, 2.0, 3.0),
    "half": (1.0, 1.0, 2.0),
    "one_third": (2.0, 1.0, 3.0),
    "none": (1.0, 0.0, 1.0),
}


@dataclass(frozen=True, eq=False)
class Table:
    """What does not change between turns: influence (n,), saliences (n, d), accommodation (n, n) and the rules."""

    influence: NDArray[np.float64]
    salience: NDArray[np.float64]
    accommodation: NDArray[np.float64]
    rules: Rules

    @classmethod
    def of(cls, negotiation: Negotiation, rules: Rules) -> Table:
        """Set the table for a negotiation."""
        accommodation = negotiation.accommodation(adjustment=rules.adjustment)
        return cls(negotiation.influences(), negotiation.saliences(), accommodation, rules)

    @cached_property
    def care(self) -> NDArray[np.float64]:
        """Give how much each actor cares for the issues together, shape (n,)."""
        return np.asarray(self.salience.sum(axis=1))

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """Give influence times care, shape (n,): what an actor brings to a contest."""
        return self.influence * self.care

    def distance(self, ideals: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give how far each actor's ideal is from each of m places, by its own saliences, shape (n, m)."""
        apart = (ideals[:, None, :] - places[None, :, :]) * self.salience[:, None, :]
        squares = (self.salience * self.salience).sum(axis=1)
        return np.asarray(np.sqrt((apart * apart).sum(axis=2) / squares[:, None]))


def utility(distance: NDArray[np.float64], risk: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the utility of a place at a distance for an actor with a risk attitude in [-1, 1]."""
    curve = np.where(distance <= 1.0, 1.0 + distance * risk, 1.0 + risk)
    result: NDArray[np.float64] = (1.0 - distance) * curve
    return result


@dataclass(frozen=True, eq=False)
class State:
    """Where everybody stands, and what everybody thinks of it.

    Attributes
    ----------
    positions, ideals
        Shape (n, d).
    distance
        Of each ideal from each position, shape (n, n).
    value
        Of each position to each actor, were it neutral to risk, shape (n, n).
    risk
        Attitudes inferred from how each position would fare in an election: the likelier to win, the more averse.
    view
        Utility of each position to each actor as actor h sees it, shape (n, n, n), h first.
    """

    positions: NDArray[np.float64]
    ideals: NDArray[np.float64]
    distance: NDArray[np.float64]
    value: NDArray[np.float64]
    risk: NDArray[np.float64]
    view: NDArray[np.float64]

    @classmethod
    def at(cls, table: Table, positions: NDArray[np.float64], ideals: NDArray[np.float64]) -> State:
        """Weigh positions up."""
        distance = table.distance(ideals, positions)
        value = utility(distance, np.zeros((len(distance), 1)))
        risk = _risk(table, value)
        own, other, whole = _RISK_SHARE[table.rules.risk_adjustment]
        seen = (own * risk[:, None] + other * risk[None, :]) / whole
        return cls(positions, ideals, distance, value, risk, utility(distance[None], seen[:, :, None]))

    @cached_property
    def own_view(self) -> NDArray[np.float64]:
        """Give the utility of each position to each actor as it sees it itself, shape (n, n)."""
        return utility(self.distance, self.risk[:, None])


def _risk(table: Table, value: NDArray[np.float64]) -> NDArray[np.float64]:
    rules = table.rules
    chance = elect(rules.election, rules.victory, rules.voting, weight=table.influence, utility=value).chance
    low, high = float(chance.min()), float(chance.max())
    if high == low:
        # nobody's position fares better than another's: nothing tells risk attitudes apart
        return np.zeros(len(chance))
    return _scaled(rules.risk_range, chance, low, high)


def _scaled(span: RiskRange, chance: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    result: NDArray[np.float64]
    if span == "min":
        result = (chance - low) / (high - low)
    elif span == "mid":
        result = (3 * chance - (high + 2 * low)) / (2 * (high - low))
    else:
        result = (2 * chance - (high + low)) / (high - low)
    return result
