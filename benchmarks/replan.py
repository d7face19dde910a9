"""Measure re-planning after shocks, and explaining a clash, on generated desks of 1,000 missions.

    python benchmarks/replan.py [--seeds 5] [--missions 1000] [--seconds 15] [--free-seconds 60] [--out rows.csv]

Each desk is planned, four months pass, and a shock strikes: a partner refuses everything, the busiest person is lost, a
tenth of the money is cut, a partner is banned for eight months, two missions change their effect. The new plan's value
is set beside two others: the proven bound on any plan after the shock, and a plan searched freely for a long time
without regard to the old one. Starts changed count missions of the old plan that had not begun and are dropped or start
in another month. `cpu` is the processor time of the run, which does not depend on what else the machine does. Prints a
Markdown table; with `--out` rows are appended to a CSV file, and what stands there is not run again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import msgspec

from legation.cohesion.result import Selection
from legation.desk import constraints
from legation.desk.desk import Desk
from legation.desk.months import month_text
from legation.planning import plan
from legation.planning.conflict import find_conflict
from legation.planning.data import plan_data
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.planning.replan.replan import replan
from legation.planning.replan.shocks import Ban, Cut, Effect, Lose, Refuse, Shock, Situation, apply_shocks
from legation.planning.replan.standing import drawn_before, standing_of
from legation.planning.solve import search
from legation.relations.snapshot import RelationsSnapshot
from result_rows import append_row, markdown, run_main, saved_rows

_NOW = 4


@dataclass(frozen=True)
class Row:
    """What was measured of one shock on one desk."""

    seed: int
    shock: str
    old: int
    ahead: int
    value: float
    of_bound: float
    free: float
    of_free: float
    changed: int
    forced: int
    free_changed: int
    seconds: float
    cpu: float


def shape(missions: int) -> DeskShape:
    """Give the shape of the desks: that of the planner's own figures, scaled."""
    share = missions / 1_000
    return DeskShape(
        missions=missions, months=24, positions=max(8, round(30 * share)), objectives=12, countries=40, programmes=4,
        prerequisites=round(85 * share), exclusions=round(150 * share), synergies=round(400 * share),
        money_per_year=0.11,
    )  # fmt: skip


def shocks_of(desk: Desk, old: Selection, now: str) -> dict[str, tuple[Shock, ...]]:
    """Choose shocks that hurt: the partner and the person that the plan ahead leans on most."""
    by_id = {mission.id: mission for mission in desk.missions}
    ahead = [entry for entry in old if (entry.start or 0) >= _NOW]
    partners = Counter(name for entry in ahead for name in by_id[entry.mission].partners)
    people = Counter(text.partition(":")[2] for entry in ahead for text in entry.staff)
    first, second = (name for name, _ in partners.most_common(2))
    changed = []
    for entry in ahead[:2]:
        effect = max(
            (row for row in desk.effects if row.mission == entry.mission and row.objective), key=lambda row: row.likely
        )
        changed.append(Effect(mission=entry.mission, objective=str(effect.objective), points=0.0))
    end = month_text(_NOW + 8, start=desk.info.start)
    return {
        "refusal": (Refuse(partner=first),),
        "loss": (Lose(who=people.most_common(1)[0][0]),),
        "cut": tuple(Cut(budget=budget.id, share=0.1) for budget in desk.budgets),
        "ban": (Ban(actor=second, start=now, end=end),),
        "effects": tuple(changed),
    }


def free_plan(
    desk: Desk, old: Selection, relations: RelationsSnapshot, shocks: tuple[Shock, ...], *, now: str, seconds: float
) -> tuple[float, int]:
    """Search the shocked desk without regard to the old plan; give value and starts changed."""
    before = standing_of(desk, old, now=now)
    situation = apply_shocks(
        Situation(desk, relations, now, drawn=drawn_before(before)), shocks, begun=tuple(before.begun)
    )
    standing = standing_of(situation.desk, old, now=now, relations=situation.relations, ended=situation.ended)
    data = standing.data
    found = search(data, Highs(), gap=0.0005, seconds=seconds, seed=1)
    if found is None:
        return float("nan"), 0
    start = {data.missions[data.slot_mission[s]].id: int(data.slots.start[s]) for s in found.slots}
    ahead = [entry for entry in old if entry.mission not in standing.begun and entry.mission not in standing.ended]
    return found.value, sum(start.get(entry.mission) != entry.start for entry in ahead)


def measure(seed: int, given: argparse.Namespace, done: set[tuple[int, str]]) -> Iterator[Row]:
    """Measure every shock on one desk."""
    desk = generate_desk(shape(given.missions), seed=seed)
    relations = generate_relations(desk, seed=seed)
    now = month_text(_NOW, start=desk.info.start)
    if all((seed, name) in done for name in ("refusal", "loss", "cut", "ban", "effects")):
        return
    old = plan(desk, relations=relations, seconds=given.plan_seconds, gap=0.004, compare=False).to_selection()
    for name, shocks in shocks_of(desk, old, now).items():
        if (seed, name) in done:
            continue
        began, cpu = time.perf_counter(), time.process_time()
        new = replan(desk, old, now=now, shocks=shocks, relations=relations, seconds=given.seconds)
        seconds, used = time.perf_counter() - began, time.process_time() - cpu
        free, free_changed = free_plan(desk, old, relations, shocks, now=now, seconds=given.free_seconds)
        print(f"{seed} {name}: {seconds:.1f} s", file=sys.stderr)
        yield Row(
            seed=seed, shock=name, old=len(old), ahead=new.starts, value=new.value, of_bound=new.free_share,
            free=free, of_free=new.value / free, changed=new.starts_changed, forced=new.forced,
            free_changed=free_changed, seconds=seconds, cpu=used,
        )  # fmt: skip


def clash_seconds(missions: int, seed: int) -> tuple[float, int]:
    """Pin both missions of an exclusion in, and time how long the smallest conflict takes."""
    desk = generate_desk(shape(missions), seed=seed)
    pins = tuple(constraints.Pin(mission=name, decision="in") for name in desk.exclusions[0].missions[:2])
    data = plan_data(msgspec.structs.replace(desk, pins=pins))
    began = time.process_time()
    conflict = find_conflict(data, Highs())
    return time.process_time() - began, len(conflict.groups) if conflict else 0


def table(rows: list[dict[str, str]]) -> str:
    """Write the rows as Markdown."""
    head = ("seed", "shock", "starts ahead", "of bound", "of free plan", "changed", "forced", "free plan changes",
            "seconds", "cpu")  # fmt: skip
    cells = [
        (row["seed"], row["shock"], row["ahead"], f"{float(row['of_bound']):.2%}", f"{float(row['of_free']):.2%}",
         f"{row['changed']} ({int(row['changed']) / max(1, int(row['ahead'])):.0%})", row["forced"],
         row["free_changed"], f"{float(row['seconds']):.1f}", f"{float(row['cpu']):.1f}") for row in rows
    ]  # fmt: skip
    return markdown(head, cells, words=2)


def main() -> None:
    """Run what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--missions", type=int, default=1_000)
    parser.add_argument("--plan-seconds", type=float, default=60.0)
    parser.add_argument("--free-seconds", type=float, default=60.0)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    kept = saved_rows(given.out, [field.name for field in fields(Row)])
    done = {(int(row["seed"]), row["shock"]) for row in kept}
    for seed in range(1, given.seeds + 1):
        for measured in measure(seed, given, done):
            row = {name: str(value) for name, value in asdict(measured).items()}
            kept.append(row)
            append_row(given.out, row)
    print(table(kept))
    clashes = [clash_seconds(given.missions, seed) for seed in range(1, given.seeds + 1)]
    worst = max(seconds for seconds, _ in clashes)
    print(f"\nSmallest conflict: {worst:.2f} s of processor time at most over {len(clashes)} desks.")


if __name__ == "__main__":
    run_main(main)
