"""Choose: search and bound a selection by the way that suits it.

Without synergies and rules and with concave terms out of play, the linear relaxation leads to cores that populations
search; otherwise tabu search, repacking and the pairwise bound take turns, each giving the others what it found.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.engines.base import Engine, Halt, Request, safe_bound
from legation.planning.model.problem import Problem
from legation.planning.selection.bound import grain_of, pair_bound
from legation.planning.selection.crowd import crowd_search
from legation.planning.selection.problem import SelectionProblem
from legation.planning.selection.repack import Repack
from legation.planning.selection.tabu import tabu_search

__all__ = ["Choice", "choose", "first_choice"]

_ROUNDS = 3
_TABU_STEPS = (4_000, 30_000, 60_000)
_BOUND_STEPS = (60, 250, 400)
_PROPOSAL_STEPS = 60
_STRETCH = 2_000
"""Steps of tabu search between two rounds of repacking."""
_IDLE = 20
"""Repackings without gain after which a choice is left."""
_GENERATIONS = 40_000
_STEPS_PER_PAIR, _GENERATIONS_PER_PAIR = 10, 2
_CLOSED = 1e-9


@dataclass(frozen=True)
class Choice:
    """The best choice found, shape (n,), its value and a bound that no choice exceeds.

    `price` is what a unit of each limit is worth in the relaxation, shape (R,); zeros where none was solved.
    """

    chosen: NDArray[np.bool_]
    value: float
    bound: float
    price: NDArray[np.float64]

    @property
    def proven(self) -> bool:
        """Whether no choice can be better."""
        return self.bound - self.value <= _CLOSED * max(1.0, abs(self.value))


@dataclass(frozen=True)
class _Run:
    """How long and how far a search goes, and whom it tells."""

    engine: Engine
    rng: np.random.Generator
    deadline: float
    gap: float
    halt: Halt
    told: Callable[[NDArray[np.bool_], float], None] | None
    thorough: bool


def first_choice(problem: SelectionProblem) -> NDArray[np.bool_] | None:
    """Give an allowed choice to start from: nothing, or as little as the rules ask for; None where none is found."""
    chosen = np.zeros(problem.items, bool)
    load = problem.load - 1e-9 * problem.gain
    for _ in range(problem.items):
        short = np.flatnonzero(problem.rules @ chosen.astype(float) > problem.room + 0.5)
        if not len(short):
            return chosen if problem.allowed(chosen) else None
        row = problem.rules[[int(short[0])]]
        helps = row.indices[(row.data < 0) & ~chosen[row.indices]]
        if not len(helps):
            return None
        chosen[helps[int(np.argmin(load[helps]))]] = True
    return None


def choose(
    problem: SelectionProblem,
    engine: Engine,
    *,
    rng: np.random.Generator,
    seconds: float,
    start: NDArray[np.bool_] | None = None,
    gap: float = 0.0,
    halt: Halt | None = None,
    told: Callable[[NDArray[np.bool_], float], None] | None = None,
    thorough: bool = False,
) -> Choice | None:
    """Search a selection and bound it; None where no allowed choice is known to start from.

    Parameters
    ----------
    problem, engine
        What to choose, and the solver of the linear relaxation.
    rng
        Source of chance; with the same one the steps are the same as long as the time lasts.
    seconds
        Limit on time.
    start
        An allowed choice, shape (n,); as little as the rules ask for when left out.
    gap
        Relative distance to the bound at which the search may end.
    halt
        Ends the search when set.
    told
        Called with every better choice.
    thorough
        Whether to go on until the time is over instead of the usual number of steps.
    """
    begin = first_choice(problem) if start is None else start
    if begin is None or not problem.allowed(begin):
        return None
    deadline = time.monotonic() + seconds
    halt = halt or Halt()
    run = _Run(engine, rng, deadline, gap, halt, told, thorough)
    if problem.linear and not len(problem.room) and len(problem.limit):
        return _linear(problem, begin, run)
    return _Joined(problem, begin, run).choose()


def _linear(problem: SelectionProblem, begin: NDArray[np.bool_], run: _Run) -> Choice:
    amounts, price, bound = relax(problem, run.engine, seconds=run.deadline - time.monotonic(), halt=run.halt)
    found = crowd_search(
        problem,
        amounts=amounts,
        price=price,
        start=begin,
        rng=run.rng,
        seconds=run.deadline - time.monotonic(),
        generations=10**9 if run.thorough else min(_GENERATIONS, 50 + _GENERATIONS_PER_PAIR * problem.items**2),
        target=_good_enough(bound, run.gap),
        halt=run.halt,
        told=run.told,
    )
    return Choice(found, problem.value(found), max(bound, problem.value(found)), price)


def relax(
    problem: SelectionProblem, engine: Engine, *, seconds: float, halt: Halt
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Solve the linear relaxation of a linear selection: amounts, prices of the limits, and a bound by weak duality."""
    arrays = Problem(
        cost=problem.gain,
        lower=np.zeros(problem.items),
        upper=np.ones(problem.items),
        integer=np.zeros(problem.items, bool),
        matrix=sparse.csc_matrix(problem.use),
        row_lower=np.full(len(problem.limit), -np.inf),
        row_upper=problem.ceiling,
    )
    answer = engine.solve(arrays, Request(relaxed=True, vertex=True, seconds=max(0.1, seconds), halt=halt))
    duals = np.zeros(len(problem.limit)) if answer.duals is None else np.maximum(answer.duals, 0.0)
    amounts = np.zeros(problem.items) if answer.x is None else answer.x
    bound, grain = safe_bound(arrays, duals), grain_of(problem)
    bound += _CLOSED * max(1.0, abs(bound))
    return amounts, duals, float(np.floor(bound / grain + 1e-6) * grain) if grain else bound


class _Joined:
    """Tabu search, repacking and the pairwise bound in turns, with the best choice they know."""

    def __init__(self, problem: SelectionProblem, begin: NDArray[np.bool_], run: _Run) -> None:
        self.problem, self.run = problem, run
        self.best, self.value, self.bound = begin.copy(), problem.value(begin), np.inf
        self.repack = Repack(problem) if Repack.suits(problem) else None

    def choose(self) -> Choice:
        run, turn = self.run, 0
        # a small selection is searched through in few steps
        most = _STEPS_PER_PAIR * self.problem.items**2
        while True:
            # the first round leaves time for a bound, however slow the machine is
            share = 0.4 if turn == 0 else 1.0
            self._round(min(_TABU_STEPS[min(turn, _ROUNDS - 1)], most), seconds=self._left() * share)
            if turn < _ROUNDS:
                self._prove(_BOUND_STEPS[turn])
            turn += 1
            if self._over(run.deadline) or (turn >= _ROUNDS and not run.thorough):
                bound = max(self.bound, self.value)
                return Choice(self.best, self.value, bound, np.zeros(len(self.problem.limit)))

    def _round(self, steps: int, *, seconds: float) -> None:
        """Search from the best choice and from others in turn, in stretches where items can be repacked in between."""
        until, turn = time.monotonic() + seconds, 0
        stretch = steps if self.repack is None else _STRETCH
        while steps > 0 and (turn == 0 or not self._over(until)):
            origin = self.best if turn % 2 == 0 else self._elsewhere()
            found = self._tabu(origin, min(stretch, steps), seconds=until - time.monotonic())
            if self.repack is not None:
                self._repack(found, until)
            steps, turn = steps - stretch, turn + 1

    def _tabu(self, origin: NDArray[np.bool_], steps: int, *, seconds: float) -> NDArray[np.bool_]:
        found = tabu_search(
            self.problem,
            origin,
            rng=self.run.rng,
            steps=steps,
            seconds=max(0.0, seconds),
            target=self._target(),
            halt=self.run.halt,
        )
        self._take(found.chosen, found.value)
        return found.chosen

    def _repack(self, chosen: NDArray[np.bool_], until: float) -> None:
        """Decide parts of a choice anew until nothing is gained so many times in a row."""
        assert self.repack is not None
        value, idle = self.problem.value(chosen), 0
        while idle < _IDLE and not self._over(until):
            other = self.repack.repack(chosen, self.run.rng)
            worth = self.problem.value(other)
            idle = 0 if worth > value + _CLOSED else idle + 1
            if idle == 0:
                chosen, value = other, worth
                self._take(chosen, value)

    def _elsewhere(self) -> NDArray[np.bool_]:
        """Give the best choice without a part of it, by chance; tabu search fills it again."""
        rng, out = self.run.rng, self.best.copy()
        out[rng.random(self.problem.items) < rng.random()] = False
        return out if self.problem.allowed(out) else self.best

    def _prove(self, steps: int) -> None:
        """Lower the bound; of the time that is left it takes a quarter at most."""
        proof = pair_bound(
            self.problem, self.best, steps=steps, seconds=self._left() / 4, halt=self.run.halt, propose=self._propose
        )
        self.bound = min(self.bound, proof.bound)

    def _propose(self, amounts: NDArray[np.float64]) -> float:
        if not len(self.problem.room):
            self._tabu(_rounded(self.problem, amounts), _PROPOSAL_STEPS, seconds=self._left())
        return self.value

    def _take(self, chosen: NDArray[np.bool_], value: float) -> None:
        if value > self.value:
            self.best, self.value = chosen, value
            if self.run.told is not None:
                self.run.told(chosen, value)

    def _left(self) -> float:
        return max(0.0, self.run.deadline - time.monotonic())

    def _target(self) -> float:
        return _good_enough(self.bound, self.run.gap)

    def _over(self, until: float) -> bool:
        met = self.value >= self._target() - _CLOSED * max(1.0, abs(self.value))
        return met or self.run.halt.is_set() or time.monotonic() >= until


def _rounded(problem: SelectionProblem, amounts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Take items by falling amount as they fit."""
    out = np.zeros(problem.items, bool)
    left = problem.ceiling.copy()
    for item in np.argsort(-amounts, kind="stable").tolist():
        if amounts[item] <= 0.0:
            break
        if (problem.use[:, item] <= left).all():
            out[item] = True
            left -= problem.use[:, item]
    return out


def _good_enough(bound: float, gap: float) -> float:
    """Give the least value whose relative gap to the bound is within the one asked."""
    return bound / (1 + gap) if bound > 0 else bound
