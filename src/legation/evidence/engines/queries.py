"""The queries, written once for every engine; the only module that knows ibis.

Counts and sums are of whole numbers, so that engines that add in another order give the same result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import ibis
import polars as pl
import pyarrow as pa
from ibis import _

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, IntegerScalar, IntegerValue, Table

    from legation.evidence.events.rules import CleanUp

__all__ = [
    "add_of_dyad",
    "add_to_both",
    "dyad_months",
    "dyad_years",
    "month_rows",
    "sql",
    "table",
    "typed",
    "whole_numbers",
]

ROW_RULES = ("missing_actors", "domestic", "places_elsewhere", "root_events", "sources")
"""The rules that look at one event at a time, in their order; `month_rows` numbers them from 1."""


def table(name: str, schema: pa.Schema) -> Table:
    """Return a table of this name and these columns as a query; the engine holds it under the name."""
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


def sql(query: Table, *, dialect: Literal["duckdb", "pyspark"]) -> str:
    """Return a query in an engine's dialect."""
    getattr(ibis, dialect)  # loads the options that the dialect's compiler looks up
    return str(ibis.to_sql(query, dialect=dialect))


def whole_numbers(query: Table) -> dict[str, str]:
    """Return the columns of a query with the SQL type they are promised in, for an engine that widens sums."""
    names = {"int64": "BIGINT", "int32": "INTEGER"}
    return {name: names.get(str(dtype), "") for name, dtype in query.schema().items()}


def typed(frame: pl.DataFrame, query: Table) -> pl.DataFrame:
    """Return rows in the types the query promises: engines differ in the width of whole numbers and in text types."""
    promised = pl.DataFrame(query.schema().to_pyarrow().empty_table()).schema
    return frame.select(pl.col(name).cast(dtype) for name, dtype in promised.items())


def month_rows(events: Table, rules: CleanUp) -> Table:
    """Count rows by year, month and the first rule that removes them; 0 stands for none.

    Returns
    -------
    Table
        ``year``, ``month``, ``rule`` (0, or the place in `ROW_RULES` from 1), ``rows``, ``one_source``.
    """
    conditions = _row_conditions(events, rules)
    removed: Any = ibis.literal(0)
    for number, condition in reversed(list(enumerate(conditions, start=1))):
        if condition is not None:
            removed = ibis.ifelse(condition, number, removed)
    return (
        events.select(
            year=events.day.year().cast("int32"),
            month=events.day.month().cast("int32"),
            rule=removed.cast("int32"),
            one=_flag(events.sources == 1),
        )
        .group_by("year", "month", "rule")
        .agg(rows=_.count().cast("int64"), one_source=_.one.sum().cast("int64"))
    )


def dyad_months(events: Table, rules: CleanUp, *, by_type: bool = False) -> Table:
    """Count cleaned events by directed dyad and month.

    Parameters
    ----------
    events
        A table with the columns of `EVENT_COLUMNS`.
    rules
        The clean-up rules that are on.
    by_type
        Also by PLOVER type.

    Returns
    -------
    Table
        ``source``, ``target``, ``year``, ``month``, counts, sums in hundredths, and ``merged`` and ``raw``: events
        after the copies were merged, and before.
    """
    kept = events
    for condition in _row_conditions(events, rules):
        if condition is not None:
            kept = kept.filter(~condition)
    merged = _merged(kept, rules)
    keys: dict[str, Any] = {
        "source": merged.source,
        "target": merged.target,
        "year": merged.day.year().cast("int32"),
        "month": merged.day.month().cast("int32"),
    }
    if by_type:
        keys["plover"] = merged.plover
    cooperative = (merged.quad <= 2) | (merged.quad.isnull() & (merged.goldstein > 0))
    hostile = (merged.quad >= 3) | (merged.quad.isnull() & (merged.goldstein < 0))
    flags = {
        **{f"quad{number}": _flag(merged.quad == number) for number in range(1, 5)},
        "cooperation": _flag(cooperative),
        "conflict": _flag(hostile),
        "one_source": _flag(merged.sources == 1),
        "sourced": _flag(merged.sources.notnull()),
        "valued": _flag(merged.goldstein.notnull()),
    }
    narrow = merged.select(**keys, **flags, goldstein=merged.goldstein, merged=merged.merged, raw=merged.raw)
    sums: dict[str, IntegerScalar] = {name: narrow[name].sum().cast("int64") for name in (*flags, "merged", "raw")}
    value = narrow.goldstein.cast("int64").sum().cast("int64").name("goldstein_hundredths")
    return narrow.group_by(*keys).agg(narrow.count().cast("int64").name("n"), value, **sums)


def _row_conditions(events: Table, rules: CleanUp) -> list[BooleanValue | None]:
    """Return for each rule of one event when it removes the event; None for a rule that is off."""
    source, target, place = events.source, events.target, events.place
    # Comparisons with a missing value are made false by hand: engines agree on three-valued logic, readers less so.
    conditions: dict[str, BooleanValue] = {
        "missing_actors": source.isnull() | target.isnull(),
        "domestic": (source == target).fill_null(False),
        "places_elsewhere": ((place != source) & (place != target)).fill_null(False),
        "root_events": (~events.root_event).fill_null(False),
        "sources": (events.sources < rules.sources).fill_null(False),
    }
    return [conditions[name] if rules.is_on(name) else None for name in ROW_RULES]  # type: ignore[arg-type]


def _merged(events: Table, rules: CleanUp) -> Table:
    """Merge copies, then the events of a day; a merged event has the most sources and the lowest value of its parts."""
    plain = events.select(
        "day",
        "source",
        "target",
        "type",
        "plover",
        "story",
        "sources",
        "quad",
        "goldstein",
        raw=ibis.literal(1, "int64"),
    )
    if rules.syndicated:
        plain = _grouped(plain, ["day", "source", "target", "type", "story"], raw=_.raw.sum().cast("int64"))
    plain = plain.mutate(merged=ibis.literal(1, "int64"))
    if rules.one_a_day:
        plain = _grouped(
            plain,
            ["day", "source", "target", "type"],
            raw=_.raw.sum().cast("int64"),
            merged=_.merged.sum().cast("int64"),
        )
    return plain


def _grouped(events: Table, keys: list[str], **sums: IntegerValue) -> Table:
    return events.group_by(keys).agg(
        plover=_.plover.min(), sources=_.sources.max(), quad=_.quad.max(), goldstein=_.goldstein.min(), **sums
    )


def _flag(condition: BooleanValue) -> IntegerValue:
    return condition.fill_null(False).cast("int64")


def dyad_years(states: Table, years: Table, *, directed: bool = True) -> Table:
    """Pair the states that share a day of a year.

    Parameters
    ----------
    states
        Spells of membership: ``ccode``, ``first`` and ``last`` as whole numbers YYYYMMDD.
    years
        One column, ``year``.
    directed
        Each pair twice, or once with the lower code first.

    Returns
    -------
    Table
        ``ccode1``, ``ccode2``, ``year``, each once.
    """
    begins = (years.year * 10000 + 101).cast("int64")
    ends = (years.year * 10000 + 1231).cast("int64")
    present = states.join(years, [states["first"] <= ends, states["last"] >= begins]).select(
        "ccode",
        year=_.year.cast("int64"),
        first=ibis.greatest(states["first"], begins),
        last=ibis.least(states["last"], ends),
    )
    # Joined by name and filtered after: in a condition of a join of a table with itself, ibis takes the second side's
    # columns for the first side's.
    other = present.rename(ccode2="ccode", year2="year", first2="first", last2="last")
    both = present.join(other, [("year", "year2")])
    apart = both.ccode != both.ccode2 if directed else both.ccode < both.ccode2
    together = both.filter(apart, both["first"] <= both["last2"], both["first2"] <= both["last"])
    return together.select(ccode1="ccode", ccode2="ccode2", year="year").distinct()


def add_to_both(dyads: Table, table: Table, *, columns: tuple[str, ...]) -> Table:
    """Add columns of a state-year table for both sides, named with 1 and 2; the table has one row per state-year."""
    for side in ("1", "2"):
        named = table.select(
            **{f"ccode{side}": table.ccode.cast("int64"), "year": table.year.cast("int64")},
            **{f"{column}{side}": table[column] for column in columns},
        )
        dyads = dyads.left_join(named, [f"ccode{side}", "year"]).drop(f"ccode{side}_right", "year_right")
    return dyads


def add_of_dyad(
    dyads: Table, table: Table, *, columns: tuple[str, ...], first: int | None = None, last: int | None = None
) -> Table:
    """Add columns of a directed dyad-year table.

    Parameters
    ----------
    columns
        Whole numbers; of several rows of a dyad-year the highest counts, so that no row is multiplied.
    first, last
        The table's time domain, in which an absent row means zero; outside it, and without it, the value is missing.
    """
    keyed = table.mutate(
        ccode1=table.ccode1.cast("int64"), ccode2=table.ccode2.cast("int64"), year=table.year.cast("int64")
    )
    one = keyed.group_by("ccode1", "ccode2", "year").agg(
        **{column: keyed[column].max().cast("int64") for column in columns}
    )
    joined = dyads.left_join(one, ["ccode1", "ccode2", "year"]).drop("ccode1_right", "ccode2_right", "year_right")
    if first is None or last is None:
        return joined
    within = joined.year.between(first, last)
    return joined.mutate(**{name: ibis.ifelse(within, joined[name].fill_null(0), joined[name]) for name in columns})
