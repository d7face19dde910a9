"""Rules between missions and from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from legation.desk import aims, constraints, context
from legation.desk.months import first_day, last_day
from legation.planning.generate.maker import Maker

__all__ = [
    "make_absorption", "make_activities", "make_bans", "make_commitments", "make_exclusions", "make_gates", "make_pins",
    "make_prerequisites", "make_sanctions", "make_synergies", "make_willingness",
]  # fmt: skip


def make_activities(make: Maker) -> tuple[context.Activity, ...]:
    """Make exercises and deployments of allies and rivals."""
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


def make_prerequisites(make: Maker, names: Sequence[str]) -> tuple[constraints.Prerequisite, ...]:
    """Make missions that need another one first."""
    out: dict[tuple[str, str], constraints.Prerequisite] = {}
    if make.shape.prerequisites is not None:
        return tuple(
            # later ones need earlier ones, so no loop can arise
            constraints.Prerequisite(mission=names[b], requires=names[a], lag_months=int(make.rng.integers(0, 3)))
            for a, b in make.pairs(names, make.shape.prerequisites, what="prerequisites")
        )
    for _ in range(round(len(names) * 0.12 * make.shape.rules)):
        a, b = sorted(int(index) for index in make.rng.permutation(len(names))[:2]) if len(names) > 1 else (0, 0)
        if a != b:
            # later ones need earlier ones, so no loop can arise
            out[names[b], names[a]] = constraints.Prerequisite(
                mission=names[b], requires=names[a], lag_months=int(make.rng.integers(0, 3))
            )
    return tuple(out.values())


def _groups(make: Maker, names: Sequence[str], *, share: float, size: int) -> list[tuple[str, ...]]:
    count = round(len(names) * share * make.shape.rules) if len(names) >= size else 0
    return [tuple(sorted(names[int(i)] for i in make.rng.permutation(len(names))[:size])) for _ in range(count)]


def _pairs(make: Maker, names: Sequence[str], count: int | None, *, share: float, what: str) -> list[tuple[str, ...]]:
    if count is None:
        return _groups(make, names, share=share, size=2)
    return [(names[a], names[b]) for a, b in make.pairs(names, count, what=what)]


def make_exclusions(make: Maker, names: Sequence[str]) -> tuple[constraints.Exclusion, ...]:
    """Make pairs of missions of which one may be in."""
    groups = _pairs(make, names, make.shape.exclusions, share=0.06, what="exclusions")
    return tuple(
        constraints.Exclusion(id=f"exclusion-{n}", missions=group, reason="same audience")
        for n, group in enumerate(groups)
    )


def make_synergies(
    make: Maker, names: Sequence[str], objectives: Sequence[aims.Objective]
) -> tuple[constraints.Synergy, ...]:
    """Make pairs of missions that help or hinder each other."""
    out = []
    for number, group in enumerate(_pairs(make, names, make.shape.synergies, share=0.08, what="synergies")):
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


def make_bans(make: Maker) -> tuple[constraints.Ban, ...]:
    """Make a summer recess and an area that is closed at first."""
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


def make_sanctions(make: Maker) -> tuple[constraints.Sanction, ...]:
    """Make one arms embargo."""
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


def make_gates(make: Maker, names: Sequence[str]) -> tuple[constraints.Gate, ...]:
    """Make vetting rounds, some of them failed."""
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


def make_willingness(make: Maker) -> tuple[constraints.Willingness, ...]:
    """Make how likely each partner accepts."""
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


def make_absorption(make: Maker) -> tuple[constraints.Absorption, ...]:
    """Make how many visits partners take."""
    return tuple(
        constraints.Absorption(id=f"absorbs-{partner.lower()}", partner=partner, missions=2, window_months=4)
        for partner in make.partners
        if make.rule(0.5)
    )


def make_pins(make: Maker, names: Sequence[str]) -> tuple[constraints.Pin, ...]:
    """Make one decision that is taken already."""
    if len(names) < 6 or not make.rule(1.0):
        return ()
    return (constraints.Pin(mission=names[-1], decision="out", reason="taken over by an ally"),)


def make_commitments(make: Maker, names: Sequence[str]) -> tuple[constraints.Commitment, ...]:
    """Make one pledge."""
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
