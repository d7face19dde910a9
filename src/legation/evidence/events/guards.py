"""Guards beside the figures: too few events, one source only, a month in which the source itself changed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from legation.errors import InputError

__all__ = ["GuardLimits", "month_volumes", "with_guards"]

_BEFORE = 12


@dataclass(frozen=True, kw_only=True)
class GuardLimits:
    """Where the guards strike.

    Parameters
    ----------
    few
        A dyad-month with fewer events is marked: with nine events the 90 % interval of a share is half as wide as the
        scale.
    low, high
        Growth of a month's rows over the mean of the 12 months before it, beyond which coverage counts as changed.
    """

    few: int = 10
    low: float = 0.5
    high: float = 2.0

    def __post_init__(self) -> None:
        if self.few < 1 or not 0 < self.low < 1 < self.high:
            raise InputError(
                f"The limits few={self.few}, low={self.low}, high={self.high} make no guards.",
                remedy="Keep few at 1 or more, low between 0 and 1, high above 1.",
            )


def month_volumes(by_rule: pl.DataFrame, limits: GuardLimits) -> pl.DataFrame:
    """Return rows by month before the clean-up, their growth, and whether coverage changed.

    Parameters
    ----------
    by_rule
        Counts with ``year``, ``month``, ``rule`` and ``rows``.

    Returns
    -------
    polars.DataFrame
        ``year``, ``month``, ``rows``, ``growth`` (over the mean of the months among the 12 before it; missing for the
        first), ``coverage_change``.
    """
    months = by_rule.group_by("year", "month").agg(pl.col("rows").sum()).sort("year", "month")
    months = months.with_columns((pl.col("year").cast(pl.Int64) * 12 + pl.col("month") - 1).alias("at"))
    at, rows = months.get_column("at").to_list(), months.get_column("rows").to_list()
    growth: list[float | None] = []
    changed: list[bool] = []
    start = 0
    for position, month in enumerate(at):
        while at[start] < month - _BEFORE:
            start += 1
        before = rows[start:position]
        grown = rows[position] * len(before) / sum(before) if before else None
        gap = position > 0 and at[position - 1] != month - 1
        growth.append(grown)
        changed.append(gap or (grown is not None and not limits.low <= grown <= limits.high))
    return months.drop("at").with_columns(
        pl.Series("growth", growth, dtype=pl.Float64), pl.Series("coverage_change", changed, dtype=pl.Boolean)
    )


def with_guards(table: pl.DataFrame, volumes: pl.DataFrame, limits: GuardLimits) -> pl.DataFrame:
    """Add ``few``, ``volume_growth`` and ``coverage_change`` to dyad-months."""
    of_month = volumes.select("year", "month", pl.col("growth").alias("volume_growth"), "coverage_change")
    return table.join(of_month, on=["year", "month"], how="left", maintain_order="left").with_columns(
        (pl.col("n") < limits.few).alias("few")
    )
