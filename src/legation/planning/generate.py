"""Generated desks: realistic in size, structure and tightness, for benchmarks, tests and trying things out.

The desks are invented; no record describes a real plan. Everything that a plan can be bound by occurs: modes, windows,
bans, sanctions, gates, prerequisites, exclusions, synergies, authorities, absences, holders, ring-fenced money,
commitments, pins, committed missions, absorption, safety limits and both ways in which goals combine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np

from legation.desk import aims, constraints, context, missions, people, resources
from legation.desk.base import Rank
from legation.desk.desk import Desk, DeskInfo
from legation.desk.months import first_day, last_day, month_text
from legation.errors import InputError
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["DeskShape", "generate_desk", "generate_relations"]

_PARTNERS = (
    "LVA", "LTU", "FIN", "SWE", "NOR", "DNK", "POL", "DEU", "FRA", "GBR", "USA", "CAN", "NLD", "BEL", "CZE", "SVK",
    "ROU", "BGR", "GRC", "TUR", "ITA", "ESP", "PRT", "UKR", "MDA", "GEO", "ARM", "AZE", "KAZ", "JOR", "TUN", "MAR",
    "EGY", "SEN", "GHA", "KEN", "NGA", "JPN", "KOR", "AUS", "IND", "BIH", "SRB", "ALB", "MKD", "MNE", "IRQ", "LBN",
)  # fmt: skip
_INSTRUMENTS = (
    ("leader-visit", "cooperation", 1, 18), ("unit-visit", "cooperation", 1, 9), ("staff-talks", "cooperation", 1, 7),
    ("conference", "information", 1, 25), ("agreement-negotiation", "cooperation", 3, 14),
    ("cyber-dialogue", "cooperation", 1, 12), ("joint-exercise", "reassurance", 2, 90),
    ("port-call", "reassurance", 1, 40), ("training", "capacity_building", 3, 60),
    ("staff-college", "capacity_building", 6, 45), ("institution-building", "capacity_building", 4, 70),
    ("confidence-building", "de_escalation", 1, 11), ("verification-inspection", "arms_control", 1, 16),
    ("liaison-officer", "information", 6, 30), ("disaster-relief", "humanitarian", 1, 35),
    ("demining", "humanitarian", 3, 55),
)  # fmt: skip
_LANGUAGES = ("fr", "de", "ru", "ar", "es")
_RANKS: tuple[Rank, ...] = ("OR-7", "OF-2", "OF-3", "OF-4", "OF-5", "OF-6")


@dataclass(frozen=True, kw_only=True)
class DeskShape:
    """How large and how tight a generated desk is.

    Attributes
    ----------
    missions, months, positions, objectives
        Numbers of records.
    money
        Money allotted as a share of what all missions would cost.
    long_share
        Share of missions that keep their instrument's full length; others take one month.
    rules
        How often rules occur: 1 is a usual desk, 0 none but money and staff.
    """

    missions: int = 100
    months: int = 24
    positions: int = 25
    objectives: int = 14
    money: float = 0.35
    long_share: float = 0.4
    rules: float = 1.0


class _Maker:
    def __init__(self, shape: DeskShape, seed: int) -> None:
        self.shape, self.rng, self.start = shape, np.random.default_rng(seed), "2027-01"
        # rank by rank, so that people are scarce where missions ask for seniority
        self.partners = [str(name) for name in self.rng.permutation(_PARTNERS)[: max(3, min(40, shape.missions // 3))]]
        self.positions = self._positions()

    def month(self, number: int) -> str:
        return month_text(int(number), start=self.start)

    def pick(self, items: Sequence[str]) -> str:
        return items[int(self.rng.integers(len(items)))]

    def often(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def rule(self, chance: float) -> bool:
        return self.often(chance * self.shape.rules)

    def _positions(self) -> tuple[people.Position, ...]:
        out = []
        for number in range(self.shape.positions):
            rank = _RANKS[int(self.rng.choice(len(_RANKS), p=[0.1, 0.2, 0.25, 0.25, 0.15, 0.05]))]
            own = [str(name) for name in self.rng.permutation(_LANGUAGES)[: int(self.rng.integers(0, 3))]]
            languages = tuple(sorted(["en:C1", *(f"{name}:{self.pick(('B1', 'B2', 'C1'))}" for name in own)]))
            out.append(
                people.Position(
                    id=f"position-{number:03d}",
                    title=f"Desk officer {number}" if rank < "OF-4" else f"Head of section {number}",
                    rank=rank,
                    languages=languages,
                    clearance=self.pick(("restricted", "confidential", "secret", "secret")),  # type: ignore[arg-type]
                    headcount=2 if self.often(0.1) else 1,
                    station=self.pick(self.partners) if self.often(0.3) else None,
                )
            )
        return tuple(out)


def generate_desk(shape: DeskShape | None = None, *, seed: int = 1) -> Desk:
    """Make a desk without faults; the same shape and seed make the same desk.

    Parameters
    ----------
    shape
        Size and tightness; an issue-sized desk of 100 missions over 24 months when left out.
    seed
        Seed of the generator.

    Raises
    ------
    InputError
        When the shape has too few months, missions, positions or objectives.

    Examples
    --------
    >>> desk = generate_desk(DeskShape(missions=20, months=12, positions=6, objectives=4), seed=7)
    >>> len(desk.missions), len(desk.objectives)
    (20, 4)
    """
    shape = shape or DeskShape()
    if min(shape.missions, shape.positions) < 1 or shape.months < 6 or shape.objectives < 3:
        raise InputError(
            f"A generated desk of {shape} is too small.",
            remedy="Ask for at least 1 mission, 1 position, 6 months and 3 objectives.",
        )
    make = _Maker(shape, seed)
    goals, objectives = _aims(make)
    rows, modes, costs, needs, effects = _missions(make, objectives)
    budgets, allotments = _money(make, costs, modes)
    persons, holders = _holders(make)
    names = [mission.id for mission in rows if mission.purpose != "humanitarian"]
    return Desk(
        info=DeskInfo(
            id=f"generated-{seed}",
            title=f"Generated desk {seed}",
            observer="EST",
            start=make.start,
            months=shape.months,
            currency="EUR",
            price_year=2027,
            default_willingness=0.8,
        ),
        goals=goals,
        objectives=objectives,
        links=_links(make, objectives),
        activities=_activities(make),
        missions=rows,
        modes=modes,
        costs=costs,
        staff_needs=needs,
        effects=effects,
        windows=_windows(make, rows, modes),
        positions=make.positions,
        absences=_absences(make),
        persons=persons,
        holders=holders,
        budgets=budgets,
        allotments=allotments,
        exchange_rates=(resources.ExchangeRate(base="USD", quote="EUR", date=date(2026, 12, 1), rate=Decimal("0.91")),),
        price_indices=(
            resources.PriceIndex(currency="EUR", year=2026, index=Decimal(100)),
            resources.PriceIndex(currency="EUR", year=2027, index=Decimal("102.1")),
        ),
        authorities=(
            resources.Authority(
                id="framework-law",
                title="Law on international defence cooperation",
                reference="generated",
                lead_months=1,
                ceiling=Decimal(500_000),
                currency="EUR",
                price_year=2027,
            ),
        ),
        prerequisites=_prerequisites(make, names),
        exclusions=_exclusions(make, names),
        synergies=_synergies(make, names, objectives),
        bans=_bans(make),
        sanctions=_sanctions(make),
        gates=_gates(make, names),
        willingness=_willingness(make),
        absorption=_absorption(make),
        place_risks=tuple(
            constraints.PlaceRisk(
                place=partner,
                start=make.month(int(make.rng.integers(0, shape.months))),
                risk=round(float(make.rng.uniform(0.1, 0.9)), 2),
                source="generated",
            )
            for partner in make.partners
            if make.rule(0.2)
        ),
        safety_limits=(constraints.SafetyLimit(id="travel", threshold=0.6, owner=make.positions[0].id),),
        pins=_pins(make, names),
        commitments=_commitments(make, names),
    )


def _aims(make: _Maker) -> tuple[tuple[aims.Goal, ...], tuple[aims.Objective, ...]]:
    goals = (
        aims.Goal(id="region", title="A calm region", weight=3),
        aims.Goal(id="alliance", title="A dependable ally", weight=2),
        aims.Goal(id="order", title="A rules-based order", weight=1, combine="min"),
    )
    out = []
    for number in range(make.shape.objectives):
        goal = goals[2] if number % 7 in {5, 6} else goals[number % 2]
        humanitarian = number % 7 == 4
        kind = "humanitarian" if humanitarian else ("military" if number % 2 else "diplomatic")
        out.append(
            aims.Objective(
                id=f"objective-{number:02d}",
                title=f"Objective {number}",
                kind=kind,  # type: ignore[arg-type]
                parent=goal.id,
                weight=float(make.rng.integers(1, 6)),
                target=_target(make),
                needs=tuple(sorted({make.pick(make.partners) for _ in range(int(make.rng.integers(0, 3)))})),
            )
        )
    return goals, tuple(out)


def _target(make: _Maker) -> float:
    # about twice what the money can reach, so that choices hurt
    return round(float(make.rng.uniform(0.6, 1.4)) * 1.2 * make.shape.missions / make.shape.objectives, 1) + 1.0


def _missions(
    make: _Maker, objectives: Sequence[aims.Objective]
) -> tuple[
    tuple[missions.Mission, ...],
    tuple[missions.Mode, ...],
    tuple[missions.Cost, ...],
    tuple[missions.StaffNeed, ...],
    tuple[missions.Effect, ...],
]:
    rows, modes, costs, needs, effects = [], [], [], [], []
    for number in range(make.shape.missions):
        instrument, purpose, length, price = _INSTRUMENTS[int(make.rng.integers(len(_INSTRUMENTS)))]
        partners = [make.pick(make.partners)]
        if make.often(0.2):
            partners = sorted({make.pick(make.partners) for _ in range(4)})
        mission = missions.Mission(
            id=f"mission-{number:04d}",
            title=f"{instrument.replace('-', ' ').capitalize()} with {', '.join(partners)} ({number})",
            instrument=instrument,
            format="bilateral" if len(partners) < 2 else "multilateral",
            purpose=purpose,  # type: ignore[arg-type]
            partners=tuple(partners),
            quorum=max(1, len(partners) - 1) if len(partners) > 2 else None,
            place=partners[0] if make.often(0.8) else "EST",
            authority="framework-law" if make.rule(0.3) else None,
        )
        rows.append(mission)
        months = min(length, make.shape.months // 2) if make.often(make.shape.long_share) else 1
        scale = float(make.rng.lognormal(0.0, 0.4))
        for name, factor in (("standard", 1.0), ("large", 2.0)) if make.often(0.4) else (("standard", 1.0),):
            mode = missions.Mode(
                mission=mission.id, id=name, title=name, months=months, risk=round(float(make.rng.uniform(0, 0.3)), 2)
            )
            modes.append(mode)
            costs.append(_cost(make, mission, mode, price * scale * factor**0.9))
            needs.extend(_needs(make, mission, mode, large=name == "large"))
        effects.extend(_effects(make, mission, modes, objectives))
    return tuple(rows), tuple(modes), tuple(costs), tuple(needs), tuple(effects)


def _cost(make: _Maker, mission: missions.Mission, mode: missions.Mode, price: float) -> missions.Cost:
    aid = mission.purpose == "humanitarian"
    budget = "aid" if aid else ("capacity" if mission.purpose == "capacity_building" else "cooperation")
    monthly = mode.months > 1 and make.often(0.5)
    dollars = make.often(0.1)
    return missions.Cost(
        mission=mission.id,
        mode=mode.id,
        budget=budget,
        amount=Decimal(round(price * 1000 / (mode.months if monthly else 1))),
        currency="USD" if dollars else "EUR",
        price_year=2027 if dollars else 2026,
        recurrence="monthly" if monthly else "once",
    )


def _needs(make: _Maker, mission: missions.Mission, mode: missions.Mode, *, large: bool) -> list[missions.StaffNeed]:
    # a need is copied from somebody who exists, so that it can be met
    able = [position for position in make.positions if position.rank >= "OF-2"] or list(make.positions)
    out = []
    for role in ("lead", "expert") if large or make.often(0.25) else ("lead",):
        model = able[int(make.rng.integers(len(able)))]
        spoken = [name for name in model.languages if not name.startswith("en")]
        out.append(
            missions.StaffNeed(
                mission=mission.id,
                mode=mode.id,
                role=role,
                rank_min=_RANKS[max(0, _RANKS.index(model.rank) - int(make.rng.integers(0, 3)))],
                rank_max="OF-6" if make.often(0.3) else None,
                languages=tuple(spoken[:1]) if make.often(0.35) else ("en:B2",),
                clearance="restricted" if make.often(0.7) else "none",
            )
        )
    return out


def _effects(
    make: _Maker, mission: missions.Mission, modes: Sequence[missions.Mode], objectives: Sequence[aims.Objective]
) -> list[missions.Effect]:
    aid = mission.purpose == "humanitarian"
    served = [item for item in objectives if (item.kind == "humanitarian") == aid] or [
        item for item in objectives if not aid or item.kind != "military"
    ]
    own = [mode for mode in modes if mode.mission == mission.id]
    out: list[missions.Effect] = []
    chosen = make.rng.permutation(len(served))[: int(make.rng.integers(1, 4))]
    for place, index in enumerate(chosen):
        likely = round(float(make.rng.gamma(3.0, 0.35)), 2) + 0.1
        if place and make.often(0.2):
            likely = -likely / 2
        for mode in own:
            points = max(-3.0, min(3.0, likely * (1.6 if mode.id == "large" else 1.0)))
            out.append(_effect(make, mission, mode, points, objective=served[int(index)].id))
    if not aid and make.often(0.4):
        for mode in own[:1]:
            points = round(float(make.rng.uniform(-0.5, 2.0)), 2)
            out.append(_effect(make, mission, mode, points, actor=mission.partners[0]))
    return out


def _effect(
    make: _Maker,
    mission: missions.Mission,
    mode: missions.Mode,
    points: float,
    *,
    objective: str | None = None,
    actor: str | None = None,
) -> missions.Effect:
    return missions.Effect(
        mission=mission.id,
        mode=mode.id,
        objective=objective,
        actor=actor,
        low=round(max(-3.0, points - abs(points) * 0.4), 3),
        likely=round(points, 3),
        high=round(min(3.0, points + abs(points) * 0.4), 3),
        judge="generator",
        judged=date(2026, 11, 1),
        basis="assessment",
        fade_months=float(make.rng.integers(6, 37)) if objective and make.often(0.5) else None,
    )


def _money(
    make: _Maker, costs: Sequence[missions.Cost], modes: Sequence[missions.Mode]
) -> tuple[tuple[resources.Budget, ...], tuple[resources.Allotment, ...]]:
    months = {(mode.mission, mode.id): mode.months for mode in modes}
    total = {"cooperation": 0.0, "capacity": 0.0, "aid": 0.0}
    for cost in costs:
        if cost.mode == "standard":
            factor = months[cost.mission, cost.mode] if cost.recurrence == "monthly" else 1
            total[cost.budget] += float(cost.amount) * factor
    budgets = (
        resources.Budget(id="cooperation", title="Defence cooperation"),
        resources.Budget(id="capacity", title="Capacity building abroad"),
        resources.Budget(id="aid", title="Humanitarian assistance", humanitarian=True),
    )
    years = [range(first, min(first + 12, make.shape.months)) for first in range(0, make.shape.months, 12)]
    allotments = [
        resources.Allotment(
            budget=budget.id,
            start=make.month(year[0]),
            # the capacity budget carries over into the first quarter of the next year
            expires=make.month(year[-1] + (3 if budget.id == "capacity" else 0)),
            amount=Decimal(round(total[budget.id] * make.shape.money * len(year) / make.shape.months) + 1),
            currency="EUR",
            price_year=2027,
        )
        for budget in budgets
        for year in years
    ]
    return budgets, tuple(allotments)


def _links(make: _Maker, objectives: Sequence[aims.Objective]) -> tuple[aims.Link, ...]:
    pairs: dict[tuple[str, str], aims.Link] = {}
    for _ in range(len(objectives)):
        a, b = make.rng.permutation(len(objectives))[:2]
        if "humanitarian" in {objectives[int(a)].kind, objectives[int(b)].kind}:
            continue  # aid keeps apart from other aims
        source, target = objectives[int(a)].id, objectives[int(b)].id
        kind: Literal["supports", "hinders"] = "supports" if make.often(0.7) else "hinders"
        strength = int(make.rng.integers(1, 4)) * (1 if kind == "supports" else -1)
        pairs[source, target] = aims.Link(
            source=source, target=target, kind=kind, strength=strength, reason="generated"
        )
    return tuple(pairs.values())


def _activities(make: _Maker) -> tuple[context.Activity, ...]:
    out = []
    for number in range(round(8 * make.shape.rules)):
        begin = int(make.rng.integers(0, make.shape.months))
        actor = make.pick(make.partners)
        out.append(
            context.Activity(
                id=f"activity-{number}",
                title=f"Exercise season {number} of {actor}",
                kind="exercise" if make.often(0.7) else "deployment",
                side="allied" if make.often(0.7) else "rival",
                actor=actor,
                start=first_day(make.month(begin)),
                end=last_day(make.month(begin + int(make.rng.integers(0, 2)))),
                places=(actor,),
            )
        )
    return tuple(out)


def _windows(
    make: _Maker, rows: Sequence[missions.Mission], modes: Sequence[missions.Mode]
) -> tuple[missions.Window, ...]:
    length = {mode.mission: mode.months for mode in modes}
    out = []
    for mission in rows:
        if make.rule(0.3):
            begin = int(make.rng.integers(0, max(1, make.shape.months - length[mission.id])))
            end = min(make.shape.months - 1, begin + length[mission.id] + int(make.rng.integers(1, 9)))
            out.append(missions.Window(mission=mission.id, start=make.month(begin), end=make.month(end)))
    return tuple(out)


def _absences(make: _Maker) -> tuple[people.Absence, ...]:
    out = []
    for position in make.positions:
        if make.rule(0.3):
            begin = int(make.rng.integers(0, make.shape.months))
            out.append(
                people.Absence(
                    position=position.id,
                    start=first_day(make.month(begin)),
                    end=last_day(make.month(begin + int(make.rng.integers(0, 3)))),
                    reason="course",
                )
            )
    return tuple(out)


def _holders(make: _Maker) -> tuple[tuple[people.Person, ...], tuple[people.Holder, ...]]:
    persons, holders = [], []
    for number, position in enumerate(make.positions):
        if position.headcount == 1 and make.rule(0.2):
            changes = int(make.rng.integers(3, make.shape.months))
            for order in range(2):
                person = people.Person(
                    id=f"person-{number:03d}-{order}",
                    name=f"Holder {order} of {position.title}",
                    rank=position.rank,
                    languages=position.languages if order == 0 else position.languages[:1],
                    clearance=position.clearance,
                )
                persons.append(person)
                holders.append(
                    people.Holder(
                        position=position.id,
                        person=person.id,
                        start=first_day(make.start) if order == 0 else first_day(make.month(changes)),
                        end=last_day(make.month(changes - 1)) if order == 0 else None,
                    )
                )
    return tuple(persons), tuple(holders)


def _prerequisites(make: _Maker, names: Sequence[str]) -> tuple[constraints.Prerequisite, ...]:
    out: dict[tuple[str, str], constraints.Prerequisite] = {}
    for _ in range(round(len(names) * 0.12 * make.shape.rules)):
        a, b = sorted(int(index) for index in make.rng.permutation(len(names))[:2]) if len(names) > 1 else (0, 0)
        if a != b:
            # later ones need earlier ones, so no loop can arise
            out[names[b], names[a]] = constraints.Prerequisite(
                mission=names[b], requires=names[a], lag_months=int(make.rng.integers(0, 3))
            )
    return tuple(out.values())


def _groups(make: _Maker, names: Sequence[str], *, share: float, size: int) -> list[tuple[str, ...]]:
    count = round(len(names) * share * make.shape.rules) if len(names) >= size else 0
    return [tuple(sorted(names[int(i)] for i in make.rng.permutation(len(names))[:size])) for _ in range(count)]


def _exclusions(make: _Maker, names: Sequence[str]) -> tuple[constraints.Exclusion, ...]:
    groups = _groups(make, names, share=0.06, size=2)
    return tuple(
        constraints.Exclusion(id=f"exclusion-{n}", missions=group, reason="same audience")
        for n, group in enumerate(groups)
    )


def _synergies(
    make: _Maker, names: Sequence[str], objectives: Sequence[aims.Objective]
) -> tuple[constraints.Synergy, ...]:
    out = []
    for number, group in enumerate(_groups(make, names, share=0.08, size=2)):
        points = round(float(make.rng.uniform(-0.5, 1.0)), 2)
        out.append(
            constraints.Synergy(
                id=f"synergy-{number}",
                missions=group,
                objective=objectives[int(make.rng.integers(len(objectives)))].id,
                low=points - 0.2,
                likely=points,
                high=points + 0.2,
            )
        )
    return tuple(out)


def _bans(make: _Maker) -> tuple[constraints.Ban, ...]:
    if not make.rule(1.0):
        return ()
    last = make.shape.months - 1
    return (
        constraints.Ban(
            id="summer",
            reason="no leader travel in the summer recess",
            start=first_day(make.month(min(6, last))),
            end=last_day(make.month(min(7, last))),
            instruments=("leader-visit",),
        ),
        constraints.Ban(
            id="area",
            reason="elections there",
            start=first_day(make.month(0)),
            end=last_day(make.month(min(4, last))),
            places=tuple(make.partners[:2]),
        ),
    )


def _sanctions(make: _Maker) -> tuple[constraints.Sanction, ...]:
    if not make.rule(1.0):
        return ()
    return (
        constraints.Sanction(
            id="embargo",
            target=make.partners[-1],
            imposed_by="EU",
            kind="arms",
            reference="generated",
            start=date(2026, 1, 1),
        ),
    )


def _gates(make: _Maker, names: Sequence[str]) -> tuple[constraints.Gate, ...]:
    return tuple(
        constraints.Gate(
            id=f"gate-{number}",
            title=f"Vetting round {number}",
            kind="vetting",
            missions=group,
            lead_months=int(make.rng.integers(1, 6)),
            status="failed" if make.often(0.1) else "pending",
        )
        for number, group in enumerate(_groups(make, names, share=0.06, size=2))
    )


def _willingness(make: _Maker) -> tuple[constraints.Willingness, ...]:
    out = []
    for partner in make.partners:
        likely = float(make.rng.uniform(0.45, 0.95))
        out.append(
            constraints.Willingness(
                partner=partner,
                low=round(likely * 0.7, 2),
                likely=round(likely, 2),
                high=round(min(1.0, likely * 1.2), 2),
                judged=date(2026, 10, 1),
                requested=make.often(0.2),
            )
        )
    return tuple(out)


def _absorption(make: _Maker) -> tuple[constraints.Absorption, ...]:
    return tuple(
        constraints.Absorption(id=f"absorbs-{partner.lower()}", partner=partner, missions=2, window_months=4)
        for partner in make.partners
        if make.rule(0.5)
    )


def _pins(make: _Maker, names: Sequence[str]) -> tuple[constraints.Pin, ...]:
    if len(names) < 6 or not make.rule(1.0):
        return ()
    return (constraints.Pin(mission=names[-1], decision="out", reason="taken over by an ally"),)


def _commitments(make: _Maker, names: Sequence[str]) -> tuple[constraints.Commitment, ...]:
    if len(names) < 12 or not make.rule(1.0):
        return ()
    return (
        constraints.Commitment(
            id="summit-pledge",
            title="Pledge of the last summit",
            to=("NATO",),
            due=make.month(make.shape.months - 1),
            missions=tuple(names[: max(4, len(names) // 5)]),
            count=2,
        ),
    )


def generate_relations(desk: Desk, *, seed: int = 1) -> RelationsSnapshot:
    """Make a relations snapshot over all partners of a desk; the same seed makes the same one."""
    rng = np.random.default_rng(seed)
    names = {partner for mission in desk.missions for partner in mission.partners}
    names |= {actor for objective in desk.objectives for actor in objective.needs}
    actors = tuple(sorted(names))
    upper = np.triu(np.clip(rng.normal(0.2, 0.4, (len(actors), len(actors))), -1, 1), 1)
    tension = np.triu(rng.uniform(0, 0.6, upper.shape), 1)
    return RelationsSnapshot(
        as_of=date(2026, 12, 31),
        observer=desk.info.observer,
        actors=actors,
        alignment=upper + upper.T,
        tension=tension + tension.T,
        level=np.full(upper.shape, -1, np.int8),
        treaty=np.zeros(upper.shape, np.int8),
        sources=("generated",),
    )
