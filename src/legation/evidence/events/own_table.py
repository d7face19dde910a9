"""A table of your own: date, source, target and a code of CAMEO or PLOVER, a quad class or a Goldstein value."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from legation.errors import FormatError, InputError
from legation.evidence.events._parts import (
    as_events,
    hundredths,
    keep,
    map_actor,
    own_story,
    refuse_days,
    with_code_facts,
)
from legation.evidence.events.codes import PLOVER_QUADS, cameo_codes
from legation.evidence.events.options import ReadOptions
from legation.evidence.events.quarantine import Quarantine
from legation.evidence.events.stories import story_numbers

__all__ = ["TABLE_COLUMNS", "TableColumn", "own_events"]


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """A documented column of a table of events."""

    name: str
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = False


TABLE_COLUMNS = (
    TableColumn(
        name="date", meaning="day, YYYY-MM-DD or YYYYMMDD", aliases=("day", "event_date", "sqldate"), required=True
    ),
    TableColumn(
        name="source",
        meaning="who acts: an actor's id, code or name; cow:365 for a COW number",
        aliases=("actor1", "sender", "actor", "source_country", "actor1countrycode"),
        required=True,
    ),
    TableColumn(
        name="target",
        meaning="who is acted upon",
        aliases=("actor2", "recipient", "receiver", "target_country", "actor2countrycode"),
        required=True,
    ),
    TableColumn(name="code", meaning="CAMEO code, with its leading zero", aliases=("cameo", "cameo_code", "eventcode")),
    TableColumn(name="plover", meaning="PLOVER type", aliases=("event_type", "plover_type")),
    TableColumn(name="quad", meaning="quad class 1 to 4", aliases=("quad_class", "quadclass")),
    TableColumn(
        name="goldstein", meaning="Goldstein value or intensity, -10 to 10", aliases=("goldsteinscale", "intensity")
    ),
    TableColumn(name="sources", meaning="number of sources", aliases=("numsources", "num_sources")),
    TableColumn(name="root_event", meaning="1 when in the lead of its report, else 0", aliases=("isrootevent",)),
    TableColumn(
        name="story", meaning="what copies of one report share: an address or a number", aliases=("url", "sourceurl")
    ),
)
"""The columns of a table of events of one's own; one of code, plover, quad and goldstein is needed."""

_KINDS = ("code", "plover", "quad", "goldstein")
_MISSING = ["", "NA", "None", "null"]


def own_events(path: Path, *, options: ReadOptions, quarantine: Quarantine, number: int) -> pl.DataFrame:
    """Read a table of one's own as events.

    Raises
    ------
    FormatError
        When the file is not what its name says.
    InputError
        When a needed column is missing, or the codes have lost their leading zeros.
    """
    frame = _named(_text(path), path)
    if frame.is_empty():
        raise FormatError(f"{path} has no rows.", remedy="Name a table with at least one row.")
    frame = frame.with_columns(
        pl.when(~pl.col(name).is_in(_MISSING)).then(pl.col(name)).alias(name) for name in frame.columns
    ).with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("line"))
    frame = frame.with_columns(
        pl.coalesce(
            pl.col("date").str.head(10).str.to_date("%Y-%m-%d", strict=False),
            pl.col("date").str.to_date("%Y%m%d", strict=False),
        ).alias("day")
    )
    frame = refuse_days(frame, raw="date", last=options.last_day, quarantine=quarantine)
    frame = _coded(frame, path, options=options, quarantine=quarantine)
    if options.country_in_name:
        behind = {side: pl.col(side).str.extract(r"\(([^()]+)\)\s*$") for side in ("source", "target")}
        frame = frame.with_columns(pl.coalesce(country, pl.col(side)).alias(side) for side, country in behind.items())
    frame = map_actor(frame, "source", name="source", scheme="any", quarantine=quarantine)
    frame = map_actor(frame, "target", name="target", scheme="any", quarantine=quarantine)
    frame = frame.with_columns(
        pl.col("sources").cast(pl.Int32, strict=False),
        pl.col("root_event")
        .str.to_lowercase()
        .replace_strict({"1": True, "true": True, "0": False, "false": False}, default=None, return_dtype=pl.Boolean),
        pl.lit(None).alias("place"),
        own_story(number).alias("own"),
    )
    keys = frame.get_column("story")
    numbers = pl.Series("number", story_numbers(keys.fill_null("")), dtype=pl.Int64)
    return as_events(
        frame.with_columns(pl.when(keys.is_not_null()).then(numbers).otherwise(pl.col("own")).alias("story"))
    )


def _coded(frame: pl.DataFrame, path: Path, *, options: ReadOptions, quarantine: Quarantine) -> pl.DataFrame:
    """Give each event its quad class, Goldstein value and type, from whichever column says it."""
    frame = frame.with_columns(pl.col("code").str.strip_chars(), pl.col("plover").str.strip_chars().str.to_uppercase())
    _refuse_lost_zeros(frame, path)
    known = pl.Series(sorted(cameo_codes())).implode()
    code = pl.col("code")
    frame = keep(frame, code.is_null() | code.is_in(known), "not a CAMEO code", quarantine=quarantine, value="code")
    frame = keep(
        frame,
        pl.col("plover").is_null() | pl.col("plover").is_in(list(PLOVER_QUADS)),
        "not a PLOVER type",
        quarantine=quarantine,
        value="plover",
    )
    frame = keep(
        frame,
        pl.col("quad").is_null() | pl.col("quad").is_in(["1", "2", "3", "4"]),
        "not a quad class 1 to 4",
        quarantine=quarantine,
        value="quad",
    )
    frame = frame.with_columns(hundredths("goldstein").alias("own_goldstein"))
    frame = keep(
        frame,
        pl.col("goldstein").is_null() | pl.col("own_goldstein").is_not_null(),
        "not a value from -10 to 10",
        quarantine=quarantine,
        value="goldstein",
    )
    frame = keep(
        frame,
        pl.any_horizontal(pl.col(name).is_not_null() for name in _KINDS),
        "neither code nor type, class or value",
        quarantine=quarantine,
        value="date",
    )
    given = frame.get_column("plover")
    coded = frame.filter(code.is_not_null())
    facts = with_code_facts(coded, "code").select(
        "line", "quad_of_root", "plover", "goldstein_cameo", "goldstein_gdelt"
    )
    frame = frame.drop("plover").join(facts, on="line", how="left", maintain_order="left")
    variant = "cameo" if options.goldstein == "published" else options.goldstein
    of_code = pl.col(f"goldstein_{variant}")
    value = (
        pl.coalesce("own_goldstein", of_code)
        if options.goldstein == "published"
        else pl.coalesce(of_code, "own_goldstein")
    )
    frame = frame.with_columns(pl.coalesce(given, pl.col("plover")).alias("plover"))
    of_type = pl.col("plover").replace_strict(PLOVER_QUADS, default=None, return_dtype=pl.Int8)
    own_quad = pl.col("quad").cast(pl.Int8)
    first = [own_quad, pl.col("quad_of_root")] if options.quads == "published" else [pl.col("quad_of_root"), own_quad]
    return frame.with_columns(
        pl.coalesce(*first, of_type).alias("quad"),
        value.alias("goldstein"),
        pl.coalesce(
            code, given, pl.format("class {}", pl.col("quad")), pl.format("value {}", pl.col("goldstein"))
        ).alias("type"),
    )


def _refuse_lost_zeros(frame: pl.DataFrame, path: Path) -> None:
    codes = cameo_codes()
    for value in frame.get_column("code").drop_nulls().unique().sort():
        if value not in codes and f"0{value}" in codes:
            raise InputError(
                f"{path} has the code {value!r}, which is no CAMEO code, while 0{value} is one.",
                remedy="Write the codes as text with their leading zeros.",
            )


def _named(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Return the documented columns under Legation's names; those that are absent are empty."""
    lower: dict[str, str] = {name.lower().replace(" ", "_"): name for name in reversed(frame.columns)}
    found: dict[str, pl.Expr] = {}
    for column in TABLE_COLUMNS:
        held = [lower[each] for each in (column.name, *column.aliases) if each in lower]
        if held:
            found[column.name] = pl.col(held[0]).alias(column.name)
        elif column.required:
            raise InputError(
                f"{path} has no column {column.name!r} ({column.meaning}); it has {', '.join(frame.columns[:40])}.",
                remedy=f"Name it {' or '.join((column.name, *column.aliases))}.",
            )
        else:
            found[column.name] = pl.lit(None, dtype=pl.String).alias(column.name)
    if not any(
        name in lower for column in TABLE_COLUMNS if column.name in _KINDS for name in (column.name, *column.aliases)
    ):
        raise InputError(
            f"{path} says nothing of what happened: it has none of {', '.join(_KINDS)}.",
            remedy="Add a column code (CAMEO), plover, quad (1 to 4) or goldstein (-10 to 10).",
        )
    return frame.select(found.values())


def _text(path: Path) -> pl.DataFrame:
    """Read a table with every value as text: a code that became a number has lost its leading zero."""
    if not path.is_file():
        raise InputError(f"There is no file {path}.", remedy="Name a file of events.")
    name = path.name.lower()
    try:
        if name.endswith((".parquet", ".arrow", ".feather")):
            data = path.read_bytes()
            frame = pl.read_parquet(data) if name.endswith(".parquet") else pl.read_ipc(data)
            return _refuse_numbers(frame, path).select(pl.all().cast(pl.String))
        raw = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        return _of_text(raw.decode("utf-8-sig"), path)
    except (pl.exceptions.PolarsError, EOFError, OSError, UnicodeDecodeError) as error:
        raise FormatError(
            f"{path} cannot be read as what its name says: {str(error).splitlines()[0]}.",
            remedy="Check that the file is whole, a CSV, TSV, Parquet or Arrow file, and in UTF-8.",
        ) from error


def _of_text(text: str, path: Path) -> pl.DataFrame:
    first = next(csv.reader(io.StringIO(text.partition("\n")[0])), [])
    if not first:
        raise FormatError(f"{path} is empty.", remedy="Name a table with a heading and at least one row.")
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    return pl.read_csv(io.BytesIO(text.encode()), separator=separator, infer_schema=False, truncate_ragged_lines=False)


def _refuse_numbers(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    for column in TABLE_COLUMNS:
        for name in frame.columns:
            if (
                column.name == "code"
                and name.lower() in (column.name, *column.aliases)
                and frame.schema[name].is_numeric()
            ):
                raise InputError(
                    f"{path} holds its codes in {name!r} as numbers, which have no leading zeros.",
                    remedy="Write the codes as text: '040', not 40.",
                )
    return frame
