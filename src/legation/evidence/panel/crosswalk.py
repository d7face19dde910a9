"""COW and Gleditsch-Ward numbers of the same state in a year, one to one from the side that asks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from legation.errors import SourceError
from legation.evidence.panel.clock import Ints, day_number
from legation.evidence.panel.systems import CODE, OTHER
from legation.evidence.panel.tables import Reader, whole_numbers
from legation.evidence.panel.types import System

__all__ = ["Crosswalk", "crosswalk"]


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """What number the other system gives to a state in a year; no pair of code and year occurs twice."""

    code: Ints
    other: Ints
    year: Ints
    table: str

    def grid(self, codes: Ints, *, first: int, last: int) -> tuple[Ints, npt_grid]:
        """Return the other system's codes, sorted, and per state and year the index into them.

        Returns
        -------
        tuple
            Codes of shape (others,); indexes of shape (states, years), -1 where the other system has no such state.
        """
        others = np.unique(self.other)
        held = (self.year >= first) & (self.year <= last) & np.isin(self.code, codes)
        grid = np.full((len(codes), last - first + 1), -1, dtype=np.int32)
        grid[np.searchsorted(codes, self.code[held]), self.year[held] - first] = np.searchsorted(
            others, self.other[held]
        )
        return others, grid


npt_grid = np.ndarray[tuple[int, ...], np.dtype[np.int32]]


def crosswalk(system: System, reader: Reader, *, first: int, last: int) -> Crosswalk:
    """Return how a system's numbers read in the other one, from the world's table or from Legation's own record.

    Raises
    ------
    SourceError
        When the table gives two numbers for one state and year.
    """
    name = f"{system}_{OTHER[system]}_years"
    mine, theirs = CODE[system], CODE[OTHER[system]]
    if not reader.has(name):
        return _from_actors(system, first=first, last=last)
    given = reader.table(name, (mine, theirs, "year"))
    frame = pl.DataFrame(
        [whole_numbers(given, column, table=name).cast(pl.Int32) for column in (mine, theirs, "year")]
    ).drop_nulls()
    twice = frame.filter(pl.struct(mine, "year").is_duplicated())
    if twice.height:
        raise SourceError(
            f"Table {name} gives two numbers for {mine} {twice.row(0)[0]} in {twice.row(0)[2]}.",
            remedy="Keep one row per code and year.",
        )
    return Crosswalk(
        code=frame.get_column(mine).to_numpy(),
        other=frame.get_column(theirs).to_numpy(),
        year=frame.get_column("year").to_numpy(),
        table=name,
    )


def _from_actors(system: System, *, first: int, last: int) -> Crosswalk:
    """Read both dated codes of each actor; in a year with several, the one held longest counts, then the lower."""
    from datetime import date

    from legation.actors import all_actors

    best: dict[tuple[int, int], tuple[int, int]] = {}
    for actor in all_actors():
        mine = [code for code in actor.codes if code.system == system]
        theirs = [code for code in actor.codes if code.system == OTHER[system]]
        for one in mine:
            for two in theirs:
                low = max(one.start or date(first, 1, 1), two.start or date(first, 1, 1), date(first, 1, 1))
                high = min(one.end or date(last, 12, 31), two.end or date(last, 12, 31), date(last, 12, 31))
                for year in range(low.year, high.year + 1):
                    days = day_number(min(high, date(year, 12, 31))) - day_number(max(low, date(year, 1, 1))) + 1
                    if days > 0:
                        key = (int(one.code), year)
                        best[key] = max(best.get(key, (0, 0)), (days, -int(two.code)))
    keys = sorted(best)
    return Crosswalk(
        code=np.array([code for code, _ in keys], dtype=np.int32),
        other=np.array([-best[key][1] for key in keys], dtype=np.int32),
        year=np.array([year for _, year in keys], dtype=np.int32),
        table="actors",
    )
