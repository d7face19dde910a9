"""Run public knapsacks through the planner: items as missions, limits as budgets, pairwise values as synergies.

    python benchmarks/knapsacks.py FOLDER ... [--seconds 5] [--seed 1] [--out FILE.csv] [--subset] [--only NAME ...]

A folder holds quadratic knapsacks (Billionnet and Soutif, *.txt with best_known.csv) or those with several limits
(OR-Library, mknapcb*.txt with mkcbres.txt). Every instance becomes a desk; the planner's data, model and search plan
it, and the plan is read back and checked in whole numbers. Rows are appended to the CSV as they come, and instances
that it holds already for the same limit and seed are not run again. `--subset` runs a fixed choice: every third
quadratic knapsack (jeu_100_25_1, jeu_100_50_4, ...) and, of those with several limits, numbers 00, 10 and 20 of each
size. With the usual limits that is at most six minutes for the 25 and 90 instances of the two reference folders.
Seconds are those of the whole way from desk to plan; without --seconds, 5 for quadratic ones and 30 for the others.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from knapsack_desk import desk_of
from knapsack_files import Knapsack, read_folder
from legation.errors import EngineError
from legation.planning.data import plan_data
from legation.planning.engines.highs import Highs
from legation.planning.solve import search
from result_rows import append_row, markdown, run_main, saved_rows

USUAL = {"qkp": 5.0, "mkp": 30.0}


@dataclass(frozen=True)
class Row:
    """What was found on one instance; profits in whole numbers, seconds by the clock and of the processor."""

    instance: str
    items: int
    limits: int
    pairs: int
    value: int
    bound: float
    best_known: int | None
    limit: float
    seconds: float
    processor: float
    seed: int

    @property
    def behind(self) -> float | None:
        """Distance to the best known value as a share of it; below 0 where the plan is better."""
        return None if not self.best_known else (self.best_known - self.value) / self.best_known

    @property
    def gap(self) -> float:
        """Distance to the proven bound as a share of the value."""
        return (self.bound - self.value) / max(self.value, 1)


def measure(instance: Knapsack, *, seconds: float, seed: int) -> Row:
    """Plan one instance's desk and check the plan against the instance."""
    began, busy = time.perf_counter(), time.process_time()
    data = plan_data(desk_of(instance))
    left = max(0.1, seconds - (time.perf_counter() - began))
    solution = search(data, Highs(), gap=0.0, seconds=left, seed=seed)
    if solution is None:
        raise EngineError(f"No plan was found for {instance.name}, though the empty one is one.")
    took, worked = time.perf_counter() - began, time.process_time() - busy
    chosen = np.zeros(len(instance.profit), bool)
    for number in data.slot_mission[solution.slots].tolist():
        chosen[int(data.missions[number].id[1:])] = True
    value = instance.value(chosen)
    if value != solution.value or not instance.fits(chosen):
        raise EngineError(
            f"{instance.name}: the plan's value {solution.value} is not the profit {value}, or a limit breaks."
        )
    return Row(
        instance=instance.name,
        items=len(instance.profit),
        limits=len(instance.capacity),
        pairs=int(np.count_nonzero(instance.pair)),
        value=value,
        bound=solution.bound,
        best_known=instance.best_known,
        limit=seconds,
        seconds=round(took, 3),
        processor=round(worked, 3),
        seed=seed,
    )


def chosen_subset(instances: list[Knapsack]) -> list[Knapsack]:
    """Give the fixed choice; what it holds depends on the order of names alone."""
    quadratic = [item for item in instances if item.family == "qkp"][::3]
    limited = [item for item in instances if item.family == "mkp" and int(item.name.rpartition("-")[2]) % 10 == 0]
    return quadratic + limited


def read_rows(path: Path | None) -> list[Row]:
    """Read the rows of earlier runs."""
    return [
        Row(
            instance=row["instance"], items=int(row["items"]), limits=int(row["limits"]), pairs=int(row["pairs"]),
            value=int(row["value"]), bound=float(row["bound"]),
            best_known=int(row["best_known"]) if row["best_known"] else None, limit=float(row["limit"]),
            seconds=float(row["seconds"]), processor=float(row["processor"]), seed=int(row["seed"]),
        )
        for row in saved_rows(path, [field.name for field in fields(Row)])
    ]  # fmt: skip


def table(rows: list[Row]) -> str:
    """Give the rows as Markdown, with a summary."""
    head = ("instance", "items", "limits", "pairs", "value", "best known", "behind", "bound", "gap", "seconds",
            "processor, s")  # fmt: skip
    cells = [
        (row.instance, row.items, row.limits, row.pairs, row.value, "" if row.best_known is None else row.best_known,
         "" if row.behind is None else f"{row.behind:.4%}", f"{row.bound:.1f}", f"{row.gap:.3%}",
         f"{row.seconds:.2f}", f"{row.processor:.2f}") for row in rows
    ]  # fmt: skip
    text = markdown(head, cells)
    behind = [row.behind for row in rows if row.behind is not None]
    if behind:
        met, better = sum(value <= 0 for value in behind), sum(value < 0 for value in behind)
        near, proven = sum(value <= 0.0005 for value in behind), sum(row.gap <= 0 for row in rows)
        text += (
            f"\n\n{met} of {len(behind)} best known values met or bettered ({better} bettered); mean behind "
            f"{np.mean(behind):.4%}, worst {max(behind):.4%}; within .05 %: {near}; proven best: {proven}."
        )
    return text


def waiting(given: argparse.Namespace) -> Iterator[tuple[Knapsack, float]]:
    """Give the instances to run with their limits."""
    for folder in given.folders:
        instances = list(read_folder(folder))
        if given.subset:
            instances = chosen_subset(instances)
        for instance in instances:
            if not given.only or instance.name in given.only:
                yield instance, given.seconds or USUAL[instance.family]


def main() -> None:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--subset", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    earlier = {(r.instance, r.limit, r.seed): r for r in read_rows(given.out)}
    rows = []
    for instance, seconds in waiting(given):
        row = earlier.get((instance.name, seconds, given.seed))
        if row is None:
            row = measure(instance, seconds=seconds, seed=given.seed)
            append_row(given.out, asdict(row))
            print(f"{row.instance}: {row.value} in {row.seconds:.1f} s", file=sys.stderr)
        rows.append(row)
    print(table(rows))


if __name__ == "__main__":
    run_main(main)
