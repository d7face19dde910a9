"""Named cases: a desk as it would be with less money, lower effects, a partner that refuses, a relation that cools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import isfinite, log
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, structs

from legation.desk.base import ActorRef, Id, Title
from legation.desk.constraints import Pin, Willingness
from legation.desk.desk import Desk
from legation.desk.instruments import branch, instrument_tree, is_humanitarian
from legation.desk.missions import Mission
from legation.desk.months import first_day
from legation.errors import InputError, UnknownRecordError
from legation.planning.actor_words import actor_words
from legation.planning.data import PlanData, plan_data
from legation.planning.uncertainty.outlook import Outlook
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["Case", "apply_case", "default_cases", "outlook_between", "with_answers"]

Factor = Annotated[float, Meta(ge=0, le=100)]
Steps = Annotated[int, Meta(ge=-4, le=4)]
_EVERY = "*"


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One named way in which things may stand; what is left out stays as the desk has it.

    Attributes
    ----------
    id, title
        What it is called.
    effects, synergies, willingness
        Which judged value counts as the likely one.
    refuses, accepts
        Partners that refuse, or accept, everything but humanitarian missions, whose answers follow need.
    levels
        Steps by which the relation of the observer with an actor moves; it shifts the willingness for political
        missions as drawn scenarios do.
    money
        Factors on allotments, by budget; ``*`` stands for every budget that is not named.
    out
        Missions that are decided out.
    seed
        Of the search and the draws; the sweep's own when left out.
    """

    id: Id
    title: Title = ""
    effects: Literal["low", "likely", "high"] = "likely"
    synergies: Literal["low", "likely", "high"] = "likely"
    willingness: Literal["low", "likely", "high"] = "likely"
    refuses: tuple[ActorRef, ...] = ()
    accepts: tuple[ActorRef, ...] = ()
    levels: Mapping[ActorRef, Steps] = {}
    money: Mapping[str, Factor] = {}
    out: tuple[Id, ...] = ()
    seed: Annotated[int, Meta(ge=0, lt=2**31)] | None = None

    @property
    def name(self) -> str:
        """The title, or the id where there is none."""
        return self.title or self.id


def default_cases(desk: Desk) -> tuple[Case, ...]:
    """Give the cases that every desk is worth a look at: as judged, all low, all high, and the great partner lost.

    The great partner is the one with most political missions that can still be chosen.
    """
    counts: dict[str, int] = {}
    for mission in _political(desk):
        for partner in mission.partners:
            counts[partner] = counts.get(partner, 0) + 1
    cases = [
        Case(id="judged", title="As judged likely"),
        Case(id="low", title="Effects and willingness low", effects="low", synergies="low", willingness="low"),
        Case(id="high", title="Effects and willingness high", effects="high", synergies="high", willingness="high"),
    ]
    if counts:
        great = min(counts, key=lambda name: (-counts[name], name))
        words = actor_words(great)
        title = f"{words[:1].upper()}{words[1:]} refuses"
        cases.append(Case(id=f"without-{great.lower()}", title=title, refuses=(great,)))
    return tuple(cases)


def apply_case(desk: Desk, case: Case, *, willingness_per_level: float = 0.5) -> Desk:
    """Give the desk as it would be.

    Raises
    ------
    UnknownRecordError
        When the case names a partner, budget or mission that the desk does not have.
    InputError
        When a partner both refuses and accepts, or a factor is no number.
    """
    _check(desk, case)
    changes: dict[str, object] = {}
    if case.effects != "likely":
        changes["effects"] = tuple(structs.replace(row, likely=getattr(row, case.effects)) for row in desk.effects)
    if case.synergies != "likely":
        changes["synergies"] = tuple(
            structs.replace(row, likely=getattr(row, case.synergies)) for row in desk.synergies
        )
    rows = desk.willingness
    if case.willingness != "likely":
        rows = tuple(structs.replace(row, likely=getattr(row, case.willingness)) for row in rows)
    answers = {(m.id, p): 0.0 for m in _political(desk) for p in m.partners if p in case.refuses}
    answers |= {(m.id, p): 1.0 for m in _political(desk) for p in m.partners if p in case.accepts}
    shifted = structs.replace(desk, willingness=rows)
    for actor, steps in case.levels.items():
        answers |= _shifted(shifted, actor, willingness_per_level * steps, taken=answers)
    changes["willingness"] = with_answers(shifted, answers).willingness
    if case.money:
        changes["allotments"] = tuple(
            structs.replace(row, amount=_scaled(row.amount, case.money.get(row.budget, case.money.get(_EVERY, 1.0))))
            for row in desk.allotments
        )
    if case.out:
        kept = tuple(pin for pin in desk.pins if pin.mission not in case.out)
        pins = tuple(Pin(mission=name, decision="out", reason=f"case {case.id}") for name in case.out)
        changes["pins"] = (*kept, *pins)
    return structs.replace(desk, **changes)


def with_answers(desk: Desk, answers: Mapping[tuple[str, str], float]) -> Desk:
    """Give the desk with a sure figure for how likely a partner accepts a mission, by (mission, partner)."""
    day = first_day(desk.info.start)
    kept = tuple(row for row in desk.willingness if (row.mission or "", row.partner) not in answers)
    new = tuple(
        Willingness(partner=partner, mission=mission, low=chance, likely=chance, high=chance, judged=day)
        for (mission, partner), chance in answers.items()
    )
    return structs.replace(desk, willingness=(*kept, *new))


def outlook_between(data: PlanData, desk: Desk, *, name: str, relations: RelationsSnapshot | None) -> Outlook:
    """Give the scenario in which missions bring what they bring on a changed desk; its rules do not count."""
    other = plan_data(desk, relations=relations)
    every = np.arange(len(data.options.missions))
    return Outlook(
        name=name,
        delta=other.options.contributions(every) - data.options.contributions(every),
        bonuses=other.bonuses,
        shift=other.spill.shift,
    )


def _political(desk: Desk) -> Iterable[Mission]:
    tree = instrument_tree(desk.instruments)
    return (
        mission
        for mission in desk.missions
        if mission.status == "candidate"
        and mission.purpose != "humanitarian"
        and not is_humanitarian(mission.instrument, tree=tree)
    )


def _shifted(
    desk: Desk, actor: str, shift: float, *, taken: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    tree = instrument_tree(desk.instruments)
    rows = {(row.partner, row.mission, row.instrument): row.likely for row in desk.willingness}
    out = {}
    for mission in _political(desk):
        if actor not in mission.partners or (mission.id, actor) in taken:
            continue
        line = branch(mission.instrument, tree=tree)
        keys = [(actor, mission.id, None), *((actor, None, name) for name in line), (actor, None, None)]
        chance = next((rows[key] for key in keys if key in rows), desk.info.default_willingness)
        if 0 < chance < 1:
            odds = log(chance / (1 - chance)) + shift
            chance = float(1 / (1 + np.exp(-odds)))
        out[mission.id, actor] = chance
    return out


def _scaled(amount: Decimal, factor: float) -> Decimal:
    # a float's shortest text is the number that was written, so 0.9 stays nine tenths
    return amount * Decimal(repr(float(factor)))


def _check(desk: Desk, case: Case) -> None:
    partners = {partner for mission in desk.missions for partner in mission.partners}
    budgets = {budget.id for budget in desk.budgets} | {_EVERY}
    missions = {mission.id for mission in desk.missions}
    for names, known, what in (
        ((*case.refuses, *case.accepts, *case.levels), partners, "partner"),
        (tuple(case.money), budgets, "budget"),
        (case.out, missions, "mission"),
    ):
        for name in names:
            if name not in known:
                raise UnknownRecordError(
                    f"Case {case.id!r} names {what} {name!r}, which the desk does not have.",
                    remedy=f"Use one of: {', '.join(sorted(known)[:12])}.",
                )
    both = sorted(set(case.refuses) & set(case.accepts))
    if both:
        raise InputError(f"In case {case.id!r} {', '.join(both)} both refuses and accepts.", remedy="Keep one.")
    if not all(isfinite(factor) for factor in case.money.values()):
        raise InputError(f"Case {case.id!r} scales money by no number.", remedy="Give factors like 0.9.")
