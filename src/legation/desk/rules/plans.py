"""Kept plans can be scored: their months, roles and posts are those of the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from legation.desk.plans import PlanEntry
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, quoted, rule


@rule(
    "plan-entry-in-time",
    "A plan's mission starts in one of the desk's months.",
    remedy="Move the mission, or keep the plan with the desk it was made for.",
)
def plan_entry_in_time(facts: Facts) -> Findings:
    """Money and people are known for the desk's months alone; what began before its start is shown and not scored."""
    months = facts.desk.info.months
    for entry in facts.desk.plan_entries:
        start = facts.month(entry.start)
        if start >= months:
            yield Finding(entry, f"{entry.start} is after the desk's end {facts.last_month}.", field="start")
        elif start < 0:
            yield Finding(
                entry, f"{entry.start} is before the desk's start {facts.desk.info.start}.", "start", severity="warning"
            )


@rule(
    "plan-entry-staff",
    "A plan's staff are written role:position, with roles that the mode needs and positions that exist.",
    remedy="Write the role as in staff_needs, a colon, and the id of a position.",
)
def plan_entry_staff(facts: Facts) -> Findings:
    """Who goes is part of the plan, and a role that nobody asked for or a post that is not there cannot go."""
    positions = facts.known("positions")
    for entry in facts.desk.plan_entries:
        if entry.staff:
            roles = {need.role for need in facts.needs_of.get((entry.mission, entry.mode), ())}
            for text in entry.staff:
                role, colon, position = text.partition(":")
                if not colon or not role or not position:
                    yield Finding(entry, f"{quoted(text)} is not role:position.", field="staff")
                    continue
                if role not in roles:
                    yield Finding(entry, f"The mode has no role {quoted(role)}.", field="staff")
                if position not in positions:
                    yield Finding(entry, f"{quoted(position)} is not in positions.", field="staff")


@rule(
    "plan-entry-count",
    "A plan's mission uses no post more often than it has heads, and fills no role beyond its count.",
    remedy="Remove the surplus entry, or name another position.",
)
def plan_entry_count(facts: Facts) -> Findings:
    """A person is in one place, and people beyond the need are free for other missions."""
    for entry in facts.desk.plan_entries:
        if entry.staff:
            yield from _surplus(facts, entry)


def _surplus(facts: Facts, entry: PlanEntry) -> Iterator[Finding]:
    pairs = [text.partition(":") for text in entry.staff]
    for name, used in sorted(Counter(position for _, _, position in pairs).items()):
        position = facts.positions.get(name)
        if position is not None and used > position.headcount:
            yield Finding(entry, f"{name} is used {used} times.", field="staff")
    wanted: Counter[str] = Counter()
    for need in facts.needs_of.get((entry.mission, entry.mode), ()):
        wanted[need.role] += need.count
    for role, used in sorted(Counter(role for role, _, _ in pairs).items()):
        if role in wanted and used > wanted[role]:
            yield Finding(entry, f"Role {role} asks for {wanted[role]} and has {used}.", field="staff")
