"""The scheduling problem as a CP-SAT model: intervals, cumulative resources, classes of people, order and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from legation.planning.engines.cpsat import Verdict
from legation.planning.schedule.modes_work import Span, order_between, spans
from legation.planning.schedule.problem import Mode, Problem, Resource, Task
from legation.planning.schedule.result import Placed
from legation.planning.schedule.staff import StaffClass, classes_of, named, skill_sets

__all__ = ["Form", "build", "give_hint", "read"]

_MOST_SETS = 48
"""Sets of skills that get a capacity of their own, the most wanted first."""


@dataclass
class _Job:
    """A task's variables; `present` is 1 where the task must be done, `modes` a literal (or 1) per mode."""

    task: Task
    start: Any
    end: Any
    interval: Any
    present: Any
    modes: list[Any]

    @property
    def rows(self) -> list[tuple[Any, Mode]]:
        return list(zip(self.modes, self.task.modes, strict=True))


@dataclass
class Form:
    """The model and what its variables mean."""

    problem: Problem
    model: Any
    horizon: int
    makespan: Any
    jobs: dict[str, _Job]
    classes: tuple[StaffClass, ...]
    taken: dict[tuple[str, int, str], Any] = field(default_factory=dict)


def build(
    problem: Problem, *, horizon: int, bound: int = 0, cliques: Sequence[Sequence[str]] = (), people: bool = True
) -> Form:
    """Build the model.

    Parameters
    ----------
    problem
        What to schedule.
    horizon
        Latest end that is of interest.
    bound
        A proven lower bound of the makespan.
    cliques
        Tasks of which no two can run at once.
    people
        Whether to staff the tasks by classes; without, sets of skills only limit how much runs at once.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    travels = any(row.periods for row in problem.travels) and any(task.place for task in problem.tasks)
    form = Form(
        problem=problem,
        model=model,
        horizon=horizon,
        makespan=model.new_int_var(min(bound, horizon), horizon, "makespan"),
        jobs={task.id: _job(cp_model, model, task, horizon) for task in problem.tasks},
        classes=classes_of(problem, single=travels),
    )
    for job in form.jobs.values():
        _add(model, form.makespan >= job.end, job.present)
    _order(form)
    between = _between(problem)
    for resource in problem.resources:
        if resource.renewable:
            _renewable(form, resource, between)
        else:
            _consumed(form, resource)
    _groups(form)
    if problem.skills:
        _skill_limits(form)
        if people:
            _staff(form)
            if travels:
                _travel(form)
    for clique in cliques:
        model.add_no_overlap([form.jobs[task].interval for task in clique])
    model.minimize(form.makespan)
    return form


def _add(model: Any, constraint: Any, *literals: Any) -> None:  # noqa: ANN401
    """Add a constraint under literals; 1 stands for true."""
    own = [one for one in literals if not isinstance(one, int)]
    added = model.add(constraint)
    if own:
        added.only_enforce_if(own)


def _job(cp_model: Any, model: Any, task: Task, horizon: int) -> _Job:  # noqa: ANN401
    last = horizon if task.due is None else min(horizon, task.due)
    present = model.new_bool_var(f"{task.id} done") if task.optional else 1
    if len(task.modes) == 1:
        modes: list[Any] = [present]
    else:
        modes = [model.new_bool_var(f"{task.id} {mode.id}") for mode in task.modes]
        model.add(sum(modes) == present)
    low = min(task.release, horizon)
    if task.release > horizon or last < low:
        _forbid(model, present)
        last = max(low, last)
    start, end = model.new_int_var(low, last, f"{task.id} start"), model.new_int_var(low, last, f"{task.id} end")
    lengths = [mode.duration for mode in task.modes]
    size = (
        lengths[0]
        if len(set(lengths)) == 1
        else model.new_int_var_from_domain(cp_model.Domain.from_values(lengths), f"{task.id} size")
    )
    if task.optional:
        interval = model.new_optional_interval_var(start, size, end, present, task.id)
    else:
        interval = model.new_interval_var(start, size, end, task.id)
    if not isinstance(size, int) and isinstance(present, int):
        # the relaxation sees modes only through a row
        model.add(size == sum(literal * length for literal, length in zip(modes, lengths, strict=True)))
    for literal, mode in zip(modes, task.modes, strict=True):
        if not isinstance(size, int):
            _add(model, size == mode.duration, literal)
        if mode.starts is not None:
            domain = cp_model.Domain.from_values([at for at in mode.starts if low <= at <= last])
            if domain.is_empty():
                _forbid(model, literal)
            else:
                constraint = model.add_linear_expression_in_domain(start, domain)
                if not isinstance(literal, int):
                    constraint.only_enforce_if(literal)
    return _Job(task, start, end, interval, present, modes)


def _forbid(model: Any, literal: Any) -> None:  # noqa: ANN401
    if isinstance(literal, int):
        model.add_bool_or([])
    else:
        model.add(literal == 0)


def _order(form: Form) -> None:
    for row in form.problem.precedences:
        before, after = form.jobs[row.before], form.jobs[row.after]
        _add(form.model, after.start >= before.end + row.lag, after.present)
        if not isinstance(before.present, int):
            _add(form.model, before.present == 1, after.present)


def _groups(form: Form) -> None:
    for group in form.problem.groups:
        count = sum(form.jobs[task].present for task in sorted(set(group.tasks)))
        form.model.add(count >= group.least)
        if group.most is not None:
            form.model.add(count <= group.most)


def _amount(form: Form, job: _Job, amounts: Sequence[int]) -> Any:  # noqa: ANN401
    """Give how much a task takes, as a number where its mode does not matter."""
    if len(set(amounts)) == 1:
        return amounts[0]
    from ortools.sat.python import cp_model

    domain = cp_model.Domain.from_values([*amounts, *([0] if job.task.optional else [])])
    value = form.model.new_int_var_from_domain(domain, f"{job.task.id} amount")
    form.model.add(value == sum(literal * amount for literal, amount in zip(job.modes, amounts, strict=True)))
    for literal, amount in zip(job.modes, amounts, strict=True):
        _add(form.model, value == amount, literal)
    return value


def _levels(capacity: int, changes: Sequence[tuple[int, int]], horizon: int) -> list[tuple[int, int, int]]:
    """Give the spans (first, after, units) of equal capacity up to the horizon."""
    points = [(0, capacity), *((at, units) for at, units in changes if at < horizon), (horizon, 0)]
    kept = [(at, units) for number, (at, units) in enumerate(points[:-1]) if points[number + 1][0] > at]
    ends = [*(at for at, _ in kept[1:]), horizon]
    return [(at, end, units) for (at, units), end in zip(kept, ends, strict=True) if end > at]


def _limit(form: Form, rows: Sequence[tuple[Any, Any]], levels: Sequence[tuple[int, int, int]]) -> None:
    """Hold intervals with their amounts within a capacity that may change."""
    if not rows:
        return
    most = max((units for _, _, units in levels), default=0)
    intervals, amounts = [interval for interval, _ in rows], [amount for _, amount in rows]
    for first, after, units in levels:
        if units < most:
            intervals.append(form.model.new_fixed_size_interval_var(first, after - first, "less"))
            amounts.append(most - units)
    form.model.add_cumulative(intervals, amounts, most)


def _renewable(form: Form, resource: Resource, between: Sequence[Span]) -> None:
    levels = _levels(resource.capacity, resource.changes, form.horizon)
    rows = []
    work: dict[str, list[Any]] = {}
    for job in form.jobs.values():
        amounts = [dict(mode.uses).get(resource.id, 0) for mode in job.task.modes]
        if any(amounts):
            rows.append((job.interval, _amount(form, job, amounts)))
            work[job.task.id] = [
                literal * (amount * mode.duration)
                for (literal, mode), amount in zip(job.rows, amounts, strict=True)
                if amount * mode.duration
            ]
    _limit(form, rows, levels)
    if any(len(job.modes) > 1 for job in form.jobs.values()) and any(work.values()):
        most = max((units for _, _, units in levels), default=0)
        form.model.add(sum(part for own in work.values() for part in own) <= most * form.makespan)
        _work_between(form, between, work, most)


def _between(problem: Problem) -> list[Span]:
    """List tasks between others, which end before those start; none where all have one mode."""
    if all(len(task.modes) == 1 for task in problem.tasks):
        return []
    number = {name: at for at, name in enumerate(problem.order)}
    links = ((number[row.before], number[row.after]) for row in problem.precedences if row.lag >= 0)
    return spans(order_between(len(number), links))


def _work_between(form: Form, between: Sequence[Span], work: Mapping[str, Sequence[Any]], most: int) -> None:
    """Leave time for the work of tasks that lie between two others; those two must be done."""
    names = form.problem.order
    for span in between:
        outer = [form.jobs[names[at]] for at in (span.before, span.after) if at is not None]
        parts = [part for at in span.tasks for part in work.get(names[at], ())]
        if parts and all(isinstance(job.present, int) for job in outer):
            first = 0 if span.before is None else form.jobs[names[span.before]].end
            last = form.makespan if span.after is None else form.jobs[names[span.after]].start
            form.model.add(sum(parts) <= most * (last - first))


def _consumed(form: Form, resource: Resource) -> None:
    rows = [
        (job, literal, amount)
        for job in form.jobs.values()
        for literal, mode in job.rows
        for name, amount in mode.uses
        if name == resource.id and amount
    ]
    if not rows:
        return
    last = resource.changes[-1][1] if resource.changes else resource.capacity
    form.model.add(sum(literal * amount for _, literal, amount in rows) <= last)
    if not resource.changes:
        return
    times = [0, *(at for at, _ in resource.changes)]
    levels = [resource.capacity, *(units for _, units in resource.changes)]
    income = [levels[0], *(b - a for a, b in pairwise(levels))]
    form.model.add_reservoir_constraint_with_active(
        [*times, *(job.start for job, _, _ in rows)],
        [*income, *(-amount for _, _, amount in rows)],
        [*(1 for _ in times), *(literal for _, literal, _ in rows)],
        0,
        max(levels),
    )


def _skill_limits(form: Form) -> None:
    """Limit what runs at once by the people behind every closed set of skills."""
    found = []
    for item in skill_sets(form.problem):
        rows, work = [], 0
        for job in form.jobs.values():
            amounts = [sum(n for skill, n in mode.skills if skill in item.skills) for mode in job.task.modes]
            if any(amounts):
                rows.append((job, amounts))
                work += min(n * mode.duration for n, mode in zip(amounts, job.task.modes, strict=True))
        if rows and (not item.people or sum(max(amounts) for _, amounts in rows) > len(item.people)):
            found.append((work / max(1, len(item.people)), rows, item))
    found.sort(key=lambda row: -row[0])
    for _, rows, item in found[:_MOST_SETS]:
        points = sorted({at for person in item.people for span in person.away for at in span} | {0})
        present = [
            (at, sum(all(not first <= at < back for first, back in person.away) for person in item.people))
            for at in points
        ]
        levels = _levels(present[0][1], present[1:], form.horizon)
        _limit(form, [(job.interval, _amount(form, job, amounts)) for job, amounts in rows], levels)


def _staff(form: Form) -> None:
    """Let classes cover the skills of each task, and have no more people at work than members."""
    model = form.model
    drawn: dict[int, list[tuple[_Job, Any]]] = {number: [] for number in range(len(form.classes))}
    for job in form.jobs.values():
        asked = sorted({skill for mode in job.task.modes for skill, count in mode.skills if count})
        for skill in asked:
            wanted = [dict(mode.skills).get(skill, 0) for mode in job.task.modes]
            parts = []
            for number, own in enumerate(form.classes):
                if skill in own.skills:
                    most = min(max(wanted), len(own.people))
                    part = model.new_int_var(0, most, f"{job.task.id} {skill} {number}")
                    form.taken[job.task.id, number, skill] = part
                    parts.append(part)
            model.add(sum(parts) == sum(lit * n for lit, n in zip(job.modes, wanted, strict=True)))
        for number, own in enumerate(form.classes):
            parts = [form.taken[job.task.id, number, skill] for skill in asked if skill in own.skills]
            if parts:
                total = model.new_int_var(0, len(own.people), f"{job.task.id} from {number}")
                model.add(total == sum(parts))
                drawn[number].append((job, total))
    for number, own in enumerate(form.classes):
        rows = [(job.interval, total) for job, total in drawn[number]]
        points = sorted({at for span in own.away for at in span} | {0})
        levels = [(at, 0 if any(first <= at < back for first, back in own.away) else len(own.people)) for at in points]
        _limit(form, rows, _levels(levels[0][1], levels[1:], form.horizon))


def _travel(form: Form) -> None:
    """Keep the two tasks of one person apart by the way between their places; every class is one person here."""
    ways = {(row.origin, row.destination): row.periods for row in form.problem.travels}
    model = form.model
    for number in range(len(form.classes)):
        own = []
        for job in form.jobs.values():
            parts = [part for (task, at, _), part in form.taken.items() if (task, at) == (job.task.id, number)]
            if parts and job.task.place is not None and any(mode.duration for mode in job.task.modes):
                own.append((job, sum(parts)))
        for index, (a, a_takes) in enumerate(own):
            for b, b_takes in own[index + 1 :]:
                there = ways.get((a.task.place or "", b.task.place or ""), 0)
                back = ways.get((b.task.place or "", a.task.place or ""), 0)
                if a.task.place == b.task.place or not (there or back):
                    continue
                both, first = model.new_bool_var("both"), model.new_bool_var("first")
                model.add(a_takes + b_takes <= 1 + both)
                a_modes, b_modes = _lasting(a), _lasting(b)
                model.add(b.start >= a.end + there).only_enforce_if([both, first, *a_modes, *b_modes])
                model.add(a.start >= b.end + back).only_enforce_if([both, ~first, *a_modes, *b_modes])


def _lasting(job: _Job) -> list[Any]:
    """Give literals that say that a task takes time; none are needed where all its modes do."""
    instant = [literal for literal, mode in job.rows if not mode.duration]
    return [~literal for literal in instant if not isinstance(literal, int)]


def give_hint(form: Form, placed: Sequence[Placed]) -> None:
    """Tell the solver of a schedule to start from."""
    rows = {row.task: row for row in placed}
    form.model.clear_hints()
    skills = {(row.task, name): skill for row in placed for name, skill in row.people}
    for name, job in form.jobs.items():
        row = rows.get(name)
        if not isinstance(job.present, int):
            form.model.add_hint(job.present, row is not None)
        if len(job.modes) > 1:
            for literal, mode in job.rows:
                form.model.add_hint(literal, row is not None and row.mode == mode.id)
        if row is not None:
            form.model.add_hint(job.start, row.start)
            form.model.add_hint(job.end, row.end)
    for (task, number, skill), part in form.taken.items():
        own = form.classes[number].people
        form.model.add_hint(part, sum(skills.get((task, name)) == skill for name in own))
    form.model.add_hint(form.makespan, max((row.end for row in placed), default=0))


def read(form: Form, verdict: Verdict) -> tuple[Placed, ...]:
    """Read the schedule from a solution."""

    def value(variable: Any) -> int:  # noqa: ANN401
        return variable if isinstance(variable, int) else verdict[variable]

    done = {name: job for name, job in form.jobs.items() if value(job.present)}
    modes = {name: next(mode for literal, mode in job.rows if value(literal)) for name, job in done.items()}
    spans = {name: (value(job.start), value(job.start) + modes[name].duration) for name, job in done.items()}
    taken: Mapping[tuple[str, int, str], int] = {
        key: verdict[part] for key, part in form.taken.items() if key[0] in done
    }
    people = named(form.classes, spans, taken)
    rows = [
        Placed(task=name, mode=modes[name].id, start=spans[name][0], end=spans[name][1], people=people.get(name, ()))
        for name in done
    ]
    return tuple(sorted(rows, key=lambda row: (row.start, row.end, row.task)))
