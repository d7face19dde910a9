"""What it is worth to choose the later months only once a fact is known: a scenario tree of two stages.

All outcomes share the months before the fact is known (non-anticipativity); each has its own months after it. The
value with waiting less the value of the best plan fixed today is what the option to wait is worth; the value if the
fact were known today is its ceiling (Raiffa and Schlaifer 1961).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.errors import InfeasibleError
from legation.planning.beside import solve_beside
from legation.planning.conflict import required
from legation.planning.data import PlanData
from legation.planning.engines.base import Answer, Engine, Halt, Request
from legation.planning.model.build import Model, build_model
from legation.planning.model.extend import Extension
from legation.planning.model.problem import Problem
from legation.planning.planner import assumptions_of
from legation.planning.points import points
from legation.planning.result import Progress
from legation.planning.solve import Solution, search
from legation.planning.uncertainty.facts import Fact
from legation.planning.uncertainty.model import add_outlook, aim_of, scenario_model
from legation.planning.uncertainty.outlook import Outlook, outlook_parts, with_outlook
from legation.planning.uncertainty.result import FactOutcome, TreeBranch, WaitResult
from legation.planning.uncertainty.robust import chosen_of
from legation.planning.value import value_of

__all__ = ["Tree", "build_tree", "value_of_waiting"]

_SEEN = 5e-5
"""A difference that two decimals of points show."""
_LEAST = 0.05
"""Seconds that a search has in any case."""


@dataclass(frozen=True, eq=False)
class Tree:
    """The two-stage problem.

    Attributes
    ----------
    problem
        A block for each outcome, joined by rows that keep the months before the fact alike.
    blocks
        The model of each outcome.
    offsets
        Where each block's columns begin.
    """

    problem: Problem
    blocks: tuple[Model, ...]
    offsets: tuple[int, ...]

    def chosen(self, x: NDArray[np.float64]) -> tuple[list[int], ...]:
        """Read each outcome's slots."""
        return tuple(block.chosen(x[first:]).tolist() for block, first in zip(self.blocks, self.offsets, strict=True))


def build_tree(data: PlanData, outlooks: Sequence[Outlook], *, probabilities: NDArray[np.float64], month: int) -> Tree:
    """Build the tree.

    Parameters
    ----------
    data
        The desk.
    outlooks, probabilities
        What missions bring in each outcome, and how likely it is, shape (O,).
    month
        The first month that is chosen with the fact known.
    """
    base = build_model(data, with_value=False)
    blocks = []
    for outlook, share in zip(outlooks, probabilities, strict=True):
        ext = Extension(base)
        add_outlook(ext, outlook, data=data, weight=float(share))
        done = base.option_columns
        ext.own_cost[done] = -share * data.desk.info.settings.risk_weight * data.options.risk[base.options]
        blocks.append(ext.model())
    sizes = [len(block.problem.cost) for block in blocks]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    shared = _decided_before(data, base, month)
    ties = [
        sparse.csr_matrix(
            (
                np.concatenate([np.ones(len(shared)), -np.ones(len(shared))]),
                (np.tile(np.arange(len(shared)), 2), np.concatenate([shared, shared + begin])),
            ),
            shape=(len(shared), int(offsets[-1])),
        )
        for begin in offsets[1:-1]
    ]
    parts = [block.problem for block in blocks]
    matrix = sparse.vstack([sparse.block_diag([part.matrix for part in parts]), *ties], format="csc")
    zeros = np.zeros(sum(tie.shape[0] for tie in ties))

    def joined(name: str) -> NDArray[np.float64]:
        return np.concatenate([getattr(part, name) for part in parts])

    problem = Problem(
        cost=joined("cost"),
        lower=joined("lower"),
        upper=joined("upper"),
        integer=np.concatenate([part.integer for part in parts]),
        matrix=matrix,
        row_lower=np.concatenate([joined("row_lower"), zeros]),
        row_upper=np.concatenate([joined("row_upper"), zeros]),
    )
    return Tree(problem, tuple(blocks), tuple(int(begin) for begin in offsets[:-1]))


def _decided_before(data: PlanData, model: Model, month: int) -> NDArray[np.int64]:
    """Give the columns that are settled before the fact is known: early starts, and who is sent for long or by days.

    Who serves for one whole month needs no row: in a month before the fact all outcomes do the same, so the people of
    one outcome serve in all.
    """
    starts = np.flatnonzero(data.slots.start[model.slots] < month)
    people = [
        columns
        for number, columns in model.flows
        if not data.demand.classes[number].flexible and data.demand.classes[number].first < month
    ]
    return np.concatenate([starts, *people]).astype(np.int64)


def value_of_waiting(
    fact: Fact,
    engine: Engine,
    *,
    gap: float = 0.002,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    halt: Halt | None = None,
) -> WaitResult:
    """Say what waiting for a fact is worth, and what holding missions back for it costs.

    Parameters
    ----------
    fact
        What is waited for.
    engine
        The solver.
    gap, seconds, seed, progress, halt
        As for `legation.planning.planner.plan`; every part keeps its own proven bound, and the worth is an interval.

    Raises
    ------
    InfeasibleError
        When no plan keeps all rules.
    InputError
        When the time did not suffice for a first plan.
    """
    began, stop, data = time.monotonic(), halt or Halt(), fact.data
    clock = _Clock(began + seconds, parts=4 + len(fact.outlooks))
    worth = aim_of(data, fact.outlooks, tail_weight=0.0, alpha=1.0, weights=fact.probabilities)
    known: list[Solution] = []
    for outlook in fact.outlooks:
        found = search(
            with_outlook(data, outlook), engine, gap=gap, seconds=clock.share(), seed=seed, halt=stop,
            start=known[0].slots.tolist() if known else (),
        )  # fmt: skip
        known.append(required(found, data, engine))
    # a plan made for one outcome, or one that holds missions back, is a plan fixed today as well
    fixed = [solution.slots.tolist() for solution in known]
    solve = partial(_over_all, fact, engine, gap=gap, seed=seed, halt=stop, progress=progress)
    early = np.isin(data.slot_mission, fact.touched) & (data.slots.start < fact.month)
    held = solve(
        replace(data, open=data.open & ~early), seconds=clock.share(),
        start=[slot for slot in max(fixed, key=worth) if not early[slot]], held=True,
    )  # fmt: skip
    fixed += [] if held is None else [held.slots.tolist()]
    first: list[int] = max(fixed, key=worth)
    now = solve(data, seconds=clock.share(), start=first)
    assert now is not None
    tree = build_tree(data, fact.outlooks, probabilities=fact.probabilities, month=fact.month)
    start = _unfolded(tree, now)
    request = Request(gap=gap, seconds=clock.share(parts=2), seed=seed, halt=stop)
    answer = solve_beside(engine, tree.problem, request, known=start)
    plans = _plans(tree, answer, now)
    values = [
        outlook_parts(data, outlook, slots=plan).value for outlook, plan in zip(fact.outlooks, plans, strict=True)
    ]
    adaptive = float(fact.probabilities @ values)
    if adaptive < now.value:
        # the plan fixed today is one of those that the tree may choose
        plans, adaptive = tuple(now.slots.tolist() for _ in plans), now.value
        values = [outlook_parts(data, o, slots=now.slots.tolist()).value for o in fact.outlooks]
    ceiling = float(fact.probabilities @ [solution.bound for solution in known])
    best = float(fact.probabilities @ [solution.value for solution in known])
    adaptive_bound = max(adaptive, min(answer.bound, ceiling))
    branches = tuple(
        _branch(data, name, share=float(share_), value=value, plan=plan, now=now.slots.tolist())
        for name, share_, value, plan in zip(fact.names, fact.probabilities, values, plans, strict=True)
    )
    now_bound = min(now.bound, adaptive_bound)
    held_value, held_bound = (held.value, min(held.bound, now_bound)) if held is not None else (None, None)
    result = WaitResult(
        desk=data.desk.info.id,
        title=data.desk.info.title,
        fact=fact.words,
        month=data.month(fact.month),
        outcomes=tuple(
            FactOutcome(outcome=n, probability=float(p)) for n, p in zip(fact.names, fact.probabilities, strict=True)
        ),
        touched=tuple(data.missions[number].title for number in fact.touched),
        now=now.value,
        now_bound=now_bound,
        now_judged=value_of(data, now.slots.tolist()),
        adaptive=adaptive,
        adaptive_bound=adaptive_bound,
        known=max(best, adaptive),
        known_bound=max(ceiling, adaptive),
        held=held_value,
        held_bound=held_bound,
        worth_low=max(0.0, adaptive - now_bound),
        worth_high=max(0.0, adaptive_bound - now.value),
        ceiling_high=max(0.0, ceiling - now.value),
        cost_low=None if held_bound is None else max(0.0, now.value - held_bound),
        cost_high=None if held_value is None else max(0.0, now_bound - held_value),
        stopped=stop.is_set(),
        seconds=time.monotonic() - began,
        now_entries=chosen_of(data, now.slots.tolist()),
        branches=branches,
        words=(),
        assumptions=assumptions_of(data),
    )
    return _with_words(result)


class _Clock:
    """Divides what is left of the time among the parts to come; what one leaves over the others have."""

    def __init__(self, end: float, *, parts: int) -> None:
        self._end, self._parts = end, parts

    def share(self, *, parts: int = 1) -> float:
        """Give the seconds of the next so many parts."""
        left = max(self._end - time.monotonic(), 0.0)
        seconds = left * parts / self._parts
        self._parts -= parts
        return max(seconds, _LEAST)


def _over_all(
    fact: Fact,
    engine: Engine,
    data: PlanData,
    *,
    gap: float,
    seconds: float,
    seed: int,
    halt: Halt,
    start: Sequence[int] = (),
    progress: Callable[[Progress], None] | None = None,
    held: bool = False,
) -> Solution | None:
    """Find the best plan that is fixed today, over all outcomes; None only where holding back leaves none."""
    outlooks, weights = list(fact.outlooks), fact.probabilities
    found = search(
        data, engine, gap=gap, seconds=seconds, seed=seed, progress=progress, halt=halt,
        model=scenario_model(data, outlooks, weights=weights),
        worth=aim_of(data, outlooks, tail_weight=0.0, alpha=1.0, weights=weights), start=start,
    )  # fmt: skip
    return found if held else required(found, data, engine)


def _unfolded(tree: Tree, now: Solution) -> NDArray[np.float64]:
    """Give the plan fixed today as a solution of the tree: the same in every outcome."""
    own = len(tree.blocks[0].problem.cost)
    base = own - _value_columns(tree, now, 0)
    out, begin = [], base
    for block in tree.blocks:
        more = len(block.problem.cost) - base
        out += [now.x[:base], now.x[begin : begin + more]]
        begin += more
    return np.concatenate(out)


def _value_columns(tree: Tree, now: Solution, number: int) -> int:
    """Give how many columns of a block are the outcome's own: the model over all holds the shared ones once."""
    blocks = len(tree.blocks)
    every = sum(len(block.problem.cost) for block in tree.blocks)
    base = (every - len(now.x)) // (blocks - 1)
    return len(tree.blocks[number].problem.cost) - base


def _plans(tree: Tree, answer: Answer, now: Solution) -> tuple[list[int], ...]:
    if answer.status == "infeasible":
        raise InfeasibleError(
            "No plan keeps all rules in every outcome.", remedy="Look at what the plan must hold: legation plan."
        )
    if answer.x is None:
        return tuple(now.slots.tolist() for _ in tree.blocks)
    return tree.chosen(answer.x)


def _branch(
    data: PlanData, name: str, *, share: float, value: float, plan: Sequence[int], now: Sequence[int]
) -> TreeBranch:
    own = {int(data.slot_mission[slot]): slot for slot in plan}
    fixed = {int(data.slot_mission[slot]): slot for slot in now}
    titles = [mission.title for mission in data.missions]
    return TreeBranch(
        outcome=name,
        probability=share,
        value=value,
        added=tuple(titles[m] for m in sorted(own.keys() - fixed.keys())),
        dropped=tuple(titles[m] for m in sorted(fixed.keys() - own.keys())),
        moved=tuple(titles[m] for m in sorted(own.keys() & fixed.keys()) if own[m] != fixed[m]),
    )


def _with_words(result: WaitResult) -> WaitResult:
    """Give the result with its sentences."""
    from msgspec import structs

    span = _span(result.worth_low, result.worth_high)
    words = [
        (
            f"Choosing the months from {result.month} on once it is known {result.fact} is worth {span}; knowing it "
            f"today would be worth at most {points(result.ceiling_high)}."
        ),
        f"The best plans found are worth {points(result.adaptive)} with waiting and {points(result.now)} without.",
    ]
    reckoned = (
        f"All values here are averages over the {len(result.outcomes)} outcomes, each valued by itself. A plan's value "
        f"counts the expected answers at once: by that reckoning the plan fixed today is worth "
        f"{points(result.now_judged)}"
    )
    apart = abs(result.now_judged - result.now) >= _SEEN
    words.append(
        f"{reckoned}. The two differ because value is not in proportion to effects: what lies above a target counts "
        "nothing, so a good outcome does not make up for a bad one."
        if apart
        else f"{reckoned} as well."
    )
    if result.stopped:
        words.append("It was stopped by hand before all searches ended: the intervals are wider for it.")
    if result.cost_low is None or result.cost_high is None:
        words.append("Holding back the missions concerned leaves no plan that keeps all rules.")
    elif result.touched:
        count = len(result.touched)
        words.append(
            f"Holding back the {count} mission{'s' * (count != 1)} concerned until {result.month}, without learning "
            f"anything, costs {_span(result.cost_low, result.cost_high)}."
        )
    if result.worth_high <= 1e-9:
        words.append("Nothing is gained by waiting: the best plan is the same whatever turns out.")
    elif result.worth_low <= 0:
        words.append("The bounds do not tell the worth from nothing: more seconds or a smaller gap may.")
    return structs.replace(result, words=tuple(words))


def _span(low: float, high: float) -> str:
    if high - low < 5e-5:
        return points((low + high) / 2)
    return f"between {points(low)} and {points(high)}"
