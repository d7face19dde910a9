"""Escalation: how third parties can be expected to take a plan amiss, in units of alignment.

escalation = sum over actors j of (1 + t_j) max(0, -x_j) + sum over rivals' activities of points times (1 + t_a)

x_j is what the plan moves the desk's relation with j in sum, directly and through others (the model of spill-over),
without the shifts that a mission has on its own partners (they are no third parties) and those of humanitarian
missions (aid is never a lever). t_j is the tension between the
desk's observer and j, 0 where unknown. A mission that shares place and month with an activity of a rival adds one
point (twice for deterrence), worth as much as a judged effect of one point; de-escalation, mediation, arms control and
humanitarian missions add none. It is a convention built on judged effects: it foretells no conduct.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.desk.instruments import instrument_tree, is_humanitarian
from legation.desk.months import month_number
from legation.planning.data import PlanData
from legation.planning.model.extend import Extension
from legation.planning.model.names import RowName
from legation.planning.spill import shifts_of

__all__ = ["Escalation", "add_escalation", "escalation_of"]

_CALMING = frozenset({"de_escalation", "mediation", "arms_control", "humanitarian"})


@dataclass(frozen=True, eq=False)
class Escalation:
    """Escalation written over options and slots.

    Attributes
    ----------
    actors
        Third parties that some option moves (A).
    shift
        What each option moves the relation with them, shape (n, A), in units of alignment.
    weight
        1 + tension, shape (A,).
    by_slot
        What sharing place and month with rivals' activities adds, shape (S,).
    """

    actors: tuple[str, ...]
    shift: NDArray[np.float64]
    weight: NDArray[np.float64]
    by_slot: NDArray[np.float64]

    def of(self, data: PlanData, slots: NDArray[np.int64]) -> float:
        """Give the escalation of a set of slots."""
        total = self.shift[data.slots.option[slots]].sum(axis=0)
        return float(self.weight @ np.maximum(0.0, -total) + self.by_slot[slots].sum())


def escalation_of(data: PlanData) -> Escalation:
    """Work out the escalation of every option and slot."""
    actors: tuple[str, ...] = ()
    shift, weight = np.zeros((len(data.mission_of), 0)), np.zeros(0)
    if data.relations is not None:
        per_option = [data.missions[number] for number in data.mission_of]
        total = shifts_of(data.desk, data.options, missions=per_option, relations=data.relations)
        place = {name: number for number, name in enumerate(data.relations.actors)}
        for option, mission in enumerate(per_option):
            for partner in {*mission.partners, data.relations.observer} & place.keys():
                total[option, place[partner]] = 0.0
        moved = np.flatnonzero(np.any(total < 0, axis=0))
        actors = tuple(data.relations.actors[number] for number in moved)
        shift = total[:, moved]
        weight = np.array([1.0 + _tension(data, actor) for actor in actors], float)
    return Escalation(actors, shift, weight, _clashes(data))


def _tension(data: PlanData, actor: str) -> float:
    relations = data.relations
    if relations is None or not {actor, relations.observer} <= set(relations.actors):
        return 0.0
    value = float(relations.tension[relations.index(relations.observer), relations.index(actor)])
    return 0.0 if np.isnan(value) else value


def _clashes(data: PlanData) -> NDArray[np.float64]:
    """Give what each slot adds by sharing place and month with activities of rivals."""
    out = np.zeros(len(data.slots.option))
    tree, start = instrument_tree(data.desk.instruments), data.desk.info.start
    rivals = [activity for activity in data.desk.activities if activity.side == "rival" and activity.places]
    for number, mission in enumerate(data.missions):
        if mission.place is None or mission.purpose in _CALMING or is_humanitarian(mission.instrument, tree=tree):
            continue
        points = 2.0 if mission.purpose == "deterrence" else 1.0
        slots = data.slots_by_mission[number]
        for activity in rivals:
            if mission.place not in activity.places:
                continue
            first = month_number(f"{activity.start:%Y-%m}", start=start)
            last = data.horizon - 1 if activity.end is None else month_number(f"{activity.end:%Y-%m}", start=start)
            meets = (data.slots.first[slots] <= last) & (data.slots.last[slots] >= first)
            factor = data.desk.info.settings.relation_per_point * (1.0 + _tension(data, activity.actor))
            out[slots[meets]] += points * factor
    return out


def add_escalation(extension: Extension, escalation: Escalation) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Add a column per third party that holds its adverse shift; give columns and values of the linear form."""
    model = extension.base
    z = np.arange(len(model.slots), len(model.slots) + len(model.options))
    columns = [np.arange(len(model.slots))]
    values = [escalation.by_slot[model.slots]]
    for number, actor in enumerate(escalation.actors):
        shift = escalation.shift[model.options, number]
        used = np.flatnonzero(shift)
        worst = float(np.maximum(0.0, -shift).sum())
        if worst <= 0:
            continue
        column = extension.add_columns(1, upper=worst)
        name = RowName("aim", f"escalation {actor}")
        extension.add_row(name, np.append(z[used], column), np.append(-shift[used], -1.0), upper=0.0)
        columns.append(column)
        values.append(escalation.weight[[number]])
    return np.concatenate(columns), np.concatenate(values)
