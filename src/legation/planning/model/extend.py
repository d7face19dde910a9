"""Add columns and rows to a model that is already built: further aims, changes against an older plan, scenarios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.planning.model.build import Model
from legation.planning.model.problem import Builder

__all__ = ["Extension"]


class Extension(Builder):
    """A model with more columns and rows; the model's own columns keep their numbers.

    Parameters
    ----------
    model
        What to extend; it is left as it is.

    Attributes
    ----------
    own_cost
        Objective of the model's own columns, free to be changed, shape (columns of the model,).
    own_lower, own_upper
        Their bounds, free to be changed.
    """

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.base = model
        problem = model.problem
        self.columns = len(problem.cost)
        self.own_cost = problem.cost.copy()
        self.own_lower, self.own_upper = problem.lower.copy(), problem.upper.copy()

    def model(self) -> Model:
        """Give the extended model."""
        old = self.base.problem
        more = self.problem()
        before, rows = len(old.cost), len(self.names)
        wide = sparse.csc_matrix((old.matrix.shape[0], self.columns - before))
        matrix = sparse.hstack([old.matrix, wide], format="csc")
        if rows:
            matrix = sparse.vstack([matrix, more.matrix], format="csc")

        def joined(own: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.concatenate([own, new])

        problem = replace(
            old,
            cost=joined(self.own_cost, more.cost),
            lower=joined(self.own_lower, more.lower),
            upper=joined(self.own_upper, more.upper),
            integer=np.concatenate([old.integer, more.integer]),
            matrix=matrix,
            row_lower=joined(old.row_lower, more.row_lower),
            row_upper=joined(old.row_upper, more.row_upper),
        )
        return replace(self.base, problem=problem, rows=self.base.rows.joined(self.names))
