"""Similarity of actors' tie portfolios: alliances, or any valued tie among the members of a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from legation.errors import InputError
from legation.relations.similarity.coded import Coded, need, same_codes
from legation.relations.similarity.measures import DEFAULT, MEASURES, checked_levels, similarities
from legation.relations.similarity.result import Similarity, YearOfPairs, long_table
from legation.relations.similarity.tables import ONE_THREAD, Pairs, full_cells, weighted_values

__all__ = ["ALLIANCE_LEVELS", "WEIGHTED", "alliance_similarity", "wanted_measures"]

Floats = NDArray[np.float64]

ALLIANCE_LEVELS: Final = (0.0, 1.0, 2.0, 3.0)
"""None; non-aggression; neutrality or consultation; defence or offence."""

WEIGHTED: Final = ("s_abs_w", "s_sq_w")


def alliance_similarity(
    ties: pl.DataFrame,
    members: pl.DataFrame | None = None,
    *,
    weights: pl.DataFrame | None = None,
    levels: Sequence[float] = ALLIANCE_LEVELS,
    self_value: float | None = 3.0,
    directed: bool | None = None,
    measures: Sequence[str] | None = None,
) -> Similarity:
    """Compare the tie portfolios of all pairs of members, year by year.

    An actor's portfolio is its row of the year's matrix of ties: one position per member, itself included; a pair that
    is not listed has the lowest level.

    Parameters
    ----------
    ties
        Columns `a`, `b`, `year`, `value`.
    members
        Columns `actor`, `year`: who belongs to the system in which year. When left out, those who appear in `ties` in
        that year; then actors without any tie are not compared.
    weights
        Columns `actor`, `year`, `weight`, as shares of capability. They are normalised within the positions that have
        one; a position without a weight is left out of the weighted measures.
    levels
        Every value that a tie can have; the lowest means none.
    self_value
        The value of an actor's tie with itself, 3 in alliance studies; none stands for the lowest level.
    directed
        Whether a row holds for a towards b alone. When left out: as it stands if any pair is listed in both orders,
        else for both.
    measures
        Which of `MEASURES`; `DEFAULT` when left out, without the weighted ones if there are no weights.

    Raises
    ------
    InputError
        When a table lacks a column, holds contradictory rows or self ties, or a value is none of the levels.
    """
    grid = checked_levels(levels)
    names = wanted_measures(measures, weighted=weights is not None)
    notes: list[str] = []
    need(ties, ("a", "b", "year", "value"), "ties")
    ties = _checked_ties(ties, grid)
    as_listed = _as_listed(ties, directed, notes)
    coded = Coded(ties, members, weights, notes)
    levels_of = np.searchsorted(grid, coded.value).astype(np.int8)
    own = _self_level(self_value, grid)
    with threadpool_limits(**ONE_THREAD):
        years = [
            _compare(
                year,
                here,
                _matrix(coded, year, here, levels_of, own=own, as_listed=as_listed),
                grid,
                names=names,
                weight=coded.weight(year, here),
            )
            for year, here in coded.years()
            if len(here) > 1
        ]
    if not years:
        raise InputError("No year has two members.", remedy="Check that `members` and `ties` share years.")
    coded.note(notes)
    frame = long_table(
        years,
        actors=coded.actors,
        measures=names,
        reason="0/0, an actor has one level only or no position has a weight",
        nothing="no position in common",
    )
    return Similarity(frame=frame, measures=names, levels=tuple(grid.tolist()), notes=tuple(notes))


def wanted_measures(measures: Sequence[str] | None, *, weighted: bool) -> tuple[str, ...]:
    """Return the measures to compute.

    Raises
    ------
    InputError
        When a name is none of `MEASURES`, or a weighted one is asked for without weights.
    """
    names = tuple(dict.fromkeys(measures)) if measures else tuple(n for n in DEFAULT if weighted or n not in WEIGHTED)
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        raise InputError(f"There is no measure {unknown[0]!r}.", remedy=f"Name some of {', '.join(MEASURES)}.")
    if not weighted and (lacking := [name for name in names if name in WEIGHTED]):
        raise InputError(f"The measure {lacking[0]} needs weights.", remedy="Give a table of weights, or leave it out.")
    return names


def _matrix(
    coded: Coded, year: int, here: NDArray[np.int64], levels_of: NDArray[np.int8], *, own: int, as_listed: bool
) -> NDArray[np.int8]:
    """Give the numbers of the levels between a year's members, each row one actor's ties."""
    first, second = (coded.placed(year, name, here) for name in ("a", "b"))
    inside = (first >= 0) & (second >= 0)
    coded.outside += int((~inside).sum())
    held = levels_of[coded.rows(year)][inside]
    matrix: NDArray[np.int8] = np.zeros((len(here), len(here)), np.int8)
    matrix[first[inside], second[inside]] = held
    if not as_listed:
        matrix[second[inside], first[inside]] = held
    np.fill_diagonal(matrix, own)
    return matrix


def _compare(
    year: int,
    here: NDArray[np.int64],
    matrix: NDArray[np.int8],
    grid: Floats,
    *,
    names: Sequence[str],
    weight: Floats | None,
) -> YearOfPairs:
    pairs = Pairs(len(here))
    cells = full_cells(matrix, pairs, levels=len(grid))
    values = similarities(cells, levels=grid.tolist(), measures=[name for name in names if name not in WEIGHTED])
    if weight is not None and set(names) & set(WEIGHTED):
        values |= weighted_values(grid[matrix], weight, pairs, grid)
    counts = {
        "n": np.full(len(pairs.a), float(len(here))),
        "n_common": cells[1:, 1:].sum(axis=(0, 1)),
        "n_absent": cells[0, 0],
    }
    return YearOfPairs(year=year, a=here[pairs.a], b=here[pairs.b], counts=counts, values=values)


def _self_level(self_value: float | None, grid: Floats) -> int:
    if self_value is None:
        return 0
    if self_value not in grid:
        raise InputError(
            f"The self tie {self_value:g} is none of the levels {', '.join(f'{x:g}' for x in grid)}.",
            remedy="Give it one of the levels; alliance studies take the highest.",
        )
    return int(np.searchsorted(grid, self_value))


def _checked_ties(ties: pl.DataFrame, grid: Floats) -> pl.DataFrame:
    same_codes(ties["a"], ties["b"])
    own = ties.filter(pl.col("a") == pl.col("b"))
    if len(own):
        first = own.row(0, named=True)
        raise InputError(
            f"{first['a']!r} is tied to itself in {first['year']} ({len(own):,} such rows).",
            remedy="Leave self ties out; their value is given once as `self_value`.",
        )
    strange = ties.filter(pl.col("value").cast(pl.Float64).is_in(grid.tolist()).not_())
    if len(strange):
        first = strange.row(0, named=True)
        raise InputError(
            f"The tie {first['a']}-{first['b']} in {first['year']} has value {first['value']}; the levels are "
            f"{', '.join(f'{x:g}' for x in grid)} ({len(strange):,} such rows).",
            remedy="Name every value that occurs as a level.",
        )
    once = ties.select("a", "b", "year", "value").unique(maintain_order=True)
    _refuse_contradiction(once, ("a", "b", "year"))
    return once


def _refuse_contradiction(ties: pl.DataFrame, key: Sequence[str]) -> None:
    twice = ties.filter(pl.struct(key).is_duplicated())
    if len(twice):
        first = twice.row(0, named=True)
        same = twice.filter(pl.all_horizontal(pl.col(name) == first[name] for name in key))
        raise InputError(
            f"The tie {first['a']}-{first['b']} in {first['year']} has the values "
            f"{', '.join(str(value) for value in same['value'].to_list())} ({len(twice):,} rows contradict others).",
            remedy="Keep one value for a pair and year, or say that ties are directed.",
        )


def _as_listed(ties: pl.DataFrame, directed: bool | None, notes: list[str]) -> bool:  # noqa: FBT001 - three states
    """Say whether a row holds for a towards b alone."""
    if directed:
        return True
    turned = ties.select(pl.col("b").alias("a"), pl.col("a").alias("b"), "year", pl.col("value").alias("other"))
    mutual = ties.join(turned, on=["a", "b", "year"], how="inner")
    if directed is None and len(mutual):
        notes.append("Pairs are listed in both orders: each row is taken for a towards b alone.")
        return True
    against = mutual.filter(pl.col("value") != pl.col("other")).sort("year", "a", "b")
    if len(against):
        first = against.row(0, named=True)
        raise InputError(
            f"The undirected tie {first['a']}-{first['b']} in {first['year']} has value {first['value']} one way and "
            f"{first['other']} the other ({len(against):,} such rows).",
            remedy="Say that ties are directed, or give both orders the same value.",
        )
    if directed is None:
        notes.append("No pair is listed in both orders: each row is taken for both.")
    return False
