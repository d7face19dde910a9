"""A new desk folder is commented, complete and sound."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from legation.desk.desk import KINDS, DeskInfo, Settings
from legation.errors import ConflictError, DeskError, InputError
from legation.store import folder
from legation.store.folder.descriptions import describe
from legation.store.folder.example import example_desk
from legation.store.folder.new import new_folder
from legation.store.folder.reading import check_folder, read_folder
from legation.store.folder.reference import reference_page, schema_text
from legation.store.folder.schema import fields_of, schema

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
ALL = {"desk": DeskInfo, "settings": Settings, **KINDS}


@pytest.fixture
def root(tmp_path):
    """Give a new desk folder."""
    path = tmp_path / "desk"
    new_folder(path, observer="EST", title='Estonia\'s "desk"', start="2027-01", organisation="Ministry of Defence")
    return path


def test_a_new_folder_is_sound_and_has_a_file_for_every_kind(root):
    """It has no fault, not even a warning, and every kind has its file."""
    assert check_folder(root) == ()
    assert {path.stem for path in root.glob("*.toml")} | {path.stem for path in root.glob("*.csv")} == {"desk", *KINDS}
    assert read_folder(root).desk.info.title == 'Estonia\'s "desk"'


def test_every_field_is_explained_where_it_is_filled_in(root):
    """Each field of each kind is named in its TOML file's comments, or in the table of the notes beside the CSV."""
    notes = (root / "README.md").read_text()
    for kind, record in KINDS.items():
        path = root / f"{kind}.toml"
        text = path.read_text() if path.exists() else notes[notes.index(f"## {kind}.csv") :]
        for name in fields_of(record):
            assert re.search(rf"^(##   {name}: |\| {name} \| )", text, re.MULTILINE), (kind, name)


@pytest.mark.parametrize("observer", ["EST", "LVA", "JOR", "USA"])
def test_the_worked_example_is_a_sound_desk(observer, tmp_path):
    """With the comment signs removed and the rows of the notes filled in, the folder is the example desk, sound."""
    root = tmp_path / "desk"
    currency = "USD" if observer == "USA" else "EUR"
    new_folder(root, observer=observer, title="Desk", start="2030-05", months=12, currency=currency)
    for path in root.glob("*.toml"):
        if path.name != "desk.toml":
            path.write_text(re.sub(r"^# ", "", path.read_text(), flags=re.MULTILINE))
    notes = (root / "README.md").read_text()
    for kind, rows in re.findall(r"## (\w+)\.csv\n(?:(?!## ).*\n)*?```csv\n((?:[^`].*\n)*)```", notes):
        with (root / f"{kind}.csv").open("a") as file:
            file.write(rows)

    result = read_folder(root)

    assert result.desk == example_desk(result.desk.info).in_key_order()
    assert [fault for fault in result.faults if fault.severity == "error"] == []


def test_settings_in_comments_are_the_defaults(root):
    """With its comment signs removed, desk.toml says what holds anyway, apart from fields without a default."""
    text = re.sub(r"^# ", "", (root / "desk.toml").read_text(), flags=re.MULTILINE)
    (root / "desk.toml").write_text(re.sub(r"^(label|risk_limit) = .*$", "", text, flags=re.MULTILINE))

    assert read_folder(root).desk.info.settings == Settings()


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"observer": "XXX"}, "XXX"),
        ({"observer": "est"}, "observer"),
        ({"months": 0}, "months"),
        ({"start": "2027-13"}, "start"),
        ({"title": ""}, "title"),
        ({"currency": "euro"}, "currency"),
    ],
)
def test_a_faulty_description_makes_no_folder(values, match, tmp_path):
    """What describes no sound desk is refused by name, and nothing is made."""
    given = {"observer": "EST", "title": "Desk", "start": "2027-01", **values}

    with pytest.raises(DeskError, match=match) as caught:
        new_folder(tmp_path / "desk", **given)

    assert caught.value.faults
    assert list(tmp_path.iterdir()) == []


def test_a_start_that_is_no_month_is_refused(tmp_path):
    """Without a year there is no price year."""
    with pytest.raises(InputError, match="not a month"):
        new_folder(tmp_path / "desk", observer="EST", title="Desk", start="soon")


def test_a_taken_path_is_refused(root):
    """A new desk takes no other's place."""
    with pytest.raises(ConflictError):
        new_folder(root, observer="EST", title="Other", start="2027-01")


def test_every_field_has_a_description():
    """No kind has a field without a sentence of its own or a common one."""
    for kind, record in ALL.items():
        for name in fields_of(record):
            assert describe(kind, name).endswith(".")


def test_the_reference_is_current():
    """The committed page and schema are what the types give; scripts/make_desk_reference.py writes them."""
    assert (REFERENCE / "desk-folder.md").read_text(encoding="utf-8") == reference_page()
    assert (REFERENCE / "desk.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_schema_names_every_kind_and_refuses_others():
    """Every kind is a property, and each record forbids unknown fields."""
    made = schema()

    assert list(made["properties"]) == list(KINDS)
    assert made["additionalProperties"] is False
    assert all(part["additionalProperties"] is False for name, part in made["$defs"].items())
    assert made["$defs"]["Cost"]["properties"]["amount"]["type"] == ["number", "string"]


def test_csv_headers_are_rows_of_field_names(root):
    """A CSV file of a new desk is its header and nothing else."""
    rows = list(csv.reader(io.StringIO((root / "missions.csv").read_text())))

    assert rows == [list(fields_of(KINDS["missions"]))]


def test_the_package_gives_its_functions_when_asked():
    """Every public name is there, another is not, and naming the package loads no spreadsheet library."""
    assert all(callable(getattr(folder, name)) for name in folder.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = folder.nothing
    code = "import sys, legation.store.folder as f; f.read_folder; print('openpyxl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
