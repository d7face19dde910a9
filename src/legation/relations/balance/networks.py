"""Signed networks of states by year, from alliances, disputes and rivalries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from legation.errors import InputError

__all__ = ["SignRule", "SignedNetwork", "signed_network"]

Obligation = Literal["defense", "offense", "neutral", "nonagg", "consul"]


@dataclass(frozen=True, kw_only=True)
class SignRule:
    """What makes a tie friendly, what hostile, and which prevails.

    Attributes
    ----------
    obligations
        ATOP obligations that make a tie friendly, one of them owed either way is enough. A bare non-aggression pact is
        left out: it promises no support, and rivals sign it.
    least_hostility
        Hostility level that a dispute must reach on one of the two sides to make a tie hostile: 1 no action, 2 threat,
        3 display, 4 use of force, 5 war.
    both
        A pair with a friendly and a hostile tie: hostile, since what was done outranks what was promised; or friendly;
        or no tie at all.
    """

    obligations: tuple[Obligation, ...] = ("defense", "offense", "neutral", "consul")
    least_hostility: int = 2
    both: Literal["hostile", "friendly", "none"] = "hostile"


@dataclass(frozen=True, kw_only=True)
class SignedNetwork:
    """Signed ties of states by year.

    Attributes
    ----------
    frame
        `year`, `a`, `b`, `sign` (+1 or -1), a < b; `friendly`, `dispute`, `rivalry` say what it rests on.
    notes
        The rule in words, how many pairs were both, and which years a source does not cover.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...]


def signed_network(
    atop_ddy: pl.DataFrame,
    *,
    first: int,
    last: int,
    disputes: pl.DataFrame | None = None,
    rivalries: pl.DataFrame | None = None,
    rule: SignRule | None = None,
) -> SignedNetwork:
    """Build a signed network of states for each year.

    Parameters
    ----------
    atop_ddy
        ATOP's directed dyad-years: `ccode1`, `ccode2`, `year`, `atop_defense` and so on.
    first, last
        The years.
    disputes
        Dispute dyad-years of COW or GML: `ccode1`, `ccode2`, `year`, `sidea1`, `sidea2`, `hostlev1`, `hostlev2`; pairs
        on the same side of a dispute are no opponents.
    rivalries
        Strategic rivalries: `ccode1`, `ccode2` with `start` and `end`, or `styear` and `endyear`; without an end
        it is still going on.
    rule
        What makes a tie friendly or hostile; `SignRule()` when left out.

    Raises
    ------
    InputError
        When no hostile source is given, a column is missing, or no tie falls into the years.
    """
    rule = rule or SignRule()
    if disputes is None and rivalries is None:
        raise InputError("No source of hostile ties is given.", remedy="Give disputes, rivalries or both.")
    notes = [_rule_in_words(rule)]
    friendly = _friendly(atop_ddy, rule)
    notes.extend(_outside(friendly["year"], "Alliances", first, last))
    hostile = []
    if disputes is not None:
        hostile.append(_disputed(disputes, rule).with_columns(kind=pl.lit("dispute")))
        notes.extend(_outside(disputes["year"], "Disputes", first, last))
    if rivalries is not None:
        hostile.append(_rival(rivalries, first, last).with_columns(kind=pl.lit("rivalry")))
        notes.extend(_outside(hostile[-1]["year"], "Rivalries", first, last))
    ties = (
        pl.concat([friendly.with_columns(kind=pl.lit("friendly")), *hostile], how="vertical_relaxed")
        .filter(pl.col("year").is_between(first, last))
        .group_by("year", "a", "b")
        .agg((pl.col("kind") == kind).any().alias(kind) for kind in ("friendly", "dispute", "rivalry"))
    )
    mixed = pl.col("friendly") & (pl.col("dispute") | pl.col("rivalry"))
    notes.append(
        f"{ties.filter(mixed).height:,} pairs by year are friendly and hostile at once: {rule.both} by the rule."
    )
    if rule.both == "none":
        ties = ties.filter(~mixed)
    sign = pl.col("friendly") if rule.both == "friendly" else ~(pl.col("dispute") | pl.col("rivalry"))
    if ties.is_empty():
        raise InputError(f"No tie falls into {first}-{last}.", remedy="Name years that the tables cover.")
    signed = ties.with_columns(pl.when(sign).then(1).otherwise(-1).cast(pl.Int8).alias("sign"))
    frame = signed.select("year", "a", "b", "sign", "friendly", "dispute", "rivalry").sort("year", "a", "b")
    return SignedNetwork(frame=frame, notes=tuple(notes))


def _rule_in_words(rule: SignRule) -> str:
    return (
        f"Friendly: an alliance with an obligation of {', '.join(rule.obligations)}. Hostile: a dispute of hostility "
        f"level {rule.least_hostility} or more between opposite sides, or a strategic rivalry."
    )


def _need(table: pl.DataFrame, columns: tuple[str, ...], name: str) -> None:
    lacking = [column for column in columns if column not in table.columns]
    if lacking:
        raise InputError(f"The table of {name} has no column {lacking[0]!r}.", remedy=f"It needs {', '.join(columns)}.")


def _pair() -> tuple[pl.Expr, pl.Expr]:
    return (
        pl.min_horizontal("ccode1", "ccode2").cast(pl.Int64).alias("a"),
        pl.max_horizontal("ccode1", "ccode2").cast(pl.Int64).alias("b"),
    )


def _friendly(atop_ddy: pl.DataFrame, rule: SignRule) -> pl.DataFrame:
    names = [f"atop_{obligation}" for obligation in rule.obligations]
    _need(atop_ddy, ("ccode1", "ccode2", "year", *names), "alliances")
    owed = atop_ddy.filter(pl.any_horizontal([pl.col(name) == 1 for name in names]))
    return owed.select(pl.col("year").cast(pl.Int64), *_pair()).unique()


def _disputed(disputes: pl.DataFrame, rule: SignRule) -> pl.DataFrame:
    _need(disputes, ("ccode1", "ccode2", "year", "sidea1", "sidea2", "hostlev1", "hostlev2"), "disputes")
    against = disputes.filter(
        (pl.col("sidea1") != pl.col("sidea2"))
        & (pl.max_horizontal("hostlev1", "hostlev2") >= rule.least_hostility)
        & (pl.col("ccode1") != pl.col("ccode2"))
    )
    return against.select(pl.col("year").cast(pl.Int64), *_pair()).unique()


def _rival(rivalries: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    begin, end = ("start", "end") if "start" in rivalries.columns else ("styear", "endyear")
    _need(rivalries, ("ccode1", "ccode2", begin, end), "rivalries")
    since = pl.max_horizontal(pl.col(begin), pl.lit(first)).cast(pl.Int64)
    until = pl.min_horizontal(pl.col(end).fill_null(last), pl.lit(last)).cast(pl.Int64)
    spells = rivalries.with_columns(since.alias("since"), until.alias("until")).filter(
        pl.col("since") <= pl.col("until")
    )
    years = spells.select(pl.int_ranges(pl.col("since"), pl.col("until") + 1).alias("year"), *_pair())
    return years.explode("year").unique().select("year", "a", "b")


def _outside(years: pl.Series, name: str, first: int, last: int) -> list[str]:
    low, high = int(years.min()), int(years.max())  # type: ignore[arg-type]
    if low <= first and high >= last:
        return []
    return [f"{name} cover {low}-{high}: in other years of {first}-{last} the network rests on the other sources."]
