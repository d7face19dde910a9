"""The page on the worked example: what the desk holds, counted from its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from legation import read_desk
from legation.actors import ActorKind, actor, name
from legation.desk.desk import KINDS, Desk

__all__ = ["example_page"]

HEAD = """# The example desk

The worked example is a full-size desk of a mid-sized European state; this page lists what it holds and where facts end.

The page is written by `scripts/make_docs.py` from `examples/portugal`.
`legation desk check examples/portugal` checks the desk, and `legation brief examples/portugal` plans it.

## Facts are public, judgements are this example's own

- Portugal's alliances, treaties, deployments, partners, bases and organisations are real and public.
- Costs, effects, months of 2027 and 2028, and the willingness of partners are assumptions of the example.
- Nothing in it is an official view, and positions stand without their holders.
- Every effect says who judged it and on what basis, so that a reader can replace it.
- `examples/small` is a desk of eight missions for [the tutorial](../tutorials/first-plan.md).
"""


def example_page(folder: Path) -> str:
    """Give the page on a desk."""
    return "\n".join(_lines(read_desk(folder)))


def _lines(desk: Desk) -> Iterator[str]:
    info = desk.info
    yield HEAD
    yield "## The desk in figures\n"
    yield f"{info.title}: {info.months} months from {info.start}, in {info.currency} at {info.price_year} prices.\n"
    yield "| records | number |"
    yield "|---|---|"
    for kind in KINDS:
        if desk.records(kind):
            yield f"| `{kind}` | {len(desk.records(kind))} |"
    partners = {one for mission in desk.missions for one in mission.partners}
    kinds = Counter(actor(one).kind for one in partners)
    yield f"| partner states | {kinds[ActorKind.STATE]} |"
    yield f"| partner organisations | {kinds[ActorKind.ORGANISATION]} |"
    yield f"| instruments in use | {len({mission.instrument for mission in desk.missions})} |"
    for what in ("format", "purpose"):
        for value, count in sorted(Counter(getattr(mission, what) for mission in desk.missions).items()):
            yield f"| missions with {what} {value} | {count} |"
    yield "\n## Objectives\n"
    yield "| objective | kind | below | weight |"
    yield "|---|---|---|---|"
    for objective in desk.objectives:
        yield f"| {objective.title} | {objective.kind} | `{objective.parent}` | {objective.weight:g} |"
    yield "\n## Activities\n"
    yield "| activity | whose |"
    yield "|---|---|"
    for activity in desk.activities:
        yield f"| {activity.title} | {name(activity.actor)} |"
    yield "\n## Budgets\n"
    yield "| budget | allotted |"
    yield "|---|---|"
    for budget in desk.budgets:
        total = sum(one.amount for one in desk.allotments if one.budget == budget.id)
        yield f"| {budget.title} | {total:,.0f} {info.currency} |"
    yield ""
