"""Measure plans against both rankings at the same money, and how fast the gap is proven.

    python benchmarks/plan.py [DESK_FOLDER ...] [--desks 20] [--missions 100] [--seconds 30] [--gap 0.01]

Prints a Markdown table: 20 generated desks with the seeds 1 to 20, and any desk folders named. Rankings choose under
the same rules and the same money as the plan. "Better by" is how much more value the plan has than a ranking.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from legation.desk.desk import Desk
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.relations.snapshot import RelationsSnapshot


@dataclass(frozen=True)
class Row:
    """What was measured on one desk."""

    name: str
    value: float
    gap: float
    search: float
    whole: float
    by_ratio: float
    adaptive: float
    broken: int


def desks(given: argparse.Namespace) -> Iterator[tuple[str, Desk, RelationsSnapshot | None]]:
    """Give the desks to measure, named folders first."""
    for folder in given.folders:
        from legation.service.questions import open_desk

        setting = open_desk(folder)
        yield folder.rstrip("/").split("/")[-1], setting.desk, setting.relations
    shape = DeskShape(
        missions=given.missions,
        positions=max(25, given.missions * 3 // 100),
    )
    for seed in range(1, given.desks + 1):
        desk = generate_desk(shape, seed=seed)
        yield f"generated {seed}", desk, generate_relations(desk, seed=seed)


def measure(name: str, desk: Desk, relations: RelationsSnapshot | None, *, seconds: float, gap: float) -> Row:
    """Plan one desk and set both rankings beside it."""
    began = time.perf_counter()
    found = plan(desk, relations=relations, seconds=seconds, gap=gap)
    whole = time.perf_counter() - began
    ratio, adaptive = found.comparison.rankings
    return Row(
        name,
        found.value,
        found.gap,
        found.seconds,
        whole,
        ratio.value,
        adaptive.value,
        len(broken_rules(desk, found.to_selection())),
    )


COLUMNS: tuple[tuple[str, str, Callable[[Row], float]], ...] = (
    ("value", ".4f", lambda row: row.value),
    ("proven gap", ".2%", lambda row: row.gap),
    ("search, s", ".1f", lambda row: row.search),
    ("with reasons, s", ".1f", lambda row: row.whole),
    ("score per cost", ".4f", lambda row: row.by_ratio),
    ("adaptive", ".4f", lambda row: row.adaptive),
    ("better by, score per cost", ".1%", lambda row: row.value / row.by_ratio - 1),
    ("better by, adaptive", ".1%", lambda row: row.value / row.adaptive - 1),
    ("broken rules", ".0f", lambda row: row.broken),
)


def table(rows: list[Row]) -> str:
    """Give the rows and the distribution over the generated ones as Markdown."""

    def line(name: str, values: list[float]) -> str:
        cells = [format(value, how) for value, (_, how, _) in zip(values, COLUMNS, strict=True)]
        return f"| {' | '.join([name, *cells])} |"

    lines = [f"| {' | '.join(['desk', *(column[0] for column in COLUMNS)])} |", "|---" + "|--:" * len(COLUMNS) + "|"]
    lines += [line(row.name, [get(row) for _, _, get in COLUMNS]) for row in rows]
    own = [row for row in rows if row.name.startswith("generated")]
    for label, pick in (("least", min), ("median", statistics.median), ("greatest", max)):
        if len(own) > 1:
            lines.append(line(f"generated, {label}", [pick([get(row) for row in own]) for _, _, get in COLUMNS]))
    return "\n".join(lines)


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--desks", type=int, default=20)
    parser.add_argument("--missions", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--gap", type=float, default=0.01)
    given = parser.parse_args()
    rows = []
    for name, desk, relations in desks(given):
        rows.append(measure(name, desk, relations, seconds=given.seconds, gap=given.gap))
        print(f"{name}: {rows[-1].search:.1f} s", file=sys.stderr)
    print(table(rows))


if __name__ == "__main__":
    main()
