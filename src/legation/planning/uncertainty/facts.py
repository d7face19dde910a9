"""Facts that are open today and known later: a partner's answer, a mission's, a gate, the level of a relation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from legation.actors.lookup import actor
from legation.desk.months import month_number
from legation.errors import InputError, MissingEvidenceError, UnknownRecordError
from legation.planning.data import PlanData
from legation.planning.uncertainty.changes import Case, apply_case, outlook_between, with_answers
from legation.planning.uncertainty.draws import Willing, humanitarian_missions
from legation.planning.uncertainty.forecast import STEPS, RelationForecast
from legation.planning.uncertainty.outlook import Outlook
from legation.relations.levels import LEVELS

__all__ = ["KINDS", "Fact", "fact_of"]

KINDS = ("mission", "partner", "gate", "level")
_MOST_OUTCOMES = 8
_NEGLIGIBLE = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Fact:
    """A fact with its outcomes.

    Attributes
    ----------
    words
        What is waited for, as a clause.
    month
        The first month in which it is known, from 0.
    names, outlooks, probabilities
        Each outcome in words, what missions bring in it, and how likely it is, shape (O,), sum 1.
    touched
        Numbers of the missions that it concerns.
    data
        The desk, without the starts that nobody could choose before the fact is known.
    """

    words: str
    month: int
    names: tuple[str, ...]
    outlooks: tuple[Outlook, ...]
    probabilities: NDArray[np.float64]
    touched: NDArray[np.int64]
    data: PlanData


def fact_of(
    data: PlanData,
    name: str,
    *,
    month: str,
    chance: float | None = None,
    forecast: RelationForecast | None = None,
    willingness_per_level: float = 0.5,
) -> Fact:
    """Read a fact.

    Parameters
    ----------
    data
        The desk.
    name
        ``mission:ID`` (do its partners accept it), ``partner:FIN`` (what does the partner answer to all political
        missions: who accepts the less likely also accepts the more likely), ``gate:ID`` (is it passed) or
        ``level:FIN`` (the level of the relation).
    month
        From which month it is known, YYYY-MM.
    chance
        How likely a gate is passed; the others follow from what the desk judged.
    forecast
        Needed for ``level:``.
    willingness_per_level
        How far one step of a level shifts the log-odds of answers.

    Raises
    ------
    InputError
        When the name or the month cannot be used, or nothing about the fact is open.
    UnknownRecordError
        When the desk has no such mission, partner or gate.
    MissingEvidenceError
        When the level is asked for and no forecast holds it.
    """
    check_fact(name, month=month, chance=chance)
    kind, _, record = name.partition(":")
    when = month_number(month, start=data.desk.info.start)
    if not 0 < when < data.horizon:
        raise InputError(
            f"{month} is not within the plan, or is its first month: nothing is decided before it.",
            remedy=f"Name a month from {data.month(1)} to {data.month(data.horizon - 1)}.",
        )
    if kind == "gate":
        return _gate(data, record, month=when, chance=chance)
    if kind == "mission":
        return _mission(data, record, month=when)
    if kind == "partner":
        return _partner(data, record, month=when)
    return _level(data, record, month=when, forecast=forecast, per_level=willingness_per_level)


def check_fact(name: str, *, month: str, chance: float | None = None) -> None:
    """Refuse what cannot be waited for on any desk, before one is opened.

    Raises
    ------
    InputError
        When the name, the month or the chance has not the form that `fact_of` takes.
    """
    kind, _, record = name.partition(":")
    if kind not in KINDS or not record:
        raise InputError(f"{name!r} is no fact to wait for.", remedy=f"Write {', '.join(f'{k}:ID' for k in KINDS)}.")
    month_number(month, start=month)
    if kind != "gate" and chance is not None:
        raise InputError(f"A chance of {chance} was given for {name!r}.", remedy="Give --chance for a gate alone.")
    if kind == "gate" and (chance is None or not 0 < chance < 1):
        raise InputError(
            f"How likely gate {record!r} is passed is not known: the desk states no chance for gates.",
            remedy="Give --chance, above 0 and below 1.",
        )


def _fact(
    data: PlanData,
    *,
    words: str,
    month: int,
    outcomes: Sequence[tuple[str, float, Outlook]],
    touched: Sequence[int] | NDArray[np.int64],
) -> Fact:
    kept = [outcome for outcome in outcomes if outcome[1] > _NEGLIGIBLE]
    if len(kept) < 2:
        only = kept[0][0] if kept else "none"
        raise InputError(
            f"Nothing is open about {words}: the only outcome is {only!r}.", remedy="Wait for something that is."
        )
    if len(kept) > _MOST_OUTCOMES:
        raise InputError(
            f"{words.capitalize()} has {len(kept)} outcomes, more than {_MOST_OUTCOMES}.",
            remedy="Wait for one mission's answer instead.",
        )
    shares = np.array([outcome[1] for outcome in kept])
    return Fact(
        words=words,
        month=month,
        names=tuple(outcome[0] for outcome in kept),
        outlooks=tuple(outcome[2] for outcome in kept),
        probabilities=shares / shares.sum(),
        touched=np.unique(np.asarray(touched, np.int64)),
        data=data,
    )


def _number(data: PlanData, mission: str) -> int:
    number = next((n for n, row in enumerate(data.missions) if row.id == mission), None)
    if number is None:
        raise UnknownRecordError(
            f"The desk has no open mission {mission!r}.", remedy="Name a candidate; see legation desk check."
        )
    return number


def _answered(data: PlanData, answers: dict[tuple[str, str], float], name: str) -> Outlook:
    return outlook_between(data, with_answers(data.desk, answers), name=name, relations=data.relations)


def _mission(data: PlanData, mission: str, *, month: int) -> Fact:
    number = _number(data, mission)
    row = data.missions[number]
    own = np.flatnonzero(data.mission_of == number)
    chance = float(data.options.accept[1, own[0]]) if len(own) else 0.0
    outcomes = [
        (words, share, _answered(data, dict.fromkeys(((row.id, p) for p in row.partners), answer), words))
        for words, share, answer in (("accepted", chance, 1.0), ("refused", 1 - chance, 0.0))
    ]
    return _fact(data, words=f"whether {row.title!r} is accepted", month=month, outcomes=outcomes, touched=[number])


def _partner(data: PlanData, partner: str, *, month: int) -> Fact:
    aid, willing = humanitarian_missions(data), Willing(data)
    chances: dict[int, float] = {}
    for number, mission in enumerate(data.missions):
        if partner in mission.partners and mission.status == "candidate" and not aid[number]:
            row = willing.row(mission, partner)
            chances[number] = data.desk.info.default_willingness if row is None else row.likely
    if not chances:
        raise UnknownRecordError(
            f"The desk has no political mission with {partner!r} that can still be chosen.",
            remedy="Name a partner of a candidate.",
        )
    name = actor(partner).name
    steps = sorted(set(chances.values()))
    edges = [0.0, *steps, 1.0]
    outcomes = []
    for low, high in pairwise(edges):
        # the answer is one number between 0 and 1: a mission is accepted where its chance lies above it
        yes = [number for number, chance in chances.items() if chance >= high]
        words = (
            f"{name} accepts all"
            if len(yes) == len(chances)
            else f"{name} refuses all"
            if not yes
            else f"{name} accepts {len(yes)} of {len(chances)}"
        )
        answers = {(data.missions[n].id, partner): float(n in yes) for n in chances}
        if high - low > _NEGLIGIBLE:
            outcomes.append((words, high - low, _answered(data, answers, words)))
    return _fact(data, words=f"what {name} answers", month=month, outcomes=outcomes, touched=list(chances))


def _gate(data: PlanData, gate: str, *, month: int, chance: float | None) -> Fact:
    row = next((item for item in data.desk.gates if item.id == gate), None)
    if row is None or row.status != "pending":
        pending = ", ".join(item.id for item in data.desk.gates if item.status == "pending") or "none"
        raise UnknownRecordError(f"The desk has no pending gate {gate!r}.", remedy=f"Name one of: {pending}.")
    assert chance is not None
    touched = [
        n for n, mission in enumerate(data.missions) if mission.id in row.missions and mission.status != "executing"
    ]
    early = np.isin(data.slot_mission, touched) & (data.slots.start < month)
    later = replace(data, open=data.open & ~early)
    lost = np.isin(data.mission_of, touched)
    every = np.arange(len(data.options.missions))
    gone = set(touched)
    failed = Outlook(
        name="failed",
        delta=np.where(lost[:, None], -data.options.contributions(every), 0.0),
        bonuses=tuple(bonus for bonus in data.bonuses if gone.isdisjoint(bonus.missions)),
        shift=np.where(lost[:, None], 0.0, data.spill.shift),
    )
    passed = Outlook(name="passed", delta=np.zeros_like(failed.delta), bonuses=data.bonuses, shift=data.spill.shift)
    outcomes = [("passed", chance, passed), ("failed", 1 - chance, failed)]
    return _fact(later, words=f"whether gate {row.title!r} is passed", month=month, outcomes=outcomes, touched=touched)


def _level(data: PlanData, actor: str, *, month: int, forecast: RelationForecast | None, per_level: float) -> Fact:
    shares = None if forecast is None else forecast.outcomes(actor, months=month)
    if forecast is None or shares is None:
        raise MissingEvidenceError(
            f"Nothing is known of how the relation with {actor!r} may stand.",
            remedy="Name a state that the relations hold, with --relations drift.",
        )
    now = forecast.today[forecast.actors.index(forecast.observer), forecast.actors.index(actor)]
    today = int(np.argmax(now))
    outcomes = []
    for code in np.flatnonzero(shares > _NEGLIGIBLE):
        steps = int(np.clip(STEPS[code] - STEPS[today], -4, 4))
        case = Case(id=f"level-{code}", levels={actor: steps})
        desk = apply_case(data.desk, case, willingness_per_level=per_level)
        words = LEVELS[code].words
        outcomes.append((words, float(shares[code]), outlook_between(data, desk, name=words, relations=data.relations)))
    aid = humanitarian_missions(data)
    touched = [n for n, m in enumerate(data.missions) if actor in m.partners and m.status == "candidate" and not aid[n]]
    return _fact(data, words=f"the level of the relation with {actor}", month=month, outcomes=outcomes, touched=touched)
