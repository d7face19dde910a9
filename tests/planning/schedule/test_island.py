"""A second search in a process of its own: what it finds, what it takes in, and how it ends."""

import importlib.util
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from legation.errors import EngineError
from legation.planning.schedule import island as module
from legation.planning.schedule.bounds import path_bound, work_bound
from legation.planning.schedule.check import violations
from legation.planning.schedule.improve import Found, improve
from legation.planning.schedule.island import Island, Task
from legation.planning.schedule.plain import plain_of
from legation.planning.schedule.problem import Mode, Precedence, Problem
from legation.planning.schedule.problem import Resource as Room
from legation.planning.schedule.problem import Task as Work
from legation.planning.schedule.solve import schedule

REPO = Path(__file__).parents[3]


def drawn(**recipe):
    """Draw a problem with the benchmarks' generator."""
    spec = importlib.util.spec_from_file_location("scheduling_generate", REPO / "benchmarks" / "scheduling_generate.py")
    generator = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = generator
    spec.loader.exec_module(generator)
    seed = recipe.pop("seed", 1)
    return generator.draw(generator.Recipe(**recipe), seed=seed)


def task_of(view, *, seconds=20.0, below=None):
    """Tell a process to look for anything at all."""
    return Task(view.plain, seconds=seconds, seed=1, target=0, below=below, size=24)


def test_a_process_finds_schedules_that_stand_the_check():
    """Each schedule that comes back is shorter than the one before and breaks no rule."""
    problem = drawn(tasks=30)
    view = plain_of(problem)
    came, enough = [], threading.Event()

    def found(one):
        came.append(one)
        enough.set()

    with Island(task_of(view), found) as island:
        assert enough.wait(30)
    lengths = [one.makespan for one in came]

    assert not island.alive
    assert lengths == sorted(set(lengths), reverse=True)
    assert all(violations(problem, view.placed(one)) == () for one in came)


def test_a_process_offers_nothing_longer_than_it_was_told():
    """With a bound on the makespan that nothing can be below, nothing comes back."""
    view = plain_of(drawn(tasks=20))
    came = []

    with Island(task_of(view, seconds=1.0, below=max(path_bound(view.plain), work_bound(view.plain))), came.append):
        pass

    assert came == []


def test_schedules_from_elsewhere_join_the_search():
    """A schedule that arrives is not offered back, and only shorter ones are."""
    view = plain_of(drawn(tasks=40, strength=0.1))
    best = improve(view.plain, seconds=60, seed=3, generations=60, size=48)

    def offers(waiting):
        made = []

        def accept(found):
            made.append(found.makespan)
            return found.makespan

        def arrivals():
            return [waiting.pop()] if waiting else []

        improve(view.plain, seconds=60, seed=4, generations=12, size=8, accept=accept, arrivals=arrivals)
        return made[1:]  # the first offer comes before anything can arrive

    assert max(offers([])) >= best.makespan
    assert all(offer < best.makespan for offer in offers([best]))


def test_a_process_that_fails_is_told_of(monkeypatch):
    """A process that ends with a code of its own gives an error that names it."""
    monkeypatch.setattr(module, "_PROGRAM", "raise SystemExit(7)")
    view = plain_of(drawn(tasks=10))

    failed = Island(task_of(view), print)
    failed._process.wait(30)
    failed.tell(Found(np.zeros(10, np.int64), np.zeros(10, np.int64), 1, 1))

    with pytest.raises(EngineError, match="code 7"):
        failed.close()


def test_an_island_that_hangs_is_ended(monkeypatch):
    """A process that does not heed the end of its input is killed."""
    monkeypatch.setattr(module, "_PROGRAM", "import time; time.sleep(600)")
    monkeypatch.setattr(module, "_WAIT", 0.2)
    view = plain_of(drawn(tasks=10))

    with Island(task_of(view), print) as island:
        assert island.alive
    assert not island.alive


def test_a_search_out_of_reach_of_a_proof_leaves_no_process(monkeypatch):
    """With two workers and a wide gap the process helps, and is gone when the schedule is returned."""
    seen = []
    start = subprocess.Popen

    def popen(*args, **options):
        process = start(*args, **options)
        seen.append(process)
        return process

    monkeypatch.setattr(module.subprocess, "Popen", popen)
    problem = drawn(tasks=60, strength=0.1, factor=0.5, complexity=1.5, seed=2)

    found = schedule(problem, seconds=8, workers=2)

    assert violations(problem, found.placed) == ()
    assert found.status == "feasible"
    assert found.bound < found.makespan
    assert len(seen) == 1
    assert seen[0].poll() == 0


def test_generated_problems_repeat_and_follow_their_recipe():
    """The same seed gives the same problem; a higher strength never gives a lower capacity; stocks can be kept to."""
    weak, strong = (drawn(tasks=20, strength=share, seed=9) for share in (0.1, 0.9))

    assert drawn(tasks=20, strength=0.1, seed=9) == weak
    assert all(a.capacity <= b.capacity for a, b in zip(weak.resources, strong.resources, strict=True))
    assert plain_of(drawn(tasks=12, modes=3, stocks=2, resources=2, strength=0.0)) is not None


def test_wide_networks_keep_to_three_on_either_side():
    """Each task has at most three before and after it, and only the first three have none before."""
    arcs = {(int(row.before), int(row.after)) for row in drawn(tasks=30, complexity=2.1, wide=True).precedences}

    assert all(first < then for first, then in arcs)
    assert len(arcs) == pytest.approx(2.1 * 30, abs=3)
    for side in (0, 1):
        assert all(sum(arc[side] == task for arc in arcs) <= 3 for task in range(30))
    assert {task for task in range(30) if all(task != then for _, then in arcs)} == {0, 1, 2}


def test_a_chain_needs_no_second_search():
    """Where the path is the makespan the answer comes without a process."""
    tasks = tuple(Work(id=str(n), modes=(Mode(id="m", duration=2, uses=(("R", 1),)),)) for n in range(5))
    order = tuple(Precedence(before=str(n), after=str(n + 1)) for n in range(4))
    problem = Problem(tasks=tasks, resources=(Room(id="R", capacity=1),), precedences=order)

    found = schedule(problem, seconds=5, workers=2)

    assert (found.status, found.makespan) == ("optimal", 10)
