"""Spill-over of a whole plan on one third party, added up mission by mission."""

from __future__ import annotations

from itertools import product

import numpy as np

from legation.desk.instruments import branch, is_humanitarian
from legation.desk.limits import SpillCap
from legation.desk.missions import Mission
from legation.errors import InputError
from legation.planning.actor_words import actor_words
from legation.planning.check.plan import Check, Entry

__all__ = ["spilled"]


def spilled(c: Check, cap: SpillCap) -> float:
    """Give the plan's spill-over on a cap's actor, negative where the relation suffers.

    Raises
    ------
    InputError
        When there are no relations, or they do not hold the actor.
    """
    if c.relations is None or cap.actor not in c.relations.actors:
        name = actor_words(cap.actor)
        missing = "there are no relations" if c.relations is None else f"the relations do not hold {name}"
        raise InputError(
            f"Cap {cap.id!r} on spill-over cannot be judged: {missing}.",
            remedy=f"Give relations that hold {name} ({cap.actor}), or remove the cap.",
        )
    actors = c.relations.actors
    direct = np.zeros(len(actors))
    for entry in c.entries:
        if entry.mission.purpose == "humanitarian" or is_humanitarian(entry.mission.instrument, tree=c.tree):
            continue
        for effect in c.desk.effects:
            named = effect.mission == entry.id and effect.mode in {None, entry.mode.id}
            if named and effect.actor in actors:
                direct[actors.index(effect.actor)] += effect.likely * _left(c, effect.fade_months) * _chance(c, entry)
    direct *= c.desk.info.settings.relation_per_point
    passed = np.eye(len(actors)) - c.desk.info.settings.spill_alpha * c.relations.weights()
    return float((np.linalg.inv(passed) @ direct - direct)[actors.index(cap.actor)])


def _left(c: Check, half_life: float | None) -> float:
    months = range(c.desk.info.months)
    return 1.0 if half_life is None else sum(0.5 ** (month / half_life) for month in months) / len(months)


def _chance(c: Check, entry: Entry) -> float:
    """Add up the chances of all answers with which the mission goes ahead."""
    mission = entry.mission
    if mission.status in {"committed", "executing"}:
        return 1.0
    leads = {lead.actor for lead in c.desk.leads if lead.mission == mission.id}
    others = [partner for partner in mission.partners if partner not in leads]
    quorum = len(others) if mission.quorum is None else mission.quorum
    ready = leads & set(mission.partners)
    sure = float(np.prod([_willing(c, mission, partner) for partner in sorted(ready)]))
    total = 0.0
    for answers in product((True, False), repeat=len(others)):
        if sum(answers) >= quorum:
            chances = [_willing(c, mission, partner) for partner in others]
            total += float(np.prod([p if yes else 1 - p for p, yes in zip(chances, answers, strict=True)]))
    return sure * total


def _willing(c: Check, mission: Mission, partner: str) -> float:
    rows = {(row.mission, row.instrument): row.likely for row in c.desk.willingness if row.partner == partner}
    keys = [(mission.id, None), *((None, name) for name in branch(mission.instrument, tree=c.tree)), (None, None)]
    return next((rows[key] for key in keys if key in rows), c.desk.info.default_willingness)
