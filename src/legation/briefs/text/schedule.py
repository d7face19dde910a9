"""The earliest finish of missions as text."""

from __future__ import annotations

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import amount, people_words
from legation.planning.schedule.mission_result import MissionSchedule

__all__ = ["schedule_text"]


def schedule_text(found: MissionSchedule, *, label: str) -> str:
    """Write how soon missions can be done: the finish and its proof, who does what when, and why not sooner.

    Parameters
    ----------
    found
        The result.
    label
        The line with the highest label.
    """
    asked = [row for row in found.missions if row.asked]
    proof = (
        "No schedule that keeps the desk's rules ends sooner."
        if found.status == "optimal"
        else f"It is proven that {found.bound} months are needed; whether it can be done sooner than this is open."
    )
    later = sorted({row.end for row in found.missions if row.end > found.finish})
    parts = [
        f"{found.title}   [{label}]",
        paragraph(
            f"{_asked(len(asked))} by the end of {found.finish}, "
            f"{found.months} month{'s' * (found.months != 1)} after the start of {found.start}. {proof} "
            f"({found.engine} {found.engine_version}, {found.seconds:.1f} s)"
        ),
        paragraph(f"What the desk must do anyway may go on until {later[-1]}.") if later else "",
        heading("In this order"),
        table(
            ("From", "To", "Mission", "Mode", "People", f"Cost {found.currency}"),
            [
                (
                    row.start,
                    row.end,
                    row.title if row.asked else f"{row.title} (needed)",
                    row.mode_title,
                    people_words(row.people),
                    amount(row.cost),
                )
                for row in found.missions
            ],
        ),
        heading("Why not sooner"),
        bullets(link.words for link in found.chain),
        heading("Assumptions"),
        bullets(found.assumptions),
    ]
    return "\n".join(part for part in parts if part)


def _asked(count: int) -> str:
    return (
        "The mission asked for can have ended" if count == 1 else f"The {count} missions asked for can all have ended"
    )
