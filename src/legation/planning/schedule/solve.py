"""Find the shortest schedule: lists from above, bounds and CP-SAT from below, until they meet or the time is over."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from legation.errors import EngineError, InputError
from legation.planning.engines.base import Halt
from legation.planning.engines.cpsat import Search, Verdict, solve_cp
from legation.planning.schedule.bounds import clash_cliques, path_bound, set_bound, work_bound
from legation.planning.schedule.check import violations
from legation.planning.schedule.crew_lists import CrewLists
from legation.planning.schedule.improve import Found, improve
from legation.planning.schedule.island import Island, Task
from legation.planning.schedule.model import Form, build, give_hint, read
from legation.planning.schedule.modes import reduced
from legation.planning.schedule.modes_bound import mode_outline
from legation.planning.schedule.plain import View, plain_of
from legation.planning.schedule.problem import Problem
from legation.planning.schedule.result import Placed, Schedule, ScheduleStatus, TracePoint
from legation.planning.schedule.staffing import staffed

__all__ = ["schedule"]

_SUBSOLVERS = ("no_lp", "default_lp")
"""CP-SAT's own searches for the proof, the most useful first: measured on RCPSP and MSPSP instances."""

_MODE_SUBSOLVERS = ("max_lp", "default_lp")
"""The same where tasks have several modes: the relaxation chooses among them by stocks and work."""

_MODE_OPTIONS = {"linearization_level": 2}
"""For one worker, which takes no search by name."""

_FIRST = 40
"""Generations of lists before anything is proven."""

_ALONE = 200
"""Generations of lists with one worker, a number so that the same seed takes the same steps."""

_FEW, _MANY = 96, 192
"""Lists kept before a proof is tried, and beside it: fewer are better at first, more go further."""

_SMALL = 40
"""Tasks without skills up to which a proof is in reach whatever the gap: generated ones of 40 were mostly proven."""

_IN_REACH = 0.06
"""Gap below which lists stop once they no longer help."""

_STALE = 4.0
"""They no longer help after so many times the seconds of the last better schedule."""

_STALE_MODES = 1.5
"""The same where tasks have several modes: CP-SAT then finds shorter schedules sooner than lists."""

_NOISE = (0.0, 0.5, 1.0)
"""How much chance weighs in who is taken, one schedule with people each."""

_STAFFING = 3.0
"""Seconds for finding people for one schedule."""

_PROOF_SHARE = 0.15
"""Share of the time for a proof that is out of reach, before its worker looks for shorter schedules as well."""

_FINDING = 0.5
"""Share of the time for finding schedules of a problem that lists do not suit, before anything is proven."""

_OUTLINE = 0.25
"""Share of the time for choosing modes without a schedule, before lists."""

_LOOK = 0.1
"""Seconds between looks at whether a search is over."""

_SETTLE = 8.0
"""Seconds a proof runs before a better schedule starts it anew with a shorter horizon."""


@dataclass
class _Run:
    """What is known so far; both threads write to it under the lock."""

    given: Problem
    problem: Problem
    view: View | None
    seed: int
    until: float
    halt: Halt
    progress: Callable[[int | None, int], None] | None
    begun: float = field(default_factory=time.monotonic)
    best: tuple[Placed, ...] | None = None
    makespan: int | None = None
    bound: int = 0
    improved: float = 0.0
    infeasible: bool = False
    fault: EngineError | None = None
    trace: list[TracePoint] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    settled: threading.Event = field(default_factory=threading.Event)

    @property
    def left(self) -> float:
        return max(0.0, self.until - time.monotonic())

    @property
    def over(self) -> bool:
        return self.settled.is_set() or self.halt.is_set() or self.left <= 0

    def take(self, placed: Sequence[Placed], source: str) -> None:
        """Keep a schedule if it is shorter and stands the check from the definition."""
        with self.lock:
            makespan = max((row.end for row in placed), default=0)
            if self.makespan is not None and makespan >= self.makespan:
                return
            broken = violations(self.given, placed)
            if broken:
                self._fail(f"A schedule found ({source}) breaks a rule: {broken[0].words}")
                return
            if makespan < self.bound:
                self._fail(f"A schedule found ({source}) ends at {makespan}, below the bound {self.bound}.")
            self.best, self.makespan = tuple(placed), makespan
            self.improved = time.monotonic() - self.begun
            self._tell(source)

    def raise_bound(self, bound: int, source: str) -> None:
        """Keep a bound if it is higher."""
        with self.lock:
            if bound <= self.bound:
                return
            if self.makespan is not None and bound > self.makespan:
                self._fail(f"A bound ({source}) is {bound}, above a schedule that ends at {self.makespan}.")
                return
            self.bound = bound
            self._tell(source)

    def refute(self, source: str) -> None:
        """Take it that no schedule exists."""
        with self.lock:
            if self.makespan is not None:
                self._fail(f"No schedule is said to exist ({source}), yet one ends at {self.makespan}.")
                return
            self.infeasible = True
            self.settled.set()

    def _fail(self, words: str) -> None:
        """End the search with a defect: what was claimed can't all be true. Bounds arrive in CP-SAT's own thread."""
        self.fault = self.fault or EngineError(words, remedy="Report the problem with what was to be scheduled.")
        self.settled.set()

    def _tell(self, source: str) -> None:
        if self.makespan is not None and self.bound >= self.makespan:
            self.settled.set()
        seconds = round(time.monotonic() - self.begun, 3)
        self.trace.append(TracePoint(seconds=seconds, makespan=self.makespan, bound=self.bound, source=source))
        if self.progress is not None:
            self.progress(self.makespan, self.bound)


def schedule(
    problem: Problem,
    *,
    seconds: float = 60.0,
    seed: int = 1,
    workers: int = 1,
    start: Sequence[Placed] = (),
    progress: Callable[[int | None, int], None] | None = None,
    halt: Halt | None = None,
) -> Schedule:
    """Find the schedule whose last task ends earliest.

    Parameters
    ----------
    problem
        What is to be scheduled.
    seconds
        Limit on time.
    seed
        With one worker and time enough for the proof, the same seed gives the same schedule.
    workers
        1, or 2 to look for better schedules and to prove at the same time.
    start
        A schedule to start from; refused when it breaks a rule.
    progress
        Told of makespan and bound as they improve.
    halt
        Ends the search with what is known when set; an interrupt from the keyboard does the same.

    Returns
    -------
    The best schedule with its proven bound. Every returned schedule has been checked from the definition.

    Raises
    ------
    InputError
        When a limit is out of range, or `start` breaks a rule.
    EngineError
        When a schedule found does not stand the check, or a bound and a schedule contradict each other.
    """
    if not seconds > 0 or workers not in {1, 2}:
        raise InputError(
            f"A search of {seconds} seconds with {workers} workers is not possible.",
            remedy="Give a positive number of seconds, and 1 or 2 workers.",
        )
    begun = time.monotonic()
    smaller = reduced(problem)
    run = _Run(problem, smaller, plain_of(smaller), seed, begun + seconds, halt or Halt(), progress, begun)
    if start:
        broken = violations(problem, start)
        if broken:
            raise InputError(
                f"The schedule to start from breaks a rule: {broken[0].words}", remedy="Mend it, or leave it out."
            )
        run.take(start, "given")
    try:
        if run.view is None:
            _general(run, workers=workers)
        else:
            _plain(run, run.view, workers=workers)
    except KeyboardInterrupt:
        run.halt.set()
    return _result(run, seed=seed)


def _result(run: _Run, *, seed: int) -> Schedule:
    if run.fault is not None:
        raise run.fault
    status: ScheduleStatus
    if run.makespan is None:
        status = "infeasible" if run.infeasible else "unknown"
    else:
        status = "optimal" if run.bound >= run.makespan else "feasible"
    return Schedule(
        status=status,
        makespan=run.makespan,
        bound=run.bound,
        placed=tuple(sorted(run.best or (), key=lambda row: (row.start, row.end, row.task))),
        trace=tuple(run.trace),
        seconds=round(time.monotonic() - run.begun, 3),
        seed=seed,
    )


def _general(run: _Run, *, workers: int) -> None:
    """Leave a problem with calendars, choices or travel to CP-SAT: schedules with presolve, then bounds without."""
    verdict, form = _asked(run, horizon=_top(run), workers=workers, seconds=_FINDING * run.left, presolve=True)
    if verdict.status in {"optimal", "feasible"}:
        run.take(read(form, verdict), "CP-SAT")
    while not run.over:
        top = _top(run)
        verdict, form = _asked(run, horizon=top, workers=workers, seconds=run.left, presolve=False)
        if verdict.status in {"optimal", "feasible"}:
            run.take(read(form, verdict), "CP-SAT")
        _learn(run, verdict, top)


def _asked(run: _Run, *, horizon: int, workers: int, seconds: float, presolve: bool) -> tuple[Verdict, Form]:
    form = build(run.problem, horizon=horizon, bound=run.bound)
    if run.best is not None:
        give_hint(form, run.best)
    search = _search(run, top=horizon, workers=workers, seconds=seconds)
    if presolve:
        search = replace(search, presolve=True, progress=None)
    return solve_cp(form.model, search), form


def _top(run: _Run) -> int:
    """Give the latest end that is of interest: before the best schedule's."""
    return run.problem.horizon if run.makespan is None else run.makespan - 1


def _learn(run: _Run, verdict: Verdict, top: int) -> None:
    """Keep what a search within a horizon proved; presolve has been wrong before, so only one without it counts."""
    if verdict.status == "infeasible" and top >= run.problem.horizon:
        run.refute("CP-SAT")
    elif verdict.status == "infeasible":
        run.raise_bound(top + 1, "CP-SAT")
    elif verdict.bound is not None:
        run.raise_bound(min(verdict.bound, top + 1), "CP-SAT")


def _search(run: _Run, *, top: int, workers: int, seconds: float, halt: Halt | None = None) -> Search:
    return Search(
        seconds=seconds,
        workers=workers,
        seed=run.seed,
        presolve=False,
        halt=halt or run.halt,
        progress=lambda _, bound: run.raise_bound(min(bound, top + 1), "CP-SAT") if bound is not None else None,
    )


def _plain(run: _Run, view: View, *, workers: int) -> None:
    run.raise_bound(max(path_bound(view.plain), work_bound(view.plain)), "path and work")

    crews = CrewLists(run.problem, rng=np.random.default_rng(run.seed)) if CrewLists.suits(run.problem) else None

    def offer(found: Found) -> int | None:
        placed = view.placed(found)
        if not run.problem.skills:
            run.take(placed, "lists")
            return run.makespan
        manned, _ = staffed(run.problem, placed, Search(seconds=_STAFFING, seed=run.seed, halt=run.halt))
        if manned is not None:
            run.take(manned, "lists")
        elif crews is not None:
            for noise in _NOISE:
                run.take(crews.schedule(placed, noise=noise), "lists with people")
        return run.makespan

    def idle() -> bool:
        """Say whether lists have stopped helping while a proof is in reach, so that its threads can have the cores."""
        if not _in_reach(run):
            return False
        stale = _STALE_MODES if _has_modes(run.problem) else _STALE
        return time.monotonic() - run.begun > stale * max(2.0, run.improved)

    arrived: queue.SimpleQueue[Found] = queue.SimpleQueue()
    islands: list[Island] = []

    def offer_and_tell(found: Found) -> int | None:
        known = offer(found)
        for island in islands:
            island.tell(found)
        return known

    def lists(generations: int | None, seed: int) -> None:
        improve(
            view.plain,
            seconds=run.left,
            seed=seed,
            target=run.bound,
            below=run.makespan,
            generations=generations,
            size=_FEW if generations is not None else _MANY,
            halt=lambda: run.over or (generations is None and idle()),
            accept=offer_and_tell,
            arrivals=lambda: [arrived.get() for _ in range(arrived.qsize())],
        )

    def second() -> None:
        """Use the second worker: for the proof as long as it may be in reach, then for lists in a process."""
        if near or run.problem.skills:
            _prove(run, view, workers=2 if near else 1)
            return
        _prove(run, view, workers=1, until=time.monotonic() + _PROOF_SHARE * run.left)
        if run.over:
            return

        def landed(found: Found) -> None:
            run.take(view.placed(found), "lists")
            arrived.put(found)

        task = Task(view.plain, seconds=run.left, seed=run.seed + 2, target=run.bound, below=run.makespan, size=_MANY)
        with Island(task, landed) as island:
            islands.append(island)
            while not run.over and island.alive:
                run.settled.wait(_LOOK)
            islands.clear()

    if _has_modes(run.problem):
        outline = mode_outline(
            view.plain, _search(run, top=run.problem.horizon, workers=1, seconds=_OUTLINE * run.left)
        )
        if outline.infeasible:
            run.refute("modes")
            return
        run.raise_bound(outline.bound, "modes")
        if outline.found is not None:
            offer(outline.found)
            arrived.put(outline.found)
    if run.over:
        return
    lists(_FIRST if workers == 2 else _ALONE, run.seed)
    if run.over:
        return
    run.raise_bound(set_bound(view.plain), "sets of tasks")
    if run.over:
        return
    if workers == 1:
        _prove(run, view, workers=1)
        return
    near = _in_reach(run) or _has_modes(run.problem)
    with ThreadPoolExecutor(max_workers=1) as pool:
        proof = pool.submit(second)
        try:
            lists(None, run.seed + 1)
        except BaseException:
            run.halt.set()
            raise
        finally:
            proof.result()


def _prove(run: _Run, view: View, *, workers: int, until: float = math.inf) -> None:
    """Ask CP-SAT for anything shorter than the best schedule, again with a shorter horizon whenever that gets better.

    People are left out at first: sets of skills limit what runs at once, and a proof without people holds with them.
    Where tasks have several modes, schedules are looked for with presolve before anything is proven without: as long
    as they become shorter, or the lists find shorter ones.
    """
    # CP-SAT finds pairs that one resource keeps apart by itself, and is slower when told; sets of skills are many
    pairs = clash_cliques(view.plain) if run.problem.skills else ()
    cliques = [[view.tasks[at].id for at in clique] for clique in pairs]
    people = False
    finding = _has_modes(run.problem)
    found_by = min(until, time.monotonic() + _FINDING * run.left)
    while not run.over and time.monotonic() < until:
        top = _top(run)
        form = build(run.problem, horizon=top, bound=run.bound, cliques=cliques, people=people)
        if run.best is not None:
            give_hint(form, run.best)
        verdict = _proof_attempt(
            run, form.model, top, workers=workers, until=found_by if finding else until, presolve=finding
        )
        reached = top + 1 if verdict.value is None else verdict.value
        beaten = run.makespan is not None and run.makespan < reached
        if verdict.status in {"optimal", "feasible"}:
            placed: tuple[Placed, ...] | None = read(form, verdict)
            if run.problem.skills and not people and placed is not None:
                placed, _ = staffed(run.problem, placed, Search(seconds=_STAFFING, seed=run.seed, halt=run.halt))
                people = placed is None
            if placed is not None:
                run.take(placed, "CP-SAT")
        if finding:
            finding = beaten and time.monotonic() < found_by
        else:
            _learn(run, verdict, top)


def _in_reach(run: _Run) -> bool:
    """Say whether a proof may be found in the time there usually is."""
    if run.makespan is None:
        return False
    small = len(run.problem.tasks) <= _SMALL and not run.problem.skills
    return small or run.makespan - run.bound <= _IN_REACH * run.makespan


def _has_modes(problem: Problem) -> bool:
    return any(len(task.modes) > 1 for task in problem.tasks)


def _proof_attempt(
    run: _Run, model: object, top: int, *, workers: int, until: float, presolve: bool = False
) -> Verdict:
    """Search until settled, or until the horizon can be shortened and the attempt is not a young one.

    With several modes the first schedule found does not end it: what the search has learnt is worth more than a
    shorter horizon.
    """
    own = Halt()
    begun = time.monotonic()
    finished = threading.Event()
    search = _search(run, top=top, workers=workers, seconds=run.left, halt=own)
    reach, since = top, begun

    def tell(value: int | None, bound: int | None) -> None:
        nonlocal reach, since
        if value is not None and value <= reach:
            reach, since = value - 1, time.monotonic()
        if bound is not None and not presolve:
            run.raise_bound(min(bound, top + 1), "CP-SAT")

    def watch() -> None:
        while not finished.wait(_LOOK):
            shorter = run.makespan is not None and run.makespan <= reach
            now = time.monotonic()
            stale = presolve and now - since > max(_SETTLE, since - begun)
            if run.over or now >= until or stale or (shorter and now - begun > _SETTLE):
                own.set()

    guard = threading.Thread(target=watch, daemon=True)
    guard.start()
    try:
        if _has_modes(run.problem):
            search = replace(search, presolve=presolve, progress=tell)
            own_way = replace(search, subsolvers=_MODE_SUBSOLVERS[:workers], options=_MODE_OPTIONS)
        else:
            own_way = replace(search, enough=lambda _: True, subsolvers=_SUBSOLVERS[:workers])
        return solve_cp(model, own_way)
    finally:
        finished.set()
        guard.join()
