"""How long the command line takes to start: the median of twenty processes for each of a few commands.

``python benchmarks/cli_start.py`` on an idle machine; the promise is 150 ms for ``legation --help``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 20
PROMISED = 0.150
COMMANDS = (
    ("--help",),
    ("--version",),
    ("desk", "--help"),
    ("plan", "--help"),
    ("desk", "check", "examples/small"),
    ("relation", "ESP", "MAR"),
)


def seconds(*words: str) -> float:
    """Give the wall-clock time of one process."""
    began = time.perf_counter()
    subprocess.run([program(), *words], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def program() -> str:
    """Give the installed command beside this interpreter."""
    return str(Path(sys.executable).with_name("legation.exe" if os.name == "nt" else "legation"))


def main() -> int:
    """Print a line for each command; fail when the promise is not kept."""
    medians = {}
    for words in COMMANDS:
        seconds(*words)  # the first run reads the files that later ones find in the system's cache
        runs = [seconds(*words) for _ in range(RUNS)]
        medians[words] = statistics.median(runs)
        print(
            f"legation {' '.join(words):28} median {medians[words] * 1000:6.0f} ms, slowest {max(runs) * 1000:6.0f} ms"
        )
    return 0 if medians["--help",] < PROMISED else 1


if __name__ == "__main__":
    sys.exit(main())
