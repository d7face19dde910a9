"""Stores of an older schema are brought up to date on opening, after a copy; on both engines."""

from __future__ import annotations

import json
import sqlite3
import threading

import pytest
import sqlalchemy as sa

from legation.desk.aims import Goal
from legation.errors import FormatError, InputError
from legation.store import open_store
from legation.store.sql.chain import entry_hash, start_hash
from legation.store.sql.engine import make_engine, writing
from legation.store.sql.migrate import _run
from legation.store.sql.places import FilePlace, parse_place
from legation.store.sql.schema import APPLICATION_ID, HEAD_REVISION, REVISIONS


@pytest.fixture
def old_place(new_place, info):
    """Give a store of the first schema that holds a description and a goal, written without this version's code."""
    place = new_place()
    where = parse_place(place)
    engine = make_engine(where, create=True, timeout_seconds=5)
    with writing(engine, place, lock=False) as connection:
        if isinstance(where, FilePlace):
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        _run(connection, "0001")
        store = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'store'").scalar_one()
        previous = start_hash(store)
        bodies = [("desk", "desk", json.dumps({
            "id": info.id, "title": info.title, "observer": "EST", "start": "2027-01", "months": 24, "currency": "EUR",
            "price_year": 2027}, ensure_ascii=False)), ("goals", "old", '{"id":"old","title":"Old"}')]  # fmt: skip
        for seq, (kind, key, body) in enumerate(bodies, start=1):
            row = {"seq": seq, "unit": 1, "at": "2027-01-01T00:00:00.000000Z", "who": "ann", "why": "", "kind": kind,
                   "key": key, "version": 1, "before": None, "after": body}  # fmt: skip
            row["hash"] = previous = entry_hash(previous, row)
            connection.execute(
                sa.text(
                    "INSERT INTO change VALUES (:seq, :unit, :at, :who, :why, :kind, :key, :version, :before, "
                    ":after, :hash)"
                ),
                row,
            )
            connection.execute(
                sa.text("INSERT INTO record VALUES (:kind, :key, 1, :after)"),
                {name: row[name] for name in ("kind", "key", "after")},
            )
        connection.execute(sa.text("UPDATE meta SET value = :head WHERE name = 'head'"), {"head": f"2 {previous}"})
    engine.dispose()
    return place


def test_an_older_store_is_brought_up_to_date(old_place, info):
    """Opening upgrades the schema, says so, keeps desk and history, and does it once."""
    with open_store(old_place) as store:
        assert f"from schema 0001 to {HEAD_REVISION}" in store.notices[0]
        assert store.verify().problems == ()
        assert info == store.info()
        assert store.load().goals == (Goal(id="old", title="Old"),)
        with store.unit_of_work(who="ann", why="") as work:
            work.put(Goal(id="old", title="New"), expected_version=1)

    with open_store(old_place) as store:
        assert store.notices == ()


def test_a_copy_is_made_before_a_file_is_upgraded(old_place):
    """For SQLite the file as it was stays beside the upgraded one and can itself be opened."""
    where = parse_place(old_place)
    if not isinstance(where, FilePlace):
        with open_store(old_place) as store:
            assert "copy" not in store.notices[0]
        return
    with open_store(old_place) as store:
        notice = store.notices[0]
    copies = list(where.path.parent.glob("*.bak"))

    assert len(copies) == 1
    assert str(copies[0]) in notice
    kept = sqlite3.connect(copies[0])
    assert kept.execute("SELECT version_num FROM legation_schema").fetchall() == [("0001",)]
    kept.close()
    with open_store(copies[0]) as store:
        assert store.verify().is_intact


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(old_place, monkeypatch):
    """A failing step undoes the whole upgrade; the next opening does it."""
    from alembic import op

    def fail(*_arguments):
        raise RuntimeError("stop")

    with monkeypatch.context() as patch:
        patch.setattr(op, "execute", fail)
        with pytest.raises(RuntimeError, match="stop"):
            open_store(old_place)

    with open_store(old_place) as store:
        assert store.notices
        assert store.verify().is_intact


def test_a_newer_schema_is_refused(new_place):
    """What a newer Legation wrote is left alone on either engine, also when a new desk is asked for."""
    place = new_place()
    with open_store(place, create=True) as store, writing(store.sql, place) as connection:
        connection.exec_driver_sql("UPDATE legation_schema SET version_num = '0999'")

    for create in (True, False):
        with pytest.raises(FormatError, match=r"schema 0999, which is newer .*\(" + HEAD_REVISION):
            open_store(place, create=create)


def test_a_place_without_a_desk_says_so(new_place):
    """An empty schema or a missing file is no desk unless one is to be made."""
    with pytest.raises(InputError, match="no desk at"):
        open_store(new_place())


def test_two_creators_at_once_make_one_store(new_place):
    """Creating from several threads at once gives one sound store."""
    place = new_place()
    problems = []

    def create():
        try:
            with open_store(place, create=True) as store:
                assert store.verify().is_intact
        except Exception as error:  # noqa: BLE001 - carried over to the main thread
            problems.append(error)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    with open_store(place) as store:
        assert store.verify().is_intact


def test_every_revision_has_its_file():
    """The list of revisions in the code is the chain of files that ships."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from legation.store.sql import migrate

    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    config.set_main_option("path_separator", "os")
    found = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]

    assert list(reversed(REVISIONS)) == found


def test_the_migrated_tables_are_those_the_code_uses(new_place):
    """Columns, keys and nullability of a new store equal the tables the code names."""
    from legation.store.sql import schema

    with open_store(new_place(), create=True) as store:
        inspector = sa.inspect(store.sql)
        for table in (schema.record, schema.change, schema.meta):
            found = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
            keys = inspector.get_pk_constraint(table.name)["constrained_columns"]

            assert {column.name: column.nullable for column in table.columns} == found
            assert [column.name for column in table.primary_key] == keys
