"""Reactions in sentences, with every assumption behind them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from legation.planning.actor_words import actor_words
from legation.planning.points import points
from legation.planning.table.reaction_model import CHOICES, Assumed, Choice
from legation.planning.table.result import Range

__all__ = ["TITLES", "assumptions", "mission_words", "nation_words"]

TITLES: Mapping[Choice, str] = {
    "stay_out": "stay out",
    "small_counter_offer": "make a small counter-offer",
    "large_counter_offer": "make a large counter-offer",
    "competing_activity": "run a competing activity",
    "support": "support the mission",
}
_SIDE = {"adversary": "stands against us", "partner": "stands with us", "unclear": "stands neither way"}


def nation_words(name: str, stance: str, *, before: float, after: Range) -> str:
    """Say what a nation's reactions do to the plan."""
    return (
        f"{name[:1].upper()}{name[1:]} {_SIDE[stance]} by the relations used. If it reacts as assumed, the plan is "
        f"worth {points(after.likely)} of 100 in place of {points(before)}; nine of ten draws of its preferences give "
        f"{points(after.low)} to {points(after.high)}."
    )


def mission_words(
    title: str, partner: str, choices: tuple[Choice, Choice], chance: Sequence[float], *, now: float, after: Range
) -> str:
    """Say what a nation would do about a mission: its likeliest choice and its likeliest one but staying out."""
    likeliest, best = choices
    other = "" if likeliest == best else f"; else it may {TITLES[best]} ({chance[CHOICES.index(best)]:.0%})"
    return (
        f"{title!r}: towards {actor_words(partner)} it would most likely {TITLES[likeliest]} "
        f"({chance[CHOICES.index(likeliest)]:.0%}){other}. The mission goes ahead with {after.likely:.0%} "
        f"({after.low:.0%} to {after.high:.0%}) in place of {now:.0%}."
    )


def assumptions(assumed: Assumed) -> tuple[str, ...]:
    """Give every assumption as a sentence with its numbers."""

    def span(interval: tuple[float, float]) -> str:
        return f"{interval[0]:g} to {interval[1]:g}"

    a = assumed
    paragraphs = f"""
One third nation reacts at a time, to every mission by itself, after it has seen the plan.
It approaches one partner of a mission: the one closest to it. The others decide as before.
What it wants is drawn around the alignment that the desk's judgements or the relations hold, {a.spread:g} either way;
where nothing is known, from -1 to 1.
It minds a mission as much as the mission is worth to us alone, as a share of our most valuable one.
A standard offer has log odds of {span(a.offer)} against none, plus {a.pull:g} for each unit by which it is more
aligned with the partner than we are. A small offer is {a.sizes[0]:g} of it, a large one {a.sizes[1]:g}.
A standard offer costs it {span(a.offer_cost)}, a competing activity {span(a.activity_cost)}, support
{span(a.support_cost)}; 1 is what a sworn rival would give to see our most valuable mission fail.
A partner close to it that takes its offer brings it {span(a.gain)}. What else moves it is logit noise of the scale
{a.noise:g}.
A competing activity takes {span(a.activity)} from the log odds of our offer; support adds {span(a.support)}.
The partner takes the offer it likes best, with logit noise; without a reaction it accepts with the desk's willingness.
Effects, synergies and spill-over are proportional to the probability that a mission goes ahead.
Committed missions have been accepted and are not open to reactions.
Humanitarian missions are left out: aid is never a lever. A plan that anticipates keeps or leaves them as they were.
Intervals are uniform and independent: they state what is not known, and were fitted to no data.
"""
    # a line that begins in lower case, with a brace or a number goes on with the one before
    joined = re.sub(r"\n(?=[a-z\d-])", " ", paragraphs.strip())
    return tuple(joined.split("\n"))
