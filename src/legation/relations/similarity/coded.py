"""Ties, members and weights with actors as places in one sorted list, cut by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from legation.errors import InputError

__all__ = ["Coded", "Cut", "need", "same_codes"]

Floats = NDArray[np.float64]


def need(frame: pl.DataFrame, columns: Sequence[str], table: str) -> None:
    """Refuse a table without rows, without one of the columns, or with a missing value in one."""
    lacking = [name for name in columns if name not in frame.columns]
    if lacking:
        raise InputError(
            f"The table of {table} has no column {lacking[0]!r}; it has {', '.join(frame.columns)}.",
            remedy=f"It needs {', '.join(columns)}.",
        )
    if frame.is_empty():
        raise InputError(f"The table of {table} has no rows.", remedy="Give at least one.")
    for name in columns:
        if frame[name].null_count() or (frame[name].dtype.is_float() and not bool(frame[name].is_finite().all())):
            raise InputError(
                f"Column {name!r} of the table of {table} has a missing value or one that is not finite.",
                remedy="Leave the row out if it is not known.",
            )
    if "year" in columns and not frame["year"].dtype.is_integer():
        raise InputError(
            f"Column 'year' of the table of {table} holds {frame['year'].dtype}.", remedy="Give whole numbers."
        )


def same_codes(first: pl.Series, second: pl.Series) -> None:
    """Refuse codes that are numbers here and text there: they would never meet.

    Raises
    ------
    InputError
        When one of the two columns holds numbers and the other does not.
    """
    if first.dtype.is_integer() != second.dtype.is_integer():
        raise InputError(
            f"Actors are {first.dtype} in column {first.name!r} and {second.dtype} in column {second.name!r}.",
            remedy="Use the same codes everywhere.",
        )


class Cut:
    """Columns of a table sorted by year, cut into years."""

    def __init__(self, frame: pl.DataFrame, columns: Sequence[str]) -> None:
        self._columns = {name: frame[name].to_numpy() for name in columns}
        years, starts = np.unique(frame["year"].to_numpy(), return_index=True)
        ends = [*starts[1:].tolist(), len(frame)]
        self.years: list[int] = years.tolist()
        self._at = {year: slice(start, end) for year, start, end in zip(self.years, starts.tolist(), ends, strict=True)}

    def slice(self, year: int) -> slice:
        """Give where a year's rows stand."""
        return self._at.get(year, slice(0, 0))

    def part(self, year: int, name: str) -> NDArray[Any]:
        """Give a year's rows of one column."""
        return self._columns[name][self.slice(year)]


class Coded:
    """Ties, members and weights with actors as places in one sorted list, cut by year."""

    def __init__(
        self, ties: pl.DataFrame, members: pl.DataFrame | None, weights: pl.DataFrame | None, notes: list[str]
    ) -> None:
        if members is None:
            members = pl.concat(
                [ties.select(pl.col(name).alias("actor"), "year") for name in ("a", "b")], how="vertical"
            )
            notes.append("No members were given: those with a tie in a year are its members.")
        else:
            need(members, ("actor", "year"), "members")
        if weights is not None:
            need(weights, ("actor", "year"), "weights")
        for codes in (members["actor"], *([] if weights is None else [weights["actor"]])):
            same_codes(ties["a"], codes)
        members = members.select("actor", "year").unique().sort("year", "actor")
        self.actors = members["actor"].unique().sort()
        places = pl.DataFrame({"actor": self.actors, "place": np.arange(len(self.actors))})
        kind = self.actors.dtype
        self._members = Cut(members.join(places, on="actor", how="left", maintain_order="left"), ("place",))
        coded = ties.sort("year")
        for name in ("a", "b"):
            coded = coded.with_columns(pl.col(name).cast(kind)).join(
                places.rename({"actor": name, "place": f"{name}_place"}), on=name, how="left", maintain_order="left"
            )
        coded = coded.with_columns(pl.col("a_place", "b_place").fill_null(-1))
        self._ties = Cut(coded, ("a_place", "b_place"))
        self.value = coded["value"].cast(pl.Float64).to_numpy()
        self.outside = int(coded["year"].is_in(members["year"].unique().to_list()).not_().sum())
        self._weights = None if weights is None else Cut(_checked_weights(weights, places, kind), ("place", "weight"))
        self._unweighted = 0

    def years(self) -> list[tuple[int, NDArray[np.int64]]]:
        """Give each year with the places of its members."""
        return [(year, self._members.part(year, "place")) for year in self._members.years]

    def rows(self, year: int) -> slice:
        """Give where the year's ties stand."""
        return self._ties.slice(year)

    def placed(self, year: int, name: str, here: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the places among the year's members of the ties' actors; -1 for one that is no member."""
        found = self._ties.part(year, f"{name}_place")
        at = np.minimum(np.searchsorted(here, found), len(here) - 1)
        return np.where(here[at] == found, at, -1)

    def weight(self, year: int, here: NDArray[np.int64]) -> Floats | None:
        """Give the weights of the year's members; nan for one without."""
        if self._weights is None:
            return None
        every = np.full(len(self.actors), np.nan)
        every[self._weights.part(year, "place")] = self._weights.part(year, "weight")
        self._unweighted += int(np.isnan(every[here]).sum())
        return every[here]

    def note(self, notes: list[str]) -> None:
        """Say what was set aside."""
        if self.outside:
            notes.append(f"{self.outside:,} ties name an actor that is no member in that year; they were set aside.")
        if self._unweighted:
            notes.append(f"{self._unweighted:,} members by year have no weight; weighted measures leave them out.")


def _checked_weights(weights: pl.DataFrame, places: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:
    need(weights, ("actor", "year"), "weights")
    need(weights.drop_nulls("weight") if "weight" in weights.columns else weights, ("weight",), "weights")
    weights = weights.drop_nulls("weight").select(pl.col("actor").cast(kind), "year", pl.col("weight").cast(pl.Float64))
    if bool((weights["weight"] < 0).any()):
        raise InputError("A weight is below 0.", remedy="Give shares of capability, at least 0.")
    weights = weights.unique()
    if bool(weights.select(pl.struct("actor", "year").is_duplicated().any()).item()):
        raise InputError("An actor has two weights in one year.", remedy="Give one weight per actor and year.")
    return weights.join(places, on="actor", how="inner").sort("year")
