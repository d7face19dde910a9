"""How many scenarios each consistent one attracts (its weight), counted over all combinations.

Succession: every descriptor moves at once to the state with the highest impact sum, staying where its state is among
the highest and else taking the first of them (ScenarioWizard's global succession). Following it from every combination
ends in a consistent scenario or in a cycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.cross_impact import Descriptors
from legation.errors import InputError

__all__ = ["MOST_COMBINATIONS", "weights"]

MOST_COMBINATIONS = 60_000_000
"""Each takes four bytes twice over, and every combination is looked at: 60 million take about a minute."""
_MOST_TAIL = 65_536


def weights(descriptors: Descriptors, *, most: int = MOST_COMBINATIONS) -> Mapping[tuple[int, ...], int]:
    """Count for every consistent scenario from how many combinations succession leads to it.

    Parameters
    ----------
    descriptors
        The matrix.
    most
        Refuse more combinations than this.

    Returns
    -------
    Mapping
        Weight by states. Combinations that end in a cycle count for nobody, so the weights may sum to less than all.

    Raises
    ------
    InputError
        When there are too many combinations.
    """
    count = prod(descriptors.states)
    if count > min(most, 2**31 - 1):
        raise InputError(
            f"The matrix has {count:,} combinations; weights are counted over up to {most:,}.",
            remedy="Leave the weights out: the consistent scenarios themselves are found without counting.",
        )
    if not descriptors.states:
        return {(): 1}
    after = _successors(descriptors, count)
    fixed = np.flatnonzero(after == np.arange(count, dtype=np.int32))
    end, steps = after, 1
    # twice as far each time; a way that has not ended after as many steps as there are combinations is a cycle
    while steps < count:
        further = end[end]
        steps *= 2
        if (further == end).all():
            break
        end = further
    heaps = np.bincount(end, minlength=count)[fixed]
    return {_states(descriptors, int(index)): int(heap) for index, heap in zip(fixed, heaps, strict=True)}


def _strides(descriptors: Descriptors) -> list[int]:
    return [prod(descriptors.states[place + 1 :]) for place in range(len(descriptors.states))]


def _states(descriptors: Descriptors, index: int) -> tuple[int, ...]:
    return tuple(
        index // stride % count for stride, count in zip(_strides(descriptors), descriptors.states, strict=True)
    )


def _successors(descriptors: Descriptors, count: int) -> NDArray[np.int32]:
    """Give the combination that follows each one, the first descriptor slowest."""
    counts, strides, offsets = descriptors.states, _strides(descriptors), descriptors.offsets().tolist()
    cut = next(place for place in range(len(counts) + 1) if prod(counts[place:]) <= _MOST_TAIL)
    tail = np.arange(prod(counts[cut:]))
    own = {place: tail // strides[place] % counts[place] for place in range(cut, len(counts))}
    shared = np.zeros((len(tail), sum(counts)))
    for place, state in own.items():
        shared += descriptors.impacts[offsets[place] + state]
    out = np.empty(count, np.int32)
    for head in range(count // len(tail)):
        picked = [head * len(tail) // strides[place] % counts[place] for place in range(cut)]
        sums = shared + sum((descriptors.impacts[offsets[p] + s] for p, s in enumerate(picked)), np.zeros(sum(counts)))
        following = np.zeros(len(tail), np.int64)
        for place, states in enumerate(counts):
            block = sums[:, offsets[place] : offsets[place] + states]
            current = np.full(len(tail), picked[place]) if place < cut else own[place]
            following += _moved(block, current) * strides[place]
        out[head * len(tail) : (head + 1) * len(tail)] = following
    return out


def _moved(block: NDArray[np.float64], current: NDArray[np.int64]) -> NDArray[np.int64]:
    stays = np.take_along_axis(block, current[:, None], axis=1)[:, 0] >= block.max(axis=1) - 1e-9
    return np.where(stays, current, block.argmax(axis=1))
