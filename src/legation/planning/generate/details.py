"""Finer rules on a generated desk: drawn from numbers of their own, so that all else stays as it is for a seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

import msgspec
import numpy as np

from legation.desk import aims, limits, missions, people, resources
from legation.desk.base import clearance_order, language_order, rank_order
from legation.desk.desk import Desk
from legation.planning.generate.shape import DeskShape

__all__ = ["add_details"]

_BY_DAYS = frozenset(
    {"leader-visit", "unit-visit", "staff-talks", "conference", "cyber-dialogue", "confidence-building"}
)
"""Instruments that take days where they take one month: talks and visits, about two in five missions."""
_MOST_BY_DAYS = 0.45
_CAPPED = 0.4
_STREAM = 1


def add_details(desk: Desk, shape: DeskShape, *, seed: int) -> Desk:
    """Add what the shape's `details` and `spill_caps` ask for; a desk whose shape asks for neither stays as it is."""
    rng = np.random.default_rng([seed, _STREAM])
    out = _Details(desk, shape, rng).desk() if shape.details else desk
    if not shape.spill_caps:
        return out
    return msgspec.structs.replace(out, spill_caps=_spill_caps(out, shape.spill_caps, rng))


class _Details:
    """One desk's finer rules."""

    def __init__(self, desk: Desk, shape: DeskShape, rng: np.random.Generator) -> None:
        self.given, self.shape, self.rng = desk, shape, rng

    def rule(self, chance: float) -> bool:
        """Say yes with this probability times how often the desk has finer rules."""
        return bool(self.rng.random() < chance * self.shape.details)

    def desk(self) -> Desk:
        """Give the desk with its finer rules."""
        given = self.given
        led, leads, costs = self._led()
        needs = self._by_days()
        return msgspec.structs.replace(
            given,
            objectives=self._levels(),
            missions=led,
            leads=leads,
            costs=costs,
            staff_needs=needs,
            positions=self._bound(needs),
            travel_times=self._journeys(),
            risk_caps=self._risk_caps(),
            authorities=self._ceilings(),
        )

    def _levels(self) -> tuple[aims.Objective, ...]:
        """Put a level of AND or OR between some goals and objectives of one kind."""
        groups: defaultdict[tuple[str, aims.ObjectiveKind], list[aims.Objective]] = defaultdict(list)
        for objective in self.given.objectives:
            groups[objective.parent, objective.kind].append(objective)
        between, moved = [], {}
        for (goal, kind), own in groups.items():
            if len(own) < 2 or not self.rule(0.4):
                continue
            combine: aims.Combine = "min" if self.rng.random() < 0.5 else "max"
            name = f"{goal}-{kind}"
            below = own[: 2 if len(own) < 4 else 3]
            words = "All" if combine == "min" else "One"
            between.append(
                aims.Objective(
                    id=name,
                    title=f"{words} of the {kind} aims of {goal}",
                    kind=kind,
                    parent=goal,
                    weight=float(max(row.weight for row in below)),
                    combine=combine,
                )
            )
            moved.update(dict.fromkeys((row.id for row in below), name))
        below_it = tuple(
            msgspec.structs.replace(row, parent=moved[row.id]) if row.id in moved else row
            for row in self.given.objectives
        )
        return (*between, *below_it)

    def _led(self) -> tuple[tuple[missions.Mission, ...], tuple[missions.Lead, ...], tuple[missions.Cost, ...]]:
        """Let a partner lead some missions of several, and bear a share of what they cost."""
        rows, leads = [], []
        for mission in self.given.missions:
            if len(mission.partners) > 1 and self.rule(0.25):
                share = round(float(self.rng.uniform(0.1, 0.5)), 2)
                leads.append(missions.Lead(mission=mission.id, actor=mission.partners[0], share=share))
                if mission.quorum is not None:
                    quorum = min(mission.quorum, len(mission.partners) - 1)
                    mission = msgspec.structs.replace(mission, quorum=quorum)  # noqa: PLW2901 - the row of the desk
            rows.append(mission)
        shared = {lead.mission for lead in leads}
        costs = tuple(
            msgspec.structs.replace(cost, covers="whole") if cost.mission in shared else cost
            for cost in self.given.costs
        )
        return tuple(rows), tuple(leads), costs

    def _by_days(self) -> tuple[missions.StaffNeed, ...]:
        """Let some talks and visits of one month take three to eight days of their people."""
        months: defaultdict[str, int] = defaultdict(int)
        for mode in self.given.modes:
            months[mode.mission] = max(months[mode.mission], mode.months)
        chance = min(_MOST_BY_DAYS, 0.25 * self.shape.details)
        drawn = [
            (mission.id, int(self.rng.integers(3, 9)))
            for mission in self.given.missions
            if mission.instrument in _BY_DAYS and months[mission.id] == 1 and self.rng.random() < chance
        ]
        days = dict(drawn[: (len(self.given.missions) - 1) // 5])
        return tuple(
            msgspec.structs.replace(need, days=days[need.mission]) if need.mission in days else need
            for need in self.given.staff_needs
        )

    def _bound(self, needs: Sequence[missions.StaffNeed]) -> tuple[people.Position, ...]:
        """Let some posts with a station serve there alone, where others can do all that they do elsewhere."""
        shapes = {(need.rank_min, need.rank_max, need.languages, need.clearance): need for need in needs}.values()
        fitting = [{row.id for row in self.given.positions if _fits(need, row)} for need in shapes]
        left = Counter(name for names in fitting if len(names) == 1 for name in names)
        out = []
        for position in self.given.positions:
            bound = position.station is not None and self.rule(0.3)
            if bound and not left[position.id]:
                for names in fitting:
                    names.discard(position.id)
                    if len(names) == 1:
                        left[next(iter(names))] += 1
                position = msgspec.structs.replace(position, travels=False)  # noqa: PLW2901 - the row of the desk
            out.append(position)
        return tuple(out)

    def _journeys(self) -> tuple[people.TravelTime, ...]:
        """Give the days of journeys between some of the places that posts stand in and missions go to."""
        home = self.given.info.observer
        stations = {row.station for row in self.given.positions if row.station is not None} | {home}
        places = {row.place for row in self.given.missions if row.place is not None} | stations
        pairs = [pair for pair in combinations(sorted(places), 2) if stations & set(pair)]
        return tuple(
            people.TravelTime(station=a, place=b, days=int(self.rng.integers(1, 6)), source="generated")
            for a, b in pairs
            if self.rule(0.15)
        )

    def _risk_caps(self) -> tuple[limits.RiskCap, ...]:
        """Let the first post bear only some of the risk of all that could be done with a partner or in a place."""
        risk: defaultdict[str, float] = defaultdict(float)
        for mode in self.given.modes:
            risk[mode.mission] = max(risk[mode.mission], mode.risk)
        promised = {name for row in self.given.commitments for name in row.missions}
        by: dict[str, defaultdict[str, float]] = {"partner": defaultdict(float), "place": defaultdict(float)}
        for mission in self.given.missions:
            # a cap never stands in the way of a promise
            own = risk[mission.id] * (1.0 if mission.id in promised else _CAPPED)
            for partner in mission.partners:
                by["partner"][partner] += own
            if mission.place is not None and mission.place != self.given.info.observer:
                by["place"][mission.place] += own
        return tuple(
            limits.RiskCap(
                id=f"risk-{selector}-{name.lower()}",
                limit=round(total, 2) + 0.01,
                owner=self.given.positions[0].id,
                partner=name if selector == "partner" else None,
                place=name if selector == "place" else None,
                reason="generated",
            )
            for selector, totals in by.items()
            for name, total in sorted(totals.items())
            if self.rule(0.04)
        )

    def _ceilings(self) -> tuple[resources.Authority, ...]:
        """Limit what authorities spend in a year: half more than their missions have of the money, and all promised."""
        under = defaultdict(set)
        for mission in self.given.missions:
            under[mission.authority].add(mission.id)
        months = {(mode.mission, mode.id): mode.months for mode in self.given.modes}
        promised = {name for row in self.given.commitments for name in row.missions}
        part = 1.5 * self.shape.share * 12 / self.shape.months
        out = []
        for authority in self.given.authorities:
            whole = 0.0
            for cost in self.given.costs:
                if cost.mission in under[authority.id] and cost.mode == "standard":
                    share = 1.0 if cost.mission in promised else part
                    times = months[cost.mission, cost.mode] if cost.recurrence == "monthly" else 1
                    whole += share * times * float(cost.amount)
            if self.rule(0.7):
                authority = msgspec.structs.replace(authority, ceiling_year=Decimal(round(whole) + 1))  # noqa: PLW2901
            out.append(authority)
        return tuple(out)


def _spill_caps(desk: Desk, count: int, rng: np.random.Generator) -> tuple[limits.SpillCap, ...]:
    """Spare so many partners from spill-over."""
    names = sorted({partner for mission in desk.missions for partner in mission.partners})
    chosen = [names[int(n)] for n in rng.permutation(len(names))[:count]]
    return tuple(
        limits.SpillCap(
            id=f"spill-{name.lower()}",
            actor=name,
            limit=round(float(rng.uniform(0.5, 1.5)) * (_SPILL + _SPILL_EACH * len(desk.missions)), 6),
            owner=desk.positions[0].id,
            reason="generated",
        )
        for name in sorted(chosen)
    )


_SPILL, _SPILL_EACH = 2e-3, 1e-5
"""Spill-over on a spared partner, in units of alignment: about that of the promised missions, and more for each."""


def _fits(need: missions.StaffNeed, position: people.Position) -> bool:
    rank = rank_order(position.rank)
    return (
        (need.rank_min is None or rank >= rank_order(need.rank_min))
        and (need.rank_max is None or rank <= rank_order(need.rank_max))
        and clearance_order(position.clearance) >= clearance_order(need.clearance)
        and all(any(_speaks(wanted, held) for held in position.languages) for wanted in need.languages)
    )


def _speaks(wanted: str, held: str) -> bool:
    tag, _, level = wanted.partition(":")
    own, _, own_level = held.partition(":")
    return tag == own and language_order(own_level) >= language_order(level)
