"""A plan, a scored plan and two plans side by side, as text."""

from __future__ import annotations

from collections.abc import Sequence

from legation.briefs.text.table import bullets, heading, indented, paragraph, table
from legation.briefs.words import amount, people_words, percent, proof_words
from legation.planning.points import points
from legation.planning.result import (
    ObjectiveOutcome,
    PlanComparison,
    PlannedMission,
    PlanResult,
    PlanScore,
    Spending,
)

__all__ = ["comparison_text", "plan_text", "score_text"]


def plan_text(plan: PlanResult, *, label: str, full: bool = True) -> str:
    """Write a plan: the proof, the missions with their reasons, what it costs, what limits it, what was left out.

    Parameters
    ----------
    plan
        The result.
    label
        The line with the highest label.
    full
        Whether binding rules, sensitivity and the missions left out are written too.
    """
    parts = [
        f"{plan.title}   [{label}]",
        paragraph(
            f"{len(plan.missions)} missions, {amount(plan.cost)} {plan.currency} at {plan.price_year} prices. "
            f"Value {points(plan.value)} of 100, proven bound {points(plan.bound)}, gap {plan.gap:.2%}: "
            f"{proof_words(plan)} "
            f"({plan.engine} {plan.engine_version}, {plan.seconds:.1f} s, seed {plan.seed})."
        ),
        _started_from(plan),
        _rankings(plan),
        heading("Missions"),
        _missions(plan.missions, currency=plan.currency),
        heading("Objectives"),
        _objectives(plan.objectives),
        heading("Money"),
        _money(plan.spending),
    ]
    if full:
        parts += [
            heading("What limits the plan"),
            bullets(item.words for item in plan.binding) or "No rule holds the plan back at the margin.",
            heading("Left out, and why"),
            table(
                ("Mission", "Why", "What would change it"),
                [(item.title, item.reason, item.what_would_change) for item in plan.left_out],
            ),
            _unexamined(plan),
            heading("Assumptions"),
            bullets(item.words for item in plan.assumptions),
        ]
    return "\n".join(part for part in parts if part)


def _unexamined(plan: PlanResult) -> str:
    """Say how many missions left out were not solved for, and how to ask about them."""
    short = [item for item in plan.left_out if not item.examined]
    if not short:
        return ""
    which = "1 mission" if len(short) == 1 else f"{len(short)} missions"
    return paragraph(
        f"Of {which} left out, only what stands in the way is told, not what would leave the plan for it. "
        f"`legation explain DESK MISSION` says that of one mission, such as {short[0].mission}; "
        f"--reasons {len(plan.left_out)} and more --seconds say it of all."
    )


def score_text(score: PlanScore, *, currency: str, label: str) -> str:
    """Write an existing plan as it scores: its value, the bound, every rule it breaks."""
    verdict = (
        "It keeps every rule."
        if score.keeps_rules
        else f"It breaks {len(score.broken)} rule{'s' * (len(score.broken) != 1)}:"
    )
    return "\n".join(
        part
        for part in (
            f"{score.title}   [{label}]",
            (
                f"Value {points(score.value)} of 100, proven bound of any plan that keeps the rules "
                f"{points(score.bound)}, gap {score.gap:.2%}. {verdict}"
            ),
            bullets(item.words for item in score.broken),
            heading("Missions"),
            _missions(score.missions, currency=currency),
            heading("Objectives"),
            _objectives(score.objectives),
            heading("Money"),
            _money(score.spending),
        )
        if part
    )


def comparison_text(comparison: PlanComparison, *, title_a: str, title_b: str, label: str) -> str:
    """Write two plans side by side."""
    c = comparison
    return "\n".join(
        (
            f"{title_a} beside {title_b}   [{label}]",
            table(
                ("", title_a, title_b),
                [
                    ("Value", points(c.value_a), points(c.value_b)),
                    ("Cost", amount(c.cost_a), amount(c.cost_b)),
                    ("Missions in both", str(len(c.both)), str(len(c.both))),
                    ("Missions only here", str(len(c.only_a)), str(len(c.only_b))),
                ],
                align=("left", "right", "right"),
            ),
            heading(f"Only in {title_a}"),
            bullets(item.title for item in c.only_a) or "None.",
            heading(f"Only in {title_b}"),
            bullets(item.title for item in c.only_b) or "None.",
            heading("Changed"),
            table(("Mission", title_a, title_b), [(item.title, item.before, item.after) for item in c.changed])
            if c.changed
            else "None.",
            heading("Objectives"),
            table(
                ("Objective", f"Net in {title_a}", f"Net in {title_b}", "Difference in value"),
                [
                    (o.title, f"{o.n_a:.2f}", f"{o.n_b:.2f}", f"{100 * (o.value_b - o.value_a):+.2f} points")
                    for o in c.objectives
                ],
                align=("left", "right", "right", "right"),
            ),
        )
    )


def _started_from(plan: PlanResult) -> str:
    """Say what became of the plan that the search started from; nothing where there was none."""
    kept = plan.started_from
    if kept is None:
        return ""
    if kept.whole:
        return paragraph("The plan it started from keeps all rules.")
    groups = (("moved", kept.moved), ("left out", kept.dropped), ("brought in", kept.added))
    parts = [f"{what}: {', '.join(row.title for row in rows)}" for what, rows in groups if rows]
    if kept.unknown:
        parts.append(f"not open on this desk: {', '.join(kept.unknown)}")
    return paragraph(
        f"The plan it started from breaks rules and was repaired first; {kept.kept} of its missions could stay as "
        f"they were{'; ' if parts else ''}{'; '.join(parts)}."
    )


def _rankings(plan: PlanResult) -> str:
    if plan.comparison is None:
        return ""
    return bullets(
        f"{ranking.title}: value {points(ranking.value)}"
        + ("" if ranking.ratio is None else f", {ranking.ratio:.1%} of the plan's")
        + f", cost {amount(ranking.cost)} {plan.currency}."
        for ranking in plan.comparison.rankings
    )


def _missions(missions: Sequence[PlannedMission], *, currency: str) -> str:
    """Write each mission in its own few lines: when and what, who, why."""
    lines = []
    for mission in sorted(missions, key=lambda item: (item.start_index, item.title)):
        when = mission.start if mission.start == mission.end else f"{mission.start} to {mission.end}"
        mode = "" if mission.mode_title == "standard" else f" ({mission.mode_title})"
        lines.append(f"{when:<18}  {mission.title}{mode}, {amount(mission.cost)} {currency}")
        people = people_words(mission.people)
        lines += [indented(f"With {people}.")] if people else []
        lines.append(indented(" ".join(mission.reasons)))
    return "\n".join(lines)


def _objectives(objectives: Sequence[ObjectiveOutcome]) -> str:
    return table(
        ("Objective", "Kind", "Weight", "Net", "Interval"),
        [(o.title, o.kind, percent(o.share, 1), f"{o.n:.2f}", f"{o.n_low:.2f} to {o.n_high:.2f}") for o in objectives],
        align=("left", "left", "right", "right", "right"),
    )


def _money(spending: Sequence[Spending]) -> str:
    return table(
        ("Budget", "Spent", "Allotted", "Used"),
        [
            (s.title, amount(s.spent), amount(s.allotted), percent(s.spent / s.allotted if s.allotted else None))
            for s in spending
        ],
        align=("left", "right", "right", "right"),
    )
