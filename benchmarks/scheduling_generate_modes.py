"""Draw multi-mode scheduling problems like those of MMLIB, so that settings can be chosen without looking at those.

After the parameters of Van Peteghem and Vanhoucke (2014, EJOR 235): order strength, resource factor and resource
strength, the last two on their own for what is given back and for what is used up.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from legation.planning.schedule.problem import Mode, Precedence, Problem, Resource, Task

__all__ = ["ModesRecipe", "draw_modes", "grid"]

_LONGEST = _MOST_UNITS = 10


@dataclass(frozen=True, kw_only=True)
class ModesRecipe:
    """What is drawn.

    Attributes
    ----------
    order
        Share of the pairs of tasks of which one comes before the other, directly or through others.
    factor, stock_factor
        Share of the renewable resources, and of those used up, that a mode takes.
    strength, stock_strength
        0 for what barely suffices, 1 for what never runs short.
    """

    order: float = 0.5
    factor: float = 1.0
    strength: float = 0.25
    stock_factor: float = 1.0
    stock_strength: float = 0.5
    tasks: int = 50
    modes: int = 3
    resources: int = 2
    stocks: int = 2


def grid() -> list[tuple[ModesRecipe, int]]:
    """Give the 108 mixes of parameters, each with a seed."""
    shares, strengths = (0.5, 1.0), (0.25, 0.5, 0.75)
    mixes = product(strengths, shares, strengths, shares, strengths)
    return [
        (ModesRecipe(order=a, factor=b, strength=c, stock_factor=d, stock_strength=e), seed)
        for seed, (a, b, c, d, e) in enumerate(mixes, 1000)
    ]


def draw_modes(recipe: ModesRecipe, *, seed: int) -> Problem:
    """Draw a problem; the same recipe and seed give the same one."""
    rng = np.random.default_rng(seed)
    # slower modes need no more than quicker ones of what both take
    duration = np.sort(rng.integers(1, _LONGEST + 1, (recipe.tasks, recipe.modes)), axis=1)
    demand = _amounts(recipe, recipe.resources, recipe.factor, rng)
    use = _amounts(recipe, recipe.stocks, recipe.stock_factor, rng)
    arcs = _arcs(recipe, rng)
    low = demand.min(axis=1).max(axis=0)
    capacity = low + np.rint(recipe.strength * (_peaks(duration, demand, arcs) - low)).astype(int)
    least, most = use.min(axis=1).sum(axis=0), use.max(axis=1).sum(axis=0)
    stock = least + np.rint(recipe.stock_strength * (most - least)).astype(int)
    amounts = np.concatenate([demand, use], axis=2)
    names = [f"R{at}" for at in range(recipe.resources)] + [f"N{at}" for at in range(recipe.stocks)]
    resources = tuple(
        Resource(id=name, capacity=int(units), renewable=name[0] == "R")
        for name, units in zip(names, [*capacity, *stock], strict=True)
    )
    tasks = tuple(
        Task(
            id=str(task),
            modes=tuple(_mode(at, duration[task, at], names, amounts[task, at]) for at in range(recipe.modes)),
        )
        for task in range(recipe.tasks)
    )
    order = tuple(Precedence(before=str(a), after=str(b)) for a, b in sorted(arcs))
    return Problem(tasks=tasks, resources=resources, precedences=order)


def _mode(number: int, duration: int, names: list[str], amounts: NDArray[np.int64]) -> Mode:
    uses = tuple((name, int(units)) for name, units in zip(names, amounts, strict=True) if units)
    return Mode(id=str(number), duration=int(duration), uses=uses)


def _amounts(recipe: ModesRecipe, kinds: int, factor: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw what modes take, shape (n, M, kinds); each takes as many kinds as the factor says, whichever they are."""
    shape = (recipe.tasks, recipe.modes, kinds)
    falling = -np.sort(-rng.integers(1, _MOST_UNITS + 1, shape), axis=1)
    taken = rng.random(shape).argsort(axis=2) < max(1, round(factor * kinds))
    return np.asarray(falling * taken, np.int64)


def _arcs(recipe: ModesRecipe, rng: np.random.Generator) -> set[tuple[int, int]]:
    """Draw arcs until enough pairs are in order, and keep those that no others imply."""
    count = recipe.tasks
    before = np.zeros((count, count), bool)
    arcs = set()
    while before.sum() < recipe.order * count * (count - 1) / 2:
        a, b = (int(task) for task in np.sort(rng.choice(count, 2, replace=False)))
        if before[a, b]:
            continue
        arcs.add((a, b))
        up, down = before[:, a].copy(), before[b].copy()
        up[a] = down[b] = True
        before |= np.outer(up, down)
    return {(a, b) for a, b in arcs if not (before[a] & before[:, b]).any()}


def _peaks(duration: NDArray[np.int64], demand: NDArray[np.int64], arcs: set[tuple[int, int]]) -> NDArray[np.int64]:
    """Give the most of each resource in use at once if all start as early as order allows, in the hungriest modes."""
    tasks = np.arange(len(duration))
    peaks = []
    for kind in range(demand.shape[2]):
        mode = demand[:, :, kind].argmax(axis=1)
        own = duration[tasks, mode]
        start = np.zeros(len(duration), np.int64)
        for before, after in sorted(arcs, key=lambda arc: arc[1]):
            start[after] = max(start[after], start[before] + own[before])
        profile = np.zeros(int((start + own).max()), np.int64)
        for task in tasks:
            profile[start[task] : start[task] + own[task]] += demand[task, mode[task], kind]
        peaks.append(profile.max())
    return np.array(peaks, np.int64)
