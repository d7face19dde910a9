"""A desk's missions and objectives as arrays: the one place where effects become numbers.

Every mode of every mission that can still be chosen is an *option*. ``E[o, k]`` is the signed expected contribution
of option ``o`` to objective ``k`` in units of the objective's target: effect points, times the probability that
enough partners accept, times the share of it that is left on average when it fades, divided by the target.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from legation.desk.aims import Objective
from legation.desk.constraints import Willingness
from legation.desk.desk import Desk
from legation.desk.instruments import branch, instrument_tree
from legation.desk.missions import Effect, Instrument, Mission, Mode
from legation.errors import InputError

__all__ = ["Bound", "Options", "acceptance", "expected_points", "leaf_weights", "options_of", "phi", "share_left"]

Bound = Literal["low", "likely", "high"]
_OPEN = ("candidate", "committed", "executing")


@dataclass(frozen=True)
class Options:
    """Options (n), leaf objectives (K) and the effects that join them (f rows).

    Attributes
    ----------
    missions, modes
        Ids per option, length n.
    months, risk
        Length in months and risk in [0, 1] per option, shape (n,).
    accept
        Probability that the mission goes ahead: low, likely, high; shape (3, n).
    objectives
        Ids of the leaf objectives, length K, in the desk's order.
    weights
        Share of each leaf in the whole, shape (K,), sum 1.
    goals, goal_of
        Ids of the goals and the goal index of each leaf, shape (K,).
    targets
        Effect points that meet each leaf, shape (K,).
    effect_option, effect_objective
        Row and column of each effect, shape (f,).
    effect_value
        Contribution in units of the target before fading: low, likely, high; shape (3, f).
    effect_left
        Share of each effect that counts because it fades, 1 where it lasts, shape (f,); see `share_left`.
    horizon
        Months of the plan.
    """

    missions: tuple[str, ...]
    modes: tuple[str, ...]
    months: NDArray[np.int64]
    risk: NDArray[np.float64]
    accept: NDArray[np.float64]
    objectives: tuple[str, ...]
    weights: NDArray[np.float64]
    goals: tuple[str, ...]
    goal_of: NDArray[np.int64]
    targets: NDArray[np.float64]
    effect_option: NDArray[np.int64]
    effect_objective: NDArray[np.int64]
    effect_value: NDArray[np.float64]
    effect_left: NDArray[np.float64]
    horizon: int

    @cached_property
    def index(self) -> Mapping[tuple[str, str], int]:
        """The option of a mission and mode."""
        return {pair: number for number, pair in enumerate(zip(self.missions, self.modes, strict=True))}

    def contributions(self, options: NDArray[np.int64], *, bound: Bound = "likely") -> NDArray[np.float64]:
        """Give the signed contributions of options, one row each.

        Parameters
        ----------
        options
            Option numbers, shape (r,).
        bound
            Which of the judged values to use.

        Returns
        -------
        ndarray of shape (r, K)
            In units of the targets; what fades counts with the share that is left on average.
        """
        offsets, rows = self._effects_by_option
        counts = offsets[options + 1] - offsets[options]
        line = np.repeat(np.arange(len(options)), counts)
        first = np.repeat(offsets[options] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        effect = rows[np.arange(counts.sum()) + first] if counts.sum() else np.empty(0, np.int64)
        value = self.effect_value[("low", "likely", "high").index(bound)][effect] * self.effect_left[effect]
        out = np.zeros((len(options), len(self.objectives)))
        np.add.at(out, (line, self.effect_objective[effect]), value)
        return out

    @cached_property
    def _effects_by_option(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        order = np.argsort(self.effect_option, kind="stable").astype(np.int64)
        offsets = np.searchsorted(self.effect_option[order], np.arange(len(self.missions) + 1)).astype(np.int64)
        return offsets, order


def leaf_weights(desk: Desk) -> tuple[tuple[Objective, ...], NDArray[np.float64], NDArray[np.int64]]:
    """Give the leaf objectives, their shares in the whole and the goal index of each.

    A goal's share is its weight among the goals; below it each child takes its weight among its siblings.

    Raises
    ------
    InputError
        When no weight is left to share.
    """
    children: dict[str, list[Objective]] = defaultdict(list)
    for objective in desk.objectives:
        children[objective.parent].append(objective)
    leaves: list[tuple[Objective, float, int]] = []

    def descend(parent: str, share: float, goal: int, seen: frozenset[str]) -> None:
        below = children.get(parent, [])
        total = sum(child.weight for child in below)
        for child in below:
            if child.id in seen:
                raise InputError(
                    f"Objective {child.id!r} lies below itself.", remedy="Break the loop: change one parent."
                )
            part = share * child.weight / total if total > 0 else 0.0
            if child.id in children:
                descend(child.id, part, goal, seen | {child.id})
            else:
                leaves.append((child, part, goal))

    whole = sum(goal.weight for goal in desk.goals)
    for number, goal in enumerate(desk.goals):
        descend(goal.id, goal.weight / whole if whole > 0 else 0.0, number, frozenset())
    place = {objective.id: number for number, objective in enumerate(desk.objectives)}
    leaves.sort(key=lambda leaf: place[leaf[0].id])
    weights = np.array([leaf[1] for leaf in leaves])
    if not leaves or weights.sum() <= 0:
        raise InputError(
            "The desk has no objective with a positive weight below a goal.",
            remedy="Give at least one goal and one objective below it a positive weight.",
        )
    # goals without objectives hold weight that nothing below can carry: the rest is rescaled to sum to 1
    return tuple(leaf[0] for leaf in leaves), weights / weights.sum(), np.array([leaf[2] for leaf in leaves], np.int64)


def acceptance(
    desk: Desk, mission: Mission, *, tree: Mapping[str, Instrument] | None = None
) -> tuple[float, float, float]:
    """Give the probability (low, likely, high) that enough partners accept a mission.

    Partners decide independently; each one's probability is the desk's row for the mission, else for the nearest
    instrument above it, else for the partner, else the desk's default. Every partner that leads the mission must
    accept, and `quorum` of the others, all by default.
    """
    instruments = instrument_tree(desk.instruments) if tree is None else tree
    leads = frozenset(lead.actor for lead in desk.leads if lead.mission == mission.id)
    return _acceptance(mission, _willingness(desk.willingness), instruments, desk.info.default_willingness, leads)


def share_left(fade_months: float | None, *, months: int) -> float:
    """Give the share of an effect that is left on average over as many months as the plan has.

    An effect with half-life h that is 1 when its mission ends is worth ``0.5 ** (u / h)`` u months later; the share is
    the mean over u = 0 ... months - 1. It does not depend on when the mission ends: a plan's end is an arbitrary cut,
    and counting what is left on that very day would push everything that fades into the last month.

    >>> round(share_left(12.0, months=24), 4), share_left(None, months=24)
    (0.5562, 1.0)
    """
    if fade_months is None:
        return 1.0
    monthly = 0.5 ** (1 / fade_months)
    # a half-life far beyond the plan leaves everything: 1 - monthly is 0 then
    return 1.0 if monthly == 1.0 else float((1 - monthly**months) / (months * (1 - monthly)))


def options_of(desk: Desk, *, weights: Sequence[float] | None = None) -> Options:
    """Turn a desk into options; done and cancelled missions are left out.

    Parameters
    ----------
    desk
        A desk without faults.
    weights
        Other shares for the leaf objectives, in their order; scaled to sum 1.
    """
    leaves, shares, goal_of = leaf_weights(desk)
    if weights is not None:
        shares = np.asarray(weights, float) / float(np.sum(weights))
    column = {leaf.id: number for number, leaf in enumerate(leaves)}
    targets = np.array([leaf.target for leaf in leaves])
    missions = {mission.id: mission for mission in desk.missions if mission.status in _OPEN}
    modes = [mode for mode in desk.modes if mode.mission in missions]
    accept = _accept_rows(desk, missions, modes)
    rows, columns, values, left = _effect_rows(desk, modes, column, accept)
    return Options(
        missions=tuple(mode.mission for mode in modes),
        modes=tuple(mode.id for mode in modes),
        months=np.array([mode.months for mode in modes], np.int64),
        risk=np.array([mode.risk for mode in modes], float),
        accept=accept,
        objectives=tuple(column),
        weights=shares,
        goals=tuple(goal.id for goal in desk.goals),
        goal_of=goal_of,
        targets=targets,
        effect_option=rows,
        effect_objective=columns,
        effect_value=values / targets[columns] if len(columns) else values,
        effect_left=left,
        horizon=desk.info.months,
    )


def _willingness(rows: Sequence[Willingness]) -> dict[tuple[str, str | None, str | None], Willingness]:
    return {(row.partner, row.mission, row.instrument): row for row in rows}


def _acceptance(
    mission: Mission,
    rows: Mapping[tuple[str, str | None, str | None], Willingness],
    tree: Mapping[str, Instrument],
    default: float,
    leads: frozenset[str] = frozenset(),
) -> tuple[float, float, float]:
    if mission.status in {"committed", "executing"}:
        return 1.0, 1.0, 1.0
    line = branch(mission.instrument, tree=tree)
    chances: list[tuple[float, float, float]] = []
    leading: list[tuple[float, float, float]] = []
    for partner in mission.partners:
        keys = [(partner, mission.id, None), *((partner, None, name) for name in line), (partner, None, None)]
        row = next((rows[key] for key in keys if key in rows), None)
        chance = (default,) * 3 if row is None else (row.low, row.likely, row.high)
        (leading if partner in leads else chances).append(chance)
    quorum = len(chances) if mission.quorum is None else mission.quorum
    low, likely, high = (
        _at_least(quorum, [chance[n] for chance in chances]) * math.prod(chance[n] for chance in leading)
        for n in range(3)
    )
    return low, likely, high


def _at_least(quorum: int, chances: Sequence[float]) -> float:
    """Give the probability of at least `quorum` successes among independent trials (Poisson-binomial)."""
    exactly = np.zeros(len(chances) + 1)
    exactly[0] = 1.0
    for chance in chances:
        exactly[1:] = exactly[1:] * (1 - chance) + exactly[:-1] * chance
        exactly[0] *= 1 - chance
    return float(min(1.0, exactly[quorum:].sum()))


def _accept_rows(desk: Desk, missions: Mapping[str, Mission], modes: Sequence[Mode]) -> NDArray[np.float64]:
    tree = instrument_tree(desk.instruments)
    rows = _willingness(desk.willingness)
    leads: defaultdict[str, set[str]] = defaultdict(set)
    for lead in desk.leads:
        leads[lead.mission].add(lead.actor)
    chance = {
        name: _acceptance(mission, rows, tree, desk.info.default_willingness, frozenset(leads[name]))
        for name, mission in missions.items()
    }
    return np.array([chance[mode.mission] for mode in modes], float).reshape(len(modes), 3).T


def _effect_rows(
    desk: Desk, modes: Sequence[Mode], column: Mapping[str, int], accept: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    by_mission: dict[str, list[Effect]] = defaultdict(list)
    per_unit = {indicator.id: indicator.points_per_unit or 0.0 for indicator in desk.indicators}
    for effect in desk.effects:
        if effect.mission is not None and effect.objective in column:
            by_mission[effect.mission].append(effect)
    rows: list[int] = []
    columns: list[int] = []
    values: list[tuple[float, float, float]] = []
    left: list[float] = []
    for number, mode in enumerate(modes):
        for effect in by_mission.get(mode.mission, []):
            if effect.mode not in {None, mode.id} or effect.objective is None:
                continue
            rows.append(number)
            columns.append(column[effect.objective])
            values.append(expected_points(effect, per_unit, accept[:, number]))
            left.append(share_left(effect.fade_months, months=desk.info.months))
    return (
        np.array(rows, np.int64),
        np.array(columns, np.int64),
        np.array(values, float).reshape(len(values), 3).T,
        np.array(left, float),
    )


def expected_points(
    effect: Effect, per_unit: Mapping[str, float], accept: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Give an effect in points (low, likely, high), times the chance that the mission goes ahead.

    Parameters
    ----------
    effect
        On an objective or on an actor.
    per_unit
        Points per unit of each indicator.
    accept
        Probability that the mission goes ahead: low, likely, high; shape (3,).
    """
    factor = 1.0 if effect.indicator is None else per_unit[effect.indicator]
    low, high = sorted((effect.low * factor, effect.high * factor))
    # a harm is worst when the mission surely happens, a benefit is least when it hardly does
    return (
        low * float(accept[0] if low >= 0 else accept[2]),
        effect.likely * factor * float(accept[1]),
        high * float(accept[2] if high >= 0 else accept[0]),
    )


def phi(n: NDArray[np.float64], *, breakpoints: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Give the concave value of net contributions: slope by slope up to each breakpoint, flat beyond, linear below 0.

    Parameters
    ----------
    n
        Net contribution per objective in units of its target, any shape.
    breakpoints
        ``(end, slope)`` in rising order of end; the default is slope 1 to the target and .2 to one and a half times it.
    """
    ends = [0.0, *(end for end, _ in breakpoints)]
    value = np.minimum(n, 0.0) * breakpoints[0][1]
    for (begin, end), (_, slope) in zip(pairwise(ends), breakpoints, strict=True):
        value = value + slope * np.clip(n - begin, 0.0, end - begin)
    return value
