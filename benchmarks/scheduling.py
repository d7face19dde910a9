"""Run published scheduling instances, append what came out to a CSV, and sum up in Markdown.

    python benchmarks/scheduling.py FOLDER --seconds 120 --csv out.csv [--family mspsp] [--only 'J60_*'] [--subset]

Rows that the CSV holds already for the same limit are not run again.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from legation.errors import LegationError
from legation.planning.schedule.solve import schedule
from result_rows import append_row, run_main, saved_rows
from scheduling_formats import FAMILIES, family_of, read_instance
from scheduling_table import Row, summary

FIELDS = (
    "instance",
    "family",
    "seconds",
    "workers",
    "seed",
    "status",
    "makespan",
    "bound",
    "took",
    "cpu",
    "best",
    "proved_before",
    "fault",
)

SUBSET = {
    "rcpsp": ("J30_10.txt", "J30_122.txt", "J30_147.txt", "J30_267.txt", "J30_366.txt", "J60_38.txt", "J60_119.txt",
              "J60_267.txt", "J120_143.txt", "J120_188.txt", "J120_391.txt"),
    "mmrcpsp": ("J504_2.txt", "J505_4.txt", "J5016_5.txt", "J5043_5.txt", "J5080_4.txt"),
    "mspsp": ("inst_set1a_sf0_nc1.5_n20_m10_04.dzn", "inst_set1b_sf0.5_nc1.5_n40_m20_03.dzn",
              "inst_set1b_sf0.5_nc1.5_n40_m30_01.dzn", "inst_set1b_sf1_nc2.1_n40_m60_04.dzn",
              "inst_set2a_sf0_nc1.8_n18_l2_m6_00.dzn", "inst_set3a_sf0_nc1.8_n6_l2_m7_01.dzn"),
}  # fmt: skip
"""Chosen by number, a few of each library: at 60 seconds each, about 15 minutes in all."""


def best_known(folder: Path) -> dict[str, tuple[int, bool | None]]:
    """Read published makespans; names that stand for several instances with unlike values are left out."""
    path = folder / "best_known.csv"
    out: dict[str, tuple[int, bool | None]] = {}
    unlike: set[str] = set()
    if not path.exists():
        return out
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                value = int(row.get("best_known_makespan") or row["published_makespan"])
            except (KeyError, ValueError):
                raise SystemExit(f"{path}: {row} gives no whole best makespan.") from None
            proved = row.get("proved_optimal")
            entry = (value, None if proved is None else proved == "1")
            if out.setdefault(row["instance"], entry)[0] != value:
                unlike.add(row["instance"])
    return {name: entry for name, entry in out.items() if name not in unlike}


def read_rows(path: Path) -> list[Row]:
    """Read the CSV's rows."""
    return [Row.of(row) for row in saved_rows(path, FIELDS)]


def run(
    path: Path, *, family: str, seconds: float, workers: int, seed: int, best: tuple[int, bool | None] | None
) -> Row:
    """Solve one instance; a file that cannot be read gives a row with its fault."""
    begun, work = time.monotonic(), cpu_seconds()
    status, makespan, bound, fault = "fault", None, 0, ""
    try:
        found = schedule(read_instance(path, family=family), seconds=seconds, workers=workers, seed=seed)
        status, makespan, bound = found.status, found.makespan, found.bound
    except LegationError as error:
        fault = str(error)
    known, proved = best or (None, None)
    return Row(
        instance=path.name, family=family, seconds=seconds, workers=workers, seed=seed, status=status,
        makespan=makespan, bound=bound, took=round(time.monotonic() - begun, 2),
        cpu=round(cpu_seconds() - work, 2), best=known, proved_before=proved, fault=fault,
    )  # fmt: skip


def cpu_seconds() -> float:
    """Give the processor time of this process and of those it started that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def instances(folder: Path, *, family: str | None, only: str, subset: bool) -> Iterable[tuple[Path, str]]:
    """Give the instances of a folder with their family."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in {".txt", ".mm", ".dzn", ".rcp"} or not fnmatch(path.name, only):
            continue
        try:
            own = family or family_of(path)
        except LegationError:
            own = "rcpsp"
        if not subset or path.name in SUBSET[own]:
            yield path, own


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--csv", type=Path, required=True)
    parser.add_argument("--family", choices=sorted(FAMILIES))
    parser.add_argument("--only", default="*", help="a pattern for file names")
    parser.add_argument("--subset", action="store_true", help="only the instances named in this script")
    parser.add_argument("--workers", type=int, default=2, choices=(1, 2))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is no folder.")
    best = best_known(options.folder)
    rows = read_rows(options.csv)
    done = {(row.instance, row.family, row.seconds, row.workers, row.seed) for row in rows}
    chosen = list(instances(options.folder, family=options.family, only=options.only, subset=options.subset))
    for number, (path, family) in enumerate(chosen, 1):
        if (path.name, family, options.seconds, options.workers, options.seed) in done:
            continue
        row = run(
            path, family=family, seconds=options.seconds, workers=options.workers, seed=options.seed,
            best=best.get(path.name),
        )  # fmt: skip
        append_row(options.csv, row.cells())
        rows.append(row)
        print(f"{number}/{len(chosen)} {row}", file=sys.stderr, flush=True)
    names = {path.name for path, _ in chosen}
    print(summary([row for row in rows if row.instance in names and row.seconds == options.seconds]))


if __name__ == "__main__":
    run_main(main)
