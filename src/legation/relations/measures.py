"""Every measure that a world's tables allow, in the order in which they build on each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from legation.evidence.tables import TableSpec
    from legation.evidence.world import World

__all__ = ["measures_of"]

Tell = Callable[[str], None]
Computed = Iterator[tuple["TableSpec", "pl.DataFrame | bytes"]]

_STEPS: tuple[tuple[str, Callable[[World], Computed]], ...] = ()


def measures_of(world: World, tell: Tell) -> Computed:
    """Compute the measures of a world, one table after the other; a measure whose tables are not held is left out.

    Parameters
    ----------
    world
        The world with the tables that its sources gave.
    tell
        Told the name of each measure before it is computed.
    """
    for name, compute in _STEPS:
        tell(name)
        yield from compute(world)
