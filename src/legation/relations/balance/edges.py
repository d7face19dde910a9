"""Signed ties by period, checked: what every measure of balance and every search for blocs starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from legation.errors import InputError

__all__ = ["Repeated", "SignedEdges", "signed_edges"]

Repeated = Literal["refuse", "sum", "layers"]
"""What to do with a pair that is listed more than once in a period with different numbers."""

_EVERYTHING = "all"


@dataclass(frozen=True, kw_only=True)
class SignedEdges:
    """Signed ties by pair and period.

    Attributes
    ----------
    frame
        `period`, `a`, `b`, `weight` (its sign is the tie's sign, never 0), a < b, sorted. One row per pair and period;
        with layers at most one friendly and one hostile.
    notes
        What was set aside or merged, in sentences.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...]

    def periods(self) -> Iterator[tuple[object, pl.DataFrame]]:
        """Give each period with its ties, in rising order."""
        for (period,), rows in self.frame.group_by("period", maintain_order=True):
            yield period, rows


def signed_edges(edges: pl.DataFrame, *, period: str | None = None, repeated: Repeated = "refuse") -> SignedEdges:
    """Check signed ties and bring them into one shape.

    Parameters
    ----------
    edges
        Columns `a`, `b`, `sign`: +1 or -1, or any finite number, whose sign and size count. A tie has no direction.
    period
        The column that cuts the ties into networks; all are one network when left out.
    repeated
        A pair that is listed twice in a period with the same number is one tie. With different numbers it is refused,
        or the numbers are added up, or (layers) the friendly and the hostile ones are added up each by themselves.

    Raises
    ------
    InputError
        When a column is missing, a value is missing or not finite, an actor is tied to itself, or a pair has
        contradictory numbers in one period.
    """
    wanted = ["a", "b", "sign", *([period] if period else [])]
    lacking = [name for name in wanted if name not in edges.columns]
    if lacking:
        raise InputError(
            f"The table of ties has no column {lacking[0]!r}; it has {', '.join(edges.columns)}.",
            remedy=f"It needs {', '.join(wanted)}.",
        )
    if edges.is_empty():
        raise InputError("The table of ties has no rows.", remedy="Give at least one signed tie.")
    if edges["a"].dtype.is_numeric() != edges["b"].dtype.is_numeric():
        raise InputError(
            f"Column a holds {edges['a'].dtype} and column b {edges['b'].dtype}.", remedy="Use the same codes in both."
        )
    for name in wanted:
        if edges[name].null_count():
            raise InputError(f"Column {name!r} of the table of ties has a missing value.", remedy="Leave the row out.")
    if not edges["sign"].dtype.is_numeric():
        raise InputError(f"Column 'sign' holds {edges['sign'].dtype}.", remedy="Give +1, -1 or another number.")
    cut = pl.col(period) if period else pl.lit(_EVERYTHING)
    ties = edges.select(cut.alias("period"), "a", "b", pl.col("sign").cast(pl.Float64).alias("weight"))
    _refuse(ties, ties["weight"].is_finite().not_(), "has sign {weight}, which is not finite", "Leave the row out.")
    _refuse(ties, ties["a"] == ties["b"], "is a tie of an actor with itself", "A tie needs two actors.")
    notes: list[str] = []
    nothing = ties.filter(pl.col("weight") == 0)
    if len(nothing):
        notes.append(f"{len(nothing):,} rows with sign 0 are no ties; they were set aside.")
        ties = ties.filter(pl.col("weight") != 0)
    ordered = ties.select(
        "period", pl.min_horizontal("a", "b").alias("a"), pl.max_horizontal("a", "b").alias("b"), "weight"
    )
    merged = _merge(ordered, repeated, notes)
    if merged.is_empty():
        raise InputError("No tie has a sign other than 0.", remedy="Give at least one signed tie.")
    return SignedEdges(frame=merged.sort("period", "a", "b", "weight"), notes=tuple(notes))


def _refuse(ties: pl.DataFrame, strange: pl.Series, what: str, remedy: str) -> None:
    places = strange.arg_true()
    if len(places):
        row = ties.row(int(places[0]), named=True)
        raise InputError(
            f"Row {int(places[0]) + 1}, {row['a']}-{row['b']}, {what.format(**row)} ({len(places):,} such rows).",
            remedy=remedy,
        )


def _merge(ties: pl.DataFrame, repeated: Repeated, notes: list[str]) -> pl.DataFrame:
    key = ["period", "a", "b"]
    if repeated == "sum":
        summed = ties.group_by(key).agg(pl.col("weight").sum(), pl.len().alias("rows"))
        if len(summed) < len(ties):
            notes.append(f"{len(ties) - len(summed):,} repeated rows were added to others of the same pair and period.")
        void = summed.filter(pl.col("weight") == 0)
        if len(void):
            notes.append(f"{len(void):,} pairs add up to 0 and are no ties.")
        return summed.filter(pl.col("weight") != 0).drop("rows")
    if repeated == "layers":
        layered = ties.group_by(*key, pl.col("weight").sign().alias("layer")).agg(pl.col("weight").sum())
        if len(layered) < len(ties):
            notes.append(f"{len(ties) - len(layered):,} repeated rows were added to others of the same pair and sign.")
        return layered.drop("layer")
    once = ties.unique()
    if len(once) < len(ties):
        notes.append(f"{len(ties) - len(once):,} rows repeat another one and count once.")
    twice = once.filter(pl.struct(key).is_duplicated()).sort(*key, "weight")
    if len(twice):
        row = twice.row(0, named=True)
        same = twice.filter(pl.all_horizontal(pl.col(name) == row[name] for name in key))
        raise InputError(
            f"The tie {row['a']}-{row['b']} has the signs {', '.join(f'{x:g}' for x in same['weight'])} in period "
            f"{row['period']} ({len(twice):,} rows contradict others).",
            remedy="Keep one row per pair and period, or add the numbers up (repeated sum).",
        )
    return once
