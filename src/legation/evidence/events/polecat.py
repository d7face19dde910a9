"""POLECAT: from the publisher's columns, coded in PLOVER, to events."""

from __future__ import annotations

import polars as pl

from legation.evidence.events._parts import as_events, hundredths, keep, map_actor, own_story, refuse_days
from legation.evidence.events.codes import PLOVER_QUADS, QUAD_NAMES
from legation.evidence.events.options import ReadOptions
from legation.evidence.events.quarantine import Quarantine

__all__ = ["polecat_events"]

_MISSING = ["", "None", "NA", "NULL"]


def polecat_events(raw: pl.DataFrame, *, options: ReadOptions, quarantine: Quarantine, number: int) -> pl.DataFrame:
    """Turn the used columns of a POLECAT file, as text, into events.

    An event between several countries, written ``USA; GBR``, becomes one event for each pair. The file's own quad code
    goes before the class of the type.
    """
    columns = [name for name in raw.columns if name != "line"]
    frame = raw.with_columns(
        pl.when(~pl.col(name).is_in(_MISSING)).then(pl.col(name)).alias(name) for name in columns
    ).with_columns(
        pl.col("Event Date").str.head(10).str.to_date("%Y-%m-%d", strict=False).alias("day"),
        pl.col("Event Type").str.strip_chars().str.to_uppercase().alias("plover"),
        pl.col("Quad Code").str.strip_chars().str.to_lowercase().replace_strict(QUAD_NAMES, default=None).alias("own"),
    )
    frame = refuse_days(frame, raw="Event Date", last=options.last_day, quarantine=quarantine)
    frame = keep(
        frame,
        pl.col("plover").is_in(list(PLOVER_QUADS)),
        "not a PLOVER type",
        quarantine=quarantine,
        value="Event Type",
    )
    frame = keep(
        frame,
        pl.col("own").is_not_null() | pl.col("Quad Code").is_null(),
        "not a PLOVER quad code",
        quarantine=quarantine,
        value="Quad Code",
    )
    frame = frame.with_columns(pl.col("Event Mode").str.strip_chars().str.to_lowercase().alias("mode"))
    frame = _apart(frame, "Actor Country")
    frame = _apart(frame, "Recipient Country")
    frame = map_actor(frame, "Actor Country", name="source", scheme="iso3", quarantine=quarantine)
    frame = map_actor(frame, "Recipient Country", name="target", scheme="iso3", quarantine=quarantine)
    frame = map_actor(frame, "Country", name="place", scheme="iso3", quarantine=Quarantine(quarantine.file))
    of_type = pl.col("plover").replace_strict(PLOVER_QUADS, return_dtype=pl.Int8)
    return as_events(
        frame.with_columns(
            pl.lit(None).alias("code"),
            pl.concat_str(["plover", "mode"], separator="/", ignore_nulls=True).alias("type"),
            pl.coalesce(pl.col("own").cast(pl.Int8), of_type).alias("quad"),
            hundredths("Intensity").alias("goldstein"),
            pl.lit(None).alias("sources"),
            pl.lit(None).alias("root_event"),
            own_story(number).alias("story"),
        )
    )


def _apart(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    parts = pl.col(column).str.split(";").list.eval(pl.element().str.strip_chars())
    return frame.with_columns(parts.alias(column)).explode(column, empty_as_null=True, keep_nulls=True)
