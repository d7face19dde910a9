"""Workbooks from outside are read as values or refused; desks go through workbooks without loss."""

from __future__ import annotations

import random
import re
import tempfile
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.desk.aims import Goal
from legation.desk.desk import Desk, DeskInfo, Settings
from legation.desk.missions import Cost
from legation.errors import DeskError, FormatError, StoreFullError
from legation.store.folder import atomic
from legation.store.folder.example import example_desk
from legation.store.folder.xlsx import MAX_COLUMNS, read_workbook
from legation.store.folder.xlsxdesk import desk_from_xlsx, desk_to_xlsx
from legation.store.folder.xlsxwrite import plan_to_xlsx

INFO = DeskInfo(id="d", title="D", observer="EST", start="2027-01", months=24, currency="EUR", price_year=2027)
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path):
    """Return a function that saves rows as a workbook, lets a function change it first, and gives its path."""

    def make(rows=(("id", "title"), ("a", "A")), change=None):
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(row)
        if change is not None:
            change(workbook)
        workbook.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return make


def rewrite(path, change):
    """Change the parts of an archive: `change` takes and gives a dictionary of bytes by name."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in change(parts).items():
            archive.writestr(name, data)
    return path


def in_sheet(old, new):
    """Give a change that replaces bytes in the first sheet."""

    def change(parts):
        assert re.search(old, parts[SHEET])
        return {**parts, SHEET: re.sub(old, lambda _: new, parts[SHEET], count=1)}

    return change


def faulty(path):
    """Say whether a workbook is refused or has problems; any exception but a format error gets through."""
    try:
        sheets, _ = read_workbook(path)
    except FormatError:
        return True
    return any(sheet.problems for sheet in sheets)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_desk_comes_back_from_its_workbook(data, any_desks):
    """Reading the workbook gives the desk in key order and no fault."""
    desk = data.draw(any_desks)
    with tempfile.TemporaryDirectory() as temporary:
        desk_to_xlsx(desk, Path(temporary) / "desk.xlsx")
        result = desk_from_xlsx(Path(temporary) / "desk.xlsx", rules=False)

    assert desk.in_key_order() == result.desk
    assert result.faults == ()


def test_a_sound_desk_comes_back_checked(tmp_path):
    """A desk of nearly every kind, with settings, passes through a workbook and its rules are checked."""
    info = msgspec.structs.replace(INFO, settings=Settings(risk_limit=2.5, value_breakpoints=((1.0, 1.0), (2.0, 0.5))))
    desk = example_desk(info)
    desk_to_xlsx(desk, tmp_path / "desk.xlsx")

    assert desk.in_key_order() == desk_from_xlsx(tmp_path / "desk.xlsx").desk


def test_text_in_a_desk_workbook_is_never_a_formula(tmp_path):
    """No cell of the file is stored as a formula, and months are text that a spreadsheet leaves alone."""
    desk = Desk(info=INFO, goals=tuple(Goal(id=f"g{n}", title=t) for n, t in enumerate(("=1+1", "+1", "@A", "-1"))))
    desk_to_xlsx(desk, tmp_path / "desk.xlsx")

    with zipfile.ZipFile(tmp_path / "desk.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    cell = openpyxl.load_workbook(tmp_path / "desk.xlsx")["desk"]["B5"]
    assert (cell.value, cell.number_format) == ("2027-01", "@")


def test_numbers_are_typed_where_a_workbook_keeps_them(tmp_path):
    """Whole numbers and short fractions can be summed in a spreadsheet; exact decimals are text."""
    goal = Goal(id="g", title="G", weight=0.1 + 0.2)
    cost = Cost(mission="m", mode="x", budget="b", amount=Decimal("1.10"), currency="EUR", price_year=2027)
    desk_to_xlsx(Desk(info=INFO, goals=(goal,), costs=(cost,)), tmp_path / "desk.xlsx")

    workbook = openpyxl.load_workbook(tmp_path / "desk.xlsx")
    assert workbook["goals"]["C2"].value == "0.30000000000000004"
    assert [cell.value for cell in workbook["costs"][2]] == ["m", "x", "b", "1.10", "EUR", 2027]


def test_edited_cells_are_read_as_people_mean_them(tmp_path):
    """Typed days, months typed as days, numbers, truth values and shortened rows are understood."""
    desk_to_xlsx(example_desk(INFO), tmp_path / "desk.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "desk.xlsx")
    sheet = workbook.create_sheet("bans")
    del workbook["bans"]
    sheet.title = "bans"
    sheet.append(["id", "reason", "start", "inherit", "source"])
    sheet.append([2027, "why", date(2027, 3, 1), False])
    workbook.save(tmp_path / "desk.xlsx")

    ban = desk_from_xlsx(tmp_path / "desk.xlsx").desk.bans[0]

    assert (ban.id, ban.start, ban.inherit, ban.source) == ("2027", date(2027, 3, 1), False, "")


def test_faults_name_sheet_and_row(tmp_path):
    """All faults of a workbook come at once, each with the sheet and the row."""
    desk_to_xlsx(Desk(info=INFO, goals=(Goal(id="g", title="G"),)), tmp_path / "desk.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "desk.xlsx")
    workbook["desk"]["B2"] = "No Id"
    workbook["goals"]["A2"] = "=1+1"
    workbook["goals"].append(["b", "B", "x"])
    workbook.create_sheet("missons")
    workbook.save(tmp_path / "desk.xlsx")

    with pytest.raises(DeskError) as caught:
        desk_from_xlsx(tmp_path / "desk.xlsx")

    assert {(fault.file, fault.line, fault.rule) for fault in caught.value.faults} == {
        ("desk.xlsx[missons]", 1, "known-sheet"),
        ("desk.xlsx[desk]", 2, "field-value"),
        ("desk.xlsx[goals]", 2, "no-formulas"),
        ("desk.xlsx[goals]", 2, "field-required"),
        ("desk.xlsx[goals]", 3, "column-count"),
    }


def test_a_workbook_without_a_description_is_named(book):
    """A workbook that has no sheet desk says what to add."""
    result = desk_from_xlsx(book(), faults="collect")

    assert {fault.rule for fault in result.faults} == {"known-sheet", "desk-file"}


@pytest.mark.parametrize("formula", ["=SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")'])
def test_formulas_are_refused_and_never_evaluated(formula, book):
    """A formula is a problem with its cell, whatever value the file claims for it."""
    sheets, _ = read_workbook(book([["id", "title"], ["a", formula]]))

    assert [(problem.rule, problem.line) for problem in sheets[0].problems] == [("no-formulas", 2)]
    assert "B2" in sheets[0].problems[0].message
    assert sheets[0].rows == [["a", ""]]


def test_error_values_are_refused(book):
    """A cell in error has no value to import."""
    sheets, _ = read_workbook(book([["id", "title"], ["a", "#N/A"]]))

    assert [problem.rule for problem in sheets[0].problems] == ["no-formulas"]


def test_merged_cells_are_refused_at_and_below_the_header(book):
    """A merged title above the table is harmless, a merged value is not."""

    def merge(workbook):
        workbook.active.merge_cells("A1:B1")
        workbook.active.merge_cells("A3:A4")

    path = book([["My table", None], ["id", "title"], ["a", "A"], [None, "B"]], merge)
    sheets, _ = read_workbook(path, header_row=2)

    assert [(problem.rule, problem.line) for problem in sheets[0].problems] == [("no-merged-cells", 4)]


def test_hidden_sheets_are_read_and_reported(book):
    """A hidden sheet's rows are there, with a warning."""

    def hide(workbook):
        workbook.create_sheet("other")
        workbook.worksheets[0].sheet_state = "veryHidden"

    sheets, _ = read_workbook(book(change=hide))

    assert [warning.rule for warning in sheets[0].warnings] == ["hidden-sheet"]
    assert sheets[0].rows == [["a", "A"]]


def test_an_unknown_sheet_is_named_with_those_there_are(book):
    """Asking for a sheet that is not there tells which are."""
    with pytest.raises(FormatError, match="'Sheet'"):
        read_workbook(book(), sheet="Shet")


def test_values_become_the_text_people_see(book):
    """Days, moments, numbers and truth values have one spelling."""
    moment = datetime(2027, 1, 2, 3, 4)  # noqa: DTZ001 - workbooks hold no time zones
    row = [date(2027, 1, 2), moment, 5.0, 0.1, True, None, "x"]
    sheets, _ = read_workbook(book([list("abcdefg"), row]))

    assert sheets[0].rows == [["2027-01-02", "2027-01-02 03:04:00", "5", "0.1", "true", "", "x"]]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(book):
    """A part that unpacks a thousandfold is refused by its sizes alone."""
    path = rewrite(book(), lambda parts: {**parts, "xl/media/x.xml": b"0" * 50_000_000})

    with pytest.raises(FormatError, match="which no workbook needs"):
        read_workbook(path)


def test_a_swarm_of_parts_is_refused(book):
    """Thousands of parts are refused."""
    path = rewrite(book(), lambda parts: {**parts, **{f"xl/media/{n}.bin": b"" for n in range(2_500)}})

    with pytest.raises(FormatError, match="2,5"):
        read_workbook(path)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl/../../evil.xml", "..\\evil.xml"])
def test_parts_with_names_that_lead_elsewhere_are_refused(name, book):
    """Path tricks in an archive are refused although nothing is unpacked to disk."""
    with pytest.raises(FormatError, match="part named"):
        read_workbook(rewrite(book(), lambda parts: {**parts, name: b"x"}))


@pytest.mark.parametrize("offset", [0, (1 << 20) - 4, (1 << 20) - 1])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/new.xml"])
def test_document_types_and_entities_are_refused(offset, part, book):
    """An entity bomb is found in every part, also across the seam of two pieces."""
    filler = random.Random(1).randbytes(offset).hex().encode()[:offset]  # does not shrink as a bomb would
    bomb = b'<?xml version="1.0"?><!--' + filler + b'--><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'

    with pytest.raises(FormatError, match="document type or an entity"):
        read_workbook(rewrite(book(), lambda parts: {**parts, part: bomb}))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-7"])
def test_other_encodings_cannot_hide_an_entity(encoding, book):
    """A part in another encoding is refused, since the search for entities would not see through it."""
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "ha">]><x/>'.encode(encoding)

    with pytest.raises(FormatError):
        read_workbook(rewrite(book(), lambda parts: {**parts, SHEET: bomb}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb'r="B2"', b'r="ZZZZZZ2"'),
        (rb'<row r="2"', b'<row r="x"'),
        (rb'<c r="A2".*?</c>', b'<c r="A2" t="s"><v>999</v></c>'),
        (rb'<c r="A2".*?</c>', b'<c r="A2" t="s"><v>-x</v></c>'),
        (rb'<c r="A2".*?</c>', b'<c r="A2" t="d"><v>never</v></c>'),
        (rb"</sheetData>", b"</sheetDat>"),
        (rb"<sheetData>", b"<sheetData><row/><row><c><f t='shared' si='0'/></c></row>"),
    ],
)
def test_broken_sheets_end_in_one_clear_error(old, new, book):
    """XML that breaks the reader's assumptions is a format error or a problem, never another exception."""
    path = rewrite(book(), in_sheet(old, new))

    assert faulty(path)


def test_a_row_far_away_does_not_fill_memory(book):
    """A row number beyond any workbook's is refused in a moment."""
    path = rewrite(book(), in_sheet(rb'<row r="2"', b'<row r="99999999999"'))

    sheets, _ = read_workbook(path)

    assert [problem.rule for problem in sheets[0].problems] == ["sheet-size"]


def test_a_declared_size_is_not_believed(book):
    """A sheet that claims to fill a million rows and sixteen thousand columns is read as far as it goes."""
    path = rewrite(book(), in_sheet(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"'))

    assert read_workbook(path)[0][0].rows == [["a", "A"]]


def test_too_many_columns_are_refused(book):
    """A row wider than the limit ends the reading of the sheet."""
    sheets, _ = read_workbook(book([["x"] * (MAX_COLUMNS + 1)]))

    assert "sheet-size" in {problem.rule for problem in sheets[0].problems}


def test_truncated_and_foreign_files_are_refused(book, tmp_path):
    """Half a workbook, no workbook and an old XLS file are named."""
    data = book().read_bytes()
    for number, content in enumerate((data[: len(data) // 2], b"id,title\n", b"\xd0\xcf\x11\xe0" + bytes(600), b"")):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)
        with pytest.raises(FormatError, match="not a readable XLSX"):
            read_workbook(path)


def test_a_missing_file_and_a_link_are_refused(book, tmp_path):
    """Only a regular file is opened."""
    (tmp_path / "link.xlsx").symlink_to(book())

    with pytest.raises(FormatError, match="cannot be opened"):
        read_workbook(tmp_path / "link.xlsx")
    with pytest.raises(FormatError, match="cannot be opened"):
        read_workbook(tmp_path / "missing.xlsx")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255), part=st.sampled_from([SHEET, None]))
def test_any_damaged_byte_ends_in_a_table_or_a_format_error(position, byte, part, book):
    """One changed byte, in the archive or inside a sheet, never ends in another exception."""
    path = book()

    def damage(data):
        at = int(position * len(data))
        return data[:at] + bytes([byte]) + data[at + 1 :]

    if part is None:
        path.write_bytes(damage(path.read_bytes()))
    else:
        rewrite(path, lambda parts: {**parts, part: damage(parts[part])})
    assert faulty(path) in {True, False}


def test_a_plan_goes_out_with_its_label_first(tmp_path):
    """The label notice stands above the title and the table, and text stays text."""
    rows = [
        {"mission": "=1+1", "start": "2027-03", "cost": Decimal("12.5"), "people": ("a", "b")},
        {"mission": "bad\x00", "value": float("inf"), "in": True},
    ]
    plan_to_xlsx(rows, tmp_path / "plan.xlsx", title="Plan", label_notice="RESTRICTED; label not enforced")

    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx").active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["RESTRICTED; label not enforced", None, None, None, None, None],
        ["Plan", None, None, None, None, None],
        [None, None, None, None, None, None],
        ["mission", "start", "cost", "people", "value", "in"],
        ["=1+1", "2027-03", 12.5, "a, b", None, None],
        ["bad\ufffd", None, None, None, "inf", True],
    ]
    assert sheet["A5"].data_type == "s"


def test_a_plan_without_a_label_notice_does_not_leave(tmp_path):
    """Whatever leaves a desk says which label it contains."""
    with pytest.raises(FormatError, match="label notice"):
        plan_to_xlsx([], tmp_path / "plan.xlsx", title="Plan", label_notice=" ")


def test_a_full_disk_keeps_the_old_workbook(tmp_path, monkeypatch):
    """When the disk fills, the file that was there is as it was."""
    path = tmp_path / "desk.xlsx"
    path.write_bytes(b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(StoreFullError):
        desk_to_xlsx(Desk(info=INFO), path)

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_too_long_for_a_cell_is_refused(tmp_path):
    """A workbook's cell holds 32,767 characters; more would be cut silently."""
    with pytest.raises(FormatError, match="32,767"):
        plan_to_xlsx([{"a": "x" * 40_000}], tmp_path / "plan.xlsx", title="Plan", label_notice="NONE")
