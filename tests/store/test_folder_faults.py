"""A faulty desk folder gives every fault at once, each with file, line, rule and remedy."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.errors import DeskError, FormatError
from legation.store.folder.limits import MAX_FAULTS
from legation.store.folder.reading import check_folder, read_folder

DESK = """id = "d"
title = "D"
observer = "EST"
start = "2027-01"
months = 24
currency = "EUR"
price_year = 2027
"""


@pytest.fixture
def make_folder(tmp_path):
    """Return a function that makes a desk folder from texts or bytes by name."""

    def make(files):
        for name, content in {"desk.toml": DESK, **files}.items():
            path = tmp_path / "desk" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "desk"

    return make


@pytest.fixture
def only_fault(make_folder):
    """Return a function that gives the one fault of a desk folder with these files."""

    def find(files):
        faults = check_folder(make_folder(files))
        assert len(faults) == 1, [str(fault) for fault in faults]
        return faults[0]

    return find


def places(faults):
    """Give file, line and rule of each fault."""
    return {(fault.file, fault.line, fault.rule) for fault in faults}


def test_a_sound_folder_has_no_faults(make_folder):
    """A desk without records is sound."""
    assert check_folder(make_folder({})) == ()


def test_all_faults_of_all_files_come_at_once(make_folder):
    """Faults of form in TOML, CSV, names and cells are reported together, in the order of the files."""
    root = make_folder(
        {
            "goals.toml": '[[goals]]\nid = "A B"\ntitle = "T"\n\n[[goals]]\nid = "b"\nwieght = 1.0\n',
            "links.csv": "source,target,kind,strength,reason\na,b,suports,9,r\na,b,depends,x,r\n",
            "costs.csv": "mission,mode,budget,amount,currency\nm,x,b,1,EUR\n",
            "plans.toml": "[[plans]\n",
            "gaols.toml": "",
        }
    )

    faults = check_folder(root)

    assert places(faults) == {
        ("gaols.toml", None, "known-file"),
        ("goals.toml", 2, "field-value"),
        ("goals.toml", 5, "field-required"),
        ("goals.toml", 7, "field-known"),
        ("links.csv", 2, "field-value"),
        ("links.csv", 3, "field-value"),
        ("costs.csv", 1, "column-required"),
        ("plans.toml", 1, "toml-syntax"),
    }
    assert all(fault.message and fault.remedy for fault in faults)
    assert sum(fault.file == "links.csv" and fault.line == 2 for fault in faults) == 2


def test_an_error_carries_all_faults(make_folder):
    """Reading raises one error that carries every fault."""
    with pytest.raises(DeskError) as caught:
        read_folder(make_folder({"goals.csv": "id,title\nA,\nB,\n"}))

    assert len(caught.value.faults) == 4
    assert "and 3 more" in str(caught.value)


@pytest.mark.parametrize(
    ("row", "message", "remedy"),
    [
        ("a,b,suports,1,r", "kind is 'suports', but must be one of supports, hinders", "Write supports."),
        ("a,b,supports,4,r", "strength is '4', but must be a whole number, at least -3 and at most 3", "Write a whole"),
        ("a,b,supports,1e0,r", "strength is '1e0'", "Write a whole number"),
        ("A b,b,supports,1,r", "source is 'A b'", "Write 'a-b'."),
    ],
)
def test_messages_name_value_rule_and_remedy(row, message, remedy, only_fault):
    """A bad cell is quoted with the rule it breaks and what to write instead."""
    fault = only_fault({"links.csv": f"source,target,kind,strength,reason\n{row}\n"})

    assert message in fault.message
    assert remedy in fault.remedy
    assert fault.line == 2


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("Jan-27", "Write the month as YYYY-MM"),
        ("2027-13", "Write the month as YYYY-MM"),
    ],
)
def test_a_month_that_a_spreadsheet_rewrote_is_explained(cell, remedy, only_fault):
    """Spreadsheets turn 2027-01 into Jan-27; the remedy says how to keep them from it."""
    fault = only_fault({"windows.csv": f"mission,start,end\nm,{cell},2027-05\n"})

    assert remedy in fault.remedy


@pytest.mark.parametrize("amount", ["1.000,50", "1,5", "NaN", "inf", "1_000", "\uff11\uff12", "0x10", "1e999", "5 EUR"])
def test_amounts_are_exact_or_refused(amount, only_fault):
    """No grouping, no decimal comma, no special value is taken for an amount."""
    fault = only_fault({"costs.csv": f'mission,mode,budget,amount,currency,price_year\nm,x,b,"{amount}",EUR,2027\n'})

    assert fault.field == "amount"
    assert fault.rule == "field-value"


@pytest.mark.parametrize("cell", ["1", "0", "yes", "null", "truee"])
def test_truth_values_are_true_or_false(cell, only_fault):
    """A number or another word is no truth value, and `null` is not silently no value."""
    row = f"b,B,{cell}"

    assert only_fault({"budgets.csv": f"id,title,humanitarian\n{row}\n"}).field == "humanitarian"


def test_null_is_not_a_missing_number(only_fault):
    """The word null in a column of numbers is a fault, not an empty cell."""
    fault = only_fault(
        {"activities.csv": "id,title,kind,side,actor,start,latitude\na,A,basing,own,EST,2027-01-01,null\n"}
    )

    assert fault.field == "latitude"


def test_infinite_numbers_are_refused_in_toml(only_fault):
    """TOML can say inf and nan; a desk cannot."""
    fault = only_fault({"goals.toml": '[[goals]]\nid = "g"\ntitle = "G"\nweight = inf\n'})

    assert (fault.file, fault.line, fault.rule) == ("goals.toml", 4, "field-value")


def test_lines_are_found_past_multi_line_text_and_comments(only_fault):
    """Headers inside texts and comments do not shift the line of a fault."""
    text = (
        '# [[goals]]\n[[goals]]\nid = "a"\ndescription = """\n[[goals]]\nid = "no"\n"""\ntitle = "A"\n'
        '[[ goals ]] # second\nid = "b"\n'
        "title = 'T'\nweight = -1\n"
    )

    assert only_fault({"goals.toml": text}).line == 12


def test_lines_are_found_past_quoted_line_ends(only_fault):
    """A cell with line ends makes a row of several lines; the next row's fault has its own line."""
    fault = only_fault({"goals.csv": 'id,title,description\na,A,"one\ntwo\nthree"\nB,x,\n'})

    assert fault.line == 5


def test_rule_faults_get_the_place_of_their_record(make_folder):
    """What the desk's rules find is reported with the file and line the record stands in."""
    root = make_folder(
        {"goals.csv": "id,title\na,A\n", "missions/one.csv": MISSIONS + "m,M,no-such,bilateral,cooperation,LVA\n"}
    )

    faults = [fault for fault in check_folder(root) if fault.severity == "error"]

    assert ("missions/one.csv", 2) in {(fault.file, fault.line) for fault in faults}


def test_two_records_with_one_key_are_found_across_files(make_folder):
    """The fault points at the later of the two."""
    root = make_folder({"goals.csv": "id,title\na,A\n", "goals.toml": '\n[[goals]]\nid = "a"\ntitle = "A2"\n'})

    fault = next(fault for fault in check_folder(root) if fault.rule == "key-unique")

    assert (fault.file, fault.line) == ("goals.toml", 3)


def test_faults_of_the_description_have_lines(make_folder):
    """desk.toml's fields and settings are checked together."""
    root = make_folder(
        {"desk.toml": DESK.replace("24", "0") + 'colour = "red"\n[settings]\nspill_alpha = 2.0\nx = 1\n'}
    )

    assert {(fault.line, fault.field) for fault in check_folder(root)} == {
        (5, "months"), (8, "colour"), (10, "spill_alpha"), (11, "x"),
    }  # fmt: skip


def test_a_folder_without_description_says_how_to_get_one(tmp_path):
    """A folder that has no desk.toml is reported, with its other faults."""
    (tmp_path / "goals.csv").write_text("id,title\nA,x\n")

    assert {fault.rule for fault in check_folder(tmp_path)} == {"desk-file", "field-value"}


MISSIONS = "id,title,instrument,format,purpose,partners\n"


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"id,title\na,x\x00y\n", "no-nul", 2),
        (b"id,title\na,caf\xe9\n", "file-encoding", 2),
        (b"id,title\na,b,c\n", "column-count", 2),
        (b"id,title\n\n\na\n", "column-count", 4),
        (b"id,title,titel\na,b,c\n", "column-known", 1),
        (b"id,title,title\na,b,c\n", "column-once", 1),
        (b"id;title\na;b\n", "csv-delimiter", 1),
        (b'id,title\na,"open\n', "csv-syntax", 2),
        (b'id,title\na,"x"y\n', "csv-syntax", 2),
        (b"id,title\ra,x\r", "csv-syntax", 1),
        (b"", "csv-header", 1),
        (b"id\na\n", "column-required", 1),
        (b"id,title\na," + b"x" * 1_100_000 + b"\n", "line-length", 2),
        (b'id,title\na,"' + b"x\n" * 200_000 + b'"\n', "csv-syntax", 2),
        (b"id,title\na," + b"x" * 140_000 + b"\n", "csv-syntax", 2),
        (b'id,title\na,"\\""unclosed"\n', "field-value", 2),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_hostile_csv_is_named(content, rule, line, make_folder):
    """Broken and hostile CSV gives a fault with its line, whatever else follows from it."""
    faults = check_folder(make_folder({"goals.csv": content}))

    assert ("goals.csv", line, rule) in places(faults)
    assert read_folder(make_folder({"goals.csv": content}), faults="collect").desk is None


def test_byte_order_mark_and_crlf_are_accepted(make_folder):
    """What spreadsheet programs on Windows write is read as it is meant."""
    root = make_folder(
        {"goals.csv": b'\xef\xbb\xbfid,title\r\na,"one\r\ntwo"\r\n,\r\n', "desk.toml": b"\xef\xbb\xbf" + DESK.encode()}
    )

    assert [goal.title for goal in read_folder(root, rules=False).desk.goals] == ["one\ntwo"]


def test_an_endless_line_is_refused_without_reading_it(make_folder):
    """A hundred megabytes on one line are refused after the first."""
    path = make_folder({"goals.csv": "id,title\n"}) / "goals.csv"
    with path.open("ab") as file:
        file.truncate(110_000_000)  # a sparse file of NULs: 110 MB that take no room

    assert ("goals.csv", 2, "line-length") in places(check_folder(path.parent))


def test_a_file_that_is_too_large_is_refused_before_reading(make_folder):
    """A file above the limit is not opened for reading at all."""
    path = make_folder({"goals.csv": "id,title\n"}) / "goals.csv"
    with path.open("ab") as file:
        file.truncate(300_000_000)

    fault = check_folder(path.parent)[0]

    assert "300,000,000 bytes" in fault.message


def test_a_flood_of_faults_is_cut(make_folder):
    """A million bad rows give a thousand faults and one that says so."""
    faults = check_folder(make_folder({"goals.csv": "id,title\n" + "A,x\n" * (MAX_FAULTS + 500)}))

    assert len(faults) == MAX_FAULTS + 1
    assert faults[-1].rule == "too-many-faults"


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("id = \n", "toml-syntax", 1),
        ('[[goals]]\nid = """\nopen', "toml-syntax", 3),
        ('x = "a"\nx = "b"\n', "toml-syntax", 2),
        ("x = " + "[" * 100_000, "toml-syntax", None),
        ("x = " + "9" * 10_000, "toml-syntax", None),
        ('[[goals]]\ntitle = "T"\nid = ' + "[" * 300 + "]" * 300, "field-value", 3),
        ('[[goals]]\ntitle = "T"\nid.' + "a." * 150 + "a = " + "[\n" * 300 + "]" * 300, "field-value", 3),
        ("a." * 5_000 + "a = 1", "toml-syntax", 1),
        ("x = '" + "a" * 1_100_000 + "'", "line-length", 1),
        ('goals = "none"\n', "table-array", 1),
        ('[goals]\nid = "a"\n', "table-array", 1),
        ('\n[[missions]]\nid = "a"\n', "table-known", 2),
        ("goals = [1]\n", "table-array", 1),
        ('[[goals]]\nid = 5\ntitle = "T"\n', "field-value", 2),
        ('[[goals]]\nid = "a"\ntitle = 2027-01-01\n', "field-value", 3),
    ],
)
def test_hostile_toml_is_named(text, rule, line, make_folder):
    """Broken and hostile TOML gives a fault with its line where it has one."""
    assert ("goals.toml", line, rule) in places(check_folder(make_folder({"goals.toml": text})))


def test_toml_that_is_not_utf8_is_named(only_fault):
    """The line of the first bad byte is given."""
    fault = only_fault({"goals.toml": b"# ok\n# \xff\n"})

    assert (fault.rule, fault.line) == ("file-encoding", 2)


def test_links_and_pipes_are_refused(make_folder, tmp_path):
    """A symbolic link is not followed, and a pipe does not make the reader wait."""
    root = make_folder({})
    outside = tmp_path / "outside.csv"
    outside.write_text("id,title\na,A\n")
    (root / "goals.csv").symlink_to(outside)
    (root / "missions").symlink_to(tmp_path)
    os.mkfifo(root / "costs.csv")

    faults = check_folder(root)

    assert {(fault.file, fault.rule) for fault in faults} == {
        ("goals.csv", "no-links"), ("missions", "no-links"), ("costs.csv", "regular-file"),
    }  # fmt: skip


def test_unknown_names_are_refused_with_a_suggestion(make_folder):
    """Misspelt files, deep folders and names in capitals are named; notes, git and mappings are left alone."""
    root = make_folder(
        {
            "Missions.csv": "",
            "missons.csv": "",
            "other/goals.csv": "",
            "goals/deep/x.csv": "",
            "notes.txt": "",
            "README.md": "",
            "goals/README.md": "",
            ".gitignore": "",
            "mappings/a.toml": "",
        }
    )

    faults = {fault.file: fault for fault in check_folder(root)}

    assert set(faults) == {"Missions.csv", "missons.csv", "other", "goals/deep", "notes.txt"}
    assert faults["notes.txt"].severity == "warning"
    assert "missions.csv" in faults["Missions.csv"].remedy
    assert "missions.csv" in faults["missons.csv"].remedy


def test_names_that_differ_in_capitals_are_refused(make_folder):
    """Two files that another system would take for one are named."""
    root = make_folder({"goals/Baltic.csv": "id,title\n", "goals/baltic.csv": "id,title\n"})

    assert [fault.rule for fault in check_folder(root)] == ["distinct-names"]


def test_what_is_no_folder_is_refused(tmp_path):
    """A file and a missing path are errors of their own."""
    (tmp_path / "file").write_text("")

    with pytest.raises(FormatError, match="not a folder"):
        read_folder(tmp_path / "file")
    with pytest.raises(FormatError, match="cannot be read"):
        read_folder(tmp_path / "missing")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), name=st.sampled_from(["goals.csv", "goals.toml", "desk.toml"]))
def test_any_bytes_give_faults_or_a_desk(content, name, make_folder):
    """Whatever a file holds, reading ends with a desk or with faults that have a file, a rule and a remedy."""
    result = read_folder(make_folder({name: content}), faults="collect")

    assert result.desk is not None or result.faults
    assert all(fault.rule and fault.remedy for fault in result.faults)


csv_cells = st.text(st.sampled_from('aé"\\,;[]=\n\r\t0'), max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.tuples(csv_cells, csv_cells, csv_cells), max_size=5))
def test_any_cells_give_faults_or_records(cells, make_folder):
    """Rows of awkward cells are read, or refused with the line they begin on."""
    text = "id,title,weight\n" + "".join(",".join(row) + "\n" for row in cells)
    result = read_folder(make_folder({"goals.csv": text}), faults="collect", rules=False)

    lines = text.count("\n") + text.count("\r") + 1
    assert all(fault.line is not None and 1 <= fault.line <= lines for fault in result.faults)


def test_a_missing_field_of_the_description_points_at_its_first_line(only_fault):
    """What is not there has no line of its own."""
    fault = only_fault({"desk.toml": DESK.replace('title = "D"', "")})

    assert (fault.line, fault.rule, fault.field) == (1, "field-required", "title")


@pytest.mark.parametrize("extra", ["", "\n\n", '"b","two\nlines",2\n', ",,\n"])
def test_lines_are_the_same_however_a_file_is_read(extra, make_folder):
    """Plain files are read in one piece and others line by line; both give the same records and true lines."""
    text = f"id,title,weight\na,A,1\n{extra}BAD,C,3\n"

    fault = check_folder(make_folder({"goals.csv": text}))[0]

    assert (fault.field, fault.line) == ("id", text[: text.index("BAD")].count("\n") + 1)


def test_rule_faults_stand_beside_faults_of_form(make_folder):
    """A value that cannot be read does not hide what the rules find; what may only follow from it is left out."""
    files = {
        "goals.csv": "id,title\na,A\n",
        "objectives.csv": "id,title,kind,parent\no,O,military,a\nP,P,military,a\n",
        "links.csv": "source,target,kind,strength,reason\no,p,supports,-1,r\n",
    }

    found = {fault.rule for fault in check_folder(make_folder(files))}

    assert {"field-value", "link-sign"} <= found
    assert "reference-exists" not in found
