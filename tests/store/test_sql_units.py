"""Units of work: everything or nothing, versions, and refused stale writes, on both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from legation.desk.aims import Goal, Objective
from legation.desk.desk import Desk
from legation.desk.resources import ExchangeRate
from legation.errors import InputError, StaleWriteError, StorageError, UnknownRecordError
from legation.store import open_store


def test_committed_records_are_read_back(store, info):
    """What a unit of work puts is there after it, with version 1."""
    found = store.get("goals", "baltic")

    assert (Goal(id="baltic", title="Baltic security"), 1) == (found.record, found.version)
    assert info == store.info()
    assert store.counts() == {"desk": 1, "goals": 1}
    assert store.count("missions") == 0


def test_load_gives_the_desk_in_key_order(store, info):
    """A loaded desk equals the desk in key order, whatever the order of writing."""
    goals = [Goal(id=name, title=name) for name in ("zulu", "a-b", "a.b", "a_b", "0")]
    with store.unit_of_work(who="ann", why="more") as work:
        for goal in goals:
            work.put(goal, expected_version=0)

    expected = Desk(info=info, goals=(Goal(id="baltic", title="Baltic security"), *goals)).in_key_order()
    assert expected == store.load()
    assert list(expected.goals) == list(store.iterate("goals"))


def test_raising_in_the_block_writes_nothing(store):
    """An exception within the block undoes everything, also what was already read back."""
    before = store.head()

    def fail_halfway():
        with store.unit_of_work(who="ann", why="try") as work:
            work.put(Goal(id="arctic", title="Arctic"), expected_version=0)
            assert work.get("goals", "arctic").version == 1
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail_halfway()

    assert before == store.head()
    with pytest.raises(UnknownRecordError, match="arctic"):
        store.get("goals", "arctic")


def test_stale_put_shows_base_theirs_and_ours(store):
    """A write at an old version is refused, writes nothing and shows what both sides changed."""
    with store.unit_of_work(who="bob", why="rename") as work:
        work.put(Goal(id="baltic", title="Baltic defence", weight=2.0), expected_version=1)
    before = store.head()

    def write_late():
        with store.unit_of_work(who="ann", why="late") as work:
            work.put(Goal(id="arctic", title="Arctic"), expected_version=0)
            work.put(Goal(id="baltic", title="Baltic peace"), expected_version=1)

    with pytest.raises(StaleWriteError) as caught:
        write_late()

    assert "theirs: goals baltic changed: title 'Baltic security' -> 'Baltic defence'" in caught.value.difference
    assert "ours: goals baltic changed: title 'Baltic security' -> 'Baltic peace'" in caught.value.difference
    assert "both changed title: was 'Baltic security'" in caught.value.difference
    assert "both changed weight" not in caught.value.difference
    assert before == store.head()
    assert store.count("goals") == 1


@pytest.mark.parametrize("expected", [0, 2, 99])
def test_wrong_expected_version_is_stale(store, expected):
    """A version that the record does not have is refused, a promised absence included."""
    with pytest.raises(StaleWriteError), store.unit_of_work(who="ann", why="") as work:
        work.put(Goal(id="baltic", title="Other"), expected_version=expected)

    assert store.get("goals", "baltic").record.title == "Baltic security"


def test_stale_delete_is_refused(store):
    """A removal at an old version, or of what is gone, is refused."""
    with store.unit_of_work(who="bob", why="") as work:
        work.put(Goal(id="baltic", title="New"), expected_version=1)
    with pytest.raises(StaleWriteError, match="at version 2"), store.unit_of_work(who="ann", why="") as work:
        work.delete("goals", "baltic", expected_version=1)
    with store.unit_of_work(who="bob", why="") as work:
        work.delete("goals", "baltic", expected_version=2)

    with pytest.raises(StaleWriteError, match="is not there"), store.unit_of_work(who="ann", why="") as work:
        work.delete("goals", "baltic", expected_version=2)


def test_a_version_is_never_used_twice(store):
    """A record that was removed and made again goes on counting, so that an old reader is still stale."""
    with store.unit_of_work(who="bob", why="") as work:
        work.delete("goals", "baltic", expected_version=1)
    with store.unit_of_work(who="bob", why="") as work:
        work.put(Goal(id="baltic", title="Again"), expected_version=0)

    assert store.get("goals", "baltic").version == 3
    with pytest.raises(StaleWriteError), store.unit_of_work(who="ann", why="") as work:
        work.put(Goal(id="baltic", title="Late"), expected_version=1)


def test_unchanged_put_writes_no_entry(store):
    """Putting a record as it is, defaults written out or not, leaves version and history alone."""
    with store.unit_of_work(who="ann", why="same") as work:
        work.put(Goal(id="baltic", title="Baltic security", weight=1, combine="sum"), expected_version=1)

    assert work.summary is not None
    assert (work.summary.first, work.summary.changed, store.head().seq) == (None, 0, 2)


def test_another_way_to_write_a_number_is_a_change(store):
    """1.10 and 1.1 are equal but say different things, so both are kept as written."""
    rates = [
        ExchangeRate(base="EUR", quote="USD", date=date(2027, 1, 1), rate=Decimal(text)) for text in ("1.1", "1.10")
    ]
    for version, rate in enumerate(rates):
        with store.unit_of_work(who="ann", why="") as work:
            work.put(rate, expected_version=version)

    found = store.get("exchange_rates", "EUR|USD|2027-01-01")
    assert (str(found.record.rate), found.version) == ("1.10", 2)
    assert str(list(store.history("exchange_rates"))[-1]).endswith("written differently")


def test_one_record_may_be_put_twice_in_a_unit(store):
    """A second put in one unit names the version the first one made."""
    with store.unit_of_work(who="ann", why="") as work:
        work.put(Goal(id="baltic", title="One"), expected_version=1)
        work.put(Goal(id="baltic", title="Two"), expected_version=2)

    assert [entry.version for entry in store.history("goals", after=2)] == [2, 3]
    assert store.get("goals", "baltic").record.title == "Two"


def test_many_stale_records_are_counted(store):
    """A long list of stale records is cut, with the number of the rest."""

    def write_many():
        with store.unit_of_work(who="ann", why="") as work:
            for number in range(25):
                work.put(Goal(id=f"g{number:02}", title="x"), expected_version=7)

    with pytest.raises(StaleWriteError, match="and 5 more"):
        write_many()


def test_a_unit_is_used_once(store):
    """After its end a unit of work takes nothing more."""
    with store.unit_of_work(who="ann", why="") as work:
        pass

    with pytest.raises(StorageError, match="ended"):
        work.put(Goal(id="x", title="x"), expected_version=0)
    with pytest.raises(StorageError, match="once"), work:
        pass


@pytest.mark.parametrize(
    ("who", "why", "message"),
    [("", "x", "Nobody"), (" ", "x", "Nobody"), ("a\x00", "x", "NUL"), ("a", "\ud800", "surrogate"),
     ("a" * 201, "x", "201"), ("a", "x" * 2001, "2001")],
)  # fmt: skip
def test_who_and_why_are_checked(store, who, why, message):
    """A writer without a name, and texts that a store cannot keep, are refused."""
    with pytest.raises(InputError, match=message):
        store.unit_of_work(who=who, why=why)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (Goal(id="nul", title="a\x00b"), "NUL"),
        (Goal(id="half", title="\ud800"), "cannot be stored"),
        (Goal(id="No", title="x"), "cannot be stored"),
        (Goal(id="nan", title="x", weight=float("nan")), "cannot be stored"),
        (Goal(id="inf", title="x", weight=float("inf")), "cannot be stored"),
        (Goal(id="low", title="x", weight=-1.0), "cannot be stored"),
        (Objective(id="o", title="x", kind="sport", parent="g"), "cannot be stored"),
        (Objective(id="o", title="x", kind="military", parent="g", needs=["EST"]), "would not read back"),
        (ExchangeRate(base="EUR", quote="USD", date=None, rate=Decimal("1.1")), "cannot be stored"),
        (ExchangeRate(base="EUR", quote="USD", date="2027-01-01", rate=0.1), "would not read back"),
    ],
)
def test_a_record_that_cannot_be_kept_exactly_is_refused(store, record, message):
    """Values against their type, NULs and half characters are refused on both engines alike."""
    with pytest.raises(InputError, match=message), store.unit_of_work(who="ann", why="") as work:
        work.put(record, expected_version=0)

    assert store.head().seq == 2


def test_a_text_that_looks_like_an_escaped_nul_is_kept(store):
    """Backslash, u and zeros as text are no NUL."""
    goal = Goal(id="escape", title="\\u0000", description="\\\\u0000")
    with store.unit_of_work(who="ann", why="") as work:
        work.put(goal, expected_version=0)

    assert goal == store.get("goals", "escape").record


def test_unknown_kinds_and_versions_are_refused(store):
    """A kind that desks do not have is named with those they have; a removal needs a version."""
    with pytest.raises(InputError, match=r"'gaols'.*goals"):
        store.get("gaols", "baltic")
    with pytest.raises(InputError, match="'gaols'"):
        store.count("gaols")
    with pytest.raises(InputError, match="version 0"), store.unit_of_work(who="ann", why="") as work:
        work.delete("goals", "baltic", expected_version=0)


def test_an_empty_store_says_so(new_place):
    """A store without a desk is told from a missing one."""
    with open_store(new_place(), create=True) as store:
        with pytest.raises(UnknownRecordError, match="no desk yet"):
            store.info()
        with pytest.raises(UnknownRecordError, match="no desk yet"):
            store.load()

        assert store.verify().is_intact


def test_a_second_store_object_sees_what_the_first_confirmed(new_place, info):
    """Opening again gives the same desk and the same head."""
    place = new_place()
    with open_store(place, create=True) as first, first.unit_of_work(who="ann", why="") as work:
        work.set_info(info, expected_version=0)

    with open_store(place) as second:
        assert (work.summary.head, Desk(info=info)) == (second.head(), second.load())
    with pytest.raises(InputError, match="already"):
        open_store(place, create=True)
