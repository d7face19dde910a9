"""A cohesion report as text."""

from __future__ import annotations

from collections.abc import Iterable

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import amount, way
from legation.cohesion.result import CohesionReport

__all__ = ["cohesion_text"]


def cohesion_text(report: CohesionReport, *, label: str) -> str:
    """Write every part with its interval, then what causes the parts: contradictions, gaps, clashes, spill-over."""
    basis = "a plan" if report.basis == "plan" else "the desk as it stands, every open mission in its first mode"
    sections = (
        ("Missions that stand in for each other", _groups(report)),
        ("Contradictions", (item.sentence for item in report.contradictions)),
        ("Gaps", (item.sentence for item in report.gaps)),
        ("Orphans", (item.sentence for item in report.orphans)),
        ("Duplicates", (item.sentence for item in report.duplicates)),
        ("Clashes with activities", (item.sentence for item in report.clashes)),
        ("Links that the pattern contradicts", _inconsistencies(report)),
        ("Third parties", _third_parties(report)),
        ("Assumptions", report.assumptions),
    )
    parts = [
        f"Cohesion of {report.desk_title}   [{label}]",
        paragraph(f"{report.missions} missions: {basis}."),
        _parts(report),
        heading("Objectives"),
        table(
            ("Objective", "Kind", "Weight", "Gross", "Net", "Interval"),
            [
                (o.title, o.kind, f"{o.weight:.1%}", f"{o.gross:.2f}", f"{o.net:.2f}",
                 f"{o.net_low:.2f} to {o.net_high:.2f}")
                for o in report.objectives
            ],
            align=("left", "left", "right", "right", "right", "right"),
        ),
        heading("What each mission adds"),
        _contributions(report),
    ]  # fmt: skip
    for title, items in sections:
        listed = bullets(items)
        if listed:
            parts += [heading(title), listed]
    return "\n".join(parts)


def _parts(report: CohesionReport) -> str:
    return table(
        ("Part", "Value", "Interval", "How to read it"),
        [
            (
                part.title,
                amount(part.value, 3),
                "" if part.low is None or part.high is None else f"{part.low:.3f} to {part.high:.3f}",
                part.missing_reason or f"{part.meaning} ({way(part.better)})",
            )
            for part in report.parts
        ],
        align=("left", "right", "right", "left"),
        width=140,
    )


def _contributions(report: CohesionReport) -> str:
    return table(
        ("Mission", "Left out", "Alone", "Group"),
        [
            (
                item.mission.title,
                f"{item.leave_one_out:+.4f}",
                f"{item.alone:+.4f}",
                "" if item.group is None else str(item.group + 1),
            )
            for item in report.contributions
        ],
        align=("left", "right", "right", "right"),
    )


def _groups(report: CohesionReport) -> Iterable[str]:
    return (
        f"Group {group.number + 1}: {'; '.join(ref.title for ref in group.missions)}. {group.sentence}"
        for group in report.groups
    )


def _inconsistencies(report: CohesionReport) -> Iterable[str]:
    return () if report.consistency is None else (item.sentence for item in report.consistency.inconsistencies)


def _third_parties(report: CohesionReport) -> Iterable[str]:
    if report.spill_over is None:
        return ()
    return (
        f"{party.actor.title}: {party.direct:+.3f} directly, {party.spill:+.3f} through others "
        f"({party.spill_low:+.3f} to {party.spill_high:+.3f})."
        for party in report.spill_over.parties
        if round(party.direct, 3) or round(party.spill, 3)
    )
