"""Structural balance of the signed network of each year of a world, and its blocs by five years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from legation.evidence.tables import Column, TableSpec
from legation.evidence.world import World
from legation.relations.measures.codes import pairs_with_actors

__all__ = ["networks"]

_FIRST, _SPAN, _DRAWS, _RUNS = 1816, 5, 20, 3

Computed = Iterator[tuple[TableSpec, pl.DataFrame]]
_YEAR = Column("year", pl.Int16, "calendar year")


@dataclass(frozen=True, kw_only=True)
class _Network:
    """The signed ties of actors by year, the sources they rest on, and the rule in words."""

    frame: pl.DataFrame
    sources: tuple[str, ...]
    rule: str


def _network(world: World) -> _Network | None:
    """Return the signed network of every year that alliances and disputes cover; None where they are not held."""
    disputes = next((name for name in ("gml_mid_ddydisps", "cow_mid_ddydisps") if world.holds(name)), None)
    rivalries = "tss_rivalries" if world.holds("tss_rivalries") else None
    if not world.holds("atop_ddy") or (disputes is None and rivalries is None):
        return None
    from legation.relations.balance.networks import signed_network

    ddy = world.table("atop_ddy")
    found = signed_network(
        ddy,
        first=_FIRST,
        last=int(ddy["year"].max()),  # type: ignore[arg-type]
        disputes=None if disputes is None else world.table(disputes),
        rivalries=None if rivalries is None else world.table(rivalries),
    )
    read = [name for name in ("atop_ddy", disputes, rivalries) if name is not None]
    return _Network(
        frame=pairs_with_actors(found.frame.select("a", "b", "year", "sign")),
        sources=tuple(source for name in read for source in world.info(name).sources),
        rule=found.notes[0],
    )


def networks(world: World) -> Computed:
    """Measure the balance of each year's signed network and the blocs of each five years, where ties are held."""
    network = _network(world)
    if network is None:
        return
    yield from _years(network)
    yield from _blocs(network)


def _years(network: _Network) -> Computed:
    """Measure frustration, camps and ties out of line for every year that alliances and disputes cover."""
    from legation.relations.balance.edges import signed_edges
    from legation.relations.balance.measure import balance

    found = balance(signed_edges(network.frame, period="year", repeated="sum"))
    sources, method = network.sources, f"{network.rule} Least frustration is exact where proven is true."
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


def _blocs(network: _Network) -> Computed:
    """Divide the network of each five years into blocs, with the stability of each membership."""
    from legation.relations.balance.edges import signed_edges
    from legation.relations.blocs.measure import find_blocs

    first = pl.col("year").cast(pl.Int64) - (pl.col("year").cast(pl.Int64) - _FIRST) % _SPAN
    pooled = (
        network.frame.with_columns(first.alias("first"))
        .group_by("a", "b", "first", maintain_order=True)
        .agg(pl.col("sign").cast(pl.Float64).sum() / _SPAN)
        .filter(pl.col("sign") != 0)
    )
    found = find_blocs(signed_edges(pooled, period="first"), bootstraps=_DRAWS, runs=_RUNS)
    last = int(network.frame["year"].max())  # type: ignore[arg-type]
    frame = found.members.drop_nulls("held").select(
        pl.col("period").cast(pl.Int16).alias("first"),
        pl.min_horizontal(pl.col("period").cast(pl.Int64) + _SPAN - 1, pl.lit(last)).cast(pl.Int16).alias("last"),
        "actor",
        (pl.col("bloc") + 1).cast(pl.Int16).alias("bloc"),
        pl.col("held").cast(pl.Float64).alias("stability"),
    )
    yield (
        TableSpec(
            name="blocs",
            title="Blocs of each five years: friendly ties inside, hostile ties between",
            source="",
            sources=network.sources,
            key=("first", "actor"),
            ship=False,
            columns=_BLOC_COLUMNS,
            time=("last",),
            method=f"{network.rule} Signs are averaged over the years; {_DRAWS} draws of ties for the stability.",
        ),
        frame,
    )


_BLOC_COLUMNS = (
    Column("first", pl.Int16, "first year of the five"),
    Column("last", pl.Int16, "last year that the evidence covers"),
    Column("actor", pl.String, "the actor"),
    Column("bloc", pl.Int16, "number of its bloc in these years; 1 is the largest"),
    Column("stability", pl.Float64, "mean probability of being in one bloc with the others of it, over draws of ties"),
)
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
