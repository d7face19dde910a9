"""Who challenges whom, and what bargains they draw up instead of fighting it out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.table.bargaining_state import State, Table
from legation.planning.table.bargaining_types import Rules
from legation.planning.table.bargaining_votes import votes

__all__ = ["Bargain", "Challenge", "challenges", "contest", "gain"]

_LEAST_COALITION = 1e-10
_LEAST_GAIN = 1e-5
"""A challenge that is expected to bring less than this is not worth making."""
_LEAST_WEIGHT = 1e-6
_PLACES = 1e4
"""Bargains are struck to four places: more would be spurious."""
_MOST_CELLS = 2_000_000


def contest(
    table: Table, state: State, *, seen_by: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Give the chance that `first` prevails over `second` with all third parties, as `seen_by` sees it, shape (m,).

    Parameters
    ----------
    seen_by, first, second
        Actors, each of shape (m,).
    """
    # a large table is looked at in parts, for memory
    part = max(1, _MOST_CELLS // len(state.positions))
    if len(first) > part:
        return np.concatenate(
            [
                contest(table, state, seen_by=seen_by[cut], first=first[cut], second=second[cut])
                for cut in (slice(at, at + part) for at in range(0, len(first), part))
            ]
        )
    rule, view = table.rules.voting, state.view
    ii, ij = view[seen_by, first, first], view[seen_by, first, second]
    ji, jj = view[seen_by, second, first], view[seen_by, second, second]
    own = votes(rule, table.weight[first], ii - ij)
    other = votes(rule, table.weight[second], ji - jj)
    ahead = _LEAST_COALITION + np.maximum(own, 0.0) + np.maximum(other, 0.0)
    behind = _LEAST_COALITION + np.maximum(-own, 0.0) + np.maximum(-other, 0.0)
    sides = (seen_by, first, second)
    third = _third_parties(table, state, sides, ahead=ahead, behind=behind)
    ahead, behind = _one_by_one(ahead, np.maximum(third, 0.0)), _one_by_one(behind, np.maximum(-third, 0.0))
    result: NDArray[np.float64] = ahead / (ahead + behind)
    return result


def _one_by_one(start: NDArray[np.float64], more: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add the columns to the start in their order, shape (m,)."""
    return np.asarray(np.add.accumulate(np.column_stack((start, more)), axis=1)[:, -1])


def _third_parties(
    table: Table,
    state: State,
    sides: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    *,
    ahead: NDArray[np.float64],
    behind: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give each actor's vote for `first` against `second`, shape (m, n); 0 for the two themselves."""
    rule, weight = table.rules.voting, table.weight[None, :]
    seen_by, first, second = sides
    row, everybody = np.arange(len(first)), np.arange(len(state.positions))[None, :]
    ni = state.view[seen_by[:, None], everybody, first[:, None]]
    nj = state.view[seen_by[:, None], everybody, second[:, None]]
    nn = state.view[seen_by[:, None], everybody, everybody]
    # a third party first looks at the little contest of the two and itself alone
    leaning = votes(rule, weight, ni - nj)
    with_i, with_j = ahead[:, None] + np.maximum(leaning, 0.0), behind[:, None] + np.maximum(-leaning, 0.0)
    chance = with_i / (with_i + with_j)
    win_i, lose_i, win_j, lose_j = _stakes(table.rules, ni, nj, nn)
    side_i = chance * win_i + (1.0 - chance) * lose_i
    side_j = chance * lose_j + (1.0 - chance) * win_j
    cast = votes(rule, weight, side_i - side_j)
    cast[row, first] = 0.0
    cast[row, second] = 0.0
    return cast


def _stakes(
    rules: Rules, ni: NDArray[np.float64], nj: NDArray[np.float64], nn: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Give what a third party has when it sides with i (wins, loses) and with j (wins, loses): three positions each."""
    apart_i, apart_j = ni + ni + nn, nj + nj + nn
    together_i, together_j = ni + ni + ni, nj + nj + nj
    if rules.commitment == "full":
        return together_i, together_j, together_j, together_i
    if rules.commitment == "semi":
        return apart_i, together_j, apart_j, together_i
    return apart_i, apart_j, apart_j, apart_i


def gain(
    table: Table,
    state: State,
    *,
    seen_by: NDArray[np.int64],
    to: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    chance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give what actor `to` expects from `first` challenging `second`, compared with today, as `seen_by` sees it."""
    at_i, at_j = state.view[seen_by, to, first], state.view[seen_by, to, second]
    today = at_i + at_j
    win, lose = at_i + at_i, at_j + at_j
    fight = chance * win + (1.0 - chance) * lose
    care = table.care[second]
    result: NDArray[np.float64] = (1.0 - care) * win + care * fight - today
    return result


@dataclass(frozen=True, eq=False)
class Bargain:
    """Where the initiator and the receiver would move, each of shape (d,); alone with itself: the status quo."""

    initiator: int
    receiver: int
    initiator_position: NDArray[np.float64]
    receiver_position: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Challenge:
    """An actor's best target and what comes of it.

    Attributes
    ----------
    chance, gain_own, gain_other
        As the initiator sees them: the chance to prevail, what it and the target expect.
    chance_seen, gain_own_seen, gain_other_seen
        The same as the target sees them.
    by_initiator, by_receiver, compromise
        The bargains that either would draw up, and their mean weighted by power.
    """

    initiator: int
    receiver: int
    chance: float
    gain_own: float
    gain_other: float
    chance_seen: float
    gain_own_seen: float
    gain_other_seen: float
    by_initiator: Bargain
    by_receiver: Bargain
    compromise: Bargain


def challenges(table: Table, state: State) -> tuple[Challenge | None, ...]:
    """Give each actor's best challenge, None where none pays."""
    count = len(state.positions)
    first = np.repeat(np.arange(count), count - 1)
    second = np.concatenate([np.delete(np.arange(count), own) for own in range(count)])
    chance = contest(table, state, seen_by=first, first=first, second=second)
    worth = gain(table, state, seen_by=first, to=first, first=first, second=second, chance=chance)
    best = worth.reshape(count, count - 1).argmax(axis=1) + np.arange(count) * (count - 1)
    chosen = best[worth[best] > _LEAST_GAIN]
    return _drawn_up(table, state, first=first[chosen], second=second[chosen], chance=chance[chosen], count=count)


def _drawn_up(
    table: Table,
    state: State,
    *,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    chance: NDArray[np.float64],
    count: int,
) -> tuple[Challenge | None, ...]:
    seen = contest(table, state, seen_by=second, first=first, second=second)

    def expected(by: NDArray[np.int64], to: NDArray[np.int64], odds: NDArray[np.float64]) -> list[float]:
        gains = gain(table, state, seen_by=by, to=to, first=first, second=second, chance=odds)
        return [float(value) for value in gains]

    views = (
        expected(first, first, chance), expected(first, second, chance),
        expected(second, first, seen), expected(second, second, seen),
    )  # fmt: skip
    out: list[Challenge | None] = [None] * count
    for number, (i, j) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        own = _bargain(table, state, i, j, float(chance[number]))
        published = table.rules.receiver_side == "as_published"
        others = _bargain(table, state, i, j, float(seen[number]) if published else views[2][number])
        out[i] = Challenge(
            initiator=i,
            receiver=j,
            chance=float(chance[number]),
            gain_own=views[0][number],
            gain_other=views[1][number],
            chance_seen=float(seen[number]),
            gain_own_seen=views[2][number],
            gain_other_seen=views[3][number],
            by_initiator=own,
            by_receiver=others,
            compromise=_compromise(table, own, others),
        )
    return tuple(out)


def _bargain(table: Table, state: State, i: int, j: int, chance: float) -> Bargain:
    place = _between_by_lead if table.rules.interpolation == "s2pmax" else _between_by_share
    power = 2 if table.rules.interpolation == "s2p2" else 1
    at_i, at_j = place(
        state.positions[i], state.positions[j], table.salience[i], table.salience[j], chance=chance, power=power
    )
    return Bargain(i, j, at_i, at_j)


def _between_by_share(
    a: NDArray[np.float64], b: NDArray[np.float64], s: NDArray[np.float64], t: NDArray[np.float64], *,
    chance: float, power: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Weigh two positions by salience times chance; where neither has any weight, both stay where they are."""
    v, w = s**power * chance**power, t**power * (1.0 - chance) ** power
    whole = v + _LEAST_WEIGHT + w
    at_i = ((v + _LEAST_WEIGHT) * a + w * b) / whole
    at_j = (v * a + (_LEAST_WEIGHT + w) * b) / whole
    return np.trunc(0.5 + at_i * _PLACES) / _PLACES, np.trunc(0.5 + at_j * _PLACES) / _PLACES


def _between_by_lead(
    a: NDArray[np.float64], b: NDArray[np.float64], s: NDArray[np.float64], t: NDArray[np.float64], *,
    chance: float, power: int,  # noqa: ARG001 - the same signature as by share
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Move only the side that is likelier to lose, the further the larger the other's lead."""
    lead_j, lead_i = max(0.0, 1.0 - 2.0 * chance), max(0.0, 2.0 * chance - 1.0)
    s, t = s * s, t * t
    step_i = lead_j * t / (lead_j * t + _LEAST_WEIGHT + (1.0 - lead_j) * s)
    step_j = lead_i * s / (lead_i * s + _LEAST_WEIGHT + (1.0 - lead_i) * t)
    return a + step_i * (b - a), b + step_j * (a - b)


def _compromise(table: Table, own: Bargain, others: Bargain) -> Bargain:
    weigh = table.weight if table.rules.receiver_side == "as_published" else table.care
    v, w = float(weigh[own.initiator]), float(weigh[own.receiver])
    return Bargain(
        own.initiator,
        own.receiver,
        (v * own.initiator_position + w * others.initiator_position) / (v + w),
        (v * own.receiver_position + w * others.receiver_position) / (v + w),
    )
