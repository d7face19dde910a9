"""The relation level by a model that is trained on the coded dyads that a world holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from legation.evidence.tables import Column, TableSpec
from legation.evidence.world import World
from legation.relations.measures.codes import pairs_with_actors
from legation.relations.trained import LEVEL_TABLE

__all__ = ["levels"]

_FIRST = 1946
_LEVELS = ("severe rivalry", "lesser rivalry", "negative peace", "warm peace", "security community")
_YEARS_BEYOND = 5
"""How many years beyond the newest evidence are predicted: the last figures of each source stand in them."""

_COLUMNS = (
    Column("a", pl.String, "first actor of the pair, in alphabetical order"),
    Column("b", pl.String, "second actor of the pair"),
    Column("year", pl.Int16, "calendar year; the level is that of its 31 December"),
    *(Column(f"p{n}", pl.Float32, f"probability of {name}, given contact") for n, name in enumerate(_LEVELS)),
    Column("expected", pl.Float32, "expected level, 0 severe rivalry to 4 security community"),
    Column("negligible", pl.Float32, "probability of too little contact to be on the scale", nullable=True),
    Column("extrapolated", pl.Boolean, "later than 2020, where the coded scale ends"),
)


def levels(world: World) -> Iterator[tuple[TableSpec, pl.DataFrame]]:
    """Train the level on the peace scale, and predict every pair of states since 1946."""
    if not (world.holds("peace_scale") and world.holds("cow_states")):
        return
    from legation.relations.level.own import coded_of
    from legation.relations.level.run import predict_pairs
    from legation.relations.level.scale import codes_of
    from legation.relations.level.tables import tables_of_world
    from legation.relations.level.training import train_levels

    scale = world.table("peace_scale")
    labels = scale.select(pl.col("ccode1").alias("a"), pl.col("ccode2").alias("b"), pl.col("year").cast(pl.Int64))
    labels = labels.with_columns(pl.Series("code", codes_of(scale.get_column("peace_level"))))
    coded = coded_of(labels, Path("peace_scale"))
    years = (int(coded.year.min()), int(coded.year.max()))
    tables = tables_of_world(world)
    model = train_levels(tables, coded, train_years=years)
    newest = max(world.info(name).last.year for name in model.card.tables if world.holds(name))
    found = predict_pairs(model, tables, years=(max(_FIRST, years[0]), max(years[1], newest) + _YEARS_BEYOND))
    card = model.card
    yield (
        TableSpec(
            name=LEVEL_TABLE,
            title="Relation level by a trained model, per pair of states and year",
            source="",
            sources=tuple(dict.fromkeys(s for name in ("peace_scale", *card.tables) for s in world.info(name).sources)),
            key=("a", "b", "year"),
            ship=False,
            columns=_COLUMNS,
            method=f"trained on {card.coded_rows:,} coded dyad-years of {card.dyads:,} dyads, "
            f"{card.train_from} to {card.train_to}; docs/explanation/relation-level.md says how far to trust it",
        ),
        pairs_with_actors(found).select(pl.col(column.name).cast(column.type) for column in _COLUMNS),
    )
