"""From files of events to a table of directed dyads by month, with the rules applied and guards beside each figure."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from legation.errors import InputError
from legation.evidence.engines import queries
from legation.evidence.engines.interface import Engine, EngineName, open_engine
from legation.evidence.events.formats import EVENT_COLUMNS, FormatName
from legation.evidence.events.guards import GuardLimits, month_volumes, with_guards
from legation.evidence.events.options import ReadOptions
from legation.evidence.events.read import EventFrame, read_events
from legation.evidence.events.rules import RULES, CleanUp

__all__ = ["DYAD_MONTH_COLUMNS", "DyadMonths", "dyad_months", "months_of"]

DYAD_MONTH_COLUMNS: dict[str, tuple[pl.DataType, str]] = {
    "source": (pl.String(), "actor who acts"),
    "target": (pl.String(), "actor who is acted upon"),
    "year": (pl.Int32(), "calendar year"),
    "month": (pl.Int32(), "month, 1 to 12"),
    "n": (pl.Int64(), "events after the clean-up"),
    "verbal_cooperation": (pl.Int64(), "of them in quad class 1"),
    "material_cooperation": (pl.Int64(), "of them in quad class 2"),
    "verbal_conflict": (pl.Int64(), "of them in quad class 3"),
    "material_conflict": (pl.Int64(), "of them in quad class 4"),
    "cooperation": (pl.Int64(), "classes 1 and 2, and events without class whose value is above zero"),
    "conflict": (pl.Int64(), "classes 3 and 4, and events without class whose value is below zero"),
    "net": (pl.Float64(), "(cooperation - conflict) / (cooperation + conflict), -1 to 1; missing when both are zero"),
    "goldstein_sum": (pl.Float64(), "sum of Goldstein values"),
    "goldstein_mean": (pl.Float64(), "mean of Goldstein values, -10 to 10; missing when no event has one"),
    "month_events": (pl.Int64(), "events of all dyads in the month, after the clean-up"),
    "share": (pl.Float64(), "n / month_events, 0 to 1"),
    "one_source_share": (pl.Float64(), "share of events known to have one source; missing when no event says"),
    "few": (pl.Boolean(), "guard: n is below the least number asked for"),
    "volume_growth": (pl.Float64(), "rows of the month over the mean of the 12 months before; missing for the first"),
    "coverage_change": (pl.Boolean(), "guard: that growth is beyond its limits, or a month is missing before it"),
}
"""The columns of a dyad-month table, with their meaning."""

# Above this many bytes on disk the events go through Parquet files rather than memory: about 12 million GDELT rows.
_SPOOL = 900 << 20


@dataclass(frozen=True, kw_only=True)
class DyadMonths:
    """Events counted by directed dyad and month.

    Parameters
    ----------
    table
        One row per source, target, year and month with an event, and per type if asked for; columns in
        `DYAD_MONTH_COLUMNS`.
    rules
        What each rule removed: rule, on, removes, reason, before, removed, share.
    quarantine
        What could not be read as it stands: file, reason, action, rows, examples, lines.
    volumes
        Rows by month before the clean-up: year, month, rows, growth, coverage_change.
    rows
        Rows in the files.
    engine
        What ran the queries.
    format
        The format of the files.
    """

    table: pl.DataFrame
    rules: pl.DataFrame
    quarantine: pl.DataFrame
    volumes: pl.DataFrame
    rows: int
    engine: str
    format: str

    def __str__(self) -> str:
        """Return a line that says what is held."""
        return f"{self.table.height} dyad-months from {self.rows} rows ({self.format}, {self.engine})"


def dyad_months(
    paths: Path | str | Sequence[Path | str],
    *,
    format: FormatName | None = None,  # noqa: A002 - the word of the command line
    rules: CleanUp | None = None,
    options: ReadOptions | None = None,
    guards: GuardLimits | None = None,
    engine: EngineName = "duckdb",
    remote: str | None = None,
    memory: str | None = None,
    by_type: bool = False,
) -> DyadMonths:
    """Read files of events, clean them, and count them by directed dyad and month.

    Parameters
    ----------
    paths
        The files, as `read_events` takes them; or Parquet files of events that `read_events` made before.
    format
        Their format; recognised when left out.
    rules
        The clean-up; see `RULES` for what is on by default.
    options
        The choices of reading.
    guards
        The limits of the guard columns.
    engine, remote, memory
        Where the queries run; see `legation.evidence.engines.open_engine`.
    by_type
        One row for each PLOVER type of a dyad-month, with a column ``plover``; events without a type have none there.

    Raises
    ------
    FormatError
        When a file is damaged or of an unknown version; nothing is counted then.
    InputError
        When no row can be read, or an option is out of its range.
    """
    files = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    with open_engine(engine, remote=remote, memory=memory) as opened:
        if files and all(_holds_events(path) for path in files):
            read = EventFrame(files=tuple(files), rows=_rows(files), format="events")
            return months_of(read, rules=rules, guards=guards, engine=opened, by_type=by_type)
        large = sum(path.stat().st_size for path in files if path.is_file()) > _SPOOL
        with tempfile.TemporaryDirectory(prefix="legation-events-") as folder:
            spool = Path(folder) if large else None
            read = read_events(files, format=format, options=options, spool=spool)
            return months_of(read, rules=rules, guards=guards, engine=opened, by_type=by_type)


def months_of(
    events: EventFrame,
    *,
    engine: Engine,
    rules: CleanUp | None = None,
    guards: GuardLimits | None = None,
    by_type: bool = False,
) -> DyadMonths:
    """Count events that were read before, on an open engine; the choices are those of `dyad_months`."""
    clean = rules or CleanUp()
    table = engine.parquet(events.files) if events.files else engine.frame(events.frame())
    by_rule = engine.fetch(queries.month_rows(table, clean))
    keys = ["source", "target", "year", "month", *(["plover"] if by_type else [])]
    counted = engine.fetch(queries.dyad_months(table, clean, by_type=by_type)).sort(keys, nulls_last=True)
    volumes = month_volumes(by_rule, guards or GuardLimits())
    table_of_months = with_guards(_finished(counted), volumes, guards or GuardLimits())
    return DyadMonths(
        table=table_of_months.select([*keys, *list(DYAD_MONTH_COLUMNS)[4:]]),
        rules=_report(by_rule, counted, clean),
        quarantine=events.quarantine,
        volumes=volumes,
        rows=events.rows,
        engine=engine.name,
        format=events.format,
    )


def _finished(counted: pl.DataFrame) -> pl.DataFrame:
    """Turn counts and sums of whole numbers into the figures; every division happens here, for every engine alike."""
    both = pl.col("cooperation") + pl.col("conflict")
    net = pl.when(both > 0).then((pl.col("cooperation") - pl.col("conflict")) / both)
    value = pl.col("goldstein_hundredths")
    named = {f"quad{number}": name for number, name in enumerate(list(DYAD_MONTH_COLUMNS)[5:9], start=1)}
    return (
        counted.rename(named)
        .with_columns(
            net.alias("net"),
            (value.fill_null(0) / 100).round(2).alias("goldstein_sum"),
            pl.when(pl.col("valued") > 0).then(value / (100 * pl.col("valued"))).alias("goldstein_mean"),
            pl.col("n").sum().over("year", "month").alias("month_events"),
            pl.when(pl.col("sourced") > 0).then(pl.col("one_source") / pl.col("sourced")).alias("one_source_share"),
        )
        .with_columns((pl.col("n") / pl.col("month_events")).alias("share"))
    )


def _report(by_rule: pl.DataFrame, counted: pl.DataFrame, clean: CleanUp) -> pl.DataFrame:
    """Say for each rule how many rows stood before it and how many it removed."""
    by_number = dict(by_rule.group_by("rule").agg(pl.col("rows").sum()).iter_rows())
    left = sum(by_number.values())
    merged, final = int(counted.get_column("merged").sum()), int(counted.get_column("n").sum())
    rows = []
    for rule in RULES:
        if rule.name in queries.ROW_RULES:
            removed = by_number.get(queries.ROW_RULES.index(rule.name) + 1, 0)
        elif rule.name == "syndicated":
            removed = left - merged
        else:
            removed = left - final
        share = removed / left if left else None
        rows.append((rule.name, clean.is_on(rule.name), rule.removes, rule.reason, left, removed, share))
        left -= removed
    schema = {
        "rule": pl.String,
        "on": pl.Boolean,
        "removes": pl.String,
        "reason": pl.String,
        "before": pl.Int64,
        "removed": pl.Int64,
        "share": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _holds_events(path: Path) -> bool:
    """Say whether a file is Parquet with the columns of events."""
    if not path.is_file() or path.suffix != ".parquet":
        return False
    try:
        return set(EVENT_COLUMNS) <= set(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            f"{path} cannot be read as Parquet: {error}.", remedy="Check that the file is whole."
        ) from error


def _rows(files: Sequence[Path]) -> int:
    return int(pl.scan_parquet(list(files)).select(pl.len()).collect().item())
