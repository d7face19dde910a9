"""Government aid to Ukraine: the tracker's own columns, with the donor as an actor."""

from __future__ import annotations

import polars as pl

from legation.evidence.naming import unread_rows, with_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_TABLE = "kiel"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the rows of the tracker, and the donors that are no actors."""
    rows = files.declared(_TABLE).drop("actor")
    named = with_actors(rows, "donor", description=files.description, when="announcement_date", table=_TABLE)
    return {_TABLE: named.frame, f"{_TABLE}_unread": unread_rows(named.unread)}
