"""Several writers at once, threads and processes, and writers that are killed: nothing lost, nothing half."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from legation.desk.aims import Goal
from legation.errors import StaleWriteError
from legation.store import open_store

WRITER = textwrap.dedent(
    """
    import itertools, sys
    from legation.desk.aims import Goal
    from legation.errors import StaleWriteError
    from legation.store import open_store

    place, name, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    store = open_store(place, timeout_seconds=60)
    for number in itertools.count() if rounds == 0 else range(rounds):
        while True:
            seen = store.get("goals", "baltic")
            try:
                with store.unit_of_work(who=name, why=f"round {number}") as work:
                    for part in "abc":
                        new = Goal(id=f"{name}-{number}-{part}", title="New", description="x" * 2000)
                        work.put(new, expected_version=0)
                    goal = Goal(id="baltic", title=f"{name}-{number}")
                    work.put(goal, expected_version=seen.version)
                break
            except StaleWriteError:
                continue
        print(f"{name}-{number}", flush=True)
    """
)


def start_writer(store, name, rounds):
    """Start a process that writes and prints the name of each unit it has confirmed."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WRITER, store.place, name, str(rounds)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def check_confirmed(store, confirmed):
    """Check that every confirmed unit is there whole, that no other is there in part, and the chain."""
    assert store.verify().problems == ()
    parts = {}
    for goal in store.iterate("goals"):
        if goal.id != "baltic":
            name, part = goal.id.rsplit("-", 1)
            parts.setdefault(name, set()).add(part)
    assert set(confirmed) <= parts.keys()
    assert all(found == set("abc") for found in parts.values())
    titles = [entry.after.title for entry in store.history("goals", "baltic")][1:]
    assert set(titles) == parts.keys()
    return parts


def test_processes_that_write_the_same_record_lose_no_update(store):
    """Two processes change one record in turns: each change builds on the one before."""
    writers = [start_writer(store, name, 8) for name in ("ann", "bob")]
    outputs = [writer.communicate(timeout=90) for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0], outputs
    confirmed = [line for out, _ in outputs for line in out.split()]
    assert len(confirmed) == 16
    assert len(check_confirmed(store, confirmed)) == 16
    assert store.get("goals", "baltic").version == 17


def test_threads_that_read_then_write_are_told_when_late(store):
    """Of threads that start from one version exactly one wins; the others are stale and change nothing."""
    barrier = threading.Barrier(4)
    results = []

    def write(name):
        seen = store.get("goals", "baltic")
        barrier.wait(timeout=30)
        try:
            with store.unit_of_work(who=name, why="race") as work:
                work.put(Goal(id="baltic", title=name), expected_version=seen.version)
            results.append((name, "won"))
        except StaleWriteError:
            results.append((name, "late"))

    threads = [threading.Thread(target=write, args=(f"t{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(result for _, result in results) == ["late", "late", "late", "won"]
    winner = next(name for name, result in results if result == "won")
    assert (winner, 2) == (store.get("goals", "baltic").record.title, store.get("goals", "baltic").version)
    assert store.verify().is_intact


def test_a_killed_writer_loses_nothing_it_confirmed(store):
    """A process killed without warning at random moments leaves whole units only, every confirmed one among them."""
    draw = random.Random(20270301)
    confirmed = []
    for number in range(4):
        writer = start_writer(store, f"k{number}", 0)
        first = writer.stdout.readline()
        time.sleep(draw.uniform(0, 0.25))
        writer.kill()
        rest, trouble = writer.communicate(timeout=30)
        assert first, trouble
        # A line cut by the kill was confirmed as well, but its name is not whole.
        confirmed += [line.strip() for line in [first, *rest.splitlines(keepends=True)] if line.endswith("\n")]
        with open_store(store.place, timeout_seconds=20) as again:
            check_confirmed(again, confirmed)
            with again.unit_of_work(who="ann", why="still works") as work:
                work.set_info(again.info(), expected_version=again.get("desk", "desk").version)

    assert len(confirmed) > 4


def test_a_process_killed_within_a_unit_leaves_no_trace(store):
    """What was written and not confirmed is gone, and the lock with it."""
    code = textwrap.dedent(
        """
        import sys, time
        from legation.desk.aims import Goal
        from legation.store import open_store

        with open_store(sys.argv[1]) as store, store.unit_of_work(who="eve", why="") as work:
            for number in range(300):
                work.put(Goal(id=f"half{number}", title="x" * 300), expected_version=0)
            work.load()
            print("written", flush=True)
            time.sleep(60)
        """
    )
    before = store.head()
    writer = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, store.place], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline() == "written\n"
    writer.kill()
    writer.communicate(timeout=30)

    with open_store(store.place, timeout_seconds=20) as again:
        assert before == again.head()
        assert again.count("goals") == 1
        with again.unit_of_work(who="ann", why="") as work:
            work.put(Goal(id="baltic", title="Goes on"), expected_version=1)
        assert again.verify().is_intact


@pytest.mark.postgresql
def test_a_server_that_reports_a_full_disk_keeps_what_was_confirmed(new_postgresql, info, run_sql):
    """The server's own report of a full disk becomes the same error as a full disk here."""
    from legation.errors import StoreFullError

    with open_store(new_postgresql(), create=True) as store:
        with store.unit_of_work(who="ann", why="") as work:
            work.set_info(info, expected_version=0)
        run_sql(
            store,
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$",
            "CREATE TRIGGER no_room BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION no_room()",
        )
        with pytest.raises(StoreFullError, match="disk is full"), store.unit_of_work(who="ann", why="") as work:
            work.put(Goal(id="x", title="x"), expected_version=0)

        assert (store.head().seq, store.verify().problems) == (1, ())


@pytest.mark.postgresql
def test_a_locked_server_store_is_busy(new_postgresql, info):
    """A writer that holds the lock too long is named on PostgreSQL too; reading goes on."""
    from legation.errors import StoreBusyError

    place = new_postgresql()
    with open_store(place, create=True) as first, open_store(place, timeout_seconds=0.2) as second:
        with first.unit_of_work(who="ann", why="") as work:
            work.set_info(info, expected_version=0)
        with first.unit_of_work(who="ann", why="long"):
            assert info == second.info()
            with pytest.raises(StoreBusyError, match="Another process"), second.unit_of_work(who="bob", why=""):
                pass


@pytest.mark.postgresql
def test_a_server_that_does_not_answer_is_named_without_its_password():
    """A server that is not there gives a storage error; the password stays out of it."""
    from legation.errors import StorageError

    with pytest.raises(StorageError, match="does not answer") as caught:
        open_store("postgresql://ann:geheim@127.0.0.1:1/desk", timeout_seconds=1)
    assert "geheim" not in str(caught.value)
    assert "ann" in str(caught.value)


def test_a_missing_driver_is_named_with_its_remedy(tmp_path):
    """Without psycopg a PostgreSQL address says what to install, and SQLite works."""
    code = textwrap.dedent(
        """
        import sys
        sys.modules["psycopg"] = None
        from importlib import util
        real = util.find_spec
        util.find_spec = lambda name, *rest: None if name == "psycopg" else real(name, *rest)
        from legation.errors import InputError
        from legation.store import open_store

        open_store(sys.argv[1], create=True).close()
        try:
            open_store("postgresql://localhost/desk")
        except InputError as error:
            print(error.remedy)
        """
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "desk.db")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout.strip() == "Install it: pip install 'legation[postgresql]'.", done.stderr
