"""Joint military exercises (MME, and JME where MME is not held): each pair of participants."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from legation.relations.ties_table.rows import Built, Reader, finished

__all__ = ["jme_ties", "mme_ties"]


def mme_ties(reader: Reader) -> Iterator[Built]:
    """Yield each pair of participants of each multinational exercise; the more took part, the weaker the tie."""
    names = reader.tables("mme").with_row_index("exercise", offset=1)
    names = names.select(pl.col("exercise").cast(pl.Int32), label="Ex_Name", command_post=pl.col("CPX") == 1)
    yield _pairs(reader, "mme_participants", names)


def jme_ties(reader: Reader) -> Iterator[Built]:
    """Yield each pair of participants of each joint exercise of the coders' sheet."""
    names = reader.tables("jme").with_row_index("exercise", offset=1)
    names = names.select(
        pl.col("exercise").cast(pl.Int32), label="Exercise Name", command_post=pl.col("JME Type") == "CPX"
    )
    yield _pairs(reader, "jme_participants", names)


def _pairs(reader: Reader, table: str, names: pl.DataFrame) -> Built:
    origin, took_part = reader.origin(table), reader.tables(table)
    took_part = reader.named(took_part, "actor", value="value", table=table)
    undated = took_part.filter(pl.col("start").is_null())
    reader.leave_out(undated, "value", table=table, reason="the exercise has no date")
    took_part = took_part.filter(pl.col("start").is_not_null())
    one = took_part.unique(["exercise", "actor"], keep="first", maintain_order=True)
    one = one.with_columns(amount=pl.len().over("exercise").cast(pl.Float64))
    pairs = one.join(one.select("exercise", "actor"), on="exercise", suffix="_b").filter(
        pl.col("actor") < pl.col("actor_b")
    )
    pairs = pairs.join(names, on="exercise", how="left").select(
        "start",
        "amount",
        actor_a="actor",
        actor_b="actor_b",
        end=pl.when(pl.col("end") >= pl.col("start")).then(pl.col("end")).otherwise(pl.col("start")),
        precision=pl.col("start_precision"),
        label=pl.when(pl.col("label") == "-9").then(pl.lit("")).otherwise(pl.col("label").fill_null("")),
        strength=pl.when(pl.col("command_post").fill_null(value=False)).then(0.5).otherwise(1.0)
        / (pl.col("amount") - 1).clip(lower_bound=1).sqrt(),
    )
    return Built(frame=finished(pairs, kind="exercise", origin=origin), origin=origin)
