"""Measure a store: the time to open, fill, load and check a desk of 100,000 missions.

Run with ``python benchmarks/store.py`` (SQLite) or ``python benchmarks/store.py postgresql://...`` (an empty database).
Opening is measured in a process of its own for each round, with and without Python's imports.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from legation.desk.desk import DeskInfo
from legation.desk.missions import Mission
from legation.store import Store, open_store

_OPEN = """
import sys, time
start = time.perf_counter()
from legation.store.sql import store as _
import sqlalchemy.dialects.sqlite
imported = time.perf_counter()
from legation.store import open_store
with open_store(sys.argv[1]) as store:
    counts = store.counts()
opened = time.perf_counter()
assert counts["missions"] == int(sys.argv[2])
print(opened - imported, opened - start)
"""


def fill(store: Store, *, missions: int) -> None:
    """Put a description and missions into an empty store, in one transaction."""
    info = DeskInfo(
        id="bench", title="Bench", observer="EST", start="2027-01", months=24, currency="EUR", price_year=2027
    )
    with store.unit_of_work(who="benchmark", why="fill") as work:
        work.set_info(info, expected_version=0)
        for number in range(missions):
            mission = Mission(
                id=f"m{number:06}", title=f"Staff talks {number}", instrument="staff-talks", format="bilateral",
                purpose="cooperation", partners=("LVA",), place="LVA", description="Yearly talks of the two staffs.",
            )  # fmt: skip
            work.put(mission, expected_version=0)


def timed(act: Callable[[], object]) -> float:
    """Give the seconds that an act takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def opening(place: str, *, missions: int, rounds: int) -> tuple[float, float]:
    """Give the median seconds to open and count, without and with imports, each in a fresh process."""
    measured = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", _OPEN, place, str(missions)], capture_output=True, text=True, check=True
        )
        measured.append([float(number) for number in done.stdout.split()])
    return statistics.median(row[0] for row in measured), statistics.median(row[1] for row in measured)


def measure(place: str, *, missions: int, rounds: int) -> list[tuple[str, float]]:
    """Fill a new store at the place and give what each operation takes, in seconds."""
    rows = []
    with open_store(place, create=True) as store:
        rows.append(
            (f"fill with {missions:,} missions, one transaction", timed(lambda: fill(store, missions=missions)))
        )
    bare, whole = opening(place, missions=missions, rounds=rounds)
    rows += [("open and count", bare), ("open and count, imports included", whole)]
    with open_store(place) as store:
        rows.append(("load the whole desk", timed(store.load)))
        head = next(iter(store.history())).at
        rows.append(("load the desk as known on a date", timed(lambda: store.load(known_on=head))))
        rows.append(("read one record", timed(lambda: store.get("missions", "m000042"))))
        rows.append(("verify chain and records", timed(store.verify)))
    return rows


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", nargs="?", help="an empty PostgreSQL database; a temporary SQLite file by default")
    parser.add_argument("--missions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = asked.place or str(Path(folder) / "desk.db")
        print("| operation | ms |\n| --- | ---: |")
        for name, seconds in measure(place, missions=asked.missions, rounds=asked.rounds):
            print(f"| {name} | {1000 * seconds:,.1f} |")


if __name__ == "__main__":
    main()
