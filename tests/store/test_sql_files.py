"""SQLite files that are damaged, foreign, full, locked or not to be written: a clear error, and nothing lost."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.desk.aims import Goal
from legation.errors import (
    CorruptStoreError,
    FormatError,
    InputError,
    LegationError,
    StorageError,
    StoreBusyError,
    StoreFullError,
)
from legation.store import open_store


@pytest.fixture
def desk_file(tmp_path, info):
    """Give the path of a closed store with two hundred goals."""
    path = tmp_path / "desk.db"
    with open_store(path, create=True) as store, store.unit_of_work(who="ann", why="begin") as work:
        work.set_info(info, expected_version=0)
        for number in range(200):
            work.put(Goal(id=f"g{number:03}", title=f"Goal {number}", description="x" * 300), expected_version=0)
    return path


def read_everything(path):
    """Open a store and check it whole."""
    with open_store(path) as store:
        found = store.verify()
        if found.is_intact:
            store.load()
        return found


def test_a_closed_store_is_one_file(desk_file):
    """After closing nothing but the database itself is needed."""
    assert [desk_file.name] == [path.name for path in desk_file.parent.iterdir()]
    assert read_everything(desk_file).is_intact


def test_the_file_says_what_it_is(desk_file):
    """WAL, strict tables and an application id mark the file; synchronous writing and foreign keys are on."""
    header = desk_file.read_bytes()[:100]
    assert header[68:72] == b"LEGA"
    with open_store(desk_file) as store, store.sql.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        strict = connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE strict = 0 AND type = 'table' AND name IN "
            "('record', 'change', 'meta')"
        ).all()

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    assert strict == []


def test_a_missing_file_is_not_made_by_opening(tmp_path):
    """Opening says that nothing is there and leaves nothing behind; creating needs the folder."""
    with pytest.raises(InputError, match="no desk at"):
        open_store(tmp_path / "none.db")
    with pytest.raises(InputError, match=r"folder .* does not exist"):
        open_store(tmp_path / "no" / "desk.db", create=True)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_is_no_store(tmp_path, create):
    """A folder is told from a file, with the way to import one."""
    with pytest.raises(InputError, match=r"is a folder.*import_folder"):
        open_store(tmp_path, create=create)


def test_a_special_file_is_no_store(tmp_path):
    """A pipe is refused at once instead of being waited for."""
    os.mkfifo(tmp_path / "desk.db")

    with pytest.raises(InputError, match="not a regular file"):
        open_store(tmp_path / "desk.db")


@pytest.mark.parametrize(
    "content", [b"id,title\n1,x\n" * 20, b"PK\x03\x04" + bytes(200), b"x", b"SQLite format 2\x00" * 9]
)
@pytest.mark.parametrize("create", [True, False])
def test_another_kind_of_file_is_refused_and_kept(tmp_path, content, create):
    """A file that is no database is named as such and not touched."""
    path = tmp_path / "desk.db"
    path.write_bytes(content)

    with pytest.raises(FormatError, match="not a SQLite database"):
        open_store(path, create=create)
    assert content == path.read_bytes()


def test_an_empty_file_is_refused_unless_creating(tmp_path):
    """What remains of a copy that failed is no desk; creating may fill it."""
    path = tmp_path / "desk.db"
    path.touch()

    with pytest.raises(FormatError, match="is empty"):
        open_store(path)
    with open_store(path, create=True) as store:
        assert store.verify().is_intact


@pytest.mark.parametrize(
    "statement", ["PRAGMA application_id = 1", "CREATE TABLE notes (x)", "CREATE TABLE record (x)"]
)
@pytest.mark.parametrize("create", [True, False])
def test_another_applications_database_is_refused(tmp_path, statement, create):
    """A database that is not ours is neither read nor filled."""
    path = tmp_path / "desk.db"
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 7")
    other.execute(statement)
    other.commit()
    other.close()

    with pytest.raises(FormatError, match="another application"):
        open_store(path, create=create)


@pytest.mark.parametrize("size", [1, 15, 16, 50, 99, 100, 512, 4096, 5000, -4096, -1])
def test_a_truncated_file_is_refused(desk_file, size):
    """A file cut off anywhere is reported as damaged, or as no database when not even its first bytes are left."""
    content = desk_file.read_bytes()
    desk_file.write_bytes(content[:size])

    with pytest.raises((CorruptStoreError, FormatError), match=r"cut off|not a SQLite"):
        open_store(desk_file)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_never_gives_a_wrong_desk(desk_file, data):
    """Overwritten bytes give a clear error or a named problem, or hit unused space and change nothing."""
    content = bytearray(desk_file.read_bytes())
    with open_store(desk_file) as store:
        expected = store.load()
    for _ in range(data.draw(st.integers(1, 3))):
        # Pages begin with their structure, so that damage there is tried as often as damage to what they hold.
        page = 4096 * data.draw(st.integers(0, len(content) // 4096 - 1))
        start = page + data.draw(st.integers(0, 120) | st.integers(0, 4095))
        patch = data.draw(st.binary(min_size=1, max_size=200))
        content[start : start + len(patch)] = patch
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        path.write_bytes(content)
        try:
            with open_store(path) as store:
                if store.verify().is_intact:
                    assert expected == store.load()
        except LegationError as error:
            assert error.remedy  # noqa: PT017 - damage may or may not show


def test_noise_after_the_header_is_corrupt(desk_file):
    """A file whose pages are noise is reported as damaged by every way of reading."""
    content = desk_file.read_bytes()
    desk_file.write_bytes(content[:100] + b"\xa5" * (len(content) - 100))

    with pytest.raises(CorruptStoreError, match="damaged"):
        open_store(desk_file)


def test_a_store_from_a_newer_legation_is_refused(desk_file):
    """A schema this Legation does not know is left alone, with the way out."""
    other = sqlite3.connect(desk_file)
    other.execute("UPDATE legation_schema SET version_num = '0999'")
    other.commit()
    other.close()

    with pytest.raises(FormatError, match=r"schema 0999.*newer.*pip install --upgrade legation"):
        open_store(desk_file)


def test_another_writer_is_waited_for_and_then_named(desk_file):
    """A store that stays locked gives a busy error with a remedy; reading goes on."""
    other = sqlite3.connect(desk_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_store(desk_file, timeout_seconds=0.1) as store:
        assert len(store.load().goals) == 200
        with pytest.raises(StoreBusyError, match="Another process is writing"), store.unit_of_work(who="a", why=""):
            pass
        other.execute("ROLLBACK")
        with store.unit_of_work(who="ann", why="") as work:
            work.put(Goal(id="late", title="Late"), expected_version=0)

        assert store.count("goals") == 201
    other.close()


def test_a_full_database_keeps_what_was_confirmed(desk_file):
    """When no page can be added, the unit is refused whole and the store goes on working."""
    from sqlalchemy import event

    with open_store(desk_file) as store:
        before = store.head()

        @event.listens_for(store.sql, "checkout")
        def limit(connection, _record, _proxy):
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 10}")

        with pytest.raises(StoreFullError, match="disk is full"):
            fill(store)
        assert before == store.head()
        assert store.verify().is_intact
        with store.unit_of_work(who="ann", why="small") as work:
            work.put(Goal(id="small", title="Small"), expected_version=0)


def fill(store):
    """Put a megabyte of goals in one unit."""
    with store.unit_of_work(who="ann", why="much") as work:
        for number in range(60):
            work.put(Goal(id=f"big{number}", title="Big", description="y" * 19_000), expected_version=0)


def run_python(code, *arguments):
    """Run a script in a process of its own; give its output."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_file_size_limit_keeps_what_was_confirmed(desk_file):
    """Under a real limit of the operating system every confirmed unit is there afterwards, and none half."""
    confirmed = run_python(
        """
        import resource, sys
        from legation.desk.aims import Goal
        from legation.errors import StoreFullError
        from legation.store import open_store

        store = open_store(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        number = 0
        try:
            while number < 500:
                with store.unit_of_work(who="ann", why="loop") as work:
                    for part in "ab":
                        goal = Goal(id=f"n{number}{part}", title="New", description="z" * 5_000)
                        work.put(goal, expected_version=0)
                print(number)
                number += 1
        except StoreFullError as error:
            assert error.remedy
            print("full")
        """,
        desk_file,
    )

    assert confirmed.pop() == "full"
    assert len(confirmed) > 3
    with open_store(desk_file) as store:
        found = {goal.id for goal in store.iterate("goals") if goal.id.startswith("n")}
        assert {f"n{number}{part}" for number in confirmed for part in "ab"} == found
        assert store.verify().is_intact


@pytest.mark.parametrize("folder_mode", [0o777, 0o555])
def test_a_read_only_file_is_read_and_not_written(desk_file, folder_mode):
    """Without the right to write, reading works and writing says why not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        shutil.copy(desk_file, path)
        path.chmod(0o444)
        Path(folder).chmod(folder_mode)
        # The superuser may write anything, so that another user tries.
        user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
        said = run_python(
            """
            import os, sys
            from legation.errors import StorageError
            from legation.store import open_store

            with open_store(sys.argv[2]) as store:
                store.load()  # imports what is imported late: the other user may not read the interpreter's folder
            os.setuid(int(sys.argv[3]))
            with open_store(sys.argv[1]) as store:
                print(len(store.load().goals), store.verify().is_intact)
                try:
                    with store.unit_of_work(who="ann", why="") as work:
                        work.delete("goals", "g001", expected_version=1)
                except StorageError as error:
                    print("read-only" in error.message)
            """,
            path,
            desk_file,
            user,
        )
        Path(folder).chmod(0o700)

    assert said == ["200", "True", "True"]


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "#1.db", "naïve.db", "a&mode=memory.db", "x;y.db"])
def test_odd_file_names_are_taken_as_they_are(tmp_path, name, info):
    """No character of a path is taken for part of an address."""
    with open_store(tmp_path / name, create=True) as store, store.unit_of_work(who="ann", why="") as work:
        work.set_info(info, expected_version=0)

    assert (tmp_path / name).is_file()
    with open_store(f"sqlite:///{tmp_path / name}") as store:
        assert info == store.info()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("mysql://host/desk", "mysql://"),
        ("sqlite://", "in memory"),
        (":memory:", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("", "no place"),
        (" ", "no place"),
        ("a\x00b", "no place"),
        ("postgresql://host:port/desk", "cannot be read"),
    ],
)
def test_places_that_are_none_are_refused(place, message):
    """An address of another engine, memory alone and nonsense are named."""
    with pytest.raises(InputError, match=message):
        open_store(place, create=True)


def test_a_damaged_record_is_named(desk_file):
    """A body that is no record is reported with kind and key, by every way of reading it."""
    other = sqlite3.connect(desk_file)
    other.execute("UPDATE record SET body = '{\"id\":1}' WHERE \"key\" = 'g007'")
    other.commit()
    other.close()

    with open_store(desk_file) as store:
        with pytest.raises(CorruptStoreError, match="goals 'g007'"):
            store.get("goals", "g007")
        with pytest.raises(CorruptStoreError, match="goals 'g007'"):
            store.load()
        with pytest.raises(CorruptStoreError, match="goals 'g007'"):
            list(store.iterate("goals"))


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TRIGGER spy AFTER INSERT ON record BEGIN DELETE FROM record; END"],
        ["CREATE VIEW everything AS SELECT * FROM record"],
        ["DROP TRIGGER change_is_appended",
         "CREATE TRIGGER change_is_appended AFTER INSERT ON change BEGIN DELETE FROM record; END"],
        ["ALTER TABLE record RENAME TO kept", "CREATE VIEW record AS SELECT * FROM kept"],
    ],
)  # fmt: skip
def test_a_file_with_programs_of_others_is_refused(desk_file, statements):
    """Triggers and views that somebody put into a desk's file are never run."""
    other = sqlite3.connect(desk_file)
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()

    with pytest.raises(FormatError, match="not Legation's"):
        open_store(desk_file)


def test_a_row_that_would_fill_the_memory_is_refused(desk_file):
    """A row far longer than any record is named instead of read."""
    other = sqlite3.connect(desk_file)
    other.execute("UPDATE record SET body = '\"' || hex(zeroblob(33554432)) || '\"' WHERE \"key\" = 'g001'")
    other.commit()
    other.close()

    with open_store(desk_file) as store, pytest.raises(FormatError, match="64 MB"):
        store.load()


def test_strict_tables_refuse_a_value_of_another_type(desk_file):
    """SQLite itself keeps texts texts and numbers numbers."""
    other = sqlite3.connect(desk_file)
    with pytest.raises(sqlite3.IntegrityError, match="cannot store"):
        other.execute("UPDATE record SET version = 'one'")
    other.close()


def test_storage_errors_have_the_storage_exit_code():
    """Doors tell storage trouble from wrong input by the exit code."""
    assert {StorageError("x").exit_code, StoreFullError("x").exit_code, CorruptStoreError("x").exit_code} == {5}
