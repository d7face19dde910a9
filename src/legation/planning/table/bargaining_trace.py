"""Every number of a run as records."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from legation.planning.table.bargaining_contest import Bargain, Challenge
from legation.planning.table.bargaining_run import Run, winning_chances
from legation.planning.table.bargaining_turn import Settlement
from legation.planning.table.bargaining_types import Negotiation
from legation.planning.table.result import ChallengeRecord, TraceBargain, TraceElection, TurnRecord

__all__ = ["turn_records"]


def turn_records(negotiation: Negotiation, run: Run) -> tuple[TurnRecord, ...]:
    """Give every turn; positions are on the scale of 0 to 100 that they were given on."""
    names = tuple(actor.name for actor in negotiation.actors)
    return tuple(
        TurnRecord(
            turn=number,
            positions=_rows(turn.state.positions * 100.0),
            ideals=_rows(turn.state.ideals * 100.0),
            value=_rows(turn.state.value),
            risk=_row(turn.state.risk),
            utility=_rows(turn.state.own_view),
            view=tuple(_rows(matrix) for matrix in turn.state.view),
            chance=_row(winning_chances(run.table, turn.state)),
            challenges=tuple(_challenge(one, names) for one in turn.challenges if one is not None),
            elections=tuple(_election(actor, one, names) for actor, one in zip(names, turn.settlements, strict=True)),
            moved=turn.moved * 100.0,
            share_of_first=turn.share_of_first,
        )
        for number, turn in enumerate(run.turns, 1)
    )


def _row(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(values.tolist())


def _rows(values: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in values.tolist())


def _challenge(one: Challenge, names: Sequence[str]) -> ChallengeRecord:
    return ChallengeRecord(
        actor=names[one.initiator],
        target=names[one.receiver],
        chance=one.chance,
        gain_own=one.gain_own,
        gain_other=one.gain_other,
        chance_seen=one.chance_seen,
        gain_own_seen=one.gain_own_seen,
        gain_other_seen=one.gain_other_seen,
        proposal_own=_place(one.by_initiator.initiator_position),
        proposal_other=_place(one.by_initiator.receiver_position),
        counter_own=_place(one.by_receiver.initiator_position),
        counter_other=_place(one.by_receiver.receiver_position),
        compromise_own=_place(one.compromise.initiator_position),
        compromise_other=_place(one.compromise.receiver_position),
    )


def _place(position: NDArray[np.float64]) -> tuple[float, ...]:
    return _row(position * 100.0)


def _election(actor: str, one: Settlement, names: Sequence[str]) -> TraceElection:
    return TraceElection(
        actor=actor,
        bargains=tuple(
            _bargain(bargain, float(chance), names)
            for bargain, chance in zip(one.bargains, one.outcome.chance, strict=True)
        ),
        utility=_rows(one.utility),
        strength=_rows(one.outcome.strength),
        wins=_rows(one.outcome.wins),
        chosen=one.chosen,
    )


def _bargain(one: Bargain, chance: float, names: Sequence[str]) -> TraceBargain:
    return TraceBargain(
        initiator=names[one.initiator],
        receiver=names[one.receiver],
        initiator_position=_place(one.initiator_position),
        receiver_position=_place(one.receiver_position),
        chance=chance,
    )
