"""A user's own signed ties, read from a file with documented columns."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from legation.evidence.own import OwnColumn, read_own_table
from legation.relations.balance.edges import Repeated, SignedEdges, signed_edges
from legation.relations.similarity.own import codes_as_numbers

__all__ = ["edge_columns", "read_edges"]

edge_columns: Final = (
    OwnColumn(name="a", type=pl.String, meaning="code of an actor", aliases=("from", "ccode1", "gwcode1", "actor1")),
    OwnColumn(name="b", type=pl.String, meaning="code of the other", aliases=("to", "ccode2", "gwcode2", "actor2")),
    OwnColumn(
        name="sign", type=pl.Float64, meaning="+1, -1 or any finite number other than 0", aliases=("weight", "value")
    ),
)
_PERIODS: Final = ("period", "year", "window")


def read_edges(
    path: Path, *, period: str | None = None, pooled: bool = False, repeated: Repeated = "refuse"
) -> SignedEdges:
    """Read signed ties: `a`, `b`, `sign`, and the period if there is one.

    Parameters
    ----------
    path
        A Parquet, CSV, TSV or Arrow file.
    period
        The column that cuts the ties into networks; when left out `period`, `year` or `window`, whichever is there.
    pooled
        Take all ties as one network, whatever their period.
    repeated
        What to do with a pair that is listed with different numbers in a period.

    Raises
    ------
    FormatError, InputError
        When the file cannot be read or a tie cannot be taken as it is; the message names what and where.
    """
    table = codes_as_numbers(read_own_table(path, edge_columns, keep_others=True), ("a", "b"))
    if pooled:
        period = None
    elif period is None:
        period = next((name for name in _PERIODS if name in table.columns), None)
    return signed_edges(table, period=period, repeated=repeated)
