"""Workbooks and foreign tables come into a desk and go out, whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from legation import check_desk, convert_desk, read_desk
from legation.errors import ConflictError, DeskError, FormatError, InputError
from legation.service.tables import import_table_into

MAPPING = """
kind = "positions"
file = "staff*.csv"
ignore = ["Room"]

[columns]
"Post" = "id"
"Name of post" = "title"
"Grade" = "rank"
"""


@pytest.fixture
def staffed(small):
    """Give the tutorial's desk with a saved mapping, and a table that fits it."""
    (small / "mappings").mkdir()
    (small / "mappings" / "staff.toml").write_text(MAPPING)
    table = small.parent / "staff-2027.csv"
    table.write_text("Post,Name of post,Grade,Room\nnew-post,Liaison officer,OF-3,12\nother-post,Clerk,OR-5,13\n")
    return small, table


def test_import_adds_a_file_of_its_own(ask, staffed):
    """Imported records go into a new file; every other file keeps its bytes, comments included."""
    folder, table = staffed
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    answer = ask("desk", "import", table, folder, "--mapping", "staff", "--json")

    assert answer.code == 0, answer.out + answer.err
    told = json.loads(answer.out)
    assert {key: told[key] for key in ("kind", "records", "added", "written")} == {
        "kind": "positions",
        "records": 2,
        "added": 2,
        "written": "positions/staff-2027.csv",
    }
    assert {path: path.read_bytes() for path in before} == before
    assert {"new-post", "other-post"} <= {position.id for position in read_desk(folder).positions}
    assert check_desk(folder) == ()


def test_import_again_adds_nothing(ask, staffed):
    """Records that the desk holds already are left out; a later table adds only what is new."""
    folder, table = staffed
    assert ask("desk", "import", table, folder, "--mapping", "staff").code == 0
    again = ask("desk", "import", table, folder, "--mapping", "staff")
    table.write_text(table.read_text() + "third-post,Cook,OR-4,14\n")
    later = import_table_into(folder, table, mapping="staff")

    assert again.code == 0
    assert "nothing was written" in again.out
    assert (later.written, [one.key for one in later.added]) == ("positions/staff-2027-2.csv", ["third-post"])


def test_import_refuses_a_changed_record(staffed):
    """A record that the desk holds with other content is a conflict; the desk's own stays."""
    folder, table = staffed
    import_table_into(folder, table, mapping="staff")
    before = read_desk(folder)
    table.write_text(table.read_text().replace("Clerk", "Head clerk"))

    with pytest.raises(ConflictError, match="other-post"):
        import_table_into(folder, table, mapping="staff")
    assert read_desk(folder) == before


def test_import_of_faulty_rows_writes_nothing(ask, staffed):
    """One faulty row keeps everything out; all faults are told with their lines."""
    folder, table = staffed
    table.write_text(table.read_text() + "BAD ID,Cook,OR-4,14\nfine,Cook,OR-99,14\n")
    answer = ask("desk", "import", table, folder, "--mapping", "staff")

    assert answer.code == 2
    assert "staff-2027.csv:4: error" in answer.out
    assert "staff-2027.csv:5: error" in answer.out
    assert "nothing was written" in answer.out
    assert not (folder / "positions").exists()


def test_import_that_breaks_a_rule_writes_nothing(staffed):
    """Records that are sound alone and break a rule of the desk are refused with the rule."""
    folder, table = staffed
    (folder / "mappings" / "holders.toml").write_text(
        'kind = "holders"\n[columns]\nPost = "position"\nPerson = "person"\nFrom = "start"\n'
    )
    table.write_text("Post,Person,From\nno-such-post,no-such-person,2027-01-01\n")
    done = import_table_into(folder, table, mapping="holders")

    assert not done.is_sound
    assert done.written is None
    assert not (folder / "holders").exists()


@pytest.mark.parametrize(
    ("mapping", "kind"),
    [
        ("nothing", InputError),
        ("../staff", InputError),
        ("/etc/passwd", InputError),
        ("broken.toml", InputError),
        ("broken", DeskError),
    ],
)
def test_import_needs_a_sound_mapping(staffed, mapping, kind):
    """A mapping that is not there, leads out of the folder or is broken is refused."""
    folder, table = staffed
    (folder / "mappings" / "broken.toml").write_text("kind = [")

    with pytest.raises(kind):
        import_table_into(folder, table, mapping=mapping)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b'Post,"never closed\n'])
def test_import_of_what_is_no_table(ask, staffed, content):
    """What is no table is refused without a traceback."""
    folder, table = staffed
    table.write_bytes(content)
    answer = ask("desk", "import", table, folder, "--mapping", "staff")

    assert answer.code == 2
    assert not answer.has_traceback
    assert not (folder / "positions").exists()


def test_import_of_a_formula(staffed):
    """A formula in a foreign table is text, and written so that no spreadsheet runs it."""
    folder, table = staffed
    table.write_text('Post,Name of post,Grade,Room\nnew-post,"=HYPERLINK(""http://x"")",OF-3,12\n')
    done = import_table_into(folder, table, mapping="staff")

    assert done.written is None or not any(
        line.split(",", 1)[1].startswith("=") for line in (folder / done.written).read_text().splitlines()[1:]
    )


def test_two_imports_at_once(staffed):
    """Of several imports of one table at once, its records are there once and the desk stays sound."""
    folder, table = staffed
    command = [sys.executable, "-m", "legation", "desk", "import", str(table), str(folder), "--mapping", "staff"]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in started]

    assert 0 in [code for _, code in ended]
    assert {code for _, code in ended} <= {0, 5}
    assert not any(b"Traceback" in err for (_, err), _ in ended)
    assert [path.name for path in (folder / "positions").iterdir()] == ["staff-2027.csv"]
    assert check_desk(folder) == ()


def test_desk_goes_round_every_kind_of_place(small, tmp_path):
    """Folder, workbook, store and folder again hold the same desk."""
    convert_desk(small, tmp_path / "a.xlsx", who="tester")
    stored = convert_desk(tmp_path / "a.xlsx", tmp_path / "b.db", who="tester")
    convert_desk(tmp_path / "b.db", tmp_path / "c.xlsx", who="tester")
    convert_desk(tmp_path / "c.xlsx", tmp_path / "d", who="tester")
    wanted = read_desk(small).in_key_order()

    assert stored.head is not None
    assert all(read_desk(tmp_path / name).in_key_order() == wanted for name in ("a.xlsx", "b.db", "c.xlsx", "d"))


def test_workbook_of_a_store_tells_of_its_history(ask, small_store, tmp_path):
    """Whoever takes a store out to a workbook is told its label, and that the history stays behind."""
    answer = ask("desk", "convert", small_store, tmp_path / "out.xlsx")

    assert answer.code == 0
    assert "label not enforced" in answer.out
    assert "keeps no history" in answer.out


def test_workbook_is_no_folder_or_store_by_another_name(tmp_path, small):
    """A target of no known kind is refused, and a workbook is not read as a store."""
    with pytest.raises(InputError):
        convert_desk(small, tmp_path / "desk.pdf", who="tester")
    (tmp_path / "fake.xlsx").write_bytes(b"SQLite format 3\x00")
    with pytest.raises(FormatError):
        read_desk(tmp_path / "fake.xlsx")


def test_edits_of_a_folder_come_back_into_its_store(ask, small, tmp_path):
    """What was edited in a folder enters the store as one operation; nothing is entered twice."""
    store = tmp_path / "desk.db"
    assert ask("desk", "convert", small, store).code == 0
    goals = small / "goals.toml"
    goals.write_text(goals.read_text().replace('title = "', 'title = "Really: ', 1))
    first = json.loads(ask("desk", "sync", small, store, "--why", "after the talks", "--json").out)
    again = ask("desk", "sync", small, store)
    entries = json.loads(ask("desk", "history", store, "--kind", "goals", "--json").out)["entries"]

    assert (first["added"], first["changed"], first["removed"]) == (0, 1, 0)
    assert again.code == 0
    assert "nothing to change" in again.out
    assert entries[-1]["why"] == "after the talks"
    assert "Really: " in entries[-1]["difference"]


def test_edits_on_both_sides_are_a_conflict(ask, small, tmp_path):
    """A record that two folders of one store changed is refused with the difference, and nothing is entered."""
    store = tmp_path / "desk.db"
    assert ask("desk", "convert", small, store).code == 0
    assert ask("desk", "convert", store, tmp_path / "mine").code == 0
    assert ask("desk", "convert", store, tmp_path / "theirs").code == 0
    for name in ("mine", "theirs"):
        goals = tmp_path / name / "goals.toml"
        goals.write_text(goals.read_text().replace('title = "', f'title = "{name}: ', 1))
    assert ask("desk", "sync", tmp_path / "theirs", store).code == 0
    before = read_desk(store)
    answer = ask("desk", "sync", tmp_path / "mine", store)

    assert answer.code == 3
    assert "mine: " in answer.err
    assert "theirs: " in answer.err
    assert not answer.has_traceback
    assert read_desk(store) == before


def test_a_foreign_folder_is_not_synchronised(ask, small, tmp_path):
    """A folder that does not come from the store is refused."""
    store = tmp_path / "desk.db"
    assert ask("desk", "convert", small, store).code == 0
    assert ask("desk", "new", tmp_path / "other").code == 0
    answer = ask("desk", "sync", tmp_path / "other", store)

    assert answer.code in {2, 3}
    assert not answer.has_traceback
    assert read_desk(store).in_key_order() == read_desk(small).in_key_order()
