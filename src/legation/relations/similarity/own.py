"""A user's own ties, votes, members and weights, read from files with documented columns."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from legation.errors import InputError
from legation.evidence.own import OwnColumn, read_own_table
from legation.relations.similarity.published import members_by_year

__all__ = [
    "codes_as_numbers",
    "members_columns",
    "read_atop",
    "read_members",
    "read_ties",
    "read_votes",
    "read_weights",
    "tie_columns",
    "vote_columns",
    "weight_columns",
    "with_same_codes",
]

_ACTOR: Final = ("ccode", "gwcode", "state", "country", "Country", "iso3")

_WORDS: Final = {"yes": 1, "abstain": 2, "abstention": 2, "no": 3, "absent": 8}

tie_columns: Final = (
    OwnColumn(
        name="a", type=pl.String, meaning="code of the first actor", aliases=("from", "ccode1", "gwcode1", "actor1")
    ),
    OwnColumn(
        name="b", type=pl.String, meaning="code of the second actor", aliases=("to", "ccode2", "gwcode2", "actor2")
    ),
    OwnColumn(name="year", type=pl.Int64, meaning="the year as a whole number", low=-5000, high=9999),
    OwnColumn(name="value", type=pl.Float64, meaning="the tie's level", aliases=("tie", "level", "strength")),
)
vote_columns: Final = (
    OwnColumn(
        name="year",
        type=pl.Int64,
        meaning="the year or session as a whole number",
        aliases=("year_session", "session"),
        low=-5000,
        high=9999,
    ),
    OwnColumn(
        name="resolution", type=pl.String, meaning="code of the resolution", aliases=("resid", "rcid", "rollcall")
    ),
    OwnColumn(name="actor", type=pl.String, meaning="code of the voter", aliases=_ACTOR),
    OwnColumn(name="vote", type=pl.String, meaning="the vote: 1 yes, 2 abstain, 3 no; 8 absent, 9 no member; or words"),
)
members_columns: Final = (
    OwnColumn(name="actor", type=pl.String, meaning="code of the member", aliases=_ACTOR),
    OwnColumn(name="year", type=pl.Int64, meaning="a year of its membership", low=-5000, high=9999),
)
weight_columns: Final = (
    *members_columns,
    OwnColumn(
        name="weight",
        type=pl.Float64,
        meaning="its weight, at least 0",
        aliases=("cinc", "share"),
        nullable=True,
        low=0,
    ),
)
_RESOLUTION_WEIGHT: Final = (
    vote_columns[0],
    vote_columns[1],
    OwnColumn(name="weight", type=pl.Float64, meaning="the resolution's weight, at least 0", low=0),
)


def read_ties(path: Path) -> pl.DataFrame:
    """Read valued ties: `a`, `b`, `year`, `value`."""
    return codes_as_numbers(read_own_table(path, tie_columns), ("a", "b"))


def read_atop(path: Path) -> pl.DataFrame:
    """Read ATOP's directed dyad-years, as published, to be valued."""
    flags = [
        OwnColumn(name=f"atop_{name}", type=pl.Int64, meaning="1 if the first owes it to the second", allowed=(0, 1))
        for name in ("defense", "offense", "neutral", "nonagg", "consul")
    ]
    keys = [OwnColumn(name=name, type=pl.Int64, meaning="a state's COW code") for name in ("ccode1", "ccode2")]
    return read_own_table(path, (*keys, tie_columns[2], *flags))


def read_votes(path: Path, *, period: str | None = None) -> pl.DataFrame:
    """Read votes: `year`, `resolution`, `actor`, `vote`; `period` names another column to compare within."""
    columns = vote_columns
    if period is not None:
        named = OwnColumn(name=period, type=pl.Int64, meaning="the period as a whole number", low=-5000, high=9999)
        columns = (named, *vote_columns[1:])
    table = read_own_table(path, columns)
    if period is not None:
        table = table.rename({period: "year"})
    table = table.with_columns(_vote_numbers(table["vote"], path))
    return codes_as_numbers(codes_as_numbers(table, ("actor",)), ("resolution",))


def _vote_numbers(votes: pl.Series, path: Path) -> pl.Series:
    """Give votes as numbers; words are read in any case.

    Raises
    ------
    InputError
        When a vote is neither a number nor a known word.
    """
    plain = votes.str.strip_chars().str.to_lowercase()
    numbers = plain.replace(list(_WORDS), [str(code) for code in _WORDS.values()]).cast(pl.Float64, strict=False)
    if numbers.null_count():
        row = int(numbers.is_null().arg_true()[0])
        raise InputError(
            f"{path}: column 'vote', row {row + 1} holds {votes[row]!r}, which is no vote.",
            remedy=f"It should hold a number (1 yes, 2 abstain, 3 no) or one of {', '.join(_WORDS)}.",
        )
    return numbers.alias("vote")


def read_members(path: Path, *, first: int, last: int) -> pl.DataFrame:
    """Read members: `actor`, `year`; or spells, an actor's code with `start` and `end` as dates."""
    dates = [
        OwnColumn(name="start", type=pl.Date, meaning="the first day of a spell of membership", required=False),
        OwnColumn(
            name="end",
            type=pl.Date,
            meaning="the last day of a spell, empty if it goes on",
            required=False,
            nullable=True,
        ),
    ]
    held = read_own_table(
        path, (members_columns[0], OwnColumn(name="year", type=pl.Int64, meaning="a year", required=False), *dates)
    )
    if "year" in held.columns:
        return codes_as_numbers(held.select("actor", "year"), ("actor",))
    if {"start", "end"} <= set(held.columns):
        return codes_as_numbers(members_by_year(held, first=first, last=last), ("actor",))
    raise InputError(
        f"{path} has neither a column 'year' nor 'start' and 'end'.", remedy="Say who was a member in which year."
    )


def read_weights(path: Path, *, of_resolutions: bool = False) -> pl.DataFrame:
    """Read weights: `actor`, `year`, `weight`; or of resolutions: `resolution`, `year`, `weight`."""
    if of_resolutions:
        return codes_as_numbers(read_own_table(path, _RESOLUTION_WEIGHT), ("resolution",))
    return codes_as_numbers(read_own_table(path, weight_columns), ("actor",))


def codes_as_numbers(table: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Turn codes into numbers where every one of the columns holds whole numbers alone, so that 70 is below 200.

    A code with a leading zero is a text: as a number it would not come back as it was.
    """
    plain = all(bool(table[name].str.contains(r"^(0|-?[1-9][0-9]{0,17})$").all()) for name in columns)
    return table.with_columns(pl.col(name).cast(pl.Int64) for name in columns) if plain else table


def with_same_codes(
    ties: pl.DataFrame, members: pl.DataFrame | None, weights: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame | None, pl.DataFrame | None]:
    """Turn codes back into texts in every table if they are texts in one: then no table holds numbers alone."""
    whole = all(
        table is None or table[column].dtype.is_integer()
        for table, column in ((ties, "a"), (members, "actor"), (weights, "actor"))
    )
    if whole:
        return ties, members, weights
    text = pl.col("actor").cast(pl.String)
    return (
        ties.with_columns(pl.col("a", "b").cast(pl.String)),
        None if members is None else members.with_columns(text),
        None if weights is None else weights.with_columns(text),
    )
