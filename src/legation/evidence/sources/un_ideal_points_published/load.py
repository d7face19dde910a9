"""Ideal points of UN members as their authors published them, with the member as an actor."""

from __future__ import annotations

import polars as pl

from legation.evidence.naming import Named, unread_rows, with_coded_actors
from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_TABLE = "un_ideal_points_published"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the ideal points, and the codes that gave no actor."""
    points = files.declared(_TABLE).drop("actor").with_columns(pl.date(pl.col("year") + 1, 6, 30).alias("_end"))
    in_year = _named(files, points, "year").frame
    # A member that came in the spring belongs to the session that opened in the autumn before.
    late = _named(files, in_year.filter(pl.col("actor").is_null()).drop("actor"), "_end")
    frame = pl.concat([in_year.drop_nulls("actor"), late.frame]).drop("_end")
    return {_TABLE: frame.sort("session", "ccode"), f"{_TABLE}_unread": unread_rows(late.unread)}


def _named(files: SourceFiles, points: pl.DataFrame, when: str) -> Named:
    return with_coded_actors(
        points, "ccode", system="cow", description=files.description, when=when, table=_TABLE, names="codes"
    )
