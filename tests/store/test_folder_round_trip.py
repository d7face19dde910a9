"""A desk folder gives back the desk that was written, byte for byte and value for value."""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from legation.desk.aims import Goal, Link
from legation.desk.context import Label
from legation.desk.desk import KINDS, Desk
from legation.desk.missions import Cost, Effect, Mission
from legation.errors import FormatError
from legation.store.folder.cells import decode, encode
from legation.store.folder.convert import convert_cells
from legation.store.folder.reading import read_folder
from legation.store.folder.render import render_csv
from legation.store.folder.schema import fields_of
from legation.store.folder.tomlfile import toml_value
from legation.store.folder.writing import write_folder

LENIENT = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
COST = fields_of(Cost)
TITLE = fields_of(Goal)["title"]
DESCRIPTION = fields_of(Goal)["description"]
CAVEATS = fields_of(Label)["caveats"]


@LENIENT
@given(data=st.data(), style=st.sampled_from(["csv", "toml", "mixed"]))
def test_any_desk_comes_back_from_its_folder(data, style, any_desks):
    """Reading what was written gives the desk in key order and no fault, and writing it again the same bytes."""
    desk = data.draw(any_desks)
    with tempfile.TemporaryDirectory() as temporary:
        first, second = Path(temporary) / "first", Path(temporary) / "second"
        write_folder(desk, first, style=style)
        result = read_folder(first, rules=False)
        write_folder(result.desk, second, style=style)

        assert desk.in_key_order() == result.desk
        assert result.faults == ()
        assert {file.name: file.read_bytes() for file in first.iterdir()} == {
            file.name: file.read_bytes() for file in second.iterdir()
        }


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
@example("")
@example("\\")
@example('\\"')
@example("=cmd|' /C calc'!A0")
@example("_x000D_")
def test_any_text_survives_its_cell(text):
    """A text's cell gives the text back, and begins with nothing a spreadsheet would take for a formula."""
    cell = encode(TITLE, text)

    assert text == decode(TITLE, cell)
    assert cell.lstrip(" ")[:1] not in set("=+-@\t\r\n")


@settings(max_examples=300)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=10), max_size=4).map(tuple))
@example(("",))
@example(("a;b", " c"))
@example(("=A1",))
def test_any_list_survives_its_cell(items):
    """A list's cell gives the list back, whatever its items hold."""
    cell = encode(CAVEATS, items)

    assert items == (decode(CAVEATS, cell) if cell else ())
    assert cell[:1] not in set("=+-@\t\r\n")


@settings(max_examples=300)
@given(st.text(max_size=60))
def test_a_cell_from_outside_never_breaks_the_reader(cell):
    """Any cell is a text, a list or a fault that says why; nothing else comes out of the reader."""
    for spec in (TITLE, CAVEATS):
        if not cell:
            continue
        with contextlib.suppress(ValueError):
            assert isinstance(decode(spec, cell), str | tuple)


def test_an_empty_cell_is_no_value_and_a_backslash_is_the_empty_text():
    """The empty text differs from no value only where the field has another default."""
    reason = fields_of(Link)["reason"]

    assert encode(DESCRIPTION, "") == ""
    assert encode(reason, "") == "\\"
    assert decode(reason, "\\") == ""


def test_csv_keeps_decimals_digit_by_digit():
    """Money comes back with the digits it was written with, trailing zeros and exponents included."""
    amounts = ["0.10", "1E+3", "100", "-0", "1.50E-7", "12345678901234567890.12"]
    rows = [["m", f"b{n}", "x", amount, "EUR", "2027"] for n, amount in enumerate(amounts)]
    names = ["mission", "mode", "budget", "amount", "currency", "price_year"]

    converted = convert_cells(Cost, names, rows=rows, file=None, place=lambda number, _field: number)

    assert amounts == [str(record.amount) for record in converted.records]


def test_words_that_look_like_other_types_stay_text(small_desk, tmp_path):
    """`true`, `null`, `1e3`, `007` and dates in a text field are texts when they come back."""
    titles = ["true", "null", "1e3", "007", "2027-01-31", "NaN", "-5"]
    goals = tuple(Goal(id=f"g{n}", title=title) for n, title in enumerate(titles))
    write_folder(msgspec.structs.replace(small_desk, goals=goals), tmp_path / "desk", style="csv")

    read = read_folder(tmp_path / "desk", rules=False)

    assert titles == [goal.title for goal in read.desk.goals]


def test_formula_like_text_is_guarded_in_csv():
    """A spreadsheet that opens the file sees no cell that begins like a formula, except numbers."""
    goals = [Goal(id=f"g{n}", title=text) for n, text in enumerate(("=1+1", "+A1", "-A1", "@A1", "\t=A1", " =A1"))]

    rows = list(csv.reader(io.StringIO(render_csv("goals", goals).decode(), newline="")))

    assert all(row[1].startswith("\\") for row in rows[1:])


def test_mixed_style_moves_long_kinds_to_csv(small_desk, tmp_path):
    """A kind with more records than people edit table by table is kept in CSV."""
    goals = tuple(Goal(id=f"g{n:04d}", title="Goal") for n in range(501))

    names = write_folder(msgspec.structs.replace(small_desk, goals=goals), tmp_path / "desk")

    assert "goals.csv" in names
    assert "goals.toml" not in names


def test_a_kind_may_lie_in_toml_csv_and_a_folder_at_once(make_folder):
    """The records of all files of a kind make one collection."""
    root = make_folder(
        {
            "goals.toml": '[[goals]]\nid = "a"\ntitle = "A"\n',
            "goals.csv": "id,title\nb,B\n",
            "goals/more.csv": "id,title\nc,C\n",
            "goals/last.toml": '[[goals]]\nid = "d"\ntitle = "D"\n',
        }
    )

    assert [goal.id for goal in read_folder(root, rules=False).desk.goals] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("record", "value"),
    [
        (Cost(mission="m", mode="x", budget="b", amount=Decimal("NaN"), currency="EUR", price_year=2027), "NaN"),
        (
            Cost(mission="m", mode="x", budget="b", amount=Decimal("1E+999"), currency="EUR", price_year=2027),
            r"1E\+999",
        ),
        (Goal(id="g", title="G", weight=float("inf")), "inf"),
        (Goal(id="g", title="lone \ud800"), "surrogate"),
        (
            Effect(
                low=0.0,
                likely=float("nan"),
                high=1.0,
                judge="J",
                judged=date(2027, 1, 1),
                basis="study",
                mission="m",
                objective="o",
            ),
            "nan",
        ),
    ],
)
@pytest.mark.parametrize("style", ["csv", "toml"])
def test_what_no_file_keeps_is_refused_before_anything_is_written(record, value, style, small_desk, tmp_path):
    """Infinite numbers, giant exponents and lone surrogates are named, and no folder is left behind."""
    desk = msgspec.structs.replace(small_desk, **{record.KIND: (record,)})

    with pytest.raises(FormatError, match=value):
        write_folder(desk, tmp_path / "desk", style=style)

    assert list(tmp_path.iterdir()) == []


def test_a_list_too_long_for_a_cell_is_refused(small_desk, tmp_path):
    """A cell has a limit, and the error names the field."""
    mission = Mission(
        id="m", title="M", instrument="visit", format="multilateral", purpose="cooperation", partners=("EST",) * 40_000
    )

    with pytest.raises(FormatError, match="partners"):
        write_folder(msgspec.structs.replace(small_desk, missions=(mission,)), tmp_path / "desk")


def test_toml_values_have_one_spelling():
    """Each type has its own notation, and control characters are escaped."""
    assert toml_value((True, "a", 1.5, Decimal("1.50"), date(2027, 1, 2))) == '[true, "a", 1.5, 1.50, 2027-01-02]'
    assert toml_value("a\x00\x7f") == '"a\\u0000\\u007f"'
    assert toml_value("a\nb") == '"""\na\nb"""'


def test_desks_of_every_kind_come_back(tmp_path):
    """A desk that uses nearly every kind, as the starter's example does, comes back in all styles."""
    from legation.desk.desk import DeskInfo
    from legation.store.folder.example import example_desk

    info = DeskInfo(id="d", title="D", observer="EST", start="2027-01", months=24, currency="EUR", price_year=2027)
    desk = example_desk(info)
    assert {kind for kind in KINDS if not desk.records(kind)} == {"persons", "holders"}

    for style in ("csv", "toml", "mixed"):
        write_folder(desk, tmp_path / style, style=style)
        assert desk.in_key_order() == read_folder(tmp_path / style).desk


@pytest.fixture
def small_desk():
    """Give a desk without records."""
    from legation.desk.desk import DeskInfo

    return Desk(
        info=DeskInfo(id="d", title="D", observer="EST", start="2027-01", months=24, currency="EUR", price_year=2027)
    )


@pytest.fixture
def make_folder(tmp_path):
    """Return a function that makes a desk folder from texts or bytes by name."""

    def make(files):
        files = {"desk.toml": DESK, **files}
        for name, content in files.items():
            path = tmp_path / "desk" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "desk"

    return make


DESK = """id = "d"
title = "D"
observer = "EST"
start = "2027-01"
months = 24
currency = "EUR"
price_year = 2027
"""
