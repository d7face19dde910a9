"""Any desk goes through SQLite, PostgreSQL and a folder unchanged, to the last digit; the interface stays light."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import uuid
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.desk.aims import Goal
from legation.desk.desk import KINDS, Desk
from legation.desk.missions import Mission
from legation.errors import InputError
from legation.store import Store, UnitOfWork, open_store
from legation.store.folder.reading import read_folder
from legation.store.folder.writing import write_folder
from legation.store.sql.codec import encode_record

relaxed = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def exact(desk):
    """Give every record of a desk as text: equal only when every digit and letter is."""
    records = [desk.info, *(record for kind in KINDS for record in desk.records(kind))]
    return [encode_record(record) for record in records]


def fill(store, desk):
    """Put a whole desk into a new store."""
    with store.unit_of_work(who="ann", why="all") as work:
        work.set_info(desk.info, expected_version=0)
        for kind in KINDS:
            for record in desk.records(kind):
                work.put(record, expected_version=0)


def has_nul(desk):
    """Say whether any text of the desk holds a NUL."""
    return b"\\u0000" in msgspec.json.encode(desk).replace(b"\\\\", b"")


@relaxed
@given(data=st.data())
def test_any_desk_is_read_back_exactly(data, any_desks, new_place):
    """A store gives back what was put, or refuses a NUL and stays empty."""
    desk = data.draw(any_desks)
    with open_store(new_place(), create=True) as store:
        if has_nul(desk):
            with pytest.raises(InputError, match="NUL"):
                fill(store, desk)
            assert store.head().seq == 0
            return
        fill(store, desk)

        loaded = store.load()
        assert desk.in_key_order() == loaded
        assert exact(desk.in_key_order()) == exact(loaded)
        assert exact(loaded) == exact(store.load(known_on=date.max))
        assert store.verify().problems == ()


@pytest.mark.postgresql
@relaxed
@given(data=st.data())
def test_any_desk_goes_round_all_three_stores(data, any_desks, new_sqlite, new_postgresql):
    """Folder, SQLite, PostgreSQL, SQLite, folder: the desk is the same, and its history from store to store."""
    desk = data.draw(any_desks.filter(lambda found: not has_nul(found)))
    with tempfile.TemporaryDirectory() as place:
        write_folder(desk, Path(place) / "in")
        read = read_folder(Path(place) / "in", rules=False).desk
        with (
            open_store(new_sqlite(), create=True) as first,
            open_store(new_postgresql(), create=True) as second,
            open_store(new_sqlite(), create=True) as third,
        ):
            fill(first, read)
            first.copy_into(second)
            second.copy_into(third)

            assert first.head() == third.head()
            assert list(first.history()) == list(third.history())
            assert (second.verify().problems, third.verify().problems) == ((), ())
            write_folder(third.load(), Path(place) / "out")
        again = read_folder(Path(place) / "out", rules=False).desk

        assert exact(desk.in_key_order()) == exact(again.in_key_order())


def test_a_copy_goes_into_an_empty_store_only(store, new_place):
    """Copying never mixes two histories."""
    from legation.errors import ConflictError

    with open_store(new_place(), create=True) as other:
        store.copy_into(other)
        with pytest.raises(ConflictError, match="holds a desk already"):
            store.copy_into(other)
        with other.unit_of_work(who="ann", why="goes on") as work:
            work.put(Goal(id="baltic", title="Elsewhere"), expected_version=1)

        assert other.verify().is_intact
        assert store.head().seq == other.head().seq - 1


def test_a_store_keeps_its_interface(store):
    """The SQL store and its unit of work offer what the interface promises."""
    assert isinstance(store, Store)
    with store.unit_of_work(who="ann", why="") as work:
        promised = {name for name in vars(UnitOfWork) if not name.startswith("_")}
        assert promised <= set(dir(work))


def test_ten_thousand_missions_go_in_and_out(new_place, info):
    """A large desk is written in one unit, counted, listed in order and read back."""
    missions = tuple(
        Mission(id=f"m{number:05}", title=f"Visit {number}", instrument="visit", format="bilateral",
                purpose="cooperation", partners=("LVA",))
        for number in range(10_000)
    )  # fmt: skip
    with open_store(new_place(), create=True) as store:
        fill(store, Desk(info=info, missions=missions))

        assert store.count("missions") == 10_000
        assert missions == tuple(store.iterate("missions"))
        assert missions == store.load().missions


def test_importing_the_room_loads_no_database_library():
    """The package and its interface come without SQLAlchemy, Alembic and psycopg, so that doors start quickly."""
    code = (
        "import sys, legation.store, legation.store.interface, legation.service, legation.service.folders;"
        "print(sorted({'sqlalchemy', 'alembic', 'psycopg', 'openpyxl', 'polars', 'numpy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_opening_an_up_to_date_store_does_not_load_the_migrations(tmp_path):
    """A third of a second is saved at every opening."""
    path = tmp_path / f"{uuid.uuid4().hex}.db"
    open_store(path, create=True).close()
    code = (
        "import sys; from legation.store import open_store; open_store(sys.argv[1]).close();"
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
