"""One model over many scenarios: the rules once, the value of each scenario in columns of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.errors import InputError
from legation.planning.data import PlanData
from legation.planning.model.build import Model, build_model
from legation.planning.model.extend import Extension
from legation.planning.model.names import RowName
from legation.planning.model.problem import INF, Builder
from legation.planning.model.view import View
from legation.planning.model.worth import add_spill, add_synergies, add_values
from legation.planning.uncertainty.outlook import Outlook, outlook_parts, with_outlook
from legation.planning.uncertainty.statistics import tail_mean

__all__ = ["Terms", "add_outlook", "aim_of", "scenario_model"]

_MOST_ENTRIES = 60_000_000


@dataclass(frozen=True, eq=False)
class Terms:
    """The columns whose sum, weighted, is a scenario's value before risk, and the limits of that sum."""

    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    low: float
    high: float


def add_outlook(ext: Extension, outlook: Outlook, *, data: PlanData, weight: float) -> Terms:
    """Add the value of a scenario to a model: the rows and columns of value as the plain model writes them.

    Parameters
    ----------
    ext
        A model without value of its own.
    outlook, data
        The scenario and the desk.
    weight
        What the scenario's value counts in the objective.

    Returns
    -------
    Terms
        The scenario's value in columns of the extended model.
    """
    base = ext.base
    shared = len(base.slots) + len(base.options)
    b = Builder()
    b.add_columns(shared)
    view = View(with_outlook(data, outlook), base.slots, np.arange(len(base.slots)), base.options,
                np.arange(len(base.slots), shared))  # fmt: skip
    add_values(b, view)
    add_synergies(b, view)
    add_spill(b, view)
    own = b.problem()
    cost, lower, upper = own.cost[shared:], own.lower[shared:], own.upper[shared:]
    columns = ext.add_columns(len(cost), cost=weight * cost, lower=lower, upper=upper, integer=own.integer[shared:])
    place = np.concatenate([np.arange(shared), columns])
    matrix = sparse.csr_matrix(own.matrix)
    for row in range(matrix.shape[0]):
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        ext.add_row(
            RowName("scenario", outlook.name, index=row),
            place[matrix.indices[span]],
            matrix.data[span],
            lower=float(own.row_lower[row]),
            upper=float(own.row_upper[row]),
        )
    valued = cost != 0
    reach = np.stack([cost * lower, cost * upper])
    return Terms(columns[valued], cost[valued], float(reach.min(axis=0).sum()), float(reach.max(axis=0).sum()))


def risk_costs(ext: Extension, data: PlanData) -> None:
    """Charge the risk of chosen modes, which is the same in every scenario."""
    base = ext.base
    ext.own_cost[base.option_columns] -= data.desk.info.settings.risk_weight * data.options.risk[base.options]


def scenario_model(
    data: PlanData,
    outlooks: Sequence[Outlook],
    *,
    tail_weight: float = 0.0,
    alpha: float = 0.1,
    weights: NDArray[np.float64] | None = None,
) -> Model:
    """Build the model that maximises (1 - tail_weight) x mean + tail_weight x mean of the worst share alpha.

    The tail mean is the maximum over eta of eta - sum of weights x (eta - value)+ / alpha, which is linear
    (Rockafellar and Uryasev 2000), so one model is exact for these scenarios.

    Parameters
    ----------
    data
        The desk.
    outlooks
        The scenarios (S).
    tail_weight
        From 0, the mean alone, to 1, the tail alone.
    alpha
        Share of the scenarios that is the tail.
    weights
        Probabilities, shape (S,); equal when left out.

    Raises
    ------
    InputError
        When the model would be larger than memory can be counted on to hold.
    """
    shares = np.full(len(outlooks), 1 / len(outlooks)) if weights is None else weights
    ext = Extension(build_model(data, with_value=False))
    risk_costs(ext, data)
    terms: list[Terms] = []
    entries = 0
    for share, outlook in zip(shares, outlooks, strict=True):
        terms.append(add_outlook(ext, outlook, data=data, weight=float((1 - tail_weight) * share)))
        entries += int(np.count_nonzero(with_outlook(data, outlook).contributions[data.open]))
        if entries > _MOST_ENTRIES:
            raise InputError(
                f"A model over {len(outlooks)} scenarios of this desk is too large.",
                remedy=f"Ask for at most {max(1, len(terms) - 1)} scenarios.",
            )
    if tail_weight > 0:
        _add_tail(ext, terms, shares=shares, tail_weight=tail_weight, alpha=alpha)
    return ext.model()


def _add_tail(
    ext: Extension, terms: Sequence[Terms], *, shares: NDArray[np.float64], tail_weight: float, alpha: float
) -> None:
    low, high = min(term.low for term in terms), max(term.high for term in terms)
    eta = int(ext.add_columns(1, cost=tail_weight, lower=low, upper=high)[0])
    below = ext.add_columns(len(terms), cost=-tail_weight * shares / alpha, lower=0.0, upper=max(high - low, 0.0))
    for number, term in enumerate(terms):
        columns = np.concatenate([term.columns, [below[number], eta]])
        values = np.concatenate([term.values, [1.0, -1.0]])
        ext.add_row(RowName("scenario", "tail", index=number), columns, values, lower=0.0, upper=INF)


def aim_of(
    data: PlanData,
    outlooks: Sequence[Outlook],
    *,
    tail_weight: float,
    alpha: float,
    weights: NDArray[np.float64] | None = None,
) -> Callable[[list[int]], float]:
    """Give the function that says what a set of slots is worth under the model's aim."""

    def worth(slots: list[int]) -> float:
        values = np.array([outlook_parts(data, outlook, slots=slots).value for outlook in outlooks])
        shares = np.full(len(values), 1 / len(values)) if weights is None else weights
        tail = tail_mean(values, alpha=alpha, weights=weights) if tail_weight else 0.0
        return float((1 - tail_weight) * (shares @ values) + tail_weight * tail)

    return worth
