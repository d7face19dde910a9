"""Which missions a third nation could react to, whom it would approach, and what hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import options_of
from legation.desk.constraints import Willingness
from legation.desk.desk import Desk
from legation.desk.instruments import instrument_tree, is_humanitarian
from legation.desk.missions import Mission
from legation.planning.data import PlanData
from legation.planning.table.reaction_model import Stakes
from legation.planning.value import benefit_of
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["Open", "alignment_of", "humanitarian", "open_to", "with_acceptance"]

Array = NDArray[np.float64]


def humanitarian(desk: Desk, mission: Mission) -> bool:
    """Say whether a mission is humanitarian, by its purpose or its instrument."""
    return mission.purpose == "humanitarian" or is_humanitarian(
        mission.instrument, tree=instrument_tree(desk.instruments)
    )


def alignment_of(desk: Desk, relations: RelationsSnapshot, a: str, b: str) -> tuple[float, str]:
    """Give the alignment of two actors and where it comes from: the desk's own latest judgement, else the relations.

    Returns
    -------
    tuple
        Alignment, nan where unknown, and the basis in words.
    """
    own = [j for j in desk.judgements if {j.subject, j.object} == {a, b} and j.alignment is not None]
    if own:
        latest = max(own, key=lambda one: (one.dated, one.id))
        assert latest.alignment is not None
        return latest.alignment, f"the desk's judgement {latest.id!r} of {latest.dated}"
    if a in relations.actors and b in relations.actors:
        value = float(relations.alignment[relations.index(a), relations.index(b)])
        if not np.isnan(value):
            return value, f"the relations as of {relations.as_of}"
    return float("nan"), "not known: anything from -1 to 1"


@dataclass(frozen=True, eq=False)
class Open:
    """The missions that a third nation could react to (m of them).

    Attributes
    ----------
    missions
        Numbers among the open missions of the data, shape (m,).
    partners
        Whom it would approach for each.
    stakes
        What it looks at.
    floor, slope
        The mission goes ahead with probability ``floor + slope p`` when that partner accepts with p, shape (m,).
    basis
        Where our alignment with it comes from.
    """

    missions: NDArray[np.int64]
    partners: tuple[str, ...]
    stakes: Stakes
    floor: Array
    slope: Array
    basis: str

    def only(self, at: NDArray[np.int64]) -> Open:
        """Give some of the missions."""
        return Open(
            self.missions[at],
            tuple(self.partners[n] for n in at),
            Stakes(
                ours=self.stakes.ours,
                theirs=self.stakes.theirs[at],
                with_partner=self.stakes.with_partner[at],
                accept=self.stakes.accept[at],
                stake=self.stakes.stake[at],
            ),
            self.floor[at],
            self.slope[at],
            self.basis,
        )

    @property
    def partner_number(self) -> NDArray[np.int64]:
        """A number for each mission's partner, shape (m,)."""
        names = sorted(set(self.partners))
        return np.array([names.index(name) for name in self.partners], np.int64)


def open_to(data: PlanData, relations: RelationsSnapshot, actor: str) -> Open:
    """Find what a third nation could react to.

    Candidates alone: what is committed or under way has been accepted. Missions with the nation itself are its own
    to decide (its willingness says how), and humanitarian ones are left out, for aid is never a lever.
    """
    desk = data.desk
    observer = desk.info.observer
    numbers, partners = [], []
    for number, mission in enumerate(data.missions):
        others = [one for one in mission.partners if one not in {observer, actor}]
        if mission.status != "candidate" or actor in mission.partners or not others or humanitarian(desk, mission):
            continue
        numbers.append(number)
        partners.append(_closest(desk, relations, actor, others))
    missions = np.array(numbers, np.int64)
    floor, slope = _line(data, missions, partners)
    whole = _accept(data)[missions]
    p = np.divide(whole - floor, slope, out=np.zeros(len(missions)), where=slope > 0)
    ours, basis = alignment_of(desk, relations, observer, actor)
    stakes = Stakes(
        ours=ours,
        theirs=np.array([alignment_of(desk, relations, actor, one)[0] for one in partners]),
        with_partner=np.array([alignment_of(desk, relations, observer, one)[0] for one in partners]),
        accept=np.clip(p, 0.0, 1.0),
        stake=_worth_alone(data)[missions],
    )
    return Open(missions, tuple(partners), stakes, floor, slope, basis)


def _closest(desk: Desk, relations: RelationsSnapshot, actor: str, partners: Sequence[str]) -> str:
    def key(name: str) -> tuple[float, str]:
        value = alignment_of(desk, relations, actor, name)[0]
        return (2.0 if np.isnan(value) else -value, name)

    return min(partners, key=key)


def _accept(data: PlanData) -> Array:
    """Give each open mission's likely probability of going ahead, shape (M,)."""
    out = np.zeros(len(data.missions))
    out[data.mission_of] = data.options.accept[1]
    return out


def _line(data: PlanData, missions: NDArray[np.int64], partners: Sequence[str]) -> tuple[Array, Array]:
    """Give how a mission's probability hangs on one partner's: partners decide independently, so it is a line."""
    at = []
    for chance in (0.0, 1.0):
        pairs = {(data.missions[number].id, one): (chance,) * 3 for number, one in zip(missions, partners, strict=True)}
        options = options_of(with_acceptance(data.desk, pairs))
        accept = dict(zip(options.missions, options.accept[1].tolist(), strict=True))
        at.append(np.array([accept.get(data.missions[number].id, 0.0) for number in missions]))
    floor, top = at if len(missions) else (np.zeros(0), np.zeros(0))
    return floor, top - floor


def _worth_alone(data: PlanData) -> Array:
    """Give what each open mission would be worth alone, as a share of the most valuable one, shape (M,)."""
    first = np.array(
        [data.slots.of(option)[0] if len(data.slots.of(option)) else -1 for option in range(len(data.modes))]
    )
    out = np.zeros(len(data.missions))
    held = np.flatnonzero(first >= 0)
    if len(held):
        own = benefit_of(data, data.contributions[first[held]]).sum(axis=-1)
        np.maximum.at(out, data.mission_of[held], own)
    top = float(out.max(initial=0.0))
    return out / top if top > 0 else out


def with_acceptance(desk: Desk, chances: dict[tuple[str, str], tuple[float, float, float]]) -> Desk:
    """Give a desk in which partners accept missions with other probabilities (low, likely, high).

    Parameters
    ----------
    chances
        By mission and partner.
    """
    kept = [row for row in desk.willingness if row.mission is None or (row.mission, row.partner) not in chances]
    before = {(row.mission, row.partner): row for row in desk.willingness if row.mission is not None}
    fresh = [
        msgspec.structs.replace(before[key], low=low, likely=likely, high=high)
        if key in before
        else Willingness(mission=key[0], partner=key[1], low=low, likely=likely, high=high, judged=_day(desk))
        for key, (low, likely, high) in chances.items()
    ]
    return msgspec.structs.replace(desk, willingness=(*kept, *fresh))


def _day(desk: Desk) -> date:
    return date.fromisoformat(f"{desk.info.start}-01")
