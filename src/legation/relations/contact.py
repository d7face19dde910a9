"""How sure it is that two actors have to do with each other: what else their silence would be is negligible contact."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.relations.succession import in_todays_names
from legation.relations.ties_table.kinds import TIES_TABLE
from legation.relations.ties_table.read import begun_by

if TYPE_CHECKING:
    from legation.evidence.world import World
    from legation.relations.succession import Continuation

__all__ = ["CERTAIN", "SEEN_YEARS", "contact", "signs_of_contact"]

Floats = NDArray[np.float64]

CERTAIN: Final = 0.98
SEEN_YEARS: Final = 5
"""Years around its day in which a snapshot of embassies tells of contact, and of nothing else."""

_EMBASSY_ONE_WAY, _EMBASSY_BOTH_WAYS = 0.8, 0.95
_SMALL_GROUP: Final = 0.9
_OFFICIAL_LANGUAGE: Final = 0.5
_RECENT_TIE: Final = 0.9
_TIE_YEARS: Final = 10
_TIES_THAT_TELL: Final = (
    "agreement", "pact", "exercise", "visit", "training", "troops", "base", "arms", "sanction", "dispute", "war",
    "rivalry", "aid_military", "aid_other",
)  # fmt: skip
_FAR, _FAR_WIDTH = 6000.0, 1500.0  # km; beyond, two states without other ties mostly have little to do with each other
_UNKNOWN_DISTANCE: Final = 0.5


def contact(
    *,
    certain: NDArray[np.bool_],
    distance: Floats,
    organisations: Floats,
    small_group: NDArray[np.bool_],
    signs: Floats,
) -> Floats:
    """Return the probability of contact of k pairs.

    Parameters
    ----------
    certain
        Pairs with a treaty, a border, a conflict, a claim, or with a permanent member of the Security Council.
    distance
        Kilometres between the capitals, nan where unknown.
    organisations
        Closeness of memberships, in [0, 1].
    small_group
        Whether the two meet in an organisation of at most 33 members.
    signs
        What embassies, a common official language and dated ties add, in [0, 1].
    """
    near = 1.0 / (1.0 + np.exp((distance - _FAR) / _FAR_WIDTH))
    near = np.where(np.isnan(near), _UNKNOWN_DISTANCE, near)
    none = (1.0 - near) * (1.0 - organisations) * np.where(small_group, 1.0 - _SMALL_GROUP, 1.0) * (1.0 - signs)
    return np.where(certain, CERTAIN, np.minimum(1.0 - none, CERTAIN))


def signs_of_contact(
    world: World, pairs: pl.DataFrame, *, as_of: date, held: tuple[Continuation, ...], snapshots: bool = True
) -> tuple[Floats, bool]:
    """Return what embassies, languages and dated ties say of contact, and whether embassies were used."""
    none = np.ones(len(pairs))
    names = sorted({*pairs.get_column("a"), *pairs.get_column("b")})
    snapshot = world.info("embassies").last if snapshots and world.holds("embassies") else None
    seen = snapshot is not None and abs((as_of - snapshot).days) <= SEEN_YEARS * 365.25
    if seen:
        none *= 1.0 - _embassies(world, pairs, names)
    if world.holds("languages"):
        rows = world.filter("languages", pl.col("a").is_in(names), pl.col("b").is_in(names), pl.col("official"))
        none *= 1.0 - _OFFICIAL_LANGUAGE * _present(pairs, rows.select("a", "b"))
    if world.holds(TIES_TABLE):
        none *= 1.0 - _RECENT_TIE * _present(pairs, _recent_ties(world, names, as_of, held))
    return 1.0 - none, seen


def _embassies(world: World, pairs: pl.DataFrame, names: list[str]) -> Floats:
    rows = world.filter(
        "embassies",
        pl.col("sender").is_in(names),
        pl.col("host").is_in(names),
        (pl.col("embassies") > 0) | (pl.col("consulates") > 0),
    )
    both = rows.select(a=pl.min_horizontal("sender", "host"), b=pl.max_horizontal("sender", "host"))
    ways = both.group_by("a", "b").len()
    found = pairs.join(ways, on=["a", "b"], how="left").sort("pair").get_column("len").fill_null(0).to_numpy()
    return np.select([found >= 2, found == 1], [_EMBASSY_BOTH_WAYS, _EMBASSY_ONE_WAY], 0.0)


def _recent_ties(world: World, names: list[str], as_of: date, held: tuple[Continuation, ...]) -> pl.DataFrame:
    former = [*names, *(one.former for one in held)]
    begun = (pl.col("start").is_null() | (pl.col("start") <= as_of)) & begun_by(as_of)
    lasting = pl.col("end").is_null() | (pl.col("end") >= date(as_of.year - _TIE_YEARS, 1, 1))
    rows = world.filter(
        TIES_TABLE,
        pl.col("actor_a").is_in(former),
        pl.col("actor_b").is_in(former),
        pl.col("kind").is_in(_TIES_THAT_TELL),
        begun & lasting,
    )
    named = rows.select(
        a=pl.min_horizontal("actor_a", "actor_b"),
        b=pl.max_horizontal("actor_a", "actor_b"),
        year=pl.coalesce("end", "start").dt.year().fill_null(as_of.year),
    )
    return in_todays_names(named, held).select("a", "b")


def _present(pairs: pl.DataFrame, rows: pl.DataFrame) -> Floats:
    marked = rows.unique().with_columns(found=pl.lit(1.0))
    found: Floats = (
        pairs.join(marked, on=["a", "b"], how="left").sort("pair").get_column("found").fill_null(0).to_numpy()
    )
    return found
