"""Bring a source's values to the rows of a panel by dense tables of positions: no joins, so no row can multiply.

A source table gets two rows more: one of missing values, one of zeros. For each state (or pair) and year a table of
positions says which row of the source answers; where none does, it points at the zeros inside the years of a complete
source and at the missing values elsewhere. A panel's rows are then gathered through that table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from legation.errors import InputError, SourceError
from legation.evidence.panel.clock import Ints, day_numbers, expand
from legation.evidence.panel.crosswalk import crosswalk, npt_grid
from legation.evidence.panel.rows import Rows
from legation.evidence.panel.systems import CODE
from legation.evidence.panel.tables import Reader, whole_numbers
from legation.evidence.panel.types import System

__all__ = ["Lookup", "Space", "Spells", "narrow"]

_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Space:
    """States as a source numbers them: sorted codes, and for each side of a row the index into them, -1 for none."""

    codes: Ints
    sides: tuple[Ints, ...]
    keyed_by: str


@dataclass(frozen=True, kw_only=True)
class Spells:
    """Names of the columns that say when a row of a source holds, and which of several in a year counts."""

    start: str
    end: str
    rule: str = "first"


class Lookup:
    """Finds, for the rows of one panel, the rows of source tables.

    Parameters
    ----------
    rows
        The panel's rows.
    reader
        Gives the crosswalk between the two systems where a source is keyed by the other one.
    """

    def __init__(self, rows: Rows, reader: Reader) -> None:
        self.rows = rows
        self.reader = reader
        self._spaces: dict[System, Space] = {}
        self._grids: dict[System, tuple[Ints, npt_grid, str]] = {}

    @cached_property
    def years(self) -> int:
        """How many years the panel spans."""
        return self.rows.last - self.rows.first + 1

    def space(self, coding: System) -> Space:
        """Return the states of a coding and where each side of each row stands in it."""
        if coding not in self._spaces:
            sides = tuple(index for _, index in self.rows.sides)
            if coding == self.rows.system:
                self._spaces[coding] = Space(codes=self.rows.codes, sides=sides, keyed_by="")
            else:
                walk = crosswalk(self.rows.system, self.reader, first=self.rows.first, last=self.rows.last)
                codes, grid = walk.grid(self.rows.codes, first=self.rows.first, last=self.rows.last)
                found = tuple(np.where(side < 0, -1, grid[side, self.rows.offset]).astype(np.int32) for side in sides)
                self._spaces[coding] = Space(codes=codes, sides=found, keyed_by=walk.table)
        return self._spaces[coding]

    def by_state(
        self,
        frame: pl.DataFrame,
        columns: Mapping[str, str],
        *,
        table: str,
        coding: System,
        zeros: Sequence[str] = (),
        domain: tuple[int | None, int | None] = (None, None),
        carried: Mapping[str, int] | None = None,
        spells: Spells | None = None,
        timeless: bool = False,
    ) -> dict[str, pl.Series]:
        """Return columns of a table of states for each side of the rows.

        Parameters
        ----------
        frame
            The table, with the coding's code column and ``year`` (or the columns that `spells` names, or neither where
            it is `timeless`).
        columns
            The table's columns, and what they are called in the panel, without suffix.
        zeros
            Columns that are zero where a complete source has no row inside `domain`.
        domain
            The first and last year in which the absence of a row means zero.
        carried
            Columns that later years take from the year given.

        Raises
        ------
        SourceError
            When the table has two rows for one state and year.
        """
        space = self.space(coding)
        where = _codes_to_index(whole_numbers(frame, CODE[coding], table=table), space.codes)
        cells = [self._cells(side, timeless=timeless) for side in space.sides]
        if spells is not None:
            return self._gather_spells(
                frame,
                columns,
                where=where,
                named=self._named(space.sides),
                spells=spells,
                zeros=zeros,
                domain=domain,
                size=len(space.codes),
                table=table,
            )
        positions = self._positions(
            frame, where, size=len(space.codes), domain=domain, zeros=bool(zeros), table=table, timeless=timeless
        )
        index = [positions[cell] for cell in cells]
        found = _gather(frame, columns, index, zeros, self.rows.sides)
        for name, year in (carried or {}).items():
            at = _positions_in(frame, where, year, size=len(space.codes), zeros=name in zeros)
            late = _gather(frame, {name: columns[name]}, [at[side] for side in space.sides], zeros, self.rows.sides)
            found |= self._later(found, late, year)
        return found

    def by_dyad(
        self,
        frame: pl.DataFrame,
        columns: Mapping[str, str],
        *,
        table: str,
        coding: System,
        mirror: Mapping[str, str] | None = None,
        zeros: Sequence[str] = (),
        domain: tuple[int | None, int | None] = (None, None),
        carried: Mapping[str, int] | None = None,
        spells: Spells | None = None,
        timeless: bool = False,
    ) -> dict[str, pl.Series]:
        """Return columns of a table of dyads for the rows.

        Parameters
        ----------
        mirror
            Given for a table without direction: each row holds for both directions, with these columns exchanged
            (``{"flow1": "flow2"}``). None for a table that has each direction in its own row.

        Raises
        ------
        SourceError
            When the table has two rows for one dyad and year.
        InputError
            When the panel's rows are no dyads.
        """
        if self.rows.second_state is None:
            raise InputError(f"Table {table} is about dyads; the panel's rows are not.")
        if mirror is not None:
            frame = _mirrored(frame, CODE[coding], mirror)
        space = self.space(coding)
        size = len(space.codes)
        one = _codes_to_index(whole_numbers(frame, f"{CODE[coding]}1", table=table), space.codes)
        two = _codes_to_index(whole_numbers(frame, f"{CODE[coding]}2", table=table), space.codes)
        where = np.where((one < 0) | (two < 0), -1, one.astype(np.int64) * size + two)
        pair = self._pairs(coding)
        if spells is not None:
            return self._gather_spells(
                frame,
                columns,
                where=where,
                named=(("", pair),),
                spells=spells,
                zeros=zeros,
                domain=domain,
                size=size * size,
                table=table,
            )
        cells = self._pair_cells(coding, timeless=timeless)
        positions = self._positions(
            frame, where, size=size * size, domain=domain, zeros=bool(zeros), table=table, timeless=timeless
        )
        found = _gather(frame, columns, [positions[cells]], zeros, (("", pair),))
        for name, year in (carried or {}).items():
            at = _positions_in(frame, where, year, size=size * size, zeros=name in zeros)
            found |= self._later(found, _gather(frame, {name: columns[name]}, [at[pair]], zeros, (("", pair),)), year)
        return found

    def _named(self, sides: Sequence[Ints]) -> tuple[tuple[str, Ints], ...]:
        return tuple((suffix, side) for (suffix, _), side in zip(self.rows.sides, sides, strict=True))

    def _pairs(self, coding: System) -> Ints:
        one, two = self.space(coding).sides
        pair = one * np.int32(len(self.space(coding).codes)) + two
        if coding != self.rows.system or self.rows.unit != "dyad":
            pair = np.where((one < 0) | (two < 0), np.int32(-1), pair)
        return pair

    def _pair_cells(self, coding: System, *, timeless: bool) -> Ints:
        key = (coding, timeless)
        if key not in self._pair_cell_cache:
            self._pair_cell_cache[key] = self._cells(self._pairs(coding), timeless=timeless)
        return self._pair_cell_cache[key]

    @cached_property
    def _pair_cell_cache(self) -> dict[tuple[System, bool], Ints]:
        return {}

    def _cells(self, index: Ints, *, timeless: bool) -> Ints:
        """Return where a row's answer stands in a table of positions; -1 is its last entry, which is never filled."""
        if timeless:
            return index
        cells = index * np.int32(self.years) + self.rows.offset
        return cells if len(index) == 0 or int(index.min()) >= 0 else np.where(index < 0, np.int32(-1), cells)

    def _positions(
        self,
        frame: pl.DataFrame,
        where: npt.NDArray[np.int64],
        *,
        size: int,
        domain: tuple[int | None, int | None],
        zeros: bool,
        table: str,
        timeless: bool,
    ) -> npt.NDArray[np.uint32]:
        years = 1 if timeless else self.years
        positions = np.full(size * years + 1, frame.height, dtype=np.uint32)
        if zeros:
            low, high = self._within(domain) if not timeless else (0, 1)
            positions[:-1].reshape(size, years)[:, low:high] = frame.height + 1
        offset = np.zeros(frame.height, np.int64) if timeless else _years(frame, table=table) - self.rows.first
        held = np.flatnonzero((where >= 0) & (offset >= 0) & (offset < years))
        cells = where[held] * years + offset[held]
        positions[cells] = held
        beaten = positions[cells] != held
        if beaten.any():
            _refuse_repeats(frame, held[beaten], positions[cells[beaten]], table)
        return positions

    def _within(self, domain: tuple[int | None, int | None]) -> tuple[int, int]:
        first, last = domain
        low = 0 if first is None else max(0, first - self.rows.first)
        high = self.years if last is None else min(self.years, last - self.rows.first + 1)
        return low, max(low, high)

    def _gather_spells(
        self,
        frame: pl.DataFrame,
        columns: Mapping[str, str],
        *,
        where: npt.NDArray[np.int64],
        named: Sequence[tuple[str, Ints]],
        spells: Spells,
        zeros: Sequence[str],
        domain: tuple[int | None, int | None],
        size: int,
        table: str,
    ) -> dict[str, pl.Series]:
        start = day_numbers(frame.get_column(spells.start))
        end = day_numbers(frame.get_column(spells.end))
        if (start > end).any():
            row = int(np.flatnonzero(start > end)[0])
            raise SourceError(f"Table {table}, row {row + 1}: {frame.row(row)} ends before it starts.")
        sides = [side for _, side in named]
        if self.rows.day is None:
            index = self._by_year(
                where=where,
                start=start,
                end=end,
                sides=sides,
                spells=spells,
                zeros=zeros,
                domain=domain,
                size=size,
                height=frame.height,
            )
        else:
            index = [
                self._by_day(
                    where=where,
                    start=start,
                    end=end,
                    side=side,
                    zeros=zeros,
                    domain=domain,
                    height=frame.height,
                    rule=spells.rule,
                )
                for side in sides
            ]
        return _gather(frame, columns, index, zeros, named)

    def _by_year(
        self,
        *,
        where: npt.NDArray[np.int64],
        start: Ints,
        end: Ints,
        sides: Sequence[Ints],
        spells: Spells,
        zeros: Sequence[str],
        domain: tuple[int | None, int | None],
        size: int,
        height: int,
    ) -> list[npt.NDArray[np.uint32]]:
        """Find the first or last spell that touches a row's year."""
        positions = np.full(size * self.years + 1, height, dtype=np.uint32)
        if zeros:
            low, high = self._within(domain)
            positions[:-1].reshape(size, self.years)[:, low:high] = height + 1
        known = np.flatnonzero(where >= 0)
        known = known[np.argsort(start[known], kind="stable")]
        which, year, _ = expand(start[known], end[known], "year")
        held = np.flatnonzero((year >= self.rows.first) & (year <= self.rows.last))
        cells = where[known[which[held]]] * self.years + (year[held] - self.rows.first)
        rows = known[which[held]]
        if spells.rule == "first":
            cells, rows = cells[::-1], rows[::-1]  # of several writes to a place the last one stays
        positions[cells] = rows
        return [positions[self._cells(side, timeless=False)] for side in sides]

    def _by_day(
        self,
        *,
        where: npt.NDArray[np.int64],
        start: Ints,
        end: Ints,
        side: Ints,
        zeros: Sequence[str],
        domain: tuple[int | None, int | None],
        height: int,
        rule: str,
    ) -> npt.NDArray[np.uint32]:
        """Find the spell that covers a row's first day: of several, the one that began first or last."""
        day = self.rows.day
        assert day is not None
        shift = np.int64(1 << 24)  # days from -2**23 to 2**23 stand apart for every pair
        order = np.lexsort((start, where))
        order = order[where[order] >= 0]
        rows = np.zeros(len(day), dtype=np.int64)
        hit = np.zeros(len(day), dtype=bool)
        if len(order):
            keys = where[order] * shift + start[order] + (shift >> 1)
            found = np.searchsorted(keys, side.astype(np.int64) * shift + day + (shift >> 1), side="right") - 1
            live = np.flatnonzero((found >= 0) & (side >= 0) & (where[order[np.maximum(found, 0)]] == side))
            for back in range(int(np.unique(where[order], return_counts=True)[1].max())):
                place = found[live] - back
                earlier = order[np.maximum(place, 0)]
                covers = (place >= 0) & (where[earlier] == side[live]) & (end[earlier] >= day[live])
                take = covers if rule == "first" else covers & ~hit[live]
                rows[live[take]] = earlier[take]
                hit[live[covers]] = True
        empty = np.full(len(day), height, dtype=np.int64)
        if zeros:
            low, high = self._within(domain)
            empty[(self.rows.offset >= low) & (self.rows.offset < high) & (side >= 0)] = height + 1
        return np.where(hit, rows, empty).astype(np.uint32)

    def _later(self, found: Mapping[str, pl.Series], late: Mapping[str, pl.Series], year: int) -> dict[str, pl.Series]:
        after = pl.Series(self.rows.year > year)
        return {name: found[name].zip_with(~after, series).alias(name) for name, series in late.items()}


def narrow(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with whole numbers in the smallest type that holds them: panels have millions of rows."""
    casts = []
    for series in frame:
        if not series.dtype.is_integer():
            continue
        low, high = series.min(), series.max()
        low, high = (int(low) if isinstance(low, int) else 0), (int(high) if isinstance(high, int) else 0)
        for dtype, bound in ((pl.Int8, 2**7), (pl.Int16, 2**15), (pl.Int32, 2**31)):
            if -bound <= low and high < bound:
                casts.append(series.cast(dtype))
                break
    return frame.with_columns(casts)


def _years(frame: pl.DataFrame, *, table: str) -> npt.NDArray[np.int64]:
    years = whole_numbers(frame, "year", table=table)
    if years.null_count():
        row = int(years.is_null().arg_true()[0])
        raise SourceError(f"Table {table}, row {row + 1} has no year.", remedy="Mend the row, or leave it out.")
    return years.to_numpy().astype(np.int64)


def _codes_to_index(codes: pl.Series, known: Ints) -> npt.NDArray[np.int64]:
    """Return where each code stands among the known ones, -1 for codes that are missing or not among them."""
    held = codes.fill_null(-1).to_numpy()
    top = int(known.max())
    table = np.full(top + 2, -1, dtype=np.int64)
    table[known] = np.arange(len(known))
    return table[np.where((held < 0) | (held > top), top + 1, held)]


def _mirrored(frame: pl.DataFrame, code: str, mirror: Mapping[str, str]) -> pl.DataFrame:
    swap = {f"{code}1": f"{code}2", **mirror}
    swap |= {new: old for old, new in swap.items()}
    turned = frame.rename(swap).select(frame.columns)
    return pl.concat([frame, turned])


def _gather(
    frame: pl.DataFrame,
    columns: Mapping[str, str],
    index: Sequence[npt.NDArray[np.uint32]],
    zeros: Sequence[str],
    sides: Sequence[tuple[str, Ints]],
) -> dict[str, pl.Series]:
    values = narrow(frame.select(list(columns)))
    edge = pl.DataFrame(
        {name: [None, 0 if name in zeros else None] for name in columns}, schema=values.schema, strict=False
    )
    values = pl.concat([values, edge]).rechunk()
    picked = values.select(
        pl.col(name).gather(pl.Series(rows)).alias(f"{called}{suffix}")
        for (suffix, _), rows in zip(sides, index, strict=True)
        for name, called in columns.items()
    )
    return {name: picked.get_column(name) for name in picked.columns}


def _positions_in(
    frame: pl.DataFrame, where: npt.NDArray[np.int64], year: int, *, size: int, zeros: bool
) -> npt.NDArray[np.uint32]:
    positions = np.full(size + 1, frame.height + (1 if zeros else 0), dtype=np.uint32)
    positions[-1] = frame.height
    held = np.flatnonzero((frame.get_column("year").to_numpy() == year) & (where >= 0))
    positions[where[held]] = held
    return positions


def _refuse_repeats(frame: pl.DataFrame, rows: npt.NDArray[np.int64], kept: npt.NDArray[np.uint32], table: str) -> None:
    shown = "; ".join(
        f"rows {min(int(row), int(other)) + 1} and {max(int(row), int(other)) + 1} {frame.row(int(row))[:4]}"
        for row, other in zip(rows[:_SHOWN], kept[:_SHOWN], strict=True)
    )
    raise SourceError(
        f"Table {table} answers twice for {len(rows)} of the panel's units and years: {shown}.",
        remedy="Name a rule that chooses (whittle for disputes, several for tables), or mend the table.",
    )
