"""The publishers' file formats: columns in order, encodings, and which columns the events are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

__all__ = ["EVENT_COLUMNS", "FORMATS", "FileFormat", "FormatName"]

FormatName: TypeAlias = Literal["gdelt2", "gdelt1", "icews", "polecat", "table"]

EVENT_COLUMNS: dict[str, tuple[pl.DataType, str]] = {
    "day": (pl.Date(), "day of the event"),
    "source": (pl.String(), "actor who acts; missing when the file names none"),
    "target": (pl.String(), "actor who is acted upon"),
    "code": (pl.String(), "CAMEO code; missing in PLOVER data"),
    "plover": (pl.String(), "PLOVER type: the file's, or the one of the CAMEO code"),
    "type": (pl.String(), "what the one-a-day filter takes as the type: the CAMEO code, or PLOVER type and mode"),
    "quad": (pl.Int8(), "quad class 1 to 4"),
    "goldstein": (pl.Int16(), "Goldstein value or intensity in hundredths"),
    "sources": (pl.Int32(), "sources of the report; missing when the file does not say"),
    "root_event": (pl.Boolean(), "whether the event stands in the lead of its report; missing when unknown"),
    "place": (pl.String(), "actor in whose country the event took place"),
    "story": (pl.Int64(), "number of the report: equal for copies of one text, never missing"),
}
"""The columns of a table of events, with their meaning."""


@dataclass(frozen=True, kw_only=True)
class FileFormat:
    """How one publisher writes events.

    Parameters
    ----------
    name
        The name used by `read_events` and the command line.
    title
        What it is, for people.
    counts
        The numbers of columns that are known.
    columns
        The columns in order; for a file without a heading, of the longest known form.
    heading
        Whether the first line names the columns.
    used
        The columns that events are made of.
    optional
        Columns that some releases have besides.
    renamed
        Names of other releases, with the name used here.
    reference
        Where the publisher documents it.
    """

    name: FormatName
    title: str
    counts: tuple[int, ...]
    columns: tuple[str, ...]
    heading: bool
    used: tuple[str, ...]
    reference: str
    optional: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def _actor(number: int) -> list[str]:
    parts = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
    return [f"Actor{number}{part}" for part in parts.split()]


def _place(who: str, *, second_level: bool) -> list[str]:
    parts = ["Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID"]
    return [f"{who}Geo_{part}" for part in parts if second_level or part != "ADM2Code"]


def _gdelt(*, second_level: bool) -> tuple[str, ...]:
    return (
        *["GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"],
        *_actor(1),
        *_actor(2),
        *["IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"],
        *["NumMentions", "NumSources", "NumArticles", "AvgTone"],
        *_place("Actor1", second_level=second_level),
        *_place("Actor2", second_level=second_level),
        *_place("Action", second_level=second_level),
        "DATEADDED",
        "SOURCEURL",
    )


_GDELT_USED = (
    *[
        "SQLDATE",
        "Actor1CountryCode",
        "Actor2CountryCode",
        "IsRootEvent",
        "EventCode",
        "QuadClass",
        "GoldsteinScale",
        "NumSources",
    ],
    "ActionGeo_CountryCode",
    "DATEADDED",
    "SOURCEURL",
)

GDELT2 = FileFormat(
    name="gdelt2",
    title="GDELT 2 event export, every 15 minutes since 18 February 2015",
    counts=(61,),
    columns=_gdelt(second_level=True),
    heading=False,
    used=_GDELT_USED,
    reference="GDELT Event Codebook 2.0, 19 February 2015",
)

GDELT1 = FileFormat(
    name="gdelt1",
    title="GDELT 1 events: 57 columns to March 2013, 58 with SOURCEURL in the daily files since 1 April 2013",
    counts=(57, 58),
    columns=_gdelt(second_level=False),
    heading=False,
    used=_GDELT_USED,
    reference="GDELT Data Format Codebook 1.03, 25 August 2013",
)

ICEWS = FileFormat(
    name="icews",
    title="ICEWS coded events, yearly and weekly files",
    counts=(20,),
    columns=(
        "Event ID",
        "Event Date",
        "Source Name",
        "Source Sectors",
        "Source Country",
        "Event Text",
        "CAMEO Code",
        "Intensity",
        "Target Name",
        "Target Sectors",
        "Target Country",
        "Story ID",
        "Sentence Number",
        "Publisher",
        "City",
        "District",
        "Province",
        "Country",
        "Latitude",
        "Longitude",
    ),
    heading=True,
    used=("Event Date", "Source Country", "CAMEO Code", "Intensity", "Target Country", "Story ID", "Country"),
    reference="Boschee and others, ICEWS Coded Event Data, doi:10.7910/DVN/28075",
)

POLECAT = FileFormat(
    name="polecat",
    title="POLECAT events coded in PLOVER, weekly and yearly files",
    counts=(40,),
    columns=(
        *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
        *("Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title"),
        *("Actor Name Raw", "Wikipedia Actor ID"),
        *("Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors"),
        *("Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID"),
        *("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID"),
        *("Raw Placename", "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations"),
        *("Story Locations", "Language", "Version"),
    ),
    heading=True,
    used=(
        *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code"),
        *("Actor Country", "Recipient Country", "Country", "Publication Date"),
    ),
    optional=("Headline", "Event Text", "Feed", "Story ID"),
    renamed=(("Event Intensity", "Intensity"),),
    reference="Halterman and others, POLECAT weekly and yearly data, doi:10.7910/DVN/AJGVIT",
)

TABLE = FileFormat(
    name="table",
    title="a table of your own: date, source, target and a code",
    counts=(),
    columns=("date", "source", "target", "code", "plover", "quad", "goldstein", "sources", "root_event", "story"),
    heading=True,
    used=(),
    reference="docs/reference/events.md",
)

FORMATS: dict[str, FileFormat] = {each.name: each for each in (GDELT2, GDELT1, ICEWS, POLECAT, TABLE)}
"""Every known format by name."""
