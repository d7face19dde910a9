"""Verbs for any table: one of the world's by name, a user's own, or a table of similarity."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from legation.errors import InputError, MissingEvidenceError
from legation.evidence.panel.clock import first_of, last_of
from legation.evidence.panel.systems import CODE
from legation.evidence.panel.types import System, pick
from legation.evidence.panel.verbs.base import EVERY, Added, Context, Option, Source, Verb

__all__ = ["VERBS"]

_PAIRS = (("a", "b"), ("sender", "host"), ("actor_a", "actor_b"))


def _table(ctx: Context) -> Added:
    """Add every column of a table that is keyed by state or dyad, by year or without time.

    Tables of the world are keyed by actor (`actor`; `a` and `b`; `sender` and `host`), tables of research by number
    (`ccode`, `gwcode`, alone or with 1 and 2).
    """
    name = ctx.text("name")
    if not name:
        raise InputError("The verb table needs the name of a table.", remedy="Write it as table:NAME.")
    frame = _dated(ctx, name)
    if "month" in frame.columns:
        raise InputError(
            f"Table {name} has several rows a year, one per month.",
            remedy="Sum it by year first, and add your own table.",
        )
    keyed = _keyed_by_codes(frame, prefer=ctx.rows.system)
    if keyed is not None:
        return _of_numbers(ctx, name, frame, *keyed)
    return _of_actors(ctx, name, frame)


def _dated(ctx: Context, name: str) -> pl.DataFrame:
    """Return a table; a snapshot gets the year of its own date, for which alone it answers."""
    frame, facts = ctx.table(name, ()), ctx.reader.facts(name)
    if not facts.snapshot or "year" in frame.columns or facts.last is None:
        return frame
    if not ctx.rows.first <= facts.last <= ctx.rows.last:
        raise MissingEvidenceError(
            f"Table {name} is a snapshot of {facts.last}; the panel spans {ctx.rows.first} to {ctx.rows.last}.",
            remedy=f"Let the panel include {facts.last}.",
        )
    return frame.with_columns(pl.lit(facts.last, dtype=pl.Int32).alias("year"))


def _keyed_by_codes(frame: pl.DataFrame, *, prefer: System) -> tuple[System, bool] | None:
    order: tuple[System, ...] = (prefer, "gw" if prefer == "cow" else "cow")
    for system in order:
        if {f"{CODE[system]}1", f"{CODE[system]}2"} <= set(frame.columns):
            return system, True
    for system in order:
        if CODE[system] in frame.columns:
            return system, False
    return None


def _of_numbers(ctx: Context, name: str, frame: pl.DataFrame, system: System, dyadic: bool) -> Added:  # noqa: FBT001
    code = CODE[system]
    keys = {f"{code}1", f"{code}2"} if dyadic else {code}
    columns = _columns(ctx, name, [c for c in frame.columns if c not in {*keys, "year", *CODE.values()}])
    frame = frame.filter(pl.all_horizontal(pl.col(key).is_not_null() for key in keys))
    source = Source(
        table=name,
        frame=_resolved(ctx, frame, [*sorted(keys), *(["year"] if "year" in frame.columns else [])]),
        columns=columns,
        coding=system,
        mirror=_mirror(ctx, frame, columns, (f"{code}1", f"{code}2")) if dyadic else None,
        zeros=_zeros(ctx, frame, columns),
        timeless="year" not in frame.columns,
    )
    return ctx.dyads(source) if dyadic else ctx.states(source)


def _of_actors(ctx: Context, name: str, frame: pl.DataFrame) -> Added:
    pair = next((pair for pair in _PAIRS if set(pair) <= set(frame.columns)), None)
    keys = pair or (("actor",) if "actor" in frame.columns else None)
    if keys is None:
        raise InputError(
            f"Table {name} is keyed by neither states nor dyads; it has {', '.join(frame.columns)}.",
            remedy="Add a table with ccode, gwcode or actor, or two of them.",
        )
    columns = _columns(ctx, name, [c for c in frame.columns if c not in {*keys, "year"}])
    frame = _resolved(ctx, frame, [*keys, *(["year"] if "year" in frame.columns else [])])
    numbered = _numbered(frame, keys, ctx)
    timeless = "year" not in frame.columns
    directed = keys in {("sender", "host"), ("actor_a", "actor_b")}
    source = Source(
        table=name,
        frame=numbered,
        columns=columns,
        coding=ctx.rows.system,
        mirror=None if directed or len(keys) == 1 else _mirror(ctx, frame, columns, keys),
        zeros=_zeros(ctx, frame, columns),
        timeless=False,
        note="A figure without a date, shown in every year." if timeless else "",
    )
    return ctx.dyads(source) if len(keys) == 2 else ctx.states(source)


def _resolved(ctx: Context, frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return one row per unit and year, by the rule that was named; without one, repeats are refused further on."""
    rule = pick(ctx.text("several"), ("refuse", "first", "last", "largest", "mean"), what="rule for repeated rows")
    if rule == "refuse" or not frame.select(keys).is_duplicated().any():
        return frame
    if rule in {"first", "last"}:
        return frame.unique(keys, keep="first" if rule == "first" else "last", maintain_order=True)
    chosen = [
        (pl.col(name).max() if rule == "largest" else pl.col(name).mean())
        if dtype.is_numeric()
        else pl.col(name).first()
        for name, dtype in frame.schema.items()
        if name not in keys
    ]
    return frame.group_by(keys, maintain_order=True).agg(chosen)


def _numbered(frame: pl.DataFrame, keys: tuple[str, ...], ctx: Context) -> pl.DataFrame:
    """Return the table under the system's numbers; of several actors with one number in a year the later counts."""
    codes = _actor_codes(ctx)
    code = CODE[ctx.rows.system]
    if "year" not in frame.columns:
        years = pl.DataFrame({"year": range(ctx.rows.first, ctx.rows.last + 1)}, schema={"year": pl.Int32})
        frame = frame.join(years, how="cross")
    found = frame.with_columns(pl.col("year").cast(pl.Int32)).filter(
        pl.col("year").is_between(ctx.rows.first, ctx.rows.last)
    )
    names = (code,) if len(keys) == 1 else (f"{code}1", f"{code}2")
    for key, called in zip(keys, names, strict=True):
        found = found.join(
            codes.rename({"actor": key, "code": called, "until": f"until_{called}"}),
            on=[key, "year"],
            how="inner",
            validate="m:m",
        )
    order = [f"until_{called}" for called in names]
    return found.sort(*names, "year", *order).unique([*names, "year"], keep="last", maintain_order=True).drop(*order)


def _actor_codes(ctx: Context) -> pl.DataFrame:
    """Return the number that each actor has in each year of the panel, and the last day on which it had it."""
    from datetime import date

    from legation.actors import all_actors
    from legation.evidence.panel.clock import day_number

    rows = []
    for actor in all_actors():
        for code in actor.codes:
            if code.system != ctx.rows.system:
                continue
            low = max(first_of(ctx.rows.first), day_number(code.start or date(1816, 1, 1)))
            high = min(last_of(ctx.rows.last), day_number(code.end or date(9000, 12, 31)))
            if low > high:
                continue
            years = np.array([low, high]).astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
            rows += [
                (str(actor.id), year, int(code.code), min(high, last_of(year)))
                for year in range(int(years[0]), int(years[1]) + 1)
            ]
    return pl.DataFrame(
        rows, schema={"actor": pl.String, "year": pl.Int32, "code": pl.Int64, "until": pl.Int32}, orient="row"
    )


def _columns(ctx: Context, name: str, there: list[str]) -> Mapping[str, str]:
    keep = ctx.words("keep")
    unknown = [column for column in keep if column not in there and keep != ("all",)]
    if unknown:
        raise InputError(f"Table {name} has no column {unknown[0]!r}.", remedy=f"Keep some of: {', '.join(there)}.")
    wanted = there if keep == ("all",) else [column for column in there if column in keep]
    if not wanted:
        raise InputError(f"Table {name} has no columns beside its keys.")
    return {column: column for column in wanted}


def _mirror(
    ctx: Context, frame: pl.DataFrame, columns: Mapping[str, str], keys: tuple[str, ...]
) -> Mapping[str, str] | None:
    """Return the columns to exchange in the other direction, or None for a table that lists each direction itself."""
    rule = pick(ctx.text("direction"), ("auto", "both", "as_listed"), what="direction of a table of dyads")
    if rule == "as_listed" or (rule == "auto" and _lists_both(frame, keys)):
        return None
    return {name: f"{name[:-1]}2" for name in columns if name.endswith("1") and f"{name[:-1]}2" in columns}


def _lists_both(frame: pl.DataFrame, keys: tuple[str, ...]) -> bool:
    one, two = keys
    pairs = frame.select(pl.col(one).alias("one"), pl.col(two).alias("two")).unique()
    return pairs.join(pairs, left_on=["one", "two"], right_on=["two", "one"], how="semi").height > 0


def _zeros(ctx: Context, frame: pl.DataFrame, columns: Mapping[str, str]) -> tuple[str, ...]:
    rule = pick(ctx.text("absent"), ("auto", "missing", "zero"), what="meaning of a row that is not there")
    if rule == "missing" or (rule == "auto" and not ctx.reader.facts(ctx.text("name")).complete):
        return ()
    return tuple(name for name in columns if frame.schema[name].is_numeric())


def _similarity(ctx: Context) -> Added:
    """Add a table of similarity of dyads: the panel's evidence does not compute it, so it is named."""
    name = ctx.text("name")
    if not name:
        raise InputError(
            "The verb similarity needs a table of similarity.",
            remedy="Compute one with `legation measure similarity`, give it with --table, and add similarity:NAME.",
        )
    frame = ctx.table(name, ())
    keyed = _keyed_by_codes(frame, prefer=ctx.rows.system)
    if (keyed is None or not keyed[1]) and not any(set(pair) <= set(frame.columns) for pair in _PAIRS):
        raise InputError(
            f"Table {name} holds no dyads; it has {', '.join(frame.columns)}.",
            remedy="It needs ccode1 and ccode2, gwcode1 and gwcode2, or a and b; and year.",
        )
    return _table(ctx)


_OPTIONS: Mapping[str, Option] = {
    "name": "",
    "keep": ("all",),
    "direction": "auto",
    "absent": "auto",
    "several": "refuse",
}

VERBS = (
    Verb(
        name="table",
        purpose="Any table of the world or of your own, as table:NAME.",
        units=EVERY,
        add=_table,
        options=_OPTIONS,
    ),
    Verb(
        name="similarity",
        purpose="A table of similarity of dyads, as similarity:NAME.",
        units=frozenset({"dyad", "leader_dyad"}),
        add=_similarity,
        published="add_fpsim",
        options=_OPTIONS,
    ),
)
