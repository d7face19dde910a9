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
    count = data.contributions.shape[1]
    least, most, place, aim, rest = _extremes(view)
    peak = np.where(most > -least, most, least)
    low = [_sum_of_missions(view, np.minimum(least[:, k], 0.0), np.minimum) for k in range(count)]
    high = [_sum_of_missions(view, np.maximum(most[:, k], 0.0), np.maximum) for k in range(count)]
    n = b.add_columns(count, lower=np.array(low), upper=np.array(high))
    for k in range(count):
        done, own = np.flatnonzero(peak[:, k]), np.flatnonzero(aim == k)
        columns = np.concatenate([view.x[place[own]], view.z[done], n[[k]]])
        values = np.concatenate([rest[own], peak[done, k], [-1.0]])
        b.add_row(RowName("objective", data.options.objectives[k]), columns, values, lower=0.0, upper=0.0)
    Trees(b, data, n=n, low=np.array(low)).add()


def _extremes(view: View) -> tuple[NDArray[np.float64], ...]:
    """Give each option's least and largest contribution, shape (options, K), and what slots bring besides.

    That is the larger of the two in size subtracted, by place of the slot, objective and amount. A batch of options at
    a time stays in the processor's cache: a whole copy of the contributions would be the largest array of the model.
    """
    given = view.data.contributions
    begins = np.searchsorted(view.line, np.arange(len(view.options) + 1))
    least, most = (np.zeros((len(view.options), given.shape[1])) for _ in range(2))
    places, aims, rests = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for first in range(0, len(view.options), _BATCH):
        own = slice(first, min(first + _BATCH, len(view.options)))
        begin, end = begins[own.start], begins[own.stop]
        effect = given[view.slots[begin:end]]
        most[own] = np.maximum.reduceat(effect, begins[own] - begin)
        least[own] = np.minimum.reduceat(effect, begins[own] - begin)
        peak = np.where(most[own] > -least[own], most[own], least[own])
        effect -= np.repeat(peak, np.diff(begins[own.start : own.stop + 1]), axis=0)
        slot, aim = np.nonzero(effect)
        places.append(slot + begin)
        aims.append(aim)
        rests.append(effect[slot, aim])
    return least, most, np.concatenate(places), np.concatenate(aims), np.concatenate(rests)


_BATCH = 400


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
