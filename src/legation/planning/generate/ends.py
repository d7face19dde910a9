"""Goals, objectives and how they bear on each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from legation.desk import aims
from legation.planning.generate.maker import Maker

__all__ = ["make_aims", "make_links"]


def make_aims(make: Maker) -> tuple[tuple[aims.Goal, ...], tuple[aims.Objective, ...]]:
    """Make three goals, one of them by minimum, and the objectives below them."""
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


def _target(make: Maker) -> float:
    # about twice what the money can reach, so that choices hurt
    return round(float(make.rng.uniform(0.6, 1.4)) * 1.2 * make.shape.missions / make.shape.objectives, 1) + 1.0


def make_links(make: Maker, objectives: Sequence[aims.Objective]) -> tuple[aims.Link, ...]:
    """Make links between objectives."""
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
