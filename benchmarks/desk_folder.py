"""Measure how long a desk folder takes to read and to check.

Run as ``python benchmarks/desk_folder.py [missions]``; by default 10,000 missions with their modes, costs, effects
and staff needs, about 60,000 records.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from legation.desk.aims import Goal, Objective
from legation.desk.desk import KINDS, Desk, DeskInfo
from legation.desk.missions import Cost, Effect, Mission, Mode, StaffNeed
from legation.desk.people import Position
from legation.desk.resources import Allotment, Budget
from legation.store.folder.reading import read_folder
from legation.store.folder.writing import write_folder

PARTNERS = ("LVA", "LTU", "FIN", "SWE", "NOR", "DNK", "POL", "DEU", "FRA", "GBR", "UKR", "MDA", "GEO", "JOR", "KEN")
INSTRUMENTS = ("staff-talks", "training", "port-call", "unit-visit", "conference", "information-sharing")


def build_desk(missions: int, *, seed: int = 7) -> Desk:
    """Give a desk with that many missions: a mode and a half, two costs, one effect, one staff need each."""
    rng = random.Random(seed)
    info = DeskInfo(
        id="benchmark",
        title="Generated desk",
        observer="EST",
        start="2027-01",
        months=24,
        currency="EUR",
        price_year=2027,
    )
    objectives = tuple(
        Objective(id=f"o{n}", title=f"Objective {n}", kind="diplomatic", parent="g", needs=(PARTNERS[n],))
        for n in range(12)
    )
    rows: dict[str, list] = {kind: [] for kind in ("missions", "modes", "costs", "staff_needs", "effects")}
    for number in range(missions):
        _add_mission(rows, f"m{number:05d}", rng)
    return Desk(
        info=info,
        goals=(Goal(id="g", title="Goal"),),
        objectives=objectives,
        positions=tuple(
            Position(id=f"p{n:02d}", title=f"Officer {n}", rank="OF-4", languages=("en:C1", "fr:B2")) for n in range(30)
        ),
        budgets=(Budget(id="b", title="Budget"),),
        allotments=(
            Allotment(
                budget="b",
                start="2027-01",
                expires="2028-12",
                amount=Decimal(10_000_000),
                currency="EUR",
                price_year=2027,
            ),
        ),
        **{kind: tuple(found) for kind, found in rows.items()},
    )


def _add_mission(rows: dict[str, list], name: str, rng: random.Random) -> None:
    rows["missions"].append(
        Mission(
            id=name,
            title=f"Staff talks {name}, round {rng.randint(1, 9)}",
            instrument=rng.choice(INSTRUMENTS),
            format="bilateral",
            purpose="cooperation",
            partners=(rng.choice(PARTNERS),),
            description="Prepare, hold and follow up; report within a fortnight.",
        )
    )
    modes = ("small", "large") if rng.random() < 0.5 else ("standard",)
    for mode in modes:
        rows["modes"].append(Mode(mission=name, id=mode, title=mode, months=rng.randint(1, 3), risk=0.01))
        rows["costs"].append(
            Cost(
                mission=name,
                mode=mode,
                budget="b",
                amount=Decimal(rng.randint(500, 90_000)),
                currency="EUR",
                price_year=2027,
            )
        )
        rows["staff_needs"].append(
            StaffNeed(mission=name, mode=mode, role="lead", rank_min="OF-3", languages=("en:B2",))
        )
    low = round(rng.uniform(-0.5, 1), 2)
    rows["effects"].append(
        Effect(
            mission=name,
            objective=f"o{rng.randrange(12)}",
            low=low,
            likely=low + 0.5,
            high=low + 1,
            judge="Policy desk",
            judged=date(2026, 11, 1),
            basis="assessment",
            fade_months=24.0,
        )
    )


def timed(work: Callable[[], object], *, times: int = 5) -> tuple[float, float]:
    """Give the median and the longest of some runs in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), max(taken)


def main() -> None:
    """Print a table of seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("missions", nargs="?", type=int, default=10_000)
    desk = build_desk(parser.parse_args().missions)
    records = sum(len(desk.records(kind)) for kind in KINDS)
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "desk"
        written = timed(lambda: write_folder(desk, path, overwrite=True))
        read = timed(lambda: read_folder(path, rules=False))
        checked = timed(lambda: read_folder(path))
    print(f"{len(desk.missions):,} missions, {records:,} records; seconds, median and longest of 5 runs")
    for name, (median, longest) in (("write", written), ("read", read), ("read and check", checked)):
        print(f"{name:<16}{median:>8.3f}{longest:>8.3f}")


if __name__ == "__main__":
    main()
