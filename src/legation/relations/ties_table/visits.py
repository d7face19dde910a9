"""Visits: principals of the United States Department of Defense, leaders of China, and leaders of five powers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start

__all__ = ["SENDERS", "china_leader_visits", "china_military_visits", "defence_visits", "leader_visits"]

SENDERS: Final = {"us": "2", "uk": "200", "fra": "220", "rus": "365", "chi": "710"}
"""The COW codes behind the prefixes of the columns of the table of signals."""


def defence_visits(reader: Reader) -> Iterator[Built]:
    """Yield each visit of a principal of the United States Department of Defense, with its days."""
    table = "us_defence_visits"
    origin, rows = reader.origin(table), reader.tables(table)
    rows = reader.named(rows, "actor", value="State Visit", table=table)
    frame = rows.select(
        "start",
        actor_a=pl.lit("USA"),
        actor_b="actor",
        end=pl.when(pl.col("end") >= pl.col("start")).then(pl.col("end")).otherwise(pl.col("start")),
        label="Title",
        precision=pl.lit("day"),
        strength=pl.lit(0.3),
        amount=pl.lit(1.0),
    ).filter(pl.col("start").is_not_null())
    yield Built(frame=finished(frame, kind="visit", origin=origin, directed=True), origin=origin)


def leader_visits(reader: Reader) -> Iterator[Built]:
    """Yield the years in which a leader of one of five powers visited, as the table of signals has it."""
    origin, rows = reader.origin("signals"), reader.tables("signals")
    for prefix, code in SENDERS.items():
        if prefix == "chi" and reader.holds("china_leader_travel"):
            continue  # the list of travels says more
        visited = rows.filter(pl.col(f"{prefix}_vis") > 0).select(
            "year", actor_a=pl.lit(code), actor_b=pl.col("ccode"), amount=pl.col(f"{prefix}_vis").cast(pl.Float64)
        )
        named = reader.actors(visited, ("actor_a", "actor_b"), table="signals")
        frame = named.with_columns(
            start=year_start(pl.col("year")),
            end=year_end(pl.col("year")),
            precision=pl.lit("year"),
            label=pl.lit("leader"),
            strength=1 - 0.5 ** pl.col("amount"),
        )
        yield Built(frame=finished(frame, kind="visit", origin=origin, directed=True), origin=origin)


def china_leader_visits(reader: Reader) -> Iterator[Built]:
    """Yield the years in which leaders of China travelled to a state, with the number of travels."""
    table = "china_leader_travel"
    origin, rows = reader.origin(table), reader.tables(table)
    rows = reader.named(rows, "actor", value="Country", table=table)
    yearly = rows.group_by("actor", "Year").agg(pl.len().cast(pl.Float64).alias("amount"), pl.col("Name").first())
    frame = yearly.select(
        "amount",
        actor_a=pl.lit("CHN"),
        actor_b="actor",
        start=year_start(pl.col("Year")),
        end=year_end(pl.col("Year")),
        precision=pl.lit("year"),
        label="Name",
        strength=1 - 0.5 ** pl.col("amount"),
    )
    yield Built(frame=finished(frame, kind="visit", origin=origin, directed=True), origin=origin)


def china_military_visits(reader: Reader) -> Iterator[Built]:
    """Yield the years with visits of the military between China and a state, to or from."""
    table = "china_public_diplomacy"
    origin, rows = reader.origin(table), reader.tables(table).filter(pl.col("military_visits") > 0)
    rows = reader.named(rows, "actor", value="receiving_country", table=table)
    frame = rows.select(
        actor_a=pl.lit("CHN"),
        actor_b="actor",
        start=year_start(pl.col("year")),
        end=year_end(pl.col("year")),
        precision=pl.lit("year"),
        label=pl.lit("military visits, to or from"),
        amount=pl.col("military_visits"),
        strength=1 - 0.5 ** pl.col("military_visits"),
    )
    yield Built(frame=finished(frame, kind="visit", origin=origin), origin=origin)
