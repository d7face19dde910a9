"""ICEWS benchmark events: as published, and counted per directed dyad and month."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl

from legation.evidence.naming import unread_rows, with_actors
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.event_months import counted_files

__all__ = ["load", "states_of"]

_NAME = "icews_benchmarks"
_TABLES = ("icews14_events", "icews18_events", "icews0515_events")
_UNION = "the union of the benchmarks"
_IN_BRACKETS = r"\(([^()]+)\)\s*$"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the benchmarks of which a file is there, the counts of their union, and the names that gave no actor."""
    found = files.all_declared()
    parts = [states_of(found[name]) for name in _TABLES if name in found]
    if not parts:
        return found
    # A quadruple that stands in two benchmarks is one event.
    events = pl.concat(parts).unique(maintain_order=True).with_columns(pl.col("date").dt.year().alias("year"))
    lists = []
    for side in ("source", "target"):
        named = with_actors(
            events, side, description=files.description, when="year", table=_UNION, into="actor", unknown="list"
        )
        events = named.frame.drop(side).rename({"actor": side})
        lists.append(named.unread)
    unread = {f"{_NAME}_unread": unread_rows(*lists)}
    with tempfile.TemporaryDirectory(prefix="legation-events-") as folder:
        path = Path(folder) / f"{_NAME}.parquet"
        events.drop("year").write_parquet(path)
        return found | counted_files(_NAME, [path], format="table") | unread


def states_of(events: pl.DataFrame) -> pl.DataFrame:
    """Return the events with the countries of their actors: the one in brackets, or the actor where there is none.

    Parameters
    ----------
    events
        Columns date, source, target, cameo and goldstein; actors such as ``Police (Australia)`` or ``South Sudan``.
    """
    country = {
        side: pl.coalesce(pl.col(side).str.extract(_IN_BRACKETS), pl.col(side)).str.strip_chars()
        for side in ("source", "target")
    }
    return events.select("date", **country, code=pl.col("cameo"), goldstein=pl.col("goldstein"))
