"""What can be asked of a desk about choosing among aims."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING

from legation.service.questions import Setting, entries_of

if TYPE_CHECKING:
    from legation.planning.frontier.result import FrontierResult
    from legation.planning.weights.result import WeightsResult

__all__ = ["FRONTIER_FORMATS", "frontier_of_desk", "points_csv", "weights_of_desk"]

FRONTIER_FORMATS = (".csv", ".svg", ".png", ".json")


def frontier_of_desk(
    setting: Setting,
    *,
    aims: Sequence[str] = ("value", "cost"),
    points: int | None = None,
    gap: float | None = None,
    seconds: float = 60.0,
    seed: int = 1,
    against: str | None = None,
    now: str | None = None,
    count_changes: bool = False,
    progress: Callable[[int, int], None] | None = None,
    stop: Event | None = None,
) -> FrontierResult:
    """Find the plans of a desk of which none is beaten in all aims at once.

    Parameters
    ----------
    setting
        The desk in its world.
    aims, points, gap, seconds, seed, now, progress, stop
        As for `legation.planning.frontier.choose.frontier`.
    against
        Id of the kept plan that disruption is measured against.
    count_changes
        Whether each changed mission counts 1, whatever the kind and notice.

    Raises
    ------
    UnknownRecordError
        When the desk keeps no plan of that id.
    """
    from legation.planning.frontier.choose import frontier
    from legation.planning.replan.weights import DisruptionWeights

    plain = DisruptionWeights(
        dropped=1.0, moved=1.0, mode=1.0, person=0.0, new=1.0, committed=1.0, half_life=1e12, floor=1.0
    )
    return frontier(
        setting.desk,
        aims=aims,
        relations=setting.relations,
        points=points,
        gap=gap,
        seconds=seconds,
        seed=seed,
        against=None if against is None else entries_of(setting.desk, against),
        now=now,
        weights=plain if count_changes else None,
        against_title=f"plan {against}" if against is not None else "",
        progress=progress,
        stop=stop,
    )


def points_csv(found: FrontierResult) -> bytes:
    """Give the points as CSV: number, aims, open gap, and the missions with mode and first month (from 0)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["point", *(aim.name for aim in found.aims), "gap", "knee", "missions"])
    for point in found.points:
        writer.writerow(
            [
                point.number,
                *(repr(row.value) for row in point.aims),
                repr(point.gap),
                int(point.number == found.knee),
                ";".join(f"{chosen.mission}:{chosen.mode}:{chosen.start}" for chosen in point.missions),
            ]
        )
    return text.getvalue().encode()


def weights_of_desk(
    setting: Setting,
    statements: Sequence[str],
    *,
    gap: float | None = None,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
    stop: Event | None = None,
) -> WeightsResult:
    """Find the plans that no other beats for all weights that statements on goals allow.

    Parameters
    ----------
    setting
        The desk in its world.
    statements
        Each ``goal:low..high``, ``goal:share`` or ``goal>=other``.
    gap, seconds, seed, progress, stop
        As for `legation.planning.weights.robust.weigh`.

    Raises
    ------
    InputError
        When a statement cannot be read or names no goal with weight, or statements exclude each other.
    """
    from legation.planning.weights.polytope import read_statement
    from legation.planning.weights.robust import weigh

    return weigh(
        setting.desk,
        statements=[read_statement(text) for text in statements],
        relations=setting.relations,
        gap=gap,
        seconds=seconds,
        seed=seed,
        progress=progress,
        stop=stop,
    )
