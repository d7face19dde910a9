"""Visits of top Chinese leaders abroad, with the country as an actor."""

from __future__ import annotations

import polars as pl

from legation.evidence.naming import unread_rows, with_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_TABLE = "china_leader_travel"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the rows with their actor, and what gave none."""
    rows = files.declared(_TABLE).drop("actor")
    named = with_actors(rows, "Country", description=files.description, when="Year", table=_TABLE)
    return {_TABLE: named.frame, f"{_TABLE}_unread": unread_rows(named.unread)}
