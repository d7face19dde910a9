"""Compare every number that KTAB's smpc printed about a run with an own run from the same input.

    python benchmarks/bargaining.py [FOLDER ...] [--csv results.csv] [--seconds 600] [--details 10]

A folder (../shared/peers/bench/bargaining when left out) holds inputs (CSV as KTAB reads it, or its scenario XML) and
traces (.txt, .log). A trace belongs to the input whose name it contains, else to the one whose title it prints. The
parameters are those that the trace prints. Prints a Markdown table: numbers printed, numbers compared, how many are
equal to the last digit printed, and the largest difference in units of that digit. Identities, dates, seeds and names
are not compared, and are counted. Where a trace drew choices by lot, or took the first of equals in the order of its
threads, its choices are followed.

With --csv each result is appended at once; traces that are in the file already are not run again.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

import numpy as np

from ktab_scenario import read_input, rules_of
from ktab_trace import PAIR, Comparison, compare
from legation.errors import FormatError, InputError
from legation.planning.table.bargaining_contest import Bargain
from legation.planning.table.bargaining_run import run
from legation.planning.table.bargaining_turn import Choose
from legation.planning.table.bargaining_types import Negotiation
from result_rows import append_row, markdown, run_main, saved_rows

FOLDER = Path(__file__).resolve().parents[2] / "shared/peers/bench/bargaining"
COLUMNS = ("trace", "input", "turns", "printed", "compared", "equal", "largest", "not_compared", "seconds", "fault")
MOST_TRACE = 200_000_000
TIE = 1e-12


def pairs(folder: Path) -> list[tuple[Path, Path | None]]:
    """Give each trace with its input."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    inputs = [path for path in files if path.suffix.lower() in {".csv", ".xml"}]
    traces = [path for path in files if path.suffix.lower() in {".txt", ".log"}]
    return [(trace, input_of(trace, inputs)) for trace in traces]


def input_of(trace: Path, inputs: list[Path]) -> Path | None:
    """Find the input of a trace: by the longest name that the trace's contains, else by the title it prints."""
    named = [path for path in inputs if path.stem.lower() in trace.stem.lower()]
    if named:
        return max(named, key=lambda path: (len(path.stem), path.suffix.lower() == ".csv"))
    with trace.open(encoding="utf-8", errors="replace") as file:
        head = file.read(20_000)
    found = re.search(r"Scenario Name: *-\| *(.*?) *\|-", head)
    for path in inputs:
        if found and found[1] and found[1] in path.read_text(encoding="utf-8", errors="replace")[:2000]:
            return path
    return None


def choices(lines: list[str]) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Give which bargain each actor took in each turn: the two actors, and which of the bargains between them."""
    turn, actor = -1, 0
    queues: dict[int, list[tuple[int, int]]] = {}
    out = {}
    for line in lines:
        if line.startswith("Starting Model::run"):
            turn += 1
        elif line.startswith("Bargains involving actor"):
            queues[int(re.search(r"actor *(\d+)", line)[1])] = [(int(i), int(j)) for _, i, j in PAIR.findall(line)]
        elif line.startswith("Doing scalarPCE"):
            actor = int(re.search(r"of actor *(\d+)", line)[1])
        elif line.startswith("Chosen bargain"):
            place = int(re.search(r"(\d+) out of", line)[1]) - 1
            pair = queues[actor][place]
            out[turn, actor] = (*pair, queues[actor][:place].count(pair))
    return out


def follow(chosen: dict, *, by_lot: bool) -> tuple[object, list[tuple[int, int]]]:
    """Choose as a trace did, where it drew lots or where bargains are equally likely; else by the model's own rule.

    KTAB's threads bring bargains into an order that differs from run to run, and among equals the first is taken.
    """
    ties: list[tuple[int, int]] = []

    def of_turn(turn: int) -> Choose:
        def choose(actor: int, queue: tuple[Bargain, ...], chance: np.ndarray) -> int:
            best = int(chance.argmax())
            if (turn, actor) not in chosen:
                return best
            i, j, number = chosen[turn, actor]
            same = [n for n, b in enumerate(queue) if (b.initiator, b.receiver) == (i, j)]
            if number >= len(same):
                return best
            if not by_lot and chance[same[number]] < chance[best] - TIE:
                return best
            if not by_lot and same[number] != best:
                ties.append((turn, actor))
            return same[number]

        return choose

    return of_turn, ties


def measure(trace: Path, source: Path) -> tuple[Negotiation, Comparison, int]:
    """Compare one trace."""
    if trace.stat().st_size > MOST_TRACE:
        raise FormatError(f"{trace.name} has {trace.stat().st_size:,} bytes; traces of up to {MOST_TRACE:,} are read.")
    negotiation, given = read_input(source)
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    if not any(line.startswith("Starting Model::run") for line in lines):
        raise FormatError(f"{trace.name} is no trace of smpc: it prints no iteration.")
    rules = rules_of(lines, given)
    choose, ties = follow(choices(lines), by_lot=rules.transition == "stochastic")
    found = run(negotiation, rules, choose=choose)
    if ties:
        print(f"  {trace.name}: {len(ties)} ties decided as in the trace", file=sys.stderr)
    return negotiation, compare(lines, negotiation, found), len(found.turns)


def row_of(trace: Path, source: Path | None, *, details: int) -> dict[str, object]:
    """Compare one trace and give its row; what cannot be read is told in the row."""
    row: dict[str, object] = dict.fromkeys(COLUMNS, "")
    row |= {"trace": trace.name, "input": "" if source is None else source.name}
    began = time.perf_counter()
    try:
        if source is None:
            raise FormatError(f"No input in the folder belongs to {trace.name}.")
        _, found, turns = measure(trace, source)
    except InputError as error:
        return row | {"fault": str(error)}
    for line in found.odd[:details]:
        print(f"  {line}", file=sys.stderr)
    return row | {
        "turns": turns,
        "printed": found.printed,
        "compared": found.compared,
        "equal": found.equal,
        "largest": f"{found.largest:.3g}",
        "not_compared": "; ".join(f"{why} {count}" for why, count in sorted(found.skipped.items())),
        "seconds": f"{time.perf_counter() - began:.2f}",
    }


def main() -> None:
    """Read the options, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[FOLDER])
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--details", type=int, default=10)
    given = parser.parse_args()
    rows: list[dict[str, object]] = [*saved_rows(given.csv, COLUMNS)]
    done = {row["trace"] for row in rows}
    began = time.perf_counter()
    for trace, source in (pair for folder in given.folders for pair in pairs(folder)):
        if trace.name in done:
            continue
        if time.perf_counter() - began > given.seconds:
            print(f"time is over before {trace.name}", file=sys.stderr)
            break
        rows.append(row_of(trace, source, details=given.details))
        append_row(given.csv, rows[-1])
    print(markdown(COLUMNS, ([row[column] for column in COLUMNS] for row in rows), words=len(COLUMNS)))


if __name__ == "__main__":
    run_main(main)
