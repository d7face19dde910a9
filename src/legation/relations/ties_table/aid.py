"""Aid: to Ukraine by donor and month (Kiel), and economic aid of the United States (signals).

Humanitarian aid follows need: it is shown, its strength is 0, and no measure of sides reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start

__all__ = ["economic_aid", "kiel_aid"]

_KINDS: Final = {"Humanitarian": "aid_humanitarian", "Military": "aid_military", "Financial": "aid_other"}
_UKRAINE: Final = "UKR"


def kiel_aid(reader: Reader) -> Iterator[Built]:
    """Yield what each donor announced for Ukraine in each month, by kind; rows without a value or a day are counted."""
    origin, rows = reader.origin("kiel"), reader.tables("kiel")
    rows = reader.named(rows, "actor", value="donor", table="kiel")
    value = pl.col("tot_sub_activity_value_EUR")
    for missing, reason in (
        ("announcement_date", "no day of announcement"),
        ("tot_sub_activity_value_EUR", "no value"),
    ):
        reader.leave_out(rows.filter(pl.col(missing).is_null()), "donor", table="kiel", reason=reason)
    valued = rows.filter(pl.col("announcement_date").is_not_null(), value.is_not_null(), value > 0)
    monthly = valued.group_by(
        "actor",
        pl.col("aid_type_general").str.strip_chars().alias("sort"),
        pl.col("announcement_date").cast(pl.Date).dt.month_start().alias("start"),
    ).agg((value.sum() / 1e6).alias("amount"))
    for sort, kind in _KINDS.items():
        strength = pl.lit(0.0) if kind == "aid_humanitarian" else ((1 + pl.col("amount")).log(10) / 4).clip(0, 1)
        frame = monthly.filter(pl.col("sort") == sort).select(
            "start",
            "amount",
            actor_a="actor",
            actor_b=pl.lit(_UKRAINE),
            end=pl.col("start").dt.month_end(),
            precision=pl.lit("month"),
            label=pl.lit("announced for Ukraine in the month"),
            strength=strength,
        )
        yield Built(frame=finished(frame, kind=kind, origin=origin, directed=True), origin=origin)


def economic_aid(reader: Reader) -> Iterator[Built]:
    """Yield the economic aid of the United States to each receiver and year."""
    origin, rows = reader.origin("signals"), reader.tables("signals")
    given = rows.filter(pl.col("us_econaid") > 0).select(
        "year", actor_a=pl.lit("2"), actor_b=pl.col("ccode"), amount=pl.col("us_econaid") / 1e6
    )
    named = reader.actors(given, ("actor_a", "actor_b"), table="signals")
    frame = named.with_columns(
        start=year_start(pl.col("year")),
        end=year_end(pl.col("year")),
        precision=pl.lit("year"),
        label=pl.lit("economic aid, million USD"),
        strength=((1 + pl.col("amount")).log(10) / 4).clip(0, 1),
    )
    yield Built(frame=finished(frame, kind="aid_other", origin=origin, directed=True), origin=origin)
