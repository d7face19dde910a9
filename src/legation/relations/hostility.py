"""Standing quarrels of pairs: claims and ruptures from the record, and what a world's ties say of hostility."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.relations.held import has_table
from legation.relations.messages import events_held, hostile_messages
from legation.relations.score import HALF_LIFE_YEARS
from legation.relations.succession import in_todays_names
from legation.relations.ties_table.claims import Claim, claims_of_pair
from legation.relations.ties_table.kinds import TIES_TABLE
from legation.relations.ties_table.origin import FACTS
from legation.relations.ties_table.read import begun_by

if TYPE_CHECKING:
    from legation.evidence.world import World
    from legation.relations.succession import Continuation

__all__ = ["Quarrels", "divergent_agendas", "quarrels"]

Floats = NDArray[np.float64]

_OLDEST: Final = 40  # years; at a half-life of eight nothing is left
_MOST_SESSIONS_BACK: Final = 5
_MOST_EXCESS: Final = 3.0
_BASE: Final = (
    ("votes (of un_agreement)", "un_agreement"),
    ("armed conflict (of conflict_dyads)", "conflict_dyads"),
    ("violence next door (of conflict_deaths)", "conflict_deaths"),
    ("distance and borders (of distance)", "distance"),
)
_NEEDED: Final = {
    "posturing": ("dispute", ("cow_mid_ddydisps", "gml_mid_ddydisps", "cow_mid_dirdisps", "gml_dirdisp")),
    "sanctions": ("sanction", ("gsdb_dyads",)),
    "rivalries": ("rivalry", ("tss_rivalries", "td_rivalries")),
}


@dataclass(frozen=True, kw_only=True)
class Quarrels:
    """Standing quarrels of k pairs; arrays have shape (k,).

    `claims` is from the record alone, `grievances` takes in rivalries and claims of the world's ties. Years are nan
    where nothing was found. `standing` lists each pair's claims of the day, `cited` names the source of the strongest
    tie of a kind for a pair, `events` the table of events that was read, `not_held` the drivers without a table.
    """

    claims: Floats
    grievances: Floats
    posturing: Floats
    sanctions: Floats
    messages: Floats
    posturing_year: Floats
    sanctions_year: Floats
    grievances_year: Floats
    standing: tuple[tuple[Claim, ...], ...]
    cited: dict[tuple[str, int], str]
    events: str
    not_held: tuple[str, ...]


def quarrels(world: World, pairs: pl.DataFrame, *, as_of: date, held: tuple[Continuation, ...]) -> Quarrels:
    """Gather what stands between pairs of actors on a day.

    Parameters
    ----------
    world
        The world; its table of ties is read where it has one.
    pairs
        Rows of `pair`, `a`, `b`, the last two in alphabetical order.
    as_of
        The day.
    held
        Successions that hold: ties of the former state count as its own.
    """
    facts = world.facts_on(as_of)
    standing = tuple(
        tuple(claim for claim in claims_of_pair(a, b) if claim.covers(facts)) for _, a, b in pairs.iter_rows()
    )
    claims = np.array([max((claim.strength for claim in found), default=0.0) for found in standing])
    marks, cited = _marks(world, pairs, as_of, held)
    messages, events = hostile_messages(world, pairs, as_of=as_of)
    rivalry, rivalry_year = marks["rivalry"]
    claimed, claimed_year = marks["claim"]
    return Quarrels(
        claims=claims,
        grievances=np.maximum(claims, np.maximum(rivalry, claimed)),
        posturing=marks["dispute"][0],
        sanctions=marks["sanction"][0],
        messages=messages,
        events=events,
        posturing_year=marks["dispute"][1],
        sanctions_year=marks["sanction"][1],
        grievances_year=np.where(claims > 0, float(as_of.year), np.fmax(rivalry_year, claimed_year)),
        standing=standing,
        cited=cited,
        not_held=_not_held(world),
    )


def _not_held(world: World) -> tuple[str, ...]:
    ties = world.holds(TIES_TABLE)
    missing = [words for words, table in _BASE if not has_table(world, table)]
    for driver, (_, tables) in _NEEDED.items():
        if not ties or not any(world.holds(table) for table in tables):
            missing.append(f"{driver} (of {' or '.join(tables)})")
    if not world.holds("ideal_points"):
        missing.append("divergent agendas by ideal points (votes apart stand in)")
    if not events_held(world):
        missing.append("hostile messages (of event data)")
    return tuple(missing)


def _marks(
    world: World, pairs: pl.DataFrame, as_of: date, held: tuple[Continuation, ...]
) -> tuple[dict[str, tuple[Floats, Floats]], dict[tuple[str, int], str]]:
    """Return for each hostile kind the strongest tie, faded from its end, with its last year and its source."""
    kinds = ("dispute", "sanction", "rivalry", "claim")
    nothing = np.zeros(len(pairs)), np.full(len(pairs), np.nan)
    if not world.holds(TIES_TABLE):
        return dict.fromkeys(kinds, nothing), {}
    names = sorted({*pairs.get_column("a"), *pairs.get_column("b")})
    former = [*names, *(one.former for one in held)]
    rows = world.filter(
        TIES_TABLE,
        pl.col("actor_a").is_in(former),
        pl.col("actor_b").is_in(former),
        pl.col("kind").is_in(kinds),
        pl.col("source_table") != FACTS.table,  # claims of the record are read as they stand on the day
        pl.col("start").is_null() | (pl.col("start") <= as_of),
        begun_by(as_of),
    )
    ended = pl.min_horizontal(pl.coalesce("end", pl.lit(as_of)), pl.lit(as_of)).dt.year()
    dated = rows.select(
        "kind",
        "strength",
        source=pl.concat_str("source", "version", separator=", "),
        a=pl.min_horizontal("actor_a", "actor_b"),
        b=pl.max_horizontal("actor_a", "actor_b"),
        year=ended,
    )
    dated = in_todays_names(dated, held).filter(pl.col("year") >= as_of.year - _OLDEST)
    faded = 0.5 ** ((as_of.year - pl.col("year")).cast(pl.Float64) / HALF_LIFE_YEARS)
    dated = dated.with_columns(mark=pl.col("strength") * faded)
    strongest = dated.sort("mark").group_by("a", "b", "kind", maintain_order=True).last()
    cited = pairs.join(strongest, on=["a", "b"], how="inner").select("kind", "pair", "source")
    marks = {kind: _joined(pairs, dated.filter(pl.col("kind") == kind)) for kind in kinds}
    return marks, {(kind, int(pair)): source for kind, pair, source in cited.iter_rows()}


def _joined(pairs: pl.DataFrame, rows: pl.DataFrame) -> tuple[Floats, Floats]:
    best = rows.group_by("a", "b").agg(pl.col("mark").max(), pl.col("year").max())
    found = pairs.join(best, on=["a", "b"], how="left").sort("pair")
    marks: Floats = found.get_column("mark").cast(pl.Float64).fill_null(0.0).to_numpy()
    years: Floats = found.get_column("year").cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return marks, years


def divergent_agendas(
    world: World, pairs: pl.DataFrame, *, session: int, held: tuple[Continuation, ...]
) -> tuple[Floats, Floats]:
    """Return how much further apart the ideal points of each pair lie than is usual for the two, and the year.

    Usual is the mean of the two members' mean distances to all others in that session: a member that stands far from
    everybody is not at odds with each for it. No excess counts as 0, three standard deviations or more as 1; nan where
    not known.
    """
    missing = np.full(len(pairs), np.nan)
    if not world.holds("ideal_points"):
        return missing, missing
    rows = world.filter("ideal_points", pl.col("year").is_between(session - _MOST_SESSIONS_BACK, session))
    points = in_todays_names(rows.select("actor", "year", "theta"), held, pair=False)
    points = points.join(_usual_distances(rows), on=["year", "theta"], how="left").unique(["actor", "year"])
    both = pairs.join(points, left_on="a", right_on="actor", how="inner")
    both = both.join(points, left_on=["b", "year"], right_on=["actor", "year"], how="inner", suffix="_b")
    last = both.sort("year").group_by("pair", maintain_order=True).last()
    excess = (pl.col("theta") - pl.col("theta_b")).abs() - (pl.col("usual") + pl.col("usual_b")) / 2
    found = pairs.join(last.select("pair", "year", excess=excess), on="pair", how="left").sort("pair")
    share: Floats = np.clip(_numbers(found, "excess") / _MOST_EXCESS, 0.0, 1.0)
    return share, _numbers(found, "year")


def _usual_distances(points: pl.DataFrame) -> pl.DataFrame:
    """Return the mean distance of each point of a session to all others."""
    parts = []
    for session in points.sort("actor").partition_by("year"):
        theta = session.get_column("theta").cast(pl.Float64).to_numpy()
        mean = np.abs(theta[:, None] - theta).sum(axis=1) / max(1, len(theta) - 1)
        parts.append(session.select("year", "theta").with_columns(usual=pl.Series(mean)))
    found = pl.concat(parts) if parts else points.select("year", "theta", usual=pl.lit(0.0))
    return found.unique(["year", "theta"])


def _numbers(frame: pl.DataFrame, column: str) -> Floats:
    numbers: Floats = frame.get_column(column).cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return numbers
