"""Military exercises of several states: as published, and with their participants as actors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import Reader, read_form
from legation.evidence.naming import Named, unread_rows, with_actors, with_coded_actors
from legation.evidence.reading import SourceFiles

__all__ = ["folded", "load", "partial_dates"]

_PARTICIPANT = re.compile(r"(state ?[a-z]{1,2}|participant ?\d{1,2})\Z", re.IGNORECASE)
_PARTS = ("participants", "n_participants")
_SLASHED = r"^(?<m>\d{1,2}|[xX]+)/(?<d>\d{1,2}|[xX]+)/(?<y>\d{4})$"


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the tables of which a file is there, participants as actors, and the names that gave none."""
    found = files.all_declared(readers=_READERS)
    lists = []
    for name, make in (("mme_country_year", _country_years), ("mme", _mme_participants), ("jme", _jme_participants)):
        if name in found:
            table, named = make(files, found[name])
            found[table] = named.frame
            lists.append(named.unread)
    unread = unread_rows(*lists)
    return {name: found[name] for name in found if found[name].width} | {"military_exercises_unread": unread}


def folded(frame: pl.DataFrame, *, counted: bool) -> pl.DataFrame:
    """Return a table in which the columns of single participants are one list of names, separated by semicolons.

    Parameters
    ----------
    frame
        A table with one column for each place a participant may have: StateA to StateAM, or Participant 1 and so on.
        A table that has no such column is returned as it is.
    counted
        Whether to add the number of participants.
    """
    places = [name for name in frame.columns if _PARTICIPANT.match(name)]
    if not places:
        return frame
    text = pl.concat_str([pl.col(name).str.strip_chars() for name in places], separator=";", ignore_nulls=True)
    number = pl.sum_horizontal(pl.col(name).is_not_null() for name in places)
    added = [text.alias(_PARTS[0]), *([number.cast(pl.String).alias(_PARTS[1])] if counted else [])]
    return frame.with_columns(added).drop(places)


def partial_dates(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return the first and last day that texts for year, month and day leave open, and how exactly they name one.

    Texts that are no number (``xx``, ``-9``) are open; days that no calendar has leave the month open.
    """
    y, m, d = (part.cast(pl.Int32, strict=False) for part in (year, month, day))
    y, m = pl.when(y > 0).then(y), pl.when(m.is_between(1, 12)).then(m)
    exact, months, years = (_date(y, *rest) for rest in ((m, d), (m, pl.lit(1)), (pl.lit(1), pl.lit(1))))
    precision = (
        pl.when(exact.is_not_null()).then(pl.lit("day"))
        .when(months.is_not_null()).then(pl.lit("month"))
        .when(years.is_not_null()).then(pl.lit("year"))
    )  # fmt: skip
    first = pl.coalesce(exact, months, years)
    last = pl.coalesce(exact, months.dt.month_end(), years.dt.offset_by("1y").dt.offset_by("-1d"))
    return first, last, precision


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return a date; missing where a part is missing or no calendar has the day."""
    return pl.format("{}-{}-{}", year, month, day).str.to_date("%Y-%m-%d", strict=False)


def _read_wide(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    return folded(read_form(path, form, description), counted=True)


def _read_sheet(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    frame = folded(read_form(path, form, description), counted=False)
    return frame.with_columns(pl.col("^participants$").fill_null(""))


_READERS: Mapping[str, Reader] = {"mme_v7.csv": _read_wide, "jme_v3*.xlsx": _read_sheet, "jme_v3*.csv": _read_sheet}


def _country_years(files: SourceFiles, rows: pl.DataFrame) -> tuple[str, Named]:
    table = "mme_country_year"
    return table, with_actors(rows.drop("actor"), "country", description=files.description, when="year", table=table)


def _mme_participants(files: SourceFiles, exercises: pl.DataFrame) -> tuple[str, Named]:
    start, _, start_precision = partial_dates(pl.col("s.year"), pl.col("s.month"), pl.col("s.day"))
    _, end, end_precision = partial_dates(pl.col("e.year"), pl.col("e.month"), pl.col("e.day"))
    dates = {"start": start, "start_precision": start_precision, "end": end, "end_precision": end_precision}
    rows = _exploded(exercises.with_columns(**dates))
    table = "mme_participants"
    return table, with_actors(rows, "value", description=files.description, when="year", table=table)


def _jme_participants(files: SourceFiles, exercises: pl.DataFrame) -> tuple[str, Named]:
    began, ended = (pl.col(column).str.extract_groups(_SLASHED) for column in ("Start Date", "enddate"))
    start, _, start_precision = partial_dates(*(began.struct.field(part) for part in ("y", "m", "d")))
    _, end, end_precision = partial_dates(*(ended.struct.field(part) for part in ("y", "m", "d")))
    dates = {"start": start, "start_precision": start_precision, "end": end, "end_precision": end_precision}
    rows = _exploded(exercises.with_columns(**dates))
    table = "jme_participants"
    return table, with_coded_actors(
        rows, "value", system="iso3", description=files.description, when="year", table=table, names="codes"
    )


def _exploded(exercises: pl.DataFrame) -> pl.DataFrame:
    rows = exercises.with_row_index("exercise", offset=1).with_columns(pl.col("participants").str.split(";"))
    rows = rows.with_columns(pl.int_ranges(1, pl.col("participants").list.len() + 1).alias("place"))
    rows = rows.explode("participants", "place").with_columns(pl.col("participants").str.strip_chars().alias("value"))
    return rows.filter(pl.col("value").is_not_null() & (pl.col("value") != "")).select(
        pl.col("exercise").cast(pl.Int32),
        pl.col("place").cast(pl.Int16),
        "value",
        pl.col("start").dt.year().cast(pl.Int16).alias("year"),
        "start",
        "start_precision",
        "end",
        "end_precision",
    )
