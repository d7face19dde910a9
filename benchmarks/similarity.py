"""How long all similarity measures take, and how exact they are: python benchmarks/similarity.py [DATA] [RUNS].

Takes the tables in DATA (../shared/data) from memory and compares every pair of members (ATOP, 1816-2018) and of voters
(UN, sessions 1-78). The error is the largest absolute difference to the formulas written out position by position,
on the pairs of every 25th year. fpsim is an R package and does not run here: its run times are quoted as published.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import kendalltau

from legation.relations.similarity import alliance_similarity, members_by_year, valued_ties, vote_similarity
from legation.relations.similarity.measures import MEASURES
from legation.relations.similarity.published import un_votes

EVERY = 25
PAIRS = 200


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    atop, system, nmc, votes = (
        pl.read_parquet(data / f"{name}.parquet")
        for name in ("atop_ddy_v51", "isard_cow_system", "cow_nmc_v7", "un_votes_1946_2024")
    )
    weights = nmc.select(pl.col("ccode").alias("actor"), "year", pl.col("cinc").alias("weight"))
    seconds = {"ties": [], "votes": []}
    for _ in range(runs):
        began = time.perf_counter()
        ties = valued_ties(atop)
        members = members_by_year(system, first=1816, last=2018)
        by_ties = alliance_similarity(ties, members, weights=weights)
        between = time.perf_counter()
        by_votes = vote_similarity(un_votes(votes))
        seconds["ties"].append(between - began)
        seconds["votes"].append(time.perf_counter() - between)
    every = alliance_similarity(ties, members, weights=weights, measures=[*MEASURES])
    error_ties = worst(every.frame, lambda a, b, year: tie_rows((ties, members, weights), a, b, year), (0, 1, 2, 3))
    error_votes = worst(by_votes.frame, vote_rows(votes), (1, 2, 3))
    print("| what | pairs by year | measures | seconds, least of runs | median | largest error |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, found, error in (("ties", by_ties, error_ties), ("votes", by_votes, error_votes)):
        ordered = sorted(seconds[name])
        print(
            f"| {name} | {len(found.frame):,} | {len(found.measures)} | {ordered[0]:.2f} | "
            f"{ordered[len(ordered) // 2]:.2f} | {error:.1e} |"
        )
    whole = sorted(a + b for a, b in zip(seconds["ties"], seconds["votes"], strict=True))
    pairs = len(by_ties.frame) + len(by_votes.frame)
    print(f"| both | {pairs:,} | 14 | {whole[0]:.2f} | {whole[len(whole) // 2]:.2f} | |")
    print("| fpsim (R), as published: S alone | | 1 | 1,158 | | |")
    print("| fpsim (R), as published: S weighted | | 1 | 1,353 | | |")
    print("| fpsim (R), as published: pi and kappa | | 2 | 1,107 | | |")


def tie_rows(tables, a, b, year):
    """Give the two rows of the year's matrix and the members' weights."""
    ties, members, weights = tables
    here = members.filter(pl.col("year") == year)["actor"].to_list()
    value = {(x, y): v for x, y, v in ties.filter(pl.col("year") == year).select("a", "b", "value").iter_rows()}
    rows = [[3 if one == other else value.get((one, other), 0) for other in here] for one in (a, b)]
    weight = dict(weights.filter(pl.col("year") == year).select("actor", "weight").iter_rows())
    return np.array(rows[0]), np.array(rows[1]), np.array([weight.get(code) or np.nan for code in here])


def vote_rows(votes):
    """Give a function for the common votes of two actors."""

    def rows(a, b, year):
        here = votes.filter((pl.col("year_session") == year) & pl.col("ccode").is_in([a, b])).unique(["resid", "ccode"])
        both = here.pivot(on="ccode", index="resid", values="vote").drop_nulls()
        return both[str(a)].to_numpy(), both[str(b)].to_numpy(), None

    return rows


def worst(frame, rows, levels):
    """Give the largest difference to the written-out formulas."""
    rng = np.random.default_rng(1)
    years = frame["year"].unique().sort().to_list()[::EVERY]
    largest = 0.0
    for year in years:
        pairs = frame.filter((pl.col("year") == year) & (pl.col("n") > 0))
        for place in rng.choice(len(pairs), min(PAIRS, len(pairs)), replace=False).tolist():
            row = pairs.row(place, named=True)
            expected = written_out(*rows(row["a"], row["b"], year), levels)
            for name, value in expected.items():
                if row.get(name) is None:
                    assert name not in row or np.isnan(value), (row, name, value)
                else:
                    largest = max(largest, abs(row[name] - value))
    return largest


def written_out(x, y, weight, levels):
    """Compute the measures of two rows from their formulas."""
    n, span = len(x), max(levels) - min(levels)
    r, c = (np.array([(side == level).mean() for level in levels]) for side in (x, y))
    level = np.array(levels)
    square = ((level[:, None] - level) / span) ** 2
    agree = float((x == y).mean())
    s_abs = 1 - 2 * np.abs(x - y).sum() / (span * n)

    def less(observed, chance):
        return 1 - observed / chance if chance > 1e-15 else np.nan

    mean = (r + c) / 2
    found = {
        "s_abs": s_abs,
        "s_sq": 1 - 2 * ((x - y) ** 2).sum() / (span**2 * n),
        "kappa": less((((x - y) / span) ** 2).mean(), float(r @ square @ c)),
        "pi": less(1 - agree, 1 - float(mean @ mean)),
        "a_index": s_abs - (1 - 2 * float(r @ np.abs(level[:, None] - level) @ c) / span),
        "kappa_nominal": less(1 - agree, 1 - float(r @ c)),
        "pi_weighted": less((((x - y) / span) ** 2).mean(), float(mean @ square @ mean)),
        "tau_b": kendalltau(x, y).statistic if len(set(x)) > 1 and len(set(y)) > 1 else np.nan,
    }
    if weight is not None:
        known = ~np.isnan(weight)
        w, apart = weight[known], np.abs(x - y)[known]
        found["s_abs_w"] = 1 - 2 * (w * apart).sum() / (span * w.sum()) if w.sum() else np.nan
        found["s_sq_w"] = 1 - 2 * (w * apart**2).sum() / (span**2 * w.sum()) if w.sum() else np.nan
    return found


if __name__ == "__main__":
    main()
