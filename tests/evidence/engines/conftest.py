"""The engines under test: DuckDB in this process, and Spark Connect on a server that the tests start."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from legation.evidence.engines.interface import ENGINES, Engine, open_engine


@pytest.fixture(scope="session")
def spark_server() -> Iterator[str]:
    """Start Sail, a Spark Connect server in a wheel, and give its address."""
    pysail = pytest.importorskip("pysail.spark", reason="pysail is not installed")
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    server = pysail.SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    yield f"sc://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def open_named(request: pytest.FixtureRequest) -> Callable[[str], Engine]:
    """Return a function that opens an engine by its name; the server starts when Spark is first asked for."""

    def open_it(name: str) -> Engine:
        return (
            open_engine("spark", remote=request.getfixturevalue("spark_server")) if name == "spark" else open_engine()
        )

    return open_it


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, open_named: Callable[[str], Engine]) -> Iterator[Engine]:
    """Open each engine in turn."""
    with open_named(request.param) as opened:
        yield opened
