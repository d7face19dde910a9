"""Which single fact would change the plan: the smallest change of an effect, a chance, a gate or a budget that does."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from legation.planning.data import PlanData, plan_data
from legation.planning.explain.core import Answered, Core
from legation.planning.explain.missions import named, with_money
from legation.planning.explain.result import DecisiveFact
from legation.planning.value import value_of

__all__ = ["decisive_facts"]

_STEPS = 4
_CANDIDATES = 12


@dataclass(frozen=True)
class _Question:
    """One fact that may be otherwise: how the desk looks with it changed by a share, and how far it may go."""

    kind: str
    record: str
    title: str
    before: float
    changed: Callable[[float], PlanData]
    most: float
    words: str


def decisive_facts(
    core: Core, *, most: int = 8, seconds: float = 60.0, progress: Callable[[str], None] | None = None
) -> tuple[DecisiveFact, ...]:
    """Give the facts of which the smallest change makes another plan the best, the most delicate first.

    Each is found by halving the change and solving again, and holds as shown: with the fact at `after`, the best plan
    found has other missions and is worth more than the present one is then.

    Parameters
    ----------
    core
        The plan's neighbourhood.
    most
        How many facts to give.
    seconds
        Limit on the whole search.
    progress
        Told how many facts were asked about, and how many of them decide.
    """
    end = time.monotonic() + seconds
    out: list[DecisiveFact] = []
    for asked, question in enumerate(_questions(core)):
        if time.monotonic() > end or core.halt.is_set():
            break
        if progress is not None:
            progress(f"facts: {asked} asked, {len(out)} decide; now {question.title!r}")
        fact = _threshold(core, question)
        if fact is not None:
            out.append(fact)
    out.sort(key=lambda row: (abs(row.size), row.kind, row.record))
    return tuple(out[:most])


def _other(core: Core, data: PlanData) -> Answered | None:
    """Give the best plan on a changed desk where it has other missions and beats the present plan there."""
    found = core.solve(data=data)
    if found is None or found.missions(core.data) == core.base.missions(core.data):
        return None
    stays = bool(data.open[list(core.base.slots)].all())
    better = found.value > value_of(data, list(core.base.slots)) + _MARGIN
    return found if better or not stays else None


_MARGIN = 1e-7


def _threshold(core: Core, question: _Question) -> DecisiveFact | None:
    found = _other(core, question.changed(question.most))
    if found is None:
        return None
    low, high = 0.0, question.most
    if question.kind != "gate":
        for _ in range(_STEPS):
            middle = (low + high) / 2
            answer = _other(core, question.changed(middle))
            low, high, found = (low, middle, answer) if answer is not None else (middle, high, found)
    data = core.data
    before, after = core.base.missions(data), found.missions(data)
    comes, goes = named(data, after - before), named(data, before - after)
    value = question.before * (1 + high)
    come = ", ".join(repr(row.title) for row in comes) or "nothing"
    gone = ", ".join(repr(row.title) for row in goes) or "nothing"
    lead = question.words.replace("{size}", f"{abs(high):.0%}").replace("{after_percent}", _percent(value))
    return DecisiveFact(
        kind=question.kind,  # type: ignore[arg-type]
        record=question.record,
        title=question.title,
        before=question.before,
        after=value,
        size=high,
        comes=comes,
        goes=goes,
        words=f"{lead} {come} would come in and {gone} would leave.",
    )


def _questions(core: Core) -> Iterator[_Question]:
    yield from _budgets(core)
    yield from _gates(core)
    yield from _chances(core)
    yield from _effects(core)


def _budgets(core: Core) -> Iterator[_Question]:
    data, funds = core.data, core.data.funds
    for number, budget in enumerate(funds.budgets):
        whole = float(funds.allotment_amount[funds.allotment_budget == number].sum())
        if whole <= 0:
            continue
        for sign, word in ((-1.0, "less"), (1.0, "more")):
            yield _Question(
                kind="budget",
                record=budget,
                title=funds.titles[number],
                before=whole,
                changed=lambda share, n=number, w=whole: with_money(data, n, share * w),  # type: ignore[misc]
                most=sign * 0.1,
                words=f"If budget {funds.titles[number]!r} held {{size}} {word},",
            )


def _gates(core: Core) -> Iterator[_Question]:
    data = core.data
    for gate in data.desk.gates:
        if gate.status == "passed":
            continue
        passed = gate.status == "failed" or gate.lead_months > 0
        status = "passed" if passed else "failed"

        def changed(_share: float, name: str = gate.id, to: str = status) -> PlanData:
            rows = tuple(msgspec.structs.replace(row, status=to) if row.id == name else row for row in data.desk.gates)
            return plan_data(msgspec.structs.replace(data.desk, gates=rows), relations=data.relations)

        yield _Question(
            kind="gate",
            record=gate.id,
            title=gate.title,
            before=1.0,
            changed=changed,
            most=1.0,
            words=f"If gate {gate.title!r} were {status} at once,",
        )


def _closest(core: Core) -> list[int]:
    """Give the missions whose place hangs on least: small worth for those in, small loss for those out."""
    data = core.data
    whole = core.base.value
    chosen = list(core.base.slots)
    inside = [
        (whole - value_of(data, [s for s in chosen if s != slot]), int(data.slot_mission[slot])) for slot in chosen
    ]
    free = [
        pair for pair in sorted(inside)
        if data.missions[pair[1]].status == "candidate" and pair[0] > 0
    ]  # fmt: skip
    outside = []
    for number in sorted(set(data.slot_mission[core.slots].tolist()) - core.base.missions(data)):
        own = data.slots_by_mission[number]
        own = own[data.open[own]]
        if len(own):
            gain = value_of(data, [*chosen, int(own[0])]) - whole
            outside.append((-gain, number))
    half = _CANDIDATES // 2
    return [number for _, number in free[:half]] + [number for _, number in sorted(outside)[:half]]


def _effects(core: Core) -> Iterator[_Question]:
    data = core.data
    inside = core.base.missions(data)
    titles = {objective.id: objective.title for objective in data.desk.objectives}
    for number in _closest(core):
        mission = data.missions[number]
        row = data.contributions[data.slots_by_mission[number][0]]
        k = int(np.argmax(row))
        if row[k] <= 0:
            continue
        objective = data.options.objectives[k]
        yield _Question(
            kind="effect",
            record=f"{mission.id}|{objective}",
            title=mission.title,
            before=float(row[k]),
            changed=lambda share, n=number, o=k: _one_effect(data, n, o, 1 + share),  # type: ignore[misc]
            most=-0.9 if number in inside else 2.0,
            words=f"If {mission.title!r} gave {{size}} {'less' if number in inside else 'more'} to "
            f"{titles[objective]!r},",
        )


def _accepted(data: PlanData, number: int, factor: float) -> PlanData:
    """Give the desk with a mission accepted so many times as likely: its effects, synergies and spill-over follow."""
    rows, shift = data.contributions.copy(), data.spill.shift.copy()
    rows[data.slots_by_mission[number]] *= factor
    shift[data.options_by_mission[number]] *= factor
    bonuses = tuple(
        dataclasses.replace(bonus, value=bonus.value * factor) if number in bonus.missions else bonus
        for bonus in data.bonuses
    )
    spill = dataclasses.replace(data.spill, shift=shift)
    return dataclasses.replace(data, contributions=rows, spill=spill, bonuses=bonuses)


def _one_effect(data: PlanData, number: int, objective: int, factor: float) -> PlanData:
    rows = data.contributions.copy()
    own = data.slots_by_mission[number]
    rows[own, objective] *= factor
    return dataclasses.replace(data, contributions=rows)


def _chances(core: Core) -> Iterator[_Question]:
    """Ask about the chance that a mission is accepted: all of its effects hang on it."""
    data = core.data
    inside = core.base.missions(data)
    for number in _closest(core):
        mission = data.missions[number]
        options = data.options_by_mission[number]
        chance = float(data.options.accept[1, options[0]])
        if mission.status != "candidate" or not 0 < chance <= 1 or (number not in inside and chance > _CERTAIN):
            continue
        most = -0.9 if number in inside else min(1.0 / chance - 1.0, 2.0)
        yield _Question(
            kind="acceptance",
            record=mission.id,
            title=mission.title,
            before=chance,
            changed=lambda share, n=number: _accepted(data, n, 1 + share),  # type: ignore[misc]
            most=most,
            words=f"If {mission.title!r} were accepted with {{after_percent}} instead of {_percent(chance)},",
        )


def _percent(chance: float) -> str:
    """Write a chance in per cent, with a tenth where it matters."""
    text = f"{100 * chance:.1f}"
    return f"{text.removesuffix('.0')} %"


_CERTAIN = 0.999
