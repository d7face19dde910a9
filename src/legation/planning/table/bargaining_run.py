"""Turn after turn until the table is quiet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError
from legation.planning.table.bargaining_contest import Challenge, challenges
from legation.planning.table.bargaining_state import State, Table
from legation.planning.table.bargaining_turn import Choose, Settlement, settle
from legation.planning.table.bargaining_types import Negotiation, Rules
from legation.planning.table.bargaining_votes import elect

__all__ = ["Run", "Turn", "run", "winning_chances"]

_SIGNIFICANT = 1e-4
"""Added to what the first turn moved, so that a table where nobody moves is quiet and not 0/0."""


@dataclass(frozen=True, eq=False)
class Turn:
    """One turn: the state it began in, each actor's challenge and settlement, and how far all moved together."""

    state: State
    challenges: tuple[Challenge | None, ...]
    settlements: tuple[Settlement, ...]
    moved: float
    share_of_first: float


@dataclass(frozen=True, eq=False)
class Run:
    """A whole run.

    Attributes
    ----------
    last
        The state after the last turn.
    ended
        `quiet`: the last turn moved little; `turns`: the most turns were taken; `stopped`: somebody stopped it.
    """

    table: Table
    turns: tuple[Turn, ...]
    last: State
    ended: Literal["quiet", "turns", "stopped"]

    @property
    def states(self) -> tuple[State, ...]:
        """Give every state, the first and the last included."""
        return (*(turn.state for turn in self.turns), self.last)


def run(
    negotiation: Negotiation,
    rules: Rules | None = None,
    *,
    seed: int = 1,
    halt: Callable[[], bool] | None = None,
    choose: Callable[[int], Choose] | None = None,
) -> Run:
    """Run the model.

    Parameters
    ----------
    negotiation
        Who negotiates about what.
    rules
        The parameters; KTAB's reference run when left out.
    seed
        For stochastic transitions.
    halt
        Asked before every turn; True ends the run.
    choose
        Gives for each turn (from 0) how actors choose, in place of the rules' transition: to follow a recorded run.

    Raises
    ------
    EngineError
        When a Markov election does not settle.
    InputError
        When the seed is out of range.
    """
    if not 0 <= seed < 2**63:
        raise InputError(f"The seed {seed} is out of range.", remedy="Give a whole number from 0.")
    rules = rules or Rules()
    table = Table.of(negotiation, rules)
    by_rule = _chooser(rules, np.random.default_rng(seed))
    return _turns(table, negotiation.positions(), choose=choose or (lambda _: by_rule), halt=halt or (lambda: False))


def _chooser(rules: Rules, rng: np.random.Generator) -> Choose:
    if rules.transition == "stochastic":
        return lambda _actor, queue, chance: int(rng.choice(len(queue), p=chance))
    return lambda _actor, _queue, chance: int(chance.argmax())


def _turns(
    table: Table, start: NDArray[np.float64], *, choose: Callable[[int], Choose], halt: Callable[[], bool]
) -> Run:
    rules = table.rules
    state, turns = State.at(table, start, start), list[Turn]()
    ended: Literal["quiet", "turns", "stopped"] = "turns"
    while len(turns) < rules.most_turns:
        if halt():
            ended = "stopped"
            break
        made = challenges(table, state)
        settled = settle(table, state, made, choose=choose(len(turns)))
        after = _next(table, state, settled)
        moved = float(np.sqrt(((after.positions - state.positions) ** 2).sum(axis=1)).sum())
        share = moved / ((turns[0].moved if turns else moved) + _SIGNIFICANT)
        turns.append(Turn(state, made, settled, moved, share))
        state = after
        if len(turns) >= rules.least_turns and share < rules.quiet:
            ended = "quiet"
            break
    return Run(table, tuple(turns), state, ended)


def _next(table: Table, state: State, settled: tuple[Settlement, ...]) -> State:
    places = []
    for number, settlement in enumerate(settled):
        bargain = settlement.bargains[settlement.chosen]
        own = number == bargain.initiator
        places.append(bargain.initiator_position if own else bargain.receiver_position)
    positions = np.stack(places)
    follow = table.accommodation
    lag = 1.0 - np.minimum(follow.sum(axis=1), 1.0)
    return State.at(table, positions, follow @ positions + lag[:, None] * state.ideals)


def winning_chances(table: Table, state: State) -> NDArray[np.float64]:
    """Give for each actor the chance that its position wins an election over all positions held, shape (n,).

    Actors at the same place share its chance, so the chances can sum to more than 1. The vote is proportional, as in
    KTAB, whatever rule the bargains follow.
    """
    apart = np.sqrt(((state.positions[:, None, :] - state.positions[None, :, :]) ** 2).sum(axis=2))
    same = apart < table.rules.same_place
    kept: list[int] = []
    for number in range(len(apart)):
        if not same[number, kept].any():
            kept.append(number)
    outcome = elect(
        table.rules.election,
        table.rules.victory,
        "proportional",
        weight=table.influence,
        utility=state.own_view[:, kept],
    )
    option = [max(k for k, other in enumerate(kept) if same[number, other]) for number in range(len(apart))]
    return outcome.chance[option]
