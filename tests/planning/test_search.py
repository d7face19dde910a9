"""The search's own promises: limits, starts, restrictions, and the way for large desks held against brute force."""

import threading
import time

import msgspec
import numpy as np
import pytest
import small_desks as oracle

from legation.desk import constraints
from legation.errors import InfeasibleError
from legation.planning import calendar, solve
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.engines.base import Halt, Request, safe_bound
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.planning.memory import used_megabytes
from legation.planning.model.build import build_model
from legation.planning.model.extend import Extension
from legation.planning.model.names import NameBlock, RowName, RowNames
from legation.planning.neighbourhood import KINDS, Neighbourhoods
from legation.planning.restriction import restrict
from legation.planning.solve import search
from legation.planning.value import value_of

SHAPE = DeskShape(missions=40, months=12, positions=8, objectives=6)


@pytest.fixture(scope="module")
def data():
    """Give a desk of some size with relations."""
    desk = generate_desk(SHAPE, seed=5)
    return plan_data(desk, relations=generate_relations(desk, seed=5))


@pytest.fixture(scope="module")
def best(data):
    """Give its best plan, proven."""
    return search(data, Highs(), gap=1e-6, seconds=60, seed=1)


# -- parts against the whole


@pytest.mark.parametrize("seed", range(20))
def test_the_way_for_large_desks_finds_what_brute_force_finds(seed, monkeypatch):
    """With every step taken that only large desks take, value and bound agree with all plans tried one by one."""
    monkeypatch.setattr(solve, "_SMALL", 0)
    rng = np.random.default_rng(4000 + seed)
    features = [name for name in oracle.FEATURES if rng.random() < 0.4]

    oracle.check_against_oracle(
        oracle.small_desk(seed, features), oracle.relations() if {"spill", "spill_cap"} & set(features) else None
    )


def test_parts_alone_prove_a_gap(data, best, monkeypatch):
    """Where nothing is drawn and idle rounds have no limit, parts of the plan prove the gap asked for."""
    monkeypatch.setattr(solve, "_SMALL", 0)
    monkeypatch.setattr(calendar, "_MOST_COLUMNS", 0)
    monkeypatch.setattr(solve, "_LARGE", 0)

    found = search(data, Highs(), gap=0.05, seconds=60, seed=2)

    assert best.value * 0.95 <= found.value <= best.value + 1e-9
    assert found.bound >= best.value - 1e-9
    assert found.ended == "gap"


def test_a_restriction_has_the_value_of_the_whole_within_its_bounds(data, best):
    """Fixing columns and writing what is left small changes neither the best value nor what is possible."""
    problem = best.model.problem
    near = Neighbourhoods(data, best.model, rng=np.random.default_rng(3))
    near.set_prices(best.duals)
    for kind in KINDS:
        free = near.draw(best.x, kind=kind, size=6)
        lower, upper = near.bounds(best.x, free, open_slots=np.ones(len(best.model.slots), bool))
        small = restrict(problem, lower=lower, upper=upper)
        part = Highs().solve(small.problem, Request(seconds=20))
        whole = Highs().solve(problem, Request(seconds=20, lower=lower, upper=upper))
        x = small.whole(part.x)

        assert len(small.columns) < len(problem.cost)
        assert part.value + small.offset == pytest.approx(whole.value, abs=1e-6)
        assert problem.cost @ x == pytest.approx(whole.value, abs=1e-6)
        assert np.all(problem.matrix @ x <= problem.row_upper + 1e-5)
        assert np.all(problem.matrix @ x >= problem.row_lower - 1e-5)


def test_fixed_columns_that_break_a_row_leave_no_restriction(data, best):
    """Two slots of one mission at once break its row, and the restriction says so."""
    own = np.flatnonzero(best.model.slots == best.slots[0])
    twin = np.flatnonzero(data.slot_mission[best.model.slots] == data.slot_mission[best.slots[0]])[:2]
    lower, upper = best.model.problem.lower.copy(), best.model.problem.upper.copy()
    lower[twin] = upper[twin] = 1.0

    assert len(own) == 1
    assert restrict(best.model.problem, lower=lower, upper=upper) is None


def test_prices_shut_out_no_better_plan(data, best):
    """Fixing by reduced cost keeps the best plan's slots when any worse value is known."""
    near = Neighbourhoods(data, best.model, rng=np.random.default_rng(1))
    near.set_prices(best.duals)
    bound = safe_bound(best.model.problem, best.duals)
    chosen = best.x[: len(best.model.slots)] > 0.5
    for worse in (0.0, 0.001, 0.01):
        assert np.all(near.may_improve(best.value - worse, bound)[chosen])
    assert not np.all(near.may_improve(best.value, bound))


# -- limits


@pytest.mark.parametrize("seconds", [0.2, 1.0])
def test_a_short_limit_is_kept(seconds):
    """A desk that takes long answers within about a second of its limit, with rules kept and a bound that holds."""
    desk = generate_desk(DeskShape(missions=250, months=24, positions=20, objectives=8), seed=3)
    long = plan_data(desk)
    began = time.process_time()

    found = search(long, Highs(), gap=0, seconds=seconds, seed=1)

    assert time.process_time() - began < seconds + 2.5
    assert found.ended in {"seconds", "gap"}
    assert found.bound >= found.value
    assert found.value > 0
    assert np.isfinite(found.bound)


def test_a_stop_before_the_first_plan_gives_a_plan(data):
    """Somebody who stops at once gets a plan that keeps the duties, marked as stopped."""
    event = threading.Event()
    event.set()

    found = search(data, Highs(), gap=0, seconds=30, seed=1, halt=Halt(event))

    assert found.stopped
    assert found.ended == "stopped"
    assert {row.mission for row in data.requirements} <= set(data.slot_mission[found.slots].tolist())
    assert found.bound >= found.value


def test_memory_is_limited(data):
    """A limit below what the process already holds ends the search at once with its plan and says why."""
    found = search(data, Highs(), gap=0, seconds=30, seed=1, memory=used_megabytes() / 2)

    assert found.ended == "memory"
    assert found.seconds < 10
    assert found.bound >= found.value


def test_enough_memory_changes_nothing(data, best):
    """A limit that is never reached leaves the search as it is."""
    found = search(data, Highs(), gap=1e-6, seconds=60, seed=1, memory=1e6)

    assert found.slots.tolist() == best.slots.tolist()
    assert found.ended == "gap"


def test_a_seed_gives_the_same_steps(data, monkeypatch):
    """Two searches of one seed pass through the same values and bounds."""
    monkeypatch.setattr(solve, "_SMALL", 0)
    runs = [search(data, Highs(), gap=0.02, seconds=60, seed=7) for _ in range(2)]

    first, second = ([(step.value, step.bound) for step in run.trace] for run in runs)
    assert [pair for pair in first if pair[0]] == [pair for pair in second if pair[0]]
    assert runs[0].slots.tolist() == runs[1].slots.tolist()


# -- starting from a plan


def test_a_plan_that_keeps_the_rules_is_started_from_whole(data, best):
    """The best plan as a start is there at once and stays."""
    found = search(data, Highs(), gap=1e-6, seconds=60, seed=3, start=best.slots.tolist())

    values = [step.value for step in found.trace if step.value is not None]
    assert found.kept.whole
    assert found.kept.dropped == found.kept.moved == found.kept.added == ()
    assert values[0] == pytest.approx(best.value, abs=1e-9)


def test_a_plan_of_barred_slots_is_mended(best):
    """After a ban the plan's other missions are started from, and the report names what had to move or leave."""
    desk = generate_desk(SHAPE, seed=5)
    begun = best.model.slots
    plain = plan_data(desk, relations=generate_relations(desk, seed=5))
    hit = plain.missions[int(plain.slot_mission[best.slots[0]])]
    ban = constraints.Ban(
        id="shut", reason="closed", start=desk_day(desk, 0), end=desk_day(desk, 11), partners=hit.partners
    )
    closed = msgspec.structs.replace(desk, bans=(*desk.bans, ban))
    data = plan_data(closed, relations=generate_relations(desk, seed=5))

    found = search(data, Highs(), gap=0.01, seconds=60, seed=1, start=best.slots.tolist())

    before = set(plain.slot_mission[best.slots].tolist())
    gone = set(found.kept.moved) | set(found.kept.dropped)
    assert len(begun) > 0
    assert not found.kept.whole
    assert set(found.kept.barred) <= gone
    assert set(found.kept.kept) | gone == before
    assert len(found.kept.kept) > len(before) / 2
    assert found.gap <= 0.01


def desk_day(desk, month):
    """Give the first day of a month of the plan."""
    from legation.desk.months import first_day, month_text

    return first_day(month_text(month, start=desk.info.start))


def test_a_plan_that_breaks_a_rule_is_mended(data):
    """A start with every mission at once is cut down to a plan that keeps the rules."""
    own = [slots[data.open[slots]] for slots in data.slots_by_mission]
    start = [int(slots[0]) for slots in own if len(slots)]

    found = search(data, Highs(), gap=0.05, seconds=60, seed=1, start=start)

    assert not found.kept.whole
    assert found.kept.dropped
    assert set(found.kept.added) <= set(range(len(data.missions)))
    assert found.value == pytest.approx(value_of(data, found.slots.tolist()))


def test_a_start_keeps_its_report_where_nothing_of_it_can_stay(data):
    """A start of barred slots alone is dropped whole, and the search goes on as without it."""
    barred = np.flatnonzero(~data.open)[:1].tolist()

    found = search(data, Highs(), gap=0.05, seconds=60, seed=1, start=barred)

    assert found.kept.barred == tuple(data.slot_mission[barred].tolist())
    assert found.value > 0


# -- models


def test_an_extended_model_closes_what_it_closes(data, best):
    """Columns that an extension shuts stay shut in every part and in the start."""
    extension = Extension(best.model)
    shut = best.model.column_of()[int(best.slots[0])]
    extension.own_upper[shut] = 0.0

    found = search(data, Highs(), gap=0.01, seconds=60, seed=1, model=extension.model(), start=best.slots.tolist())

    assert int(best.slots[0]) not in found.slots.tolist()
    assert not found.kept.whole
    assert found.value <= best.value + 1e-9


def test_names_of_blocks_are_made_when_asked():
    """A block counts its rows, names each, and stands beside single names, forwards, backwards and in slices."""
    names = RowNames()
    names.add(RowName("budget", "a"))
    names.add(NameBlock("position", 3, lambda n: RowName("position", "p", n)))
    joined = names.joined(RowNames([RowName("goal", "g")]))

    assert len(joined) == 5
    assert joined[2] == RowName("position", "p", 1)
    assert joined[-1] == RowName("goal", "g")
    assert joined[1:3] == (RowName("position", "p", 0), RowName("position", "p", 1))
    assert joined.of_kinds({"position", "goal"}).tolist() == [False, True, True, True, True]
    assert list(joined) == [joined[n] for n in range(5)]
    with pytest.raises(IndexError):
        joined[5]


def test_every_row_of_a_model_has_a_name(best):
    """Names and rows are equal in number, and the missions' rows name each mission once."""
    rows = best.model.rows

    assert len(rows) == best.model.problem.matrix.shape[0]
    names = [row.record for row in rows if row.kind == "mission"]
    assert len(names) == len(set(names)) > 0
    assert np.array_equal(rows.of_kinds({"mission"}), [row.kind == "mission" for row in rows])


def test_what_cannot_be_done_in_time_is_an_error():
    """A desk whose duties clash in a way only the solver sees is refused, never answered with a broken plan."""
    desk = generate_desk(DeskShape(missions=20, months=6, positions=3, objectives=3, rules=0), seed=1)
    must = tuple(msgspec.structs.replace(mission, must_do=True) for mission in desk.missions)
    everything = plan_data(msgspec.structs.replace(desk, missions=must))

    try:
        found = search(everything, Highs(), gap=0, seconds=5, seed=1)
    except InfeasibleError:
        found = None

    assert found is None


def test_the_plan_found_keeps_every_rule(data, best):
    """The checker of records finds no broken rule in what parts of the plan led to."""
    from legation.cohesion.result import Chosen
    from legation.planning.staff import read_staff

    staff = read_staff(data, best.model, best.x)
    entries = [
        Chosen(
            mission=data.missions[data.slot_mission[slot]].id,
            mode=data.modes[data.slots.option[slot]].id,
            start=int(data.slots.start[slot]),
            staff=tuple(f"{role}:{position}" for role, position in staff[slot]),
        )
        for slot in best.slots.tolist()
    ]

    assert broken_rules(data.desk, entries) == ()
    assert len(build_model(data).rows) == len(best.model.rows)
