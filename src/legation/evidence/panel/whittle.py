"""One dispute per dyad and year: rules that choose among several, applied in the order that the user names."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from legation.errors import InputError

__all__ = ["DEFAULT_CHAIN", "RULES", "whittle"]

RULES = (
    "onset",
    "fatality",
    "hostility",
    "duration",
    "max_duration",
    "reciprocation",
    "start_month",
    "first_listed",
)
"""``onset`` keeps onsets where there are any; ``fatality``, ``hostility``, ``duration`` (minimum) and ``max_duration``
the highest of the dispute; ``reciprocation`` the reciprocated; ``start_month`` the earliest; ``first_listed`` the
lowest dispute number, which always leaves one."""

DEFAULT_CHAIN = ("onset", "fatality", "hostility", "duration", "max_duration", "reciprocation", "start_month")
"""The order that peace-science software documents as its default."""

# An unknown number of deaths (-9, or missing) ranks above none and below the lowest known class.
_UNKNOWN_DEATHS = 0.5


def whittle(disputes: pl.DataFrame, chain: Sequence[str], *, by: Sequence[str], onset: str) -> pl.DataFrame:
    """Return one dispute per unit and year.

    Parameters
    ----------
    disputes
        Dispute-years with the columns of `by`, `onset`, fatality, hostlev, mindur, maxdur, recip, stmon, dispnum.
    chain
        Rules of `RULES`, in the order in which they are applied.
    by
        The columns that name a unit and year.
    onset
        The column that is 1 in a dispute's first year.

    Raises
    ------
    InputError
        When a rule is unknown or named twice, or several disputes are left; the message shows them.
    """
    unknown = [rule for rule in chain if rule not in RULES]
    if unknown:
        raise InputError(f"{unknown[0]!r} is no rule to choose among disputes.", remedy=f"Use: {', '.join(RULES)}.")
    if len(set(chain)) != len(chain):
        raise InputError("A rule to choose among disputes is named twice.", remedy="Name each rule once.")
    several = pl.struct(by).is_duplicated()
    alone, contested = disputes.filter(~several), disputes.filter(several)
    for rule in chain:
        rank = _rank(rule, onset)
        contested = contested.filter(rank == rank.max().over(*by))
    left = contested.filter(pl.struct(by).is_duplicated())
    if left.height:
        shown = ", ".join(str(row) for row in left.select(*by, "dispnum").sort(*by, "dispnum").head(4).rows())
        raise InputError(
            f"The rules {', '.join(chain)} leave {left.height} dispute-years that share their unit and year: {shown}.",
            remedy="Add a rule; first_listed always leaves one.",
        )
    return pl.concat([alone, contested]).sort(*by)


def _rank(rule: str, onset: str) -> pl.Expr:
    """Return what a rule holds a dispute by: the highest stays."""
    if rule == "onset":
        return pl.col(onset).cast(pl.Int64)
    if rule == "fatality":
        deaths = pl.col("fatality").cast(pl.Float64)
        return pl.when(deaths.is_null() | (deaths < 0)).then(_UNKNOWN_DEATHS).otherwise(deaths)
    if rule in {"start_month", "first_listed"}:
        return -pl.col("stmon" if rule == "start_month" else "dispnum").cast(pl.Int64).fill_null(10**9)
    column = {
        "hostility": "hostlev",
        "duration": "mindur",
        "max_duration": "maxdur",
        "reciprocation": "recip",
    }[rule]
    return pl.col(column).cast(pl.Int64).fill_null(-(10**9))
