"""The level by a trained model, where the world holds one: shown beside the score, never blended with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from legation.relations.levels import Level

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["LEVEL_TABLE", "LevelAnswer", "level_of"]

LEVEL_TABLE = "relation_levels"
"""A world's table of trained levels: `a`, `b` (actors in alphabetical order), `year`, `p0` to `p4` (the probabilities
from severe rivalry to security community), `extrapolated` and, where it was learned, `negligible`. Its method says what
the model was trained on."""


class LevelAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The level of a pair by a trained model.

    `probabilities` holds the five levels of pairs in contact, `negligible` the probability that the two have too
    little contact for any of them, None where that was not learned. `year` is the year whose evidence was read;
    `extrapolated` says that it lies after the years the scale covers, or that the date lies after the table.
    """

    level: Level
    probabilities: Mapping[str, float]
    basis: str
    year: int
    extrapolated: bool
    negligible: float | None = None


def level_of(world: World, a: str, b: str, *, as_of: date) -> LevelAnswer | None:
    """Return the trained level of a pair as of a date, or None where the world holds no trained levels of it.

    The row of the last year that was over at the date is read; evidence of the running year is not known yet.
    """
    if not world.holds(LEVEL_TABLE):
        return None
    import polars as pl

    over = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
    rows = world.filter(LEVEL_TABLE, pl.col("a") == min(a, b), pl.col("b") == max(a, b), pl.col("year") <= over).sort(
        "year"
    )
    if rows.is_empty():
        return None
    row = rows.row(-1, named=True)
    names = [level.value for level in Level if level is not Level.NEGLIGIBLE_CONTACT]
    shares = {name: round(float(row[f"p{place}"]), 4) for place, name in enumerate(names)}
    negligible = row.get("negligible")
    info = world.info(LEVEL_TABLE)
    return LevelAnswer(
        level=Level(max(shares, key=lambda name: shares[name])),
        probabilities=shares,
        basis=info.method or "trained on tables that this world was built from",
        year=int(row["year"]),
        extrapolated=bool(row["extrapolated"]) or over > int(row["year"]),
        negligible=None if negligible is None else round(float(negligible), 4),
    )
