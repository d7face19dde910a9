"""Armed conflict between pairs, with or against each other, faded from its last year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.relations.held import has_table, rows_of
from legation.relations.score import HALF_LIFE_YEARS, MINOR_CONFLICT, recency
from legation.relations.succession import Continuation, in_todays_names

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["Conflict", "conflict_marks", "floats"]

Floats = NDArray[np.float64]
Years = NDArray[np.float64]

_OLDEST_CONFLICT = 40  # years; at a half-life of eight nothing is left
_REACH_OF_ALLIES = 0.2  # a conflict weaker than this no longer draws allies in
_MEMORY_HALF_LIFE = 20.0  # years; the level remembers fighting longer than tension does: rivalries outlive wars
_OPPOSING_MEMORY = 0.5  # supporting the other's opponents, against 1 for fighting it


def floats(frame: pl.DataFrame, column: str) -> Floats:
    """Return a column as numbers, nan where it is missing."""
    values: Floats = frame.get_column(column).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return values


@dataclass(frozen=True)
class Conflict:
    """How strongly armed conflict marks k pairs; marks lie in [0, 1], years are nan where there was none.

    `remembered` fades more slowly, `hostile` holds for each party its enemies with the marks, `until` is the last year
    that the data speak of.
    """

    fought: Floats
    opposed: Floats
    together: Floats
    fought_year: Years
    opposed_year: Years
    together_year: Years
    remembered: Floats
    hostile: dict[str, dict[str, float]]
    until: int


def conflict_marks(world: World, pairs: pl.DataFrame, as_of: date, held: tuple[Continuation, ...]) -> Conflict:
    """Return how strongly armed conflict marks each pair; beyond the data the last year known is carried forward."""
    until = world.info("conflict_dyads").last.year if has_table(world, "conflict_dyads") else as_of.year
    reference = min(as_of.year, until)
    rows = rows_of(world, "conflict_dyads", pl.col("year").is_between(reference - _OLDEST_CONFLICT, as_of.year))
    rows = in_todays_names(rows, held)
    age = pl.lit(reference, dtype=pl.Int64) - pl.col("year")
    begun = {
        name: (pl.col("year") < as_of.year) | (pl.col(name) <= as_of) for name in ("fought_since", "support_since")
    }
    severity = {1: MINOR_CONFLICT, 2: 1.0}
    fought = _marks(rows.filter(pl.col("interstate") > 0, begun["fought_since"]), age, pl.col("interstate"), severity)
    opposed = _marks(rows.filter(pl.col("opposed") > 0, begun["support_since"]), age, pl.col("opposed"), severity)
    together = _marks(rows.filter(pl.col("together") > 0, begun["support_since"]), age, pl.lit(2), severity)
    fought_mark, fought_year = _joined(pairs, fought, as_of)
    opposed_mark, opposed_year = _joined(pairs, opposed, as_of)
    together_mark, together_year = _joined(pairs, together, as_of)
    # a mark has faded by the half-life of tension; the slower one is read from its last year again
    remembered = np.maximum(
        _slower(fought_year, reference), _OPPOSING_MEMORY * _slower(opposed_year, reference) * (opposed_mark > 0)
    )
    return Conflict(
        fought=fought_mark,
        opposed=opposed_mark,
        together=together_mark,
        fought_year=fought_year,
        opposed_year=opposed_year,
        together_year=together_year,
        remembered=remembered,
        hostile=_enemies(fought),
        until=until,
    )


def _slower(year: Years, reference: int) -> Floats:
    """Return the memory of what was last so in a year, by the level's half-life; 0 where it never was."""
    return np.nan_to_num(recency(reference - year, half_life=_MEMORY_HALF_LIFE), nan=0.0)


def _marks(rows: pl.DataFrame, age: pl.Expr, intensity: pl.Expr, severity: dict[int, float]) -> pl.DataFrame:
    """Return the strongest mark per pair and the last year of its kind."""
    if rows.is_empty():
        return pl.DataFrame(schema={"a": pl.String, "b": pl.String, "mark": pl.Float64, "year": pl.Int16})
    faded = 0.5 ** (age.clip(lower_bound=0).cast(pl.Float64) / HALF_LIFE_YEARS)
    weighed = rows.select("a", "b", "year", mark=intensity.replace_strict(severity, return_dtype=pl.Float64) * faded)
    return weighed.group_by("a", "b").agg(pl.col("mark").max(), pl.col("year").max()).sort("a", "b")


def _joined(pairs: pl.DataFrame, marks: pl.DataFrame, as_of: date) -> tuple[Floats, Years]:
    found = pairs.join(marks, on=["a", "b"], how="left").sort("pair")
    mark, year = floats(found, "mark"), floats(found, "year")
    return np.nan_to_num(mark, nan=0.0), np.minimum(year, as_of.year)


def _enemies(fought: pl.DataFrame) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for a, b, mark, _ in fought.iter_rows():
        if mark >= _REACH_OF_ALLIES:
            found.setdefault(a, {})[b] = mark
            found.setdefault(b, {})[a] = mark
    return found
