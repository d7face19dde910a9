"""The parts that follow from contributions alone: coverage, congruence, duplication, conflict, gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from legation.cohesion import measures
from legation.cohesion.picture import Picture
from legation.cohesion.result import Cause, Gap, ObjectiveFit, Part
from legation.cohesion.texts import cause, make_part, percent

__all__ = ["TOP", "contribution_parts", "gaps_of", "objective_fits", "spread"]

Array = NDArray[np.float64]
TOP = 8
"""Causes listed with a part; the full lists stand in the report."""

_NO_EFFECT = "No chosen mission has an effect on an objective, so the ratio is 0/0."
_NO_MISSION = "No mission is chosen, so there is nothing to compare."


def spread(picture: Picture, *, draws: int, seed: int) -> Iterator[Array]:
    """Yield contributions between their low and high values: all low, all likely, all high, then seeded draws.

    Each is of shape (m + y, K): missions, then complete synergies. In a draw every contribution is independent and
    uniform between its ends.
    """
    low, likely, high = picture.whole
    yield from (low, likely, high)
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        yield low + (high - low) * rng.random(low.shape)


def contribution_parts(picture: Picture, *, draws: int, seed: int) -> list[Part]:
    """Give coverage, weakest objective, congruence, waste, redundancy, conflict and gaps."""
    return [
        *_coverage(picture),
        _congruence(picture, draws=draws, seed=seed),
        _waste(picture),
        _redundancy(picture, draws=draws, seed=seed),
        _conflict(picture),
        _gap_part(picture),
    ]


def objective_fits(picture: Picture) -> tuple[ObjectiveFit, ...]:
    """Give the fit of every leaf objective, in the desk's order."""
    likely = picture.whole[1]
    a, n = measures.gross(likely), picture.net
    fits: list[ObjectiveFit] = []
    for k, name in enumerate(picture.options.objectives):
        goal = picture.options.goals[picture.options.goal_of[k]]
        fits.append(
            ObjectiveFit(
                id=name,
                title=picture.objective_refs[k].title,
                kind=picture.objectives[name].kind,
                goal=picture.ref("goal", goal),
                weight=float(picture.w[k]),
                gross=float(a[k]),
                net=float(n[1, k]),
                net_low=float(min(n[0, k], n[1, k])),
                net_high=float(max(n[2, k], n[1, k])),
                served=bool(measures.served(n[1])[k]),
                missions=tuple(_missions_on(picture, k)),
            )
        )
    return tuple(fits)


def gaps_of(picture: Picture) -> tuple[Gap, ...]:
    """Give the objectives with weight to which nothing contributes, heaviest first, with who could."""
    options = picture.options
    a = measures.gross(picture.whole[1])
    helps = (options.effect_value[1] > 0) if options.effect_value.size else np.zeros(0, bool)
    gaps: list[Gap] = []
    for k in np.argsort(-picture.w, kind="stable"):
        if a[k] > 0 or picture.w[k] <= 0:
            continue
        able = options.effect_option[helps & (options.effect_objective == k)]
        names = sorted({options.missions[o] for o in able} - set(picture.place))
        goal = picture.ref("goal", options.goals[options.goal_of[k]])
        ref = picture.objective_refs[k]
        could = f"{len(names)} open missions outside could" if names else "no open mission of the desk could"
        gaps.append(
            Gap(
                objective=ref,
                goal=goal,
                weight=float(picture.w[k]),
                possible=tuple(picture.ref("mission", name) for name in names),
                sentence=f"Nothing serves {ref.title} ({percent(picture.w[k])} of the weight); {could}.",
            )
        )
    return tuple(gaps)


def _missions_on(picture: Picture, k: int) -> Iterator[Cause]:
    column = picture.E[1][:, k]
    for m in np.argsort(-np.abs(column), kind="stable"):
        if column[m] == 0:
            return
        word = "brings" if column[m] > 0 else "takes off"
        yield cause(
            picture.mission_refs[m],
            column[m],
            f"{picture.mission_refs[m].title} {word} {percent(abs(column[m]))} of the target.",
        )


def _monotone(picture: Picture, measure: Callable[[Array, Array], float]) -> tuple[float, tuple[float, float]]:
    """Give a measure that never falls, or never rises, in any effect: its interval is attained at the two corners."""
    low, likely, high = (measure(E, picture.w) for E in picture.whole)
    ends = sorted((low, high)) if not np.isnan(low + high) else [low, high] if low <= high else [high, low]
    return likely, (ends[0], ends[1])


def _coverage(picture: Picture) -> list[Part]:
    missing = "" if len(picture.w) else "The desk has no objective."
    adds = measures.leave_one_out(picture.whole[1], picture.w)[: len(picture.chosen)]
    best = [m for m in np.argsort(-adds, kind="stable")[: TOP // 2] if adds[m] > 0]
    helps = [
        cause(
            picture.mission_refs[m],
            adds[m],
            f"Without {picture.mission_refs[m].title} net coverage falls by {percent(adds[m])}.",
        )
        for m in best
    ]
    gross, gross_ends = _monotone(picture, measures.coverage_gross)
    net, net_ends = _monotone(picture, measures.coverage_net)
    least, least_ends = _monotone(picture, lambda E, _: measures.weakest(E))
    n = np.clip(picture.net[1], 0.0, 1.0)
    worst = np.flatnonzero(n <= n.min(initial=1.0))[:TOP]
    return [
        make_part(
            "coverage_gross",
            gross,
            interval=gross_ends,
            kind="exact",
            causes=_short_of(picture, np.minimum(1.0, measures.gross(picture.whole[1]))),
        ),
        make_part("coverage_net", net, interval=net_ends, kind="exact", causes=[*_short_of(picture, n), *helps]),
        make_part(
            "weakest_objective",
            least,
            interval=least_ends,
            kind="exact",
            reason=missing,
            causes=[
                cause(
                    picture.objective_refs[k],
                    n[k],
                    f"{picture.objective_refs[k].title} is met to {percent(n[k])} of its target.",
                )
                for k in worst
            ],
        ),
    ]


def _short_of(picture: Picture, reached: Array) -> list[Cause]:
    lack = picture.w * (1.0 - reached)
    return [
        cause(
            picture.objective_refs[k],
            -lack[k],
            f"{picture.objective_refs[k].title} is met to {percent(reached[k])}; {percent(lack[k])} stay uncovered.",
        )
        for k in np.argsort(-lack, kind="stable")[:TOP]
        if lack[k] > 0
    ]


def _congruence(picture: Picture, *, draws: int, seed: int) -> Part:
    count = len(picture.chosen)
    values = [measures.congruence(E[:count], picture.w, picture.cost) for E in spread(picture, draws=draws, seed=seed)]
    shares = measures.spend_shares(picture.E[1], picture.w, picture.cost)
    difference = shares - picture.w
    causes = [
        cause(
            picture.objective_refs[k],
            difference[k],
            f"{picture.objective_refs[k].title} takes {percent(shares[k])} of the spend "
            f"and has {percent(picture.w[k])} of the weight.",
        )
        for k in np.argsort(-np.abs(difference), kind="stable")[:TOP]
        if not np.isnan(difference[k]) and abs(difference[k]) > 1e-12
    ]
    return make_part(
        "congruence",
        values[1],
        interval=_ends(values),
        kind="sampled",
        reason="No money is spent on a mission that helps an objective, so the shares are 0/0.",
        causes=causes,
    )


def _ends(values: list[float]) -> tuple[float, float]:
    known = [value for value in values if not np.isnan(value)]
    return (min(known), max(known)) if known else (float("nan"), float("nan"))


def _waste(picture: Picture) -> Part:
    likely = picture.whole[1]
    a = measures.gross(likely)
    total = float(picture.w @ a)
    excess = picture.w * np.maximum(0.0, a - 1.0)
    low, high = (measures.gross(E) for E in (picture.whole[0], picture.whole[2]))
    causes = [
        cause(
            picture.objective_refs[k],
            excess[k] / total,
            f"{picture.objective_refs[k].title} receives {percent(a[k])} of what it needs.",
        )
        for k in np.argsort(-excess, kind="stable")[:TOP]
        if excess[k] > 0
    ]
    return make_part(
        "waste",
        measures.waste(likely, picture.w),
        interval=measures.waste_interval(low, np.maximum(low, high), picture.w),
        kind="exact",
        reason=_NO_EFFECT if picture.chosen else _NO_MISSION,
        causes=causes,
    )


def _redundancy(picture: Picture, *, draws: int, seed: int) -> Part:
    count = len(picture.chosen)
    values = [measures.redundancy(E[:count], picture.w) for E in spread(picture, draws=draws, seed=seed)]
    good = np.maximum(picture.E[1], 0.0)
    alone = np.minimum(1.0, good) @ picture.w
    a = good.sum(axis=0)
    adds = float(picture.w @ np.minimum(1.0, a)) - np.minimum(1.0, a[None, :] - good) @ picture.w
    lost = alone - adds
    causes = [
        cause(
            picture.mission_refs[m],
            lost[m],
            f"{picture.mission_refs[m].title} would cover {percent(alone[m])} alone "
            f"and adds {percent(adds[m])} beside the others.",
        )
        for m in np.argsort(-lost, kind="stable")[:TOP]
        if lost[m] > 1e-12
    ]
    return make_part(
        "redundancy",
        values[1],
        interval=_ends(values),
        kind="sampled",
        reason=_NO_EFFECT if picture.chosen else _NO_MISSION,
        causes=causes,
    )


def _conflict(picture: Picture) -> Part:
    # more of any effect raises the help or lowers the harm, so the ratio never rises: the corners are exact
    value, ends = _monotone(picture, measures.conflict)
    bad = np.maximum(-picture.E[1], 0.0) * picture.w
    by_mission = bad.sum(axis=1)
    total = float(picture.w @ (measures.harm(picture.whole[1]) + measures.gross(picture.whole[1])))
    causes = [
        cause(
            picture.mission_refs[m],
            by_mission[m] / total,
            f"{picture.mission_refs[m].title} harms {picture.objective_refs[int(bad[m].argmax())].title}"
            f"{' and others' if (bad[m] > 0).sum() > 1 else ''}.",
        )
        for m in np.argsort(-by_mission, kind="stable")[:TOP]
        if by_mission[m] > 0
    ]
    return make_part(
        "conflict",
        value,
        interval=ends,
        kind="exact",
        reason=_NO_EFFECT if picture.chosen else _NO_MISSION,
        causes=causes,
    )


def _gap_part(picture: Picture) -> Part:
    value, ends = _monotone(picture, measures.gap_weight)
    causes = [cause(gap.objective, gap.weight, gap.sentence) for gap in gaps_of(picture)[:TOP]]
    return make_part("gaps", value, interval=ends, kind="exact", causes=causes)
