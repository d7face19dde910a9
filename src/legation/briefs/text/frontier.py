"""A frontier as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import percent
from legation.planning.frontier.result import FrontierAim, FrontierResult
from legation.planning.frontier.words import amount_of

__all__ = ["frontier_text"]


def frontier_text(found: FrontierResult, *, label: str, most: int = 40) -> str:
    """Write a frontier: what was proven, the knee, what the last of the value takes, the points, the missions.

    Parameters
    ----------
    most
        Points to list; of more, evenly spread ones and the knee are shown.
    """
    names = ", ".join(aim.title.lower() for aim in found.aims)
    count = len(found.points)
    parts = [
        f"Choosing among aims: {found.title}   [{label}]",
        paragraph(f"{count} plan{'s' * (count != 1)} over {names}. {_proof(found)}"),
        paragraph(found.knee_words),
        heading("What the last of the value takes"),
        bullets(row.words for row in found.trade_offs) or "No point gives up value for less of another aim.",
        heading("Points"),
        _points(found, most=most),
        heading("Missions"),
        bullets(_missions(found)),
        heading("Aims"),
        bullets(_aim(found, aim) for aim in found.aims),
        heading("Assumptions"),
        bullets(row.words for row in found.assumptions),
    ]
    return "\n".join(parts)


def _proof(found: FrontierResult) -> str:
    widest = max((point.gap for point in found.points), default=0.0)
    gap = f" Each point's value is proven within {widest:.2%}." if widest > 5e-5 else ""
    if not found.complete:
        why = "It was stopped" if found.stopped else "The time was over"
        return (
            f"{why} before the search ended: {len(found.open_boxes)} parts of the range are open, and more plans may "
            f"lie there.{gap}"
        )
    if found.method == "every":
        return (
            f"Nothing is missing: every other plan that keeps the rules is matched or beaten by a point in every "
            f"aim.{gap}"
        )
    steps = ", ".join(amount_of(aim.name, aim.step, currency=found.currency) for aim in found.aims if aim.step > 0)
    return f"No plan that keeps the rules is better than every point by a step or more; a step is {steps}.{gap}"


def _points(found: FrontierResult, *, most: int) -> str:
    count = len(found.points)
    kept = set(range(1, count + 1))
    if count > most:
        kept = {round(1 + place * (count - 1) / (most - 1)) for place in range(most)} | {found.knee or 1}
    rows = [
        (
            f"{point.number}{' (knee)' if point.number == found.knee else ''}",
            *(amount_of(row.name, row.value, currency=found.currency) for row in point.aims),
            f"{point.gap:.2%}",
            str(len(point.missions)),
        )
        for point in found.points
        if point.number in kept
    ]
    right: Literal["right"] = "right"
    sides: list[Literal["left", "right"]] = ["left", *(right for _ in range(len(found.aims) + 2))]
    header = ("Point", *(aim.title for aim in found.aims), "Open gap", "Missions")
    drawn = table(header, rows, align=sides)
    return drawn if count <= most else f"{drawn}\n{count - len(kept)} more points lie between these."


def _missions(found: FrontierResult) -> Iterable[str]:
    heads = {
        "core": "In every point", "most": "In more than half", "some": "In some", "none": "In none",
    }  # fmt: skip
    for place, head in heads.items():
        own = [row for row in found.missions if row.place == place]
        if not own:
            continue
        shown = [row.title if place in {"core", "none"} else f"{row.title} ({percent(row.share)})" for row in own[:25]]
        more = f", and {len(own) - 25} more" if len(own) > 25 else ""
        yield f"{head} ({len(own)}): {', '.join(shown)}{more}."


def _aim(found: FrontierResult, aim: FrontierAim) -> str:
    best, worst = (amount_of(aim.name, value, currency=found.currency) for value in (aim.best, aim.worst))
    against = f" Against {found.against}." if aim.name == "disruption" and found.against else ""
    return f"{aim.title}: {aim.definition}; proven best {best}, worst here {worst}.{against}"
