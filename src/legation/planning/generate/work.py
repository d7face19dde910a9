"""Missions with their modes, costs, staff needs, effects and windows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from legation.desk import aims, missions
from legation.planning.generate.maker import INSTRUMENTS, RANKS, Maker

__all__ = ["make_missions", "make_windows"]


def make_missions(
    make: Maker, objectives: Sequence[aims.Objective]
) -> tuple[
    tuple[missions.Mission, ...],
    tuple[missions.Mode, ...],
    tuple[missions.Cost, ...],
    tuple[missions.StaffNeed, ...],
    tuple[missions.Effect, ...],
]:
    """Make missions, and in the same order their modes, costs, staff needs and effects."""
    rows, modes, costs, needs, effects = [], [], [], [], []
    for number in range(make.shape.missions):
        instrument, purpose, length, price = INSTRUMENTS[int(make.rng.integers(len(INSTRUMENTS)))]
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


def _cost(make: Maker, mission: missions.Mission, mode: missions.Mode, price: float) -> missions.Cost:
    monthly = mode.months > 1 and make.often(0.5)
    dollars = make.often(0.1)
    return missions.Cost(
        mission=mission.id,
        mode=mode.id,
        budget=make.budget(mission.purpose),
        amount=Decimal(round(price * 1000 / (mode.months if monthly else 1))),
        currency="USD" if dollars else "EUR",
        price_year=2027 if dollars else 2026,
        recurrence="monthly" if monthly else "once",
    )


def _needs(make: Maker, mission: missions.Mission, mode: missions.Mode, *, large: bool) -> list[missions.StaffNeed]:
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
                rank_min=RANKS[max(0, RANKS.index(model.rank) - int(make.rng.integers(0, 3)))],
                rank_max="OF-6" if make.often(0.3) else None,
                languages=tuple(spoken[:1]) if make.often(0.35) else ("en:B2",),
                clearance="restricted" if make.often(0.7) else "none",
            )
        )
    return out


def _effects(
    make: Maker, mission: missions.Mission, modes: Sequence[missions.Mode], objectives: Sequence[aims.Objective]
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
    # aid serves humanitarian objectives alone; what was drawn for it leaves the numbers that follow as they are
    if aid and not any(item.kind == "humanitarian" for item in objectives):
        return []
    if not aid and make.often(0.4):
        for mode in own[:1]:
            points = round(float(make.rng.uniform(-0.5, 2.0)), 2)
            out.append(_effect(make, mission, mode, points, actor=mission.partners[0]))
    return out


def _effect(
    make: Maker,
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


def make_windows(
    make: Maker, rows: Sequence[missions.Mission], modes: Sequence[missions.Mode]
) -> tuple[missions.Window, ...]:
    """Make windows of up to eight months more than the mission takes."""
    length = {mode.mission: mode.months for mode in modes}
    out = []
    for mission in rows:
        if make.rule(0.3):
            begin = int(make.rng.integers(0, max(1, make.shape.months - length[mission.id])))
            slack = max(1, round(int(make.rng.integers(1, 9)) / make.shape.tightness))
            end = min(make.shape.months - 1, begin + length[mission.id] + slack)
            out.append(missions.Window(mission=mission.id, start=make.month(begin), end=make.month(end)))
    return tuple(out)
