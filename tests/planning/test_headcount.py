"""People counted instead of placed: no plan is lost, and prices hold for the whole model."""

from dataclasses import replace

import numpy as np
import pytest

from legation.planning.data import plan_data
from legation.planning.engines.base import Request, safe_bound
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.planning.headcount import Headcount
from legation.planning.model.build import build_model
from legation.planning.solve import search


@pytest.fixture(scope="module", params=[0, 3], ids=["whole months", "days and journeys"])
def desk(request):
    """Give a desk on which people are short, as arrays and as a model."""
    made = generate_desk(DeskShape(missions=60, months=8, positions=4, objectives=5, details=request.param), seed=7)
    data = plan_data(made, relations=generate_relations(made, seed=7))
    return data, build_model(data)


def relaxed(headcount, *, rounds):
    """Solve with people counted until no month is overdrawn; give the problem and its answer."""
    for _ in range(rounds):
        problem = headcount.problem()
        answer = Highs().solve(problem, Request(relaxed=True))
        if not headcount.tighten(answer.x):
            return problem, answer
    raise AssertionError("People were overdrawn in every round.")


def test_people_are_short_where_nobody_counts_them(desk):
    """Without rows on people a relaxation overdraws months, and with them it does not."""
    data, model = desk
    headcount = Headcount(data, model)
    free = Highs().solve(headcount.problem(), Request(relaxed=True))

    assert headcount.tighten(free.x) > 0
    _, counted = relaxed(headcount, rounds=30)

    assert counted.value < free.value - 1e-6


def test_prices_of_people_counted_hold_for_the_whole_model(desk):
    """Duals brought to the whole model prove the same bound there, and it is no lower than the relaxation."""
    data, model = desk
    headcount = Headcount(data, model)
    problem, answer = relaxed(headcount, rounds=30)
    whole = Highs().solve(model.problem, Request(relaxed=True))

    bound = safe_bound(model.problem, headcount.duals(answer.duals))

    assert bound == pytest.approx(safe_bound(problem, answer.duals), abs=1e-9)
    assert bound == pytest.approx(answer.value, abs=1e-5)
    assert bound >= whole.value - 1e-7


def test_every_plan_keeps_the_rows_on_people(desk):
    """The best plan breaks no row that relaxations and random drawings brought in."""
    data, model = desk
    headcount = Headcount(data, model)
    relaxed(headcount, rounds=30)
    rng = np.random.default_rng(3)
    for _ in range(20):
        headcount.tighten((rng.random(len(model.problem.cost)) < 0.05).astype(float))
    plan = search(data, Highs(), gap=0.02, seconds=20, seed=1)
    problem = headcount.problem()
    counted = np.where(np.isin(np.arange(len(plan.x)), headcount.flows), 0.0, plan.x)

    assert len(headcount.rows) > 10
    assert np.all(problem.matrix @ counted <= problem.row_upper + 1e-5)
    assert not headcount.tighten(plan.x)


def test_flows_that_earn_something_are_allowed_for(desk):
    """A model that pays for who goes has no plan above the bound with people counted."""
    data, model = desk
    cost = model.problem.cost.copy()
    cost[model.flows[0][1]] = 0.5
    paid = replace(model, problem=replace(model.problem, cost=cost))
    headcount = Headcount(data, paid)
    _, counted = relaxed(headcount, rounds=30)
    whole = Highs().solve(paid.problem, Request(relaxed=True))

    assert counted.value >= whole.value - 1e-7
    assert safe_bound(paid.problem, headcount.duals(counted.duals)) >= whole.value - 1e-7
