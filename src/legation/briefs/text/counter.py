"""Reactions of third nations, as text: what they may do, what the plan is worth then, and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import percent
from legation.planning.points import points
from legation.planning.record_words import actors_words
from legation.planning.result import Named
from legation.planning.table.reaction_result import AnticipatedPlan, CounterResult, MissionReaction, ThirdNation

__all__ = ["counter_text"]

_ASSUMED = {
    "offer_cost": "what an offer costs it",
    "activity_cost": "what a competing activity costs it",
    "gain": "what a partner's taking its offer brings it",
    "activity": "the effect of a competing activity",
    "noise": "the part of its choice that nothing explains",
    "spread": "the doubt about its alignment",
}


def counter_text(found: CounterResult, *, label: str) -> str:
    """Write how third nations may react to a plan.

    Parameters
    ----------
    found
        The result.
    label
        The line with the highest label.
    """
    parts = [
        f"{found.title}: if others react   [exploratory; {label}]",
        paragraph(found.label),
        paragraph(
            f"Plan: {found.plan}, {found.missions} missions, value {points(found.value)} of 100 while nobody reacts"
            f"{'' if found.gap is None else f' (gap to the proven bound {found.gap:.2%})'}. "
            f"{found.draws} draws with seed {found.seed}."
        ),
        *(_nation(nation) for nation in found.actors),
        heading("Everything here assumes"),
        bullets([*found.assumptions, *_gaps(found)]),
    ]
    return "\n".join(part for part in parts if part)


def _nation(nation: ThirdNation) -> str:
    known = "unknown" if nation.alignment is None else f"{nation.alignment:+.2f}"
    parts = [
        heading(nation.name),
        paragraph(nation.sentence),
        paragraph(f"Alignment with us: {known}, from {nation.basis}."),
        _missions(nation.missions),
        bullets(one.sentence for one in nation.missions),
        "" if nation.anticipated is None else _anticipated(nation.anticipated),
        _shifts(nation),
    ]
    return "\n".join(part for part in parts if part)


def _missions(missions: Sequence[MissionReaction]) -> str:
    if not missions:
        return "No mission of the plan is open to its reactions."
    return table(
        ("Mission", "Goes ahead", "After", "Adds", "Adds after", "Rank", "Rank after"),
        [
            (
                m.title, percent(m.accept),
                f"{m.accept_after.likely:.0%} ({m.accept_after.low:.0%}-{m.accept_after.high:.0%})",
                f"{100 * m.value_added:.2f}", f"{100 * m.value_added_after:.2f}", str(m.rank), str(m.rank_after),
            )
            for m in missions
        ],
        align=("left", "right", "right", "right", "right", "right", "right"),
    )  # fmt: skip


def _anticipated(plan: AnticipatedPlan) -> str:
    worth = (
        f"The best plan found under these reactions is worth {points(plan.value)}, the given one "
        f"{points(plan.value_of_plan)}: better by {points(plan.improvement)}, and at most by {points(plan.at_most)} "
        f"(proven; gap {plan.gap:.2%})."
    )
    without = (
        f"If nobody reacted it would differ by {points(plan.also_without)} from the given one; what is above 0 is owed "
        f"to a better search. Anticipating itself is worth {points(plan.value_of_anticipating)}."
    )
    lines = [
        worth,
        without,
        *(
            f"{what}: {_names(missions)}."
            for what, missions in (("It adds", plan.entered), ("It leaves out", plan.left), ("It moves", plan.moved))
            if missions
        ),
    ]
    return bullets(lines)


def _names(missions: Sequence[Named], *, most: int = 8) -> str:
    rest = len(missions) - most
    named = "; ".join(one.title for one in missions[:most])
    return named if rest <= 0 else f"{named}; and {rest} more"


def _shifts(nation: ThirdNation) -> str:
    telling = sorted(nation.sensitivity, key=lambda one: -abs(one.difference))[:4]
    return bullets(
        f"With {_ASSUMED[one.assumption]} {one.change} the plan is worth {points(one.value)} "
        f"({100 * one.difference:+.2f})."
        for one in telling
    )


def _gaps(found: CounterResult) -> list[str]:
    out = []
    if found.left_aside:
        out.append(f"Left aside as humanitarian: {_names(found.left_aside)}.")
    if found.not_looked_at:
        out.append(f"The relations do not hold {actors_words(found.not_looked_at)}: nothing is known of them here.")
    return out
