"""Compare plans with both rankings, from tight money to loose, with intervals and a picture.

    python benchmarks/rankings.py [--desks 10] [--missions 80] [--seconds 20] [--gap 0.01] [--csv FILE] [--picture FILE]
        [DESK_FOLDER ...]

Every desk is planned at several amounts of money; both rankings choose under the same rules and the same money. What
is reported is a ranking's value as a share of the plan's, with a 90 % interval over the generated desks (bootstrap of
the mean), and how often a ranking could not place what must be in. A desk folder named is scaled from its own money.
Rows are added to the CSV file as they come; those that it already holds are not run again.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np

from legation.desk.desk import Desk
from legation.errors import InfeasibleError
from legation.planning.data import PlanData, plan_data
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk, generate_relations
from legation.planning.rank import rank_adaptively, rank_by_ratio
from legation.planning.solve import search
from legation.planning.value import value_of
from legation.relations.snapshot import RelationsSnapshot
from result_rows import append_row, run_main, saved_rows

MONEY = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
FACTORS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
NAMES = {"ratio": "score per cost", "adaptive": "adaptive"}


@dataclass(frozen=True)
class Row:
    """One desk at one amount of money; a plan that does not exist leaves the values empty."""

    desk: str
    money: float
    value: float | None = None
    gap: float | None = None
    ratio: float | None = None
    adaptive: float | None = None
    ratio_skips: int = 0
    adaptive_skips: int = 0

    def share(self, ranking: str) -> float | None:
        """Give a ranking's value as a share of the plan's."""
        own = getattr(self, ranking)
        return None if own is None or not self.value else own / self.value


def cases(given: argparse.Namespace) -> Iterator[tuple[str, float, Desk, RelationsSnapshot | None]]:
    """Give every desk at every amount of money, folders first."""
    for folder in given.folders:
        from legation.service.questions import open_desk

        setting = open_desk(folder)
        whole = spent_by_all(setting.desk, setting.relations)
        name = Path(folder).name
        for factor in FACTORS:
            desk = with_money(setting.desk, factor)
            yield name, round(allotted(desk, setting.relations) / whole, 4), desk, setting.relations
    for seed in range(1, given.desks + 1):
        for money in MONEY:
            shape = DeskShape(missions=given.missions, positions=max(8, given.missions // 4), money=money)
            desk = generate_desk(shape, seed=seed)
            yield f"generated {seed}", money, desk, generate_relations(desk, seed=seed)


def with_money(desk: Desk, factor: float) -> Desk:
    """Give the desk with every allotment multiplied."""
    rows = tuple(
        msgspec.structs.replace(row, amount=(row.amount * Decimal(str(factor))).quantize(Decimal("0.01")))
        for row in desk.allotments
    )
    return msgspec.structs.replace(desk, allotments=rows)


def spent_by_all(desk: Desk, relations: RelationsSnapshot | None) -> float:
    """Give what all missions would cost, each in its dearest mode."""
    data = plan_data(desk, relations=relations)
    dear = [0.0] * len(data.missions)
    for option, mission in enumerate(data.mission_of):
        months = int(data.options.months[option])
        cost = float((data.funds.once[option] + data.funds.monthly[option] * months).sum())
        dear[mission] = max(dear[mission], cost)
    return sum(dear)


def allotted(desk: Desk, relations: RelationsSnapshot | None) -> float:
    """Give the money that the desk may spend within its months."""
    return float(plan_data(desk, relations=relations).funds.allotment_amount.sum())


def measure(name: str, money: float, data: PlanData, *, seconds: float, gap: float) -> Row:
    """Plan once and rank twice."""
    try:
        found = search(data, Highs(), gap=gap, seconds=seconds, seed=1)
    except InfeasibleError:
        found = None
    if found is None:
        return Row(name, money)
    ratio, adaptive = rank_by_ratio(data), rank_adaptively(data)
    assert adaptive is not None

    def skips(chosen: set[int]) -> int:
        return len({row.mission for row in data.requirements} - chosen)

    return Row(
        name,
        money,
        value=found.value,
        gap=found.gap,
        ratio=value_of(data, ratio.slots),
        adaptive=value_of(data, adaptive.slots),
        ratio_skips=skips(set(ratio.by_mission)),
        adaptive_skips=skips(set(adaptive.by_mission)),
    )


def read_rows(path: Path | None) -> list[Row]:
    """Read the rows of an earlier run."""
    return [
        Row(
            desk=row["desk"],
            money=float(row["money"]),
            **{key: float(row[key]) if row[key] else None for key in ("value", "gap", "ratio", "adaptive")},
            ratio_skips=int(row["ratio_skips"]),
            adaptive_skips=int(row["adaptive_skips"]),
        )
        for row in saved_rows(path, [field.name for field in fields(Row)])
    ]


def interval(values: list[float]) -> tuple[float, float]:
    """Give the 90 % interval of the mean by 4,000 bootstrap draws, with a fixed seed."""
    rng = np.random.default_rng(1)
    draws = rng.choice(np.array(values), size=(4_000, len(values))).mean(axis=1)
    low, high = np.quantile(draws, [0.05, 0.95])
    return float(low), float(high)


def summary(rows: list[Row]) -> list[dict[str, object]]:
    """Give mean share and interval by group of desks, money and ranking."""
    out: list[dict[str, object]] = []
    groups = sorted({("generated" if row.desk.startswith("generated") else row.desk, row.money) for row in rows})
    for group, money in groups:
        own = [
            row
            for row in rows
            if row.money == money and (row.desk == group or (group == "generated" and row.desk.startswith("generated")))
        ]
        for ranking, title in NAMES.items():
            shares = [share for row in own if (share := row.share(ranking)) is not None]
            if not shares:
                print(f"{group} at {money:.0%}: none of {len(own)} has a plan that keeps all rules", file=sys.stderr)
                continue
            low, high = interval(shares) if len(shares) > 1 else (shares[0], shares[0])
            out.append(
                {
                    "desks": group,
                    "money": money,
                    "ranking": title,
                    "mean": statistics.fmean(shares),
                    "low": low,
                    "high": high,
                    "least": min(shares),
                    "plans": len(shares),
                    "of": len(own),
                    "skips": sum(getattr(row, f"{ranking}_skips") > 0 for row in own),
                    "gap": max(row.gap or 0.0 for row in own if row.value is not None),
                }
            )
    return out


def table(lines: list[dict[str, object]]) -> str:
    """Give the summary as Markdown."""
    head = (
        "| desks | money | ranking | reaches, mean | 90 % interval | least | plans | misses a duty | largest gap |\n"
        "|---|--:|---|--:|--:|--:|--:|--:|--:|"
    )
    body = [
        f"| {row['desks']} | {row['money']:.0%} | {row['ranking']} | {row['mean']:.1%} | {row['low']:.1%} to "
        f"{row['high']:.1%} | {row['least']:.1%} | {row['plans']} of {row['of']} | {row['skips']} | {row['gap']:.2%} |"
        for row in lines
    ]
    return "\n".join([head, *body])


def picture(lines: list[dict[str, object]], path: Path) -> None:
    """Draw the shares against the money, with their intervals."""
    from legation.briefs.charts.files import write_chart
    from legation.briefs.charts.style import spec

    x = {"field": "money", "type": "quantitative", "title": "Money as a share of what all missions would cost"}
    x["axis"] = {"format": ".0%"}
    colour = {
        "field": "ranking",
        "type": "nominal",
        "scale": {"domain": list(NAMES.values()), "range": ["#D55E00", "#0072B2"]},
        "legend": {"title": None, "orient": "bottom", "symbolType": "stroke"},
    }
    rule = [{"whole": 1.0, "words": "the plan"}]
    layers = [
        {
            "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#666"},
            "data": {"values": rule},
            "encoding": {"y": {"field": "whole", "type": "quantitative"}},
        },
        {
            "mark": {"type": "area", "opacity": 0.2},
            "encoding": {
                "x": x,
                "y": {"field": "low", "type": "quantitative", "title": None},
                "y2": {"field": "high"},
                "color": colour,
            },
        },
        {
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": x,
                "y": {
                    "field": "mean",
                    "type": "quantitative",
                    "title": "Value as a share of the plan's",
                    "axis": {"format": ".0%"},
                    "scale": {"zero": False},
                },
                "color": colour,
            },
        },
    ]
    panels = [
        {
            "title": group if group != "generated" else "Generated desks (mean, 90 % interval)",
            "width": 330,
            "height": 240,
            "data": {"values": [row for row in lines if row["desks"] == group]},
            "layer": layers,
        }
        for group in sorted({str(row["desks"]) for row in lines}, reverse=True)
    ]
    write_chart(spec(hconcat=panels), path, overwrite=True)


def main() -> None:
    """Read the options, measure what is missing, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--desks", type=int, default=10)
    parser.add_argument("--missions", type=int, default=80)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    rows = read_rows(given.csv)
    held = {(row.desk, row.money) for row in rows}
    for name, money, desk, relations in cases(given):
        if (name, money) in held:
            continue
        row = measure(name, money, plan_data(desk, relations=relations), seconds=given.seconds, gap=given.gap)
        append_row(given.csv, asdict(row))
        rows.append(row)
        print(f"{name} at {money:.0%}: {row.value}", file=sys.stderr)
    lines = summary(rows)
    print(table(lines))
    if given.picture is not None:
        picture(lines, given.picture)


if __name__ == "__main__":
    run_main(main)
