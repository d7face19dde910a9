"""A desk's frontier: plans of which none is beaten in all aims at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.errors import InfeasibleError, InputError
from legation.planning.conflict import explain_infeasible
from legation.planning.data import plan_data
from legation.planning.engines.base import Engine, Halt
from legation.planning.engines.highs import Highs
from legation.planning.frontier.aims import AIMS, DeskAims, aid_missions, aims_of, check_aims
from legation.planning.frontier.arrays import ArrayOracle
from legation.planning.frontier.desk_oracle import DeskOracle
from legation.planning.frontier.lattice import lattice_step
from legation.planning.frontier.result import (
    AimName,
    AimOutcome,
    FrontierAim,
    FrontierPoint,
    FrontierResult,
    OpenBox,
)
from legation.planning.frontier.search import Found, Outcome, Steps, find_points
from legation.planning.frontier.words import UNITS, amount_of, knee_of, memberships, trade_offs
from legation.planning.model.problem import INF
from legation.planning.planner import assumptions_of
from legation.planning.replan.disruption import Disruption, disruption_of
from legation.planning.replan.standing import OldPlan, standing_of
from legation.planning.replan.weights import DisruptionWeights
from legation.planning.result import Assumption
from legation.planning.staff import read_staff
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["frontier"]

_SMALL = 3_000
"""Columns up to which a desk counts as small: whole models are solved and every plan's aims are asked for."""
_GAP = 0.01
_LEAST_GAP = 1e-4
_VALUE_STEP = 2e-6
"""Values nearer than this are one: the engine's own tolerances are of this size."""
_LEAST_STEP = 1e-3
"""Of continuous aims whose range the best of each aim does not show."""
_PARTS = {2: 20, 3: 8, 4: 5}
"""Steps over an aim's range where the user names none, by the number of aims."""


def frontier(
    desk: Desk,
    *,
    aims: Sequence[str] = ("value", "cost"),
    relations: RelationsSnapshot | None = None,
    points: int | None = None,
    steps: Mapping[str, float] | None = None,
    gap: float | None = None,
    seconds: float = 60.0,
    seed: int = 1,
    against: OldPlan | None = None,
    now: str | None = None,
    weights: DisruptionWeights | None = None,
    against_title: str = "",
    progress: Callable[[int, int], None] | None = None,
    stop: threading.Event | None = None,
    engine: Engine | None = None,
) -> FrontierResult:
    """Find the plans of which none is beaten in all aims at once.

    Parameters
    ----------
    desk
        A desk without faults.
    aims
        Two to four of value, cost, risk, escalation, disruption; value is one of them.
    relations
        How actors stand; without it escalation knows only rivals' activities.
    points
        Parts that the range of every aim but value is divided into. When left out, a small desk is asked for every
        such plan, told apart by the aims' own grids, and a large one for 20 parts (8 with three aims, 5 with four).
    steps
        Step of single aims in their own units; it goes before `points`.
    gap
        Proven relative gap of each point's value; 0 on small desks and .01 on large ones when left out.
    seconds, seed
        Limit on time; the same desk, gap and seed take the same steps.
    against, now, weights, against_title
        For disruption: the kept plan, the month it is (the desk's first), the weights, and the plan's name.
    progress
        Called with the number of points and of open boxes after every solve.
    stop
        Set it to end the search; what is there by then is returned.
    engine
        Solver; HiGHS by default.

    Raises
    ------
    InputError
        When aims, points, steps, gap or seconds cannot be used, or disruption lacks a plan to measure it against.
    InfeasibleError
        When no plan keeps all rules, or none was found within the time.
    """
    names = check_aims(aims)
    check_asked(names, points=points, steps=steps or {}, gap=gap, seconds=seconds, against=against is not None)
    began = time.monotonic()
    disruption: Disruption | None = None
    if against is not None:
        standing = standing_of(desk, against, now=now or desk.info.start, relations=relations)
        disruption = disruption_of(standing, weights)
        data = standing.data
    else:
        data = plan_data(desk, relations=relations)
    own = aims_of(data, names, disruption=disruption)
    solver, halt = engine or Highs(), Halt(stop)
    small = len(own.model.problem.cost) <= _SMALL
    asked = (0.0 if small else _GAP) if gap is None else gap
    run = _Run(own, solver, halt, small=small, gap=asked, seconds=seconds, seed=seed)
    corners = run.corners()
    if any(corner.x is None for corner in corners):
        if any(corner.closed and corner.x is None for corner in corners):
            raise explain_infeasible(data, solver)
        raise InfeasibleError(
            "No plan that is best in one of the aims was found within the time; there may be one.",
            remedy="Give it more seconds.",
        )
    chosen = run.steps(corners, points=points, given=steps or {})
    found = find_points(
        run.oracle(chosen),
        steps=chosen,
        primary=0,
        corners=corners,
        probes=_probes(corners, chosen),
        seconds=seconds - (time.monotonic() - began),
        progress=progress,
        halt=halt,
    )
    return _result(
        own, found, chosen, desk=desk, gap=asked, seed=seed, seconds=time.monotonic() - began,
        against=(against_title or "the kept plan") if against is not None else None,
    )  # fmt: skip


def check_asked(
    names: Sequence[AimName],
    *,
    points: int | None,
    steps: Mapping[str, float],
    gap: float | None,
    seconds: float,
    against: bool,
) -> None:
    """Refuse what no frontier can be asked for.

    Raises
    ------
    InputError
        When a number is out of range, or disruption and a plan to measure it against do not come together.
    """
    if points is not None and not 1 <= points <= 1000:
        raise InputError(f"A range cannot be divided into {points} parts.", remedy="Give 1 to 1000 points.")
    if (gap is not None and not 0 <= gap < 1) or not (isfinite(seconds) and seconds > 0):
        raise InputError(
            f"A gap of {gap} and a limit of {seconds} seconds cannot be used.",
            remedy="Give a gap from 0 to below 1 and a positive number of seconds.",
        )
    for name, step in steps.items():
        if name not in names or name == "value" or not (isfinite(step) and step > 0):
            raise InputError(
                f"A step of {step} for {name!r} cannot be used.",
                remedy="Give positive steps for the aims that are asked for, value apart: it needs none.",
            )
    if "disruption" in names and not against:
        raise InputError(
            "Disruption is measured against a plan, and none was named.", remedy="Name a plan that the desk keeps."
        )
    if "disruption" not in names and against:
        raise InputError("A plan to compare with was named, and disruption is not among the aims.",
                         remedy="Add disruption to the aims, or leave the plan out.")  # fmt: skip


@dataclass
class _Run:
    """What all solves of one frontier share."""

    aims: DeskAims
    engine: Engine
    halt: Halt
    small: bool
    gap: float
    seconds: float
    seed: int

    def __init__(
        self, aims: DeskAims, engine: Engine, halt: Halt, *, small: bool, gap: float, seconds: float, seed: int
    ) -> None:
        self.aims, self.engine, self.halt = aims, engine, halt
        self.small, self.gap, self.seconds, self.seed = small, gap, seconds, seed
        integer = aims.model.problem.integer
        self.grid = np.array([lattice_step(row, integer=integer) or 0.0 for row in aims.table], float)
        # value has no step: it is the aim that is maximised
        self.grid[0] = 0.0
        still = ~np.any(aims.table, axis=1)
        self.grid[still] = 1.0

    def oracle(self, steps: Steps) -> ArrayOracle | DeskOracle:
        if self.small:
            return ArrayOracle(
                self.aims.model.problem, self.aims.table, steps=steps, engine=self.engine, seed=self.seed,
                halt=self.halt, gap=self.gap, values=self.aims.values,
            )  # fmt: skip
        return DeskOracle(
            self.aims, steps=steps, engine=self.engine, gap=max(self.gap, _LEAST_GAP), seed=self.seed, halt=self.halt,
            most=max(4.0, self.seconds / 20),
        )  # fmt: skip

    def corners(self) -> list[Outcome]:
        """Find the best of each aim in turn; half of the time at most."""
        count = len(self.aims.names)
        oracle = self.oracle(Steps(sizes=np.maximum(self.grid, _VALUE_STEP), grid=self.grid))
        anywhere = np.full(count, -INF)
        out: list[Outcome] = []
        for aim in range(count):
            start = out[0].x if out and not self.small else None
            out.append(oracle.best(aim, floors=anywhere, start=start, seconds=self.seconds / (2 * count)))
            if out[-1].x is None:
                break
        return out

    def steps(self, corners: Sequence[Outcome], *, points: int | None, given: Mapping[str, float]) -> Steps:
        """Choose the step of each aim: the one given, a part of its range, or its own grid."""
        table = np.array([corner.values for corner in corners], float)
        spans = table.max(axis=0) - table.min(axis=0)
        sizes = np.full(len(spans), _VALUE_STEP)
        for aim, name in list(enumerate(self.aims.names))[1:]:
            grid = float(self.grid[aim])
            every = points is None and self.small and grid > 0
            parts = points or _PARTS[len(spans)]
            step = given.get(name, grid if every else float(spans[aim]) / parts)
            if grid > 0:
                sizes[aim] = max(1.0, np.floor(step / grid + 1e-6)) * grid
            else:
                sizes[aim] = max(step, _LEAST_STEP)
        return Steps(sizes=sizes, grid=self.grid)


def _probes(corners: Sequence[Outcome], steps: Steps) -> list[NDArray[np.float64]]:
    """Give floors all over the range, coarse ones first, so that an early end leaves no side unseen."""
    table = np.array([corner.values for corner in corners], float)
    low, span = table.min(axis=0), table.max(axis=0) - table.min(axis=0)
    count = len(span) - 1
    out: list[NDArray[np.float64]] = []
    for parts in (2, 4, 8) if count == 1 else (2, 4) if count == 2 else (2,):
        for shares in product(range(1, parts), repeat=count):
            if parts > 2 and all(share % 2 == 0 for share in shares):
                continue
            floors = np.full(len(span), -INF)
            wide = span[1:] / parts * np.array(shares)
            steps_up = np.round(wide / steps.sizes[1:])
            floors[1:] = low[1:] + steps_up * steps.sizes[1:]
            if np.all(steps_up >= 1):
                out.append(floors)
    return out


def _result(
    aims: DeskAims,
    found: Found,
    steps: Steps,
    *,
    desk: Desk,
    gap: float,
    seed: int,
    seconds: float,
    against: str | None,
) -> FrontierResult:
    info, data = desk.info, aims.data
    shown = np.array([aims.shown(row) for row in found.points], float).reshape(found.points.shape)
    rows = tuple(
        FrontierPoint(
            number=number + 1,
            aims=tuple(
                AimOutcome(name=name, value=float(value)) for name, value in zip(aims.names, shown[number], strict=True)
            ),
            gap=float(found.gaps[number]) / max(abs(float(shown[number, 0])), 1e-9),
            missions=_missions(aims, x),
        )
        for number, x in enumerate(found.solutions)
    )
    knee, height = knee_of(found.points)
    return FrontierResult(
        desk=info.id,
        title=info.title,
        start=info.start,
        currency=info.currency,
        price_year=info.price_year,
        against=against,
        method="every" if bool(np.all(steps.exact[1:])) else "steps",
        complete=found.complete,
        stopped=found.stopped,
        gap=gap,
        seconds=seconds,
        solves=found.solves,
        seed=seed,
        aims=_aims(aims, found, steps, shown, currency=info.currency),
        points=rows,
        payoff=tuple(int(np.argmax(found.points[:, aim])) + 1 for aim in range(len(aims.names))),
        knee=None if knee is None else knee + 1,
        knee_words=_knee_words(aims.names, shown, knee, height, currency=info.currency),
        trade_offs=trade_offs(aims.names, shown, currency=info.currency),
        missions=memberships(data.desk, rows),
        open_boxes=_boxes(aims, found),
        assumptions=(*assumptions_of(data), *_assumptions(aims)),
    )


def _missions(aims: DeskAims, x: NDArray[np.float64]) -> tuple[Chosen, ...]:
    data, model = aims.data, aims.model
    staff = read_staff(data, model, x)
    return tuple(
        Chosen(
            mission=data.missions[data.slot_mission[slot]].id,
            mode=data.modes[data.slots.option[slot]].id,
            start=int(data.slots.start[slot]),
            staff=tuple(f"{role}:{position}" for role, position in staff.get(int(slot), ())),
        )
        for slot in sorted(model.chosen(x).tolist())
    )


def _aims(
    aims: DeskAims, found: Found, steps: Steps, shown: NDArray[np.float64], *, currency: str
) -> tuple[FrontierAim, ...]:
    ideal = aims.shown(found.ideal)
    out = []
    for aim, name in enumerate(aims.names):
        title, definition = AIMS[name]
        column = shown[:, aim]
        out.append(
            FrontierAim(
                name=name,
                title=title,
                unit=currency if name == "cost" else UNITS[name],
                better="more" if aim == 0 else "less",
                best=float(ideal[aim]),
                worst=float(column.min() if aim == 0 else column.max()),
                step=0.0 if aim == 0 else float(steps.sizes[aim]),
                exact=aim == 0 or bool(steps.exact[aim]),
                definition=definition,
            )
        )
    return tuple(out)


def _knee_words(
    names: Sequence[AimName], shown: NDArray[np.float64], knee: int | None, height: float, *, currency: str
) -> str:
    if len(shown) == 1:
        return "One plan is best in all aims at once: there is nothing to trade."
    if knee is None:
        return "No point stands out above the straight line between the ends: the frontier has no knee."
    gained = shown[knee, 0] / shown[0, 0] if shown[0, 0] > 0 else 0.0
    parts = ", ".join(
        f"{amount_of(name, shown[knee, aim], currency=currency)} instead of "
        f"{amount_of(name, shown[0, aim], currency=currency)}"
        for aim, name in list(enumerate(names))[1:]
    )
    return (
        f"Point {knee + 1} is the knee: {gained:.1%} of the most value, with {parts}. It lies {height:.2f} above the "
        f"plane between the ends, in units of each aim's range."
    )


def _boxes(aims: DeskAims, found: Found) -> tuple[OpenBox, ...]:
    def row(values: NDArray[np.float64]) -> tuple[float | None, ...]:
        return tuple(float(value) if np.isfinite(value) else None for value in aims.shown(values))

    tops = np.minimum(found.open_tops + found.slack, found.ideal)
    return tuple(
        OpenBox(corner=row(corner), top=row(top)) for corner, top in zip(found.open_corners, tops, strict=True)
    )


def _assumptions(aims: DeskAims) -> tuple[Assumption, ...]:
    out = []
    if aid_missions(aims.data).any():
        fenced = [budget.title for budget in aims.data.desk.budgets if budget.humanitarian]
        money = f" The money of {', '.join(map(repr, fenced))} can serve nothing else." if fenced else ""
        out.append(
            (
                "humanitarian",
                (
                    "Aid is never a lever: humanitarian missions count in value alone. Their cost and risk are in no "
                    f"other aim, and adding one is no disruption.{money}"
                ),
            )
        )
    if aims.escalation is not None:
        out.append(("escalation", "Escalation weighs judged effects by tension; it foretells nobody's conduct."))
        if aims.data.relations is None:
            out.append(("escalation", "No relations were given: only missions beside rivals' activities count."))
        elif not aims.escalation.actors and not aims.escalation.by_slot.any():
            out.append(("escalation", "No mission of this desk shifts a third party's relation adversely."))
    return tuple(Assumption(topic=topic, words=words) for topic, words in out)
