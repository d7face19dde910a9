"""Stretches of time end no earlier than they start."""

from __future__ import annotations

from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule

__all__ = ["STRETCHES"]

STRETCHES: tuple[tuple[str, str, str], ...] = (
    ("indicators", "baseline_date", "target_date"),
    ("activities", "start", "end"),
    ("windows", "start", "end"),
    ("holders", "start", "end"),
    ("absences", "start", "end"),
    ("allotments", "start", "expires"),
    ("authorities", "start", "end"),
    ("bans", "start", "end"),
    ("sanctions", "start", "end"),
    ("place_risks", "start", "end"),
    ("agreements", "signed", "in_force"),
    ("agreements", "signed", "ended"),
    ("agreements", "in_force", "ended"),
    ("embassies", "opened", "closed"),
)
"""Kind, first field, last field; days or months."""


@rule(
    "dates-ordered",
    "What has a start and an end does not end before it starts.",
    remedy="Exchange the two, or correct one.",
)
def dates_ordered(facts: Facts) -> Findings:
    """A stretch that ends before it starts holds no day, so what it describes would be ignored."""
    for kind, first, last in STRETCHES:
        for record in facts.desk.records(kind):
            start, end = getattr(record, first), getattr(record, last)
            if start is not None and end is not None and end < start:
                yield Finding(record, f"{last} {end} is before {first} {start}.", field=last)
