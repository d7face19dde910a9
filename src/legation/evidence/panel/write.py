"""Write a panel with its columns' sources: into the file's own metadata, a table of columns, or a file beside it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from legation.errors import InputError
from legation.evidence.own import WRITABLE, refuse_unwritable, write_table
from legation.evidence.panel.types import Panel, PanelColumn

__all__ = ["BATCHED", "METADATA_KEY", "describe", "read_description", "sidecar", "write_batches", "write_panel"]

METADATA_KEY = "legation.panel"
"""Under this key a Parquet or Arrow file holds the panel's description as JSON."""

BATCHED = ".parquet"
_FORMAT = "legation-panel/1"


class PanelDescription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written beside a panel's rows."""

    format: str
    unit: str
    period: str
    system: str
    directed: bool
    first: int
    last: int
    rows: int
    columns: tuple[PanelColumn, ...]
    notes: tuple[str, ...]


def describe(panel: Panel, *, rows: int | None = None) -> PanelDescription:
    """Return a panel's description; `rows` when its rows were written in parts."""
    return PanelDescription(
        format=_FORMAT,
        unit=panel.unit,
        period=panel.period,
        system=panel.system,
        directed=panel.directed,
        first=panel.first,
        last=panel.last,
        rows=len(panel) if rows is None else rows,
        columns=panel.columns,
        notes=panel.notes,
    )


def sidecar(path: Path) -> Path:
    """Return the file that holds the description of a panel in a format without room for it."""
    return path.with_name(f"{path.name}.columns.json")


def read_description(path: Path) -> PanelDescription:
    """Read the description of a panel that was written.

    Raises
    ------
    InputError
        When the file holds no panel, or is not there.
    """
    try:
        raw = _raw_description(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(
            f"{path} cannot be read: {error}.", remedy="Name a file that `legation panel` wrote."
        ) from error
    if raw is None:
        raise InputError(f"{path} holds no description of a panel.", remedy="Name a file that `legation panel` wrote.")
    try:
        return msgspec.json.decode(raw, type=PanelDescription)
    except msgspec.DecodeError as error:
        raise InputError(f"The description in {path} is damaged: {error}.") from error


def _raw_description(path: Path) -> bytes | None:
    if path.suffix == ".parquet":
        found = pl.read_parquet_metadata(path).get(METADATA_KEY)
        return None if found is None else found.encode()
    if path.suffix in {".arrow", ".feather"}:
        from pyarrow import ipc

        with ipc.open_file(str(path)) as opened:
            held = (opened.schema.metadata or {}).get(METADATA_KEY.encode())
        return None if held is None else bytes(held)
    if path.suffix == ".duckdb":
        import duckdb

        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute("SELECT description FROM panel_description").fetchone()
        return None if row is None else str(row[0]).encode()
    beside = sidecar(path)
    return beside.read_bytes() if beside.is_file() else None


def write_panel(panel: Panel, path: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write a panel all or nothing; return the files that were written.

    A Parquet or Arrow file carries the description in its own metadata; a DuckDB file in the tables `columns` and
    `panel_description` beside `panel`; CSV, TSV and JSON get a file NAME.columns.json beside them.

    Raises
    ------
    InputError
        When the format is not known, the folder is not there, or the file is there and `overwrite` is not given.
    """
    suffix = path.suffix.lower()
    writer = _WITH_METADATA.get(suffix)
    if writer is None and suffix in WRITABLE:
        beside = sidecar(path)
        if beside.exists() and not overwrite:
            raise InputError(f"{beside} is there already.", remedy="Name another file, or say --overwrite.")
        write_table(panel.frame, path, overwrite=overwrite)
        _replace(beside, lambda staged: staged.write_bytes(msgspec.json.format(_encoded(describe(panel)), indent=2)))
        return path, beside
    refuse_unwritable(path, overwrite=overwrite)
    assert writer is not None
    _replace(path, lambda staged: writer(panel, staged))
    return (path,)


def write_batches(panels: Iterable[Panel], path: Path, *, overwrite: bool = False) -> int:
    """Write a panel that comes in parts into one Parquet file, holding one part in memory; return the number of rows.

    Raises
    ------
    InputError
        When the file is no .parquet, there are no rows, or the file is there and `overwrite` is not given.
    """
    if path.suffix.lower() != BATCHED:
        raise InputError(f"{path}: only .parquet can be written in parts.", remedy="Name a file that ends in .parquet.")
    refuse_unwritable(path, overwrite=overwrite)
    rows = 0

    def write(staged: Path) -> None:
        nonlocal rows
        rows = _stream(panels, staged)

    _replace(path, write)
    return rows


def _stream(panels: Iterable[Panel], staged: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer: Any = None
    rows, last, types = 0, None, None
    try:
        for panel in panels:
            if types is None:
                types = {name: _settled(dtype) for name, dtype in panel.frame.schema.items()}
            table = panel.frame.cast(types).to_arrow()  # type: ignore[arg-type]
            if writer is None:
                schema = pa.schema([pa.field(f.name, f.type) for f in table.schema])
                writer = pq.ParquetWriter(str(staged), schema, compression="zstd")
            writer.write_table(table.cast(writer.schema))
            rows, last = rows + len(panel), panel
        if last is None:
            raise InputError("The panel has no rows.", remedy="Ask for other years.")
        writer.add_key_value_metadata({METADATA_KEY: _encoded(describe(last, rows=rows)).decode()})
    finally:
        if writer is not None:
            writer.close()
    return rows


def _settled(dtype: pl.DataType) -> pl.DataType:
    """Return a type that holds a column's values in every part: a part alone may need a smaller one."""
    return pl.Int64() if dtype.is_integer() else dtype


def _encoded(description: PanelDescription) -> bytes:
    return msgspec.json.encode(description)


def _write_parquet(panel: Panel, staged: Path) -> None:
    panel.frame.write_parquet(staged, compression="zstd", metadata={METADATA_KEY: _encoded(describe(panel)).decode()})


def _write_arrow(panel: Panel, staged: Path) -> None:
    from pyarrow import ipc

    table = panel.frame.to_arrow()
    table = table.replace_schema_metadata({METADATA_KEY: _encoded(describe(panel)).decode()})
    with ipc.new_file(str(staged), table.schema) as sink:
        sink.write_table(table)


def _write_duckdb(panel: Panel, staged: Path) -> None:
    import duckdb

    description = describe(panel)
    columns = pl.DataFrame(
        [
            {**msgspec.to_builtins(column), "missing_codes": ", ".join(str(code) for code in column.missing_codes)}
            for column in panel.columns
        ],
        infer_schema_length=None,
    )
    with duckdb.connect(str(staged)) as connection:
        for name, frame in (("panel", panel.frame), ("columns", columns)):
            connection.register("given", frame.to_arrow())
            connection.from_query("SELECT * FROM given").create(name)
            connection.unregister("given")
        connection.execute("CREATE TABLE panel_description (description VARCHAR)")
        connection.execute("INSERT INTO panel_description VALUES (?)", [_encoded(description).decode()])


_WITH_METADATA: dict[str, Callable[[Panel, Path], None]] = {
    ".parquet": _write_parquet,
    ".arrow": _write_arrow,
    ".feather": _write_arrow,
    ".duckdb": _write_duckdb,
}


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory(prefix=".legation-", dir=path.parent) as folder:
        staged = Path(folder) / f"table{path.suffix}"
        write(staged)
        os.replace(staged, path)  # noqa: PTH105 - atomic on one file system
