"""Evidence from the two states' relations to third states: friends and enemies in common, conflict proneness."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from legation.relations.level.features.hostility import hostility_marks
from legation.relations.level.grid import Floats, Grid, Rows, decayed
from legation.relations.level.tables import SourceTables

__all__ = ["networks"]

_STATES: Final = 1000
_HALF_LIFE: Final = 8.0


def networks(tables: SourceTables, rows: Rows) -> dict[str, Floats]:
    """Return what third states tell: enemies and allies in common, allies' enemies, and each one's own record.

    No label enters: hostility is that of militarised disputes, halved every eight years, friendship that of pacts.
    """
    hostile = _hostility(tables, rows)
    allied = _pacts(tables, rows)
    found: dict[str, list[Floats]] = {}
    low, high = rows.grid.low[rows.dyad], rows.grid.high[rows.dyad]
    order = np.empty(len(rows.year), dtype=np.int64)
    start = 0
    for year in np.unique(rows.year):
        here = np.flatnonzero(rows.year == year)
        order[here] = np.arange(start, start + len(here))
        start += len(here)
        a, b = low[here], high[here]
        for name, values in _of_year(hostile, allied, int(year), a, b).items():
            found.setdefault(name, []).append(values)
    return {name: np.concatenate(parts)[order] for name, parts in found.items()}


_Yearly = tuple[np.ndarray, np.ndarray, Grid, Floats, int] | None


def _of_year(hostile: _Yearly, allied: _Yearly, year: int, a: np.ndarray, b: np.ndarray) -> dict[str, Floats]:
    found = {}
    enemies = None if hostile is None else _square(hostile, year)
    friends = None if allied is None else _square(allied, year)
    if enemies is not None:
        own = enemies.sum(axis=1)
        own_a, own_b = own[a] - enemies[a, b], own[b] - enemies[a, b]
        found["hostility_elsewhere_low"] = np.fmin(own_a, own_b)
        found["hostility_elsewhere_high"] = np.fmax(own_a, own_b)
        found["enemies_in_common"] = np.minimum(enemies[a], enemies[b]).sum(axis=1)
    if friends is not None:
        degree = friends.sum(axis=1)
        shared = (friends[a] * friends[b]).sum(axis=1)
        found["allies_in_common"] = shared
        found["allies_share"] = shared / np.sqrt(np.maximum(degree[a], 1) * np.maximum(degree[b], 1))
    if enemies is not None and friends is not None:
        found["enemies_of_allies"] = (enemies[a] * friends[b] + friends[a] * enemies[b]).sum(axis=1)
    return {name: values.astype(np.float32) for name, values in found.items()}


def _hostility(tables: SourceTables, rows: Rows) -> _Yearly:
    frames = [frame for name in ("cow_mid_dirdisps", "gml_dirdisp") if (frame := tables(name)) is not None]
    if not frames:
        return None
    a, b = (np.concatenate([frame.get_column(name).to_numpy() for frame in frames]) for name in ("ccode1", "ccode2"))
    grid = Grid.of(a, b, last=rows.grid.last)
    marks = np.max([hostility_marks(frame, grid) for frame in frames], axis=0)
    last = max(int(frame.get_column("year").max()) for frame in frames)  # type: ignore[arg-type]
    return grid.low, grid.high, grid, decayed(marks, half_life=_HALF_LIFE), last


def _pacts(tables: SourceTables, rows: Rows) -> _Yearly:
    frame = tables("atop_ddy")
    if frame is None:
        return None
    frame = frame.filter(pl.col("atop_defense") == 1)
    if frame.is_empty():
        return None
    a, b, year = (frame.get_column(name).cast(pl.Int64).to_numpy() for name in ("ccode1", "ccode2", "year"))
    grid = Grid.of(a, b, last=rows.grid.last)
    return grid.low, grid.high, grid, grid.marks(a, b, year, 1.0), int(year.max())


def _square(of: tuple[np.ndarray, np.ndarray, Grid, Floats, int], year: int) -> Floats:
    low, high, grid, matrix, last = of
    column = min(year, last, grid.last) - 1816
    square = np.zeros((_STATES, _STATES), dtype=np.float32)
    square[low, high] = matrix[:, column]
    square[high, low] = matrix[:, column]
    return square
