"""Shared languages: the probability that two people share one, and official languages in common."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.evidence.codes import dated_actor_or_none
from legation.evidence.reading import SourceFiles

__all__ = ["load", "shared_probability"]

_FILE = "cldr_territory_languages.parquet"
_CODED_ON = date(2026, 1, 1)
_OFFICIAL = ("official", "de_facto_official")


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return one row per pair of actors; territories that are no actors fall away."""
    rows = files.table(
        _FILE,
        {"iso2": pl.String, "language": pl.String, "population_percent": pl.Float64, "official_status": pl.String},
        ignored={
            "population": "the share is enough",
            "literacy_percent": "speaking is asked for, not reading",
            "gdp": "not used",
        },
    )
    codes = rows.get_column("iso2").unique().sort()
    actors = {code: dated_actor_or_none("iso2", code, days=(_CODED_ON,)) for code in codes}
    spoken = (
        rows.select(
            pl.col("iso2").replace_strict(actors, return_dtype=pl.String).alias("actor"),
            pl.col("language").str.split("_").list.first().alias("language"),
            (pl.col("population_percent") / 100).alias("share"),
            pl.col("official_status").is_in(_OFFICIAL).fill_null(value=False).alias("official"),
        )
        .filter(pl.col("actor").is_not_null())
        .group_by("actor", "language")
        .agg(pl.col("share").max(), pl.col("official").any())
        .sort("actor", "language")
    )
    names = spoken.get_column("actor").unique().sort()
    shares, official = _matrix(spoken, names, "share"), _matrix(spoken, names, "official")
    first, second = np.triu_indices(len(names), k=1)
    return {
        "languages": pl.DataFrame(
            {
                "a": names.gather(first),
                "b": names.gather(second),
                "shared": pl.Series(np.round(shared_probability(shares)[first, second], 4)).cast(pl.Float32),
                "official": pl.Series(((official @ official.T) > 0)[first, second]),
            }
        )
    }


def _matrix(spoken: pl.DataFrame, names: pl.Series, value: str) -> NDArray[np.float64]:
    """Return an (actors, languages) matrix of one column, 0 where a language is not listed."""
    languages = spoken.get_column("language").unique().sort()
    places = {name: place for place, name in enumerate(names)}
    columns = {name: place for place, name in enumerate(languages)}
    matrix = np.zeros((len(names), len(languages)))
    for actor, language, number in spoken.select("actor", "language", value).iter_rows():
        matrix[places[actor], columns[language]] = float(number)
    return matrix


def shared_probability(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that two people, one from each actor, share a language.

    Parameters
    ----------
    shares
        Shape (actors, languages): the share of each actor's people that use a language, in [0, 1].

    Returns
    -------
    NDArray[np.float64]
        Shape (actors, actors): 1 - prod over languages of (1 - p_a p_b).
    """
    neither = np.ones((shares.shape[0], shares.shape[0]))
    for column in shares.T:  # languages one after the other, so that the product is the same on every machine
        neither *= 1.0 - np.outer(column, column)
    return 1.0 - neither
