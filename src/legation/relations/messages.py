"""Hostile messages between pairs, from a world's counts of events by month."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["EVENT_TABLES", "events_held", "hostile_messages"]

Floats = NDArray[np.float64]

EVENT_TABLES: Final = ("event_months_polecat", "event_months_icews", "event_months_gdelt2", "event_months_gdelt1")
"""Tables of events by month, the most careful coding first; the first that speaks of the year is read."""

_MONTHS: Final = 12
_USUAL_SHARE: Final = 0.2
_MOST_SHARE: Final = 0.8
_DOUBT: Final = 10.0  # events without hostility that every direction is taken to have had: few events say little


def events_held(world: World) -> bool:
    """Say whether a world holds events by month."""
    return any(world.holds(table) for table in EVENT_TABLES)


def hostile_messages(world: World, pairs: pl.DataFrame, *, as_of: date) -> tuple[Floats, str]:
    """Return how hostile the messages of each pair were in the twelve whole months before a day, and the table read.

    The share of verbal conflict (demands, disapproval, rejections, threats) among events with a sign, ten events
    without hostility added, in the worse of the two directions; a share of .2 is usual and counts as 0, .8 as 1. What
    was done rather than said is no message.

    Returns
    -------
    tuple of Floats and str
        Shape (k,), in [0, 1], 0 where no event is held; the name of the table, empty where none speaks of the time.
    """
    end = as_of.year * 12 + as_of.month - 1
    number = pl.col("year").cast(pl.Int32) * 12 + pl.col("month").cast(pl.Int32)
    names = sorted({*pairs.get_column("a"), *pairs.get_column("b")})
    for table in EVENT_TABLES:
        if not world.holds(table):
            continue
        rows = world.filter(
            table,
            pl.col("source").is_in(names),
            pl.col("target").is_in(names),
            number.is_between(end - _MONTHS + 1, end),
        )
        if not rows.is_empty():
            return _worst(pairs, rows), table
    return np.zeros(len(pairs)), ""


def _worst(pairs: pl.DataFrame, rows: pl.DataFrame) -> Floats:
    signed = pl.col("cooperation").sum() + pl.col("conflict").sum()
    ways = rows.group_by("source", "target").agg(share=pl.col("verbal_conflict").sum() / (signed + _DOUBT))
    worst = ways.group_by(
        pl.min_horizontal("source", "target").alias("a"), pl.max_horizontal("source", "target").alias("b")
    ).agg(pl.col("share").max())
    found = pairs.join(worst, on=["a", "b"], how="left").sort("pair")
    share = found.get_column("share").cast(pl.Float64).fill_null(0.0).to_numpy()
    scaled: Floats = np.clip((share - _USUAL_SHARE) / (_MOST_SHARE - _USUAL_SHARE), 0.0, 1.0)
    return scaled
