"""Generated desks: their shape is what was asked for, they have no faults, and impossible shapes are refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.desk.rules import check_desk
from legation.errors import InputError
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.planning.generate import DeskShape, generate_desk, generate_relations

SHAPES = st.builds(
    DeskShape,
    missions=st.integers(6, 25),
    months=st.integers(6, 30),
    positions=st.integers(1, 12),
    objectives=st.integers(3, 9),
    money=st.floats(0.01, 2),
    long_share=st.floats(0, 1),
    rules=st.floats(0, 3),
    countries=st.none() | st.integers(3, 48),
    programmes=st.integers(2, 6),
    tightness=st.floats(0.1, 10),
    details=st.just(0.0) | st.floats(0, 3),
    spill_caps=st.integers(0, 5),
)


@settings(max_examples=15, deadline=None)
@given(shape=SHAPES, seed=st.integers(0, 2**40))
def test_any_shape_in_range_makes_a_desk_without_errors(shape, seed):
    """Whatever the shape, the desk has the numbers asked for and no error by the desk's own rules."""
    desk = generate_desk(shape, seed=seed)

    assert len(desk.missions) == shape.missions
    assert len(desk.positions) == shape.positions
    above = {row.parent for row in desk.objectives}
    assert sum(row.id not in above for row in desk.objectives) == shape.objectives
    assert desk.info.months == shape.months
    assert len(desk.budgets) == shape.programmes
    assert len({partner for mission in desk.missions for partner in mission.partners}) <= shape.partners
    assert [fault for fault in check_desk(desk) if fault.severity == "error"] == []
    assert desk == generate_desk(shape, seed=seed)
    assert generate_relations(desk, seed=seed).observer == desk.info.observer


def test_pairs_are_as_many_as_asked_for_and_all_different():
    """Prerequisites, exclusions and synergies have the number given, and no pair twice."""
    desk = generate_desk(DeskShape(missions=30, prerequisites=25, exclusions=30, synergies=40), seed=2)

    assert len({(row.mission, row.requires) for row in desk.prerequisites}) == 25
    assert len({row.missions for row in desk.exclusions}) == 30
    assert len({row.missions for row in desk.synergies}) == 40


def test_none_of_a_rule_leaves_it_out():
    """A number of 0 leaves a rule out, while others stay as usual."""
    desk = generate_desk(DeskShape(missions=50, prerequisites=0), seed=2)

    assert desk.prerequisites == ()
    assert len(desk.exclusions) > 0


def test_money_is_the_share_asked_for():
    """A year's money is the share of what all missions cost, and tightness divides it."""
    year = DeskShape(missions=60, money_per_year=0.2, rules=0, long_share=0)
    tight = DeskShape(missions=60, money_per_year=0.2, rules=0, long_share=0, tightness=4.0)
    desk, scarce = generate_desk(year, seed=3), generate_desk(tight, seed=3)
    cost = sum(float(row.amount) for row in desk.costs if row.mode == "standard")
    money = sum(float(row.amount) for row in desk.allotments)

    assert money == pytest.approx(0.4 * cost, rel=0.01)
    assert sum(float(row.amount) for row in scarce.allotments) == pytest.approx(money / 4, rel=0.01)


def test_long_missions_are_the_share_asked_for():
    """Without long missions every mode takes one month; with all of them some take six."""
    short = generate_desk(DeskShape(missions=60, long_share=0.0), seed=1)
    long = generate_desk(DeskShape(missions=60, long_share=1.0), seed=1)

    assert {mode.months for mode in short.modes} == {1}
    assert max(mode.months for mode in long.modes) == 6


@pytest.mark.parametrize("programmes", range(2, 7))
def test_every_budget_but_the_first_pays_for_its_purposes_alone(programmes):
    """Each mission is paid by a budget that exists, and humanitarian money goes to humanitarian missions."""
    desk = generate_desk(DeskShape(missions=80, programmes=programmes), seed=5)
    purpose = {mission.id: mission.purpose for mission in desk.missions}
    aid = {row.mission for row in desk.costs if row.budget == "aid"}

    assert {row.budget for row in desk.costs} <= {budget.id for budget in desk.budgets}
    assert {purpose[mission] for mission in aid} <= {"humanitarian"}
    assert aid


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("missions", 100_001), ("months", 121), ("positions", 0), ("objectives", 2),
        ("money", 0.0), ("money", float("nan")), ("money_per_year", 3.0), ("long_share", 1.5), ("rules", -1.0),
        ("countries", 2), ("countries", 49), ("programmes", 1), ("programmes", 7), ("tightness", 0.0),
        ("tightness", float("inf")), ("prerequisites", -1), ("synergies", 4951),
        ("details", -0.1), ("details", 3.1), ("details", float("nan")), ("spill_caps", -1), ("spill_caps", 49),
    ],
)  # fmt: skip
def test_shapes_out_of_range_are_refused(field, value):
    """A number out of its range is refused with its name, before anything is made."""
    with pytest.raises(InputError, match=field):
        DeskShape(**{field: value})


def test_pairs_that_only_humanitarian_missions_would_have_are_refused():
    """Pairs are counted among missions that may stand in them."""
    with pytest.raises(InputError, match="not humanitarian"):
        generate_desk(DeskShape(missions=30, synergies=435), seed=1)


def test_a_negative_seed_is_refused():
    """Seeds are whole numbers from 0 on."""
    with pytest.raises(InputError, match="seed"):
        generate_desk(DeskShape(), seed=-1)


def test_details_leave_everything_else_as_it_was():
    """Finer rules come from numbers of their own: who, what, when and for how much stays as without them."""
    bare = generate_desk(DeskShape(missions=60), seed=4)
    fine = generate_desk(DeskShape(missions=60, details=3, spill_caps=2), seed=4)

    for kind in ("modes", "effects", "windows", "absences", "allotments", "prerequisites", "exclusions", "synergies"):
        assert getattr(bare, kind) == getattr(fine, kind)
    assert [(row.id, row.partners, row.place) for row in bare.missions] == [
        (row.id, row.partners, row.place) for row in fine.missions
    ]
    assert [(row.mission, row.amount) for row in bare.costs] == [(row.mission, row.amount) for row in fine.costs]
    for kind in ("leads", "travel_times", "risk_caps", "spill_caps"):
        assert getattr(bare, kind) == ()
    assert len(fine.spill_caps) == 2


def test_details_bring_every_finer_rule():
    """Over a few desks each of the finer rules occurs, and needs by the day stay below a fifth of the missions."""
    desks = [generate_desk(DeskShape(missions=200, details=3), seed=seed) for seed in range(4)]

    assert {row.combine for desk in desks for row in desk.objectives} == {"sum", "min", "max"}
    assert any(not row.travels for desk in desks for row in desk.positions)
    assert any(row.ceiling_year for desk in desks for row in desk.authorities)
    assert any(cap.place for desk in desks for cap in desk.risk_caps)
    assert any(cap.partner for desk in desks for cap in desk.risk_caps)
    for desk in desks:
        by_days = {need.mission for need in desk.staff_needs if need.days is not None}
        shared = {cost.mission for cost in desk.costs if cost.covers == "whole"}
        assert 0 < len(by_days) < len(desk.missions) / 5
        assert desk.travel_times
        assert shared == {lead.mission for lead in desk.leads} != set()
        assert check_desk(desk) == ()


@pytest.mark.parametrize("seed", range(6))
def test_a_desk_with_every_finer_rule_can_be_planned(seed):
    """A plan is found, and an independent check of every rule finds none broken."""
    desk = generate_desk(
        DeskShape(missions=24, months=12, positions=8, objectives=7, details=3, spill_caps=3), seed=seed
    )
    relations = generate_relations(desk, seed=seed)
    found = plan(desk, relations=relations, seconds=5, compare=False)

    assert found.missions
    assert broken_rules(desk, found.to_selection(), relations=relations) == ()


def test_caps_on_spill_over_need_relations():
    """A desk with caps on spill-over is not planned without relations, and the message names a cap."""
    desk = generate_desk(DeskShape(missions=12, months=9, positions=6, spill_caps=1), seed=1)

    with pytest.raises(InputError, match=desk.spill_caps[0].id):
        plan(desk, seconds=5)
