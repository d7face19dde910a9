"""Verbs about leaders: who was in office, how the change came, and what is known of the person."""

from __future__ import annotations

import polars as pl

from legation.errors import InputError
from legation.evidence.panel.crosswalk import crosswalk
from legation.evidence.panel.leader_rows import archigos
from legation.evidence.panel.lookup import narrow
from legation.evidence.panel.types import PanelColumn
from legation.evidence.panel.verbs.base import EVERY, LEADERS, Added, Context, Source, Verb

__all__ = ["VERBS"]

# Archigos lists the leaders in office when it begins, from before; summaries of state-years start in this year.
_COUNTED_FROM = 1870

_SUMMARY = {
    "leadertransition": "1 if more than one leader was in office",
    "irregular": "1 if so, and one of them leaves office irregularly, in that year or later",
    "irregular_exit": "1 if a leader left office irregularly in that year",
    "n_leaders": "leaders in office during the year",
    "jan1obsid": "leader on the first day of the year, or first in it",
    "dec31obsid": "leader on the last day of the year, or last in it",
}
_LEAD = {
    "leveledu": "level of education: 0 primary, 1 secondary, 2 university, 3 graduate",
    "milservice": "1 if served in a military",
    "combat": "1 if saw combat",
    "rebel": "1 if was a rebel",
    "warwin": "1 if was on the winning side of a war",
    "warloss": "1 if was on the losing side of a war",
    "rebelwin": "1 if was a rebel that won",
    "rebelloss": "1 if was a rebel that lost",
    "yrsexper": "years of political experience before office",
    "physhealth": "1 if physical health was poor",
    "mentalhealth": "1 if mental health was poor",
}
_THETA = {
    f"theta{model}_{figure}": f"willingness to use force, model {model}, {meaning}"
    for model in (1, 2, 3, 4)
    for figure, meaning in (("mean", "mean"), ("sd", "standard deviation"))
}


def _leaders(ctx: Context) -> Added:
    """Summarise the leaders of each state-year.

    Where two Gleditsch-Ward states of a year are one COW state (Serbia after Serbia and Montenegro, 2006), the one that
    lasted to the end of the year counts.
    """
    years = (
        archigos(ctx.reader)
        .with_columns(
            year=pl.int_ranges(pl.col("startdate").dt.year(), pl.col("enddate").dt.year() + 1),
            irregularly=pl.col("exit").cast(pl.String) == "Irregular",
        )
        .explode("year")
        .filter(pl.col("year") >= _COUNTED_FROM)
    )
    several = pl.len() > 1
    left = pl.col("irregularly") & (pl.col("enddate").dt.year() == pl.col("year"))
    yearly = (
        years.group_by("gwcode", "year", maintain_order=True)
        .agg(
            several.cast(pl.Int8).alias("leadertransition"),
            (several & pl.col("irregularly").any()).cast(pl.Int8).alias("irregular"),
            left.any().cast(pl.Int8).alias("irregular_exit"),
            pl.len().cast(pl.Int16).alias("n_leaders"),
            pl.col("obsid").first().alias("jan1obsid"),
            pl.col("obsid").sort_by("enddate", "startdate").last().alias("dec31obsid"),
            pl.col("enddate").max().alias("until"),
        )
        .with_columns(pl.col("gwcode").cast(pl.Int32), pl.col("year").cast(pl.Int32))
    )
    keyed_by = ""
    if ctx.rows.system == "cow":
        walk = crosswalk("gw", ctx.reader, first=ctx.rows.first, last=ctx.rows.last)
        keyed_by = walk.table
        codes = pl.DataFrame({"gwcode": walk.code, "year": walk.year, "ccode": walk.other})
        yearly = (
            yearly.join(codes, on=["gwcode", "year"], how="inner", validate="m:1")
            .sort("ccode", "year", "until")
            .unique(["ccode", "year"], keep="last", maintain_order=True)
        )
    source = Source(
        table="archigos",
        frame=yearly,
        columns={name: name for name in _SUMMARY},
        coding=ctx.rows.system,
        meanings=_SUMMARY,
        note=f"Gleditsch-Ward numbers read through {keyed_by}." if keyed_by else "",
    )
    return ctx.states(source)


def _by_leader(ctx: Context, table: str, meanings: dict[str, str]) -> Added:
    ids = archigos(ctx.reader).select("obsid")
    known = ctx.table(table, ("obsid", *meanings)).select("obsid", *meanings)
    twice = known.filter(pl.col("obsid").is_duplicated())
    if twice.height:
        raise InputError(
            f"Table {table} has leader {twice.row(0)[0]} twice.", remedy="Keep one row per Archigos observation."
        )
    values = narrow(ids.join(known, on="obsid", how="left", maintain_order="left", validate="1:1").drop("obsid"))
    facts = ctx.reader.facts(table)
    series, columns = {}, []
    for (suffix, _), leader in zip(ctx.rows.sides, ctx.rows.leaders, strict=True):
        rows = pl.Series(leader)
        for name, meaning in meanings.items():
            called = f"{name}{suffix}"
            series[called] = values.get_column(name).gather(rows).alias(called)
            columns.append(
                PanelColumn(
                    name=called,
                    verb=ctx.verb,
                    meaning=meaning,
                    table=table,
                    source=facts.title,
                    version=facts.version,
                    licence=facts.licence,
                    resolution="static",
                    published=called,
                )
            )
    return Added(series=series, columns=tuple(columns))


def _lead(ctx: Context) -> Added:
    return _by_leader(ctx, "lead_leaders", _LEAD)


def _lwuf(ctx: Context) -> Added:
    return _by_leader(ctx, "lwuf", _THETA)


VERBS = (
    Verb(
        name="leaders",
        purpose="Leaders in office in each state, and how they changed.",
        units=EVERY,
        add=_leaders,
        tables=("archigos",),
        published="add_archigos",
    ),
    Verb(
        name="leader_attributes",
        purpose="Experience and attributes of each leader.",
        units=LEADERS,
        add=_lead,
        tables=("lead_leaders",),
        published="add_lead",
    ),
    Verb(
        name="force_willingness",
        purpose="Each leader's estimated willingness to use force.",
        units=LEADERS,
        add=_lwuf,
        tables=("lwuf",),
        published="add_lwuf",
    ),
)
