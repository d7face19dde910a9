"""The parts that follow from links between objectives: consistency and interplay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from legation.cohesion import measures
from legation.cohesion.cross_impact import Descriptors, Search
from legation.cohesion.parts import TOP, spread
from legation.cohesion.picture import Picture
from legation.cohesion.result import (
    Cause,
    Consistency,
    Inconsistency,
    Interplay,
    IntervalKind,
    Part,
    PartId,
    Pattern,
    Support,
)
from legation.cohesion.texts import cause, make_part, percent
from legation.desk.aims import Link
from legation.desk.desk import Desk

__all__ = ["Action", "actions_of", "binary_descriptors", "consistency_of", "interplay_of", "leaves_below"]

Array = NDArray[np.float64]
# up to so many objectives of uncertain state every pattern is tried; beyond, the interval is sampled
_ENUMERATED = 14
_PATTERNS, _STEPS = 10, 4000


@dataclass(frozen=True)
class Action:
    """A link in the direction in which it acts, with its signed strength."""

    source: str
    target: str
    strength: float
    link: Link


def actions_of(desk: Desk) -> tuple[Action, ...]:
    """Give what each link does.

    "A depends on B" acts from B on A with the size of its strength; hinders and excludes act with the negative size;
    supports acts with the strength as it stands. A strength of 0 does nothing.
    """
    found: list[Action] = []
    for link in desk.links:
        if link.strength == 0:
            continue
        size = abs(float(link.strength))
        if link.kind == "depends":
            found.append(Action(link.target, link.source, size, link))
        elif link.kind == "supports":
            found.append(Action(link.source, link.target, float(link.strength), link))
        else:
            found.append(Action(link.source, link.target, -size, link))
    return tuple(found)


def leaves_below(picture: Picture) -> Mapping[str, NDArray[np.int64]]:
    """Give the columns of the leaf objectives at or below each objective."""
    below: dict[str, list[int]] = {name: [] for name in picture.objectives}
    for name, number in picture.column.items():
        current: str | None = name
        while current in below:
            below[current].append(number)
            current = picture.objectives[current].parent
    return {name: np.array(numbers, np.int64) for name, numbers in below.items()}


def binary_descriptors(strength: Array) -> Descriptors:
    """Give the cross-impact matrix of objectives that are met or unmet.

    Parameters
    ----------
    strength
        Signed strength of the link from row to column, shape (L, L). A met source adds it to the target's met and
        takes it from its unmet; an unmet source does the opposite.
    """
    sign = np.array([[1.0, -1.0], [-1.0, 1.0]])
    return Descriptors(states=(2,) * len(strength), impacts=np.kron(strength, sign))


def _met(picture: Picture, names: tuple[str, ...], leaves: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which objectives are met, shape (p, L), from patterns of served leaves, shape (p, K): all below must be."""
    below = leaves_below(picture)
    columns = [leaves[:, below[name]].all(axis=1) & (len(below[name]) > 0) for name in names]
    return np.stack(columns, axis=1) if columns else np.zeros((len(leaves), 0), bool)


def _served_patterns(picture: Picture, *, draws: int, seed: int) -> tuple[NDArray[np.bool_], IntervalKind]:
    """Give the patterns of served linked leaves that the effects allow, the likely one first.

    Contributions to different objectives move independently, so each leaf of uncertain state may be served or not
    whatever the others are; few of them are enumerated.
    """
    low, likely, high = (measures.served(n) for n in picture.net)
    below = leaves_below(picture)
    linked = {name for action in actions_of(picture.desk) for name in (action.source, action.target)}
    matters = np.isin(np.arange(len(likely)), np.concatenate([below[name] for name in linked] or [np.zeros(0, int)]))
    unsure = np.flatnonzero((low != high) & matters)
    if len(unsure) <= _ENUMERATED:
        patterns = np.repeat(likely[None, :], 2 ** len(unsure) + 1, axis=0)
        bits = (np.arange(2 ** len(unsure))[:, None] >> np.arange(len(unsure))[None, :]) & 1
        patterns[1:, unsure] = bits.astype(bool)
        return patterns, "exact"
    drawn = [measures.served(E.sum(axis=0)) for E in spread(picture, draws=draws, seed=seed)]
    return np.stack([likely, *drawn]), "sampled"


def consistency_of(picture: Picture, *, draws: int, seed: int) -> tuple[Part, Consistency]:
    """Give the consistency of the linked objectives: the part and its detail."""
    actions = actions_of(picture.desk)
    names = tuple(name for name in picture.objectives if any(name in {a.source, a.target} for a in actions))
    if not names:
        part = make_part("consistency", float("nan"), reason="No links join the objectives.")
        return part, Consistency(linked=(), current=(), consistent=None)
    place = {name: number for number, name in enumerate(names)}
    strength = np.zeros((len(names), len(names)))
    for action in actions:
        strength[place[action.source], place[action.target]] += action.strength
    patterns, kind = _served_patterns(picture, draws=draws, seed=seed)
    states = np.where(_met(picture, names, patterns), 1.0, -1.0)
    agrees = states * (states @ strength)
    shares = (agrees >= 0).mean(axis=1)
    faults = _inconsistencies(picture, names, actions, states=states[0], agrees=agrees[0])
    found, complete = _patterns(picture, names, strength, states[0])
    detail = Consistency(
        linked=tuple(picture.ref("objective", name) for name in names),
        current=tuple(picture.ref("objective", name) for name in names if states[0][place[name]] > 0),
        consistent=bool((agrees[0] >= 0).all()),
        inconsistencies=faults,
        patterns=found,
        complete=complete,
    )
    part = make_part(
        "consistency",
        float(shares[0]),
        interval=(float(shares.min()), float(shares.max())),
        kind=kind,
        causes=[cause(fault.objective, -fault.by, fault.sentence) for fault in faults[:TOP]],
    )
    return part, detail


def _inconsistencies(
    picture: Picture, names: tuple[str, ...], actions: tuple[Action, ...], *, states: Array, agrees: Array
) -> tuple[Inconsistency, ...]:
    faults: list[Inconsistency] = []
    state_of = dict(zip(names, states, strict=True))
    for number in np.argsort(agrees, kind="stable"):
        if agrees[number] >= 0:
            break
        name = names[number]
        ref = picture.ref("objective", name)
        against = [
            _link_cause(picture, action, action.strength * state_of[action.source])
            for action in actions
            if action.target == name and action.strength * state_of[action.source] * states[number] < 0
        ]
        # the rival state scores as high as this one falls short of 0, so the two differ by twice the sum
        by = 2.0 * float(-agrees[number])
        now, rival = ("met", "unmet") if states[number] > 0 else ("unmet", "met")
        faults.append(
            Inconsistency(
                objective=ref,
                state="met" if states[number] > 0 else "unmet",
                by=by,
                causes=tuple(sorted(against, key=lambda each: -abs(each.share or 0.0))),
                sentence=f"{ref.title} is {now}, but its links favour {rival} by {by:g}.",
            )
        )
    return tuple(faults)


def _link_cause(picture: Picture, action: Action, share: float) -> Cause:
    source, target = (picture.ref("objective", name) for name in (action.source, action.target))
    verb = "supports" if action.strength > 0 else "works against"
    link = action.link
    return Cause(
        kind="link",
        key=link.key,
        title=f"{source.title} -> {target.title}",
        share=float(share),
        sentence=f"{source.title} {verb} {target.title} ({action.strength:+g}): {link.reason}",
    )


def _patterns(
    picture: Picture, names: tuple[str, ...], strength: Array, states: Array
) -> tuple[tuple[Pattern, ...], bool]:
    """Give consistent patterns, nearest to the current one first."""
    descriptors = binary_descriptors(strength)
    current = [0 if state > 0 else 1 for state in states]
    found: list[Pattern] = []
    complete = True
    for distance in range(len(names) + 1):
        search = Search(descriptors, near=current, max_distance=distance, max_steps=_STEPS)
        fresh = (
            scenario
            for scenario in search.run()
            if sum(a != b for a, b in zip(scenario.states, current, strict=True)) == distance
        )
        for scenario in islice(fresh, _PATTERNS + 1 - len(found)):
            met = tuple(picture.ref("objective", names[n]) for n, state in enumerate(scenario.states) if state == 0)
            found.append(Pattern(met=met, total_impact=scenario.total_impact))
        complete = complete and search.complete
        if len(found) > _PATTERNS or not complete:
            return tuple(found[:_PATTERNS]), False
    return tuple(found), True


def interplay_of(picture: Picture, *, draws: int, seed: int) -> tuple[list[Part], Interplay]:
    """Give interplay both ways: what served diplomatic aims do for military objectives, and the other way round."""
    patterns, kind = _served_patterns(picture, draws=draws, seed=seed)
    military, into_military = _direction(picture, "diplomatic", "military", patterns=patterns, kind=kind)
    diplomatic, into_diplomatic = _direction(picture, "military", "diplomatic", patterns=patterns, kind=kind)
    return [military, diplomatic], Interplay(military=into_military, diplomatic=into_diplomatic)


def _direction(
    picture: Picture, sender: str, receiver: str, *, patterns: NDArray[np.bool_], kind: IntervalKind
) -> tuple[Part, tuple[Support, ...]]:
    name: PartId = "interplay_military" if receiver == "military" else "interplay_diplomatic"
    leaves = [k for k, leaf in enumerate(picture.options.objectives) if picture.objectives[leaf].kind == receiver]
    w = picture.w[leaves]
    if w.sum() <= 0:
        reason = f"The desk has no {receiver} objective with weight, so the share is 0/0."
        return make_part(name, float("nan"), reason=reason), ()
    below = leaves_below(picture)
    actions = [a for a in actions_of(picture.desk) if picture.objectives[a.source].kind == sender]
    # a link to a higher objective reaches every leaf below it
    reach = np.array([np.isin(leaves, below[a.target]) for a in actions]).reshape(len(actions), len(leaves))
    strength = np.array([a.strength for a in actions])
    met = _met(picture, tuple(a.source for a in actions), patterns)
    support = (met * strength) @ reach
    shares = (support > 0) @ w / w.sum()
    supports = tuple(
        Support(
            objective=picture.objective_refs[k],
            weight=float(picture.w[k]),
            net=float(support[0, n]),
            supported=bool(support[0, n] > 0),
            causes=tuple(
                _link_cause(picture, action, action.strength)
                for number, action in enumerate(actions)
                if met[0, number] and reach[number, n]
            ),
        )
        for n, k in enumerate(leaves)
    )
    causes = [
        cause(
            support.objective,
            support.weight / float(w.sum()) if support.supported else 0.0,
            f"{support.objective.title} gets {support.net:+g} from served {sender} objectives "
            f"({percent(support.weight)} of the weight).",
        )
        for support in sorted(supports, key=lambda each: -each.weight)[:TOP]
    ]
    part = make_part(
        name, float(shares[0]), interval=(float(shares.min()), float(shares.max())), kind=kind, causes=causes
    )
    return part, supports
