"""Source: both state systems with dated spells, and the crosswalk between their codes by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from legation.errors import SourceError
from legation.evidence.forms import read_form
from legation.evidence.layouts import day_first, named, needs, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_MICROSTATES = "microstates.txt"
_SPELL = ("gwcode", "gw_abb", "gw_name", "start", "end")


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the spells of both systems and the crosswalks, as far as their files are there."""
    return files.all_declared(readers={"states2016.csv": _cow_list, "ksgmdw.txt": _gleditsch_ward_lists})


def _cow_list(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Make spells with days of the Correlates of War list, which has dates in three columns."""
    parts = ("styear", "stmonth", "stday", "endyear", "endmonth", "endday")
    frame = needs(read_form(path, form, description), ("ccode", "stateabb", "statenme", *parts), path)
    frame = numbers(frame, parts, path)
    try:
        return frame.select(
            "ccode",
            pl.col("stateabb").alias("cw_abb"),
            pl.col("statenme").alias("cw_name"),
            pl.date("styear", "stmonth", "stday").alias("start"),
            pl.date("endyear", "endmonth", "endday").alias("end"),
        )
    except pl.exceptions.PolarsError as error:
        raise SourceError(
            f"{path} has a day that no calendar knows: {str(error).splitlines()[0]}.",
            remedy=f"Fetch it again from {description.url}.",
        ) from error


def _gleditsch_ward_lists(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read the authors' list of states and the one of microstates beside it as one list."""
    beside = path.with_name(_MICROSTATES)
    if not beside.is_file():
        raise SourceError(
            f"{path} is there and {beside} is not; the system holds the microstates as well.",
            remedy=f"Get {_MICROSTATES} from http://ksgleditsch.com/data/ and put it beside the other.",
        )
    lists = [(path, 0), (beside, 1)]
    return pl.concat(
        _list(each, form, description).with_columns(pl.lit(micro).alias("microstate")) for each, micro in lists
    )


def _list(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read one list, which has a heading of the authors' own and days as 1816-01-01 or 01:01:1816."""
    frame = named(read_form(path, form, description), _SPELL, path)
    for end in ("start", "end"):
        text = frame.get_column(end).str.strip_chars()
        if not text.str.contains(r"^\d{4}-\d\d-\d\d$").all():
            frame = frame.with_columns(day_first(end, path=path, frame=frame))
    return frame
