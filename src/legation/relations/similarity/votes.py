"""Similarity of votes: all pairs of voters of a year or session, over the resolutions on which both voted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from legation.errors import InputError
from legation.relations.similarity.coded import Cut
from legation.relations.similarity.measures import checked_levels, similarities
from legation.relations.similarity.result import Similarity, YearOfPairs, long_table
from legation.relations.similarity.tables import ONE_THREAD, Pairs, paired_cells, weighted_values
from legation.relations.similarity.ties import WEIGHTED, wanted_measures

__all__ = ["ABSENT", "VOTE_LEVELS", "vote_similarity"]

VOTE_LEVELS: Final = (1.0, 2.0, 3.0)
"""Yes, abstain, no."""

ABSENT: Final = (8, 9)
"""Voeten's codes for absence and for not being a member: no vote."""

_COLUMNS: Final = ("year", "resolution", "actor", "vote")


def vote_similarity(
    votes: pl.DataFrame,
    *,
    weights: pl.DataFrame | None = None,
    levels: Sequence[float] = VOTE_LEVELS,
    measures: Sequence[str] | None = None,
) -> Similarity:
    """Compare the votes of all pairs of voters, year by year.

    Parameters
    ----------
    votes
        Columns `year` (or the year of the session), `resolution`, `actor`, `vote`; 8 (absent) and 9 (no member) count
        as no vote. A row that is there twice counts once.
    weights
        Columns `resolution`, `year`, `weight`: how much a resolution counts in the weighted measures.
    levels
        The values of a vote in their order.
    measures
        Which of `MEASURES`; the default ones when left out, without the weighted ones if there are no weights.

    Raises
    ------
    InputError
        When a column is missing, a vote is none of the levels, or an actor has two different votes on one resolution.
    """
    grid = checked_levels(levels)
    names = wanted_measures(measures, weighted=weights is not None)
    notes: list[str] = []
    votes = _checked(votes, grid, notes)
    actors = votes["actor"].unique().sort()
    places = pl.DataFrame({"actor": actors, "place": np.arange(len(actors))})
    votes = votes.join(places, on="actor", how="left").with_columns(
        (pl.col("resolution").rank("dense") - 1).alias("number"), pl.col("vote").cast(pl.Float64)
    )
    heavy = None if weights is None else _checked_weights(weights, votes)
    cut = Cut(votes.sort("year", "number"), ("number", "place", "vote"))
    years = []
    with threadpool_limits(**ONE_THREAD):
        for year in cut.years:
            number, place, vote = (cut.part(year, name) for name in ("number", "place", "vote"))
            if (place != place[0]).any():
                years.append(_year(year, number, place, vote, grid=grid, names=names, heavy=heavy))
    if not years:
        raise InputError("No year has two voters.", remedy="Give the votes of at least two actors.")
    frame = long_table(
        years,
        actors=actors,
        measures=names,
        reason="0/0, all common votes are one level",
        nothing="no common vote",
    )
    return Similarity(frame=frame, measures=names, levels=tuple(grid.tolist()), notes=tuple(notes))


def _checked(votes: pl.DataFrame, grid: NDArray[np.float64], notes: list[str]) -> pl.DataFrame:
    lacking = [name for name in _COLUMNS if name not in votes.columns]
    if lacking:
        raise InputError(
            f"The table of votes has no column {lacking[0]!r}; it has {', '.join(votes.columns)}.",
            remedy=f"It needs {', '.join(_COLUMNS)}.",
        )
    votes = votes.select(_COLUMNS)
    if any(votes[name].null_count() for name in _COLUMNS):
        raise InputError("The table of votes has a missing value.", remedy="Leave out the rows without a vote.")
    if not votes["year"].dtype.is_integer():
        raise InputError(
            f"Column 'year' of the table of votes holds {votes['year'].dtype}.", remedy="Give whole numbers."
        )
    if not votes["vote"].dtype.is_numeric():
        raise InputError(f"Column 'vote' holds {votes['vote'].dtype}.", remedy="Give 1 yes, 2 abstain, 3 no.")
    absent = [code for code in ABSENT if code not in grid]
    cast = votes.filter(pl.col("vote").cast(pl.Float64).is_in([float(code) for code in absent]).not_())
    if cast.is_empty():
        raise InputError("The table of votes holds no vote.", remedy="Give at least one row with a vote.")
    if len(cast) < len(votes):
        notes.append(f"{len(votes) - len(cast):,} rows of absent states and non-members are no votes.")
    strange = cast.filter(pl.col("vote").cast(pl.Float64).is_in(grid.tolist()).not_())
    if len(strange):
        first = strange.row(0, named=True)
        raise InputError(
            f"{first['actor']} has vote {first['vote']} on resolution {first['resolution']}; the levels are "
            f"{', '.join(f'{x:g}' for x in grid)} ({len(strange):,} such rows).",
            remedy="Name every value that occurs as a level, or leave the rows out.",
        )
    once = cast.unique()
    if len(once) < len(cast):
        notes.append(f"{len(cast) - len(once):,} rows are there twice and count once.")
    twice = once.filter(pl.struct("year", "resolution", "actor").is_duplicated())
    if len(twice):
        first = twice.sort("year", "resolution", "actor").row(0, named=True)
        raise InputError(
            f"{first['actor']} has two different votes on resolution {first['resolution']} in {first['year']} "
            f"({len(twice):,} rows contradict others).",
            remedy="Keep one vote per actor and resolution.",
        )
    return once


def _checked_weights(weights: pl.DataFrame, votes: pl.DataFrame) -> Cut:
    lacking = [name for name in ("resolution", "year", "weight") if name not in weights.columns]
    if lacking:
        raise InputError(
            f"The table of weights has no column {lacking[0]!r}.",
            remedy="For votes it needs resolution, year, weight.",
        )
    kept = weights.select("resolution", "year", pl.col("weight").cast(pl.Float64)).drop_nulls().unique()
    if bool(((kept["weight"] < 0) | kept["weight"].is_finite().not_()).any()):
        raise InputError("A weight is below 0 or not finite.", remedy="Give numbers of at least 0.")
    if bool(kept.select(pl.struct("resolution", "year").is_duplicated().any()).item()):
        raise InputError("A resolution has two weights in one year.", remedy="Give one.")
    kept = kept.with_columns(pl.col("resolution").cast(votes["resolution"].dtype))
    numbered = votes.select("resolution", "year", "number").unique().join(kept, on=["resolution", "year"], how="inner")
    if numbered.is_empty():
        raise InputError("No resolution voted on has a weight.", remedy="Check the codes of resolutions and years.")
    return Cut(numbered.sort("year"), ("number", "weight"))


def _year(
    year: int,
    number: NDArray[Any],
    place: NDArray[Any],
    vote: NDArray[Any],
    *,
    grid: NDArray[np.float64],
    names: Sequence[str],
    heavy: Cut | None,
) -> YearOfPairs:
    here, voter = np.unique(place, return_inverse=True)
    resolutions, column = np.unique(number, return_inverse=True)
    level: NDArray[np.int8] = np.full((len(here), len(resolutions)), -1, np.int8)
    level[voter, column] = np.searchsorted(grid, vote)
    pairs = Pairs(len(here))
    cells = paired_cells(level, pairs, levels=len(grid))
    values = similarities(cells, levels=grid.tolist(), measures=[name for name in names if name not in WEIGHTED])
    if heavy is not None and set(names) & set(WEIGHTED):
        weight = np.full(len(resolutions), np.nan)
        weight[np.searchsorted(resolutions, heavy.part(year, "number"))] = heavy.part(year, "weight")
        shown = np.where(level >= 0, grid[level], np.nan)
        values |= weighted_values(shown, weight, pairs, grid)
    counts = {"n": _total(cells)}
    return YearOfPairs(year=year, a=here[pairs.a], b=here[pairs.b], counts=counts, values=values)


def _total(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = cells.sum(axis=(0, 1))
    return total
