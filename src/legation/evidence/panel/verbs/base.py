"""What a verb is given and gives back, and how values of a table become columns with their metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec
import polars as pl

from legation.errors import InputError
from legation.evidence.panel.lookup import Lookup, Spells
from legation.evidence.panel.rows import Rows
from legation.evidence.panel.tables import Reader
from legation.evidence.panel.types import PanelColumn, System, Unit

__all__ = ["DYADS", "EVERY", "LEADERS", "STATES", "Added", "Context", "Option", "Source", "Verb", "years_of"]

STATES: frozenset[Unit] = frozenset({"state"})
LEADERS: frozenset[Unit] = frozenset({"leader", "leader_dyad"})
DYADS: frozenset[Unit] = frozenset({"dyad", "leader_dyad"})
EVERY: frozenset[Unit] = frozenset({"state", "dyad", "leader", "leader_dyad", "membership"})

Option = str | int | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Added:
    """New columns, each with what it rests on, and what a reader must know of them."""

    series: Mapping[str, pl.Series]
    columns: tuple[PanelColumn, ...]
    notes: tuple[str, ...] = ()

    def and_(self, other: Added) -> Added:
        """Return both together."""
        return Added(
            series={**self.series, **other.series},
            columns=(*self.columns, *other.columns),
            notes=(*self.notes, *other.notes),
        )


@dataclass(frozen=True, kw_only=True)
class Source:
    """A table as a verb uses it.

    Attributes
    ----------
    frame
        Its rows, with the code columns of `coding` and ``year`` unless it is timeless or made of spells.
    zeros
        Columns for which no row means zero inside the source's years, because the source is complete.
    mirror
        For a table of dyads without direction, the columns to exchange in the other direction.
    meanings
        What each column holds.
    codes
        Publisher's codes for `not known` that stay in the columns.
    last
        The last year of the source, where its rows do not show it.
    """

    table: str
    frame: pl.DataFrame
    columns: Mapping[str, str]
    coding: System = "cow"
    zeros: tuple[str, ...] = ()
    mirror: Mapping[str, str] | None = None
    spells: Spells | None = None
    timeless: bool = False
    meanings: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a verb works on: the rows, where tables come from, and what was asked of it."""

    verb: str
    rows: Rows
    reader: Reader
    lookup: Lookup
    frame: pl.DataFrame
    columns: tuple[PanelColumn, ...]
    options: Mapping[str, Option]
    carry: bool = False

    def text(self, name: str) -> str:
        """Return an option that is a word."""
        value = self.options[name]
        return str(value)

    def words(self, name: str) -> tuple[str, ...]:
        """Return an option that is a list of words."""
        value = self.options[name]
        return value if isinstance(value, tuple) else tuple(str(value).split(","))

    def table(self, name: str, needs: Sequence[str]) -> pl.DataFrame:
        """Return a table that has the columns."""
        return self.reader.table(name, needs)

    def states(self, source: Source) -> Added:
        """Return a table of states as columns for each side of the rows."""
        domain, carried = self._domain(source), self._carried(source)
        found = self.lookup.by_state(
            source.frame,
            source.columns,
            table=source.table,
            coding=source.coding,
            zeros=source.zeros,
            domain=domain,
            carried=carried,
            spells=source.spells,
            timeless=source.timeless,
        )
        return self._added(source, found, domain, carried, [suffix for suffix, _ in self.rows.sides])

    def dyads(self, source: Source) -> Added:
        """Return a table of dyads as columns of the rows."""
        domain, carried = self._domain(source), self._carried(source)
        found = self.lookup.by_dyad(
            source.frame,
            source.columns,
            table=source.table,
            coding=source.coding,
            mirror=source.mirror,
            zeros=source.zeros,
            domain=domain,
            carried=carried,
            spells=source.spells,
            timeless=source.timeless,
        )
        return self._added(source, found, domain, carried, [""])

    def column(self, name: str, *, table: str = "", **more: object) -> PanelColumn:
        """Return the metadata of a column that this verb computed."""
        facts = self.reader.facts(table) if table else None
        base: dict[str, object] = {"name": name, "verb": self.verb}
        if facts is not None:
            base |= {
                "table": table,
                "source": facts.title,
                "version": facts.version,
                "licence": facts.licence,
                "first": facts.first,
                "last": facts.last,
            }
        return msgspec.convert({**base, **more}, PanelColumn)

    def _domain(self, source: Source) -> tuple[int | None, int | None]:
        if source.timeless:
            return None, None
        facts = self.reader.facts(source.table)
        first, last = years_of(source.frame, spells=source.spells)
        lows = [year for year in (first, facts.first) if year is not None]
        highs = [year for year in (last, facts.last) if year is not None]
        return (
            source.first if source.first is not None else min(lows, default=None),
            source.last if source.last is not None else max(highs, default=None),
        )

    def _carried(self, source: Source) -> dict[str, int] | None:
        if not self.carry:
            return None
        if source.timeless or source.spells is not None or "year" not in source.frame.columns:
            raise InputError(
                f"{self.verb} cannot be carried forward: table {source.table} is not by year.",
                remedy="Leave it out of the list to carry forward.",
            )
        found = {}
        for name in source.columns:
            _, last = years_of(source.frame.filter(pl.col(name).is_not_null()))
            if last is not None:
                found[name] = last
        return found

    def _added(
        self,
        source: Source,
        found: Mapping[str, pl.Series],
        domain: tuple[int | None, int | None],
        carried: Mapping[str, int] | None,
        suffixes: Sequence[str],
    ) -> Added:
        facts = self.reader.facts(source.table)
        keyed_by = self.lookup.space(source.coding).keyed_by
        series, columns = dict(found), []
        for suffix in suffixes:
            for name, called in source.columns.items():
                first, last = _own_years(source, name, domain)
                until = (carried or {}).get(name)
                columns.append(
                    PanelColumn(
                        name=f"{called}{suffix}",
                        verb=self.verb,
                        meaning=source.meanings.get(name, ""),
                        table=source.table,
                        source=facts.title,
                        version=facts.version,
                        licence=facts.licence,
                        first=first,
                        last=last,
                        resolution=self._resolution(source),
                        absent="zero" if name in source.zeros else "missing",
                        missing_codes=source.codes.get(name, ()),
                        published=f"{called}{suffix}",
                        keyed_by=keyed_by,
                        carried_from=until,
                        note=source.note,
                    )
                )
                if until is not None and until < self.rows.last:
                    flag = f"{called}{suffix}_carried_from"
                    series[flag] = _flag(flag, series[f"{called}{suffix}"], self.rows, until)
                    columns.append(
                        PanelColumn(
                            name=flag,
                            verb=self.verb,
                            meaning=f"the year whose value {called}{suffix} shows, where it is carried forward",
                            resolution="derived",
                        )
                    )
        return Added(series=series, columns=tuple(columns))

    def _resolution(self, source: Source) -> Literal["static", "day", "year"]:
        if source.timeless:
            return "static"
        return "day" if source.spells is not None and self.rows.period != "year" else "year"


@dataclass(frozen=True, kw_only=True)
class Verb:
    """Something that can be added to a panel.

    Attributes
    ----------
    published
        The name under which peace-science software offers it.
    tables
        The tables it reads.
    options
        What may be set, with the defaults.
    """

    name: str
    purpose: str
    units: frozenset[Unit]
    add: Callable[[Context], Added]
    tables: tuple[str, ...] = ()
    published: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)


def years_of(frame: pl.DataFrame, *, spells: Spells | None = None) -> tuple[int | None, int | None]:
    """Return the first and last year of a table's rows."""
    if spells is not None:
        low, high = frame.get_column(spells.start).dt.year().min(), frame.get_column(spells.end).dt.year().max()
    elif "year" in frame.columns:
        low, high = frame.get_column("year").min(), frame.get_column("year").max()
    else:
        return None, None
    return (int(low) if isinstance(low, int | float) else None), (int(high) if isinstance(high, int | float) else None)


def _own_years(source: Source, name: str, domain: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    """Return the years a column speaks of: the source's where absence says zero, else those in which it has values."""
    if name in source.zeros or source.timeless or "year" not in source.frame.columns:
        return domain
    return years_of(source.frame.filter(pl.col(name).is_not_null()))


def _flag(name: str, series: pl.Series, rows: Rows, year: int) -> pl.Series:
    late = pl.Series(rows.year > year) & series.is_not_null()
    frame = pl.DataFrame({"late": late})
    return frame.select(pl.when("late").then(pl.lit(year, dtype=pl.Int16)).alias(name)).get_column(name)
