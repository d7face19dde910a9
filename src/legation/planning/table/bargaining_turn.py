"""How each actor settles: an election about the bargains that concern it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.table.bargaining_contest import Bargain, Challenge
from legation.planning.table.bargaining_state import State, Table, utility
from legation.planning.table.bargaining_types import Rules
from legation.planning.table.bargaining_votes import Outcome, elect

__all__ = ["Choose", "Settlement", "settle"]


@dataclass(frozen=True, eq=False)
class Settlement:
    """What one actor has to decide: its bargains, what each is worth to everybody (n, m), the election, its choice."""

    bargains: tuple[Bargain, ...]
    utility: NDArray[np.float64]
    outcome: Outcome
    chosen: int


Choose = Callable[[int, tuple[Bargain, ...], NDArray[np.float64]], int]
"""Picks one of an actor's bargains: the actor, its bargains, their chances (m,)."""


def settle(
    table: Table,
    state: State,
    made: tuple[Challenge | None, ...],
    *,
    choose: Choose,
) -> tuple[Settlement, ...]:
    """Hold an election about each actor's bargains and choose.

    Parameters
    ----------
    made
        Each actor's challenge.
    choose
        Picks one of an actor's bargains, given the actor, its bargains and their chances.
    """
    rules = table.rules
    # what the bargain of each actor is worth to all is asked for once and used on both sides
    worth: dict[int, NDArray[np.float64]] = {}
    out: list[Settlement] = []
    for queue in _queues(state, made, rules):
        for bargain in queue:
            if id(bargain) not in worth:
                worth[id(bargain)] = _worth(table, state, bargain)
        utilities = np.stack([worth[id(bargain)] for bargain in queue], axis=1)
        outcome = elect(rules.election, rules.victory, rules.voting, weight=table.influence, utility=utilities)
        out.append(Settlement(queue, utilities, outcome, choose(len(out), queue, outcome.chance)))
    return tuple(out)


def _queues(state: State, made: tuple[Challenge | None, ...], rules: Rules) -> list[tuple[Bargain, ...]]:
    """Give each actor's bargains in the order in which actors speak, its status quo when its own turn comes."""
    queues: list[list[Bargain]] = [[] for _ in made]
    for number, challenge in enumerate(made):
        here = state.positions[number]
        queues[number].append(Bargain(number, number, here, here))
        if challenge is None:
            continue
        drawn = {
            "initiator": (challenge.by_initiator,),
            "both": (challenge.by_initiator, challenge.by_receiver),
            "compromise": (challenge.compromise,),
        }[rules.bargains]
        queues[number].extend(drawn)
        queues[challenge.receiver].extend(drawn)
    return [tuple(queue) for queue in queues]


def _worth(table: Table, state: State, bargain: Bargain) -> NDArray[np.float64]:
    """Give what a bargain is worth to every actor: the mean utility of all positions once it is carried out."""
    count = len(state.positions)
    if bargain.initiator == bargain.receiver:
        return _mean(state.own_view, count)
    places = np.stack([bargain.initiator_position, bargain.receiver_position])
    # bargains are judged from where an actor stands, as KTAB does, also where its ideal lags behind
    moved = utility(table.distance(state.positions, places), state.risk[:, None])
    rest = np.delete(state.own_view, [bargain.initiator, bargain.receiver], axis=1)
    return _mean(np.concatenate([moved, rest], axis=1), count)


def _mean(utilities: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Give the mean of each row, added up in its order."""
    return np.asarray(np.add.accumulate(utilities, axis=1)[:, -1] / count)
