"""The rows of a panel: which unit at which time, as indexes into the states of a system."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from legation.evidence.panel.clock import Ints, expand, first_of, last_of, year_of
from legation.evidence.panel.systems import CODE, StateSpells
from legation.evidence.panel.types import Period, System, Unit

__all__ = ["Rows", "count_dyads", "dyad_rows", "state_rows", "time_keys"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """What each row is about.

    Attributes
    ----------
    codes : array of shape (states,)
        The codes that `first_state` and `second_state` point into, sorted.
    first_state, second_state : array of shape (rows,) or None
        Indexes into `codes`; -1 where a row's actor has no code in the system.
    year : array of shape (rows,)
        The row's calendar year.
    day : array of shape (rows,) or None
        The first day of the unit in the row's period, as a day number; None in panels by year.
    keys
        The columns that name a row.
    """

    unit: Unit
    period: Period
    system: System
    directed: bool
    first: int
    last: int
    codes: Ints
    first_state: Ints
    second_state: Ints | None
    year: Ints
    day: Ints | None
    keys: pl.DataFrame
    leaders: tuple[Ints, ...] = ()

    def __len__(self) -> int:
        return len(self.year)

    @property
    def sides(self) -> tuple[tuple[str, Ints], ...]:
        """The suffix and state index of each side: one side without suffix, or the two of a dyad."""
        if self.second_state is None:
            return (("", self.first_state),)
        return (("1", self.first_state), ("2", self.second_state))

    @cached_property
    def offset(self) -> Ints:
        """Years since the panel's first year, per row."""
        return self.year - np.int32(self.first)

    def take(self, keep: npt.NDArray[np.bool_]) -> Rows:
        """Return the rows where `keep` is true."""
        return replace(
            self,
            first_state=self.first_state[keep],
            second_state=None if self.second_state is None else self.second_state[keep],
            year=self.year[keep],
            day=None if self.day is None else self.day[keep],
            keys=self.keys.filter(pl.Series(keep)),
            leaders=tuple(leader[keep] for leader in self.leaders),
        )


def time_keys(period: Period, year: Ints, held: Ints) -> dict[str, pl.Series]:
    """Return the columns that say when: year; year and month; or date and year."""
    years = pl.Series("year", year.astype(np.int64))
    if period == "year":
        return {"year": years}
    if period == "month":
        return {"year": years, "month": pl.Series("month", (held % 12 + 1).astype(np.int64))}
    return {"date": pl.Series("date", held).cast(pl.Date), "year": years}


def state_rows(spells: StateSpells, *, system: System, period: Period, first: int, last: int) -> Rows:
    """Return one row per member of the system and period in which it was a member on at least one day."""
    which, held, day = expand(spells.start, spells.end, period)
    code = spells.code[which]
    once = np.ones(len(code), dtype=bool)
    once[1:] = (code[1:] != code[:-1]) | (held[1:] != held[:-1])
    code, held, day = code[once], held[once], day[once]
    year = held if period == "year" else year_of(day)
    return Rows(
        unit="state",
        period=period,
        system=system,
        directed=False,
        first=first,
        last=last,
        codes=spells.codes,
        first_state=np.searchsorted(spells.codes, code).astype(np.int32),
        second_state=None,
        year=year,
        day=None if period == "year" else day,
        keys=pl.DataFrame({CODE[system]: code.astype(np.int64), **time_keys(period, year, held)}),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pairs:
    """Spells of two states together; arrays of shape (pairs,), sorted by both codes and start."""

    one: Ints
    two: Ints
    start: Ints
    end: Ints


def _pairs(spells: StateSpells, *, directed: bool, same_day: bool, only: npt.NDArray[np.bool_] | None) -> _Pairs:
    start, end = spells.start, spells.end
    if not same_day:
        start, end = _whole_years(start, end)
    mine = (
        np.arange(len(spells.code))
        if only is None
        else np.flatnonzero(only[np.searchsorted(spells.codes, spells.code)])
    )
    one, two = (grid.ravel() for grid in np.meshgrid(mine, np.arange(len(spells.code)), indexing="ij"))
    apart = spells.code[one] != spells.code[two] if directed else spells.code[one] < spells.code[two]
    one, two = one[apart], two[apart]
    low, high = np.maximum(start[one], start[two]), np.minimum(end[one], end[two])
    met = low <= high
    one, two, low, high = one[met], two[met], low[met], high[met]
    order = np.lexsort((low, spells.code[two], spells.code[one]))
    return _Pairs(one=spells.code[one][order], two=spells.code[two][order], start=low[order], end=high[order])


def _whole_years(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    opens = {year: first_of(year) for year in np.unique(year_of(start)).tolist()}
    closes = {year: last_of(year) for year in np.unique(year_of(end)).tolist()}
    return (
        np.array([opens[year] for year in year_of(start).tolist()], dtype=np.int32),
        np.array([closes[year] for year in year_of(end).tolist()], dtype=np.int32),
    )


def count_dyads(spells: StateSpells, *, directed: bool, period: Period) -> Ints:
    """Return how many rows each first state has in a panel of dyads, at most; shape (states,)."""
    pairs = _pairs(spells, directed=directed, same_day=True, only=None)
    days = (pairs.end - pairs.start + 1).astype(np.int64)
    if period == "month":
        days = days // 28 + 2
    elif period == "year":
        days = days // 365 + 2
    return np.bincount(np.searchsorted(spells.codes, pairs.one), weights=days, minlength=len(spells.codes)).astype(
        np.int64
    )


def dyad_rows(
    spells: StateSpells,
    *,
    system: System,
    period: Period,
    first: int,
    last: int,
    directed: bool,
    same_day: bool = True,
    only: npt.NDArray[np.bool_] | None = None,
) -> Rows:
    """Return one row per pair of members and period.

    Parameters
    ----------
    same_day
        Whether the two must have been members on the same day of the period; else the same year is enough.
    only
        Which states may stand first, for panels made in parts; shape (states,).
    """
    pairs = _pairs(spells, directed=directed, same_day=same_day, only=only)
    which, held, day = expand(pairs.start, pairs.end, period)
    one, two = pairs.one[which], pairs.two[which]
    again = (one[1:] == one[:-1]) & (two[1:] == two[:-1]) & (held[1:] == held[:-1])
    if again.any():
        once = np.concatenate(([True], ~again))
        one, two, held, day = one[once], two[once], held[once], day[once]
    year = held if period == "year" else year_of(day)
    code = CODE[system]
    return Rows(
        unit="dyad",
        period=period,
        system=system,
        directed=directed,
        first=first,
        last=last,
        codes=spells.codes,
        first_state=_index(spells.codes, one),
        second_state=_index(spells.codes, two),
        year=year,
        day=None if period == "year" else day,
        keys=pl.DataFrame(
            {f"{code}1": one.astype(np.int64), f"{code}2": two.astype(np.int64), **time_keys(period, year, held)}
        ),
    )


def _index(codes: Ints, held: Ints) -> Ints:
    """Return where each code stands among the sorted codes; through a table, which is quicker than a search."""
    table = np.full(int(codes.max()) + 2, -1, dtype=np.int32)
    table[codes] = np.arange(len(codes), dtype=np.int32)
    return table[held]
