"""Why missions are left out: what the rules say, what they would displace, and what would have to change."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from legation.planning.actor_words import actor_words
from legation.planning.data import PlanData
from legation.planning.engines.base import Engine, Halt, Request
from legation.planning.model.build import MONEY_UNIT, Problem
from legation.planning.points import points
from legation.planning.rank import Tally
from legation.planning.record_words import risk_cap_words, spill_cap_words
from legation.planning.restriction import without_columns
from legation.planning.result import LeftOut, LeftOutKind, Named
from legation.planning.solve import Solution
from legation.planning.value import parts_of, value_of

__all__ = ["barred_reason", "explain_left_out"]

_WORDS = {
    "exclusion": "an exclusion allows only one of it and {0}",
    "order": "{0}, which it needs first, is not in the plan in time",
    "visits": "{0} takes no more missions then",
    "cap": "there is no room for it in {0}",
    "ceiling": "the yearly ceiling of authority {0} leaves no room for it",
    "risk": "the plan's risk limit is reached",
    "money": "budget {0} has no money left for it",
    "staff": "nobody able is free",
    "none": "it fits, but adds less than the gap that was left open",
}


_NOTHING = 1e-9
_SAMPLE = 6


@dataclass(frozen=True)
class _Candidate:
    mission: int
    slots: NDArray[np.int64]
    gain: float


def explain_left_out(
    data: PlanData,
    solution: Solution,
    engine: Engine,
    *,
    places: dict[int, list[int]],
    seconds: float,
    most: int,
    halt: Halt,
) -> tuple[LeftOut, ...]:
    """Explain every open mission that the plan leaves out.

    Parameters
    ----------
    data, solution, engine
        The desk, the plan found and the solver.
    places
        Positions that fill each demand row of the plan.
    seconds, most
        Limits for the small problems that find what a mission would displace: the most promising missions first.
    halt
        Ends those problems when set; what the rules say is always given.
    """
    chosen = set(data.slot_mission[solution.slots].tolist())
    out: dict[int, LeftOut] = {}
    candidates: list[_Candidate] = []
    for number in range(len(data.missions)):
        if number in chosen:
            continue
        barred = barred_reason(data, number)
        if barred is not None:
            out[number] = barred
            continue
        own = data.slots_by_mission[number]
        own = own[data.open[own]]
        # what a mission adds does not depend on its month
        firsts = own[np.unique(data.slots.option[own], return_index=True)[1]]
        gain = max(value_of(data, [*solution.slots.tolist(), int(slot)]) for slot in firsts) - solution.value
        candidates.append(_Candidate(number, own, gain))
    candidates.sort(key=lambda item: (-item.gain, item.mission))
    tally = Tally.of(data, solution.slots.tolist(), places)
    beside = _Beside(data, solution, engine)
    end = time.monotonic() + seconds
    for place, candidate in enumerate(candidates):
        thorough = place < most and time.monotonic() < end and not halt.is_set()
        out[candidate.mission] = _explain(beside, tally, candidate, thorough=thorough)
    return tuple(out[number] for number in sorted(out))


def barred_reason(data: PlanData, number: int) -> LeftOut | None:
    """Explain a mission that no slot is open for."""
    mission, own = data.missions[number], data.slots_by_mission[number]
    if len(own) and data.open[own].any():
        return None
    if not len(own):
        return _left_out(data, number, "impossible", "It has no mode in which it could be carried out.")
    if not data.horizon:
        return None
    bars = [(np.isin(own, bar.slots), bar) for bar in data.bars]
    bars = [(hit, bar) for hit, bar in bars if hit.any()]
    pinned = [bar for hit, bar in bars if bar.kind == "pin" and hit.all()]
    if pinned:
        return _left_out(data, number, "decided", f"{_capital(pinned[0].words)}.")
    alone = [bar.words for hit, bar in bars if hit.all()]
    if alone:
        reasons = tuple(f"No month is possible: {words}." for words in alone)
        return _left_out(data, number, "impossible", reasons[0], reasons=reasons)
    # a short list of rules that together close every month: the widest first
    open_, words = np.ones(len(own), bool), []
    while open_.any():
        hit, bar = max(bars, key=lambda item: int((item[0] & open_).sum()))
        open_ &= ~hit
        words.append(bar.words)
    reason = f"Every month is closed by one rule or another: {'; '.join(words)}."
    return _left_out(data, number, "impossible", reason, reasons=(reason, f"{mission.title!r} needs one open month."))


def _explain(beside: _Beside, tally: Tally, candidate: _Candidate, *, thorough: bool) -> LeftOut:
    data, solution = beside.data, beside.solution
    number = candidate.mission
    asked = candidate.slots
    if candidate.gain <= _NOTHING:
        # what else is in its way is only told beside the reason: some of its months will do
        asked = asked[:: max(1, len(asked) // _SAMPLE)]
    hindrances = [tally.hindrance(int(slot)) for slot in asked]
    kinds = sorted({(kind, record) for kind, _, record in hindrances})
    why = "; ".join(_WORDS[kind].format(_title(data, kind, record)) for kind, record in kinds[:3])
    if candidate.gain <= _NOTHING:
        return _left_out(
            data, number, "no_value", _worthless(data, solution, candidate), reasons=(f"With the rest kept: {why}.",)
        )
    excluded = next((record for kind, record in kinds if kind == "exclusion"), None)
    kind: LeftOutKind = "excluded" if excluded else "displaced"
    change = _money_change(beside, hindrances, candidate, verify=thorough)
    base = f"It would add up to {points(candidate.gain)}, but with the rest of the plan kept {why}."
    if not thorough:
        return _left_out(data, number, kind, base, change=change, examined=False)
    forced = beside.forced(number)
    if forced is None:
        reason = f"It cannot be brought in beside what must be in the plan: {why}."
        return _left_out(data, number, "impossible", reason, change=change)
    loss = solution.value - value_of(data, forced.tolist())
    gone = sorted(set(data.slot_mission[solution.slots].tolist()) - set(data.slot_mission[forced].tolist()))
    displaced = tuple(Named(id=data.missions[n].id, title=data.missions[n].title) for n in gone)
    if loss <= max(0.0, solution.bound - solution.value):
        kind = "not_proven" if kind == "displaced" else kind
    named = ", ".join(repr(row.title) for row in displaced) or "nothing"
    lost = points(max(loss, 0.0))
    reason = f"It would add up to {points(candidate.gain)} and displace {named}: the plan would lose {lost} at most."
    scale = _scale_needed(data, solution, forced, number)
    effect = f"It would come in if its benefits were judged {scale:.1f} times as high." if scale else ""
    changes = " Or: ".join(filter(None, (change, effect)))
    return _left_out(data, number, kind, reason, reasons=(reason, base), loss=loss, displaces=displaced, change=changes)


def _worthless(data: PlanData, solution: Solution, candidate: _Candidate) -> str:
    best = int(candidate.slots[0])
    row = data.contributions[best]
    n = parts_of(data, solution.slots.tolist()).n
    ends = data.desk.info.settings.value_breakpoints[-1][0]
    titles = {objective.id: objective.title for objective in data.desk.objectives}
    names = data.options.objectives
    helped = [k for k in np.argsort(-row) if row[k] > 0]
    if not helped:
        return "It helps no objective."
    if all(n[k] >= ends for k in helped):
        served = ", ".join(repr(titles[names[k]]) for k in helped[:2])
        return f"The objectives it helps ({served}) are already taken as far as counts."
    harms = ", ".join(repr(titles[names[k]]) for k in np.argsort(row) if row[k] < 0)
    harm = f", harm to {harms}" if harms else ""
    return f"Its risk, spill-over{harm} or weak effects outweigh what it adds to this plan ({points(candidate.gain)})."


def _money_change(
    beside: _Beside, hindrances: Sequence[tuple[str, float, str]], candidate: _Candidate, *, verify: bool
) -> str:
    """Name the least money with which the budgets would bear the mission beside the plan, and whether it comes in."""
    data = beside.data
    short = [
        (size, record, int(slot))
        for (kind, size, record), slot in zip(hindrances, candidate.slots, strict=False)
        if kind == "money"
    ]
    if not short:
        return ""
    size, record, slot = min(short)
    month = data.month(int(data.slots.start[slot]))
    currency = data.desk.info.currency
    budget = _title(data, "money", record)
    more = f"{ceil(size):,} {currency} more in budget {budget}"
    if not verify:
        return f"There would be money for it from {month} with {more}; the plan may have a better use for that."
    if beside.enters(candidate.mission, budget=record, amount=float(ceil(size)), month=int(data.slots.start[slot])):
        return (
            f"{more[:1].upper()}{more[1:]}, usable from {month}, is enough to bring it in (solved again); less may do."
        )
    return f"{more[:1].upper()}{more[1:]} would pay for it from {month}, but something else keeps it out."


class _Beside:
    """The plan with one mission beside it: what is chosen keeps its slot or leaves, the mission may take any slot."""

    def __init__(self, data: PlanData, solution: Solution, engine: Engine) -> None:
        self.data, self.solution, self.engine = data, solution, engine
        model = solution.model
        self.chosen = np.isin(model.slots, solution.slots)
        self.mission_row = {
            model.rows[number].record: number for number in np.flatnonzero(model.rows.of_kinds({"mission"})).tolist()
        }
        self.allotment_row = {
            model.rows[number].index: number for number in np.flatnonzero(model.rows.of_kinds({"allotment"})).tolist()
        }

    def forced(self, number: int) -> NDArray[np.int64] | None:
        """Force a mission in; None where it cannot stand beside what must be in."""
        row = self.mission_row[self.data.missions[number].id]
        return self._solved(number, lower={row: 1.0})

    def enters(self, number: int, *, budget: str, amount: float, month: int) -> bool:
        """Say whether the mission is chosen once a budget holds so much more from a month on."""
        funds = self.data.funds
        own = [
            a
            for a in self.allotment_row
            if funds.budgets[funds.allotment_budget[a]] == budget
            and funds.allotment_first[a] <= max(month, 0) <= funds.allotment_last[a]
        ]
        if not own:
            return False
        row = self.allotment_row[own[0]]
        more = self.solution.model.problem.row_upper[row] + amount / MONEY_UNIT
        slots = self._solved(number, upper={row: more})
        return slots is not None and number in self.data.slot_mission[slots]

    def _solved(
        self, number: int, *, lower: Mapping[int, float] | None = None, upper: Mapping[int, float] | None = None
    ) -> NDArray[np.int64] | None:
        data, model = self.data, self.solution.model
        allowed = data.with_predecessors({number})
        x = self.chosen | np.isin(data.slot_mission[model.slots], sorted(allowed))
        keep = np.ones(len(model.problem.cost), bool)
        keep[: len(x)] = x
        keep[model.option_columns] = np.isin(model.options, np.unique(data.slots.option[model.slots[x]]))
        asked = set(data.demand.staff_class[np.isin(data.demand.slot, model.slots[x])].tolist())
        for staff_class, flow in model.flows:
            keep[flow] = staff_class in asked
        problem, columns = without_columns(_with_sides(model.problem, lower or {}, upper or {}), keep)
        answer = self.engine.solve(problem, Request(gap=1e-4, seconds=5.0))
        if answer.x is None:
            return None
        whole = np.zeros(len(keep))
        whole[columns] = answer.x
        return model.chosen(whole)


def _with_sides(problem: Problem, lower: Mapping[int, float], upper: Mapping[int, float]) -> Problem:
    low, high = problem.row_lower.copy(), problem.row_upper.copy()
    for row, side in lower.items():
        low[row] = side
    for row, side in upper.items():
        high[row] = side
    return replace(problem, row_lower=low, row_upper=high)


def _scale_needed(data: PlanData, solution: Solution, forced: NDArray[np.int64], number: int) -> float | None:
    """Find how many times its benefits must be judged for the plan with it to be as good."""
    place = np.flatnonzero(data.slot_mission[forced] == number)[0]
    rows = data.contributions[forced]
    gain = np.maximum(rows[place], 0.0)

    def value_at(scale: float) -> float:
        changed = rows.copy()
        changed[place] = rows[place] + (scale - 1.0) * gain
        return parts_of(data, forced.tolist(), contributions=changed).value

    if value_at(10.0) < solution.value:
        return None
    low, high = 1.0, 10.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if value_at(middle) >= solution.value else (middle, high)
    return high if high > 1.001 else None


def _title(data: PlanData, kind: str, record: str) -> str:
    if kind == "visits":
        return actor_words(record)
    if kind == "cap":
        return _cap_words(data, record)
    for group in (data.missions, data.desk.budgets, data.desk.authorities):
        for row in group:
            if row.id == record:
                return f"{row.title!r}"
    return f"{record!r}" if record else ""


def _cap_words(data: PlanData, record: str) -> str:
    for cap in data.desk.risk_caps:
        if cap.id == record:
            return risk_cap_words(data.desk, cap)
    return next(spill_cap_words(data.desk, cap) for cap in data.desk.spill_caps if cap.id == record)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _left_out(
    data: PlanData,
    number: int,
    kind: LeftOutKind,
    reason: str,
    *,
    reasons: tuple[str, ...] = (),
    loss: float | None = None,
    displaces: tuple[Named, ...] = (),
    change: str = "",
    examined: bool = True,
) -> LeftOut:
    mission = data.missions[number]
    return LeftOut(
        mission=mission.id,
        title=mission.title,
        kind=kind,
        reason=reason,
        reasons=tuple(dict.fromkeys((reason, *reasons))),
        loss=loss,
        displaces=displaces,
        what_would_change=change,
        examined=examined,
    )
