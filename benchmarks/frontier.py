"""Find every nondominated point of published multi-objective knapsacks and compare with the published points.

    python benchmarks/frontier.py FOLDER [--seconds 600] [--out frontier.csv] [--only NAME ...]

FOLDER holds one folder per instance: a.csv (constraint matrix), b.csv (right-hand sides), c.csv (objectives, all
maximised, one a row) and, where published, pareto_sols.csv. Every file has a head and a first column of numbers;
columns are 0 or 1 and rows of constraints are `a x <= b`. Results are appended to the CSV; instances that stand in it
with the same limit on time and the same content are not run again. Prints one Markdown table.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from legation.errors import FormatError, InputError
from legation.planning.frontier.arrays import frontier_of
from legation.planning.model.problem import INF, Problem
from result_rows import append_row, markdown, run_main, saved_rows

LARGEST_FILE = 20_000_000
LARGEST_NUMBER = 1e9
FILES = ("a.csv", "b.csv", "c.csv")


@dataclass(frozen=True)
class Instance:
    """One multi-objective knapsack."""

    name: str
    problem: Problem
    aims: NDArray[np.float64]
    published: NDArray[np.float64] | None
    digest: str


@dataclass(frozen=True)
class Row:
    """What was measured on one instance; `equal` is empty where nothing is published."""

    name: str
    digest: str
    limit: float
    aims: int
    columns: int
    rows: int
    found: int
    published: int
    both: int
    equal: str
    complete: str
    beaten: int
    solves: int
    seconds: float
    cpu: float


def read_table(path: Path) -> NDArray[np.float64]:
    """Read one table of numbers with a head and a column of numbers before it.

    Raises
    ------
    FormatError
        When the file is missing, too large, no text, or no table of finite numbers.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FormatError(f"{path} is larger than {LARGEST_FILE:,} bytes.", remedy="Give a file of an instance.")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FormatError(f"{path} is not there.", remedy="Give a.csv, b.csv and c.csv for each instance.") from None
    except (UnicodeDecodeError, OSError) as error:
        raise FormatError(f"{path} cannot be read: {error}.", remedy="Give a text file in UTF-8.") from error
    try:
        lines = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as error:
        raise FormatError(f"{path} is no CSV file: {error}.", remedy="Give numbers with commas between.") from error
    if len(lines) < 2 or len(lines[0]) < 2 or any(len(line) != len(lines[0]) for line in lines):
        raise FormatError(f"{path} is no table with a head and rows of one length.", remedy="Complete the file.")
    try:
        out = np.array([[float(cell) for cell in line[1:]] for line in lines[1:]])
    except ValueError as error:
        raise FormatError(f"{path} holds something that is no number: {error}.", remedy="Mend the cell.") from error
    if not np.all(np.abs(out) <= LARGEST_NUMBER):
        raise FormatError(f"{path} holds a number that is not finite or above 1e9.", remedy="Mend the cell.")
    return out


def read_instance(folder: Path) -> Instance:
    """Read one instance.

    Raises
    ------
    FormatError
        When a file is faulty or the files do not fit each other.
    """
    a, b, c = (read_table(folder / name) for name in FILES)
    b = b.ravel()
    known = folder / "pareto_sols.csv"
    published = read_table(known) if known.exists() else None
    if a.shape[1] != c.shape[1] or len(b) != len(a):
        raise FormatError(
            f"{folder}: a.csv is {a.shape[0]} x {a.shape[1]}, b.csv has {len(b)} numbers, c.csv {c.shape[1]} columns.",
            remedy="Give as many numbers in b.csv as rows in a.csv, and as many columns in c.csv.",
        )
    if not 2 <= len(c) <= 4:
        raise FormatError(f"{folder}: c.csv has {len(c)} objectives.", remedy="Give two to four.")
    if published is not None and published.shape[1] != len(c):
        raise FormatError(
            f"{folder}: pareto_sols.csv has {published.shape[1]} columns for {len(c)} objectives.",
            remedy="Give one column for each objective.",
        )
    size = a.shape[1]
    problem = Problem(
        cost=np.zeros(size), lower=np.zeros(size), upper=np.ones(size), integer=np.ones(size, bool),
        matrix=sparse.csc_matrix(a), row_lower=np.full(len(b), -INF), row_upper=b,
    )  # fmt: skip
    # what was read, not how it was written
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in (a, b, c))).hexdigest()[:16]
    return Instance(folder.name, problem, c, published, digest)


def folders(root: Path, only: list[str]) -> Iterator[Path]:
    """Give the folders of instances below a root, or the root itself where it is one.

    Raises
    ------
    InputError
        When there is no such folder, or none of an instance in it.
    """
    if not root.is_dir():
        raise InputError(f"{root} is no folder.", remedy="Give the folder that holds the instances.")
    own = [root] if (root / "c.csv").exists() else sorted(path for path in root.iterdir() if (path / "c.csv").exists())
    picked = [path for path in own if not only or path.name in only]
    if not picked:
        raise InputError(f"{root} holds no instance{' of that name' * bool(only)}.", remedy="Look for c.csv files.")
    yield from picked


def measure(instance: Instance, *, seconds: float) -> Row:
    """Find all points of one instance and compare them with the published ones."""
    began, cpu = time.monotonic(), time.process_time()

    def tell(points: int, boxes: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{instance.name}: {points} points, {boxes} boxes open   ", end="", file=sys.stderr)

    found = frontier_of(instance.problem, instance.aims, seconds=seconds, progress=tell)
    got = {tuple(row) for row in np.round(found.points, 6)}
    known = set() if instance.published is None else {tuple(row) for row in np.round(instance.published, 6)}
    # a published point that a found one beats was never on the frontier
    beaten = sum(bool(np.any(np.all(found.points >= row, axis=1))) for row in np.array(sorted(known - got)))
    return Row(
        name=instance.name,
        digest=instance.digest,
        limit=seconds,
        aims=len(instance.aims),
        columns=instance.aims.shape[1],
        rows=len(instance.problem.row_upper),
        found=len(got),
        published=len(known),
        both=len(got & known),
        equal="" if instance.published is None else "yes" if got == known else "no",
        complete="yes" if found.complete else "no",
        beaten=beaten,
        solves=found.solves,
        seconds=round(time.monotonic() - began, 1),
        cpu=round(time.process_time() - cpu, 1),
    )


def read_rows(path: Path) -> list[Row]:
    """Read results of earlier runs.

    Raises
    ------
    FormatError
        When the file is none of this benchmark's.
    """
    kinds = {"int": int, "float": float, "str": str}
    try:
        return [
            Row(**{f.name: kinds[str(f.type)](line[f.name]) for f in fields(Row)})
            for line in saved_rows(path, [field.name for field in fields(Row)])
        ]
    except ValueError as error:
        raise FormatError(f"{path} holds a broken line: {error}.", remedy="Mend or remove it.") from error


def table(rows: list[Row]) -> str:
    """Give the results as Markdown."""
    head = ("instance", "aims", "columns", "points found", "published", "of them found", "all equal", "complete",
            "solves", "time, s", "CPU, s")  # fmt: skip
    cells = [
        (row.name, row.aims, row.columns, row.found, row.published or "", row.both if row.published else "",
         row.equal, row.complete, row.solves, row.seconds, row.cpu) for row in rows
    ]  # fmt: skip
    return markdown(head, cells)


def main() -> None:
    """Read the options, run what was not run yet, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=600.0, help="limit for each instance")
    parser.add_argument("--out", type=Path, default=None, help="a CSV to append to and resume from")
    parser.add_argument("--only", nargs="*", default=[], help="names of instances")
    given = parser.parse_args()
    earlier = read_rows(given.out) if given.out is not None else []
    rows = []
    for folder in folders(given.folder, given.only):
        try:
            instance = read_instance(folder)
        except FormatError as error:
            print(f"{folder.name}: refused: {error}", file=sys.stderr)
            continue
        same = [row for row in earlier if (row.digest, row.limit) == (instance.digest, given.seconds)]
        rows.append(same[-1] if same else measure(instance, seconds=given.seconds))
        if given.out is not None and not same:
            append_row(given.out, asdict(rows[-1]))
    print(table(rows))


if __name__ == "__main__":
    run_main(main)
