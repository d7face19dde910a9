"""Read what a world holds: one that was built from some sources lacks the tables of others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["citations", "has_table", "rows_of"]


def has_table(world: World, name: str) -> bool:
    """Say whether a world was built with a table, known on the day of reading or not."""
    return any(table.name == name for table in world.catalogue.tables)


def rows_of(world: World, name: str, *conditions: pl.Expr) -> pl.DataFrame:
    """Return the rows of a table that meet conditions; none, with its columns, where the world has no such table.

    Raises
    ------
    CorruptStoreError
        When the table is there and cannot be read: damage is never taken for absence.
    """
    if has_table(world, name):
        return world.filter(name, *conditions)
    from legation.evidence.tables import TABLES

    spec = next(spec for spec in TABLES if spec.name == name)
    return pl.DataFrame(schema={column.name: column.type for column in spec.columns})


def citations(world: World, tables: Iterable[str]) -> tuple[str, ...]:
    """Return the citations of those tables that a world has, each once."""
    return tuple(dict.fromkeys(world.citation(table) for table in tables if has_table(world, table)))
