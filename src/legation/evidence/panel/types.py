"""What a panel is: its kind of rows, and for each column the source, version, time domain and licence."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec
import polars as pl

from legation.errors import InputError

__all__ = ["KEY", "Panel", "PanelColumn", "Period", "System", "Unit", "pick"]

Unit = Literal["state", "dyad", "leader", "leader_dyad", "organisation", "membership"]
"""What a row is about, at a time."""

Period = Literal["year", "month", "day"]
System = Literal["cow", "gw"]

KEY = "key"


class PanelColumn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a column comes from and for which years it speaks.

    Attributes
    ----------
    name, meaning
        The column, and what it holds.
    verb
        The verb that added it; ``key`` for the columns that say what a row is about.
    table, source, version, licence
        The table it was read from, and what its publisher says of it.
    first, last
        The years it speaks of; outside them it is missing. None where time does not matter, as for terrain.
    resolution
        ``day`` where the value was read for the row's own day, ``year`` where a year's value stands on all its months
        and days, ``static`` where it does not change, ``derived`` where it was computed from other columns.
    absent
        What no row of the source means inside the time domain: ``zero`` only where the source is complete.
    missing_codes
        Codes of the publisher that mean not known and stand in the column as published.
    published
        The name peace-science software gives to the column.
    keyed_by
        The crosswalk through which the source's codes were read, if any.
    carried_from
        The year whose value stands in all later years, where carrying forward was asked for by name.
    """

    name: str
    verb: str
    meaning: str = ""
    table: str = ""
    source: str = ""
    version: str = ""
    licence: str = ""
    first: int | None = None
    last: int | None = None
    resolution: Literal["key", "year", "day", "static", "derived"] = "year"
    absent: Literal["missing", "zero"] = "missing"
    missing_codes: tuple[int, ...] = ()
    published: str = ""
    keyed_by: str = ""
    carried_from: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Rows by unit and time, with what each column rests on.

    Attributes
    ----------
    unit, period, system, directed
        What a row is about; `directed` says whether a dyad stands in both directions.
    first, last
        The years it spans.
    frame : DataFrame of shape (rows, columns)
        Sorted by unit, then time.
    columns
        One entry per column of `frame`, in its order.
    notes
        What a reader must know: where the state system came from, what a reduction dropped.
    """

    unit: Unit
    period: Period
    system: System
    directed: bool
    first: int
    last: int
    frame: pl.DataFrame = field(repr=False)
    columns: tuple[PanelColumn, ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.frame.height

    def column(self, name: str) -> PanelColumn:
        """Return what a column rests on.

        Raises
        ------
        InputError
            When the panel has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise InputError(
            f"The panel has no column {name!r}.", remedy=f"It has {', '.join(column.name for column in self.columns)}."
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that together name a row."""
        return tuple(column.name for column in self.columns if column.verb == KEY)

    def cite(self) -> pl.DataFrame:
        """Return the sources to cite: one row per table, with its columns, version, licence and years.

        Returns
        -------
        DataFrame
            table, source, version, licence, first, last, columns.
        """
        grouped: dict[str, list[PanelColumn]] = {}
        for column in self.columns:
            if column.table:
                grouped.setdefault(column.table, []).append(column)
        return pl.DataFrame(
            [
                {
                    "table": table,
                    "source": used[0].source,
                    "version": used[0].version,
                    "licence": used[0].licence,
                    "first": min((c.first for c in used if c.first is not None), default=None),
                    "last": max((c.last for c in used if c.last is not None), default=None),
                    "columns": ", ".join(c.name for c in used),
                }
                for table, used in grouped.items()
            ],
            schema={
                "table": pl.String,
                "source": pl.String,
                "version": pl.String,
                "licence": pl.String,
                "first": pl.Int64,
                "last": pl.Int64,
                "columns": pl.String,
            },
        )

    def sums(self) -> pl.DataFrame:
        """Return per numeric column how many values it has, how many are missing, sum, mean and non-zero values."""
        rows = []
        for name, series in zip(self.frame.columns, self.frame, strict=True):
            if not (series.dtype.is_numeric() or series.dtype == pl.Boolean):
                continue
            missing = series.null_count()
            wide = series.cast(pl.Float64) if series.dtype.is_float() else series.cast(pl.Int64)
            rows.append(
                {
                    "column": name,
                    "n": len(series) - missing,
                    "missing": missing,
                    "sum": float(wide.sum()),
                    "mean": None if missing == len(series) else float(wide.mean()),  # type: ignore[arg-type]
                    "non_zero": int((wide != 0).sum()),
                }
            )
        return pl.DataFrame(rows)

    def duplicates(self) -> pl.DataFrame:
        """Return the rows that share their key with another one: none in a panel that was built here."""
        return self.frame.filter(pl.struct(self.keys).is_duplicated())

    def published(self) -> pl.DataFrame:
        """Return the frame under the names that peace-science software gives to the columns, where they differ.

        A column whose published name is taken keeps its own.
        """
        taken = set(self.frame.columns)
        names = {}
        for column in self.columns:
            if column.published and column.published not in taken:
                names[column.name] = column.published
                taken.add(column.published)
        return self.frame.rename(names)

    def blank_codes(self) -> Panel:
        """Return the panel with the publishers' codes for `not known` (such as -9) turned into missing values."""
        coded = [column for column in self.columns if column.missing_codes]
        blanked = [
            pl.when(pl.col(c.name).cast(pl.Float64).is_in([float(code) for code in c.missing_codes]).not_())
            .then(pl.col(c.name))
            .alias(c.name)
            for c in coded
        ]
        names = {column.name for column in coded}
        return replace(
            self,
            frame=self.frame.with_columns(blanked),
            columns=tuple(
                msgspec.structs.replace(
                    c, missing_codes=(), note=f"{c.note} Codes {c.missing_codes} are missing.".strip()
                )
                if c.name in names
                else c
                for c in self.columns
            ),
        )


def pick(value: str, allowed: tuple[str, ...], *, what: str) -> str:
    """Return the value if it is allowed.

    Raises
    ------
    InputError
        When it is not; the message lists what is.
    """
    if value not in allowed:
        raise InputError(f"{value!r} is no {what}.", remedy=f"Use one of: {', '.join(allowed)}.")
    return value
