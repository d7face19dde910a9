"""Scores of directed dyads from counts by month: cooperation, hostility and net, with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import betaincinv

from legation.errors import InputError
from legation.relations.events.decay import decayed, month_number

__all__ = ["SCORE_COLUMNS", "ScoreOptions", "dyad_scores"]

SCORE_COLUMNS: dict[str, tuple[pl.DataType, str]] = {
    "source": (pl.String(), "actor who acts"),
    "target": (pl.String(), "actor who is acted upon"),
    "year": (pl.Int32(), "calendar year"),
    "month": (pl.Int32(), "month, 1 to 12"),
    "weight": (pl.Float64(), "faded number of events with a sign: what the score rests on"),
    "cooperation": (pl.Float64(), "faded number of cooperative events"),
    "conflict": (pl.Float64(), "faded number of conflictive events"),
    "hostility": (pl.Float64(), "expected share of conflict, 0 to 1: posterior mean"),
    "hostility_low": (pl.Float64(), "lower end of its interval"),
    "hostility_high": (pl.Float64(), "upper end of its interval"),
    "net": (pl.Float64(), "1 - 2 hostility, -1 (conflict only) to 1 (cooperation only)"),
    "goldstein": (pl.Float64(), "faded mean of Goldstein values, -10 to 10; missing without a value"),
    "attention": (pl.Float64(), "faded share of the events of all dyads, 0 to 1: free of the growth of news"),
    "source_share": (pl.Float64(), "faded share of the source's events that go to the target, 0 to 1"),
    "target_share": (pl.Float64(), "faded share of the events towards the target that come from the source, 0 to 1"),
    "few": (pl.Boolean(), "guard: weight is below the least number asked for"),
    "coverage_change": (pl.Boolean(), "guard of the month, as in the counts"),
}
"""The columns of a table of scores, with their meaning."""

_NEEDED = ("source", "target", "year", "month", "n", "cooperation", "conflict")


@dataclass(frozen=True, kw_only=True)
class ScoreOptions:
    """Choices of the scores.

    Parameters
    ----------
    half_life
        Months after which an event counts half.
    level
        Probability of the interval.
    prior
        Events, half of each sign, that every dyad is taken to have had: 1 is Jeffreys's prior, Beta(1/2, 1/2).
    few
        The least faded number of events a score should rest on.
    """

    half_life: float = 6.0
    level: float = 0.9
    prior: float = 1.0
    few: float = 10.0

    def __post_init__(self) -> None:
        if not self.half_life > 0:
            raise InputError(f"A half-life of {self.half_life!r} months is none.", remedy="Write a number above zero.")
        if not 0 < self.level < 1:
            raise InputError(f"An interval of {self.level!r} is none.", remedy="Write a probability such as 0.9.")
        if not 0 < self.prior < float("inf") or not self.few >= 0:
            raise InputError(
                f"prior={self.prior!r}, few={self.few!r} are no numbers of events.",
                remedy="Keep prior above 0 and few at 0 or more.",
            )


def dyad_scores(counts: pl.DataFrame, *, options: ScoreOptions | None = None) -> pl.DataFrame:
    """Turn counts by directed dyad and month into scores.

    Parameters
    ----------
    counts
        A dyad-month table: ``source``, ``target``, ``year``, ``month``, ``n``, ``cooperation``, ``conflict``, and where
        they are there ``goldstein_sum``, ``goldstein_mean`` and ``coverage_change``. One row per dyad and month with an
        event; a month without a row had none.
    options
        Half-life, interval, prior and guard.

    Returns
    -------
    polars.DataFrame
        One row per row of `counts`, ordered by source, target, year, month; columns in `SCORE_COLUMNS`.

    Raises
    ------
    InputError
        When a column is missing, a count is below zero, or a dyad-month stands twice.

    Notes
    -----
    With c cooperative and h conflictive events, faded by 0.5 ** (age / half-life), the share of conflict has the
    posterior Beta(h + prior / 2, c + prior / 2); its mean is ``hostility``. Shares of volume are ratios of faded sums
    up to the same month, so a month with twice the news moves no score.
    """
    chosen = options or ScoreOptions()
    ordered = _checked(counts)
    starts = _starts(ordered, ["source", "target"])
    months = _months(ordered)
    columns = ["cooperation", "conflict", "n", "goldstein_sum", "valued"]
    values = ordered.select(pl.col(columns).cast(pl.Float64)).to_numpy()
    faded = decayed(values, months, starts=starts, half_life=chosen.half_life)
    cooperation, conflict, n, value, valued = faded.T
    low, mean, high = _posterior(cooperation, conflict, chosen)
    # Without a value the division is not done: its result would be no number, which is not the same as missing.
    goldstein = np.divide(value, valued, out=np.full(value.shape, np.nan), where=valued > 1e-12)
    return ordered.select(
        "source",
        "target",
        pl.col("year").cast(pl.Int32),
        pl.col("month").cast(pl.Int32),
        pl.Series("weight", cooperation + conflict),
        pl.Series("cooperation", cooperation),
        pl.Series("conflict", conflict),
        pl.Series("hostility", mean),
        pl.Series("hostility_low", low),
        pl.Series("hostility_high", high),
        pl.Series("net", 1 - 2 * mean),
        pl.Series("goldstein", goldstein).fill_nan(None),
        pl.Series("attention", _share(ordered, n, months, [], chosen)),
        pl.Series("source_share", _share(ordered, n, months, ["source"], chosen)),
        pl.Series("target_share", _share(ordered, n, months, ["target"], chosen)),
        pl.Series("few", cooperation + conflict < chosen.few),
        "coverage_change",
    )


def _posterior(
    cooperation: npt.NDArray[np.float64], conflict: npt.NDArray[np.float64], options: ScoreOptions
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the lower end, the mean and the upper end of the share of conflict."""
    a, b = conflict + options.prior / 2, cooperation + options.prior / 2
    tail = (1 - options.level) / 2
    return betaincinv(a, b, tail), a / (a + b), betaincinv(a, b, 1 - tail)


def _share(
    ordered: pl.DataFrame,
    faded: npt.NDArray[np.float64],
    months: npt.NDArray[np.int64],
    keys: list[str],
    options: ScoreOptions,
) -> npt.NDArray[np.float64]:
    """Return each dyad's faded events over those of all dyads with the same keys, up to the same month."""
    totals = (
        ordered.select(*keys, pl.Series("at", months), pl.col("n").cast(pl.Float64))
        .group_by(*keys, "at")
        .agg(pl.col("n").sum())
        .sort(*keys, "at")
    )
    starts = _starts(totals, keys)
    summed = decayed(
        totals.select("n").to_numpy(), totals.get_column("at").to_numpy(), starts=starts, half_life=options.half_life
    )
    of_row = ordered.select(*keys, pl.Series("at", months)).join(
        totals.with_columns(pl.Series("total", summed[:, 0])), on=[*keys, "at"], how="left", maintain_order="left"
    )
    total = of_row.get_column("total").to_numpy()
    # n may be zero in a table of one's own: nothing is no share of nothing
    share: npt.NDArray[np.float64] = np.divide(faded, total, out=np.full(faded.shape, np.nan), where=total > 0)
    return share


def _checked(counts: pl.DataFrame) -> pl.DataFrame:
    for name in _NEEDED:
        if name not in counts.columns:
            raise InputError(
                f"The table has no column {name!r}; it has {', '.join(counts.columns[:40])}.",
                remedy="Give a table that `measure dyad-months` made, or one with its columns.",
            )
    wrong = counts.filter(
        pl.any_horizontal(pl.col(name).is_null() for name in _NEEDED)
        | ~pl.col("month").is_between(1, 12)
        | pl.any_horizontal(pl.col(name) < 0 for name in ("n", "cooperation", "conflict"))
    )
    if wrong.height:
        raise InputError(
            f"The row {wrong.select(_NEEDED).row(0)} has a missing value, a month that is none, or a count below zero.",
            remedy="Correct the row, or leave it out.",
        )
    if counts.select("source", "target", "year", "month").is_duplicated().any():
        raise InputError("A dyad-month stands twice in the table.", remedy="Add its rows up first.")
    return _with_optional(counts).sort("source", "target", "year", "month")


def _with_optional(counts: pl.DataFrame) -> pl.DataFrame:
    """Add what a table may lack: Goldstein sums, how many events they rest on, the guard of the month."""
    frame = counts
    if "goldstein_sum" not in frame.columns or "goldstein_mean" not in frame.columns:
        frame = frame.with_columns(pl.lit(0.0).alias("goldstein_sum"), pl.lit(None, pl.Float64).alias("goldstein_mean"))
    if "coverage_change" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.Boolean).alias("coverage_change"))
    # Every event of a month has a value or none does, unless codes are mixed; then the mean says how many have.
    mean, total = pl.col("goldstein_mean"), pl.col("goldstein_sum")
    valued = pl.when(mean.is_null()).then(0.0).when(mean == 0).then(pl.col("n")).otherwise((total / mean).round())
    return frame.with_columns(valued.cast(pl.Float64).alias("valued"))


def _starts(frame: pl.DataFrame, keys: list[str]) -> npt.NDArray[np.bool_]:
    """Return where a new group begins in an ordered frame."""
    starts = np.zeros(frame.height, np.bool_)
    starts[:1] = True
    if keys:
        new = frame.select(pl.any_horizontal(pl.col(key).ne_missing(pl.col(key).shift(1)) for key in keys).alias("new"))
        starts |= new.get_column("new").to_numpy()
    return starts


def _months(frame: pl.DataFrame) -> npt.NDArray[np.int64]:
    year = frame.get_column("year").cast(pl.Int64).to_numpy()
    month = frame.get_column("month").cast(pl.Int64).to_numpy()
    return month_number(year, month)
