"""Roll calls of the UN General Assembly: agreement of every pair of members in every session."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from legation.errors import SourceError
from legation.evidence.codes import state_of_that_time
from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import read_form
from legation.evidence.reading import SourceFiles

__all__ = ["load", "session_agreement"]

_TABLE = "un_votes_cast"
_YEAR_BEFORE_FIRST = 1945  # session 1 opened in January 1946, every later one a year after the one before
_YES, _ABSTAIN, _NO = 1, 2, 3
# Pairs with fewer roll calls in common say too little to count in a session's mean.
_FEWEST_IN_MEAN = 10


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the votes, and the agreement of every pair of members in every session."""
    cast = files.declared(_TABLE, readers=dict.fromkeys(("UNVotes*.csv", "UNVotes*.tab"), _read_published))
    # Absences are missing here; three votes of session 78 stand twice.
    cast = cast.drop("actor").drop_nulls("vote").unique().sort("resid", "ccode")
    _refuse_contradictions(cast)
    cast = _with_actors(files, cast)
    votes = cast.drop_nulls("actor").rename({"year": "year_session"})
    _refuse_two_seats(votes)
    parts = [
        session_agreement(part, year=year)
        for (year,), part in sorted(votes.partition_by("year_session", as_dict=True).items())
    ]
    pairs = pl.concat(parts)
    return {_TABLE: cast, "un_agreement": pairs, "un_members": _members(votes, pairs)}


def _read_published(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read the publisher's file, in which the year is the calendar year and not that of the session."""
    frame = read_form(path, form, description)
    opened = pl.col("session").cast(pl.Int32, strict=False) + _YEAR_BEFORE_FIRST
    return frame.drop("year", strict=False).with_columns(opened.alias("year"))


def _members(votes: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return how often each member voted in a session, and how much it agreed with all others on average."""
    cast = votes.group_by("actor", pl.col("year_session").alias("year")).agg(pl.len().cast(pl.Int16).alias("votes"))
    enough = pairs.filter(pl.col("n") >= _FEWEST_IN_MEAN)
    both = pl.concat(
        [enough.select(pl.col(side).alias("actor"), "year", "n", "same", "opposite") for side in ("a", "b")]
    )
    # Sums of whole numbers are the same in any order.
    means = (
        both.group_by("actor", "year")
        .agg(
            (pl.col("n") + pl.col("same") - pl.col("opposite")).cast(pl.Int64).sum().alias("twice"),
            pl.col("n").cast(pl.Int64).sum(),
        )
        .select("actor", "year", (pl.col("twice") / (2 * pl.col("n"))).alias("mean_agreement"))
    )
    return cast.join(means, on=["actor", "year"], how="left").select("actor", "year", "votes", "mean_agreement")


def _refuse_contradictions(votes: pl.DataFrame) -> None:
    twice = votes.filter(pl.struct("resid", "ccode").is_duplicated())
    if twice.height:
        raise SourceError(
            f"Table {_TABLE}: state {twice['ccode'][0]} votes in two ways on resolution {twice['resid'][0]}.",
            remedy="Look the vote up in the record of the meeting and correct the table.",
        )


def _with_actors(files: SourceFiles, votes: pl.DataFrame) -> pl.DataFrame:
    pairs = votes.select("ccode", "year").unique().sort("ccode", "year")
    actors = [state_of_that_time(files, "cow", str(code), days=_session_days(year)) for code, year in pairs.rows()]
    return votes.join(pairs.with_columns(pl.Series("actor", actors, dtype=pl.String)), on=["ccode", "year"])


def _refuse_two_seats(votes: pl.DataFrame) -> None:
    seats = votes.select("actor", "ccode", "year_session").unique()
    doubled = seats.filter(pl.struct("actor", "year_session").is_duplicated())
    if doubled.height:
        raise SourceError(f"Table {_TABLE}: {doubled['actor'][0]} holds two seats in {doubled['year_session'][0]}.")


def _session_days(year: int) -> tuple[date, ...]:
    """Days to read a code at: the main part of the session first, then its edges, for members that came or went."""
    return (date(year, 12, 1), date(year, 12, 31), date(year, 10, 15), date(year + 1, 6, 30), date(year, 6, 30))


def session_agreement(votes: pl.DataFrame, *, year: int) -> pl.DataFrame:
    """Return the agreement of every pair in one session.

    Parameters
    ----------
    votes
        Columns actor, resid and vote (1 yes, 2 abstain, 3 no); one row per vote cast.
    year
        The year the session opened.

    Returns
    -------
    pl.DataFrame
        Columns a, b, year, n, same and opposite for each pair with a roll call in common.
    """
    actors = votes.get_column("actor").unique().sort()
    calls = votes.get_column("resid").unique().sort()
    row = votes.get_column("actor").replace_strict(actors, pl.int_range(len(actors), eager=True), return_dtype=pl.Int64)
    column = votes.get_column("resid").replace_strict(
        calls, pl.int_range(len(calls), eager=True), return_dtype=pl.Int64
    )
    cast = np.zeros((len(actors), len(calls)))
    cast[row.to_numpy(), column.to_numpy()] = votes.get_column("vote").to_numpy()
    present = (cast > 0).astype(np.float64)
    yes, abstain, no = ((cast == vote).astype(np.float64) for vote in (_YES, _ABSTAIN, _NO))
    common = present @ present.T
    same = yes @ yes.T + abstain @ abstain.T + no @ no.T
    opposite = yes @ no.T + no @ yes.T
    first, second = np.triu_indices(len(actors), k=1)
    names = actors.to_numpy()
    frame = pl.DataFrame(
        {
            "a": pl.Series(names[first], dtype=pl.String),
            "b": pl.Series(names[second], dtype=pl.String),
            "year": pl.Series(np.full(len(first), year), dtype=pl.Int16),
            "n": pl.Series(common[first, second], dtype=pl.Float64).cast(pl.Int16),
            "same": pl.Series(same[first, second], dtype=pl.Float64).cast(pl.Int16),
            "opposite": pl.Series(opposite[first, second], dtype=pl.Float64).cast(pl.Int16),
        }
    )
    return frame.filter(pl.col("n") > 0)
