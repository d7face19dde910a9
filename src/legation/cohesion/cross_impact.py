"""Cross-impact balance: which combinations of states hold together (Weimer-Jehle 2006).

A cross-impact matrix says for every state of every descriptor how it promotes (+) or restrains (-) every state of the
other descriptors. A scenario picks one state per descriptor. It is consistent when no descriptor has a state with a
higher impact sum than the picked one; its inconsistency is the largest shortfall among the descriptors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError

__all__ = ["Descriptors", "Scenario", "Search", "consistent_scenarios", "impact_sums", "inconsistency"]

# impact sums are sums of judged numbers; differences below this are rounding
_SLACK = 1e-9


@dataclass(frozen=True, kw_only=True)
class Descriptors:
    """A cross-impact matrix.

    Attributes
    ----------
    states
        Number of states of each descriptor, each at least 1; n descriptors, S states in all.
    impacts
        Shape (S, S): row = the state that acts, column = the state acted on. What a descriptor does to itself
        counts as given; most matrices hold 0 there.

    Raises
    ------
    InputError
        When the shape does not fit, or a number is not finite.
    """

    states: tuple[int, ...]
    impacts: NDArray[np.float64]

    def __post_init__(self) -> None:
        size = sum(self.states)
        if any(count < 1 for count in self.states):
            raise InputError(f"States per descriptor are {self.states}; each needs at least 1.")
        if self.impacts.shape != (size, size):
            raise InputError(f"The impacts have shape {self.impacts.shape}; {size} states need ({size}, {size}).")
        if not np.isfinite(self.impacts).all():
            raise InputError("The impacts hold a number that is not finite.", remedy="Give 0 for no impact.")

    def offsets(self) -> NDArray[np.int64]:
        """Give the first row of each descriptor, shape (n,)."""
        return np.concatenate(([0], np.cumsum(self.states)[:-1])).astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One state per descriptor (counted from 0), its inconsistency and the sum of the impacts on the picked states."""

    states: tuple[int, ...]
    inconsistency: float
    total_impact: float


def impact_sums(descriptors: Descriptors, states: Sequence[int]) -> NDArray[np.float64]:
    """Give the impact sum of every state under a scenario, shape (S,)."""
    rows = descriptors.offsets() + np.asarray(states, np.int64)
    result: NDArray[np.float64] = descriptors.impacts[rows].sum(axis=0)
    return result


def inconsistency(descriptors: Descriptors, states: Sequence[int]) -> NDArray[np.float64]:
    """Give for each descriptor how far its picked state falls short of its best state, shape (n,)."""
    if not descriptors.states:
        return np.zeros(0)
    sums = impact_sums(descriptors, states)
    offsets = descriptors.offsets()
    result: NDArray[np.float64] = np.maximum.reduceat(sums, offsets) - sums[offsets + np.asarray(states, np.int64)]
    return result


def consistent_scenarios(
    descriptors: Descriptors,
    *,
    max_inconsistency: float = 0.0,
    near: Sequence[int] | None = None,
    max_distance: int | None = None,
) -> Iterator[Scenario]:
    """Yield every scenario whose inconsistency is at most `max_inconsistency`, exactly.

    Depth-first search with propagation: a state is struck out once no choice left for the other descriptors can lift
    it to within `max_inconsistency` of a rival state. Nothing is sampled, so the set is complete when the iterator
    ends; stop it early to bound the work.

    Parameters
    ----------
    descriptors
        The matrix; any number of states per descriptor.
    max_inconsistency
        0 for consistent scenarios.
    near, max_distance
        Only scenarios that differ from `near` in at most so many descriptors.
    """
    if not descriptors.states:
        yield Scenario(states=(), inconsistency=0.0, total_impact=0.0)
        return
    search = Search(descriptors, max_inconsistency=max_inconsistency, near=near, max_distance=max_distance)
    yield from search.run()


class Search:
    """One search; holds the differences between rival states so that each step is a few array operations.

    `complete` turns False when the search stopped at `max_steps` divisions before it had seen everything.
    """

    def __init__(
        self,
        descriptors: Descriptors,
        *,
        max_inconsistency: float = 0.0,
        near: Sequence[int] | None = None,
        max_distance: int | None = None,
        max_steps: int | None = None,
    ) -> None:
        self.steps_left = -1 if max_steps is None else max_steps
        self.complete = True
        self.descriptors = descriptors
        self.slack = max_inconsistency + _SLACK
        self.offsets = descriptors.offsets()
        self.counts = np.asarray(descriptors.states, np.int64)
        between = descriptors.impacts
        pairs = [
            (first, other)
            for start, count in zip(self.offsets, self.counts, strict=True)
            for first in range(start, start + count)
            for other in range(start, start + count)
            if first != other
        ]
        self.left = np.array([pair[0] for pair in pairs], np.int64)
        self.difference = between[:, self.left] - between[:, [pair[1] for pair in pairs]]
        self.home = None if near is None else self.offsets + np.asarray(near, np.int64)
        self.max_distance = len(self.counts) if max_distance is None else max_distance

    def run(self) -> Iterator[Scenario]:
        """Yield every scenario sought."""
        yield from self._run(np.ones(int(self.counts.sum()), bool))

    def _run(self, domain: NDArray[np.bool_]) -> Iterator[Scenario]:
        if self.steps_left == 0:
            self.complete = False
            return
        self.steps_left -= 1
        if not self._propagate(domain):
            return
        sizes = np.add.reduceat(domain, self.offsets, dtype=np.int64)
        if (sizes == 1).all():
            yield self._scenario(domain)
            return
        descriptor = int(np.where(sizes > 1, sizes, sizes.max() + 1).argmin())
        start = self.offsets[descriptor]
        block = slice(start, start + self.counts[descriptor])
        for state in self._in_order(domain, descriptor):
            narrowed = domain.copy()
            narrowed[block] = False
            narrowed[state] = True
            yield from self._run(narrowed)

    def _in_order(self, domain: NDArray[np.bool_], descriptor: int) -> list[int]:
        start = int(self.offsets[descriptor])
        states = [start + n for n in range(int(self.counts[descriptor])) if domain[start + n]]
        home = None if self.home is None else int(self.home[descriptor])
        return sorted(states, key=lambda state: state != home)

    def _propagate(self, domain: NDArray[np.bool_]) -> bool:
        """Strike out states in place until nothing changes; False when a descriptor has none left."""
        while True:
            before = int(domain.sum())
            # the most that the others can still do for a state against its rival
            reach = np.maximum.reduceat(np.where(domain[:, None], self.difference, -np.inf), self.offsets, axis=0)
            hopeless = reach.sum(axis=0) < -self.slack
            domain[self.left[hopeless]] = False
            if not self._keep_near(domain) or not np.logical_or.reduceat(domain, self.offsets).all():
                return False
            if int(domain.sum()) == before:
                return True

    def _keep_near(self, domain: NDArray[np.bool_]) -> bool:
        if self.home is None:
            return True
        away = int((~domain[self.home]).sum())
        if away == self.max_distance:
            open_home = self.home[domain[self.home]]
            owner = np.repeat(np.arange(len(self.counts)), self.counts)
            domain[np.isin(owner, owner[open_home])] = False
            domain[open_home] = True
        return away <= self.max_distance

    def _scenario(self, domain: NDArray[np.bool_]) -> Scenario:
        rows = np.flatnonzero(domain)
        states = tuple(int(state) for state in rows - self.offsets)
        sums = impact_sums(self.descriptors, states)
        worst = float(inconsistency(self.descriptors, states).max())
        return Scenario(states=states, inconsistency=worst, total_impact=float(sums[rows].sum()))
