"""What pulls in opposite directions: contradictions among missions and objectives, clashes with activities."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from legation.actors.lookup import actor
from legation.cohesion import measures
from legation.cohesion.linked import leaves_below
from legation.cohesion.parts import TOP
from legation.cohesion.picture import NO_MONTH, Picture
from legation.cohesion.result import Cause, Clash, Contradiction, IntervalKind, Part, Ref
from legation.cohesion.texts import make_part, percent
from legation.desk.context import Activity
from legation.desk.months import month_text, months_overlapping

__all__ = ["clashes_of", "contradictions_of"]

Array = NDArray[np.float64]
_LISTED = 200


def contradictions_of(picture: Picture) -> tuple[tuple[Contradiction, ...], int]:
    """Give the strongest contradictions and how many there are in all.

    Pairs of missions with opposite signs on one objective; links that hinder or exclude between served objectives;
    pairs of missions whose intended effects on one relation are opposed.
    """
    worth = picture.w * picture.E[1]
    missions, among_missions = _opposed(picture, worth, picture.objective_refs, kind="missions")
    actors = tuple(picture.ref("actor", name) for name in picture.actors)
    relations, among_relations = _opposed(picture, picture.shifts[1], actors, kind="relations")
    links = tuple(_against_each_other(picture))
    # links first: they set whole objectives against each other
    return (*links, *missions, *relations), len(links) + among_missions + among_relations


def _opposed(
    picture: Picture, values: Array, on: tuple[Ref, ...], *, kind: str
) -> tuple[tuple[Contradiction, ...], int]:
    """Give the pairs with opposite signs in a column, strongest first; a pair's strength is the smaller value."""
    pairs: list[tuple[float, int, int, int]] = []
    total = 0
    for k in range(values.shape[1]):
        column = values[:, k]
        total += int((column > 0).sum()) * int((column < 0).sum())
        # the strongest pairs lie among the strongest of each sign
        helps, harms = (_strongest(sign * column) for sign in (1.0, -1.0))
        pairs.extend((min(float(column[i]), -float(column[j])), int(i), int(j), k) for i in helps for j in harms)
    pairs.sort(key=lambda pair: (-pair[0], pair[1:]))
    missions = picture.mission_refs
    found = tuple(
        Contradiction(
            kind="missions" if kind == "missions" else "relations",
            left=missions[i],
            right=missions[j],
            on=on[k],
            strength=strength,
            sentence=_opposed_sentence(kind, missions[i].title, missions[j].title, on[k].title),
        )
        for strength, i, j, k in pairs[:_LISTED]
    )
    return found, total


def _strongest(column: Array) -> NDArray[np.int64]:
    order = np.argsort(-column, kind="stable")[:_LISTED]
    result: NDArray[np.int64] = order[column[order] > 0]
    return result


def _opposed_sentence(kind: str, left: str, right: str, on: str) -> str:
    if kind == "missions":
        return f"{left!r} helps {on!r}; {right!r} harms it."
    return f"{left!r} is meant to improve the relation with {on}; {right!r} is expected to strain it."


def _against_each_other(picture: Picture) -> Iterator[Contradiction]:
    below = leaves_below(picture)
    is_served = measures.served(picture.net[1])
    for link in picture.desk.links:
        works_against = link.kind in {"hinders", "excludes"} or (link.kind == "supports" and link.strength < 0)
        ends = (link.source, link.target)
        if not works_against or not all(len(below[name]) and is_served[below[name]].all() for name in ends):
            continue
        source, target = (picture.ref("objective", name) for name in ends)
        verb = "excludes" if link.kind == "excludes" else "hinders"
        yield Contradiction(
            kind="link",
            left=source,
            right=target,
            on=None,
            strength=abs(float(link.strength)),
            sentence=f"{source.title} {verb} {target.title}, and the missions serve both: {link.reason}",
        )


def clashes_of(picture: Picture) -> tuple[Part, tuple[Clash, ...], int]:
    """Give the clashes with activities: the part, the strongest clashes and how many there are in all.

    A mission clashes in time and place when it runs where and while an activity does and is not meant to; it clashes
    in effect when the two have opposite signs on one objective or one relation. An objective clashes with an activity
    that harms it.
    """
    found = [*_in_time_and_place(picture), *_in_effect(picture), *_with_objectives(picture)]
    hit = {clash.subject.id for clash in found if clash.subject.kind == "mission"}
    reason = "No mission is chosen." if not picture.chosen else "The desk has no activity."
    count = len(picture.chosen) if picture.desk.activities else 0
    causes = [
        Cause(kind="activity", key=activity.id, title=activity.title, share=share / count, sentence=sentence)
        for activity, share, sentence in _by_activity(picture, found)
        if count
    ]
    fewest, most = _clash_bounds(picture, found)
    # an activity that may help or harm cannot do both: then the greatest number is only an outer bound
    either = any(
        ((values[0] < 0) & (values[2] > 0)).any() for values in (picture.given.on_objectives, picture.given.on_actors)
    )
    kind: IntervalKind = "sampled" if either else "exact"
    part = make_part(
        "clashes",
        len(hit) / count if count else float("nan"),
        interval=(fewest / count, most / count) if count else None,
        kind=kind,
        reason=reason,
        causes=causes[:TOP],
    )
    listed = sorted(found, key=lambda clash: (_KINDS.index(clash.kind), -(clash.strength or 0.0), clash.subject.id))
    return part, tuple(listed[:_LISTED]), len(found)


_KINDS = ("objective", "time_place", "effect")


def _by_activity(picture: Picture, found: list[Clash]) -> list[tuple[Activity, int, str]]:
    rows: list[tuple[Activity, int, str]] = []
    for activity in picture.desk.activities:
        hit = {
            clash.subject.id for clash in found if clash.activity.id == activity.id and clash.subject.kind == "mission"
        }
        if hit:
            rows.append((activity, len(hit), f"{activity.title} contradicts {len(hit)} of the chosen missions."))
    return sorted(rows, key=lambda row: -row[1])


def _in_time_and_place(picture: Picture) -> Iterator[Clash]:
    info = picture.desk.info
    when = [
        (activity, months_overlapping(activity.start, activity.end, start=info.start, months=info.months))
        for activity in picture.desk.activities
    ]
    for m, choice in enumerate(picture.chosen):
        mission = picture.missions[choice.mission]
        # a mission without a place of its own is at its only partner's
        host = mission.place or (mission.partners[0] if len(mission.partners) == 1 else None)
        start = int(picture.starts[m])
        if host is None or start == NO_MONTH:
            continue
        for activity, months in when:
            shared = range(max(start, months.start), min(start + int(picture.months[m]), months.stop))
            if host not in activity.places or activity.id in mission.meant_during or not shared:
                continue
            yield _clash(
                picture,
                "time_place",
                picture.mission_refs[m],
                activity,
                months=tuple(month_text(month, start=info.start) for month in shared),
                sentence=f"{mission.title!r} runs in {actor(host).name} while {activity.title!r} does.",
            )


def _in_effect(picture: Picture) -> Iterator[Clash]:
    for t, activity in enumerate(picture.given.activities):
        on_objectives = picture.given.on_objectives[1][t]
        for m, k in np.argwhere(picture.E[1] * on_objectives < 0):
            if activity.id in picture.missions[picture.chosen[m].mission].meant_during:
                continue
            smaller = min(abs(picture.E[1][m, k]), abs(on_objectives[k]))
            yield _effect_clash(picture, int(m), activity, picture.objective_refs[k], float(picture.w[k] * smaller))
        for m, a in np.argwhere(picture.shifts[1] * picture.given.on_actors[1][t] < 0):
            if activity.id in picture.missions[picture.chosen[m].mission].meant_during:
                continue
            yield _effect_clash(picture, int(m), activity, picture.ref("actor", picture.actors[a]), None)


def _effect_clash(picture: Picture, m: int, activity: Activity, on: Ref, strength: float | None) -> Clash:
    mission = picture.mission_refs[m]
    what = on.title if on.kind == "objective" else f"the relation with {on.title}"
    sentence = f"{mission.title} and {activity.title} act on {what} in opposite directions."
    return _clash(picture, "effect", mission, activity, on=on, strength=strength, sentence=sentence)


def _with_objectives(picture: Picture) -> Iterator[Clash]:
    for t, activity in enumerate(picture.given.activities):
        harm = -picture.given.on_objectives[1][t]
        for k in np.flatnonzero(harm > 0):
            ref = picture.objective_refs[k]
            yield _clash(
                picture,
                "objective",
                ref,
                activity,
                on=ref,
                strength=float(picture.w[k] * harm[k]),
                sentence=f"{activity.title!r} takes {percent(harm[k])} of its target off {ref.title!r}.",
            )


def _clash(
    picture: Picture,
    kind: str,
    subject: Ref,
    activity: Activity,
    *,
    sentence: str,
    on: Ref | None = None,
    months: tuple[str, ...] = (),
    strength: float | None = None,
) -> Clash:
    return Clash(
        kind="time_place" if kind == "time_place" else "effect" if kind == "effect" else "objective",
        subject=subject,
        activity=picture.ref("activity", activity.id),
        side=activity.side,
        on=on,
        months=months,
        strength=strength,
        sentence=sentence,
    )


def _clash_bounds(picture: Picture, found: list[Clash]) -> tuple[int, int]:
    """Count the missions that clash whatever the effects are, and those that may clash, within their ranges."""
    sure = {clash.subject.id for clash in found if clash.kind == "time_place"}
    fewest, most = set(sure), set(sure)
    given = picture.given
    meant = [picture.missions[choice.mission].meant_during for choice in picture.chosen]
    for ours, theirs in ((picture.E, given.on_objectives), (picture.shifts, given.on_actors)):
        for t, activity in enumerate(given.activities):
            down, up = theirs[0, t], theirs[2, t]
            certain = ((ours[0] > 0) & (up < 0) | (ours[2] < 0) & (down > 0)).any(axis=1)
            possible = ((ours[2] > 0) & (down < 0) | (ours[0] < 0) & (up > 0)).any(axis=1)
            for m in np.flatnonzero(possible):
                if activity.id not in meant[m]:
                    most.add(picture.chosen[m].mission)
                    if certain[m]:
                        fewest.add(picture.chosen[m].mission)
    return len(fewest), len(most)
