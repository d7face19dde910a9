"""GDELT 1 and 2: from the publisher's columns to events."""

from __future__ import annotations

import polars as pl

from legation.evidence.events._parts import (
    as_events,
    hundredths,
    keep,
    map_actor,
    own_story,
    refuse_days,
    refuse_unknown_codes,
    with_code_facts,
)
from legation.evidence.events.actor_codes import FIPS
from legation.evidence.events.options import ReadOptions
from legation.evidence.events.quarantine import Quarantine
from legation.evidence.events.stories import story_key, story_numbers

__all__ = ["gdelt_events"]


def gdelt_events(raw: pl.DataFrame, *, options: ReadOptions, quarantine: Quarantine, number: int) -> pl.DataFrame:
    """Turn the used columns of a GDELT export, as text, into events.

    Parameters
    ----------
    raw
        The columns of `FORMATS["gdelt2"].used` and ``line``.
    number
        The place of the file in the reading.
    """
    frame = _with_days(raw, options=options, quarantine=quarantine)
    frame = refuse_unknown_codes(frame, "EventCode", quarantine=quarantine)
    frame = with_code_facts(frame, "EventCode")
    frame = keep(
        frame,
        pl.col("QuadClass").is_in(["1", "2", "3", "4"]) & pl.col("IsRootEvent").is_in(["0", "1"]),
        "QuadClass is not 1 to 4, or IsRootEvent not 0 or 1",
        quarantine=quarantine,
        value="QuadClass",
    )
    frame = frame.with_columns(
        pl.col("QuadClass").cast(pl.Int8),
        hundredths("GoldsteinScale").alias("published"),
        pl.col("NumSources").cast(pl.Int32, strict=False).alias("sources"),
        (pl.col("IsRootEvent") == "1").alias("root_event"),
    )
    frame = keep(frame, pl.col("sources") >= 0, "NumSources is no count", quarantine=quarantine, value="NumSources")
    differing = frame.filter(pl.col("QuadClass") != pl.col("quad_of_root"))
    quarantine.add_frame(
        differing, "QuadClass differs from the class of the root", value="EventCode", action="read as it is"
    )
    frame = _with_goldstein(frame, options=options, quarantine=quarantine)
    frame = map_actor(frame, "Actor1CountryCode", name="source", scheme="cameo", quarantine=quarantine)
    frame = map_actor(frame, "Actor2CountryCode", name="target", scheme="cameo", quarantine=quarantine)
    return as_events(
        frame.with_columns(
            pl.col("EventCode").alias("code"),
            pl.col("EventCode").alias("type"),
            pl.col("QuadClass" if options.quads == "published" else "quad_of_root").alias("quad"),
            pl.col("ActionGeo_CountryCode").replace_strict(FIPS, default=None, return_dtype=pl.String).alias("place"),
            _stories(frame, number=number),
        )
    )


def _with_days(raw: pl.DataFrame, *, options: ReadOptions, quarantine: Quarantine) -> pl.DataFrame:
    frame = raw.with_columns(
        pl.col("SQLDATE").str.to_date("%Y%m%d", strict=False).alias("day"),
        pl.col("DATEADDED").str.head(8).str.to_date("%Y%m%d", strict=False).alias("added"),
    )
    frame = keep(frame, pl.col("added").is_not_null(), "DATEADDED is no date", quarantine=quarantine, value="DATEADDED")
    century = pl.col("day").dt.year() == pl.col("added").dt.year() - 100
    early = frame.filter(century)
    if early.height:
        if options.repair_century:
            reason = "dated a century before it was added, read as meant"
            quarantine.add_frame(early, reason, value="SQLDATE", action="read after repair")
            meant = pl.col("day").dt.offset_by("100y")
            frame = frame.with_columns(pl.when(century).then(meant).otherwise(pl.col("day")).alias("day"))
        else:
            quarantine.add_frame(early, "dated a century before it was added", value="SQLDATE")
            frame = frame.filter(~century)
    frame = refuse_days(frame, raw="SQLDATE", last=options.last_day, quarantine=quarantine)
    return keep(
        frame,
        pl.col("day") <= pl.col("added"),
        "dated after it was added to GDELT",
        quarantine=quarantine,
        value="SQLDATE",
    )


def _with_goldstein(frame: pl.DataFrame, *, options: ReadOptions, quarantine: Quarantine) -> pl.DataFrame:
    if options.goldstein != "published":
        return frame.with_columns(pl.col(f"goldstein_{options.goldstein}").alias("goldstein"))
    absent = frame.filter(pl.col("published").is_null())
    # GDELT leaves the value empty for codes its list lacks; the other list has them.
    quarantine.add_frame(
        absent,
        "GoldsteinScale is no value from -10 to 10, read as CAMEO's",
        value="EventCode",
        action="read after repair",
    )
    return frame.with_columns(pl.coalesce("published", "goldstein_cameo").alias("goldstein"))


def _stories(frame: pl.DataFrame, *, number: int) -> pl.Series:
    """Return the story of each row; where it can matter, between two actors, from the address of the report."""
    own = frame.select(own_story(number).alias("story")).get_column("story")
    if "SOURCEURL" not in frame.columns:
        return own
    rows = frame.select(
        (pl.col("source").is_not_null() & pl.col("target").is_not_null() & pl.col("SOURCEURL").is_not_null()).alias(
            "met"
        )
    ).get_column("met")
    places = rows.arg_true()
    addresses = frame.get_column("SOURCEURL").gather(places)
    # An article stands on several rows: its address is taken apart once.
    one = addresses.unique()
    keys = one.to_frame("address").select(story_key(pl.col("address")).alias("key")).get_column("key")
    numbers = pl.Series(story_numbers(keys), dtype=pl.Int64)
    return own.scatter(places, addresses.replace_strict(one, numbers, return_dtype=pl.Int64)).alias("story")
