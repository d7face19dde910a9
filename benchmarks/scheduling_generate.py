"""Draw scheduling problems like the published ones, so that settings can be chosen without looking at those.

After the parameters of ProGen (Kolisch, Sprecher, Drexl 1995, Management Science 41): network complexity, resource
factor and resource strength; several modes trade time for resources, and stocks lie between least and most use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from legation.planning.schedule.problem import Mode, Precedence, Problem, Resource, Task

__all__ = ["Recipe", "draw"]

_LONGEST = 10


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What is drawn.

    Attributes
    ----------
    tasks, resources
        How many, without a start and an end.
    complexity
        Arcs for each task.
    factor
        Share of the resources that a task uses.
    strength
        0 for capacities that barely let each task run, 1 for such that never run short in the earliest schedule.
    modes
        Ways to do each task.
    stocks
        Resources that are used up; their strength is the same.
    wide
        Whether predecessors come from all earlier tasks, three at most, as in the published single-mode sets: shorter
        paths, more tasks side by side, and so harder to prove than chains of near ones.
    """

    tasks: int = 60
    resources: int = 4
    complexity: float = 1.8
    factor: float = 0.75
    strength: float = 0.2
    modes: int = 1
    stocks: int = 0
    wide: bool = False


def draw(recipe: Recipe, *, seed: int) -> Problem:
    """Draw a problem; the same recipe and seed give the same one."""
    rng = np.random.default_rng(seed)
    count, modes = recipe.tasks, recipe.modes
    duration = np.sort(rng.integers(1, _LONGEST + 1, (count, modes)), axis=1)
    # slower modes need no more than quicker ones
    demand = -np.sort(-_amounts(recipe, recipe.resources, rng), axis=1)
    use = -np.sort(-_amounts(recipe, recipe.stocks, rng), axis=1)
    arcs = _wide_arcs(recipe, rng) if recipe.wide else _arcs(recipe, rng)
    low = demand.min(axis=1).max(axis=0)
    capacity = low + np.rint(recipe.strength * np.maximum(0, _peak(duration[:, 0], demand[:, 0], arcs) - low))
    least, most = use.min(axis=1).sum(axis=0), use.max(axis=1).sum(axis=0)
    stock = least + np.rint(recipe.strength * (most - least))
    names = [f"R{at}" for at in range(recipe.resources)] + [f"N{at}" for at in range(recipe.stocks)]
    tasks = tuple(
        Task(
            id=str(task),
            modes=tuple(
                Mode(
                    id=str(mode),
                    duration=int(duration[task, mode]),
                    uses=tuple(
                        (name, int(units))
                        for name, units in zip(names, [*demand[task, mode], *use[task, mode]], strict=True)
                        if units
                    ),
                )
                for mode in range(modes)
            ),
        )
        for task in range(count)
    )
    resources = [Resource(id=name, capacity=int(units)) for name, units in zip(names, capacity, strict=False)]
    resources += [
        Resource(id=name, capacity=int(units), renewable=False)
        for name, units in zip(names[recipe.resources :], stock, strict=True)
    ]
    order = tuple(Precedence(before=str(a), after=str(b)) for a, b in sorted(arcs))
    return Problem(tasks=tasks, resources=tuple(resources), precedences=order)


def _amounts(recipe: Recipe, kinds: int, rng: np.random.Generator) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    used = rng.random((recipe.tasks, 1, kinds)) < recipe.factor
    return np.asarray(rng.integers(1, _LONGEST + 1, (recipe.tasks, recipe.modes, kinds)) * used, np.int64)


def _arcs(recipe: Recipe, rng: np.random.Generator) -> set[tuple[int, int]]:
    """Give each task a predecessor that came shortly before, then further arcs until there are enough."""
    count, reach = recipe.tasks, max(3, recipe.tasks // 5)
    first = max(3, count // 20)
    arcs = {(int(rng.integers(max(0, task - reach), task)), task) for task in range(first, count)}
    tries = 0
    while len(arcs) < recipe.complexity * count and tries < 100 * count:
        tries += 1
        after = int(rng.integers(1, count))
        arcs.add((int(rng.integers(max(0, after - reach), after)), after))
    return arcs


def _wide_arcs(recipe: Recipe, rng: np.random.Generator) -> set[tuple[int, int]]:
    """Give every task a predecessor and a successor, then further arcs that no path has yet; three starts and ends."""
    count, ends, most = recipe.tasks, 3, 3
    after: list[set[int]] = [set() for _ in range(count)]
    before: list[set[int]] = [set() for _ in range(count)]

    def link(first: int, then: int) -> None:
        after[first].add(then)
        before[then].add(first)

    for task in range(ends, count):
        link(int(rng.choice([one for one in range(min(task, count - ends)) if len(after[one]) < most])), task)
    for task in range(count - ends - 1, -1, -1):
        able = [one for one in range(max(task + 1, ends), count) if len(before[one]) < most]
        if not after[task] and able:
            link(task, int(rng.choice(able)))
    tries = 0
    while sum(map(len, after)) < recipe.complexity * count and tries < 400 * count:
        tries += 1
        first = int(rng.integers(0, count - ends))
        then = int(rng.integers(max(first + 1, ends), count))
        if len(after[first]) < most and len(before[then]) < most and not _redundant(after, first, then):
            link(first, then)
    return {(first, then) for first in range(count) for then in after[first]}


def _redundant(after: list[set[int]], first: int, then: int) -> bool:
    """Say whether a path goes that way already, or an arc would be one beside a path with the new one."""
    reach = [1 << task for task in range(len(after))]
    for task in range(len(after) - 1, -1, -1):
        for other in after[task]:
            reach[task] |= reach[other]
    return bool(reach[first] >> then & 1) or any(
        reach[one] >> first & 1 and reach[then] >> other & 1 for one, own in enumerate(after) for other in own
    )


def _peak(
    duration: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    demand: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    arcs: set[tuple[int, int]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Give the most units in use at once when each task starts as early as its predecessors allow."""
    start = np.zeros(len(duration), np.int64)
    for before, after in sorted(arcs, key=lambda arc: arc[1]):
        start[after] = max(start[after], start[before] + duration[before])
    profile = np.zeros((int((start + duration).max()), demand.shape[1]), np.int64)
    for task, begin in enumerate(start):
        profile[begin : begin + duration[task]] += demand[task]
    return np.asarray(profile.max(axis=0), np.int64)
