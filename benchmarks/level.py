"""Relation level on the peace scale: unseen dyads, years to come, and what each group of evidence is worth.

Usage: python benchmarks/level.py FOLDER [quick] - FOLDER holds the source tables and the peace scale as Parquet files.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from legation.relations.level.evaluation import case_of, forward_figures, unseen_figures
from legation.relations.level.scale import codes_of
from legation.relations.level.tables import tables_of_folder
from legation.relations.level.training import Coded

FORWARD = ((1995, 2005), (1990, 2005), (1985, 2005))
LEFT_OUT = (
    ("disputes", "rivalries"),
    ("disputes", "rivalries", "networks"),
    ("neighbours",),
    ("organisations",),
    ("organisations", "neighbours"),
)


def row(name, figures, seconds):
    naive = "-" if figures.kappa_persistence is None else f"{figures.kappa_persistence:.3f}"
    print(
        f"| {name}; {figures.split} | {figures.rows:,} | {figures.kappa:.3f} | {figures.kappa_most_probable:.3f} "
        f"| {naive} | {figures.calibration_error:.4f} | {figures.exact:.3f} | {seconds:.0f} |",
        flush=True,
    )


def main():
    folder = Path(sys.argv[1])
    tables = tables_of_folder(folder)
    scale = tables("peace_scale")
    labels = Coded(
        a=scale["ccode1"].to_numpy(),
        b=scale["ccode2"].to_numpy(),
        year=scale["year"].to_numpy(),
        level=codes_of(scale["peace_level"]),
    )
    case = case_of(tables, labels, years=(1900, 2020))
    print("| evidence; split | rows | kappa | kappa, most probable | naive kappa | calibration error | exact | s |")
    print("|---|---|---|---|---|---|---|---|")
    for seed in (0,) if "quick" in sys.argv else (0, 1):
        start = time.perf_counter()
        row("all", unseen_figures(case, seed=seed), time.perf_counter() - start)
    for left_out in LEFT_OUT[:1] if "quick" in sys.argv else LEFT_OUT:
        start = time.perf_counter()
        row(f"without {', '.join(left_out)}", unseen_figures(case.without(left_out)), time.perf_counter() - start)
    for train_to, test_to in FORWARD:
        start = time.perf_counter()
        for figures in forward_figures(case, train_to=train_to, test_to=test_to):
            row("all", figures, time.perf_counter() - start)
    start = time.perf_counter()
    less = case.without(("disputes", "rivalries"))
    for figures in forward_figures(less, train_to=1995, test_to=2005):
        row("without disputes, rivalries", figures, time.perf_counter() - start)


if __name__ == "__main__":
    main()
