"""Build the planning problem: one pass over the data, rows and columns as arrays.

Staff is drawn by class flow, prerequisites stand in cumulative form, and months in which a budget can draw on the same
allotments are one period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.planning.data import PlanData
from legation.planning.model.money import MONEY_UNIT, add_budgets
from legation.planning.model.names import RowNames
from legation.planning.model.people import add_staff
from legation.planning.model.problem import Builder, Problem
from legation.planning.model.rules import (
    add_absorption,
    add_bars,
    add_caps,
    add_ceilings,
    add_commitments,
    add_exclusions,
    add_missions,
    add_prerequisites,
    add_risk_limit,
)
from legation.planning.model.view import View, distinct
from legation.planning.model.worth import add_spill, add_synergies, add_values

__all__ = ["MONEY_UNIT", "Model", "Problem", "build_model"]


@dataclass(frozen=True, eq=False)
class Model:
    """The problem with its names.

    Attributes
    ----------
    problem
        The arrays.
    rows
        A name per row, made when it is asked for.
    slots
        The slot of each of the first columns.
    options
        The option of each of the next columns, which say whether a mission is done in a mode at all; branching on
        them decides most. The columns after them are flows, money and values.
    flows
        Class of staff and its columns, one for each of the class's positions; classes of one position have none.
    """

    problem: Problem
    rows: RowNames
    slots: NDArray[np.int64]
    options: NDArray[np.int64]
    flows: tuple[tuple[int, NDArray[np.int64]], ...]

    @property
    def option_columns(self) -> slice:
        """Where the columns of options stand."""
        return slice(len(self.slots), len(self.slots) + len(self.options))

    def chosen(self, x: NDArray[np.float64]) -> NDArray[np.int64]:
        """Read the chosen slots from a whole solution."""
        return self.slots[x[: len(self.slots)] > 0.5]

    def column_of(self) -> dict[int, int]:
        """Give the column of each slot."""
        return {int(slot): column for column, slot in enumerate(self.slots)}


def build_model(
    data: PlanData,
    *,
    slots: NDArray[np.int64] | None = None,
    with_value: bool = True,
    with_bars: bool = False,
) -> Model:
    """Build the model over some slots.

    Parameters
    ----------
    data
        The desk.
    slots
        Sorted slot numbers; all that no rule bars when left out.
    with_value
        Whether to add the value; without it the objective is 0 and the model only asks what is possible.
    with_bars
        Whether barred slots are held at 0 by a row per rule, so that a conflict can name the rule.
    """
    own = np.flatnonzero(data.open) if slots is None else slots
    b = Builder()
    x = b.add_columns(len(own), integer=True)
    used, _ = distinct(data.slots.option[own], count=len(data.mission_of))
    risk = data.desk.info.settings.risk_weight * data.options.risk[used]
    z = b.add_columns(len(used), cost=-risk if with_value else 0.0, integer=True)
    view = View(data, own, x, used, z)
    add_missions(b, view)
    add_budgets(b, view)
    flows = add_staff(b, view)
    add_absorption(b, view)
    add_prerequisites(b, view)
    add_exclusions(b, view)
    add_commitments(b, view)
    add_risk_limit(b, view)
    add_caps(b, view)
    add_ceilings(b, view)
    if with_value:
        add_values(b, view)
        add_synergies(b, view)
        add_spill(b, view)
    if with_bars:
        add_bars(b, view)
    return Model(b.problem(), b.names, own, used, flows)
