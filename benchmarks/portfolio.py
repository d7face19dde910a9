"""Measure the proven gap on generated desks of fixed shapes, seed by seed.

    python benchmarks/portfolio.py [usual] [large] [--seeds 5] [--gap 0.0] [--seconds S] [--out rows.csv]

`usual` is 1,000 missions over 24 months with 30 positions and 12 objectives, searched for 300 seconds; `large` is
5,000 over 36 months with 100 positions, searched for 600 seconds, its reading and building included. Two in five
missions keep their instrument's full length of up to six months. Each desk is searched in a process of its own, so
that memory is its own. Value, bound and gap at each mark are read from the trace of one search. Prints a Markdown
table; with `--out` rows are appended to a CSV file, and desks that stand there are not run again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.planning.result import Progress
from legation.planning.solve import relative_gap, search
from legation.planning.staff import read_staff
from result_rows import append_row, markdown, run_main, saved_rows


@dataclass(frozen=True)
class Case:
    """A shape, how long to search, and the seconds at which the gap is read."""

    shape: DeskShape
    seconds: float
    marks: tuple[int, ...]


CASES = {
    "usual": Case(
        DeskShape(
            missions=1_000, months=24, positions=30, objectives=12, countries=40, programmes=4, prerequisites=85,
            exclusions=150, synergies=400, money_per_year=0.11,
        ),
        300.0,
        (60, 300),
    ),
    "large": Case(
        DeskShape(
            missions=5_000, months=36, positions=100, objectives=12, countries=40, programmes=4, prerequisites=425,
            exclusions=750, synergies=2_000, money_per_year=0.11,
        ),
        600.0,
        (60, 300, 600),
    ),
}  # fmt: skip


def at(trace: tuple[Progress, ...], seconds: float) -> tuple[float | None, float | None]:
    """Give value and bound as they stood after so many seconds."""
    seen = [step for step in trace if step.seconds <= seconds]
    return (seen[-1].value, seen[-1].bound) if seen else (None, None)


def run(name: str, seed: int, gap: float, limit: float | None) -> dict[str, object]:
    """Search one desk in this process."""
    import resource

    case = CASES[name]
    allowed = case.seconds if limit is None else limit
    desk = generate_desk(case.shape, seed=seed)
    relations = generate_relations(desk, seed=seed)
    began, processor = time.monotonic(), time.process_time()
    data = plan_data(desk, relations=relations)
    reading = time.monotonic() - began
    found = search(data, Highs(), gap=gap, seconds=allowed - reading, seed=1)
    assert found is not None
    processor = time.process_time() - processor
    staff = read_staff(data, found.model, found.x)
    first = next((step.seconds for step in found.trace if step.value is not None), float("nan"))
    row: dict[str, object] = {
        "shape": name,
        "seed": seed,
        "columns": len(found.model.problem.cost),
        "missions in the plan": len(found.slots),
        "first plan, s": round(first + reading, 1),
    }
    for mark in (mark for mark in case.marks if mark <= allowed):
        value, bound = at(found.trace, mark - reading)
        known = value is not None and bound is not None
        row[f"gap at {mark} s"] = f"{relative_gap(value, bound):.2%}" if known else "-"  # type: ignore[arg-type]
    row |= {
        "value": f"{found.value:.5f}",
        "bound": f"{found.bound:.5f}",
        "seconds": round(found.seconds + reading, 1),
        "processor s": round(processor, 1),
        "memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10),
        "broken rules": len(broken_rules(desk, chosen(data, found.slots.tolist(), staff))),
    }
    return row


def chosen(data, slots, staff):  # type: ignore[no-untyped-def]
    """Write a plan's slots as entries that the checker of records reads."""
    from legation.cohesion.result import Chosen

    return [
        Chosen(
            mission=data.missions[data.slot_mission[slot]].id,
            mode=data.modes[data.slots.option[slot]].id,
            start=int(data.slots.start[slot]),
            staff=tuple(f"{role}:{position}" for role, position in staff[slot]),
        )
        for slot in slots
    ]


def main() -> None:
    """Read the options; run each desk in a process of its own; print a table for each shape."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", default=[], metavar="SHAPE", help=f"of {list(CASES)}")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--gap", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, help="search this long instead of the shape's own time")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--once", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once is not None:
        print(json.dumps(run(given.shapes[0], given.once, given.gap, given.seconds)))
        return
    for name in given.shapes or list(CASES):
        rows = list(measure(name, given))
        print("\n" + markdown(list(rows[0]), (list(row.values()) for row in rows)), flush=True)


def measure(name: str, given: argparse.Namespace) -> list[dict[str, object]]:
    """Run or recall the desks of one shape."""
    path = None if given.out is None else given.out.with_name(f"{given.out.stem}-{name}{given.out.suffix}")
    known: dict[int, dict[str, object]] = {int(row["seed"]): {**row} for row in saved_rows(path)}
    rows = []
    for seed in range(1, given.seeds + 1):
        if seed not in known:
            command = [sys.executable, __file__, name, f"--once={seed}", f"--gap={given.gap}"]
            command += [] if given.seconds is None else [f"--seconds={given.seconds}"]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            known[seed] = json.loads(answer.stdout)
            print(f"{name} {seed}: {known[seed]}", file=sys.stderr)
            append_row(path, known[seed])
        rows.append(known[seed])
    return rows


if __name__ == "__main__":
    run_main(main)
