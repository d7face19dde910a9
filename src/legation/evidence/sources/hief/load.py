"""Source: ethnic fractionalisation by year, the HIEF data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from legation.actors.lookup import code
from legation.evidence.forms import read_form
from legation.evidence.layouts import needs, numbers
from legation.evidence.naming import days_of, unread_rows, with_actors

if TYPE_CHECKING:
    from pathlib import Path

    from legation.actors.types import CodeSystem
    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_COLUMNS = ("Country", "Year", "EFindex")


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return fractionalisation per state and year, and the names that gave no state where the file has names."""
    unread: list[pl.DataFrame] = []

    def by_name(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
        raw = needs(read_form(path, form, description), _COLUMNS, path).select(_COLUMNS)
        named = with_actors(
            numbers(raw, ("Year",), path), "Country", description=description, when="Year", table="hief", unknown="list"
        )
        unread.append(named.unread)
        return _with_codes(named.frame)

    found = files.all_declared(readers={"HIEF_data.csv": by_name})
    return found | {"hief_unread": unread_rows(*unread)} if found else {}


def _with_codes(frame: pl.DataFrame) -> pl.DataFrame:
    """Give each row the codes that its state held at the end of the year, or else in its middle or at its start."""
    pairs = frame.select("actor", "Year").unique().drop_nulls()
    systems: tuple[tuple[str, CodeSystem], ...] = (("ccode", "cow"), ("gwcode", "gw"))
    codes = pairs.with_columns(
        pl.Series(column, [_code(actor, system, year) for actor, year in pairs.rows()], dtype=pl.Int64)
        for column, system in systems
    )
    joined = frame.join(codes, on=["actor", "Year"], how="left", maintain_order="left")
    return joined.select("ccode", "gwcode", pl.col("Year").alias("year"), pl.col("EFindex").alias("efindex"))


def _code(actor: str, system: CodeSystem, year: int) -> int | None:
    held = (code(actor, system=system, on=day) for day in days_of(year))
    found = next((each for each in held if each is not None), None)
    return None if found is None else int(found)
