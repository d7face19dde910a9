"""Compare the scenarios that hold together with those that ScenarioWizard lists, number by number.

    python benchmarks/cross_impact.py [FOLDER ...] [--csv results.csv] [--seconds 600] [--each 120] [--no-weights]
    python benchmarks/cross_impact.py --random [--each 60]

A folder (../shared/peers/bench/cross_impact when left out) holds matrices (.scw) and solutions (.sl) of the same name.
Compared are the set of scenarios, each total impact score, each consistency value, and each weight where
ScenarioWizard counted all combinations (a weight drawn from a sample has no single right value; the table says so).
Where inconsistent scenarios are listed too, as much inconsistency is allowed. A matrix without a solution is solved
alone. With --random, matrices of growing size are drawn from fixed seeds and solved, to show how far exactness reaches.
With --csv each result is appended at once, and what is in the file already is not run again.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from legation.cohesion.cross_impact import Descriptors, Scenario, Search
from legation.cohesion.cross_impact_weights import MOST_COMBINATIONS, weights
from legation.errors import FormatError, InputError
from result_rows import append_row, markdown, run_main, saved_rows

FOLDER = Path(__file__).resolve().parents[2] / "shared/peers/bench/cross_impact"
COLUMNS = (
    "matrix", "descriptors", "states", "combinations", "found", "listed", "same set", "same scores",
    "same consistency", "same weights", "complete", "steps", "seconds", "fault",
)  # fmt: skip
MOST_BYTES = 20_000_000
NUMBERS = re.compile(r"^\s*[-+]?\d+(\s*,\s*[-+]?\d+)*\s*,?\s*$")
SOLUTION = re.compile(r'^\s*"\s*([\d\s]+?)\s*"\s*,\s*(\d+)\s*,\s*(-?\d+)\s*,\s*(-?\d+)\s*,\s*(-?\d+)')


def text_of(path: Path) -> str:
    """Read a file that is small enough."""
    if path.stat().st_size > MOST_BYTES:
        raise FormatError(f"{path.name} has {path.stat().st_size:,} bytes; {MOST_BYTES:,} are read.")
    return path.read_bytes().decode("utf-8", errors="replace")


def read_matrix(path: Path) -> Descriptors:
    """Read a project of ScenarioWizard: descriptors (&), their variants (-), and the rows of the matrix."""
    lines = text_of(path).splitlines()
    states: list[int] = []
    end = next((n for n, line in enumerate(lines) if line.strip() == "#"), None)
    if end is None:
        raise FormatError(f"{path.name} has no structure: no line '#'.")
    for line in lines[:end]:
        text = line.strip()
        if text.startswith("&"):
            states.append(0)
        elif text.startswith("-") and states:
            states[-1] += 1
    rows = [line for line in lines[end:] if NUMBERS.match(line) and "," in line]
    size = sum(states)
    if not states or 0 in states:
        raise FormatError(f"{path.name}: a descriptor has no variant.")
    if len(rows) < size:
        raise FormatError(f"{path.name} holds {len(rows)} rows of numbers; {size} variants need {size}.")
    matrix = [[int(cell) for cell in row.strip().rstrip(",").split(",")] for row in rows[:size]]
    short = next((n for n, row in enumerate(matrix, 1) if len(row) != size), None)
    if short is not None:
        raise FormatError(f"{path.name}: row {short} has {len(matrix[short - 1])} numbers; {size} are needed.")
    return Descriptors(states=tuple(states), impacts=np.array(matrix, float))


@dataclass(frozen=True)
class Listed:
    """What ScenarioWizard prints about a scenario."""

    weight: int
    consistency: int
    inconsistency: int
    total: int


def read_solution(path: Path, descriptors: Descriptors) -> dict[tuple[int, ...], Listed]:
    """Read the scenarios that ScenarioWizard lists."""
    lines = text_of(path).splitlines()
    out: dict[tuple[int, ...], Listed] = {}
    for line in lines:
        if found := SOLUTION.match(line):
            states = tuple(int(part) - 1 for part in found[1].split())
            fits = len(states) == len(descriptors.states)
            if not fits or any(not 0 <= s < n for s, n in zip(states, descriptors.states, strict=True)):
                raise FormatError(f"{path.name} lists {found[1]!r}, which is no scenario of the matrix.")
            out[states] = Listed(*(int(found[n]) for n in range(2, 6)))
    announced = next((int(line) for line in lines if line.strip().isdigit()), None)
    if announced is not None and announced != len(out):
        raise FormatError(f"{path.name} announces {announced} scenarios and lists {len(out)}: is it cut short?")
    return out


def solve(descriptors: Descriptors, *, seconds: float, allowed: float = 0.0) -> tuple[list[Scenario], Search, float]:
    """Find all scenarios within the time."""
    began = time.perf_counter()
    search = Search(descriptors, max_inconsistency=allowed, halt=lambda: time.perf_counter() - began > seconds)
    found = list(search.run())
    return found, search, time.perf_counter() - began


def share(right: int, whole: int) -> str:
    """Write how many of how many."""
    return f"{right} of {whole}"


def compared(
    descriptors: Descriptors, found: list[Scenario], listed: dict[tuple[int, ...], Listed], *, with_weights: bool
) -> dict[str, object]:
    """Compare scenario by scenario."""
    own = {one.states: one for one in found}
    both = own.keys() & listed.keys()
    out: dict[str, object] = {
        "listed": len(listed),
        "same set": "yes" if own.keys() == listed.keys() else f"no: {len(both)} in both",
        "same scores": share(sum(own[s].total_impact == listed[s].total for s in both), len(listed)),
        "same consistency": share(
            sum(
                (own[s].consistency or 0) == listed[s].consistency and own[s].inconsistency == listed[s].inconsistency
                for s in both
            ),
            len(listed),
        ),
    }
    count, whole = prod(descriptors.states), sum(one.weight for one in listed.values())
    if not with_weights or count > MOST_COMBINATIONS:
        out["same weights"] = "not counted"
    else:
        heaps = weights(descriptors)
        if whole != sum(heaps.values()) and whole < count and str(whole).rstrip("0") in {"1", "2", "5"}:
            # a round number of draws: ScenarioWizard sampled, and the weights are its sample's
            out["same weights"] = f"a sample of {whole:,}"
        else:
            out["same weights"] = share(sum(heaps[s] == listed[s].weight for s in both), len(listed))
    return out


def row_of(path: Path, *, each: float, with_weights: bool) -> dict[str, object]:
    """Solve and compare one matrix; what cannot be read is told in the row."""
    row: dict[str, object] = dict.fromkeys(COLUMNS, "") | {"matrix": path.name}
    try:
        descriptors = read_matrix(path)
        solution = path.with_suffix(".sl")
        listed = read_solution(solution, descriptors) if solution.exists() else None
        allowed = max((one.inconsistency for one in (listed or {}).values()), default=0)
        found, search, seconds = solve(descriptors, seconds=each, allowed=allowed)
        row |= measured(descriptors, found, search, seconds)
        if listed is not None:
            row |= compared(descriptors, found, listed, with_weights=with_weights)
    except InputError as error:
        row["fault"] = str(error)
    return row


def measured(descriptors: Descriptors, found: list[Scenario], search: Search, seconds: float) -> dict[str, object]:
    """Give what was measured of a search."""
    return {
        "descriptors": len(descriptors.states),
        "states": sum(descriptors.states),
        "combinations": f"{prod(descriptors.states):.3g}",
        "found": len(found),
        "complete": "yes" if search.complete else "no",
        "steps": search.steps,
        "seconds": f"{seconds:.3f}",
    }


def drawn(size: int, variants: int, density: float, seed: int) -> Descriptors:
    """Draw a matrix: pairs of descriptors are linked with a probability, judgements are -3 to 3 and about even."""
    rng = np.random.default_rng(seed)
    impacts = np.zeros((size * variants,) * 2)
    for a in range(size):
        for b in range(size):
            if a != b and rng.random() < density:
                section = rng.integers(-3, 4, (variants, variants)).astype(float)
                section -= np.round(section.mean(axis=1, keepdims=True))
                impacts[a * variants : (a + 1) * variants, b * variants : (b + 1) * variants] = section
    return Descriptors(states=(variants,) * size, impacts=impacts)


RANDOM = (
    (10, 3, 0.4),
    (15, 3, 0.3),
    (20, 3, 0.25),
    (25, 3, 0.2),
    (30, 3, 0.15),
    (40, 3, 0.1),
    (20, 4, 0.3),
    (25, 4, 0.2),
)


def random_rows(*, each: float) -> list[dict[str, object]]:
    """Solve matrices of growing size."""
    out = []
    for size, variants, density in RANDOM:
        for seed in (1, 2, 3):
            descriptors = drawn(size, variants, density, seed)
            found, search, seconds = solve(descriptors, seconds=each)
            name = f"random {size} x {variants}, {density:.0%} linked, seed {seed}"
            out.append(dict.fromkeys(COLUMNS, "") | {"matrix": name} | measured(descriptors, found, search, seconds))
    return out


def main() -> None:
    """Read the options, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[FOLDER])
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--each", type=float, default=120.0)
    parser.add_argument("--no-weights", action="store_true")
    parser.add_argument("--random", action="store_true")
    given = parser.parse_args()
    rows: list[dict[str, object]] = []
    if given.random:
        rows = random_rows(each=given.each)
    else:
        rows = [*saved_rows(given.csv, COLUMNS)]
        done, began = {row["matrix"] for row in rows}, time.perf_counter()
        for path in (one for folder in given.folders for one in sorted(folder.rglob("*.scw"))):
            if path.name in done:
                continue
            if time.perf_counter() - began > given.seconds:
                print(f"time is over before {path.name}", file=sys.stderr)
                break
            rows.append(row_of(path, each=given.each, with_weights=not given.no_weights))
            append_row(given.csv, rows[-1])
    print(markdown(COLUMNS, ([row[column] for column in COLUMNS] for row in rows), words=len(COLUMNS)))


if __name__ == "__main__":
    run_main(main)
