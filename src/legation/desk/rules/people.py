"""Positions, their holders and who reports to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter

from legation.desk.people import Holder
from legation.desk.rules.cycles import loop_text, loops
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "holder-overlap",
    "A position has one holder at a time.",
    remedy="End the earlier holding before the later one starts.",
)
def holder_overlap(facts: Facts) -> Findings:
    """A person's skills replace the post's while they hold it, so two holders would give one post two sets."""
    for before, after in _overlaps(facts.desk.holders, "position"):
        yield Finding(
            after,
            f"{after.person} holds {after.position} from {after.start}, while {before.person} holds it until "
            f"{before.end or 'further notice'}.",
            field="start",
        )


@rule(
    "holder-two-posts",
    "A person holds one position at a time.",
    remedy="End one of the holdings, or leave one post vacant.",
)
def holder_two_posts(facts: Facts) -> Findings:
    """A person is in one place; two full posts would let the plan use them twice in one month."""
    for before, after in _overlaps(facts.desk.holders, "person"):
        if before.position != after.position:
            yield Finding(
                after,
                f"{after.person} holds {after.position} from {after.start}, and {before.position} until "
                f"{before.end or 'further notice'}.",
                field="person",
            )


def _overlaps(holders: Iterable[Holder], field: str) -> Iterator[tuple[Holder, Holder]]:
    """Give each holding that starts while an earlier one of the same position or person lasts, with that one."""
    by = attrgetter(field, "start", "position", "person")
    for _, group in groupby(sorted(holders, key=by), key=attrgetter(field)):
        last: Holder | None = None
        for holder in group:
            if last is not None and holder.start <= (last.end or date.max):
                yield last, holder
            if last is None or (holder.end or date.max) >= (last.end or date.max):
                last = holder


@rule(
    "holder-headcount",
    "Only a single post has named holders.",
    remedy="Set the headcount to 1, and give each further post a row of its own.",
)
def holder_headcount(facts: Facts) -> Findings:
    """Which of several equal posts a person holds is not said, so their skills could not be used."""
    for name, holders in facts.holders_of.items():
        position = facts.positions.get(name)
        if position is not None and position.headcount > 1:
            first = min(holders, key=attrgetter("start", "person"))
            yield Finding(first, f"Position {name} stands for {position.headcount} posts.", field="position")


@rule(
    "position-reports-cycle",
    "Nobody reports to themselves, directly or through others.",
    remedy="Leave reports_to empty for the highest post of the loop.",
)
def position_reports_cycle(facts: Facts) -> Findings:
    """Approvals go up the line, and in a loop they would never end."""
    positions = facts.positions
    edges = {name: () if held.reports_to is None else (held.reports_to,) for name, held in positions.items()}
    for loop in loops(edges):
        yield Finding(positions[loop[0]], f"Posts report to one another: {loop_text(loop)}.", field="reports_to")
    for position in facts.desk.positions:
        if position.reports_to == position.id:
            yield Finding(position, f"Position {position.id} reports to itself.", field="reports_to")
