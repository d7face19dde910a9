"""A desk's aims as linear forms over the columns of its planning model, all turned so that more is better.

Aid is never a lever: humanitarian missions count in value alone. Their money (ring-fenced or not), their risk and
their shifts are left out of cost, risk and escalation, and adding one is no disruption, so that no point of a frontier
looks better for having dropped one. Taking one out of a kept plan, or moving it, is disruption as for any mission.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from legation.desk.instruments import instrument_tree, is_humanitarian
from legation.errors import InputError
from legation.planning.data import PlanData
from legation.planning.frontier.escalation import Escalation, add_escalation, escalation_of
from legation.planning.frontier.result import AimName
from legation.planning.model.build import Model, build_model
from legation.planning.model.extend import Extension
from legation.planning.replan.disruption import Disruption, add_disruption

__all__ = ["AIMS", "DeskAims", "aid_missions", "aims_of", "check_aims"]

AIMS: dict[AimName, tuple[str, str]] = {
    "value": ("Value", "what the plan is worth, 100 points being every objective at its target"),
    "cost": (
        "Cost",
        (
            "money that the plan takes from the desk's budgets within its months; humanitarian missions, and what only "
            "they may spend, are left out"
        ),
    ),
    "risk": ("Risk", "sum of the chosen modes' risk, humanitarian missions left out"),
    "escalation": (
        "Escalation",
        (
            "adverse shifts of relations with third parties, weighted by one plus tension, and missions beside a "
            "rival's activities, humanitarian missions left out; a convention on judged effects, no forecast"
        ),
    ),
    "disruption": (
        "Disruption",
        "changes against the kept plan, weighted by kind and notice; a new humanitarian mission counts nothing",
    ),
}


@dataclass(frozen=True, eq=False)
class DeskAims:
    """A desk's model with its aims.

    Attributes
    ----------
    names
        The aims in order, value first.
    model
        The model with the columns that aims need.
    table
        Coefficients, shape (p, columns); all but value are negative of what is shown.
    constants
        What is added to each, shape (p,).
    """

    data: PlanData
    names: tuple[AimName, ...]
    model: Model
    table: NDArray[np.float64]
    constants: NDArray[np.float64]
    escalation: Escalation | None

    def values(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the aims of a solution without their constants, from its slots wherever they decide, shape (p,)."""
        out: NDArray[np.float64] = self.table @ x
        slots = self.model.chosen(x)
        if self.escalation is not None:
            out[self.names.index("escalation")] = -self.escalation.of(self.data, slots)
        # imported where it is used: the names of this module are also those of the arguments
        from legation.planning.value import value_of

        out[0] = value_of(self.data, slots.tolist())
        return out

    def shown(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn aims as solved for into what is shown: value as more is better, all others as less is."""
        signs = np.where(np.arange(len(self.names)) == 0, 1.0, -1.0)
        out: NDArray[np.float64] = signs * (values + self.constants)
        # minus zero reads badly
        return out + 0.0


def check_aims(aims: Sequence[str]) -> tuple[AimName, ...]:
    """Check names of aims and put value first.

    Raises
    ------
    InputError
        When an aim is unknown or named twice, there are fewer than two or more than four, or value is not among them.
    """
    known = ", ".join(AIMS)
    unknown = [name for name in aims if name not in AIMS]
    if unknown:
        raise InputError(f"{unknown[0]!r} is no aim.", remedy=f"Use two to four of {known}.")
    if len(set(aims)) != len(aims):
        raise InputError(f"An aim stands twice in {', '.join(aims)}.", remedy="Name each once.")
    if not 2 <= len(aims) <= 4:
        raise InputError(f"{len(aims)} aims were given.", remedy=f"Use two to four of {known}.")
    if "value" not in aims:
        raise InputError(
            "Value is not among the aims, so doing nothing beyond the duties would be best in all of them.",
            remedy="Name value as one of them.",
        )
    return tuple(name for name in AIMS if name in aims)


def aims_of(data: PlanData, names: tuple[AimName, ...], *, disruption: Disruption | None) -> DeskAims:
    """Write a desk's aims over the columns of its model.

    Parameters
    ----------
    data
        The desk.
    names
        As `check_aims` gives them.
    disruption
        Of a kept plan, where disruption is an aim; its data must be these.
    """
    base = build_model(data)
    extension = Extension(base)
    aid = aid_missions(data)
    aid_slots, aid_options = aid[data.slot_mission], aid[data.mission_of]
    slots, z = np.arange(len(base.slots)), np.arange(len(base.slots), len(base.slots) + len(base.options))
    forms: list[tuple[NDArray[np.int64], NDArray[np.float64], float]] = []
    escalation = None
    for name in names:
        if name == "value":
            forms.append((np.arange(len(base.problem.cost)), base.problem.cost, 0.0))
        elif name == "cost":
            money = data.funds.within(data.slots, base.slots, first=0, last=data.horizon - 1)
            # in cents, so that equal costs are equal whatever the order of their sums
            forms.append((slots, -np.where(aid_slots[base.slots], 0.0, np.round(money, 2)), 0.0))
        elif name == "risk":
            forms.append((z, -np.where(aid_options, 0.0, data.options.risk)[base.options], 0.0))
        elif name == "escalation":
            escalation = escalation_of(data)
            columns, values = add_escalation(extension, escalation)
            forms.append((columns, -values, 0.0))
        else:
            assert disruption is not None
            form = add_disruption(extension, _aid_welcome(disruption, aid_slots))
            forms.append((form.columns, -form.values, -form.constant))
    model = extension.model()
    table = np.zeros((len(names), len(model.problem.cost)))
    for row, (columns, values, _) in enumerate(forms):
        np.add.at(table[row], columns, values)
    constants = np.array([constant for _, _, constant in forms], float)
    return DeskAims(data, names, model, table, constants, escalation)


def aid_missions(data: PlanData) -> NDArray[np.bool_]:
    """Say of each mission whether it is humanitarian, by its purpose or its instrument, shape (M,)."""
    tree = instrument_tree(data.desk.instruments)
    return np.array(
        [one.purpose == "humanitarian" or is_humanitarian(one.instrument, tree=tree) for one in data.missions], bool
    )


def _aid_welcome(disruption: Disruption, aid_slots: NDArray[np.bool_]) -> Disruption:
    """Let new humanitarian missions count nothing: refusing aid buys no calm."""
    return replace(disruption, new=np.where(aid_slots, 0.0, disruption.new))
