"""How long `legation relation A B` takes as a whole process, on the shipped baseline or a world of your own.

    python benchmarks/relation_process.py [WORLD]

Each command runs ten times in a process of its own, with bytecode compiled before, as after an installation. CPU is
user and system time of the process: on a shared machine it says more than the clock.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 10
COMMANDS = (
    ("relation", "PRT", "USA"),
    ("relation", "RUS", "UKR", "--as-of", "2024-06-30"),
    ("landscape", "PRT"),
    ("landscape", "FIN", "--as-of", "2024-06-30", "--since", "2015-01-01"),
    ("--help",),
)


def timed(words: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds on the clock and of CPU that one process takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, check=True)
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Run and print a Markdown table."""
    world = ["--world", str(Path(sys.argv[1]).resolve())] if len(sys.argv) > 1 else []
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        print("| command | least seconds of ten | median | least CPU seconds |\n|---|---|---|---|")
        for command in COMMANDS:
            more = world if command[0] != "--help" else []
            words = [sys.executable, "-m", "legation", *command, *more]
            timed(words, environment)
            runs = [timed(words, environment) for _ in range(RUNS)]
            clocks = sorted(clock for clock, _ in runs)
            cpu = min(spent for _, spent in runs)
            print(f"| `legation {' '.join(command)}` | {clocks[0]:.2f} | {clocks[RUNS // 2]:.2f} | {cpu:.2f} |")


if __name__ == "__main__":
    main()
