"""Adverse spill-over: how missions with one actor shift the relations with others that objectives need.

With s the direct shifts of the observer's relations, x = (I - alpha W)^-1 s are the shifts once every actor has
taken its neighbours' into account, and x - s is the spill-over (Katz 1953; Friedkin and Johnsen 1990). It is linear in
the chosen missions, so each option carries its own part. Only what is adverse in sum is penalised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import Options, share_left
from legation.desk.desk import Desk
from legation.desk.instruments import instrument_tree, is_humanitarian
from legation.desk.missions import Effect, Mission
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["Spill", "shifts_of", "spill_of"]


@dataclass(frozen=True)
class Spill:
    """Spill-over on the actors that objectives need, and on third parties that a cap spares (J).

    Attributes
    ----------
    actors
        Ids of those that the relations snapshot holds, length J.
    shift
        Spill-over per option, shape (n, J), in units of alignment.
    weight
        What one unit of adverse spill-over costs, shape (J,): the desk's spill weight times the weight of the
        objectives that need the actor, 0 where none does.
    unknown
        Actors that effects or needs name and the snapshot lacks: they are taken to pass nothing on.
    """

    actors: tuple[str, ...]
    shift: NDArray[np.float64]
    weight: NDArray[np.float64]
    unknown: tuple[str, ...]


def spill_of(
    desk: Desk, options: Options, *, missions: Sequence[Mission], relations: RelationsSnapshot | None
) -> Spill:
    """Work out the spill-over of every option; humanitarian missions have none, by principle."""
    settings = desk.info.settings
    weights: defaultdict[str, float] = defaultdict(float)
    column = {name: number for number, name in enumerate(options.objectives)}
    for objective in desk.objectives:
        if objective.id in column:
            for actor in set(objective.needs):
                weights[actor] += settings.spill_weight * float(options.weights[column[objective.id]])
    if relations is None:
        return Spill((), np.zeros((len(missions), 0)), np.zeros(0), ())
    known = {name: number for number, name in enumerate(relations.actors)}
    direct, unknown = _direct(desk, options, missions, known)
    wanted = {actor for actor, weight in weights.items() if weight > 0} | {cap.actor for cap in desk.spill_caps}
    needed = tuple(sorted(wanted & known.keys()))
    unknown |= {actor for actor in weights if actor not in known}
    rows = [known[actor] for actor in needed]
    system = np.eye(len(known)) - settings.spill_alpha * relations.weights()
    total = np.linalg.solve(system, direct.T).T if known else direct
    return Spill(
        actors=needed,
        shift=(total - direct)[:, rows],
        weight=np.array([weights[actor] for actor in needed], float),
        unknown=tuple(sorted(unknown)),
    )


def shifts_of(
    desk: Desk, options: Options, *, missions: Sequence[Mission], relations: RelationsSnapshot
) -> NDArray[np.float64]:
    """Give what each option moves the observer's relations with every actor, directly and through others.

    Returns
    -------
    NDArray[np.float64]
        Shape (n, actors of the snapshot), in units of alignment; humanitarian missions move none.
    """
    known = {name: number for number, name in enumerate(relations.actors)}
    direct, _ = _direct(desk, options, missions, known)
    system = np.eye(len(known)) - desk.info.settings.spill_alpha * relations.weights()
    return np.linalg.solve(system, direct.T).T.astype(float) if known else direct


def _direct(
    desk: Desk, options: Options, missions: Sequence[Mission], known: dict[str, int]
) -> tuple[NDArray[np.float64], set[str]]:
    tree = instrument_tree(desk.instruments)
    by_mission: defaultdict[str, list[Effect]] = defaultdict(list)
    for effect in desk.effects:
        if effect.mission is not None and effect.actor is not None:
            by_mission[effect.mission].append(effect)
    out = np.zeros((len(missions), len(known)))
    unknown: set[str] = set()
    for option, mission in enumerate(missions):
        if mission.purpose == "humanitarian" or is_humanitarian(mission.instrument, tree=tree):
            continue
        for effect in by_mission.get(mission.id, ()):
            if effect.mode not in {None, options.modes[option]} or effect.actor is None:
                continue
            if effect.actor not in known:
                unknown.add(effect.actor)
                continue
            left = share_left(effect.fade_months, months=options.horizon)
            points = effect.likely * left * float(options.accept[1, option])
            out[option, known[effect.actor]] += points * desk.info.settings.relation_per_point
    return out, unknown
