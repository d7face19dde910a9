"""What each mission adds, by itself and in groups that stand in for each other; spend without a goal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legation.cohesion import measures
from legation.cohesion.linked import actions_of, leaves_below
from legation.cohesion.parts import TOP
from legation.cohesion.picture import Picture
from legation.cohesion.result import Contribution, Duplicate, GroupContribution, Orphan, Part, Ref
from legation.cohesion.texts import cause, make_part, percent

__all__ = ["ALIKE", "REPLACEABLE", "contributions_of", "groups_of", "orphans_of"]

Array = NDArray[np.float64]
ALIKE = 0.8
"""Two missions are alike when the cosine of their weighted helpful contributions reaches this."""
REPLACEABLE = 0.5
"""A mission is replaceable when the others make good at least this share of what it would cover alone."""

_STRIP = 512


def groups_of(E: Array, w: Array) -> tuple[tuple[int, ...], ...]:
    """Give the groups of missions that stand in for each other, largest first.

    Missions are joined when both are replaceable and alike; a group is a chain of such pairs.

    Parameters
    ----------
    E, w
        As in `legation.cohesion.measures`, without synergies.
    """
    from scipy.sparse import csr_array, vstack
    from scipy.sparse.csgraph import connected_components

    good = np.maximum(E, 0.0)
    alone = np.minimum(1.0, good) @ w
    a = good.sum(axis=0)
    adds = float(w @ np.minimum(1.0, a)) - np.minimum(1.0, a[None, :] - good) @ w
    rows = np.flatnonzero((alone > 0) & (adds <= (1.0 - REPLACEABLE) * alone + 1e-12))
    worth = good[rows] * w
    unit = worth / np.linalg.norm(worth, axis=1, keepdims=True)
    # in strips: all pairs of ten thousand missions at once would take gigabytes
    strips = [csr_array(unit[n : n + _STRIP] @ unit.T >= ALIKE - 1e-12) for n in range(0, len(rows), _STRIP)]
    if not strips:
        return ()
    _, label = connected_components(vstack(strips), directed=False)
    found = [tuple(int(m) for m in rows[label == number]) for number in np.unique(label)]
    return tuple(sorted((group for group in found if len(group) > 1), key=lambda group: (-len(group), group)))


def contributions_of(
    picture: Picture,
) -> tuple[tuple[Contribution, ...], tuple[GroupContribution, ...], tuple[Duplicate, ...]]:
    """Give what each mission adds to net coverage in the three ways, and the duplicates among them."""
    groups = groups_of(picture.E[1], picture.w)
    member = {m: number for number, group in enumerate(groups) for m in group}
    full = measures.coverage_net(picture.whole[1], picture.w)
    adds = _without_each(picture, full)
    alone = np.clip(picture.E[1], 0.0, 1.0) @ picture.w
    each = tuple(
        Contribution(
            mission=picture.mission_refs[m],
            mode=Ref(kind="mode", id=choice.mode, title=choice.mode),
            leave_one_out=float(adds[m]),
            alone=float(alone[m]),
            group=member.get(m),
        )
        for m, choice in enumerate(picture.chosen)
    )
    together = tuple(_group(picture, number, group, full, adds) for number, group in enumerate(groups))
    duplicates = (_duplicate(picture, group) for group in groups)
    return each, together, tuple(duplicate for duplicate in duplicates if duplicate is not None)


def _without_each(picture: Picture, full: float) -> Array:
    # a synergy goes with the first of its missions that is left out
    lost = picture.E[1] + picture.members.T.astype(float) @ picture.synergies[1]
    result: Array = full - np.clip(picture.net[1][None, :] - lost, 0.0, 1.0) @ picture.w
    result[np.abs(result) < 1e-12] = 0.0
    return result


def _group(picture: Picture, number: int, group: tuple[int, ...], full: float, adds: Array) -> GroupContribution:
    inside = list(group)
    broken = picture.members[:, inside].any(axis=1)
    n = picture.net[1] - picture.E[1][inside].sum(axis=0) - picture.synergies[1][broken].sum(axis=0)
    together = full - float(np.clip(n, 0.0, 1.0) @ picture.w)
    single = float(adds[inside].sum())
    return GroupContribution(
        number=number,
        missions=tuple(picture.mission_refs[m] for m in group),
        together=together,
        sum_of_leave_one_out=single,
        sentence=f"These {len(group)} missions stand in for each other: dropping all of them costs {percent(together)} "
        f"of net coverage, dropping them one at a time seems to cost {percent(single)}.",
    )


def _duplicate(picture: Picture, group: tuple[int, ...]) -> Duplicate | None:
    """Give the overlap of a group among themselves; None where only missions outside the group replace them."""
    inside = list(group)
    good = np.maximum(picture.E[1][inside], 0.0)
    overlap = measures.redundancy(picture.E[1][inside], picture.w)
    if overlap <= 1e-12:
        return None
    a = good.sum(axis=0)
    where = [
        k for k in np.argsort(-picture.w * np.maximum(0.0, a - 1.0), kind="stable") if a[k] > 1.0 and picture.w[k] > 0
    ]
    objectives = tuple(picture.objective_refs[k] for k in where)
    names = ", ".join(ref.title for ref in objectives[:3])
    return Duplicate(
        missions=tuple(picture.mission_refs[m] for m in group),
        objectives=objectives,
        overlap=overlap,
        sentence=f"{percent(overlap)} of what these {len(group)} missions would cover one by one is covered twice: "
        f"{names}.",
    )


def orphans_of(picture: Picture) -> tuple[Part, tuple[Orphan, ...]]:
    """Give spend with no positive path to a goal: the part and the missions.

    A path leads from a mission through an objective with weight that it helps, itself or in a complete synergy;
    through an objective that supports one with weight; through a relation that such an objective needs; or through a
    chosen mission that has a path and requires this one.
    """
    total = float(picture.cost.sum())
    lost = [float(picture.cost[~_has_path(picture, bound)].sum()) for bound in range(3)]
    info = picture.desk.info
    off = np.flatnonzero(~_has_path(picture, 1) & (picture.cost > 0))
    orphans = tuple(
        Orphan(
            mission=(ref := picture.mission_refs[m]),
            amount=float(picture.cost[m]),
            currency=info.currency,
            price_year=info.price_year,
            share=float(picture.cost[m]) / total,
            reason=(reason := _why_no_path(picture, int(m))),
            sentence=f"{ref.title} costs {picture.cost[m]:,.0f} {info.currency}, and {reason}.",
        )
        for m in sorted(off, key=lambda m: -picture.cost[m])
    )
    part = make_part(
        "orphans",
        measures.ratio(lost[1], total),
        interval=(lost[2] / total, lost[0] / total) if total else None,
        kind="exact",
        reason="No chosen mission costs money, so the share is 0/0.",
        causes=[cause(orphan.mission, orphan.share, orphan.sentence) for orphan in orphans[:TOP]],
    )
    return part, orphans


def _has_path(picture: Picture, bound: int) -> NDArray[np.bool_]:
    """Say for each chosen mission whether a positive path leads to a goal; more effect never closes a path."""
    good = picture.E[bound] > 0
    for inside, line in zip(picture.members, picture.synergies[bound], strict=True):
        good[inside] |= line > 0
    leaves = _leaves_with_path(picture)
    needed = {
        actor
        for name, below in leaves_below(picture).items()
        if leaves[below].any()
        for actor in picture.objectives[name].needs
    }
    relations = np.array([actor in needed for actor in picture.actors], bool)
    path: NDArray[np.bool_] = (good & leaves).any(axis=1) | ((picture.shifts[bound] > 0) & relations).any(axis=1)
    pairs = [
        (picture.place[row.requires], picture.place[row.mission])
        for row in picture.desk.prerequisites
        if row.mission in picture.place and row.requires in picture.place
    ]
    changed = True
    while changed:
        changed = False
        for earlier, later in pairs:
            if path[later] and not path[earlier]:
                path[earlier] = changed = True
    return path


def _leaves_with_path(picture: Picture) -> NDArray[np.bool_]:
    """Say for each leaf whether it has weight or supports, over any number of links, an objective with weight."""
    below = leaves_below(picture)
    good = picture.w > 0
    changed = True
    while changed:
        changed = False
        for action in actions_of(picture.desk):
            source = below[action.source]
            if action.strength > 0 and good[below[action.target]].any() and not good[source].all():
                good[source] = changed = True
    return good


def _why_no_path(picture: Picture, m: int) -> str:
    if (picture.E[1][m] < 0).any() and not (picture.E[1][m] > 0).any():
        return "it harms objectives and helps none"
    if (picture.E[1][m] > 0).any():
        return "it helps only objectives without weight"
    return "it has no helpful effect on any objective"
