"""Influence capacity of China and Russia in every receiver, with the receiver as an actor."""

from __future__ import annotations

import polars as pl

from legation.evidence.naming import unread_rows, with_coded_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_TABLE = "fbic"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the rows with their actor, and what gave none."""
    rows = files.declared(_TABLE).drop("actor")
    named = with_coded_actors(
        rows, "iso3", system="iso3", description=files.description, when="year", table=_TABLE, names="codes"
    )
    return {_TABLE: named.frame, f"{_TABLE}_unread": unread_rows(named.unread)}
