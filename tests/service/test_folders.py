"""Operations between folders and stores: import, export, edits brought back, conversion without loss."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.desk.aims import Goal, Objective
from legation.desk.desk import KINDS, Desk
from legation.errors import ConflictError, CorruptStoreError, DeskError, FormatError, InputError, StaleWriteError
from legation.service import convert, create_desk, export_folder, import_folder, put_records, sync_folder
from legation.service.folders import BASE_FILE
from legation.store import open_store
from legation.store.folder.reading import read_folder
from legation.store.folder.writing import write_folder
from legation.store.sql.codec import encode_record


@pytest.fixture
def folder(store, tmp_path):
    """Give a folder exported from the store."""
    export_folder(store, tmp_path / "edit", who="ann")
    return tmp_path / "edit"


def edit(folder, change):
    """Change the desk of a folder as an editor would, the note of its base left alone."""
    write_folder(change(read_folder(folder, rules=False).desk), folder, overwrite=True)


def with_goal(title):
    """Return a change that gives the goal another title."""
    return lambda desk: msgspec.structs.replace(desk, goals=(msgspec.structs.replace(desk.goals[0], title=title),))


def test_a_folder_is_imported_with_its_desk(new_place, tmp_path, desk):
    """The store holds what the folder says."""
    write_folder(desk, tmp_path / "in")
    place = new_place()
    outcome = import_folder(tmp_path / "in", place, who="ann")

    assert (outcome.added, outcome.warnings, outcome.notices) == (9, (), ())
    with open_store(place) as store:
        assert store.load() == desk


def test_a_faulty_folder_makes_no_store(tmp_path, desk):
    """Faults come with file and line; no database is left behind."""
    write_folder(msgspec.structs.replace(desk, budgets=()), tmp_path / "in")
    with pytest.raises(DeskError) as caught:
        import_folder(tmp_path / "in", tmp_path / "desk.db", who="ann")

    assert any(fault.file and fault.line for fault in caught.value.faults)
    assert [tmp_path / "in"] == list(tmp_path.iterdir())


def test_what_is_exported_is_the_desk(store, folder, desk):
    """The exported folder reads as the desk, without warnings; an existing one is kept unless asked."""
    result = read_folder(folder)

    assert (result.desk, result.faults) == (desk, ())
    with pytest.raises(ConflictError, match="exists already"):
        export_folder(store, folder, who="ann")
    export_folder(store, folder, who="ann", overwrite=True)


def test_edits_of_a_folder_come_back_as_one_unit(store, folder):
    """Change, addition and removal in the folder become entries of one operation; a second sync finds nothing."""

    def change(desk):
        return msgspec.structs.replace(
            with_goal("Baltic defence")(desk),
            objectives=(*desk.objectives, Objective(id="talks", title="Talks", kind="diplomatic", parent="baltic")),
            effects=(),
        )

    edit(folder, change)
    outcome = sync_folder(store, folder, who="bob", why="edited")

    assert (outcome.added, outcome.changed, outcome.removed, outcome.notices) == (1, 1, 1, ())
    assert store.load() == read_folder(folder).desk
    assert {(10, "bob", "edited")} == {(entry.unit, entry.who, entry.why) for entry in store.history(after=9)}
    assert sync_folder(store, folder, who="bob").first is None


def test_another_way_to_write_an_amount_comes_back(store, folder, desk):
    """An amount with another number of digits is an edit, although the numbers are equal."""
    cost = msgspec.structs.replace(desk.costs[0], amount=Decimal("1200.500"))
    edit(folder, lambda old: msgspec.structs.replace(old, costs=(cost,)))
    outcome = sync_folder(store, folder, who="bob")

    assert (outcome.changed, outcome.notices) == (1, ())
    assert str(store.load().costs[0].amount) == "1200.500"


def test_changes_of_others_stay_when_a_folder_comes_back(store, folder):
    """Records the folder did not touch keep what others wrote meanwhile."""
    put_records(store, [Goal(id="arctic", title="Arctic", weight=0.5)], who="eve")
    edit(folder, with_goal("Baltic defence"))
    outcome = sync_folder(store, folder, who="bob")

    assert {goal.id: goal.title for goal in store.load().goals} == {"arctic": "Arctic", "baltic": "Baltic defence"}
    assert "has changes to 1 records that" in outcome.notices[0]
    edit(folder, with_goal("Baltic peace"))
    sync_folder(store, folder, who="bob")
    assert store.count("goals") == 2


def test_a_folder_that_lacks_a_change_still_conflicts_with_it(store, folder, desk):
    """After a sync the folder remembers which records it has not seen, and does not overwrite them later."""
    money = msgspec.structs.replace(desk.budgets[0], title="Theirs")
    put_records(store, [money], who="eve", expected_versions={("budgets", "travel"): 1})
    edit(folder, with_goal("Baltic defence"))
    sync_folder(store, folder, who="bob")
    edit(folder, lambda old: msgspec.structs.replace(old, budgets=(msgspec.structs.replace(money, title="Ours"),)))
    with pytest.raises(StaleWriteError, match="was 'Travel', theirs 'Theirs', ours 'Ours'"):
        sync_folder(store, folder, who="bob")

    edit(folder, lambda old: msgspec.structs.replace(old, budgets=(money,)))
    assert sync_folder(store, folder, who="bob").notices == ()
    edit(folder, lambda old: msgspec.structs.replace(old, budgets=(msgspec.structs.replace(money, title="Ours"),)))
    assert sync_folder(store, folder, who="bob").changed == 1


def test_a_record_changed_on_both_sides_is_refused(store, folder, desk):
    """Neither side wins silently: the difference is shown and nothing is written."""
    put_records(store, [Goal(id="baltic", title="Theirs")], who="eve", expected_versions={("goals", "baltic"): 1})
    edit(folder, with_goal("Ours"))
    with pytest.raises(
        StaleWriteError, match="both changed title: was 'Baltic security', theirs 'Theirs', ours 'Ours'"
    ):
        sync_folder(store, folder, who="bob")

    assert store.head().seq == 10


def test_the_same_change_on_both_sides_is_no_conflict(store, folder):
    """Two who write the same agree."""
    put_records(store, [Goal(id="baltic", title="Same")], who="eve", expected_versions={("goals", "baltic"): 1})
    edit(folder, with_goal("Same"))

    assert sync_folder(store, folder, who="bob").first is None


def test_a_change_that_was_taken_back_is_no_conflict(store, folder):
    """A record that is again as the folder knew it may be changed."""
    for version, title in ((1, "Other"), (2, "Baltic security")):
        put_records(
            store, [Goal(id="baltic", title=title)], who="eve", expected_versions={("goals", "baltic"): version}
        )
    edit(folder, with_goal("Ours"))
    sync_folder(store, folder, who="bob")

    assert store.get("goals", "baltic").record.title == "Ours"


def test_a_record_removed_by_others_and_edited_here_is_refused(store, folder):
    """A removal and a change of one record are a conflict, either way round."""
    from legation.service import delete_records

    key = store.load().effects[0].key
    delete_records(store, {("effects", key): 1}, who="eve")

    def change(desk):
        return msgspec.structs.replace(desk, effects=(msgspec.structs.replace(desk.effects[0], likely=1.5),))

    edit(folder, change)
    with pytest.raises(StaleWriteError, match="is not there"):
        sync_folder(store, folder, who="bob")


def test_a_faulty_edit_changes_nothing(store, folder, desk):
    """A folder that breaks a rule is refused with its faults."""
    edit(folder, lambda old: msgspec.structs.replace(old, goals=()))
    with pytest.raises(DeskError):
        sync_folder(store, folder, who="bob")

    assert store.load() == desk


def test_edits_that_break_a_rule_only_together_are_refused(store, folder):
    """The result is checked, not only the folder: what others removed may be what the edit refers to."""
    put_records(
        store, [Goal(id="baltic", title="Baltic security"), Goal(id="arctic", title="Arctic")], who="eve",
        expected_versions={("goals", "baltic"): 1},
    )  # fmt: skip
    export_folder(store, folder, who="eve", overwrite=True)
    from legation.service import delete_records

    delete_records(store, {("goals", "arctic"): 1}, who="eve")
    edit(
        folder,
        lambda desk: msgspec.structs.replace(
            desk, objectives=(*desk.objectives, Objective(id="ice", title="Ice", kind="military", parent="arctic"))
        ),
    )
    with pytest.raises(DeskError, match="arctic"):
        sync_folder(store, folder, who="bob")

    assert store.count("objectives") == 1


def test_a_folder_without_a_base_is_not_guessed(store, folder):
    """Without the note of its base a folder could undo the work of others, so the number is asked for."""
    (folder / BASE_FILE).unlink()
    edit(folder, with_goal("Ours"))
    with pytest.raises(InputError, match="does not say which state"):
        sync_folder(store, folder, who="bob")
    with pytest.raises(InputError, match="no entry 99"):
        sync_folder(store, folder, who="bob", base=99)

    assert sync_folder(store, folder, who="bob", base=9).changed == 1


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"seq":"x"}', b"\x00" * 5000])
def test_a_damaged_base_is_refused(store, folder, content):
    """A note that cannot be read is named with its remedy."""
    (folder / BASE_FILE).write_bytes(content)

    with pytest.raises(FormatError, match="give base="):
        sync_folder(store, folder, who="bob")


def test_a_folder_of_another_store_is_refused(store, folder, new_place, desk):
    """The note names an entry by its hash, so that another store's history does not fit."""
    other = new_place()
    create_desk(other, desk, who="ann")
    with open_store(other) as wrong, pytest.raises(ConflictError, match="was not made from"):
        sync_folder(wrong, folder, who="bob")


def test_an_imported_folder_can_be_edited_and_synced(new_place, tmp_path, desk):
    """Import, edit, sync: the way of a desk that lives in git."""
    write_folder(desk, tmp_path / "in")
    place = new_place()
    import_folder(tmp_path / "in", place, who="ann")
    edit(tmp_path / "in", with_goal("Edited"))
    with open_store(place) as store:
        sync_folder(store, tmp_path / "in", who="ann")

        assert store.load().goals[0].title == "Edited"


def exact(desk):
    """Give every record as text: equal only when every digit is."""
    return [encode_record(record) for record in (desk.info, *(row for kind in KINDS for row in desk.records(kind)))]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
AMOUNT = st.decimals(min_value=0, max_value=10**6, places=2) | st.sampled_from([Decimal("1E+3"), Decimal("0.10")])


@st.composite
def edits(draw, desk: Desk) -> Desk:
    """Give desks that break no rule, with drawn texts, numbers, dates and goals."""
    goals = tuple(
        Goal(id=f"g{number}", title="x" + draw(TEXT), weight=draw(st.floats(0.125, 8)), description=draw(TEXT))
        for number in range(draw(st.integers(0, 4)))
    )
    money = msgspec.structs.replace
    return msgspec.structs.replace(
        desk,
        info=money(desk.info, title="t" + draw(TEXT), description=draw(TEXT)),
        goals=(*desk.goals, *goals),
        objectives=(
            *desk.objectives,
            *(Objective(id=f"o{goal.id}", title=goal.title, kind="diplomatic", parent=goal.id) for goal in goals),
        ),
        costs=tuple(money(cost, amount=draw(AMOUNT)) for cost in desk.costs),
        effects=tuple(
            money(effect, judged=draw(st.dates(date(2020, 1, 1), date(2026, 12, 31))), judge="j" + draw(TEXT))
            for effect in desk.effects
        ),
    ).in_key_order()


@pytest.mark.postgresql
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_conversion_loses_nothing(data, desk, new_sqlite, new_postgresql):
    """Folder to SQLite to PostgreSQL to SQLite to folder gives the same desk, the histories the same chain."""
    drawn = data.draw(edits(desk))
    with tempfile.TemporaryDirectory() as work:
        write_folder(drawn, Path(work) / "in")
        stores = [new_sqlite(), new_postgresql(), new_sqlite()]
        places = [str(Path(work) / "in"), *stores, str(Path(work) / "out")]
        for source, target in pairwise(places):
            convert(source, target, who="ann")
        heads = []
        for place in stores:
            with open_store(place) as store:
                heads.append(store.head())
                assert store.verify().is_intact

        assert exact(drawn) == exact(read_folder(Path(work) / "out").desk)
        assert heads[0] == heads[1] == heads[2]


def test_conversion_of_folders(tmp_path, desk):
    """A folder goes to a folder as well; unclear names and taken places are refused."""
    write_folder(desk, tmp_path / "in")
    convert(tmp_path / "in", tmp_path / "out", who="ann")

    assert read_folder(tmp_path / "out").desk == desk
    with pytest.raises(InputError, match="neither a folder nor a store"):
        convert(tmp_path / "in", tmp_path / "desk.xyz", who="ann")
    convert(tmp_path / "in", tmp_path / "desk.db", who="ann")
    with pytest.raises(InputError, match="already"):
        convert(tmp_path / "in", tmp_path / "desk.db", who="ann")
    with pytest.raises(ConflictError, match="exists already"):
        convert(tmp_path / "desk.db", tmp_path / "out", who="ann")
    with pytest.raises((InputError, FormatError)):
        convert(tmp_path / "none", tmp_path / "other.db", who="ann")


def test_a_store_whose_chain_is_broken_is_not_converted(tmp_path, desk):
    """Damage is not copied on."""
    import sqlite3

    create_desk(tmp_path / "desk.db", desk, who="ann")
    other = sqlite3.connect(tmp_path / "desk.db")
    other.execute("DELETE FROM record WHERE kind = 'goals'")
    other.commit()
    other.close()
    with pytest.raises(CorruptStoreError, match="does not check out"):
        convert(tmp_path / "desk.db", tmp_path / "copy.db", who="ann")

    assert not (tmp_path / "copy.db").exists()


def test_a_read_only_folder_is_imported_with_a_notice(tmp_path, desk, monkeypatch):
    """Where the base cannot be noted, the outcome says which number to give later."""
    write_folder(desk, tmp_path / "in")
    (tmp_path / "in" / BASE_FILE).mkdir()
    outcome = import_folder(tmp_path / "in", tmp_path / "desk.db", who="ann")

    assert "give base=9" in outcome.notices[0]
    with open_store(tmp_path / "desk.db") as store, pytest.raises(InputError, match="does not say"):
        sync_folder(store, tmp_path / "in", who="ann")
