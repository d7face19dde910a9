"""The world's table of ideal points, from the votes of the General Assembly."""

from __future__ import annotations

import polars as pl

from legation.errors import InputError
from legation.relations.ideal_points.estimate import estimate_ideal_points
from legation.relations.ideal_points.votes import SEAT_CHANGED

__all__ = ["WORLD_COLUMNS", "bridges_by_resid", "ideal_point_table"]

WORLD_COLUMNS = {
    "actor": pl.String,
    "year": pl.Int16,
    "theta": pl.Float32,
    "se": pl.Float32,
    "low": pl.Float32,
    "high": pl.Float32,
    "n_votes": pl.Int16,
}
# Processors differ in the last digits; four decimals are a thousandth of the smallest standard error.
_DECIMALS = 4


def bridges_by_resid(matched: pl.DataFrame, *, crosswalk: pl.DataFrame) -> pl.DataFrame:
    """Return the published pairs on the same text by resid: columns resolution1, resolution2.

    Parameters
    ----------
    matched
        Columns rcid1, rcid2.
    crosswalk
        Columns rcid, resid; a pair it does not know is left out.
    """
    names = crosswalk.select(pl.col("rcid").cast(pl.Int64), pl.col("resid").cast(pl.Int64))
    pairs = matched.select(pl.col("rcid1", "rcid2").cast(pl.Int64))
    for number in ("1", "2"):
        named = names.rename({"rcid": f"rcid{number}", "resid": f"resolution{number}"})
        pairs = pairs.join(named, on=f"rcid{number}", how="inner", maintain_order="left")
    return pairs.select("resolution1", "resolution2")


def ideal_point_table(votes: pl.DataFrame, *, bridges: pl.DataFrame | None) -> pl.DataFrame:
    """Return the ideal point of every member in every session, the same to the byte on every run.

    Parameters
    ----------
    votes
        Columns resid, session, year (or year_session: when the session opened), ccode (the seat, which links the
        years), actor (who held it in that session; missing where nobody did) and vote (1 yes, 2 abstain, 3 no), as
        the source un_votes cleans them.
    bridges
        Columns resolution1, resolution2 with values of resid, or nothing: then the random walk alone links sessions.

    Returns
    -------
    pl.DataFrame
        Columns actor, year (the year the session opened), theta, se, low, high, n_votes; sorted by actor and year.

    Raises
    ------
    InputError
        When a seat has two holders in a session, or a holder two seats.
    """
    if "year" not in votes.columns and "year_session" in votes.columns:
        votes = votes.rename({"year_session": "year"})
    found = estimate_ideal_points(
        votes.select(
            actor=pl.col("ccode").cast(pl.String),
            session=pl.col("session").cast(pl.Int64),
            year=pl.col("year").cast(pl.Int64),
            resolution=pl.col("resid").cast(pl.String),
            vote=pl.col("vote").cast(pl.String),
        ),
        bridges=None if bridges is None else bridges.select(pl.all().cast(pl.String)),
    ).frame.with_columns(seat=pl.col("actor").cast(pl.String))
    holders = _holders(votes)
    return (
        found.drop("actor")
        .join(holders, on=["seat", "session"], how="inner")
        .with_columns(pl.col("theta", "se", "low", "high").round(_DECIMALS))
        .select(pl.col(name).cast(kind) for name, kind in WORLD_COLUMNS.items())
        .sort("actor", "year")
    )


def _holders(votes: pl.DataFrame) -> pl.DataFrame:
    """Return who holds each seat in each session; China's seat is 713 until 1971, as in the estimate."""
    china = (pl.col("ccode").cast(pl.String) == "710") & (pl.col("year") < SEAT_CHANGED)
    holders = (
        votes.filter(pl.col("actor").is_not_null())
        .select(
            "actor",
            session=pl.col("session").cast(pl.Int64),
            seat=pl.when(china).then(pl.lit("713")).otherwise(pl.col("ccode").cast(pl.String)),
        )
        .unique()
        .sort("session", "seat", "actor")
    )
    for columns, words in (
        (["seat", "session"], "Seat {} has two holders"),
        (["actor", "session"], "{} has two seats"),
    ):
        twice = holders.filter(pl.struct(columns).is_duplicated())
        if twice.height:
            raise InputError(
                f"{words.format(twice[columns[0]][0])} in session {twice['session'][0]}.",
                remedy="Correct the dated codes of the states, or the votes.",
            )
    return holders
