"""Cross-impact balance: which combinations of states hold together (Weimer-Jehle 2006).

A cross-impact matrix says for every state of every descriptor how it promotes (+) or restrains (-) every state of the
other descriptors. A scenario picks one state per descriptor. It is consistent when no descriptor has a state with a
higher impact sum than the picked one; its inconsistency is the largest shortfall among the descriptors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError

__all__ = [
    "Descriptors",
    "Scenario",
    "Search",
    "consistent_scenarios",
    "impact_sums",
    "inconsistency",
    "leads",
    "scored",
]

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
    """One state per descriptor (counted from 0) and its scores.

    Attributes
    ----------
    inconsistency
        The largest shortfall of a picked state behind the best state of its descriptor; 0 for consistent ones.
    total_impact
        The sum of the impacts on the picked states.
    consistency
        The least lead of a picked state over its best rival, negative where it falls short; None where no descriptor
        has a rival. A scenario of consistency 0 holds by a tie, one of 2 survives any judgement being wrong by 1.
    """

    states: tuple[int, ...]
    inconsistency: float
    total_impact: float
    consistency: float | None = None


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


def leads(descriptors: Descriptors, states: Sequence[int]) -> NDArray[np.float64]:
    """Give for each descriptor the lead of its picked state over its best rival, shape (n,); infinite without one."""
    if not descriptors.states:
        return np.zeros(0)
    sums = impact_sums(descriptors, states)
    offsets = descriptors.offsets()
    picked = offsets + np.asarray(states, np.int64)
    own = sums[picked]
    sums[picked] = -np.inf
    result: NDArray[np.float64] = own - np.maximum.reduceat(sums, offsets)
    return result


def scored(descriptors: Descriptors, states: Sequence[int]) -> Scenario:
    """Give a scenario with its scores."""
    if not descriptors.states:
        return Scenario(states=(), inconsistency=0.0, total_impact=0.0)
    sums = impact_sums(descriptors, states)
    lead = float(leads(descriptors, states).min())
    return Scenario(
        states=tuple(int(state) for state in states),
        inconsistency=float(inconsistency(descriptors, states).max()),
        total_impact=float(sums[descriptors.offsets() + np.asarray(states, np.int64)].sum()),
        consistency=lead if np.isfinite(lead) else None,
    )


def consistent_scenarios(
    descriptors: Descriptors,
    *,
    max_inconsistency: float = 0.0,
    near: Sequence[int] | None = None,
    max_distance: int | None = None,
) -> Iterator[Scenario]:
    """Yield every scenario whose inconsistency is at most `max_inconsistency`, exactly.

    Depth-first search; see `Search` for how it prunes. Nothing is sampled, so the set is complete when the iterator
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
    """One exact search, depth first, with bounds that prune.

    For a state to be picked, the others must be able to lift it to within the allowed inconsistency of each rival.
    The most that each descriptor can still do for it is known from the states it has left. A state is struck out

    - once even the most that all others can do does not suffice, and
    - once no state of some other descriptor could be picked beside it, for the same reason.

    The first rule is a bound on each scenario below a node; the second looks at all pairs of states at once.

    Attributes
    ----------
    complete
        False when the search stopped before it had seen everything: at `max_steps` divisions, or asked by `halt`.
    steps
        Divisions made.
    """

    def __init__(
        self,
        descriptors: Descriptors,
        *,
        max_inconsistency: float = 0.0,
        near: Sequence[int] | None = None,
        max_distance: int | None = None,
        max_steps: int | None = None,
        fixed: Sequence[tuple[int, int]] = (),
        halt: Callable[[], bool] | None = None,
    ) -> None:
        """Prepare a search.

        Parameters
        ----------
        descriptors, max_inconsistency, near, max_distance
            As for `consistent_scenarios`.
        max_steps
            Most divisions.
        fixed
            Only scenarios with these states: (descriptor, state).
        halt
            Asked at every division; True ends the search.
        """
        self.descriptors, self.complete, self.steps = descriptors, True, 0
        self.max_steps, self.halt, self.fixed = max_steps, halt, fixed
        self.slack = max_inconsistency + _SLACK
        self.offsets = descriptors.offsets()
        self.counts = np.asarray(descriptors.states, np.int64)
        self.owner = np.repeat(np.arange(len(self.counts)), self.counts)
        self.difference, self.first_pair, self.rivalled = _rivals(descriptors, self.offsets, self.counts)
        size = len(self.owner)
        self.siblings = (self.owner[:, None] == self.owner[None, :]) & ~np.eye(size, dtype=bool)
        self.home = None if near is None else self.offsets + np.asarray(near, np.int64)
        self.max_distance = len(self.counts) if max_distance is None else max_distance
        # a descriptor that many others hang on decides more than one that stands alone
        acts = (
            np.add.reduceat(np.add.reduceat(descriptors.impacts != 0, self.offsets, axis=0), self.offsets, axis=1) > 0
        )
        self.degree = 1.0 + acts.sum(axis=0) + acts.sum(axis=1)

    def run(self) -> Iterator[Scenario]:
        """Yield every scenario sought."""
        domain = np.ones(len(self.owner), bool)
        for descriptor, state in self.fixed:
            domain[self.owner == descriptor] = False
            domain[self.offsets[descriptor] + state] = True
        yield from self._run(domain)

    def _run(self, domain: NDArray[np.bool_]) -> Iterator[Scenario]:
        if (self.max_steps is not None and self.steps >= self.max_steps) or (self.halt is not None and self.halt()):
            self.complete = False
            return
        self.steps += 1
        if not self._propagate(domain):
            return
        sizes = np.add.reduceat(domain, self.offsets, dtype=np.int64)
        if (sizes == 1).all():
            yield scored(self.descriptors, (np.flatnonzero(domain) - self.offsets).tolist())
            return
        descriptor = int(np.where(sizes > 1, sizes / self.degree, np.inf).argmin())
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
            np.logical_and(domain, self._supported(domain), out=domain)
            if not self._keep_near(domain) or not np.logical_or.reduceat(domain, self.offsets).all():
                return False
            if int(domain.sum()) == before:
                return True

    def _supported(self, domain: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say of each state whether every other descriptor has a state left that could be picked beside it."""
        if not len(self.rivalled):
            return domain
        # the most that each descriptor can do for a state against its rival, and all of them but one
        reach = np.maximum.reduceat(np.where(domain[:, None], self.difference, -np.inf), self.offsets, axis=0)
        beside = (reach.sum(axis=0) - reach)[self.owner] + self.difference
        both = np.ones(self.siblings.shape, bool)
        both[:, self.rivalled] = np.minimum.reduceat(beside, self.first_pair, axis=1) >= -self.slack
        np.logical_and(both, domain[None, :] & ~self.siblings, out=both)
        return np.asarray(np.logical_or.reduceat(both, self.offsets, axis=1).all(axis=1))

    def _keep_near(self, domain: NDArray[np.bool_]) -> bool:
        if self.home is None:
            return True
        away = int((~domain[self.home]).sum())
        if away == self.max_distance:
            open_home = self.home[domain[self.home]]
            domain[np.isin(self.owner, self.owner[open_home])] = False
            domain[open_home] = True
        return away <= self.max_distance


def _rivals(
    descriptors: Descriptors, offsets: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Give what states do for each state against each rival, where its rivals begin, and which states have any."""
    pairs = [
        (first, other)
        for start, count in zip(offsets.tolist(), counts.tolist(), strict=True)
        for first in range(start, start + count)
        for other in range(start, start + count)
        if first != other
    ]
    left = np.array([pair[0] for pair in pairs], np.int64)
    right = np.array([pair[1] for pair in pairs], np.int64)
    rivalled, begins = np.unique(left, return_index=True)
    return descriptors.impacts[:, left] - descriptors.impacts[:, right], begins.astype(np.int64), rivalled
