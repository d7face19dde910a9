"""Rows and columns of value: objectives, goals, synergies, spill-over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legation.planning.model.names import RowName
from legation.planning.model.problem import Builder
from legation.planning.model.trees import Trees
from legation.planning.model.view import View

__all__ = ["add_spill", "add_synergies", "add_values"]


def add_values(b: Builder, view: View) -> None:
    """Add what each objective and goal is worth, below every piece of its concave value."""
    data = view.data
    E = data.contributions[view.slots]
    n_objectives = E.shape[1]
    low, high = _range(view, E)
    n = b.add_columns(n_objectives, lower=low, upper=high)
    for k in range(n_objectives):
        peak, rest = _peaks(view, E[:, k])
        used, done = np.flatnonzero(rest), np.flatnonzero(peak)
        columns = np.concatenate([view.x[used], view.z[done], n[[k]]])
        values = np.concatenate([rest[used], peak[done], [-1.0]])
        b.add_row(RowName("objective", data.options.objectives[k]), columns, values, lower=0.0, upper=0.0)
    Trees(b, data, n=n, low=low).add()


def _range(view: View, effect: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the least and the largest sums of contributions, each mission being done once at most, shape (K,) each."""
    low, high = np.zeros((2, len(view.data.missions), effect.shape[1]))
    np.minimum.at(low, view.mission, effect)
    np.maximum.at(high, view.mission, effect)
    return low.sum(axis=0), high.sum(axis=0)


def _peaks(view: View, effect: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Split contributions by slot into each option's largest in size and what a slot lacks to it."""
    begins = np.searchsorted(view.line, np.arange(len(view.options)))
    peak = np.zeros(len(view.options))
    if len(begins):
        high, low = np.maximum.reduceat(effect, begins), np.minimum.reduceat(effect, begins)
        peak = np.where(high > -low, high, low)
    return peak, effect - peak[view.line]


def add_synergies(b: Builder, view: View) -> None:
    """Add what missions bring, or cost, together."""
    for bonus in view.data.bonuses:
        column = b.add_columns(1, cost=bonus.value)
        if bonus.value > 0:
            for mission in bonus.missions:
                own = view.done(mission)
                values = np.append(-np.ones(len(own)), 1.0)
                b.add_row(RowName("synergy", bonus.record), np.append(own, column), values, upper=0.0)
        else:
            own = view.done(bonus.missions)
            values = np.append(np.ones(len(own)), -1.0)
            upper = float(len(bonus.missions) - 1)
            b.add_row(RowName("synergy", bonus.record), np.append(own, column), values, upper=upper)


def add_spill(b: Builder, view: View) -> None:
    """Add a charge for adverse spill-over on each actor that objectives need."""
    spill = view.data.spill
    for number, actor in enumerate(spill.actors):
        shift = spill.shift[view.options, number]
        used = np.flatnonzero(shift)
        if not len(used) or spill.weight[number] <= 0:
            continue
        worst = float(np.abs(shift).sum())
        column = b.add_columns(1, cost=-float(spill.weight[number]), upper=worst)
        columns, values = np.append(view.z[used], column), np.append(-shift[used], -1.0)
        b.add_row(RowName("spill", actor), columns, values, upper=0.0)
