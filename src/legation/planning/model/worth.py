"""Rows and columns of value: objectives, goals, synergies, spill-over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legation.planning.model.names import NameBlock, RowName
from legation.planning.model.problem import Builder
from legation.planning.model.trees import Trees
from legation.planning.model.view import View, expand

__all__ = ["add_spill", "add_synergies", "add_values"]


def add_values(b: Builder, view: View) -> None:
    """Add what each objective and goal is worth, below every piece of its concave value."""
    data = view.data
    begins = np.searchsorted(view.line, np.arange(len(view.options)))
    peaks, low, high = [], [], []
    for k in range(data.contributions.shape[1]):
        # a column at a time: a whole copy of the contributions would be the largest array of the model
        effect = data.contributions[view.slots, k]
        most = np.maximum.reduceat(effect, begins) if len(begins) else np.empty(0)
        least = np.minimum.reduceat(effect, begins) if len(begins) else np.empty(0)
        peak = np.where(most > -least, most, least)
        rest = effect - peak[view.line]
        used = np.flatnonzero(rest)
        peaks.append((peak, used, rest[used]))
        low.append(_sum_of_missions(view, np.minimum(least, 0.0), np.minimum))
        high.append(_sum_of_missions(view, np.maximum(most, 0.0), np.maximum))
    n = b.add_columns(len(peaks), lower=np.array(low), upper=np.array(high))
    for k, (peak, used, rest) in enumerate(peaks):
        done = np.flatnonzero(peak)
        columns = np.concatenate([view.x[used], view.z[done], n[[k]]])
        values = np.concatenate([rest, peak[done], [-1.0]])
        b.add_row(RowName("objective", data.options.objectives[k]), columns, values, lower=0.0, upper=0.0)
    Trees(b, data, n=n, low=np.array(low)).add()


def _sum_of_missions(view: View, by_option: NDArray[np.float64], extreme: np.ufunc) -> float:
    """Give the sum over missions of their least or largest option, each mission being done once at most."""
    out = np.zeros(len(view.data.missions))
    extreme.at(out, view.mission_of_option, by_option)
    return float(out.sum())


def add_synergies(b: Builder, view: View) -> None:
    """Add what missions bring, or cost, together."""
    bonuses = view.data.bonuses
    gain = np.array([bonus.value for bonus in bonuses], float)
    column = b.add_columns(len(bonuses), cost=gain)
    size = np.array([len(bonus.missions) for bonus in bonuses], np.int64)
    mission = np.array([m for bonus in bonuses for m in bonus.missions], np.int64)
    # what helps stands below each of its missions: a row per mission; what hinders stands above all of them together
    rows = np.where(gain > 0, size, 1)
    first = np.cumsum(rows) - rows
    bonus, place = expand(np.zeros(len(bonuses), np.int64), size - 1)
    row_of = first[bonus] + np.where(gain[bonus] > 0, place, 0)
    each, done = view.done_each(mission)
    of_row = np.repeat(np.arange(len(bonuses)), rows)
    sign = np.where(gain > 0, 1.0, -1.0)
    names = NameBlock("synergy", len(of_row), lambda n: RowName("synergy", bonuses[of_row[n]].record))
    b.add_rows(
        names,
        np.concatenate([row_of[each], np.arange(len(of_row))]),
        np.concatenate([done, column[of_row]]),
        np.concatenate([-sign[bonus[each]], sign[of_row]]),
        upper=np.where(gain > 0, 0.0, size - 1.0)[of_row],
    )


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
