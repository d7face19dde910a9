"""Foreign tables come in through a saved mapping; nothing is guessed or left out silently."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.desk.desk import Desk, DeskInfo
from legation.desk.people import Position
from legation.errors import DeskError, FormatError, InputError
from legation.store.folder.importing import import_table
from legation.store.folder.mapping import Make, TableMapping, load_mapping

POSTS = TableMapping(
    kind="positions",
    file="posts*.csv",
    columns={"name": "title", "grade": "rank", "country": "station"},
    ignore=("note",),
    values={"rank": {"Lt Col": "OF-4", "Col": "OF-5"}},
    resolve={"station": "actor"},
    make={"id": Make(columns=("unit", "name"), separator="-", prefix="post-", slug=True)},
)
HEADER = "unit,name,grade,country,note\n"


@pytest.fixture
def table(tmp_path):
    """Return a function that saves a text as a file and gives its path."""

    def make(content, name="posts.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def test_rows_become_records(table):
    """Columns are mapped, values translated, actors resolved and identifiers made."""
    path = table(HEADER + "J2,Attaché Riga,Lt Col,Latvia,x\nJ5,Desk,Col,,y\n")

    result = import_table(path, POSTS)

    assert result.faults == ()
    assert result.records == (
        Position(id="post-j2-attache-riga", title="Attaché Riga", rank="OF-4", station="LVA"),
        Position(id="post-j5-desk", title="Desk", rank="OF-5"),
    )


def test_all_faults_come_at_once_with_their_lines(table):
    """An unmapped column, an unknown value, an unknown actor and a doubled key are reported together."""
    path = table(HEADER + "J2,A,Lt Col,Latvia,\nJ2,B,Major,,\nJ2,C,Col,Latvya,\nJ2,A,Col,,\n,,Col,,\n")

    result = import_table(path, POSTS)

    assert [(fault.line, fault.rule) for fault in result.faults] == [
        (3, "value-mapped"),
        (4, "actor-known"),
        (5, "key-unique"),
        (6, "field-required"),
        (6, "field-required"),
    ]
    assert all(fault.file == "posts.csv" and fault.remedy for fault in result.faults)


def test_every_column_is_used_or_ignored_by_name(table):
    """A column that the mapping does not name is a fault, and so is one that the table lacks."""
    result = import_table(table("unit,name,rank,country,extra\nJ2,A,Col,,\n"), POSTS)

    assert {(fault.rule, fault.line) for fault in result.faults} == {("column-mapped", 1), ("column-required", 1)}
    assert {fault.message for fault in result.faults} >= {"The table has no column 'grade', which the mapping uses."}
    assert result.records == ()


def test_a_file_of_another_name_is_a_warning(table):
    """A mapping used for a file it was not made for says so."""
    result = import_table(table(HEADER + "J2,A,Col,,\n", name="people.csv"), POSTS)

    assert [(fault.rule, fault.severity) for fault in result.faults] == [("file-pattern", "warning")]
    assert len(result.records) == 1


COSTS = TableMapping(
    kind="allotments",
    columns={"Betrag": "amount", "Von": "start", "Bis": "expires"},
    constants={"budget": "b", "currency": "EUR", "price_year": "2027"},
    delimiter=";",
    encoding="cp1252",
    date_format="%d.%m.%Y",
    decimal_comma=True,
    grouping=".",
)


def test_numbers_and_days_in_other_notations(table):
    """Decimal commas, grouping, other date notations and encodings come out exact; a month is taken from a day."""
    result = import_table(table("Betrag;Von;Bis\n1.234.567,50;31.01.2027;01.12.2028\n"), COSTS)

    assert result.faults == ()
    assert [(str(row.amount), row.start, row.expires) for row in result.records] == [
        ("1234567.50", "2027-01", "2028-12")
    ]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("1,2,3;01.01.2027;01.02.2027", "amount"),
        ("1;2027-01-01;01.02.2027", "start"),
        ("1;31.02.2027;01.02.2027", "start"),
    ],
)
def test_notations_that_the_mapping_does_not_announce_are_faults(row, field, table):
    """A number or day in another notation than the mapping's is refused, not guessed."""
    result = import_table(table(f"Betrag;Von;Bis\n{row}\n"), COSTS)

    assert [fault.field for fault in result.faults] == [field]


def test_foreign_text_stands_for_itself(table):
    """Backslashes and brackets are no notation in a foreign table, and formulas are text."""
    mapping = TableMapping(kind="goals", columns={"i": "id", "t": "title"})

    result = import_table(table("i,t\na,\\=A1\nb,[x]\nc,=1+1\n"), mapping)

    assert [goal.title for goal in result.records] == ["\\=A1", "[x]", "=1+1"]


def test_lists_defaults_and_filters(table):
    """Items are split and translated one by one, empty cells take defaults, other rows are left out."""
    mapping = TableMapping(
        kind="agreements",
        columns={"name": "title", "who": "parties", "sort": "kind"},
        make={"id": Make(columns=("name",), slug=True)},
        constants={"status": "signed"},
        defaults={"kind": "other"},
        values={"parties": {"Lettland": "LVA", "Bund": "", "*": "EST"}},
        only={"state": ("x", "y")},
        list_separator=" / ",
    )

    result = import_table(
        table("name,who,sort,state\nOne,Lettland / Bund / Estland,,x\nTwo,Lettland,treaty,z\n"), mapping
    )

    assert result.faults == ()
    assert [(row.parties, row.kind) for row in result.records] == [(("LVA", "EST"), "other")]


def test_records_the_desk_holds_otherwise_are_named(table):
    """With a desk, the keys whose content would change are listed; equal and new ones are not."""
    held = (
        Position(id="post-j2-a", title="Old", rank="OF-5"),
        Position(id="post-j2-b", title="B", rank="OF-5"),
    )
    info = DeskInfo(id="d", title="D", observer="EST", start="2027-01", months=24, currency="EUR", price_year=2027)

    result = import_table(
        table(HEADER + "J2,A,Col,,\nJ2,B,Col,,\nJ2,C,Col,,\n"), POSTS, desk=Desk(info=info, positions=held)
    )

    assert result.replaces == ("post-j2-a",)


def test_a_workbook_comes_in_through_the_same_mapping(tmp_path):
    """A sheet with a title above its header is read; typed days need no notation; formulas are faults."""
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Other")
    sheet = workbook.active
    sheet.append(["Money for the year"])
    sheet.append(["Betrag", "Von", "Bis"])
    sheet.append([1250.5, date(2027, 1, 1), "01.12.2028"])
    sheet.append(["=A3", date(2027, 1, 1), date(2027, 2, 1)])
    workbook.save(tmp_path / "money.xlsx")
    mapping = msgspec.structs.replace(COSTS, sheet="Sheet", header_row=2, decimal_comma=False, grouping="")

    result = import_table(tmp_path / "money.xlsx", mapping)

    assert [(row.amount, row.start, row.expires) for row in result.records] == [
        (Decimal("1250.5"), "2027-01", "2028-12")
    ]
    assert {(fault.rule, fault.line) for fault in result.faults} == {("no-formulas", 4), ("field-required", 4)}
    with pytest.raises(FormatError, match="2 sheets"):
        import_table(tmp_path / "money.xlsx", msgspec.structs.replace(mapping, sheet=None))


def test_a_file_of_another_type_is_refused(table):
    """What is no CSV or XLSX by its name is not opened."""
    with pytest.raises(FormatError, match="no CSV or XLSX"):
        import_table(table("", name="posts.xls"), POSTS)


FAULTY = """kind = "positions"
file = "../posts.csv"
date_format = "%d"
ignore = ["name"]

[columns]
name = "titel"
grade = "rank"

[constants]
rank = "OF-3"
"""


def test_a_faulty_mapping_gives_all_its_faults(table):
    """An unknown field, a missing one, a doubled one, a path and a useless date format are named with their lines."""
    with pytest.raises(DeskError) as caught:
        load_mapping(table(FAULTY, name="posts.toml"))

    assert {(fault.rule, fault.line) for fault in caught.value.faults} == {
        ("field-known", 7),
        ("field-required", 6),
        ("field-once", 11),
        ("column-once", 4),
        ("plain-file-name", 2),
        ("date-format", 3),
    }


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('kind = "posts"', "posts"),
        ("kind = ", "not TOML"),
        ('kind = "goals"\ncolour = 1', "colour"),
        ('kind = "goals"\nencoding = "utf-7"', "encoding"),
        ('kind = "goals"\n[make.id]\nfrom = []', "make"),
        ('kind = "goals"\ncolumns = 5', "columns"),
    ],
)
def test_mappings_of_the_wrong_form_are_refused(text, match, table):
    """What is no mapping is named with the value and the rule."""
    with pytest.raises(DeskError, match=match):
        load_mapping(table(text, name="m.toml"))


def test_a_mapping_made_in_python_is_checked_too(table):
    """A mapping that cannot be used is refused before the table is opened."""
    with pytest.raises(InputError, match="title"):
        import_table(table(""), TableMapping(kind="goals", columns={"a": "id"}))


def test_a_mapping_comes_back_from_its_file(table):
    """The notation of the guide gives the mapping."""
    text = """
kind = "positions"
file = "posts*.csv"
ignore = ["note"]
[columns]
name = "title"
grade = "rank"
country = "station"
[values.rank]
"Lt Col" = "OF-4"
Col = "OF-5"
[resolve]
station = "actor"
[make.id]
from = ["unit", "name"]
separator = "-"
prefix = "post-"
slug = true
"""

    assert load_mapping(table(text, name="posts.toml")) == POSTS


def test_a_real_personnel_table_comes_in(shared_peers, table):
    """The posts and people of a real advisor network come in, each column mapped or ignored by name."""
    posts = load_mapping(table(ANET_POSITIONS, name="positions.toml"))
    people = load_mapping(table(ANET_PEOPLE, name="people.toml"))

    positions = import_table(shared_peers("anet/positions.csv"), posts)
    persons = import_table(shared_peers("anet/people.csv"), people)

    assert positions.faults == persons.faults == ()
    assert len(positions.records) > 30
    assert len(persons.records) > 30
    assert all(person.clearance_until is None or person.clearance_until.year > 2000 for person in persons.records)


ANET_POSITIONS = """
kind = "positions"
file = "positions*.csv"
ignore = [
    "code", "createdAt", "updatedAt", "type", "currentPersonUuid", "locationUuid", "organizationUuid", "customFields",
    "role", "description", "superuserType",
]
[columns]
name = "title"
[constants]
rank = "OF-3"
[only]
status = ["0"]
[make.id]
from = ["uuid"]
prefix = "anet-"
slug = true
"""
ANET_PEOPLE = """
kind = "persons"
ignore = [
    "phoneNumber", "biography", "createdAt", "updatedAt", "pendingVerification", "obsoleteCountry", "gender", "code",
    "customFields", "user", "countryUuid",
]
date_format = "%Y-%m-%d %H:%M:%S.%f"
[columns]
rank = "rank"
endOfTourDate = "clearance_until"
[only]
status = ["0"]
[values.rank]
"*" = "OF-2"
[make.id]
from = ["uuid"]
slug = true
[make.name]
from = ["givenName", "familyName"]
"""


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_give_records_or_faults(content, table):
    """Whatever follows a sound header, the import ends with records and faults that have a line."""
    result = import_table(table(HEADER.encode() + content), POSTS)

    assert all(fault.remedy and fault.rule for fault in result.faults)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_give_a_mapping_or_faults(content, table):
    """Whatever a mapping's file holds, loading it ends with a mapping or with its faults."""
    path = table(b'kind = "goals"\n' + content, name="m.toml")
    faults = ()
    try:
        load_mapping(path)
    except DeskError as error:
        faults = error.faults

    assert faults  # a mapping of goals needs an id and a title, which so few bytes do not give
    assert all(fault.rule and fault.remedy for fault in faults)
