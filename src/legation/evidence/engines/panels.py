"""A dyad-year panel built by an engine from Parquet, for panels larger than memory and for clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from legation.errors import InputError
from legation.evidence.engines import queries
from legation.evidence.engines.interface import Engine

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["DYAD_YEAR_TABLES", "PanelTable", "dyad_year_panel"]


@dataclass(frozen=True, kw_only=True)
class PanelTable:
    """How a publisher's table is joined to dyad-years.

    Parameters
    ----------
    columns
        The columns that are added.
    of_dyad
        Whether the table has one row per directed dyad and year; else per state and year, added for both sides.
    first, last
        The years in which an absent row means zero.
    """

    columns: tuple[str, ...]
    of_dyad: bool = False
    first: int | None = None
    last: int | None = None


DYAD_YEAR_TABLES: Mapping[str, PanelTable] = {
    "cow_nmc": PanelTable(columns=("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")),
    "ideal_points": PanelTable(columns=("IdealPoint",)),
    "atop_ddy": PanelTable(
        columns=("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul"),
        of_dyad=True,
        first=1815,
        last=2018,
    ),
    "cow_mid_ddydisps": PanelTable(columns=("cowmidongoing", "cowmidonset"), of_dyad=True, first=1816, last=2014),
}
"""The tables this panel knows: ATOP 5.1 and COW MID 5 say of every dyad-year of their domain whether there was any."""


def dyad_year_panel(
    engine: Engine,
    states: Path,
    *,
    first: int,
    last: int,
    tables: Mapping[str, Path] | None = None,
    directed: bool = True,
    open_end: bool = True,
) -> Table:
    """Return a query for the dyad-years of the COW state system, with columns of other tables.

    Parameters
    ----------
    engine
        Where it will run; ``engine.fetch`` gives its rows, ``engine.store`` writes them.
    states
        The state system as Parquet: ``ccode``, ``styear`` ... ``endday`` as COW publishes it.
    first, last
        The span of years.
    tables
        Parquet files by the names of `DYAD_YEAR_TABLES`.
    directed
        Each pair twice, or once.
    open_end
        Members at the table's last day are members after it.

    Raises
    ------
    InputError
        When the span is empty or a table is unknown.
    """
    if not 1 <= first <= last <= 9998:
        raise InputError(f"The years {first} to {last} are no span.", remedy="Write the earlier year first.")
    strange = sorted(set(tables or {}) - set(DYAD_YEAR_TABLES))
    if strange:
        raise InputError(
            f"{strange[0]!r} is no table of this panel.", remedy=f"Choose from {', '.join(DYAD_YEAR_TABLES)}."
        )
    years = engine.frame(pl.DataFrame({"year": pl.Series(range(first, last + 1), dtype=pl.Int64)}))
    panel = queries.dyad_years(engine.frame(_spells(states, open_end=open_end)), years, directed=directed)
    for name, path in (tables or {}).items():
        how, table = DYAD_YEAR_TABLES[name], engine.parquet([path])
        if how.of_dyad:
            panel = queries.add_of_dyad(panel, table, columns=how.columns, first=how.first, last=how.last)
        else:
            panel = queries.add_to_both(panel, table, columns=how.columns)
    return panel


def _spells(states: Path, *, open_end: bool) -> pl.DataFrame:
    day = {
        side: pl.col(f"{side}year") * 10000 + pl.col(f"{side}month") * 100 + pl.col(f"{side}day")
        for side in ("st", "end")
    }
    frame = pl.read_parquet(states).select("ccode", day["st"].alias("first"), day["end"].alias("last"))
    if open_end:
        newest = pl.col("last") == pl.col("last").max()
        frame = frame.with_columns(pl.when(newest).then(99991231).otherwise(pl.col("last")).alias("last"))
    return frame.select(pl.all().cast(pl.Int64))
