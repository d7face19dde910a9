"""Modes and resources left out, the relaxation over modes, and the rows of work, against brute force on small cases."""

import importlib.util
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from legation.planning.engines.cpsat import Search, solve_cp
from legation.planning.schedule.check import violations
from legation.planning.schedule.model import build, read
from legation.planning.schedule.modes import reduced
from legation.planning.schedule.modes_bound import mode_outline
from legation.planning.schedule.modes_work import order_between, spans
from legation.planning.schedule.plain import plain_of
from legation.planning.schedule.problem import Mode, Precedence, Problem, Resource, Task
from legation.planning.schedule.result import Placed
from legation.planning.schedule.solve import schedule

HORIZON = 9
GENERATOR = Path(__file__).parents[3] / "benchmarks" / "scheduling_generate_modes.py"


@pytest.fixture(scope="module")
def generator():
    """Load the benchmarks' generator, which is not installed."""
    spec = importlib.util.spec_from_file_location("scheduling_generate_modes", GENERATOR)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def drawn(seed, *, count=4, optional=False):
    """Draw tasks with two or three modes, tight in two capacities and a stock, some with calendars."""
    rng = np.random.default_rng(seed)

    def mode(name):
        uses = tuple((key, int(rng.integers(0, 4))) for key in ("R", "S", "N"))
        starts = tuple(range(int(rng.integers(0, 3)), HORIZON)) if rng.random() < 0.15 else None
        return Mode(id=name, duration=int(rng.integers(0, 4)), uses=uses, starts=starts if optional else None)

    tasks = tuple(
        Task(
            id=str(number),
            modes=tuple(mode(name) for name in "abc"[: int(rng.integers(1, 4))]),
            optional=optional and rng.random() < 0.2,
        )
        for number in range(count)
    )
    changes = ((int(rng.integers(1, 4)), int(rng.integers(1, 4))),) if optional else ()
    resources = (
        Resource(id="R", capacity=3, changes=changes),
        Resource(id="S", capacity=int(rng.integers(2, 13))),
        Resource(id="N", capacity=int(rng.integers(1, 10)), renewable=False),
    )
    links = tuple(
        Precedence(before=str(a), after=str(b), lag=int(rng.integers(-1 if optional else 0, 2)))
        for a in range(count)
        for b in range(a + 1, count)
        if rng.random() < 0.4
    )
    return Problem(tasks=tasks, resources=resources, precedences=links)


def shortest(problem, horizon=HORIZON):
    """Give the shortest makespan by trying every mode and start in order, or None."""
    tasks = [next(task for task in problem.tasks if task.id == name) for name in problem.order]
    lags = [(row.before, row.after, row.lag) for row in problem.precedences]
    best = None

    def extend(number, rows):
        nonlocal best
        end = max((row.end for row in rows.values()), default=0)
        if best is not None and end >= best:
            return
        if number == len(tasks):
            if not violations(problem, tuple(rows.values())):
                best = end
            return
        task = tasks[number]
        if task.optional:
            extend(number + 1, rows)
        needs = [(before, lag) for before, after, lag in lags if after == task.id]
        if any(before not in rows for before, _ in needs):
            return
        first = max((rows[before].end + lag for before, lag in needs), default=0)
        for mode in task.modes:
            for start in range(max(0, first), horizon - mode.duration + 1):
                row = Placed(task=task.id, mode=mode.id, start=start, end=start + mode.duration)
                extend(number + 1, {**rows, task.id: row})

    extend(0, {})
    return best


@pytest.mark.parametrize(("seed", "optional"), list(product(range(15), (False, True))))
def test_leaving_out_modes_and_resources_keeps_the_shortest_makespan(seed, optional):
    """The smaller problem has the same optimum, and its schedules are schedules of the problem itself."""
    problem = drawn(seed, count=3, optional=optional)
    smaller = reduced(problem)

    assert shortest(smaller) == shortest(problem)
    assert reduced(smaller) is smaller
    for task, own in zip(problem.tasks, smaller.tasks, strict=True):
        assert {mode.id for mode in own.modes} <= {mode.id for mode in task.modes}


def test_a_mode_no_better_in_anything_is_left_out():
    """A mode that is neither shorter nor cheaper goes, the first of two equal ones stays."""
    modes = (
        Mode(id="good", duration=2, uses=(("R", 1),)),
        Mode(id="same", duration=2, uses=(("R", 1),)),
        Mode(id="long", duration=3, uses=(("R", 1),)),
        Mode(id="wide", duration=2, uses=(("R", 2),)),
        Mode(id="lean", duration=4),
    )
    other = Task(id="2", modes=(Mode(id="m", duration=1, uses=(("R", 2),)),))
    problem = Problem(tasks=(Task(id="1", modes=modes), other), resources=(Resource(id="R", capacity=2),))

    assert [mode.id for mode in reduced(problem).tasks[0].modes] == ["good", "lean"]


def test_a_removal_makes_room_for_another():
    """Without the mode that cannot be paid for, the stock suffices for all, and then the slower mode is useless."""
    quick = Mode(id="quick", duration=1, uses=(("N", 2),))
    slow = Mode(id="slow", duration=2)
    dear = Mode(id="dear", duration=1, uses=(("N", 9),))
    problem = Problem(
        tasks=(Task(id="1", modes=(quick, slow, dear)), Task(id="2", modes=(quick, slow))),
        resources=(Resource(id="N", capacity=4, renewable=False),),
    )

    smaller = reduced(problem)

    assert smaller.resources == ()
    assert [[mode.id for mode in task.modes] for task in smaller.tasks] == [["quick"], ["quick"]]


def test_a_task_without_a_possible_mode_keeps_them_all():
    """What is impossible is for the search to say, with the modes as they were given."""
    mode = Mode(id="m", duration=1, uses=(("R", 3),))
    problem = Problem(tasks=(Task(id="1", modes=(mode,)),), resources=(Resource(id="R", capacity=2),))

    assert reduced(problem) is problem
    assert schedule(problem, seconds=5).status == "infeasible"


@pytest.mark.parametrize("seed", range(25))
def test_the_relaxation_over_modes_is_never_too_high(seed):
    """Its bound is at most the optimum, its schedule breaks no rule, and it says "infeasible" only where that is so."""
    problem = drawn(100 + seed)
    view, best = plain_of(problem), shortest(problem)
    if view is None:
        return

    outline = mode_outline(view.plain, Search(seconds=20))

    if outline.infeasible:
        assert best is None
        return
    assert outline.found is not None
    assert best is None or outline.bound <= best <= outline.found.makespan
    if outline.found.makespan <= HORIZON:
        assert violations(problem, view.placed(outline.found)) == ()


def test_the_relaxation_sees_order_stocks_and_work_together():
    """Two tasks in a row that can pay for one quick mode, beside work for the only hand there is."""
    quick, slow = Mode(id="quick", duration=1, uses=(("N", 1),)), Mode(id="slow", duration=4)
    hand = Mode(id="hand", duration=3, uses=(("R", 1),))
    chain = (Task(id="1", modes=(quick, slow)), Task(id="2", modes=(quick, slow)))
    middle = tuple(Task(id=name, modes=(hand,)) for name in "abc")
    links = (
        Precedence(before="1", after="2"),
        *(row for name in "abc" for row in (Precedence(before="1", after=name), Precedence(before=name, after="2"))),
    )
    resources = (Resource(id="R", capacity=1), Resource(id="N", capacity=1, renewable=False))
    view = plain_of(Problem(tasks=(*chain, *middle), resources=resources, precedences=links))

    outline = mode_outline(view.plain, Search(seconds=20))

    assert (outline.bound, outline.found.makespan) == (14, 14)


@pytest.mark.parametrize(("seed", "optional"), list(product(range(12), (False, True))))
def test_the_model_with_rows_of_work_has_the_same_optimum(seed, optional):
    """With several modes, calendars and tasks that may be left out, CP-SAT finds what trying everything finds."""
    problem = drawn(200 + seed, optional=optional)
    best = shortest(problem)
    form = build(problem, horizon=HORIZON)

    verdict = solve_cp(form.model, Search(seconds=20, presolve=False))

    assert (None if verdict.status == "infeasible" else verdict.value) == best
    if best is not None:
        assert violations(problem, read(form, verdict)) == ()


def test_spans_hold_what_lies_between():
    """Tasks before one, after one and between two, through others as well."""
    order = order_between(6, [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4), (4, 5)])

    found = {(span.before, span.after): span.tasks for span in spans(order)}

    assert found[None, 4] == (0, 1, 2, 3)
    assert found[0, None] == (1, 2, 3, 4, 5)
    assert found[0, 4] == (1, 2, 3)
    assert found[0, 5] == (1, 2, 3, 4)
    assert (1, 5) not in found


def test_spans_stay_within_their_limit():
    """Where there are too many, those between two tasks go first, then all of them."""
    order = order_between(8, [(at, at + 1) for at in range(7)])
    whole, outer = spans(order), [span for span in spans(order) if None in {span.before, span.after}]
    members = sum(len(span.tasks) for span in whole)

    assert spans(order, most=members) == whole
    assert spans(order, most=members - 1) == outer
    assert spans(order, most=1) == []


def test_drawn_problems_keep_their_recipe(generator):
    """The same seed draws the same tasks; order, amounts and capacities lie where the recipe puts them."""
    recipe = generator.ModesRecipe(
        order=0.75, factor=0.5, strength=0.5, stock_factor=1.0, stock_strength=0.25, tasks=20
    )

    problem = generator.draw_modes(recipe, seed=7)

    assert problem == generator.draw_modes(recipe, seed=7)
    assert problem != generator.draw_modes(recipe, seed=8)
    number = {task.id: at for at, task in enumerate(problem.tasks)}
    order = order_between(20, [(number[row.before], number[row.after]) for row in problem.precedences])
    assert 0.75 <= order.sum() / 190 < 0.85
    modes = [mode for task in problem.tasks for mode in task.modes]
    assert all(sorted(name[0] for name, _ in mode.uses) == ["N", "N", "R"] for mode in modes)
    for item in problem.resources[2:]:
        amounts = [[dict(mode.uses)[item.id] for mode in task.modes] for task in problem.tasks]
        least, most = sum(map(min, amounts)), sum(map(max, amounts))
        assert item.capacity == least + round((most - least) / 4)


def test_the_grid_of_recipes_is_complete(generator):
    """Every mix of the six parameters is there once."""
    rows = generator.grid()

    assert len({recipe for recipe, _ in rows}) == len({seed for _, seed in rows}) == 108
