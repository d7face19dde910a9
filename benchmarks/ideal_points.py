"""Time the estimate of ideal points and compare it with the authors' table: python benchmarks/ideal_points.py.

Reads the reference data in ../shared/data and prints one Markdown table.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from legation.relations.ideal_points import estimate_ideal_points, update_ideal_points
from legation.relations.ideal_points.bridges import read_bridges, read_crosswalk
from legation.relations.ideal_points.votes import read_issues, read_votes

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
RUNS = 3


def best(work):
    """Return the shortest time of several runs, and the last answer."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        answer = work()
        times.append(time.perf_counter() - begun)
    return min(times), answer


def main() -> None:
    """Print the table."""
    keys = read_crosswalk(DATA / "un_resid_rcid_crosswalk.parquet")
    bridges = read_bridges(DATA / "un_matched_resolutions.csv", crosswalk=keys)
    votes = read_votes(DATA / "un_votes_1946_2024.parquet")
    issues = read_issues(DATA / "un_roll_call_issues.parquet", crosswalk=keys)
    seconds, whole = best(lambda: estimate_ideal_points(votes, bridges=bridges))
    early = estimate_ideal_points(votes.filter(pl.col("session") < 78), bridges=bridges)
    added, update = best(
        lambda: update_ideal_points(early.frame, votes, since_session=78, items=early.items, bridges=bridges)
    )
    issue_seconds, issue = best(lambda: estimate_ideal_points(votes, bridges=bridges, issue=["me"], issues=issues))
    official = pl.read_parquet(DATA / "unga_ideal_points_apr2020.parquet").rename({"ccode": "actor"})
    rows = whole.frame.join(official, on=["actor", "session"])
    within = rows.group_by("session").agg(
        pl.corr("theta", "IdealPoint").alias("r"), (pl.col("theta") - pl.col("IdealPoint")).mean().alias("moved")
    )
    placed = rows.join(within, on="session").with_columns(pl.col("theta") - pl.col("moved"))
    both = update.frame.filter(pl.col("session") == 78).join(whole.frame, on=["actor", "session"], suffix="_whole")
    distance = (both["theta"] - both["theta_whole"]).abs().mean()
    z = (rows["theta"] - rows["IdealPoint"]) / rows["se"]
    lines = [
        ("whole estimate, sessions 1-78, s", f"{seconds:.1f}"),
        (
            "votes, items, sweeps",
            f"{whole.diagnostics.votes:,}, {whole.diagnostics.items:,}, {whole.diagnostics.sweeps}",
        ),
        (
            "pooled r with the authors' table of April 2020",
            f"{np.corrcoef(rows['theta'], rows['IdealPoint'])[0, 1]:.4f}",
        ),
        (
            "the same, each session moved to the authors' mean",
            f"{np.corrcoef(placed['theta'], placed['IdealPoint'])[0, 1]:.4f}",
        ),
        ("within-session r: median, least", f"{within['r'].median():.4f}, {within['r'].min():.4f}"),
        ("points inside the authors' 90 % bounds", f"{rows['theta'].is_between(rows['Q5%'], rows['Q95%']).mean():.3f}"),
        (
            "authors' points inside these 90 % bounds",
            f"{rows['IdealPoint'].is_between(rows['low'], rows['high']).mean():.3f}",
        ),
        ("difference over standard error: spread", f"{z.std():.2f}"),
        (
            "standard error over the authors': median",
            f"{(rows['se'] / ((rows['Q95%'] - rows['Q5%']) / 3.29)).median():.2f}",
        ),
        ("session 78 added, s", f"{added:.2f}"),
        (
            "its mean distance to the whole estimate; r",
            f"{distance:.3f}; {np.corrcoef(both['theta'], both['theta_whole'])[0, 1]:.4f}",
        ),
        (
            "one issue area (Palestinian conflict), s; resolutions",
            f"{issue_seconds:.1f}; {issue.diagnostics.resolutions:,}",
        ),
    ]
    sys.stdout.write("| what | measured |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in lines))


if __name__ == "__main__":
    main()
