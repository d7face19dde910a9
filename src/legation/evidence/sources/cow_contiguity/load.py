"""Source: direct contiguity by land and sea, of the Correlates of War project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from legation.evidence.forms import read_form
from legation.evidence.layouts import needs, numbers, year_month

if TYPE_CHECKING:
    from pathlib import Path

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

# The master file calls the two states low and high; its directed twin counts them.
_LOW_HIGH = {"statelno": "state1no", "statehno": "state2no"}


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the spells of contiguity, in both directions."""
    return files.all_declared(readers={"contdir.csv": _both_directions, "contdird.csv": _spells_of_years})


def _both_directions(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read the master file, which has each pair once, and return every spell for either state."""
    raw = read_form(path, form, description)
    raw = raw.rename({name: ours for name, ours in _LOW_HIGH.items() if name in raw.columns})
    frame = numbers(
        needs(raw, ("state1no", "state2no", "conttype", "begin", "end"), path), ("state1no", "state2no"), path
    )
    frame = frame.with_columns(year_month("begin", path=path, frame=frame), year_month("end", path=path, frame=frame))
    ways = (("state1no", "state2no"), ("state2no", "state1no"))
    return pl.concat(
        frame.select(
            pl.col(one).alias("ccode1"),
            pl.col(other).alias("ccode2"),
            "conttype",
            pl.col("begin").alias("stdate"),
            pl.col("end").alias("enddate"),
        )
        for one, other in ways
    ).sort("ccode1", "ccode2", "stdate")


def _spells_of_years(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Make spells of the publisher's directed dyad-years: years in a row with the same type are one spell."""
    columns = ("state1no", "state2no", "year", "conttype")
    frame = numbers(needs(read_form(path, form, description), columns, path), columns, path).select(columns)
    pair = ["state1no", "state2no"]
    frame = frame.sort(*pair, "year")
    apart = (pl.col("year").diff() != 1) | (pl.col("conttype").diff() != 0)
    spell = apart.fill_null(value=True).cum_sum().over(pair).alias("spell")
    return (
        frame.with_columns(spell)
        .group_by(*pair, "spell", maintain_order=True)
        .agg(pl.col("conttype").first(), pl.col("year").min().alias("first"), pl.col("year").max().alias("last"))
        .select(
            pl.col("state1no").alias("ccode1"),
            pl.col("state2no").alias("ccode2"),
            "conttype",
            pl.date("first", 1, 1).alias("stdate"),
            pl.date("last", 12, 1).alias("enddate"),
        )
    )
