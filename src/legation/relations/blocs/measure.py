"""Blocs by period with their stability, as tables."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.errors import InputError
from legation.relations.balance.edges import SignedEdges
from legation.relations.blocs.leiden import Division, best_division
from legation.relations.blocs.network import SignedNetworkMatrix
from legation.relations.blocs.stability import Stability, bootstrap

__all__ = ["BlocTables", "find_blocs"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class BlocTables:
    """Blocs of signed networks by period.

    Attributes
    ----------
    periods
        One row per period: `period`, `actors`, `ties`, `hostile`, `Q`, `blocs` (of two or more actors), `alone` (actors
        in no bloc), `blocs_low`, `blocs_high` (5th and 95th percentile over draws; missing without draws), `seconds`.
    members
        One row per period and actor: `period`, `actor`, `bloc` (0 is the largest), `held` (mean probability of being in
        one bloc with the others of its bloc; missing for an actor alone or without draws).
    blocs
        One row per period and bloc: `period`, `bloc`, `actors`, `friendly_inside`, `hostile_inside`,
        `friendly_outside`, `hostile_outside` (weights), `jaccard` (mean overlap with the nearest bloc of a draw),
        `reappears` (share of draws with an overlap of at least 0.75).
    pairs
        One row per period and pair: `period`, `a`, `b`, `same` (in one bloc), `together` (probability). Empty without
        draws.
    notes
        What was set aside and how the figures were got, in sentences.
    """

    periods: pl.DataFrame
    members: pl.DataFrame
    blocs: pl.DataFrame
    pairs: pl.DataFrame
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Say how many periods and blocs there are."""
        return f"{len(self.periods):,} signed networks with {int(self.periods['blocs'].sum()):,} blocs."


def find_blocs(
    edges: SignedEdges,
    *,
    seed: int = 1,
    bootstraps: int = 200,
    runs: int = 10,
    resolution: float = 1.0,
    hostile_resolution: float = 1.0,
    progress: Callable[[str, int, int], None] | None = None,
) -> BlocTables:
    """Divide each period's network into blocs, and say how stable they are.

    Parameters
    ----------
    edges
        Signed ties by period, from `signed_edges`; with layers a pair may be friendly and hostile at once.
    seed
        Seed of the random numbers; a period's result does not depend on the other periods.
    bootstraps
        Draws of ties with replacement; none for no stability.
    runs
        Searches of which the best counts; each draw gets one.
    resolution, hostile_resolution
        Above 1 for smaller blocs in the friendly layer, for more weight of expected hostility in the hostile one.
    progress
        Called with the period, how many are done, and of how many.

    Raises
    ------
    InputError
        When a number is out of its range.
    """
    for name, value, low in (("bootstraps", bootstraps, 0), ("runs", runs, 1), ("seed", seed, 0)):
        if value < low:
            raise InputError(f"{name} is {value}; it must be at least {low}.", remedy="Give a larger number.")
    for name, number in (("resolution", resolution), ("hostile_resolution", hostile_resolution)):
        if not 0 < number < float("inf"):
            raise InputError(f"{name} is {number}; it must be above 0.", remedy="Leave it at 1.")
    periods = list(edges.periods())
    done = []
    for place, (period, rows) in enumerate(periods):
        if progress is not None:
            progress(str(period), place, len(periods))
        done.append(_divide(rows, seed=seed, draws=bootstraps, runs=runs, resolutions=(resolution, hostile_resolution)))
    notes = [
        *edges.notes,
        f"Blocs are the best of {runs} searches from seed {seed}; the search is a heuristic without a bound.",
    ]
    if bootstraps:
        notes.append(f"Stability rests on {bootstraps} draws of single ties with replacement.")
    return BlocTables(
        periods=pl.concat([one.period_row() for one in done]),
        members=pl.concat([one.member_rows() for one in done]),
        blocs=pl.concat([one.bloc_rows() for one in done]),
        pairs=pl.concat([one.pair_rows() for one in done]),
        notes=tuple(notes),
    )


def _divide(rows: pl.DataFrame, *, seed: int, draws: int, runs: int, resolutions: tuple[float, float]) -> _Period:
    began = time.perf_counter()
    rng = np.random.default_rng(seed)
    actors = pl.concat([rows["a"], rows["b"].alias("a")]).unique().sort()
    left, right = (actors.search_sorted(rows[name]).to_numpy().astype(np.int64) for name in ("a", "b"))
    weight = rows["weight"].to_numpy()
    network = SignedNetworkMatrix.of(
        len(actors),
        left,
        right,
        weight,
        friendly_resolution=resolutions[0],
        hostile_resolution=resolutions[1],
    )
    division = best_division(network, rng=rng, runs=runs)
    stability = (
        bootstrap(
            len(actors),
            left,
            right,
            weight,
            group=division.group,
            draws=draws,
            rng=rng,
            runs=1,
            resolutions=resolutions,
        )
        if draws
        else None
    )
    return _Period(
        rows=rows,
        actors=actors,
        left=left,
        right=right,
        weight=weight,
        division=division,
        stability=stability,
        seconds=time.perf_counter() - began,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Period:
    rows: pl.DataFrame
    actors: pl.Series
    left: Places
    right: Places
    weight: Floats
    division: Division
    stability: Stability | None
    seconds: float

    def _with_period(self, columns: dict[str, pl.Series], size: int) -> pl.DataFrame:
        return pl.DataFrame({"period": self.rows["period"].head(1).new_from_index(0, size), **columns})

    @property
    def _sizes(self) -> Places:
        return np.asarray(np.bincount(self.division.group), np.int64)

    def period_row(self) -> pl.DataFrame:
        draws = None if self.stability is None else np.percentile(self.stability.blocs, (5, 95)).tolist()
        row = {
            "actors": pl.Series([len(self.actors)]),
            "ties": pl.Series([len(self.rows)]),
            "hostile": pl.Series([int((self.weight < 0).sum())]),
            "Q": pl.Series([self.division.quality]),
            "blocs": pl.Series([int((self._sizes > 1).sum())]),
            "alone": pl.Series([int((self._sizes == 1).sum())]),
            "blocs_low": pl.Series([None if draws is None else draws[0]], dtype=pl.Float64),
            "blocs_high": pl.Series([None if draws is None else draws[1]], dtype=pl.Float64),
            "seconds": pl.Series([self.seconds]),
        }
        return self._with_period(row, 1)

    def member_rows(self) -> pl.DataFrame:
        group = self.division.group
        held = np.full(len(group), np.nan)
        if self.stability is not None:
            mates = (group[:, None] == group) & ~np.eye(len(group), dtype=bool) & ~np.isnan(self.stability.together)
            with np.errstate(invalid="ignore"):
                held = np.where(mates, np.nan_to_num(self.stability.together), 0.0).sum(axis=1) / mates.sum(axis=1)
        columns = {"actor": self.actors, "bloc": pl.Series(group), "held": pl.Series(held, nan_to_null=True)}
        return self._with_period(columns, len(group)).sort("bloc", "actor")

    def bloc_rows(self) -> pl.DataFrame:
        count = len(self._sizes)
        ends = self.division.group[self.left], self.division.group[self.right]
        within = ends[0] == ends[1]
        columns = {"bloc": pl.Series(np.arange(count)), "actors": pl.Series(self._sizes)}
        for name, size in (("friendly", np.maximum(self.weight, 0.0)), ("hostile", np.maximum(-self.weight, 0.0))):
            columns[f"{name}_inside"] = pl.Series(np.bincount(ends[0], size * within, count))
            outside = sum(np.bincount(end, size * ~within, count) for end in ends)
            columns[f"{name}_outside"] = pl.Series(np.asarray(outside, float))
        for name in ("jaccard", "reappears"):
            known = np.full(count, np.nan) if self.stability is None else getattr(self.stability, name)
            columns[name] = pl.Series(known, nan_to_null=True)
        order = ["bloc", "actors", "friendly_inside", "hostile_inside", "friendly_outside", "hostile_outside"]
        return self._with_period({name: columns[name] for name in (*order, "jaccard", "reappears")}, count)

    def pair_rows(self) -> pl.DataFrame:
        a, b = np.triu_indices(len(self.actors) if self.stability is not None else 0, k=1)
        together = np.array([]) if self.stability is None else self.stability.together[a, b]
        group = self.division.group
        columns = {
            "a": self.actors.gather(a.astype(np.uint32)).alias("a"),
            "b": self.actors.gather(b.astype(np.uint32)).alias("b"),
            "same": pl.Series(group[a] == group[b], dtype=pl.Boolean),
            "together": pl.Series(together, dtype=pl.Float64, nan_to_null=True),
        }
        return self._with_period(columns, len(a))
