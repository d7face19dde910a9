"""Who stands to the world as an actor does, and which pairs moved most, from any long table of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.errors import InputError, MissingEvidenceError

__all__ = ["most_changed", "similar_actors"]

Floats = NDArray[np.float64]


def similar_actors(
    tables: Mapping[str, pl.DataFrame],
    actor: str | int,
    *,
    year: int,
    columns: Mapping[str, str],
    least_shared: int = 10,
    top: int | None = 10,
) -> pl.DataFrame:
    """Rank actors by how like their profile is to one actor's: how each stands to all third actors.

    The distance between two actors is the root mean square difference of their values towards the third actors for
    whom both have one, each measure in units of its standard deviation over the pairs of that year; measures count
    the same.

    Parameters
    ----------
    tables
        By name, long tables of pairs with `a`, `b`, `year` and a value: similarity, alignment, the relation level as a
        number. Pairs are read both ways.
    actor, year
        Whose neighbours, and when.
    columns
        For each table the column to compare.
    least_shared
        Third actors that a measure needs for a candidate; with fewer the measure is left out for that candidate.
    top
        How many to return; all when none.

    Returns
    -------
    DataFrame
        `actor`, `distance` (0 is the same profile), `shared` (fewest third actors used), `measures` (how many entered),
        and for each table `<name>`: the pair's own value and `<name>_distance`; nearest first.

    Raises
    ------
    InputError
        When a table lacks its column.
    MissingEvidenceError
        When no table holds the actor in that year.
    """
    found: pl.DataFrame | None = None
    for name, table in tables.items():
        one = _profile_distances(table, actor, year=year, column=columns[name], least=least_shared)
        one = one.rename({"value": name, "distance": f"{name}_distance", "shared": f"{name}_shared"})
        found = one if found is None else found.join(one, on="actor", how="full", coalesce=True)
    if found is None or found.is_empty():
        raise MissingEvidenceError(
            f"No table holds {actor!r} with others in {year}.", remedy="Name another year, or another table."
        )
    distances = [pl.col(f"{name}_distance") for name in tables]
    found = found.with_columns(
        (pl.mean_horizontal([distance**2 for distance in distances])).sqrt().alias("distance"),
        pl.min_horizontal([pl.col(f"{name}_shared") for name in tables]).alias("shared"),
        pl.sum_horizontal([distance.is_not_null().cast(pl.Int64) for distance in distances]).alias("measures"),
    ).filter(pl.col("distance").is_not_null())
    order = ["actor", "distance", "shared", "measures", *(n for name in tables for n in (name, f"{name}_distance"))]
    ranked = found.select(order).sort("distance", "actor")
    return ranked if top is None else ranked.head(top)


def _profile_distances(table: pl.DataFrame, actor: str | int, *, year: int, column: str, least: int) -> pl.DataFrame:
    _need(table, ("a", "b", "year", column))
    rows = table.filter(pl.col("year") == year).select("a", "b", pl.col(column).cast(pl.Float64).alias("value"))
    rows = rows.filter(pl.col("value").is_finite())
    kind = table["a"].dtype
    empty = pl.DataFrame(schema={"actor": kind, "value": pl.Float64, "distance": pl.Float64, "shared": pl.Int64})
    actors = pl.concat([rows["a"], rows["b"].alias("a")]).unique().sort()
    wanted = pl.Series([actor], dtype=kind, strict=False)
    place = actors.search_sorted(wanted)[0] if len(actors) and not wanted.has_nulls() else len(actors)
    if place >= len(actors) or actors[int(place)] != actor:
        return empty
    a, b = (actors.search_sorted(rows[name]).to_numpy() for name in ("a", "b"))
    matrix = np.full((len(actors), len(actors)), np.nan)
    matrix[a, b] = matrix[b, a] = rows["value"].to_numpy()
    # an actor is no third actor to itself or to the one it is compared with
    np.fill_diagonal(matrix, np.nan)
    spread = float(rows["value"].std(ddof=0) or 0.0)  # type: ignore[arg-type]
    difference = matrix - matrix[place]
    known = ~np.isnan(difference)
    shared = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.sqrt((np.where(known, difference, 0.0) ** 2).sum(axis=1) / shared) / (spread or 1.0)
    distance[shared < least] = np.nan
    frame = pl.DataFrame(
        {
            "actor": actors,
            "value": pl.Series(matrix[place], nan_to_null=True),
            "distance": pl.Series(distance, nan_to_null=True),
            "shared": shared,
        }
    )
    return frame.filter(pl.Series(np.arange(len(actors)) != place)).drop_nulls("distance")


def most_changed(
    table: pl.DataFrame,
    *,
    column: str,
    since: int,
    until: int,
    actor: str | int | None = None,
    top: int | None = 20,
    more: Sequence[str] = (),
) -> pl.DataFrame:
    """Rank pairs by how much a value moved between two years.

    Parameters
    ----------
    table
        A long table of pairs with `a`, `b`, `year` and the column.
    column
        The value compared.
    since, until
        The two years; a pair must have a value in both.
    actor
        Only pairs with this actor.
    top
        How many to return; all when none.
    more
        Columns to show at both years, as `<name>_before` and `<name>_after`.

    Returns
    -------
    DataFrame
        `a`, `b`, `before`, `after`, `change` (after less before), largest absolute change first.

    Raises
    ------
    InputError
        When a column is missing or `since` is not before `until`.
    MissingEvidenceError
        When no pair has a value in both years.
    """
    if since >= until:
        raise InputError(f"The years {since} and {until} are no span.", remedy="Let `since` be before `until`.")
    _need(table, ("a", "b", "year", column, *more))
    kept = table.select("a", "b", "year", column, *more).filter(pl.col(column).cast(pl.Float64).is_finite())
    if actor is not None:
        kept = kept.filter((pl.col("a") == actor) | (pl.col("b") == actor))
    before = kept.filter(pl.col("year") == since).drop("year").rename({column: "before"})
    after = kept.filter(pl.col("year") == until).drop("year").rename({column: "after"})
    both = before.rename({name: f"{name}_before" for name in more}).join(
        after.rename({name: f"{name}_after" for name in more}), on=["a", "b"], how="inner"
    )
    if both.is_empty():
        raise MissingEvidenceError(
            f"No pair has {column} in both {since} and {until}.", remedy="Name two years that the table covers."
        )
    moved = both.with_columns((pl.col("after") - pl.col("before")).alias("change"))
    ranked = moved.sort(pl.col("change").abs(), "a", "b", descending=[True, False, False])
    shown = ranked.select(
        "a", "b", "before", "after", "change", *(n for m in more for n in (f"{m}_before", f"{m}_after"))
    )
    return shown if top is None else shown.head(top)


def _need(table: pl.DataFrame, columns: Sequence[str]) -> None:
    lacking = [name for name in columns if name not in table.columns]
    if lacking:
        raise InputError(
            f"The table has no column {lacking[0]!r}; it has {', '.join(table.columns)}.",
            remedy=f"It needs {', '.join(columns)}.",
        )
