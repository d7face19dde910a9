"""Numbers and judgements as words, the same in every door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a relation's text starts quickly without the desk's and the planner's types
    from legation.briefs.model import Brief
    from legation.planning.result import PlannedPerson, PlanResult

__all__ = [
    "STATUS",
    "amount",
    "headline",
    "lead",
    "people_words",
    "percent",
    "proof_words",
    "shortened",
    "third_parties",
    "way",
]

MISSING = "\N{EN DASH}"

STATUS = {
    "optimal": "proven best",
    "within_gap": "proven within the gap asked for",
    "feasible": "best found before the time ran out",
    "stopped": "best found before it was stopped",
}

_MEMORY = "best found before the memory limit was reached"

_WAYS = {"higher": "higher is better", "lower": "lower is better", "neither": "a diagnostic: read, not maximised"}


def amount(value: float | None, digits: int = 0) -> str:
    """Write a number with thousands separated; a missing one as a dash."""
    return MISSING if value is None else f"{value:,.{digits}f}"


def percent(value: float | None, digits: int = 0) -> str:
    """Write a share as a percentage; a missing one as a dash."""
    return MISSING if value is None else f"{value:.{digits}%}"


def proof_words(plan: PlanResult) -> str:
    """Say how far a plan is proven, and what ended the search where a limit did."""
    return _MEMORY if plan.status == "feasible" and plan.ended == "memory" else STATUS[plan.status]


def way(better: str) -> str:
    """Say which way a part of cohesion is better."""
    return _WAYS[better]


def people_words(people: Sequence[PlannedPerson]) -> str:
    """Name the people of a mission, equal posts counted: 2 x Naval officers."""
    counts = Counter(one.title if one.person is None else f"{one.title} ({one.person})" for one in people)
    return ", ".join(title if count == 1 else f"{count} x {title}" for title, count in counts.items())


def shortened(sentences: Sequence[str], *, most: int = 25) -> list[str]:
    """Give the first sentences, strongest first as they come, and how many more stand in the text file."""
    rest = len(sentences) - most
    return list(sentences) if rest <= 0 else [*sentences[:most], f"{rest} more stand in brief.txt."]


def third_parties(brief: Brief) -> list[str]:
    """Say whose relations the plan moves, the largest shifts first."""
    spill = brief.cohesion.spill_over
    parties = () if spill is None else spill.parties
    moved = [one for one in parties if round(one.spill, 3) or round(one.direct, 3)]
    moved.sort(key=lambda one: (-max(abs(one.spill), abs(one.direct)), one.actor.id))
    return [
        f"{one.actor.title}: {one.direct:+.3f} directly, {one.spill:+.3f} through others "
        f"({one.spill_low:+.3f} to {one.spill_high:+.3f})."
        for one in moved
    ]


def headline(brief: Brief) -> str:
    """Say in one sentence what the plan does."""
    plan = brief.plan
    reached = sum(objective.n >= 1 for objective in plan.objectives)
    return (
        f"{len(plan.missions)} missions bring {reached} of {len(plan.objectives)} objectives to their target, for "
        f"{plan.cost / 1e6:,.2f} million {plan.currency} over {len(brief.months)} months."
    )


def lead(brief: Brief) -> tuple[str, ...]:
    """Say how good the plan is, how sure that is, and what a ranking would have done."""
    plan = brief.plan
    proof = (
        f"The plan reaches {plan.value:.1%} of the value of all goals at their targets. No plan under the same rules "
        f"can reach more than {plan.bound:.1%}: the gap is {plan.gap:.2%} ({proof_words(plan)})."
    )
    sentences = [proof]
    if plan.comparison is not None:
        for ranking in plan.comparison.rankings:
            share = "" if ranking.ratio is None else f", {ranking.ratio:.0%} of the plan's value"
            title = ranking.title[:1].lower() + ranking.title[1:]
            sentences.append(f"A ranking ({title}) reaches {ranking.value:.1%} under the same rules and money{share}.")
    contradictions, clashes = len(brief.cohesion.contradictions), len(brief.cohesion.clashes)
    gaps = len(brief.cohesion.gaps)
    sentences.append(
        f"{contradictions} contradiction{'s' * (contradictions != 1)}, {clashes} clash{'es' * (clashes != 1)} with "
        f"military activities and {gaps} unserved objective{'s' * (gaps != 1)} remain; they are listed below."
    )
    return tuple(sentences)
