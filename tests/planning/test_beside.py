"""Runs whose bound counts: no start is given away, and what is known is set beside what comes back."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from legation.planning.beside import solve_beside
from legation.planning.engines.base import Answer, Request
from legation.planning.engines.highs import Highs
from legation.planning.model.problem import Problem


def knapsack(seed, count=9):
    """Give a small problem of two rows, and all its solutions with their values."""
    rng = np.random.default_rng(seed)
    rows, cost = rng.integers(1, 20, (2, count)).astype(float), rng.integers(1, 30, count).astype(float)
    problem = Problem(
        cost=cost, lower=np.zeros(count), upper=np.ones(count), integer=np.ones(count, bool),
        matrix=sparse.csc_matrix(rows), row_lower=np.full(2, -np.inf), row_upper=rows.sum(axis=1) // 2,
    )  # fmt: skip
    every = np.array(np.meshgrid(*[[0.0, 1.0]] * count)).reshape(count, -1).T
    every = every[(every @ rows.T <= problem.row_upper).all(axis=1)]
    return problem, every, every @ cost


class Told(Highs):
    """HiGHS that notes what it was asked, and may give another answer."""

    def __init__(self, answer=None):
        self.asked, self.answer = [], answer

    def solve(self, problem, request):
        """Note and answer."""
        self.asked.append(request)
        return self.answer or super().solve(problem, request)


@pytest.mark.parametrize("seed", range(10))
def test_the_answer_is_the_best_of_all_whatever_is_known(seed):
    """With any solution known, value and bound are those of trying everything, and the engine got no start."""
    problem, every, values = knapsack(seed)
    engine = Told()
    for number in np.random.default_rng(seed).integers(0, len(every), 3):
        found = solve_beside(engine, problem, Request(start=every[number]), known=every[number])

        assert found.status == "optimal"
        assert found.value == pytest.approx(values.max())
        assert found.bound == pytest.approx(values.max())
    assert [request.start for request in engine.asked] == [None] * 3


def test_what_is_known_stands_where_the_run_found_less():
    """A limit that ends the run before it finds as good a solution leaves the known one, with the run's bound."""
    problem, every, values = knapsack(1)
    best, worst = every[values.argmax()], every[values.argmin()]
    top, low = float(values.max()), float(values.min())

    none = solve_beside(Told(Answer(status="none", bound=top + 3)), problem, Request(), known=best)
    less = solve_beside(
        Told(Answer(status="feasible", x=worst, value=low, bound=top)), problem, Request(), known=best
    )  # fmt: skip

    assert (none.status, none.value, none.bound) == ("feasible", top, top + 3)
    assert (less.status, less.value, less.bound) == ("optimal", top, top)
    assert np.array_equal(less.x, best)


@pytest.mark.parametrize("status", ["optimal", "infeasible"])
def test_a_claim_that_a_known_solution_refutes_is_not_passed_on(status):
    """Where the run calls less the best, or calls the problem impossible, there is no bound and no claim."""
    problem, every, values = knapsack(2)
    best, worst = every[values.argmax()], every[values.argmin()]
    low = float(values.min())
    wrong = Answer(status="optimal", x=worst, value=low, bound=low)
    if status == "infeasible":
        wrong = replace(wrong, status="infeasible", x=None, value=None, bound=-np.inf)
    found = solve_beside(Told(wrong), problem, Request(), known=best)

    assert (found.status, found.bound) == ("feasible", np.inf)
    assert found.value == values.max()


def test_without_anything_known_the_run_speaks_for_itself():
    """The engine's answer is passed on as it is."""
    problem, _, values = knapsack(3)
    found = solve_beside(Highs(), problem, Request(), known=None)

    assert (found.status, found.value) == ("optimal", pytest.approx(values.max()))
