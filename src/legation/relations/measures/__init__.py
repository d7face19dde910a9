"""Every measure that a world's tables allow, in the order in which they build on each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from legation.evidence.tables import TableSpec
    from legation.evidence.world import World

__all__ = ["measures_of"]

Tell = Callable[[str], None]
Computed = Iterator[tuple["TableSpec", "pl.DataFrame | bytes"]]

_SHIPPED: tuple[tuple[str, str], ...] = (
    ("ties", "ties_table.spec:ties_measure"),
    ("ideal points", "measures.points:members"),
)
"""Measures that the baseline holds, where their sources allow it; the others stay where they were built."""

_STEPS: tuple[tuple[str, str], ...] = (
    *_SHIPPED,
    ("similarity of votes", "measures.similarity:votes"),
    ("similarity of alliances", "measures.similarity:alliances"),
    ("structural balance and blocs", "measures.balance:networks"),
    ("relation levels", "measures.levels:levels"),
)


def measures_of(world: World, tell: Tell, *, shipped: bool = False) -> Computed:
    """Compute the measures of a world, one table after the other; a measure whose tables are not held is left out.

    Parameters
    ----------
    world
        The world with the tables that its sources gave.
    tell
        Told the name of each measure before it is computed.
    shipped
        Compute only what the baseline holds.
    """
    for name, home in _SHIPPED if shipped else _STEPS:
        tell(name)
        module, _, function = home.partition(":")
        compute: Callable[[World], Computed] = getattr(import_module(f"legation.relations.{module}"), function)
        yield from compute(world)
