"""Schedules against brute force: value, bound and every rule, on small problems drawn at random."""

from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest

from legation.errors import EngineError, InputError
from legation.planning.engines.base import Halt
from legation.planning.engines.cpsat import Verdict
from legation.planning.schedule import improve as lists
from legation.planning.schedule import solve as module
from legation.planning.schedule.bounds import path_bound, set_bound, work_bound
from legation.planning.schedule.check import violations
from legation.planning.schedule.generation import Stage, order_of, serial
from legation.planning.schedule.plain import plain_of
from legation.planning.schedule.problem import Group, Mode, Person, Precedence, Problem, Resource, Task, Travel
from legation.planning.schedule.result import Placed
from legation.planning.schedule.solve import schedule


def crews(problem, mode):
    """Give every way to fill a mode's places, of which people of one kind are tried once."""
    places = [skill for skill, count in mode.skills for _ in range(count)]
    able = {person.id: person.skills for person in problem.people}
    for own in combinations(able, len(places)):
        for order in set(permutations(places)):
            if all(skill in able[name] for name, skill in zip(own, order, strict=True)):
                yield tuple(zip(own, order, strict=True))


def brute_force(problem, horizon):
    """Give the shortest makespan within a horizon by trying everything, or None."""
    best = None
    tasks = problem.tasks

    def extend(number, placed):
        nonlocal best
        end = max((row.end for row in placed), default=0)
        if best is not None and end >= best:
            return
        if number == len(tasks):
            if not violations(problem, placed):
                best = end
            return
        task = tasks[number]
        if task.optional:
            extend(number + 1, placed)
        for mode in task.modes:
            for start in range(horizon - mode.duration + 1):
                for people in crews(problem, mode):
                    row = Placed(task=task.id, mode=mode.id, start=start, end=start + mode.duration, people=people)
                    extend(number + 1, [*placed, row])

    extend(0, [])
    return best


def order(rng, count):
    """Draw lags between tasks of a rising number."""
    return tuple(
        Precedence(before=str(a), after=str(b), lag=int(rng.integers(0, 2)))
        for a, b in combinations(range(count), 2)
        if rng.random() < 0.25
    )


def one_mode(rng):
    """Draw an RCPSP of four tasks."""
    tasks = tuple(
        Task(
            id=str(number),
            modes=(Mode(id="m", duration=int(rng.integers(0, 4)), uses=(("R", int(rng.integers(0, 4))),)),),
        )
        for number in range(4)
    )
    return Problem(tasks=tasks, resources=(Resource(id="R", capacity=4),), precedences=order(rng, 4)), 12


def several_modes(rng):
    """Draw a multi-mode problem of three tasks, tight in what is used up."""

    def mode(name):
        uses = (("R", int(rng.integers(1, 4))), ("N", int(rng.integers(0, 4))))
        return Mode(id=name, duration=int(rng.integers(1, 4)), uses=uses)

    tasks = tuple(Task(id=str(number), modes=(mode("a"), mode("b"))) for number in range(3))
    stock = Resource(id="N", capacity=int(rng.integers(1, 7)), renewable=False)
    return Problem(tasks=tasks, resources=(Resource(id="R", capacity=3), stock), precedences=order(rng, 3)), 9


def skilled(rng):
    """Draw a multi-skill problem of three tasks and three people."""
    people = tuple(Person(id=f"p{n}", skills=tuple(s for s in "xy" if rng.random() < 0.7)) for n in range(3))
    tasks = tuple(
        Task(
            id=str(number),
            modes=(
                Mode(
                    id="m",
                    duration=int(rng.integers(1, 4)),
                    skills=tuple((s, int(rng.integers(1, 3))) for s in "xy" if rng.random() < 0.6),
                ),
            ),
        )
        for number in range(3)
    )
    return Problem(tasks=tasks, people=people, precedences=order(rng, 3)), 11


def with_everything(rng):
    """Draw a problem with calendars, choices, absences, travel and money that comes in over time."""
    people = (
        Person(id="p0", skills=("x",), away=((int(rng.integers(0, 3)), int(rng.integers(3, 6))),)),
        Person(id="p1", skills=("x", "y")),
    )
    tasks = tuple(
        Task(
            id=str(number),
            place=str(rng.choice(["A", "B"])),
            optional=number == 0,
            release=int(rng.integers(0, 2)),
            due=None if rng.random() < 0.7 else 9,
            modes=(
                Mode(
                    id="m",
                    duration=int(rng.integers(1, 3)),
                    uses=(("money", int(rng.integers(0, 4))), ("room", 1)),
                    skills=(("x" if rng.random() < 0.6 else "y", 1),),
                    starts=None if rng.random() < 0.6 else tuple(sorted({int(n) for n in rng.integers(0, 8, 4)})),
                ),
            ),
        )
        for number in range(3)
    )
    money = Resource(id="money", capacity=2, changes=((3, 5), (6, 8)), renewable=False)
    room = Resource(id="room", capacity=2, changes=((2, 1), (5, 2)))
    problem = Problem(
        tasks=tasks,
        people=people,
        resources=(money, room),
        precedences=order(rng, 3),
        groups=(Group(id="g", tasks=("0", "1", "2"), least=int(rng.integers(1, 4)), most=3),),
        travels=(Travel(origin="A", destination="B", periods=2), Travel(origin="B", destination="A", periods=1)),
    )
    return problem, 12


@pytest.mark.parametrize("draw", [one_mode, several_modes, skilled, with_everything])
@pytest.mark.parametrize("seed", range(6))
def test_the_shortest_schedule_is_found_and_proven(draw, seed):
    """Makespan, bound and feasibility equal those of trying everything, and no rule is broken."""
    problem, horizon = draw(np.random.default_rng(seed))
    expected = brute_force(problem, horizon)

    found = schedule(problem, seconds=30)

    if expected is None:
        assert found.status == "infeasible"
        assert found.placed == ()
    else:
        assert (found.status, found.makespan, found.bound) == ("optimal", expected, expected)
        assert violations(problem, found.placed) == ()


@pytest.mark.parametrize("draw", [one_mode, several_modes, skilled])
def test_bounds_without_search_are_never_too_high(draw):
    """Path, work and sets of tasks stay at or below the shortest makespan."""
    for seed in range(20, 26):
        problem, horizon = draw(np.random.default_rng(seed))
        view, expected = plain_of(problem), brute_force(problem, horizon)
        if view is None or expected is None:
            continue
        bounds = (path_bound(view.plain), work_bound(view.plain), set_bound(view.plain))

        assert max(bounds) <= expected


def hard_problem(count=14, seed=5):
    """Draw a problem that takes lists and CP-SAT a moment."""
    rng = np.random.default_rng(seed)
    tasks = tuple(
        Task(
            id=str(n),
            modes=(
                Mode(
                    id="m",
                    duration=int(rng.integers(1, 9)),
                    uses=tuple((f"R{k}", int(rng.integers(1, 7))) for k in range(3)),
                ),
            ),
        )
        for n in range(count)
    )
    resources = tuple(Resource(id=f"R{k}", capacity=10) for k in range(3))
    return Problem(tasks=tasks, resources=resources, precedences=order(rng, count))


def test_the_same_seed_gives_the_same_schedule():
    """With one worker and the optimum reached, two runs place every task alike."""
    problem = hard_problem()

    first, second = (schedule(problem, seconds=60, seed=3) for _ in range(2))

    assert first.status == second.status == "optimal"
    assert first.placed == second.placed


def test_two_workers_prove_the_same_makespan():
    """Searching and proving at once ends at the makespan that one worker proves."""
    problem = hard_problem(seed=8)

    assert schedule(problem, seconds=60, workers=2).makespan == schedule(problem, seconds=60).makespan


def test_the_trace_only_improves():
    """Makespans fall, bounds rise, and they never cross."""
    found = schedule(hard_problem(seed=6), seconds=60)
    spans = [point.makespan for point in found.trace if point.makespan is not None]
    bounds = [point.bound for point in found.trace]

    assert spans == sorted(spans, reverse=True)
    assert bounds == sorted(bounds)
    assert bounds[-1] <= spans[-1]


def test_a_halted_search_gives_what_it_has():
    """A stop flag that is set from the start still gives a schedule or says that none is known, and claims nothing."""
    halt = Halt()
    halt.set()

    found = schedule(hard_problem(count=30), seconds=60, halt=halt)

    assert found.seconds < 20
    assert found.status in {"feasible", "optimal", "unknown"}
    assert found.makespan is None or found.bound <= found.makespan


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_gives_the_best_so_far(workers):
    """Ctrl-C while lists run ends the search with a schedule that keeps the rules."""

    def interrupt(makespan, _bound):
        if makespan is not None:
            raise KeyboardInterrupt

    problem = hard_problem(count=30)

    found = schedule(problem, seconds=60, workers=workers, progress=interrupt)

    assert found.seconds < 30
    assert found.makespan is not None
    assert violations(problem, found.placed) == ()


def test_a_given_schedule_is_the_start():
    """A start that keeps the rules is never made worse; one that breaks a rule is refused with it."""
    problem = hard_problem()
    known = schedule(problem, seconds=60)
    wrong = [Placed(task=row.task, mode=row.mode, start=0, end=row.end - row.start) for row in known.placed]

    again = schedule(problem, seconds=60, start=known.placed)

    assert again.makespan == known.makespan
    with pytest.raises(InputError, match="breaks a rule"):
        schedule(problem, start=wrong)


def test_an_impossible_demand_is_infeasible():
    """A task that needs more than there is gives no schedule and no made-up one."""
    mode = Mode(id="m", duration=2, uses=(("R", 5),))
    problem = Problem(tasks=(Task(id="a", modes=(mode,)),), resources=(Resource(id="R", capacity=4),))

    found = schedule(problem, seconds=10)

    assert (found.status, found.makespan, found.placed) == ("infeasible", None, ())


def test_limits_that_make_no_sense_are_refused():
    """No time or five workers are refused by value and remedy."""
    problem = hard_problem()
    for limits in ({"seconds": 0}, {"workers": 5}):
        with pytest.raises(InputError, match="not possible"):
            schedule(problem, **limits)


def test_every_mode_choice_is_tried():
    """All modes of two tasks against their best by hand: the slow mode wins where it lets both run at once."""
    fast, slow = Mode(id="fast", duration=3, uses=(("R", 2),)), Mode(id="slow", duration=4, uses=(("R", 1),))
    tasks = tuple(Task(id=name, modes=(fast, slow)) for name in "ab")
    problem = Problem(tasks=tasks, resources=(Resource(id="R", capacity=2),))

    found = schedule(problem, seconds=10)

    assert found.makespan == 4
    assert {row.mode for row in found.placed} == {"slow"}


def test_a_bound_above_a_checked_schedule_is_a_defect(monkeypatch):
    """A bound that a schedule found contradicts is raised as an error, never cut down to fit."""
    problem = hard_problem()
    best = schedule(problem, seconds=60).makespan
    monkeypatch.setattr(module, "set_bound", lambda _: best + 1)

    with pytest.raises(EngineError, match=rf"bound .*{best + 1}"):
        schedule(problem, seconds=30)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_schedule_below_a_claimed_bound_is_a_defect(workers, monkeypatch):
    """A bound that is claimed before any schedule is known is contradicted by the first one found."""
    monkeypatch.setattr(module, "work_bound", lambda plain: int(plain.duration.sum()) + 1)

    with pytest.raises(EngineError, match="below the bound"):
        schedule(hard_problem(), seconds=30, workers=workers)


def started(problem):
    """Give a run that knows nothing yet."""
    return module._Run(problem, problem, view=None, seed=1, until=float("inf"), halt=Halt(), progress=None)


def test_a_wrong_infeasible_is_a_defect():
    """CP-SAT saying that nothing exists, although a checked schedule was given, ends in an error."""
    problem, _ = with_everything(np.random.default_rng(0))
    known = schedule(problem, seconds=30)
    run = started(problem)
    run.take(known.placed, "given")

    run.refute("CP-SAT")

    assert run.over
    with pytest.raises(EngineError, match="No schedule is said to exist"):
        module._result(run, seed=1)


def test_a_schedule_that_breaks_a_rule_is_never_kept():
    """What comes from a search is checked when it comes in, and ends the search with the rule it breaks."""
    problem = hard_problem()
    run = started(problem)
    run.take([Placed(task=task.id, mode="m", start=0, end=task.modes[0].duration) for task in problem.tasks], "test")

    assert run.best is None
    with pytest.raises(EngineError, match="breaks a rule"):
        module._result(run, seed=1)


@pytest.mark.parametrize("draw", [one_mode, several_modes, skilled, with_everything])
def test_nothing_is_proven_with_presolve(draw, monkeypatch):
    """Where CP-SAT with presolve calls everything impossible, neither a bound nor "infeasible" follows from it."""
    honest = module.solve_cp

    def wrong(model, search):
        verdict = honest(model, search)
        return Verdict("infeasible", None, 10**6, (), verdict.seconds) if search.presolve else verdict

    monkeypatch.setattr(module, "solve_cp", wrong)
    for seed in range(3):
        problem, horizon = draw(np.random.default_rng(seed))
        expected = brute_force(problem, horizon)
        found = schedule(problem, seconds=20)

        assert (found.makespan, found.status) == (expected, "infeasible" if expected is None else "optimal")


def test_long_tasks_are_placed_as_short_ones():
    """Tasks too long for one look at the free cells start where the same problem with short ones starts them."""
    view = plain_of(hard_problem(count=30))
    long = replace(
        view.plain, duration=view.plain.duration * 40, lags=tuple((a, b, 40 * c) for a, b, c in view.plain.lags)
    )
    keys = np.sort(np.random.default_rng(4).random((16, 30)), axis=1)
    modes = np.zeros((16, 30), np.int64)

    short_starts, _ = serial(Stage(view.plain), order_of(keys), modes)
    long_starts, _ = serial(Stage(long), order_of(keys), modes)

    assert long.longest > 64 >= view.plain.longest
    assert (long_starts == 40 * short_starts).all()


def test_a_search_begins_anew_with_more_lists(monkeypatch):
    """Where nothing gets shorter the lists are drawn anew, twice as many up to a limit, and what was found stays."""
    sizes = []
    scheduled = lists._Search.scheduled

    def spy(self, keys, modes, *, choose):
        sizes.append(len(keys))
        return scheduled(self, keys, modes, choose=choose)

    monkeypatch.setattr(lists._Search, "scheduled", spy)
    monkeypatch.setattr(lists, "_PATIENCE", 3)
    monkeypatch.setattr(lists, "_MOST", 32)
    view = plain_of(hard_problem(count=8))

    offers = []
    found = lists.improve(
        view.plain, seconds=60, seed=1, generations=40, size=8, accept=lambda one: offers.append(one) or one.makespan
    )

    assert sorted(set(sizes)) == [8, 16, 32]
    assert sizes == sorted(sizes)
    assert found.makespan == min(one.makespan for one in offers) == offers[-1].makespan


@pytest.mark.parametrize(
    ("tasks", "bound", "in_reach"), [(40, 1, True), (41, 1, False), (41, 95, True), (41, 93, False)]
)
def test_a_proof_is_in_reach_of_small_problems_and_small_gaps(tasks, bound, in_reach):
    """Up to 40 tasks the gap does not matter; above, it decides who uses the second worker."""
    mode = Mode(id="m", duration=1, uses=(("R", 1),))
    own = Problem(
        tasks=tuple(Task(id=str(n), modes=(mode,)) for n in range(tasks)), resources=(Resource(id="R", capacity=1),)
    )
    run = started(own)

    assert not module._in_reach(run)
    run.makespan, run.bound = 100, bound

    assert module._in_reach(run) is in_reach
