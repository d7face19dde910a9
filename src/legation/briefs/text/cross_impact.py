"""Scenarios that hold together, as text."""

from __future__ import annotations

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.cohesion.cross_impact_result import CrossImpactResult, ScenarioFound

__all__ = ["cross_impact_text"]

_ENDED = {
    "all": "Every combination was decided, so there are no others.",
    "seconds": "The time ended first: there may be others.",
    "scenarios": "The search ended at this many: there are others.",
    "stopped": "The search was stopped: there may be others.",
}
_MOST_DESCRIBED, _MOST_CHANGES = 12, 15


def cross_impact_text(found: CrossImpactResult, *, label: str | None = None) -> str:
    """Write the scenarios, what holds each up, and the judgements that matter.

    Parameters
    ----------
    found
        The result.
    label
        The line with the highest label of the desk that was asked, if one was.
    """
    shown = found.scenarios[:_MOST_DESCRIBED]
    parts = [
        f"{found.title}   [exploratory{'' if label is None else f'; {label}'}]",
        paragraph(found.label),
        paragraph(
            f"{len(found.factors)} factors, {found.judgements} judgements, {found.combinations:,} combinations; "
            f"{_count(found)} {_ENDED[found.ended]}"
        ),
        _overview(found),
        bullets([f"In all of them: {', '.join(found.common)}."]) if found.common else "",
        *(_scenario(one) for one in shown),
        f"\n{len(found.scenarios) - len(shown)} more scenarios: print them with --json."
        if len(found.scenarios) > len(shown)
        else "",
        _changes(found),
        heading("Notes") if found.notes else "",
        bullets(found.notes),
    ]
    return "\n".join(part for part in parts if part)


def _count(found: CrossImpactResult) -> str:
    count = len(found.scenarios)
    allowed = f" within {found.allowed_inconsistency:g}" if found.allowed_inconsistency else ""
    return f"{count} scenario{'s hold' if count != 1 else ' holds'} together{allowed}."


def _overview(found: CrossImpactResult) -> str:
    if not found.scenarios:
        return ""
    head = ["Factor", *(str(one.number) for one in found.scenarios[:_MOST_DESCRIBED])]
    rows = [
        [factor.title, *(one.states[n] for one in found.scenarios[:_MOST_DESCRIBED])]
        for n, factor in enumerate(found.factors)
    ]
    return heading("Scenarios") + "\n" + table(head, rows)


def _scenario(one: ScenarioFound) -> str:
    lead = "without rivals" if one.consistency is None else f"consistency {one.consistency:g}"
    short = f", inconsistency {one.inconsistency:g}" if one.inconsistency > 0 else ""
    weight = "" if one.weight is None else f", reached from {one.weight:,} combinations"
    return "\n".join(
        (
            heading(f"Scenario {one.number}: total impact {one.total_impact:g}, {lead}{short}{weight}"),
            bullets(state.sentence for state in one.factors),
        )
    )


def _changes(found: CrossImpactResult) -> str:
    if not found.changes_asked:
        return ""
    telling = [one.sentence for one in found.changes if one.lost or one.gained]
    quiet = sum(one.complete and not one.lost and not one.gained for one in found.changes)
    lines = telling[:_MOST_CHANGES]
    if len(telling) > len(lines):
        lines.append(f"{len(telling) - len(lines)} more changes have consequences: print them with --json.")
    lines.append(f"{quiet} of {found.changes_tried} changes by {found.change_by:g} would change nothing.")
    return heading(f"What one judgement changed by {found.change_by:g} would do") + "\n" + bullets(lines)
