"""What an assessment looks at: the chosen missions of a desk as arrays, with titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from legation.actors import name as actor_name
from legation.cohesion.options import Options, expected_points, options_of, share_left
from legation.cohesion.result import Chosen, Ref, RefKind, Selection
from legation.desk.aims import Objective
from legation.desk.constraints import Synergy
from legation.desk.context import Activity
from legation.desk.desk import Desk
from legation.desk.instruments import instrument_tree, is_humanitarian
from legation.desk.missions import Effect, Mission
from legation.desk.money import Converter
from legation.desk.months import month_number
from legation.desk.shares import OwnShares
from legation.errors import InputError, UnknownActorError, UnknownRecordError

__all__ = ["NO_MONTH", "ActivityEffects", "Picture", "desk_as_it_stands", "picture_of"]

Array = NDArray[np.float64]
NO_MONTH = int(np.iinfo(np.int64).min)
"""Stands in `Picture.starts` where no month is fixed; a mission under way may have a negative month."""


@dataclass(frozen=True)
class ActivityEffects:
    """Effects of activities: on objectives in units of the target, shape (3, n, K); on actors in shifts, (3, n, A)."""

    activities: tuple[Activity, ...]
    on_objectives: Array
    on_actors: Array


@dataclass(frozen=True)
class Picture:
    """The chosen missions (m), leaf objectives (K) and actors (A) of a desk.

    Attributes
    ----------
    chosen, rows
        The selection and the option of each, shape (m,).
    starts, months
        First month of each or `NO_MONTH`, and length in months, shape (m,).
    E
        Contributions at low, likely and high effects, shape (3, m, K).
    synergies, members
        Extra contributions of complete synergies, shape (3, y, K), and which missions each needs, shape (y, m).
    cost
        Money of each mission in the desk's currency and price year, shape (m,).
    humanitarian
        Shape (m,).
    actors, shifts
        Actors that effects name, and the shift of the observer's relation with each, shape (3, m, A).
    given
        Effects of the activities.
    """

    desk: Desk
    options: Options
    plan: bool
    chosen: Selection
    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    months: NDArray[np.int64]
    E: Array
    synergies: Array
    members: NDArray[np.bool_]
    cost: Array
    humanitarian: NDArray[np.bool_]
    actors: tuple[str, ...]
    shifts: Array
    given: ActivityEffects

    @property
    def w(self) -> Array:
        """Weights of the leaf objectives, shape (K,)."""
        return self.options.weights

    @cached_property
    def whole(self) -> Array:
        """Contributions of missions and complete synergies, shape (3, m + y, K)."""
        return np.concatenate((self.E, self.synergies), axis=1)

    @cached_property
    def net(self) -> Array:
        """Net contribution per objective at low, likely and high effects, shape (3, K)."""
        result: Array = self.whole.sum(axis=1)
        return result

    @cached_property
    def missions(self) -> dict[str, Mission]:
        """Every mission of the desk by id."""
        return {mission.id: mission for mission in self.desk.missions}

    @cached_property
    def objectives(self) -> dict[str, Objective]:
        """Every objective of the desk by id."""
        return {objective.id: objective for objective in self.desk.objectives}

    @cached_property
    def column(self) -> dict[str, int]:
        """The column of each leaf objective."""
        return {name: number for number, name in enumerate(self.options.objectives)}

    @cached_property
    def place(self) -> dict[str, int]:
        """The row of each chosen mission."""
        return {choice.mission: number for number, choice in enumerate(self.chosen)}

    @cached_property
    def mission_refs(self) -> tuple[Ref, ...]:
        """The chosen missions with titles."""
        return tuple(self.ref("mission", choice.mission) for choice in self.chosen)

    @cached_property
    def objective_refs(self) -> tuple[Ref, ...]:
        """The leaf objectives with titles."""
        return tuple(self.ref("objective", name) for name in self.options.objectives)

    @cached_property
    def _titles(self) -> dict[tuple[str, str], str]:
        desk = self.desk
        titles = {("mission", mission.id): mission.title for mission in desk.missions}
        titles |= {("objective", objective.id): objective.title for objective in desk.objectives}
        titles |= {("goal", goal.id): goal.title for goal in desk.goals}
        return titles | {("activity", activity.id): activity.title for activity in desk.activities}

    def ref(self, kind: RefKind, name: str) -> Ref:
        """Give a record with its title; an actor's title is its English name, as the sentences are English."""
        title = _actor_name(name) if kind == "actor" else self._titles.get((kind, name), name)
        return Ref(kind=kind, id=name, title=title)


@cache
def _actor_name(actor: str) -> str:
    try:
        return actor_name(actor)
    except UnknownActorError:
        # the desk's own rules report an unknown actor; an assessment can still speak of it by its id
        return actor


def desk_as_it_stands(desk: Desk) -> Selection:
    """Choose every open mission that is not pinned out, in its pinned or noted or first mode, in its noted month."""
    pins = {pin.mission: pin for pin in desk.pins}
    first: dict[str, str] = {}
    for mode in desk.modes:
        first.setdefault(mode.mission, mode.id)
    chosen: list[Chosen] = []
    for mission in desk.missions:
        pin = pins.get(mission.id)
        if mission.status in {"done", "cancelled"} or mission.id not in first:
            continue
        if pin is not None and pin.decision == "out":
            continue
        month = (pin.start if pin else None) or mission.start
        mode_id = (pin.mode if pin else None) or mission.mode or first[mission.id]
        start = None if month is None else month_number(month, start=desk.info.start)
        chosen.append(Chosen(mission=mission.id, mode=mode_id, start=start))
    return tuple(chosen)


def picture_of(desk: Desk, selection: Selection | None = None, *, weights: Sequence[float] | None = None) -> Picture:
    """Bring a desk and a selection into arrays.

    Raises
    ------
    UnknownRecordError
        When a chosen mission or mode is not among the desk's open ones.
    InputError
        When a mission is chosen twice or starts after the desk's end, or an effect is not finite.
    MissingRateError
        When money cannot be brought to the desk's currency.
    """
    _refuse_unbounded(desk)
    options = options_of(desk, weights=weights)
    chosen = desk_as_it_stands(desk) if selection is None else selection
    rows = _rows(options, chosen)
    # a mission that runs before the desk's first month (already executing) keeps its negative month
    fixed = np.array([choice.start is not None for choice in chosen], bool)
    starts = np.array([-1 if choice.start is None else choice.start for choice in chosen], np.int64)
    months = options.months[rows]
    E = np.stack(
        [
            options.contributions(rows, bound="low"),
            options.contributions(rows, bound="likely"),
            options.contributions(rows, bound="high"),
        ]
    )
    synergies, members = _synergies(desk, options, chosen, rows)
    actors = _actors(desk)
    return Picture(
        desk=desk,
        options=options,
        plan=selection is not None,
        chosen=chosen,
        rows=rows,
        starts=np.where(fixed, starts, NO_MONTH),
        months=months,
        E=E,
        synergies=synergies,
        members=members,
        cost=_costs(desk, chosen, months),
        humanitarian=_humanitarian(desk, chosen),
        actors=actors,
        shifts=_shifts(desk, options, chosen, actors=actors),
        given=_given(desk, options, actors),
    )


def _refuse_unbounded(desk: Desk) -> None:
    """Refuse effects and synergies that are not numbers: one of them would turn every sum into nonsense."""
    rows: tuple[Effect | Synergy, ...] = (*desk.effects, *desk.synergies)
    for row in rows:
        if not all(isfinite(value) for value in (row.low, row.likely, row.high)):
            raise InputError(
                f"The {row.KIND} row {row.key!r} holds {row.low}, {row.likely}, {row.high}; effects must be finite.",
                remedy="Give low, likely and high as numbers on the scale.",
            )


def _rows(options: Options, chosen: Selection) -> NDArray[np.int64]:
    seen: set[str] = set()
    rows: list[int] = []
    for choice in chosen:
        row = options.index.get((choice.mission, choice.mode))
        if row is None:
            raise UnknownRecordError(
                f"Mission {choice.mission!r} in mode {choice.mode!r} is not among the desk's open missions.",
                remedy="Choose open missions in modes that the desk lists.",
            )
        if choice.mission in seen:
            raise InputError(f"Mission {choice.mission!r} is chosen twice.", remedy="Choose each mission once.")
        if choice.start is not None and choice.start >= options.horizon:
            raise InputError(
                f"Mission {choice.mission!r} starts in month {choice.start}; the desk has {options.horizon} months.",
                remedy="Count months from 0 and start within the desk.",
            )
        seen.add(choice.mission)
        rows.append(row)
    return np.array(rows, np.int64)


def _synergies(
    desk: Desk, options: Options, chosen: Selection, rows: NDArray[np.int64]
) -> tuple[Array, NDArray[np.bool_]]:
    place = {choice.mission: number for number, choice in enumerate(chosen)}
    column = {name: number for number, name in enumerate(options.objectives)}
    done = {mission.id for mission in desk.missions if mission.status == "done"}
    values: list[Array] = []
    members: list[NDArray[np.bool_]] = []
    for synergy in desk.synergies:
        # a member that is done has done its part
        names = set(synergy.missions) - done
        if synergy.objective not in column or not names or not names <= place.keys():
            continue
        inside = np.zeros(len(chosen), bool)
        inside[[place[name] for name in names]] = True
        # all members must go ahead; partners decide independently
        accept = options.accept[:, rows[inside]].prod(axis=1)
        k = column[synergy.objective]
        low, likely, high = sorted((synergy.low, synergy.likely, synergy.high))
        line = np.zeros((3, len(column)))
        line[:, k] = (
            low * accept[0 if low >= 0 else 2],
            likely * accept[1],
            high * accept[2 if high >= 0 else 0],
        )
        values.append(line / options.targets[k])
        members.append(inside)
    if not values:
        return np.zeros((3, 0, len(column))), np.zeros((0, len(chosen)), bool)
    return np.stack(values, axis=1), np.stack(members)


def _costs(desk: Desk, chosen: Selection, months: NDArray[np.int64]) -> Array:
    converter, shares = Converter.of(desk), OwnShares(desk)
    place = {(choice.mission, choice.mode): number for number, choice in enumerate(chosen)}
    cost = np.zeros(len(chosen))
    for row in desk.costs:
        number = place.get((row.mission, row.mode))
        if number is not None:
            amount = float(converter.convert(shares.of(row), currency=row.currency, price_year=row.price_year))
            cost[number] += amount * (int(months[number]) if row.recurrence == "monthly" else 1)
    return cost


def _humanitarian(desk: Desk, chosen: Selection) -> NDArray[np.bool_]:
    tree = instrument_tree(desk.instruments)
    aid = {
        mission.id
        for mission in desk.missions
        if mission.purpose == "humanitarian" or is_humanitarian(mission.instrument, tree=tree)
    }
    return np.array([choice.mission in aid for choice in chosen], bool)


def _actors(desk: Desk) -> tuple[str, ...]:
    return tuple(sorted({effect.actor for effect in desk.effects if effect.actor is not None} - {desk.info.observer}))


def _shifts(
    desk: Desk,
    options: Options,
    chosen: Selection,
    *,
    actors: tuple[str, ...],
) -> Array:
    """Give the shifts of the observer's relations by the chosen missions; humanitarian ones are for need alone."""
    place = {name: number for number, name in enumerate(actors)}
    per_unit = _per_unit(desk)
    by_mission: dict[str, list[Effect]] = defaultdict(list)
    for effect in desk.effects:
        if effect.mission is not None and effect.actor in place:
            by_mission[effect.mission].append(effect)
    out = np.zeros((3, len(chosen), len(actors)))
    aid = _humanitarian(desk, chosen)
    for number, choice in enumerate(chosen):
        if aid[number]:
            continue
        accept = options.accept[:, options.index[choice.mission, choice.mode]]
        for effect in by_mission.get(choice.mission, []):
            if effect.mode not in {None, choice.mode} or effect.actor is None:
                continue
            left = share_left(effect.fade_months, months=options.horizon)
            points = np.array(expected_points(effect, per_unit, accept))
            out[:, number, place[effect.actor]] += points * left
    return out * desk.info.settings.relation_per_point


def _given(desk: Desk, options: Options, actors: tuple[str, ...]) -> ActivityEffects:
    column = {name: number for number, name in enumerate(options.objectives)}
    place = {name: number for number, name in enumerate(actors)}
    line = {activity.id: number for number, activity in enumerate(desk.activities)}
    per_unit = _per_unit(desk)
    on_objectives = np.zeros((3, len(line), len(column)))
    on_actors = np.zeros((3, len(line), len(actors)))
    for effect in desk.effects:
        if effect.activity not in line:
            continue
        points = np.array(expected_points(effect, per_unit, np.ones(3)))
        if effect.objective in column:
            on_objectives[:, line[effect.activity], column[effect.objective]] += points
        elif effect.actor in place:
            on_actors[:, line[effect.activity], place[effect.actor]] += points
    return ActivityEffects(
        activities=desk.activities,
        on_objectives=on_objectives / options.targets,
        on_actors=on_actors * desk.info.settings.relation_per_point,
    )


def _per_unit(desk: Desk) -> dict[str, float]:
    return {indicator.id: indicator.points_per_unit or 0.0 for indicator in desk.indicators}
