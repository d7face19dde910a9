"""DuckDB on this machine, with a limit of memory and a folder to spill to."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb
import polars as pl

from legation.errors import FormatError, InputError, StorageError, StoreFullError
from legation.evidence.engines import queries
from legation.evidence.engines.interface import EngineName

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["DuckEngine"]

_SIZE = re.compile(r"[1-9][0-9]*(\.[0-9]+)?\s?([KMGT]i?B)", re.IGNORECASE)


class DuckEngine:
    """Queries on DuckDB in this process.

    Parameters
    ----------
    memory
        What DuckDB may hold, as ``4GB``; beyond it, it spills.
    spill
        Where to; a temporary folder that is removed with the engine when left out.
    threads
        How many threads it uses.
    """

    name: EngineName = "duckdb"

    def __init__(self, *, memory: str | None = None, spill: Path | None = None, threads: int | None = None) -> None:
        if memory is not None and not _SIZE.fullmatch(memory):
            raise InputError(f"{memory!r} is no size of memory.", remedy="Write a number with MB or GB: 4GB.")
        if threads is not None and not 1 <= threads <= 1024:
            raise InputError(f"{threads!r} is no number of threads.", remedy="Write 1 or more.")
        self._own_spill = tempfile.TemporaryDirectory(prefix="legation-spill-") if spill is None else None
        self.spill = Path(self._own_spill.name) if self._own_spill else Path(str(spill))
        self.connection = duckdb.connect()
        settings = {"temp_directory": str(self.spill), "preserve_insertion_order": False}
        if memory is not None:
            settings["memory_limit"] = memory
        if threads is not None:
            settings["threads"] = threads
        for key, value in settings.items():
            self.connection.execute(f"SET {key} = ?", [value])
        self._count = 0

    def parquet(self, files: Sequence[Path | str]) -> Table:
        """Return Parquet files as one table."""
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        name = self._name()
        try:
            self.connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608
            schema = self.connection.sql(f"SELECT * FROM {name} LIMIT 0").to_arrow_table().schema  # noqa: S608
        except duckdb.Error as error:
            raise FormatError(
                f"{files[0]} and others cannot be read as Parquet: {str(error).splitlines()[0]}.",
                remedy="Check that the files are there and whole.",
            ) from error
        return queries.table(name, schema)

    def frame(self, frame: pl.DataFrame) -> Table:
        """Return a frame as a table."""
        name = self._name()
        # The frame's own memory is read in place; only its schema is told in the older types that ibis knows.
        self.connection.register(name, frame.to_arrow())
        return queries.table(name, frame.clear().to_arrow(compat_level=pl.CompatLevel.oldest()).schema)

    def fetch(self, query: Table) -> pl.DataFrame:
        """Run a query and return its rows.

        Raises
        ------
        StorageError
            When memory and the folder to spill to are not enough.
        """
        try:
            table = self.connection.sql(_narrowed(query)).to_arrow_table()
        except duckdb.Error as error:
            raise _fault(error) from error
        return queries.typed(pl.DataFrame(table), query)

    def store(self, query: Table, path: Path | str) -> None:
        """Run a query and write its rows as one Parquet file, all or nothing."""
        target = Path(path)
        partial = target.with_name(f".{target.name}.partial")
        quoted = "'" + str(partial).replace("'", "''") + "'"
        try:
            self.connection.execute(f"COPY ({_narrowed(query)}) TO {quoted} (FORMAT parquet)")
        except duckdb.Error as error:
            partial.unlink(missing_ok=True)
            raise _fault(error) from error
        partial.replace(target)

    def close(self) -> None:
        """Close the connection and remove what was spilled."""
        self.connection.close()
        if self._own_spill is not None:
            self._own_spill.cleanup()

    def __enter__(self) -> Self:
        """Return the engine."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the engine."""
        self.close()

    def _name(self) -> str:
        self._count += 1
        return f"legation_{self._count}"


def _narrowed(query: Table) -> str:
    """Return a query in SQL with its sums in the promised width: DuckDB's own is 128 bits, which few files hold."""
    columns = ", ".join(
        f'CAST("{name}" AS {width}) AS "{name}"' if width else f'"{name}"'
        for name, width in queries.whole_numbers(query).items()
    )
    return f"SELECT {columns} FROM ({queries.sql(query, dialect='duckdb')})"  # noqa: S608 - names of the query's own


def _fault(error: duckdb.Error) -> StorageError:
    first = str(error).splitlines()[0]
    if isinstance(error, duckdb.IOException) and "space" in first.lower():
        return StoreFullError(f"The disk is full while spilling: {first}.", remedy="Name a folder with more space.")
    return StorageError(
        f"DuckDB could not finish: {first}.", remedy="Allow it more memory, or a folder to spill to with more space."
    )
