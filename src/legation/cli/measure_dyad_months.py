"""Commands that turn files of events into counts and scores of directed dyads by month."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from legation.cli.beside import Overwrite
from legation.cli.output import WHOLE, Json, print_json, print_text

if TYPE_CHECKING:
    import polars as pl

    from legation.evidence.events.months import DyadMonths

__all__ = ["dyad_months"]

Files = Annotated[
    list[Path],
    Parameter(help="Files of events as published: plain, .gz, .zip or Parquet; several make one load."),
]
Format = Annotated[
    Literal["gdelt2", "gdelt1", "icews", "polecat", "table"] | None,
    Parameter(name="--format", help="The publisher's format; recognised by the columns when left out."),
]
Out = Annotated[
    Path | None,
    Parameter(
        name="--out",
        help="Write the table here (.parquet, .csv, .tsv, .arrow, .json, .duckdb); beside it go NAME.rules.csv and "
        "NAME.quarantine.csv.",
    ),
]
With = Annotated[
    list[str] | None,
    Parameter(name="--with", help="Switch a clean-up rule on: places_elsewhere, root_events."),
]
Without = Annotated[
    list[str] | None,
    Parameter(name="--without", help="Switch a rule off: missing_actors, domestic, syndicated, one_a_day."),
]
MinSources = Annotated[
    int, WHOLE, Parameter(name="--min-sources", help="Leave out events known to have fewer sources; 1 leaves out none.")
]
Goldstein = Annotated[
    Literal["published", "cameo", "gdelt"],
    Parameter(name="--goldstein", help="The file's own Goldstein values, or one of the two published lists."),
]
Quads = Annotated[
    Literal["roots", "published"],
    Parameter(name="--quads", help="Quad class by the root of the code, or the file's own."),
]
Until = Annotated[
    date | None, Parameter(name="--until", help="The last day an event may have: YYYY-MM-DD; today if left out.")
]
CountryInName = Annotated[
    bool,
    Parameter(
        name="--country-in-name",
        show_default=False,
        help="In a table of your own, read an actor such as Police (Australia) as Australia.",
    ),
]
HalfLife = Annotated[
    float | None,
    Parameter(name="--half-life", help="Give scores that fade by half in so many months, in place of counts."),
]
ByType = Annotated[
    bool, Parameter(name="--by-type", show_default=False, help="One row for each PLOVER type of a dyad-month.")
]
EngineOption = Annotated[
    Literal["duckdb", "spark"], Parameter(name="--engine", help="Run on DuckDB here, or on Spark at --remote.")
]
Remote = Annotated[str | None, Parameter(name="--remote", help="A Spark Connect server: sc://host:15002.")]
Memory = Annotated[str | None, Parameter(name="--memory", help="What DuckDB may hold before it spills to disk: 4GB.")]

_SHOWN = 20


def dyad_months(
    files: Files,
    /,
    *,
    format: Format = None,  # noqa: A002 - the option's own name
    out: Out = None,
    overwrite: Overwrite = False,
    with_: With = None,
    without: Without = None,
    min_sources: MinSources = 1,
    goldstein: Goldstein = "published",
    quads: Quads = "roots",
    until: Until = None,
    country_in_name: CountryInName = False,
    half_life: HalfLife = None,
    by_type: ByType = False,
    engine: EngineOption = "duckdb",
    remote: Remote = None,
    memory: Memory = None,
    json: Json = False,
) -> None:
    """Count events by directed dyad and month, cleaned by named rules."""
    from legation.errors import InputError
    from legation.evidence.events import CleanUp, ReadOptions
    from legation.evidence.events import dyad_months as count

    if by_type and half_life is not None:
        raise InputError("Scores are made of whole dyad-months.", remedy="Leave out --by-type or --half-life.")
    rules = CleanUp.with_changes(with_ or (), without or (), sources=min_sources)
    beside = _beside(out)
    _refuse(beside, overwrite=overwrite)
    found = count(
        files,
        format=format,
        rules=rules,
        options=ReadOptions(goldstein=goldstein, quads=quads, until=until, country_in_name=country_in_name),
        engine=engine,
        remote=remote,
        memory=memory,
        by_type=by_type,
    )
    table = found.table if half_life is None else _scores(found.table, half_life)
    if beside:
        _write(beside, (table, found.rules, _flat(found.quarantine)), overwrite=overwrite)
    if json:
        print_json(_answer(found, table, beside))
        return
    print_text(_text(found, table, beside))


def _scores(counts: pl.DataFrame, half_life: float) -> pl.DataFrame:
    from legation.relations.events import ScoreOptions, dyad_scores

    return dyad_scores(counts, options=ScoreOptions(half_life=half_life))


def _beside(out: Path | None) -> tuple[Path, ...]:
    if out is None:
        return ()
    return out, out.with_name(f"{out.stem}.rules.csv"), out.with_name(f"{out.stem}.quarantine.csv")


def _refuse(paths: tuple[Path, ...], *, overwrite: bool) -> None:
    """Refuse what could not be written before the work begins."""
    from legation.evidence.own import refuse_unwritable

    for path in paths:
        refuse_unwritable(path, overwrite=overwrite)


def _write(paths: tuple[Path, ...], frames: tuple[pl.DataFrame, ...], *, overwrite: bool) -> None:
    from legation.evidence.own import write_table

    for path, frame in zip(paths, frames, strict=True):
        write_table(frame, path, overwrite=overwrite)


def _flat(quarantine: pl.DataFrame) -> pl.DataFrame:
    """Return the quarantine for a file of text: lists become texts."""
    import polars as pl

    return quarantine.with_columns(
        pl.col("examples").list.join(" | "), pl.col("lines").cast(pl.List(pl.String)).list.join(" ")
    )


def _answer(found: DyadMonths, table: pl.DataFrame, beside: tuple[Path, ...]) -> dict[str, object]:
    """Return everything but the table when it was written to a file; a program reads it there."""
    return {
        "format": found.format,
        "engine": found.engine,
        "rows": found.rows,
        "dyad_months": table.height,
        "out": [str(path) for path in beside],
        "rules": found.rules.to_dicts(),
        "quarantine": found.quarantine.to_dicts(),
        "volumes": found.volumes.to_dicts(),
        "table": [] if beside else table.to_dicts(),
    }


def _text(found: DyadMonths, table: pl.DataFrame, beside: tuple[Path, ...]) -> str:
    lines = [f"{table.height} dyad-months from {found.rows} rows of {found.format} on {found.engine}.", ""]
    lines.append(f"{'rule':<18}{'before':>12}{'removed':>12}{'share':>8}")
    for row in found.rules.iter_rows(named=True):
        share = "" if row["share"] is None else f"{row['share']:.1%}"
        removed = f"{row['removed']:>12}{share:>8}" if row["on"] else f"{'off':>12}"
        lines.append(f"{row['rule']:<18}{row['before']:>12}{removed}")
    if found.quarantine.height:
        lines += ["", "Not as documented:"]
        lines += [
            f"  {row['rows']} rows {row['action']}: {row['reason']}"
            f" ({row['file']}{_where(row['lines'])}; {', '.join(row['examples'])})"
            for row in found.quarantine.head(_SHOWN).iter_rows(named=True)
        ]
        more = found.quarantine.height - _SHOWN
        lines += [f"  and {more} more"] if more > 0 else []
    if beside:
        return "\n".join([*lines, "", f"Written: {', '.join(map(str, beside))}"])
    return "\n".join([*lines, "", *_first_rows(table)])


def _where(lines: list[int]) -> str:
    return f", line {lines[0]}" if lines else ""


def _first_rows(table: pl.DataFrame) -> list[str]:
    """Return the dyad-months with the most events."""
    by = "n" if "n" in table.columns else "weight"
    tone = "net"
    top = table.sort(by, "source", "target", descending=[True, False, False]).head(_SHOWN)
    lines = [f"{'source':<16}{'target':<16}{'month':<9}{by:>10}{'coop':>10}{'conf':>10}{'net':>8}"]
    for row in top.iter_rows(named=True):
        net = "" if row[tone] is None else f"{row[tone]:.2f}"
        lines.append(
            f"{row['source'] or '-':<15} {row['target'] or '-':<15} {row['year']}-{row['month']:02d}  "
            f"{row[by]:>10.4g}{row['cooperation']:>10.4g}{row['conflict']:>10.4g}{net:>8}"
        )
    if table.height > _SHOWN:
        lines.append(f"... {table.height - _SHOWN} more; name a file with --out for all")
    return lines
