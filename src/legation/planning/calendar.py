"""Months first, people after: plans drawn in whole months with people counted, then staffed.

With people counted (`legation.planning.headcount`) the whole model is small enough to be solved as one within what the
prices leave open. What it draws keeps every rule but some on people; it is staffed as far as that goes, and rows that
it breaks are written before the next one is drawn. As it leaves rules out and adds none, its bound holds for every
plan.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from legation.planning.engines.base import Answer
from legation.planning.headcount import Headcount
from legation.planning.neighbourhood import Neighbourhoods
from legation.planning.progress import State

__all__ = ["Calendar"]

_RELAXED = 6
"""Times that the relaxation is solved while it asks for more people than there are."""
_FITTED, _FITTED_NODES, _FITTED_GAP = 12, 50, 2e-4
"""Times that the months of given missions are drawn, and how far each drawing goes."""
_FITTED_SHARE = 0.4
"""Share of the time left that months of given missions may take; the limit on nodes is meant to come first."""
_DRAWN = 12
_NODES, _MORE = 100, 2
"""Nodes that the first drawing of all missions may take, and how many times more every later one."""
_MOST_COLUMNS = 60_000
"""Columns above which nothing is drawn: the first node would take all the time there is."""
_FEW_SLOTS = 4_000
"""Open slots up to which all missions are drawn before anything is done in between: it takes a moment."""
_STAFF_GAP = 1e-4


class Calendar:
    """Draws plans with people counted.

    Parameters
    ----------
    state, near
        The search and its neighbourhoods.
    headcount
        The problem with people counted.
    """

    def __init__(self, state: State, near: Neighbourhoods, headcount: Headcount) -> None:
        self.state, self.near, self.headcount = state, near, headcount
        self.model = state.model

    def relax(self) -> Answer:
        """Solve the relaxation with people counted; its duals are those of the whole model."""
        answer = Answer(status="none")
        for _ in range(_RELAXED):
            answer = self.state.relax(self.headcount.problem())
            if answer.x is None or self.state.done() or not self.headcount.tighten(answer.x):
                break
        duals = None if answer.duals is None else self.headcount.duals(answer.duals)
        return Answer(status=answer.status, x=answer.x, value=answer.value, duals=duals)

    def search(self, drawn: NDArray[np.float64], *, priced_bound: float, between: Callable[[], None]) -> bool:
        """Draw plans and staff them; say whether a plan may exist.

        Parameters
        ----------
        drawn
            A relaxed solution to begin with.
        priced_bound
            The bound that the prices of the neighbourhoods give.
        between
            What to do with the plan before all missions are drawn; on small desks before they are drawn anew.
        """
        state, nodes = self.state, _NODES
        latest: NDArray[np.float64] | None = drawn
        for round_ in range(_DRAWN):
            if latest is not None:
                self._fit(latest)
            if round_ or np.count_nonzero(self._open_slots(priced_bound)) > _FEW_SLOTS:
                between()
            if state.done():
                break
            answer = self._draw(self._open_slots(priced_bound), gap=state.gap / 4, nodes=nodes, complete=True)
            if answer.status == "infeasible":
                return state.x is not None
            latest, nodes = answer.x, nodes * _MORE
            if latest is None:
                continue
            self._staff(latest)
            if not self.headcount.tighten(latest) and answer.status == "optimal":
                # nothing more can be learnt by counting people
                break
        return True

    def _open_slots(self, priced_bound: float) -> NDArray[np.bool_]:
        state = self.state
        if state.x is None:
            return np.ones(len(self.model.slots), bool)
        return self.near.may_improve(state.value, priced_bound) | state.chosen()

    def _fit(self, drawn: NDArray[np.float64]) -> None:
        """Find months for the missions of a drawing and of the plan until there are people for them."""
        wanted = drawn[self.model.option_columns] > 0.5
        if self.state.x is not None:
            wanted |= self.state.x[self.model.option_columns] > 0.5
        rest = self.state.left() * (1 - _FITTED_SHARE)
        for _ in range(_FITTED):
            if self.state.done() or self.state.left() <= rest:
                return
            answer = self._draw(
                wanted[self.near.line],
                gap=_FITTED_GAP,
                nodes=_FITTED_NODES,
                seconds=self.state.left() - rest,
                complete=False,
            )
            if answer.x is None:
                return
            self._staff(answer.x)
            if not self.headcount.tighten(answer.x):
                return

    def _draw(
        self,
        open_slots: NDArray[np.bool_],
        *,
        gap: float,
        nodes: int,
        complete: bool,
        seconds: float | None = None,
    ) -> Answer:
        lower, upper = self.near.among(open_slots)
        problem = self.headcount.problem()
        # flows are in no row: they stand where they would earn most, which the bound allows for
        lower[self.headcount.flows] = upper[self.headcount.flows] = problem.lower[self.headcount.flows]
        return self.state.drawing(
            problem,
            lower,
            upper,
            gap=gap,
            nodes=nodes,
            seconds=seconds,
            complete=complete,
            most_columns=_MOST_COLUMNS,
        )

    def _staff(self, drawn: NDArray[np.float64]) -> None:
        """Give the drawn missions people in their months, and let go those for whom there are none."""
        chosen = drawn[: len(self.model.slots)] > 0.5
        self.state.within(*self.near.among(chosen), gap=_STAFF_GAP, nodes=_FITTED_NODES)
