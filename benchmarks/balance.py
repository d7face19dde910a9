"""How long exact balance takes for every year, and blocs for one: python benchmarks/balance.py [DATA].

Networks of states by year, 1816-2018: alliances +1 (ATOP 5.1), disputes (COW MID 5) and strategic rivalries -1, hostile
where both; and the 51 published networks of 1946-1999. Blocs of 1993-2001 with 200 draws.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import polars as pl

from legation.relations.balance import balance, signed_edges, signed_network
from legation.relations.blocs import find_blocs


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    atop, disputes, rivalries, published = (
        pl.read_parquet(data / f"{name}.parquet")
        for name in ("atop_ddy_v51", "cow_mid_dirdisps", "tss_rivalries", "cow_signed_networks_1946_1999")
    )
    built = signed_network(atop, first=1816, last=2018, disputes=disputes, rivalries=rivalries)
    years = signed_edges(built.frame, period="year")
    windows = signed_edges(published.rename({"from": "a", "to": "b"}), period="window")
    print("| what | networks | ties | proven | greatest gap | L, sum | seconds | longest |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, edges, with_flips in (
        ("every year 1816-2018, L and camps", years, False),
        ("the same with the ties out of line", years, True),
        ("51 published networks, L and camps", windows, False),
        ("the same with the ties out of line", windows, True),
    ):
        began = time.perf_counter()
        found = balance(edges, with_flips=with_flips)
        took = time.perf_counter() - began
        rows = found.periods
        print(
            f"| {name} | {len(rows)} | {rows['ties'].sum():,} | {rows['proven'].sum()} | {rows['gap'].max():g} | "
            f"{rows['L'].sum():g} | {took:.1f} | {rows['seconds'].max():.2f} |"
        )
    print()
    blocs(atop, disputes)


def blocs(atop: pl.DataFrame, disputes: pl.DataFrame) -> None:
    built = signed_network(atop, first=1993, last=2001, disputes=disputes)
    edges = signed_edges(built.frame.with_columns(pl.col("sign") / 9), repeated="layers")
    print("| blocs 1993-2001 | actors | ties | Q | blocs | 5-95 % of draws | seconds |")
    print("|---|--:|--:|--:|--:|---|--:|")
    for draws in (0, 200):
        row = find_blocs(edges, bootstraps=draws).periods.row(0, named=True)
        band = "" if row["blocs_low"] is None else f"{row['blocs_low']:g}-{row['blocs_high']:g}"
        print(
            f"| {draws} draws | {row['actors']} | {row['ties']:,} | {row['Q']:.4f} | {row['blocs']} | {band} | "
            f"{row['seconds']:.1f} |"
        )


if __name__ == "__main__":
    main()
