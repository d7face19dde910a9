"""ICEWS: from the publisher's columns to events."""

from __future__ import annotations

import polars as pl

from legation.evidence.events._parts import (
    as_events,
    hundredths,
    map_actor,
    own_story,
    refuse_days,
    refuse_unknown_codes,
    with_code_facts,
)
from legation.evidence.events.options import ReadOptions
from legation.evidence.events.quarantine import Quarantine

__all__ = ["icews_events"]

_MISSING = ["", "NA", "NULL"]


def icews_events(raw: pl.DataFrame, *, options: ReadOptions, quarantine: Quarantine, number: int) -> pl.DataFrame:
    """Turn the used columns of an ICEWS file, as text, into events.

    A sentence gives an event once, so copies are told by story; the number of sources is not recorded.
    """
    columns = [name for name in raw.columns if name != "line"]
    frame = raw.with_columns(
        pl.when(~pl.col(name).is_in(_MISSING)).then(pl.col(name)).alias(name) for name in columns
    ).with_columns(pl.col("Event Date").str.to_date("%Y-%m-%d", strict=False).alias("day"))
    frame = refuse_days(frame, raw="Event Date", last=options.last_day, quarantine=quarantine)
    code = pl.col("CAMEO Code")
    frame = frame.with_columns(code.str.strip_chars().alias("CAMEO Code"))
    frame = refuse_unknown_codes(frame, "CAMEO Code", quarantine=quarantine)
    frame = with_code_facts(frame, "CAMEO Code").with_columns(hundredths("Intensity").alias("published"))
    frame = map_actor(frame, "Source Country", name="source", scheme="name", quarantine=quarantine)
    frame = map_actor(frame, "Target Country", name="target", scheme="name", quarantine=quarantine)
    frame = map_actor(frame, "Country", name="place", scheme="name", quarantine=Quarantine(quarantine.file))
    variant = "cameo" if options.goldstein == "published" else options.goldstein
    own = (
        pl.coalesce("published", "goldstein_cameo")
        if options.goldstein == "published"
        else pl.col(f"goldstein_{variant}")
    )
    story = pl.col("Story ID").cast(pl.Int64, strict=False)
    return as_events(
        frame.with_columns(
            code.alias("code"),
            code.alias("type"),
            pl.col("quad_of_root").alias("quad"),
            own.alias("goldstein"),
            pl.lit(None).alias("sources"),
            pl.lit(None).alias("root_event"),
            pl.when(story >= 0).then(story).otherwise(own_story(number)).alias("story"),
        )
    )
