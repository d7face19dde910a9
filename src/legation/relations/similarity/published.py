"""Published tables in the shape that similarity reads: ATOP's valued ties and the members of a state system."""

from __future__ import annotations

from typing import Final

import polars as pl

from legation.errors import InputError

__all__ = ["members_by_year", "un_votes", "valued_ties"]

_OBLIGATIONS: Final = ("atop_defense", "atop_offense", "atop_neutral", "atop_consul", "atop_nonagg")


def valued_ties(atop_ddy: pl.DataFrame) -> pl.DataFrame:
    """Turn ATOP's directed dyad-years into one value per tie.

    The value is 3 for defence or offence, else 2 for neutrality or consultation, else 1 for non-aggression, else 0.
    ATOP's obligations are directed: what the first state owes the second.

    Parameters
    ----------
    atop_ddy
        `ccode1`, `ccode2`, `year` and the five obligations as 0 or 1.

    Returns
    -------
    DataFrame
        `a`, `b`, `year`, `value`; rows of value 0 are left out.
    """
    lacking = [name for name in ("ccode1", "ccode2", "year", *_OBLIGATIONS) if name not in atop_ddy.columns]
    if lacking:
        raise InputError(f"The table has no column {lacking[0]!r}.", remedy="Give ATOP's directed dyad-year table.")
    holds = {name: pl.col(name) == 1 for name in _OBLIGATIONS}
    value = (
        pl.when(holds["atop_defense"] | holds["atop_offense"])
        .then(3)
        .when(holds["atop_neutral"] | holds["atop_consul"])
        .then(2)
        .when(holds["atop_nonagg"])
        .then(1)
        .otherwise(0)
    )
    named = atop_ddy.select(pl.col("ccode1").alias("a"), pl.col("ccode2").alias("b"), "year", value.alias("value"))
    return named.filter(pl.col("value") > 0)


def members_by_year(system: pl.DataFrame, *, first: int, last: int) -> pl.DataFrame:
    """List who belongs to a state system in which year, if only for a day.

    Parameters
    ----------
    system
        `ccode` or `gwcode` with `start` and `end`, dates or text YYYY-MM-DD.
    first, last
        The years to list. A spell without an end is still going on. So is one that ends on the last day the table
        knows, if half of the spells do: that is when the publisher closed the list, not when the states ended.

    Returns
    -------
    DataFrame
        `actor`, `year`.
    """
    code = next((name for name in ("ccode", "gwcode", "actor") if name in system.columns), None)
    if code is None or not {"start", "end"} <= set(system.columns):
        raise InputError(
            f"The table has {', '.join(system.columns)}; a system needs a code, start and end.",
            remedy="Give ccode or gwcode with start and end.",
        )
    dates = [
        pl.col(name).str.to_date("%Y-%m-%d") if system[name].dtype == pl.String else pl.col(name)
        for name in ("start", "end")
    ]
    spells = system.select(pl.col(code).alias("actor"), *dates)
    closed = spells["end"].max()
    going_on = pl.col("end").is_null()
    if closed is not None and spells.filter(pl.col("end") == closed).height * 2 >= len(spells):
        going_on |= pl.col("end") == closed
    ends = pl.when(going_on).then(last).otherwise(pl.col("end").dt.year())
    return (
        spells.select(
            "actor",
            pl.int_ranges(
                pl.max_horizontal(pl.col("start").dt.year(), pl.lit(first)),
                pl.min_horizontal(ends, pl.lit(last)) + 1,
                dtype=pl.Int64,
            ).alias("year"),
        )
        .explode("year", empty_as_null=True)
        .drop_nulls()
        .unique()
        .sort("year", "actor")
    )


def un_votes(table: pl.DataFrame) -> pl.DataFrame:
    """Rename Voeten's columns; the year is the session's, since the release's own year is wrong for session 78."""
    return table.select(
        pl.col("year_session").alias("year"),
        pl.col("resid").alias("resolution"),
        pl.col("ccode").alias("actor"),
        "vote",
    )
