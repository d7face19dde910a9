"""How fast events become dyad-months: gzipped GDELT exports on this machine, and more rows than memory holds.

    python benchmarks/events.py SAMPLE.export.CSV.gz                     # 2 million rows from gz, several runs
    python benchmarks/events.py SAMPLE.export.CSV.gz --rows 100_000_000  # out of core, once: 2 GB of disk and minutes

SAMPLE is any genuine GDELT 2 export; ../shared/data/gdelt_v2_20191024143000.export.CSV.gz when left out.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from legation.evidence.engines import open_engine
from legation.evidence.events import EventFrame, dyad_months
from legation.evidence.events.formats import FORMATS
from legation.evidence.events.generate import Load, generate_events, generate_export
from legation.evidence.events.months import months_of

_SAMPLE = Path("../shared/data/gdelt_v2_20191024143000.export.CSV.gz")
_FROM_TEXT = 20_000_000

# A year of GDELT has thousands of dyads, the sample of a quarter of an hour 161.
_MIX = 0.3


def main() -> None:
    """Generate the load, run, print one Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", nargs="?", type=Path, default=_SAMPLE)
    parser.add_argument("--rows", type=lambda text: int(text.replace("_", "")), default=2_000_000)
    parser.add_argument("--memory", default="4GB", help="what DuckDB may hold in the out-of-core run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="where the load is written; it is removed after")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="legation-load-", dir=chosen.folder) as folder:
        if chosen.rows <= _FROM_TEXT:
            _from_text(chosen.sample, Path(folder), rows=chosen.rows, runs=chosen.runs)
        else:
            _out_of_core(chosen.sample, Path(folder), rows=chosen.rows, memory=chosen.memory)


def _from_text(sample: Path, folder: Path, *, rows: int, runs: int) -> None:
    files = generate_export(sample, folder, Load(rows=rows, days=16, mix=_MIX))
    size = sum(file.stat().st_size for file in files)
    wall, used = _least(lambda: dyad_months(files, format="gdelt2"), runs)
    scan, scan_used = _least(lambda: _duckdb_scan(files, all_columns=False), runs)
    every, every_used = _least(lambda: _duckdb_scan(files, all_columns=True), runs)
    print(f"{rows:,} rows in {len(files)} files, {size / 1e6:.0f} MB gzipped; {os.cpu_count()} cores; least of {runs}")
    print("| what | seconds | M rows/s | processor seconds | of DuckDB's scan |")
    print("|---|---|---|---|---|")
    for name, seconds, processor in (
        ("gz to monthly dyads, all rules", wall, used),
        ("DuckDB's CSV scan of the same columns, no more", scan, scan_used),
        ("DuckDB's CSV scan of all 61 columns, counted", every, every_used),
    ):
        print(f"| {name} | {seconds:.2f} | {rows / seconds / 1e6:.2f} | {processor:.2f} | {scan / seconds:.0%} |")


def _duckdb_scan(files: list[Path], *, all_columns: bool) -> None:
    """Let DuckDB read the columns that events are made of, and nothing else."""
    columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in FORMATS["gdelt2"].columns) + "}"
    listed = "[" + ", ".join(f"'{file}'" for file in files) + "]"
    names = FORMATS["gdelt2"].columns if all_columns else FORMATS["gdelt2"].used
    wanted = ", ".join(f"max({name})" for name in names)
    with duckdb.connect() as connection:
        connection.sql(
            f"SELECT {wanted} FROM read_csv({listed}, delim='\t', header=false, quote='', escape='', "
            f"columns={columns}, auto_detect=false)"
        ).fetchall()


def _out_of_core(sample: Path, folder: Path, *, rows: int, memory: str) -> None:
    begun = time.perf_counter()
    files = list(generate_events(sample, folder, Load(rows=rows, days=365, mix=_MIX)))
    made = time.perf_counter() - begun
    size = sum(file.stat().st_size for file in files)
    before = _peak()
    spill = folder / "spill"
    spill.mkdir()
    events = EventFrame(files=tuple(files), rows=rows, format="events")
    begun = time.perf_counter()
    with _watched(spill) as spilled, open_engine(memory=memory, spill=spill) as engine:
        found = months_of(events, engine=engine)
    seconds = time.perf_counter() - begun
    print(f"{rows:,} rows in {len(files)} Parquet files, {size / 1e9:.1f} GB, made in {made:.0f} s")
    print("| what | seconds | M rows/s | memory limit | spilled, GB | peak of the process, GB | dyad-months | left |")
    print("|---|---|---|---|---|---|---|---|")
    left = int(found.table["n"].sum())
    print(
        f"| events to monthly dyads, all rules | {seconds:.0f} | {rows / seconds / 1e6:.2f} | {memory} "
        f"| {max(spilled) / 1e9:.1f} | {_peak():.1f} (making the load: {before:.1f}) "
        f"| {found.table.height:,} | {left:,} |"
    )


@contextmanager
def _watched(folder: Path) -> Iterator[list[int]]:
    """Note how much lies in a folder while something runs."""
    sizes, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(0.2):
            sizes.append(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield sizes
    finally:
        ended.set()
        watcher.join()


def _least(action: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the least wall and processor seconds of several runs."""
    walls, used = [], []
    for _ in range(runs):
        begun, times = time.perf_counter(), time.process_time()
        action()
        walls.append(time.perf_counter() - begun)
        used.append(time.process_time() - times)
    return min(walls), min(used)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
