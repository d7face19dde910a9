"""Journeys and days away fit into a month."""

from __future__ import annotations

from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "travel-time-ends",
    "A journey joins two different places.",
    remedy="Correct station or place; who is there already does not travel.",
)
def travel_time_ends(facts: Facts) -> Findings:
    """At one's own station the journey takes no days."""
    for row in facts.desk.travel_times:
        if row.station == row.place:
            yield Finding(row, f"station and place are both {row.place}.", field="place")


@rule(
    "travel-time-once",
    "A journey between two places stands once, whichever end is named first.",
    remedy="Keep one of the two rows: its days are those there and back.",
)
def travel_time_once(facts: Facts) -> Findings:
    """There and back is the same journey from either end, so two rows could contradict each other."""
    held = {(row.station, row.place) for row in facts.desk.travel_times}
    for row in facts.desk.travel_times:
        if row.station > row.place and (row.place, row.station) in held:
            yield Finding(row, f"{row.place} to {row.station} stands there as well.", field="place")


@rule(
    "staff-need-days",
    "A staff need takes no more days than a month has working days.",
    remedy="Lower `days`, leave it out where the whole month is needed, or raise the setting working_days.",
)
def staff_need_days(facts: Facts) -> Findings:
    """Nobody has more days, so the mode could never be staffed."""
    most = facts.desk.info.settings.working_days
    for need in facts.desk.staff_needs:
        if need.days is not None and need.days > most:
            yield Finding(need, f"{need.days} days are more than the month's {most}.", field="days")
