"""Named shocks: a refusal, a loss, a cut, a ban, an alliance that shifts, a changed effect, each applied to a desk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

import msgspec
import numpy as np

from legation.desk import constraints, people
from legation.desk.desk import Desk
from legation.desk.missions import Mission
from legation.desk.months import first_day, last_day, month_number, month_text
from legation.errors import InputError, UnknownRecordError
from legation.planning.actor_words import actor_words
from legation.planning.record_words import position_words
from legation.relations.snapshot import RelationsSnapshot

__all__ = [
    "LEVELS", "Ban", "Cut", "Effect", "Lose", "Refuse", "Shift", "Shock", "Situation", "apply_shocks", "words_of_shock",
]  # fmt: skip

LEVELS = (
    "severe_rivalry", "lesser_rivalry", "negative_peace", "warm_peace", "security_community", "negligible_contact",
)  # fmt: skip
_ALIGNMENT = (-0.8, -0.4, 0.0, 0.4, 0.8, 0.0)
"""Alignment taken for a level of which the snapshot has no pair; otherwise it is the mean of its pairs."""


@dataclass(frozen=True)
class Situation:
    """A desk, how actors stand, the month it is, missions under way that were called off, and money that is gone.

    `drawn` gives the share of allotments, by key, that was spent before the month; a cut cannot reach it.
    """

    desk: Desk
    relations: RelationsSnapshot | None
    now: str
    ended: frozenset[str] = frozenset()
    drawn: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Refuse:
    """A partner refuses a mission, or (without one) every mission that has not begun."""

    partner: str
    mission: str | None = None


@dataclass(frozen=True, kw_only=True)
class Lose:
    """A position, or all positions that a person holds, cannot be used from a month on."""

    who: str
    start: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A share of what a budget may still draw is taken away."""

    budget: str
    share: float


@dataclass(frozen=True, kw_only=True)
class Ban:
    """No mission with an actor, or on its soil, from one month to another."""

    actor: str
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Two actors (the second is the observer when left out) come to stand at another level."""

    actor: str
    level: str
    other: str | None = None


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A mission's effects on an objective are judged anew: this many points."""

    mission: str
    objective: str
    points: float


Shock = Refuse | Lose | Cut | Ban | Shift | Effect


def apply_shocks(situation: Situation, shocks: Iterable[Shock], *, begun: Sequence[str] = ()) -> Situation:
    """Give the situation after all shocks, one after the other; nothing given is changed.

    Parameters
    ----------
    situation
        The desk, the relations and the month.
    shocks
        What happened.
    begun
        Missions under way: a partner that refuses one of them ends it.

    Raises
    ------
    UnknownRecordError
        When a shock names a record that the desk does not hold.
    InputError
        When a value is out of range, or relations are needed and missing.
    """
    for shock in shocks:
        situation = _apply(situation, shock, frozenset(begun))
    return situation


def words_of_shock(shock: Shock, desk: Desk) -> str:
    """Say a shock as a sentence."""
    if isinstance(shock, Refuse):
        what = f"mission {_mission(desk, shock.mission).title!r}" if shock.mission else "every mission not yet begun"
        return f"{_start(actor_words(shock.partner))} refuses {what}."
    if isinstance(shock, Lose):
        person = next((row.name for row in desk.persons if row.id == shock.who), "")
        return f"{person or position_words(desk, shock.who)} cannot be used from {shock.start or 'now'} on."
    if isinstance(shock, Cut):
        title = next((row.title for row in desk.budgets if row.id == shock.budget), shock.budget)
        return f"Budget {title!r} loses {shock.share:.0%} of what it could still draw."
    if isinstance(shock, Ban):
        span = f"from {shock.start or 'now'} to {shock.end or 'the end'}"
        return f"No mission with {actor_words(shock.actor)} or on its soil {span}."
    if isinstance(shock, Shift):
        two = f"{actor_words(shock.actor)} and {actor_words(shock.other or desk.info.observer)}"
        return f"{_start(two)} come to stand at {shock.level.replace('_', ' ')}."
    aim = next((row.title for row in desk.objectives if row.id == shock.objective), shock.objective)
    return f"Mission {_mission(desk, shock.mission).title!r} now gives {shock.points:g} points to {aim!r}."


def _apply(situation: Situation, shock: Shock, begun: frozenset[str]) -> Situation:
    if isinstance(shock, Refuse):
        return _refuse(situation, shock, begun)
    if isinstance(shock, Lose):
        return replace(situation, desk=_lose(situation, shock))
    if isinstance(shock, Cut):
        return replace(situation, desk=_cut(situation, shock))
    if isinstance(shock, Ban):
        return replace(situation, desk=_ban(situation, shock))
    if isinstance(shock, Shift):
        return replace(situation, relations=_shift(situation, shock))
    return replace(situation, desk=_effect(situation, shock))


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]


def _mission(desk: Desk, name: str | None) -> Mission:
    found = next((mission for mission in desk.missions if mission.id == name), None)
    if found is None:
        raise _unknown("mission", str(name), [mission.id for mission in desk.missions])
    return found


def _unknown(kind: str, name: str, known: Sequence[str]) -> UnknownRecordError:
    near = [one for one in known if one[:3] == name[:3]][:5] or list(known[:5])
    listed = f"It holds {', '.join(near)}{' and others' if len(known) > len(near) else ''}." if known else ""
    return UnknownRecordError(f"The desk holds no {kind} {name!r}.", remedy=listed or "Check the id.")


def _refuse(situation: Situation, shock: Refuse, begun: frozenset[str]) -> Situation:
    desk = situation.desk
    if shock.mission is not None:
        rows = [_mission(desk, shock.mission)]
    else:
        rows = [
            row for row in desk.missions
            if shock.partner in row.partners and row.status in {"candidate", "committed"} and row.id not in begun
        ]  # fmt: skip
    ended = set(situation.ended)
    for row in rows:
        if shock.partner not in row.partners:
            raise InputError(
                f"{shock.partner!r} is no partner of mission {row.id!r}.",
                remedy=f"Its partners are {', '.join(row.partners)}.",
            )
        if row.id in begun or row.status == "executing":
            ended.add(row.id)
            continue
        refused = {
            w.partner for w in desk.willingness if w.mission == row.id and w.likely == 0 and w.partner in row.partners
        } | {shock.partner}
        desk = _unwilling(desk, row, shock.partner, situation.now)
        if _called_off(desk, row, refused):
            desk = _cancelled(desk, row, shock.partner)
    if not rows:
        raise InputError(
            f"No mission with {shock.partner!r} is still to begin.", remedy="Name a partner of a candidate mission."
        )
    return replace(situation, desk=desk, ended=frozenset(ended))


def _called_off(desk: Desk, mission: Mission, refused: AbstractSet[str]) -> bool:
    """Say whether too few are left: each partner that leads must accept, and of the others as many as the quorum."""
    leads = {lead.actor for lead in desk.leads if lead.mission == mission.id}
    others = set(mission.partners) - leads
    quorum = len(others) if mission.quorum is None else mission.quorum
    return bool(leads & refused) or len(others - refused) < quorum


def _unwilling(desk: Desk, mission: Mission, partner: str, now: str) -> Desk:
    row = constraints.Willingness(
        partner=partner, mission=mission.id, low=0.0, likely=0.0, high=0.0, judged=first_day(now), source="refused"
    )
    kept = tuple(w for w in desk.willingness if (w.partner, w.mission) != (partner, mission.id))
    return msgspec.structs.replace(desk, willingness=(*kept, row))


def _cancelled(desk: Desk, mission: Mission, partner: str) -> Desk:
    """Take a mission that can no longer go ahead off the table: a promise or pin cannot bring it back."""
    rows = tuple(
        msgspec.structs.replace(row, status="candidate", must_do=False, start=None, mode=None)
        if row.id == mission.id
        else row
        for row in desk.missions
    )
    pin = constraints.Pin(mission=mission.id, decision="out", reason=f"{actor_words(partner)} refused")
    pins = (*(row for row in desk.pins if row.mission != mission.id), pin)
    return msgspec.structs.replace(desk, missions=rows, pins=pins)


def _lose(situation: Situation, shock: Lose) -> Desk:
    desk = situation.desk
    begin = first_day(max(shock.start or situation.now, situation.now))
    end = last_day(month_text(desk.info.months - 1, start=desk.info.start))
    if begin > end:
        raise InputError(f"{shock.start} lies after the plan's end.", remedy="Give a month of the plan.")
    positions = [position.id for position in desk.positions]
    if shock.who in positions:
        hit = [(shock.who, begin, end)]
    elif shock.who in {person.id for person in desk.persons}:
        hit = [
            (row.position, max(begin, row.start), min(end, row.end or end))
            for row in desk.holders
            if row.person == shock.who and row.start <= end and (row.end is None or row.end >= begin)
        ]
        if not hit:
            raise InputError(
                f"Person {shock.who!r} holds no position from {shock.start or situation.now} on.",
                remedy="Name the position that is lost.",
            )
    else:
        raise _unknown("position or person", shock.who, positions)
    taken = {(row.position, row.start) for row in desk.absences}
    rows = []
    for position, first, last in hit:
        if (position, first) in taken:
            first = date.fromordinal(first.toordinal() + 1)  # noqa: PLW2901 - a row's key is its first day
        rows.append(people.Absence(position=position, start=first, end=last, reason="lost"))
    return msgspec.structs.replace(desk, absences=(*desk.absences, *rows))


def _cut(situation: Situation, shock: Cut) -> Desk:
    desk = situation.desk
    if shock.budget not in {budget.id for budget in desk.budgets}:
        raise _unknown("budget", shock.budget, [budget.id for budget in desk.budgets])
    if not 0 < shock.share <= 1:
        raise InputError(f"A cut of {shock.share:.0%} is no cut.", remedy="Give more than 0 % and at most 100 %.")
    now = month_number(situation.now, start=desk.info.start)
    rows = tuple(
        msgspec.structs.replace(row, amount=_less(row.amount, shock.share, situation.drawn.get(row.key, 0.0)))
        if row.budget == shock.budget and month_number(row.expires, start=desk.info.start) >= now
        else row
        for row in desk.allotments
    )
    return msgspec.structs.replace(desk, allotments=rows)


def _less(amount: Decimal, share: float, drawn: float) -> Decimal:
    """Take a share of what is left of an amount, rounded down so that nobody is cut by more."""
    cut = amount * (1 - Decimal(str(drawn))) * Decimal(str(share))
    return amount - cut.quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def _ban(situation: Situation, shock: Ban) -> Desk:
    desk = situation.desk
    actor_words(shock.actor)
    begin = first_day(max(shock.start or situation.now, situation.now))
    end = None if shock.end is None else last_day(shock.end)
    if end is not None and end < begin:
        raise InputError(f"A ban from {begin} to {end} has no day.", remedy="Give the earlier month first.")
    known = {row.id for row in desk.bans}
    stem = "shock-" + re.sub(r"[^a-z0-9]", "-", shock.actor.lower())
    reason = f"ban on {actor_words(shock.actor)}"
    with_it = constraints.Ban(
        id=_fresh(f"{stem}-partner", known), reason=reason, start=begin, end=end, partners=(shock.actor,)
    )
    there = constraints.Ban(
        id=_fresh(f"{stem}-place", known), reason=reason, start=begin, end=end, places=(shock.actor,)
    )
    rows = (with_it, there)
    return msgspec.structs.replace(desk, bans=(*desk.bans, *rows))


def _fresh(name: str, known: set[str]) -> str:
    while name in known:
        name += "-x"
    return name


def _shift(situation: Situation, shock: Shift) -> RelationsSnapshot:
    relations = situation.relations
    if relations is None:
        raise InputError("A shift of relations needs relations.", remedy="Give a relations snapshot with the desk.")
    if shock.level not in LEVELS:
        raise InputError(f"{shock.level!r} is no level of relations.", remedy=f"Give one of {', '.join(LEVELS)}.")
    other = shock.other or relations.observer
    row, column, level = relations.index(shock.actor), relations.index(other), LEVELS.index(shock.level)
    if row == column:
        raise InputError(f"{shock.actor!r} has no relation with itself.", remedy="Name two actors: A/B:level.")
    pairs = (relations.level == level) & ~np.isnan(relations.alignment)
    value = float(relations.alignment[pairs].mean()) if pairs.any() else _ALIGNMENT[level]
    alignment, levels = relations.alignment.copy(), relations.level.copy()
    alignment[row, column] = alignment[column, row] = value
    levels[row, column] = levels[column, row] = level
    return replace(relations, alignment=alignment, level=levels)


def _effect(situation: Situation, shock: Effect) -> Desk:
    desk = situation.desk
    _mission(desk, shock.mission)
    hit = [row for row in desk.effects if (row.mission, row.objective) == (shock.mission, shock.objective)]
    if not hit:
        known = [row.objective for row in desk.effects if row.mission == shock.mission and row.objective]
        raise _unknown(f"effect of {shock.mission!r} on", shock.objective, known)
    if not -3 <= shock.points <= 3:
        raise InputError(f"{shock.points:g} effect points are out of range.", remedy="Give points from -3 to 3.")
    day = first_day(situation.now)
    rows = tuple(
        msgspec.structs.replace(
            row, low=shock.points, likely=shock.points, high=shock.points, judged=day, basis="assessment"
        )
        if row in hit
        else row
        for row in desk.effects
    )
    return msgspec.structs.replace(desk, effects=rows)
