"""Plan a desk whose goals have intervals instead of weights (robust portfolio modelling, Liesiö, Mild, Salo 2007)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isfinite

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.errors import InfeasibleError, InputError
from legation.planning.beside import solve_beside
from legation.planning.conflict import explain_infeasible
from legation.planning.data import PlanData, plan_data
from legation.planning.engines.base import Engine, Halt, Request
from legation.planning.engines.highs import Highs
from legation.planning.frontier.arrays import ArrayOracle
from legation.planning.frontier.search import Found, Steps, find_points
from legation.planning.model.build import Model, build_model
from legation.planning.model.extend import Extension
from legation.planning.planner import assumptions_of
from legation.planning.points import points
from legation.planning.result import Assumption
from legation.planning.solve import search
from legation.planning.staff import read_staff
from legation.planning.value import value_of
from legation.planning.weights.envelope import Envelope, best_everywhere
from legation.planning.weights.polytope import Statement, WeightSet, weight_set
from legation.planning.weights.result import CoreIndex, DecisionRule, GoalRange, WeighedPlan, WeightsResult
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["weigh"]

_SMALL = 3_000
_GAP = 0.01
_PARTS = {2: 40, 3: 12, 4: 6}
_TOLERANCE = 2e-6


def weigh(
    desk: Desk,
    *,
    statements: Sequence[Statement],
    relations: RelationsSnapshot | None = None,
    gap: float | None = None,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
    engine: Engine | None = None,
) -> WeightsResult:
    """Find the plans that no other beats for all weights allowed, and how many of them hold each mission.

    Parameters
    ----------
    desk
        A desk without faults.
    statements
        Intervals of goals' shares and orders of importance; a goal of which nothing is said may hold any share.
    relations
        How actors stand.
    gap
        Proven relative gap of each solve; 0 on small desks and .01 on large ones when left out.
    seconds, seed
        Limit on time; the same desk, gap and seed take the same steps.
    progress
        Called with the number of solves.
    stop, engine
        Ends the search when set; solver, HiGHS by default.

    Raises
    ------
    InputError
        When a statement names no goal with weight, statements exclude each other, or limits cannot be used.
    InfeasibleError
        When no plan keeps all rules, or none was found within the time.
    """
    if not statements or (gap is not None and not 0 <= gap < 1) or not (isfinite(seconds) and seconds > 0):
        raise InputError(
            f"{len(statements)} statements, a gap of {gap} and a limit of {seconds} seconds cannot be used.",
            remedy="Say something of at least one goal, and give a gap from 0 to below 1 and positive seconds.",
        )
    run = _Run(desk, statements, relations, engine or Highs(), Halt(stop), gap=gap, seconds=seconds, seed=seed)
    run.progress = progress
    envelope = best_everywhere(run.weights, run.best, over=run.over)
    if not len(envelope.values):
        if run.impossible:
            raise explain_infeasible(run.data, run.engine)
        raise InfeasibleError("No plan was found within the time; there may be one.", remedy="Give it more seconds.")
    found = run.unbeaten(envelope)
    return run.result(envelope, found)


class _Run:
    """What all solves share.

    Values are linear in the goals' shares: plans are valued under G mixed sets of weights, all positive, and every
    other set is a combination of these.
    """

    def __init__(
        self,
        desk: Desk,
        statements: Sequence[Statement],
        relations: RelationsSnapshot | None,
        engine: Engine,
        halt: Halt,
        *,
        gap: float | None,
        seconds: float,
        seed: int,
    ) -> None:
        self.desk, self.engine, self.halt, self.seed = desk, engine, halt, seed
        self.began, self.limit = time.monotonic(), seconds
        self.progress: Callable[[int], None] | None = None
        self.impossible, self.solves, self.step = False, 0, 0.0
        now = plan_data(desk, relations=relations)
        shares = np.bincount(now.options.goal_of, weights=now.options.weights, minlength=len(desk.goals))
        leaves = set(now.options.goal_of.tolist())
        self.own = [number for number in range(len(desk.goals)) if number in leaves]
        self.shares = shares[self.own]
        titles = {goal.id: goal.title for goal in desk.goals}
        self.weights: WeightSet = weight_set([desk.goals[number].id for number in self.own], statements, titles=titles)
        self.mixes: list[PlanData] = [
            plan_data(self._with(mix), relations=relations) for mix in (np.eye(len(self.own)) + 1 / len(self.own)) / 2
        ]
        self.data = self.mixes[0]
        models = [build_model(data) for data in self.mixes]
        self.model: Model = models[0]
        self.costs = np.array([model.problem.cost for model in models])
        self.small = len(self.model.problem.cost) <= _SMALL
        self.gap = (0.0 if self.small else _GAP) if gap is None else gap
        self.start: tuple[int, ...] = ()
        self.solutions: dict[tuple[int, ...], NDArray[np.float64]] = {}

    def _with(self, mix: NDArray[np.float64]) -> Desk:
        share = dict(zip(self.own, mix.tolist(), strict=True))
        goals = tuple(
            msgspec.structs.replace(goal, weight=share.get(number, 0.0)) for number, goal in enumerate(self.desk.goals)
        )
        return msgspec.structs.replace(self.desk, goals=goals)

    def combination(self, w: NDArray[np.float64]) -> NDArray[np.float64]:
        """Write shares as a combination of the mixed ones, shape (..., G)."""
        out: NDArray[np.float64] = 2 * w - 1 / len(self.own)
        return out

    def by_goal(self, slots: Sequence[int]) -> NDArray[np.float64]:
        """Give the value at weight 1 on each goal in turn, shape (G,)."""
        mixed = np.array([value_of(data, slots) for data in self.mixes])
        out: NDArray[np.float64] = self.combination(np.eye(len(self.own))) @ mixed
        return out

    def best(self, w: NDArray[np.float64]) -> tuple[tuple[int, ...], NDArray[np.float64], float] | None:
        """Find the best plan for some shares."""
        cost = self.combination(w) @ self.costs
        left = max(0.05, self.limit - (time.monotonic() - self.began))
        self.solves += 1
        if self.small:
            problem = replace(self.model.problem, cost=cost)
            request = Request(seconds=left, gap=self.gap, seed=self.seed, halt=self.halt)
            answer = solve_beside(self.engine, problem, request, known=self.solutions.get(self.start))
            self.impossible |= answer.status == "infeasible"
            if answer.x is None:
                return None
            x, bound = answer.x, answer.bound
            slots = tuple(sorted(self.model.chosen(x).tolist()))
        else:
            extension = Extension(self.model)
            extension.own_cost = cost
            try:
                found = search(
                    self.data, self.engine, gap=self.gap, seconds=min(left, max(2.0, self.limit / 12)), seed=self.seed,
                    halt=self.halt, model=extension.model(), worth=lambda slots: float(self.by_goal(slots) @ w),
                    start=self.start,
                )  # fmt: skip
            except InfeasibleError:
                return None
            if found is None:
                self.impossible = True
                return None
            x, bound, slots = found.x, found.bound, tuple(found.slots.tolist())
        self.start = slots
        self.solutions.setdefault(slots, np.where(self.model.problem.integer, np.round(x), x))
        values = self.by_goal(slots)
        if self.progress is not None:
            self.progress(self.solves)
        return slots, values, max(bound, float(values @ w))

    def over(self) -> bool:
        """Whether time or patience is at its end."""
        return self.halt.is_set() or time.monotonic() - self.began > self.limit

    def unbeaten(self, envelope: Envelope) -> Found | None:
        """Find the plans that are never best and yet not beaten, where the corners are few and the desk is small."""
        corners = self.weights.corners
        if not (self.small and envelope.complete and 2 <= len(corners) <= 4) or self.over():
            return None
        at_corners = envelope.values @ corners.T
        spans = at_corners.max(axis=0) - at_corners.min(axis=0)
        sizes = np.maximum(spans / _PARTS[len(corners)], 1e-4)
        sizes[0] = _TOLERANCE
        self.step = float(sizes.max())
        steps = Steps(sizes=sizes, grid=np.zeros(len(corners)))
        table = self.combination(corners) @ self.costs

        def values(x: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(corners @ self.by_goal(self.model.chosen(x).tolist()), float)

        oracle = ArrayOracle(
            self.model.problem, table, steps=steps, engine=self.engine, seed=self.seed, halt=self.halt, gap=self.gap,
            values=values,
        )  # fmt: skip
        found = find_points(
            oracle,
            steps=steps,
            primary=0,
            seconds=max(0.05, self.limit - (time.monotonic() - self.began)),
            halt=self.halt,
        )
        self.solves += found.solves
        return found

    def result(self, envelope: Envelope, found: Found | None) -> WeightsResult:
        """Put the plans together, take out those that another beats for all weights, and judge what remains."""
        corners = self.weights.corners
        keys = list(envelope.keys)
        for x in found.solutions if found is not None else ():
            slots = tuple(sorted(self.model.chosen(x).tolist()))
            if slots not in self.solutions:
                keys.append(slots)
                self.solutions[slots] = np.where(self.model.problem.integer, np.round(x), x)
            elif slots not in keys:
                keys.append(slots)
        table = np.array([self.by_goal(slots) @ corners.T for slots in keys])
        keep = _unbeaten(table)
        supported = [bool(index < len(envelope.keys)) for index in keep]
        tops = np.where(np.isfinite(envelope.tops), envelope.tops, np.inf)
        central = np.array([float(self.by_goal(keys[index]) @ self.weights.centre) for index in keep])
        own = table[keep]
        regret = np.maximum(0.0, tops - own).max(axis=1)
        order = np.lexsort((np.arange(len(keep)), -central))
        plans = tuple(
            WeighedPlan(
                number=number + 1,
                least=float(own[index].min()),
                most=float(own[index].max()),
                central=float(central[index]),
                regret=float(regret[index]),
                best_somewhere=supported[index],
                missions=self._missions(keys[keep[index]]),
            )
            for number, index in enumerate(order)
        )
        return WeightsResult(
            desk=self.desk.info.id,
            title=self.desk.info.title,
            start=self.desk.info.start,
            method="best_somewhere" if found is None else "unbeaten",
            complete=envelope.complete and (found is None or found.complete),
            stopped=self.halt.is_set(),
            slack=envelope.slack,
            step=0.0 if found is None else self.step,
            seconds=time.monotonic() - self.began,
            solves=self.solves,
            seed=self.seed,
            goals=self._goals(),
            corners=tuple(tuple(float(share) for share in row) for row in corners),
            plans=plans,
            missions=_core(self.desk, plans),
            rules=_rules(plans),
            assumptions=(
                *(row for row in assumptions_of(self.data) if row.topic != "weights"),
                Assumption(topic="weights", words="Shares of objectives within their goal stay as the desk has them."),
            ),
        )

    def _goals(self) -> tuple[GoalRange, ...]:
        titles = {goal.id: goal.title for goal in self.desk.goals}
        low, high = self.weights.corners.min(axis=0), self.weights.corners.max(axis=0)
        return tuple(
            GoalRange(
                goal=name, title=titles[name], share=float(self.shares[n]), low=float(low[n]), high=float(high[n])
            )
            for n, name in enumerate(self.weights.goals)
        )

    def _missions(self, slots: tuple[int, ...]) -> tuple[Chosen, ...]:
        data = self.data
        staff = read_staff(data, self.model, self.solutions[slots])
        return tuple(
            Chosen(
                mission=data.missions[data.slot_mission[slot]].id,
                mode=data.modes[data.slots.option[slot]].id,
                start=int(data.slots.start[slot]),
                staff=tuple(f"{role}:{position}" for role, position in staff.get(slot, ())),
            )
            for slot in slots
        )


def _unbeaten(table: NDArray[np.float64]) -> list[int]:
    """Give the plans that no other is at least as good as everywhere and better somewhere; of equal ones the first."""
    keep = []
    for index, row in enumerate(table):
        as_good = np.all(table >= row - _TOLERANCE, axis=1)
        better = np.any(table > row + _TOLERANCE, axis=1)
        same = as_good & ~better
        if not np.any(as_good & better) and not np.any(same[:index]):
            keep.append(index)
    return keep


def _core(desk: Desk, plans: Sequence[WeighedPlan]) -> tuple[CoreIndex, ...]:
    counts = {mission.id: 0 for mission in desk.missions if mission.status in {"candidate", "committed", "executing"}}
    for plan in plans:
        for chosen in plan.missions:
            counts[chosen.mission] += 1
    titles = {mission.id: mission.title for mission in desk.missions}
    return tuple(
        CoreIndex(
            mission=name,
            title=titles[name],
            index=count / len(plans),
            place="core" if count == len(plans) else "borderline" if count else "exterior",
        )
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _rules(plans: Sequence[WeighedPlan]) -> tuple[DecisionRule, ...]:
    safest = max(plans, key=lambda plan: (plan.least, -plan.number))
    calmest = min(plans, key=lambda plan: (plan.regret, plan.number))
    middle = max(plans, key=lambda plan: (plan.central, -plan.number))
    return (
        DecisionRule(
            name="maximin", plan=safest.number,
            words=f"Plan {safest.number} has the most value at the weights that suit it least: {points(safest.least)}.",
        ),
        DecisionRule(
            name="minimax_regret", plan=calmest.number,
            words=(
                f"Plan {calmest.number} leaves least to regret: at no weights is another plan more than "
                f"{points(calmest.regret)} better."
            ),
        ),
        DecisionRule(
            name="central", plan=middle.number,
            words=f"Plan {middle.number} is best in the middle of all weights: {points(middle.central)}.",
        ),
    )  # fmt: skip
