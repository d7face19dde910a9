"""Structural balance of the signed network of each year of a world."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.evidence.tables import Column, TableSpec
from legation.evidence.world import World
from legation.relations.measures.codes import pairs_with_actors

__all__ = ["years"]

Computed = Iterator[tuple[TableSpec, pl.DataFrame]]
_YEAR = Column("year", pl.Int16, "calendar year")


def years(world: World) -> Computed:
    """Measure frustration, camps and ties out of line for every year that alliances and disputes cover."""
    disputes = next((name for name in ("gml_mid_ddydisps", "cow_mid_ddydisps") if world.holds(name)), None)
    rivalries = "tss_rivalries" if world.holds("tss_rivalries") else None
    if not world.holds("atop_ddy") or (disputes is None and rivalries is None):
        return
    from legation.relations.balance.edges import signed_edges
    from legation.relations.balance.measure import balance
    from legation.relations.balance.networks import signed_network

    ddy = world.table("atop_ddy")
    network = signed_network(
        ddy,
        first=1816,
        last=int(ddy["year"].max()),  # type: ignore[arg-type]
        disputes=None if disputes is None else world.table(disputes),
        rivalries=None if rivalries is None else world.table(rivalries),
    )
    named = pairs_with_actors(network.frame.select("a", "b", "year", "sign"))
    found = balance(signed_edges(named, period="year", repeated="sum"))
    sources = ("atop", *(("gml_mid" if disputes == "gml_mid_ddydisps" else "cow_mid",) if disputes else ()))
    sources += ("strategic_rivalries_tss",) if rivalries else ()
    method = " ".join((*network.notes[:1], "Least frustration is exact where proven is true."))
    for name, title, key, columns, frame in (
        ("balance_years", "Structural balance of each year's signed network", (), _PERIODS, found.periods),
        ("balance_camps", "The two camps of each year's best division", ("actor",), _CAMPS, found.camps),
        ("balance_ties", "Ties out of line in each year", ("a", "b"), _TIES, found.ties),
    ):
        spec = TableSpec(
            name=name,
            title=title,
            source="",
            sources=sources,
            key=("year", *key),
            ship=False,
            columns=tuple(column for _, column in columns),
            time=("year",),
            method=method,
        )
        yield spec, _renamed(frame, columns)


_PERIODS: tuple[tuple[str, Column], ...] = (
    ("period", _YEAR),
    ("actors", Column("actors", pl.Int32, "actors with a tie", "actors")),
    ("ties", Column("ties", pl.Int32, "ties", "ties")),
    ("hostile", Column("hostile", pl.Int32, "hostile ties", "ties")),
    ("L", Column("frustration", pl.Float64, "least weight of ties out of line, L")),
    ("bound", Column("bound", pl.Float64, "proven lower bound on L")),
    ("proven", Column("proven", pl.Boolean, "whether L is proven to be the least")),
    ("F", Column("balance", pl.Float64, "F = 1 - 2 L / m", nullable=True)),
    ("triangle_index", Column("triangle_index", pl.Float64, "share of balanced triads, weighted", nullable=True)),
    ("mendable", Column("mendable", pl.Int32, "hostile ties whose mending lowers L", "ties", nullable=True)),
)
_CAMPS: tuple[tuple[str, Column], ...] = (
    ("period", _YEAR),
    ("actor", Column("actor", pl.String, "the actor")),
    ("part", Column("part", pl.Int32, "connected part of the network; 0 is the largest")),
    ("camp", Column("camp", pl.Int8, "camp within its part; 0 is the larger")),
)
_TIES: tuple[tuple[str, Column], ...] = (
    ("period", _YEAR),
    ("a", Column("a", pl.String, "first actor of the pair")),
    ("b", Column("b", pl.String, "second actor of the pair")),
    ("weight", Column("sign", pl.Float64, "sign and weight of the tie")),
    ("lowers", Column("lowers", pl.Float64, "how much L falls when the sign turns")),
    ("mendable", Column("mendable", pl.Boolean, "hostile, and mending it lowers L: these alone are advice")),
)


def _renamed(frame: pl.DataFrame, columns: tuple[tuple[str, Column], ...]) -> pl.DataFrame:
    return frame.select(pl.col(theirs).cast(column.type).alias(column.name) for theirs, column in columns)
