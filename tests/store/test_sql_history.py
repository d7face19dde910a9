"""The history of a store: readable, append-only, chained, and the desk as known on a date, on both engines."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import rfc8785
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from legation.desk.aims import Goal
from legation.errors import InputError, StorageError, UnknownRecordError
from legation.store import open_store
from legation.store.sql.chain import entry_hash, moment_text, parse_moment


def rename(store, title):
    """Give the goal another title in a unit of its own."""
    with store.unit_of_work(who="bob", why="rename") as work:
        work.put(Goal(id="baltic", title=title), expected_version=store.get("goals", "baltic").version)


def remove(store):
    """Remove the goal in a unit of its own."""
    with store.unit_of_work(who="eve", why="gone") as work:
        work.delete("goals", "baltic", expected_version=store.get("goals", "baltic").version)


def test_every_change_is_told_with_who_when_why_and_what(store):
    """Addition, change and removal each leave one readable entry."""
    rename(store, "Baltic defence")
    remove(store)

    assert [str(entry) for entry in store.history("goals")] == [
        "#2 2027-03-01 08:00:01Z ann (begin): goals baltic added: id 'baltic'; title 'Baltic security'",
        "#3 2027-03-01 08:00:02Z bob (rename): goals baltic changed: title 'Baltic security' -> 'Baltic defence'",
        "#4 2027-03-01 08:00:03Z eve (gone): goals baltic removed: id 'baltic'; title 'Baltic defence'",
    ]
    assert [entry.unit for entry in store.history()] == [1, 1, 3, 4]
    assert [entry.version for entry in store.history()] == [1, 1, 2, 3]


def test_history_is_chosen_by_kind_key_and_time(store, clock):
    """Kind, key, since, until and after each narrow the entries; days and moments are inclusive."""
    clock.now = datetime(2027, 3, 2, 23, 59, 58, tzinfo=UTC)
    rename(store, "Two")
    rename(store, "Three")

    def seqs(*args, **options):
        return [entry.seq for entry in store.history(*args, **options)]

    assert seqs() == [1, 2, 3, 4]
    assert seqs("goals", "baltic") == [2, 3, 4]
    assert seqs("goals", "arctic") == []
    assert seqs(until=date(2027, 3, 2)) == [1, 2, 3]
    assert seqs(since=date(2027, 3, 2)) == [3, 4]
    assert seqs(since=date(2027, 3, 3)) == [4]
    assert seqs(since=datetime(2027, 3, 2, 23, 59, 59, tzinfo=UTC), until=date(2027, 3, 2)) == [3]
    assert seqs(until=datetime(2027, 3, 2, 23, 59, 59, tzinfo=UTC)) == [1, 2, 3]
    assert seqs(after=3) == [4]
    with pytest.raises(InputError, match="no kind of record named 'gaols'"):
        seqs("gaols")


def test_the_desk_as_known_on_a_date(store, clock, info):
    """Each past state is given back whole: before the change, after it, after the removal."""
    states = [store.load()]
    for day, act in ((2, lambda: rename(store, "Two")), (3, lambda: remove(store))):
        clock.now = datetime(2027, 3, day, 12, tzinfo=UTC)
        act()
        states.append(store.load())

    assert states == [store.load(known_on=date(2027, 3, day)) for day in (1, 2, 3)]
    assert states[1] == store.load(known_on=datetime(2027, 3, 3, 12, 0, 0, tzinfo=UTC))
    assert states[2] == store.load(known_on=datetime(2027, 3, 3, 12, 0, 1, tzinfo=UTC))
    assert states[2] == store.load(known_on=date.max)
    assert states[1] == store.load(known_on=datetime(2027, 3, 3, 13, 0, 0, tzinfo=timezone(timedelta(hours=2))))
    with pytest.raises(UnknownRecordError, match="Nothing was known"):
        store.load(known_on=date(2027, 2, 28))


def test_a_day_ends_before_midnight(store, clock):
    """What is entered at midnight sharp belongs to the day that begins."""
    before = store.load()
    clock.now = datetime(2027, 3, 4, 23, 59, 59, tzinfo=UTC)
    rename(store, "Midnight")

    assert before == store.load(known_on=date(2027, 3, 4))
    assert store.load() == store.load(known_on=date(2027, 3, 5))
    assert list(store.history(since=date(2027, 3, 2), until=date(2027, 3, 4))) == []


def test_a_forged_chain_that_makes_no_sense_is_found(store, run_sql):
    """Even with every hash computed anew, a version that does not follow shows."""
    with store.sql.connect() as connection:
        query = "SELECT * FROM change WHERE seq = 2"
        row = {**connection.exec_driver_sql(query).mappings().one(), "seq": 3, "unit": 3, "version": 5}
    row["before"] = row["after"]
    forged = entry_hash(store.head().hash, row)
    run_sql(
        store,
        f'INSERT INTO change SELECT 3, 3, at, who, why, kind, "key", 5, "after", "after", \'{forged}\' '
        "FROM change WHERE seq = 2",
        f"UPDATE meta SET value = '3 {forged}' WHERE name = 'head'",
        "UPDATE record SET version = 5 WHERE kind = 'goals'",
    )

    assert store.verify().problems == ("history #3: it does not follow from the last state of goals 'baltic'",)


def test_a_moment_without_a_time_zone_is_refused(store):
    """A naive moment could mean several, so none is guessed."""
    with pytest.raises(InputError, match="no time zone"):
        store.load(known_on=datetime(2027, 3, 1, 8))  # noqa: DTZ001


def test_a_clock_set_back_keeps_the_order_of_time(store, clock):
    """Entries never become older than the one before them."""
    clock.now = datetime(2020, 1, 1, tzinfo=UTC)
    rename(store, "Two")

    moments = [entry.at for entry in store.history()]
    assert sorted(moments) == moments
    assert store.verify().is_intact


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change SET who = 'mallory' WHERE seq = 1",
        "DELETE FROM change WHERE seq = 1",
        "DELETE FROM change",
    ],
)
def test_the_database_refuses_to_change_history(store, run_sql, statement):
    """Even a direct statement cannot alter or remove an entry."""
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        run_sql(store, statement)

    assert store.verify().is_intact


def test_the_database_refuses_replacing_and_truncating(store, run_sql):
    """The ways around a trigger on deletion are closed too."""
    statement = (
        "INSERT OR REPLACE INTO change SELECT seq, unit, at, 'mallory', why, kind, \"key\", version, "
        '"before", "after", hash FROM change WHERE seq = 1'
        if store.engine_name == "sqlite"
        else "TRUNCATE change"
    )
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        run_sql(store, statement)

    assert store.verify().is_intact


TAMPERING = {
    "who": ("UPDATE change SET who = 'mallory' WHERE seq = 2", "history #2: its hash"),
    "when": ("UPDATE change SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 2", "history #2: its hash"),
    "what": ("UPDATE change SET \"after\" = '{}' WHERE seq = 3", "history #3: its hash"),
    "hash": ("UPDATE change SET hash = 'f00' WHERE seq = 2", "history #3: its hash"),
    "gap": ("DELETE FROM change WHERE seq = 2", "history #3: the entry before it is missing"),
    "tail": ("DELETE FROM change WHERE seq = 3", "history: it ends at 2, the store says it ends at 3"),
    "body": ("UPDATE record SET body = '{}' WHERE kind = 'goals'", "not what the history"),
    "undecodable": ("UPDATE record SET body = '{\"id\":' WHERE kind = 'goals'", "cannot be read"),
    "version": ("UPDATE record SET version = 9 WHERE kind = 'goals'", "not what the history"),
    "missing": ("DELETE FROM record WHERE kind = 'goals'", "it is missing, the history has it"),
    "extra": ("INSERT INTO record VALUES ('goals', 'x', 1, '{\"id\":\"x\",\"title\":\"x\"}')", "not what the history"),
    "kind": ("INSERT INTO record VALUES ('spies', 'x', 1, '{}')", "unknown kind 'spies'"),
}  # fmt: skip


@pytest.mark.parametrize("case", TAMPERING)
def test_tampering_is_found(store, run_sql, case):
    """With the guards taken off, every alteration still shows in the check."""
    rename(store, "Two")
    statement, found = TAMPERING[case]
    off = (
        ["DROP TRIGGER change_is_not_updated", "DROP TRIGGER change_is_not_deleted"]
        if store.engine_name == "sqlite"
        else ["ALTER TABLE change DISABLE TRIGGER change_is_append_only"]
    )
    run_sql(store, *off, statement)

    problems = store.verify().problems
    assert any(found in problem for problem in problems), problems
    assert any("the guard" in problem for problem in problems)


def test_the_hash_is_what_the_documentation_says(store):
    """An outsider can compute the chain with SHA-256 and RFC 8785 alone."""
    rename(store, "Zwölf \u2028 \x7f 🕊")
    with store.sql.connect() as connection:
        rows = [dict(row) for row in connection.exec_driver_sql("SELECT * FROM change ORDER BY seq").mappings()]
        start = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'store'").scalar_one()

    def digest(text):
        return None if text is None else hashlib.sha256(text.encode()).hexdigest()

    previous = digest(start)
    for row in rows:
        named = [row[name] for name in ("seq", "unit", "at", "who", "why", "kind", "key", "version")]
        content = [previous, *named, digest(row["before"]), digest(row["after"])]
        previous = hashlib.sha256(rfc8785.dumps(content)).hexdigest()
        assert row["hash"] == previous
    assert store.head().hash == previous


@given(text=st.text(st.characters(exclude_categories=("Cs",))), number=st.integers(0, 2**53 - 1))
def test_hashes_use_canonical_json_for_any_text(text, number):
    """What is hashed is the RFC 8785 form, whatever the texts."""
    row = {"seq": number, "unit": 1, "at": text, "who": text, "why": text, "kind": text, "key": text, "version": 1,
           "before": None, "after": None}  # fmt: skip

    expected = hashlib.sha256(rfc8785.dumps([text, number, 1, text, text, text, text, text, 1, None, None])).hexdigest()
    assert expected == entry_hash(text, row)


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_moments_as_text_sort_as_moments(one, two):
    """The text of moments keeps their order and reads back exactly."""
    try:
        texts = moment_text(one), moment_text(two)
    except OverflowError:
        return

    assert (texts[0] < texts[1]) == (one.astimezone(UTC) < two.astimezone(UTC))
    assert parse_moment(texts[0]) == one.astimezone(UTC)


def test_reading_history_does_not_hold_up_writers(store):
    """A half-read history sees one state while others write on."""
    entries = store.history()
    next(entries)
    rename(store, "Two")

    assert [entry.seq for entry in entries] == [2]
    assert store.head().seq == 3


def test_a_store_that_was_opened_twice_has_one_chain(store, clock):
    """Writers through two store objects continue one history."""
    with open_store(store.place, clock=clock) as other:
        rename(other, "Two")
        rename(store, "Three")

        assert other.verify().is_intact
        assert other.head() == store.head()


def test_direct_writing_over_a_missing_head_is_refused(store, run_sql):
    """A store that lost the end of its history does not begin a second one."""
    run_sql(store, "DELETE FROM meta WHERE name = 'head'")

    with pytest.raises(StorageError, match="end of its history"):
        rename(store, "Two")
    assert "end of its history" in store.verify().problems[0]
