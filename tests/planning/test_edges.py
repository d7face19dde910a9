"""Cases at the edges of a desk's months, money and names, where two parts of the planner could read it differently."""

import importlib.util
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from scipy import sparse

from legation.cohesion.result import Chosen
from legation.desk import constraints
from legation.errors import InfeasibleError
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.engines.base import Request
from legation.planning.engines.highs import Highs
from legation.planning.model.problem import Problem
from legation.planning.schedule.missions import earliest_finish
from legation.planning.staffing import crew_of

_SPEC = importlib.util.spec_from_file_location("edges_oracle", Path(__file__).parent / "test_oracle.py")
oracle = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(oracle)


def _committed(desk, mission, start):
    rows = tuple(
        structs.replace(row, status="committed", start=start, mode="small") if row.id == mission else row
        for row in desk.missions
    )
    return structs.replace(desk, missions=rows)


@pytest.mark.parametrize("start", ["2027-05", "2027-06", "2029-01"])
def test_a_commitment_that_begins_after_the_plan_takes_nothing_from_it(start):
    """A committed mission of a later year is in the plan, costs none of its months, and the rest is at its best."""
    desk = _committed(oracle.small_desk(3, []), "m0", start)
    result = plan(desk, gap=0, compare=False)

    assert next(row for row in result.missions if row.mission == "m0").cost == 0
    assert broken_rules(desk, result.to_selection()) == ()
    own = structs.replace(desk, missions=tuple(row for row in desk.missions if row.id != "m0"))
    best = plan(own, gap=0, compare=False)
    assert result.cost == pytest.approx(best.cost)


def test_a_visit_after_the_plan_counts_beside_the_last_ones_within():
    """A partner that takes one mission in any two months takes none in the last month before a committed one."""
    desk = _committed(oracle.small_desk(3, []), "m1", "2027-05")
    limit = constraints.Absorption(id="ab", partner="LVA", missions=1, window_months=2)
    pin = constraints.Pin(mission="m3", decision="in")
    desk = structs.replace(desk, absorption=(limit,), pins=(pin,))
    late = [
        Chosen(mission="m1", mode="small", start=4),
        Chosen(mission="m3", mode="small", start=3),
    ]
    assert any(fault.kind == "absorption" for fault in broken_rules(desk, late))

    late_only = constraints.Pin(mission="m3", decision="in", start="2027-04")
    with pytest.raises(InfeasibleError):
        plan(structs.replace(desk, pins=(late_only,)), gap=0, compare=False)
    result = plan(structs.replace(desk, pins=(structs.replace(late_only, start="2027-03"),)), gap=0, compare=False)
    assert {row.mission for row in result.missions} >= {"m1", "m3"}


def test_a_post_and_a_person_of_one_id_stay_two():
    """Once the holder has left, the post stands with its own skills, whatever the holder was called."""
    desk = oracle.small_desk(5, ["holder"])
    person = structs.replace(desk.persons[0], id="p", rank="OF-1")
    held = structs.replace(desk.holders[0], person="p", start=date(2027, 1, 1), end=date(2027, 2, 28))
    desk = structs.replace(desk, persons=(person,), holders=(held,))
    need = structs.replace(desk.staff_needs[0], rank_min="OF-3", languages=(), position="p")

    assert crew_of(desk).able(need)[0].tolist() == [False, False, True, True]


def test_cp_sat_pays_with_halves_of_a_thousand():
    """Two sums of 60,500 pay 121,000, though every cost is a round number of thousands."""
    desk = oracle.small_desk(3, [])
    costs = tuple(
        structs.replace(row, amount=Decimal(121_000), recurrence="once") for row in desk.costs if row.mission == "m0"
    )
    purses = tuple(
        structs.replace(row, amount=Decimal(60_500), start="2027-01", expires=end)
        for row, end in zip(desk.allotments, ("2027-03", "2027-04"), strict=True)
    )
    found = earliest_finish(structs.replace(desk, costs=costs, allotments=purses), ["m0"])

    assert (found.status, found.months, found.bound) == ("optimal", 1, 1)


def test_a_problem_without_whole_columns_has_its_own_value_as_bound():
    """HiGHS leaves the bound of a mixed-integer problem at 0 where nothing is whole; that is no bound."""
    problem = Problem(
        cost=np.array([1.0, 2.0]), lower=np.zeros(2), upper=np.ones(2), integer=np.zeros(2, bool),
        matrix=sparse.csc_matrix(np.array([[1.0, 1.0]])), row_lower=np.array([-np.inf]), row_upper=np.array([1.5]),
    )  # fmt: skip
    answer = Highs().solve(problem, Request())

    assert answer.status == "optimal"
    assert answer.value == pytest.approx(2.5)
    assert answer.bound == pytest.approx(2.5)


def test_data_and_check_agree_on_a_start_beyond_the_plan():
    """The slot of a later commitment uses no months, so it asks for nobody."""
    data = plan_data(_committed(oracle.small_desk(3, []), "m0", "2028-01"))
    slot = next(slot for slot in data.slots_by_mission[0] if data.slots.start[slot] == 12)

    assert len(data.demands(int(slot))) == 0
    assert data.cost(int(slot)).sum() == 0
