"""Spark through Spark Connect: the client sends queries, the cluster holds the data."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import polars as pl

from legation.errors import InputError, StorageError
from legation.evidence.engines import queries
from legation.evidence.engines.interface import EngineName

if TYPE_CHECKING:
    from ibis.expr.types import Table
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["SparkEngine"]

# Spark's own default, and how long a machine far away may take to answer.
_PORT = 15002
_KNOCK = 10.0

# Sessions that have ended: see _stop.
_STOPPED: list[SparkSession] = []


class SparkEngine:
    """Queries on a cluster behind a Spark Connect server.

    Parameters
    ----------
    remote
        Its address, ``sc://host:15002``.
    """

    name: EngineName = "spark"

    def __init__(self, remote: str | None) -> None:
        if not remote or not remote.startswith("sc://"):
            raise InputError(
                f"{_shown(remote or '')!r} is no address of a Spark Connect server.",
                remedy="Write it as sc://host:15002.",
            )
        self.session = _session(remote)
        self._views: list[str] = []

    def parquet(self, files: Sequence[Path | str]) -> Table:
        """Return Parquet files as one table; every machine of the cluster must see them under this path."""
        return self._view(self.session.read.parquet(*(str(file) for file in files)))

    def frame(self, frame: pl.DataFrame) -> Table:
        """Return a frame as a table, sent to the cluster with the query."""
        from pyspark.sql.pandas.types import from_arrow_schema

        plain = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if frame.is_empty():  # the client wants the types of no rows told
            return self._view(self.session.createDataFrame([], from_arrow_schema(plain.schema)))
        return self._view(self.session.createDataFrame(plain))

    def fetch(self, query: Table) -> pl.DataFrame:
        """Run a query and return its rows."""
        from pyspark.errors import PySparkException

        try:
            table = self.session.sql(queries.sql(query, dialect="pyspark")).toArrow()
        except PySparkException as error:
            raise _fault(error) from error
        return queries.typed(pl.DataFrame(table), query)

    def store(self, query: Table, path: Path | str) -> None:
        """Run a query and write its rows as a folder of Parquet files where the cluster is."""
        from pyspark.errors import PySparkException

        try:
            self.session.sql(queries.sql(query, dialect="pyspark")).write.mode("overwrite").parquet(str(path))
        except PySparkException as error:
            raise _fault(error) from error

    def close(self) -> None:
        """Drop the views of this engine and end its session."""
        for name in self._views:
            self.session.catalog.dropTempView(name)
        _stop(self.session)

    def __enter__(self) -> Self:
        """Return the engine."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the engine."""
        self.close()

    def _view(self, data: DataFrame) -> Table:
        from pyspark.sql.pandas.types import to_arrow_schema

        name = f"legation_{len(self._views) + 1}"
        data.createOrReplaceTempView(name)
        self._views.append(name)
        return queries.table(name, to_arrow_schema(data.schema))


def _session(remote: str) -> SparkSession:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError("The client of Spark Connect is not installed.", remedy="Install legation[spark].") from error
    _refuse_silence(remote)
    # gRPC has its own errors for a server that is not there; they are no PySparkException.
    from grpc import RpcError

    session: SparkSession | None = None
    try:
        session = SparkSession.builder.remote(remote).create()
        session.sql("SELECT 1").collect()
    except (PySparkException, RpcError, ValueError) as error:
        if session is not None:
            _stop(session)
        raise InputError(
            f"No Spark Connect server answers at {_shown(remote)}: {_first_line(error)}.",
            remedy="Start one (docs/how-to/use-a-spark-cluster.md), or check host and port.",
        ) from error
    return session


def _stop(session: SparkSession) -> None:
    """End a session and keep what is left of it until the process ends.

    The client's finaliser shuts down the threads that all sessions share. Left to the garbage collector it may run in
    one of these very threads, which cannot wait for itself: every later query of the process would then fail.
    """
    session.stop()
    _STOPPED.append(session)


def _refuse_silence(remote: str) -> None:
    """Knock at the door first: the client itself tries for ten minutes before it says that nobody is there."""
    address = remote.removeprefix("sc://").partition("/")[0]
    host, _, port = address.rpartition(":") if ":" in address else (address, "", str(_PORT))
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK):
            return
    except (OSError, ValueError, OverflowError) as error:
        raise InputError(
            f"No Spark Connect server answers at {_shown(remote)}: {_first_line(error)}.",
            remedy="Start one (docs/how-to/use-a-spark-cluster.md), or check host and port.",
        ) from error


def _shown(remote: str) -> str:
    """Return an address without what stands behind it: a token is not for a message."""
    return remote.partition(";")[0].rstrip("/")


def _fault(error: Exception) -> StorageError:
    return StorageError(
        f"Spark could not finish: {_first_line(error)}.",
        remedy="See that every machine of the cluster can read the files, and has memory and disk.",
    )


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)[:200]
