"""From a source's names and codes to actors, at the time a row speaks of; what is no actor is listed, not dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from legation.actors.names import english_index, fold
from legation.actors.registry import by_code
from legation.actors.types import Actor, ActorKind, CodeSystem
from legation.errors import SourceError
from legation.evidence.codes import dated_actor_or_none, days_of_year, exists_on
from legation.evidence.description import SourceDescription

__all__ = ["UNREAD", "Named", "actor_named", "days_of", "unread_rows", "with_actors", "with_coded_actors"]

UNREAD = {
    "table": pl.String,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "rows": pl.Int32,
    "first": pl.Int16,
    "last": pl.Int16,
}
"""Columns of the table in which a source lists what it could not give an actor."""

_LEFT_OUT = "left out: the description says that it means no actor"
_NOT_THEN = "nobody of that name was an actor then"
_SEVERAL = "several actors bear the name"
_TERRITORY = "a territory, no actor of its own"
_UNKNOWN = "nobody knows the name"
_PREFIX, _OR = "gw ", " or "

Days = tuple[date, ...]
Meaning = tuple[str | None, str]
"""An actor's id and no reason, or no id and the reason."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A table whose names were read.

    Parameters
    ----------
    frame
        The table with one more column, missing where no actor was found.
    unread
        What found none: a row for each value and reason, with the columns of `UNREAD`.
    """

    frame: pl.DataFrame
    unread: pl.DataFrame


def days_of(when: date | int | None) -> Days:
    """Return the days to look an actor up at: a day itself; of a year its end, middle and beginning."""
    if when is None:
        return ()
    if isinstance(when, date):
        return (when,)
    return days_of_year(when)


def actor_named(name: str, *, days: Sequence[date], description: SourceDescription, table: str = "names") -> Meaning:
    """Return the actor that a source's name means on the first of the days that has one, or why there is none.

    The description's own table of names goes first; it holds an actor's id, a Gleditsch-Ward code (``gw 345``) whose
    holder changed, several of both to be tried in turn (``gw 817 or gw 816``), or nothing where a name means no actor.
    Where that gives nobody on the days, the names that Legation knows are asked. Without days an actor is taken
    whenever it existed.
    """
    meaning = description.lookup(table, name)
    if meaning == "":
        return None, _LEFT_OUT
    if meaning is not None and (found := _meant(meaning, days)) is not None:
        return found, ""
    candidates = english_index().get(fold(name), ())
    if not candidates:
        return None, _UNKNOWN if meaning is None else _NOT_THEN
    actors = [one for one in candidates if one.kind is not ActorKind.OTHER]
    if not actors:
        return None, _TERRITORY
    return _of_that_time(actors, days)


def _meant(meaning: str, days: Sequence[date]) -> str | None:
    for one in meaning.split(_OR):
        if one.startswith(_PREFIX):
            found = dated_actor_or_none("gw", one.removeprefix(_PREFIX), days=days)
        else:
            found = one if not days or any(exists_on(one, day) for day in days) else None
        if found is not None:
            return found
    return None


def _of_that_time(actors: Sequence[Actor], days: Sequence[date]) -> Meaning:
    for day in days or (None,):
        there = [one for one in actors if day is None or one.exists(day)]
        if len(there) == 1:
            return str(there[0].id), ""
        if there:
            return None, _SEVERAL
    return None, _NOT_THEN


def with_actors(
    frame: pl.DataFrame,
    column: str,
    *,
    description: SourceDescription,
    when: str | None,
    table: str,
    into: str = "actor",
    names: str = "names",
    unknown: Literal["stop", "list"] = "stop",
) -> Named:
    """Return a table with a further column that holds the actor each name means at the row's time.

    Parameters
    ----------
    frame
        The table.
    column
        The column that holds names.
    description
        The source's description, for its own table of names.
    when
        The column with the year or the day that a row speaks of; None where the rows have no time.
    table
        The table's name, for the list of what was not read.
    into
        The name of the new column.
    names
        The description's table of names.
    unknown
        Whether a name that nobody knows stops the load or is listed.

    Raises
    ------
    SourceError
        When `unknown` is ``stop`` and a name is neither in the description nor known.
    """

    def read(value: str, days: Days) -> Meaning:
        return actor_named(value, days=days, description=description, table=names)

    return _read_column(
        frame, column, read=read, when=when, table=table, into=into, unknown=unknown, source=description
    )


def with_coded_actors(
    frame: pl.DataFrame,
    column: str,
    *,
    system: CodeSystem,
    description: SourceDescription,
    when: str | None,
    table: str,
    into: str = "actor",
    names: str = "names",
    unknown: Literal["stop", "list"] = "stop",
) -> Named:
    """Return a table with a further column that holds the actor of each code at the row's time.

    Like `with_actors`, for codes of a system. Letters are read without regard to case.

    Raises
    ------
    SourceError
        When `unknown` is ``stop`` and a code is neither in the description nor ever held by an actor.
    """

    def read(value: str, days: Days) -> Meaning:
        return _actor_coded(value, system=system, days=days, description=description, names=names)

    return _read_column(
        frame, column, read=read, when=when, table=table, into=into, unknown=unknown, source=description
    )


def _actor_coded(value: str, *, system: CodeSystem, days: Days, description: SourceDescription, names: str) -> Meaning:
    meaning = description.lookup(names, value)
    if meaning == "":
        return None, _LEFT_OUT
    code = value.strip().upper()
    found = dated_actor_or_none(system, code, days=days)
    found = found or (None if meaning is None else _meant(meaning, days)) or _only_holder(system, code, days)
    if found is not None:
        return found, ""
    return None, _NOT_THEN if meaning is not None or (system, code) in by_code() else _UNKNOWN


def _only_holder(system: CodeSystem, code: str, days: Days) -> str | None:
    """Return the one state that ever held a code, if it existed: many sources write today's codes at all dates."""
    holders = {str(one.id): one for _, one in by_code().get((system, code), ()) if one.kind is ActorKind.STATE}
    there = [name for name, one in holders.items() if not days or any(one.exists(day) for day in days)]
    return there[0] if len(holders) == 1 and there else None


def _read_column(
    frame: pl.DataFrame,
    column: str,
    *,
    read: Callable[[str, Days], Meaning],
    when: str | None,
    table: str,
    into: str,
    unknown: Literal["stop", "list"],
    source: SourceDescription,
) -> Named:
    time = pl.lit(None, dtype=pl.Int16) if when is None else pl.col(when)
    text = pl.col(column) if frame.schema[column] == pl.String else pl.col(column).cast(pl.Int64).cast(pl.String)
    keyed = frame.with_columns(time.alias("_when"), text.alias("_value"))
    pairs = keyed.select("_value", "_when").filter(pl.col("_value").is_not_null()).unique().sort("_value", "_when")
    meanings = [read(value, days_of(moment)) for value, moment in pairs.rows()]
    read_pairs = pairs.with_columns(
        pl.Series(into, [actor for actor, _ in meanings], dtype=pl.String),
        pl.Series("_reason", [reason for _, reason in meanings], dtype=pl.String),
    )
    joined = keyed.join(read_pairs, on=["_value", "_when"], how="left", nulls_equal=True, maintain_order="left")
    unread = _listed(joined, into=into, table=table, column=column)
    if unknown == "stop":
        _refuse_unknown(unread, source)
    return Named(frame=joined.drop("_when", "_value", "_reason"), unread=unread)


def _listed(joined: pl.DataFrame, *, into: str, table: str, column: str) -> pl.DataFrame:
    missing = joined.filter(pl.col(into).is_null() & pl.col("_value").is_not_null())
    year = pl.col("_when").dt.year() if missing.schema["_when"] == pl.Date else pl.col("_when")
    return (
        missing.group_by("_value", "_reason")
        .agg(pl.len().alias("rows"), year.min().alias("first"), year.max().alias("last"))
        .select(
            pl.lit(table).alias("table"),
            pl.lit(column).alias("column"),
            pl.col("_value").alias("value"),
            pl.col("_reason").alias("reason"),
            "rows",
            "first",
            "last",
        )
        .cast(UNREAD)  # type: ignore[arg-type]
        .sort("value", "reason")
    )


def _refuse_unknown(unread: pl.DataFrame, source: SourceDescription) -> None:
    unknown = unread.filter(pl.col("reason") == _UNKNOWN)
    if unknown.height:
        raise SourceError(
            f"Source {source.name} uses {unknown['value'][0]!r} in {unknown['column'][0]} of {unknown['table'][0]}, "
            f"in {unknown['rows'][0]} rows; {unknown.height} values are known to nobody.",
            remedy="Add it to the lookups of the source's description: an actor's id, or an empty text for no actor.",
        )


def unread_rows(*parts: pl.DataFrame) -> pl.DataFrame:
    """Return the lists of what was not read as one table, sorted."""
    return pl.concat([pl.DataFrame(schema=UNREAD), *parts]).sort("table", "column", "value", "reason")
