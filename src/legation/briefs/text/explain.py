"""An explanation as text: why in, why out, what more buys, which facts decide, or why there is no plan."""

from __future__ import annotations

from legation.briefs.text.table import bullets, heading, paragraph
from legation.planning.explain.result import Explanation, MissionReason
from legation.planning.points import points

__all__ = ["explain_text"]


_ROUNDING = 5e-5
"""Losses that read the same in points of two decimals."""


def explain_text(explanation: Explanation, *, label: str) -> str:
    """Write an explanation.

    Parameters
    ----------
    explanation
        The answer.
    label
        The line with the highest label.
    """
    e = explanation
    head = f"{e.title}: {e.plan}   [{label}]"
    if not e.feasible:
        return "\n".join(part for part in (head, *_impossible(e)) if part)
    parts = [head, paragraph(_plan(e))]
    if not (e.missions or e.bought or e.facts):
        parts.append(paragraph("A plan exists. Name missions by id, or ask with --buy or --facts."))
    for mission in e.missions:
        parts += [heading(mission.title), _mission(mission)]
    if e.bought:
        parts += [heading("What one more unit buys"), bullets(row.words for row in e.bought)]
    if e.facts:
        parts += [heading("Which single fact would change the plan"), bullets(row.words for row in e.facts)]
    return "\n".join(part for part in parts if part)


def _impossible(e: Explanation) -> tuple[str, ...]:
    """Say what clashes and what would help, as far as it was found."""
    assert e.conflict_state is not None
    assert e.relaxations_state is not None
    conflict = {
        "smallest": "These cannot hold together, and each is needed for that:",
        "not_proven_smallest": "These cannot hold together; whether each is needed for that was not settled in time "
        "(ask with more seconds: --each):",
        "not_found": "Which of them clash was not found in time: ask with more seconds (--each).",
    }[e.conflict_state]
    ways = {
        "cheapest": ("The cheapest ways out", ""),
        "not_proven_cheapest": ("Ways out", "There may be cheaper ones: ask with more seconds (--each)."),
        "none": (
            "Ways out",
            "There is none: what stands in the way is law, principle or fact, and nobody may change it.",
        ),
        "not_found": ("Ways out", "None was found in time; there may be some: ask with more seconds (--each)."),
    }[e.relaxations_state]
    return (
        paragraph(f"No plan keeps all rules. {conflict}"),
        bullets(e.conflict),
        heading(ways[0]),
        bullets(e.relaxations),
        paragraph(ways[1]),
    )


def _plan(e: Explanation) -> str:
    assert e.value is not None
    assert e.bound is not None
    known = f"Value {points(e.value)} of 100, proven bound {points(e.bound)}."
    better = (
        "" if e.better is None else f" A plan worth {points(e.better)} was found on the way; answers start from it."
    )
    reach = (
        " Every answer is from the whole model."
        if e.reach == "whole"
        else " Answers are from the plan's missions in any month and those nearest to paying: gains are at least, and "
        "losses at most, what is said."
    )
    return known + better + reach


def _mission(mission: MissionReason) -> str:
    lines = [mission.words, *(row for row in mission.reasons if row not in mission.words)]
    if mission.loss is not None and 0 < mission.loss_bound < mission.loss - _ROUNDING:
        lines.append(f"Proven is a loss of {points(mission.loss_bound)} at least.")
    if mission.moved and mission.chosen:
        lines.append(f"Without it {', '.join(repr(row.title) for row in mission.moved)} would move.")
    text = bullets(lines)
    if mission.ways:
        ways = bullets(f"{way.words}{'' if way.verified else ' (not verified)'}" for way in mission.ways)
        text += "\nWhat would bring it in:\n" + ways
    return text
