"""Measure how fast a planning model of a million variables is built, and in how much memory.

    python benchmarks/model.py [--missions 24000] [--runs 3] [--seed 1]

The desk is generated; reading it into arrays is timed beside it. Rows of missions and people are also written entry by
entry over a tenth of the missions, to show per entry what blocks of arrays save. Prints a Markdown table.
Memory is what the process holds at its most while building, beyond what it held before.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

import numpy as np
from scipy import sparse

from legation.planning.data import PlanData, plan_data
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.planning.memory import used_megabytes
from legation.planning.model.build import build_model


def desk_data(missions: int, seed: int) -> tuple[PlanData, float]:
    """Generate a desk and read it into arrays; give the arrays and the processor seconds of reading."""
    shape = DeskShape(
        missions=missions, months=36, positions=100, objectives=12, countries=40, programmes=4,
        prerequisites=round(0.085 * missions), exclusions=round(0.15 * missions), synergies=round(0.4 * missions),
        money_per_year=0.11,
    )  # fmt: skip
    desk = generate_desk(shape, seed=seed)
    relations = generate_relations(desk, seed=seed)
    began = time.process_time()
    data = plan_data(desk, relations=relations)
    return data, time.process_time() - began


def most_megabytes() -> float:
    """Give the most memory that the process ever held."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def by_loop(data: PlanData) -> float:
    """Write the rows of missions and people entry by entry, and give the processor seconds per million entries."""
    began = time.process_time()
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    names: dict[tuple[object, ...], int] = {}

    def add(name: tuple[object, ...], column: int, value: float) -> None:
        rows.append(names.setdefault(name, len(names)))
        columns.append(column)
        values.append(value)

    column = {int(slot): number for number, slot in enumerate(np.flatnonzero(data.open))}
    for slot, number in column.items():
        add(("option", data.modes[data.slots.option[slot]].id, int(data.slots.option[slot])), number, 1.0)
    asked: dict[int, None] = {}
    for slot, number, people in zip(data.demand.slot, data.demand.staff_class, data.demand.count, strict=True):
        if int(slot) in column:
            add(("class", int(number)), column[int(slot)], float(people))
            asked[int(number)] = None
    count = len(column)
    for number in asked:
        item = data.demand.classes[number]
        for position in item.positions:
            add(("class", number), count, -1.0)
            for month in range(item.first, item.last + 1):
                add(("position", data.crew.positions[position].id, month), count, 1.0)
            count += 1
    matrix = sparse.coo_matrix((values, (rows, columns)), shape=(len(names), count)).tocsc()
    return (time.process_time() - began) / matrix.nnz * 1e6


def run(missions: int, seed: int) -> None:
    """Measure once in this process and print one row."""
    small, _ = desk_data(missions // 10, seed)
    loop = by_loop(small)
    data, reading = desk_data(missions, seed)
    before, most_before = used_megabytes(), most_megabytes()
    began, wall = time.process_time(), time.perf_counter()
    model = build_model(data)
    took, waited = time.process_time() - began, time.perf_counter() - wall
    # a peak of generating the desk may hide the model's: then what is held after it counts
    grown = max(used_megabytes() - before, most_megabytes() - max(most_before, before))
    entries = model.problem.matrix.nnz
    cells = [
        f"{len(model.problem.cost):,}", f"{len(model.rows):,}", f"{entries:,}", f"{reading:.2f}", f"{took:.2f}",
        f"{waited:.2f}", f"{grown:.0f}", f"{most_megabytes():.0f}", f"{loop / (took / entries * 1e6):.1f}",
    ]  # fmt: skip
    print("| " + " | ".join(cells) + " |")


HEADS = (
    "columns", "rows", "entries", "desk to arrays, s", "model, processor s", "model, s", "model, MB", "process, MB",
    "times faster than a loop",
)  # fmt: skip


def main() -> None:
    """Read the options; measure each run in a process of its own, so that memory is the run's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missions", type=int, default=24_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        run(given.missions, given.seed)
        return
    print(f"| {' | '.join(HEADS)} |")
    print("|" + "--:|" * len(HEADS))
    for number in range(given.runs):
        command = [sys.executable, __file__, "--once", f"--missions={given.missions}", f"--seed={given.seed + number}"]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
