"""What a run of the spatial model comes to, issue by issue, with the plain median and mean beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legation.planning.table.bargaining_run import Run, winning_chances
from legation.planning.table.bargaining_state import State, Table
from legation.planning.table.bargaining_types import Negotiation
from legation.planning.table.bargaining_votes import coalitions
from legation.planning.table.result import ActorPath, IssueOutcome

__all__ = ["condorcet", "issue_outcomes", "likeliest", "paths", "settlement", "weighted_median"]

_MOVED = 1e-9


def weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Give the value with half of the weight on either side; the middle of the gap where two values share the honour.

    >>> weighted_median(np.array([10.0, 20.0, 90.0]), np.array([1.0, 1.0, 1.0]))
    20.0
    >>> weighted_median(np.array([10.0, 20.0]), np.array([1.0, 1.0]))
    15.0
    """
    order = np.argsort(values, kind="stable")
    ranked, heaped = values[order], np.cumsum(weights[order])
    half = heaped[-1] / 2.0
    tolerance = 1e-12 * heaped[-1]
    low = ranked[int(np.searchsorted(heaped, half - tolerance))]
    high = ranked[min(int(np.searchsorted(heaped, half + tolerance)), len(ranked) - 1)]
    return float((low + high) / 2.0)


def settlement(table: Table, positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the mean position on each issue, weighted by influence times salience on it, 0 to 100, shape (d,).

    An issue for which nobody cares is weighted by influence alone.
    """
    weights = _weights(table)
    return np.asarray((weights * positions).sum(axis=0) / weights.sum(axis=0) * 100.0)


def _weights(table: Table) -> NDArray[np.float64]:
    weights = table.influence[:, None] * table.salience
    dull = weights.sum(axis=0) == 0
    weights[:, dull] = table.influence[:, None]
    return weights


def likeliest(table: Table, state: State) -> NDArray[np.float64]:
    """Give the position with the best chance in the election over all positions, 0 to 100, shape (d,)."""
    return np.asarray(state.positions[int(winning_chances(table, state).argmax())] * 100.0)


def condorcet(table: Table, state: State) -> int | None:
    """Give the first actor whose position beats every other position in a vote of two, None where there is none."""
    strength = coalitions("proportional", table.influence, state.own_view)
    apart = np.sqrt(((state.positions[:, None, :] - state.positions[None, :, :]) ** 2).sum(axis=2))
    beats = (strength > strength.T) | (apart < table.rules.same_place)
    winners = np.flatnonzero(beats.all(axis=1))
    return int(winners[0]) if len(winners) else None


def issue_outcomes(negotiation: Negotiation, run: Run) -> tuple[IssueOutcome, ...]:
    """Give what came of each issue."""
    table, first, last = run.table, run.states[0].positions, run.last.positions
    weights = _weights(table)
    means, means_end = settlement(table, first), settlement(table, last)
    best = likeliest(table, run.last)
    return tuple(
        IssueOutcome(
            issue=issue,
            median=weighted_median(first[:, d], weights[:, d]) * 100.0,
            mean=float(means[d]),
            median_end=weighted_median(last[:, d], weights[:, d]) * 100.0,
            mean_end=float(means_end[d]),
            likeliest=float(best[d]),
            low_end=float(last[:, d].min()) * 100.0,
            high_end=float(last[:, d].max()) * 100.0,
        )
        for d, issue in enumerate(negotiation.issues)
    )


def paths(negotiation: Negotiation, run: Run) -> tuple[ActorPath, ...]:
    """Give each actor's way through the run."""
    table, states = run.table, run.states
    start, end = winning_chances(table, states[0]), winning_chances(table, run.last)
    where = np.stack([state.positions for state in states])
    moves = (np.abs(np.diff(where, axis=0)) > _MOVED).any(axis=2).sum(axis=0)
    return tuple(
        ActorPath(
            actor=actor.name,
            description=actor.description,
            influence=actor.influence,
            start=actor.positions,
            end=tuple(float(value) for value in run.last.positions[number] * 100.0),
            chance_start=float(start[number]),
            chance_end=float(end[number]),
            risk_start=float(states[0].risk[number]),
            challenges=sum(turn.challenges[number] is not None for turn in run.turns),
            moves=int(moves[number]),
        )
        for number, actor in enumerate(negotiation.actors)
    )
