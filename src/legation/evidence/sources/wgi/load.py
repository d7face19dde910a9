"""Quality of government: six estimates and their standard errors per actor and year."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.evidence.codes import iso3_actor
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_FILE = "wgi.parquet"
_INDICATORS = {
    "Political StabilityNoViolence": "stability",
    "GovernmentEffectiveness": "effectiveness",
    "RuleofLaw": "rule_of_law",
    "ControlofCorruption": "corruption_control",
    "RegulatoryQuality": "regulation",
    "VoiceandAccountability": "voice",
}
# Codes are of the year the table was made, not of the year it speaks of: Serbia's row of 2000 says SRB.
_CODED_ON = date(2023, 9, 1)


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return one row per actor and year with the six indicators side by side."""
    rows = files.table(
        _FILE,
        {"code": pl.String, "year": pl.Int64, "indicator": pl.String, "Estimate": pl.Float64, "StdErr": pl.Float64},
        ignored={"country": "the code names the territory", "Rank": "follows from the estimates of all"},
    )
    codes = rows.get_column("code").unique().sort()
    actors = {code: iso3_actor(files, "codes", code, on=_CODED_ON) for code in codes}
    rows = rows.with_columns(pl.col("code").replace_strict(actors, return_dtype=pl.String).alias("actor"))
    rows = rows.filter(pl.col("actor").is_not_null()).with_columns(
        pl.col("indicator").replace_strict(_INDICATORS, return_dtype=pl.String)
    )
    wide = rows.pivot("indicator", index=["actor", "year"], values=["Estimate", "StdErr"])
    columns: list[pl.Expr] = [pl.col("actor"), pl.col("year").cast(pl.Int16)]
    for name in _INDICATORS.values():
        columns.append(pl.col(f"Estimate_{name}").round(3).cast(pl.Float32).alias(name))
        columns.append(pl.col(f"StdErr_{name}").round(3).cast(pl.Float32).alias(f"{name}_se"))
    return {"governance": wide.select(columns)}
