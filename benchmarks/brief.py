"""How long a brief takes once the plan is there: python benchmarks/brief.py [DESK] [RUNS]."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from legation.briefs.gather import brief_for
from legation.briefs.write import write_brief
from legation.service.questions import open_desk, plan_of


def main() -> None:
    desk = sys.argv[1] if len(sys.argv) > 1 else "examples/portugal"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    setting = open_desk(desk)
    began = time.perf_counter()
    plan = plan_of(setting, gap=0.01, seconds=30)
    planned = time.perf_counter() - began
    seconds, sizes = [], {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            files = write_brief(brief_for(setting, plan), Path(folder), borders=setting.world.borders())
            seconds.append(time.perf_counter() - began)
            sizes = {file.name: file.stat().st_size for file in files}
    print("| what | seconds | share of the planning time |")
    print("|---|---|---|")
    print(f"| plan of {desk}, gap {plan.gap:.2%} | {planned:.2f} | 1.00 |")
    print(f"| brief, first of {runs} (renderers start) | {seconds[0]:.2f} | {seconds[0] / planned:.2f} |")
    middle = statistics.median(seconds)
    print(f"| brief, median of {runs} | {middle:.2f} | {middle / planned:.2f} |")
    print("\nFiles: " + ", ".join(f"{name} {size / 1024:,.0f} KiB" for name, size in sizes.items()))


if __name__ == "__main__":
    main()
