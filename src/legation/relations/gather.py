"""Gather what a world and the actors' treaties say of pairs at a date, with the years each figure comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.actors import members, memberships
from legation.actors.treaties import TreatyStatus, treaty_status
from legation.evidence.world import World
from legation.relations.armed import conflict_marks, floats
from legation.relations.community import community, shared_small_groups
from legation.relations.contact import contact, signs_of_contact
from legation.relations.held import has_table, rows_of
from legation.relations.hostility import Quarrels, divergent_agendas, quarrels
from legation.relations.score import PairEvidence, centre_agreement
from legation.relations.succession import Continuation, continuations, in_todays_names

__all__ = ["Gathered", "gather", "session_at", "shared_groups", "treaty_between"]

Floats = NDArray[np.float64]
Years = NDArray[np.float64]

_FEWEST_VOTES = 10  # fewer roll calls in common say nothing: session 19 had one
_MOST_SESSIONS_BACK = 5
_PERMANENT_MEMBERS = frozenset({"USA", "RUS", "SUN", "CHN", "GBR", "FRA"})  # UN Charter, article 23
_NO_CONFLICT_DATA = 50.0  # as wide an interval as fifty years after the data end
_MOST_DEATHS_LOG10 = 4.0  # ten thousand deaths a year count in full


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Evidence on k pairs of actors, and where it comes from.

    `first` and `second` hold the rows of the two actors in `actors`. Years are nan where nothing was found. `through`
    names the third party whose conflict counts under `ally_fights`.
    """

    actors: tuple[str, ...]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    evidence: PairEvidence
    agreement: Floats
    common_votes: Floats
    vote_year: Years
    fought_year: Years
    opposed_year: Years
    together_year: Years
    distance_km: Floats
    contiguous: NDArray[np.bool_]
    through: tuple[str, ...]
    conflict_until: int
    quarrels: Quarrels
    agendas_year: Years
    embassies_tell: bool
    successions: tuple[Continuation, ...]


@lru_cache(maxsize=200_000)
def treaty_between(a: str, b: str, on: date) -> TreatyStatus:
    """Return the treaty status of a pair on a day; kept, since a map of all pairs asks for each many times."""
    return treaty_status(a, b, on=on)


def session_at(as_of: date) -> int:
    """Return the year of the last session of the General Assembly whose main part was over on a day."""
    return as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1


def gather(
    world: World,
    actors: Sequence[str],
    *,
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    as_of: date,
    snapshots: bool = True,
) -> Gathered:
    """Gather the evidence on pairs of actors as of a date.

    Parameters
    ----------
    world
        The world to read.
    actors
        Actor ids.
    first, second
        Shape (k,): rows in `actors` of the two members of each pair.
    as_of
        The day; nothing that began later is used, except sums over the calendar year of the day in which a conflict
        had begun before it.
    snapshots
        Whether embassies seen within five years of the day tell of contact. Two dates are compared without them, since
        a snapshot near one of them alone would look like a change.
    """
    ids = tuple(actors)
    pairs = pl.DataFrame(
        {
            "pair": pl.Series(range(len(first)), dtype=pl.Int64),
            "a": pl.Series([min(ids[i], ids[j]) for i, j in zip(first, second, strict=True)], dtype=pl.String),
            "b": pl.Series([max(ids[i], ids[j]) for i, j in zip(first, second, strict=True)], dtype=pl.String),
        }
    )
    held = continuations(ids, on=as_of)
    facts = world.facts_on(as_of)
    votes = _votes(world, pairs, as_of, held)
    conflict = conflict_marks(world, pairs, as_of, held)
    near = _near(world, pairs)
    treaty = np.array([_treaty_code(a, b, facts) for a, b in pairs.select("a", "b").iter_rows()], dtype=np.int8)
    ally_fights, through = _ally_fights(conflict.hostile, pairs, facts)
    between = quarrels(world, pairs, as_of=as_of, held=held)
    agendas, agendas_year = divergent_agendas(world, pairs, session=session_at(as_of), held=held)
    signs, embassies_tell = signs_of_contact(world, pairs, as_of=as_of, held=held, snapshots=snapshots)
    evidence = PairEvidence(
        votes=votes.centred,
        votes_se=votes.standard_error,
        votes_carried=votes.carried,
        treaty=treaty,
        organisations=_organisations(ids, facts)[first, second],
        side_by_side=conflict.together,
        fought=conflict.fought,
        opposed=conflict.opposed,
        ally_fights=ally_fights,
        violence=_violence(world, pairs, near.contiguous, as_of),
        conflict_carried=np.full(len(pairs), _years_outside(world, as_of)),
        contact=np.ones(len(pairs)),
        community=community(ids, on=facts)[first, second],
        neighbours=near.contiguous.astype(np.float64),
        enmity=conflict.remembered,
        claims=between.claims,
        grievances=between.grievances,
        posturing=between.posturing,
        sanctions=between.sanctions,
        messages=between.messages,
        agendas=agendas,
    )
    likely = contact(
        certain=_certain_contact(evidence, pairs, near),
        distance=near.distance,
        organisations=evidence.organisations,
        small_group=shared_small_groups(ids, on=facts)[first, second],
        signs=signs,
    )
    return Gathered(
        actors=ids,
        first=first,
        second=second,
        evidence=replace(evidence, contact=likely),
        agreement=votes.agreement,
        common_votes=votes.n,
        vote_year=votes.year,
        fought_year=conflict.fought_year,
        opposed_year=conflict.opposed_year,
        together_year=conflict.together_year,
        distance_km=near.distance,
        contiguous=near.contiguous,
        through=through,
        conflict_until=conflict.until,
        quarrels=between,
        agendas_year=agendas_year,
        embassies_tell=embassies_tell,
        successions=held,
    )


@dataclass(frozen=True)
class _Votes:
    centred: Floats
    standard_error: Floats
    carried: Floats
    agreement: Floats
    n: Floats
    year: Years


def _votes(world: World, pairs: pl.DataFrame, as_of: date, held: tuple[Continuation, ...]) -> _Votes:
    """Return centred agreement from the latest session that is over, or up to five before it."""
    wanted = session_at(as_of)
    names = [*_names(pairs), *(one.former for one in held)]
    rows = rows_of(
        world,
        "un_agreement",
        pl.col("a").is_in(names),
        pl.col("b").is_in(names),
        pl.col("year").is_between(wanted - _MOST_SESSIONS_BACK, wanted),
        pl.col("n") >= _FEWEST_VOTES,
    )
    rows = in_todays_names(rows, held).sort("year").group_by("a", "b", maintain_order=True).last()
    means = rows_of(world, "un_members", pl.col("actor").is_in(names), pl.col("year") >= wanted - _MOST_SESSIONS_BACK)
    mean = in_todays_names(means.select("actor", "year", "mean_agreement"), held, pair=False).unique(["actor", "year"])
    found = (
        pairs.join(rows, on=["a", "b"], how="left")
        .join(mean, left_on=["a", "year"], right_on=["actor", "year"], how="left")
        .join(mean, left_on=["b", "year"], right_on=["actor", "year"], how="left", suffix="_b")
        .sort("pair")
    )
    n, same, opposite = (floats(found, name) for name in ("n", "same", "opposite"))
    agreement = floats(found, "agreement")
    expected = (floats(found, "mean_agreement") + floats(found, "mean_agreement_b")) / 2
    # A vote scores 1 (same), 1/2 (one abstains) or 0 (opposite); one prior vote keeps unanimity from looking certain.
    variance = (same + (n - same - opposite) / 4 + 0.5) / (n + 1) - ((agreement * n + 0.5) / (n + 1)) ** 2
    room = np.where(agreement >= expected, 1 - expected, expected)
    year = floats(found, "year")
    return _Votes(
        centred=centre_agreement(agreement, expected=expected),
        standard_error=np.sqrt(np.maximum(variance, 0) / n) / np.maximum(room, 0.05),
        carried=wanted - year,
        agreement=agreement,
        n=n,
        year=year,
    )


def _ally_fights(
    enemies: dict[str, dict[str, float]], pairs: pl.DataFrame, as_of: date
) -> tuple[Floats, tuple[str, ...]]:
    """Return how strongly one of a pair fights a party that the other is bound to, and which party that is."""
    marks, through = np.zeros(len(pairs)), [""] * len(pairs)
    for row, a, b in pairs.iter_rows():
        for friend, foe in ((a, b), (b, a)):
            for third, mark in sorted(enemies.get(foe, {}).items()):
                if third == friend:
                    continue
                bound = _treaty_code(friend, third, as_of) / 2 * mark
                if bound > marks[row]:
                    marks[row], through[row] = bound, third
    return marks, tuple(through)


def _treaty_code(a: str, b: str, as_of: date) -> int:
    status = treaty_between(min(a, b), max(a, b), as_of).status
    return {"ally": 2, "partner": 1, "none": 0}[status]


def shared_groups(actors: Sequence[str], as_of: date) -> list[dict[str, float]]:
    """Return the organisations of each actor with their weights: an organisation of m members weighs 1 / sqrt(m).

    The United Nations are left out, since nearly all are in them.
    """
    return [
        {
            str(row.organisation): _group_weight(str(row.organisation), as_of)
            for row in memberships(actor, on=as_of)
            if row.status == "member" and row.organisation != "UN"
        }
        for actor in actors
    ]


@lru_cache(maxsize=10_000)
def _group_weight(organisation: str, as_of: date) -> float:
    return 1.0 / sqrt(max(1, len(members(organisation, on=as_of))))


def _organisations(actors: Sequence[str], as_of: date) -> Floats:
    """Return the closeness of each pair's memberships, shape (n, n): shared weight over the geometric mean of both."""
    groups = shared_groups(actors, as_of)
    names = sorted({name for group in groups for name in group})
    matrix = np.array([[sqrt(group.get(name, 0.0)) for name in names] for group in groups]).reshape(len(groups), -1)
    shared = matrix @ matrix.T
    own = np.sqrt(np.outer(np.diagonal(shared), np.diagonal(shared)))
    closeness: Floats = np.divide(shared, own, out=np.zeros_like(shared), where=own > 0)
    return closeness


def _years_outside(world: World, as_of: date) -> float:
    """Return how many years the day lies outside the time that the conflict data speak of."""
    if not has_table(world, "conflict_dyads"):
        return _NO_CONFLICT_DATA
    info = world.info("conflict_dyads")
    return float(max(0, as_of.year - info.last.year, info.first.year - as_of.year))


@dataclass(frozen=True)
class _Near:
    distance: Floats
    contiguous: NDArray[np.bool_]


def _near(world: World, pairs: pl.DataFrame) -> _Near:
    names = _names(pairs)
    rows = rows_of(world, "distance", pl.col("a").is_in(names), pl.col("b").is_in(names))
    found = pairs.join(rows, on=["a", "b"], how="left").sort("pair")
    contiguous = found.get_column("contiguous").fill_null(value=False).to_numpy()
    return _Near(floats(found, "between_capitals"), contiguous)


def _violence(world: World, pairs: pl.DataFrame, contiguous: NDArray[np.bool_], as_of: date) -> Floats:
    """Return, for neighbours, how deadly the twelve months before were on the more violent side of the border."""
    if not has_table(world, "conflict_deaths"):
        return np.zeros(len(pairs))
    last = world.info("conflict_deaths").last
    months = min(as_of.year * 12 + as_of.month - 1, last.year * 12 + last.month)
    number = pl.col("year").cast(pl.Int32) * 12 + pl.col("month")
    rows = world.filter("conflict_deaths", pl.col("actor").is_in(_names(pairs)), number > months - 12, number <= months)
    deaths: dict[str, int] = dict(rows.group_by("actor").agg(pl.col("deaths").sum()).rows())
    worst = np.array([max(deaths.get(a, 0), deaths.get(b, 0)) for _, a, b in pairs.iter_rows()], dtype=np.float64)
    return np.where(contiguous, np.minimum(1.0, np.log10(1.0 + worst) / _MOST_DEATHS_LOG10), 0.0)


def _certain_contact(evidence: PairEvidence, pairs: pl.DataFrame, near: _Near) -> NDArray[np.bool_]:
    """Return where two actors surely have to do with each other."""
    permanent = np.array(
        [a in _PERMANENT_MEMBERS or b in _PERMANENT_MEMBERS for _, a, b in pairs.iter_rows()], dtype=bool
    )
    marked = (evidence.fought > 0) | (evidence.opposed > 0) | (evidence.side_by_side > 0)
    quarrel = (evidence.more("grievances") > 0) | (evidence.more("posturing") > 0) | (evidence.more("sanctions") > 0)
    sure: NDArray[np.bool_] = (evidence.treaty > 0) | near.contiguous | permanent | marked | quarrel
    return sure


def _names(pairs: pl.DataFrame) -> list[str]:
    return sorted({*pairs.get_column("a"), *pairs.get_column("b")})
