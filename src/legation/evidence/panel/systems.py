"""The state system: who was a member from which day to which, by COW or by Gleditsch-Ward numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from legation.errors import InputError, SourceError
from legation.evidence.panel.clock import Ints, day_numbers, first_of, last_of
from legation.evidence.panel.tables import Reader, whole_numbers, with_dates
from legation.evidence.panel.types import System

__all__ = ["CODE", "FIRST_YEAR", "OTHER", "StateSpells", "state_spells"]

FIRST_YEAR = 1816
CODE: dict[System, str] = {"cow": "ccode", "gw": "gwcode"}
OTHER: dict[System, System] = {"cow": "gw", "gw": "cow"}
_NAMES: dict[System, str] = {"cow": "COW", "gw": "Gleditsch-Ward"}


@dataclass(frozen=True, kw_only=True)
class StateSpells:
    """Spells of membership, sorted by code and start; `start` and `end` are day numbers of shape (spells,)."""

    code: Ints
    start: Ints
    end: Ints
    table: str
    source: str
    version: str
    licence: str
    note: str

    @property
    def codes(self) -> Ints:
        """Every code once, sorted."""
        return np.unique(self.code)


def state_spells(system: System, reader: Reader, *, first: int, last: int) -> StateSpells:
    """Return the spells of membership in a state system that touch the years from first to last.

    The world's own table of the system is read where it is there; else the dated codes of Legation's own record. A
    spell that ends on the table's last day has not ended: the publisher closed the list then. It is extended.

    Raises
    ------
    InputError
        When the span is reversed or lies outside the system's years.
    """
    latest = date.today().year  # noqa: DTZ011 - a panel ends where the calendar does
    if first > last:
        raise InputError(f"The span from {first} to {last} is reversed.", remedy="Give the earlier year first.")
    if first < FIRST_YEAR or last > latest:
        raise InputError(
            f"The {_NAMES[system]} system has members from {FIRST_YEAR}; a panel ends in {latest} at the latest: "
            f"{first} to {last} lies outside.",
            remedy=f"Ask for years within {FIRST_YEAR} to {latest}.",
        )
    name = f"{system}_system"
    found = _from_table(system, name, reader) if reader.has(name) else _from_actors(system)
    low, high = first_of(first), last_of(last)
    keep = (found.start <= high) & (found.end >= low)
    if not keep.any():
        raise InputError(f"No state is in the {_NAMES[system]} system from {first} to {last}.")
    return StateSpells(
        code=found.code[keep],
        start=np.maximum(found.start[keep], low).astype(np.int32),
        end=np.minimum(found.end[keep], high).astype(np.int32),
        table=found.table,
        source=found.source,
        version=found.version,
        licence=found.licence,
        note=found.note,
    )


def _from_table(system: System, name: str, reader: Reader) -> StateSpells:
    code = CODE[system]
    frame = with_dates(reader.table(name, (code, "start", "end")), ("start", "end"), table=name)
    codes = whole_numbers(frame, code, table=name).cast(pl.Int32)
    frame = frame.select(codes, "start", "end").sort(code, "start")
    _check_spells(frame, code, table=name)
    closed = frame.get_column("end").max()
    assert isinstance(closed, date)
    open_end = last_of(9000)
    end = day_numbers(frame.get_column("end"))
    facts = reader.facts(name)
    return StateSpells(
        code=frame.get_column(code).to_numpy().astype(np.int32),
        start=day_numbers(frame.get_column("start")),
        end=np.where(end == end.max(), open_end, end).astype(np.int32),
        table=name,
        source=facts.title,
        version=facts.version,
        licence=facts.licence,
        note=f"Members on {closed.isoformat()}, the last day of table {name}, are taken to be members since.",
    )


def _check_spells(frame: pl.DataFrame, code: str, *, table: str) -> None:
    """Refuse spells that lack a value, are reversed, or overlap for one state."""
    again = pl.col(code) == pl.col(code).shift(1)
    wrong = frame.filter(
        pl.any_horizontal(pl.all().is_null())
        | (pl.col("end") < pl.col("start"))
        | (again & (pl.col("start") <= pl.col("end").shift(1)))
    )
    if wrong.height or not frame.height:
        shown = f"{wrong.row(0)} is incomplete, reversed, or overlaps another spell" if wrong.height else "it is empty"
        raise SourceError(f"Table {table}: {shown}.", remedy="Restore the table from where it came from.")


def _from_actors(system: System) -> StateSpells:
    from legation.actors import all_actors

    rows = sorted(
        (int(code.code), code.start or date(FIRST_YEAR, 1, 1), code.end or date(9000, 12, 31))
        for actor in all_actors()
        for code in actor.codes
        if code.system == system
    )
    frame = pl.DataFrame(rows, schema={"code": pl.Int32, "start": pl.Date, "end": pl.Date}, orient="row")
    return StateSpells(
        code=frame.get_column("code").to_numpy().astype(np.int32),
        start=day_numbers(frame.get_column("start")),
        end=day_numbers(frame.get_column("end")),
        table="actors",
        source=f"Legation's own record of dated {_NAMES[system]} numbers",
        version="",
        licence="Apache-2.0",
        note=f"The {_NAMES[system]} system comes from Legation's own dated codes: the world holds no {system}_system.",
    )
