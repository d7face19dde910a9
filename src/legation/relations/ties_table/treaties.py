"""Defence treaties and pacts: the record of acts, and ATOP's obligations where the world holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from legation.actors.treaties import clause_spells, load_clauses, load_treaties
from legation.relations.ties_table.origin import FACTS
from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start

__all__ = ["atop_ties", "treaty_facts"]

_STRENGTH: Final = {"defence": 1.0, "consultation": 0.5, "cooperation": 0.5, "non_aggression": 0.25}
_COLUMNS: Final = ("actor_a", "actor_b", "obligation", "label", "start", "end")
_OBLIGATIONS: Final = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")


def treaty_facts(_: Reader) -> Iterator[Built]:
    """Yield the treaties and collective clauses of the record, with the days of entry into force and of end."""
    rows = [
        (*treaty.parties, treaty.obligation, f"{treaty.title}; {treaty.reference}", day, treaty.ended)
        for treaty in load_treaties()
        if (day := treaty.in_force or treaty.signed)
    ]
    for clause in load_clauses():
        label = f"{clause.title}, {clause.article}; {clause.reference}"
        rows += [(one.a, one.b, clause.obligation, label, one.start, one.end) for one in clause_spells(clause)]
    types = (pl.String, pl.String, pl.String, pl.String, pl.Date, pl.Date)
    frame = pl.DataFrame(rows, schema=dict(zip(_COLUMNS, types, strict=True)), orient="row")
    frame = frame.with_columns(
        strength=pl.col("obligation").replace_strict(_STRENGTH, return_dtype=pl.Float64),
        precision=pl.lit("day"),
        known=pl.col("start"),
    )
    defence = pl.col("obligation") == "defence"
    yield Built(frame=finished(frame.filter(defence), kind="defence_treaty", origin=FACTS), origin=FACTS)
    yield Built(frame=finished(frame.filter(~defence), kind="pact", origin=FACTS), origin=FACTS)


def atop_ties(reader: Reader) -> Iterator[Built]:
    """Yield ATOP's alliances as spells of years with the same obligations, per pair.

    A spell that reaches the last year of the source is open: it was in force when the source ended.
    """
    origin, years = reader.origin("atop_ddy"), reader.tables("atop_ddy")
    last = years.get_column("year").max()
    named = reader.actors(
        years.select("year", *_OBLIGATIONS, actor_a="ccode1", actor_b="ccode2"),
        ("actor_a", "actor_b"),
        table="atop_ddy",
    )
    sides = [
        pl.min_horizontal("actor_a", "actor_b").alias("actor_a"),
        pl.max_horizontal("actor_a", "actor_b").alias("actor_b"),
    ]
    # after naming: the two codes of one Germany share the year 1990
    pairs = named.group_by(*sides, "year").agg(pl.col(_OBLIGATIONS).max()).sort("actor_a", "actor_b", "year")
    same = ["actor_a", "actor_b", *_OBLIGATIONS]
    run = pl.struct(*same).rle_id().alias("_same")
    pairs = pairs.with_columns(run).with_columns(_spell=pl.col("year") - pl.int_range(pl.len()).over("_same"))
    spells = pairs.group_by("_same", "_spell", *same, maintain_order=True).agg(
        pl.col("year").min().alias("first"), pl.col("year").max().alias("final")
    )
    words = [pl.when(pl.col(name) == 1).then(pl.lit(name.removeprefix("atop_"))) for name in _OBLIGATIONS]
    spells = spells.with_columns(
        label=pl.concat_str(words, separator=", ", ignore_nulls=True),
        start=year_start(pl.col("first")),
        end=pl.when(pl.col("final") < last).then(year_end(pl.col("final"))),
        precision=pl.lit("year"),
        strength=pl.when(pl.any_horizontal(pl.col("atop_defense", "atop_offense") == 1))
        .then(1.0)
        .when(pl.col("atop_consul") == 1)
        .then(0.5)
        .when(pl.col("atop_neutral") == 1)
        .then(0.4)
        .otherwise(0.25),
    ).filter(pl.col("label") != "")
    defence = pl.any_horizontal(pl.col("atop_defense", "atop_offense") == 1)
    yield Built(frame=finished(spells.filter(defence), kind="defence_treaty", origin=origin), origin=origin)
    yield Built(frame=finished(spells.filter(~defence), kind="pact", origin=origin), origin=origin)
