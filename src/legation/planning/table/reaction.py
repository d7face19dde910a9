"""Anticipate how a third nation may react to a plan, and what a plan that anticipates it is worth.

Everything follows from assumptions about the third nation's preferences, which are listed with the result. It is a
question put to a plan - what if they react - and never a statement of what they will do. Humanitarian missions are left
out: aid is never a lever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.actors import actor as actor_by_id
from legation.actors import find
from legation.desk.constraints import Pin
from legation.desk.desk import Desk
from legation.errors import InputError, MissingEvidenceError
from legation.planning.actor_words import actor_words
from legation.planning.data import PlanData, plan_data
from legation.planning.engines.base import Engine, Halt
from legation.planning.engines.highs import Highs
from legation.planning.result import Named
from legation.planning.solve import search
from legation.planning.table.reaction_model import (
    CHOICES,
    Assumed,
    Draws,
    Preferences,
    after_choices,
    choice_chances,
    draw,
)
from legation.planning.table.reaction_result import (
    AnticipatedPlan,
    AssumptionShift,
    ChoiceChance,
    CounterResult,
    MissionReaction,
    ThirdNation,
)
from legation.planning.table.reaction_stakes import Open, alignment_of, humanitarian, open_to, with_acceptance
from legation.planning.table.reaction_words import TITLES, assumptions, mission_words, nation_words
from legation.planning.table.result import Range
from legation.planning.value import benefit_of, value_of
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["Limits", "counter"]

Array = NDArray[np.float64]
_PART = 256
_CLEAR = 0.1


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much is looked at and how long is searched.

    Attributes
    ----------
    missions
        Key missions told of, the most valuable of the plan.
    actors
        Third nations looked at where none is named.
    gap, seconds
        Limits of the search for a plan that anticipates; 0 seconds leaves it out. A plan that is searched for first
        has the same gap, and as long as any plan where that is longer.
    """

    missions: int = 8
    actors: int = 3
    gap: float = 0.01
    seconds: float = 30.0

    def __post_init__(self) -> None:
        if not (1 <= self.missions <= 1_000 and 1 <= self.actors <= 50):
            raise InputError(
                f"{self.missions} missions and {self.actors} third nations cannot be told of.",
                remedy="Give 1 to 1000 missions and 1 to 50 nations.",
            )
        if not (0 <= self.gap < 1 and 0 <= self.seconds < float("inf")):
            raise InputError(
                f"A gap of {self.gap} and a limit of {self.seconds} seconds cannot be used.",
                remedy="Give a gap from 0 to below 1, and seconds from 0.",
            )


def counter(
    data: PlanData,
    slots: Sequence[int],
    *,
    relations: RelationsSnapshot,
    actor: str | None = None,
    plan: str = "plan",
    bound: float | None = None,
    assumed: Assumed | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
    halt: Halt | None = None,
    progress: Callable[[str], None] | None = None,
) -> CounterResult:
    """Work out how third nations may react to a plan.

    Parameters
    ----------
    data, slots
        The desk and the plan.
    relations
        How actors stand; the desk's own judgements come first where it has them.
    actor
        The third nation by code or name; where left out, those least aligned with us that could do most.
    plan
        The plan's name in the result.
    bound
        What no plan can be worth more than, where that was proven while the plan was searched for.
    assumed, limits
        What is assumed of the third nation; how much is looked at.
    engine, halt, progress
        Solver of the search for a plan that anticipates; ends it when set; told what is being done.

    Raises
    ------
    InputError
        When the third nation is ourselves, or a limit is out of range.
    MissingEvidenceError
        When nobody is named and the relations hold nobody who stands against us.
    UnknownActorError
        When nobody has that code or name.
    """
    assumed, limits = assumed or Assumed(), limits or Limits()
    work = _Work(data, np.asarray(slots, np.int64), relations, assumed, limits, progress or (lambda _: None))
    chosen = [_named(data, actor)] if actor is not None else work.rivals()
    found = [work.nation(name) for name in chosen]
    found.sort(key=lambda pair: (pair[0].difference, pair[0].actor))
    nations = [nation for nation, _ in found]
    if limits.seconds > 0 and nations:
        # the search takes its time: it is made against the nation whose reactions cost most
        worst, anticipated = found[0]
        plan_after = work.anticipate(anticipated, engine or Highs(), halt or Halt())
        nations[0] = msgspec.structs.replace(worst, anticipated=plan_after)
    desk, value = data.desk, value_of(data, list(slots))
    aside = tuple(
        Named(id=m.id, title=m.title) for m in data.missions if humanitarian(desk, m) and m.status == "candidate"
    )
    return CounterResult(
        desk=desk.info.id,
        title=desk.info.title,
        observer=desk.info.observer,
        plan=plan,
        missions=len(slots),
        value=value,
        gap=None if bound is None else max(bound - value, 0.0) / max(abs(value), 1e-9),
        actors=tuple(nations),
        left_aside=aside,
        not_looked_at=tuple(work.unheld()),
        draws=assumed.draws,
        seed=assumed.seed,
        assumptions=tuple(assumptions(assumed)),
    )


def _named(data: PlanData, text: str) -> str:
    who = find(text).id
    if who == data.desk.info.observer:
        raise InputError(f"{text!r} is the desk's own observer.", remedy="Name a third nation.")
    return who


@dataclass(frozen=True, eq=False)
class _Reactions:
    """What one nation does about m missions of the plan.

    Attributes
    ----------
    chances, by_choice
        Of its choices, and of the partner accepting after each, shape (D, m, 5).
    accept
        That the mission goes ahead, shape (D, m).
    """

    open: Open
    chances: Array
    by_choice: Array
    accept: Array


@dataclass(frozen=True, eq=False)
class _Work:
    data: PlanData
    slots: NDArray[np.int64]
    relations: RelationsSnapshot
    assumed: Assumed
    limits: Limits
    tell: Callable[[str], None]
    known: dict[str, Open] = field(default_factory=dict)

    def opened(self, actor: str) -> Open:
        """Give what the nation could react to, worked out once."""
        if actor not in self.known:
            self.known[actor] = open_to(self.data, self.relations, actor)
        return self.known[actor]

    def unheld(self) -> list[str]:
        """Name the partners whom the relations do not hold."""
        named = {one for mission in self.data.missions for one in mission.partners}
        return sorted(named - set(self.relations.actors) - {self.data.desk.info.observer})

    def rivals(self) -> list[str]:
        """Give the nations that stand against us, those first that could do most."""
        desk = self.data.desk
        scored = []
        for name in self.relations.actors:
            ours = float("nan") if name == desk.info.observer else self._ours(name)
            if not ours < -_CLEAR:
                continue
            opened = self.opened(name)
            planned = np.isin(opened.missions, self.data.slot_mission[self.slots])
            close = (1.0 + np.nan_to_num(opened.stakes.theirs, nan=0.0)) / 2.0
            scored.append((-ours * float((opened.stakes.stake * close)[planned].sum()), name))
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        if not scored:
            observer = actor_words(desk.info.observer)
            raise MissingEvidenceError(
                f"No actor in the relations stands against {observer} (alignment below {-_CLEAR:g}).",
                remedy="Name the third nation with --actor, or keep the desk's own judgement of a relation.",
            )
        return [name for _, name in scored[: self.limits.actors]]

    def _ours(self, name: str) -> float:
        return alignment_of(self.data.desk, self.relations, self.data.desk.info.observer, name)[0]

    def reactions(self, actor: str, assumed: Assumed) -> _Reactions:
        opened = self.opened(actor)
        planned = np.flatnonzero(np.isin(opened.missions, self.data.slot_mission[self.slots]))
        some = opened.only(planned)
        drawn = draw(assumed, partners=len(set(opened.partners)))
        chances, by_choice, partner = _react(assumed, opened, planned, drawn)
        return _Reactions(some, chances, by_choice, some.floor + some.slope * partner)

    def nation(self, actor: str) -> tuple[ThirdNation, dict[tuple[str, str], tuple[float, float, float]]]:
        """Work out one nation's reactions, and the acceptance that it leaves to every mission."""
        self.tell(f"reactions of {actor_words(actor)}")
        found = self.reactions(actor, self.assumed)
        values = self.values(found)
        before = value_of(self.data, self.slots.tolist())
        anticipated = self.acceptance(actor)
        likely = self.value_with(anticipated)
        ours, basis = alignment_of(self.data.desk, self.relations, self.data.desk.info.observer, actor)
        stance = _stance(ours)
        name = actor_by_id(actor).name
        nation = ThirdNation(
            actor=actor,
            name=name,
            stance=stance,
            alignment=None if np.isnan(ours) else ours,
            basis=basis,
            value_after=_range(values, likely=likely),
            difference=likely - before,
            missions=self.missions(found, anticipated),
            sensitivity=tuple(self.shifts(actor, likely)),
            anticipated=None,
            sentence=nation_words(actor_words(actor), stance, before=before, after=_range(values, likely=likely)),
        )
        return nation, anticipated

    def values(self, found: _Reactions) -> Array:
        """Give the plan's value for every draw, shape (D,).

        Effects, synergies and spill-over are proportional to the probability that a mission goes ahead.
        """
        data, slots = self.data, self.slots
        share = np.ones((len(found.accept), len(slots)))
        place = {int(mission): n for n, mission in enumerate(data.slot_mission[slots])}
        now = data.options.accept[1][data.slots.option[slots]]
        for column, mission in enumerate(found.open.missions.tolist()):
            if mission in place and now[place[mission]] > 0:
                share[:, place[mission]] = found.accept[:, column] / now[place[mission]]
        benefit = benefit_of(data, share @ data.contributions[slots]).sum(axis=-1)
        for bonus in data.bonuses:
            if place.keys() >= set(bonus.missions):
                benefit += bonus.value * np.prod([share[:, place[mission]] for mission in bonus.missions], axis=0)
        options = data.slots.option[slots]
        risk = data.desk.info.settings.risk_weight * float(data.options.risk[options].sum())
        spill = np.maximum(0.0, -(share @ data.spill.shift[options])) @ data.spill.weight
        return np.asarray(benefit - risk - spill)

    def acceptance(self, actor: str) -> dict[tuple[str, str], tuple[float, float, float]]:
        """Give the partner's probability after the reactions for every mission that is open to them."""
        opened = self.opened(actor)
        drawn = draw(self.assumed, partners=len(set(opened.partners)))
        out: dict[tuple[str, str], tuple[float, float, float]] = {}
        for begin in range(0, len(opened.missions), _PART):
            at = np.arange(begin, min(begin + _PART, len(opened.missions)))
            _, _, partner = _react(self.assumed, opened, at, drawn)
            low, high = np.quantile(partner, (0.05, 0.95), axis=0)
            mean = partner.mean(axis=0)
            for n, column in enumerate(at.tolist()):
                if opened.slope[column] <= 0:
                    continue
                key = (self.data.missions[int(opened.missions[column])].id, opened.partners[column])
                likely = float(mean[n])
                out[key] = (min(float(low[n]), likely), likely, max(float(high[n]), likely))
        return out

    def with_reactions(self, acceptance: dict[tuple[str, str], tuple[float, float, float]]) -> PlanData:
        return plan_data(with_acceptance(self.data.desk, acceptance), relations=self.data.relations)

    def _aid_as_it_is(self, acceptance: dict[tuple[str, str], tuple[float, float, float]]) -> Desk:
        """Give the desk with the reactions, in which humanitarian missions stay in or out as they are in the plan."""
        desk = with_acceptance(self.data.desk, acceptance)
        planned = {self.data.missions[int(number)].id for number in self.data.slot_mission[self.slots]}
        decided = {pin.mission for pin in desk.pins}
        pins = tuple(
            Pin(mission=one.id, decision="in" if one.id in planned else "out", reason="aid is never a lever")
            for one in self.data.missions
            if one.id not in decided and one.status == "candidate" and humanitarian(desk, one)
        )
        return msgspec.structs.replace(desk, pins=(*desk.pins, *pins))

    def value_with(self, acceptance: dict[tuple[str, str], tuple[float, float, float]]) -> float:
        return value_of(self.with_reactions(acceptance), self.slots.tolist())

    def missions(
        self, found: _Reactions, acceptance: dict[tuple[str, str], tuple[float, float, float]]
    ) -> tuple[MissionReaction, ...]:
        data = self.data
        before, after = _added(data, self.slots), _added(self.with_reactions(acceptance), self.slots)
        rank, rank_after = _ranks(before), _ranks(after)
        place = {int(mission): n for n, mission in enumerate(data.slot_mission[self.slots])}
        order = sorted(range(len(found.open.missions)), key=lambda n: (-before[place[int(found.open.missions[n])]], n))
        out = []
        for n in order[: self.limits.missions]:
            number = int(found.open.missions[n])
            slot = place[number]
            out.append(
                self._mission(
                    found,
                    n,
                    added=(float(before[slot]), float(after[slot])),
                    ranks=(int(rank[slot]), int(rank_after[slot])),
                )
            )
        return tuple(out)

    def _mission(
        self, found: _Reactions, n: int, *, added: tuple[float, float], ranks: tuple[int, int]
    ) -> MissionReaction:
        opened = found.open
        mission = self.data.missions[int(opened.missions[n])]
        now = float(opened.floor[n] + opened.slope[n] * opened.stakes.accept[n])
        chance = found.chances[:, n].mean(axis=0)
        likeliest, best = CHOICES[int(chance.argmax())], CHOICES[1 + int(chance[1:].argmax())]
        after = _range(found.accept[:, n])
        close = float(opened.stakes.theirs[n])
        return MissionReaction(
            mission=mission.id,
            title=mission.title,
            partner=opened.partners[n],
            partner_alignment=None if np.isnan(close) else close,
            stake=float(opened.stakes.stake[n]),
            likeliest=likeliest,
            best=best,
            choices=tuple(
                ChoiceChance(
                    choice=choice,
                    title=TITLES[choice],
                    chance=_range(found.chances[:, n, c]),
                    accept=_range(opened.floor[n] + opened.slope[n] * found.by_choice[:, n, c]),
                )
                for c, choice in enumerate(CHOICES)
            ),
            accept=now,
            accept_after=after,
            value_added=added[0],
            value_added_after=added[1],
            rank=ranks[0],
            rank_after=ranks[1],
            sentence=mission_words(
                mission.title, opened.partners[n], (likeliest, best), chance.tolist(), now=now, after=after
            ),
        )

    def shifts(self, actor: str, likely: float) -> list[AssumptionShift]:
        """Halve and double the assumptions that matter one at a time."""
        out = []
        base = float(self.values(self.reactions(actor, self.assumed)).mean())
        for name in ("offer_cost", "activity_cost", "gain", "activity", "noise", "spread"):
            for words, factor in (("halved", 0.5), ("doubled", 2.0)):
                now = getattr(self.assumed, name)
                changed = tuple(factor * end for end in now) if isinstance(now, tuple) else factor * now
                assumed = msgspec.structs.replace(self.assumed, **{name: changed})
                moved = float(self.values(self.reactions(actor, assumed)).mean()) - base
                out.append(AssumptionShift(assumption=name, change=words, value=likely + moved, difference=moved))
        return out

    def anticipate(
        self, acceptance: dict[tuple[str, str], tuple[float, float, float]], engine: Engine, halt: Halt
    ) -> AnticipatedPlan | None:
        """Search for the best plan under the acceptance that the reactions leave, from the given plan."""
        self.tell("a plan that anticipates")
        slots = self.slots.tolist()
        data = plan_data(self._aid_as_it_is(acceptance), relations=self.data.relations)
        found = search(
            data, engine, gap=self.limits.gap, seconds=self.limits.seconds, seed=self.assumed.seed % 2**31,
            halt=halt, start=slots,
        )  # fmt: skip
        if found is None:
            return None
        own = value_of(data, slots)
        best = found.slots.tolist() if found.value > own else slots
        value = max(found.value, own)
        without = value_of(self.data, best) - value_of(self.data, slots)
        mine, theirs = (dict(zip(data.slot_mission[each].tolist(), each, strict=True)) for each in (slots, best))

        def named(numbers: set[int]) -> tuple[Named, ...]:
            return tuple(Named(id=data.missions[n].id, title=data.missions[n].title) for n in sorted(numbers))

        return AnticipatedPlan(
            value_of_plan=own,
            value=value,
            bound=max(found.bound, value),
            gap=max(found.bound - value, 0.0) / max(abs(value), 1e-9),
            seconds=found.seconds,
            improvement=value - own,
            also_without=without,
            value_of_anticipating=max(0.0, value - own - max(0.0, without)),
            at_most=max(found.bound, value) - own,
            entered=named(theirs.keys() - mine.keys()),
            left=named(mine.keys() - theirs.keys()),
            moved=named({n for n in mine.keys() & theirs.keys() if mine[n] != theirs[n]}),
        )


def _react(assumed: Assumed, opened: Open, at: NDArray[np.int64], drawn: Draws) -> tuple[Array, Array, Array]:
    """Give chances of choices, the partner's probability by choice and in all, of some missions.

    The draws of the nation's preferences are the same for all missions: it is one nation.
    """
    some = opened.only(at)
    preferences = Preferences.of(assumed, some.stakes, drawn, partner=opened.partner_number[at])
    ours, theirs = after_choices(assumed, some.stakes, preferences)
    chances = choice_chances(assumed, some.stakes, preferences, ours=ours, theirs=theirs)
    return chances, ours, (chances * ours).sum(axis=-1)


def _range(values: Array, *, likely: float | None = None) -> Range:
    low, high = np.quantile(values, (0.05, 0.95))
    middle = float(values.mean()) if likely is None else likely
    return Range(low=min(float(low), middle), likely=middle, high=max(float(high), middle))


def _added(data: PlanData, slots: NDArray[np.int64]) -> Array:
    """Give each mission's leave-one-out value, shape (len(slots),)."""
    whole = value_of(data, slots.tolist())
    return np.array([whole - value_of(data, np.delete(slots, n).tolist()) for n in range(len(slots))])


def _ranks(values: Array) -> NDArray[np.int64]:
    out = np.empty(len(values), np.int64)
    out[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return out


def _stance(ours: float) -> Literal["adversary", "partner", "unclear"]:
    if np.isnan(ours) or abs(ours) <= _CLEAR:
        return "unclear"
    return "partner" if ours > 0 else "adversary"
