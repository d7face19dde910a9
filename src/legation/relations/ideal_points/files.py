"""Read an earlier estimate back from the files it was written to."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from legation.evidence.own import OwnColumn, read_own_table

__all__ = ["items_beside", "read_items", "read_points"]

POINTS = (
    OwnColumn(name="actor", type=pl.String, meaning="who votes"),
    OwnColumn(name="session", type=pl.Int64, meaning="the session's number"),
    OwnColumn(name="year", type=pl.Int64, meaning="the year the session opened"),
    OwnColumn(name="theta", type=pl.Float64, meaning="ideal point", low=-50, high=50),
    OwnColumn(name="se", type=pl.Float64, meaning="standard error", low=0, high=50),
    OwnColumn(name="low", type=pl.Float64, meaning="lower bound, 90 per cent"),
    OwnColumn(name="high", type=pl.Float64, meaning="upper bound, 90 per cent"),
    OwnColumn(name="n_votes", type=pl.UInt32, meaning="votes used"),
)
ITEMS = (
    OwnColumn(name="resolution", type=pl.String, meaning="one roll call"),
    OwnColumn(name="session", type=pl.Int64, meaning="its session"),
    OwnColumn(name="item", type=pl.String, meaning="what it shares with those on the same text"),
    OwnColumn(name="beta", type=pl.Float64, meaning="discrimination"),
    OwnColumn(name="g1", type=pl.Float64, meaning="first cutpoint", nullable=True),
    OwnColumn(name="g2", type=pl.Float64, meaning="second cutpoint", nullable=True),
    OwnColumn(name="se_beta", type=pl.Float64, meaning="standard error of beta", low=0),
)


def read_points(path: Path) -> pl.DataFrame:
    """Read the points of an earlier estimate; actors come back as numbers where all are."""
    frame = read_own_table(path, POINTS)
    numbers = frame["actor"].cast(pl.Int64, strict=False)
    return frame if numbers.null_count() else frame.with_columns(actor=numbers)


def items_beside(path: Path) -> Path:
    """Return where the items of an estimate lie whose points are in a file."""
    return path.with_name(f"{path.stem}.items{path.suffix}")


def read_items(path: Path) -> pl.DataFrame:
    """Read the items of an earlier estimate."""
    return read_own_table(path, ITEMS)
