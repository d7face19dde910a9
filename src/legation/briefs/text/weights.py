"""Plans under weights given as intervals, as text."""

from __future__ import annotations

from collections.abc import Iterable

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import percent
from legation.planning.points import points
from legation.planning.weights.result import WeightsResult

__all__ = ["weights_text"]

_PLACES = {
    "core": "Core: in every plan, whatever the weights",
    "borderline": "Borderline: in some plans; firmer weights would decide",
    "exterior": "Exterior: in no plan",
}


def weights_text(found: WeightsResult, *, label: str) -> str:
    """Write which plans can be best, what rules pick, and which missions stand in all, some or none."""
    parts = [
        f"Weighing goals: {found.title}   [{label}]",
        paragraph(_proof(found)),
        heading("Goals"),
        table(
            ("Goal", "Share now", "Least", "Most"),
            [(row.title, percent(row.share, 1), percent(row.low, 1), percent(row.high, 1)) for row in found.goals],
            align=("left", "right", "right", "right"),
        ),
        heading("Plans"),
        table(
            ("Plan", "Value in the middle", "Least", "Most", "Regret at most", "Best somewhere", "Missions"),
            [
                (
                    str(plan.number), points(plan.central), points(plan.least), points(plan.most), points(plan.regret),
                    "yes" if plan.best_somewhere else "no", str(len(plan.missions)),
                )
                for plan in found.plans
            ],
            align=("left", "right", "right", "right", "right", "left", "right"),
        ),
        heading("What rules pick"),
        bullets(rule.words for rule in found.rules),
        heading("Missions"),
        bullets(_missions(found)),
        heading("Assumptions"),
        bullets(row.words for row in found.assumptions),
    ]  # fmt: skip
    return "\n".join(parts)


def _proof(found: WeightsResult) -> str:
    count = len(found.plans)
    head = f"{count} plan{'s' * (count != 1)} over {len(found.corners)} extreme sets of weights."
    if not found.complete:
        why = "It was stopped" if found.stopped else "The time was over"
        return f"{head} {why} before the search ended: plans that are best at other weights may be missing."
    near = (
        "At any weights allowed one of them is the best plan"
        if found.slack <= 1e-5
        else f"At any weights allowed the best plan is at most {points(found.slack)} better than the best of them"
    )
    rest = (
        f"; a plan that is never best and yet not beaten everywhere has one of them within {points(found.step)} at "
        "every extreme set."
        if found.method == "unbeaten"
        else "; plans that are never best and yet not beaten everywhere were not asked for."
    )
    return f"{head} {near}{rest}"


def _missions(found: WeightsResult) -> Iterable[str]:
    for place, head in _PLACES.items():
        own = [row for row in found.missions if row.place == place]
        if own:
            shown = [row.title if place != "borderline" else f"{row.title} ({percent(row.index)})" for row in own[:30]]
            more = f", and {len(own) - 30} more" if len(own) > 30 else ""
            yield f"{head} ({len(own)}): {', '.join(shown)}{more}."
