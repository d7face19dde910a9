"""Votes, coalitions, chances: the probabilistic Condorcet election over a few options.

Sums and products run in the order of actors and options, as KTAB's do: where two choices are as good as each other,
the last bit decides, and it should be the same bit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legation.errors import EngineError
from legation.planning.table.bargaining_types import Election, VictoryModel, VotingRule

__all__ = ["Outcome", "chances", "coalitions", "elect", "pairwise", "votes"]

_LEAST_COALITION = 1e-8
"""What stands behind an option that nobody prefers, so that no chance is 0/0."""
_BINARY_RAMP = 1e-8
"""A stronger preference counts whole in a binary vote, a weaker one in proportion, so that rounding never decides."""
_BINARY_LEAD = 1.10
_BINARY_LEAST = 1e-6
_BINARY_SHARE = 0.2
_CUBIC_SHARE = 0.5
_PROSPECT_GAIN = 2.0 / 3.0
_OWN_INCENTIVE = 1e-10
_UNIFORM_TOLERANCE, _INCENTIVE_TOLERANCE = 1e-6, 1e-8
_MOST_ROUNDS = 200_000
"""Where options are nearly certain to win or lose, the long run is long."""


def votes(rule: VotingRule, weight: NDArray[np.float64], difference: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the votes of actors of a weight that like one option by so much better than another.

    Parameters
    ----------
    rule
        How preference becomes a vote.
    weight, difference
        Broadcast against each other; the difference of two utilities lies in [-1, 1].
    """
    sharp = np.clip(difference / _BINARY_RAMP, -1.0, 1.0)
    match rule:
        case "proportional":
            strength = difference
        case "binary":
            strength = sharp
        case "prop_binary":
            strength = (1 - _BINARY_SHARE) * difference + _BINARY_SHARE * sharp
        case "prop_cubic":
            strength = (1 - _CUBIC_SHARE) * difference + _CUBIC_SHARE * difference**3
        case "cubic":
            strength = difference**3
        case "asym_prospect":
            strength = np.where(difference < 0, difference, _PROSPECT_GAIN * difference)
    result: NDArray[np.float64] = weight * strength
    return result


def coalitions(rule: VotingRule, weight: NDArray[np.float64], utility: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the strength behind option i against option j, shape (m, m).

    Parameters
    ----------
    rule
        How preference becomes a vote.
    weight
        Shape (n,).
    utility
        What each of n actors thinks of each of m options, shape (n, m).
    """
    # a rule that weighs losses more than gains is asked once per pair, for the later option against the earlier one
    cast = votes(rule, weight[:, None, None], utility[:, :, None] - utility[:, None, :])
    lower = np.tril(np.ones((utility.shape[1],) * 2, bool), -1)
    result = np.full(lower.shape, _LEAST_COALITION)
    result[lower] = np.add.reduce(np.maximum(cast, 0.0), axis=0, initial=_LEAST_COALITION)[lower]
    result.T[lower] = np.add.reduce(np.maximum(-cast, 0.0), axis=0, initial=_LEAST_COALITION)[lower]
    return result


def chances(model: VictoryModel, first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the chance that a coalition of strength `first` beats one of strength `second`; both are positive."""
    if model == "binary":
        share = first / (first + second)
        ramp = (share * (_BINARY_LEAD + 1.0) - 1.0) / (_BINARY_LEAD - 1.0)
        sure = 1.0 / (1.0 + _BINARY_LEAST)
        lost = np.where(second >= _BINARY_LEAD * first, 1.0 - sure, ramp)
        binary: NDArray[np.float64] = np.where(first >= _BINARY_LEAD * second, sure, lost)
        return binary
    power = {"linear": 1, "square": 2, "quartic": 4, "octic": 8}[model]
    a, b = first**power, second**power
    result: NDArray[np.float64] = a / (a + b)
    return result


def pairwise(model: VictoryModel, strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the chance that option i beats option j, shape (m, m), one half on the diagonal."""
    result = chances(model, strength, strength.T)
    upper = np.triu(np.ones(strength.shape, bool), 1)
    result[upper] = 1.0 - result.T[upper] if model == "binary" else result[upper]
    np.fill_diagonal(result, 0.5)
    return result


class Outcome:
    """An election: strengths and pairwise chances, shape (m, m), and the chance of each option, shape (m,)."""

    __slots__ = ("chance", "strength", "wins")

    def __init__(self, strength: NDArray[np.float64], wins: NDArray[np.float64], chance: NDArray[np.float64]) -> None:
        self.strength = strength
        self.wins = wins
        self.chance = chance


def elect(
    election: Election,
    victory: VictoryModel,
    rule: VotingRule,
    *,
    weight: NDArray[np.float64],
    utility: NDArray[np.float64],
) -> Outcome:
    """Hold an election over m options among n actors.

    Raises
    ------
    EngineError
        When a Markov election does not settle.
    """
    strength = coalitions(rule, weight, utility)
    wins = pairwise(victory, strength)
    match election:
        case "conditional":
            alone = np.multiply.accumulate(wins, axis=1)[:, -1]
            chance = np.asarray(alone / alone.sum())
        case "markov_uniform":
            chance = _settle(wins, np.full(wins.shape, 1.0 / len(wins)), _UNIFORM_TOLERANCE)
        case "markov_incentive":
            urge = strength * wins + np.eye(len(wins)) * _OWN_INCENTIVE
            chance = _settle(wins, urge / urge.sum(axis=0), _INCENTIVE_TOLERANCE)
    return Outcome(strength, wins, chance)


def _settle(wins: NDArray[np.float64], challenge: NDArray[np.float64], tolerance: float) -> NDArray[np.float64]:
    """Iterate the chances until they stand; `challenge` [i, j] is the chance that i challenges a reigning j."""
    chance = np.full(len(wins), 1.0 / len(wins))
    for _ in range(_MOST_ROUNDS):
        contest = chance[:, None] * challenge.T
        after = (wins * (contest + contest.T)).sum(axis=1)
        change = float(np.abs(after - chance).max())
        chance = np.asarray((chance + after) / 2.0)
        if change <= tolerance:
            return chance
    raise EngineError(f"The election over {len(wins)} options did not settle in {_MOST_ROUNDS} rounds.")
