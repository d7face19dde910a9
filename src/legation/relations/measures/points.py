"""Ideal points of the members of the UN General Assembly, for a world."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.evidence.tables import Column, TableSpec
from legation.evidence.world import World

__all__ = ["members"]

_SPEC_COLUMNS = (
    Column("actor", pl.String, "the member"),
    Column("year", pl.Int16, "year in which the session opened"),
    Column("theta", pl.Float32, "ideal point; over all sessions mean 0 and standard deviation 1"),
    Column("se", pl.Float32, "standard error, with that of the session's place"),
    Column("low", pl.Float32, "lower end of the 90 % band"),
    Column("high", pl.Float32, "upper end of the 90 % band"),
    Column("n_votes", pl.Int16, "votes that the point rests on", "votes"),
)


def members(world: World) -> Iterator[tuple[TableSpec, pl.DataFrame]]:
    """Estimate where the members stand in every session."""
    if not world.holds("un_votes_cast"):
        return
    from legation.relations.ideal_points.world import bridges_by_resid, ideal_point_table

    bridges = None
    if world.holds("un_matched") and world.holds("un_resid_rcid"):
        bridges = bridges_by_resid(world.table("un_matched"), crosswalk=world.table("un_resid_rcid"))
    links = "resolutions on the same text" if bridges is not None else "the random walk of the members alone"
    spec = TableSpec(
        name="ideal_points",
        title="Ideal points in the UN General Assembly, per member and session",
        source="",
        sources=("un_votes", *(("un_bridges",) if bridges is not None else ())),
        key=("actor", "year"),
        columns=_SPEC_COLUMNS,
        time=("year",),
        method=f"dynamic ordinal item-response model, sessions linked by {links}; docs/explanation/ideal-points.md",
    )
    yield spec, ideal_point_table(world.table("un_votes_cast"), bridges=bridges)
