"""Similarity of votes and of alliances, for all pairs and years of a world."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.evidence.tables import Column, TableSpec
from legation.evidence.world import World
from legation.relations.measures.codes import pairs_with_actors

__all__ = ["alliances", "votes"]

_MEANINGS = {
    "s_abs": "S of Signorino and Ritter, absolute distance",
    "s_sq": "S of Signorino and Ritter, squared distance",
    "s_abs_w": "S, absolute distance, positions weighted by capability",
    "s_sq_w": "S, squared distance, positions weighted by capability",
    "kappa": "Cohen's weighted kappa, squared weights",
    "pi": "Scott's weighted pi",
    "tau_b": "Kendall's tau-b",
    "a_index": "A: S less S expected under independence",
}
Computed = Iterator[tuple[TableSpec, pl.DataFrame]]


def votes(world: World) -> Computed:
    """Compare the votes of all pairs of members in every session."""
    if not world.holds("un_votes_cast"):
        return
    from legation.relations.similarity import vote_similarity

    cast = world.table("un_votes_cast").drop_nulls(["actor", "vote"])
    frame = cast.select(
        pl.col("year"), pl.col("resid").cast(pl.String).alias("resolution"), "actor", pl.col("vote").cast(pl.Int8)
    )
    found = vote_similarity(frame)
    yield _table(
        "vote_similarity",
        "Similarity of votes in the UN General Assembly, per pair and session",
        found.frame,
        measures=found.measures,
        sources=("un_votes",),
        n="roll calls in which both voted",
    )


def alliances(world: World) -> Computed:
    """Compare the alliance portfolios of all pairs of states in every year."""
    if not (world.holds("atop_ddy") and world.holds("cow_system")):
        return
    from legation.relations.similarity import alliance_similarity, members_by_year, valued_ties

    ddy = world.table("atop_ddy")
    first, last = int(ddy["year"].min()), int(ddy["year"].max())  # type: ignore[arg-type]
    members = members_by_year(world.table("cow_system"), first=max(1816, first), last=last)
    weights = None
    if world.holds("cow_nmc"):
        nmc = world.table("cow_nmc").drop_nulls("cinc")
        weights = nmc.select(pl.col("ccode").alias("actor"), "year", pl.col("cinc").alias("weight"))
    found = alliance_similarity(valued_ties(ddy), members, weights=weights)
    yield _table(
        "alliance_similarity",
        "Similarity of alliance portfolios, per pair and year",
        pairs_with_actors(found.frame),
        measures=found.measures,
        sources=("atop", "state_systems", *(("cow_nmc",) if weights is not None else ())),
        n="members of the system compared",
    )


def _table(
    name: str, title: str, frame: pl.DataFrame, *, measures: tuple[str, ...], sources: tuple[str, ...], n: str
) -> tuple[TableSpec, pl.DataFrame]:
    spec = TableSpec(
        name=name,
        title=title,
        source="",
        sources=sources,
        key=("a", "b", "year"),
        ship=False,
        columns=(
            Column("a", pl.String, "first actor of the pair, in alphabetical order"),
            Column("b", pl.String, "second actor of the pair"),
            Column("year", pl.Int16, "calendar year"),
            Column("n", pl.Int32, n),
            *(Column(measure, pl.Float64, _MEANINGS.get(measure, measure), nullable=True) for measure in measures),
        ),
        time=("year",),
        method="as docs/explanation/similarity-and-balance.md says; missing where undefined",
    )
    return spec, frame.select(
        pl.col("a").cast(pl.String),
        pl.col("b").cast(pl.String),
        pl.col("year").cast(pl.Int16),
        pl.col("n").cast(pl.Int32),
        *(pl.col(measure).cast(pl.Float64) for measure in measures),
    )
