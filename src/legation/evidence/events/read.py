"""Reading files of events, all or nothing: every file is held to its format before the first is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from legation.errors import FormatError, InputError
from legation.evidence.events.formats import EVENT_COLUMNS, FORMATS, FileFormat, FormatName
from legation.evidence.events.gdelt import gdelt_events
from legation.evidence.events.icews import icews_events
from legation.evidence.events.lines import TextFile, heading_of, read_columns, usual_width
from legation.evidence.events.options import ReadOptions
from legation.evidence.events.own_table import own_events
from legation.evidence.events.packed import first_lines, is_parquet
from legation.evidence.events.polecat import polecat_events
from legation.evidence.events.quarantine import QUARANTINE_SCHEMA, Quarantine, quarantine_table

__all__ = ["EventFrame", "guess_format", "read_events"]

_LOADERS: dict[str, Callable[..., pl.DataFrame]] = {
    "gdelt2": gdelt_events,
    "gdelt1": gdelt_events,
    "icews": icews_events,
    "polecat": polecat_events,
}

# Two threads keep two cores busy: inflating a file is one thread's work, and the parser has threads of its own.
_THREADS = 2
_ENOUGH = 2_000_000

# A table of one's own has far fewer columns; more of them are a publisher's export without a heading.
_NO_TABLE = 40


@dataclass(frozen=True, kw_only=True)
class EventFrame:
    """Events of one or more files.

    Parameters
    ----------
    parts
        Frames with the columns of `EVENT_COLUMNS`, or Parquet files that hold them.
    quarantine
        What could not be read as it stands: file, reason, action, rows, examples, lines.
    rows
        Rows in the files, read or not.
    format
        The format of the files.
    """

    parts: tuple[pl.DataFrame, ...] = ()
    files: tuple[Path, ...] = ()
    quarantine: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=QUARANTINE_SCHEMA))
    rows: int = 0
    format: str = "table"

    @property
    def read(self) -> int:
        """Rows that became events."""
        return self.rows - self.left_out

    @property
    def left_out(self) -> int:
        """Rows in the quarantine that are not in the result."""
        return int(self.quarantine.filter(pl.col("action") == "left out").get_column("rows").sum())

    def frame(self) -> pl.DataFrame:
        """Return all events as one frame."""
        if self.files:
            return pl.read_parquet(list(self.files))
        return pl.concat(self.parts) if self.parts else pl.DataFrame(schema=_schema())


def read_events(
    paths: Path | str | Sequence[Path | str],
    *,
    format: FormatName | None = None,  # noqa: A002 - the word of the command line
    options: ReadOptions | None = None,
    spool: Path | None = None,
) -> EventFrame:
    """Read files of events in a publisher's own format, or a table of one's own.

    Parameters
    ----------
    paths
        The files: as published, gzipped, zipped or plain; Parquet with the publisher's columns is read too.
    format
        ``gdelt2``, ``gdelt1``, ``icews``, ``polecat`` or ``table``; recognised by the columns when left out.
    options
        The choices of reading; see `ReadOptions`.
    spool
        A folder for Parquet files in place of memory, for more events than fit there; the caller removes it.

    Returns
    -------
    EventFrame
        The events, and the quarantine beside them.

    Raises
    ------
    FormatError
        When a file is cut short, damaged, or not of a known version of its format. Nothing is loaded then.
    InputError
        When a file is not there, or no row of it could be read.
    """
    files = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not files:
        raise InputError("No file of events was named.", remedy="Name at least one.")
    chosen = _format(format or guess_format(files[0]))
    for path in files:
        _check(path, chosen)
    choices = options or ReadOptions()
    with ThreadPoolExecutor(_THREADS) as pool:
        read = list(
            pool.map(lambda item: _read_one(item[1], item[0], chosen, choices, spool), enumerate(files, start=1))
        )
    table = quarantine_table([one.quarantine for one in read])
    rows = sum(one.rows for one in read)
    found = EventFrame(
        parts=tuple(part for one in read for part in one.parts),
        files=tuple(file for one in read for file in one.files),
        quarantine=table,
        rows=rows,
        format=chosen.name,
    )
    if rows and not found.read:
        reason = table.sort("rows", descending=True).row(0, named=True)
        raise InputError(
            f"Not one of {rows} rows could be read; most often: {reason['reason']}, as {reason['examples'][:1]}.",
            remedy="Check that the format named is the format of the files.",
        )
    return found


def guess_format(path: Path) -> FormatName:
    """Return the format whose columns a file has; a table of one's own when it is none of the publishers'.

    Raises
    ------
    FormatError
        When the file cannot be unpacked or has no line.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.", remedy="Name a file of events.")
    if is_parquet(path):
        return _of_columns(set(_parquet_columns(path)))
    head = first_lines(path)
    found = _of_columns(heading_of(head[0]))
    if found != "table":
        return found
    width = usual_width(head)
    for chosen in FORMATS.values():
        if width in chosen.counts and not chosen.heading:
            return chosen.name
    if width > _NO_TABLE:
        raise FormatError(
            f"{path} has {width} columns, which is no known version: GDELT 1 has 57 or 58, GDELT 2 has 61.",
            remedy="It may be of a newer version, or cut by columns; name its --format to see what differs.",
        )
    return "table"


def _of_columns(names: set[str]) -> FormatName:
    """Return the format most of whose columns are there, so that a newer version is told from another format."""
    for chosen in FORMATS.values():
        if chosen.counts and len(names & set(chosen.columns)) > len(chosen.columns) // 2:
            # GDELT 2 has all columns of GDELT 1 and three more
            return "gdelt1" if chosen.name == "gdelt2" and "Actor1Geo_ADM2Code" not in names else chosen.name
    return "table"


def _parquet_columns(path: Path) -> list[str]:
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FormatError(f"{path} is cut short or damaged: {error}.", remedy="Fetch the file again.") from error


@dataclass
class _Read:
    quarantine: Quarantine
    rows: int = 0
    parts: list[pl.DataFrame] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)


def _read_one(path: Path, number: int, chosen: FileFormat, options: ReadOptions, spool: Path | None) -> _Read:
    one = _Read(Quarantine(path.name))
    for events in _events(path, number, chosen, options, one.quarantine):
        one.rows += events.height
        if spool is None:
            one.parts.append(events)
        else:
            file = spool / f"events-{number:05d}-{len(one.files):05d}.parquet"
            events.write_parquet(file, compression="lz4")
            one.files.append(file)
    one.rows += one.quarantine.left_out
    return one


def _events(
    path: Path, number: int, chosen: FileFormat, options: ReadOptions, quarantine: Quarantine
) -> Iterator[pl.DataFrame]:
    if chosen.name == "table":
        yield own_events(path, options=options, quarantine=quarantine, number=number)
        return
    load = _LOADERS[chosen.name]
    raw = _of_parquet(path, chosen) if is_parquet(path) else read_columns(TextFile(path, chosen), quarantine)
    for block in raw:
        yield load(block, options=options, quarantine=quarantine, number=number)


def _of_parquet(path: Path, chosen: FileFormat) -> Iterator[pl.DataFrame]:
    used = [name for name in chosen.used if name in pl.read_parquet_schema(path)]
    frame = pl.read_parquet(path, columns=used).select(pl.col(used).cast(pl.String))
    frame = frame.select(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in used)
    for start in range(0, max(1, frame.height), _ENOUGH):
        block = frame.slice(start, _ENOUGH)
        yield block.with_columns(pl.int_range(start + 1, start + 1 + block.height, dtype=pl.Int64).alias("line"))


def _check(path: Path, chosen: FileFormat) -> None:
    if not path.is_file():
        raise InputError(f"There is no file {path}.", remedy="Name a file of events.")
    if chosen.name == "table":
        return
    if not is_parquet(path):
        TextFile(path, chosen)
        return
    columns = _parquet_columns(path)
    strange = [name for name in columns if name not in chosen.columns and name not in chosen.optional]
    missing = [name for name in chosen.columns[: chosen.counts[0]] if name not in columns]
    if strange or missing:
        raise FormatError(
            f"{path} has {len(columns)} columns of {chosen.title}; "
            f"new: {strange or 'none'}, missing: {missing or 'none'}.",
            remedy=f"It may be of a newer version than {chosen.reference}.",
        )


def _format(name: str) -> FileFormat:
    if name not in FORMATS:
        raise InputError(f"{name!r} is not a format of events.", remedy=f"Choose from {', '.join(FORMATS)}.")
    return FORMATS[name]


def _schema() -> dict[str, pl.DataType]:
    return {name: dtype for name, (dtype, _) in EVENT_COLUMNS.items()}
