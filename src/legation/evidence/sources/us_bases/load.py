"""United States bases abroad, with the state that holds each site's territory."""

from __future__ import annotations

import polars as pl

from legation.evidence.naming import unread_rows, with_coded_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_TABLE = "us_bases"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the sites, and the codes that gave no actor."""
    sites = files.declared(_TABLE).drop("actor")
    dated = sites.with_columns(pl.lit(files.description.time_domain.first).alias("_day"))
    named = with_coded_actors(
        dated, "ccode", system="cow", description=files.description, when="_day", table=_TABLE, names="codes"
    )
    return {_TABLE: named.frame.drop("_day"), f"{_TABLE}_unread": unread_rows(named.unread)}
