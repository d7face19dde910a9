"""Time and memory of panels in fresh processes: python benchmarks/panel.py [FOLDER] [RUNS].

FOLDER holds the source tables; ``../shared/data`` beside the project when left out. Where R with peacesciencer is on
the path, its nine-step pipeline runs in the same session; elsewhere its published figure is quoted as such.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

_NINE = ("gml_mids", "alliances", "contiguity", "majors", "nmc", "democracy", "igos", "rivalries", "capital_distance")
_DISPUTE = (
    "dispnum", "sidea1", "sidea2", "fatality1", "fatality2", "hiact1", "hiact2", "hostlev1", "hostlev2", "orig1",
    "orig2", "fatality", "hostlev", "mindur", "recip", "init1", "init2",
)  # fmt: skip
_CASES = {
    "directed COW dyad-years 1816-2025, keys only": "panel.dyads()",
    "the same, nine verbs, fewer dispute columns": (
        "panel.dyads().add(panel.verb('gml_mids', keep=DISPUTE), 'alliances', 'contiguity', 'majors', "
        "panel.verb('nmc'), 'democracy', 'igos', panel.verb('rivalries'), 'capital_distance')"
    ),
    "the same, nine verbs, every column": "panel.dyads().add(*NINE)",
    "disputes and peace years": "panel.dyads().add('gml_mids', 'peace_years')",
    "politically relevant dyads": "panel.dyads().relevant()",
    "directed Gleditsch-Ward dyad-years, nine verbs through the crosswalk": "panel.dyads(system='gw').add(*NINE)",
    "undirected COW dyad-months 1946-2025, capabilities and contiguity": (
        "panel.dyads(period='month', first=1946, directed=False).add('nmc', 'contiguity')"
    ),
}
_PUBLISHED = {
    "directed COW dyad-years 1816-2025, keys only": "1.9-3.1",
    "the same, nine verbs, fewer dispute columns": "8.4-10.7 (50 columns)",
    "disputes and peace years": "5.4-5.6 (peace years alone)",
    "politically relevant dyads": "2.5-4.2",
}
_CHILD = """
import time
began = time.perf_counter()
import json, resource, sys
from pathlib import Path
from legation.evidence import panel
NINE, DISPUTE = {nine!r}, {dispute!r}
made = ({design}).build(sources=Path(sys.argv[1]), memory=16)
print(json.dumps([
    made.frame.height, made.frame.width, time.perf_counter() - began,
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
]))
"""
_R = """
suppressMessages({library(peacesciencer); library(magrittr)})
took <- system.time(made <- create_dyadyears() %>% add_gml_mids() %>% add_atop_alliance() %>% add_contiguity() %>%
  add_cow_majors() %>% add_nmc() %>% add_democracy() %>% add_igos() %>% add_strategic_rivalries() %>%
  add_capital_distance())
cat(nrow(made), ncol(made), took[["elapsed"]], "\\n")
"""


def main() -> None:
    default = Path(os.environ.get("LEGATION_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print("| panel | rows | columns | seconds, whole process, best of runs | peak memory, GB | R, published seconds |")
    print("|---|---|---|---|---|---|")
    for name, design in _CASES.items():
        figures = [_run(design, folder) for _ in range(runs)]
        rows, columns, seconds, memory = min(figures, key=lambda figure: figure[2])
        print(f"| {name} | {rows:,} | {columns} | {seconds:.2f} | {memory:.2f} | {_PUBLISHED.get(name, '')} |")
    print("\n" + _peer())


def _run(design: str, folder: Path) -> list[float]:
    code = _CHILD.format(nine=_NINE, dispute=_DISPUTE, design=design)
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _peer() -> str:
    script = shutil.which("Rscript")
    if script is None:
        return (
            "R with peacesciencer is not on the path: nothing was run beside. Its published figures on such a machine, "
            "8.4-10.7 s and 4.8 GB for nine steps and 50 columns, are quoted, not measured here."
        )
    done = subprocess.run([script, "-e", _R], capture_output=True, text=True, check=False)
    if done.returncode:
        return f"R is on the path, its nine-step pipeline did not run: {done.stderr.strip().splitlines()[-1:]}"
    rows, columns, seconds = done.stdout.split()
    return f"R, the same nine steps in the same session: {rows} rows, {columns} columns, {seconds} s."


if __name__ == "__main__":
    main()
