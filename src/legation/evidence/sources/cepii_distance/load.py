"""Distances between actors and whether they share a land border."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.errors import SourceError
from legation.evidence.codes import iso3_actor
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_FILE = "cepii_dist.parquet"
_IGNORED = {
    "comlang_off": "languages come from CLDR",
    "comlang_ethno": "languages come from CLDR",
    "colony": "colonial ties are not used",
    "comcol": "colonial ties are not used",
    "curcol": "colonial ties are not used",
    "col45": "colonial ties are not used",
    "smctry": "former common states are not used",
    "dist": "between largest cities; the capitals' distance is kept",
    "distwces": "a second weighting of the same cities",
}
_CODED_ON = date(2024, 1, 1)


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return one row per pair, the first actor before the second in the alphabet."""
    rows = files.table(
        _FILE,
        {"iso_o": pl.String, "iso_d": pl.String, "contig": pl.Int64, "distcap": pl.Float64, "distw": pl.Float64},
        ignored=_IGNORED,
    )
    _refuse_asymmetry(rows)
    actors = {code: iso3_actor(files, "codes", code, on=_CODED_ON) for code in rows.get_column("iso_o").unique().sort()}
    return {
        "distance": rows.select(
            pl.col("iso_o").replace_strict(actors, return_dtype=pl.String).alias("a"),
            pl.col("iso_d").replace_strict(actors, return_dtype=pl.String).alias("b"),
            pl.col("distcap").round(0).cast(pl.Int32).alias("between_capitals"),
            pl.col("distw").round(0).cast(pl.Int32).alias("population_weighted"),
            (pl.col("contig") == 1).alias("contiguous"),
        ).filter(pl.col("a") < pl.col("b"))
    }


def _refuse_asymmetry(rows: pl.DataFrame) -> None:
    both = rows.join(rows, left_on=["iso_o", "iso_d"], right_on=["iso_d", "iso_o"], suffix="_back")
    wrong = both.filter(
        (pl.col("contig") != pl.col("contig_back")) | ((pl.col("distcap") - pl.col("distcap_back")).abs() > 1.0)
    )
    if wrong.height or both.height != rows.height:
        pair = wrong.row(0)[:2] if wrong.height else ()
        raise SourceError(f"{_FILE}: distance or contiguity differs by direction, or a direction is missing: {pair}.")
