"""Source: the peace scale, five levels of relation between two states, as of 31 December of each year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from legation.errors import SourceError
from legation.evidence.forms import read_form

if TYPE_CHECKING:
    from pathlib import Path

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_SPELLS = "[Pp]eacedata*3.1.csv"
_LABELS = {
    0.0: "severe_rivalry",
    0.25: "lesser_rivalry",
    0.5: "negative_peace",
    0.75: "warm_peace",
    1.0: "security_community",
    -9.0: "transition",
}


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the level of each pair as of 31 December of each year."""
    return files.all_declared(readers={_SPELLS: _year_ends})


def _year_ends(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read the publisher's spells, one row per dyad, and take the level of each 31 December."""
    spells = _spells(read_form(path, form, description), path)
    # The 31st of December lies in a spell whose last day, unknown parts written 99, is not before it.
    last = pl.col("end") // 10000 - (pl.col("end") % 10000 < 1231).cast(pl.Int64)
    years = spells.with_columns(pl.int_ranges(pl.col("start") // 10000, last + 1).alias("year")).explode("year")
    years = years.drop_nulls("year")
    return years.select(
        (pl.col("dyad") // 1000).alias("ccode1"),
        (pl.col("dyad") % 1000).alias("ccode2"),
        pl.col("year").cast(pl.Int64),
        pl.col("level").alias("peace_level"),
        pl.col("level").replace_strict(_LABELS, return_dtype=pl.String).alias("label"),
    ).sort("ccode1", "ccode2", "year")


def _spells(wide: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Return dyad, start, end (whole numbers yyyymmdd) and level of each spell of the publisher's wide file."""
    names = wide.columns
    if len(names) < 3 or len(names) % 2 == 0:
        raise SourceError(
            f"{path} has {len(names)} columns; its layout is a dyad, then spells and levels in pairs.",
            remedy="Take the publisher's raw file (Peacedatav3.1.csv), not its dyad-month or dyad-year table.",
        )
    parts = [
        wide.select(pl.col(names[0]).alias("dyad"), pl.col(spell).alias("spell"), pl.col(level).alias("level"))
        for spell, level in zip(names[1::2], names[2::2], strict=True)
    ]
    text = pl.concat(parts).filter(pl.col("spell").is_not_null() | pl.col("level").is_not_null())
    read = text.with_columns(
        pl.col("dyad").str.strip_chars().cast(pl.Int64, strict=False).alias("number"),
        pl.col("spell").str.extract(r"^\s*(\d{8})\s*-").cast(pl.Int64).alias("start"),
        pl.col("spell").str.extract(r"-\s*(\d{8})\s*$").cast(pl.Int64).alias("end"),
        pl.col("level").str.strip_chars().cast(pl.Float64, strict=False).alias("value"),
    )
    good = (
        pl.col("number").is_not_null() & (pl.col("start") <= pl.col("end")) & pl.col("value").is_in(list(_LABELS))
    ).fill_null(value=False)
    wrong = read.filter(~good)
    if wrong.height:
        row = wrong.row(0, named=True)
        raise SourceError(
            f"{path}: dyad {row['dyad']} has the spell {row['spell']!r} at level {row['level']!r}; "
            "a spell is yyyymmdd-yyyymmdd and a level 0, 0.25, 0.5, 0.75, 1 or -9.",
            remedy="Check that the file is whole and of version 3.1.",
        )
    return read.select(pl.col("number").alias("dyad"), "start", "end", pl.col("value").alias("level"))
