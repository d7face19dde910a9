"""What an engine does: hold tables under a name, run a query, give or store its result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self, TypeAlias

import polars as pl

from legation.errors import InputError

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["ENGINES", "Engine", "EngineName", "open_engine"]

EngineName: TypeAlias = Literal["duckdb", "spark"]

ENGINES: tuple[EngineName, ...] = ("duckdb", "spark")


class Engine(Protocol):
    """One way to run the queries of `legation.evidence.engines.queries`."""

    name: EngineName

    def parquet(self, files: Sequence[Path | str]) -> Table:
        """Return Parquet files as one table."""

    def frame(self, frame: pl.DataFrame) -> Table:
        """Return a frame as a table; for small ones when the engine is elsewhere."""

    def fetch(self, query: Table) -> pl.DataFrame:
        """Run a query and return its rows."""

    def store(self, query: Table, path: Path | str) -> None:
        """Run a query and write its rows as Parquet where the engine is: a file for DuckDB, a folder for Spark."""

    def close(self) -> None:
        """Give back what the engine holds."""

    def __enter__(self) -> Self:
        """Return the engine."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the engine."""


def open_engine(
    name: EngineName = "duckdb",
    *,
    remote: str | None = None,
    memory: str | None = None,
    spill: Path | None = None,
    threads: int | None = None,
) -> Engine:
    """Open an engine.

    Parameters
    ----------
    name
        ``duckdb`` runs here; ``spark`` runs on the server at `remote`.
    remote
        The address of a Spark Connect server: ``sc://host:15002``.
    memory
        What DuckDB may hold before it spills to disk: ``4GB``. Its own default is 80 % of the machine's memory.
    spill
        The folder DuckDB spills to; a temporary one when left out.
    threads
        How many threads DuckDB uses; all cores when left out.

    Raises
    ------
    InputError
        When there is no such engine, an option does not belong to it, or nothing answers at the address.

    Examples
    --------
    >>> with open_engine("duckdb", memory="1GB") as engine:
    ...     engine.name
    'duckdb'
    """
    if name == "duckdb":
        if remote is not None:
            raise InputError(f"DuckDB runs here and has no address {remote!r}.", remedy="Choose the engine spark.")
        from legation.evidence.engines.duck import DuckEngine

        return DuckEngine(memory=memory, spill=spill, threads=threads)
    if name == "spark":
        if memory is not None or spill is not None or threads is not None:
            raise InputError(
                "Memory, spilling and threads of Spark are set where the cluster runs.", remedy="Leave them out here."
            )
        from legation.evidence.engines.spark import SparkEngine

        return SparkEngine(remote)
    raise InputError(f"{name!r} is not an engine.", remedy=f"Choose from {', '.join(ENGINES)}.")
