"""Frontiers of desks against brute force over all plans, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from tiny_desks import every_plan, tiny

from legation.cohesion.result import Chosen
from legation.errors import InfeasibleError, InputError
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.frontier import choose, frontier
from legation.planning.frontier.aims import aims_of
from legation.planning.frontier.escalation import escalation_of
from legation.planning.frontier.words import knee_of
from legation.planning.generate import DeskShape, generate_desk
from legation.planning.value import value_of
from legation.service.questions import read_desk

TINY = DeskShape(missions=5, months=6, positions=4, objectives=3, money=0.6, rules=0.4, long_share=0.3)


def is_aid(data, slot):
    """Say whether a slot's mission is humanitarian: it counts in value alone."""
    return data.missions[data.slot_mission[slot]].purpose == "humanitarian"


def shown(data, slots, names):
    """Work out the aims of a set of slots by hand."""
    chosen = np.array(slots, int)
    ways = {
        "value": lambda: value_of(data, slots),
        "cost": lambda: float(sum(data.cost(slot).sum() for slot in slots if not is_aid(data, slot))),
        "risk": lambda: float(
            sum(data.options.risk[data.slots.option[slot]] for slot in slots if not is_aid(data, slot))
        ),
        "escalation": lambda: escalation_of(data).of(data, chosen),
    }
    return np.array([ways[name]() for name in names])


def best_of(table):
    """Keep the rows that none beats, value being more is better and all others less."""
    turned = table * np.where(np.arange(table.shape[1]) == 0, 1, -1)
    keep = [not np.any(np.all(turned >= row - 1e-7, axis=1) & np.any(turned > row + 1e-5, axis=1)) for row in turned]
    return np.unique(np.round(table[keep], 5), axis=0)


@pytest.mark.parametrize("seed", [1, 2, 4])
@pytest.mark.parametrize("aims", [("value", "cost"), ("value", "cost", "risk")])
def test_every_plan_that_none_beats_is_found(seed, aims):
    """On tiny desks the points are those of trying every plan, and each point's plan keeps all rules."""
    desk, relations = tiny(TINY, seed=seed)
    data, plans = every_plan(desk, relations)

    found = frontier(desk, aims=aims, relations=relations, seconds=60)

    expected = best_of(np.array([shown(data, slots, aims) for slots in plans]))
    got = np.array([[row.value for row in point.aims] for point in found.points])
    assert found.method == "every"
    assert found.complete
    assert np.allclose(np.unique(np.round(got, 5), axis=0), expected, atol=2e-5)
    for point in found.points:
        assert broken_rules(desk, point.missions) == ()
        slots = [data.slots.index[data.options.index[c.mission, c.mode], c.start] for c in point.missions]
        assert np.allclose(shown(data, slots, aims), [row.value for row in point.aims], atol=1e-5)


def test_steps_miss_nothing_by_a_step():
    """With a number of parts every plan has a point less than a step behind it in every aim."""
    desk, relations = tiny(TINY, seed=4)
    aims = ("value", "cost", "escalation")
    data, plans = every_plan(desk, relations)

    found = frontier(desk, aims=aims, relations=relations, points=3, seconds=60)

    steps = np.array([aim.step for aim in found.aims])
    signs = np.array([1.0, -1.0, -1.0])
    got = signs * np.array([[row.value for row in point.aims] for point in found.points])
    assert found.complete
    for slots in plans:
        row = signs * shown(data, slots, aims)
        assert np.any(np.all(got >= row - steps - 1e-5, axis=1))


def test_disruption_is_measured_against_a_kept_plan():
    """With disruption the kept plan itself stands at 0, and more change buys value."""
    desk, relations = tiny(TINY, seed=2)
    cheap = frontier(desk, relations=relations, seconds=30).points[-1].missions

    found = frontier(desk, aims=("value", "disruption"), relations=relations, against=cheap, seconds=30)

    assert [aim.name for aim in found.aims] == ["value", "disruption"]
    least = min(found.points, key=lambda point: point.aims[1].value)
    assert least.aims[1].value == pytest.approx(0.0, abs=1e-6)
    assert {c.mission for c in least.missions} == {c.mission for c in cheap}
    values = [point.aims[0].value for point in found.points]
    changes = [point.aims[1].value for point in found.points]
    assert values == sorted(values, reverse=True)
    assert changes == sorted(changes, reverse=True)


SMALL = Path(__file__).resolve().parents[3] / "examples" / "small"


@pytest.mark.parametrize("aims", [("value", "cost"), ("value", "risk"), ("value", "escalation")])
def test_aid_is_never_dropped_to_look_better(aims):
    """Ring-fenced money is no saving: the relief mission of the example stands in every point, and costs it nothing."""
    desk = read_desk(SMALL)
    data = plan_data(desk)
    dear = aims_of(data, ("value", "cost"), disruption=None)

    found = frontier(desk, aims=aims, seconds=30)

    assert found.complete
    assert next(row for row in found.missions if row.mission == "ukr-medical").place == "core"
    assert any(row.topic == "humanitarian" and "'Humanitarian relief'" in row.words for row in found.assumptions)
    own = np.array([is_aid(data, slot) for slot in dear.model.slots])
    assert own.any()
    assert not dear.table[1, : len(own)][own].any()


def test_new_aid_is_no_disruption():
    """Against a plan without aid, every point does it: leaving it out would be no less disruption."""
    desk = read_desk(SMALL)
    kept = tuple(row for row in frontier(desk, seconds=30).points[0].missions if row.mission != "ukr-medical")

    found = frontier(desk, aims=("value", "disruption"), against=kept, seconds=30)

    assert all(any(row.mission == "ukr-medical" for row in point.missions) for point in found.points)
    assert found.points[-1].aims[1].value == pytest.approx(0.0, abs=1e-6)


def test_missions_are_sorted_by_the_points_that_hold_them():
    """A mission in all points is core, one in none is none, and the counts are those of the points."""
    desk, relations = tiny(TINY, seed=1)

    found = frontier(desk, relations=relations, seconds=30)

    for row in found.missions:
        count = sum(any(c.mission == row.mission for c in point.missions) for point in found.points)
        assert row.points == count
        assert (row.place == "core") == (count == len(found.points))
        assert (row.place == "none") == (count == 0)


def test_the_knee_stands_out_above_the_chord():
    """The knee is the point farthest above the line between the ends; a straight frontier has none."""
    bent = np.array([[10.0, 0.0], [9.0, 6.0], [5.0, 8.0], [0.0, 10.0]])
    straight = np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 2.0]])

    assert knee_of(bent) == (1, pytest.approx(0.5))
    assert knee_of(straight)[0] is None
    assert knee_of(bent[:2])[0] is None


def test_too_little_time_is_said():
    """A search without time gives no answer that looks like one."""
    desk = generate_desk(DeskShape(missions=150, months=12, positions=8), seed=1)

    with pytest.raises(InfeasibleError, match="within the time"):
        frontier(desk, aims=("value", "cost", "risk"), seconds=1e-6)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"aims": ("value", "glory")}, "'glory' is no aim"),
        ({"aims": ("value", "value")}, "stands twice"),
        ({"aims": ("value",)}, "1 aims"),
        ({"aims": ("cost", "risk")}, "Value is not among"),
        ({"aims": ("value", "cost", "risk", "escalation", "disruption")}, "5 aims"),
        ({"aims": ("value", "disruption")}, "measured against a plan"),
        ({"against": (Chosen(mission="m", mode="x", start=0),)}, "disruption is not among"),
        ({"points": 0}, "0 parts"),
        ({"steps": {"risk": 1.0}}, "step of 1.0 for 'risk'"),
        ({"steps": {"cost": float("nan")}}, "step of nan"),
        ({"gap": -0.1}, "gap of -0.1"),
        ({"seconds": float("inf")}, "inf seconds"),
    ],
)
def test_what_cannot_be_used_is_refused(given, words):
    """Unknown, double, too few and too many aims, and settings out of range are refused with the rule."""
    desk, relations = tiny(TINY, seed=1)

    with pytest.raises(InputError, match=words):
        frontier(desk, relations=relations, **given)


@pytest.mark.parametrize("seed", [2, 4])
def test_the_way_of_large_desks_keeps_its_promise(seed, monkeypatch):
    """Taken as large, a desk's plans are searched for: nothing is better by a step and the gap, and rules hold."""
    monkeypatch.setattr(choose, "_SMALL", 0)
    desk, relations = tiny(TINY, seed=seed)
    aims = ("value", "cost", "risk")
    data, plans = every_plan(desk, relations)

    found = frontier(desk, aims=aims, relations=relations, points=3, gap=0.002, seconds=60)

    signs = np.array([1.0, -1.0, -1.0])
    steps = np.array([aim.step for aim in found.aims])
    got = signs * np.array([[row.value for row in point.aims] for point in found.points])
    best = np.array([aim.best for aim in found.aims])
    assert found.complete
    assert found.method == "steps"
    for point in found.points:
        assert broken_rules(desk, point.missions) == ()
    for slots in plans:
        row = signs * shown(data, slots, aims)
        slack = steps + 1e-5
        slack[0] += 0.004 * abs(row[0])
        assert np.any(np.all(got >= row - slack, axis=1))
        assert np.all(row <= signs * best + 1e-5)
