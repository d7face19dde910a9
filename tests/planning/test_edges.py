"""Cases at the edges of a desk's months, money and names, where two parts of the planner could read it differently."""

import time
from datetime import date
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
import small_desks as oracle
from msgspec import structs
from scipy import sparse

from legation.cohesion.result import Chosen
from legation.desk import constraints
from legation.errors import InfeasibleError
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.planning.check.calendar import Job, packs
from legation.planning.data import plan_data
from legation.planning.engines.base import Request
from legation.planning.engines.highs import Highs
from legation.planning.model.problem import Problem
from legation.planning.schedule.missions import earliest_finish
from legation.planning.selection.desk import selection_of
from legation.planning.staffing import crew_of
from legation.planning.value import value_of, values_beside


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


def _shared(jobs, heads):
    """Try everybody for every job."""
    for pick in product(range(heads), repeat=len(jobs)):
        for who, month in product(range(heads), range(4)):
            here = [job for job, one in zip(jobs, pick, strict=True) if one == who and month in job.months]
            whole = any(job.days is None for job in here) and len(here) > 1
            if whole or sum(job.days or 0 for job in here) > 20 or len({job.mission for job in here}) < len(here):
                break
        else:
            return True
    return False


def test_people_share_days_as_trying_everybody_says():
    """For random jobs of days and whole months the answer is that of all ways to give them out; both occur."""
    rng = np.random.default_rng(7)
    answers = []
    for _ in range(300):
        heads, count = int(rng.integers(1, 4)), int(rng.integers(1, 6))
        jobs = []
        for _ in range(count):
            first = int(rng.integers(0, 3))
            days = [None, 5, 7, 9, 12, 20, 21][int(rng.integers(7))]
            jobs.append(Job(f"m{rng.integers(4)}", range(first, first + int(rng.integers(1, 3))), days))
        answers.append(packs(jobs, heads=heads, working_days=20))
        assert answers[-1] == _shared(jobs, heads)
    assert set(answers) == {True, False}


@pytest.mark.parametrize(("heads", "months", "least"), [(3, 12, 40), (6, 24, 130), (40, 36, 1_200)])
def test_a_large_post_is_checked_in_seconds(heads, months, least):
    """Calendars filled by hand, one person after the other, are found to fit again, however many there are."""
    rng = np.random.default_rng(2)
    jobs = []
    for _ in range(heads):
        left, misses = [20] * months, 0
        while misses < 12:
            first, days = int(rng.integers(0, months)), int(rng.choice([4, 5, 6, 7, 8, 9, 11]))
            span = range(first, min(months, first + int(rng.integers(1, 4))))
            if all(left[month] >= days for month in span):
                left = [left[month] - days * (month in span) for month in range(months)]
                jobs.append(Job(f"m{len(jobs)}", span, days))
            else:
                misses += 1
    began = time.monotonic()

    assert len(jobs) >= least
    assert packs(jobs, heads=heads, working_days=20)
    assert time.monotonic() - began < 10


def test_a_desk_of_one_month_with_missions_under_way_is_no_mere_selection():
    """What began before counts for no window of this month: a selection without months cannot stand for the desk."""
    desk = oracle.small_desk(3, [])
    desk = structs.replace(desk, info=structs.replace(desk.info, months=1), staff_needs=())
    under_way = tuple(
        structs.replace(row, status="executing", start="2026-12", mode="small") if row.id == "m0" else row
        for row in desk.missions
    )
    longer = tuple(structs.replace(row, months=3) if row.mission == "m0" else row for row in desk.modes)

    assert selection_of(plan_data(desk)).exact
    assert not selection_of(plan_data(structs.replace(desk, missions=under_way, modes=longer))).exact


@pytest.mark.parametrize(
    "features", [["synergy", "spill"], ["nested", "synergy"], ["best", "spill"], ["minimum", "long"]]
)
def test_values_beside_a_plan_are_those_of_each_plan(features):
    """Worked out at once, the value with each further mission is that of the plan with it, synergies and all."""
    for seed in range(6):
        data = plan_data(oracle.small_desk(seed, features), relations=oracle.relations())
        for held in ([], [0], [0, 1], [1, 2]):
            slots = [int(data.slots_by_mission[number][0]) for number in held]
            others = np.concatenate([own for number, own in enumerate(data.slots_by_mission) if number not in held])
            expected = [value_of(data, [*slots, int(other)]) for other in others]
            assert values_beside(data, slots, others) == pytest.approx(expected, abs=1e-12)
