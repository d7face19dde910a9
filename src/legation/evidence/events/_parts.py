"""Steps that the formats share: days, codes, numbers, actors; what fails one of them goes to the quarantine."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.evidence.events.actor_codes import ActorScheme, actors_of
from legation.evidence.events.codes import code_table
from legation.evidence.events.formats import EVENT_COLUMNS
from legation.evidence.events.quarantine import Action, Quarantine

__all__ = [
    "as_events",
    "hundredths",
    "keep",
    "map_actor",
    "own_story",
    "refuse_days",
    "refuse_unknown_codes",
    "with_code_facts",
]

# The first day of event data is 1 January 1979 in GDELT; own tables may begin earlier, but not before the state system.
FIRST_DAY = date(1816, 1, 1)

_STORY_STRIDE = 1 << 40


def keep(
    frame: pl.DataFrame,
    condition: pl.Expr,
    reason: str,
    *,
    quarantine: Quarantine,
    value: str,
    action: Action = "left out",
) -> pl.DataFrame:
    """Return the rows that meet a condition; the others are counted under a reason."""
    met = frame.select(condition.fill_null(value=False).alias("met")).get_column("met")
    if met.all():
        return frame
    quarantine.add_frame(frame.filter(~met), reason, value=value, action=action)
    return frame.filter(met)


def refuse_days(frame: pl.DataFrame, *, raw: str, last: date, quarantine: Quarantine) -> pl.DataFrame:
    """Leave out events whose day is none, in the future, or before there were any data."""
    frame = keep(frame, pl.col("day").is_not_null(), "the date is no date", quarantine=quarantine, value=raw)
    frame = keep(
        frame, pl.col("day") <= last, f"the date is in the future (after {last})", quarantine=quarantine, value=raw
    )
    return keep(frame, pl.col("day") >= FIRST_DAY, f"the date is before {FIRST_DAY}", quarantine=quarantine, value=raw)


def refuse_unknown_codes(frame: pl.DataFrame, column: str, *, quarantine: Quarantine) -> pl.DataFrame:
    """Leave out events with a code that CAMEO does not have."""
    known = code_table().get_column("code").implode()
    found = frame.get_column(column).unique()
    if found.is_in(known).all(ignore_nulls=False):
        return frame
    return keep(frame, pl.col(column).is_in(known), "not a CAMEO code", quarantine=quarantine, value=column)


def with_code_facts(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Add quad_of_root, plover and both Goldstein values of a CAMEO code; the code must be known."""
    codes = code_table()
    key = codes.get_column("code")
    return frame.with_columns(
        _mapped(column, key, codes.get_column("quad")).alias("quad_of_root"),
        _mapped(column, key, codes.get_column("plover")).alias("plover"),
        _mapped(column, key, _rounded(codes.get_column("goldstein"))).alias("goldstein_cameo"),
        _mapped(column, key, _rounded(codes.get_column("goldstein_gdelt"))).alias("goldstein_gdelt"),
    )


def hundredths(column: str) -> pl.Expr:
    """Return a value as a whole number of hundredths, missing when it is no number from -10 to 10."""
    value = pl.col(column).cast(pl.Float64, strict=False)
    within = value.is_between(-10, 10)
    return pl.when(within).then((value * 100).round()).cast(pl.Int16)


def map_actor(
    frame: pl.DataFrame, column: str, *, name: str, scheme: ActorScheme, quarantine: Quarantine
) -> pl.DataFrame:
    """Add a column of actors; codes that give none are counted, and their events read without that actor."""
    series, refused = actors_of(frame, column, scheme=scheme)
    if refused.height:
        lost = frame.select(pl.col(column).alias("code"), series.alias("actor"), "line").filter(
            pl.col("actor").is_null() & pl.col("code").is_not_null()
        )
        for (reason,), group in lost.join(refused, on="code").group_by("reason", maintain_order=True):
            quarantine.add_frame(group, f"{name}: {reason}", value="code", action="read without actor")
    return frame.with_columns(series.alias(name))


def own_story(first: int) -> pl.Expr:
    """Return a number below zero for each row that no other row of the reading has; `first` numbers the file."""
    return -(pl.lit(first * _STORY_STRIDE, dtype=pl.Int64) + pl.col("line")) - 1


def as_events(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of events in their order and types."""
    return frame.select(pl.col(name).cast(dtype) for name, (dtype, _) in EVENT_COLUMNS.items())


def _mapped(column: str, key: pl.Series, value: pl.Series) -> pl.Expr:
    return pl.col(column).replace_strict(key, value, return_dtype=value.dtype)


def _rounded(series: pl.Series) -> pl.Series:
    return (series * 100).round().cast(pl.Int16)
