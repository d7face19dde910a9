"""Directed threat: tension times relative strength times nearness, each way."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from legation.actors.lookup import code
from legation.evidence.world import World
from legation.relations.drivers import rounded
from legation.relations.gather import Gathered
from legation.relations.held import has_table
from legation.relations.score import PairScore
from legation.relations.types import Threat

__all__ = ["directed_threat"]

_CAPABILITY = "cow_nmc"
_MOST_YEARS_CARRIED = 5


def directed_threat(world: World, gathered: Gathered, score: PairScore, as_of: date, *, carry: bool) -> Threat:
    """Return the threat of each of two actors to the other, in [0, 1], or why it is not known.

    Strength is composite capability (CINC) where the world holds it for the year or at most five years before, marked
    as carried; else active personnel, which is a snapshot and answers for its own time only.

    Parameters
    ----------
    world, gathered, score
        The world, and what was gathered and computed of one pair.
    as_of
        The day.
    carry
        Use personnel seen at another time.
    """
    if np.isnan(score.tension[0]):
        return Threat(a_to_b=None, b_to_a=None, note="Not known: tension is missing.")
    found = _capability(world, gathered.actors, as_of) or _personnel(world, gathered.actors, as_of, carry=carry)
    if isinstance(found, str):
        return Threat(a_to_b=None, b_to_a=None, note=found)
    (a, b), what = found
    if a + b <= 0:
        return Threat(a_to_b=None, b_to_a=None, note="Not known: neither of the two has any strength on record.")
    distance = gathered.distance_km[0]
    far = 0.5 if np.isnan(distance) else float(np.exp(-distance / 5000.0))
    near = 1.0 if gathered.contiguous[0] else far
    shared = float(score.tension[0]) * near / (a + b)
    return Threat(
        a_to_b=rounded(shared * a),
        b_to_a=rounded(shared * b),
        note=f"Tension times the share of the two's {what}",
    )


Strengths = tuple[tuple[float, float], str]


def _capability(world: World, actors: tuple[str, ...], as_of: date) -> Strengths | None:
    """Return both actors' composite capability of the last year known, or None where it is not held."""
    codes = [code(actor, system="cow", on=as_of) for actor in actors]
    if not has_table(world, _CAPABILITY) or None in codes:
        return None
    last = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
    numbers = [int(one) for one in codes if one is not None]
    rows = world.filter(
        _CAPABILITY,
        pl.col("ccode").is_in(numbers),
        pl.col("year").is_between(last - _MOST_YEARS_CARRIED, last),
        pl.col("cinc").is_not_null(),
    )
    years = rows.group_by("year").agg(pl.col("ccode").n_unique().alias("both")).filter(pl.col("both") == 2)
    if years.is_empty():
        return None
    year = int(years.get_column("year").max())  # type: ignore[arg-type]
    cinc = dict(rows.filter(pl.col("year") == year).select("ccode", "cinc").rows())
    carried = f", carried from {year}" if year < last else f" of {year}"
    return (float(cinc[numbers[0]]), float(cinc[numbers[1]])), f"composite capability{carried}, times nearness"


def _personnel(world: World, actors: tuple[str, ...], as_of: date, *, carry: bool) -> Strengths | str:
    """Return both actors' active personnel as seen in the snapshot, or why they cannot be used."""
    if not has_table(world, "forces"):
        return "Not known: the world holds no forces."
    rows = {actor: world.select("forces", actor=actor) for actor in actors}
    info = world.info("forces")
    if any(frame.is_empty() for frame in rows.values()):
        return "Not known: strength of one of the two is missing."
    years = [year for frame in rows.values() for year in frame.get_column("figure_year") if year is not None]
    in_time = min([*years, info.last.year]) <= as_of.year <= info.last.year
    if not in_time and not carry:
        return f"Not known: forces were seen {info.snapshot[:7]} and answer only for that time."
    a, b = (float(frame["active_low"][0] + frame["active_high"][0]) / 2 for frame in rows.values())
    outside = "" if in_time else f"; forces as seen {info.snapshot[:7]}, used outside their time as asked"
    return (a, b), f"personnel times nearness{outside}"
