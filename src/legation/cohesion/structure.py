"""Structural conflict: the signed graph of missions, objectives and actors, and its frustration.

Every tie carries a weight in units of the objectives' weights, so that no kind of tie outweighs the plan:

- mission-objective: the sign of the effect, weight w abs(E);
- objective-actor: + for `affects`, - for `harms`; the objective's weight is divided among its actors;
- mission-actor: the sign of the intended effect on the actor, weight = the mission's stake (sum of w abs(E) over its
  objectives) times the points as a share of the scale; a partner without a judged effect counts as + and takes the
  stake divided by the number of partners;
- actor-actor: alignment of at least `ALIGNMENT_THRESHOLD` in size, weight = its size times the smaller stake of the
  two (the weight of their ties above) divided by the number of other actors.

Humanitarian missions are left out. The observer is no node: missions and objectives are its own.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.balance import Frustration, Tie, frustration
from legation.cohesion.parts import TOP
from legation.cohesion.picture import Picture
from legation.cohesion.result import Cause, CutTie, Part, Ref, RefKind, StructuralConflict
from legation.cohesion.texts import make_part, percent
from legation.desk.scales import EFFECT_MAX
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["ALIGNMENT_THRESHOLD", "signed_ties", "structure_of"]

Array = NDArray[np.float64]
ALIGNMENT_THRESHOLD = 0.25
"""Two actors of weaker alignment or opposition than this, on a scale of -1 to 1, have no tie in the graph."""

_DRAWS, _MANY_TIES = 6, 400
_WORDS = {("mission", "objective"): ("serves", "harms"), ("objective", "actor"): ("favours", "goes against")}


def signed_ties(picture: Picture, relations: RelationsSnapshot | None, *, E: Array, shifts: Array) -> list[Tie]:
    """Give the ties of the graph; nodes are named ``mission:id``, ``objective:id`` and ``actor:id``.

    Parameters
    ----------
    E
        Contributions of the chosen missions, shape (m, K).
    shifts
        Intended shifts of the relations with actors, shape (m, A).
    """
    ties = [*_mission_ties(picture, E, shifts), *_objective_ties(picture)]
    return [*ties, *_actor_ties(relations, ties)]


def _mission_ties(picture: Picture, E: Array, shifts: Array) -> list[Tie]:
    ties: list[Tie] = []
    per_point = picture.desk.info.settings.relation_per_point
    worth = picture.w * E
    for m, choice in enumerate(picture.chosen):
        stake = float(np.abs(worth[m]).sum())
        if picture.humanitarian[m] or stake == 0.0:
            continue
        node = f"mission:{choice.mission}"
        ties.extend(
            (node, f"objective:{picture.options.objectives[k]}", float(worth[m, k])) for k in worth[m].nonzero()[0]
        )
        judged = {picture.actors[a]: float(shifts[m, a]) / per_point / EFFECT_MAX for a in shifts[m].nonzero()[0]}
        ties.extend((node, f"actor:{actor}", stake * max(-1.0, min(1.0, size))) for actor, size in judged.items())
        partners = [name for name in picture.missions[choice.mission].partners if name != picture.desk.info.observer]
        ties.extend((node, f"actor:{name}", stake / len(partners)) for name in partners if name not in judged)
    return ties


def _objective_ties(picture: Picture) -> list[Tie]:
    ties: list[Tie] = []
    for k, name in enumerate(picture.options.objectives):
        objective = picture.objectives[name]
        signed = [*((actor, 1.0) for actor in objective.affects), *((actor, -1.0) for actor in objective.harms)]
        signed = [(actor, sign) for actor, sign in signed if actor != picture.desk.info.observer]
        weight = float(picture.w[k])
        ties.extend((f"objective:{name}", f"actor:{actor}", sign * weight / len(signed)) for actor, sign in signed)
    return [tie for tie in ties if tie[2] != 0.0]


def _actor_ties(relations: RelationsSnapshot | None, ties: list[Tie]) -> list[Tie]:
    if relations is None:
        return []
    stake: dict[str, float] = defaultdict(float)
    for left, right, weight in ties:
        for node in (left, right):
            if node.startswith("actor:"):
                stake[node.removeprefix("actor:")] += abs(weight)
    names = [name for name in relations.actors if name in stake]
    found: list[Tie] = []
    for i, left in enumerate(names):
        for right in names[:i]:
            alignment = float(relations.alignment[relations.index(left), relations.index(right)])
            if abs(alignment) >= ALIGNMENT_THRESHOLD:
                weight = alignment * min(stake[left], stake[right]) / (len(names) - 1)
                found.append((f"actor:{right}", f"actor:{left}", weight))
    return found


def structure_of(
    picture: Picture, relations: RelationsSnapshot | None, *, seed: int, seconds: float
) -> tuple[Part, StructuralConflict | None]:
    """Give structural conflict: the part and the ties that no two camps satisfy."""
    ties = signed_ties(picture, relations, E=picture.E[1], shifts=picture.shifts[1])
    found = frustration(ties, seconds=seconds)
    if not ties:
        reason = "No chosen mission or objective has a tie, so the share is 0/0."
        return make_part("structural_conflict", float("nan"), reason=reason), None
    lows = [found.bound / found.total]
    highs = [found.share]
    for E, shifts in _variants(picture, count=_DRAWS if len(ties) <= _MANY_TIES else 0, seed=seed):
        other = frustration(signed_ties(picture, relations, E=E, shifts=shifts), seconds=seconds)
        if other.total > 0:
            lows.append(other.bound / other.total)
            highs.append(other.share)
    cut = tuple(sorted((_cut_tie(picture, ties[n]) for n in found.cut), key=lambda tie: -tie.weight))
    detail = StructuralConflict(
        frustrated=found.frustrated,
        total=found.total,
        cut=cut,
        camps=_camps(picture, ties, found),
        ties=len(ties),
        bound=found.bound,
        proven=found.proven,
    )
    part = make_part(
        "structural_conflict",
        found.share,
        interval=(min(lows), max(highs)),
        kind="sampled",
        causes=[_as_cause(tie, found.total) for tie in cut[:TOP]],
    )
    return part, detail


def _variants(picture: Picture, *, count: int, seed: int) -> list[tuple[Array, Array]]:
    """Give all low, all high, and seeded draws between."""
    rng = np.random.default_rng(seed)
    (low, _, high), (down, _, up) = picture.E, picture.shifts
    drawn = [
        (low + (high - low) * rng.random(low.shape), down + (up - down) * rng.random(down.shape)) for _ in range(count)
    ]
    return [(low, down), (high, up), *drawn]


def _node_ref(picture: Picture, node: str) -> Ref:
    kind, _, name = node.partition(":")
    kinds: dict[str, RefKind] = {"mission": "mission", "objective": "objective", "actor": "actor"}
    return picture.ref(kinds[kind], name)


def _cut_tie(picture: Picture, tie: Tie) -> CutTie:
    left, right = _node_ref(picture, tie[0]), _node_ref(picture, tie[1])
    good, bad = _WORDS.get((left.kind, right.kind), ("is close to", "is opposed to"))
    if (left.kind, right.kind) == ("mission", "actor"):
        good, bad = "is meant to please", "is meant to displease"
    verb = good if tie[2] > 0 else bad
    return CutTie(
        left=left,
        right=right,
        sign=1 if tie[2] > 0 else -1,
        weight=abs(tie[2]),
        sentence=f"{left.title} {verb} {right.title}, against what their other ties ask for.",
    )


def _as_cause(tie: CutTie, total: float) -> Cause:
    share = round(tie.weight / total, 12)
    return Cause(
        kind=tie.left.kind,
        key=tie.left.id,
        title=tie.left.title,
        share=share,
        sentence=f"{tie.sentence} ({percent(share)} of all ties)",
    )


def _camps(picture: Picture, ties: list[Tie], found: Frustration) -> tuple[tuple[Ref, ...], tuple[Ref, ...]]:
    weight: dict[str, float] = defaultdict(float)
    for left, right, value in ties:
        weight[left] += abs(value)
        weight[right] += abs(value)
    heaviest = max(weight, key=lambda node: (weight[node], node))
    first = found.camp[heaviest]
    sides = ([node for node in sorted(weight) if (found.camp[node] == first) == wanted] for wanted in (True, False))
    one, two = (tuple(_node_ref(picture, node) for node in side) for side in sides)
    return one, two
