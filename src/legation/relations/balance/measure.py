"""Structural balance by period: frustration, camps, ties out of line, local balance, as tables."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.errors import InputError
from legation.relations.balance.edges import SignedEdges
from legation.relations.balance.exact import Frustration, Tie, frustration
from legation.relations.balance.out_of_line import Flips, flips
from legation.relations.balance.triads import LocalBalance, local_balance

__all__ = ["BalanceTables", "balance"]

Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class BalanceTables:
    """Structural balance of signed networks by period.

    Attributes
    ----------
    periods
        One row per period: `period`, `actors`, `ties`, `hostile` (how many are), `m` (weight of all ties), `L` (least
        frustration), `bound` (lower bound on it), `gap` (L - bound, 0 when proven), `proven`, `F` (1 - 2L/m), `parts`
        (connected components), `camp_0`, `camp_1` (actors in each camp of the largest part), `camps_unique` (whether no
        other division is as good; missing where not settled), `triads`, `triangle_index`, `out_of_line`, `mendable`
        (how many ties are), `seconds`.
    camps
        One row per period and actor: `period`, `actor`, `part` (0 is the largest connected component), `camp` (0 or 1;
        0 is the larger one of its part; camps of different parts have nothing to do with each other), `unique` (whether
        its part has this best division alone).
    ties
        Ties out of line, one row per period and tie: `period`, `a`, `b`, `weight`, `frustrated` (by the division in
        `camps`), `lowers` (how much L falls when the tie's sign turns), `mendable` (hostile: mending it lowers L; these
        alone are advice, the friendly ones are description).
    actors
        One row per period and actor: `period`, `actor`, `strength` (weight of its ties), `frustrated` (share of it on
        frustrated ties), `triads`, `balanced` (share of its triads that is balanced, by the product of weights).
    notes
        What was decided, set aside or left open, in sentences.
    """

    periods: pl.DataFrame
    camps: pl.DataFrame
    ties: pl.DataFrame
    actors: pl.DataFrame
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Say how many periods there are and whether all are proven."""
        proven = int(self.periods["proven"].sum())
        return f"{len(self.periods):,} signed networks, {proven:,} with proven least frustration."


def balance(
    edges: SignedEdges,
    *,
    seconds: float = 20.0,
    with_flips: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> BalanceTables:
    """Measure the structural balance of each period's network.

    Parameters
    ----------
    edges
        Signed ties by period, from `signed_edges`.
    seconds
        Time for the search on each connected component of a period, and again for all its ties out of line.
    with_flips
        Whether to look for ties out of line; without, `ties` and `camps_unique` are empty.
    progress
        Called with the period, how many are done, and of how many.

    Raises
    ------
    InputError
        When `seconds` is not positive, or a pair has two ties in one period.
    """
    if not seconds > 0:
        raise InputError(f"{seconds} seconds are no time.", remedy="Give a positive number of seconds.")
    if edges.frame.select(pl.struct("period", "a", "b").is_duplicated().any()).item():
        raise InputError(
            "A pair has a friendly and a hostile tie in one period.", remedy="Add them up: repeated ties as a sum."
        )
    periods = list(edges.periods())
    done = []
    for number, (period, rows) in enumerate(periods):
        if progress is not None:
            progress(str(period), number, len(periods))
        done.append(_measure(rows, seconds=seconds, with_flips=with_flips))
    notes = [*edges.notes, *_left_open(done, with_flips=with_flips)]
    return BalanceTables(
        periods=pl.concat([one.period_row() for one in done]),
        camps=pl.concat([one.camp_rows() for one in done]),
        ties=pl.concat([one.tie_rows() for one in done]),
        actors=pl.concat([one.actor_rows() for one in done]),
        notes=tuple(notes),
    )


def _left_open(done: list[_Period], *, with_flips: bool) -> list[str]:
    notes = []
    open_ones = [one for one in done if not one.best.proven]
    if open_ones:
        notes.append(
            f"{len(open_ones):,} periods ran out of time: L is the best division found, `bound` what is proven."
        )
    unsettled = sum(len(one.turned.unsettled) for one in done if one.turned is not None)
    if unsettled:
        notes.append(f"{unsettled:,} ties could not be examined in time; they may be out of line too.")
    if with_flips and open_ones:
        notes.append("Ties out of line are given for proven periods only.")
    return notes


def _measure(rows: pl.DataFrame, *, seconds: float, with_flips: bool) -> _Period:
    began = time.perf_counter()
    actors = pl.concat([rows["a"], rows["b"].alias("a")]).unique().sort()
    left, right = (actors.search_sorted(rows[name]).to_numpy().astype(np.int64) for name in ("a", "b"))
    weight = rows["weight"].to_numpy()
    width = len(str(len(actors)))
    ties: list[Tie] = [
        (f"{a:0{width}}", f"{b:0{width}}", w)
        for a, b, w in zip(left.tolist(), right.tolist(), weight.tolist(), strict=True)
    ]
    best = frustration(ties, seconds=seconds)
    turned = flips(ties, best, seconds=seconds) if with_flips and best.proven else None
    cut = np.zeros(len(ties), bool)
    cut[list(best.cut)] = True
    part = _parts(len(actors), left, right)
    return _Period(
        rows=rows,
        actors=actors,
        left=left,
        best=best,
        turned=turned,
        cut=cut,
        part=part,
        camp=_larger_first(part, np.array([best.camp[f"{n:0{width}}"] for n in range(len(actors))])),
        local=local_balance(len(actors), left, right, weight, cut=cut),
        seconds=time.perf_counter() - began,
    )


def _parts(nodes: int, left: Places, right: Places) -> Places:
    """Give each actor the number of its connected component, the largest being 0."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    links = csr_array((np.ones(len(left)), (left, right)), shape=(nodes, nodes))
    _, label = connected_components(links, directed=False)
    sizes = np.bincount(label)
    # equally large ones in the order of their first actor
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[label], np.int64)


def _larger_first(part: Places, camp: Places) -> Places:
    """Turn the camps of each part so that camp 0 is the larger, or holds the first actor if both are as large."""
    turned = camp.copy()
    for number in range(int(part.max()) + 1):
        here = np.flatnonzero(part == number)
        inside = camp[here]
        ones = int(inside.sum())
        if 2 * ones > len(here) or (2 * ones == len(here) and inside[0] == 1):
            turned[here] = 1 - inside
    return turned


@dataclass(frozen=True, kw_only=True)
class _Period:
    rows: pl.DataFrame
    actors: pl.Series
    left: Places
    best: Frustration
    turned: Flips | None
    cut: NDArray[np.bool_]
    part: Places
    camp: Places
    local: LocalBalance
    seconds: float

    @property
    def _period(self) -> pl.Series:
        return self.rows["period"].head(1)

    def _with_period(self, columns: dict[str, pl.Series | NDArray[np.generic]], size: int) -> pl.DataFrame:
        return pl.DataFrame({"period": self._period.new_from_index(0, size), **columns})

    def _ambiguous(self) -> set[int] | None:
        """Give the parts with more than one best division; none where it is not settled."""
        if self.turned is None or self.turned.unsettled:
            return None
        return set(self.part[self.left[list(self.turned.alternatives)]].tolist())

    def period_row(self) -> pl.DataFrame:
        ambiguous = self._ambiguous()
        largest = self.part == 0
        turned = () if self.turned is None else self.turned.found
        weight = self.rows["weight"].to_numpy()
        settled = self.turned is not None
        row = {
            "actors": len(self.actors),
            "ties": len(self.rows),
            "hostile": int((weight < 0).sum()),
            "m": float(self.best.total),
            "L": float(self.best.frustrated),
            "bound": float(self.best.bound),
            "gap": float(self.best.frustrated - self.best.bound),
            "proven": self.best.proven,
            "F": 1.0 - 2.0 * self.best.frustrated / self.best.total,
            "parts": int(self.part.max()) + 1,
            "camp_0": int((largest & (self.camp == 0)).sum()),
            "camp_1": int((largest & (self.camp == 1)).sum()),
            "camps_unique": None if ambiguous is None else not ambiguous,
            "triads": self.local.all_triads,
            "triangle_index": None if self.local.all_triads == 0 else self.local.triangle_index,
            "out_of_line": len(turned) if settled else None,
            "mendable": sum(weight[flip.place] < 0 for flip in turned) if settled else None,
            "seconds": self.seconds,
        }
        kinds = {
            "camps_unique": pl.Boolean,
            "triangle_index": pl.Float64,
            "out_of_line": pl.Int64,
            "mendable": pl.Int64,
        }
        return self._with_period({name: pl.Series([value], dtype=kinds.get(name)) for name, value in row.items()}, 1)

    def camp_rows(self) -> pl.DataFrame:
        ambiguous = self._ambiguous()
        unique = [None if ambiguous is None else int(part) not in ambiguous for part in self.part]
        return self._with_period(
            {
                "actor": self.actors,
                "part": self.part,
                "camp": self.camp,
                "unique": pl.Series(unique, dtype=pl.Boolean),
            },
            len(self.actors),
        )

    def tie_rows(self) -> pl.DataFrame:
        found = () if self.turned is None else self.turned.found
        at = [flip.place for flip in found]
        rows = self.rows.select(pl.all().gather(pl.Series(at, dtype=pl.UInt32)))
        return rows.with_columns(
            pl.Series("frustrated", self.cut[at], dtype=pl.Boolean),
            pl.Series("lowers", [flip.lowers for flip in found], dtype=pl.Float64),
            (pl.col("weight") < 0).alias("mendable"),
        )

    def actor_rows(self) -> pl.DataFrame:
        return self._with_period(
            {
                "actor": self.actors,
                "strength": self.local.strength,
                "frustrated": pl.Series(self.local.frustrated, nan_to_null=True),
                "triads": self.local.triads,
                "balanced": pl.Series(self.local.balanced, nan_to_null=True),
            },
            len(self.actors),
        )
