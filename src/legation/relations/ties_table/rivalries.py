"""Strategic rivalries as scholars list them, and claims and ruptures on record."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.relations.ties_table.claims import load_claims
from legation.relations.ties_table.origin import FACTS
from legation.relations.ties_table.rows import Built, Reader, finished, year_end, year_start

__all__ = ["claim_facts", "td_ties", "tss_ties"]

_RIVALRY, _PRINCIPAL = 0.7, 1.0


def tss_ties(reader: Reader) -> Iterator[Built]:
    """Yield the rivalries of Thompson, Sakuwa and Suhas."""
    rows = reader.tables("tss_rivalries")
    words = ("positional", "spatial", "ideological", "interventionary")
    label = pl.concat_str(
        [pl.when(pl.col(word) == 1).then(pl.lit(word)) for word in words], separator=", ", ignore_nulls=True
    )
    strength = pl.when(pl.col("principal") == 1).then(_PRINCIPAL).otherwise(_RIVALRY)
    frame = rows.select(actor_a="ccode1", actor_b="ccode2", first="start", final="end", label=label, strength=strength)
    yield _rivalries(reader, "tss_rivalries", frame)


def td_ties(reader: Reader) -> Iterator[Built]:
    """Yield the rivalries of Thompson and Dreyer, where those of the later book are not held."""
    label = pl.concat_str(["type1", "type2", "type3"], separator=", ", ignore_nulls=True)
    frame = reader.tables("td_rivalries").select(
        actor_a="ccode1", actor_b="ccode2", first="styear", final="endyear", label=label, strength=pl.lit(_RIVALRY)
    )
    yield _rivalries(reader, "td_rivalries", frame)


def _rivalries(reader: Reader, table: str, rows: pl.DataFrame) -> Built:
    """Return rivalries; one that reaches the source's last year is open.

    Codes are read at the end of a rivalry, since many begin before the state systems do.
    """
    origin = reader.origin(table)
    last = rows.get_column("final").max()
    named = reader.actors(rows, ("actor_a", "actor_b"), table=table, year="final")
    frame = named.with_columns(
        start=year_start(pl.max_horizontal(pl.col("first"), pl.lit(1816))),
        end=pl.when(pl.col("final") < last).then(year_end(pl.col("final"))),
        precision=pl.lit("year"),
    )
    return Built(frame=finished(frame, kind="rivalry", origin=origin), origin=origin)


def claim_facts(_: Reader) -> Iterator[Built]:
    """Yield the claims and ruptures of the record."""
    columns = ("actor_a", "actor_b", "label", "start", "end", "precision", "strength")
    types = (pl.String, pl.String, pl.String, pl.Date, pl.Date, pl.String, pl.Float64)
    frame = pl.DataFrame(
        [
            (
                one.a,
                one.b,
                f"{one.kind}: {one.about}; {one.reference}",
                one.start,
                one.end,
                one.start_precision,
                one.strength,
            )
            for one in load_claims()
        ],
        schema=dict(zip(columns, types, strict=True)),
        orient="row",
    ).with_columns(known=pl.coalesce("start", pl.lit(FACTS.first)))
    yield Built(frame=finished(frame, kind="claim", origin=FACTS), origin=FACTS)
