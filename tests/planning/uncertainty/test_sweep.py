"""Sweeps: the same results here, in processes and on Ray; failures reported; files from outside not trusted."""

import operator
import os
import socket
import threading
import time
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import FormatError, InfeasibleError, InputError, LegationError, UnknownRecordError
from legation.planning.data import plan_data
from legation.planning.engines.base import Halt
from legation.planning.engines.highs import Highs
from legation.planning.solve import search
from legation.planning.uncertainty import executors
from legation.planning.uncertainty.changes import Case, apply_case
from legation.planning.uncertainty.executors import Lost, memory_for, run_tasks
from legation.planning.uncertainty.steady import Steady
from legation.planning.uncertainty.sweep import sweep
from legation.planning.uncertainty.sweepfile import parse_cases, parse_sweep

TEXT = """
draws = 40
gap = 0.0
seconds = 20
[grid]
money = [0.5, 1.0]
effects = ["low", "likely"]
[[cases]]
id = "no-fin"
title = "Finland refuses"
refuses = ["FIN"]
[[cases]]
id = "wrong"
out = ["nobody"]
"""


def _run(desk, relations, **how):
    plan = parse_sweep(TEXT)
    return sweep(
        desk, plan.every_case(), relations=relations, gap=plan.gap, seconds=plan.seconds, draws=plan.draws, **how
    )


def test_processes_give_what_one_process_gives(make_desk, relations):
    """Every figure is the same, bit for bit, whoever plans the cases, and in the order given."""
    desk = make_desk(1, spill=True)
    alone = _run(desk, relations)
    both = _run(desk, relations, executor="processes", workers=2)

    assert alone == both
    assert [row.case for row in alone.cases[:2]] == ["no-fin", "wrong"]


@pytest.mark.slow
def test_ray_gives_what_one_process_gives(make_desk, relations):
    """On a real local Ray every figure is the same too, and Ray is gone afterwards."""
    ray = pytest.importorskip("ray")
    desk = make_desk(1, spill=True)

    assert _run(desk, relations) == _run(desk, relations, executor="ray", workers=1)
    assert not ray.is_initialized()


def test_order_changes_nothing_but_the_order(make_desk, relations):
    """Cases planned the other way round give the same outcomes."""
    desk, cases = make_desk(1), parse_sweep(TEXT).every_case()
    forth = sweep(desk, cases, relations=relations, draws=10)
    back = sweep(desk, cases[::-1], relations=relations, draws=10)

    assert forth.cases == back.cases[::-1]


def test_a_case_is_planned_as_its_desk(make_desk):
    """A case's value is that of a search on the changed desk."""
    desk = make_desk(3)
    case = Case(id="poor", money={"*": 0.5}, out=("m2",))
    found = sweep(desk, (case,), gap=0.0)
    alone = search(plan_data(apply_case(desk, case)), Highs(), gap=0.0, seconds=10, seed=1)

    assert found.cases[0].value == alone.value
    assert found.cases[0].complete
    assert "m2" not in {entry.mission for entry in found.cases[0].entries}


def test_a_case_that_fails_is_reported_beside_the_others(make_desk):
    """Unknown records and impossible cases are outcomes with their reason; the others are planned."""
    desk = make_desk(1)
    found = sweep(desk, parse_sweep(TEXT).every_case())
    wrong = next(row for row in found.cases if row.case == "wrong")

    assert found.failed == 1
    assert found.not_run == 0
    assert "nobody" in wrong.error
    assert "m0" in wrong.remedy
    assert all(row.value is not None for row in found.cases if row.case != "wrong")
    assert any("1 has no plan" in words for words in found.words)


def test_an_impossible_case_names_the_conflict(make_desk):
    """A case in which a mission that must be done cannot be paid says so."""
    from msgspec import structs

    desk = make_desk(1)
    must = structs.replace(desk, missions=(structs.replace(desk.missions[0], must_do=True), *desk.missions[1:]))
    found = sweep(must, (Case(id="nothing", money={"*": 0.0}),))

    assert issubclass(InfeasibleError, LegationError)
    assert found.cases[0].error
    assert "Mission 0" in found.cases[0].error + str(found.cases[0].remedy)


def test_a_stop_leaves_the_rest_unstarted(make_desk):
    """After a stop no case is started; those that were not are counted."""
    flag = threading.Event()
    cases = tuple(Case(id=f"c{n}") for n in range(4))
    found = sweep(make_desk(0), cases, halt=Halt(flag), done=lambda count: flag.set() if count == 2 else None)

    assert [row.case for row in found.cases] == ["c0", "c1"]
    assert found.not_run == 2


def test_a_task_whose_process_dies_is_reported():
    """A crash of a worker costs its own task alone, after a second try."""
    tasks = [partial(int, 7), partial(os._exit, 3), partial(int, 9)]
    results = run_tasks(operator.call, operator.call, tasks, executor="processes", workers=2)

    assert (results[0], results[2]) == (7, 9)
    assert isinstance(results[1], Lost)
    assert "twice" in results[1].reason


def test_errors_of_the_program_are_not_swallowed():
    """What is no refusal of the desk is raised here as in processes."""
    for executor in ("serial", "processes"):
        with pytest.raises(ZeroDivisionError):
            run_tasks(operator.truediv, 1, [0], executor=executor)


def test_executors_refuse_what_they_cannot_run(monkeypatch):
    """Unknown executors, workers out of range and a missing Ray are refused with what to do."""
    with pytest.raises(InputError, match="'cloud' runs no tasks"):
        run_tasks(operator.add, 1, [1], executor="cloud")
    with pytest.raises(InputError, match="0 workers"):
        run_tasks(operator.add, 1, [1], workers=0)
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(InputError, match=r"legation\[ray\]"):
        run_tasks(operator.add, 1, [1], executor="ray")


def test_workers_are_as_many_as_memory_holds(monkeypatch):
    """Where memory is short there are fewer workers, and always one."""
    monkeypatch.setattr(executors, "_free_memory", lambda: 2_000_000_000)

    assert memory_for(8, payload=0, per_task=150_000_000) == 4
    assert memory_for(8, payload=0, per_task=10**12) == 1
    monkeypatch.setattr(executors, "_free_memory", lambda: None)
    assert memory_for(8, payload=0, per_task=10**12) == 8


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "no cases"),
        ("cases = 3", "cases"),
        ("[[cases]]\nid = 'Big Id'", "id"),
        ("[[cases]]\nid = 'a'\n[[cases]]\nid='a'", "called 'a'"),
        ("[[cases]]\nid = 'a'\nmoney = {main = -1}", "money"),
        ("[[cases]]\nid = 'a'\nlevels = {FIN = 9}", "levels"),
        ("[[cases]]\nid = 'a'\neffects = 'great'", "effects"),
        ("[[cases]]\nid = 'a'\nrun = 'rm -rf'", "run"),
        ("seconds = 0\n[grid]", "seconds"),
        ("alpha = 2\n[grid]", "alpha"),
        ("[grid]\nmoney = []", "money"),
        ("[grid]\nseeds = [-1]", "seeds"),
        ("[grid]\nseeds = [1, 1]", "called"),
        ("[grid]\nmoney = [" + "1," * 1000 + "]\nseeds = [" + "1," * 1000 + "]", "1,000,000 cases"),
        ("draws = " + "9" * 5000 + "\n[grid]", "is no TOML"),
        ("x" * 2_000_001, "characters"),
        ("a = " + "[" * 5000, "TOML"),
        ("\x00", "TOML"),
    ],
)  # fmt: skip
def test_hostile_sweeps_are_refused(text, match):
    """A file that is no sweep, asks for nonsense or for too much is refused by name, never run."""
    with pytest.raises(FormatError, match=match):
        parse_sweep(text)


@pytest.mark.parametrize("address", ["nohost", "127.0.0.1:x", "127.0.0.1:0", "ray://127.0.0.1"])
def test_an_address_without_a_port_is_refused(address):
    """What cannot be an address of a cluster is refused at once."""
    with pytest.raises(InputError, match="names no port"):
        executors._refuse_silent(address)


def test_a_cluster_that_does_not_answer_is_refused_in_time(monkeypatch, capfd):
    """A closed port is refused by its reason, a silent one after the time for connecting; neither writes a log."""
    pytest.importorskip("ray")
    monkeypatch.setattr(executors, "_CONNECT", 3.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(InputError, match="within 3 seconds"):
            run_tasks(operator.add, 1, [1], executor="ray", address=f"127.0.0.1:{port}")
        assert time.monotonic() - began < 10
    with pytest.raises(InputError, match="refused"):
        executors._refuse_silent(f"127.0.0.1:{port}")
    assert capfd.readouterr() == ("", "")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    """No text makes the reader fail otherwise than with its own error."""
    for parse in (parse_sweep, parse_cases):
        with suppress(FormatError):
            assert parse(text)


def test_factors_that_are_no_numbers_are_refused(make_desk):
    """A factor of nan passes no limit and is refused before it reaches money."""
    with pytest.raises(FormatError, match="money"):
        parse_sweep("[[cases]]\nid='a'\nmoney={main=nan}")
    with pytest.raises(InputError, match="no number"):
        apply_case(make_desk(0), Case(id="a", money={"main": float("nan")}))


@pytest.mark.parametrize(
    ("case", "match"),
    [
        (Case(id="a", refuses=("DEU",)), "partner 'DEU'"),
        (Case(id="a", money={"other": 1.0}), "budget 'other'"),
        (Case(id="a", out=("m9",)), "mission 'm9'"),
    ],
)
def test_cases_name_what_the_desk_has(make_desk, case, match):
    """A case that names unknown partners, budgets or missions is refused with those there are."""
    with pytest.raises(UnknownRecordError, match=match):
        apply_case(make_desk(0), case)


def test_a_partner_cannot_do_both(make_desk):
    """A partner that both refuses and accepts is refused."""
    with pytest.raises(InputError, match="both refuses and accepts"):
        apply_case(make_desk(0), Case(id="a", refuses=("FIN",), accepts=("FIN",)))


def test_a_grid_names_each_combination():
    """A grid gives every combination once, titled by what it changes."""
    cases = parse_sweep('[grid]\nmoney = [0.9, 1]\nwillingness = ["low", "likely"]\nseeds = [1, 2]').every_case()

    assert len(cases) == 8
    assert cases[0].id == "money-0.9_willingness-low_seed-1"
    assert cases[-1] == Case(
        id="money-1_willingness-likely_seed-2", title="money 1, willingness likely, seed 2", seed=2
    )


class _Recorder:
    """HiGHS, with a note of what it was asked."""

    def __init__(self):
        self.inner, self.name, self.asked = Highs(), "HiGHS", []

    def version(self):
        return self.inner.version()

    def solve(self, problem, request):
        self.asked.append((problem.matrix.shape, request.relaxed, request.gap, request.nodes, request.progress))
        return self.inner.solve(problem, request)


def test_the_clock_does_not_steer_a_case():
    """With a short and a long limit a search asks its solver the same, and finds the same."""
    from legation.planning.generate import DeskShape, generate_desk

    data = plan_data(generate_desk(DeskShape(missions=25, months=8, positions=6, objectives=4), seed=2))
    runs = []
    for seconds in (40.0, 4000.0):
        recorder = _Recorder()
        engine = Steady(recorder, seconds=seconds)
        found = search(data, engine, gap=0.02, seconds=seconds, seed=1)
        runs.append((recorder.asked, found.slots.tolist(), found.value, found.bound, engine.cut))

    assert runs[0] == runs[1]
    assert len(runs[0][0]) > 1
    assert not runs[0][4]


def test_a_case_that_the_time_ends_is_marked(make_desk):
    """Where no time is left the case says that it may come out otherwise."""
    engine = Steady(Highs(), seconds=0.0)
    search(plan_data(make_desk(1)), engine, gap=0.0, seconds=5.0, seed=1)

    assert engine.cut
