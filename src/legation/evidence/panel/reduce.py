"""Fewer rows: politically relevant dyads."""

from __future__ import annotations

import polars as pl

from legation.errors import InputError
from legation.evidence.panel.types import PanelColumn

__all__ = ["relevance"]


def relevance(frame: pl.DataFrame) -> tuple[pl.Series, PanelColumn]:
    """Return whether each dyad is politically relevant: contiguous by land or water, or with a major power.

    Parameters
    ----------
    frame
        Rows with conttype, cowmaj1 and cowmaj2.

    Returns
    -------
    tuple
        1, 0, or missing where the sources of contiguity and major powers do not speak; and what the column rests on.

    Raises
    ------
    InputError
        When one of the three columns is not there.
    """
    lacking = [name for name in ("conttype", "cowmaj1", "cowmaj2") if name not in frame.columns]
    if lacking:
        raise InputError(f"Relevance needs the columns {', '.join(lacking)}.", remedy="Add contiguity and majors.")
    known = frame.select(
        ((pl.col("conttype") > 0) | (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)).cast(pl.Int8).alias("prd")
    ).get_column("prd")
    return known, PanelColumn(
        name="prd",
        verb="relevant",
        meaning="1 if politically relevant: contiguous by land or up to 400 miles of water, or with a major power",
        resolution="derived",
        published="prd",
        source="Weede 1976; Lemke and Reed 2001",
        note="Computed from conttype, cowmaj1 and cowmaj2.",
    )
